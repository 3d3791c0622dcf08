//! Matching and weighted effects on data sets and R results outside the repository, where they are there.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::support::csv_frame;

use csv_frame::Frame;
use serde_json::Value;
use stats::interval::ConfidenceLevel;
use stats::logistic::{LogisticData, logistic};
use stats::matching::{MatchSettings, nearest_neighbours};
use stats::propensity::{Estimand, PropensityScores, WeightSettings, inverse_probability_weights};
use stats::weighted_effect::{WeightedOutcomes, weighted_effects};

const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");

/// R's results and a data set, where they are there.
fn case(name: &str) -> Option<(Value, Frame)> {
    let read = |path: String| std::fs::read_to_string(path).ok();
    let all = read(format!("{SHARED}/reference/causal.json")).zip(read(format!("{SHARED}/survival/{name}.csv")));
    let Some((results, csv)) = all else {
        println!("shared data are not here: 0 checks of matching on {name}");
        return None;
    };
    let results: Value = serde_json::from_str(&results).unwrap();
    Some((results[name].clone(), Frame::new(&csv)))
}

#[track_caller]
fn close(what: &str, got: f64, want: &Value, tolerance: f64) {
    let want = want.as_f64().unwrap();
    assert!((got - want).abs() <= tolerance * want.abs().max(1e-6), "{what}: {got} is not {want}");
}

struct Lalonde {
    want: Value,
    treated: Vec<bool>,
    outcome: Vec<f64>,
    scores: PropensityScores,
}

fn lalonde() -> Option<Lalonde> {
    let (want, frame) = case("lalonde")?;
    let rows = frame.complete(&["treat"]);
    let treated: Vec<bool> = frame.numbers("treat", &rows).iter().map(|t| *t == 1.0).collect();
    let terms = ["age", "educ", "race", "married", "nodegree", "re74", "re75"];
    let design: Vec<Vec<f64>> = terms.iter().flat_map(|term| frame.design("", term, &rows)).collect();
    let covariates: Vec<&[f64]> = design.iter().map(Vec::as_slice).collect();
    let fit = logistic(&LogisticData { outcome: &treated, covariates: &covariates, weights: None }).unwrap();
    let scores = PropensityScores::new(&fit.fitted, &treated).unwrap();
    Some(Lalonde { want, treated, outcome: frame.numbers("re78", &rows), scores })
}

#[test]
fn numbers_matched_and_distances_are_those_of_matchit() {
    let Some(Lalonde { want, treated, scores, .. }) = lalonde() else { return };
    let raw = scores.scores().to_vec();
    let logits = scores.logits();
    for (name, distance, ratio, caliper) in [
        ("nn_default", &raw, 1, None),
        ("nn_caliper02", &raw, 1, Some(0.2)),
        ("nn_logit_caliper02", &logits, 1, Some(0.2)),
        ("nn_2to1", &raw, 2, None),
    ] {
        let want = &want[name];
        let found = nearest_neighbours(distance, &treated, &MatchSettings { ratio, caliper }).unwrap();
        let matched = want["nn"].get("v").unwrap_or(&want["nn"])[3].as_array().unwrap();
        assert_eq!(Some(found.n_comparators() as u64), matched[0].as_u64(), "{name}");
        assert_eq!(Some(found.sets.len() as u64), matched[1].as_u64(), "{name}");
        if let Some(width) = found.caliper_width {
            close(name, width, &want["caliper"]["1"], 1e-6);
        }
        let weights = found.weights(distance.len());
        let mean = |arm: bool| {
            let of = || weights.iter().zip(distance).zip(&treated).filter(|(_, t)| **t == arm).map(|(wd, _)| wd);
            of().map(|(w, d)| w * d).sum::<f64>() / of().map(|(w, _)| w).sum::<f64>()
        };
        let distances = want["smd_matched"]["v"][0].as_array().unwrap();
        close(&format!("{name}: treated"), mean(true), &distances[0], 1e-6);
        close(&format!("{name}: comparators"), mean(false), &distances[1], 1e-6);
    }
}

#[test]
fn weighted_differences_are_those_of_survey_and_sandwich() {
    let Some(Lalonde { want, treated, outcome, scores }) = lalonde() else { return };
    for (name, estimand) in [("ate", Estimand::Ate), ("att", Estimand::Att), ("overlap", Estimand::Ato)] {
        let want = &want["iptw_re78"][name];
        let weights = inverse_probability_weights(&scores, WeightSettings { estimand, stabilized: false });
        let data = WeightedOutcomes { outcome: &outcome, treated: &treated, weights: &weights, cluster: None };
        let got = weighted_effects(&data, ConfidenceLevel::P95).unwrap();
        close(name, got.difference.estimate, &want["diff"], 1e-6);
        close(name, got.difference.std_err, &want["se_svyglm"], 1e-6);
        close(name, got.mean_treated, &want["mean1"], 1e-6);
        assert!(got.risk_ratio.is_none() && got.odds_ratio.is_none(), "earnings are no risk");
    }
    // the pairs that MatchIt made
    let want = &want["nn_caliper02"];
    let place = |id: &Value| want_ids(id);
    let (mut weights, mut set) = (vec![0.0; treated.len()], vec![0u32; treated.len()]);
    let pairs = want["pairs"]["treated"].as_array().unwrap().iter().zip(want["pairs"]["control"].as_array().unwrap());
    for (k, (t, c)) in (1u32..).zip(pairs).filter(|(_, (_, c))| !c.is_null()) {
        for row in [place(t), place(c)] {
            weights[row] = 1.0;
            set[row] = k;
        }
    }
    let data = WeightedOutcomes { outcome: &outcome, treated: &treated, weights: &weights, cluster: Some(&set) };
    let got = weighted_effects(&data, ConfidenceLevel::P95).unwrap();
    close("pairs", got.difference.estimate, &want["outcome"]["diff"], 1e-9);
    close("pairs", got.difference.std_err, &want["outcome"]["se_cluster"], 1e-9);
}

/// Row of an identifier of lalonde: NSW1 to NSW185, then PSID1 to PSID429.
fn want_ids(id: &Value) -> usize {
    let id = id.as_str().unwrap();
    let (group, number) = id.split_at(id.find(|c: char| c.is_ascii_digit()).unwrap());
    number.parse::<usize>().unwrap() - 1 + if group == "NSW" { 0 } else { 185 }
}

#[test]
fn weighted_odds_ratios_are_those_of_survey() {
    let Some((want, mut frame)) = case("nhefs") else { return };
    for name in ["age", "smokeintensity", "smokeyrs", "wt71"] {
        frame.derive(&format!("{name}2"), |row| row(name) * row(name));
    }
    let rows = frame.complete(&["wt82_71"]);
    let terms = "sex race age age2 factor(education) smokeintensity smokeintensity2 smokeyrs smokeyrs2 factor(exercise) \
                 factor(active) wt71 wt712";
    let design: Vec<Vec<f64>> = terms
        .split_whitespace()
        .flat_map(|term| {
            let (function, name) = csv_frame::inner(term);
            frame.design(function, name, &rows)
        })
        .collect();
    let covariates: Vec<&[f64]> = design.iter().map(Vec::as_slice).collect();
    let treated: Vec<bool> = frame.numbers("qsmk", &rows).iter().map(|t| *t == 1.0).collect();
    let fit = logistic(&LogisticData { outcome: &treated, covariates: &covariates, weights: None }).unwrap();
    let scores = PropensityScores::new(&fit.fitted, &treated).unwrap();
    let outcome = frame.numbers("death", &rows);
    for (name, estimand) in [("ate", Estimand::Ate), ("att", Estimand::Att), ("overlap", Estimand::Ato)] {
        let want = &want["death"][name];
        let weights = inverse_probability_weights(&scores, WeightSettings { estimand, stabilized: false });
        let data = WeightedOutcomes { outcome: &outcome, treated: &treated, weights: &weights, cluster: None };
        let got = weighted_effects(&data, ConfidenceLevel::P95).unwrap();
        close(name, got.difference.estimate, &want["diff"], 1e-6);
        close(name, got.difference.std_err, &want["se_svyglm"], 1e-6);
        close(name, got.risk_ratio.unwrap().estimate, &want["rr"], 1e-6);
        let odds_ratio = got.odds_ratio.unwrap();
        close(name, odds_ratio.estimate.ln(), &want["log_or"], 1e-5);
        close(name, odds_ratio.std_err, &want["se_log_or_svy"], 1e-5);
    }
}
