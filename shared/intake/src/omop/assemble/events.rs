//! The event table.

use std::collections::BTreeMap;

use columnar::Table as Columns;
use columnar::build::{CategoryBuilder, DayBuilder, IndexBuilder, NumberBuilder};
use model::tables;

use super::concepts::Concepts;
use super::{Assembly, table};
use crate::IntakeError;

/// Makes the table: by person, start, then domain, concept and end, so that the order of the files does not matter.
pub(super) fn make(a: &mut Assembly, concepts: &Concepts) -> Result<Columns, IntakeError> {
    let mut all = std::mem::take(&mut a.records.events);
    if u32::try_from(all.len()).is_err() {
        let detail = "more than four thousand million events".to_owned();
        return Err(IntakeError::TooLarge { file: "the folder".to_owned(), detail });
    }
    let rows: Vec<u32> = all.iter().map(|e| concepts.row(e.concept, a.records.texts.get(e.source))).collect();
    let mut order: Vec<(u32, i32, u8, u32, i32, u64, usize)> = all
        .iter()
        .zip(&rows)
        .enumerate()
        .map(|(i, (e, row))| (e.person, e.start, e.table as u8, *row, e.end.unwrap_or(e.start), e.place.line, i))
        .collect();
    order.sort_unstable();
    let screened = screened_texts(a, &all);

    let (mut person, mut concept) = (IndexBuilder::new(), IndexBuilder::new());
    let (mut start, mut end, mut value) = (DayBuilder::new(), DayBuilder::new(), NumberBuilder::new());
    let (mut domain, mut provenance) = (CategoryBuilder::new(), CategoryBuilder::new());
    let (mut words, mut unit) = (CategoryBuilder::new(), CategoryBuilder::new());
    for (.., i) in order {
        let (Some(e), Some(row)) = (all.get_mut(i), rows.get(i)) else { continue };
        person.push(e.person);
        concept.push(*row);
        domain.push(e.table.domain().map(model::concept::Domain::name));
        provenance.push(Some(e.table.name()));
        start.push(Some(a.moved(e.person, e.start)));
        end.push(e.end.map(|day| a.moved(e.person, day)));
        value.push(e.value);
        words.push(answer(a, e.value_concept).as_deref().or_else(|| screened.get(&e.value_text).map(String::as_str)));
        unit.push(unit_of(a, e.unit_concept, e.unit_text).as_deref());
    }
    table(vec![
        (tables::EVENT_PERSON, person.finish()),
        (tables::EVENT_DOMAIN, domain.finish()),
        (tables::EVENT_CONCEPT, concept.finish()),
        (tables::EVENT_START_DAY, start.finish()),
        (tables::EVENT_END_DAY, end.finish()),
        (tables::EVENT_VALUE, value.finish()),
        (tables::EVENT_VALUE_TEXT, words.finish()),
        (tables::EVENT_UNIT, unit.finish()),
        (tables::EVENT_PROVENANCE, provenance.finish()),
    ])
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
    for e in events {
        if e.value_text == 0 || out.contains_key(&e.value_text) {
            continue;
        }
        let Some(text) = a.records.texts.get(e.value_text) else { continue };
        let clean = a.free.shared("values given as text", &notes::KnownIdentifiers::default(), text);
        out.insert(e.value_text, clean);
    }
    out
}
