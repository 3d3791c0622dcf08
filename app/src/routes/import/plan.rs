//! The plan of a CSV import as the user corrects it: plain data, no browser.

use model::dataset::{ColumnRole, DatasetId};
use model::import_mapping::{TableProposal, TableShape, TablesProposal};
use model::intake::{ColumnPlan, CsvMapping, CsvProposal, DateFormat};
use protocol::DatePolicy;

use crate::format::capital;

/// The plan of a CSV import.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct CsvPlan {
    /// Name of the dataset.
    pub(super) name: String,
    /// The file.
    pub(super) file_name: String,
    /// Its size.
    pub(super) n_bytes: u64,
    /// What was proposed.
    pub(super) proposal: CsvProposal,
    /// What will be done.
    pub(super) mapping: CsvMapping,
    /// What happens to dates.
    pub(super) dates: DatePolicy,
    /// The stored dataset that the file is added to; none: it becomes one of its own.
    pub(super) into: Option<DatasetId>,
}

/// What a value of an event column means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Meaning {
    /// The event was observed.
    Observed,
    /// It was not: censored.
    Censored,
    /// No value.
    Missing,
}

impl Meaning {
    pub(super) const ALL: [Self; 3] = [Self::Observed, Self::Censored, Self::Missing];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Observed => "observed",
            Self::Censored => "censored",
            Self::Missing => "missing",
        }
    }

    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Observed => "event observed",
            Self::Censored => "not observed (censored)",
            Self::Missing => "neither: rows with it are rejected",
        }
    }

    pub(super) fn from_name(name: &str) -> Self {
        Self::ALL.into_iter().find(|m| m.name() == name).unwrap_or(Self::Missing)
    }
}

/// What will happen to a column that says something about who somebody is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Fate {
    /// Column.
    pub(super) column: String,
    /// What it was recognized as.
    pub(super) class: String,
    /// What happens.
    pub(super) action: String,
}

/// A file's name without its ending.
fn stem(file_name: &str) -> String {
    let last = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name);
    last.rsplit_once('.').map_or(last, |(stem, _)| stem).to_owned()
}

impl CsvPlan {
    /// The plan as proposed, but for what must be asked.
    pub(super) fn new(file_name: &str, n_bytes: u64, proposal: CsvProposal) -> Self {
        Self {
            name: stem(file_name),
            file_name: file_name.to_owned(),
            n_bytes,
            mapping: to_be_answered(&proposal),
            proposal,
            dates: DatePolicy::Shift,
            into: None,
        }
    }

    /// Takes the proposal of the same file read in another way. What the user corrected stays where a column of that name
    /// is still there.
    pub(super) fn read_anew(&mut self, proposal: CsvProposal) {
        let mut mapping = to_be_answered(&proposal);
        let before = to_be_answered(&self.proposal);
        if self.mapping.missing != before.missing {
            mapping.missing.clone_from(&self.mapping.missing);
        }
        for (was, now) in before.columns.iter().zip(&self.mapping.columns).filter(|(was, now)| was != now) {
            if let Some(column) = mapping.columns.iter_mut().find(|c| c.name == was.name) {
                column.clone_from(now);
            }
        }
        self.mapping = mapping;
        self.proposal = proposal;
    }

    /// Whether nothing in a column's dates says if day or month comes first.
    pub(super) fn is_order_unsure(&self, i: usize) -> bool {
        self.proposal.evidence.get(i).is_some_and(|e| e.date_order_unsure)
    }

    /// Gives a column another role, with what that role needs as far as it can be guessed.
    pub(super) fn set_role(&mut self, i: usize, role: ColumnRole) {
        let proposed = self.proposal.mapping.columns.get(i).cloned();
        let levels = self.levels(i);
        let is_unsure = self.is_order_unsure(i);
        let Some(column) = self.mapping.columns.get_mut(i) else {
            return;
        };
        column.role = role;
        column.date_format = (role.is_day() && !is_unsure)
            .then(|| proposed.as_ref().and_then(|p| p.date_format).unwrap_or(DateFormat::YearMonthDay));
        column.event_observed.clear();
        column.event_censored.clear();
        if role == ColumnRole::Event {
            match proposed {
                Some(p) if !p.event_observed.is_empty() => {
                    column.event_observed = p.event_observed;
                    column.event_censored = p.event_censored;
                }
                _ => guess_event(column, &levels),
            }
        }
    }

    /// The values of a column that were seen most.
    pub(super) fn levels(&self, i: usize) -> Vec<String> {
        let top = self.proposal.evidence.get(i).map(|e| e.top.as_slice()).unwrap_or_default();
        let mut levels: Vec<String> = top.iter().map(|(level, _)| level.clone()).filter(|l| !l.is_empty()).collect();
        levels.sort();
        levels
    }

    /// What a value of an event column means.
    pub(super) fn meaning(&self, i: usize, level: &str) -> Meaning {
        match self.mapping.columns.get(i) {
            Some(c) if c.event_observed.iter().any(|l| l == level) => Meaning::Observed,
            Some(c) if c.event_censored.iter().any(|l| l == level) => Meaning::Censored,
            _ => Meaning::Missing,
        }
    }

    /// Says what a value of an event column means.
    pub(super) fn set_meaning(&mut self, i: usize, level: &str, meaning: Meaning) {
        let Some(column) = self.mapping.columns.get_mut(i) else {
            return;
        };
        column.event_observed.retain(|l| l != level);
        column.event_censored.retain(|l| l != level);
        match meaning {
            Meaning::Observed => column.event_observed.push(level.to_owned()),
            Meaning::Censored => column.event_censored.push(level.to_owned()),
            Meaning::Missing => {}
        }
    }

    /// Everything that keeps the import from starting, each saying what to do.
    pub(super) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if self.name.trim().is_empty() {
            problems.push("Give the dataset a name.".to_owned());
        }
        let is_kept = |c: &&ColumnPlan| !matches!(c.role, ColumnRole::Drop | ColumnRole::Identifier);
        if self.mapping.columns.iter().filter(is_kept).count() == 0 {
            problems.push("No column is kept. Give at least one column a meaning.".to_owned());
        }
        let n_identifiers = self.mapping.columns.iter().filter(|c| c.role == ColumnRole::Identifier).count();
        if n_identifiers > 1 {
            problems.push("Several columns name the person. Keep one identifier and leave the others out.".to_owned());
        }
        for (i, column) in self.mapping.columns.iter().enumerate() {
            if column.role.is_day() && column.date_format.is_none() {
                problems.push(format!(
                    "The dates of '{}' could have the day or the month first: say which. The other order gives other dates.",
                    column.name
                ));
            }
            // Nobody may have had it: then every value seen means that it was not observed.
            let is_said = |level: &String| column.event_censored.contains(level);
            let nobody = !column.event_censored.is_empty() && self.levels(i).iter().all(is_said);
            if column.role == ColumnRole::Event && column.event_observed.is_empty() && !nobody {
                problems
                    .push(format!("'{}' is an event: say which of its values mean that it was observed.", column.name));
            }
        }
        problems
    }

    /// Date columns whose order is not said, but for one that is asked about elsewhere.
    pub(super) fn dates_without_order(&self, but: &str) -> Vec<String> {
        let open = self.mapping.columns.iter().filter(|c| c.role.is_day() && c.date_format.is_none());
        open.filter(|c| c.name != but)
            .map(|c| {
                format!("The dates of '{}' could have the day or the month first: say which. The other order gives other dates.", c.name)
            })
            .collect()
    }

    /// The columns' names.
    pub(super) fn column_names(&self) -> Vec<String> {
        self.mapping.columns.iter().map(|c| c.name.clone()).collect()
    }

    /// The file as the one table of an import.
    pub(super) fn as_table(&self) -> TablesProposal {
        let table = TableProposal {
            file: self.file_name.clone(),
            sheet: None,
            is_delimited: true,
            shape: TableShape::Persons,
            why: "a row a person".to_owned(),
            proposal: self.proposal.clone(),
        };
        TablesProposal { tables: vec![table], ..TablesProposal::default() }
    }

    /// Columns that say who somebody is, and what happens to them.
    pub(super) fn fates(&self) -> Vec<Fate> {
        let columns = self.mapping.columns.iter();
        columns.filter_map(|column| fate(column, self.dates)).collect()
    }

    /// Whether any column is free text that is kept.
    pub(super) fn has_text(&self) -> bool {
        self.mapping.columns.iter().any(|c| c.role == ColumnRole::Text && c.identifier_class.is_none())
    }

    /// Whether any column is a calendar date.
    pub(super) fn has_dates(&self) -> bool {
        self.mapping.columns.iter().any(|c| c.role.is_day())
    }

    /// How many columns are kept, re-keyed or reduced, and left out.
    pub(super) fn n_kept_and_left(&self) -> (usize, usize) {
        let n_left = self.mapping.columns.iter().filter(|c| c.role == ColumnRole::Drop).count();
        (self.mapping.columns.len() - n_left, n_left)
    }
}

/// The mapping proposed, without an order for dates whose order must be asked.
fn to_be_answered(proposal: &CsvProposal) -> CsvMapping {
    let mut mapping = proposal.mapping.clone();
    for (column, evidence) in mapping.columns.iter_mut().zip(&proposal.evidence) {
        if column.role.is_day() && evidence.date_order_unsure {
            column.date_format = None;
        }
    }
    mapping
}

/// Event levels that mean something to nearly everybody.
fn guess_event(column: &mut ColumnPlan, levels: &[String]) {
    const OBSERVED: [&str; 8] = ["1", "true", "yes", "y", "dead", "died", "event", "observed"];
    const CENSORED: [&str; 8] = ["0", "false", "no", "n", "alive", "censored", "none", "not observed"];
    for level in levels {
        let small = level.to_lowercase();
        if OBSERVED.contains(&small.as_str()) {
            column.event_observed.push(level.clone());
        } else if CENSORED.contains(&small.as_str()) {
            column.event_censored.push(level.clone());
        }
    }
}

/// What happens to dates, in words.
pub(super) fn dates_words(policy: DatePolicy) -> &'static str {
    match policy {
        DatePolicy::Shift => "Moved by a secret number of days a person; lengths of time stay",
        DatePolicy::YearsOnly => "Only the year is kept; lengths of time are lost",
        DatePolicy::Keep => "Kept as they are",
    }
}

/// The HIPAA Safe Harbor class in words.
fn class_words(class: &str) -> String {
    match class {
        "name" => "Name".to_owned(),
        "phone" => "Telephone number".to_owned(),
        "fax" => "Fax number".to_owned(),
        "email" => "E-mail address".to_owned(),
        "zip" => "ZIP or post code".to_owned(),
        "record_number" => "Record number".to_owned(),
        "birth_date" => "Date of birth".to_owned(),
        "ssn" => "Social security number".to_owned(),
        "url" => "Web address".to_owned(),
        "ip" => "IP address".to_owned(),
        other => capital(&other.replace('_', " ")),
    }
}

/// What happens to a column that says who somebody is. `None` for all others. Follows what intake does.
pub(super) fn fate(column: &ColumnPlan, dates: DatePolicy) -> Option<Fate> {
    let class = column.identifier_class.as_deref();
    let (class, action) = match (column.role, class) {
        (ColumnRole::Identifier, class) => {
            (class_words(class.unwrap_or("record_number")), "Replaced by a keyed hash; the key stays on this device")
        }
        (ColumnRole::Drop, Some(class)) => (class_words(class), "Not stored"),
        (ColumnRole::Drop, None) => return None,
        (ColumnRole::Date, Some("birth_date")) => {
            (class_words("birth_date"), "Reduced to the year of birth; ages above 89 become 90")
        }
        (ColumnRole::Date, None | Some("date")) => ("Calendar date".to_owned(), dates_words(dates)),
        (ColumnRole::Death, None | Some("date")) => ("Day of death".to_owned(), dates_words(dates)),
        (ColumnRole::Category | ColumnRole::Number | ColumnRole::Text, Some("zip")) => {
            (class_words("zip"), "Reduced to three digits, 000 where few people live")
        }
        (_, Some(class)) => (class_words(class), "Not stored"),
        (ColumnRole::Text, None) => (
            "Free text".to_owned(),
            "Goes through the identifier screen: names, numbers and addresses found are replaced; you see them before anything is stored",
        ),
        _ => return None,
    };
    Some(Fate { column: column.name.clone(), class, action: action.to_owned() })
}

#[cfg(test)]
mod tests;
