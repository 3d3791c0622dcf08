//! Tools at pinned versions: what is missing is installed into `.tools/`, what cannot be is named with the command.

use std::path::Path;

use anyhow::{Context as _, bail};

use crate::run::{output, root, run, run_in};

const TRUNK: &str = "0.21.14";
/// Must equal the wasm-bindgen crate in Cargo.toml.
const WASM_BINDGEN: &str = "0.2.129";
/// Must read what the crate wasm_split_helpers (of leptos) writes.
const WASM_SPLIT: &str = "0.2.4";
const CARGO_DENY: &str = "0.20";

/// Everything that building and testing needs.
pub fn setup() -> anyhow::Result<()> {
    for_building()?;
    cargo_deny()?;
    match chromium() {
        Ok(path) => eprintln!("Chromium for browser tests: {path}"),
        Err(problem) => eprintln!("Note: {problem}"),
    }
    Ok(())
}

/// What building the page needs.
pub fn for_building() -> anyhow::Result<()> {
    wasm_target()?;
    cargo_tool("trunk", "trunk", TRUNK)?;
    cargo_tool("wasm-bindgen", "wasm-bindgen-cli", WASM_BINDGEN)?;
    wasm_split()?;
    npm_packages()
}

/// The tool that cuts the page into parts. It does not say its version: cargo's own list does.
fn wasm_split() -> anyhow::Result<()> {
    let installed = std::fs::read_to_string(root().join(".tools/.crates.toml")).unwrap_or_default();
    if installed.contains(&format!("\"wasm_split_cli_support {WASM_SPLIT} ")) {
        return Ok(());
    }
    eprintln!("Installing wasm_split_cli_support {WASM_SPLIT} into .tools/ (once; some minutes)");
    let what = ["wasm_split_cli_support", "--version", WASM_SPLIT, "--features", "build-binary"];
    run("cargo", &[&["install", "--locked", "--root", ".tools"][..], &what].concat()).with_context(|| {
        format!(
            "wasm_split_cli_support could not be installed. Type: cargo install --locked --root .tools {}",
            what.join(" ")
        )
    })
}

fn wasm_target() -> anyhow::Result<()> {
    let Some(sysroot) = output("rustc", &["--print", "sysroot"]) else {
        bail!("rustc is missing. Install Rust with rustup: https://rustup.rs");
    };
    if Path::new(sysroot.trim()).join("lib/rustlib/wasm32-unknown-unknown").exists() {
        return Ok(());
    }
    run("rustup", &["target", "add", "wasm32-unknown-unknown"])
        .context("The wasm target is missing. Type: rustup target add wasm32-unknown-unknown")
}

fn cargo_tool(binary: &str, package: &str, version: &str) -> anyhow::Result<()> {
    let found = output(binary, &["--version"]).unwrap_or_default();
    if found.split_whitespace().any(|word| word == version) {
        return Ok(());
    }
    eprintln!("Installing {package} {version} into .tools/ (once; some minutes)");
    run("cargo", &["install", "--locked", "--root", ".tools", package, "--version", version]).with_context(|| {
        format!("{package} could not be installed. Type: cargo install --locked {package} --version {version}")
    })
}

/// cargo-deny, any version of the pinned series.
pub fn cargo_deny() -> anyhow::Result<()> {
    let found = output("cargo", &["deny", "--version"]).unwrap_or_default();
    if found.split_whitespace().any(|word| word.starts_with(CARGO_DENY)) {
        return Ok(());
    }
    eprintln!("Installing cargo-deny {CARGO_DENY} into .tools/ (once; some minutes)");
    run("cargo", &["install", "--locked", "--root", ".tools", "cargo-deny", "--version", &format!("^{CARGO_DENY}")])
        .context("cargo-deny could not be installed. Type: cargo install --locked cargo-deny")
}

fn npm_packages() -> anyhow::Result<()> {
    let stamp = root().join("e2e/node_modules/.package-lock.json");
    let lock = root().join("e2e/package-lock.json");
    let modified = |path: &Path| std::fs::metadata(path).and_then(|m| m.modified()).ok();
    if modified(&stamp).is_some_and(|made| modified(&lock).is_some_and(|wanted| made >= wanted)) {
        return Ok(());
    }
    if output("npm", &["--version"]).is_none() {
        bail!(
            "npm is missing. Install Node.js 20 or newer (Debian: apt-get install nodejs npm; macOS: brew install node)"
        );
    }
    run_in("e2e", "npm", &["ci", "--no-audit", "--no-fund", "--ignore-scripts"])?;
    // npm keeps an old stamp where nothing had to change: renew it, so that this is not done again.
    if let Ok(file) = std::fs::File::options().append(true).open(&stamp) {
        file.set_modified(std::time::SystemTime::now())?;
    }
    Ok(())
}

/// The Chromium that browser tests use.
pub fn chromium() -> anyhow::Result<String> {
    if let Ok(path) = std::env::var("CHROMIUM") {
        return Ok(path);
    }
    let known = [
        "/usr/bin/chromium",
        "/usr/bin/chromium-browser",
        "/usr/bin/google-chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    ];
    known.iter().find(|path| Path::new(path).exists()).map(|path| (*path).to_owned()).context(
        "no Chromium was found, so the browser tests cannot run. Install it (Debian: apt-get install chromium; macOS: \
         brew install --cask chromium) or name it: CHROMIUM=/path/to/chromium",
    )
}
