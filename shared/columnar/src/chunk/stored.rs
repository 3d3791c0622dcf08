//! How a column is stored in an Arrow file: its type and its buffers, written without another copy in between.

use arrow_buffer::NullBuffer;

use super::EncodeError;
use crate::{Category, Column};

/// Whether numbers may be stored in fewer bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Width {
    /// The smallest integers that hold all values exactly.
    Smallest,
    /// Always 64-bit floats.
    Full,
}

/// The type of a column in the file.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Storage {
    /// Signed integers of these bits.
    Int(i32),
    Float64,
    Date32,
    Uint32,
    Utf8,
    /// Texts by signed integers of these bits.
    Dictionary(i32),
}

/// A buffer, as it is in memory.
pub(super) enum Raw<'a> {
    /// A bit a row; none where every row has a value.
    Bits(Option<&'a NullBuffer>),
    /// Floats as they are, or as integers of some bytes.
    Numbers(&'a [f64], usize),
    Days(&'a [i32]),
    /// Codes as integers of some bytes.
    Codes(&'a [u32], usize),
    /// Ends of texts, the first one taken as zero.
    Ends(&'a [i32]),
    OwnEnds(Vec<i32>),
    Bytes(&'a [u8]),
    OwnBytes(Vec<u8>),
}

/// A column as it is stored.
pub(super) struct Stored<'a> {
    pub(super) name: &'a str,
    pub(super) kind: &'static str,
    pub(super) storage: Storage,
    pub(super) n: usize,
    pub(super) nulls: Option<&'a NullBuffer>,
    pub(super) buffers: Vec<Raw<'a>>,
    /// Number of levels, and their buffers.
    pub(super) levels: Option<(usize, Vec<Raw<'a>>)>,
}

impl<'a> Stored<'a> {
    pub(super) fn new(name: &'a str, column: &'a Column, width: Width) -> Result<Self, EncodeError> {
        let nulls = column.validity().filter(|n| n.null_count() > 0);
        let mut levels = None;
        let (storage, mut values) = match column {
            Column::Number(a) => {
                let values = a.values().as_ref();
                let storage = if width == Width::Smallest { narrow(values, nulls) } else { Storage::Float64 };
                let bytes = if let Storage::Int(bits) = storage { bits / 8 } else { 8 };
                (storage, vec![Raw::Numbers(values, usize::try_from(bytes).unwrap_or(8))])
            }
            Column::Day(a) => (Storage::Date32, vec![Raw::Days(a.values())]),
            Column::Index(a) => (Storage::Uint32, vec![Raw::Codes(a.values(), 4)]),
            Column::Text(a) => {
                let ends = a.value_offsets();
                let (first, last) = (ends.first().copied().unwrap_or(0), ends.last().copied().unwrap_or(0));
                let place = |end: i32| usize::try_from(end).unwrap_or(0);
                let bytes = a.value_data().get(place(first)..place(last)).unwrap_or_default();
                (Storage::Utf8, vec![Raw::Ends(ends), Raw::Bytes(bytes)])
            }
            Column::Category(c) => {
                // Signed codes, since pandas takes no others.
                let bits = match c.levels.len() {
                    0..=128 => 8,
                    129..=32_768 => 16,
                    n if i32::try_from(n).is_ok() => 32,
                    _ => return Err(EncodeError::Levels(name.to_owned())),
                };
                levels = Some(level_buffers(name, c)?);
                (Storage::Dictionary(bits), vec![Raw::Codes(c.codes.values(), usize::try_from(bits / 8).unwrap_or(4))])
            }
        };
        let mut buffers = vec![Raw::Bits(nulls)];
        buffers.append(&mut values);
        Ok(Self { name, kind: column.kind_name(), storage, n: column.len(), nulls, buffers, levels })
    }
}

fn level_buffers<'a>(name: &str, category: &Category) -> Result<(usize, Vec<Raw<'a>>), EncodeError> {
    let mut ends = vec![0];
    let mut bytes = Vec::new();
    for level in category.levels.iter() {
        bytes.extend_from_slice(level.as_bytes());
        let Ok(end) = i32::try_from(bytes.len()) else { return Err(EncodeError::LevelText(name.to_owned())) };
        ends.push(end);
    }
    Ok((category.levels.len(), vec![Raw::Bits(None), Raw::OwnEnds(ends), Raw::OwnBytes(bytes)]))
}

/// The smallest integers that hold every value exactly (the negative zero is none of them).
#[expect(clippy::cast_possible_truncation, reason = "the cast back finds every value that does not fit")]
fn narrow(values: &[f64], nulls: Option<&NullBuffer>) -> Storage {
    let (mut low, mut high) = (0, 0);
    for (block, part) in values.chunks(1024).enumerate() {
        let mut exact = true;
        for (i, &v) in part.iter().enumerate() {
            let v = if nulls.is_none_or(|n| n.is_valid(block * 1024 + i)) { v } else { 0.0 };
            let whole = v as i32;
            exact &= f64::from(whole).to_bits() == v.to_bits();
            low = low.min(whole);
            high = high.max(whole);
        }
        if !exact {
            return Storage::Float64;
        }
    }
    if low >= -128 && high <= 127 {
        Storage::Int(8)
    } else if low >= -32_768 && high <= 32_767 {
        Storage::Int(16)
    } else {
        Storage::Int(32)
    }
}

impl Raw<'_> {
    /// Bytes of the buffer, without padding.
    pub(super) fn len(&self) -> usize {
        match self {
            Raw::Bits(nulls) => nulls.map_or(0, |n| n.len().div_ceil(8)),
            Raw::Numbers(v, width) => v.len() * width,
            Raw::Days(v) => v.len() * 4,
            Raw::Codes(v, width) => v.len() * width,
            Raw::Ends(v) => v.len() * 4,
            Raw::OwnEnds(v) => v.len() * 4,
            Raw::Bytes(v) => v.len(),
            Raw::OwnBytes(v) => v.len(),
        }
    }

    /// Writes the buffer. A slot without a value may hold anything in memory (dates are moved there too); in the file it
    /// holds zero, so that the bytes tell about the values and nothing else.
    #[expect(clippy::cast_possible_truncation, reason = "the storage was chosen so that every value fits")]
    pub(super) fn write(&self, nulls: Option<&NullBuffer>, out: &mut Vec<u8>) {
        match self {
            Raw::Bits(None) => {}
            Raw::Bits(Some(nulls)) => {
                let chunks = nulls.inner().bit_chunks();
                let mut words: Vec<u64> = chunks.iter().collect();
                words.push(chunks.remainder_bits());
                let start = out.len();
                for word in words {
                    out.extend_from_slice(&word.to_le_bytes());
                }
                out.truncate(start + self.len());
            }
            Raw::Numbers(v, 1) => put(v, nulls, out, |v| (v as i8).to_le_bytes()),
            Raw::Numbers(v, 2) => put(v, nulls, out, |v| (v as i16).to_le_bytes()),
            Raw::Numbers(v, 4) => put(v, nulls, out, |v| (v as i32).to_le_bytes()),
            Raw::Numbers(v, _) => put(v, nulls, out, f64::to_le_bytes),
            Raw::Days(v) => put(v, nulls, out, i32::to_le_bytes),
            Raw::Codes(v, 1) => put(v, nulls, out, |v| (v as u8).to_le_bytes()),
            Raw::Codes(v, 2) => put(v, nulls, out, |v| (v as u16).to_le_bytes()),
            Raw::Codes(v, _) => put(v, nulls, out, u32::to_le_bytes),
            Raw::Ends(v) => {
                let first = v.first().copied().unwrap_or(0);
                put(v, None, out, |end| (end - first).to_le_bytes());
            }
            Raw::OwnEnds(v) => put(v, None, out, i32::to_le_bytes),
            Raw::Bytes(v) => out.extend_from_slice(v),
            Raw::OwnBytes(v) => out.extend_from_slice(v),
        }
    }
}

fn put<const W: usize, T: Copy>(
    values: &[T],
    nulls: Option<&NullBuffer>,
    out: &mut Vec<u8>,
    bytes: impl Fn(T) -> [u8; W],
) {
    let start = out.len();
    out.resize(start + values.len() * W, 0);
    let places = out.get_mut(start..).unwrap_or_default().as_chunks_mut::<W>().0;
    match nulls {
        None => {
            for (place, &value) in places.iter_mut().zip(values) {
                *place = bytes(value);
            }
        }
        Some(nulls) => {
            for ((place, &value), valid) in places.iter_mut().zip(values).zip(nulls) {
                if valid {
                    *place = bytes(value);
                }
            }
        }
    }
}
