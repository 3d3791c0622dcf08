//! Concept sets against the concepts of a dataset.

use std::collections::BTreeMap;

use arrow_array::Array as _;
use columnar::{BitSet, Column, Table};
use model::concept::{ConceptItem, ConceptRef, ConceptSet};
use model::tables;
use rustc_hash::FxHashSet;

use crate::error::Problems;
use crate::names::hint;
use crate::source::Source;

/// Resolves a document's concept sets to rows of the dataset's `concept` table, each once.
pub(crate) struct Concepts<'a> {
    source: Source<'a>,
    sets: &'a [ConceptSet],
    resolved: BTreeMap<&'a str, Option<BitSet>>,
}

impl<'a> Concepts<'a> {
    pub(crate) fn new(source: Source<'a>, sets: &'a [ConceptSet]) -> Self {
        Self { source, sets, resolved: BTreeMap::new() }
    }

    /// Rows of `concept` in the set with this id; `None` after a problem.
    pub(crate) fn rows(
        &mut self,
        id: &str,
        path: &str,
        problems: &mut Problems,
        warnings: &mut Vec<String>,
    ) -> Option<BitSet> {
        let Some((at, set)) = self.sets.iter().enumerate().find(|(_, s)| s.id == id) else {
            let ids = self.sets.iter().map(|s| s.id.as_str());
            problems.add(path, format!("there is no concept set '{id}'{}", hint(id, ids)));
            return None;
        };
        if let Some(known) = self.resolved.get(set.id.as_str()) {
            return known.clone();
        }
        let rows = resolve(&self.source, set, at, problems);
        if let Some(rows) = &rows
            && !rows.any()
        {
            warnings.push(format!("no concept of the set '{}' occurs in this dataset", set.name));
        }
        self.resolved.insert(set.id.as_str(), rows.clone());
        rows
    }
}

fn resolve(source: &Source<'_>, set: &ConceptSet, at: usize, problems: &mut Problems) -> Option<BitSet> {
    if !set.items.iter().any(|i| !i.exclude) {
        problems.add(&format!("concept_sets[{at}]"), format!("the concept set '{}' is empty; add a concept", set.name));
        return None;
    }
    let Some(table) = source.data.table(tables::CONCEPT) else {
        problems.add(&format!("concept_sets[{at}]"), "this dataset has no concepts, so concept sets cannot be used");
        return None;
    };
    let mut rows = select(source, table, set, at, false, problems)?;
    rows.and_not(&select(source, table, set, at, true, problems)?);
    Some(rows)
}

/// Concepts named by the included, or by the excluded, items of a set.
#[derive(Default)]
struct Wanted {
    omop: FxHashSet<i64>,
    coded: FxHashSet<(String, String)>,
}

fn select(
    source: &Source<'_>,
    table: &Table,
    set: &ConceptSet,
    at: usize,
    exclude: bool,
    problems: &mut Problems,
) -> Option<BitSet> {
    let mut wanted = Wanted::default();
    let mut ancestors = FxHashSet::default();
    let mut fine = true;
    for (i, item) in set.items.iter().enumerate().filter(|(_, item)| item.exclude == exclude) {
        let concept = &item.concept;
        wanted.omop.extend(concept.omop_id);
        wanted.coded.insert((concept.system.clone(), concept.code.clone()));
        if item.include_descendants {
            match ancestor_id(source, table, item) {
                Ok(id) => {
                    ancestors.insert(id);
                }
                Err(text) => {
                    problems.add(&format!("concept_sets[{at}].items[{i}]"), text);
                    fine = false;
                }
            }
        }
    }
    if !fine {
        return None;
    }
    if !ancestors.is_empty() {
        add_descendants(source, &ancestors, &mut wanted.omop);
    }
    Some(matching_rows(table, &wanted))
}

/// The OMOP id whose descendants are asked for.
fn ancestor_id(source: &Source<'_>, table: &Table, item: &ConceptItem) -> Result<i64, String> {
    let named = name_of(&item.concept);
    let known = source.data.table(tables::CONCEPT_ANCESTOR).is_some_and(|t| t.n_rows() > 0);
    if !known {
        return Err(format!(
            "the concepts below {named} are asked for, but this dataset has no table of ancestors \
             (concept_ancestor); import it with the vocabulary, or list the concepts one by one"
        ));
    }
    item.concept
        .omop_id
        .or_else(|| {
            let one = Wanted {
                omop: FxHashSet::default(),
                coded: FxHashSet::from_iter([(item.concept.system.clone(), item.concept.code.clone())]),
            };
            let row = matching_rows(table, &one).iter().next()?;
            omop_id(table, row)
        })
        .ok_or_else(|| {
            format!("the concepts below {named} are asked for, but its OMOP concept id is not known; give its omop_id")
        })
}

fn name_of(concept: &ConceptRef) -> String {
    if concept.display.is_empty() {
        format!("{} {}", concept.system, concept.code)
    } else {
        format!("'{}' ({} {})", concept.display, concept.system, concept.code)
    }
}

#[expect(clippy::cast_possible_truncation, reason = "OMOP ids are integers far below 2^53; others match nothing")]
fn as_id(x: f64) -> Option<i64> {
    (x.fract() == 0.0 && x.abs() < 9e15).then_some(x as i64)
}

fn omop_id(table: &Table, row: usize) -> Option<i64> {
    match table.column(tables::CONCEPT_OMOP_ID)? {
        Column::Number(a) if a.is_valid(row) => as_id(a.value(row)),
        _ => None,
    }
}

fn add_descendants(source: &Source<'_>, ancestors: &FxHashSet<i64>, wanted: &mut FxHashSet<i64>) {
    let Some(table) = source.data.table(tables::CONCEPT_ANCESTOR) else {
        return;
    };
    let (Some(Column::Number(above)), Some(Column::Number(below))) =
        (table.column(tables::ANCESTOR_ID), table.column(tables::DESCENDANT_ID))
    else {
        return;
    };
    for row in 0..table.n_rows() {
        if above.is_valid(row)
            && below.is_valid(row)
            && as_id(above.value(row)).is_some_and(|id| ancestors.contains(&id))
        {
            wanted.extend(as_id(below.value(row)));
        }
    }
}

/// Two concepts are the same if both OMOP ids are known and equal, else if system and code are equal.
fn matching_rows(table: &Table, wanted: &Wanted) -> BitSet {
    let mut rows = BitSet::empty(table.n_rows());
    if !wanted.omop.is_empty() {
        for row in 0..table.n_rows() {
            if omop_id(table, row).is_some_and(|id| wanted.omop.contains(&id)) {
                rows.set(row, true);
            }
        }
    }
    if let (Some(Column::Category(system)), Some(Column::Text(code))) =
        (table.column(tables::CONCEPT_SYSTEM), table.column(tables::CONCEPT_CODE))
    {
        let systems: Vec<FxHashSet<&str>> = system
            .levels
            .iter()
            .map(|level| wanted.coded.iter().filter(|(s, _)| s == level).map(|(_, c)| c.as_str()).collect())
            .collect();
        for row in 0..table.n_rows() {
            if code.is_valid(row)
                && system.codes.is_valid(row)
                && systems.get(system.codes.value(row) as usize).is_some_and(|codes| codes.contains(code.value(row)))
            {
                rows.set(row, true);
            }
        }
    }
    rows
}
