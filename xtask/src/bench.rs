//! `cargo xtask bench`: the figures, as JSON lines. A timing is printed, never asserted.

use crate::run::{command, output, root, run, run_in, tee};
use crate::{build, tools};

/// Native figures, R's in the same run where it is installed, then the same in a browser tab.
pub fn bench(quick: bool) -> anyhow::Result<()> {
    for package in ["stats", "intake", "cohort"] {
        if root().join(format!("shared/{package}/examples/speed.rs")).exists() {
            run("cargo", &["run", "--quiet", "--release", "--package", package, "--example", "speed"])?;
        }
    }
    if output("Rscript", &["--version"]).is_some() {
        run_in("e2e/bench", "Rscript", &["--vanilla", "survival.R"])?;
    } else {
        eprintln!("R is not installed: no peer in this run");
    }
    if quick {
        return Ok(());
    }
    let chromium = tools::chromium()?;
    build::page()?;
    let server = build::server()?;
    let mut playwright = command("npx", &["playwright", "test", "--config", "bench.config.ts"]);
    playwright.current_dir("e2e").env("CHROMIUM", chromium).env("ROUNDS_SERVER", server);
    let (ok, _) = tee(playwright)?;
    anyhow::ensure!(ok, "the browser figures could not be measured");
    Ok(())
}
