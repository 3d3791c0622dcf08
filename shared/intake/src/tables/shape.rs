//! What a row of a table seems to be, and which column joins it to the others.

mod described;
mod forms;
mod join;
mod long;
mod references;
mod words;

use std::collections::BTreeSet;

use model::dataset::ColumnRole;
use model::import_mapping::{DictionaryShape, NoteShape, TableShape, VisitShape};
use model::intake::{ColumnPlan, CsvProposal};

use super::json_lines::TEXT;
use crate::csv::names;
pub(super) use join::join;
use words::{CODES, END, OF_PERSON, TAKEN, TITLE, WRITTEN};

/// A table while its shape is thought about.
pub(super) struct Looked {
    pub(super) proposal: CsvProposal,
    /// Without the header.
    pub(super) rows: Vec<Vec<String>>,
    /// Name of the file or the sheet.
    pub(super) file: String,
    /// What it is if its rows are codes and their words.
    dictionary: Option<DictionaryShape>,
    /// Columns whose codes another table has the words of.
    refers: Vec<usize>,
    /// The column with the number of the encounter that dates the rows.
    encounter: Option<String>,
    /// The column with the number of the encounter that a row is, by which rows of other tables are dated.
    encounters: Option<String>,
}

fn joined(name: &str) -> String {
    names_of(name).concat()
}

fn names_of(name: &str) -> Vec<String> {
    names::words(name)
}

/// Letters of a text that somebody wrote as a note, on average.
const NOTE_LETTERS: usize = 120;

impl Looked {
    pub(super) fn new(proposal: CsvProposal, rows: Vec<Vec<String>>, file: &str) -> Self {
        let file = file.to_owned();
        Self { proposal, rows, file, dictionary: None, refers: Vec::new(), encounter: None, encounters: None }
    }

    fn column(&self, i: usize) -> Option<&ColumnPlan> {
        self.proposal.mapping.columns.get(i)
    }

    fn columns(&self) -> impl Iterator<Item = (usize, &ColumnPlan)> {
        self.proposal.mapping.columns.iter().enumerate()
    }

    fn named(&self, list: &[&str]) -> Option<(usize, &ColumnPlan)> {
        let list: Vec<String> = list.iter().map(|l| l.replace('_', "")).collect();
        list.iter().find_map(|wanted| self.columns().find(|(_, c)| joined(&c.name) == *wanted))
    }

    /// The different values of a column among the rows looked at.
    pub(super) fn values(&self, i: usize) -> BTreeSet<&str> {
        let missing = &self.proposal.mapping.missing;
        let values = self.rows.iter().filter_map(|row| row.get(i)).map(|v| v.trim());
        values.filter(|v| !v.is_empty() && !missing.iter().any(|m| m == v)).collect()
    }

    fn n_present(&self, i: usize) -> usize {
        self.rows.iter().filter(|row| row.get(i).is_some_and(|v| !v.trim().is_empty())).count()
    }

    pub(super) fn person(&self) -> Option<usize> {
        self.columns().find(|(_, c)| c.role == ColumnRole::Identifier).map(|(i, _)| i)
    }

    /// Columns that could name the person, the likeliest first.
    pub(super) fn candidates(&self) -> Vec<usize> {
        let score = |i: usize, column: &ColumnPlan| {
            let words = names::words(&column.name);
            let is = |list: &[&str]| words.iter().any(|w| list.contains(&w.as_str()));
            let of_person = is(&OF_PERSON);
            let of_other = is(&[
                "sample",
                "specimen",
                "visit",
                "encounter",
                "order",
                "row",
                "test",
                "note",
                "admission",
                "hadm",
                "stay",
                "event",
                "document",
                "report",
                "result",
            ]);
            let is_id =
                names::is_person_id(&column.name) || column.identifier_class.as_deref() == Some("record_number");
            let n = usize::from(is_id)
                + 2 * usize::from(of_person && is_id)
                + usize::from(column.role == ColumnRole::Identifier);
            let n = if references::is_encounter(&column.name) { n.min(1) } else { n };
            let is_other = self.encounter.as_ref() == Some(&column.name);
            // An object of JSON lines names nobody by itself.
            let is_other = is_other || self.rows.first().and_then(|row| row.get(i)).is_some_and(|v| v.starts_with('{'));
            // Nor does the number of a diagnosis, a drug or a test.
            let is_other = is_other || (references::domain_of_code(&column.name).is_some() && !of_person);
            if is_other
                || self.refers.contains(&i)
                || of_other && !of_person
                || n == 0
                || self.n_present(i) * 2 < self.rows.len()
            {
                0
            } else {
                n
            }
        };
        let mut all: Vec<(usize, usize)> =
            self.columns().map(|(i, c)| (score(i, c), i)).filter(|(n, _)| *n > 0).collect();
        crate::order::sort_by_key(&mut all, |(n, i)| (std::cmp::Reverse(*n), *i));
        all.into_iter().map(|(_, i)| i).collect()
    }

    /// Makes a column the one that names the person; another one that did is left out.
    pub(super) fn set_person(&mut self, person: usize) {
        for (i, (column, evidence)) in
            self.proposal.mapping.columns.iter_mut().zip(&mut self.proposal.evidence).enumerate()
        {
            if i == person {
                if column.role != ColumnRole::Identifier {
                    "names the person, and joins the tables: replaced by a keyed hash".clone_into(&mut evidence.why);
                }
                column.role = ColumnRole::Identifier;
                column.identifier_class = Some("record_number".to_owned());
                if !evidence.possible.contains(&ColumnRole::Identifier) {
                    evidence.possible.insert(0, ColumnRole::Identifier);
                }
            } else if column.role == ColumnRole::Identifier {
                column.role = ColumnRole::Drop;
                "a number of something else: not stored".clone_into(&mut evidence.why);
            }
        }
        self.proposal.warnings.retain(|w| !w.contains("seems to name a person too"));
    }

    /// Whether the column that names the person says so by its own name.
    fn says_person(&self) -> bool {
        let named = self.person().and_then(|i| self.column(i)).map(|c| names::words(&c.name)).unwrap_or_default();
        named.iter().any(|w| OF_PERSON.contains(&w.as_str()))
    }

    /// Whether the column that names the person speaks of those who treat, or of a place.
    fn is_of_staff(&self) -> bool {
        self.person().and_then(|i| self.column(i)).is_some_and(|c| references::is_of_staff(&c.name))
    }

    /// Takes it back that a column names the person.
    fn forget_person(&mut self) {
        let columns = self.proposal.mapping.columns.iter_mut().zip(&mut self.proposal.evidence);
        for (column, evidence) in columns.filter(|(c, _)| c.role == ColumnRole::Identifier) {
            column.role = ColumnRole::Drop;
            "none of its values is among the persons of the other tables: a number of something else"
                .clone_into(&mut evidence.why);
        }
    }

    /// Whether somebody stands in several rows.
    pub(super) fn repeats(&self) -> bool {
        self.person().is_some_and(|i| self.values(i).len() < self.n_present(i))
    }

    fn date(&self) -> Option<&ColumnPlan> {
        let dates = || {
            self.columns()
                .filter(|(_, c)| c.role == ColumnRole::Date && c.identifier_class.as_deref() != Some("birth_date"))
        };
        let is_end = |c: &ColumnPlan| END.contains(&joined(&c.name).as_str());
        let full = |i: usize| self.n_present(i) * 10 >= self.rows.len() * 9;
        let is = |c: &ColumnPlan, list: &[&str]| names::words(&c.name).iter().any(|w| list.contains(&w.as_str()));
        let usable = || dates().filter(|(i, c)| full(*i) && !is_end(c));
        let taken = usable().find(|(_, c)| is(c, &TAKEN));
        let other = || usable().find(|(_, c)| !is(c, &WRITTEN));
        taken.or_else(other).or_else(|| usable().next()).or_else(|| dates().next()).map(|(_, c)| c)
    }

    fn mean_letters(&self, i: usize) -> usize {
        let n = self.n_present(i).max(1);
        self.rows.iter().filter_map(|r| r.get(i)).map(|v| v.chars().count()).sum::<usize>() / n
    }

    /// What a row seems to be, and why. Columns that get a part are given the role that goes with it.
    pub(super) fn shape(&mut self, table: &str) -> (TableShape, String) {
        if let Some(dictionary) = self.dictionary.clone() {
            let of = dictionary.of.iter().map(|c| format!("'{c}'")).collect::<Vec<_>>().join(", ");
            let words = format!("it has the words of codes that stand in other tables ({of}): taken for these");
            return (TableShape::Dictionary(dictionary), words);
        }
        if let Some(found) = self.forms() {
            return found;
        }
        let Some(date) = self.date().map(|c| c.name.clone()) else {
            if let Some((TableShape::Long(shape), _)) = self.encounter.is_some().then(|| self.long("", table)).flatten()
            {
                let words = format!(
                    "no column is a date, and another table has the days of '{}': taken as a row a value on the last day of it",
                    shape.encounter.as_deref().unwrap_or_default()
                );
                return (TableShape::Long(shape), words);
            }
            if self.repeats() && self.named(&CODES).is_some() {
                let words = "somebody stands in several rows with codes of what they had, and no column is a date: left out, since the first \
                             row of each person would be taken for all";
                return (TableShape::NotUsed, words.to_owned());
            }
            let words = if self.repeats() {
                "somebody stands in several rows, and no column is a date: rows behind the first of a person will be rejected"
            } else {
                "no column is a date: taken as a row a person"
            };
            return (TableShape::Persons, words.to_owned());
        };
        if let Some(found) = self.notes(&date) {
            return found;
        }
        if let Some(found) =
            self.long(&date, table).filter(|(shape, _)| self.encounters.is_none() || shape.is_encounters())
        {
            return found;
        }
        if let Some(encounter) = self.encounters.clone() {
            let end = self.end_of(&date);
            self.measured_with_limits();
            let words = format!("other tables are dated by '{encounter}': taken as a row a visit");
            return (
                TableShape::Visits(VisitShape { date, end, encounter: Some(encounter), ..VisitShape::default() }),
                words,
            );
        }
        if !self.repeats() {
            return (TableShape::Persons, "nobody stands in two rows: taken as a row a person".to_owned());
        }
        let has = |role| self.columns().any(|(_, c)| c.role == role);
        if has(ColumnRole::Duration) && has(ColumnRole::Event) {
            let words = "somebody stands in several rows, with lengths of time and events: taken as a row a person or an interval";
            return (TableShape::Persons, words.to_owned());
        }
        if !self.differs(&date) {
            let words = format!("somebody stands in several rows, and '{date}' is the same in them: no day of a visit");
            return (TableShape::Persons, words);
        }
        self.measured_with_limits();
        let words = format!("somebody stands in several rows with different dates ('{date}'): taken as a row a visit");
        (TableShape::Visits(VisitShape { date, ..VisitShape::default() }), words)
    }

    /// Columns of numbers among which some are limits (`<5`) are numbers: of visits the limit is the value, and its sign is kept.
    fn measured_with_limits(&mut self) {
        let decimal = if self.proposal.mapping.decimal == ',' { b',' } else { b'.' };
        let is_number = |text: &str| crate::number::parse(text.trim().as_bytes(), decimal).is_some();
        let marks = ['<', '>', '=', '\u{2264}', '\u{2265}'];
        let is_limit = |text: &str| text.starts_with(marks) && is_number(text.trim_start_matches(marks));
        let is_measured = |i: usize| {
            let values = self.values(i);
            let n_limits = values.iter().filter(|v| is_limit(v)).count();
            let n = values.iter().filter(|v| is_number(v)).count();
            n_limits > 0 && n > n_limits && (n + n_limits) * 100 >= values.len() * 95
        };
        let wanted = self.columns().filter(|(i, c)| c.role == ColumnRole::Category && is_measured(*i));
        let wanted: Vec<(usize, String)> = wanted.map(|(i, c)| (i, c.name.clone())).collect();
        for (i, name) in wanted {
            self.set(&name, ColumnRole::Number);
            if let Some(evidence) = self.proposal.evidence.get_mut(i) {
                "numbers, among them limits such as '<5', whose sign is kept".clone_into(&mut evidence.why);
                if !evidence.possible.contains(&ColumnRole::Number) {
                    evidence.possible.insert(0, ColumnRole::Number);
                }
            }
        }
    }

    /// Whether the rows of a person have days of their own.
    fn differs(&self, date: &str) -> bool {
        let (Some(person), Some((day, _))) = (self.person(), self.columns().find(|(_, c)| c.name == date)) else {
            return false;
        };
        let pairs: BTreeSet<(&str, &str)> =
            self.rows.iter().filter_map(|row| Some((row.get(person)?.as_str(), row.get(day)?.as_str()))).collect();
        pairs.len() * 10 >= self.rows.len() * 7
    }

    fn notes(&mut self, date: &str) -> Option<(TableShape, String)> {
        let by_name = self.named(&TEXT).map(|(i, _)| i);
        let longest = self.columns().map(|(i, _)| i).max_by_key(|&i| self.mean_letters(i))?;
        let text = by_name
            .filter(|&i| self.mean_letters(i) >= 15)
            .or((self.mean_letters(longest) >= NOTE_LETTERS).then_some(longest))?;
        // A long remark beside many measurements is a column of visits.
        if self.columns().filter(|(_, c)| matches!(c.role, ColumnRole::Number | ColumnRole::Duration)).count() > 3 {
            return None;
        }
        let title = self.named(&TITLE).filter(|(i, _)| *i != text).map(|(i, _)| i);
        let name = self.column(text)?.name.clone();
        let title = title.and_then(|i| Some(self.column(i)?.name.clone()));
        self.set(&name, ColumnRole::Text);
        let words = format!("'{name}' holds long texts with a date: taken as a row a note");
        Some((TableShape::Notes(NoteShape { date: date.to_owned(), text: name, title }), words))
    }

    fn set(&mut self, name: &str, role: ColumnRole) {
        if let Some(column) = self.proposal.mapping.columns.iter_mut().find(|c| c.name == name) {
            column.role = role;
            column.identifier_class = None;
            column.event_observed.clear();
            column.event_censored.clear();
        }
        self.proposal
            .warnings
            .retain(|w| !w.contains(&format!("'{name}' has")) && !w.contains(&format!("'{name}' holds")));
    }
}
