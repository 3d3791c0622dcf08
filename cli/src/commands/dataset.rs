//! Datasets: import, look, export, cohorts, studies.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::{Args, ValueEnum};
use model::cohort::CohortDefinition;
use model::dataset::DatasetSource;
use model::study::StudyPlan;
use protocol::{
    CheckQuality, DescribeCohort, DescribeDataset, EvaluateCohort, ExportDataset, ExportFormat, ImportBegin,
    ImportFormat, RunStudy, SourceFormat, StudyStage, Summarize, SummaryGroups,
};
use serde::de::DeserializeOwned;
use serde_json::json;

use super::privacy::{PrivacyArgs, this_year};
use super::{Words, not_built, quality, tables};
use crate::output::{print, read, write_all, write_whole};
use crate::session::{Session, secret, table_name};

/// Formats of an import.
#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum FormatArg {
    /// Recognized by names and contents.
    Auto,
    /// FHIR.
    Fhir,
    /// OMOP CDM tables.
    Omop,
    /// Flat files, tables joined by a person, workbooks, notes.
    Csv,
}

/// `rounds import`.
#[derive(Args)]
pub struct ImportArgs {
    /// Format.
    #[arg(long, value_enum, default_value = "auto")]
    format: FormatArg,
    /// How to read flat files and tables (JSON); without, as proposed.
    #[arg(long)]
    mapping: Option<PathBuf>,
    /// Write the mapping that the files are read by, to be corrected and given with --mapping.
    #[arg(long)]
    save_mapping: Option<PathBuf>,
    /// Makes person keys and date shifts repeatable; without, they are random.
    #[arg(long)]
    seed: Option<u64>,
    /// What is chosen of de-identification.
    #[command(flatten)]
    privacy: PrivacyArgs,
    /// Dataset to write.
    #[arg(long, required_unless_present = "into")]
    out: Option<PathBuf>,
    /// Dataset to add to or update, made with the same --seed; what is there is not doubled. Written in place unless --out is
    /// given.
    #[arg(long)]
    into: Option<PathBuf>,
    /// Leaves the findings of notes out of the events.
    #[arg(long)]
    no_note_findings: bool,
    /// Files and folders.
    #[arg(required = true)]
    paths: Vec<PathBuf>,
}

/// Files below folders, in order.
fn files_of(paths: &[PathBuf]) -> anyhow::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for path in paths {
        if path.is_dir() {
            let mut inside = std::fs::read_dir(path)
                .with_context(|| format!("{} cannot be read", path.display()))?
                .map(|entry| Ok(entry?.path()))
                .collect::<anyhow::Result<Vec<_>>>()?;
            inside.sort();
            files.extend(files_of(&inside)?);
        } else if path.exists() {
            files.push(path.clone());
        } else {
            bail!("{} does not exist.", path.display());
        }
    }
    Ok(files)
}

/// Reads data into a de-identified dataset.
pub fn import(args: &ImportArgs) -> anyhow::Result<()> {
    let start = std::time::Instant::now();
    let mut session = Session::new();
    let mut files = files_of(&args.paths)?;
    let format = match args.format {
        FormatArg::Fhir => SourceFormat::Fhir,
        FormatArg::Omop => SourceFormat::Omop,
        FormatArg::Csv => SourceFormat::Csv,
        FormatArg::Auto => session.detect(&files)?,
    };
    if (args.mapping.is_some() || args.save_mapping.is_some()) && format != SourceFormat::Csv {
        return Err(Words::error(
            "--mapping and --save-mapping are for flat files and tables; FHIR resources and OMOP tables need no mapping.",
        ));
    }
    files.sort();
    let mut named: Vec<(String, PathBuf)> = files.iter().map(|f| (table_name(f), f.clone())).collect();
    let mut told = Vec::new();
    let (format, format_name) = match format {
        SourceFormat::Fhir => (ImportFormat::Fhir, "fhir"),
        SourceFormat::Omop => (ImportFormat::Omop, "omop"),
        SourceFormat::Csv => {
            named = tables::named(&args.paths, &files);
            let saved = args.mapping.as_deref();
            let read = tables::how_to_read(&mut session, saved, args.save_mapping.as_deref(), &named)?;
            named.retain(|(name, _)| !read.not_used.contains(name));
            told = read.warnings;
            (read.format, "csv")
        }
    };
    let before = args.into.as_ref().map(|path| session.open(path)).transpose()?;
    if before.is_some() && args.seed.is_none() {
        return Err(Words::error(
            "--into needs the --seed that the dataset was made with: without it nobody is found again.",
        ));
    }
    let Some(out) = args.out.as_ref().or(args.into.as_ref()) else {
        return Err(Words::error("Name the dataset to write with --out."));
    };
    let stem = || out.file_stem().map_or_else(|| "dataset".to_owned(), |s| s.to_string_lossy().into_owned());
    let begin = ImportBegin {
        name: before.as_ref().map_or_else(stem, |header| header.name.clone()),
        format,
        source: DatasetSource {
            format: format_name.to_owned(),
            files: named.iter().map(|(name, _)| name.clone()).collect(),
            ..DatasetSource::default()
        },
        secret: secret(args.seed)?,
        dates: args.privacy.dates(),
        text: args.privacy.text(),
        review: false,
        this_year: this_year(),
        holds_no_identifiers: false,
        note_findings: !args.no_note_findings,
        into: before.map(|header| header.id),
    };
    let (imported, chunks) = session.import_named(begin, &named)?;
    write_whole(out, &engine::rounds_file(&imported.header, &chunks)?)?;
    let mut report = imported.report;
    report.warnings.splice(0..0, told);
    report.seconds = start.elapsed().as_secs_f64();
    print(&report)
}

/// What is in a dataset.
pub fn info(path: &Path) -> anyhow::Result<()> {
    let mut session = Session::new();
    let header = session.open(path)?;
    let contents = session.ask(DescribeDataset { dataset: header.id.clone() })?;
    let quality = session.ask(CheckQuality { dataset: header.id, today: Some(quality::today()) })?;
    let tables: Vec<_> = contents.header.tables.iter().map(|t| json!({"name": t.name, "rows": t.n_rows})).collect();
    print(&json!({
        "header": contents.header,
        "tables": tables,
        "domains": contents.domains,
        "variables": contents.variables,
        "concepts": contents.concepts,
        "span": contents.span,
        "bytes": contents.n_bytes,
        "quality": quality::in_brief(&quality),
        "file_bytes": std::fs::metadata(path)?.len(),
    }))
}

/// Export formats.
#[derive(Clone, Copy, ValueEnum)]
enum ExportArg {
    /// Arrow IPC files.
    Arrow,
    /// CSV files.
    Csv,
    /// Parquet files.
    Parquet,
}

/// `rounds export`.
#[derive(Args)]
pub struct ExportArgs {
    /// Dataset.
    dataset: PathBuf,
    /// As what.
    #[arg(long, value_enum)]
    format: ExportArg,
    /// Folder to write into.
    #[arg(long)]
    out: PathBuf,
}

/// Writes a dataset as files that other tools open.
pub fn export(args: &ExportArgs) -> anyhow::Result<()> {
    let format = match args.format {
        ExportArg::Arrow => ExportFormat::Arrow,
        ExportArg::Csv => ExportFormat::Csv,
        ExportArg::Parquet => ExportFormat::Parquet,
    };
    let mut session = Session::new();
    let header = session.open(&args.dataset)?;
    let (files, bulk) = session.ask_with(ExportDataset { dataset: header.id, format }, Vec::new())?;
    print(&json!({ "files": write_all(&args.out, &files.names, &bulk)? }))
}

/// A document from a JSON file; an error names the file and the place in it.
pub(super) fn document<T: DeserializeOwned>(path: &Path, what: &str) -> anyhow::Result<T> {
    as_document(path, what, &json_file(path)?)
}

/// The JSON of a file; a key that stands twice is an error, since one of the two would be ignored.
pub(super) fn json_file(path: &Path) -> anyhow::Result<serde_json::Value> {
    let text = String::from_utf8(read(path)?).with_context(|| format!("{} is not UTF-8 text", path.display()))?;
    model::json::parse(&text).map_err(|error| anyhow::anyhow!("{}: {error}.", path.display()))
}

/// A document from the JSON of a file.
pub(super) fn as_document<T: DeserializeOwned>(
    path: &Path,
    what: &str,
    value: &serde_json::Value,
) -> anyhow::Result<T> {
    model::json::read_value(value)
        .map_err(|error| anyhow::anyhow!("{} cannot be read as {what}: {error}.", path.display()))
}

/// A cohort definition in its native form; an OHDSI Circe expression is told apart and refused.
fn definition(path: &Path) -> anyhow::Result<CohortDefinition> {
    let value = json_file(path)?;
    if value.get("PrimaryCriteria").is_some() || value.get("expression").is_some() {
        return Err(not_built(&format!("{}: reading OHDSI Circe expressions", path.display())));
    }
    as_document(path, "a cohort definition", &value)
}

/// `rounds cohort`.
#[derive(Args)]
pub struct CohortArgs {
    /// Dataset.
    dataset: PathBuf,
    /// Cohort definition (JSON).
    #[arg(long)]
    definition: PathBuf,
    /// Also list the subjects.
    #[arg(long)]
    subjects: bool,
}

/// Counts a cohort.
pub fn cohort(args: &CohortArgs) -> anyhow::Result<()> {
    let mut session = Session::new();
    let header = session.open(&args.dataset)?;
    let definition = definition(&args.definition)?;
    let start = std::time::Instant::now();
    let mut report = session.ask(EvaluateCohort { dataset: header.id, definition, with_subjects: args.subjects })?;
    report.seconds = start.elapsed().as_secs_f64();
    print(&report)
}

/// A cohort definition in plain English.
pub fn describe(path: &Path) -> anyhow::Result<()> {
    print(&Session::new().ask(DescribeCohort { dataset: None, definition: definition(path)? })?)
}

/// `rounds summarize`.
#[derive(Args)]
pub struct SummarizeArgs {
    /// Dataset.
    dataset: PathBuf,
    /// Cohort definition (JSON).
    #[arg(long)]
    cohort: PathBuf,
    /// Second cohort.
    #[arg(long)]
    comparator: Option<PathBuf>,
}

/// Table 1 of cohorts.
pub fn summarize(args: &SummarizeArgs) -> anyhow::Result<()> {
    let mut session = Session::new();
    let header = session.open(&args.dataset)?;
    let mut definitions = vec![definition(&args.cohort)?];
    if let Some(path) = &args.comparator {
        definitions.push(definition(path)?);
    }
    let groups = SummaryGroups::Cohorts { definitions };
    print(&session.ask(Summarize { dataset: header.id, groups, variables: None })?)
}

/// `rounds study`.
#[derive(Args)]
pub struct StudyArgs {
    /// Dataset.
    dataset: PathBuf,
    /// Study plan (JSON).
    #[arg(long)]
    plan: PathBuf,
}

/// Runs a study plan.
pub fn study(args: &StudyArgs) -> anyhow::Result<()> {
    let mut session = Session::new();
    let header = session.open(&args.dataset)?;
    let plan: StudyPlan = document(&args.plan, "a study plan")?;
    print(&session.ask(RunStudy { dataset: header.id, plan, stage: StudyStage::Full })?)
}
