//! A zip file in parts that are unpacked apart: where its entries begin, by its central directory.
//!
//! Each part holds whole entries and is unpacked by their local headers, as the whole is; [`OVER`] behind it stands for the
//! directory, which only the last part has.

use std::ops::Range;

/// Bytes at the end of a file that hold the end of its central directory, if it is a zip file: its record and a comment.
pub const END_BYTES: u64 = 22 + 65_535;
/// What follows the last entry.
pub const OVER: &[u8] = b"PK\x01\x02";

fn u16_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..at + 2).and_then(|b| b.try_into().ok()).map(|b| u16::from_le_bytes(b).into())
}

fn u32_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map(|b| u32::from_le_bytes(b).into())
}

/// Where the central directory stands, by the last bytes of a file of `size` bytes ([`END_BYTES`], or all). Nothing of what is no zip
/// file, and of zip files of more than 4 GB or several disks: they are unpacked in one go.
#[must_use]
pub fn directory(end: &[u8], size: u64) -> Option<Range<u64>> {
    let at = memchr::memmem::rfind(end, b"PK\x05\x06")?;
    let record = end.get(at..)?;
    let (length, offset) = (u32_at(record, 12)?, u32_at(record, 16)?);
    let record_at = size.checked_sub((end.len() - at) as u64)?;
    let whole = u16_at(record, 4)? == 0 && offset + length == record_at && length > 0;
    whole.then_some(offset..offset + length)
}

/// Where the entries begin, in order, by the bytes of the directory; nothing unless they begin with the file.
#[must_use]
pub fn starts(mut directory: &[u8]) -> Option<Vec<u64>> {
    let mut starts = Vec::new();
    while !directory.is_empty() {
        if !directory.starts_with(OVER) {
            return None;
        }
        let lengths = u16_at(directory, 28)? + u16_at(directory, 30)? + u16_at(directory, 32)?;
        starts.push(u32_at(directory, 42)?);
        directory = directory.get(46 + usize::try_from(lengths).ok()?..)?;
    }
    starts.sort_unstable();
    starts.dedup();
    (starts.first() == Some(&0)).then_some(starts)
}
