//! Columns to bytes and files to columns, whole, mutated and cut.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use std::io::Cursor;

use arrow_array::Array as _;
use columnar::build::{CategoryBuilder, DayBuilder, IndexBuilder, NumberBuilder, TextBuilder};
use columnar::{Column, Table, chunk, export, file};
use proptest::prelude::*;

fn number(values: &[Option<f64>]) -> Column {
    let mut b = NumberBuilder::new();
    values.iter().for_each(|v| b.push(*v));
    b.finish()
}

fn any_column() -> impl Strategy<Value = Column> {
    let numbers = prop_oneof![
        prop::collection::vec(prop::option::of((-200i32..200).prop_map(f64::from)), 0..200),
        prop::collection::vec(prop::option::of(any::<i32>().prop_map(f64::from)), 0..200),
        prop::collection::vec(prop::option::of(any::<f64>().prop_filter("finite", |v| v.is_finite())), 0..200),
    ];
    prop_oneof![
        numbers.prop_map(|v| number(&v)),
        prop::collection::vec(prop::option::of(any::<i32>()), 0..200).prop_map(|v| {
            let mut b = DayBuilder::new();
            v.iter().for_each(|d| b.push(*d));
            b.finish()
        }),
        prop::collection::vec(prop::option::of("[a-zé]{0,2}"), 0..400).prop_map(|v| {
            let mut b = CategoryBuilder::new();
            v.iter().for_each(|d| b.push(d.as_deref()));
            b.finish()
        }),
        prop::collection::vec(prop::option::of(".{0,9}"), 0..100).prop_map(|v| {
            let mut b = TextBuilder::new();
            v.iter().for_each(|d| b.push(d.as_deref()).unwrap());
            b.finish()
        }),
        prop::collection::vec(any::<u32>(), 0..200).prop_map(|v| IndexBuilder::from(v).finish()),
    ]
}

fn bits(column: &Column) -> Vec<Option<u64>> {
    match column {
        Column::Number(a) => a.iter().map(|v| v.map(f64::to_bits)).collect(),
        _ => Vec::new(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_column_comes_back_as_it_was(column in any_column()) {
        let bytes = chunk::encode("a column", &column).unwrap();
        prop_assert_eq!(&bytes, &chunk::encode("a column", &column).unwrap());
        let back = chunk::decode(&bytes).unwrap();
        prop_assert_eq!(bits(&back), bits(&column));
        prop_assert_eq!(back, column);
    }

    /// Arrow's own reader, which other tools are like, reads the same rows.
    #[test]
    fn arrow_reads_what_is_written(column in any_column()) {
        let bytes = chunk::encode("a column", &column).unwrap();
        let mut reader = arrow_ipc::reader::FileReader::try_new(Cursor::new(bytes), None).unwrap();
        let batch = reader.next().unwrap().unwrap();
        let array = batch.column(0);
        prop_assert_eq!(array.len(), column.len());
        prop_assert_eq!(array.null_count(), column.n_missing());
        for row in 0..column.len() {
            prop_assert_eq!(array.is_null(row), column.is_missing(row));
        }
        if let Column::Category(c) = &column {
            let texts = arrow_array::cast::AsArray::as_any_dictionary(array.as_ref());
            let levels: Vec<_> = arrow_array::cast::AsArray::as_string::<i32>(texts.values()).iter().flatten().collect();
            prop_assert_eq!(levels, c.levels.iter().map(String::as_str).collect::<Vec<_>>());
        }
        if let Column::Day(a) = &column {
            prop_assert_eq!(arrow_array::cast::AsArray::as_primitive::<arrow_array::types::Date32Type>(array.as_ref()), a);
        }
        if let Column::Text(a) = &column {
            prop_assert_eq!(arrow_array::cast::AsArray::as_string::<i32>(array.as_ref()), a);
        }
    }

    #[test]
    fn pieces_joined_are_the_whole(column in any_column(), cut in 0usize..300) {
        let cut = cut.min(column.len());
        let first = chunk::decode(&chunk::encode_rows("x", &column, 0, cut).unwrap()).unwrap();
        let second = chunk::decode(&chunk::encode_rows("x", &column, cut, column.len() - cut).unwrap()).unwrap();
        prop_assert_eq!(Column::concat(vec![first, second]).unwrap(), column);
    }

    #[test]
    fn any_bytes_are_a_column_or_an_error(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        // Nothing to compare with: what is asked is that it returns.
        prop_assert!(chunk::decode(&bytes).is_err());
    }

    #[test]
    fn a_changed_chunk_never_panics(column in any_column(), at in any::<prop::sample::Index>(), to in any::<u8>(), cut in any::<prop::sample::Index>()) {
        let mut bytes = chunk::encode("x", &column).unwrap();
        let i = at.index(bytes.len());
        bytes[i] = to;
        // What a changed byte leaves readable must still keep the promises of a column.
        if let Ok(Column::Category(c)) = chunk::decode(&bytes) {
            prop_assert!(c.codes.iter().flatten().all(|code| (code as usize) < c.levels.len()));
        }
        let cut = cut.index(bytes.len());
        prop_assert!(chunk::decode(&bytes[..cut]).is_err());
    }

    #[test]
    fn a_changed_file_is_refused_or_the_same(at in any::<prop::sample::Index>(), to in any::<u8>()) {
        let good = sample_file();
        let mut bytes = good.clone();
        let i = at.index(bytes.len());
        bytes[i] = to;
        if let Ok(mut reader) = file::read(Cursor::new(bytes)) {
            prop_assert_eq!(reader.header(), b"{\"a\":1}".as_slice());
            for (key, want) in [("person/0/0.arrow", b"first".as_slice()), ("person/1/0.arrow", b"second")] {
                if let Ok(entry) = reader.entry(key) {
                    prop_assert_eq!(entry, want);
                }
            }
        }
    }
}

fn sample_file() -> Vec<u8> {
    let entries = [("person/0/0.arrow", b"first".as_slice()), ("person/1/0.arrow", b"second")];
    file::to_bytes(b"{\"a\":1}", entries).unwrap()
}

/// A moved date must not be told by what stands where no date is.
#[test]
fn rows_without_a_value_say_nothing() {
    let bytes = |hidden: i32| {
        let days = arrow_array::Date32Array::new(vec![1, hidden, 3].into(), Some(vec![true, false, true].into()));
        chunk::encode("d", &Column::Day(days)).unwrap()
    };
    assert_eq!(bytes(5), bytes(-77));
}

#[test]
fn whole_numbers_take_few_bytes() {
    let size = |v: f64| chunk::encode("n", &number(&vec![Some(v); 100_000])).unwrap().len();
    assert!(size(7.0) < 102_000);
    assert!(size(700.0) < 202_000);
    assert!(size(70_000.0) < 402_000);
    assert!(size(0.5) > 800_000);
    // The negative zero is no integer.
    assert!(size(-0.0) > 800_000);
}

#[test]
fn a_file_is_the_same_every_time_and_reads_back() {
    let bytes = sample_file();
    assert_eq!(bytes, sample_file());
    let mut reader = file::read(Cursor::new(&bytes)).unwrap();
    assert_eq!(reader.keys(), ["header.json", "person/0/0.arrow", "person/1/0.arrow"]);
    assert_eq!(reader.entry("person/1/0.arrow").unwrap(), b"second");
    assert!(matches!(reader.entry("no"), Err(file::FileError::Missing(_))));
}

#[test]
fn other_files_and_cut_files_are_told_apart() {
    let bytes = sample_file();
    assert!(matches!(file::read(Cursor::new(b"id,time\n1,2\n")), Err(file::FileError::NotRounds(_))));
    assert!(matches!(file::read(Cursor::new(b"")), Err(file::FileError::NotRounds(_))));
    for cut in [5, 40, bytes.len() / 2, bytes.len() - 1] {
        assert!(matches!(file::read(Cursor::new(&bytes[..cut])), Err(file::FileError::Truncated(_))), "cut at {cut}");
    }
    let mut damaged = bytes.clone();
    let at = bytes.windows(6).position(|w| w == b"second").unwrap();
    damaged[at] = b'S';
    let mut reader = file::read(Cursor::new(&damaged)).unwrap();
    assert!(matches!(reader.entry("person/1/0.arrow"), Err(file::FileError::Damaged(_))));
    let other = file::to_bytes(b"x", []).unwrap();
    let renamed: Vec<u8> = String::from_utf8_lossy(&other).replace("header.json", "leader.json").into_bytes();
    assert!(file::read(Cursor::new(renamed)).is_err());
}

#[test]
fn an_exported_table_is_one_arrow_file() {
    let table =
        Table::new(vec![("n".into(), number(&[Some(1.0), None])), ("m".into(), number(&[None, Some(2.5)]))]).unwrap();
    let bytes = export::arrow(&table).unwrap();
    assert!(bytes.starts_with(b"ARROW1"));
    let mut reader = arrow_ipc::reader::FileReader::try_new(Cursor::new(bytes), None).unwrap();
    let batch = reader.next().unwrap().unwrap();
    assert_eq!((batch.num_rows(), batch.num_columns()), (2, 2));
}
