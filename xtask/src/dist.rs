//! `cargo xtask dist`: one static `rounds-server` binary with the page inside.

use anyhow::Context as _;

use crate::build;
use crate::run::{command, output, root};

/// Builds the page, then the server with the page embedded and, on Linux, with the C library linked in.
pub fn dist() -> anyhow::Result<()> {
    build::page()?;
    let host = output("rustc", &["--print", "host-tuple"]).context("rustc is missing")?.trim().to_owned();
    let mut cargo = command("cargo", &["build", "--release", "--package", "server", "--target", &host]);
    if host.contains("linux") {
        cargo.env("RUSTFLAGS", "-Ctarget-feature=+crt-static");
    }
    let done = cargo.status()?.success();
    anyhow::ensure!(done, "the server could not be built");
    let target = std::env::var("CARGO_TARGET_DIR").map_or_else(|_| root().join("target"), std::path::PathBuf::from);
    let binary = target.join(&host).join("release/rounds-server");
    let out = root().join("target/dist");
    std::fs::create_dir_all(&out)?;
    std::fs::copy(&binary, out.join("rounds-server"))?;
    let bytes = std::fs::metadata(out.join("rounds-server"))?.len();
    println!("target/dist/rounds-server ({:.1} MB): copy it anywhere and run ./rounds-server", bytes as f64 / 1e6);
    Ok(())
}
