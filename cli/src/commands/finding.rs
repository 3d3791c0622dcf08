//! Findings.

use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Subcommand;
use model::document::SignedDocument;
use protocol::{CheckFinding, VerifyDocument};

use crate::output::{print, read};
use crate::session::Session;

#[derive(Subcommand)]
pub enum FindingCommand {
    /// Say what a finding would disclose; exit status 1 if anything. A signed document is verified first.
    Check {
        /// The finding's JSON, signed or not.
        file: PathBuf,
    },
}

/// Runs a finding command.
pub fn run(command: &FindingCommand) -> anyhow::Result<ExitCode> {
    let FindingCommand::Check { file } = command;
    let mut text = String::from_utf8(read(file)?).with_context(|| format!("{} is not text", file.display()))?;
    let mut session = Session::new();
    if let Ok(document) = model::json::read::<SignedDocument>(&text) {
        text.clone_from(&document.body);
        session.ask(VerifyDocument { document }).with_context(|| file.display().to_string())?;
    }
    let report = session.ask(CheckFinding { text, published: Vec::new() })?;
    print(&report)?;
    Ok(if report.discloses.is_empty() { ExitCode::SUCCESS } else { ExitCode::from(1) })
}
