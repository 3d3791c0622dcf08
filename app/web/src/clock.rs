//! The clock: the only place that knows what day it is.

use crate::scope;

/// Today in the user's time zone, as an ISO date.
#[must_use]
pub fn today() -> String {
    let now = js_sys::Date::new_0();
    format!("{:04}-{:02}-{:02}", now.get_full_year(), now.get_month() + 1, now.get_date())
}

/// Milliseconds since some fixed moment, monotonic.
#[must_use]
pub fn now_ms() -> f64 {
    scope::call_method(&scope::global("performance"), "now", &[])
        .ok()
        .and_then(|v| v.as_f64())
        .unwrap_or_else(js_sys::Date::now)
}

/// A moment as ISO date and time, for `changed on`.
#[must_use]
pub fn now_iso() -> String {
    String::from(js_sys::Date::new_0().to_iso_string())
}

/// Waits.
pub async fn sleep_ms(ms: u32) {
    gloo_timers::future::TimeoutFuture::new(ms).await;
}
