//! The event table.

use std::collections::BTreeMap;

use columnar::Table as Columns;

use super::Assembly;
use super::concepts::Concepts;
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
    let mut order: Vec<(u32, i32, u8, u32, i32, u64, usize)> = all
        .iter()
        .zip(&rows)
        .enumerate()
        .map(|(i, (e, row))| (e.person, e.start, e.table as u8, *row, e.end.unwrap_or(e.start), e.place.line, i))
        .collect();
    order.sort_unstable();
    let screened = screened_texts(a, &all);

    for (.., i) in order {
        let (Some(e), Some(concept)) = (all.get(i), rows.get(i)) else { continue };
        let (answer, unit) = (answer(a, e.value_concept), unit_of(a, e.unit_concept, e.unit_text));
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

/// A coded answer in words.
fn answer(a: &Assembly, concept: i64) -> Option<String> {
    if concept == 0 {
        return None;
    }
    let known = a.vocabulary.get(concept).map(|c| c.display.clone()).filter(|d| !d.is_empty());
    Some(known.unwrap_or_else(|| format!("OMOP {concept}")))
}

/// The unit by its code (UCUM's, where the vocabulary is there), else as the source wrote it.
fn unit_of(a: &Assembly, concept: i64, text: u32) -> Option<String> {
    let known = a.vocabulary.get(concept).filter(|_| concept != 0).map(|c| c.code.clone()).filter(|c| !c.is_empty());
    let source = || a.records.texts.get(text).map(str::to_owned);
    known.or_else(source).or_else(|| (concept != 0).then(|| format!("OMOP {concept}")))
}

/// Answers given as text, after the identifier screen; each text once.
fn screened_texts(a: &mut Assembly, events: &[super::Event]) -> BTreeMap<u32, String> {
    let mut out = BTreeMap::new();
    let mut found = BTreeMap::<notes::Class, u64>::new();
    for e in events {
        if e.value_text == 0 || out.contains_key(&e.value_text) {
            continue;
        }
        let Some(text) = a.records.texts.get(e.value_text) else { continue };
        let clean = if a.core.settings.safe_harbor {
            let screened = notes::screen(text, &notes::KnownIdentifiers::default());
            screened.identifiers.iter().for_each(|i| *found.entry(i.class).or_default() += 1);
            screened.text
        } else {
            text.to_owned()
        };
        out.insert(e.value_text, clean);
    }
    a.core.say_found(found, "values given as text");
    out
}
