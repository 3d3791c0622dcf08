//! The event table.

use std::collections::BTreeMap;

use columnar::Table as Columns;
use columnar::build::{CategoryBuilder, DayBuilder, IndexBuilder, NumberBuilder};
use model::tables;

use super::concepts::Concepts;
use super::order::order;
use super::words::Words;
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
    let order = order(&all, &rows, a.records.persons.len());
    let screened = screened_texts(a, &all);

    let (mut person, mut concept) = (IndexBuilder::new(), IndexBuilder::new());
    let (mut start, mut end, mut value) = (DayBuilder::new(), DayBuilder::new(), NumberBuilder::new());
    let (mut domain, mut provenance) = (CategoryBuilder::new(), CategoryBuilder::new());
    let (mut words, mut unit) = (CategoryBuilder::new(), CategoryBuilder::new());
    let mut known = Words::default();
    for i in order {
        let (Some(e), Some(row)) = (all.get_mut(i), rows.get(i)) else { continue };
        person.push(e.person);
        concept.push(*row);
        domain.push(e.table.domain().map(model::concept::Domain::name));
        provenance.push(Some(e.table.name()));
        start.push(Some(a.moved(e.person, e.start)));
        end.push(e.end.map(|day| a.moved(e.person, day)));
        value.push(e.value);
        let answer = known.answer(a, e.value_concept);
        words.push(answer.as_deref().or_else(|| screened.get(&e.value_text).map(String::as_str)));
        unit.push(known.unit(a, e.unit_concept, e.unit_text).as_deref());
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

/// Answers given as text, after the identifier screen; each text once.
fn screened_texts(a: &mut Assembly, events: &[super::Event]) -> BTreeMap<u32, String> {
    let mut out = BTreeMap::new();
    let mut found = BTreeMap::<notes::Class, u64>::new();
    for e in events {
        if e.value_text == 0 || out.contains_key(&e.value_text) {
            continue;
        }
        let Some(text) = a.records.texts.get(e.value_text) else { continue };
        let clean = if a.settings.safe_harbor {
            let screened = notes::screen(text, &notes::KnownIdentifiers::default());
            screened.identifiers.iter().for_each(|i| *found.entry(i.class).or_default() += 1);
            screened.text
        } else {
            text.to_owned()
        };
        out.insert(e.value_text, clean);
    }
    for (class, n) in found {
        a.reporter.identifiers(class.safe_harbor(), n, format!("replaced by {} in values given as text", class.tag()));
    }
    out
}
