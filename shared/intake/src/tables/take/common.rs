//! What rows of all shapes need: whose and when, fields as numbers, words and days, and what is counted.

use model::import_mapping::TablePlan;
use model::intake::DateFormat;

use super::super::store::{Event, Note, Store};
use crate::csv::ages::{Age, Ages};
use crate::csv::sink::{Missing, readable, shown};
use crate::date::Written;
use crate::event::Place;
use crate::report::{Flaw, Reporter, counted};
use crate::{Settings, number};

/// Letters of a note, at most.
const MAX_NOTE: usize = super::super::texts::MAX_BYTES;

/// What is the same for all rows.
pub(in crate::tables) struct Common {
    pub(super) decimal: u8,
    pub(super) missing: Missing,
    pub(super) safe_harbor: bool,
    /// The year of the import, for years of two digits.
    pub(super) this_year: Option<i32>,
    /// Values that are no numbers and are kept as words.
    pub(super) n_words: u64,
    /// Numbers that are a limit.
    pub(super) n_signs: u64,
    /// Numbers that a value is not.
    pub(super) n_not_equal: u64,
    /// Operators without a number.
    pub(super) n_lone_signs: u64,
    /// Numbers with a flag or a unit behind them.
    pub(super) n_behind: u64,
    /// Rows that were withdrawn.
    pub(super) n_withdrawn: u64,
    /// Rows that name a code system that is not known.
    pub(super) n_unknown_systems: u64,
    /// Values of the row at hand that count as missing.
    pub(super) flaws: Vec<Flaw>,
}

/// No day: far from every day of the years 1 to 9999.
pub(super) const NO_DAY: i32 = i32::MIN;

/// Whose and when.
#[derive(Clone, Copy)]
pub(super) struct On {
    pub(super) person: u32,
    pub(super) start: i32,
    pub(super) place: Place,
    /// The encounter that says when, and maybe whose.
    pub(super) waits_for: Option<u32>,
}

impl On {
    /// Keeps an event, or what will be one when its encounter is known.
    pub(super) fn keep(&self, event: Event, store: &mut Store) {
        match self.waits_for {
            Some(encounter) => store.encounters.wait(event, encounter),
            None => store.events.push(event),
        }
    }
}

impl Common {
    pub(super) fn new(plan: &TablePlan, decimal: u8, settings: &Settings) -> Self {
        Self {
            decimal,
            missing: Missing::new(&plan.mapping.missing, decimal),
            safe_harbor: settings.safe_harbor,
            this_year: settings.this_year,
            n_words: 0,
            n_signs: 0,
            n_not_equal: 0,
            n_lone_signs: 0,
            n_behind: 0,
            n_withdrawn: 0,
            n_unknown_systems: 0,
            flaws: Vec::new(),
        }
    }

    /// What the user should know of the rows.
    pub(super) fn account(&self, name: &str, reporter: &mut Reporter) {
        if self.n_words > 0 {
            let values = counted(self.n_words, "value is no number and was", "values are no numbers and were");
            reporter.warn(format!("{name}: {values} kept as words, such as '<5' or 'positive'."));
        }
        for (n, one, many, rest) in [
            (
                self.n_signs,
                "value is",
                "values are",
                "given as 'less than' or 'more than': the limit is kept as the value, the sign as its text",
            ),
            (self.n_not_equal, "value is", "values are", "given as 'not equal to' a number, and kept as words"),
            (
                self.n_unknown_systems,
                "row names",
                "rows name",
                "a code system that is not known: its code is kept as the file's own",
            ),
            (self.n_behind, "value has", "values have", "a flag or a unit behind the number, which was read"),
            (self.n_withdrawn, "row is", "rows are", "marked as withdrawn and not used"),
            (self.n_lone_signs, "row has", "rows have", "an operator without a number, which is no answer"),
        ] {
            if n > 0 {
                reporter.warn(format!("{}: {} {rest}.", name, counted(n, one, many)));
            }
        }
    }

    pub(super) fn day(&self, field: &[u8], written: Option<Written>) -> Result<i32, String> {
        if self.missing.is(field) {
            return Err("no date".to_owned());
        }
        let written =
            written.unwrap_or(Written { format: DateFormat::YearMonthDay, last_year: None, are_births: false });
        written.parse(field).map_err(|flaw| flaw.reason(written.format).replace("; set to missing", ""))
    }

    /// A field as text; nothing where it says 'no value'.
    pub(super) fn words<'a>(&mut self, field: &'a [u8], column: &str) -> Option<&'a str> {
        if self.missing.is(field) {
            return None;
        }
        match readable(field) {
            Ok(text) => Some(text),
            Err(reason) => {
                self.flaws.push(Flaw { field: column.to_owned(), reason });
                None
            }
        }
    }

    /// A number that is a limit (`<5`), and its sign.
    pub(super) fn limit(&mut self, field: &[u8]) -> Option<(f64, &'static str)> {
        let text = std::str::from_utf8(field).ok()?;
        const SIGNS: [(&str, &str); 6] =
            [("<=", "<="), (">=", ">="), ("\u{2264}", "<="), ("\u{2265}", ">="), ("<", "<"), (">", ">")];
        let (rest, sign) = SIGNS.iter().find_map(|(mark, sign)| Some((text.strip_prefix(mark)?, *sign)))?;
        let value = number::parse(rest.trim().as_bytes(), self.decimal)?;
        self.n_signs += 1;
        Some((value, sign))
    }

    /// A field as a number; one that is none counts as missing and is said.
    pub(super) fn number(&mut self, field: &[u8], column: &str) -> Option<f64> {
        if self.missing.is(field) {
            return None;
        }
        let value = number::parse(field, self.decimal);
        if value.is_none() {
            let reason = format!("{} is not a number; set to missing", shown(field));
            self.flaws.push(Flaw { field: column.to_owned(), reason });
        }
        value
    }
}

impl Common {
    /// An age as it may be stored, counted where it is over 89; nothing where it is nobody's, which is said.
    pub(super) fn age(&mut self, value: f64, ages: Option<Ages>, column: &str, store: &mut Store) -> Option<f64> {
        let Some(ages) = ages else { return Some(value) };
        match ages.settle(value) {
            Age::Stays => Some(value),
            Age::Old(oldest) => {
                store.n_ages += 1;
                Some(oldest)
            }
            Age::Nobodys => {
                self.flaws.push(Flaw { field: column.to_owned(), reason: ages.no_age(value) });
                None
            }
        }
    }
}

/// Adds a note. `Err(None)`: there is no text.
pub(super) fn note(
    field: &[u8],
    title: Option<&[u8]>,
    on: &On,
    common: &Common,
    store: &mut Store,
) -> Result<(), Option<String>> {
    if common.missing.is(field.trim_ascii()) {
        return Err(None);
    }
    if field.len() > MAX_NOTE {
        return Err(Some("a note of more than 1 MB: a note is what one person wrote at one time".to_owned()));
    }
    let text = readable(field).map_err(|reason| Some(reason.replace("; set to missing", "")))?;
    let title = title.filter(|t| !common.missing.is(t)).map(String::from_utf8_lossy).unwrap_or_default();
    let On { person, start, place, .. } = on;
    store.notes.push(Note { person: *person, day: *start, title: title.into(), text: text.to_owned(), place: *place });
    Ok(())
}
