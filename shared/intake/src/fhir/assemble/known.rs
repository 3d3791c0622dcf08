//! Patients that are not among the files, but in the dataset that these are added to: an update says whom it is about, and a
//! server that is asked for what changed since last time does not send those who did not.

use super::super::kind::Kind;
use super::super::reference::Key;
use super::super::store::{NONE, Patient, Place, Resource, State, Store};
use crate::key::Keyer;

/// Adds those whom references name, and whose keys are known; gives their number. Nothing is said of them: what the dataset
/// knows of them stays.
pub(super) fn add(store: &mut Store, known: &[u64], keyer: &Keyer) -> u64 {
    let ids = store.lists.subject_ids.take().unwrap_or_default();
    let mut ids: Vec<(String, Key)> = ids.into_iter().map(|(key, id)| (id, key)).collect();
    ids.retain(|(_, key)| store.find(*key) == Ok(None));
    crate::order::sort_by(&mut ids, |a, b| a.0.cmp(&b.0));
    let mut n_added = 0;
    // One id may be named with and without its server.
    let mut last: Option<(String, u32)> = None;
    for (id, key) in ids {
        let there = last.as_ref().filter(|(same, _)| *same == id).map(|(_, number)| *number);
        let number = match there {
            Some(number) => number,
            None if known.binary_search(&keyer.person(id.as_bytes()).key).is_err() => continue,
            None => {
                n_added += 1;
                stub(store, &id)
            }
        };
        store.seen.insert(key, number);
        last = Some((id, number));
    }
    n_added
}

/// A patient of whom only the id is known; no row of any file.
fn stub(store: &mut Store, id: &str) -> u32 {
    let number = u32::try_from(store.resources.len()).unwrap_or(NONE);
    let place = Place { count: NONE, line: 0, entry: NONE };
    store.resources.push(Resource { kind: Kind::Patient, state: State::Kept, place, subject: NONE, updated: None });
    store.patients.push(Patient { resource: number, identity: id.to_owned(), sex: "unknown", ..Patient::default() });
    number
}
