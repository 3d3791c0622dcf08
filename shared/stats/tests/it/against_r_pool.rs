//! Pooling against metafor.
//!
//! The numbers and the script that made them: `e2e/reference/pool.json` and `pool.R`.

#![expect(clippy::unwrap_used, reason = "a test helper that finds no number has to stop the test")]

use crate::support::close;
use crate::support::reference;

use close::assert_close;
use reference::{committed, number, numbers};
use serde_json::Value;
use stats::interval::ConfidenceLevel;
use stats::pool::{PoolInference, PoolMethod, PoolSettings, Pooled, StudyEstimate, leave_one_out, pool};

const SETS: [&str; 7] = ["bcg_RR", "bcg_OR", "bcg_RD", "two_studies", "two_apart", "homogeneous", "one_giant"];

fn studies(set: &Value) -> Vec<StudyEstimate> {
    numbers(&set["yi"])
        .into_iter()
        .zip(numbers(&set["vi"]))
        .map(|(estimate, variance)| StudyEstimate { estimate, std_err: variance.sqrt() })
        .collect()
}

fn settings(method: &str, test: &str) -> PoolSettings {
    PoolSettings {
        method: match method {
            "FE" | "EE" => PoolMethod::Fixed,
            "DL" => PoolMethod::DerSimonianLaird,
            "PM" => PoolMethod::PauleMandel,
            "REML" => PoolMethod::Reml,
            other => panic!("unknown method {other}"),
        },
        inference: if test == "knha" { PoolInference::KnappHartung } else { PoolInference::Normal },
        level: ConfidenceLevel::P95,
    }
}

/// tau^2 is compared relative to itself and, near 0, to the sampling variance.
fn assert_tau2(at: &str, got: f64, want: f64, tolerance: f64, variance: f64) {
    assert!((got - want).abs() <= tolerance * want.max(variance), "{at}: tau2 {got:e}, want {want:e}");
}

fn assert_pooled(at: &str, got: &Pooled, want: &Value, tolerance: f64, variance: f64) {
    let close = |what: &str, got: f64, key: &str| {
        assert_close(&format!("{at} {what}"), got, number(&want[key]), tolerance);
    };
    close("estimate", got.estimate, "estimate");
    close("std_err", got.std_err, "std_err");
    close("lower", got.interval.lower, "lower");
    close("upper", got.interval.upper, "upper");
    close("statistic", got.statistic.unwrap(), "statistic");
    // A relative error of z is worth z^2 times as much in its tail probability.
    let z = got.statistic.unwrap();
    assert_close(&format!("{at} p"), got.p.unwrap(), number(&want["p"]), tolerance * (10.0 + z * z));
    let differences = got.heterogeneity.unwrap();
    assert_tau2(at, differences.tau2, number(&want["tau2"]), tolerance, variance);
    assert!((differences.i2 - number(&want["i2"])).abs() <= 100.0 * tolerance, "{at} i2");
    close("h2", differences.h2, "h2");
    close("q", differences.q, "q");
    close("q_p", differences.q_p, "q_p");
    for (got, want) in got.weights_percent.iter().zip(numbers(&want["weights"])) {
        assert_close(&format!("{at} weight"), *got, want, tolerance);
    }
    if let (Some(prediction), Some(profile)) = (got.prediction, differences.tau2_interval) {
        close("prediction lower", prediction.lower, "prediction_lower");
        close("prediction upper", prediction.upper, "prediction_upper");
        for (got, key) in [(profile.lower, "tau2_lower"), (profile.upper, "tau2_upper")] {
            assert_tau2(&format!("{at} {key}"), got, number(&want[key]), tolerance, variance);
        }
    } else {
        assert!(want["prediction_lower"].is_null(), "{at}: metafor has a prediction interval");
    }
}

#[test]
fn pooling_agrees_with_metafor() {
    let r = committed("pool.json");
    let mut checked = 0;
    for name in SETS {
        let studies = studies(&r[name]);
        let smallest = numbers(&r[name]["vi"]).into_iter().fold(f64::INFINITY, f64::min);
        for want in r[name]["fits"].as_array().unwrap() {
            let (method, test) = (want["method"].as_str().unwrap(), want["test"].as_str().unwrap());
            let got = pool(&studies, &settings(method, test)).unwrap();
            assert_pooled(&format!("{name} {method} {test}"), &got, want, 1e-8, smallest);
            checked += 1;
        }
    }
    assert_eq!(checked, 8 * SETS.len());
}

#[test]
fn leaving_one_out_agrees_with_metafor() {
    let r = committed("pool.json");
    for name in SETS {
        let want = &r[name]["leave_one_out_reml"];
        let studies = studies(&r[name]);
        if studies.len() == 2 {
            continue;
        }
        let left = leave_one_out(&studies, &settings("REML", "z")).unwrap();
        let (estimate, std_err) = (numbers(&want["estimate"]), numbers(&want["std_err"]));
        let (tau2, q) = (numbers(&want["tau2"]), numbers(&want["q"]));
        assert_eq!(left.len(), estimate.len());
        for (i, left) in left.iter().enumerate() {
            assert_eq!(left.index, i);
            let at = format!("{name} without {i}");
            assert_close(&at, left.pooled.estimate, estimate[i], 1e-8);
            assert_close(&at, left.pooled.std_err, std_err[i], 1e-8);
            let differences = left.pooled.heterogeneity.unwrap();
            assert_tau2(&at, differences.tau2, tau2[i], 1e-8, studies[0].std_err.powi(2));
            assert_close(&at, differences.q, q[i], 1e-8);
        }
    }
}

/// More sets, where the reference folder lies beside the project. They were made with metafor's default, which stops
/// where tau^2 changes by less than 1e-5: where tau^2 itself is of that size, only tau^2 is compared.
#[test]
fn pooling_agrees_with_the_shared_reference() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data/reference/meta.json");
    let Ok(text) = std::fs::read_to_string(path) else {
        println!("shared/data/reference/meta.json is not here: about 100 pooled results were not checked");
        return;
    };
    let r: Value = serde_json::from_str(&text).unwrap();
    let mut checked = 0;
    for (name, set) in r.as_object().unwrap() {
        if set.get("yi").is_none() {
            continue;
        }
        let studies = studies(set);
        for method in ["EE", "DL", "PM", "REML"] {
            for test in ["z", "knha"] {
                let key = if test == "knha" { format!("{method}_HKSJ") } else { method.to_owned() };
                let Some(want) = set.get(&key) else { continue };
                let got = pool(&studies, &settings(method, test)).unwrap();
                assert_shared(&format!("{name} {key}"), &got, want, method);
                checked += 1;
            }
        }
    }
    println!("{checked} pooled results checked");
    assert!(checked > 50, "only {checked}");
}

fn assert_shared(at: &str, got: &Pooled, want: &Value, method: &str) {
    let closed = matches!(method, "EE" | "DL");
    let tolerance = if closed { 1e-9 } else { 1e-4 };
    let near = |what: &str, got: f64, key: &str, tolerance: f64| {
        let want = number(&want[key]);
        let scale = want.abs().max(0.01);
        assert!((got - want).abs() <= tolerance * scale, "{at} {what}: {got} want {want}");
    };
    let differences = got.heterogeneity.unwrap();
    near("q", differences.q, "Q", 1e-9);
    let tau2 = number(&want["tau2"]);
    if !closed && tau2 < 0.01 {
        assert!((differences.tau2 - tau2).abs() < 1e-4, "{at}: tau2 {} want {tau2}", differences.tau2);
        return;
    }
    near("estimate", got.estimate, "beta", tolerance);
    near("se", got.std_err, "se", tolerance * 10.0);
    near("lower", got.interval.lower, "lb", tolerance * 10.0);
    near("upper", got.interval.upper, "ub", tolerance * 10.0);
    let differences = got.heterogeneity.unwrap();
    near("tau2", differences.tau2, "tau2", if closed { 1e-9 } else { 1e-3 });
    near("i2", differences.i2, "I2", if closed { 1e-9 } else { 1e-3 });
    near("h2", differences.h2, "H2", if closed { 1e-9 } else { 1e-3 });
    if let Some(prediction) = got.prediction {
        near("prediction lower", prediction.lower, "pi.lb", tolerance * 10.0);
        near("prediction upper", prediction.upper, "pi.ub", tolerance * 10.0);
    }
}
