//! A look at the first part of a flat file.

use std::collections::BTreeSet;

use model::dataset::ColumnRole;
use model::intake::{CsvDialect, CsvMapping, CsvProposal, DateFormat, QuoteMark};

use super::dialect::{self, delimiter_words, quote_byte};
use super::evidence::{ALWAYS_MISSING, RARELY_MISSING, SOMETIMES_MISSING, Seen};
use super::import::header_name;
use super::roles::{Proposal, propose};
use crate::IntakeError;
use crate::magic::{FileKind, kind_of};
use crate::scanner::{Fields, Scanner};
use crate::text::sniff;

/// Rows looked at, at most.
const MAX_ROWS: usize = 20_000;
/// Bytes looked at, at most.
const MAX_BYTES: usize = 4 << 20;
/// Rows shown.
const PREVIEW: usize = 20;

/// Looks at the first part of a delimited file (256 kB is plenty) and proposes how to read it. `complete` says that `head`
/// is the whole file.
///
/// # Errors
/// If the file is empty, has a header only, is of another kind, or has two columns of one name.
pub fn inspect(file_name: &str, head: &[u8], complete: bool) -> Result<CsvProposal, IntakeError> {
    inspect_as(file_name, head, complete, &CsvDialect::default())
}

/// [`inspect`], with what the user says of how the file is written: only the rest is guessed, and what the columns are is
/// proposed from the values so read.
///
/// # Errors
/// As [`inspect`], and if what was said cannot be (a comma as delimiter and decimal sign).
pub fn inspect_as(file_name: &str, head: &[u8], complete: bool, said: &CsvDialect) -> Result<CsvProposal, IntakeError> {
    let mut proposal = look(file_name, head, complete, said)?.0;
    repeated_persons(&mut proposal);
    Ok(proposal)
}

/// [`inspect_as`] for a file that need not have a row a person; also the records, the header first.
pub(crate) fn look(
    file_name: &str,
    head: &[u8],
    complete: bool,
    said: &CsvDialect,
) -> Result<(CsvProposal, Vec<Vec<String>>), IntakeError> {
    let file = || file_name.to_owned();
    if head.iter().all(u8::is_ascii_whitespace) {
        return Err(IntakeError::Empty { file: file() });
    }
    let kind = kind_of(head.get(..4096).unwrap_or(head));
    if kind != FileKind::Text {
        return Err(IntakeError::OtherKind { file: file(), kind });
    }
    let complete = complete && head.len() <= MAX_BYTES;
    let head = head.get(..MAX_BYTES).unwrap_or(head);
    let encoding = said.encoding.as_deref().unwrap_or_else(|| sniff(head, complete).0);
    let mut to_utf8 = dialect::to_utf8(encoding)?;
    let mut text = Vec::new();
    to_utf8.push(head, complete, &mut text);
    let lost = to_utf8.replaced || !is_utf8(&text, complete);
    let (quote, delimiter) = dialect::marks(&text, said, complete)?;
    let mut records = records(&text, delimiter, quote_byte(quote), complete, MAX_ROWS + 1);
    if records.len() < 2 && !complete {
        // Not one whole row fits into the part: the cut one is better than none.
        records = self::records(&text, delimiter, quote_byte(quote), true, 2);
    }
    #[cfg(feature = "tables")]
    let above = super::apart::header_place(&records);
    #[cfg(not(feature = "tables"))]
    let above = 0;
    records.drain(..above);
    if let Some(header) = records.first_mut() {
        header.iter_mut().for_each(|name| *name = header_name(name.as_bytes()));
    }
    let decimal = dialect::decimal(records.get(1..).unwrap_or_default(), said, delimiter)?;
    let written = Written { delimiter, quote, decimal, encoding, is_guess: said.encoding.is_none(), lost };
    let mut proposal = of_records(file_name, &records, &written, complete)?;
    if above > 0 {
        let rows = crate::report::counted(above as u64, "row stands", "rows stand");
        proposal.warnings.push(format!("{rows} above the names of the columns: taken for a title and not read."));
    }
    Ok((proposal, records))
}

/// What is proposed for records that came as cells: no delimiter, no encoding.
#[cfg(feature = "tables")]
pub(crate) fn look_at_cells(
    file_name: &str,
    records: &[Vec<String>],
    complete: bool,
) -> Result<CsvProposal, IntakeError> {
    let written = Written {
        delimiter: b',',
        quote: QuoteMark::Double,
        decimal: b'.',
        encoding: "utf-8",
        is_guess: false,
        lost: false,
    };
    of_records(file_name, records, &written, complete)
}

fn of_records(
    file_name: &str,
    records: &[Vec<String>],
    written: &Written<'_>,
    complete: bool,
) -> Result<CsvProposal, IntakeError> {
    let Some((header, rows)) = records.split_first() else {
        return Err(IntakeError::Empty { file: file_name.to_owned() });
    };
    check_header(file_name, header, char::from(written.delimiter))?;
    if rows.is_empty() {
        return Err(IntakeError::HeaderOnly { file: file_name.to_owned() });
    }
    Ok(proposal(header, rows, written, complete && rows.len() < MAX_ROWS))
}

/// Whether the text is UTF-8, but for a letter that the end of the part cuts.
fn is_utf8(text: &[u8], complete: bool) -> bool {
    std::str::from_utf8(text).map_or_else(|e| !complete && e.error_len().is_none(), |_| true)
}

/// How the file is written, as it is read now.
struct Written<'a> {
    delimiter: u8,
    quote: QuoteMark,
    decimal: u8,
    encoding: &'a str,
    /// The encoding was not said by the user.
    is_guess: bool,
    /// Bytes were no letter in this encoding.
    lost: bool,
}

impl Written<'_> {
    /// What the user should check of it.
    fn warnings(&self) -> Vec<String> {
        let mut out = Vec::new();
        if self.encoding == "windows-1252" && self.is_guess {
            out.push(
                "The file is not UTF-8; it is read as windows-1252. Check names and words with accents.".to_owned(),
            );
        }
        if self.lost {
            out.push(format!("Some letters are not {} and show as \u{fffd}: choose another encoding.", self.encoding));
        }
        out
    }
}

fn proposal(header: &[String], rows: &[Vec<String>], written: &Written<'_>, complete: bool) -> CsvProposal {
    let mut seen: Vec<Seen> = header.iter().map(|_| Seen::new()).collect();
    let mut n_ragged = 0u64;
    #[cfg(feature = "tables")]
    let units = rows.first().filter(|row| row.len() == header.len()).and_then(|row| super::apart::units(row));
    #[cfg(not(feature = "tables"))]
    let units: Option<Vec<Option<&str>>> = None;
    let rows = if units.is_some() { rows.get(1..).unwrap_or_default() } else { rows };
    for row in rows {
        if row.len() == header.len() {
            seen.iter_mut().zip(row).for_each(|(s, text)| s.add(text, written.decimal));
        } else {
            n_ragged += 1;
        }
    }
    let mut proposals: Vec<Proposal> = header.iter().zip(&seen).map(|(name, s)| propose(name, s)).collect();
    let mut warnings = written.warnings();
    if n_ragged > 0 {
        let rows = crate::report::counted(n_ragged, "row has", "rows have");
        warnings.push(format!(
            "{rows} more or fewer fields than the header: such rows are rejected, each named in the report."
        ));
    }
    if let Some(units) = units {
        for (p, unit) in proposals.iter_mut().zip(units) {
            p.plan.unit = unit.map(str::to_owned).or_else(|| p.plan.unit.take());
        }
        warnings
            .push("The first row below the names of the columns holds their units, and nobody's values.".to_owned());
    }
    one_order_of_dates(&mut proposals);
    if written.delimiter == b';' || written.decimal == b',' {
        day_first(&mut proposals);
    }
    one_person_column(&mut proposals, &seen, &mut warnings);
    warnings.extend(proposals.iter_mut().flat_map(|p| std::mem::take(&mut p.warnings)));
    let missing = missing(&seen);
    let (mut columns, mut evidence) = (Vec::new(), Vec::new());
    for (p, s) in proposals.into_iter().zip(&seen) {
        evidence.push(s.evidence(p.why, p.possible, p.date_order_unsure));
        columns.push(p.plan);
    }
    CsvProposal {
        mapping: CsvMapping {
            delimiter: char::from(written.delimiter),
            encoding: written.encoding.to_owned(),
            quote: written.quote,
            decimal: char::from(written.decimal),
            missing,
            columns,
        },
        preview: rows.iter().take(PREVIEW).cloned().collect(),
        evidence,
        warnings,
        complete,
    }
}

/// Dates that could be day-month-year or month-day-year are in the order that the other dates of the file are in, where these say it.
fn one_order_of_dates(proposals: &mut [Proposal]) {
    let is_ordered = |f: &DateFormat| matches!(f, DateFormat::DayMonthYear | DateFormat::MonthDayYear);
    let sure = proposals.iter().filter(|p| !p.date_order_unsure).filter_map(|p| p.plan.date_format).filter(is_ordered);
    let mut sure: Vec<DateFormat> = sure.collect();
    sure.dedup();
    let [format] = sure[..] else { return };
    for p in proposals.iter_mut().filter(|p| p.date_order_unsure) {
        let n_before = p.warnings.len();
        p.warnings.retain(|w| !w.contains("could be day-month-year or month-day-year"));
        if p.warnings.len() < n_before {
            p.date_order_unsure = false;
            p.plan.date_format = Some(format);
            let order = crate::date::words(format);
            p.why = p.why.replace(
                "whose order of day and month has to be said",
                &format!("written as {order}, as the other dates are"),
            );
        }
    }
}

/// Who writes semicolons or decimal commas writes the day first: proposed where nothing in the dates says it. It is still asked.
fn day_first(proposals: &mut [Proposal]) {
    for p in
        proposals.iter_mut().filter(|p| p.date_order_unsure && p.plan.date_format == Some(DateFormat::MonthDayYear))
    {
        let n_before = p.warnings.len();
        p.warnings.retain(|w| !w.contains("could be day-month-year or month-day-year"));
        if p.warnings.len() < n_before {
            p.plan.date_format = Some(DateFormat::DayMonthYear);
            p.warnings.push(format!(
                "Every date of '{}' could be day-month-year or month-day-year; day-month-year is proposed, as the file is written. Check it: \
                 the other order gives other dates.",
                p.plan.name
            ));
        }
    }
}

/// Only one column names the person; others that do are left out.
fn one_person_column(proposals: &mut [Proposal], seen: &[Seen], warnings: &mut Vec<String>) {
    let distinct = |i: usize| seen.get(i).map_or(0, |s| s.values.len());
    let candidates: Vec<usize> =
        proposals.iter().enumerate().filter(|(_, p)| p.plan.role == ColumnRole::Identifier).map(|(i, _)| i).collect();
    let Some(best) = candidates.iter().copied().max_by_key(|&i| (distinct(i), usize::MAX - i)) else { return };
    for i in candidates {
        if i != best
            && let Some(p) = proposals.get_mut(i)
        {
            p.plan.role = ColumnRole::Drop;
            "names a person too; one such column is enough: not stored".clone_into(&mut p.why);
            warnings
                .push(format!("'{}' seems to name a person too and is left out: only one column can.", p.plan.name));
        }
    }
}

/// Says that somebody stands in several rows of a file that should have a row a person.
pub(crate) fn repeated_persons(proposal: &mut CsvProposal) {
    for (column, seen) in proposal.mapping.columns.iter().zip(&proposal.evidence) {
        let (distinct, n_present) = (seen.n_distinct, seen.n - seen.n_missing);
        // Above ten thousand different values they are no longer told apart.
        if column.role == ColumnRole::Identifier && distinct < n_present && distinct < 10_000 {
            proposal.warnings.push(format!(
                "'{}' has {distinct} different values in {n_present} rows: somebody stands in several rows. Rounds takes each row as a \
                 person of its own; filter the file to one row a person first, unless that is what you want.",
                column.name,
            ));
        }
    }
}

/// Texts that mean 'no value': the usual ones, and those that stand among numbers and nowhere else.
fn missing(seen: &[Seen]) -> Vec<String> {
    let numeric = |s: &Seen| [s.n_numbers, s.n_short_dates].iter().chain(&s.n_dates).any(|&n| n > 0 && s.mostly(n));
    let only_among_numbers = |text: &&str| {
        let mut columns = seen.iter().filter(|s| s.values.contains_key(*text)).peekable();
        columns.peek().is_some() && columns.all(numeric)
    };
    let is_seen = |i: usize| seen.iter().any(|s| s.rarely_missing.get(i) == Some(&true));
    let rare = RARELY_MISSING.iter().copied().enumerate().filter(|(i, _)| is_seen(*i)).map(|(_, text)| text);
    let special: BTreeSet<&str> = seen.iter().flat_map(|s| &s.special_missing).map(String::as_str).collect();
    ALWAYS_MISSING
        .iter()
        .copied()
        .chain(rare)
        .chain(special)
        .chain(SOMETIMES_MISSING.iter().copied().filter(only_among_numbers))
        .map(str::to_owned)
        .collect()
}

/// Refuses a header that cannot be one.
pub(crate) fn check_header(file: &str, header: &[String], delimiter: char) -> Result<(), IntakeError> {
    if let [only] = header {
        let other = [',', ';', '\t', '|'].into_iter().find(|d| *d != delimiter && only.contains(*d));
        if let Some(other) = other {
            return Err(IntakeError::Delimiter {
                file: file.to_owned(),
                chosen: delimiter_words(delimiter).to_owned(),
                instead: delimiter_words(other).to_owned(),
            });
        }
    }
    for (i, name) in header.iter().enumerate() {
        // Columns without a name are told apart by their place; spreadsheets write empty ones at the end.
        let first = header.iter().take(i).position(|n| n == name);
        if let Some(first) = first.filter(|_| !name.is_empty()) {
            return Err(IntakeError::SameName {
                file: file.to_owned(),
                name: name.clone(),
                first: first + 1,
                second: i + 1,
            });
        }
    }
    Ok(())
}

/// The first records as text; a record that the end of the part cuts is left out.
pub(crate) fn records(text: &[u8], delimiter: u8, quote: Option<u8>, complete: bool, most: usize) -> Vec<Vec<String>> {
    let (mut scanner, mut fields, mut from) = (Scanner::new(delimiter, quote), Fields::default(), 0);
    let mut out: Vec<Vec<String>> = Vec::new();
    while out.len() < most
        && let Some(next) = scanner.next(text, &mut from, complete, &mut fields)
    {
        let record = (0..fields.len()).map(|i| {
            if out.is_empty() {
                header_name(fields.get(text, i))
            } else {
                String::from_utf8_lossy(fields.get(text, i)).into_owned()
            }
        });
        let record: Vec<String> = record.collect();
        out.push(record);
        from = next;
    }
    out
}
