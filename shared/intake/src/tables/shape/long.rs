//! Tables with a row a value: which column says what was measured, found or given, and which ones the value, the unit, the code and
//! what else there is of it.

use model::concept::Domain;
use model::dataset::ColumnRole;
use model::import_mapping::{LongShape, TableShape};
use model::intake::ColumnPlan;

use super::words::{
    CODED, DOSE, DOSE_UNIT, END, IN_WORDS, OPERATOR, STATUS, SYSTEMS, UNIT, VALUE, VARIABLE, WITHDRAWN, WORDED,
};
use super::{Looked, described, joined, references};
use crate::tables::{quantity, systems, withdrawn};

/// Whether a column of codes of diagnoses leaves open of which ICD they are. German columns (`ICD-Kode`) are of one of their own.
fn names_icd(name: &str) -> bool {
    matches!(joined(name).as_str(), "icd" | "icdcode" | "icd10code" | "sourceidentifier" | "diagnosiscode" | "dxcode")
}

impl Looked {
    pub(super) fn long(&mut self, date: &str, table: &str) -> Option<(TableShape, String)> {
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
        // What has a number was measured.
        let domain = if domain == Domain::Observation && numeric { Domain::Measurement } else { domain };
        // A diagnosis whose column does not say which ICD: its codes do.
        let said =
            code.as_deref().or(Some(variable.as_str())).filter(|_| system.is_none() && domain == Domain::Condition);
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
        // A table of which nothing else is known than that its rows are of an encounter has codes of its own.
        let ends = |name: &str| ["id", "code", "cd", "key"].iter().any(|end| joined(name).ends_with(end));
        let is_code = |c: &ColumnPlan| references::domain_of_code(&c.name).is_some() && ends(&c.name);
        let own =
            self.columns().filter(|(_, c)| self.encounter.is_some() && is_code(c)).map(|(i, c)| (c.name.clone(), i));
        let own: Vec<(String, usize)> = own.collect();
        let by_name = named.clone().chain(own).find(|(name, _)| references::domain_of_code(name).is_some());
        let (name, _) = by_name.or_else(|| named.clone().next().filter(|_| has_value))?;
        if !has_value && !self.repeats() && self.encounter.is_none() && described::domain_of(table).is_none() {
            return None;
        }
        let domain = domain(&name).unwrap_or(measured);
        Some((name, domain))
    }

    /// The column with the last day.
    pub(super) fn end_of(&self, date: &str) -> Option<String> {
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
        let cancels = |i: usize| self.values(i).iter().any(|v| withdrawn::says_status(v.as_bytes()));
        let flag = self.named(&WITHDRAWN).filter(|(i, _)| is_flag(*i));
        let withdrawn = flag.or_else(|| self.named(&STATUS).filter(|(i, _)| cancels(*i))).map(|(_, c)| c.name.clone());
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
    pub(super) fn is_measured(&self, i: usize) -> bool {
        let decimal = if self.proposal.mapping.decimal == ',' { b',' } else { b'.' };
        let is_number = |text: &str| {
            let bare = text.trim_start_matches(['<', '>', '=', '≤', '≥', '~', ' ']);
            crate::number::parse(bare.as_bytes(), decimal).is_some() || quantity::read(bare, decimal).is_some()
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
}
