//! Measures the import of a flat file of a million rows: `cargo run --release -p intake --example speed [rows]`.
//!
//! The file is made in memory, the same on every machine; it is looked at, read in pieces of 1 MB and packed, as in the
//! worker. Prints one JSON line. With a path as second argument it only writes the file there, for other tools.

#[path = "made/measure.rs"]
#[allow(dead_code, reason = "it serves other programs too")]
mod measure;
#[path = "made/numbers.rs"]
#[allow(dead_code, reason = "it serves other programs too")]
mod numbers;

use std::fmt::Write as _;
use std::time::Instant;

use intake::{Settings, csv};
use measure::{cpu_s, peak_mb};
use numbers::Numbers;

fn file(rows: usize) -> String {
    let mut r = Numbers::new();
    let mut text = String::with_capacity(rows * 76 + 200);
    text.push_str("id,time,status,arm,age,sex,stage,albumin,creatinine,hemoglobin,weight,pressure,marker,score\n");
    for i in 0..rows {
        let line = writeln!(
            text,
            "{},{}.{},{},{},{},{},{},{}.{:04},{}.{:05},{}.{},{}.{},{},{}.{:06},{}.{:04}",
            i + 1,
            r.below(4000),
            r.below(10),
            r.below(2),
            r.below(2),
            18 + r.below(72),
            r.below(2),
            1 + r.below(4),
            2 + r.below(3),
            r.below(100),
            r.below(3),
            r.below(1000),
            7 + r.below(10),
            r.below(10),
            40 + r.below(80),
            r.below(10),
            90 + r.below(100),
            r.below(10),
            r.below(1_000_000),
            r.below(100),
            r.below(10_000),
        );
        if line.is_err() {
            break;
        }
    }
    text
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let rows = std::env::args().nth(1).map_or(Ok(1_000_000), |n| n.parse())?;
    let text = file(rows);
    if let Some(path) = std::env::args().nth(2) {
        std::fs::write(path, text)?;
        return Ok(());
    }
    let bytes = text.as_bytes();
    let before_mb = peak_mb();
    let head = bytes.get(..1 << 18).unwrap_or(bytes);
    let looked = Instant::now();
    let proposal = csv::inspect("speed.csv", head, head.len() == bytes.len())?;
    let inspect_s = looked.elapsed().as_secs_f64();
    let mut settings = Settings::new("speed", [7; 32]);
    settings.expected_bytes = bytes.len() as u64;
    settings.keep_tables = false;
    let (begun, cpu_begun) = (Instant::now(), cpu_s());
    let mut import = csv::CsvImport::new(proposal.mapping, settings, "speed.csv")?;
    for piece in bytes.chunks(1 << 20) {
        import.push(piece)?;
    }
    let (read_s, cpu_read) = (begun.elapsed().as_secs_f64(), cpu_s());
    let imported = import.finish()?;
    let (total_s, cpu_total) = (begun.elapsed().as_secs_f64(), cpu_s());
    let on_cpu = |end: Option<f64>| Some(end? - cpu_begun?);
    let stored: usize = imported.chunks.iter().map(|c| c.bytes.len()).sum();
    let mb = bytes.len() as f64 / 1e6;
    println!(
        "{}",
        serde_json::json!({
            "rows": rows,
            "file_mb": mb,
            "inspect_s": inspect_s,
            "read_s": read_s,
            "total_s": total_s,
            "read_mb_per_s": mb / read_s,
            "mb_per_s": mb / total_s,
            "read_cpu_s": on_cpu(cpu_read),
            "total_cpu_s": on_cpu(cpu_total),
            "mb_per_cpu_s": on_cpu(cpu_total).map(|s| mb / s),
            "stored_mb": stored as f64 / 1e6,
            "chunks": imported.chunks.len(),
            "rows_kept": imported.report.rows_kept,
            "peak_mb": peak_mb(),
            "peak_mb_before": before_mb,
            "dataset": imported.header.id.0,
        })
    );
    Ok(())
}
