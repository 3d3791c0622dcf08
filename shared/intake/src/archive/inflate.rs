//! Deflate, piece by piece.

use flate2::{Decompress, FlushDecompress, Status};

use super::{Fault, fault};

/// Bytes handed on at a time.
const PIECE: usize = 1 << 16;

/// A deflate stream.
pub(super) struct Inflate {
    state: Decompress,
    out: Vec<u8>,
}

impl Inflate {
    pub(super) fn new() -> Self {
        Self { state: Decompress::new(false), out: vec![0; PIECE] }
    }

    /// Unpacks bytes; gives how many of them belonged to the stream, and whether it ended with them.
    pub(super) fn push(
        &mut self,
        mut bytes: &[u8],
        mut take: impl FnMut(&[u8]) -> Result<(), Fault>,
    ) -> Result<(usize, bool), Fault> {
        let all = bytes.len();
        loop {
            let (before_in, before_out) = (self.state.total_in(), self.state.total_out());
            let status = self.state.decompress(bytes, &mut self.out, FlushDecompress::None);
            let n_in = usize::try_from(self.state.total_in() - before_in).unwrap_or(0);
            let n_out = usize::try_from(self.state.total_out() - before_out).unwrap_or(0);
            bytes = bytes.get(n_in..).unwrap_or_default();
            if n_out > 0 {
                take(self.out.get(..n_out).unwrap_or_default())?;
            }
            match status {
                Ok(Status::StreamEnd) => return Ok((all - bytes.len(), true)),
                Ok(_) if n_in == 0 && n_out == 0 => {
                    // Nothing moves: all is read, or what is left can never be.
                    return if bytes.is_empty() { Ok((all, false)) } else { fault("its compressed data are damaged") };
                }
                Ok(_) => {}
                Err(_) if bytes.is_empty() && n_out == 0 && n_in == 0 && all == 0 => return Ok((0, false)),
                Err(_) => return fault("its compressed data are damaged: copy or download it again"),
            }
        }
    }
}
