use super::*;
use crate::csv::inspect;

fn text(rows: usize) -> String {
    let line = |i: usize| format!("p{i},{}.5,{},{}\n", i % 900, i % 2, "x".repeat(i % 30));
    std::iter::once("id,time,status,word\n".to_owned()).chain((0..rows).map(line)).collect()
}

fn import(bytes: &[u8], expected_bytes: u64, piece: usize) -> CsvImport {
    let settings = Settings { expected_bytes, ..Settings::new("test", [7; 32]) };
    let mapping = inspect("file.csv", bytes.get(..4096).unwrap_or(bytes), false).unwrap().mapping;
    let mut import = CsvImport::new(mapping, settings, "file.csv").unwrap();
    bytes.chunks(piece).for_each(|piece| import.push(piece).unwrap());
    import
}

#[test]
fn room_is_made_for_as_many_rows_as_come_however_the_file_is_cut() {
    let text = text(20_000);
    let wide: Vec<u8> = [0xff, 0xfe].into_iter().chain(text.encode_utf16().flat_map(u16::to_le_bytes)).collect();
    for bytes in [text.as_bytes(), &wide] {
        for piece in [4096, 1 << 18, 1 << 22] {
            let import = import(bytes, bytes.len() as u64, piece);
            assert!((20_000..21_500).contains(&import.next_room), "{} in pieces of {piece}", import.next_room);
        }
    }
}

#[test]
fn what_is_expected_changes_no_result() {
    let text = text(12_000);
    let n = text.len() as u64;
    let of = |expected: u64| import(text.as_bytes(), expected, 1 << 16).finish().unwrap();
    let plain = of(0);
    assert_eq!(plain.report.rows_kept, 12_000);
    for expected in [n, n / 3, 1, n * 100] {
        let other = of(expected);
        assert_eq!((&other.header, &other.chunks), (&plain.header, &plain.chunks), "{expected} bytes expected");
    }
}
