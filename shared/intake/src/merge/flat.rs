//! A flat file added to a dataset of one: persons are found again by their identifier; what the file says of them now counts.

use columnar::{Column, Dataset, Table};
use model::dataset::DatasetHeader;
use model::intake::Merged;
use model::tables;
use rustc_hash::FxHashSet;

use super::columns::{join, same, text_of};
use super::persons::Persons;
use super::{Sides, finished};
use crate::assemble::REKEYED;
use crate::pack::Imported;
use crate::report::counted;
use crate::{IntakeError, Tick};

fn refuse<T>(words: impl Into<String>) -> Result<T, IntakeError> {
    Err(IntakeError::Merge(words.into()))
}

/// Adds a flat file. Values that it leaves empty stay as they were; nobody whom it does not name is taken away.
pub(super) fn merge(
    header: &DatasetHeader,
    base: &Dataset,
    import: Imported,
    tick: &mut Tick<'_>,
) -> Result<Imported, IntakeError> {
    check(header, base, &import)?;
    if !tick(0.0, "Finding persons again") {
        return Err(IntakeError::Stopped);
    }
    let sides = Sides { base, new: &import.dataset, withdrawn: FxHashSet::default() };
    let persons = Persons::new(&sides)?;
    let mut changed = vec![false; persons.n()];
    let (mut dataset, mut merged) = (Dataset::default(), Merged::default());
    for name in [tables::PERSON, tables::VARIABLE] {
        let made = persons.joined(&sides, name, &mut changed)?;
        dataset.insert(name, super::named(made)?);
    }
    persons.count(&changed, &mut merged.persons);
    let told = values(&sides, &persons)?;
    let mut done = finished(header, import, dataset, merged)?;
    done.report.warnings.extend(told);
    Ok(done)
}

fn check(header: &DatasetHeader, base: &Dataset, import: &Imported) -> Result<(), IntakeError> {
    let names_persons = |h: &DatasetHeader| h.deidentification.iter().any(|step| step.action == REKEYED);
    if !names_persons(header) {
        return refuse(
            "no column of the dataset names the person, so that nobody can be found again; import all rows anew, with a column that \
             names the person",
        );
    }
    if !names_persons(&import.header) {
        return refuse(
            "no column of the file names the person: give the column with the same identifier as then the role 'identifier'",
        );
    }
    for (dataset, where_from) in [(base, "the dataset"), (&import.dataset, "the file")] {
        let n = n_repeated(dataset);
        if n > 0 {
            return refuse(format!(
                "in {where_from} {} in several rows, which cannot be told apart; bring the file to one row a person",
                counted(n, "person stands", "persons stand")
            ));
        }
    }
    let columns = |d: &Dataset| d.table(tables::VARIABLE).map(|t| t.columns().to_vec()).unwrap_or_default();
    let before = columns(base);
    for (name, is) in columns(&import.dataset) {
        let was = before.iter().find(|(n, _)| *n == name).map(|(_, column)| kind(column));
        if let Some(was) = was.filter(|was| *was != kind(&is)) {
            return refuse(format!(
                "'{name}' holds {was} in the dataset and {} in the file: give it the role that it had then",
                kind(&is)
            ));
        }
    }
    Ok(())
}

fn kind(column: &Column) -> &'static str {
    match column {
        Column::Number(_) | Column::Index(_) => "numbers",
        Column::Day(_) => "dates",
        Column::Category(_) => "levels",
        Column::Text(_) => "text",
    }
}

/// Persons who stand in more than one row.
fn n_repeated(dataset: &Dataset) -> u64 {
    let Some(keys) = dataset.table(tables::PERSON).and_then(|t| t.column(tables::PERSON_KEY)) else { return 0 };
    let (mut seen, mut repeated) = (FxHashSet::default(), FxHashSet::default());
    for row in 0..keys.len() {
        let key = text_of(keys, row);
        if !seen.insert(key) {
            repeated.insert(key);
        }
    }
    repeated.len() as u64
}

/// What became of the values of persons who were there, in words.
fn values(sides: &Sides<'_>, persons: &Persons) -> Result<Vec<String>, IntakeError> {
    let (base, new) = sides.table(tables::VARIABLE);
    let n_base = base.map_or(0, Table::n_rows);
    let (mut replaced, mut added, mut left) = (0_u64, 0_u64, 0_u64);
    let mut columns = Vec::new();
    for (name, column) in join(base, new)? {
        if new.is_none_or(|t| t.column(name).is_none()) {
            columns.push(format!("'{name}'"));
            continue;
        }
        for (was, is) in persons.on_both_sides() {
            let (was, is) = (was as usize, n_base + is as usize);
            match (column.is_missing(was), column.is_missing(is)) {
                (false, true) => left += 1,
                (true, false) => added += 1,
                (false, false) => replaced += u64::from(!same(&column, was, is)),
                (true, true) => {}
            }
        }
    }
    let mut told = Vec::new();
    let mut say = |n: u64, one: &str, many: &str, rest: &str| {
        if n > 0 {
            told.push(format!("{} {rest}.", counted(n, one, many)));
        }
    };
    let of = "of persons who were there";
    say(replaced, &format!("value {of} was"), &format!("values {of} were"), "replaced by what the file says now");
    say(added, &format!("value {of} was"), &format!("values {of} were"), "missing before and came with the file");
    say(left, &format!("value {of} is"), &format!("values {of} are"), "empty in the file now, and stay as they were");
    let gone = persons.n_of_base_alone();
    say(gone, "person of the dataset is", "persons of the dataset are", "not in the file, and stay as they were");
    if !columns.is_empty() {
        told.push(format!("The file has no column {}: their values stay as they were.", columns.join(", ")));
    }
    Ok(told)
}
