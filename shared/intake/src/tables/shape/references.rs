//! What tables say of each other besides whose their rows are: the words of codes, and the days of encounters.

use std::collections::{BTreeMap, BTreeSet};

use model::concept::Domain;
use model::dataset::ColumnRole;
use model::import_mapping::DictionaryShape;

use super::described::{domain_of, table_words};
use super::words::{ENCOUNTER, OF_PERSON, UNIT, VALUE, VARIABLE};
use super::{Looked, joined, names_of};

/// Columns with the words of a code, the best first.
const LABEL: [&str; 14] = [
    "label",
    "longtitle",
    "longname",
    "displayname",
    "display",
    "description",
    "longdescription",
    "name",
    "namechar",
    "title",
    "term",
    "bezeichnung",
    "libelle",
    "conceptname",
];
/// Columns that make a code one together with it.
const VERSION: [&str; 5] = ["icdversion", "version", "codeversion", "codesystem", "vocabularyid"];
/// Columns with a kind, the most telling first.
const KIND: [&str; 6] = ["fluid", "specimen", "specimentype", "category", "class", "kind"];
/// Words of columns that name those who treat, and places: their names are nobody's words for a code.
const OF_STAFF: [&str; 33] = [
    "provider",
    "prov",
    "physician",
    "doctor",
    "staff",
    "user",
    "emp",
    "employee",
    "caregiver",
    "nurse",
    "ser",
    "surgeon",
    "member",
    "contact",
    "family",
    "household",
    "account",
    "location",
    "department",
    "facility",
    "organization",
    "payer",
    "loc",
    "site",
    "hospital",
    "clinic",
    "center",
    "centre",
    "ward",
    "dept",
    "practice",
    "prsnl",
    "institution",
];
/// Whole names of columns that name persons.
const PERSONS: [&str; 9] = ["id", "record", "recordid", "case", "caseid", "studyid", "eid", "idno", "key"];
/// Columns that count the rows of a table.
const COUNTERS: [&str; 14] = [
    "rowid",
    "row",
    "line",
    "lineno",
    "index",
    "seq",
    "seqnum",
    "sequence",
    "num",
    "no",
    "nr",
    "rownum",
    "internalid",
    "sortorder",
];
/// Columns of codes of anything, to which columns of other names refer.
const GENERIC: [&str; 4] = ["code", "codevalue", "conceptcd", "conceptid"];

/// What the values of a column of codes are, by its name.
pub(super) fn domain_of_code(name: &str) -> Option<Domain> {
    let words = names_of(name);
    let starts = |list: &[&str]| words.iter().any(|w| list.iter().any(|l| w.starts_with(l)));
    if starts(&["dx", "diag", "icd", "condition", "problem", "edg"]) {
        Some(Domain::Condition)
    } else if starts(&["proc", "px", "surg", "eap"]) {
        Some(Domain::Procedure)
    } else if starts(&["medication", "drug", "ndc", "rx", "erx"]) || words.iter().any(|w| w == "med" || w == "meds") {
        Some(Domain::Drug)
    } else if starts(&["item", "comp", "lab", "test", "result", "analyte", "vital", "flo", "event"]) {
        Some(Domain::Measurement)
    } else {
        starts(&["allerg", "observation"]).then_some(Domain::Observation)
    }
}

fn is_of_person(name: &str) -> bool {
    PERSONS.contains(&joined(name).as_str()) || names_of(name).iter().any(|w| OF_PERSON.contains(&w.as_str()))
}

pub(super) fn is_of_staff(name: &str) -> bool {
    names_of(name).iter().any(|w| OF_STAFF.contains(&w.as_str()))
}

pub(super) fn is_encounter(name: &str) -> bool {
    ENCOUNTER.contains(&joined(name).as_str())
}

impl Looked {
    /// Whether a table says whose its rows are, by the name of a column.
    fn has_owner(&self) -> bool {
        self.columns().any(|(_, c)| is_of_person(&c.name) || is_encounter(&c.name))
    }

    /// Whether all rows with the same texts in some columns have the same in another, but for one in ten.
    fn depends(&self, on: &[usize], what: usize) -> bool {
        let mut seen: BTreeMap<Vec<&str>, BTreeSet<&str>> = BTreeMap::new();
        for row in &self.rows {
            let key: Option<Vec<&str>> = on.iter().map(|i| row.get(*i).map(|v| v.trim())).collect();
            if let (Some(key), Some(text)) = (key, row.get(what))
                && key.first().is_some_and(|code| !code.is_empty())
            {
                seen.entry(key).or_default().insert(text.trim());
            }
        }
        let n_odd = seen.values().filter(|texts| texts.len() > 1).count();
        !seen.is_empty() && n_odd * 10 <= seen.len() && seen.len() * 2 > self.rows.len()
    }

    /// The column with the words of a code.
    fn label(&self, code: usize) -> Option<usize> {
        let is = |i: usize| i != code && self.n_present(i) * 2 > self.rows.len() && self.is_worded(i);
        let by_name = LABEL.iter().find_map(|name| self.columns().find(|(i, c)| joined(&c.name) == *name && is(*i)));
        let ends = |name: &str| ["name", "description", "desc", "title"].iter().any(|end| name.ends_with(end));
        by_name.or_else(|| self.columns().find(|(i, c)| ends(&joined(&c.name)) && is(*i))).map(|(i, _)| i)
    }

    /// Whether most values have a letter.
    fn is_worded(&self, i: usize) -> bool {
        let values = self.values(i);
        values.iter().filter(|v| v.chars().any(char::is_alphabetic)).count() * 2 > values.len()
    }

    /// Whether no column could say whose the rows are.
    fn names_nobody(&self) -> bool {
        let is_encounter = |i: usize| self.column(i).is_some_and(|c| is_encounter(&c.name));
        self.person().is_none_or(is_encounter) && self.candidates().into_iter().all(is_encounter)
    }

    /// Whether the rows may be encounters with days: by the table's name, or because they have a first and a last day and no values.
    fn holds_encounters(&self) -> bool {
        let Some(date) = self.date() else { return false };
        let has = |list: &[&str]| self.named(list).is_some();
        is_of_visits(&self.file) || (self.end_of(&date.name).is_some() && !has(&VALUE) && !has(&VARIABLE))
    }

    /// The table as one of codes and their words, by the column of the codes.
    fn as_dictionary(&self, code: usize) -> Option<DictionaryShape> {
        let name = self.column(code)?.name.clone();
        // Numbers that count rows or links are the codes of nothing, though every table has them.
        if is_of_person(&name)
            || is_encounter(&name)
            || is_of_staff(&name)
            || COUNTERS.contains(&joined(&name).as_str())
        {
            return None;
        }
        let label = self.label(code)?;
        let version = self.named(&VERSION).map(|(i, _)| i).filter(|i| *i != code && *i != label);
        let on: Vec<usize> = [Some(code), version].into_iter().flatten().collect();
        if !self.depends(&on, label) || !self.depends(&[label], label) && self.values(label).len() < 2 {
            return None;
        }
        let named = |i: Option<usize>| i.and_then(|i| Some(self.column(i)?.name.clone()));
        let other = |list: &[&str]| self.named(list).map(|(i, _)| i).filter(|i| !on.contains(i) && *i != label);
        let unit = self.named(&[&UNIT[..], &["unitname"]].concat()).map(|(i, _)| i);
        Some(DictionaryShape {
            code: name,
            label: named(Some(label))?,
            of: Vec::new(),
            version: named(version),
            unit: named(unit.filter(|i| self.n_present(*i) > 0)),
            category: named(other(&KIND)),
        })
    }

    /// Whether the values of a column are codes of a dictionary's.
    fn refers(&self, i: usize, dictionary: &Looked, code: usize) -> bool {
        let (Some(own), Some(known)) = (self.column(i), dictionary.column(code)) else { return false };
        let (name, of) = (joined(&own.name), joined(&known.name));
        // Epic's ZC_SEX is of SEX_C, whatever its own column is called.
        let stem =
            joined(dictionary.file.rsplit(['/', '\\']).next().and_then(|f| f.split('.').next()).unwrap_or_default());
        let of = if stem.strip_prefix("zc").is_some_and(|category| format!("{category}c") == name) {
            name.clone()
        } else {
            of
        };
        let is_code = ["cd", "code", "conceptid"].iter().any(|end| name.ends_with(end));
        if is_of_staff(&own.name) || (name != of && !(is_code && GENERIC.contains(&of.as_str()))) {
            return false;
        }
        let (values, codes) = (self.values(i), dictionary.values(code));
        let n = values.iter().filter(|v| codes.contains(*v)).count();
        if name == of {
            return n > 0 && (n * 2 >= values.len() || !dictionary.proposal.complete);
        }
        let is_long = || values.iter().all(|v| v.len() > 2);
        n > 0 && n * 10 >= values.len() * 9 && is_long()
    }

    /// Takes it back that a column says whose the rows are: it is a column of codes.
    fn set_code(&mut self, i: usize) {
        if let Some(column) = self.proposal.mapping.columns.get_mut(i) {
            column.role = ColumnRole::Category;
            column.identifier_class = None;
        }
        if let Some(evidence) = self.proposal.evidence.get_mut(i) {
            "codes, whose words stand in another table".clone_into(&mut evidence.why);
            if !evidence.possible.contains(&ColumnRole::Category) {
                evidence.possible.insert(0, ColumnRole::Category);
            }
        }
    }
}

/// Finds the tables that hold the words of codes of others.
pub(super) fn dictionaries(tables: &mut [Looked]) {
    for at in 0..tables.len() {
        let Some(table) = tables.get(at).filter(|t| !t.columns().any(|(_, c)| is_of_person(&c.name))) else { continue };
        let mut found: Option<(DictionaryShape, Vec<(usize, usize)>)> = None;
        for code in 0..table.proposal.mapping.columns.len() {
            let Some(shape) = table.as_dictionary(code) else { continue };
            let mut users = Vec::new();
            for (other, user) in tables.iter().enumerate().filter(|(i, t)| *i != at && t.has_owner()) {
                let refers = |i: &usize| user.refers(*i, table, code);
                users.extend((0..user.proposal.mapping.columns.len()).filter(refers).map(|i| (other, i)));
            }
            if users.len() > found.as_ref().map_or(0, |(_, users)| users.len()) {
                found = Some((shape, users));
            }
        }
        let Some((mut shape, users)) = found else { continue };
        for (other, i) in users {
            let Some(user) = tables.get_mut(other) else { continue };
            let name = user.column(i).map(|c| c.name.clone()).unwrap_or_default();
            user.set_code(i);
            user.refers.push(i);
            if !shape.of.contains(&name) {
                shape.of.push(name);
            }
        }
        let parts: Vec<String> = [Some(shape.code.clone()), Some(shape.label.clone()), shape.version.clone()]
            .into_iter()
            .chain([shape.unit.clone(), shape.category.clone()])
            .flatten()
            .collect();
        if let Some(table) = tables.get_mut(at) {
            for (i, column) in table.proposal.mapping.columns.iter_mut().enumerate() {
                let is_part = parts.contains(&column.name);
                column.role = if is_part { ColumnRole::Category } else { ColumnRole::Drop };
                column.identifier_class = column.identifier_class.take().filter(|_| !is_part);
                if let Some(evidence) = table.proposal.evidence.get_mut(i) {
                    let why = if is_part { "a part of the words of a code" } else { "no part of the words of a code" };
                    why.clone_into(&mut evidence.why);
                }
            }
            table.proposal.warnings.clear();
            table.dictionary = Some(shape);
        }
    }
}

/// Finds the tables whose rows have no day of their own but the number of an encounter, and those of the encounters.
pub(super) fn encounters(tables: &mut [Looked]) {
    for at in 0..tables.len() {
        let Some(table) = tables.get(at).filter(|t| t.dictionary.is_none() && (t.date().is_none() || t.names_nobody()))
        else {
            continue;
        };
        let named = table.columns().filter(|(_, c)| is_encounter(&c.name)).map(|(i, c)| (i, c.name.clone()));
        let of = |(i, name): (usize, String)| {
            let values = table.values(i);
            let is = |other: &&(usize, &Looked)| other.0 != at && other.1.holds_encounters();
            let others: Vec<(usize, &Looked)> = tables.iter().enumerate().collect();
            let place = others.iter().filter(is).find_map(|(other, t)| {
                let is_same = |c: &str| joined(c) == joined(&name) || (joined(c) == "id" && is_of_visits(&t.file));
                let (i, column) = t.columns().find(|(_, c)| is_same(&c.name))?;
                let known = t.values(i);
                let n = values.iter().filter(|v| known.contains(*v)).count();
                let fits = n > 0 && (n * 2 >= values.len() || !t.proposal.complete);
                let is_one_a_row = known.len() * 100 >= t.n_present(i) * 95;
                (fits && is_one_a_row).then(|| (*other, column.name.clone()))
            })?;
            Some((name, place))
        };
        let Some((name, (other, column))) = named.filter_map(of).next() else { continue };
        if let Some(table) = tables.get_mut(at) {
            table.encounter = Some(name);
        }
        if let Some(other) = tables.get_mut(other) {
            other.encounters = Some(column);
        }
    }
}

fn is_of_visits(table: &str) -> bool {
    let words =
        ["enc", "encntr", "adm", "adt", "hsp", "contacts", "contact", "faelle", "fall", "aufenthalte", "sejours"];
    domain_of(table) == Some(Domain::Visit) || table_words(table).iter().any(|w| words.contains(&w.as_str()))
}
