//! Longitudinal exports of forms (REDCap): a row a person and event of the study, or an instance of a form, in which only the columns
//! of that event's forms are filled.

use std::collections::BTreeMap;

use model::dataset::ColumnRole;
use model::import_mapping::{TableShape, VisitShape};

use super::{Looked, joined};
use crate::csv::names;

/// Columns that say which event of the study, or which instance of a form, a row is.
const EVENT: [&str; 2] = ["redcapeventname", "eventname"];
const INSTANCE: [&str; 4] = ["redcaprepeatinstrument", "redcaprepeatinstance", "repeatinstrument", "repeatinstance"];

/// Whether a column says by its name what a person is from birth, or once in a study: said at several events, it is still of no day.
fn is_of_nobodys_day(name: &str) -> bool {
    let words = names::words(name);
    let own = [
        "race",
        "ethnicity",
        "ethnic",
        "ethnie",
        "arm",
        "randomization",
        "randomisation",
        "birth",
        "dob",
        "yob",
        "handedness",
    ];
    names::is_sex(name) || words.iter().any(|w| own.contains(&w.as_str()))
}

/// How a column is filled.
struct Filled {
    n: u64,
    /// Somebody has it in several rows, and not one in ten only.
    repeats: bool,
    /// Rows in which a date of a repeated form stands too.
    n_dated: u64,
}

impl Looked {
    /// The shape of such a table.
    pub(super) fn forms(&mut self) -> Option<(TableShape, String)> {
        let is_named = |list: &[&str]| self.columns().any(|(_, c)| list.contains(&joined(&c.name).as_str()));
        let is_redcap = self.columns().any(|(_, c)| joined(&c.name).starts_with("redcap"));
        if !(is_redcap || (is_named(&EVENT) && is_named(&INSTANCE))) || !self.repeats() {
            return None;
        }
        let person = self.person()?;
        let is_of_form = |name: &str| {
            let name = joined(name);
            INSTANCE.contains(&name.as_str())
                || name.trim_end_matches(|c: char| c.is_ascii_digit()).ends_with("complete")
        };
        let parts: Vec<usize> = self.columns().filter(|(_, c)| is_of_form(&c.name)).map(|(i, _)| i).collect();
        let event = self.columns().find(|(_, c)| EVENT.contains(&joined(&c.name).as_str())).map(|(i, _)| i);
        let is_date = |i: usize| {
            let birth = |c: &&model::intake::ColumnPlan| c.identifier_class.as_deref() == Some("birth_date");
            self.column(i).filter(|c| !birth(c)).is_some_and(|c| c.role == ColumnRole::Date)
        };
        let n = self.proposal.mapping.columns.len();
        let days: Vec<usize> = (0..n).filter(|i| is_date(*i) && self.filled(*i, person, &[]).repeats).collect();
        let of_person = |i: usize| {
            let filled = self.filled(i, person, &days);
            !filled.repeats
                || filled.n_dated * 2 < filled.n
                || self.column(i).is_some_and(|c| is_of_nobodys_day(&c.name))
        };
        let is_other = |i: &usize| *i != person && Some(*i) != event && !parts.contains(i) && !days.contains(i);
        let is_kept = |i: &usize| self.column(*i).is_some_and(|c| c.role != ColumnRole::Drop);
        let own: Vec<usize> = (0..n).filter(|i| is_other(i) && is_kept(i) && of_person(*i)).collect();
        let names =
            |list: &[usize]| list.iter().filter_map(|i| Some(self.column(*i)?.name.clone())).collect::<Vec<_>>();
        let (mut dates, of_person) = (names(&days), names(&own));
        if of_person.is_empty() && dates.is_empty() {
            return None;
        }
        // The day of a row stands for the event of the study, too.
        for i in parts.into_iter().chain(event) {
            let name = self.column(i).map(|c| c.name.clone()).unwrap_or_default();
            self.set(&name, ColumnRole::Drop);
            if let Some(evidence) = self.proposal.evidence.get_mut(i) {
                "says which form or event of the study a row is, or whether it is complete: not stored"
                    .clone_into(&mut evidence.why);
            }
        }
        let words = if dates.is_empty() {
            "a row is an event of the study, and no repeated column is a date: of each column the first value of a person is a variable"
                .to_owned()
        } else {
            let n = of_person.len();
            format!(
                "a row is an event of the study: repeated columns are taken as a row a visit, dated by {}; {n} filled once a person are variables",
                dates.iter().map(|d| format!("'{d}'")).collect::<Vec<_>>().join(", ")
            )
        };
        let date = if dates.is_empty() { String::new() } else { dates.remove(0) };
        let shape = VisitShape { date, more_dates: dates, of_person, ..VisitShape::default() };
        Some((TableShape::Visits(shape), words))
    }

    fn filled(&self, i: usize, person: usize, days: &[usize]) -> Filled {
        let missing = &self.proposal.mapping.missing;
        let is = |row: &[String], at: usize| {
            row.get(at).map(|v| v.trim()).is_some_and(|v| !v.is_empty() && !missing.iter().any(|m| m == v))
        };
        let mut of: BTreeMap<&str, u64> = BTreeMap::new();
        let (mut n, mut n_dated) = (0, 0);
        for row in self.rows.iter().filter(|row| is(row, i)) {
            n += 1;
            n_dated += u64::from(days.iter().any(|day| is(row, *day)));
            *of.entry(row.get(person).map_or("", |v| v.trim())).or_default() += 1;
        }
        let n_several = of.values().filter(|n| **n > 1).count();
        Filled { n, repeats: n_several * 10 > of.len(), n_dated }
    }
}
