//! The commands, one file a kind.

mod analyse;
mod dataset;
mod finding;
mod literature;
mod matching;
mod notes;
mod numbers;
pub mod privacy;
mod quality;
mod tables;

use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Subcommand, ValueEnum};

#[derive(Subcommand)]
pub enum Command {
    /// Kaplan-Meier, log-rank and Cox regression of a flat file.
    Survival(analyse::SurvivalArgs),
    /// Propensity score matching or weighting of a flat file.
    Match(matching::MatchArgs),
    /// Table 1 of a flat file.
    Table(analyse::TableArgs),
    /// Risk ratio, odds ratio, risk difference of a two-by-two table.
    TwoByTwo {
        /// Exposed with the event.
        a: u64,
        /// Exposed without.
        b: u64,
        /// Unexposed with the event.
        c: u64,
        /// Unexposed without.
        d: u64,
    },
    /// Pool estimates.
    Pool(numbers::PoolArgs),
    /// Read data into a de-identified dataset.
    Import(dataset::ImportArgs),
    /// What is in a dataset.
    Info {
        /// Dataset.
        dataset: PathBuf,
    },
    /// Check a dataset's quality: what is missing, ill-formed or implausible.
    Quality(quality::QualityArgs),
    /// Write a dataset as files that other tools open.
    Export(dataset::ExportArgs),
    /// Count a cohort.
    Cohort(dataset::CohortArgs),
    /// A cohort definition in plain English.
    Describe {
        /// Definition.
        definition: PathBuf,
    },
    /// Table 1 of one cohort, or of two with standardized mean differences.
    Summarize(dataset::SummarizeArgs),
    /// Run a study plan.
    Study(dataset::StudyArgs),
    /// Work with findings.
    Finding {
        /// What to do.
        #[command(subcommand)]
        command: finding::FindingCommand,
    },
    /// Read notes: findings with their context, a JSON line a note.
    Notes(notes::NotesArgs),
    /// Screen notes for identifiers, a JSON line a note.
    Screen(notes::ScreenArgs),
    /// Citations of the literature with the effect estimates of their abstracts.
    Literature(literature::LiteratureArgs),
    /// Make a synthetic sample with a known truth.
    Sample(numbers::SampleArgs),
}

/// What is wrong with the call's words, not with the data: exit status 2.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct Words(String);

impl Words {
    /// An error that ends with status 2.
    pub fn error(what: impl Into<String>) -> anyhow::Error {
        anyhow::Error::new(Self(what.into()))
    }
}

/// An option or format that is named on the command line and not built yet is refused by this sentence.
pub fn not_built(what: &str) -> anyhow::Error {
    Words::error(format!("{what} is not built yet. See `rounds --help` for what is."))
}

/// Ties in Cox regression.
#[derive(Clone, Copy, ValueEnum)]
pub enum TiesArg {
    /// Efron's approximation.
    Efron,
    /// Breslow's approximation.
    Breslow,
}

/// Runs a command; the exit status is 1 also where a check found something.
pub fn run(command: Command) -> anyhow::Result<ExitCode> {
    match command {
        Command::Survival(args) => analyse::survival(&args)?,
        Command::Match(args) => matching::match_persons(&args)?,
        Command::Table(args) => analyse::table(&args)?,
        Command::TwoByTwo { a, b, c, d } => numbers::two_by_two(a, b, c, d)?,
        Command::Pool(args) => numbers::pool(&args)?,
        Command::Import(args) => dataset::import(&args)?,
        Command::Info { dataset } => dataset::info(&dataset)?,
        Command::Quality(args) => quality::quality(&args)?,
        Command::Export(args) => dataset::export(&args)?,
        Command::Cohort(args) => dataset::cohort(&args)?,
        Command::Describe { definition } => dataset::describe(&definition)?,
        Command::Summarize(args) => dataset::summarize(&args)?,
        Command::Study(args) => dataset::study(&args)?,
        Command::Finding { command } => return finding::run(&command),
        Command::Notes(args) => notes::notes(&args)?,
        Command::Screen(args) => notes::screen(&args)?,
        Command::Literature(args) => literature::literature(&args)?,
        Command::Sample(args) => numbers::sample(&args)?,
    }
    Ok(ExitCode::SUCCESS)
}
