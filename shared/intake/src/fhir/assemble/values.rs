//! Values of common quantities in one unit each; what cannot be converted or cannot be is said and kept.

use rustc_hash::FxHashMap;

use super::Assembly;
use crate::assemble::{AgesSeen, is_age, tells_old};
use crate::units::{self, How, Quantity, Rule, Settled};

/// Converts values of LOINC codes that [`units`] knows.
pub(super) fn settle(a: &mut Assembly) {
    let lists = &mut a.store.lists;
    let of = |c: &super::super::store::Concept| (c.system == "LOINC").then(|| units::find(&c.code)).flatten();
    let quantities: Vec<Option<&'static Quantity>> = lists.concepts.all.iter().map(of).collect();
    // By unit as written and concept: the rule and the unit it leads to.
    let mut rules: FxHashMap<(u32, u32), (Rule, u32)> = FxHashMap::default();
    let mut tally = Settled::default();
    for event in &mut a.store.events {
        let (Some(value), Some(Some(quantity))) = (event.value, quantities.get(event.concept as usize)) else {
            continue;
        };
        let (rule, unit) = *rules.entry((event.unit, event.concept)).or_insert_with(|| {
            let rule = quantity.rule(lists.texts.get(event.unit));
            let known = matches!(rule.how, How::Same | How::Converted);
            (rule, if known { lists.texts.coded(quantity.unit()) } else { event.unit })
        });
        tally.count(rule.how);
        let settled = rule.apply(value);
        if !settled.is_finite() {
            tally.count(How::Unconvertible);
            continue;
        }
        event.value = Some(settled);
        event.unit = unit;
        if matches!(rule.how, How::Same | How::Converted) && !quantity.plausible(settled) {
            tally.n_implausible += 1;
        }
    }
    tally.say(&mut a.core.reporter);
}

/// Ages above 89 become 90.
pub(super) fn cap_ages(a: &mut Assembly) {
    let lists = &mut a.store.lists;
    let ages: Vec<bool> = lists.concepts.all.iter().map(|c| is_age(&c.system, &c.code)).collect();
    if !a.core.settings.safe_harbor || !ages.contains(&true) {
        return;
    }
    let mut seen = AgesSeen::default();
    for event in &mut a.store.events {
        if !ages.get(event.concept as usize).is_some_and(|is_age| *is_age) {
            continue;
        }
        let unit = lists.texts.get(event.unit);
        let n_before = seen.n_old;
        event.value = event.value.and_then(|value| seen.value(value, unit));
        if lists.texts.get(event.text).is_some_and(|text| tells_old(text, unit)) {
            seen.n_old = n_before + 1;
            event.text = lists.texts.coded("90");
        }
    }
    seen.say("Observation.value[x]", &mut a.core.reporter);
}
