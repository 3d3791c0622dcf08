//! Incidence rates against R and against cases worked out by hand.
//!
//! The numbers and the script that made them: `e2e/reference/rates.json` and `rates.R`.

use crate::support::close::assert_close;
use crate::support::reference::{committed, number};
use stats::interval::ConfidenceLevel;
use stats::rate::{RateError, rate};

#[test]
fn rates_agree_with_poisson_test() {
    let r = committed("rates.json");
    let cases = r["rates"].as_array().unwrap();
    assert!(cases.len() > 8, "{} cases only", cases.len());
    for want in cases {
        let (events, time) = (want["events"].as_u64().unwrap(), number(&want["time"]));
        let got = rate(events, time, ConfidenceLevel::new(number(&want["level"])).unwrap()).unwrap();
        let at = format!("{events} in {time}");
        assert_close(&at, got.estimate, number(&want["estimate"]), 1e-14);
        assert_close(&format!("{at} lower"), got.interval.lower, number(&want["lower"]), 1e-9);
        assert_close(&format!("{at} upper"), got.interval.upper, number(&want["upper"]), 1e-9);
    }
}

#[test]
fn without_events_the_upper_limit_is_known_by_hand() {
    let none = rate(0, 4.0, ConfidenceLevel::P95).unwrap();
    assert_eq!((none.estimate, none.interval.lower), (0.0, 0.0));
    assert_close("-ln(0.025) / 4", none.interval.upper, -(0.025_f64.ln()) / 4.0, 1e-14);
}

#[test]
fn the_interval_is_exact() {
    // At a limit the tail of the Poisson distribution is 2.5%.
    let got = rate(3, 2.0, ConfidenceLevel::P95).unwrap();
    let term = |mean: f64, k: i32| (-mean).exp() * mean.powi(k) / (1..=k).map(f64::from).product::<f64>();
    let at_most = |mean: f64, k: i32| (0..=k).map(|i| term(mean, i)).sum::<f64>();
    assert_close("at most 3 at the upper limit", at_most(2.0 * got.interval.upper, 3), 0.025, 1e-12);
    assert_close("3 or more at the lower limit", 1.0 - at_most(2.0 * got.interval.lower, 2), 0.025, 1e-12);
}

#[test]
fn no_time_has_no_rate() {
    for time in [0.0, -1.0, f64::INFINITY] {
        assert_eq!(rate(1, time, ConfidenceLevel::P95), Err(RateError::NoTime { time }));
    }
    assert!(rate(1, f64::NAN, ConfidenceLevel::P95).unwrap_err().to_string().contains("above 0"));
}
