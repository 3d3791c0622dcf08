//! The survival estimators on data sets and R results outside the repository, where they are there.
//!
//! Formulas of the reference file are read as R reads them, as far as they go; the number of checks is printed.

#![expect(clippy::unwrap_used, reason = "a test helper that finds no number has to stop the test")]

use crate::support::compare;
use crate::support::csv_frame;

use compare::{list, same};
use csv_frame::Frame;
use serde_json::Value;
use stats::cox::{CoxData, CoxModel, CoxSettings, Ties, TimeTransform, concordance, proportional_hazards};
use stats::survival::{
    ConfidenceType, CurveSettings, Durations, EventTable, LogRankWeight, kaplan_meier, log_rank, restricted_mean,
};
use stats::tick::never;

const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");

fn shared(path: &str) -> Option<String> {
    std::fs::read_to_string(format!("{SHARED}/{path}")).ok()
}

/// A data set as the reference script prepared it, for the results under `key`.
fn frame(key: &str) -> Option<Frame> {
    let (name, etype) = match key {
        "colon_etype1" => ("colon", Some(1.0)),
        "colon_etype2" => ("colon", Some(2.0)),
        "colon_cluster" => ("colon", None),
        other => (other, None),
    };
    if name == "km_drug6mp" {
        // would have to be reshaped from pairs to rows
        return None;
    }
    let mut frame = Frame::new(&shared(&format!("survival/{name}.csv"))?);
    frame.levels("celltype", &["squamous", "smallcell", "adeno", "large"]);
    frame.levels("rx", &["Obs", "Lev", "Lev+5FU"]);
    match name {
        "lung" => frame.derive("status2", |row| row("status") - 1.0),
        "colon" => frame.keep(|row| etype.is_none_or(|e| row("etype") == e)),
        "pbc" => frame.derive("ev", |row| f64::from(row("status") == 2.0)),
        "flchain" => frame.keep(|row| row("futime") > 0.0),
        "bladder" => frame.keep(|row| row("enum") < 5.0),
        "rotterdam" => {
            frame.derive("rfs", |row| row("recur").max(row("death")));
            frame.derive("rfstime", |row| if row("recur") == 1.0 { row("rtime") } else { row("dtime") });
        }
        "km_channing" => {
            frame.lower_case();
            frame.keep(|row| row("age") > row("ageentry"));
        }
        _ => {}
    }
    Some(frame)
}

/// What a formula names, rows with missing values left out.
struct Parsed {
    surv: Vec<Vec<f64>>,
    strata: Option<Vec<u32>>,
    cluster: Option<Vec<u32>>,
    columns: Vec<Vec<f64>>,
    terms: Vec<Vec<usize>>,
    group: Option<(Vec<u32>, u32)>,
}

impl Parsed {
    fn new(frame: &Frame, formula: &str, cluster: Option<&str>, grouped: bool) -> Option<Self> {
        let formula: String = formula.chars().filter(|c| !c.is_whitespace()).collect();
        let (left, right) = formula.split_once('~')?;
        let surv: Vec<&str> = left.strip_prefix("Surv(")?.strip_suffix(')')?.split(',').collect();
        let terms: Vec<&str> = right.split('+').filter(|term| *term != "1").collect();
        if right.contains('*') || right.contains("==") {
            return None;
        }
        let mut named: Vec<&str> = surv.clone();
        named.extend(terms.iter().map(|term| csv_frame::inner(term).1));
        named.extend(cluster);
        let rows = frame.complete(&named);
        let mut parsed = Self {
            surv: surv.iter().map(|name| frame.numbers(name, &rows)).collect(),
            strata: None,
            cluster: cluster.map(|name| frame.codes(name, &rows).0),
            columns: Vec::new(),
            terms: Vec::new(),
            group: None,
        };
        for term in terms {
            match csv_frame::inner(term) {
                ("strata", name) => parsed.strata = Some(frame.codes(name, &rows).0),
                (_, name) if grouped => parsed.group = Some(frame.codes(name, &rows)),
                (function, name) => {
                    let start = parsed.columns.len();
                    parsed.columns.extend(frame.design(function, name, &rows));
                    parsed.terms.push((start..parsed.columns.len()).collect());
                }
            }
        }
        Some(parsed)
    }

    fn with_durations<T>(&self, run: impl FnOnce(Durations<'_>) -> T) -> T {
        let n = self.surv.len();
        let event: Vec<bool> = self.surv[n - 1].iter().map(|&e| e == 1.0).collect();
        run(Durations {
            entry: (n == 3).then(|| self.surv[0].as_slice()),
            strata: self.strata.as_deref(),
            cluster: self.cluster.as_deref(),
            group: self.group.as_ref().map(|(codes, _)| codes.as_slice()),
            n_groups: self.group.as_ref().map_or(1, |(_, n)| *n),
            ..Durations::new(&self.surv[n - 2], &event)
        })
    }
}

fn check_cox(label: &str, parsed: &Parsed, want: &Value) -> usize {
    let covariates: Vec<&[f64]> = parsed.columns.iter().map(Vec::as_slice).collect();
    parsed.with_durations(|durations| {
        let ties = if want["ties"] == "breslow" { Ties::Breslow } else { Ties::Efron };
        let data = CoxData { durations, covariates: &covariates };
        let settings = CoxSettings { ties, ..CoxSettings::default() };
        let model = CoxModel::new(&data, &settings, &mut never).unwrap();
        let fit = model.fit(&mut never).unwrap();
        let number = |value: &Value| value.as_f64().unwrap_or(f64::NAN);
        assert_eq!(fit.n_rows as f64, number(&want["n"]), "{label}");
        for (got, row) in fit.coefficients.iter().zip(want["matrix"].as_array().unwrap()) {
            let got = got.unwrap();
            same(label, "coef", Some(got.coef), number(&row["coef"]), 1e-2 * got.std_err, 1e-8);
            same(label, "se", Some(got.std_err), number(&row["se(coef)"]), 0.0, 1e-8);
            same(label, "lower", Some(got.lower), number(&row["lower .95"]), 0.0, 1e-8);
            same(label, "upper", got.upper, number(&row["upper .95"]), 0.0, 1e-8);
            if let Some(robust) = got.robust_std_err {
                same(label, "robust se", Some(robust), number(&row["robust se"]), 0.0, 1e-8);
            }
        }
        let logs = list(&want["loglik"]);
        same(label, "loglik", Some(fit.log_likelihood), logs[1], 0.1, 1e-8);
        same(label, "score", Some(fit.score_test.chi2), number(&want["score"]["test"]), 0.1, 1e-8);
        let c = concordance(&model, &fit, &mut never).unwrap().unwrap();
        same(label, "C", Some(c.value), number(&want["concordance"]["C"]), 0.0, 1e-8);
        same(label, "se(C)", Some(c.std_err), number(&want["concordance"]["se"]), 0.0, 1e-8);
        let terms: Vec<&[usize]> = parsed.terms.iter().map(Vec::as_slice).collect();
        let mut n = 1;
        if label.starts_with("colon_etype") {
            // the reference's cox.zph saw both kinds of event there (its README, trap 7); e2e/reference has it right
            return n;
        }
        for (key, how) in [("cox.zph_km", TimeTransform::KaplanMeier), ("cox.zph_identity", TimeTransform::Identity)] {
            for (row, want) in proportional_hazards(&model, &fit, &terms, how, &mut never)
                .unwrap()
                .rows
                .iter()
                .zip(want[key].as_array().unwrap_or(&Vec::new()))
            {
                let test = row.test.unwrap();
                same(label, key, Some(test.chi2), number(&want["chisq"]), 1e-2, 1e-6);
                n += 1;
            }
        }
        n
    })
}

fn check_log_rank(label: &str, parsed: &Parsed, want: &Value) -> usize {
    parsed.with_durations(|durations| {
        let table = EventTable::new(&durations, &mut never).unwrap();
        let weight = match want["rho"].as_f64() {
            Some(rho) if rho > 0.0 => LogRankWeight::FlemingHarrington { rho, gamma: 0.0 },
            _ => LogRankWeight::LogRank,
        };
        let got = log_rank(&table, weight, &mut never).unwrap();
        same(label, "chi2", Some(got.chi2), want["chisq"].as_f64().unwrap(), 1e-3, 1e-10);
        for (group, expected) in got.groups.iter().zip(list(&want["expected"])) {
            same(label, "expected", Some(group.expected), expected, 1e-3, 1e-10);
        }
        1
    })
}

fn check_curves(label: &str, parsed: &Parsed, want: &Value) -> usize {
    parsed.with_durations(|durations| {
        let table = EventTable::new(&durations, &mut never).unwrap();
        let mut n = 0;
        for (key, confidence_type) in
            [("log-log", ConfidenceType::LogLog), ("log", ConfidenceType::Log), ("plain", ConfidenceType::Plain)]
        {
            let settings = CurveSettings { confidence_type, ..CurveSettings::default() };
            let curves = kaplan_meier(&table, &settings, &mut never).unwrap();
            let quantiles = &want[key]["quantiles"];
            for (i, curve) in curves.iter().enumerate() {
                for (k, share) in [0.25, 0.5, 0.75].into_iter().enumerate() {
                    let got = curve.quantile(share);
                    let wanted = |what: &str| {
                        let all = &quantiles[what];
                        let row = if all[0].is_array() { &all[i] } else { all };
                        row[k].as_f64().unwrap_or(f64::NAN)
                    };
                    same(label, "quantile", got.time.reached(), wanted("quantile"), 1e-3, 0.0);
                    same(label, "lower", got.lower.reached(), wanted("lower"), 1e-3, 0.0);
                    same(label, "upper", got.upper.reached(), wanted("upper"), 1e-3, 0.0);
                    n += 1;
                }
            }
            if want[key]["curve"].is_null() {
                continue;
            }
            let points = curves.iter().flat_map(|curve| curve.points());
            let events: Vec<_> = points.filter(|point| point.n_events > 0.0).collect();
            let curve = |what: &str| list(&want[key]["curve"][what]);
            let (survival, errors, lower, upper) = (curve("surv"), curve("std.err"), curve("lower"), curve("upper"));
            assert_eq!(events.len(), survival.len(), "{label}");
            for (k, point) in events.iter().enumerate() {
                same(label, "survival", Some(point.survival), survival[k], 1e-6, 1e-10);
                same(label, "std err", point.std_err, errors[k], 1e-6, 1e-10);
                same(label, "lower", point.lower, lower[k], 1e-6, 1e-10);
                same(label, "upper", point.upper, upper[k], 1e-6, 1e-10);
                n += 1;
            }
        }
        n
    })
}

#[test]
fn shared_reference_results_agree() {
    let Some(text) = shared("reference/survival.json") else {
        println!("checks of 16 shared data sets did not run: {SHARED} is not there");
        return;
    };
    let all: Value = serde_json::from_str(&text).unwrap();
    let mut n = [0usize; 3];
    let mut skipped = Vec::new();
    for (key, results) in all.as_object().unwrap() {
        let Some(frame) = frame(key) else { continue };
        for (name, want) in results.as_object().unwrap() {
            let Some(formula) = want["formula"].as_str() else { continue };
            let label = format!("{key}.{name}");
            let cluster = match label.as_str() {
                "lung.cox_robust_cluster_inst" => Some("inst"),
                "colon_cluster.cox" | "cgd.ag_cluster" | "bladder.wlw" => Some("id"),
                _ => None,
            };
            let is_cox = !want["loglik"].is_null();
            let parsed = Parsed::new(&frame, formula, cluster, !is_cox);
            match parsed.filter(|_| want["ties"] != "exact" && want["error"].is_null()) {
                None => skipped.push(label),
                Some(parsed) if is_cox => n[0] += check_cox(&label, &parsed, want),
                Some(parsed) if !want["chisq"].is_null() => {
                    n[1] += check_log_rank(&label, &parsed, want);
                }
                Some(parsed) => n[2] += check_curves(&label, &parsed, want),
            }
        }
    }
    println!("{} Cox, {} log-rank, {} curve checks; not built: {skipped:?}", n[0], n[1], n[2]);
    assert!(n[0] > 150 && n[1] >= 20 && n[2] > 500, "{n:?}");
}

#[test]
fn shared_restricted_means_agree() {
    let (Some(text), Some(frame)) = (shared("reference/survival.json"), frame("gbsg")) else {
        println!("checks of shared restricted means did not run: {SHARED} is not there");
        return;
    };
    let all: Value = serde_json::from_str(&text).unwrap();
    let parsed = Parsed::new(&frame, "Surv(rfstime,status)~hormon", None, true).unwrap();
    parsed.with_durations(|durations| {
        let table = EventTable::new(&durations, &mut never).unwrap();
        let curves = kaplan_meier(&table, &CurveSettings::default(), &mut never).unwrap();
        for (curve, want) in curves.iter().zip(all["gbsg"]["rmst"].as_array().unwrap()) {
            let got = restricted_mean(curve, want["tau"].as_f64().unwrap()).unwrap();
            same("gbsg", "rmean", Some(got.value), want["rmean"].as_f64().unwrap(), 1.0, 1e-10);
            same("gbsg", "se", Some(got.std_err), want["se(rmean)"].as_f64().unwrap(), 1e-3, 1e-10);
        }
    });
}
