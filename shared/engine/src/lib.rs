//! `handle(&mut Engine, Request, bulk, tick) -> Result<(Reply, bulk), EngineError>`: everything that computes, as one
//! plain function. The page's worker, the command line and the tests all go through it.
//!
//! Start with [`handle`]; each room below answers one kind of request. Bulk (bytes of files, column chunks) travels
//! beside requests and replies in the order that the protocol names.
//!
//! **Invariant:** no browser, no clock, no randomness: what is random or secret is passed in.

#[cfg(feature = "studies")]
mod cohorts;
#[cfg(any(feature = "desk", feature = "studies"))]
mod columns;
#[cfg(feature = "studies")]
mod contents;
mod datasets;
mod error;
#[cfg(feature = "desk")]
mod export;
#[cfg(feature = "desk")]
mod findings;
#[cfg(feature = "import")]
mod import;
#[cfg(feature = "desk")]
mod literature;
#[cfg(all(feature = "desk", feature = "studies"))]
mod matching;
#[cfg(any(feature = "desk", feature = "files"))]
mod note_text;
#[cfg(all(feature = "desk", feature = "studies"))]
mod numbers;
#[cfg(feature = "desk")]
mod reading;
#[cfg(feature = "desk")]
mod record;
#[cfg(feature = "files")]
mod samples;
#[cfg(feature = "files")]
mod screening;
#[cfg(feature = "studies")]
mod studies;
#[cfg(any(feature = "desk", feature = "studies"))]
mod subjects;
#[cfg(feature = "studies")]
mod summary;

use std::collections::BTreeMap;

use model::dataset::DatasetId;
use protocol::{EngineError, Reply, Request};

use datasets::OpenDataset;
#[cfg(feature = "import")]
use import::Import;
#[cfg(feature = "studies")]
use studies::LastRun;

/// Bulk beside a request or a reply.
pub type Bulk = Vec<Vec<u8>>;

/// Told how far the work is (0 to 1) and what is being done; says whether to go on.
pub type Tick<'a> = dyn FnMut(f64, &str) -> bool + 'a;

/// The engine's memory: open datasets, the import under way, the curves of the last study.
#[derive(Default)]
pub struct Engine {
    datasets: BTreeMap<DatasetId, OpenDataset>,
    #[cfg(feature = "import")]
    import: Option<Import>,
    /// What was chosen of de-identification for it.
    #[cfg(feature = "import")]
    choices: Vec<model::dataset::DeidentificationStep>,
    /// The dataset that the import under way is added to.
    #[cfg(feature = "files")]
    import_into: Option<DatasetId>,
    /// The import waits for the user's word: its dataset is not opened.
    #[cfg(feature = "import")]
    import_waits: bool,
    #[cfg(feature = "studies")]
    last_run: Option<LastRun>,
    #[cfg(feature = "desk")]
    literature: Option<literature::Reading>,
}

impl Engine {
    /// Whether a dataset is in memory.
    #[must_use]
    pub fn is_open(&self, id: &DatasetId) -> bool {
        self.datasets.contains_key(id)
    }

    /// The header of a dataset in memory.
    #[must_use]
    pub fn header(&self, id: &DatasetId) -> Option<&model::dataset::DatasetHeader> {
        self.datasets.get(id).map(|open| &open.header)
    }

    /// Takes a dataset out of memory.
    pub fn close(&mut self, id: &DatasetId) {
        self.datasets.remove(id);
    }

    fn dataset(&self, id: &DatasetId) -> Result<&OpenDataset, EngineError> {
        self.datasets.get(id).ok_or_else(|| EngineError::DatasetNotOpen { id: id.0.clone() })
    }
}

/// How many of its last bytes a host should hand over with `ImportFile`, by its last 8 bytes; nothing for most files.
#[cfg(feature = "files")]
#[must_use]
pub fn tail_bytes(last: &[u8]) -> Option<u64> {
    intake::footer_bytes(last)
}

/// Files in pieces, for several readers of one import: what they read is taken by `ImportParcel`.
#[cfg(feature = "files")]
pub mod pieces {
    pub use intake::archive::zip_parts;
    pub use intake::fhir::{FhirReader, How, Load, Piece, Shape, can_be_cut, is_named_lines, plan};

    /// Problems of a reader in the engine's words.
    #[must_use]
    pub fn error(problem: &intake::IntakeError) -> protocol::EngineError {
        crate::error::intake(problem)
    }
}

/// The positions of files in the order in which their import needs least memory.
#[cfg(feature = "files")]
#[must_use]
pub fn import_order(format: &protocol::ImportFormat, names: &[String]) -> Vec<usize> {
    match format {
        protocol::ImportFormat::Omop => {
            intake::omop::import_order(&names.iter().map(String::as_str).collect::<Vec<_>>())
        }
        _ => (0..names.len()).collect(),
    }
}

/// A `.rounds` file of what `ImportFinish` gave: the header, and the chunks beside it.
///
/// # Errors
/// If they cannot be put into one file.
#[cfg(feature = "desk")]
pub fn rounds_file(header: &model::dataset::DatasetHeader, chunks: &Bulk) -> Result<Vec<u8>, EngineError> {
    export::rounds_file(header, chunks)
}

/// The dataset that a request is about: the host loads it first where it is stored but not in memory.
#[must_use]
pub fn dataset_of(request: &Request) -> Option<&DatasetId> {
    match request {
        Request::DescribeDataset(r) => Some(&r.dataset),
        Request::SearchConcepts(r) => Some(&r.dataset),
        Request::EvaluateCohort(r) => Some(&r.dataset),
        Request::DescribeCohort(r) => r.dataset.as_ref(),
        Request::Summarize(r) => Some(&r.dataset),
        Request::Survival(r) => Some(&r.dataset),
        #[cfg(feature = "desk")]
        Request::MatchPersons(r) => Some(&r.dataset),
        Request::RunStudy(r) => Some(&r.dataset),
        Request::Consult(r) => Some(&r.dataset),
        Request::ConsultRecord(r) => Some(&r.dataset),
        #[cfg(feature = "desk")]
        Request::ExportDataset(r) => Some(&r.dataset),
        #[cfg(feature = "desk")]
        Request::CheckQuality(r) => Some(&r.dataset),
        #[cfg(feature = "desk")]
        Request::DescribeOverTime(r) => Some(&r.dataset),
        #[cfg(feature = "desk")]
        Request::DescribeConcept(r) => Some(&r.dataset),
        #[cfg(feature = "desk")]
        Request::ListPersons(r) => Some(&r.dataset),
        #[cfg(feature = "desk")]
        Request::PersonTimeline(r) => Some(&r.dataset),
        #[cfg(feature = "desk")]
        Request::PersonNote(r) => Some(&r.dataset),
        Request::ImportBegin(r) => r.into.as_ref(),
        Request::ImportFile(_)
        | Request::ImportBytes(_)
        | Request::ImportFinish(_)
        | Request::ImportAbort(_)
        | Request::LoadDataset(_)
        | Request::UnloadDataset(_)
        | Request::RiskTable(_) => None,
        #[cfg(feature = "files")]
        Request::InspectCsv(_)
        | Request::RecognizeFiles(_)
        | Request::DetectFormat(_)
        | Request::InspectTables(_)
        | Request::ImportParcel(_)
        | Request::ImportNotes(_)
        | Request::ImportNotesRead(_)
        | Request::ReadImportNotes(_)
        | Request::ReadRounds(_)
        | Request::MakeSample(_)
        | Request::ScreenNotes(_) => None,
        #[cfg(feature = "desk")]
        Request::TwoByTwo(_)
        | Request::Pool(_)
        | Request::DraftFinding(_)
        | Request::CheckFinding(_)
        | Request::SignFinding(_)
        | Request::VerifyDocument(_)
        | Request::PoolFindings(_)
        | Request::ReadNotes(_)
        | Request::CitationsBegin(_)
        | Request::CitationsFile(_)
        | Request::CitationsBytes(_)
        | Request::CitationsFinish(_)
        | Request::PoolEffects(_) => None,
    }
}

/// Answers a request.
///
/// # Errors
/// In the user's words: what is wrong with what was given, what the numbers do not allow, what was stopped.
#[expect(clippy::too_many_lines, reason = "a list: one line an answer, and one where it is not in every worker")]
#[cfg_attr(
    not(feature = "import"),
    expect(clippy::needless_pass_by_value, reason = "an import keeps the end of a file")
)]
pub fn handle(
    engine: &mut Engine,
    request: Request,
    bulk: Bulk,
    tick: &mut Tick<'_>,
) -> Result<(Reply, Bulk), EngineError> {
    match request {
        #[cfg(feature = "files")]
        Request::InspectCsv(r) => plain(Reply::InspectCsv, || import::inspect(&r, &bulk)),
        #[cfg(feature = "import")]
        Request::ImportBegin(r) => plain(Reply::ImportBegin, || import::begin(engine, *r)),
        #[cfg(feature = "import")]
        Request::ImportFile(r) => plain(Reply::ImportFile, || import::file(engine, &r, bulk)),
        #[cfg(feature = "import")]
        Request::ImportBytes(r) => plain(Reply::ImportBytes, || import::bytes(engine, &r, &bulk)),
        #[cfg(feature = "import")]
        Request::ImportFinish(_) => heavy(Reply::ImportFinish, || import::finish(engine, tick)),
        #[cfg(feature = "import")]
        Request::ImportAbort(_) => plain(Reply::ImportAbort, || import::abort(engine)),
        #[cfg(feature = "files")]
        Request::RecognizeFiles(r) => plain(Reply::RecognizeFiles, || Ok(import::recognize(&r))),
        #[cfg(feature = "files")]
        Request::DetectFormat(r) => plain(Reply::DetectFormat, || Ok(import::detect(&r, &bulk))),
        #[cfg(feature = "files")]
        Request::InspectTables(r) => plain(Reply::InspectTables, || import::inspect_tables(&r, &bulk)),
        #[cfg(feature = "files")]
        Request::ImportParcel(_) => plain(Reply::ImportParcel, || import::parcel(engine, &bulk)),
        #[cfg(feature = "files")]
        Request::ImportNotes(_) => heavy(Reply::ImportNotes, || import::notes(engine)),
        #[cfg(feature = "files")]
        Request::ImportNotesRead(_) => plain(Reply::ImportNotesRead, || import::notes_read(engine, &bulk)),
        #[cfg(feature = "files")]
        Request::ReadImportNotes(_) => heavy(Reply::ReadImportNotes, || import::read_notes(&bulk)),
        #[cfg(feature = "files")]
        Request::ReadRounds(r) => heavy(Reply::ReadRounds, || datasets::read_rounds(engine, &r, &bulk)),
        Request::LoadDataset(r) => plain(Reply::LoadDataset, || datasets::load(engine, *r, &bulk)),
        Request::UnloadDataset(r) => {
            engine.close(&r.dataset);
            plain(Reply::UnloadDataset, || Ok(()))
        }
        #[cfg(feature = "studies")]
        Request::DescribeDataset(r) => plain(Reply::DescribeDataset, || contents::describe(engine, &r)),
        #[cfg(feature = "studies")]
        Request::SearchConcepts(r) => plain(Reply::SearchConcepts, || contents::search(engine, &r)),
        #[cfg(feature = "studies")]
        Request::EvaluateCohort(r) => plain(Reply::EvaluateCohort, || cohorts::evaluate(engine, &r, tick)),
        #[cfg(feature = "studies")]
        Request::DescribeCohort(r) => plain(Reply::DescribeCohort, || cohorts::describe(engine, &r)),
        #[cfg(feature = "studies")]
        Request::Summarize(r) => plain(Reply::Summarize, || summary::summarize(engine, &r, tick)),
        #[cfg(feature = "studies")]
        Request::Survival(r) => plain(Reply::Survival, || studies::survival(engine, &r, tick)),
        #[cfg(all(feature = "desk", feature = "studies"))]
        Request::MatchPersons(r) => plain(Reply::MatchPersons, || matching::match_persons(engine, &r, tick)),
        #[cfg(feature = "studies")]
        Request::RunStudy(r) => plain(Reply::RunStudy, || studies::run(engine, &r, tick)),
        #[cfg(feature = "studies")]
        Request::RiskTable(r) => plain(Reply::RiskTable, || studies::risk_table(engine, &r)),
        #[cfg(feature = "studies")]
        Request::Consult(r) => plain(Reply::Consult, || studies::consult(engine, &r, tick)),
        #[cfg(feature = "studies")]
        Request::ConsultRecord(r) => plain(Reply::ConsultRecord, || studies::consult_record(engine, &r, tick)),
        #[cfg(not(feature = "import"))]
        Request::ImportBegin(_)
        | Request::ImportFile(_)
        | Request::ImportBytes(_)
        | Request::ImportFinish(_)
        | Request::ImportAbort(_) => Err(other_worker()),
        #[cfg(not(feature = "studies"))]
        Request::DescribeDataset(_)
        | Request::SearchConcepts(_)
        | Request::EvaluateCohort(_)
        | Request::DescribeCohort(_)
        | Request::Summarize(_)
        | Request::Survival(_)
        | Request::RunStudy(_)
        | Request::RiskTable(_)
        | Request::Consult(_)
        | Request::ConsultRecord(_) => Err(other_worker()),
        #[cfg(all(feature = "desk", not(feature = "studies")))]
        Request::MatchPersons(_) | Request::TwoByTwo(_) | Request::Pool(_) => Err(other_worker()),
        #[cfg(all(feature = "desk", feature = "studies"))]
        Request::TwoByTwo(r) => plain(Reply::TwoByTwo, || numbers::two_by_two(&r)),
        #[cfg(all(feature = "desk", feature = "studies"))]
        Request::Pool(r) => plain(Reply::Pool, || numbers::pool(&r)),
        #[cfg(feature = "desk")]
        Request::ReadNotes(r) => plain(Reply::ReadNotes, || reading::read(&r)),
        #[cfg(feature = "files")]
        Request::ScreenNotes(r) => plain(Reply::ScreenNotes, || screening::screen(&r)),
        #[cfg(feature = "desk")]
        Request::CitationsBegin(r) => plain(Reply::CitationsBegin, || literature::begin(engine, &r)),
        #[cfg(feature = "desk")]
        Request::CitationsFile(r) => plain(Reply::CitationsFile, || literature::file(engine, &r)),
        #[cfg(feature = "desk")]
        Request::CitationsBytes(r) => plain(Reply::CitationsBytes, || literature::bytes(engine, &r, &bulk)),
        #[cfg(feature = "desk")]
        Request::CitationsFinish(_) => plain(Reply::CitationsFinish, || literature::finish(engine)),
        #[cfg(feature = "desk")]
        Request::PoolEffects(r) => plain(Reply::PoolEffects, || literature::pool(&r)),
        #[cfg(feature = "files")]
        Request::MakeSample(r) => heavy(Reply::MakeSample, || samples::make_sample(&r)),
        #[cfg(feature = "desk")]
        Request::DraftFinding(r) => plain(Reply::DraftFinding, || findings::draft(*r)),
        #[cfg(feature = "desk")]
        Request::CheckFinding(r) => plain(Reply::CheckFinding, || findings::check(&r)),
        #[cfg(feature = "desk")]
        Request::SignFinding(r) => plain(Reply::SignFinding, || findings::sign(&r)),
        #[cfg(feature = "desk")]
        Request::VerifyDocument(r) => plain(Reply::VerifyDocument, || findings::verify(&r)),
        #[cfg(feature = "desk")]
        Request::PoolFindings(r) => plain(Reply::PoolFindings, || findings::pool(&r)),
        #[cfg(feature = "desk")]
        Request::ExportDataset(r) => heavy(Reply::ExportDataset, || export::export(engine, &r)),
        #[cfg(feature = "desk")]
        Request::CheckQuality(r) => plain(Reply::CheckQuality, || record::quality(engine, &r, tick)),
        #[cfg(feature = "desk")]
        Request::DescribeOverTime(r) => plain(Reply::DescribeOverTime, || record::over_time(engine, &r, tick)),
        #[cfg(feature = "desk")]
        Request::DescribeConcept(r) => plain(Reply::DescribeConcept, || record::concept(engine, &r)),
        #[cfg(feature = "desk")]
        Request::ListPersons(r) => plain(Reply::ListPersons, || record::list_persons(engine, &r, tick)),
        #[cfg(feature = "desk")]
        Request::PersonTimeline(r) => plain(Reply::PersonTimeline, || record::timeline(engine, &r)),
        #[cfg(feature = "desk")]
        Request::PersonNote(r) => plain(Reply::PersonNote, || record::note(engine, &r)),
    }
}

/// A request that another worker answers: a bug of the page.
#[cfg(not(all(feature = "files", feature = "studies")))]
fn other_worker() -> EngineError {
    EngineError::Internal { message: "this was asked of the wrong worker.".to_owned() }
}

/// A reply without bulk.
///
/// Never inlined, nor is [`heavy`]: every answer is a function of its own in the compiled module. Inlined into [`handle`] they
/// made one of 280 kB, which a browser compiles whole at the first call, and a second time, for more than a second, when
/// one of them is hot.
#[inline(never)]
fn plain<T>(
    wrap: fn(Box<T>) -> Reply,
    work: impl FnOnce() -> Result<T, EngineError>,
) -> Result<(Reply, Bulk), EngineError> {
    work().map(|value| (wrap(Box::new(value)), Bulk::new()))
}

/// A reply with bulk.
#[inline(never)]
fn heavy<T>(
    wrap: fn(Box<T>) -> Reply,
    work: impl FnOnce() -> Result<(T, Bulk), EngineError>,
) -> Result<(Reply, Bulk), EngineError> {
    work().map(|(value, bulk)| (wrap(Box::new(value)), bulk))
}
