//! The event table.

use std::cmp::Ordering;
use std::collections::BTreeMap;

use columnar::Table as Columns;
use rustc_hash::FxHashMap;

use super::super::store::{Event, Texts};
use super::Assembly;
use super::notes::Known;
use crate::IntakeError;
use crate::assemble::{EventRow, EventTable, Findings};

/// Makes the table: by person, start, then what the event says, so that the order of the files does not matter.
pub(super) fn make(a: &mut Assembly, findings: Findings, concepts: Vec<u32>) -> Result<Columns, IntakeError> {
    let mut all = std::mem::take(&mut a.store.events);
    let mut table = EventTable::new(all.len(), findings, concepts)?;
    let source = |e: &Event| a.sources.get(e.link as usize).copied().flatten().map(f64::to_bits);
    all.sort_unstable_by(|x, y| order(x, y, &a.store.lists.texts).then_with(|| source(x).cmp(&source(y))));
    let mut free = FreeTexts::default();
    for e in &all {
        let clean = free.clean(a, e);
        let texts = &a.store.lists.texts;
        let row = EventRow {
            person: e.resource,
            domain: Some(e.domain),
            concept: e.concept,
            start: e.start,
            end: e.end,
            value: e.value,
            text: clean.as_deref().or_else(|| texts.get(e.text)),
            unit: texts.get(e.unit),
            provenance: e.kind.name(),
            source: a.sources.get(e.link as usize).copied().flatten(),
        };
        table.push(&mut a.core, &row);
    }
    a.core.say_found(free.found, "values given as text");
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

/// Answers that somebody wrote, after the identifier screen.
#[derive(Default)]
struct FreeTexts {
    /// Screened without knowing whose it is.
    plain: FxHashMap<u32, String>,
    known: Option<(u32, Known)>,
    found: BTreeMap<::notes::Class, u64>,
}

impl FreeTexts {
    /// The text of an event, if it was written by hand and must be screened.
    fn clean(&mut self, a: &Assembly, e: &Event) -> Option<String> {
        if !a.core.settings.safe_harbor || !a.store.lists.texts.is_free(e.text) {
            return None;
        }
        let text = a.store.lists.texts.get(e.text)?;
        let of_person = match &self.known {
            Some((row, known)) if *row == e.resource => known,
            _ => &self.known.insert((e.resource, Known::of(a, e.resource))).1,
        };
        // Most answers say nothing of the person: these are screened once for all.
        if !of_person.is_mentioned(text)
            && let Some(clean) = self.plain.get(&e.text)
        {
            return Some(clean.clone());
        }
        let screened = ::notes::screen(text, &of_person.identifiers);
        screened.identifiers.iter().for_each(|i| *self.found.entry(i.class).or_default() += 1);
        if !of_person.is_mentioned(text) {
            self.plain.insert(e.text, screened.text.clone());
        }
        Some(screened.text)
    }
}
