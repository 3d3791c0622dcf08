//! Data quality.

use std::path::PathBuf;

use clap::Args;
use jiff::Timestamp;
use jiff::tz::TimeZone;
use model::results::{QualityReport, QualityStatus};
use protocol::CheckQuality;
use serde_json::{Value, json};

use crate::output::print;
use crate::session::Session;

/// `rounds quality`.
#[derive(Args)]
pub struct QualityArgs {
    /// Dataset.
    dataset: PathBuf,
    /// Today, as YYYY-MM-DD: dates after it are counted. Without, this machine's.
    #[arg(long)]
    today: Option<String>,
    /// List only the checks that failed; the summary still counts all.
    #[arg(long)]
    failed: bool,
}

/// This machine's day.
pub fn today() -> String {
    Timestamp::now().to_zoned(TimeZone::UTC).date().to_string()
}

/// Checks a dataset.
pub fn quality(args: &QualityArgs) -> anyhow::Result<()> {
    let mut session = Session::new();
    let header = session.open(&args.dataset)?;
    let start = std::time::Instant::now();
    let today = args.today.clone().unwrap_or_else(today);
    let mut report = session.ask(CheckQuality { dataset: header.id, today: Some(today) })?;
    let seconds = start.elapsed().as_secs_f64();
    let mut value = in_brief(&report);
    if args.failed {
        report.checks.retain(|check| check.status == QualityStatus::Fail);
    }
    value["persons"] = json!(report.n_persons);
    value["events"] = json!(report.n_events);
    value["notes"] = json!(report.n_notes);
    value["checks"] = serde_json::to_value(&report.checks)?;
    value["settings"] = serde_json::to_value(&report.settings)?;
    value["seconds"] = json!(seconds);
    print(&value)
}

/// How many checks ended how, in all and by category and context, and which rules failed.
pub fn in_brief(report: &QualityReport) -> Value {
    let mut failed: Vec<&str> =
        report.checks.iter().filter(|c| c.status == QualityStatus::Fail).map(|c| c.id.as_str()).collect();
    failed.sort_unstable();
    failed.dedup();
    json!({
        "n_passed": report.n(QualityStatus::Pass),
        "n_failed": report.n(QualityStatus::Fail),
        "n_not_applicable": report.n(QualityStatus::NotApplicable),
        "failed": failed,
        "summary": report.summary,
    })
}
