//! What a file is by its first bytes.

use std::fmt;

/// A kind of file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// Delimited or other text.
    Text,
    /// A `.rounds` file (or another zip with a header.json first).
    Rounds,
    /// An Excel workbook (a zip with xl/ or [Content_Types].xml).
    Xlsx,
    /// Old Excel.
    Xls,
    /// Another zip.
    Zip,
    /// gzip.
    Gzip,
    /// Parquet.
    Parquet,
    /// Arrow IPC or Feather.
    Arrow,
    /// JSON.
    Json,
    /// XML or HTML.
    Xml,
    /// SQLite.
    Sqlite,
    /// SAS, SPSS, Stata or R data.
    Statistics,
    /// PDF.
    Pdf,
    /// Something else that is no text.
    Binary,
}

impl fmt::Display for FileKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            FileKind::Text => "a text file",
            FileKind::Rounds => "a .rounds file",
            FileKind::Xlsx => "an Excel workbook (.xlsx)",
            FileKind::Xls => "an old Excel workbook (.xls)",
            FileKind::Zip => "a zip archive",
            FileKind::Gzip => "a gzip-compressed file",
            FileKind::Parquet => "a Parquet file",
            FileKind::Arrow => "an Arrow file",
            FileKind::Json => "a JSON file",
            FileKind::Xml => "an XML or HTML file",
            FileKind::Sqlite => "an SQLite database",
            FileKind::Statistics => "a data file of a statistics program",
            FileKind::Pdf => "a PDF document",
            FileKind::Binary => "a binary file",
        })
    }
}

impl FileKind {
    /// What to do with such a file instead.
    #[must_use]
    pub fn advice(self) -> &'static str {
        match self {
            FileKind::Text => "Open it as CSV.",
            FileKind::Rounds => "Import it as a dataset file: it needs no plan.",
            FileKind::Xlsx | FileKind::Xls => "Open it in a spreadsheet and save the sheet as CSV (UTF-8).",
            FileKind::Zip | FileKind::Gzip => "Unpack it and give the files inside.",
            FileKind::Parquet | FileKind::Arrow => {
                "Write it as CSV, for instance with pandas' to_csv or DuckDB's COPY."
            }
            FileKind::Json => "Write its table as CSV.",
            FileKind::Xml => "Export the data as CSV; a web page saved by mistake looks like this too.",
            FileKind::Sqlite => "Export the table as CSV.",
            FileKind::Statistics => "Export it as CSV from the program that made it.",
            FileKind::Pdf | FileKind::Binary => "Choose the exported data instead, as CSV.",
        }
    }
}

/// What a file is by its first bytes (a few hundred are enough).
#[must_use]
pub fn kind_of(head: &[u8]) -> FileKind {
    const MAGIC: [(&[u8], FileKind); 15] = [
        (b"\x1f\x8b", FileKind::Gzip),
        (b"PAR1", FileKind::Parquet),
        (b"ARROW1", FileKind::Arrow),
        (b"FEA1", FileKind::Arrow),
        (b"SQLite format 3\0", FileKind::Sqlite),
        (b"%PDF-", FileKind::Pdf),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", FileKind::Xls),
        (b"$FL2", FileKind::Statistics),
        (b"$FL3", FileKind::Statistics),
        (b"<stata_dta>", FileKind::Statistics),
        (b"RDX2\n", FileKind::Statistics),
        (b"RDX3\n", FileKind::Statistics),
        (b"HEADER RECORD*******LIBRARY", FileKind::Statistics),
        (b"BZh", FileKind::Gzip),
        (b"\xfd7zXZ\0", FileKind::Gzip),
    ];
    if head.starts_with(b"PK\x03\x04") || head.starts_with(b"PK\x05\x06") {
        return zip_kind(head);
    }
    if let Some((_, kind)) = MAGIC.iter().find(|(magic, _)| head.starts_with(magic)) {
        return *kind;
    }
    if head.starts_with(&[0xff, 0xfe]) || head.starts_with(&[0xfe, 0xff]) {
        return FileKind::Text;
    }
    let body = head.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(head);
    match body.iter().find(|b| !b.is_ascii_whitespace()) {
        Some(b'{') => return FileKind::Json,
        // A bracket alone may begin a column name; JSON goes on with a value.
        Some(b'[') if json_array(body) => return FileKind::Json,
        Some(b'<') => return FileKind::Xml,
        _ => {}
    }
    let controls = body.iter().filter(|&&b| b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c | 0x1a)).count();
    let nulls = memchr::memchr_iter(0, body).count();
    // UTF-16 without a mark: every other byte is zero.
    if nulls * 3 > body.len() && crate::text::looks_utf16(body).is_some() {
        return FileKind::Text;
    }
    if controls * 20 > body.len() { FileKind::Binary } else { FileKind::Text }
}

fn zip_kind(head: &[u8]) -> FileKind {
    let first = head.get(30..).unwrap_or_default();
    if first.starts_with(b"header.json") {
        FileKind::Rounds
    } else if first.starts_with(b"[Content_Types].xml") || first.starts_with(b"xl/") || first.starts_with(b"_rels/") {
        FileKind::Xlsx
    } else {
        FileKind::Zip
    }
}

fn json_array(body: &[u8]) -> bool {
    let mut rest = body.iter().skip_while(|b| **b != b'[').skip(1).filter(|b| !b.is_ascii_whitespace());
    matches!(rest.next(), Some(b'{' | b'['))
}
