//! Findings.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Subcommand;
use protocol::CheckFinding;

use crate::output::{print, read};
use crate::session::Session;

#[derive(Subcommand)]
pub enum FindingCommand {
    /// Say what a finding would disclose; exit status 1 if anything.
    Check {
        /// The finding's JSON.
        file: PathBuf,
    },
}

/// Runs a finding command.
pub fn run(command: &FindingCommand) -> anyhow::Result<ExitCode> {
    let FindingCommand::Check { file } = command;
    let text = String::from_utf8(read(file)?).with_context(|| format!("{} is not text", file.display()))?;
    let report = Session::new().ask(CheckFinding { text, published: Vec::new() })?;
    print(&report)?;
    Ok(if report.discloses.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
