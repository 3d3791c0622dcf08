//! Whether one study carries the pooled result.

use super::{PoolError, PoolSettings, Pooled, StudyEstimate, pool};

/// The pooled result without one study.
#[derive(Debug, Clone, PartialEq)]
pub struct LeftOut {
    /// The study left out, from 0.
    pub index: usize,
    /// The other studies' pooled result.
    pub pooled: Pooled,
}

/// Pools all studies but one, for each study in turn; empty where fewer than two studies are there.
///
/// # Errors
/// As in [`pool`].
/// # Agrees with
/// metafor 3.8-1 `leave1out`: 1e-8 relative (`tests/it/against_r_pool.rs`).
pub fn leave_one_out(studies: &[StudyEstimate], settings: &PoolSettings) -> Result<Vec<LeftOut>, PoolError> {
    super::check(studies)?;
    if studies.len() < 2 {
        return Ok(Vec::new());
    }
    (0..studies.len())
        .map(|index| {
            let others = [&studies[..index], &studies[index + 1..]].concat();
            Ok(LeftOut { index, pooled: pool(&others, settings)? })
        })
        .collect()
}
