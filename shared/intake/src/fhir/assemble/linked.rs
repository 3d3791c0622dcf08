//! Records of one person that say so (`Patient.link`): the one that gives way becomes the one it gives way to.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;

use super::super::counts::Counts;
use super::super::reference::Key;
use super::super::store::{Patient, Store, Tally};
use super::is_kept;

/// Links followed in a row, at most.
const MAX_CHAIN: usize = 16;

/// The resource that each record gives way to, by resource. What the record that stays does not know is taken from the one that
/// goes; what is looked for in notes is joined.
pub(super) fn follow(store: &mut Store, counts: &mut Counts) -> BTreeMap<u32, u32> {
    let position: FxHashMap<u32, usize> = store.patients.iter().enumerate().map(|(i, p)| (p.resource, i)).collect();
    let find = |key: &Key| store.find(*key).ok().flatten().filter(|r| is_kept(store, *r) && position.contains_key(r));
    let mut way: BTreeMap<u32, u32> = BTreeMap::new();
    let mut n_lost = 0;
    for patient in store.patients.iter().filter(|p| is_kept(store, p.resource)) {
        let to = patient.gives_way_to.iter().find_map(find).filter(|to| *to != patient.resource);
        n_lost += u64::from(to.is_none() && !patient.gives_way_to.is_empty());
        if let Some(to) = to {
            way.insert(patient.resource, to);
        }
        for from in patient.replaces.iter().filter_map(find).filter(|from| *from != patient.resource) {
            way.entry(from).or_insert(patient.resource);
        }
    }
    if n_lost > 0 {
        store.tally.insert(Tally::Replaced, n_lost);
    }
    let end = |from: u32| {
        let mut at = from;
        for _ in 0..MAX_CHAIN {
            match way.get(&at) {
                Some(next) => at = *next,
                None => return Some(at),
            }
        }
        // Records that give way to one another: nobody can say which stays.
        None
    };
    let mut ends: Vec<(u32, u32)> = way.keys().filter_map(|from| Some((*from, end(*from)?))).collect();
    crate::order::sort(&mut ends);
    for (from, to) in &ends {
        let (Some(from), Some(to)) = (position.get(from), position.get(to)) else { continue };
        let gone = store.patients.get(*from).cloned();
        if let (Some(gone), Some(stays)) = (gone, store.patients.get_mut(*to)) {
            if let Some(resource) = store.resources.get(gone.resource as usize) {
                counts.leave_out(resource.place, Some("merged with the record that replaces it"));
            }
            fill(stays, gone);
        }
    }
    ends.into_iter().collect()
}

fn fill(stays: &mut Patient, gone: Patient) {
    if stays.sex == "unknown" {
        stays.sex = gone.sex;
    }
    stays.birth = stays.birth.or(gone.birth);
    stays.death = stays.death.or(gone.death);
    for (here, there) in [
        (&mut stays.race, gone.race),
        (&mut stays.ethnicity, gone.ethnicity),
        (&mut stays.marital_status, gone.marital_status),
        (&mut stays.state, gone.state),
        (&mut stays.zip3, gone.zip3),
    ] {
        if *here == 0 {
            *here = there;
        }
    }
    stays.names.extend(gone.names);
    stays.numbers.extend(gone.numbers);
}
