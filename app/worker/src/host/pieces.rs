//! Pieces of files, read for the import of another worker.

use engine::pieces::{self, FhirReader, How, Piece};
use protocol::{EngineError, PieceKind, ReadPieces};
use web::files;
use web_sys::File;

use super::storage;
use crate::queue::Call;

/// Bytes read at a time.
const SLICE: u64 = 4_194_304;

/// How a piece is read, as the message says it.
pub(super) fn kind(how: How) -> PieceKind {
    match how {
        How::Whole => PieceKind::Whole,
        How::Lines => PieceKind::Lines,
        How::Entries => PieceKind::Entries,
    }
}

fn how(kind: PieceKind) -> How {
    match kind {
        PieceKind::Whole => How::Whole,
        PieceKind::Lines => How::Lines,
        PieceKind::Entries => How::Entries,
    }
}

/// Reads pieces of files; gives the parcel.
#[expect(clippy::cast_precision_loss, reason = "below 2^53")]
pub(super) async fn read(call: &Call, request: &ReadPieces, handles: &[File]) -> Result<Vec<u8>, EngineError> {
    let mut reader = FhirReader::new(request.adds);
    let error = |e| pieces::error(&e);
    for piece in &request.pieces {
        let file =
            handles.get(piece.file as usize).ok_or_else(|| EngineError::invalid("A file was not handed over."))?;
        let of = Piece { file: 0, bytes: piece.from..piece.to, size: piece.size, how: how(piece.how) };
        reader.begin(&piece.name, &of).map_err(error)?;
        while let Some(range) = reader.wants(SLICE) {
            if call.is_cancelled() {
                return Err(EngineError::Cancelled);
            }
            let bytes = files::start_read(file, range.start as f64, range.end as f64).await.map_err(storage)?;
            reader.take(&bytes).map_err(error)?;
        }
    }
    reader.parcel().map_err(error)
}
