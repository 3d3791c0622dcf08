//! Invites: a token is shown once, when it is made; the store keeps its hash.

use jiff::civil::Date;
use sha2::{Digest as _, Sha256};
use sqlx::Row as _;
use sqlx::sqlite::SqliteRow;
use subtle::ConstantTimeEq as _;
use sync::wire::Role;

use super::Store;
use crate::clock;
use crate::error::{Error, TokenError};

/// What an invite is made of.
#[derive(Clone, Debug)]
pub struct NewInvite {
    /// What it allows.
    pub role: Role,
    /// For whom.
    pub name: String,
    /// Where.
    pub site: String,
    /// Its last day; `None`: no end.
    pub expires_on: Option<Date>,
}

/// An invite as it is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Invite {
    /// Its number, which is part of the token and no secret.
    pub invite_id: i64,
    /// What it allows.
    pub role: Role,
    /// For whom.
    pub name: String,
    /// Where.
    pub site: String,
    /// The day it was made.
    pub created_on: String,
    /// Its last day.
    pub expires_on: Option<Date>,
    /// The day it was taken back.
    pub revoked_on: Option<String>,
}

/// A token in clear: `rounds_<number>_<256 random bits in hex>`.
pub struct Token {
    invite_id: i64,
    secret: String,
}

impl Token {
    fn random(invite_id: i64, secret: &[u8; 32]) -> Self {
        Self { invite_id, secret: hex::encode(secret) }
    }

    /// Reads a token; `None` where it cannot be one.
    #[must_use]
    pub fn read(text: &str) -> Option<Self> {
        let (invite_id, secret) = text.strip_prefix("rounds_")?.split_once('_')?;
        let is_secret = secret.len() == 64 && secret.bytes().all(|b| b.is_ascii_hexdigit());
        let invite_id = invite_id.parse().ok()?;
        is_secret.then(|| Self { invite_id, secret: secret.to_ascii_lowercase() })
    }

    /// The text to hand over. There is no other way to see a token, so that none slips into a log.
    #[must_use]
    pub fn reveal(&self) -> String {
        format!("rounds_{}_{}", self.invite_id, self.secret)
    }

    fn hash(&self) -> [u8; 32] {
        Sha256::digest(self.secret.as_bytes()).into()
    }
}

impl Store {
    /// Makes an invite; the token is shown to whoever asked and kept nowhere.
    ///
    /// # Errors
    /// No random numbers, or the store does not answer.
    pub async fn create_invite(&self, invite: &NewInvite) -> anyhow::Result<Token> {
        let mut secret = [0_u8; 32];
        getrandom::fill(&mut secret)?;
        let hash = Token::random(0, &secret).hash();
        let invite_id = sqlx::query_scalar(
            "INSERT INTO invite (token_hash, role, name, site, created_on, expires_on)
             VALUES (?, ?, ?, ?, ?, ?) RETURNING invite_id",
        )
        .bind(hash.as_slice())
        .bind(role_to_text(invite.role))
        .bind(&invite.name)
        .bind(&invite.site)
        .bind(clock::today().to_string())
        .bind(invite.expires_on.map(|day| day.to_string()))
        .fetch_one(&self.writes)
        .await?;
        Ok(Token::random(invite_id, &secret))
    }

    /// The invite that a token opens, today.
    ///
    /// The number in the token finds the row; the secret is compared in constant time, also where there is no row.
    ///
    /// # Errors
    /// [`Error::Unauthorized`], or the store does not answer.
    pub async fn authenticate(&self, token: &Token) -> Result<Invite, Error> {
        let row = sqlx::query(
            "SELECT invite_id, role, name, site, created_on, expires_on, revoked_on, token_hash FROM invite
             WHERE invite_id = ?",
        )
        .bind(token.invite_id)
        .fetch_optional(&self.reads)
        .await?;
        let known_hash: Vec<u8> = row.as_ref().map_or(Ok(vec![0; 32]), |row| row.try_get("token_hash"))?;
        let is_same = bool::from(known_hash.as_slice().ct_eq(token.hash().as_slice()));
        let invite = match row {
            Some(row) if is_same => read_invite(&row)?,
            _ => return Err(TokenError::Unknown.into()),
        };
        if invite.revoked_on.is_some() {
            return Err(TokenError::Revoked.into());
        }
        match invite.expires_on {
            Some(expires_on) if clock::today() > expires_on => Err(TokenError::Expired { expires_on }.into()),
            _ => Ok(invite),
        }
    }

    /// Takes an invite back; says whether there was one to take back.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn revoke_invite(&self, invite_id: i64) -> sqlx::Result<bool> {
        let done = sqlx::query("UPDATE invite SET revoked_on = ? WHERE invite_id = ? AND revoked_on IS NULL")
            .bind(clock::today().to_string())
            .bind(invite_id)
            .execute(&self.writes)
            .await?;
        Ok(done.rows_affected() == 1)
    }

    /// All invites, oldest first.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn invites(&self) -> sqlx::Result<Vec<Invite>> {
        let rows = sqlx::query(
            "SELECT invite_id, role, name, site, created_on, expires_on, revoked_on FROM invite ORDER BY invite_id",
        )
        .fetch_all(&self.reads)
        .await?;
        rows.iter().map(read_invite).collect()
    }
}

fn read_invite(row: &SqliteRow) -> sqlx::Result<Invite> {
    let role: String = row.try_get("role")?;
    let expires_on: Option<String> = row.try_get("expires_on")?;
    Ok(Invite {
        invite_id: row.try_get("invite_id")?,
        role: if role == role_to_text(Role::Contributor) { Role::Contributor } else { Role::Reader },
        name: row.try_get("name")?,
        site: row.try_get("site")?,
        created_on: row.try_get("created_on")?,
        expires_on: match expires_on {
            Some(day) => Some(day.parse().map_err(|error: jiff::Error| sqlx::Error::Decode(error.into()))?),
            None => None,
        },
        revoked_on: row.try_get("revoked_on")?,
    })
}

/// The role's name, in the store and on the command line.
pub(crate) fn role_to_text(role: Role) -> &'static str {
    match role {
        Role::Reader => "reader",
        Role::Contributor => "contributor",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back() {
        let token = Token::random(12, &[0xab; 32]);
        let again = Token::read(&token.reveal()).unwrap();
        assert_eq!((again.invite_id, again.hash()), (12, token.hash()));
        assert_eq!(token.reveal(), format!("rounds_12_{}", "ab".repeat(32)));
    }

    #[test]
    fn what_cannot_be_a_token_is_not_looked_up() {
        let secret = "ab".repeat(32);
        for text in ["", "rounds_", "rounds_1_", "rounds_1_ab", &format!("rounds_x_{secret}"), &secret] {
            assert!(Token::read(text).is_none(), "{text}");
        }
        assert!(Token::read(&format!("rounds_1_{secret}z")).is_none());
        assert!(Token::read(&format!("rounds_1_{}", "zz".repeat(32))).is_none());
    }
}
