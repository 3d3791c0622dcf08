//! The event table.

use std::collections::BTreeMap;

use columnar::Table as Columns;

use super::Assembly;
use super::concepts::Concepts;
use super::order::order;
use super::words::Words;
use crate::IntakeError;
use crate::assemble::{EventRow, EventTable, Findings};

/// Makes the table: by person, start, then domain, concept and end, so that the order of the files does not matter.
pub(super) fn make(
    a: &mut Assembly,
    concepts: &Concepts,
    findings: Findings,
    of_findings: Vec<u32>,
) -> Result<Columns, IntakeError> {
    let all = std::mem::take(&mut a.records.events);
    let mut table = EventTable::new(all.len(), findings, of_findings)?;
    let rows: Vec<u32> = all.iter().map(|e| concepts.row(e.concept, a.records.texts.get(e.source))).collect();
    let order = order(&all, &rows, a.records.persons.len());
    let screened = screened_texts(a, &all);

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
            provenance: e.table.name(),
            source: a.source(e.table, e.id),
        };
        table.push(&mut a.core, &row);
    }
    table.finish(&mut a.core)
}

/// Answers given as text, after the identifier screen; each text once.
fn screened_texts(a: &mut Assembly, events: &[super::Event]) -> BTreeMap<u32, String> {
    let mut out = BTreeMap::new();
    for e in events {
        if e.value_text == 0 || out.contains_key(&e.value_text) {
            continue;
        }
        let Some(text) = a.records.texts.get(e.value_text) else { continue };
        let clean = a.core.free.shared("values given as text", &notes::KnownIdentifiers::default(), text);
        out.insert(e.value_text, clean);
    }
    out
}
