//! The event table.

use std::cmp::Ordering;

use columnar::Table as Columns;
use columnar::build::{CategoryBuilder, DayBuilder, IndexBuilder, NumberBuilder};
use model::tables;
use rustc_hash::FxHashMap;

use super::super::store::{Event, Texts};
use super::notes::Known;
use super::{Assembly, table};
use crate::IntakeError;

/// Makes the table: by person, start, then what the event says, so that the order of the files does not matter.
pub(super) fn make(a: &mut Assembly) -> Result<Columns, IntakeError> {
    let mut all = std::mem::take(&mut a.store.events);
    if u32::try_from(all.len()).is_err() {
        let detail = "more than four thousand million events".to_owned();
        return Err(IntakeError::TooLarge { file: "the import".to_owned(), detail });
    }
    all.sort_unstable_by(|x, y| order(x, y, &a.store.lists.texts));
    let mut free = FreeTexts::default();
    let (mut person, mut concept) = (IndexBuilder::new(), IndexBuilder::new());
    let (mut start, mut end, mut value) = (DayBuilder::new(), DayBuilder::new(), NumberBuilder::new());
    let (mut domain, mut provenance) = (CategoryBuilder::new(), CategoryBuilder::new());
    let (mut words, mut unit) = (CategoryBuilder::new(), CategoryBuilder::new());
    for e in &all {
        person.push(e.resource);
        concept.push(e.concept);
        domain.push(Some(e.domain.name()));
        provenance.push(Some(e.kind.name()));
        start.push(Some(a.moved(e.resource, e.start)));
        end.push(e.end.map(|day| a.moved(e.resource, day)));
        value.push(e.value);
        words.push(free.clean(a, e).as_deref().or_else(|| a.store.lists.texts.get(e.text)));
        unit.push(a.store.lists.texts.get(e.unit));
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
}

impl FreeTexts {
    /// The text of an event, if it was written by hand and must be screened.
    fn clean(&mut self, a: &mut Assembly, e: &Event) -> Option<String> {
        if !a.settings.safe_harbor || !a.store.lists.texts.is_free(e.text) {
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
        let clean = a.free.shared("values given as text", &of_person.identifiers, text);
        if !of_person.is_mentioned(text) {
            self.plain.insert(e.text, clean.clone());
        }
        Some(clean)
    }
}
