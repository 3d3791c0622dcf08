//! Distributions, two-by-two tables, summaries, balance, logistic regression and weights against R.
//!
//! The numbers and the script that made them: `e2e/reference/tables.json` and `tables.R`.

#![expect(clippy::unwrap_used, reason = "a test helper that finds no number has to stop the test")]

use crate::support::close;
use crate::support::reference;

use close::assert_close;
use reference::{committed, number, numbers};
use serde_json::Value;
use stats::describe::{NumericColumn, NumericSummary, describe_categories, describe_numeric};
use stats::interval::{ConfidenceLevel, Interval};
use stats::logistic::{LogisticCoefficient, LogisticData, LogisticFit, auc, logistic};
use stats::propensity::{
    Estimand, PropensityScores, WeightSettings, effective_sample_size, inverse_probability_weights, truncate_weights,
};
use stats::proportion::proportion;
use stats::smd::{CategoryDenominator, Denominator, group_moments, smd, smd_categories, variance_ratio};
use stats::special;
use stats::two_by_two::{RatioEstimate, TwoByTwoSettings, ZeroCells, two_by_two};

/// Compares a function of the named columns with the column `want`.
fn compare(block: &Value, arguments: &[&str], want: &str, tolerance: f64, f: impl Fn(&[f64]) -> f64) {
    let columns: Vec<Vec<f64>> = arguments.iter().map(|a| numbers(&block[*a])).collect();
    let wanted = numbers(&block[want]);
    assert!(wanted.len() > 10, "{want} holds {} numbers only", wanted.len());
    for (row, want_value) in wanted.iter().enumerate() {
        let at: Vec<f64> = columns.iter().map(|c| c[row]).collect();
        assert_close(&format!("{want} at {at:?}"), f(&at), *want_value, tolerance);
    }
}

#[test]
fn distributions_agree_with_r_into_the_far_tails() {
    let r = committed("tables.json");
    let tight = 3e-14;
    compare(&r["normal"], &["x"], "cdf", tight, |a| special::normal_cdf(a[0]));
    compare(&r["normal"], &["x"], "sf", tight, |a| special::normal_sf(a[0]));
    compare(&r["normal_quantile"], &["p"], "x", tight, |a| special::normal_quantile(a[0]));
    compare(&r["ln_gamma"], &["x"], "y", tight, |a| special::ln_gamma(a[0]));
    // R itself carries about 13 digits where the logarithm of the tail is in the hundreds.
    let deep = 3e-13;
    compare(&r["chi2"], &["x", "df"], "cdf", deep, |a| special::chi2_cdf(a[0], a[1]));
    compare(&r["chi2"], &["x", "df"], "sf", deep, |a| special::chi2_sf(a[0], a[1]));
    compare(&r["chi2_quantile"], &["p", "df"], "x", deep, |a| special::chi2_quantile(a[0], a[1]));
    compare(&r["t"], &["t", "df"], "sf", deep, |a| special::t_sf(a[0], a[1]));
    compare(&r["t_quantile"], &["p", "df"], "x", deep, |a| special::t_quantile(a[0], a[1]));
    compare(&r["f"], &["f", "df1", "df2"], "sf", deep, |a| special::f_sf(a[0], a[1], a[2]));
    compare(&r["beta_quantile"], &["p", "a", "b"], "x", deep, |a| special::beta_quantile(a[0], a[1], a[2]));
}

fn assert_interval(what: &str, got: Interval, want: &Value, tolerance: f64) {
    let want = numbers(want);
    assert_close(&format!("{what} lower"), got.lower, want[0], tolerance);
    assert_close(&format!("{what} upper"), got.upper, want[1], tolerance);
}

fn assert_ratio(what: &str, got: Option<RatioEstimate>, want: &Value) {
    let got = got.unwrap();
    assert_close(what, got.estimate, number(&want["estimate"]), 1e-12);
    assert_close(what, got.interval.lower, number(&want["lower"]), 1e-12);
    assert_close(what, got.interval.upper, number(&want["upper"]), 1e-12);
    assert_close(what, got.ln_std_err, number(&want["ln_std_err"]), 1e-12);
}

#[test]
fn two_by_two_tables_agree_with_r() {
    let r = committed("tables.json");
    let tables = r["two_by_two"].as_array().unwrap();
    assert_eq!(tables.len(), 10);
    for want in tables {
        let cells: Vec<u64> = numbers(&want["cells"]).iter().map(|c| *c as u64).collect();
        let level = ConfidenceLevel::new(number(&want["level"])).unwrap();
        let settings = TwoByTwoSettings { level, zero_cells: ZeroCells::AddHalf };
        let got = two_by_two(cells[0], cells[1], cells[2], cells[3], &settings).unwrap();
        let at = format!("{cells:?}");
        assert_ratio(&at, got.risk_ratio, &want["risk_ratio"]);
        assert_ratio(&at, got.odds_ratio, &want["odds_ratio"]);
        let rd = &want["risk_difference"];
        assert_close(&at, got.risk_difference.estimate, number(&rd["estimate"]), 1e-12);
        assert_interval(&at, got.risk_difference.newcombe, &rd["newcombe"], 1e-11);
        assert_interval(&at, got.risk_difference.wald, &rd["wald"], 1e-11);
        assert_interval(&at, got.exposed.wilson, &want["wilson1"], 1e-12);
        assert_interval(&at, got.unexposed.wilson, &want["wilson0"], 1e-12);
        assert_interval(&at, got.exposed.clopper_pearson, &want["clopper1"], 1e-11);
        assert_interval(&at, got.unexposed.clopper_pearson, &want["clopper0"], 1e-11);
        assert_close(&at, got.fisher_p, number(&want["fisher_p"]), 1e-10);
        let test = got.chi_squared.unwrap();
        assert_close(&at, test.statistic, number(&want["chi2"]), 1e-11);
        assert_close(&at, test.p, number(&want["chi2_p"]), 1e-10);
        assert_close(&at, test.smallest_expected, number(&want["smallest_expected"]), 1e-12);
        assert_close(&at, got.number_needed_to_treat.number().unwrap(), number(&want["nnt"]), 1e-11);
        let alone = proportion(cells[0], cells[0] + cells[1], level).unwrap();
        assert_eq!(alone, got.exposed);
    }
}

/// The made-up cohort of the reference script.
struct Cohort {
    treated: Vec<bool>,
    age: Vec<f64>,
    marker: Vec<f64>,
    sex: Vec<f64>,
    stage: Vec<f64>,
    weight: Vec<f64>,
    whole_weight: Vec<f64>,
}

impl Cohort {
    fn read(r: &Value) -> Self {
        let column = |name: &str| numbers(&r["cohort"][name]);
        Self {
            treated: column("treated").iter().map(|t| *t == 1.0).collect(),
            age: column("age"),
            marker: column("marker"),
            sex: column("sex"),
            stage: column("stage"),
            weight: column("weight"),
            whole_weight: column("whole_weight"),
        }
    }

    fn of(&self, values: &[f64], treated: bool) -> Vec<f64> {
        values.iter().zip(&self.treated).filter(|(_, t)| **t == treated).map(|(v, _)| *v).collect()
    }

    /// Shares of the stages in one group.
    fn stage_shares(&self, treated: bool, weighted: bool) -> Vec<f64> {
        let codes: Vec<u32> = self.of(&self.stage, treated).iter().map(|s| *s as u32).collect();
        let weights = self.of(&self.weight, treated);
        let summary = describe_categories(&codes, None, weighted.then_some(&weights), 4).unwrap();
        summary.levels.iter().map(|l| l.percent.unwrap() / 100.0).collect()
    }
}

fn assert_summary(got: &NumericSummary, want: &Value) {
    assert_close("mean", got.mean.unwrap(), number(&want["mean"]), 1e-13);
    assert_close("sd", got.sd.unwrap(), number(&want["sd"]), 1e-12);
    let quartiles = numbers(&want["quartiles"]);
    assert_close("q1", got.q1.unwrap(), quartiles[0], 1e-13);
    assert_close("median", got.median.unwrap(), quartiles[1], 1e-13);
    assert_close("q3", got.q3.unwrap(), quartiles[2], 1e-13);
}

#[test]
fn summaries_agree_with_r() {
    let r = committed("tables.json");
    let cohort = Cohort::read(&r);
    for (name, values) in [("age", &cohort.age), ("marker", &cohort.marker)] {
        let want = &r["describe"][name];
        let got = describe_numeric(&NumericColumn::new(values)).unwrap();
        assert_summary(&got, want);
        assert_eq!(got.n as f64, number(&want["n"]));
        assert_eq!(got.n_missing as f64, number(&want["missing"]));
        assert_eq!(got.min.unwrap(), number(&want["min"]));
        assert_eq!(got.max.unwrap(), number(&want["max"]));
        let weighted = NumericColumn { weights: Some(&cohort.weight), ..NumericColumn::new(values) };
        assert_summary(&describe_numeric(&weighted).unwrap(), &r["describe_weighted"][name]);
    }
    let whole = NumericColumn { weights: Some(&cohort.whole_weight), ..NumericColumn::new(&cohort.age) };
    assert_summary(&describe_numeric(&whole).unwrap(), &r["describe"]["age_whole_weights"]);
}

#[test]
fn standardized_differences_agree_with_r() {
    let r = committed("tables.json");
    let want = |name: &str| number(&r["smd"][name]);
    let c = Cohort::read(&r);
    let moments = |values: &[f64], treated: bool, weighted: bool| {
        let weights = c.of(&c.weight, treated);
        group_moments(&c.of(values, treated), None, weighted.then_some(&weights)).unwrap()
    };
    let (t, u) = (moments(&c.age, true, false), moments(&c.age, false, false));
    let (tw, uw) = (moments(&c.age, true, true), moments(&c.age, false, true));
    let pooled = Denominator::pooled(&t, &u);
    assert_close("age", smd(t.mean, u.mean, pooled).unwrap(), want("age"), 1e-12);
    assert_close("age after", smd(tw.mean, uw.mean, pooled).unwrap(), want("age_weighted"), 1e-12);
    let of_target = smd(t.mean, u.mean, Denominator::of_target(&t)).unwrap();
    assert_close("age by the target's sd", of_target, want("age_target_sd"), 1e-12);
    assert_close("ratio", variance_ratio(&t, &u).unwrap(), want("variance_ratio_age"), 1e-12);
    let after = variance_ratio(&tw, &uw).unwrap();
    assert_close("ratio after", after, want("variance_ratio_age_weighted"), 1e-12);

    let (t, u) = (moments(&c.marker, true, false), moments(&c.marker, false, false));
    let got = smd(t.mean, u.mean, Denominator::pooled(&t, &u)).unwrap();
    assert_close("marker", got, want("marker"), 1e-12);

    let (t, u) = (moments(&c.sex, true, false), moments(&c.sex, false, false));
    let binary = Denominator::of_proportions(t.mean, u.mean);
    assert_close("sex", smd(t.mean, u.mean, binary).unwrap(), want("sex"), 1e-12);
    let (tw, uw) = (moments(&c.sex, true, true), moments(&c.sex, false, true));
    assert_close("sex after", smd(tw.mean, uw.mean, binary).unwrap(), want("sex_weighted"), 1e-12);

    let (t, u) = (c.stage_shares(true, false), c.stage_shares(false, false));
    let (tw, uw) = (c.stage_shares(true, true), c.stage_shares(false, true));
    let yardstick = CategoryDenominator::new(&t, &u).unwrap();
    assert_close("stage", smd_categories(&t, &u, &yardstick).unwrap(), want("stage"), 1e-10);
    let after = smd_categories(&tw, &uw, &yardstick).unwrap();
    assert_close("stage after", after, want("stage_weighted"), 1e-10);
}

fn assert_logistic(fit: &LogisticFit, want: &Value) {
    let (coef, std_err) = (numbers(&want["coef"]), numbers(&want["std_err"]));
    let (z, p) = (numbers(&want["z"]), numbers(&want["p"]));
    let check = |i: usize, got: &LogisticCoefficient| {
        assert_close(&format!("coefficient {i}"), got.coef, coef[i], 1e-7);
        assert_close(&format!("standard error {i}"), got.std_err, std_err[i], 1e-8);
        assert_close(&format!("z {i}"), got.z, z[i], 1e-7);
        assert_close(&format!("p {i}"), got.p, p[i], 1e-6);
    };
    check(0, &fit.intercept);
    assert_eq!(fit.coefficients.len() + 1, coef.len());
    for (i, got) in fit.coefficients.iter().enumerate() {
        match got {
            Some(got) => check(i + 1, got),
            None => assert!(coef[i + 1].is_nan(), "R keeps term {i}"),
        }
    }
    assert_close("log likelihood", fit.log_likelihood, number(&want["log_likelihood"]), 1e-11);
    assert_close("deviance", fit.deviance(), number(&want["deviance"]), 1e-11);
    assert_close("null deviance", fit.null_deviance(), number(&want["null_deviance"]), 1e-11);
}

fn indicator(values: &[f64], level: f64) -> Vec<f64> {
    values.iter().map(|v| f64::from(u8::from(*v == level))).collect()
}

#[test]
fn logistic_regression_and_weights_agree_with_r() {
    let r = committed("tables.json");
    let c = Cohort::read(&r);
    let age2: Vec<f64> = c.age.iter().map(|a| a * a).collect();
    let stages: Vec<Vec<f64>> = [1.0, 2.0, 3.0].iter().map(|s| indicator(&c.stage, *s)).collect();
    let covariates: Vec<&[f64]> = vec![&c.age, &age2, &c.sex, &stages[0], &stages[1], &stages[2]];
    let data = LogisticData { outcome: &c.treated, covariates: &covariates, weights: None };
    let fit = logistic(&data).unwrap();
    assert_logistic(&fit, &r["logistic"]);

    let doubled: Vec<f64> = c.age.iter().map(|a| 2.0 * a - 3.0).collect();
    let aliased = LogisticData { covariates: &[&c.age, &doubled, &c.sex], ..data };
    let aliased = logistic(&aliased).unwrap();
    assert_eq!(aliased.aliased(), [1]);
    assert_logistic(&aliased, &r["logistic_aliased"]);

    let want = &r["propensity"];
    let area = auc(&fit.fitted, &c.treated).unwrap();
    assert_close("auc", area, number(&want["auc"]), 1e-12);
    assert_close("auc with ties", auc(&c.sex, &c.treated).unwrap(), number(&want["auc_tied"]), 1e-12);
    let scores = PropensityScores::new(&fit.fitted, &c.treated).unwrap();
    for (i, (got, want)) in scores.preference_scores().iter().zip(numbers(&want["preference"])).enumerate() {
        assert_close(&format!("preference {i}"), *got, want, 1e-9);
    }
    assert_close("equipoise", scores.equipoise(), number(&want["equipoise"]), 1e-12);

    let weights = |estimand, stabilized| inverse_probability_weights(&scores, WeightSettings { estimand, stabilized });
    let ate = weights(Estimand::Ate, false);
    let truncated = truncate_weights(&ate, 0.01, 0.99).unwrap();
    for (name, got) in [
        ("ate", ate),
        ("ate_stabilized", weights(Estimand::Ate, true)),
        ("att", weights(Estimand::Att, false)),
        ("ato", weights(Estimand::Ato, false)),
        ("ate_truncated", truncated),
    ] {
        let want = &want["weights"][name];
        assert_close(name, got.iter().sum(), number(&want["sum"]), 1e-9);
        assert_close(name, got.iter().map(|w| w * w).sum(), number(&want["sum_squares"]), 1e-9);
        for (group, key) in [(true, "ess_treated"), (false, "ess_control")] {
            let size = effective_sample_size(c.of(&got, group)).unwrap();
            assert_close(&format!("{name} {key}"), size, number(&want[key]), 1e-9);
        }
    }
}

#[test]
fn weighted_logistic_regression_agrees_with_r() {
    let r = committed("tables.json");
    let c = Cohort::read(&r);
    let fit = logistic(&LogisticData { outcome: &c.treated, covariates: &[&c.age, &c.sex], weights: Some(&c.weight) })
        .unwrap();
    let want = &r["logistic_weighted"];
    let coef = numbers(&want["coef"]);
    let std_err = numbers(&want["std_err"]);
    for (i, got) in [Some(fit.intercept)].iter().chain(&fit.coefficients).enumerate() {
        assert_close("coef", got.unwrap().coef, coef[i], 1e-6);
        assert_close("std_err", got.unwrap().std_err, std_err[i], 1e-4);
    }
    // R's logLik rounds weights that are not whole; the deviance does not.
    assert_close("deviance", fit.deviance(), number(&want["deviance"]), 1e-11);
}
