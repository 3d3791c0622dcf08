//! Who may ask how often: a limit for each address, and one for each token.

use std::net::IpAddr;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use governor::clock::{Clock as _, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};

use crate::app::App;
use crate::config::{Config, Rate};
use crate::error::Error;

/// The limits and what was used of them.
pub struct Limits {
    addresses: DefaultKeyedRateLimiter<IpAddr>,
    tokens: DefaultKeyedRateLimiter<i64>,
}

/// The other end of the connection.
#[derive(Clone, Copy, Debug)]
pub struct Peer(pub IpAddr);

impl Limits {
    /// Nothing used yet.
    #[must_use]
    pub fn new(config: &Config) -> Self {
        Self {
            addresses: RateLimiter::keyed(quota(config.rate_per_address)),
            tokens: RateLimiter::keyed(quota(config.rate_per_token)),
        }
    }

    /// Counts a request with a token.
    ///
    /// # Errors
    /// [`Error::TooManyRequests`].
    pub fn check_token(&self, invite_id: i64) -> Result<(), Error> {
        check(&self.tokens, &invite_id)
    }

    /// Forgets those who were quiet for long enough; called once a minute, so that memory stays bounded.
    pub fn forget_quiet(&self) {
        self.addresses.retain_recent();
        self.addresses.shrink_to_fit();
        self.tokens.retain_recent();
        self.tokens.shrink_to_fit();
    }
}

/// Counts a request to `/api` or `/metrics`; the page's files are served from memory and not counted.
pub async fn by_address(State(app): State<App>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    if path.starts_with("/api") || path == "/metrics" {
        let peer = request.extensions().get::<Peer>().map_or(IpAddr::from([0, 0, 0, 0]), |peer| peer.0);
        let client = if app.config.behind_proxy { forwarded_for(request.headers()).unwrap_or(peer) } else { peer };
        if let Err(error) = check(&app.limits.addresses, &network(client)) {
            return error.into_response();
        }
    }
    next.run(request).await
}

fn check<K: std::hash::Hash + Eq + Clone>(limiter: &DefaultKeyedRateLimiter<K>, key: &K) -> Result<(), Error> {
    limiter.check_key(key).map_err(|not_until| {
        let wait: Duration = not_until.wait_time_from(DefaultClock::default().now());
        Error::TooManyRequests { retry_after_seconds: wait.as_secs() + 1 }
    })
}

fn quota(rate: Rate) -> Quota {
    Quota::per_second(rate.per_second).allow_burst(rate.burst)
}

/// The last entry: the one that the proxy itself wrote. Those before it are the client's word.
fn forwarded_for(headers: &HeaderMap) -> Option<IpAddr> {
    headers.get_all("x-forwarded-for").iter().next_back()?.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
}

/// One household has a whole IPv6 network of 64 bits.
pub(crate) fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::from((u128::from(v6) & (u128::MAX << 64)).to_be_bytes()),
        v4 => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_proxys_word_counts_not_the_clients() {
        let mut headers = HeaderMap::new();
        assert_eq!(forwarded_for(&headers), None);
        headers.append("x-forwarded-for", "10.0.0.1, 192.0.2.7".parse().unwrap());
        assert_eq!(forwarded_for(&headers), Some(IpAddr::from([192, 0, 2, 7])));
        headers.append("x-forwarded-for", "198.51.100.4".parse().unwrap());
        assert_eq!(forwarded_for(&headers), Some(IpAddr::from([198, 51, 100, 4])));
        headers.append("x-forwarded-for", "nonsense".parse().unwrap());
        assert_eq!(forwarded_for(&headers), None);
    }

    #[test]
    fn addresses_of_one_network_count_together() {
        let parse = |text: &str| network(text.parse().unwrap());
        assert_eq!(parse("2001:db8:1:2:3::4"), parse("2001:db8:1:2:ffff::1"));
        assert_ne!(parse("2001:db8:1:2::1"), parse("2001:db8:1:3::1"));
        assert_eq!(parse("::ffff:192.0.2.7"), parse("192.0.2.7"));
        assert_ne!(parse("192.0.2.7"), parse("192.0.2.8"));
    }
}
