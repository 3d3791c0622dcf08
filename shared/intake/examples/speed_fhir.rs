//! Measures the import of FHIR files: `cargo run --release -p intake --example speed_fhir FILE...`
//!
//! Files (`.json`, `.ndjson`, either also `.gz`) are read and unpacked first, then imported from memory in pieces of 1 MB,
//! as in the worker. Prints one JSON line.

use std::io::Read as _;
use std::time::Instant;

use intake::Settings;
use intake::fhir::FhirImport;

/// Peak resident memory of the process in MB, where the system tells.
fn peak_mb() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|l| l.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse::<u64>().ok().map(|kb| kb / 1024)
}

/// Seconds this process was on a processor, where the system tells: other work on the machine does not count.
fn cpu_s() -> Option<f64> {
    let text = std::fs::read_to_string("/proc/self/schedstat").ok()?;
    text.split_whitespace().next()?.parse::<f64>().ok().map(|ns| ns / 1e9)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let mut files = Vec::new();
    for path in std::env::args().skip(1) {
        let mut bytes = std::fs::read(&path)?;
        let mut name = path.clone();
        if let Some(inner) = path.strip_suffix(".gz") {
            let mut unpacked = Vec::new();
            flate2::read::MultiGzDecoder::new(bytes.as_slice()).read_to_end(&mut unpacked)?;
            (bytes, name) = (unpacked, inner.to_owned());
        }
        files.push((name, bytes));
    }
    let n_bytes: usize = files.iter().map(|(_, b)| b.len()).sum();
    let before_mb = peak_mb();
    let (begun, cpu_begun) = (Instant::now(), cpu_s());
    let mut import = FhirImport::new(Settings::new("speed", [7; 32]));
    for (name, bytes) in &files {
        import.begin_file(name);
        for piece in bytes.chunks(1 << 20) {
            import.push(piece)?;
        }
    }
    import.end_file();
    let (read_s, cpu_read) = (begun.elapsed().as_secs_f64(), cpu_s());
    let imported = import.finish()?;
    let (total_s, cpu_total) = (begun.elapsed().as_secs_f64(), cpu_s());
    let on_cpu = |end: Option<f64>| Some(end? - cpu_begun?);
    let mb = n_bytes as f64 / 1e6;
    let r = &imported.report;
    println!(
        "{}",
        serde_json::json!({
            "files": files.len(),
            "mb": mb,
            "read_s": read_s,
            "total_s": total_s,
            "read_mb_per_cpu_s": on_cpu(cpu_read).map(|s| mb / s),
            "mb_per_cpu_s": on_cpu(cpu_total).map(|s| mb / s),
            "rows_read": r.rows_read,
            "rows_kept": r.rows_kept,
            "rows_rejected": r.rows_rejected,
            "rows_not_used": r.rows_not_used,
            "values_rejected": r.values_rejected,
            "persons": r.persons,
            "events": r.events,
            "notes": r.notes,
            "peak_mb": peak_mb(),
            "peak_mb_before": before_mb,
            "warnings": r.warnings,
            "rejected": r.rejected.iter().take(200).collect::<Vec<_>>(),
            "identifiers": r.identifiers,
        })
    );
    Ok(())
}
