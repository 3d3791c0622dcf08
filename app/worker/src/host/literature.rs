//! Files of citations, piece by piece.

use engine::Engine;
use protocol::{
    CitationsBegin, CitationsBytes, CitationsFile, CitationsFinish, CitationsRead, EngineError, ReadCitations, Reply,
    Request,
};
use web::files;
use web_sys::File;

use super::{step, storage, unexpected};
use crate::queue::Call;

/// Bytes read at a time.
const SLICE: f64 = 1_048_576.0;
/// Citations taken at a time: the page holds them all at once.
const LIMIT: u64 = 10_000;

/// Reads files of citations.
pub(super) async fn read(
    engine: &mut Engine,
    call: &Call,
    request: &ReadCitations,
    handles: &[File],
) -> Result<CitationsRead, EngineError> {
    if handles.is_empty() || handles.len() != request.names.len() {
        return Err(EngineError::invalid("No file was chosen."));
    }
    let total: f64 = handles.iter().map(|f| f.size()).sum::<f64>().max(1.0);
    let mut done = 0.0;
    step(engine, call, Request::CitationsBegin(Box::new(CitationsBegin { limit: Some(LIMIT) })), Vec::new())?;
    for (name, file) in request.names.iter().zip(handles) {
        step(engine, call, Request::CitationsFile(Box::new(CitationsFile { name: name.clone() })), Vec::new())?;
        let size = file.size();
        let mut at = 0.0;
        loop {
            let end = (at + SLICE).min(size);
            let bytes = files::start_read(file, at, end).await.map_err(storage)?;
            at = end;
            let last = at >= size;
            if call.is_cancelled() || !call.tick((done + at) / total * 0.9, &format!("Reading {name}")) {
                return Err(EngineError::Cancelled);
            }
            step(engine, call, Request::CitationsBytes(Box::new(CitationsBytes { last })), vec![bytes])?;
            if last {
                break;
            }
        }
        done += size;
    }
    call.tick(0.95, "Looking for effect estimates");
    let finish = Request::CitationsFinish(Box::new(CitationsFinish {}));
    match step(engine, call, finish, Vec::new())?.0 {
        Reply::CitationsFinish(read) => Ok(*read),
        _ => Err(unexpected()),
    }
}
