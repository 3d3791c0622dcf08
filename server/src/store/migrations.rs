//! The steps from any older store to this build's. A step that was published is never changed; a new one is added.

use std::borrow::Cow;
use std::future::Future;
use std::pin::Pin;

use sqlx::SqlitePool;
use sqlx::error::BoxDynError;
use sqlx::migrate::{MigrateError, Migration, MigrationSource, MigrationType, Migrator};

const STEPS: [(i64, &str, &str); 1] = [(1, "store", include_str!("../../migrations/0001_store.sql"))];

/// The steps, compiled in. (`sqlx::migrate!` would do it too, and compile half of sqlx a second time for its macro.)
#[derive(Debug)]
struct CompiledIn;

type Resolved<'s> = Pin<Box<dyn Future<Output = Result<Vec<Migration>, BoxDynError>> + Send + 's>>;

impl<'s> MigrationSource<'s> for CompiledIn {
    fn resolve(self) -> Resolved<'s> {
        let steps = STEPS.into_iter().map(|(version, name, sql)| {
            Migration::new(version, Cow::Borrowed(name), MigrationType::Simple, Cow::Borrowed(sql), false)
        });
        let steps = Ok(steps.collect());
        Box::pin(async { steps })
    }
}

/// Brings the store up to date.
pub(super) async fn run(pool: &SqlitePool) -> Result<(), MigrateError> {
    Migrator::new(CompiledIn).await?.run(pool).await
}
