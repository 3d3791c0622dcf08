//! Arrow IPC bytes to columns.

use std::io::Cursor;
use std::sync::Arc;

use arrow_array::cast::AsArray as _;
use arrow_array::types::{ArrowDictionaryKeyType, ArrowPrimitiveType, Date32Type, Float64Type};
use arrow_array::types::{Int8Type, Int16Type, Int32Type, UInt32Type};
use arrow_array::{Array, Float64Array, StringArray, UInt32Array};
use arrow_ipc::reader::FileReader;
use arrow_schema::{ArrowError, DataType};

use super::KIND;
use crate::{Category, Column};

/// Why bytes are no chunk.
#[derive(Debug, thiserror::Error)]
pub enum ChunkError {
    /// Arrow refused.
    #[error("this is no readable Arrow file: {0}")]
    Arrow(#[from] ArrowError),
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

/// The column of [`super::encode`]'s bytes.
///
/// # Errors
/// If the bytes are no Arrow file, or not one that [`super::encode`] writes.
pub fn decode(bytes: &[u8]) -> Result<Column, ChunkError> {
    let mut reader = FileReader::try_new(Cursor::new(bytes), None)?;
    let schema = reader.schema();
    let shape = ChunkError::Shape { columns: schema.fields().len(), batches: reader.num_batches() };
    let [field] = schema.fields().as_ref() else {
        return Err(shape);
    };
    if reader.num_batches() != 1 {
        return Err(shape);
    }
    let Some(batch) = reader.next() else {
        return Err(shape);
    };
    let batch = batch?;
    let Some(array) = batch.columns().first() else {
        return Err(shape);
    };
    let kind = field.metadata().get(KIND).map(String::as_str);
    column_of(array.as_ref(), kind)
}

fn column_of(array: &dyn Array, kind: Option<&str>) -> Result<Column, ChunkError> {
    let wrong = || ChunkError::Content(format!("{} as {}", array.data_type(), kind.unwrap_or("a column of no kind")));
    match (kind, array.data_type()) {
        (Some("number"), DataType::Int8) => Ok(numbers::<Int8Type>(array)),
        (Some("number"), DataType::Int16) => Ok(numbers::<Int16Type>(array)),
        (Some("number"), DataType::Int32) => Ok(numbers::<Int32Type>(array)),
        (Some("number"), DataType::Float64) => {
            let a = array.as_primitive::<Float64Type>();
            if a.iter().flatten().any(|v| !v.is_finite()) {
                return Err(ChunkError::Content("a number that is not finite".to_owned()));
            }
            Ok(Column::Number(a.clone()))
        }
        (Some("day"), DataType::Date32) => Ok(Column::Day(array.as_primitive::<Date32Type>().clone())),
        (Some("text"), DataType::Utf8) => Ok(Column::Text(array.as_string::<i32>().clone())),
        (Some("index"), DataType::UInt32) => {
            if array.null_count() > 0 {
                return Err(ChunkError::Content("an index without a value".to_owned()));
            }
            Ok(Column::Index(array.as_primitive::<UInt32Type>().clone()))
        }
        (Some("category"), DataType::Dictionary(key, value)) if **value == DataType::Utf8 => match **key {
            DataType::Int8 => category::<Int8Type>(array),
            DataType::Int16 => category::<Int16Type>(array),
            DataType::Int32 => category::<Int32Type>(array),
            _ => Err(wrong()),
        },
        _ => Err(wrong()),
    }
}

fn numbers<T: ArrowPrimitiveType>(array: &dyn Array) -> Column
where
    f64: From<T::Native>,
{
    let a = array.as_primitive::<T>();
    let values = a.values().iter().map(|&v| f64::from(v)).collect();
    Column::Number(Float64Array::new(values, a.nulls().cloned()))
}

fn category<K: ArrowDictionaryKeyType>(array: &dyn Array) -> Result<Column, ChunkError>
where
    i64: From<K::Native>,
{
    let dictionary = array.as_dictionary::<K>();
    let Some(values) = dictionary.values().as_any().downcast_ref::<StringArray>() else {
        return Err(ChunkError::Content("levels that are no text".to_owned()));
    };
    if values.null_count() > 0 {
        return Err(ChunkError::Content("a level without a value".to_owned()));
    }
    let levels: Arc<[String]> = (0..values.len()).map(|i| values.value(i).to_owned()).collect();
    let keys = dictionary.keys();
    let mut codes = Vec::with_capacity(keys.len());
    for row in 0..keys.len() {
        let code = if keys.is_valid(row) { i64::from(keys.value(row)) } else { 0 };
        let code = u32::try_from(code).unwrap_or(u32::MAX);
        if keys.is_valid(row) && code as usize >= levels.len() {
            return Err(ChunkError::Content("a code without a level".to_owned()));
        }
        codes.push(code);
    }
    Ok(Column::Category(Category { codes: UInt32Array::new(codes.into(), keys.nulls().cloned()), levels }))
}
