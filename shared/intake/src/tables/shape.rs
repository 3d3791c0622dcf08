//! What a row of a table seems to be, and which column joins it to the others.

mod described;
mod forms;
mod references;
mod words;

use std::collections::BTreeSet;

use model::concept::Domain;
use model::dataset::ColumnRole;
use model::import_mapping::{DictionaryShape, LongShape, NoteShape, TableShape, VisitShape};
use model::intake::{ColumnPlan, CsvProposal};

use super::json_lines::TEXT;
use super::systems;
use crate::csv::names;
use words::{
    CODED, CODES, DOSE, DOSE_UNIT, END, IN_WORDS, OF_PERSON, OPERATOR, SYSTEMS, TAKEN, TITLE, UNIT, VALUE, VARIABLE,
    WITHDRAWN, WORDED, WRITTEN,
};

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

/// Whether a column of codes of diagnoses leaves open of which ICD they are. German columns (`ICD-Kode`) are of one of their own.
fn names_icd(name: &str) -> bool {
    matches!(joined(name).as_str(), "icd" | "icdcode" | "icd10code" | "sourceidentifier" | "diagnosiscode" | "dxcode")
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
            let dates = self.encounter.as_ref() == Some(&column.name);
            if dates
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
        let words = format!("somebody stands in several rows with different dates ('{date}'): taken as a row a visit");
        (TableShape::Visits(VisitShape { date, ..VisitShape::default() }), words)
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

    fn long(&mut self, date: &str, table: &str) -> Option<(TableShape, String)> {
        let name_of = |found: Option<(usize, &ColumnPlan)>| found.map(|(_, c)| c.name.clone());
        let is_value = |c: &ColumnPlan| c.role != ColumnRole::Identifier && c.name != date;
        let value = name_of(self.named(&VALUE).filter(|(_, c)| is_value(c)));
        let unit = name_of(self.named(&UNIT));
        let coded = CODED
            .iter()
            .find_map(|(name, system, domain)| self.named(&[name]).map(|(_, c)| (c.name.clone(), *system, *domain)));
        let worded =
            WORDED.iter().find_map(|(name, domain)| self.named(&[name]).map(|(_, c)| (c.name.clone(), *domain)));
        let variable = name_of(self.named(&VARIABLE).filter(|(_, c)| is_value(c)));
        let place = value.as_ref().and_then(|v| self.columns().find(|(_, c)| c.name == *v)).map(|(i, _)| i);
        let numeric = place.is_some_and(|i| self.is_measured(i));
        let described = if coded.is_none() && worded.is_none() { self.described(table) } else { None };
        let (variable, code, system, domain) = match (variable, worded, coded, &value) {
            (None, None, None, _) if described.is_some() => {
                let found = described?;
                let measured = if numeric { Domain::Measurement } else { Domain::Observation };
                let domain = found.domain.filter(|d| numeric || *d != Domain::Measurement || value.is_none());
                let domain = domain.or(value.is_some().then_some(measured)).or(found.domain)?;
                return Some(self.long_of(date, found.variable, Some(found.code), found.system, value, unit, domain));
            }
            (Some(variable), _, Some((code, system, domain)), _) => (variable, Some(code), system, domain),
            (None, Some((variable, domain)), Some((code, system, _)), _) => (variable, Some(code), system, domain),
            (None, None, Some((code, system, domain)), _) if self.repeats() || self.encounter.is_some() => {
                (code, None, system, domain)
            }
            (Some(variable), _, None, Some(_)) => {
                (variable, None, None, if numeric { Domain::Measurement } else { Domain::Observation })
            }
            (None, Some((variable, domain)), None, _)
                if self.repeats() && self.n_measures(&variable) < 1 + usize::from(domain == Domain::Drug) =>
            {
                (variable, None, None, domain)
            }
            _ => {
                let (code, domain) = self.referred(value.is_some(), numeric, table)?;
                (code, None, None, domain)
            }
        };
        // A diagnosis whose column does not say which ICD: its codes do.
        let said = code.as_deref().filter(|_| system.is_none() && domain == Domain::Condition);
        let said =
            said.and_then(|code| self.columns().find(|(_, c)| c.name == code)).filter(|(_, c)| names_icd(&c.name));
        let looks = said.and_then(|(i, _)| described::looks_like(&self.values(i), Some(domain), table));
        let has_system = self.named(&SYSTEMS).is_some();
        let system = system.or(looks.filter(|_| !has_system));
        // A code of ICD is a diagnosis's or a procedure's: the table's name says it.
        let is_procedure = system.is_none() && described::domain_of(table) == Some(Domain::Procedure);
        let domain = if domain == Domain::Condition && is_procedure { Domain::Procedure } else { domain };
        Some(self.long_of(date, variable, code, system.map(str::to_owned), value, unit, domain))
    }

    /// The column of codes that says what stands in a row, and what that is, where another table has its words.
    fn referred(&self, has_value: bool, numeric: bool, table: &str) -> Option<(String, Domain)> {
        let named = self.refers.iter().filter_map(|i| Some((self.column(*i)?.name.clone(), *i)));
        let said = |name: &str| references::domain_of_code(name).or_else(|| described::domain_of(table));
        let measured = if numeric { Domain::Measurement } else { Domain::Observation };
        let domain = |name: &str| said(name).filter(|d| numeric || *d != Domain::Measurement || !has_value);
        let by_name = named.clone().find(|(name, _)| references::domain_of_code(name).is_some());
        let (name, _) = by_name.or_else(|| named.clone().next().filter(|_| has_value))?;
        if !has_value && !self.repeats() && self.encounter.is_none() && described::domain_of(table).is_none() {
            return None;
        }
        let domain = domain(&name).unwrap_or(measured);
        Some((name, domain))
    }

    /// The column with the last day.
    fn end_of(&self, date: &str) -> Option<String> {
        // A column without a value has no dates: nothing ended yet.
        self.named(&END).filter(|(_, c)| c.date_format.is_some() && c.name != date).map(|(_, c)| c.name.clone())
    }

    /// The shape with these columns, which get the roles that go with it.
    #[expect(clippy::too_many_arguments, reason = "the parts of a shape")]
    fn long_of(
        &mut self,
        date: &str,
        variable: String,
        code: Option<String>,
        system: Option<String>,
        value: Option<String>,
        unit: Option<String>,
        domain: Domain,
    ) -> (TableShape, String) {
        let is_dose =
            |(i, c): &(usize, &ColumnPlan)| domain == Domain::Drug && c.name != variable && self.is_measured(*i);
        let dose = self.named(&DOSE).filter(is_dose).map(|(_, c)| c.name.clone());
        let dose_unit = self.named(&DOSE_UNIT).filter(|_| dose.is_some()).map(|(_, c)| c.name.clone());
        let (value, unit) = if value.is_some() { (value, unit) } else { (dose, dose_unit.or(unit)) };
        let numeric = value.as_ref().and_then(|v| self.columns().find(|(_, c)| c.name == *v)).map(|(i, _)| i);
        let numeric = numeric.is_some_and(|i| self.is_measured(i));
        let is_flag = |i: usize| {
            let answers = ["0", "1", "true", "false", "t", "f", "y", "n", "yes", "no"];
            let values = self.values(i);
            !values.is_empty() && values.iter().all(|v| answers.iter().any(|a| v.eq_ignore_ascii_case(a)))
        };
        let withdrawn = self.named(&WITHDRAWN).filter(|(i, _)| is_flag(*i)).map(|(_, c)| c.name.clone());
        let end = self.end_of(date);
        let is_known = |i: usize| self.values(i).iter().any(|text| systems::of_row(text, domain).is_some());
        let systems = self.named(&SYSTEMS).filter(|(i, c)| system.is_none() && c.name != variable && is_known(*i));
        let system_column = systems.map(|(_, c)| c.name.clone());
        // The day that bears the name of what the row is of: DX_DATE beside DX.
        let own = format!("{}date", joined(code.as_ref().unwrap_or(&variable)));
        let full = |i: usize| self.n_present(i) * 10 >= self.rows.len() * 9;
        let own = self.columns().find(|(i, c)| joined(&c.name) == own && c.role == ColumnRole::Date && full(*i));
        let date = own.map_or_else(|| date.to_owned(), |(_, c)| c.name.clone());
        let encounter = self.encounters.clone().filter(|_| domain == Domain::Visit).or_else(|| self.encounter.clone());
        for column in [Some(&variable), code.as_ref(), value.as_ref(), unit.as_ref(), system_column.as_ref()]
            .into_iter()
            .flatten()
        {
            self.set(column, ColumnRole::Category);
        }
        if let Some(value) = value.as_ref().filter(|_| numeric) {
            self.set(value, ColumnRole::Number);
        }
        let words = format!("'{variable}' says what stands in the row: taken as a row a value");
        let beside = |list: &[&str]| {
            // Of several the first that has any value.
            let is_empty = |i: usize| self.n_present(i) == 0;
            let named = list.iter().find_map(|name| self.named(&[name]).filter(|(i, _)| !is_empty(*i)));
            let found = named.map(|(_, c)| c.name.clone());
            found.filter(|c| value.as_ref().is_some_and(|v| v != c && numeric) && *c != variable)
        };
        let (in_words, operator) = (beside(&IN_WORDS), beside(&OPERATOR));
        for column in [&in_words, &operator, &withdrawn].into_iter().flatten() {
            self.set(column, ColumnRole::Category);
        }
        let shape = LongShape {
            date,
            end,
            variable,
            code,
            system,
            system_column,
            value,
            unit,
            words: in_words,
            operator,
            withdrawn,
            encounter,
            domain,
        };
        (TableShape::Long(shape), words)
    }

    /// Whether most values of a column are numbers, those below or above a limit (`<5`) among them.
    fn is_measured(&self, i: usize) -> bool {
        let decimal = if self.proposal.mapping.decimal == ',' { b',' } else { b'.' };
        let is_number = |text: &str| {
            let bare = text.trim_start_matches(['<', '>', '=', '≤', '≥', '~', ' ']);
            crate::number::parse(bare.as_bytes(), decimal).is_some()
        };
        let values = self.values(i);
        values.iter().filter(|v| is_number(v)).count() * 2 > values.len()
    }

    /// Columns of numbers besides one.
    fn n_measures(&self, but: &str) -> usize {
        let counts_rows = |c: &ColumnPlan| joined(&c.name).ends_with("seq");
        let is = |c: &ColumnPlan| {
            c.name != but && matches!(c.role, ColumnRole::Number | ColumnRole::Duration) && !counts_rows(c)
        };
        self.columns().filter(|(_, c)| is(c)).count()
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

/// Chooses the column that joins the tables: one that names a person by its own name, else one whose values are those of
/// another table's.
pub(super) fn join(tables: &mut [Looked]) {
    references::dictionaries(tables);
    references::encounters(tables);
    for table in tables.iter_mut().filter(|t| t.dictionary.is_none()) {
        if table.encounter.is_some() && table.candidates().is_empty() {
            table.forget_person();
        }
        if let Some(best) = table.candidates().first().copied() {
            table.set_person(best);
        }
    }
    if tables.len() < 2 {
        return;
    }
    let known: Vec<BTreeSet<String>> = tables
        .iter()
        .map(|t| t.person().map(|i| t.values(i).into_iter().map(str::to_owned).collect()).unwrap_or_default())
        .collect();
    let mut n_shared = vec![0; tables.len()];
    for (at, table) in tables.iter_mut().enumerate() {
        if table.dictionary.is_some() || (table.encounter.is_some() && table.person().is_none()) {
            continue;
        }
        let others: BTreeSet<&str> = known
            .iter()
            .enumerate()
            .filter(|(i, _)| *i != at)
            .flat_map(|(_, set)| set.iter().map(String::as_str))
            .collect();
        let shared = |i: usize| {
            let values = table.values(i);
            let n = values.iter().filter(|v| others.contains(*v)).count();
            if n * 2 >= values.len() && n >= 3 { n } else { 0 }
        };
        let now = table.person().map_or(0, shared);
        // Small whole numbers are shared by chance: years of age are not persons.
        let is_code = |i: usize| {
            table.column(i).is_some_and(|c| {
                !matches!(c.role, ColumnRole::Number | ColumnRole::Date | ColumnRole::Death | ColumnRole::Duration)
            })
        };
        // Nor are those who treat, whatever table they have of their own.
        let may_be = |i: &usize| is_code(*i) && !table.column(*i).is_some_and(|c| references::is_of_staff(&c.name));
        let best = (0..table.proposal.mapping.columns.len()).filter(may_be).max_by_key(|i| shared(*i));
        let n = best.map_or(0, shared);
        if let Some(found) = n_shared.get_mut(at) {
            *found = now.max(n);
        }
        if now == 0
            && let Some(best) = best.filter(|_| n > 0)
        {
            table.set_person(best);
        }
    }
    // Clinics, providers and payers have ids too: where other tables agree on who the persons are, these are none.
    let agree = n_shared.iter().filter(|n| **n > 0).count() >= 2;
    let is_said = tables.iter().any(Looked::says_person);
    let strangers =
        tables.iter_mut().zip(&n_shared).filter(|(t, n)| **n == 0 && t.encounter.is_none() && !t.says_person());
    strangers.filter(|(t, _)| agree || (is_said && t.is_of_staff())).for_each(|(table, _)| table.forget_person());
}
