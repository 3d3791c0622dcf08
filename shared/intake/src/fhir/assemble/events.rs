//! The event table.

use std::cmp::Ordering;

use columnar::Table as Columns;

use super::super::store::{Event, Texts};
use super::Assembly;
use super::notes::identifiers;
use crate::IntakeError;
use crate::assemble::{Answers, EventRow, EventTable, Findings, Provenance};

/// Makes the table: by person, start, then what the event says, so that the order of the files does not matter.
pub(super) fn make(a: &mut Assembly, findings: Findings, concepts: Vec<u32>) -> Result<Columns, IntakeError> {
    let mut all = std::mem::take(&mut a.store.events);
    let mut table = EventTable::new(all.len(), findings, concepts)?;
    let source = |e: &Event| a.sources.get(e.link as usize).copied().flatten().map(f64::to_bits);
    all.sort_unstable_by(|x, y| order(x, y, &a.store.lists.texts).then_with(|| source(x).cmp(&source(y))));
    let mut answers = Answers::default();
    for e in &all {
        let clean = clean(&mut answers, a, e);
        let words = |number: u32| a.store.lists.texts.get(number).map(str::to_owned);
        let row = EventRow {
            person: e.resource,
            domain: Some(e.domain),
            concept: e.concept,
            start: e.start,
            end: e.end,
            value: e.value,
            text: match clean {
                Some(clean) => Some(table.text_of(&clean)),
                None => table.text(e.text, || words(e.text)),
            },
            unit: table.unit(e.unit, || words(e.unit)),
            provenance: Provenance::Kind(e.kind.name()),
            source: a.sources.get(e.link as usize).copied().flatten(),
        };
        table.push(&mut a.core, &row);
    }
    table.finish(&mut a.core)
}

fn order(x: &Event, y: &Event, texts: &Texts) -> Ordering {
    let key = |e: &Event| (e.resource, e.start, e.domain, e.concept, e.end.unwrap_or(e.start), e.kind);
    let value = |e: &Event| e.value.map(f64::to_bits);
    let words = |e: &Event| (texts.get(e.text).unwrap_or_default(), texts.get(e.unit).unwrap_or_default());
    key(x)
        .cmp(&key(y))
        .then_with(|| value(x).cmp(&value(y)))
        .then_with(|| if (x.text, x.unit) == (y.text, y.unit) { Ordering::Equal } else { words(x).cmp(&words(y)) })
}

/// The text of an event after the screen, if it was written by hand.
fn clean(answers: &mut Answers, a: &mut Assembly, e: &Event) -> Option<String> {
    let (core, texts) = (&mut a.core, &a.store.lists.texts);
    if !core.settings.safe_harbor || !texts.is_free(e.text) {
        return None;
    }
    let patient = a.persons.get(e.resource as usize).and_then(|i| a.store.patients.get(*i as usize));
    let known = || patient.map(identifiers).unwrap_or_default();
    Some(answers.clean(core, (e.text, texts.get(e.text)?), e.resource, known))
}
