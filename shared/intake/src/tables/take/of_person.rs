//! Columns that say something of the person in a table with several rows each, as longitudinal exports of forms have them: of each
//! the first value that is not empty is the person's.

use model::dataset::ColumnRole;
use model::import_mapping::TablePlan;
use model::intake::{ColumnPlan, CsvMapping};
use rustc_hash::FxHashMap;

use super::Row;
use crate::csv::joined::Persons;
use crate::csv::sink::Missing;
use crate::report::{Reporter, counted};
use crate::scanner::Fields;
use crate::{IntakeError, Settings};

/// What the rows of one person said.
struct Said {
    line: u64,
    person: Box<[u8]>,
    values: Vec<Box<[u8]>>,
    /// Columns that have other values further down.
    is_odd: Vec<bool>,
}

/// Gathers the values.
pub(super) struct OfPerson {
    person: usize,
    /// Place in the row, and plan.
    columns: Vec<(usize, ColumnPlan)>,
    all: Vec<Said>,
    places: FxHashMap<Box<[u8]>, usize>,
}

impl OfPerson {
    pub(super) fn new(names: &[String], columns: &[Option<ColumnPlan>], person: Option<usize>) -> Self {
        let planned = columns.iter().enumerate().filter_map(|(i, plan)| Some((i, plan.clone()?)));
        Self {
            person: person.unwrap_or_default(),
            columns: planned.filter(|(_, plan)| names.contains(&plan.name) && plan.role != ColumnRole::Drop).collect(),
            all: Vec::new(),
            places: FxHashMap::default(),
        }
    }

    /// Takes a row; whether it says anything of the person.
    pub(super) fn take(&mut self, row: Row<'_>, missing: &Missing) -> bool {
        let person = row.get(self.person);
        let place = match self.places.get(person) {
            Some(place) => *place,
            None => {
                let n = self.columns.len();
                self.all.push(Said {
                    line: row.fields.line,
                    person: person.into(),
                    values: vec![Box::default(); n],
                    is_odd: vec![false; n],
                });
                self.places.insert(person.into(), self.all.len() - 1);
                self.all.len() - 1
            }
        };
        let Some(said) = self.all.get_mut(place) else { return false };
        let mut any = false;
        for (((at, _), value), is_odd) in self.columns.iter().zip(&mut said.values).zip(&mut said.is_odd) {
            let field = row.get(*at);
            if missing.is(field) {
                continue;
            }
            any = true;
            if value.is_empty() {
                *value = field.into();
            } else if **value != *field {
                *is_odd = true;
            }
        }
        any
    }

    /// The table with a row a person.
    pub(super) fn table(
        self,
        plan: &TablePlan,
        settings: &Settings,
        name: &str,
        reporter: &mut Reporter,
    ) -> Result<Option<Persons>, IntakeError> {
        if self.all.is_empty() || self.columns.is_empty() {
            return Ok(None);
        }
        for (i, (_, column)) in self.columns.iter().enumerate() {
            let n = self.all.iter().filter(|said| said.is_odd.get(i) == Some(&true)).count() as u64;
            if n > 0 {
                let persons = counted(n, "person has", "persons have");
                let column = &column.name;
                reporter.warn(format!(
                    "{name}: {persons} different values of '{column}' in several rows: the first was taken."
                ));
            }
        }
        let person = plan.mapping.columns.iter().find(|c| c.role == ColumnRole::Identifier).cloned();
        // A value that would reject the row would take the person's other rows with it.
        let plain = self.columns.iter().map(|(_, column)| ColumnPlan {
            role: match column.role {
                ColumnRole::Duration => ColumnRole::Number,
                ColumnRole::Event => ColumnRole::Category,
                role => role,
            },
            ..column.clone()
        });
        let columns: Vec<ColumnPlan> = person.into_iter().chain(plain).collect();
        let names: Vec<String> = columns.iter().map(|c| c.name.clone()).collect();
        let mapping = CsvMapping { columns, ..plan.mapping.clone() };
        let mut table = Persons::new(mapping, settings.clone(), name, false)?;
        let mut fields = Fields::default();
        fields.of_cells(1, names.iter().map(String::as_bytes));
        table.header(&fields)?;
        for said in &self.all {
            let cells = std::iter::once(&said.person).chain(&said.values);
            fields.of_cells(said.line, cells.map(|cell| &**cell));
            table.row(&fields)?;
        }
        table.end()?;
        table.set_derived();
        Ok(Some(table))
    }
}
