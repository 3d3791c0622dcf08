//! The page, the worker and the server in release.

use crate::run::{root, run};
use crate::{fingerprint, tools};

/// Builds page and worker into `dist/`, unless they are current.
pub fn page() -> anyhow::Result<()> {
    tools::for_building()?;
    let made_of = ["app", "shared", "public", "Cargo.toml", "Cargo.lock", "Trunk.toml", ".cargo/config.toml"];
    let now = fingerprint::of(&made_of)?;
    if root().join("dist/index.html").exists() && fingerprint::is_current("page", &now) {
        return Ok(());
    }
    run("trunk", &["build", "--release", "--offline"])?;
    fingerprint::remember("page", &now)
}

/// Builds the server; returns its path.
pub fn server() -> anyhow::Result<String> {
    run("cargo", &["build", "--quiet", "--release", "--package", "server"])?;
    let target = std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| root().join("target").display().to_string());
    Ok(format!("{target}/release/rounds-server"))
}
