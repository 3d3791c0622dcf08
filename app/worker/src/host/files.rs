//! The user's own files into a stored dataset, piece by piece.

use std::collections::VecDeque;

use engine::Engine;
use model::dataset::DatasetSource;
use protocol::{
    DetectFormat, EngineError, ImportAbort, ImportBegin, ImportBytes, ImportFile, ImportFiles, ImportFormat, Imported,
    InspectFiles, InspectedFiles, ReadRounds, RecognizeFiles, Reply, Request, SourceFormat, StoredImport,
};
use web::{clock, files, meta};
use web_sys::File;

use super::import::{BUILT, READ, built, keep};
use super::readers::{self, Readers};
use super::{step, storage, tables, unexpected};
use crate::queue::{Call, ask};

/// Bytes read at a time.
const SLICE: f64 = 4_194_304.0;
/// Bytes of each file that tell its format.
const MAGIC: f64 = 65_536.0;
/// Of further files than these, fewer bytes.
const MANY: usize = 64;
const MAGIC_OF_MANY: f64 = 8192.0;
/// Reads that are under way at once.
const AT_ONCE: usize = 64;

/// Recognizes dropped files.
pub(super) async fn inspect(
    engine: &mut Engine,
    call: &Call,
    request: &InspectFiles,
    handles: &[File],
) -> Result<InspectedFiles, EngineError> {
    let names = &request.names;
    let (Some(first), Some(name)) = (handles.first(), names.first()) else {
        return Err(EngineError::invalid("No file was chosen."));
    };
    let n_bytes: f64 = handles.iter().map(|f| f.size()).sum();
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a file's size is a whole number")]
    let n_bytes = n_bytes as u64;
    if handles.len() == 1 && name.to_lowercase().ends_with(".rounds") {
        let (imported, _) = read_rounds(engine, call, first, true).await?;
        return Ok(InspectedFiles::Rounds { header: Box::new(imported.header) });
    }
    let heads = heads(handles).await?;
    // One flat file may well be called patients.csv: alone, a name does not make it a table of OMOP.
    let is_delimited = [".csv", ".tsv"].iter().any(|ending| name.to_lowercase().ends_with(ending));
    let is_flat = handles.len() == 1 && is_delimited && !heads.first().is_some_and(|head| names_persons(head));
    let detect = Request::DetectFormat(Box::new(DetectFormat { names: names.clone() }));
    let Reply::DetectFormat(detected) = step(engine, call, detect, heads)?.0 else {
        return Err(unexpected());
    };
    match detected.format {
        Some(SourceFormat::Omop) if !is_flat => {
            let recognize = Request::RecognizeFiles(Box::new(RecognizeFiles { names: names.clone() }));
            let Reply::RecognizeFiles(found) = step(engine, call, recognize, Vec::new())?.0 else {
                return Err(unexpected());
            };
            return Ok(InspectedFiles::Omop { files: *found, n_bytes });
        }
        Some(SourceFormat::Fhir) if !is_flat => {
            let n_files = u32::try_from(handles.len()).unwrap_or(u32::MAX);
            return Ok(InspectedFiles::Fhir { found: detected.found, n_files, n_bytes });
        }
        Some(SourceFormat::Csv) => {}
        // What one file is, if nothing that is known here, the wizard for flat files says in its own words.
        _ if handles.len() == 1 => {}
        _ => {
            return Err(EngineError::invalid(format!(
                "These files are not of one kind that is known here ({}). Drop tables that belong together (.csv, .xlsx), notes \
                 (.txt, .jsonl), a folder of OMOP tables (person.csv, observation_period.csv, ...), or FHIR resources (.ndjson, \
                 .json), archived or not.",
                detected.found
            )));
        }
    }
    tables::inspect(engine, call, request, handles, n_bytes).await
}

/// The first bytes of each file; fewer where there are many files.
async fn heads(handles: &[File]) -> Result<Vec<Vec<u8>>, EngineError> {
    let most = |i: usize| if i < MANY { MAGIC } else { MAGIC_OF_MANY };
    let mut reads = handles.iter().enumerate().map(|(i, file)| files::start_read(file, 0.0, most(i).min(file.size())));
    let mut started: VecDeque<_> = reads.by_ref().take(AT_ONCE).collect();
    let mut heads = Vec::with_capacity(handles.len());
    while let Some(read) = started.pop_front() {
        heads.push(read.await.map_err(storage)?);
        started.extend(reads.next());
    }
    Ok(heads)
}

/// Whether the header has the column that joins OMOP's tables.
fn names_persons(head: &[u8]) -> bool {
    const COLUMN: &[u8] = b"person_id";
    let header = head.split(|&b| b == b'\n' || b == b'\r').next().unwrap_or_default();
    header.windows(COLUMN.len()).any(|part| part.eq_ignore_ascii_case(COLUMN))
}

/// Imports dropped files and stores the dataset.
pub(super) async fn import(
    engine: &mut Engine,
    call: &Call,
    request: ImportFiles,
    handles: &[File],
) -> Result<StoredImport, EngineError> {
    let (imported, chunks) = read(engine, call, request, handles, false).await?;
    call.tick(BUILT, "Storing on this device");
    keep(engine, imported, chunks).await
}

/// Reads dropped files into a dataset in memory; with `review`, what the identifier screen replaces is gathered.
pub(super) async fn read(
    engine: &mut Engine,
    call: &Call,
    request: ImportFiles,
    handles: &[File],
    review: bool,
) -> Result<(Imported, Vec<Vec<u8>>), EngineError> {
    let start = clock::now_ms();
    let format = match request.format {
        ImportFormat::Csv { .. } => "csv",
        ImportFormat::Omop => "omop",
        ImportFormat::Fhir => "fhir",
        ImportFormat::Tables { .. } => "csv",
    };
    let begin = ImportBegin {
        name: request.name,
        format: request.format,
        source: DatasetSource { format: format.to_owned(), files: request.names.clone(), ..DatasetSource::default() },
        secret: meta::secret(meta::INTAKE_SECRET).await.map_err(storage)?,
        dates: request.dates,
        text: request.text,
        review,
        this_year: clock::today().get(..4).and_then(|year| year.parse().ok()),
        holds_no_identifiers: false,
        note_findings: request.note_findings,
        into: request.into,
    };
    let order = engine::import_order(&begin.format, &request.names);
    let mut readers = Readers::for_import(&begin.format, handles);
    let (adds, is_fhir) = (begin.into.is_some(), matches!(begin.format, ImportFormat::Fhir));
    // A dataset that is added to is loaded first.
    ask(engine, call, Request::ImportBegin(Box::new(begin)), Vec::new()).await?;
    let of = readers::Files { names: &request.names, handles, adds };
    let read = match &mut readers {
        Some(readers) => read_by(engine, call, (&of, &order, is_fhir), readers).await,
        None => read_all(engine, call, (of.names, handles), &order, &mut Progress::of(handles)).await,
    };
    let far = if readers.is_some() { READ } else { BYTES_READ };
    // Their memory is free for the tables.
    drop(readers);
    match read.and_then(|()| built(engine, call, far)) {
        Ok((mut imported, chunks)) => {
            imported.report.seconds = (clock::now_ms() - start) / 1000.0;
            Ok((imported, chunks))
        }
        Err(error) => {
            // Whatever went wrong is the answer; giving up the half import cannot fail in a way that matters more.
            drop(step(engine, call, Request::ImportAbort(Box::new(ImportAbort {})), Vec::new()));
            Err(error)
        }
    }
}

/// Has FHIR files, and notes of whichever files, read by other workers.
async fn read_by(
    engine: &mut Engine,
    call: &Call,
    (of, order, is_fhir): (&readers::Files<'_>, &[usize], bool),
    readers: &mut Readers,
) -> Result<(), EngineError> {
    if is_fhir {
        readers::read_all(engine, call, of, readers).await?;
    } else {
        read_all(engine, call, (of.names, of.handles), order, &mut Progress::of(of.handles)).await?;
    }
    readers::read_notes(engine, call, readers).await
}

/// The part at the end of a file that is described by its last bytes; none of most files.
async fn tail_of(file: &File, last: &[u8]) -> Result<Vec<u8>, EngineError> {
    let size = file.size();
    #[expect(clippy::cast_precision_loss, reason = "below 2^33")]
    match engine::tail_bytes(last).map(|n| n as f64) {
        Some(n) if n <= size => files::start_read(file, size - n, size).await.map_err(storage),
        _ => Ok(Vec::new()),
    }
}

/// A file whose first and last bytes are being read.
struct Opened<'a, First, Last> {
    name: &'a str,
    file: &'a File,
    first: First,
    last: Last,
}

/// Begins to read a file: an import of thousands of small files would else wait for each of them.
fn open<'a>(
    name: &'a str,
    file: &'a File,
) -> Opened<
    'a,
    impl Future<Output = Result<Vec<u8>, web::WebError>> + use<>,
    impl Future<Output = Result<Vec<u8>, web::WebError>> + use<>,
> {
    let size = file.size();
    let first = files::start_read(file, 0.0, SLICE.min(size));
    Opened { name, file, first, last: files::start_read(file, (size - 8.0).max(0.0), size) }
}

/// How far an import is when its last byte is read: notes are still to come.
pub(super) const BYTES_READ: f64 = 0.75;

/// How much of the files is read.
pub(super) struct Progress {
    done: f64,
    total: f64,
}

impl Progress {
    pub(super) fn of(handles: &[File]) -> Self {
        Self { done: 0.0, total: handles.iter().map(|f| f.size()).sum::<f64>().max(1.0) }
    }

    /// Says how far it is, with so many bytes more than are done; refuses to go on where the user wants it to stop.
    fn say(&self, call: &Call, more: f64, name: &str) -> Result<(), EngineError> {
        let go_on =
            !call.is_cancelled() && call.tick((self.done + more) / self.total * 0.9, &format!("Reading {name}"));
        if go_on { Ok(()) } else { Err(EngineError::Cancelled) }
    }

    /// So many bytes more are done.
    #[expect(clippy::cast_precision_loss, reason = "below 2^53")]
    pub(super) fn read(&mut self, call: &Call, n_bytes: u64, name: &str) -> Result<(), EngineError> {
        self.done += n_bytes as f64;
        self.say(call, 0.0, name)
    }
}

async fn read_all(
    engine: &mut Engine,
    call: &Call,
    (names, handles): (&[String], &[File]),
    order: &[usize],
    progress: &mut Progress,
) -> Result<(), EngineError> {
    let mut all = order.iter().filter_map(|&i| names.get(i).zip(handles.get(i))).map(|(name, file)| open(name, file));
    let mut opened = all.next();
    while let Some(Opened { name, file, first, last }) = opened.take() {
        let size = file.size();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a file's size is a whole number")]
        let begin = ImportFile { name: name.to_owned(), n_bytes: size as u64 };
        let tail = tail_of(file, &last.await.map_err(storage)?).await?;
        step(engine, call, Request::ImportFile(Box::new(begin)), vec![tail])?;
        let mut bytes = first.await.map_err(storage)?;
        let mut at = 0.0;
        loop {
            at = (at + SLICE).min(size);
            let last = at >= size;
            // The next piece (or the next file) is read from disk while this one is parsed.
            let next = (!last).then(|| files::start_read(file, at, (at + SLICE).min(size)));
            if last {
                opened = all.next();
            }
            progress.say(call, at, name)?;
            step(engine, call, Request::ImportBytes(Box::new(ImportBytes { last })), vec![bytes])?;
            match next {
                Some(reading) => bytes = reading.await.map_err(storage)?,
                None => break,
            }
        }
        progress.done += size;
    }
    Ok(())
}

/// Reads one of the files.
pub(super) async fn read_one(
    engine: &mut Engine,
    call: &Call,
    files: (&[String], &[File]),
    which: usize,
    progress: &mut Progress,
) -> Result<(), EngineError> {
    read_all(engine, call, files, &[which], progress).await
}

async fn read_rounds(
    engine: &mut Engine,
    call: &Call,
    file: &File,
    header_only: bool,
) -> Result<(Imported, Vec<Vec<u8>>), EngineError> {
    let bytes = files::start_read(file, 0.0, file.size()).await.map_err(storage)?;
    let request = Request::ReadRounds(Box::new(ReadRounds { header_only }));
    let (reply, chunks) = step(engine, call, request, vec![bytes])?;
    match reply {
        Reply::ReadRounds(imported) => Ok((*imported, chunks)),
        _ => Err(unexpected()),
    }
}

/// Imports a `.rounds` file.
pub(super) async fn rounds(engine: &mut Engine, call: &Call, handles: &[File]) -> Result<StoredImport, EngineError> {
    let [file] = handles else {
        return Err(EngineError::invalid("Choose one .rounds file."));
    };
    call.tick(0.1, "Reading the file");
    let (imported, chunks) = read_rounds(engine, call, file, false).await?;
    call.tick(0.7, "Storing on this device");
    keep(engine, imported, chunks).await
}
