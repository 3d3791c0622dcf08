//! A clinic note as a text file: whose it is and when it was written stand in its first lines or in its name.
//!
//! Lines such as `Patient: 1017`, `MRN: 1017`, `Date: 2024-01-31` among the first twenty; else the name
//! (`1017_2024-01-31_discharge.txt`) and its folder (`1017/2024-01-31.txt`). What the user says goes before both.

use model::import_mapping::{SaidOfText, TextNotes};
use model::intake::{DateFormat, FileCount};

use super::store::{Note, Store};
use crate::date;
use crate::event::Place;
use crate::magic::{FileKind, kind_of};
use crate::report::{Fate, Flaw, Reporter, count};
use crate::text::{ToUtf8, sniff};

/// Bytes of a note, at most.
pub(super) const MAX_BYTES: usize = 1 << 20;
/// Lines that may say whose note it is and when it was written.
const HEADER_LINES: usize = 20;

/// Names of the line with the person, the surer ones first.
const PERSON: [&str; 16] = [
    "patient id",
    "patient identifier",
    "patientid",
    "person id",
    "personid",
    "subject id",
    "mrn",
    "medical record number",
    "medical record no",
    "record number",
    "case id",
    "pid",
    "patient number",
    "person",
    "subject",
    "patient",
];
/// Names of the line with the date, the surer ones first.
const DATE: [&str; 14] = [
    "note date",
    "date of note",
    "date of service",
    "service date",
    "dos",
    "visit date",
    "date of visit",
    "encounter date",
    "date of encounter",
    "date of examination",
    "admission date",
    "date of admission",
    "date",
    "datum",
];

/// What a text file says of itself.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Said {
    pub(super) person: Option<String>,
    pub(super) date: Option<String>,
    pub(super) title: String,
}

/// The text of a file in any of the known encodings, and whether letters were lost.
pub(super) fn decode(bytes: &[u8]) -> (String, bool) {
    let encoding = sniff(bytes, true).0;
    let mut out = Vec::new();
    let mut lost = false;
    if let Some(mut to_utf8) = ToUtf8::new(encoding) {
        to_utf8.push(bytes, true, &mut out);
        lost = to_utf8.replaced;
    }
    (String::from_utf8_lossy(&out).into_owned(), lost)
}

/// What a file says in its first lines and its name.
pub(super) fn said(name: &str, text: &str) -> Said {
    let of_name = of_name(name);
    let lines: Vec<(String, &str)> = text.lines().take(HEADER_LINES).filter_map(label).collect();
    let of = |names: &[&str]| {
        let wanted = names.iter().filter_map(|name| lines.iter().find(|(label, _)| label == name));
        wanted.map(|(_, value)| value.trim()).find(|value| !value.is_empty()).map(str::to_owned)
    };
    let dated = of(&DATE).map(|line| first_date(&line).unwrap_or(line));
    Said { person: of(&PERSON).or(of_name.person), date: dated.or(of_name.date), title: of_name.title }
}

/// `Label: value`, the label in small letters. Of several on one line, divided by tabs or wide blanks, the first.
fn label(line: &str) -> Option<(String, &str)> {
    let line = line.trim().trim_start_matches(['#', '*', '-', ' ']);
    let (label, value) = line.split_once(':').or_else(|| line.split_once('='))?;
    let label = label.trim().trim_matches('*');
    if label.is_empty() || label.len() > 40 {
        return None;
    }
    let value = value.trim().trim_matches('*').trim();
    let value = value.split('\t').next().and_then(|v| v.split("   ").next()).unwrap_or(value);
    Some((label.to_lowercase().replace(['_', '.', '#'], " ").trim().to_owned(), value))
}

/// What a name says: a date, and the piece before it (or the folder) as the person.
fn of_name(name: &str) -> Said {
    let mut parts = name.rsplit(['/', '\\']);
    let file = parts.next().unwrap_or(name);
    let folder = parts.next();
    let stem = file.rsplit_once('.').map_or(file, |(stem, _)| stem);
    let date = first_date(stem);
    let rest = date.as_ref().map_or_else(|| stem.to_owned(), |d| stem.replacen(d.as_str(), "\u{1}", 1));
    let pieces: Vec<&str> = rest.split(['_', ' ', '\u{1}']).map(|p| p.trim_matches(['-', '.', '_', ' '])).collect();
    let pieces: Vec<&str> = pieces.into_iter().filter(|p| !p.is_empty()).collect();
    let has_digit = |p: &str| p.bytes().any(|b| b.is_ascii_digit());
    const KINDS: [&str; 5] = ["note", "visit", "encounter", "doc", "report"];
    let is_count = |p: &str| p.len() < 3 || KINDS.iter().any(|k| p.to_lowercase().starts_with(k));
    // A piece with digits; in a folder per person the file's name says only which note it is.
    let named = pieces.iter().position(|p| has_digit(p) && (folder.is_none() || date.is_none() || !is_count(p)));
    let of_folder =
        folder.filter(|f| has_digit(f) && (named.is_none() || pieces.iter().all(|p| !has_digit(p) || is_count(p))));
    let person = of_folder.or_else(|| named.and_then(|i| pieces.get(i).copied()));
    let title: Vec<&str> = pieces.iter().copied().filter(|p| Some(*p) != person && !has_digit(p)).collect();
    Said { person: person.map(str::to_owned), date, title: title.join(" ") }
}

/// The first piece of a text that is a date in one of the known orders.
fn first_date(text: &str) -> Option<String> {
    let is_edge = |c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '/' | '.');
    let pieces = text.split(is_edge).map(|p| p.trim_matches(['.', '-', '/']));
    let whole = pieces.filter(|p| p.len() >= 8).find(|p| !orders(p).is_empty());
    // `1017-2024-01-31`, `31 Jan 2024`
    let within = || {
        (0..text.len()).find_map(|at| {
            let piece = text.get(at..at + 10)?;
            let before = at.checked_sub(1).and_then(|i| text.as_bytes().get(i)).is_some_and(u8::is_ascii_digit);
            (!before && date::parse(piece.as_bytes(), DateFormat::YearMonthDay).is_ok()).then(|| piece.to_owned())
        })
    };
    let named = || orders(text.trim()).contains(&DateFormat::DayMonthNameYear).then(|| text.trim().to_owned());
    whole.map(str::to_owned).or_else(within).or_else(named)
}

/// The orders that a date can be read in: one where the year stands first; of eight digits only such that are years of living people.
pub(super) fn orders(text: &str) -> Vec<DateFormat> {
    let is = |format: &DateFormat| {
        date::parse(text.as_bytes(), *format).is_ok_and(|day| (1900..=2100).contains(&columnar::day::year_of(day)))
    };
    // Every order reads a date whose year stands first, and all read it alike.
    if is(&DateFormat::YearMonthDay) {
        return vec![DateFormat::YearMonthDay];
    }
    date::ALL.into_iter().filter(is).collect()
}

/// The day of a date. `Err`: why not, in words.
fn day(text: &str, format: Option<DateFormat>) -> Result<i32, String> {
    let orders = orders(text);
    let order =
        match orders.as_slice() {
            [] => return Err(format!("the date ('{}') is written in no order that is known", short(text))),
            [one] => *one,
            several => match format.filter(|f| several.contains(f)) {
                Some(format) => format,
                None if several.iter().all(|f| same(text, *f, several.first().copied())) => several[0],
                None => return Err(
                    "the date could have the day or the month first: say which (date_format of texts in the mapping)"
                        .to_owned(),
                ),
            },
        };
    date::parse(text.as_bytes(), order).map_err(|flaw| flaw.reason(order))
}

fn same(text: &str, a: DateFormat, b: Option<DateFormat>) -> bool {
    b.is_some_and(|b| date::parse(text.as_bytes(), a).ok() == date::parse(text.as_bytes(), b).ok())
}

fn short(text: &str) -> String {
    text.chars().take(20).collect()
}

/// Takes a note.
pub(super) fn take(
    name: &str,
    bytes: &[u8],
    rules: &TextNotes,
    store: &mut Store,
    reporter: &mut Reporter,
) -> FileCount {
    let mut counted = FileCount { file: name.to_owned(), table: "note".to_owned(), ..FileCount::default() };
    let place = Place::new(store.file, 1);
    let fate = match note(name, bytes, rules) {
        Ok(None) => {
            reporter.warn(format!("{name} is empty."));
            Fate::NotUsed
        }
        Ok(Some((person, day, title, text, lost))) => {
            if lost {
                reporter.warn(format!("{name}: some letters could not be read and were replaced by �."));
            }
            let person = store.person(person.trim().as_bytes());
            store.notes.push(Note { person, day, title, text, place });
            Fate::Kept
        }
        Err(flaw) => {
            reporter.row(name, 1, flaw);
            Fate::Rejected
        }
    };
    count(&mut counted, fate);
    counted
}

type Taken = (String, i32, String, String, bool);

fn note(name: &str, bytes: &[u8], rules: &TextNotes) -> Result<Option<Taken>, Flaw> {
    let flaw = |field: &str, reason: String| Flaw { field: field.to_owned(), reason };
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Ok(None);
    }
    let kind = kind_of(bytes.get(..512).unwrap_or(bytes));
    if !matches!(kind, FileKind::Text | FileKind::Xml | FileKind::Json) {
        return Err(flaw("", format!("it is {kind}, not a note; export it as text")));
    }
    if bytes.len() > MAX_BYTES {
        return Err(flaw("", "a note of more than 1 MB: a note is what one person wrote at one time".to_owned()));
    }
    let (text, lost) = decode(bytes);
    let found = said(name, &text);
    let user = rules.said.iter().find(|s| s.file == name).cloned().unwrap_or_default();
    let SaidOfText { person, date, .. } = user;
    let given = |text: Option<String>| text.filter(|t| !t.trim().is_empty());
    let person = given(person).or(found.person).ok_or_else(|| {
        let words = "nothing says whose note it is: put a line 'Patient: ...' at its beginning, the patient's number into the \
                     file's name, or say it in the mapping (texts, said)";
        flaw("person", words.to_owned())
    })?;
    let date = given(date).or(found.date).ok_or_else(|| {
        let words = "nothing says when it was written: put a line 'Date: ...' at its beginning, the date into the file's name, or \
                     say it in the mapping (texts, said)";
        flaw("date", words.to_owned())
    })?;
    let day = day(date.trim(), rules.date_format).map_err(|reason| flaw("date", reason))?;
    if text.contains('\0') {
        return Err(flaw("", "it holds a NUL byte: it is no text".to_owned()));
    }
    Ok(Some((person, day, found.title, text, lost)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(name: &str, text: &str) -> (Option<String>, Option<String>, String) {
        let said = said(name, text);
        (said.person, said.date, said.title)
    }

    #[test]
    fn names_say_whose_and_when() {
        let of =
            |person: &str, date: &str, title: &str| (Some(person.to_owned()), Some(date.to_owned()), title.to_owned());
        for (name, want) in [
            ("P1017_2024-01-31_discharge.txt", of("P1017", "2024-01-31", "discharge")),
            ("1017-2024-01-31.txt", of("1017", "2024-01-31", "")),
            ("2024-01-31 P17 discharge summary.txt", of("P17", "2024-01-31", "discharge summary")),
            ("notes/P1017_20240131.txt", of("P1017", "20240131", "")),
            ("1017/2024-01-31.txt", of("1017", "2024-01-31", "")),
            ("P17/2024-01-31_note2.txt", of("P17", "2024-01-31", "")),
            ("31.01.2024_P17.txt", of("P17", "31.01.2024", "")),
        ] {
            assert_eq!(told(name, ""), want, "{name}");
        }
        assert_eq!(told("letter.txt", ""), (None, None, "letter".to_owned()));
    }

    #[test]
    fn first_lines_go_before_the_name() {
        let text = "DISCHARGE SUMMARY\nPatient: Ann Example\nMRN: 0042\nDate of service: 31 Jan 2024\n\nWell.";
        assert_eq!(told("17_2020-01-01.txt", text).0.as_deref(), Some("0042"));
        assert_eq!(told("17_2020-01-01.txt", text).1.as_deref(), Some("31 Jan 2024"));
        assert_eq!(told("x.txt", "Patient: 9\nDate: 02/03/2024 at noon\n").1.as_deref(), Some("02/03/2024"));
        assert_eq!(told("x.txt", "Assessment: patient is well\n").0, None);
    }

    #[test]
    fn a_date_of_two_readings_is_asked_about() {
        assert!(day("02/03/2024", None).is_err());
        assert_eq!(
            day("02/03/2024", Some(DateFormat::DayMonthYear)),
            Ok(columnar::day::from_ymd(2024, 3, 2).unwrap_or(0))
        );
        assert_eq!(day("13/03/2024", None), Ok(columnar::day::from_ymd(2024, 3, 13).unwrap_or(0)));
        assert_eq!(day("03/03/2024", None), Ok(columnar::day::from_ymd(2024, 3, 3).unwrap_or(0)));
        assert!(day("yesterday", None).is_err());
        assert_eq!(orders("2024-02-01"), [DateFormat::YearMonthDay]);
        assert_eq!(orders("01/02/2024"), [DateFormat::DayMonthYear, DateFormat::MonthDayYear]);
    }
}
