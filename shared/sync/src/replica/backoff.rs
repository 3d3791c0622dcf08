//! How long to wait after failures in a row.

const FIRST_MS: u64 = 1_000;
const LONGEST_MS: u64 = 5 * 60 * 1_000;

/// Milliseconds to wait before the try after `attempt` failures in a row (from 1): 1 s, 2 s, 4 s … at most 5 minutes,
/// of which the upper half is random, so that a class of thirty does not come back in the same instant. Never less
/// than `at_least_seconds`.
///
/// `jitter` is a random number from 0 to 1 that the host draws; others are taken as the nearer end.
#[must_use]
pub fn backoff_ms(attempt: u32, at_least_seconds: Option<u32>, jitter: f64) -> u64 {
    let doublings = attempt.saturating_sub(1).min(20);
    let full_ms = (FIRST_MS << doublings).min(LONGEST_MS);
    let half_ms = full_ms / 2;
    let share = if jitter.is_nan() { 0.0 } else { jitter.clamp(0.0, 1.0) };
    let random_ms = (half_ms as f64 * share) as u64;
    (half_ms + random_ms).max(u64::from(at_least_seconds.unwrap_or(0)) * 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn doubles_up_to_five_minutes() {
        assert_eq!(backoff_ms(1, None, 1.0), 1_000);
        assert_eq!(backoff_ms(2, None, 1.0), 2_000);
        assert_eq!(backoff_ms(5, None, 1.0), 16_000);
        assert_eq!(backoff_ms(10, None, 1.0), 300_000);
        assert_eq!(backoff_ms(u32::MAX, None, 1.0), 300_000);
    }

    #[test]
    fn half_of_it_is_random_and_the_server_may_ask_for_more() {
        assert_eq!(backoff_ms(3, None, 0.0), 2_000);
        assert_eq!(backoff_ms(3, None, 0.5), 3_000);
        assert_eq!(backoff_ms(3, None, f64::NAN), 2_000);
        assert_eq!(backoff_ms(3, None, 7.0), 4_000);
        assert_eq!(backoff_ms(1, Some(30), 0.3), 30_000);
        assert_eq!(backoff_ms(10, Some(30), 0.0), 150_000);
    }
}
