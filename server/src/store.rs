//! What is kept: one SQLite file with the documents, the feed they make, and the invites.
//!
//! Writing goes through one connection, so that the feed has one order and its digest one chain; reading goes through
//! others and sees a whole state of the feed each time (write-ahead log).

mod documents;
mod invites;
mod migrations;

use std::path::{Path, PathBuf};
use std::time::Duration;

use anyhow::Context as _;
use sqlx::SqlitePool;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};

pub(crate) use invites::role_to_text;
pub use invites::{Invite, NewInvite, Token};

use crate::clock;

const N_READERS: u32 = 4;

/// The store.
#[derive(Clone, Debug)]
pub struct Store {
    reads: SqlitePool,
    writes: SqlitePool,
    store_id: String,
}

impl Store {
    /// The file inside a data folder.
    #[must_use]
    pub fn file(data: &Path) -> PathBuf {
        data.join("rounds.sqlite")
    }

    /// Opens the store that is in a data folder.
    ///
    /// # Errors
    /// There is none, or [`Self::open`] fails.
    pub async fn open_existing(data: &Path) -> anyhow::Result<Self> {
        let file = Self::file(data);
        anyhow::ensure!(file.is_file(), "there is no store at {}: name its folder with --data", file.display());
        Self::open(data).await
    }

    /// Opens the store in a data folder, makes what is missing and brings an older one up to date.
    ///
    /// # Errors
    /// The folder cannot be made, the file not be opened, or a newer server wrote it.
    pub async fn open(data: &Path) -> anyhow::Result<Self> {
        make_folder(data).with_context(|| format!("cannot make the data folder {}", data.display()))?;
        let file = Self::file(data);
        make_private(&file).with_context(|| format!("cannot make the store {}", file.display()))?;
        let options = SqliteConnectOptions::new()
            .filename(&file)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // What was acknowledged survives a power cut; there are few writes.
            .synchronous(SqliteSynchronous::Full)
            .foreign_keys(true)
            .busy_timeout(Duration::from_secs(5));
        let cannot_open = || format!("cannot open the store {}: is the folder writable?", file.display());
        let writes = SqlitePoolOptions::new()
            .max_connections(1)
            .connect_with(options.clone())
            .await
            .with_context(cannot_open)?;
        migrations::run(&writes).await.with_context(|| {
            format!("cannot bring the store {} up to date: was it written by a newer rounds-server?", file.display())
        })?;
        let reads = SqlitePoolOptions::new()
            .max_connections(N_READERS)
            .connect_with(options.read_only(true).create_if_missing(false))
            .await
            .with_context(cannot_open)?;
        let store_id = store_id(&writes).await?;
        Ok(Self { reads, writes, store_id })
    }

    /// Names this store.
    #[must_use]
    pub fn store_id(&self) -> &str {
        &self.store_id
    }

    /// Whether it answers.
    ///
    /// # Errors
    /// It does not.
    pub async fn ping(&self) -> sqlx::Result<()> {
        sqlx::query("SELECT 1 FROM store").fetch_one(&self.reads).await.map(drop)
    }

    /// Writes everything to the one file and closes it.
    pub async fn close(&self) {
        self.reads.close().await;
        if !self.writes.is_closed() {
            // Closing does it too, but only where no other connection is left, and those close in their own time.
            if let Err(error) = sqlx::query("PRAGMA wal_checkpoint(TRUNCATE)").execute(&self.writes).await {
                tracing::warn!("the write-ahead log stays beside the store: {error}");
            }
        }
        self.writes.close().await;
    }
}

async fn store_id(writes: &SqlitePool) -> anyhow::Result<String> {
    let mut random = [0_u8; 16];
    getrandom::fill(&mut random).context("this machine gives no random numbers")?;
    sqlx::query("INSERT INTO store (only_row, store_id, created_on) VALUES (1, ?, ?) ON CONFLICT DO NOTHING")
        .bind(hex::encode(random))
        .bind(clock::today().to_string())
        .execute(writes)
        .await?;
    Ok(sqlx::query_scalar("SELECT store_id FROM store").fetch_one(writes).await?)
}

/// Makes the file where it is not there, for its owner only, whatever the folder allows; SQLite gives the files beside it the
/// same rights.
fn make_private(file: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map(drop)
}

/// Makes the folder, for its owner only: it holds what others entrusted.
fn make_folder(data: &Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(data)
}
