//! `rounds match`: fields, pairs that are pairs, effects that can be added up by hand, and R's numbers where the reference
//! folder is there.

use crate::support::rounds;

use rounds::{answer, close, fields, file, folder, refusal, word};
use serde_json::{Value, json};

/// Treatment, age, grade and outcome of 300 persons; the older are treated more often. Row 5 lacks the age, row 9 the
/// outcome.
fn people() -> Vec<[f64; 4]> {
    let mut state = 11u64;
    let mut random = move || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (state >> 33) as f64 / f64::from(1u32 << 31)
    };
    (0..300)
        .map(|_| {
            let age = 40.0 + (random() * 400.0).round() / 10.0;
            let treated = f64::from(u8::from(random() < (age - 30.0) / 100.0));
            let grade = (1.0 + random() * 3.0).floor();
            [treated, age, grade, f64::from(u8::from(random() < 0.3 + 0.1 * treated))]
        })
        .collect()
}

fn csv(people: &[[f64; 4]]) -> String {
    let mut text = "treated,age,grade,died\n".to_owned();
    for (row, [treated, age, grade, died]) in people.iter().enumerate() {
        let age = if row == 5 { String::new() } else { age.to_string() };
        let died = if row == 9 { String::new() } else { died.to_string() };
        text += &format!("{treated},{age},G{grade},{died}\n");
    }
    text
}

#[test]
fn pairs_are_pairs_and_the_effect_is_theirs() {
    let folder = folder();
    let people = people();
    let path = file(folder.path(), "people.csv", csv(&people));
    let base = ["match", &path, "--treatment", "treated", "--covariates", "age,grade"];
    let report = answer(&[&base[..], &["--outcome", "died", "--pairs"]].concat());
    let counts = ["n_treated", "n_control", "n_matched_treated", "n_matched_control"];
    fields(&report, &counts);
    fields(&report, &["propensity", "balance", "effective_sample_size", "pairs", "effect"]);
    fields(&report["propensity"], &["coefficients", "auc", "equipoise"]);
    let terms: Vec<&str> = report["propensity"]["coefficients"]
        .as_array()
        .expect("terms")
        .iter()
        .map(|c| {
            fields(c, &["term", "coef", "std_err"]);
            c["term"].as_str().expect("a name")
        })
        .collect();
    assert_eq!(terms, ["(Intercept)", "age", "grade=G2", "grade=G3"]);
    let shape = ["covariate", "smd_before", "smd_after", "variance_ratio_before", "variance_ratio_after"];
    fields(&report["balance"][0], &shape);
    assert_eq!(report["n_missing_dropped"], 1);

    let pairs: Vec<(usize, usize)> = report["pairs"]
        .as_array()
        .expect("pairs")
        .iter()
        .map(|pair| (pair[0].as_u64().expect("a row") as usize, pair[1].as_u64().expect("a row") as usize))
        .collect();
    assert_eq!(report["n_matched_treated"], pairs.len());
    assert_eq!(report["effective_sample_size"]["control"], pairs.len() as f64);
    let mut rows: Vec<usize> = pairs.iter().flat_map(|&(t, c)| [t, c]).collect();
    assert!(pairs.iter().all(|&(t, c)| people[t][0] == 1.0 && people[c][0] == 0.0));
    rows.sort_unstable();
    rows.dedup();
    assert_eq!(rows.len(), 2 * pairs.len(), "nobody twice");
    assert!(!rows.contains(&5), "a row without an age");

    let risk = |of: &dyn Fn(&(usize, usize)) -> usize| {
        let died: Vec<f64> = pairs.iter().map(of).filter(|&row| row != 9).map(|row| people[row][3]).collect();
        died.iter().sum::<f64>() / died.len() as f64
    };
    let (treated, control) = (risk(&|pair| pair.0), risk(&|pair| pair.1));
    let effect = &report["effect"];
    for (measure, want) in [
        ("risk_difference", treated - control),
        ("risk_ratio", treated / control),
        ("odds_ratio", treated / (1.0 - treated) / (control / (1.0 - control))),
    ] {
        fields(&effect[measure], &["estimate", "std_err", "lower", "upper"]);
        close(measure, &effect[measure]["estimate"], Some(want), 1e-12);
    }
    let smd = |which: &str| report["balance"][0][which].as_f64().expect("a number").abs();
    assert!(smd("smd_before") > 0.3 && smd("smd_after") < 0.1, "age was not balanced");
}

#[test]
fn more_controls_and_a_narrower_caliper() {
    let folder = folder();
    let path = file(folder.path(), "people.csv", csv(&people()));
    let base = ["match", &path, "--treatment", "treated", "--covariates", "age,grade"];
    let count = |more: &[&str], what: &str| answer(&[&base[..], more].concat())[what].as_u64().expect("a count");
    let once = count(&[], "n_matched_control");
    assert_eq!(once, count(&["--ratio", "1", "--caliper", "0.2"], "n_matched_treated"));
    assert!(count(&["--ratio", "2"], "n_matched_control") > once);
    assert!(count(&["--caliper", "0.001"], "n_matched_treated") < once);
    assert!(answer(&base).get("pairs").is_none());
}

#[test]
fn weights_keep_everybody() {
    let folder = folder();
    let path = file(folder.path(), "people.csv", csv(&people()));
    let base = ["match", &path, "--treatment", "treated", "--covariates", "age,grade", "--method", "none"];
    for estimand in ["att", "ate", "ato"] {
        let report = answer(&[&base[..], &["--estimand", estimand, "--outcome", "died"]].concat());
        assert_eq!(report["n_matched_control"], report["n_control"]);
        let (size, n) = (&report["effective_sample_size"]["treated"], &report["n_treated"]);
        let (size, n) = (size.as_f64().expect("a size"), n.as_f64().expect("a count"));
        assert!(if estimand == "att" { size == n } else { size < n }, "{estimand}: {size} of {n}");
        fields(&report["effect"]["odds_ratio"], &["estimate", "std_err", "lower", "upper"]);
    }
}

#[test]
fn words_and_data_that_do_not_fit() {
    let folder = folder();
    let path = file(folder.path(), "people.csv", csv(&people()));
    let base = ["match", &path, "--treatment", "treated", "--covariates", "age,grade"];
    for more in [
        &["--method", "none", "--pairs"][..],
        &["--method", "none", "--caliper", "0.1"],
        &["--method", "none", "--ratio", "2"],
        &["--estimand", "ate"],
        &["--caliper", "0"],
        &["--ratio", "0"],
        &["--method", "optimal"],
        &["--outcome", "age"],
    ] {
        refusal(2, &[&base[..], more].concat());
    }
    refusal(2, &["match", &path, "--treatment", "treated"]);
    let said = refusal(1, &["match", &path, "--treatment", "grade", "--covariates", "age"]);
    assert!(said.contains("'grade'") && said.contains("treated"), "{said}");
    let split = file(folder.path(), "split.csv", "t,x\n1,9\n1,8\n1,7\n0,1\n0,2\n0,3\n");
    let said = refusal(1, &["match", &split, "--treatment", "t", "--covariates", "x"]);
    assert!(said.contains("'x'") && said.contains("overlap"), "{said}");
    let all = file(folder.path(), "all.csv", "t,x\n1,9\n1,8\n1,7\n");
    refusal(1, &["match", &all, "--treatment", "t", "--covariates", "x"]);
}

#[test]
fn lalonde_is_matched_and_weighted_as_r_does() {
    let shared = rounds::repository("../shared/data");
    let (data, results) = (shared.join("survival/lalonde.csv"), shared.join("reference/causal.json"));
    let Ok(text) = std::fs::read_to_string(results) else {
        println!("shared data are not here: 0 checks of matching on lalonde");
        return;
    };
    let all: Value = serde_json::from_str(&text).expect("JSON");
    let want = &all["lalonde"];
    let data = word(&data);
    let covariates = "age,educ,race,married,nodegree,re74,re75";
    let base = ["match", &data, "--treatment", "treat", "--covariates", covariates, "--outcome", "re78"];
    let report = answer(&base);
    for (k, coefficient) in report["propensity"]["coefficients"].as_array().into_iter().flatten().enumerate() {
        close("coefficient", &coefficient["coef"], want["ps_model"]["coef"][k].as_f64(), 1e-6);
        close("standard error", &coefficient["std_err"], want["ps_model"]["se"][k].as_f64(), 1e-6);
    }
    assert_eq!((&report["n_matched_treated"], &report["n_matched_control"]), (&json!(117), &json!(117)));
    close("caliper", &report["caliper_width"], want["nn_logit_caliper02"]["caliper"]["1"].as_f64(), 1e-6);
    for (estimand, name) in [("att", "att"), ("ate", "ate"), ("ato", "overlap")] {
        let report = answer(&[&base[..], &["--method", "none", "--estimand", estimand]].concat());
        let (effect, want) = (&report["effect"]["mean_difference"], &want["iptw_re78"][name]);
        close(name, &effect["estimate"], want["diff"].as_f64(), 1e-6);
        close(name, &effect["std_err"], want["se_svyglm"].as_f64(), 1e-6);
        for arm in ["treated", "control"] {
            let size = want["weights"][format!("ess_{arm}")].as_f64();
            close(name, &report["effective_sample_size"][arm], size, 1e-6);
        }
    }
}
