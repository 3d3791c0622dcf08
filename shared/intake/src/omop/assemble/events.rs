//! The event table.

use columnar::Table as Columns;
use rustc_hash::{FxHashMap, FxHashSet};

use super::Assembly;
use super::concepts::Concepts;
use super::order::order;
use super::words::Words;
use crate::IntakeError;
use crate::assemble::{EventRow, EventTable, Findings, Provenance};

/// Makes the table: by person, start, then domain, concept and end, so that the order of the files does not matter.
pub(super) fn make(
    a: &mut Assembly,
    concepts: &Concepts,
    findings: Findings,
    of_findings: Vec<u32>,
) -> Result<Columns, IntakeError> {
    let all = std::mem::take(&mut a.records.events);
    let mut table = EventTable::new(all.len(), findings, of_findings)?;
    let Seen { rows, counts, answers } = Seen::of(&all, concepts, a.records.persons.len());
    let order = order(&all, &rows, &counts);
    let screened = screened_texts(a, &answers);

    let mut known = Words::default();
    for i in order {
        let (Some(e), Some(concept)) = (all.get(i), rows.get(i)) else { continue };
        let (answer, unit) = (known.answer(a, e.value_concept), known.unit(a, e.unit_concept, e.unit_text));
        let row = EventRow {
            person: e.person,
            domain: e.table.domain(),
            concept: *concept,
            start: e.start,
            end: e.end,
            value: e.value,
            text: answer.as_deref().or_else(|| screened.get(&e.value_text).map(String::as_str)),
            unit: unit.as_deref(),
            provenance: Provenance::Kind(e.table.name()),
            source: a.source(e.table, e.id),
        };
        table.push(&mut a.core, &row);
    }
    table.finish(&mut a.core)
}

/// What one pass over the events finds out: there are millions of them.
struct Seen {
    /// Row of `concept` of each.
    rows: Vec<u32>,
    /// Events of each person.
    counts: Vec<usize>,
    /// Answers given as text, each once.
    answers: Vec<u32>,
}

impl Seen {
    fn of(events: &[super::Event], concepts: &Concepts, n_persons: usize) -> Self {
        let mut seen = Self { rows: Vec::with_capacity(events.len()), counts: vec![0; n_persons], answers: Vec::new() };
        let mut known = FxHashSet::default();
        for e in events {
            seen.rows.push(concepts.row(e.concept, e.source));
            if let Some(n) = seen.counts.get_mut(e.person as usize) {
                *n += 1;
            }
            if e.value_text != 0 && known.insert(e.value_text) {
                seen.answers.push(e.value_text);
            }
        }
        seen
    }
}

/// Answers given as text, after the identifier screen.
fn screened_texts(a: &mut Assembly, answers: &[u32]) -> FxHashMap<u32, String> {
    let mut out = FxHashMap::default();
    for answer in answers {
        let Some(text) = a.records.texts.get(*answer) else { continue };
        let clean = a.core.free.shared("values given as text", &notes::KnownIdentifiers::default(), text);
        out.insert(*answer, clean);
    }
    out
}
