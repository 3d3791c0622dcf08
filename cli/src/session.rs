//! The engine with a progress bar: calls by type, files in, datasets out.

use std::io::{IsTerminal as _, Read, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, anyhow, bail};
use engine::{Bulk, Engine};
use indicatif::{ProgressBar, ProgressStyle};
use model::dataset::{ColumnRole, DatasetHeader, DatasetId, DatasetSource};
use model::import_mapping::TablesProposal;
use model::intake::{ColumnEvidence, ColumnPlan, CsvDialect, CsvMapping, CsvProposal};
use protocol::{
    Call, DatePolicy, DetectFormat, Done, FileToInspect, ImportBegin, ImportBytes, ImportFile, ImportFinish,
    ImportFormat, ImportNotes, ImportNotesRead, ImportParcel, Imported, InspectCsv, InspectTables, ReadImportNotes,
    ReadRounds, SourceFormat, TextPolicy, Work,
};

use crate::commands::privacy::this_year;
use crate::output;
use crate::readers::{self, Loaded};

/// Bytes read at a time.
const PIECE: usize = 8 << 20;
/// Bytes that tell the format of a file.
const HEAD: u64 = 1 << 16;
/// Bytes of a table that are looked at.
const LOOK: u64 = 4 << 20;
/// Bytes of a workbook, at most: it is read whole.
const MAX_WORKBOOK: u64 = 256 << 20;
/// Files that are looked into; of further ones the name counts.
const MAX_HEADS: usize = 1000;

/// An engine and what shows its progress.
pub struct Session {
    engine: Engine,
    bar: ProgressBar,
}

impl Session {
    /// A fresh engine.
    pub fn new() -> Self {
        let bar = if std::io::stderr().is_terminal() { ProgressBar::new(1000) } else { ProgressBar::hidden() };
        // The template is a constant of ours: if it were wrong, the default style would do.
        if let Ok(style) = ProgressStyle::with_template("{msg} {wide_bar} {percent}%") {
            bar.set_style(style);
        }
        Self { engine: Engine::default(), bar }
    }

    /// Asks the engine.
    pub fn ask<C: Call>(&mut self, call: C) -> anyhow::Result<C::Reply> {
        Ok(self.ask_with(call, Bulk::new())?.0)
    }

    /// Asks the engine, with bulk both ways.
    pub fn ask_with<C: Call>(&mut self, call: C, bulk: Bulk) -> anyhow::Result<(C::Reply, Bulk)> {
        let Work::Engine(request) = call.into_work() else { bail!("this request needs a browser") };
        let bar = &self.bar;
        let mut tick = |fraction: f64, doing: &str| {
            #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "between 0 and 1000")]
            bar.set_position((fraction.clamp(0.0, 1.0) * 1000.0) as u64);
            bar.set_message(doing.to_owned());
            true
        };
        let done = engine::handle(&mut self.engine, request, bulk, &mut tick);
        self.bar.finish_and_clear();
        let (reply, bulk) = done?;
        let value = C::from_done(Done::Engine(reply)).context("the engine answered another question")?;
        Ok((value, bulk))
    }

    /// Reads files into a dataset in memory; gives its chunks too.
    pub fn import(&mut self, begin: ImportBegin, files: &[PathBuf]) -> anyhow::Result<(Imported, Bulk)> {
        let named: Vec<(String, PathBuf)> = files.iter().map(|path| (table_name(path), path.clone())).collect();
        self.import_named(begin, &named)
    }

    /// Reads files into a dataset in memory, each under the name that the import knows it by; gives its chunks too.
    pub fn import_named(
        &mut self,
        begin: ImportBegin,
        files: &[(String, PathBuf)],
    ) -> anyhow::Result<(Imported, Bulk)> {
        let names: Vec<String> = files.iter().map(|(name, _)| name.clone()).collect();
        let order = engine::import_order(&begin.format, &names);
        let (is_fhir, adds) = (matches!(begin.format, ImportFormat::Fhir), begin.into.is_some());
        let is_flat = matches!(begin.format, ImportFormat::Csv { .. });
        let n_threads = readers::n_threads();
        self.ask(begin)?;
        if is_fhir && n_threads > 1 {
            self.read_apart(files, adds)?;
        } else {
            for (name, path) in order.into_iter().filter_map(|i| files.get(i)) {
                self.read_file(name, path)?;
            }
        }
        if !is_flat && n_threads > 1 {
            self.read_notes_apart()?;
        }
        self.ask_with(ImportFinish {}, Bulk::new())
    }

    /// Reads a file of the import under way.
    fn read_file(&mut self, name: &str, path: &Path) -> anyhow::Result<()> {
        let mut file = std::fs::File::open(path).with_context(|| format!("{} cannot be opened", path.display()))?;
        let tail = tail_of(&mut file).with_context(|| format!("{} cannot be read", path.display()))?;
        let n_bytes = file.metadata().map_or(0, |about| about.len());
        self.ask_with(ImportFile { name: name.to_owned(), n_bytes }, vec![tail])?;
        loop {
            let mut piece = Vec::with_capacity(PIECE);
            let n = Read::by_ref(&mut file)
                .take(PIECE as u64)
                .read_to_end(&mut piece)
                .with_context(|| format!("{} cannot be read", path.display()))?;
            self.ask_with(ImportBytes { last: n < PIECE }, vec![piece])?;
            if n < PIECE {
                return Ok(());
            }
        }
    }

    /// Has the files read on several threads.
    fn read_apart(&mut self, files: &[(String, PathBuf)], adds: bool) -> anyhow::Result<()> {
        let mut loads = readers::loads(files)?.into_iter();
        let make = |_: &mut Self| Ok(loads.next());
        let take = |session: &mut Self, loaded| match loaded {
            Loaded::Parcel(parcel) => session.ask_with(ImportParcel {}, vec![parcel]).map(drop),
            Loaded::Here(file) => {
                let (name, path) = files.get(file).context("a file is missing")?;
                session.read_file(name, path)
            }
        };
        readers::in_order(self, make, |load| readers::load(load, files, adds), take)
    }

    /// Has the notes of the import screened and read on several threads.
    fn read_notes_apart(&mut self) -> anyhow::Result<()> {
        let make = |session: &mut Self| Ok(session.ask_with(ImportNotes {}, Bulk::new())?.1.into_iter().next());
        let read = |batch: Vec<u8>| {
            let mut session = Self { engine: Engine::default(), bar: ProgressBar::hidden() };
            session.ask_with(ReadImportNotes {}, vec![batch])?.1.into_iter().next().context("no notes came back")
        };
        let take = |session: &mut Self, done| session.ask_with(ImportNotesRead {}, vec![done]).map(drop);
        readers::in_order(self, make, read, take)
    }

    /// The format of files, by their names and first bytes.
    pub fn detect(&mut self, files: &[PathBuf]) -> anyhow::Result<SourceFormat> {
        let mut heads = Bulk::new();
        for path in files.iter().take(MAX_HEADS) {
            let file = std::fs::File::open(path).with_context(|| format!("{} cannot be opened", path.display()))?;
            let mut head = Vec::new();
            file.take(HEAD).read_to_end(&mut head).with_context(|| format!("{} cannot be read", path.display()))?;
            heads.push(head);
        }
        let names = files.iter().map(|f| table_name(f)).collect();
        let (detected, _) = self.ask_with(DetectFormat { names }, heads)?;
        detected.format.with_context(|| {
            format!(
                "It cannot be told what these files are: {}. Name the format with --format fhir, omop or csv.",
                detected.found
            )
        })
    }

    /// Looks at a delimited file: at all of it up to 64 MB, else at its first part.
    pub fn inspect(&mut self, path: &Path) -> anyhow::Result<CsvProposal> {
        let mut head = Vec::new();
        let file = std::fs::File::open(path).with_context(|| format!("{} cannot be opened", path.display()))?;
        let size = file.metadata()?.len();
        let n = file.take(64 << 20).read_to_end(&mut head)? as u64;
        Ok(self
            .ask_with(
                InspectCsv { file_name: file_name(path), complete: n >= size, dialect: CsvDialect::default() },
                vec![head],
            )?
            .0)
    }

    /// Looks at tables and notes: at the first part of each, at all of a workbook.
    pub fn inspect_tables(
        &mut self,
        files: &[(String, PathBuf)],
        said: &[(String, CsvDialect)],
    ) -> anyhow::Result<TablesProposal> {
        let (mut heads, mut asked) = (Bulk::new(), Vec::new());
        for (name, path) in files {
            let file = std::fs::File::open(path).with_context(|| format!("{} cannot be opened", path.display()))?;
            let size = file.metadata()?.len();
            let most = if is_workbook(name) { MAX_WORKBOOK } else { LOOK };
            let mut head = Vec::new();
            let n =
                file.take(most).read_to_end(&mut head).with_context(|| format!("{} cannot be read", path.display()))?;
            let dialect =
                said.iter().find(|(of, _)| of == name).map(|(_, dialect)| dialect.clone()).unwrap_or_default();
            asked.push(FileToInspect { name: name.clone(), complete: n as u64 >= size, dialect });
            heads.push(head);
        }
        Ok(self.ask_with(InspectTables { files: asked }, heads)?.0)
    }

    /// Reads a flat file only to analyse it: the named columns with the roles given, all others left out, and nothing
    /// is changed by de-identification, since nothing is stored.
    ///
    /// A row that cannot be used as it stands ends the command: an analysis of part of a file would not be the one
    /// that was asked for.
    pub fn analyse(&mut self, path: &Path, wanted: &[(&str, Wanted)]) -> anyhow::Result<(DatasetId, Vec<String>)> {
        let proposal = self.inspect(path)?;
        let (mapping, warnings) = plan(path, proposal, wanted)?;
        let begin = ImportBegin {
            name: file_name(path),
            format: ImportFormat::Csv { mapping },
            source: DatasetSource { format: "csv".to_owned(), ..DatasetSource::default() },
            secret: "0".repeat(64),
            dates: DatePolicy::Keep,
            text: TextPolicy::default(),
            review: false,
            this_year: this_year(),
            holds_no_identifiers: true,
            note_findings: false,
            into: None,
        };
        let (imported, _) = self.import(begin, &[path.to_path_buf()])?;
        if let Some(first) = imported.report.rejected.first() {
            let n = imported.report.rows_rejected + imported.report.values_rejected;
            bail!(
                "{}, line {}{}: {} ({n} such rows or values in all). Correct the file and run the command again.",
                first.file,
                first.line,
                if first.field.is_empty() { String::new() } else { format!(", field '{}'", first.field) },
                first.reason.trim_end_matches('.')
            );
        }
        Ok((imported.header.id, warnings))
    }

    /// Opens a `.rounds` file.
    pub fn open(&mut self, path: &Path) -> anyhow::Result<DatasetHeader> {
        let bytes = output::read(path)?;
        let (imported, _) = self
            .ask_with(ReadRounds { header_only: false }, vec![bytes])
            .with_context(|| format!("{}", path.display()))?;
        Ok(imported.header)
    }
}

/// What a column is wanted for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A duration.
    Duration,
    /// An event indicator.
    Event,
    /// A number where every value is one, else levels.
    Any,
    /// Levels.
    Category,
    /// As the look at the file proposes.
    Proposed,
}

fn is_workbook(name: &str) -> bool {
    let lower = name.to_lowercase();
    lower.ends_with(".xlsx") || lower.ends_with(".xlsm")
}

/// The last bytes of a file that is described there; none of most files.
fn tail_of(file: &mut std::fs::File) -> std::io::Result<Vec<u8>> {
    let mut last = Vec::new();
    let size = file.seek(SeekFrom::End(0))?;
    let mut from = |n: u64, into: &mut Vec<u8>| {
        file.seek(SeekFrom::Start(size.saturating_sub(n)))?;
        into.clear();
        Read::by_ref(file).take(n).read_to_end(into)
    };
    from(8, &mut last)?;
    match engine::tail_bytes(&last).filter(|n| *n <= size) {
        Some(n) => from(n, &mut last)?,
        None => {
            last.clear();
            0
        }
    };
    file.seek(SeekFrom::Start(0))?;
    Ok(last)
}

/// A file's name as an import hears it: the parts that Spark writes go by the name of their folder.
pub fn table_name(path: &Path) -> String {
    let name = file_name(path);
    let folder = path.parent().and_then(Path::file_name).map(|f| f.to_string_lossy().into_owned());
    match folder {
        Some(folder) if ["part-", "part_", "data_"].iter().any(|p| name.starts_with(p)) => format!("{folder}/{name}"),
        _ => name,
    }
}

/// A file's name without its folder.
pub fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |n| n.to_string_lossy().into_owned())
}

fn plan(path: &Path, proposal: CsvProposal, wanted: &[(&str, Wanted)]) -> anyhow::Result<(CsvMapping, Vec<String>)> {
    let CsvProposal { mut mapping, evidence, warnings, .. } = proposal;
    let mut notes: Vec<String> = warnings;
    for (name, _) in wanted {
        if !mapping.columns.iter().any(|c| c.name == *name) {
            let known: Vec<&str> = mapping.columns.iter().map(|c| c.name.as_str()).collect();
            bail!("{} has no column '{name}'. Its columns: {}", file_name(path), known.join(", "));
        }
    }
    for (column, seen) in mapping.columns.iter_mut().zip(&evidence) {
        let asked = wanted.iter().find(|(name, _)| *name == column.name).map(|(_, w)| *w);
        let proposed_role = column.role;
        column.identifier_class = None;
        column.role = match asked {
            None => ColumnRole::Drop,
            Some(Wanted::Duration) => ColumnRole::Duration,
            Some(Wanted::Event) => {
                if let Some(note) = event_levels(column, seen) {
                    notes.push(note);
                }
                ColumnRole::Event
            }
            Some(Wanted::Category) => ColumnRole::Category,
            Some(Wanted::Any) => {
                if seen.min.is_some() && seen.possible.contains(&ColumnRole::Number) {
                    ColumnRole::Number
                } else {
                    ColumnRole::Category
                }
            }
            Some(Wanted::Proposed) => proposed_role,
        };
    }
    // Only what was said about the columns that are used is of interest.
    notes.retain(|note| wanted.iter().any(|(name, _)| note.contains(&format!("'{name}'"))));
    Ok((mapping, notes))
}

/// Which texts mean 'observed': as proposed, else 1 of 0/1, 2 of 1/2, true of false/true.
fn event_levels(column: &mut ColumnPlan, seen: &ColumnEvidence) -> Option<String> {
    if !column.event_observed.is_empty() {
        return None;
    }
    let levels: Vec<&str> = seen.top.iter().map(|(level, _)| level.as_str()).collect();
    let all = |allowed: &[&str]| levels.iter().all(|l| allowed.contains(l));
    let (observed, censored) = if all(&["1", "2"]) && levels.contains(&"2") {
        ("2", "1")
    } else if all(&["true", "false", "TRUE", "FALSE", "True", "False"]) && !levels.is_empty() {
        column.event_observed = ["true", "TRUE", "True"].map(str::to_owned).to_vec();
        column.event_censored = ["false", "FALSE", "False"].map(str::to_owned).to_vec();
        return None;
    } else {
        ("1", "0")
    };
    column.event_observed = vec![observed.to_owned()];
    column.event_censored = vec![censored.to_owned()];
    (observed == "2").then(|| format!("'{}' holds 1 and 2: 2 was read as the event, 1 as censored.", column.name))
}

/// 64 hex digits out of a seed, or from the system's randomness.
pub fn secret(seed: Option<u64>) -> anyhow::Result<String> {
    if let Some(seed) = seed {
        return Ok(format!("{seed:064x}"));
    }
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| anyhow!("the system has no randomness: {error}"))?;
    Ok(bytes.iter().map(|b| format!("{b:02x}")).collect())
}
