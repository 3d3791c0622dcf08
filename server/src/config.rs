//! How a server behaves; the command line fills it in, tests change parts of it.

use std::num::NonZeroU32;
use std::time::Duration;

use model::finding::DEFAULT_CELL_THRESHOLD;
use sync::wire::MAX_REQUEST_BYTES;

/// How a server behaves.
#[derive(Clone, Debug)]
pub struct Config {
    /// Documents that show a count from 1 to this are refused.
    pub cell_threshold: u32,
    /// The address under which users reach it, where it is another than the one it listens on.
    pub public_url: Option<String>,
    /// Whether a reverse proxy stands before it, so that the last entry of `X-Forwarded-For` is the client.
    pub behind_proxy: bool,
    /// Requests to `/api` from one address (an IPv6 network of 64 bits counts as one).
    pub rate_per_address: Rate,
    /// Requests to `/api` with one token.
    pub rate_per_token: Rate,
    /// How long a request may take, from its head to the first byte of the answer.
    pub request_timeout: Duration,
    /// How long a client may leave an answer unread before its connection is ended.
    pub write_timeout: Duration,
    /// Longest body of a request, in bytes.
    pub max_request_bytes: usize,
}

/// A rate: so many a second in the long run, so many at once.
#[derive(Clone, Copy, Debug)]
pub struct Rate {
    /// In the long run.
    pub per_second: NonZeroU32,
    /// At once.
    pub burst: NonZeroU32,
}

impl Rate {
    /// A rate; 0 counts as 1.
    #[must_use]
    pub const fn new(per_second: u32, burst: u32) -> Self {
        Self { per_second: at_least_one(per_second), burst: at_least_one(burst) }
    }
}

const fn at_least_one(n: u32) -> NonZeroU32 {
    match NonZeroU32::new(n) {
        Some(n) => n,
        None => NonZeroU32::MIN,
    }
}

impl Default for Config {
    /// A round of a page takes one to five requests. A class of thirty behind one address must pass.
    fn default() -> Self {
        Self {
            cell_threshold: DEFAULT_CELL_THRESHOLD,
            public_url: None,
            behind_proxy: false,
            rate_per_address: Rate::new(50, 300),
            rate_per_token: Rate::new(10, 60),
            request_timeout: Duration::from_secs(30),
            write_timeout: Duration::from_secs(30),
            max_request_bytes: MAX_REQUEST_BYTES,
        }
    }
}
