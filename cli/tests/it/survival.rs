//! `rounds survival`: the contract's fields, and every case of the R reference through the binary.

use crate::support::rounds;

use std::path::Path;

use rounds::{answer, close, fields, file, folder, numbers, reference, refusal, repository, word};
use serde_json::Value;

const CLOSED: f64 = 1e-8;
const ITERATED: f64 = 1e-6;

/// Columns of the reference as a CSV file, in full precision.
fn csv(columns: &Value) -> String {
    let columns: Vec<(&String, &Vec<Value>)> = columns
        .as_object()
        .expect("columns")
        .iter()
        .map(|(name, values)| (name, values.as_array().expect("values")))
        .collect();
    let names: Vec<&str> = columns.iter().map(|(name, _)| name.as_str()).collect();
    let mut text = names.join(",") + "\n";
    for row in 0..columns[0].1.len() {
        let cell = |value: &Value| match value {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        };
        let cells: Vec<String> = columns.iter().map(|(_, values)| cell(&values[row])).collect();
        text += &(cells.join(",") + "\n");
    }
    text
}

/// Runs each case of a kind and hands over the report, the case and its words.
fn each_case(kind: &str, mut check: impl FnMut(&str, &Value, &Value)) -> usize {
    let all = reference("survival.json");
    let folder = folder();
    let sets = all["data"].as_object().expect("data");
    for (name, columns) in sets {
        file(folder.path(), &format!("{name}.csv"), csv(columns));
    }
    let cases = all[kind].as_array().expect("cases");
    let mut n = 0;
    for case in cases {
        let Some(words) = words(folder.path(), case) else { continue };
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        check(&words[2..].join(" "), &answer(&words), case);
        n += 1;
    }
    n
}

/// The call that asks what a case asked R; none where the command line has no such option.
fn words(folder: &Path, case: &Value) -> Option<Vec<String>> {
    if !case["rho"].is_null() && case["rho"] != 0 || !case["level"].is_null() && case["level"] != 0.95 {
        return None;
    }
    let set = case["set"].as_str().expect("set");
    let mut words = vec!["survival".to_owned(), word(&folder.join(format!("{set}.csv")))];
    let mut option = |name: &str, value: &str| words.extend([format!("--{name}"), value.to_owned()]);
    let keys = [
        ("time", "time"),
        ("event", "event"),
        ("entry", "entry"),
        ("group", "group"),
        ("strata", "strata"),
        ("weight", "weights"),
        ("cluster", "cluster"),
        ("ties", "ties"),
        ("conf", "ci"),
    ];
    for (key, name) in keys {
        if let Some(value) = case[key].as_str() {
            option(name, value);
        }
    }
    let covariates: Vec<&str> = case["covariates"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
    match case["covariates"].as_str() {
        Some(only) => option("covariates", only),
        None if !covariates.is_empty() => option("covariates", &covariates.join(",")),
        None => {}
    }
    Some(words)
}

#[test]
fn every_field_of_the_contract_is_there() {
    let file = word(&repository("public/samples/gbsg.csv"));
    let all = ["survival", &file, "--time", "rfstime", "--event", "status", "--group", "hormon"];
    let report = answer(&[&all[..], &["--covariates", "hormon,age", "--tau", "1000"]].concat());
    fields(&report, &["n", "n_events", "n_missing_dropped", "groups", "log_rank", "cox"]);
    assert_eq!(
        (&report["n"], &report["n_events"], &report["n_missing_dropped"]),
        (&686.into(), &299.into(), &0.into())
    );
    let group = &report["groups"][0];
    fields(group, &["name", "n", "n_events", "median", "median_lower", "median_upper", "rmst", "curve"]);
    fields(&group["rmst"], &["tau", "value", "std_err"]);
    assert_eq!(group["rmst"]["tau"], 1000.0);
    let point = ["time", "n_at_risk", "n_events", "n_censored", "survival", "std_err", "lower", "upper"];
    fields(&group["curve"][0], &point);
    fields(&report["log_rank"], &["chi2", "df", "p"]);
    let cox = &report["cox"];
    let wanted = ["ties", "n", "n_events", "log_likelihood_null", "log_likelihood", "coefficients", "concordance"];
    fields(cox, &wanted);
    let term = ["term", "coef", "std_err", "robust_std_err", "z", "p", "hazard_ratio", "lower", "upper"];
    fields(&cox["coefficients"][0], &term);
    fields(&cox["concordance"], &["value", "std_err"]);
    let tests = cox["proportional_hazards"].as_array().expect("tests");
    fields(&tests[0], &["term", "chi2", "df", "p"]);
    assert_eq!(tests.last().expect("one")["term"], "GLOBAL");
    assert_eq!(cox["ties"], "efron");
}

#[test]
fn curves_are_those_of_survfit() {
    let n = each_case("curves", |label, report, case| {
        if !case["cluster"].is_null() {
            // clusters are for Cox: curves have Greenwood's errors
            return;
        }
        let (groups, wanted) = (&report["groups"], case["curves"].as_array().expect("curves"));
        assert_eq!(groups.as_array().map(Vec::len), Some(wanted.len()), "{label}");
        for (group, want) in groups.as_array().into_iter().flatten().zip(wanted) {
            let points = group["curve"].as_array().expect("curve");
            assert_eq!(points.len() as u64, want["n_steps"], "{label}");
            for (k, index) in numbers(&want["index"]).into_iter().flatten().enumerate() {
                for field in ["time", "n_at_risk", "n_events", "n_censored", "survival", "std_err", "lower", "upper"] {
                    let want = numbers(&want[field])[k];
                    close(&format!("{label}: {field}"), &points[index as usize][field], want, CLOSED);
                }
            }
            let quantiles = &want["quantiles"];
            for (k, share) in numbers(&quantiles["share"]).into_iter().enumerate() {
                if share == Some(0.5) {
                    for (field, r) in [("median", "time"), ("median_lower", "lower"), ("median_upper", "upper")] {
                        close(&format!("{label}: {field}"), &group[field], numbers(&quantiles[r])[k], CLOSED);
                    }
                }
            }
        }
    });
    assert!(n > 20, "only {n} cases");
}

#[test]
fn the_test_is_that_of_survdiff() {
    let n = each_case("tests", |label, report, case| {
        for field in ["chi2", "df", "p"] {
            close(&format!("{label}: {field}"), &report["log_rank"][field], case[field].as_f64(), CLOSED);
        }
    });
    assert!(n > 10, "only {n} cases");
}

#[test]
fn the_regression_is_that_of_coxph() {
    let n = each_case("cox", |label, report, case| {
        let cox = &report["cox"];
        assert_eq!(cox["ties"], case["ties"], "{label}");
        assert_eq!((&cox["n"], &cox["n_events"]), (&case["n"], &case["n_events"]), "{label}");
        let log_likelihood = numbers(&case["log_likelihood"]);
        close(label, &cox["log_likelihood_null"], log_likelihood[0], ITERATED);
        close(label, &cox["log_likelihood"], *log_likelihood.last().expect("one"), ITERATED);
        close(label, &cox["concordance"]["value"], case["concordance"].as_f64(), ITERATED);
        close(label, &cox["concordance"]["std_err"], case["concordance_std_err"].as_f64(), ITERATED);
        let coefficients = cox["coefficients"].as_array().expect("coefficients");
        let robust = !case["naive_std_err"].is_null();
        for (k, coefficient) in coefficients.iter().enumerate() {
            // R's standard error is the robust one where there is one
            let std_err = if robust { "robust_std_err" } else { "std_err" };
            for (field, r) in
                [("coef", "coef"), (std_err, "std_err"), ("z", "z"), ("lower", "lower"), ("upper", "upper")]
            {
                // R gives a coefficient that cannot be estimated a standard error of 0
                let want = numbers(&case["coef"])[k].and(numbers(&case[r])[k]);
                close(&format!("{label}: {field} {k}"), &coefficient[field], want, ITERATED);
            }
        }
        let of_km = case["proportional_hazards"].as_array().into_iter().flatten().find(|t| t["transform"] == "km");
        if let Some(test) = of_km {
            let ours = cox["proportional_hazards"].as_array().expect("tests");
            let theirs = numbers(&test["chi2"]);
            // R tests a factor's columns together; then only the last line, the global one, is the same
            let n_same = if ours.len() == theirs.len() { ours.len() } else { 1 };
            for (ours, theirs) in ours.iter().rev().zip(theirs.into_iter().rev()).take(n_same) {
                close(&format!("{label}: proportional hazards of {}", ours["term"]), &ours["chi2"], theirs, ITERATED);
            }
        }
    });
    assert!(n > 60, "only {n} cases");
}

#[test]
fn words_that_do_not_fit_end_with_status_2() {
    let file = word(&repository("public/samples/gbsg.csv"));
    let base = ["survival", &file, "--time", "rfstime", "--event", "status"];
    for more in [
        &["--frob"][..],
        &["--ties", "exact"],
        &["--ci", "arcsin"],
        &["--tau", "-3"],
        &["--tau", "soon"],
        &["--group", "status"],
        &["--covariates", "age,rfstime"],
    ] {
        refusal(2, &[&base[..], more].concat());
    }
    refusal(2, &["survival", &file, "--time", "rfstime"]);
    refusal(2, &["survival", &file, "--time", "status", "--event", "status"]);
    refusal(2, &["survive"]);
    refusal(2, &[]);
    let said = refusal(1, &["survival", &file, "--time", "rfstime", "--event", "died"]);
    assert!(said.contains("gbsg.csv") && said.contains("'died'") && said.contains("status"), "{said}");
}

#[test]
fn cumulative_incidence_is_that_of_cuminc() {
    let all = reference("competing.json");
    let folder = folder();
    let mut n = 0;
    for (name, case) in all.as_object().expect("cases").iter().filter(|(name, _)| *name != "session") {
        let columns = ["time", "cause", "group", "strata"].into_iter().filter(|c| !case[*c].is_null());
        let columns: serde_json::Map<String, Value> = columns.map(|c| (c.to_owned(), case[c].clone())).collect();
        let path = file(folder.path(), &format!("{name}.csv"), csv(&Value::Object(columns)));
        let mut words = vec!["survival", &path, "--time", "time", "--event", "cause", "--causes"];
        for option in ["group", "strata"] {
            if !case[option].is_null() {
                words.extend([if option == "group" { "--group" } else { "--strata" }, option]);
            }
        }
        let report = answer(&words);
        let curves = report["cumulative_incidence"].as_array().expect("curves");
        let wanted = case["curves"].as_array().expect("curves");
        assert_eq!(curves.len(), wanted.len(), "{name}");
        let n_groups = report["groups"].as_array().expect("groups").len();
        for (k, curve) in curves.iter().enumerate() {
            let (group, cause) = (k / (curves.len() / n_groups), curve["cause"].as_u64().expect("a cause") as usize);
            let want = &wanted[(cause - 1) * n_groups + group];
            let points = curve["curve"].as_array().expect("points");
            assert_eq!(points.len(), numbers(&want["time"]).len(), "{name} {}", want["name"]);
            for (i, point) in points.iter().enumerate() {
                for field in ["time", "estimate", "variance"] {
                    close(&format!("{name} {field}"), &point[field], numbers(&want[field])[i], CLOSED);
                }
            }
        }
        for (test, want) in
            report["gray"].as_array().expect("tests").iter().zip(case["gray"].as_array().into_iter().flatten())
        {
            assert_eq!((&test["cause"], &test["df"]), (&want["cause"], &want["df"]), "{name}");
            close(name, &test["chi2"], want["chi2"].as_f64(), CLOSED);
            n += 1;
        }
    }
    assert!(n > 8, "only {n} tests");
    let file = word(&repository("public/samples/gbsg.csv"));
    let base = ["survival", &file, "--time", "rfstime", "--causes", "--event"];
    let said = refusal(2, &[&base[..], &["status", "--entry", "age"]].concat());
    assert!(said.contains("--entry") && said.contains("not built"), "{said}");
    let said = refusal(1, &[&base[..], &["age"]].concat());
    assert!(said.contains("'age'") && said.contains("causes"), "{said}");
}
