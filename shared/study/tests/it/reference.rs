//! `survival` against R's survival package on real data, where the reference folder is there.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::support::flat as support;

use cohort::{Index, Source};
use columnar::build::{CategoryBuilder, NumberBuilder};
use columnar::{Column, Dataset, Table};
use model::results::{CoxReport, SurvivalReport};
use model::study::{AnalysisSettings, Ties};
use serde_json::Value;
use study::{SurvivalQuery, survival};

const SHARED: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../../shared/data");

/// R's results and a dataset; says aloud where they are not there.
fn case(name: &str) -> Option<(Value, Dataset)> {
    let read = |path: String| std::fs::read_to_string(path).ok();
    let reference = read(format!("{SHARED}/reference/survival.json"));
    let csv = read(format!("{SHARED}/survival/{name}.csv"));
    let (Some(reference), Some(csv)) = (reference, csv) else {
        println!("reference data are not here: the checks on {name} did not run");
        return None;
    };
    Some((serde_json::from_str(&reference).unwrap(), support::flat(&csv)))
}

fn with_column(data: &mut Dataset, name: &str, column: Column) {
    let old = data.tables.remove("variable").unwrap();
    let mut columns: Vec<(String, Column)> = old.columns().iter().filter(|(n, _)| n != name).cloned().collect();
    columns.push((name.to_owned(), column));
    data.tables.insert("variable".to_owned(), Table::new(columns).unwrap());
}

fn number(data: &Dataset, name: &str, row: usize) -> Option<f64> {
    match data.table("variable").unwrap().column(name) {
        Some(Column::Number(a)) => a.iter().nth(row).flatten(),
        _ => None,
    }
}

fn derive(data: &mut Dataset, name: &str, value: impl Fn(&Dataset, usize) -> Option<f64>) {
    let mut builder = NumberBuilder::new();
    (0..data.table("variable").unwrap().n_rows()).for_each(|row| builder.push(value(data, row)));
    with_column(data, name, builder.finish());
}

fn ask(data: &Dataset, query: &SurvivalQuery) -> SurvivalReport {
    let index = Index::new(data).unwrap();
    survival(&Source::new(data, &index), query, &mut |_| true).unwrap()
}

fn query(time: &str, event: &str, group: Option<&str>, covariates: &[&str]) -> SurvivalQuery {
    SurvivalQuery {
        time: time.to_owned(),
        event: event.to_owned(),
        group: group.map(str::to_owned),
        covariates: covariates.iter().map(|c| (*c).to_owned()).collect(),
        ..SurvivalQuery::default()
    }
}

#[track_caller]
fn close(got: f64, want: &Value, relative: f64, what: &str) {
    let want = want.as_f64().unwrap();
    assert!((got - want).abs() <= relative * want.abs().max(1e-12), "{what}: {got} is not {want}");
}

fn check_curves(report: &SurvivalReport, reference: &Value) {
    let curve = &reference["log-log"]["curve"];
    // the reference holds event times only
    let points: Vec<_> = report.groups.iter().flat_map(|g| &g.curve).filter(|p| p.n_events > 0.0).collect();
    assert_eq!(points.len(), curve["time"].as_array().unwrap().len());
    for (i, point) in points.iter().enumerate() {
        close(point.time, &curve["time"][i], 1e-12, "time");
        close(point.n_at_risk, &curve["n.risk"][i], 1e-12, "at risk");
        close(point.n_events, &curve["n.event"][i], 1e-12, "events");
        close(point.survival, &curve["surv"][i], 1e-9, "survival");
        for (got, name) in [(point.lower, "lower"), (point.upper, "upper")] {
            match (got, curve[name][i].as_f64()) {
                (Some(got), Some(_)) => close(got, &curve[name][i], 1e-9, name),
                (got, want) => assert!(got.is_none() && want.is_none(), "{name}: {got:?} against {want:?}"),
            }
        }
    }
}

fn check_groups(report: &SurvivalReport, table: &Value) {
    for (i, group) in report.groups.iter().enumerate() {
        let row = &table[i];
        assert_eq!(Some(group.n), row["records"].as_u64());
        close(group.n_events, &row["events"], 1e-12, "events");
        for (got, name) in [(group.median, "median"), (group.median_lower, "0.95LCL"), (group.median_upper, "0.95UCL")]
        {
            assert_eq!(got, row[name].as_f64(), "{name} of {}", group.name);
        }
    }
}

fn check_log_rank(report: &SurvivalReport, reference: &Value) {
    let test = report.log_rank.unwrap();
    close(test.chi2, &reference["chisq"], 1e-9, "chi-squared");
    assert_eq!(Some(u64::from(test.df)), reference["df"].as_u64());
    close(test.p, &reference["p"], 1e-8, "p");
}

fn check_cox(cox: &CoxReport, reference: &Value, terms: &[&str]) {
    assert_eq!(cox.coefficients.iter().map(|c| c.term.as_str()).collect::<Vec<_>>(), terms);
    assert_eq!((Some(cox.n), Some(cox.n_events)), (reference["n"].as_u64(), reference["nevent"].as_u64()));
    close(cox.log_likelihood_null, &reference["loglik"][0], 1e-9, "null log likelihood");
    close(cox.log_likelihood, &reference["loglik"][1], 1e-9, "log likelihood");
    for (i, c) in cox.coefficients.iter().enumerate() {
        let row = &reference["matrix"][i];
        close(c.coef.unwrap(), &row["coef"], 1e-6, &c.term);
        close(c.std_err.unwrap(), &row["se(coef)"], 1e-6, "standard error");
        if let Some(robust) = c.robust_std_err {
            close(robust, &row["robust se"], 1e-6, "robust standard error");
        } else {
            assert!(row.get("robust se").is_none(), "a robust standard error is missing");
        }
        close(c.z.unwrap(), &row["z"], 1e-6, "z");
        close(c.lower.unwrap(), &row["lower .95"], 1e-6, "lower");
        close(c.upper.unwrap(), &row["upper .95"], 1e-6, "upper");
    }
    let concordance = cox.concordance.unwrap();
    close(concordance.value, &reference["concordance"]["C"], 1e-8, "concordance");
    close(concordance.std_err, &reference["concordance"]["se"], 1e-6, "its standard error");
    if let Some(zph) = reference.get("cox.zph_km").and_then(Value::as_array) {
        assert_eq!(cox.proportional_hazards.len(), zph.len());
        for (got, want) in cox.proportional_hazards.iter().zip(zph) {
            close(got.chi2, &want["chisq"], 1e-6, &got.term);
            assert_eq!(Some(u64::from(got.df)), want["df"].as_u64(), "{}", got.term);
        }
        assert_eq!(cox.proportional_hazards.last().unwrap().term, "GLOBAL");
    }
}

fn lung() -> Option<(Value, Dataset)> {
    let (reference, mut data) = case("lung")?;
    derive(&mut data, "status2", |data, row| number(data, "status", row).map(|s| s - 1.0));
    Some((reference["lung"].clone(), data))
}

#[test]
fn lung_by_sex() {
    let Some((r, data)) = lung() else { return };
    let settings = AnalysisSettings { horizons: vec![90.0, 730.0], tau: Some(365.0), ..AnalysisSettings::default() };
    let report = ask(&data, &SurvivalQuery { settings, ..query("time", "status2", Some("sex"), &[]) });
    assert_eq!(report.groups.iter().map(|g| g.name.as_str()).collect::<Vec<_>>(), ["1", "2"]);
    check_curves(&report, &r["km_sex"]);
    check_groups(&report, &r["km_sex"]["log-log"]["table"]);
    check_log_rank(&report, &r["logrank"]);
    for (i, group) in report.groups.iter().enumerate() {
        let rmst = group.rmst.unwrap();
        close(rmst.value, &r["rmst"][0][i]["rmean"], 1e-9, "restricted mean");
        close(rmst.std_err, &r["rmst"][0][i]["se(rmean)"], 1e-9, "its standard error");
        for (at, j) in group.at.iter().zip([0, 3]) {
            close(at.survival.unwrap(), &r["at"]["surv"][4 * i + j], 1e-9, "survival");
            close(at.n_at_risk.unwrap(), &r["at"]["n.risk"][4 * i + j], 1e-12, "at risk");
        }
    }
    // without covariates the group itself is regressed on, as a factor
    check_cox(report.cox.as_ref().unwrap(), &r["cox_sex"], &["sex=2"]);
    let breslow = AnalysisSettings { ties: Ties::Breslow, ..AnalysisSettings::default() };
    let report = ask(&data, &SurvivalQuery { settings: breslow, ..query("time", "status2", Some("sex"), &[]) });
    check_cox(report.cox.as_ref().unwrap(), &r["cox_sex_breslow"], &["sex=2"]);
}

#[test]
fn lung_with_missing_covariates_strata_and_clusters() {
    let Some((r, mut data)) = lung() else { return };
    let report = ask(&data, &query("time", "status2", None, &["age", "sex", "ph.ecog"]));
    check_curves(&report, &r["km_all"]);
    check_cox(report.cox.as_ref().unwrap(), &r["cox_multi"], &["age", "sex", "ph.ecog"]);
    assert_eq!((report.n, report.n_missing_dropped), (228, 0));
    assert!(report.warnings.iter().any(|w| w.contains("leaves out 1 more rows")), "{:?}", report.warnings);
    let strata = SurvivalQuery { strata: Some("ph.ecog".to_owned()), ..query("time", "status2", Some("sex"), &[]) };
    let report = ask(&data, &strata);
    check_log_rank(&report, &r["strat_logrank"]);
    assert_eq!((report.n, report.n_missing_dropped), (227, 1));
    let strata =
        SurvivalQuery { strata: Some("sex".to_owned()), ..query("time", "status2", None, &["age", "ph.ecog"]) };
    check_cox(ask(&data, &strata).cox.as_ref().unwrap(), &r["cox_strata"], &["age", "ph.ecog"]);
    let cluster = SurvivalQuery { cluster: Some("inst".to_owned()), ..query("time", "status2", None, &["age", "sex"]) };
    check_cox(ask(&data, &cluster).cox.as_ref().unwrap(), &r["cox_robust_cluster_inst"], &["age", "sex"]);
    // ECOG and sex as categories: coded against the first level, tested together
    for name in ["sex", "ph.ecog"] {
        let mut builder = CategoryBuilder::new();
        for row in 0..data.table("variable").unwrap().n_rows() {
            builder.push(number(&data, name, row).map(|x| x.to_string()).as_deref());
        }
        with_column(&mut data, name, builder.finish());
    }
    let report = ask(&data, &query("time", "status2", None, &["age", "sex", "ph.ecog", "ph.karno", "wt.loss"]));
    let terms = ["age", "sex=2", "ph.ecog=1", "ph.ecog=2", "ph.ecog=3", "ph.karno", "wt.loss"];
    check_cox(report.cox.as_ref().unwrap(), &r["cox_factor"], &terms);
}

#[test]
fn veteran_and_rotterdam() {
    if let Some((r, data)) = case("veteran") {
        let report = ask(&data, &query("time", "status", Some("trt"), &[]));
        check_curves(&report, &r["veteran"]["km_trt"]);
        check_groups(&report, &r["veteran"]["km_trt"]["log-log"]["table"]);
        check_log_rank(&report, &r["veteran"]["logrank_trt"]);
        let report = ask(&data, &query("time", "status", Some("celltype"), &[]));
        check_log_rank(&report, &r["veteran"]["logrank_cell"]);
    }
    if let Some((r, mut data)) = case("rotterdam") {
        derive(&mut data, "rfs", |d, row| Some(number(d, "recur", row)?.max(number(d, "death", row)?)));
        derive(&mut data, "rfstime", |d, row| {
            number(d, if number(d, "recur", row)? == 1.0 { "rtime" } else { "dtime" }, row)
        });
        let report = ask(&data, &query("rfstime", "rfs", Some("chemo"), &[]));
        check_log_rank(&report, &r["rotterdam"]["logrank_chemo"]);
    }
}

#[test]
fn heart_with_late_entry() {
    let Some((r, data)) = case("heart") else { return };
    let query = SurvivalQuery {
        entry: Some("start".to_owned()),
        ..query("stop", "event", None, &["age", "year", "surgery", "transplant"])
    };
    let formula = r["heart"]["cox"]["formula"].as_str().unwrap();
    let report = ask(&data, &query);
    assert!(formula.starts_with("Surv(start, stop, event)"), "{formula}");
    check_cox(report.cox.as_ref().unwrap(), &r["heart"]["cox"], &["age", "year", "surgery", "transplant"]);
}
