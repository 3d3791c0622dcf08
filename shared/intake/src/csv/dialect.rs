//! How a delimited file is written: what its bytes say, and what the user says instead.

use model::intake::{CsvDialect, QuoteMark};

use super::inspect::records;
use crate::text::ToUtf8;
use crate::{IntakeError, number};

/// The byte of a quotation mark.
pub(crate) fn quote_byte(quote: QuoteMark) -> Option<u8> {
    match quote {
        QuoteMark::Double => Some(b'"'),
        QuoteMark::Single => Some(b'\''),
        QuoteMark::None => None,
    }
}

/// The byte of a delimiter.
pub(crate) fn delimiter_byte(delimiter: char) -> Result<u8, IntakeError> {
    match u8::try_from(delimiter) {
        Ok(b @ (b',' | b';' | b'\t' | b'|' | b' ' | b':')) => Ok(b),
        _ => Err(IntakeError::Plan(format!("the delimiter is ',', ';', tab, '|', blank or ':', not '{delimiter}'"))),
    }
}

/// The byte of a decimal sign.
pub(crate) fn decimal_byte(decimal: char, delimiter: u8) -> Result<u8, IntakeError> {
    match decimal {
        '.' => Ok(b'.'),
        ',' if delimiter != b',' => Ok(b','),
        ',' => Err(IntakeError::Plan(
            "the comma cannot be delimiter and decimal sign at once: choose another delimiter, or the decimal point"
                .to_owned(),
        )),
        other => Err(IntakeError::Plan(format!("the decimal sign is '.' or ',', not '{other}'"))),
    }
}

/// The reader of an encoding.
pub(crate) fn to_utf8(encoding: &str) -> Result<ToUtf8, IntakeError> {
    ToUtf8::new(encoding).ok_or_else(|| {
        let known = "utf-8, utf-16le, utf-16be, windows-1252";
        IntakeError::Plan(format!("the encoding is one of {known}, not '{encoding}'"))
    })
}

/// A delimiter in words.
pub(super) fn delimiter_words(delimiter: char) -> &'static str {
    match delimiter {
        ',' => "the comma",
        ';' => "the semicolon",
        '\t' => "the tab",
        '|' => "the vertical bar",
        ' ' => "the blank",
        ':' => "the colon",
        _ => "that character",
    }
}

/// The quotation mark: the single one where at least half of the first lines hold fields within single marks and no
/// double mark is there; the double one otherwise.
fn sniff_quote(text: &[u8]) -> QuoteMark {
    if memchr::memchr(b'"', text).is_some() {
        return QuoteMark::Double;
    }
    let is_edge = |b: Option<&u8>| b.is_none_or(|b| matches!(b, b',' | b';' | b'\t' | b'|' | b'\r'));
    let (mut lines, mut with) = (0, 0);
    for line in text.split(|&b| b == b'\n').filter(|line| !line.is_empty()).take(200) {
        lines += 1;
        let marks = line.iter().enumerate().filter(|(_, b)| **b == b'\'');
        let (mut opened, mut closed) = (0, 0);
        for (i, _) in marks {
            opened += u32::from(is_edge(i.checked_sub(1).and_then(|i| line.get(i))));
            closed += u32::from(is_edge(line.get(i + 1)));
        }
        with += usize::from(opened > 0 && opened == closed);
    }
    if with * 2 >= lines && with > 0 { QuoteMark::Single } else { QuoteMark::Double }
}

/// The delimiter under which most rows have as many fields as the header, and more than one.
fn sniff_delimiter(text: &[u8], quote: Option<u8>, decimal: Option<char>, complete: bool) -> u8 {
    let score = |delimiter: u8| {
        let records = records(text, delimiter, quote, complete, 200);
        // Where a title stands above the names of the columns, a row in the middle says how many there are.
        let n = |i: usize| records.get(i).map_or(0, Vec::len);
        let fields = if n(0) < 2 { n(records.len() / 2) } else { n(0) };
        let fitting = records.iter().filter(|r| r.len() == fields).count();
        if fields < 2 { (0, 0) } else { (fitting * 1000 / records.len().max(1), fields) }
    };
    // A later one wins only if it is better: the comma is the usual one. A comma that the user calls the decimal sign is
    // no delimiter.
    let mut best = (b',', if decimal == Some(',') { (0, 0) } else { score(b',') });
    for delimiter in [b';', b'\t', b'|'] {
        let s = score(delimiter);
        if s > best.1 {
            best = (delimiter, s);
        }
    }
    best.0
}

/// The delimiter that the first line declares, as Excel reads it: `sep=;`.
fn declared(text: &[u8]) -> Option<u8> {
    let line = text.split(|b| *b == b'\n').next()?.trim_ascii();
    let (name, mark) = line.split_at_checked(4)?;
    let [mark] = mark else { return None };
    delimiter_byte(char::from(*mark)).ok().filter(|_| name.eq_ignore_ascii_case(b"sep="))
}

/// The decimal comma, where it gives numbers to columns that have none otherwise.
fn sniff_decimal(rows: &[Vec<String>], delimiter: u8) -> u8 {
    if delimiter == b',' {
        return b'.';
    }
    let (mut point, mut comma) = (0u64, 0u64);
    for text in rows.iter().take(2000).flatten() {
        let text = text.trim().as_bytes();
        let fraction = text.iter().any(|b| matches!(b, b'.' | b','));
        point += u64::from(fraction && number::parse(text, b'.').is_some());
        comma += u64::from(fraction && number::parse(text, b',').is_some());
    }
    if comma > point { b',' } else { b'.' }
}

/// The quotation mark and the delimiter: as said, or as the text shows them.
pub(super) fn marks(text: &[u8], said: &CsvDialect, complete: bool) -> Result<(QuoteMark, u8), IntakeError> {
    let quote = said.quote.unwrap_or_else(|| sniff_quote(text));
    let delimiter = match said.delimiter {
        Some(delimiter) => delimiter_byte(delimiter)?,
        None => declared(text).unwrap_or_else(|| sniff_delimiter(text, quote_byte(quote), said.decimal, complete)),
    };
    if let Some(decimal) = said.decimal {
        decimal_byte(decimal, delimiter)?;
    }
    Ok((quote, delimiter))
}

/// The decimal sign: as said, or as the rows show it.
pub(super) fn decimal(rows: &[Vec<String>], said: &CsvDialect, delimiter: u8) -> Result<u8, IntakeError> {
    said.decimal.map_or_else(|| Ok(sniff_decimal(rows, delimiter)), |decimal| decimal_byte(decimal, delimiter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn single_marks_are_seen_and_apostrophes_are_not() {
        assert_eq!(sniff_quote(b"'id','arm'\n'1','a,b'\r\n'2','c'\n"), QuoteMark::Single);
        assert_eq!(sniff_quote(b"id,arm\n1,'a'\n2,'b'\n"), QuoteMark::Single);
        assert_eq!(sniff_quote(b"id,name\n1,O'Neill\n2,d'Arc\n"), QuoteMark::Double);
        assert_eq!(sniff_quote(b"id,note\n1,'tis\n2,x\n"), QuoteMark::Double);
        assert_eq!(sniff_quote(b"'id','arm'\n'1','a \"b\"'\n"), QuoteMark::Double);
        assert_eq!(sniff_quote(b""), QuoteMark::Double);
    }
}
