//! Who asks: the bearer of a token, as an argument of a handler.

use axum::extract::FromRequestParts;
use axum::http::header;
use axum::http::request::Parts;
use sync::wire::Role;

use crate::app::App;
use crate::error::{Error, TokenError};
use crate::store::{Invite, Token};

/// The bearer of a token that may read.
#[derive(Clone, Debug)]
pub struct Reader(pub Invite);

/// The bearer of a token that may publish too.
#[derive(Clone, Debug)]
pub struct Contributor(pub Invite);

impl FromRequestParts<App> for Reader {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let value = parts.headers.get(header::AUTHORIZATION).ok_or(TokenError::Missing)?;
        // The scheme is written in any case (RFC 9110).
        let (scheme, text) =
            value.to_str().ok().and_then(|value| value.trim().split_once(' ')).ok_or(TokenError::Missing)?;
        if !scheme.eq_ignore_ascii_case("bearer") {
            return Err(TokenError::Missing.into());
        }
        let token = Token::read(text.trim()).ok_or(TokenError::Unknown)?;
        let invite = app.store.authenticate(&token).await?;
        app.limits.check_token(invite.invite_id)?;
        Ok(Self(invite))
    }
}

impl FromRequestParts<App> for Contributor {
    type Rejection = Error;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Error> {
        let Reader(invite) = Reader::from_request_parts(parts, app).await?;
        match invite.role {
            Role::Contributor => Ok(Self(invite)),
            Role::Reader => Err(Error::Forbidden),
        }
    }
}
