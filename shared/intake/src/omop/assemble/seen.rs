//! What one pass over the events finds out: there are millions of them.

use rustc_hash::FxHashSet;

use super::super::pairs::Pairs;
use super::super::record::Records;

/// What the events that are kept have.
pub(super) struct Seen {
    /// By number, whether an event or a span is of the concept.
    pub(super) concepts: Vec<bool>,
    /// Numbers of the answers of events, in the order in which they came.
    pub(super) answers: Vec<u32>,
    /// Events of each person.
    pub(super) counts: Vec<usize>,
    /// Ids of all concepts that events, spans and persons refer to, but for 0.
    pub(super) used: FxHashSet<i64>,
}

/// The numbers that were seen.
struct Numbers {
    is_seen: Vec<bool>,
    in_order: Vec<u32>,
}

impl Numbers {
    fn of(pairs: &Pairs) -> Self {
        Self { is_seen: vec![false; pairs.all().len()], in_order: Vec::new() }
    }

    #[inline]
    fn see(&mut self, number: u32) {
        if let Some(flag) = self.is_seen.get_mut(number as usize)
            && !*flag
        {
            *flag = true;
            self.in_order.push(number);
        }
    }
}

impl Seen {
    pub(super) fn of(records: &Records) -> Self {
        let mut counts = vec![0; records.persons.len()];
        let (mut concepts, mut units) = (Numbers::of(&records.concepts), Numbers::of(&records.units));
        let mut answers = Numbers::of(&records.answers);
        for e in &records.events {
            concepts.see(e.concept);
            answers.see(e.text);
            units.see(e.unit);
            if let Some(n) = counts.get_mut(e.person as usize) {
                *n += 1;
            }
        }
        let of_events = answers.in_order.clone();
        for e in &records.spans {
            concepts.see(e.concept);
            answers.see(e.text);
            units.see(e.unit);
        }
        let named = [(&concepts, &records.concepts), (&answers, &records.answers), (&units, &records.units)];
        let named = named.into_iter().flat_map(|(seen, pairs)| seen.in_order.iter().map(|number| pairs.get(*number).0));
        let used = named.chain(records.of_persons()).filter(|id| *id != 0).collect();
        Self { concepts: concepts.is_seen, answers: of_events, counts, used }
    }
}
