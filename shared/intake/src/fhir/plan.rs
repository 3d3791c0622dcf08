//! Which reader reads what: files cut into pieces, and pieces put together into loads that are worth a message.

use std::ops::Range;

use crate::archive::zip_parts;

/// Bytes of a load, about: some tens of milliseconds of work.
const LOAD: u64 = 4 << 20;
/// Bytes of a file that no reader reads in one go: its parcel would be large. The import reads it itself, piece by piece.
const LARGE: u64 = 32 << 20;
/// Bytes of a piece of a zip file: what is in it is ten times as much.
const LOAD_ZIP: u64 = 1 << 20;

/// What a file is, as far as it matters here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Shape {
    /// To be read from its beginning to its end.
    Whole,
    /// A resource a line: [`super::can_be_cut`].
    Lines,
    /// A zip file whose entries begin here: [`zip_parts::starts`].
    Zip(Vec<u64>),
}

/// How a piece is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    /// It is the whole file.
    Whole,
    /// The lines that begin in it.
    Lines,
    /// The entries of a zip file that begin in it.
    Entries,
}

/// A piece of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// Number of the file.
    pub file: usize,
    /// Its bytes.
    pub bytes: Range<u64>,
    /// Bytes of the file.
    pub size: u64,
    /// How it is read.
    pub how: How,
}

/// What is done next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Load {
    /// A reader reads these pieces.
    Apart(Vec<Piece>),
    /// The import reads this file itself.
    Here(usize),
}

/// Plans the reading of files, given by size and shape, in their order.
#[must_use]
pub fn plan(files: &[(u64, Shape)]) -> Vec<Load> {
    let mut loads = Vec::new();
    let mut open: Vec<Piece> = Vec::new();
    for (file, (size, shape)) in files.iter().enumerate() {
        let size = *size;
        let piece = |bytes, how| Piece { file, bytes, size, how };
        let pieces: Vec<Piece> = match shape {
            Shape::Lines if size > 2 * LOAD => cuts(size).map(|bytes| piece(bytes, How::Lines)).collect(),
            Shape::Zip(starts) if size > 2 * LOAD_ZIP => {
                entries(starts, size).into_iter().map(|bytes| piece(bytes, How::Entries)).collect()
            }
            _ if size > LARGE => {
                loads.extend(close(&mut open));
                loads.push(Load::Here(file));
                continue;
            }
            _ => vec![piece(0..size, How::Whole)],
        };
        let cut = pieces.len() > 1;
        for piece in pieces {
            // Pieces of one file are loads of their own; small files go together.
            if cut || open.iter().map(|p| p.size).sum::<u64>() + size > LOAD {
                loads.extend(close(&mut open));
            }
            open.push(piece);
        }
        if cut {
            loads.extend(close(&mut open));
        }
    }
    loads.extend(close(&mut open));
    loads
}

fn close(open: &mut Vec<Piece>) -> Option<Load> {
    (!open.is_empty()).then(|| Load::Apart(std::mem::take(open)))
}

fn cuts(size: u64) -> impl Iterator<Item = Range<u64>> {
    let n = size.div_ceil(LOAD);
    (0..n).map(move |i| i * LOAD..((i + 1) * LOAD).min(size))
}

/// Entries in pieces of about [`LOAD_ZIP`] bytes; the last one has the directory.
fn entries(starts: &[u64], size: u64) -> Vec<Range<u64>> {
    let mut out = Vec::new();
    let mut from = 0;
    for start in starts.iter().copied().filter(|start| *start < size) {
        if start - from >= LOAD_ZIP {
            out.push(from..start);
            from = start;
        }
    }
    out.push(from..size);
    out
}

impl Piece {
    /// Whether the file goes on behind it.
    pub(super) fn goes_on(&self) -> bool {
        self.bytes.end < self.size
    }
}

/// What stands for the directory of a zip file behind entries of it.
pub(super) const OVER: &[u8] = zip_parts::OVER;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_files_go_together_and_large_ones_are_cut() {
        const MB: u64 = 1 << 20;
        let files = [
            (MB, Shape::Whole),
            (MB, Shape::Whole),
            (3 * MB, Shape::Whole),
            (9 * MB, Shape::Lines),
            (MB, Shape::Lines),
            (70 * MB, Shape::Whole),
            (3 * MB, Shape::Zip(vec![0, 10, MB, 2 * MB, 2 * MB + 1])),
            (0, Shape::Whole),
        ];
        let loads = plan(&files);
        let show = |load: &Load| match load {
            Load::Here(file) => format!("here {file}"),
            Load::Apart(pieces) => {
                let of = |p: &Piece| format!("{}:{:?}@{}-{}", p.file, p.how, p.bytes.start / MB, p.bytes.end / MB);
                pieces.iter().map(of).collect::<Vec<_>>().join(" ")
            }
        };
        let shown: Vec<String> = loads.iter().map(show).collect();
        assert_eq!(
            shown,
            [
                "0:Whole@0-1 1:Whole@0-1",
                "2:Whole@0-3",
                "3:Lines@0-4",
                "3:Lines@4-8",
                "3:Lines@8-9",
                "4:Whole@0-1",
                "here 5",
                "6:Entries@0-1",
                "6:Entries@1-2",
                "6:Entries@2-3",
                "7:Whole@0-0",
            ]
        );
    }
}
