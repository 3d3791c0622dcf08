//! A saved mapping on the next files: tables are found by their names or their columns, columns by their names.

use std::fmt;

use super::{ImportMapping, TablePlan, TableProposal, TableShape, TablesProposal, table_name};
use crate::dataset::ColumnRole;
use crate::intake::CsvMapping;

/// Why a saved mapping does not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum MappingMisfit {
    /// A column of the mapping is not in the file.
    NoColumn {
        /// The column.
        column: String,
        /// The table of the mapping that names it.
        of: String,
        /// The table that has no such column.
        table: String,
    },
    /// A table of the mapping is not among the files.
    NoTable {
        /// Its name there.
        of: String,
    },
}

impl fmt::Display for MappingMisfit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoColumn { column, of, table } if of == table => {
                write!(f, "the mapping names the column '{column}', and {table} has none of that name")
            }
            Self::NoColumn { column, of, table } => {
                write!(f, "the mapping names the column '{column}' (in {of}), and {table} has none of that name")
            }
            Self::NoTable { of } => write!(f, "the mapping is for {of} too, and no file has its columns"),
        }
    }
}

impl std::error::Error for MappingMisfit {}

impl CsvMapping {
    /// The first column of this mapping that a header does not have.
    #[must_use]
    pub fn missing_column(&self, header: &[String]) -> Option<&str> {
        self.columns.iter().map(|c| c.name.as_str()).find(|name| !name.is_empty() && !header.iter().any(|h| h == name))
    }

    /// How many columns of this mapping a header does not have.
    fn n_missing(&self, header: &[String]) -> usize {
        self.columns.iter().filter(|c| !c.name.is_empty() && !header.contains(&c.name)).count()
    }

    /// This mapping with its columns in the order of `proposed`; columns that it does not know are left out, and named.
    #[must_use]
    pub fn fitted(&self, proposed: &CsvMapping) -> (CsvMapping, Vec<String>) {
        let mut unknown = Vec::new();
        let columns = proposed.columns.iter().map(|column| {
            let known = self.columns.iter().find(|c| c.name == column.name && !c.name.is_empty());
            known.cloned().unwrap_or_else(|| {
                if column.role != ColumnRole::Drop {
                    unknown.push(column.name.clone());
                }
                crate::intake::ColumnPlan { role: ColumnRole::Drop, ..column.clone() }
            })
        });
        let columns = columns.collect();
        // How the file is written may differ from the last one: what its bytes show goes, for what is said the mapping.
        let decimal = if self.decimal == proposed.delimiter { proposed.decimal } else { self.decimal };
        let written = CsvMapping { columns, missing: self.missing.clone(), decimal, ..proposed.clone() };
        (written, unknown)
    }
}

impl ImportMapping {
    /// This mapping for other files. Also gives what the user should know, in words: columns and files that it does not
    /// mention and that are left out.
    ///
    /// # Errors
    /// If it names a column or a table that is not there.
    pub fn apply(&self, found: &TablesProposal) -> Result<(ImportMapping, Vec<String>), MappingMisfit> {
        let mut places: Vec<Option<usize>> = vec![None; found.tables.len()];
        for (saved, plan) in self.tables.iter().enumerate() {
            let place = self.place_of(plan, found, &places);
            match place.and_then(|i| places.get_mut(i)) {
                Some(place) => *place = Some(saved),
                None if plan.shape == TableShape::NotUsed => {}
                None => return Err(MappingMisfit::NoTable { of: plan.name() }),
            }
        }
        let mut words = Vec::new();
        let mut tables = Vec::with_capacity(found.tables.len());
        for (table, place) in found.tables.iter().zip(&places) {
            let plan = place.and_then(|saved| self.tables.get(saved));
            tables.push(match plan {
                Some(plan) => fit(plan, table, &mut words)?,
                None => {
                    let name = table_name(&table.file, table.sheet.as_deref());
                    words.push(format!("{name} is not in the mapping and is left out."));
                    left_out(table)
                }
            });
        }
        Ok((ImportMapping::new(tables, self.texts.clone()), words))
    }

    /// The table that a plan is for: of the same name and sheet, else with all its columns, else with most of them (what it lacks is
    /// then named), else the only one.
    fn place_of(&self, plan: &TablePlan, found: &TablesProposal, taken: &[Option<usize>]) -> Option<usize> {
        let free = || found.tables.iter().enumerate().filter(|(i, _)| taken.get(*i) == Some(&None));
        let last = |name: &str| name.rsplit(['/', '\\']).next().unwrap_or(name).to_owned();
        let same = |t: &TableProposal| last(&t.file) == last(&plan.file) && t.sheet == plan.sheet;
        let has_all = |t: &TableProposal| plan.mapping.missing_column(&header(t)).is_none();
        let only = || (self.tables.len() == 1 && found.tables.len() == 1).then_some(0);
        let by = |fits: &dyn Fn(&TableProposal) -> bool| free().find(|(_, t)| fits(t)).map(|(i, _)| i);
        let near = || {
            let lacks = |t: &TableProposal| plan.mapping.n_missing(&header(t));
            let nearest = free().map(|(i, t)| (lacks(t), i)).min();
            nearest.filter(|(n, _)| n * 2 < plan.mapping.columns.len()).map(|(_, i)| i)
        };
        let by_columns = || by(&has_all).or_else(|| by(&same)).or_else(near);
        by(&|t| same(t) && has_all(t)).or_else(by_columns).or_else(only)
    }
}

fn header(table: &TableProposal) -> Vec<String> {
    table.proposal.mapping.columns.iter().map(|c| c.name.clone()).collect()
}

fn left_out(table: &TableProposal) -> TablePlan {
    TablePlan {
        file: table.file.clone(),
        sheet: table.sheet.clone(),
        shape: TableShape::NotUsed,
        mapping: table.proposal.mapping.clone(),
    }
}

fn fit(plan: &TablePlan, table: &TableProposal, words: &mut Vec<String>) -> Result<TablePlan, MappingMisfit> {
    let name = table_name(&table.file, table.sheet.as_deref());
    if let Some(column) = plan.mapping.missing_column(&header(table)) {
        return Err(MappingMisfit::NoColumn { column: column.to_owned(), of: plan.name(), table: name });
    }
    let (mut mapping, unknown) = plan.mapping.fitted(&table.proposal.mapping);
    if !unknown.is_empty() {
        words.push(format!(
            "{name} has columns that the mapping does not know; they are left out: {}.",
            unknown.join(", ")
        ));
    }
    if !table.is_delimited {
        mapping.decimal = '.';
    }
    Ok(TablePlan { file: table.file.clone(), sheet: table.sheet.clone(), shape: plan.shape.clone(), mapping })
}

#[cfg(test)]
mod tests;
