//! `table`, `two-by-two`, `pool`: fields and numbers against the R reference.

use crate::support::rounds;

use rounds::{answer, close, fields, file, folder, numbers, reference, refusal, repository, word};
use serde_json::Value;

#[test]
fn two_by_two_is_that_of_r() {
    let cases = reference("tables.json");
    let cases = cases["two_by_two"].as_array().expect("cases");
    let mut n = 0;
    for case in cases.iter().filter(|case| case["level"] == 0.95) {
        let cells: Vec<String> = numbers(&case["cells"]).into_iter().flatten().map(|c| c.to_string()).collect();
        let words: Vec<&str> = std::iter::once("two-by-two").chain(cells.iter().map(String::as_str)).collect();
        let report = answer(&words);
        fields(&report, &["risk_ratio", "odds_ratio", "risk_difference", "fisher_p", "chi2", "nnt", "e_value"]);
        if !cells.iter().any(|c| c == "0") {
            for measure in ["risk_ratio", "odds_ratio"] {
                for field in ["estimate", "lower", "upper"] {
                    let what = format!("{cells:?} {measure} {field}");
                    close(&what, &report[measure][field], case[measure][field].as_f64(), 1e-8);
                }
            }
            fields(&report["e_value"], &["point", "limit"]);
        }
        close(
            &format!("{cells:?}"),
            &report["risk_difference"]["estimate"],
            case["risk_difference"]["estimate"].as_f64(),
            1e-8,
        );
        close(&format!("{cells:?} Fisher"), &report["fisher_p"], case["fisher_p"].as_f64(), 1e-7);
        if let Some(chi2) = case["chi2"].as_f64() {
            close(&format!("{cells:?} chi-squared"), &report["chi2"], Some(chi2), 1e-8);
        }
        n += 1;
    }
    assert!(n >= 5, "only {n} tables");
    for words in
        [&["two-by-two", "1", "2", "3"][..], &["two-by-two", "1", "2", "3", "-4"], &["two-by-two", "a", "b", "c", "d"]]
    {
        refusal(2, words);
    }
    refusal(2, &["two-by-two", "0", "0", "0", "0"]);
}

#[test]
fn pooling_is_that_of_metafor() {
    let all = reference("pool.json");
    let folder = folder();
    let mut n = 0;
    for (name, set) in all.as_object().expect("sets").iter().filter(|(name, _)| *name != "session") {
        let rows: Vec<String> = numbers(&set["yi"])
            .into_iter()
            .zip(numbers(&set["vi"]))
            .map(|(y, v)| format!("{},{}", y.expect("a number"), v.expect("a number").sqrt()))
            .collect();
        let path = file(folder.path(), &format!("{name}.csv"), format!("y,se\n{}\n", rows.join("\n")));
        for fit in set["fits"].as_array().expect("fits") {
            let method = fit["method"].as_str().expect("method").to_lowercase().replace("fe", "fixed");
            let mut words = vec!["pool", &path, "--estimate", "y", "--std-err", "se", "--method", &method];
            if fit["test"] == "knha" {
                words.push("--knapp-hartung");
                if method == "fixed" {
                    let said = refusal(2, &words);
                    assert!(said.contains("random effects"), "{said}");
                    continue;
                }
            }
            let report = answer(&words);
            let shape = [
                "k",
                "estimate",
                "std_err",
                "lower",
                "upper",
                "p",
                "tau2",
                "tau2_lower",
                "tau2_upper",
                "i2",
                "h2",
                "q",
                "q_p",
            ];
            fields(&report, &shape);
            fields(&report, &["prediction_lower", "prediction_upper"]);
            assert_eq!(report["k"], fit["k"], "{name}");
            for field in ["estimate", "std_err", "lower", "upper", "q"] {
                close(&format!("{name} {method} {field}"), &report[field], fit[field].as_f64(), 1e-6);
            }
            let tau2 = (report["tau2"].as_f64().expect("tau2"), fit["tau2"].as_f64().expect("tau2"));
            assert!((tau2.0 - tau2.1).abs() <= 1e-5 * tau2.1.max(1e-3), "{name} {method}: {tau2:?}");
            n += 1;
        }
    }
    assert!(n >= 40, "only {n} fits");
}

#[test]
fn a_table_to_pool_from_is_read_with_care() {
    let folder = folder();
    let bad = file(folder.path(), "bad.csv", "y,se\n0.1,0.2\nhigh,0.3\n");
    let said = refusal(1, &["pool", &bad, "--estimate", "y", "--std-err", "se"]);
    assert!(said.contains("bad.csv, line 3, field 'y'") && said.contains("'high'"), "{said}");
    let said = refusal(1, &["pool", &bad, "--estimate", "y", "--std-err", "sd"]);
    assert!(said.contains("'sd'") && said.contains("y, se"), "{said}");
    let negative = file(folder.path(), "negative.csv", "y,se\n0.1,0.2\n0.2,-0.3\n");
    refusal(1, &["pool", &negative, "--estimate", "y", "--std-err", "se"]);
    for (name, text) in [("empty.csv", ""), ("header.csv", "y,se\n"), ("ragged.csv", "y,se\n1,2\n3\n")] {
        refusal(1, &["pool", &file(folder.path(), name, text), "--estimate", "y", "--std-err", "se"]);
    }
    refusal(2, &["pool", &bad, "--estimate", "y", "--std-err", "se", "--method", "bayes"]);
}

#[test]
fn table_1_of_a_file() {
    let all = reference("tables.json");
    let cohort = all["cohort"].as_object().expect("columns");
    let folder = folder();
    let names = ["treated", "age", "marker", "sex"];
    let mut text = names.join(",") + "\n";
    for row in 0..numbers(&cohort["age"]).len() {
        let cells: Vec<String> =
            names.iter().map(|name| numbers(&cohort[*name])[row].map_or_else(String::new, |x| x.to_string())).collect();
        text += &(cells.join(",") + "\n");
    }
    let path = file(folder.path(), "cohort.csv", text);
    let whole = answer(&["table", &path, "--variables", "age,marker"]);
    for name in ["age", "marker"] {
        let row = whole["variables"].as_array().into_iter().flatten().find(|v| v["name"] == name).expect("a row");
        fields(row, &["name", "kind", "levels", "smd"]);
        let (summary, want) = (&row["by_group"][0], &all["describe"][name]);
        for field in ["mean", "sd", "min", "max"] {
            close(&format!("{name} {field}"), &summary[field], want[field].as_f64(), 1e-8);
        }
        for (field, want) in ["q1", "median", "q3"].into_iter().zip(numbers(&want["quartiles"])) {
            close(&format!("{name} {field}"), &summary[field], want, 1e-8);
        }
        assert_eq!((&summary["n"], &summary["missing"]), (&want["n"], &want["missing"]), "{name}");
    }
    let split = answer(&["table", &path, "--by", "treated"]);
    let row = |name: &str| -> Value {
        split["variables"].as_array().into_iter().flatten().find(|v| v["name"] == name).expect("a row").clone()
    };
    for name in ["age", "marker", "sex"] {
        let got = row(name)["smd"].as_f64().map(f64::abs);
        let want = all["smd"][name].as_f64().map(f64::abs);
        close(name, &serde_json::json!(got), want, 1e-8);
    }
    assert_eq!(split["groups"].as_array().map(Vec::len), Some(2));
}

#[test]
fn table_1_of_the_sample_counts_categories() {
    let path = word(&repository("public/samples/rotterdam.csv"));
    let table = answer(&["table", &path, "--by", "hormon", "--variables", "size,age"]);
    let size =
        table["variables"].as_array().into_iter().flatten().find(|v| v["name"] == "size").expect("a row").clone();
    assert_eq!(size["kind"], "category");
    for group in size["by_group"].as_array().expect("groups") {
        let counts: f64 = numbers(&group["count"]).into_iter().flatten().sum();
        let percents: f64 = numbers(&group["percent"]).into_iter().flatten().sum();
        assert_eq!(Some(counts), group["n"].as_f64());
        assert!((percents - 100.0).abs() < 1e-9);
    }
    refusal(1, &["table", &path, "--by", "hormone"]);
    refusal(1, &["table", &path, "--variables", "age,height"]);
}
