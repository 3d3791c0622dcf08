//! The order of events in their table.

use super::Event;

/// What events are ordered by, and the position of each.
type Key = (i32, u8, u32, i32, u64, u32);

/// Positions of the events by person, start, then domain, concept and end, so that the order of the files does not matter.
/// `rows` are the rows of their concepts, `counts` says how many events each person has. Persons are counted out first: each
/// has few events, which sort fast. The keys of a person are put side by side: looked up at each comparison, they would be
/// all over the memory.
pub(super) fn order(all: &[Event], rows: &[u32], counts: &[usize]) -> impl Iterator<Item = usize> {
    let mut next = Vec::with_capacity(counts.len());
    let mut sum = 0;
    for n in counts {
        next.push(sum);
        sum += n;
    }
    let mut keys: Vec<Key> = vec![(0, 0, 0, 0, 0, u32::MAX); sum];
    for ((i, e), concept) in (0u32..).zip(all).zip(rows) {
        let Some(next) = next.get_mut(e.person as usize) else { continue };
        if let Some(place) = keys.get_mut(*next) {
            *place = (e.start, e.table as u8, *concept, e.end.unwrap_or(e.start), e.place.line, i);
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
    keys.into_iter().map(|(.., i)| i as usize)
}
