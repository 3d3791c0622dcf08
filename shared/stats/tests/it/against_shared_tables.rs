//! Tables and scores on real data, where the folder of reference results lies beside the project.

#![expect(clippy::unwrap_used, reason = "a test helper that finds no number has to stop the test")]

use crate::support::close;

use close::assert_close;
use serde_json::Value;
use stats::describe::{NumericColumn, describe_categories, describe_numeric};
use stats::interval::ConfidenceLevel;
use stats::logistic::{LogisticData, logistic};
use stats::propensity::{
    Estimand, PropensityScores, WeightSettings, effective_sample_size, inverse_probability_weights, truncate_weights,
};
use stats::smd::{CategoryDenominator, Denominator, group_moments, smd, smd_categories};
use stats::two_by_two::{TwoByTwoSettings, ZeroCells, two_by_two};
use std::collections::BTreeMap;

const DATA: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");

/// A file of the folder, or a loud note of what was not checked.
fn shared(name: &str, n_checks: usize) -> Option<String> {
    let found = std::fs::read_to_string(format!("{DATA}/{name}")).ok();
    if found.is_none() {
        println!("shared/data/{name} is not here: about {n_checks} numbers were not checked");
    }
    found
}

/// Columns of a CSV without quoted commas.
fn columns(text: &str) -> BTreeMap<String, Vec<String>> {
    let mut lines = text.lines();
    let clean = |field: &str| field.trim_matches('"').to_owned();
    let names: Vec<String> = lines.next().unwrap().split(',').map(clean).collect();
    let mut columns: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for line in lines {
        for (name, field) in names.iter().zip(line.split(',')) {
            columns.entry(name.clone()).or_default().push(clean(field));
        }
    }
    columns
}

fn numeric(column: &[String]) -> Vec<f64> {
    column.iter().map(|v| v.parse().unwrap_or(f64::NAN)).collect()
}

fn number(v: &Value) -> f64 {
    v.as_f64().unwrap_or_else(|| panic!("no number: {v}"))
}

#[test]
fn two_by_two_tables() {
    let Some(text) = shared("reference/epi_table1.json", 60) else {
        return;
    };
    let r: Value = serde_json::from_str(&text).unwrap();
    let settings = TwoByTwoSettings { level: ConfidenceLevel::P95, zero_cells: ZeroCells::AddHalf };
    let mut n_tables = 0;
    for (name, want) in r.as_object().unwrap() {
        let Some(cells) = want.get("cells").and_then(Value::as_array) else {
            continue;
        };
        let cells: Vec<u64> = cells.iter().map(|c| c.as_u64().unwrap()).collect();
        let got = two_by_two(cells[0], cells[1], cells[2], cells[3], &settings).unwrap();
        n_tables += 1;
        if let Some(p) = want.get("fisher_p") {
            assert_close(name, got.fisher_p, number(p), 1e-9);
            continue;
        }
        assert_close(name, got.fisher_p, number(&want["fisher"]["p"]), 1e-9);
        let (rr, or) = (got.risk_ratio.unwrap(), got.odds_ratio.unwrap());
        let rd = got.risk_difference;
        for (estimate, interval, key, interval_key) in [
            (rr.estimate, rr.interval, "RR", "RR_wald"),
            (or.estimate, or.interval, "OR", "OR_woolf"),
            (rd.estimate, rd.newcombe, "RD", "RD_newcombe_hybrid"),
            (rd.estimate, rd.wald, "RD", "RD_wald"),
            (got.exposed.estimate, got.exposed.wilson, "risk1", "wilson1"),
            (got.unexposed.estimate, got.unexposed.clopper_pearson, "risk0", "clopper0"),
        ] {
            assert_close(key, estimate, number(&want[key]), 1e-12);
            assert_close(interval_key, interval.lower, number(&want[interval_key][0]), 1e-10);
            assert_close(interval_key, interval.upper, number(&want[interval_key][1]), 1e-10);
        }
        assert_close("chi2", got.chi_squared.unwrap().statistic, number(&want["chisq"]["stat"]), 1e-12);
        assert_close("nnt", got.number_needed_to_treat.number().unwrap(), number(&want["NNT"]), 1e-12);
    }
    assert!(n_tables >= 4, "{n_tables}");
}

#[test]
fn table_one_of_pbc() {
    let Some(text) = shared("reference/epi_table1.json", 200) else {
        return;
    };
    let Some(csv) = shared("survival/pbc.csv", 200) else {
        return;
    };
    let r: Value = serde_json::from_str(&text).unwrap();
    let data = columns(&csv);
    let group = |arm: &str, name: &str| -> Vec<String> {
        let pairs = data[name].iter().zip(&data["trt"]);
        pairs.filter(|(_, trt)| *trt == arm).map(|(v, _)| v.clone()).collect()
    };
    for want in r["table1_pbc"]["continuous"].as_array().unwrap() {
        let name = want["var"].as_str().unwrap();
        let arms = ["1", "2"].map(|arm| numeric(&group(arm, name)));
        for (values, want) in arms.iter().zip(want["by"].as_array().unwrap()) {
            let got = describe_numeric(&NumericColumn::new(values)).unwrap();
            assert_eq!(got.n as u64, want["n"].as_u64().unwrap());
            assert_eq!(got.n_missing as u64, want["missing"].as_u64().unwrap());
            for (got, key) in [
                (got.mean, "mean"),
                (got.sd, "sd"),
                (got.median, "median"),
                (got.q1, "q25_type7"),
                (got.q3, "q75_type7"),
                (got.min, "min"),
                (got.max, "max"),
            ] {
                assert_close(&format!("{name} {key}"), got.unwrap(), number(&want[key]), 1e-12);
            }
        }
        let [t, c] = arms.map(|values| group_moments(&values, None, None).unwrap());
        let got = smd(t.mean, c.mean, Denominator::pooled(&t, &c)).unwrap();
        assert_close(name, got, number(&want["smd_pooled"]), 1e-10);
    }
    for want in r["table1_pbc"]["categorical"].as_array().unwrap() {
        let name = want["var"].as_str().unwrap();
        let levels = want["levels"].as_array().unwrap();
        let shares = ["1", "2"].map(|arm| {
            let codes: Vec<u32> =
                group(arm, name).iter().map(|v| levels.iter().position(|l| l == v).unwrap() as u32).collect();
            describe_categories(&codes, None, None, levels.len()).unwrap()
        });
        for (level, want) in want["counts"].as_array().unwrap().iter().enumerate() {
            for (arm, summary) in shares.iter().enumerate() {
                assert_eq!(summary.levels[level].n as u64, want[arm].as_u64().unwrap(), "{name}");
            }
        }
        let [t, c] = shares.map(|s| s.levels.iter().map(|l| l.percent.unwrap() / 100.0).collect::<Vec<_>>());
        let got = smd_categories(&t, &c, &CategoryDenominator::new(&t, &c).unwrap()).unwrap();
        assert_close(name, got, number(&want["smd_yang_dalton"]), 1e-9);
    }
}

#[test]
fn propensity_scores_of_lalonde() {
    let Some(text) = shared("reference/causal.json", 700) else {
        return;
    };
    let Some(csv) = shared("survival/lalonde.csv", 700) else {
        return;
    };
    let r: Value = serde_json::from_str::<Value>(&text).unwrap()["lalonde"].clone();
    let data = columns(&csv);
    let treated: Vec<bool> = data["treat"].iter().map(|t| t == "1").collect();
    let race = |level: &str| -> Vec<f64> { data["race"].iter().map(|r| f64::from(u8::from(r == level))).collect() };
    let names = ["age", "educ", "hispan", "white", "married", "nodegree", "re74", "re75"];
    let covariates: Vec<Vec<f64>> =
        names.iter().map(|n| if data.contains_key(*n) { numeric(&data[*n]) } else { race(n) }).collect();
    let slices: Vec<&[f64]> = covariates.iter().map(Vec::as_slice).collect();
    let fit = logistic(&LogisticData { outcome: &treated, covariates: &slices, weights: None }).unwrap();
    let model = &r["ps_model"];
    for (i, got) in std::iter::once(&Some(fit.intercept)).chain(&fit.coefficients).enumerate() {
        assert_close("coef", got.unwrap().coef, number(&model["coef"][i]), 1e-6);
        assert_close("std_err", got.unwrap().std_err, number(&model["se"][i]), 1e-5);
    }
    assert_close("log likelihood", fit.log_likelihood, number(&model["loglik"]), 1e-9);
    for (row, got) in fit.fitted.iter().enumerate() {
        assert_close("score", *got, number(&r["ps"][row]), 1e-6);
    }
    let scores = PropensityScores::new(&fit.fitted, &treated).unwrap();
    let weights = |estimand, stabilized| inverse_probability_weights(&scores, WeightSettings { estimand, stabilized });
    let ate = weights(Estimand::Ate, false);
    for (key, got) in [
        ("ate_trunc_1_99", truncate_weights(&ate, 0.01, 0.99).unwrap()),
        ("ate", ate),
        ("ate_stabilised", weights(Estimand::Ate, true)),
        ("att", weights(Estimand::Att, false)),
        ("overlap", weights(Estimand::Ato, false)),
    ] {
        let want = &r["iptw_re78"][key]["weights"];
        let summary = describe_numeric(&NumericColumn::new(&got)).unwrap();
        for (got, name) in [(summary.min, "min"), (summary.max, "max"), (summary.mean, "mean"), (summary.sd, "sd")] {
            assert_close(&format!("{key} {name}"), got.unwrap(), number(&want[name]), 1e-6);
        }
        let size = |group: bool| {
            let members = got.iter().zip(&treated).filter(|(_, t)| **t == group);
            effective_sample_size(members.map(|(w, _)| *w)).unwrap()
        };
        assert_close(key, size(true), number(&want["ess_treated"]), 1e-6);
        assert_close(key, size(false), number(&want["ess_control"]), 1e-6);
    }
}
