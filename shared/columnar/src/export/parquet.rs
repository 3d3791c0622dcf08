//! A table as a Parquet file.

use std::sync::Arc;

use parquet::basic::{Compression, ConvertedType, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type};
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::Type;

pub use parquet::errors::ParquetError;

use crate::{Column, Table};

/// Rows that are stored together.
const GROUP_ROWS: usize = 1 << 18;

/// A table as the bytes of one Parquet file, packed with snappy: numbers as DOUBLE, references to rows as unsigned INT32, days
/// as DATE, levels and texts as STRING (levels by a dictionary); every column may hold missing values.
///
/// # Errors
/// If the table is more than the format can hold.
pub fn parquet(table: &Table) -> Result<Vec<u8>, ParquetError> {
    let fields = table.columns().iter().map(|(name, column)| field(name, column)).collect::<Result<Vec<_>, _>>()?;
    let schema = Type::group_type_builder("schema").with_fields(fields).build()?;
    let properties = WriterProperties::builder().set_compression(Compression::SNAPPY).build();
    let mut writer = SerializedFileWriter::new(Vec::new(), Arc::new(schema), Arc::new(properties))?;
    let mut first = 0;
    while first < table.n_rows() {
        let n = GROUP_ROWS.min(table.n_rows() - first);
        let mut group = writer.next_row_group()?;
        for (_, column) in table.columns() {
            let Some(mut out) = group.next_column()? else { break };
            write(&mut out, column, first, n)?;
            out.close()?;
        }
        group.close()?;
        first += n;
    }
    writer.into_inner()
}

fn field(name: &str, column: &Column) -> Result<Arc<Type>, ParquetError> {
    let (physical, logical) = match column {
        Column::Number(_) => (Physical::DOUBLE, None),
        Column::Index(_) => (Physical::INT32, Some(LogicalType::integer(32, false))),
        Column::Day(_) => (Physical::INT32, Some(LogicalType::Date)),
        Column::Category(_) | Column::Text(_) => (Physical::BYTE_ARRAY, Some(LogicalType::String)),
    };
    let builder = Type::primitive_type_builder(name, physical)
        .with_repetition(Repetition::OPTIONAL)
        .with_converted_type(ConvertedType::NONE)
        .with_logical_type(logical);
    Ok(Arc::new(builder.build()?))
}

fn write(out: &mut SerializedColumnWriter<'_>, column: &Column, first: usize, n: usize) -> Result<(), ParquetError> {
    let rows = || (first..first + n).filter(|row| !column.is_missing(*row));
    let levels: Vec<i16> = (first..first + n).map(|row| i16::from(!column.is_missing(row))).collect();
    let levels = Some(levels.as_slice());
    match column {
        Column::Number(a) => {
            let values: Vec<f64> = rows().map(|row| a.value(row)).collect();
            out.typed::<DoubleType>().write_batch(&values, levels, None)?;
        }
        Column::Index(a) => {
            let values: Vec<i32> = rows().map(|row| a.value(row).cast_signed()).collect();
            out.typed::<Int32Type>().write_batch(&values, levels, None)?;
        }
        Column::Day(a) => {
            let values: Vec<i32> = rows().map(|row| a.value(row)).collect();
            out.typed::<Int32Type>().write_batch(&values, levels, None)?;
        }
        Column::Category(c) => {
            let values: Vec<ByteArray> = rows().map(|row| ByteArray::from(c.level(row).unwrap_or_default())).collect();
            out.typed::<ByteArrayType>().write_batch(&values, levels, None)?;
        }
        Column::Text(a) => {
            let values: Vec<ByteArray> = rows().map(|row| ByteArray::from(a.value(row))).collect();
            out.typed::<ByteArrayType>().write_batch(&values, levels, None)?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use parquet::file::reader::{FileReader as _, SerializedFileReader};
    use parquet::record::Field;

    use super::*;
    use crate::build::{CategoryBuilder, DayBuilder, IndexBuilder, NumberBuilder, TextBuilder};

    #[test]
    fn what_is_written_is_read() {
        let (mut n, mut i, mut d) = (NumberBuilder::new(), IndexBuilder::new(), DayBuilder::new());
        let (mut c, mut t) = (CategoryBuilder::new(), TextBuilder::new());
        for (number, index, day, level, text) in [
            (Some(0.1), 7, Some(-1), Some("a"), Some("é")),
            (None, u32::MAX, None, None, None),
            (Some(-1e21), 0, Some(0), Some("a"), Some("")),
        ] {
            n.push(number);
            i.push(index);
            d.push(day);
            c.push(level);
            t.push(text).unwrap();
        }
        let columns = vec![
            ("n".to_owned(), n.finish()),
            ("i".to_owned(), i.finish()),
            ("d".to_owned(), d.finish()),
            ("c".to_owned(), c.finish()),
            ("t".to_owned(), t.finish()),
        ];
        let bytes = parquet(&Table::new(columns).unwrap()).unwrap();
        let reader = SerializedFileReader::new(bytes::Bytes::from(bytes)).unwrap();
        let rows: Vec<Vec<Field>> = reader
            .get_row_iter(None)
            .unwrap()
            .map(|row| row.unwrap().get_column_iter().map(|(_, f)| f.clone()).collect())
            .collect();
        let text = |s: &str| Field::Str(s.to_owned());
        assert_eq!(rows[0], [Field::Double(0.1), Field::UInt(7), Field::Date(-1), text("a"), text("é")]);
        assert_eq!(rows[1], [Field::Null, Field::UInt(u32::MAX), Field::Null, Field::Null, Field::Null]);
        assert_eq!(rows[2], [Field::Double(-1e21), Field::UInt(0), Field::Date(0), text("a"), text("")]);
    }
}
