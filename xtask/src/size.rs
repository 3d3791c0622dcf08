//! `cargo xtask size`: what a visitor loads, gzipped, against the budget.

use std::io::Write as _;
use std::path::Path;

use anyhow::bail;

use crate::build;
use crate::run::root;

/// The page as it starts and the first worker together, gzipped: at most this many bytes.
const BUDGET: u64 = 1_000_000;
/// A worker that is fetched when it is needed, gzipped: at most this many bytes.
const WORKER_BUDGET: u64 = 1_500_000;

/// Bytes of a file after gzip at the best level.
pub fn gzipped(path: &Path) -> anyhow::Result<u64> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&std::fs::read(path)?)?;
    Ok(encoder.finish()?.len() as u64)
}

/// What a file of the page belongs to, by its name.
fn part_of(name: &str) -> &'static str {
    if name.starts_with("engine") {
        "worker"
    } else if name.starts_with("intake") {
        "intake"
    } else if name.starts_with("desk") {
        "desk"
    } else if name.starts_with("split_") || name.starts_with("chunk_") {
        "screens"
    } else {
        "page"
    }
}

/// Prints a JSON line a file, then the sums; fails over a budget.
///
/// The budget is for what every visitor waits for: the page's frame with the home screen, and the first worker. What is
/// fetched later (screens when they are opened, the other workers with the first file or finding, Plotly with the first
/// figure) is printed beside it.
pub fn size() -> anyhow::Result<()> {
    build::page()?;
    let mut rows = Vec::new();
    for entry in std::fs::read_dir(root().join("dist"))? {
        let path = entry?.path();
        let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        if path.is_file() {
            let part = part_of(&name);
            rows.push((name, part, std::fs::metadata(&path)?.len(), gzipped(&path)?));
        }
    }
    rows.sort();
    for (name, part, bytes, gz) in &rows {
        println!("{}", serde_json::json!({"file": name, "part": part, "bytes": bytes, "gzipped": gz}));
    }
    let sum = |part: &str| rows.iter().filter(|r| r.1 == part).map(|r| r.3).sum::<u64>();
    let (page, worker) = (sum("page"), sum("worker"));
    let plotly = gzipped(&root().join("dist/vendor/plotly.min.js"))?;
    println!(
        "{}",
        serde_json::json!({"page": page, "worker": worker, "page_and_worker": page + worker, "budget": BUDGET,
            "later": {"screens": sum("screens"), "intake": sum("intake"), "desk": sum("desk"), "plotly": plotly}})
    );
    if page + worker > BUDGET {
        bail!("page and worker come to {} bytes gzipped, the budget is {BUDGET}", page + worker);
    }
    for part in ["intake", "desk"] {
        let bytes = sum(part);
        if bytes > WORKER_BUDGET {
            bail!("the worker '{part}' comes to {bytes} bytes gzipped, the budget is {WORKER_BUDGET}");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::part_of;

    #[test]
    fn every_file_belongs_to_one_part() {
        let parts = [
            "app-1_bg.wasm",
            "engine_bg.wasm",
            "intake_bg.wasm",
            "desk.js",
            "split_study.wasm",
            "chunk_9.wasm",
            "boot.js",
        ];
        assert_eq!(parts.map(part_of), ["page", "worker", "intake", "desk", "screens", "screens", "page"]);
    }
}
