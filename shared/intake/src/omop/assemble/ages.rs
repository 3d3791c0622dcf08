//! Ages that stand as measurements or observations: above 89 they become 90.

use super::Assembly;
use super::words::unit_of;
use crate::assemble::{AgesSeen, is_age, is_age_id, is_age_word, tells_old};

/// Caps the ages of events.
pub(super) fn cap(a: &mut Assembly) {
    let of_vocabulary = |id: i64| a.vocabulary.get(id).is_some_and(|c| is_age(&c.system, &c.code));
    let of_source = |source: u32| a.records.texts.get(source).is_some_and(is_age_word);
    let is_age = |(id, source): &(i64, u32)| match *id {
        0 => of_source(*source),
        id => is_age_id(id) || of_vocabulary(id),
    };
    let ages: Vec<bool> = a.records.concepts.all().iter().map(is_age).collect();
    if !a.core.settings.safe_harbor || !ages.contains(&true) {
        return;
    }
    let mut seen = AgesSeen::default();
    let mut events = std::mem::take(&mut a.records.events);
    for event in &mut events {
        if !ages.get(event.concept as usize).is_some_and(|is_age| *is_age) {
            continue;
        }
        let unit = unit_of(&a.records, &a.vocabulary, event.unit);
        let n_before = seen.n_old;
        if let Some(value) = event.value() {
            event.set_value(seen.value(value, unit.as_deref()));
        }
        let (_, text) = a.records.answers.get(event.text);
        let told = a.records.texts.get(text).is_some_and(|text| tells_old(text, unit.as_deref()));
        if told {
            let text = a.records.texts.intern("90");
            event.text = a.records.answers.number((0, text));
            seen.n_old = n_before + 1;
        }
    }
    a.records.events = events;
    seen.say("measurement, observation: ages", &mut a.core.reporter);
}
