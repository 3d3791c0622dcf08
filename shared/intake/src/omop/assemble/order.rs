//! The order of events in their table.

use super::Event;

/// Positions of the events by person, start, then domain, concept and end, so that the order of the files does not matter.
/// `rows` are the rows of their concepts. Persons are counted out first: each has few events, which sort fast.
pub(super) fn order(all: &[Event], rows: &[u32], n_persons: usize) -> Vec<usize> {
    let mut ends = vec![0usize; n_persons + 1];
    for event in all {
        if let Some(n) = ends.get_mut(event.person as usize + 1) {
            *n += 1;
        }
    }
    let mut sum = 0;
    for end in &mut ends {
        sum += *end;
        *end = sum;
    }
    // `ends[p]` is where the events of person p begin, and moves on with each of them to where they end.
    let mut order = vec![0usize; all.len()];
    for (i, event) in all.iter().enumerate() {
        let Some(next) = ends.get_mut(event.person as usize) else { continue };
        if let Some(place) = order.get_mut(*next) {
            *place = i;
        }
        *next += 1;
    }
    let key = |i: &usize| {
        let concept = rows.get(*i).copied();
        all.get(*i).map(|e| (e.start, e.table as u8, concept, e.end.unwrap_or(e.start), e.place.line, *i))
    };
    let mut first = 0;
    for end in ends.into_iter().take(n_persons) {
        if let Some(of_person) = order.get_mut(first..end) {
            of_person.sort_unstable_by_key(key);
        }
        first = end;
    }
    order
}
