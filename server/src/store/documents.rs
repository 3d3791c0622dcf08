//! The documents and the changes feed.

use model::canonical::{ContentId, content_id_of_bytes};
use model::document::SignedDocument;
use sqlx::SqliteConnection;
use sync::wire::{Change, ChangesPage, DocumentKind};

use super::Store;
use crate::clock;

/// How the kind of a finding is written in the table.
const FINDING: &str = "finding";

impl Store {
    /// A page of the changes feed: at most `limit` entries after `since`.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn changes(&self, since: u64, limit: usize) -> sqlx::Result<ChangesPage> {
        // A cursor beyond what SQLite can count to is beyond every feed.
        let after = i64::try_from(since).unwrap_or(i64::MAX);
        let wanted = i64::try_from(limit).unwrap_or(i64::MAX);
        // One transaction: both questions see the same state.
        let mut tx = self.reads.begin().await?;
        let since_digest: Option<String> = sqlx::query_scalar("SELECT feed_digest FROM document WHERE seq = ?")
            .bind(after)
            .fetch_optional(&mut *tx)
            .await?;
        let mut rows: Vec<(i64, String, String, String, String)> = sqlx::query_as(
            "SELECT seq, id, kind, received_on, feed_digest FROM document WHERE seq > ? ORDER BY seq LIMIT ?",
        )
        .bind(after)
        .bind(wanted.saturating_add(1))
        .fetch_all(&mut *tx)
        .await?;
        tx.commit().await?;
        let more = rows.len() > limit;
        rows.truncate(limit);
        let last_digest = rows.last().map(|row| row.4.clone()).or_else(|| since_digest.clone());
        let changes: Vec<Change> = rows
            .into_iter()
            .map(|(seq, id, kind, received_on, _)| Change {
                seq: seq.unsigned_abs(),
                id: ContentId(id),
                kind: if kind == FINDING { DocumentKind::Finding } else { DocumentKind::Other },
                received_on: Some(received_on),
            })
            .collect();
        let last_seq = changes.last().map_or(since, |change| change.seq);
        Ok(ChangesPage { store_id: self.store_id.clone(), since, since_digest, changes, last_seq, last_digest, more })
    }

    /// A document.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn document(&self, id: &ContentId) -> sqlx::Result<Option<SignedDocument>> {
        let row: Option<(String, String, String, String)> =
            sqlx::query_as("SELECT id, body, public_key, signature FROM document WHERE id = ?")
                .bind(&id.0)
                .fetch_optional(&self.reads)
                .await?;
        Ok(row.map(|(id, body, public_key, signature)| SignedDocument {
            id: ContentId(id),
            body,
            public_key,
            signature,
        }))
    }

    /// Stores documents that the gate let in, all or none, in one step of the feed each. Says of each whether it is
    /// new.
    ///
    /// # Errors
    /// The store does not answer; nothing was stored.
    pub async fn insert(&self, documents: &[SignedDocument], invite_id: i64) -> sqlx::Result<Vec<bool>> {
        // IMMEDIATE: the digest before must not change between reading and writing, even if another process writes.
        let mut tx = self.writes.begin_with("BEGIN IMMEDIATE").await?;
        let today = clock::today().to_string();
        let mut are_new = Vec::with_capacity(documents.len());
        for document in documents {
            are_new.push(insert_one(&mut tx, document, invite_id, &today).await?);
        }
        tx.commit().await?;
        Ok(are_new)
    }

    /// How many documents there are.
    ///
    /// # Errors
    /// The store does not answer.
    pub async fn n_documents(&self) -> sqlx::Result<i64> {
        sqlx::query_scalar("SELECT count(*) FROM document").fetch_one(&self.reads).await
    }
}

async fn insert_one(
    connection: &mut SqliteConnection,
    document: &SignedDocument,
    invite_id: i64,
    today: &str,
) -> sqlx::Result<bool> {
    let before: Option<String> = sqlx::query_scalar("SELECT feed_digest FROM document ORDER BY seq DESC LIMIT 1")
        .fetch_optional(&mut *connection)
        .await?;
    let done = sqlx::query(
        "INSERT INTO document (id, kind, body, public_key, signature, feed_digest, received_on, invite_id)
         VALUES (?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (id) DO NOTHING",
    )
    .bind(&document.id.0)
    .bind(FINDING)
    .bind(&document.body)
    .bind(&document.public_key)
    .bind(&document.signature)
    .bind(feed_digest(before.as_deref(), &document.id))
    .bind(today)
    .bind(invite_id)
    .execute(&mut *connection)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Digest of the feed up to and with `id`, given the one before it. Two feeds with the same digest listed the same
/// documents in the same order.
fn feed_digest(before: Option<&str>, id: &ContentId) -> String {
    content_id_of_bytes(format!("{}\n{id}", before.unwrap_or_default()).as_bytes()).0
}
