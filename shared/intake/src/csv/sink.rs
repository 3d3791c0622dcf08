//! Where the fields of a column go: straight from bytes into a builder.

use columnar::build::{CategoryBuilder, DayBuilder, NumberBuilder, TextBuilder};
use rustc_hash::FxHashSet;

use super::ages::{Age, Ages};
use super::known::RowPerson;
use super::names;
use crate::date::Written;
use crate::free_text::FreeText;
use crate::key::Keyer;
use crate::number;

/// What became of a field.
pub(super) enum Taken {
    /// A value, or none where the file has none.
    Well,
    /// It could not be read and counts as missing.
    Value(String),
    /// The row cannot be kept.
    Row(String),
    /// The column is full.
    Full,
}

/// The texts that mean 'no value'.
pub(crate) struct Missing {
    texts: Vec<Vec<u8>>,
    /// A bit for each length (up to 63) that one of them has.
    lengths: u64,
    one_byte: Box<[bool; 256]>,
    /// One of them is a number, so that numbers have to be compared first.
    numeric: bool,
}

impl Missing {
    pub(crate) fn new(texts: &[String], decimal: u8) -> Self {
        let texts: Vec<Vec<u8>> = texts.iter().map(|t| t.trim().as_bytes().to_vec()).collect();
        let mut one_byte = Box::new([false; 256]);
        for text in &texts {
            if let &[b] = text.as_slice() {
                one_byte[usize::from(b)] = true;
            }
        }
        Self {
            lengths: texts.iter().fold(0, |mask, t| mask | (1 << t.len().min(63))),
            one_byte,
            numeric: texts.iter().any(|t| number::parse(t, decimal).is_some()),
            texts,
        }
    }

    #[inline]
    pub(crate) fn is(&self, trimmed: &[u8]) -> bool {
        match trimmed {
            [] => true,
            &[b] => self.one_byte[usize::from(b)],
            _ => self.lengths >> trimmed.len().min(63) & 1 == 1 && self.texts.iter().any(|t| t == trimmed),
        }
    }
}

/// What all columns of a file have in common.
pub(super) struct Context {
    pub(super) decimal: u8,
    pub(super) missing: Missing,
    pub(super) keyer: Keyer,
    pub(super) free: FreeText,
    /// Whose the row at hand is, as far as its free text needs it.
    pub(super) person: RowPerson,
}

/// An event column: codes by text.
pub(super) struct EventCodes {
    observed: Vec<Vec<u8>>,
    censored: Vec<Vec<u8>>,
    /// For texts of one byte: 0 unknown, 1 not observed, 2 observed.
    one_byte: Box<[u8; 256]>,
}

impl EventCodes {
    pub(super) fn new(observed: &[String], censored: &[String]) -> Self {
        let bytes = |texts: &[String]| texts.iter().map(|t| t.trim().as_bytes().to_vec()).collect::<Vec<_>>();
        let mut codes = Self { observed: bytes(observed), censored: bytes(censored), one_byte: Box::new([0; 256]) };
        if codes.observed.is_empty() && codes.censored.is_empty() {
            codes.observed = names::OBSERVED.iter().map(|t| t.as_bytes().to_vec()).collect();
            codes.censored = names::CENSORED.iter().map(|t| t.as_bytes().to_vec()).collect();
        }
        for b in 0..=255u8 {
            codes.one_byte[usize::from(b)] = match codes.look_up(&[b]) {
                Some(true) => 2,
                Some(false) => 1,
                None => 0,
            };
        }
        codes
    }

    fn look_up(&self, text: &[u8]) -> Option<bool> {
        let same = |t: &Vec<u8>| {
            t.eq_ignore_ascii_case(text)
                || number::parse(text, b'.')
                    .is_some_and(|v| number::parse(t, b'.').is_some_and(|w| w.total_cmp(&v).is_eq()))
        };
        if self.observed.iter().any(same) {
            Some(true)
        } else if self.censored.iter().any(same) {
            Some(false)
        } else {
            None
        }
    }

    #[inline]
    fn code(&self, text: &[u8]) -> Option<f64> {
        if let &[b] = text {
            return match self.one_byte[usize::from(b)] {
                2 => Some(1.0),
                1 => Some(0.0),
                _ => None,
            };
        }
        self.look_up(text).map(f64::from)
    }
}

/// Where the fields of a column go.
pub(super) enum Sink {
    /// Nowhere; values are counted.
    Skip { seen: u64 },
    /// The keyed hash of the person and the shift of the dates.
    Person {
        keys: Vec<u64>,
        shifts: Vec<i16>,
        seen: u64,
        unnamed: u64,
        /// Keys that came, where each person may have one row only.
        once: Option<FxHashSet<u64>>,
    },
    /// Nowhere, but remembered until the notes of the same import are screened: names and numbers of persons, by row.
    #[cfg(feature = "tables")]
    Aside { seen: u64, texts: Vec<Box<str>>, is_name: bool },
    /// A number; ages above 89 years are counted and become 90.
    Number { column: NumberBuilder, ages: Option<(Ages, u64)> },
    /// A length of time: never negative.
    Duration { column: NumberBuilder },
    /// 1 observed, 0 not.
    Event { column: NumberBuilder, codes: EventCodes },
    /// A day.
    Day { column: DayBuilder, written: Written },
    /// A level.
    Category { column: CategoryBuilder },
    /// Text as it stands in the file, to be screened when all tables are read.
    #[cfg(feature = "tables")]
    Held { column: TextBuilder, place: String },
    /// Text, screened for identifiers.
    Text { column: TextBuilder, place: String },
}

impl Sink {
    /// Takes a field that is as most are: a short number, a code or known level of one letter. False where it is not; nothing
    /// is taken then. What is rare stands in [`Sink::take`]: together they were three times slower.
    #[inline]
    pub(super) fn take_plain(&mut self, field: &[u8], context: &Context) -> bool {
        match self {
            Sink::Number { column, ages } => {
                let Some(v) = plain_number(field, context) else { return false };
                if ages.is_some_and(|(ages, _)| !ages.keeps(v)) {
                    return false;
                }
                column.push(Some(v));
            }
            Sink::Duration { column } => match plain_number(field, context) {
                Some(v) if v >= 0.0 => column.push(Some(v)),
                _ => return false,
            },
            Sink::Event { column, codes } => match *field {
                [b] if codes.one_byte[usize::from(b)] != 0 => {
                    column.push(Some(f64::from(codes.one_byte[usize::from(b)] - 1)));
                }
                _ => return false,
            },
            Sink::Category { column } => match *field {
                [b] => match column.known_byte(b) {
                    Some(code) => column.push_code(code),
                    None => return false,
                },
                _ => return false,
            },
            _ => return false,
        }
        true
    }

    /// Takes the field of row `row`.
    #[inline(never)]
    pub(super) fn take(&mut self, field: &[u8], row: u64, context: &mut Context) -> Taken {
        match self {
            Sink::Number { column, ages } => match value(field, context) {
                Ok(Some(v)) => match ages.as_mut().map(|(ages, n)| (ages.settle(v), *ages, n)) {
                    Some((Age::Old(oldest), _, n)) => {
                        *n += 1;
                        column.push(Some(oldest));
                        Taken::Well
                    }
                    Some((Age::Nobodys, ages, _)) => {
                        column.push(None);
                        Taken::Value(ages.no_age(v))
                    }
                    Some((Age::Stays, ..)) | None => {
                        column.push(Some(v));
                        Taken::Well
                    }
                },
                Ok(None) => {
                    column.push(None);
                    Taken::Well
                }
                Err(reason) => {
                    column.push(None);
                    Taken::Value(reason)
                }
            },
            Sink::Duration { column } => match value(field, context) {
                Ok(Some(v)) if v < 0.0 => {
                    Taken::Row(format!("a negative length of time ({v}): correct it in the file"))
                }
                Ok(v) => {
                    column.push(v);
                    Taken::Well
                }
                Err(reason) => {
                    column.push(None);
                    Taken::Value(reason)
                }
            },
            Sink::Event { column, codes } => event(column, codes, field, context),
            Sink::Category { column } => category(column, field, context),
            Sink::Skip { seen } => {
                *seen += u64::from(!context.missing.is(field.trim_ascii()));
                Taken::Well
            }
            Sink::Day { column, written } => day(column, *written, field, context),
            #[cfg(feature = "tables")]
            Sink::Aside { seen, texts, .. } => {
                let trimmed = field.trim_ascii();
                let is_missing = context.missing.is(trimmed);
                *seen += u64::from(!is_missing);
                texts.push(if is_missing { "".into() } else { String::from_utf8_lossy(trimmed).into() });
                Taken::Well
            }
            Sink::Person { keys, shifts, seen, unnamed, once } => {
                let trimmed = field.trim_ascii();
                if context.missing.is(trimmed) {
                    if once.is_some() {
                        return Taken::Row("nobody is named: the row cannot be joined to other tables".to_owned());
                    }
                    keys.push(context.keyer.row(row));
                    shifts.push(context.keyer.row_shift(row));
                    *unnamed += 1;
                } else if is_total(trimmed) {
                    return Taken::Row("a row of totals, and of no person".to_owned());
                } else {
                    let person = context.keyer.person(trimmed);
                    if let Some(once) = once
                        && !once.insert(person.key)
                    {
                        return Taken::Row(
                            "this person has a row further up: a table of persons has one row each; the first is kept"
                                .to_owned(),
                        );
                    }
                    keys.push(person.key);
                    shifts.push(person.shift);
                    *seen += 1;
                }
                Taken::Well
            }
            #[cfg(feature = "tables")]
            Sink::Held { column, .. } => text(column, None, field, context),
            Sink::Text { column, place } => text(column, Some(place), field, context),
        }
    }

    /// Forgets all rows from `rows` on.
    pub(super) fn truncate(&mut self, rows: usize) {
        match self {
            Sink::Skip { .. } => {}
            #[cfg(feature = "tables")]
            Sink::Aside { texts, .. } => texts.truncate(rows),
            Sink::Person { keys, shifts, once, .. } => {
                if let Some(once) = once {
                    for key in keys.iter().skip(rows) {
                        once.remove(key);
                    }
                }
                keys.truncate(rows);
                shifts.truncate(rows);
            }
            Sink::Number { column, .. } | Sink::Duration { column } | Sink::Event { column, .. } => {
                column.truncate(rows);
            }
            Sink::Day { column, .. } => column.truncate(rows),
            Sink::Category { column } => column.truncate(rows),
            #[cfg(feature = "tables")]
            Sink::Held { column, .. } => column.truncate(rows),
            Sink::Text { column, .. } => column.truncate(rows),
        }
    }

    /// Makes room for rows to come.
    pub(super) fn reserve(&mut self, rows: usize) {
        match self {
            Sink::Skip { .. } => {}
            #[cfg(feature = "tables")]
            Sink::Aside { texts, .. } => texts.reserve_exact(rows),
            #[cfg(feature = "tables")]
            Sink::Held { column, .. } => column.reserve_alike(rows),
            Sink::Text { column, .. } => column.reserve_alike(rows),
            Sink::Person { keys, shifts, .. } => {
                keys.reserve_exact(rows);
                shifts.reserve_exact(rows);
            }
            Sink::Number { column, .. } | Sink::Duration { column } | Sink::Event { column, .. } => {
                column.reserve(rows);
            }
            Sink::Day { column, .. } => column.reserve(rows),
            Sink::Category { column } => column.reserve(rows),
        }
    }
}

/// Whether the identifier of a person is a word that begins a row of totals.
fn is_total(identifier: &[u8]) -> bool {
    #[cfg(feature = "tables")]
    let is = super::apart::is_total(identifier);
    #[cfg(not(feature = "tables"))]
    let is = identifier.is_empty();
    is
}

/// A short number that stands for itself.
#[inline]
fn plain_number(field: &[u8], context: &Context) -> Option<f64> {
    if context.missing.numeric { None } else { number::short(field, context.decimal) }
}

fn value(field: &[u8], context: &Context) -> Result<Option<f64>, String> {
    let is_missing = || context.missing.is(field.trim_ascii());
    if field.is_empty() || (context.missing.numeric && is_missing()) {
        return Ok(None);
    }
    match number::parse(field, context.decimal) {
        Some(v) => Ok(Some(v)),
        None if is_missing() => Ok(None),
        None => Err(format!("{} is not a number; set to missing", shown(field))),
    }
}

fn event(column: &mut NumberBuilder, codes: &EventCodes, field: &[u8], context: &Context) -> Taken {
    let trimmed = if field.len() == 1 { field } else { field.trim_ascii() };
    if let Some(code) = codes.code(trimmed) {
        column.push(Some(code));
        Taken::Well
    } else if context.missing.is(trimmed) {
        column.push(None);
        Taken::Well
    } else {
        let text = shown(field);
        Taken::Row(format!("{text} stands neither for an observed event nor for none: say in the plan what it means"))
    }
}

fn category(column: &mut CategoryBuilder, field: &[u8], context: &Context) -> Taken {
    let trimmed = field.trim_ascii();
    if context.missing.is(trimmed) {
        column.push(None);
        return Taken::Well;
    }
    match readable(trimmed) {
        Ok(level) => {
            column.push(Some(level));
            Taken::Well
        }
        Err(reason) => {
            column.push(None);
            Taken::Value(reason)
        }
    }
}

fn day(column: &mut DayBuilder, written: Written, field: &[u8], context: &Context) -> Taken {
    match written.parse(field) {
        Ok(day) => {
            column.push(Some(day));
            Taken::Well
        }
        Err(flaw) => {
            column.push(None);
            if context.missing.is(field.trim_ascii()) { Taken::Well } else { Taken::Value(flaw.reason(written.format)) }
        }
    }
}

/// Takes a text, after the identifier screen where it is said under which place to count.
fn text(column: &mut TextBuilder, place: Option<&str>, field: &[u8], context: &mut Context) -> Taken {
    if context.missing.is(field.trim_ascii()) {
        return if column.push(None).is_ok() { Taken::Well } else { Taken::Full };
    }
    match readable(field) {
        Ok(text) => {
            let person = &context.person;
            let pushed = match place {
                Some(place) => column.push(Some(&context.free.clean(place, person.key, &person.known, text))),
                None => column.push(Some(text)),
            };
            if pushed.is_ok() { Taken::Well } else { Taken::Full }
        }
        Err(reason) => {
            if column.push(None).is_ok() {
                Taken::Value(reason)
            } else {
                Taken::Full
            }
        }
    }
}

/// Text without what no text has.
pub(crate) fn readable(bytes: &[u8]) -> Result<&str, String> {
    let text = std::str::from_utf8(bytes).map_err(|e| {
        let at = e.valid_up_to() + 1;
        format!("byte {at} is not UTF-8: choose another encoding in the plan; set to missing")
    })?;
    if text.contains('\0') { Err("holds a NUL byte; set to missing".to_owned()) } else { Ok(text) }
}

/// Short values are shown in a report; longer ones may say who somebody is.
pub(crate) fn shown(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes.trim_ascii());
    if text.chars().count() <= 8 && !text.chars().any(char::is_control) {
        format!("'{text}'")
    } else {
        format!("a text of {} characters", text.chars().count())
    }
}
