//! The page and the worker in release, and the server.

use crate::run::{command, root, run};
use crate::{fingerprint, test, tools};

/// Builds page and worker into `dist/`, unless they are current.
pub fn page() -> anyhow::Result<()> {
    tools::for_building()?;
    const PARTS: &str = "xtask/src/split.rs";
    const SEAL: &str = "xtask/src/seal.rs";
    let made_of =
        ["app", "shared", "public", "Cargo.toml", "Cargo.lock", "Trunk.toml", ".cargo/config.toml", PARTS, SEAL];
    let now = fingerprint::of(&made_of)?;
    if root().join("dist/index.html").exists() && fingerprint::is_current("page", &now) {
        return Ok(());
    }
    run("trunk", &["build", "--release", "--offline"])?;
    fingerprint::remember("page", &now)
}

/// How the server is compiled.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Profile {
    /// As it is shipped.
    Release,
    /// As the native tests are.
    Dev,
}

/// Builds the server; returns its path.
pub fn server(profile: Profile) -> anyhow::Result<String> {
    let (args, folder): (&[&str], _) = match profile {
        Profile::Release => (&["--release", "--package", "server"], "release"),
        // Of the packages of the native tests: alone it would have other features and be compiled anew.
        Profile::Dev => {
            (&["--workspace", "--exclude", "web", "--exclude", "worker", "--bin", "rounds-server"], "debug")
        }
    };
    let build = command("cargo", &[&["build", "--quiet"], args].concat());
    let mut build = if profile == Profile::Dev { test::linted(build) } else { build };
    anyhow::ensure!(build.status()?.success(), "the server could not be built");
    let target = std::env::var("CARGO_TARGET_DIR").unwrap_or_else(|_| root().join("target").display().to_string());
    Ok(format!("{target}/{folder}/rounds-server"))
}
