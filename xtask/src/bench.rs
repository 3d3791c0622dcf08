//! `cargo xtask bench`: the figures, as JSON lines. A timing is printed, never asserted.

mod intake;

use anyhow::Context as _;
use serde_json::{Value, json};

use crate::run::{command, output, root, run, tee};
use crate::{build, tools};

/// Largest relative difference between our answers and R's that is agreement: closed forms, iterated ones.
const SAME: [f64; 2] = [1e-8, 1e-6];

/// Native figures, R's in the same run where it is installed, then the same in a browser tab.
pub fn bench(quick: bool) -> anyhow::Result<()> {
    survival()?;
    run("cargo", &["run", "--quiet", "--release", "--package", "study", "--example", "survival_speed"])?;
    for package in ["intake", "cohort"] {
        run("cargo", &["run", "--quiet", "--release", "--package", package, "--example", "speed"])?;
    }
    intake::native()?;
    if quick {
        return Ok(());
    }
    let chromium = tools::chromium()?;
    build::page()?;
    let server = build::server(build::Profile::Release)?;
    let mut playwright = command("npx", &["playwright", "test", "--config", "bench.config.ts"]);
    playwright.current_dir("e2e").env("CHROMIUM", chromium).env("ROUNDS_SERVER", server);
    playwright.env("BENCH_FILES", intake::folder());
    let (ok, _) = tee(playwright)?;
    anyhow::ensure!(ok, "the browser figures could not be measured");
    Ok(())
}

/// Survival on 1,000,000 rows, ours and R's on the same data: a line each, and a line that compares the two.
fn survival() -> anyhow::Result<()> {
    const ROWS: &str = "1000000";
    let data = root().join("target/bench-survival.bin");
    std::fs::create_dir_all(root().join("target"))?;
    let path = data.display().to_string();
    let run_ours = ["run", "--quiet", "--release", "--package", "stats", "--example", "speed", "--", ROWS, "", &path];
    let (ok, ours) = tee(command("cargo", &run_ours))?;
    anyhow::ensure!(ok, "the native figures could not be measured");
    if output("Rscript", &["--version"]).is_none() {
        eprintln!("R is not installed: no peer in this run");
        return Ok(());
    }
    let script = root().join("e2e/bench/survival.R").display().to_string();
    let (ok, theirs) = tee(command("Rscript", &["--vanilla", &script, &path, ROWS]))?;
    anyhow::ensure!(ok, "R's figures could not be measured");
    std::fs::remove_file(&data)?;
    let ours = lines(&ours)?;
    for theirs in lines(&theirs)? {
        let name = theirs["name"].as_str().unwrap_or_default();
        let ours = ours.iter().find(|line| line["name"] == name).with_context(|| format!("we have no '{name}'"))?;
        let compared = compare(name, ours, &theirs);
        println!("{compared}");
        anyhow::ensure!(compared["answers_agree"] == true, "{name}: our answers are not R's");
    }
    Ok(())
}

fn lines(text: &str) -> anyhow::Result<Vec<Value>> {
    text.lines().map(|line| serde_json::from_str(line).with_context(|| format!("not JSON: {line}"))).collect()
}

/// How many times faster than R, and how far the answers are apart.
fn compare(name: &str, ours: &Value, theirs: &Value) -> Value {
    let numbers = |line: &Value| -> Vec<f64> {
        line["answers"].as_array().into_iter().flatten().map(|x| x.as_f64().unwrap_or(f64::NAN)).collect()
    };
    let ratio = |what: &str| theirs[what].as_f64().unwrap_or(f64::NAN) / ours[what].as_f64().unwrap_or(f64::NAN);
    let (mine, peers) = (numbers(ours), numbers(theirs));
    let apart = |(a, b): (&f64, &f64)| (a - b).abs() / b.abs().max(f64::MIN_POSITIVE);
    let differences: Vec<f64> = mine.iter().zip(&peers).map(apart).collect();
    let same = if name.starts_with("cox") { SAME[1] } else { SAME[0] };
    let agree = mine.len() == peers.len() && !mine.is_empty() && differences.iter().all(|d| *d <= same);
    json!({
        "name": name,
        "where": "ours against R",
        "rows": ours["rows"],
        "ms": ours["ms"],
        "r_ms": theirs["ms"],
        "times_faster": ratio("ms"),
        "times_faster_cpu": ratio("cpu_ms"),
        "answers": mine.len(),
        "largest_relative_difference": differences.iter().copied().fold(0.0, f64::max),
        "answers_agree": agree,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_that_differ_or_lack_do_not_agree() {
        let line = |answers: Value| json!({"rows": 5, "ms": 2.0, "cpu_ms": 1.0, "answers": answers});
        let r = |answers: Value| json!({"rows": 5, "ms": 20.0, "cpu_ms": 30.0, "answers": answers});
        let same = compare("kaplan_meier", &line(json!([1.0, 2.0])), &r(json!([1.0, 2.0 + 1e-9])));
        assert_eq!(same["answers_agree"], true);
        assert_eq!((same["times_faster"].as_f64(), same["times_faster_cpu"].as_f64()), (Some(10.0), Some(30.0)));
        for other in [json!([1.0, 2.0001]), json!([1.0]), json!([]), json!([1.0, null])] {
            let other = compare("kaplan_meier", &line(json!([1.0, 2.0])), &r(other));
            assert_eq!(other["answers_agree"], false, "{other}");
        }
        assert_eq!(compare("x", &line(json!([])), &r(json!([])))["answers_agree"], false);
    }
}
