//! `cargo xtask test`: everything that must hold, and one closing line with counts.

use std::process::Command;

use anyhow::bail;

use crate::run::{command, run, tee};
use crate::{build, tools};

/// Every worker, and the feature it is built with.
const WORKERS: [(&str, &str); 3] = [("engine", "studies"), ("intake", "files"), ("desk", "desk")];

/// Counts of tests.
#[derive(Clone, Copy, Default)]
struct Counts {
    passed: u64,
    failed: u64,
    skipped: u64,
}

/// Everything, the browser too unless `quick`.
pub fn test(quick: bool) -> anyhow::Result<()> {
    let start = std::time::Instant::now();
    run("cargo", &["fmt", "--all", "--check"])?;
    tools::cargo_deny()?;
    let mut counts = if quick { native_part()? } else { native_part_and_page()? };
    if counts.failed == 0 && !quick {
        let browser = browser(&[])?;
        counts.passed += browser.passed;
        counts.failed += browser.failed;
        counts.skipped += browser.skipped;
    }
    eprintln!("{:.0} s in all", start.elapsed().as_secs_f64());
    println!("{} passed, {} failed, {} skipped", counts.passed, counts.failed, counts.skipped);
    if counts.failed > 0 {
        bail!("{} tests failed", counts.failed);
    }
    Ok(())
}

fn native_part() -> anyhow::Result<Counts> {
    timed("lint", lint_beside_tests)?;
    timed("native tests", native)
}

/// The page is compiled beside the rest: for minutes it is linked on one processor, and the other one would wait.
fn native_part_and_page() -> anyhow::Result<Counts> {
    tools::for_building()?;
    std::thread::scope(|scope| {
        let page = scope.spawn(|| timed("page", build::page));
        let counts = native_part();
        // Both are waited for; what lint and the native tests found is said first.
        let page = page.join().unwrap_or_else(|_| bail!("the page could not be built"));
        let counts = counts?;
        page.map(|()| counts)
    })
}

/// Does something and says how long it took.
fn timed<T>(what: &str, work: impl FnOnce() -> anyhow::Result<T>) -> anyhow::Result<T> {
    let start = std::time::Instant::now();
    let done = work()?;
    eprintln!("{what}: {:.0} s", start.elapsed().as_secs_f64());
    Ok(done)
}

/// Formatting, clippy, cargo deny.
pub fn lint() -> anyhow::Result<()> {
    run("cargo", &["clippy", "--quiet", "--all-targets", "--", "-D", "warnings"])?;
    run("cargo", &["clippy", "--quiet", "-p", "app", "--target", "wasm32-unknown-unknown", "--", "-D", "warnings"])?;
    lint_beside_tests()
}

/// What is not linted while the native tests are compiled (see [`linted`]).
fn lint_beside_tests() -> anyhow::Result<()> {
    run("cargo", &["fmt", "--all", "--check"])?;
    let wasm = ["--target", "wasm32-unknown-unknown", "--", "-D", "warnings"];
    run("cargo", &[&["clippy", "--quiet", "-p", "web"][..], &wasm].concat())?;
    // Each worker as it is shipped: without what the others do.
    for (worker, feature) in WORKERS {
        let args =
            ["clippy", "--quiet", "-p", "worker", "--no-default-features", "--features", feature, "--bin", worker];
        run("cargo", &[&args[..], &wasm].concat())?;
    }
    tools::cargo_deny()?;
    // The advisory database is fetched over the network: the workflow on the forge runs `cargo deny check` whole.
    run("cargo", &["deny", "--log-level", "error", "check", "licenses", "bans", "sources"])
}

/// Has our own crates compiled by clippy, a warning being an error. `cargo clippy` would look at every package of others once
/// more, beside the compiling for the tests: minutes on a fresh clone.
pub fn linted(mut command: Command) -> Command {
    command.env("RUSTC_WORKSPACE_WRAPPER", "clippy-driver").env("CLIPPY_ARGS", "-Dwarnings__CLIPPY_HACKERY__");
    command
}

/// Native tests of every crate that has any, the page's own logic too: one build, since other packages would ask for other
/// features, and everything would be compiled again.
fn native() -> anyhow::Result<Counts> {
    let mut counts = Counts::default();
    // Those two are nothing without a browser.
    let everywhere = ["test", "--no-fail-fast", "--workspace", "--exclude", "web", "--exclude", "worker"];
    let (ok, text) = tee(linted(command("cargo", &everywhere)))?;
    for line in text.lines().filter_map(|l| l.strip_prefix("test result: ")) {
        counts.passed += count(line, "passed");
        counts.failed += count(line, "failed");
        counts.skipped += count(line, "ignored");
    }
    if !ok && counts.failed == 0 {
        bail!("the native tests could not be built (a lint is an error here) or run");
    }
    Ok(counts)
}

/// The number before a word: `ok. 12 passed; 0 failed`.
fn count(text: &str, word: &str) -> u64 {
    let words: Vec<&str> = text.split(|c: char| !c.is_ascii_alphanumeric()).filter(|w| !w.is_empty()).collect();
    words.windows(2).find(|pair| pair[1] == word).and_then(|pair| pair[0].parse().ok()).unwrap_or(0)
}

/// The browser tests on the page as it is shipped; the server is the one that the native tests have built already.
fn browser(args: &[String]) -> anyhow::Result<Counts> {
    let chromium = tools::chromium()?;
    build::page()?;
    let server = timed("server", || build::server(build::Profile::Dev))?;
    let mut playwright = command("npx", &["playwright", "test"]);
    playwright.args(args).current_dir("e2e").env("CHROMIUM", chromium).env("ROUNDS_SERVER", server);
    let (ok, text) = timed("browser tests", || tee(playwright))?;
    let sum = |word: &str| text.lines().map(|l| if l.starts_with("  ") { count(l, word) } else { 0 }).sum::<u64>();
    let counts = Counts { passed: sum("passed"), failed: sum("failed"), skipped: sum("skipped") };
    if !ok && counts.failed == 0 {
        bail!("the browser tests could not be run");
    }
    if counts.passed + counts.failed == 0 {
        bail!("no browser test ran");
    }
    Ok(counts)
}

/// Browser tests only.
pub fn e2e(args: &[String]) -> anyhow::Result<()> {
    let counts = browser(args)?;
    println!("{} passed, {} failed, {} skipped", counts.passed, counts.failed, counts.skipped);
    if counts.failed > 0 {
        bail!("{} browser tests failed", counts.failed);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{WORKERS, count};
    use crate::run::root;

    #[test]
    fn workers_are_linted_as_they_are_shipped() {
        let html = std::fs::read_to_string(root().join("app/index.html")).unwrap();
        let shipped = html.split("data-trunk").filter(|link| link.contains("data-type=\"worker\""));
        let shipped: Vec<(&str, &str)> =
            shipped.map(|link| (value(link, "data-bin"), value(link, "data-cargo-features"))).collect();
        assert_eq!(shipped, WORKERS);
        for (worker, _) in WORKERS {
            let script = std::fs::read_to_string(root().join(format!("public/{worker}_start.js"))).unwrap();
            assert!(script.contains(&format!("\"/{worker}.js\"")), "public/{worker}_start.js starts another worker");
            assert!(
                script.contains(&format!("\"/{worker}_bg.wasm\"")),
                "public/{worker}_start.js fetches another module"
            );
        }
    }

    /// The value of an attribute.
    fn value<'a>(tag: &'a str, name: &str) -> &'a str {
        tag.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default()
    }

    #[test]
    fn every_test_file_is_part_of_its_program() {
        let mut seen = 0;
        let crates = ["cli", "server", "xtask"].map(|c| root().join(c)).into_iter();
        let shared = std::fs::read_dir(root().join("shared")).unwrap().map(|entry| entry.unwrap().path());
        for it in crates.chain(shared).map(|c| c.join("tests/it")).filter(|it| it.is_dir()) {
            let main = std::fs::read_to_string(it.join("main.rs")).unwrap();
            for file in std::fs::read_dir(&it).unwrap().map(|entry| entry.unwrap().path()) {
                let name = file.file_stem().unwrap().to_string_lossy().into_owned();
                if file.extension().is_some_and(|end| end == "rs") && name != "main" {
                    let line = format!("mod {name};");
                    assert!(main.lines().any(|l| l == line), "{} lacks '{line}'", it.join("main.rs").display());
                    seen += 1;
                }
            }
        }
        assert!(seen > 50, "{seen} test files found");
    }

    #[test]
    fn counts_are_read_from_the_runners_own_lines() {
        let line = "ok. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.13s";
        assert_eq!((count(line, "passed"), count(line, "failed"), count(line, "ignored")), (12, 3, 1));
        assert_eq!(count("  17 passed (1.2m)", "passed"), 17);
        assert_eq!(count("  2 flaky", "passed"), 0);
    }
}
