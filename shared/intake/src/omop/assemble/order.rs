//! The order of events in their table.

use super::super::layout::Table;
use super::Event;

/// What events of a person are ordered by, and the position of each, in one long number.
type Key = [u64; 3];

fn key(e: &Event, table: Table, concept: u32, i: u32) -> Key {
    // Days in the order of numbers without a sign.
    let day = |day: i32| u64::from(day.cast_unsigned() ^ (1 << 31));
    let (concept, end, line) = (u64::from(concept), day(e.last()), e.place.line());
    [
        day(e.start) << 32 | (table as u64) << 24 | concept >> 8,
        (concept & 0xff) << 56 | end << 24 | line >> 8,
        (line & 0xff) << 32 | u64::from(i),
    ]
}

/// Positions of the events by person, start, then domain, concept and end, so that the order of the files does not matter.
/// `of` gives the table of an event and the row of its concept, `counts` says how many events each person has. Persons are
/// counted out first: each has few events, which sort fast. The keys of a person are put side by side: looked up at each
/// comparison, they would be all over the memory.
pub(super) fn order(
    all: &[Event],
    of: impl Fn(&Event) -> (Table, u32),
    counts: &[usize],
) -> impl Iterator<Item = usize> {
    let mut next = Vec::with_capacity(counts.len());
    let mut sum = 0;
    for n in counts {
        next.push(sum);
        sum += n;
    }
    let mut keys: Vec<Key> = vec![[0; 3]; sum];
    for (i, e) in (0u32..).zip(all) {
        let Some(next) = next.get_mut(e.person as usize) else { continue };
        if let Some(place) = keys.get_mut(*next) {
            let (table, concept) = of(e);
            *place = key(e, table, concept, i);
        }
        *next += 1;
    }
    let mut rest = keys.as_mut_slice();
    for n in counts {
        let Some((of_person, others)) = rest.split_at_mut_checked(*n) else { break };
        if !of_person.is_sorted() {
            of_person.sort_unstable();
        }
        rest = others;
    }
    keys.into_iter().map(|[.., last]| (last & 0xffff_ffff) as usize)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::event::Place;
    use crate::omop::ids::LongIds;

    #[test]
    fn keys_are_ordered_as_what_is_in_them() {
        let id = LongIds::default().short(None);
        let mut all = Vec::new();
        for start in [-5, 0, 7] {
            for (table, concept) in [(Table::Visit, 9), (Table::Drug, 0), (Table::Drug, 300), (Table::Drug, u32::MAX)] {
                for (end, line) in [(None, 3), (Some(8), 1), (Some(8), 600), (Some(9), u64::from(u32::MAX))] {
                    let mut event = Event::new(0, concept, start, Place::new(0, line), id);
                    event.set_end(end);
                    all.push((event, table));
                }
            }
        }
        let plain = |(e, table): &(Event, Table)| (e.start, *table as u8, e.concept, e.last(), e.place.line());
        let long = |(e, table): &(Event, Table)| key(e, *table, e.concept, 0);
        for x in &all {
            for y in &all {
                assert_eq!(long(x).cmp(&long(y)), plain(x).cmp(&plain(y)), "{x:?} {y:?}");
            }
        }
    }
}
