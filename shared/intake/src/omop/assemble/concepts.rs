//! The concept table: what the events refer to, and the ancestors of these.

use columnar::build::{CategoryBuilder, TextBuilder};
use columnar::{Column, Table as Columns};
use model::tables;
use rustc_hash::{FxHashMap, FxHashSet};

use super::seen::Seen;
use super::{Assembly, FileCount, Table, settle_counts};
use crate::IntakeError;
use crate::assemble::{Core, clean_words, number_column, table};

/// Code system of concepts whose words are not in the vocabulary: the id is the code.
const OMOP: &str = "OMOP";
/// Code system of events without a concept: the source value is the code.
const SOURCE: &str = "source";

/// Rows of the concept table.
pub(super) struct Concepts {
    rows: Vec<Row>,
    /// By the number of the concept.
    by_number: Vec<u32>,
}

struct Row {
    id: Option<i64>,
    system: String,
    code: String,
    display: String,
}

/// Makes the rows: by OMOP id, then the source codes by text.
pub(super) fn make(a: &mut Assembly, seen: &Seen, files: &mut [FileCount]) -> Concepts {
    let all = a.records.concepts.all();
    let pairs = || all.iter().zip(&seen.concepts).filter(|(_, is_seen)| **is_seen).map(|(pair, _)| *pair);
    let of_events: FxHashSet<i64> = pairs().map(|(id, _)| id).filter(|id| *id != 0).collect();
    let left = a.vocabulary.prune(&seen.used, &of_events);
    settle_counts(files, Table::Concept, left.n_concepts);
    settle_counts(files, Table::ConceptAncestor, left.n_ancestors);
    settle_counts(files, Table::ConceptRelationship, left.n_maps);
    let ancestors = a.vocabulary.ancestors().unwrap_or_default().iter().map(|(id, _)| *id);
    let maps = a.vocabulary.maps().unwrap_or_default().iter().flat_map(|(mapped, standard)| [*mapped, *standard]);
    let worded = ancestors.chain(maps).filter(|id| a.vocabulary.get(*id).is_some());
    let mut ids: Vec<i64> = of_events.iter().copied().chain(worded).collect();
    ids.sort_unstable();
    ids.dedup();
    let mut rows: Vec<Row> = ids
        .iter()
        .map(|&id| match a.vocabulary.get(id) {
            Some(c) => Row { id: Some(id), system: c.system.clone(), code: c.code.clone(), display: c.display.clone() },
            None => Row { id: Some(id), system: OMOP.to_owned(), code: id.to_string(), display: String::new() },
        })
        .collect();
    let n_wordless = of_events.iter().filter(|id| a.vocabulary.get(**id).is_none()).count();
    if n_wordless > 0 {
        let n = crate::report::counted(n_wordless as u64, "concept has", "concepts have");
        a.core
            .reporter
            .warn(format!("{n} no words: add concept.csv with them to the folder to see names instead of numbers."));
    }
    // Each source value is screened once, however many events have it.
    let unmapped = pairs().filter(|(id, _)| *id == 0);
    let drugs = of_drugs_alone(a);
    let persons: FxHashSet<&str> = a.records.persons.iter().map(|p| p.source_value.as_str()).collect();
    let is_drug = |source: u32, value: &str| drugs.contains(&source) && is_ndc(value) && !persons.contains(value);
    let mut codes: FxHashMap<u32, String> = FxHashMap::default();
    for (_, source) in unmapped {
        let code = match a.records.texts.get(source) {
            Some(value) if is_drug(source, value) => value.to_owned(),
            value => source_code(value, &mut a.core),
        };
        codes.insert(source, code);
    }
    let mut sources: Vec<String> = codes.values().cloned().collect();
    crate::order::sort(&mut sources);
    sources.dedup();
    let first = rows.len();
    let row_of = |(id, source): &(i64, u32)| {
        let row = match codes.get(source).filter(|_| *id == 0) {
            Some(code) => sources.binary_search(code).ok().map(|at| first + at),
            None => ids.binary_search(id).ok(),
        };
        row.and_then(|row| u32::try_from(row).ok()).unwrap_or(0)
    };
    let by_number = all.iter().map(row_of).collect();
    rows.extend(sources.into_iter().map(|code| Row {
        id: None,
        system: SOURCE.to_owned(),
        display: code.clone(),
        code,
    }));
    Concepts { rows, by_number }
}

/// Source values of events without a concept that stand in the table of drugs, and in no other.
fn of_drugs_alone(a: &Assembly) -> FxHashSet<u32> {
    let all = a.records.concepts.all();
    let (mut drugs, mut others) = (FxHashSet::default(), FxHashSet::default());
    for event in a.records.events.iter().chain(&a.records.spans) {
        let Some((0, source)) = all.get(event.concept as usize) else { continue };
        let is_drug = matches!(a.records.tables.of(event.place), Table::Drug | Table::DrugEra | Table::DoseEra);
        if is_drug {
            drugs.insert(*source)
        } else {
            others.insert(*source)
        };
    }
    drugs.retain(|source| !others.contains(source));
    drugs
}

/// Whether a value has the form of a National Drug Code without its hyphens: ten digits, or eleven as payers write it (5-4-2; 21 CFR
/// 207.33, 45 CFR 162.1002). As the code of a drug it is one, not somebody's number; with hyphens it has no form of a number of persons.
fn is_ndc(value: &str) -> bool {
    matches!(value.len(), 10 | 11) && value.bytes().all(|b| b.is_ascii_digit())
}

/// The code for a source value. What may say who somebody is, is no code.
fn source_code(value: Option<&str>, core: &mut Core) -> String {
    let Some(value) = value else { return "unknown".to_owned() };
    let hex = value.bytes().filter(u8::is_ascii_hexdigit).count();
    if value.len() == 36 && hex == 32 {
        return "unknown".to_owned();
    }
    clean_words(core, value)
}

impl Concepts {
    /// The row of the concept of a number.
    #[inline]
    pub(super) fn row(&self, number: u32) -> u32 {
        self.by_number.get(number as usize).copied().unwrap_or(0)
    }

    /// The row of a concept by system and code; a new one where there is none.
    pub(super) fn add(&mut self, system: &str, code: &str, display: &str) -> u32 {
        let next = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        if let Some(row) = self.rows.iter().position(|r| r.system == system && r.code == code) {
            return u32::try_from(row).unwrap_or(0);
        }
        let row = Row { id: None, system: system.to_owned(), code: code.to_owned(), display: display.to_owned() };
        self.rows.push(row);
        next
    }

    pub(super) fn table(&self) -> Result<Columns, IntakeError> {
        let (mut system, mut code, mut display) = (CategoryBuilder::new(), TextBuilder::new(), TextBuilder::new());
        let full = |e: columnar::build::TooMuchText| IntakeError::Pack(e.to_string());
        for row in &self.rows {
            system.push(Some(&row.system));
            code.push(Some(&row.code)).map_err(full)?;
            display.push(Some(&row.display)).map_err(full)?;
        }
        table(vec![
            (tables::CONCEPT_SYSTEM, system.finish()),
            (tables::CONCEPT_CODE, code.finish()),
            (tables::CONCEPT_DISPLAY, display.finish()),
            (tables::CONCEPT_OMOP_ID, ids(self.rows.iter().map(|r| r.id))),
        ])
    }
}

/// Ids as numbers: OMOP's are below 2^31, and every one below 2^53 is exact.
fn ids(ids: impl Iterator<Item = Option<i64>>) -> Column {
    #[expect(clippy::cast_precision_loss, reason = "OMOP ids are 32-bit integers")]
    number_column(ids.map(|id| id.map(|id| id as f64)))
}

/// Ancestors and descendants, where a table of them was given.
pub(super) fn ancestor_table(a: &Assembly) -> Result<Option<Columns>, IntakeError> {
    let Some(rows) = a.vocabulary.ancestors() else { return Ok(None) };
    let made = table(vec![
        (tables::ANCESTOR_ID, ids(rows.iter().map(|(a, _)| Some(*a)))),
        (tables::DESCENDANT_ID, ids(rows.iter().map(|(_, d)| Some(*d)))),
    ])?;
    Ok(Some(made))
}

/// What is mapped to what, where a table of relationships was given.
pub(super) fn map_table(a: &Assembly) -> Result<Option<Columns>, IntakeError> {
    let Some(rows) = a.vocabulary.maps() else { return Ok(None) };
    let made = table(vec![
        (tables::MAPPED_ID, ids(rows.iter().map(|(mapped, _)| Some(*mapped)))),
        (tables::STANDARD_ID, ids(rows.iter().map(|(_, standard)| Some(*standard)))),
    ])?;
    Ok(Some(made))
}
