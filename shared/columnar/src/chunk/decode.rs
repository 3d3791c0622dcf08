//! Arrow IPC bytes to columns.
//!
//! Chunks may come from anybody's file, and Arrow's own reader panics on buffers that do not lie within the file. So the
//! few things that [`super::encode`] writes are read here, over Arrow's verified flatbuffers, with every length checked.

use std::sync::Arc;

use arrow_array::{Date32Array, Float64Array, StringArray, UInt32Array};
use arrow_buffer::{BooleanBuffer, Buffer, NullBuffer, OffsetBuffer, ScalarBuffer};
use arrow_ipc::{Block, Field, Footer, RecordBatch, Type, root_as_footer, root_as_message};

use super::KIND;
use crate::{Category, Column};

const MAGIC: &[u8] = b"ARROW1";

/// Why bytes are no chunk.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChunkError {
    /// No Arrow file, or a cut or damaged one.
    #[error("this is no readable Arrow file: {0}")]
    Damaged(String),
    /// Other than one column and one batch.
    #[error("a chunk holds one column in one piece; this file holds {columns} columns in {batches} pieces")]
    Shape {
        /// Columns found.
        columns: usize,
        /// Batches found.
        batches: usize,
    },
    /// A type or content that is never written.
    #[error("the chunk holds {0}, which is never written here")]
    Content(String),
}

fn damaged(what: impl Into<String>) -> ChunkError {
    ChunkError::Damaged(what.into())
}

/// The column of [`super::encode`]'s bytes.
///
/// # Errors
/// If the bytes are no Arrow file, or not one that [`super::encode`] writes.
pub fn decode(bytes: &[u8]) -> Result<Column, ChunkError> {
    let footer = footer(bytes)?;
    let fields = footer.schema().and_then(|s| s.fields());
    let batches = footer.recordBatches();
    let shape = (fields.map_or(0, |f| f.len()), batches.map_or(0, |b| b.len()));
    let (Some(fields), Some(batches), (1, 1)) = (fields, batches, shape) else {
        return Err(ChunkError::Shape { columns: shape.0, batches: shape.1 });
    };
    let (field, block) = (fields.get(0), batches.get(0));
    let (message, body) = message(bytes, block)?;
    let message = root_as_message(message).map_err(|e| damaged(e.to_string()))?;
    let batch = message.header_as_record_batch().ok_or_else(|| damaged("no record batch"))?;
    let mut buffers = Buffers::new(batch, body)?;
    column(&field, &mut buffers, || levels(bytes, &footer))
}

fn footer(bytes: &[u8]) -> Result<Footer<'_>, ChunkError> {
    let short = || damaged("it is too short or its end is missing");
    let rest = bytes.strip_suffix(MAGIC).filter(|_| bytes.starts_with(MAGIC)).ok_or_else(short)?;
    let (rest, length) = rest.split_last_chunk::<4>().ok_or_else(short)?;
    let length = usize::try_from(i32::from_le_bytes(*length)).map_err(|e| damaged(e.to_string()))?;
    let start = rest.len().checked_sub(length).ok_or_else(short)?;
    root_as_footer(rest.get(start..).ok_or_else(short)?).map_err(|e| damaged(e.to_string()))
}

/// The flatbuffer and the body of the message in a block.
fn message<'a>(bytes: &'a [u8], block: &Block) -> Result<(&'a [u8], &'a [u8]), ChunkError> {
    let size = |v: i64| usize::try_from(v).map_err(|e| damaged(e.to_string()));
    let (offset, meta, body) = (size(block.offset())?, size(block.metaDataLength().into())?, size(block.bodyLength())?);
    let outside = || damaged("a block lies outside of the file");
    let rest = bytes.get(offset..).ok_or_else(outside)?;
    let (meta, rest) = rest.split_at_checked(meta).ok_or_else(outside)?;
    let body = rest.get(..body).ok_or_else(outside)?;
    let meta = meta.strip_prefix(&[0xff; 4]).ok_or_else(|| damaged("no message where one should be"))?;
    Ok((meta.get(4..).ok_or_else(outside)?, body))
}

/// The buffers of a batch of one column, one after the other.
struct Buffers<'a> {
    n: usize,
    at: usize,
    batch: RecordBatch<'a>,
    body: &'a [u8],
}

impl<'a> Buffers<'a> {
    fn new(batch: RecordBatch<'a>, body: &'a [u8]) -> Result<Self, ChunkError> {
        if batch.compression().is_some() {
            return Err(ChunkError::Content("compressed buffers".to_owned()));
        }
        let node = batch.nodes().filter(|n| n.len() == 1).ok_or_else(|| damaged("not one column"))?;
        let n = usize::try_from(node.get(0).length()).map_err(|e| damaged(e.to_string()))?;
        Ok(Self { n, at: 0, batch, body })
    }

    fn next(&mut self) -> Result<&'a [u8], ChunkError> {
        let outside = || damaged("a buffer lies outside of its block");
        let all = self.batch.buffers().filter(|b| self.at < b.len()).ok_or_else(outside)?;
        let buffer = all.get(self.at);
        self.at += 1;
        let (Ok(offset), Ok(length)) = (usize::try_from(buffer.offset()), usize::try_from(buffer.length())) else {
            return Err(outside());
        };
        self.body.get(offset..).and_then(|b| b.get(..length)).ok_or_else(outside)
    }

    /// Which rows have a value.
    fn validity(&mut self) -> Result<Option<NullBuffer>, ChunkError> {
        let bits = self.next()?;
        if bits.is_empty() {
            return Ok(None);
        }
        if bits.len() < self.n.div_ceil(8) {
            return Err(damaged("the bits of missing values are cut"));
        }
        let nulls = NullBuffer::new(BooleanBuffer::new(Buffer::from(bits), 0, self.n));
        Ok((nulls.null_count() > 0).then_some(nulls))
    }

    /// `n` values of `W` bytes.
    fn values<const W: usize, T>(&mut self, n: usize, read: impl Fn([u8; W]) -> T) -> Result<Vec<T>, ChunkError> {
        let bytes = n.checked_mul(W).and_then(|size| self.next().map(|b| b.get(..size)).transpose());
        let bytes = bytes.ok_or_else(|| damaged("the values are cut"))??;
        Ok(bytes.as_chunks::<W>().0.iter().map(|b| read(*b)).collect())
    }

    fn text(&mut self) -> Result<StringArray, ChunkError> {
        let nulls = self.validity()?;
        let offsets = if self.n == 0 { vec![0] } else { self.values(self.n.saturating_add(1), i32::from_le_bytes)? };
        if self.n == 0 {
            self.next()?;
        }
        let rising = offsets.first() >= Some(&0) && offsets.windows(2).all(|w| w.first() <= w.last());
        if !rising {
            return Err(damaged("the ends of the texts are in disorder"));
        }
        let data = Buffer::from(self.next()?);
        let offsets = OffsetBuffer::new(ScalarBuffer::from(offsets));
        StringArray::try_new(offsets, data, nulls).map_err(|e| damaged(e.to_string()))
    }
}

fn column(
    field: &Field<'_>,
    buffers: &mut Buffers<'_>,
    levels: impl FnOnce() -> Result<Arc<[String]>, ChunkError>,
) -> Result<Column, ChunkError> {
    let stored = storage(field);
    match (kind(field).unwrap_or_default(), stored) {
        ("number", stored @ ("int8" | "int16" | "int32" | "float64")) => number(buffers, stored),
        ("day", "date32") => {
            let nulls = buffers.validity()?;
            let days = buffers.values(buffers.n, i32::from_le_bytes)?;
            Ok(Column::Day(Date32Array::new(days.into(), nulls)))
        }
        ("text", "utf8") => Ok(Column::Text(buffers.text()?)),
        ("index", "uint32") => {
            if buffers.validity()?.is_some() {
                return Err(ChunkError::Content("an index without a value".to_owned()));
            }
            Ok(Column::Index(UInt32Array::new(buffers.values(buffers.n, u32::from_le_bytes)?.into(), None)))
        }
        ("category", stored @ ("dictionary8" | "dictionary16" | "dictionary32")) => {
            category(buffers, stored, levels()?)
        }
        (kind, stored) => Err(ChunkError::Content(format!("a column of kind '{kind}' stored as {stored}"))),
    }
}

fn kind<'a>(field: &Field<'a>) -> Option<&'a str> {
    let metadata = field.custom_metadata()?;
    metadata.iter().find(|pair| pair.key() == Some(KIND)).and_then(|pair| pair.value())
}

/// How a column is stored, in a word.
fn storage(field: &Field<'_>) -> &'static str {
    if let Some(dictionary) = field.dictionary() {
        let signed = dictionary.indexType().filter(|i| i.is_signed());
        return match (field.type_type(), signed.map(|i| i.bitWidth())) {
            (Type::Utf8, Some(8)) => "dictionary8",
            (Type::Utf8, Some(16)) => "dictionary16",
            (Type::Utf8, Some(32)) => "dictionary32",
            _ => "another dictionary",
        };
    }
    if let Some(int) = field.type_as_int() {
        return match (int.is_signed(), int.bitWidth()) {
            (true, 8) => "int8",
            (true, 16) => "int16",
            (true, 32) => "int32",
            (false, 32) => "uint32",
            _ => "another integer",
        };
    }
    if let Some(float) = field.type_as_floating_point() {
        return if float.precision() == arrow_ipc::Precision::DOUBLE { "float64" } else { "another float" };
    }
    if let Some(date) = field.type_as_date() {
        return if date.unit() == arrow_ipc::DateUnit::DAY { "date32" } else { "another date" };
    }
    if field.type_type() == Type::Utf8 { "utf8" } else { "another type" }
}

fn number(buffers: &mut Buffers<'_>, stored: &str) -> Result<Column, ChunkError> {
    let nulls = buffers.validity()?;
    let n = buffers.n;
    let values: Vec<f64> = match stored {
        "int8" => buffers.values(n, |b| f64::from(i8::from_le_bytes(b)))?,
        "int16" => buffers.values(n, |b| f64::from(i16::from_le_bytes(b)))?,
        "int32" => buffers.values(n, |b| f64::from(i32::from_le_bytes(b)))?,
        _ => buffers.values(n, f64::from_le_bytes)?,
    };
    // Also where there is no value: zero is written there.
    if !values.iter().all(|v| v.is_finite()) {
        return Err(ChunkError::Content("a number that is not finite".to_owned()));
    }
    Ok(Column::Number(Float64Array::new(values.into(), nulls)))
}

fn category(buffers: &mut Buffers<'_>, stored: &str, levels: Arc<[String]>) -> Result<Column, ChunkError> {
    let nulls = buffers.validity()?;
    let n = buffers.n;
    // A negative code becomes a large one, which no level has.
    let mut codes: Vec<u32> = match stored {
        "dictionary8" => buffers.values(n, |b| u32::try_from(i8::from_le_bytes(b)).unwrap_or(u32::MAX))?,
        "dictionary16" => buffers.values(n, |b| u32::try_from(i16::from_le_bytes(b)).unwrap_or(u32::MAX))?,
        _ => buffers.values(n, |b| u32::try_from(i32::from_le_bytes(b)).unwrap_or(u32::MAX))?,
    };
    for (row, code) in codes.iter_mut().enumerate() {
        if *code as usize >= levels.len() {
            if nulls.as_ref().is_none_or(|n| n.is_valid(row)) {
                return Err(ChunkError::Content("a code without a level".to_owned()));
            }
            *code = 0;
        }
    }
    Ok(Column::Category(Category { codes: UInt32Array::new(codes.into(), nulls), levels }))
}

/// The levels: the only dictionary of the file.
fn levels(bytes: &[u8], footer: &Footer<'_>) -> Result<Arc<[String]>, ChunkError> {
    let blocks = footer.dictionaries().filter(|d| d.len() == 1);
    let block = blocks.map(|d| d.get(0)).ok_or_else(|| damaged("not one list of levels"))?;
    let (message, body) = message(bytes, block)?;
    let message = root_as_message(message).map_err(|e| damaged(e.to_string()))?;
    let batch = message.header_as_dictionary_batch().and_then(|d| d.data());
    let mut buffers = Buffers::new(batch.ok_or_else(|| damaged("no levels"))?, body)?;
    let texts = buffers.text()?;
    if arrow_array::Array::null_count(&texts) > 0 {
        return Err(ChunkError::Content("a level without a value".to_owned()));
    }
    Ok((0..arrow_array::Array::len(&texts)).map(|i| texts.value(i).to_owned()).collect())
}
