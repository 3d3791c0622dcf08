//! `cargo xtask reference`: the R reference files and the exported samples, made again.

use anyhow::{Context as _, bail};

use crate::run::{output, root, run_in};

/// Runs every R script in `e2e/reference/`.
pub fn reference() -> anyhow::Result<()> {
    if output("Rscript", &["--version"]).is_none() {
        bail!(
            "R is missing. Debian: apt-get install r-base-core r-cran-survival r-cran-cmprsk r-cran-metafor \
             r-cran-jsonlite; macOS: brew install r, then install.packages(c('survival', 'cmprsk', 'metafor', \
             'jsonlite')) in R"
        );
    }
    let folder = root().join("e2e/reference");
    let mut scripts: Vec<String> = std::fs::read_dir(&folder)?
        .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
        .filter(|name| name.to_ascii_lowercase().ends_with(".r"))
        .collect();
    scripts.sort();
    for script in scripts {
        run_in("e2e/reference", "Rscript", &["--vanilla", &script]).with_context(|| format!("{script} failed"))?;
    }
    Ok(())
}
