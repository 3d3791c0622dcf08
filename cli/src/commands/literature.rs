//! `rounds literature`: citations with the effect estimates of their abstracts.

use std::io::Read as _;
use std::path::PathBuf;

use anyhow::{Context as _, bail};
use clap::Args;
use protocol::{CitationsBegin, CitationsBytes, CitationsFile, CitationsFinish, CitationsRead};
use serde_json::json;

use crate::output::print;
use crate::session::{Session, file_name};

/// Bytes read at a time.
const PIECE: usize = 4 << 20;

/// `rounds literature`.
#[derive(Args)]
pub struct LiteratureArgs {
    /// Files of citations: PubMed (.nbib, .txt), RIS (.ris), Web of Science (.ciw, .txt), PubMed XML (.xml), also zipped.
    #[arg(required = true)]
    files: Vec<PathBuf>,
}

/// Prints the records with their effects, and the counts.
pub fn literature(args: &LiteratureArgs) -> anyhow::Result<()> {
    let mut session = Session::new();
    session.ask(CitationsBegin { limit: None })?;
    for path in &args.files {
        session.ask(CitationsFile { name: file_name(path) })?;
        let mut file = std::fs::File::open(path).with_context(|| format!("{} cannot be opened", path.display()))?;
        loop {
            let mut piece = Vec::with_capacity(PIECE);
            let n = file
                .by_ref()
                .take(PIECE as u64)
                .read_to_end(&mut piece)
                .with_context(|| format!("{} cannot be read", path.display()))?;
            session.ask_with(CitationsBytes { last: n < PIECE }, vec![piece])?;
            if n < PIECE {
                break;
            }
        }
    }
    let CitationsRead { citations, report } = session.ask(CitationsFinish {})?;
    // Part of what was asked for is not the answer: a file that cannot be read ends the command.
    if !report.refused.is_empty() {
        let reasons: Vec<&str> = report.refused.iter().map(|file| file.reason.as_str()).collect();
        bail!("{}", reasons.join("\n"));
    }
    let n_effects: usize = citations.iter().map(|c| c.effects.len()).sum();
    let n_with_interval: usize =
        citations.iter().map(|c| c.effects.iter().filter(|e| e.interval.is_some()).count()).sum();
    print(&json!({
        "records_read": report.records_read,
        "kept": report.kept,
        "rejected": report.rejected,
        "not_used": report.not_used,
        "effects": n_effects,
        "effects_with_interval": n_with_interval,
        "files": report.files,
        "rejections": report.rejections,
        "unused": report.unused,
        "fields_not_used": report.fields_not_used,
        "warnings": report.warnings,
        "records": citations,
    }))
}
