//! Columns to Arrow IPC bytes.

use std::sync::Arc;

use arrow_array::types::{ArrowDictionaryKeyType, Int8Type, Int16Type, Int32Type};
use arrow_array::{Array as _, ArrayRef, DictionaryArray, Float64Array, Int8Array, Int16Array, Int32Array};
use arrow_array::{PrimitiveArray, RecordBatch, StringArray, UInt32Array};
use arrow_buffer::ScalarBuffer;
use arrow_ipc::writer::FileWriter;
use arrow_schema::{ArrowError, Field, Schema};

use super::KIND;
use crate::{Category, Column};

/// Why a column cannot be encoded.
#[derive(Debug, thiserror::Error)]
pub enum EncodeError {
    /// More levels than a dictionary can number.
    #[error("column '{0}' has more than two thousand million different levels")]
    Levels(String),
    /// Arrow refused.
    #[error("column '{name}' cannot be written as Arrow: {source}")]
    Arrow {
        /// Column.
        name: String,
        /// Arrow's words.
        source: ArrowError,
    },
}

/// Whether numbers may be stored in fewer bytes.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Width {
    /// The smallest integers that hold all values exactly.
    Smallest,
    /// Always 64-bit floats.
    Full,
}

/// A column as the bytes of an Arrow IPC file with one column and one batch. The same column gives the same bytes.
///
/// # Errors
/// If there are more levels than a dictionary can number.
pub fn encode(name: &str, column: &Column) -> Result<Vec<u8>, EncodeError> {
    let array = array_of(name, column, Width::Smallest)?;
    let field = Field::new(name, array.data_type().clone(), !matches!(column, Column::Index(_)))
        .with_metadata([(KIND.to_owned(), column.kind_name().to_owned())]);
    ipc_file(name, vec![field], vec![array])
}

/// [`encode`] of a run of rows of a column.
///
/// # Errors
/// As [`encode`].
pub fn encode_rows(name: &str, column: &Column, first: usize, n: usize) -> Result<Vec<u8>, EncodeError> {
    encode(name, &column.slice(first, n))
}

/// Arrow IPC file bytes of one batch.
pub(crate) fn ipc_file(name: &str, fields: Vec<Field>, arrays: Vec<ArrayRef>) -> Result<Vec<u8>, EncodeError> {
    let fail = |source| EncodeError::Arrow { name: name.to_owned(), source };
    let schema = Arc::new(Schema::new(fields));
    let bytes = arrays.iter().map(|a| a.get_buffer_memory_size()).sum::<usize>();
    let batch = RecordBatch::try_new(Arc::clone(&schema), arrays).map_err(fail)?;
    let mut writer = FileWriter::try_new(Vec::with_capacity(bytes.min(1 << 24) + 1024), &schema).map_err(fail)?;
    writer.write(&batch).map_err(fail)?;
    writer.finish().map_err(fail)?;
    writer.into_inner().map_err(fail)
}

/// A column as an Arrow array that other tools know.
pub(crate) fn array_of(name: &str, column: &Column, width: Width) -> Result<ArrayRef, EncodeError> {
    Ok(match column {
        Column::Number(a) => number_array(a, width),
        Column::Day(a) => Arc::new(a.clone()),
        Column::Text(a) => Arc::new(a.clone()),
        Column::Index(a) => Arc::new(a.clone()),
        Column::Category(c) => category_array(name, c)?,
    })
}

fn number_array(a: &Float64Array, width: Width) -> ArrayRef {
    // A slot without a value may hold anything: zero makes the bytes depend on the values only.
    let values: ScalarBuffer<f64> = match a.nulls() {
        None => a.values().clone(),
        Some(nulls) => a.values().iter().zip(nulls.iter()).map(|(&v, ok)| if ok { v } else { 0.0 }).collect(),
    };
    let nulls = a.nulls().cloned();
    let range = if width == Width::Smallest { whole_range(&values) } else { None };
    #[expect(clippy::cast_possible_truncation, reason = "whole_range proved that every value fits")]
    match range {
        Some((low, high)) if low >= -128 && high <= 127 => {
            Arc::new(Int8Array::new(values.iter().map(|&v| v as i8).collect(), nulls))
        }
        Some((low, high)) if low >= -32_768 && high <= 32_767 => {
            Arc::new(Int16Array::new(values.iter().map(|&v| v as i16).collect(), nulls))
        }
        Some(_) => Arc::new(Int32Array::new(values.iter().map(|&v| v as i32).collect(), nulls)),
        None => Arc::new(Float64Array::new(values, nulls)),
    }
}

/// Smallest and largest value where every one is a whole number of 32 bits (and none is the negative zero).
#[expect(clippy::cast_possible_truncation, reason = "the cast back finds every value that does not fit")]
fn whole_range(values: &[f64]) -> Option<(i32, i32)> {
    let (mut low, mut high) = (0, 0);
    for block in values.chunks(1024) {
        let mut exact = true;
        for &v in block {
            let whole = v as i32;
            exact &= f64::from(whole).to_bits() == v.to_bits();
            low = low.min(whole);
            high = high.max(whole);
        }
        if !exact {
            return None;
        }
    }
    Some((low, high))
}

fn category_array(name: &str, category: &Category) -> Result<ArrayRef, EncodeError> {
    let n = category.levels.len();
    // Signed keys, since pandas takes no others.
    if n <= 128 {
        dictionary::<Int8Type>(name, category)
    } else if n <= 32_768 {
        dictionary::<Int16Type>(name, category)
    } else if i32::try_from(n).is_ok() {
        dictionary::<Int32Type>(name, category)
    } else {
        Err(EncodeError::Levels(name.to_owned()))
    }
}

fn dictionary<K: ArrowDictionaryKeyType>(name: &str, category: &Category) -> Result<ArrayRef, EncodeError>
where
    K::Native: TryFrom<u32> + Default,
{
    let codes: &UInt32Array = &category.codes;
    let key = |row: usize| {
        if codes.is_valid(row) { codes.value(row) } else { 0 }
    };
    let keys: ScalarBuffer<K::Native> =
        (0..codes.len()).map(|row| K::Native::try_from(key(row)).unwrap_or_default()).collect();
    let levels: StringArray = category.levels.iter().map(Some).collect();
    let keys = PrimitiveArray::<K>::new(keys, codes.nulls().cloned());
    let array = DictionaryArray::<K>::try_new(keys, Arc::new(levels))
        .map_err(|source| EncodeError::Arrow { name: name.to_owned(), source })?;
    Ok(Arc::new(array))
}
