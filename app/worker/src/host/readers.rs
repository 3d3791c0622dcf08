//! Several workers that read for one import: FHIR files, and the notes of every record.
//!
//! Reading and the notes are most of the work, and neither files nor notes ask for one another before the end: the worker of the
//! import starts more of its own kind, hands out pieces of files, and takes what they read in the order of the files, so that the
//! dataset is the same as if it had read them itself. They are ended with the import. Where none can be started, the import
//! reads alone.

use std::collections::VecDeque;

use engine::Engine;
use engine::pieces::{self, Load, Piece, Shape, zip_parts};
use js_sys::{ArrayBuffer, Uint8Array};
use protocol::{
    EngineError, FilePiece, ImportFormat, ImportNotes, ImportNotesRead, ImportParcel, ReadImportNotes, ReadPieces,
    Reply, Request,
};
use wasm_bindgen::JsValue;
use web::engine::Pending;
use web::{files, scope};
use web_sys::File;

use super::files::{BYTES_READ, Progress, read_one};
use super::import::READ;
use super::pieces::{kind, read};
use super::{step, storage, unexpected};
use crate::queue::Call;

/// An import of fewer bytes is over before other workers have started.
const WORTH: f64 = 16.0 * 1_048_576.0;
/// Workers, at most: each needs memory of its own.
const MOST: usize = 6;
/// Calls that wait at each of them, so that none is idle.
const AHEAD: usize = 3;
/// Bytes that are read ahead of the import, about: what was read of them waits in memory, a tenth as large.
const BYTES_AHEAD: u64 = 256 << 20;
/// How many times larger the files in an archive are, about.
const UNPACKED: u64 = 10;
/// Bytes that tell whether a file holds a resource a line; lines are rarely longer.
const HEAD: f64 = 1_048_576.0;

/// The files of an import.
pub(super) struct Files<'a> {
    pub(super) names: &'a [String],
    pub(super) handles: &'a [File],
    /// The import is added to a dataset.
    pub(super) adds: bool,
}

/// Other workers of the same kind as this one.
pub(super) struct Readers {
    all: Vec<web::engine::Engine>,
    next: usize,
}

impl Drop for Readers {
    fn drop(&mut self) {
        self.all.iter().for_each(web::engine::Engine::end);
    }
}

impl Readers {
    /// Workers for an import, where it is worth them and the machine runs several at once. Each starts at its first call.
    pub(super) fn for_import(format: &ImportFormat, handles: &[File]) -> Option<Self> {
        let n_bytes: f64 = handles.iter().map(|f| f.size()).sum();
        let n_threads = scope::n_threads();
        // One more than run at once: while one waits for bytes from the disk, another one reads.
        let n = (n_threads + 1).min(MOST);
        if n_threads < 2 || n_bytes < WORTH || matches!(format, ImportFormat::Csv { .. }) {
            return None;
        }
        let address = scope::own_address()?;
        Some(Self { all: (0..n).map(|_| web::engine::Engine::start(&address)).collect(), next: 0 })
    }

    fn ahead(&self) -> usize {
        self.all.len() * AHEAD
    }

    /// Whether more may be read ahead of the import than loads of these weights: each has one, and more as long as they are small.
    fn has_room(&self, ahead: impl ExactSizeIterator<Item = u64>) -> bool {
        let n = ahead.len();
        n < self.all.len() || n < self.ahead() && ahead.sum::<u64>() < BYTES_AHEAD
    }

    /// The one whose turn it is.
    fn turn(&mut self) -> Option<&web::engine::Engine> {
        self.next += 1;
        self.all.get(self.next % self.all.len().max(1))
    }

    fn read(&mut self, pieces: &[Piece], of: &Files<'_>) -> Option<Pending<ReadPieces>> {
        let mut attached: Vec<JsValue> = Vec::new();
        let mut last = None;
        let mut asked = Vec::with_capacity(pieces.len());
        for piece in pieces {
            if last != Some(piece.file) {
                last = Some(piece.file);
                attached.push(of.handles.get(piece.file)?.into());
            }
            asked.push(file_piece(piece, of, attached.len() - 1));
        }
        let call = ReadPieces { adds: of.adds, pieces: asked };
        Some(self.turn()?.start_call(&call, attached, |_, _| {}))
    }
}

/// Reads all files.
pub(super) async fn read_all(
    engine: &mut Engine,
    call: &Call,
    of: &Files<'_>,
    readers: &mut Readers,
) -> Result<(), EngineError> {
    let mut progress = Progress::of(of.handles);
    let shapes = shapes(of).await?;
    let mut loads = pieces::plan(&shapes).into_iter();
    let mut ahead: VecDeque<(Load, Option<Pending<ReadPieces>>)> = VecDeque::new();
    loop {
        while readers.has_room(ahead.iter().map(|(load, _)| weight(load, of.names)))
            && let Some(load) = loads.next()
        {
            let pending = match &load {
                Load::Apart(pieces) => readers.read(pieces, of),
                Load::Here(_) => None,
            };
            ahead.push_back((load, pending));
        }
        let Some((load, pending)) = ahead.pop_front() else { return Ok(()) };
        match load {
            Load::Here(file) => read_one(engine, call, (of.names, of.handles), file, &mut progress).await?,
            Load::Apart(pieces) => {
                let parcel = match pending {
                    Some(pending) => pending.await.ok().and_then(|answer| first(&answer.buffers)),
                    None => None,
                };
                let name = pieces.last().and_then(|p| of.names.get(p.file)).map_or("", String::as_str);
                if call.is_cancelled() {
                    return Err(EngineError::Cancelled);
                }
                // Whatever a reader could not do is tried here, where its error is the answer.
                let parcel = match parcel {
                    Some(parcel) => parcel,
                    None => read(call, &asked(&pieces, of), of.handles).await?,
                };
                step(engine, call, Request::ImportParcel(Box::new(ImportParcel {})), vec![parcel])?;
                let n_bytes: u64 = pieces.iter().map(|p| p.bytes.end - p.bytes.start).sum();
                progress.read(call, n_bytes, name)?;
            }
        }
    }
}

/// Bytes of a load, once unpacked, about.
fn weight(load: &Load, names: &[String]) -> u64 {
    let Load::Apart(pieces) = load else { return 0 };
    let of = |piece: &Piece| {
        let name = names.get(piece.file).map(|name| name.to_lowercase()).unwrap_or_default();
        let packed = [".gz", ".tgz", ".zip"].iter().any(|end| name.ends_with(end));
        (piece.bytes.end - piece.bytes.start) * if packed { UNPACKED } else { 1 }
    };
    pieces.iter().map(of).sum()
}

/// A piece as it is asked for, of the attachment of a number.
fn file_piece(piece: &Piece, of: &Files<'_>, attached: usize) -> FilePiece {
    FilePiece {
        name: of.names.get(piece.file).cloned().unwrap_or_default(),
        file: u32::try_from(attached).unwrap_or(u32::MAX),
        from: piece.bytes.start,
        to: piece.bytes.end,
        size: piece.size,
        how: kind(piece.how),
    }
}

/// The pieces as they are asked for, with the files of the import as attachments.
fn asked(pieces: &[Piece], of: &Files<'_>) -> ReadPieces {
    ReadPieces { adds: of.adds, pieces: pieces.iter().map(|piece| file_piece(piece, of, piece.file)).collect() }
}

fn first(buffers: &[ArrayBuffer]) -> Option<Vec<u8>> {
    buffers.first().map(|buffer| Uint8Array::new(buffer).to_vec())
}

/// The size of each file, and how it may be cut.
async fn shapes(of: &Files<'_>) -> Result<Vec<(u64, Shape)>, EngineError> {
    let mut out = Vec::with_capacity(of.names.len());
    for (name, file) in of.names.iter().zip(of.handles) {
        let lower = name.to_lowercase();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a file's size is a whole number")]
        let size = file.size() as u64;
        let shape = if pieces::is_named_lines(name) && file.size() > HEAD {
            let head = files::start_read(file, 0.0, HEAD).await.map_err(storage)?;
            if pieces::can_be_cut(name, &head) { Shape::Lines } else { Shape::Whole }
        } else if lower.ends_with(".zip") {
            entries(file, size).await?.map_or(Shape::Whole, Shape::Zip)
        } else {
            Shape::Whole
        };
        out.push((size, shape));
    }
    Ok(out)
}

/// Where the entries of a zip file begin.
#[expect(clippy::cast_precision_loss, reason = "below 2^53")]
async fn entries(file: &File, size: u64) -> Result<Option<Vec<u64>>, EngineError> {
    let from = size.saturating_sub(zip_parts::END_BYTES);
    let end = files::start_read(file, from as f64, size as f64).await.map_err(storage)?;
    let Some(at) = zip_parts::directory(&end, size) else { return Ok(None) };
    let directory = files::start_read(file, at.start as f64, at.end as f64).await.map_err(storage)?;
    Ok(zip_parts::starts(&directory))
}

/// Notes that were given out.
struct GivenOut {
    /// Nothing where they are read here.
    pending: Option<Pending<ReadImportNotes>>,
    batch: Vec<u8>,
    /// Share of the notes that were given out with them and before.
    share: f64,
}

/// The next notes of an import, given out to the worker whose turn it is.
fn give_out(engine: &mut Engine, call: &Call, readers: &mut Readers) -> Result<Option<GivenOut>, EngineError> {
    let (reply, bulk) = step(engine, call, Request::ImportNotes(Box::new(ImportNotes {})), Vec::new())?;
    let Reply::ImportNotes(share) = reply else { return Err(unexpected()) };
    let (Some(share), Some(batch)) = (*share, bulk.into_iter().next()) else { return Ok(None) };
    // Before a worker has started for them alone, a few notes are read here.
    let are_few = share >= 1.0 && readers.next == 0;
    // A copy is transferred; the other one is for the case that the worker fails.
    let copy = || vec![JsValue::from(Uint8Array::from(batch.as_slice()).buffer())];
    let pending = readers.turn().filter(|_| !are_few).map(|r| r.start_call(&ReadImportNotes {}, copy(), |_, _| {}));
    Ok(Some(GivenOut { pending, batch, share }))
}

/// Has the notes of an import screened and read, after its last file.
pub(super) async fn read_notes(engine: &mut Engine, call: &Call, readers: &mut Readers) -> Result<(), EngineError> {
    let mut ahead: VecDeque<GivenOut> = VecDeque::new();
    let mut more = true;
    loop {
        while more && ahead.len() < readers.ahead() {
            let next = give_out(engine, call, readers)?;
            more = next.is_some();
            ahead.extend(next);
        }
        let Some(GivenOut { pending, batch, share }) = ahead.pop_front() else { return Ok(()) };
        let done = match pending {
            Some(pending) => pending.await.ok().and_then(|answer| first(&answer.buffers)),
            None => None,
        };
        if call.is_cancelled() || !call.tick(BYTES_READ + (READ - BYTES_READ) * share, "Screening and reading notes") {
            return Err(EngineError::Cancelled);
        }
        let done = match done {
            Some(done) => done,
            None => {
                let ask = Request::ReadImportNotes(Box::new(ReadImportNotes {}));
                step(engine, call, ask, vec![batch])?.1.into_iter().next().unwrap_or_default()
            }
        };
        step(engine, call, Request::ImportNotesRead(Box::new(ImportNotesRead {})), vec![done])?;
    }
}
