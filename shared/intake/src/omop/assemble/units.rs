//! Values of common laboratory tests in one unit each, by the LOINC codes of their concepts; what cannot be converted, or
//! cannot be, is said and kept.

use rustc_hash::FxHashMap;

use super::Assembly;
use super::words::unit_of;
use crate::units::{self, How, Quantity, Rule, Settled};

/// Converts the values of concepts that [`units`] knows. Needs the vocabulary: without, no concept says what it measures.
pub(super) fn settle(a: &mut Assembly) {
    let of = |id: i64| a.vocabulary.get(id).filter(|c| c.system == "LOINC").and_then(|c| units::find(&c.code));
    let quantities: Vec<Option<&'static Quantity>> =
        a.records.concepts.all().iter().map(|(id, _)| of(*id).filter(|_| *id != 0)).collect();
    if quantities.iter().all(Option::is_none) {
        return;
    }
    // By concept and unit: the rule, and the number of the unit that it leads to.
    let mut rules: FxHashMap<(u32, u32), (Rule, u32)> = FxHashMap::default();
    let mut tally = Settled::default();
    let mut events = std::mem::take(&mut a.records.events);
    for event in &mut events {
        let (Some(value), Some(Some(quantity))) = (event.value(), quantities.get(event.concept as usize)) else {
            continue;
        };
        let (rule, unit) = *rules.entry((event.concept, event.unit)).or_insert_with(|| {
            let rule = quantity.rule(unit_of(&a.records, &a.vocabulary, event.unit).as_deref());
            let text = a.records.texts.intern(quantity.unit());
            (rule, a.records.units.number((0, text)))
        });
        tally.count(rule.how);
        let settled = rule.apply(value);
        if settled.is_finite() && matches!(rule.how, How::Same | How::Converted) {
            event.set_value(Some(settled));
            event.unit = unit;
            tally.n_implausible += u64::from(!quantity.plausible(settled));
        }
    }
    a.records.events = events;
    tally.say(&mut a.core.reporter);
}
