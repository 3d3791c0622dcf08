//! `cargo xtask split-page`: cuts the compiled page into what a visitor waits for and the parts that are fetched when their
//! screen is opened. Trunk calls it when it has built the page (`Trunk.toml`), before the result replaces `dist/`.

use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use anyhow::{Context as _, bail};

use crate::run::{root, run};
use crate::seal;

/// Name of the script that fetches parts; the compiled page refers to it by this name.
const LINK: &str = "__wasm_split.js";

/// What wasm-opt must know of the module (the same list stands in `app/index.html` for the workers), and that it must not make
/// one function of many: it inlines whatever has one caller, and a browser compiles a function whole before its first call.
const FEATURES: [&str; 8] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-simd",
    "--one-caller-inline-max-function-size=1000",
];

/// Replaces the page that Trunk has put into its staging folder by one in parts.
pub fn split_page() -> anyhow::Result<()> {
    let staging = std::env::var("TRUNK_STAGING_DIR").context("split-page is called by Trunk: type 'trunk build'")?;
    let staging = Path::new(&staging);
    let release = std::env::var("TRUNK_PROFILE").is_ok_and(|profile| profile == "release");
    let target = std::env::var("CARGO_TARGET_DIR").map_or_else(|_| root().join("target"), PathBuf::from);
    let compiled = target.join("wasm32-unknown-unknown").join(if release { "wasm" } else { "debug" }).join("app.wasm");
    let name = staged_name(staging)?;

    let parts = target.join("xtask/split");
    if parts.exists() {
        std::fs::remove_dir_all(&parts)?;
    }
    std::fs::create_dir_all(&parts)?;
    run("wasm-split-cli", &["--out-name", &name, &text(&compiled), &text(&parts)])?;
    let main = text(&parts.join(format!("{name}.wasm")));
    let bindings = ["--target", "web", "--no-typescript", "--keep-lld-exports", "--out-name", &name];
    run("wasm-bindgen", &[&bindings[..], &["--out-dir", &text(staging), &main]].concat())?;
    std::fs::remove_file(&main)?;

    let mut modules = vec![staging.join(format!("{name}_bg.wasm"))];
    for entry in std::fs::read_dir(&parts)? {
        let path = entry?.path();
        let file = staging.join(path.file_name().context("a part has no name")?);
        std::fs::copy(&path, &file)?;
        if file.extension().is_some_and(|ending| ending == "wasm") {
            modules.push(file);
        }
    }
    if !staging.join(LINK).exists() || modules.len() < 2 {
        bail!("the page was not cut: is app/src/app/screens.rs still in use?");
    }
    if release {
        optimize(modules)?;
    }
    seal::seal(staging, &name)
}

/// Makes every module smaller, the largest first, as many at a time as there are processors (wasm-opt works on one).
fn optimize(mut modules: Vec<PathBuf>) -> anyhow::Result<()> {
    modules.sort_by_key(|module| std::fs::metadata(module).map_or(0, |m| m.len()));
    let n_workers = std::thread::available_parallelism()?.get().min(modules.len());
    let waiting = Mutex::new(modules);
    let next = || waiting.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let work = || {
        while let Some(module) = next() {
            let file = text(&module);
            let args = [&FEATURES[..], &["-Oz", "--strip-debug", "--strip-producers", &file, "-o", &file]].concat();
            run("wasm-opt", &args)?;
        }
        Ok(())
    };
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..n_workers).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().unwrap_or_else(|_| bail!("wasm-opt could not be run")))
    })
}

/// The name that Trunk gave to the page's script and module, with its hash.
fn staged_name(staging: &Path) -> anyhow::Result<String> {
    let mut names = Vec::new();
    for entry in std::fs::read_dir(staging)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if let Some(stem) = name.strip_suffix("_bg.wasm")
            && stem.starts_with("app")
        {
            names.push(stem.to_owned());
        }
    }
    match names.as_slice() {
        [name] => Ok(name.clone()),
        _ => bail!("{} compiled pages in {}, one is expected", names.len(), staging.display()),
    }
}

fn text(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}
