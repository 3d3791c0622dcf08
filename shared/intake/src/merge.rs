//! An import added to a dataset that was there: nothing is doubled, what was updated is replaced, everything is counted.
//!
//! Both must have been keyed by the same secret, with the same choices about dates and identifiers: then a person has the
//! same key and the same shift in both. Events and notes that came from a resource or row with an id are known by it (a keyed
//! hash): where it comes anew, what it says now counts. Others are known by what they say; of equal ones as many are kept as
//! the side with most of them has. What the import says is no event (any more) goes; nothing that it does not name is taken away.

mod columns;
mod events;
mod flat;
mod notes;
mod persons;
mod spans;

pub use persons::person_keys;

use columnar::{Column, Dataset, Table};
use model::dataset::{ColumnHeader, DatasetHeader, DatasetShape};
use model::intake::Merged;
use model::tables;
use rustc_hash::{FxHashMap, FxHashSet};

use crate::assemble::{record_meta, table, version};
use crate::pack::{ColumnMeta, Imported, dataset_id, pack};
use crate::report::counted;
use crate::{IntakeError, Tick};
use columns::{index, join, select, text_of};

/// A merge in progress: rows of the dataset before are `0..`, those of the import come behind them.
struct Sides<'a> {
    base: &'a Dataset,
    new: &'a Dataset,
    /// Keys of what the import takes back, as bits.
    withdrawn: FxHashSet<u64>,
}

impl Sides<'_> {
    fn table(&self, name: &str) -> (Option<&Table>, Option<&Table>) {
        (self.base.table(name), self.new.table(name))
    }
}

/// Adds an import to a dataset.
///
/// # Errors
/// If they were not keyed the same way, or one of them is a flat file and the other is none; [`IntakeError::Stopped`] if `tick` said so.
pub fn merge(
    header: &DatasetHeader,
    base: &Dataset,
    import: Imported,
    tick: &mut Tick<'_>,
) -> Result<Imported, IntakeError> {
    check(header, &import.header)?;
    if header.shape == DatasetShape::Flat {
        return flat::merge(header, base, import, tick);
    }
    let withdrawn = import.withdrawn.iter().map(|key| key.to_bits()).collect();
    let sides = Sides { base, new: &import.dataset, withdrawn };
    let mut merged = Merged::default();
    let mut on = |share: f64, doing: &str| if tick(share, doing) { Ok(()) } else { Err(IntakeError::Stopped) };
    on(0.0, "Finding persons again")?;
    let persons = persons::Persons::new(&sides)?;
    let mut dataset = Dataset::default();
    let (concept_table, concepts) = concepts(&sides)?;
    // Neither FHIR nor tables of one's own say when somebody was observed.
    let made_up = |header: &DatasetHeader| matches!(header.source.format.as_str(), "fhir" | "csv");
    let periods = periods(&sides, &persons, made_up(header) && made_up(&import.header))?;
    on(0.2, "Comparing notes")?;
    let notes = notes::compare(&sides, &persons, &mut merged.notes)?;
    on(0.4, "Comparing events")?;
    let (rows, n_beside) = events::compare(&sides, &persons, &concepts, &notes, &mut merged.events)?;
    on(0.9, "Putting tables together")?;
    persons.tables(&sides, &rows, &periods, &import.header, &mut merged.persons, &mut dataset)?;
    dataset.insert(tables::OBSERVATION_PERIOD, columns::period_table(&periods)?);
    dataset.insert(tables::EVENT, rows);
    if let Some(table) = concept_table {
        dataset.insert(tables::CONCEPT, table);
    }
    for (name, columns) in [
        (tables::CONCEPT_ANCESTOR, [tables::ANCESTOR_ID, tables::DESCENDANT_ID]),
        (tables::CONCEPT_MAP, [tables::MAPPED_ID, tables::STANDARD_ID]),
    ] {
        if let Some(table) = pairs(&sides, name, columns)? {
            dataset.insert(name, table);
        }
    }
    if let Some(table) = spans::spans(&sides, &persons, &concepts)? {
        dataset.insert(tables::SPAN, table);
    }
    if let Some(table) = notes.table {
        dataset.insert(tables::NOTE, table);
    }
    let mut done = finished(header, import, dataset, merged)?;
    if n_beside > 0 {
        done.report.warnings.push(format!(
            "{} beside one of the same person, day and concept that says something else: rows without ids of their own cannot be replaced, \
             so both are kept. If they are corrections, import all files anew.",
            counted(n_beside, "event stands now", "events stand now")
        ));
    }
    Ok(done)
}

fn check(base: &DatasetHeader, new: &DatasetHeader) -> Result<(), IntakeError> {
    let refuse = |words: &str| Err(IntakeError::Merge(words.to_owned()));
    if base.shape != new.shape {
        return refuse(
            "one of them is a flat file (a row a person) and the other a full record with events (FHIR, OMOP, tables): import the files \
             as a dataset of their own",
        );
    }
    let (Some(was), Some(is)) = (&base.keyed, &new.keyed) else {
        return refuse(
            "this dataset was made by an older version, which did not write down how it was keyed; import all files anew",
        );
    };
    if was.secret_check != is.secret_check {
        return refuse(
            "this dataset was made under another secret, so that its persons cannot be found again: add to it on the device (or \
             with the --seed) that made it, or import all files anew",
        );
    }
    if was.dates != is.dates {
        return refuse(
            "this dataset treats dates in another way; make the same choice about dates as for the first import",
        );
    }
    if was.safe_harbor != is.safe_harbor {
        return refuse("this dataset treats identifiers in another way; make the same choice as for the first import");
    }
    Ok(())
}

/// Concepts of both, and the row of each concept of the import. Those of the dataset before keep their rows.
fn concepts(sides: &Sides<'_>) -> Result<(Option<Table>, Vec<u32>), IntakeError> {
    let (base, new) = sides.table(tables::CONCEPT);
    let joined = join(base, new)?;
    let n_base = base.map_or(0, Table::n_rows);
    let find = |name: &str| joined.iter().find(|(n, _)| *n == name).map(|(_, c)| c);
    let (system, code) = (find(tables::CONCEPT_SYSTEM), find(tables::CONCEPT_CODE));
    let Some(n) = system.map(Column::len) else { return Ok((None, Vec::new())) };
    let mut known: FxHashMap<(&str, &str), u32> = FxHashMap::default();
    let (mut rows, mut of_new) = (Vec::new(), Vec::new());
    for row in 0..n {
        let name = (system.map_or("", |c| text_of(c, row)), code.map_or("", |c| text_of(c, row)));
        let next = index(rows.len());
        let there = if row < n_base { None } else { known.get(&name).copied() };
        let at = there.unwrap_or(next);
        if there.is_none() {
            known.entry(name).or_insert(next);
            rows.push(index(row));
        }
        if row >= n_base {
            of_new.push(at);
        }
    }
    Ok((Some(select(&joined, &rows)?), of_new))
}

/// Pairs of concepts of both, each once.
fn pairs(sides: &Sides<'_>, name: &str, [left, right]: [&str; 2]) -> Result<Option<Table>, IntakeError> {
    let (base, new) = sides.table(name);
    let joined = join(base, new)?;
    let find = |name: &str| joined.iter().find(|(n, _)| *n == name).map(|(_, c)| c);
    let (Some(Column::Number(left)), Some(Column::Number(right))) = (find(left), find(right)) else { return Ok(None) };
    let mut seen = FxHashSet::default();
    let pairs = left.iter().zip(right).map(|(a, b)| (a.map(f64::to_bits), b.map(f64::to_bits)));
    let rows: Vec<u32> = (0u32..).zip(pairs).filter(|(_, pair)| seen.insert(*pair)).map(|(row, _)| row).collect();
    select(&joined, &rows).map(Some)
}

/// Periods of both by person and start; those that overlap or touch become one. Where they were made, they
/// reach from the first to the last event: of both sides together.
fn periods(
    sides: &Sides<'_>,
    persons: &persons::Persons,
    one_a_person: bool,
) -> Result<Vec<(u32, i32, i32)>, IntakeError> {
    let mut all: Vec<(u32, i32, i32)> = Vec::new();
    let (base, new) = sides.table(tables::OBSERVATION_PERIOD);
    for (table, row_of) in [(base, &persons.of_base), (new, &persons.of_new)] {
        let Some(table) = table else { continue };
        let (Some(Column::Index(person)), Some(Column::Day(start)), Some(Column::Day(end))) = (
            table.column(tables::PERIOD_PERSON),
            table.column(tables::PERIOD_START_DAY),
            table.column(tables::PERIOD_END_DAY),
        ) else {
            return Err(columns::damaged(tables::OBSERVATION_PERIOD));
        };
        for ((person, start), end) in person.values().iter().zip(start).zip(end) {
            if let (Some(row), Some(start), Some(end)) = (row_of.get(*person as usize), start, end) {
                all.push((*row, start, end));
            }
        }
    }
    crate::order::sort(&mut all);
    all.dedup_by(|next, last| {
        let joins = next.0 == last.0 && (one_a_person || next.1 <= last.2.saturating_add(1));
        if joins {
            last.2 = last.2.max(next.2);
        }
        joins
    });
    Ok(all)
}

fn finished(
    before: &DatasetHeader,
    import: Imported,
    dataset: Dataset,
    merged: Merged,
) -> Result<Imported, IntakeError> {
    let Imported { header, mut report, review, .. } = import;
    // What a variable is was said at its import.
    let variables = [&header, before].into_iter().flat_map(|h| h.tables.iter()).filter(|t| t.name == tables::VARIABLE);
    let of: FxHashMap<&str, &ColumnHeader> =
        variables.flat_map(|t| t.columns.iter()).map(|c| (c.name.as_str(), c)).collect();
    let (table_headers, chunks) = pack(&dataset, |table, name| match of.get(name) {
        Some(c) if table == tables::VARIABLE => {
            ColumnMeta { label: c.label.clone(), role: c.role, unit: c.unit.clone() }
        }
        _ => record_meta(table, name),
    })?;
    report.merged = Some(merged);
    let mut source = before.source.clone();
    let added = header.source.files.iter().filter(|f| !before.source.files.contains(f));
    source.files.extend(added.cloned());
    let mut steps = before.deidentification.clone();
    steps.extend(header.deidentification.iter().filter(|s| !before.deidentification.contains(s)).cloned());
    let header = DatasetHeader {
        schema_version: version(&table_headers),
        id: dataset_id(&table_headers),
        source,
        n_persons: dataset.table(tables::PERSON).map_or(0, Table::n_rows) as u64,
        tables: table_headers,
        deidentification: steps,
        rows_read: before.rows_read + header.rows_read,
        rows_kept: before.rows_kept + header.rows_kept,
        rows_rejected: before.rows_rejected + header.rows_rejected,
        ..header
    };
    Ok(Imported { dataset, header, chunks, report, review, withdrawn: Vec::new() })
}

/// Columns under their names.
fn named(columns: Vec<(&str, Column)>) -> Result<Table, IntakeError> {
    table(columns)
}
