//! References followed: events get their persons and concepts, what points nowhere is rejected.

use super::super::counts::Counts;
use super::super::element::{END_BEFORE, LATER};
use super::super::kind::Kind;
use super::super::store::{Event, LateEnd, NONE, Place, State, Store, Tally};
use super::{Assembly, is_kept};
use rustc_hash::FxHashMap;

use crate::report::{Flaw, Reporter};

/// Where a subject's reference leads.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Subject {
    Row(u32),
    Nobody,
    Many,
}

/// What is rejected at the end.
type Late = (Place, Kind, &'static str, &'static str);

const DANGLING: &str = "the patient that it refers to is not among the files: add the file with this patient";
const UNDATED: &str = "no date, and the encounter that would give it is not among the files or has none";
const MANY: &str = "several patients answer to this reference: it is not known whose this is";

/// Gives each event and note the row of its person and its concept. Afterwards `Event::resource` and `Note::resource` are
/// rows of `person`, and `Event::link` is the number of the resource.
pub(super) fn resolve(a: &mut Assembly) {
    let mut late: Vec<Late> = Vec::new();
    let subjects: Vec<Subject> = a.store.subjects.all.iter().map(|key| subject(a, *key)).collect();
    let of = |subject: u32| subjects.get(subject as usize).copied();
    for resource in &mut a.store.resources {
        let (State::Kept, Some(subject)) = (resource.state, of(resource.subject)) else { continue };
        let reason = match subject {
            Subject::Row(_) => continue,
            Subject::Nobody => DANGLING,
            Subject::Many => MANY,
        };
        resource.state = State::Rejected;
        late.push((resource.place, resource.kind, subject_field(resource.kind), reason));
    }
    encounter_days(a, &mut late);
    let links = links(&mut a.store, &mut late);
    unused(a, &links, &mut late);
    let row = |store: &Store, resource: u32| match store.resources.get(resource as usize).and_then(|r| of(r.subject)) {
        Some(Subject::Row(row)) => row,
        _ => NONE,
    };
    let mut events = std::mem::take(&mut a.store.events);
    events.retain_mut(|event| {
        if !is_kept(&a.store, event.resource) {
            return false;
        }
        if let Some((concept, _)) = links.get(event.link as usize).copied().flatten() {
            event.concept = concept;
        }
        event.link = event.resource;
        event.resource = row(&a.store, event.resource);
        event.concept != NONE && event.resource != NONE
    });
    a.store.events = events;
    let mut notes = std::mem::take(&mut a.store.notes);
    notes.retain_mut(|note| {
        let kept = is_kept(&a.store, note.resource);
        note.resource = row(&a.store, note.resource);
        kept && note.resource != NONE
    });
    a.store.notes = notes;
    say(late, &mut a.counts, &mut a.core.reporter);
}

fn subject(a: &Assembly, key: super::super::reference::Key) -> Subject {
    match a.store.find(key) {
        Err(()) => Subject::Many,
        Ok(found) => found.and_then(|i| a.row_of.get(&i)).map_or(Subject::Nobody, |row| Subject::Row(*row)),
    }
}

/// Gives undated resources the first day of their encounter.
fn encounter_days(a: &mut Assembly, late: &mut Vec<Late>) {
    let waiting = std::mem::take(&mut a.store.dated_by);
    if waiting.is_empty() {
        return;
    }
    let visits = a.store.events.iter().filter(|e| e.kind == Kind::Encounter);
    let day_of: FxHashMap<u32, i32> = visits.map(|e| (e.resource, e.start)).collect();
    let mut days: FxHashMap<u32, i32> = FxHashMap::default();
    for (number, key) in waiting {
        if !is_kept(&a.store, number) {
            continue;
        }
        let visit = a.store.find(key).ok().flatten().filter(|i| is_kept(&a.store, *i));
        if let Some(day) = visit.and_then(|i| day_of.get(&i)) {
            days.insert(number, *day);
            a.store.tally(Tally::DatedByEncounter, 1);
        } else if let Some(resource) = a.store.resources.get_mut(number as usize) {
            resource.state = State::Rejected;
            late.push((resource.place, resource.kind, "encounter", UNDATED));
        }
    }
    let ends: FxHashMap<u32, LateEnd> = std::mem::take(&mut a.store.ends).into_iter().collect();
    let mut bad: Vec<(Place, Kind, &'static str)> = Vec::new();
    for event in a.store.events.iter_mut().filter(|e| e.start == LATER) {
        let Some(day) = days.get(&event.resource).copied() else { continue };
        event.start = day;
        let Some(end) = ends.get(&event.resource) else { continue };
        if let Err(field) = ended(event, *end)
            && let Some(resource) = a.store.resources.get(event.resource as usize)
        {
            bad.push((resource.place, resource.kind, field));
        }
    }
    for (place, kind, field) in bad {
        let field = super::super::keeper::path(kind.name(), place.entry, field);
        let flaw = Flaw { field, reason: END_BEFORE.to_owned() };
        a.core.reporter.value(a.counts.file_of(place), place.line, flaw);
    }
    for note in a.store.notes.iter_mut().filter(|n| n.day == LATER) {
        note.day = days.get(&note.resource).copied().unwrap_or(LATER);
    }
}

/// Ends an event whose start is known by now; the field of the end where it lies before the start.
fn ended(event: &mut Event, end: LateEnd) -> Result<(), &'static str> {
    match end {
        LateEnd::Behind(days) => event.end = event.start.checked_add(days),
        LateEnd::Day(_, day) if day >= event.start => event.end = Some(day),
        LateEnd::Day(field, _) => return Err(field.name()),
    }
    Ok(())
}

/// The concept of each link, and the resource that gave it.
fn links(store: &mut Store, late: &mut Vec<Late>) -> Vec<Option<(u32, Option<u32>)>> {
    let mut found = Vec::with_capacity(store.lists.links.len());
    let mut n_elsewhere = 0;
    for link in &store.lists.links {
        let at = link.key.and_then(|key| store.find(key).ok().flatten()).filter(|i| is_kept(store, *i));
        let named = at.and_then(|i| store.named.get(&i).map(|concept| (*concept, Some(i))));
        found.push(named.or(link.spoken.map(|concept| (concept, None))));
    }
    for event in &store.events {
        let Some(link) = store.lists.links.get(event.link as usize) else { continue };
        if found.get(event.link as usize).is_some_and(Option::is_some) {
            continue;
        }
        let Some(resource) = store.resources.get_mut(event.resource as usize) else { continue };
        if resource.state == State::Kept && !link.needed {
            n_elsewhere += 1;
        } else if resource.state == State::Kept {
            resource.state = State::Rejected;
            let (field, reason) = match link.kind {
                Kind::Medication => (
                    "medicationReference",
                    "the Medication that it refers to is not among the files: add the file with the Medications",
                ),
                _ => ("device", "the Device that it refers to is not among the files: add the file with the Devices"),
            };
            late.push((resource.place, resource.kind, field, reason));
        }
    }
    store.tally(Tally::DevicesElsewhere, n_elsewhere);
    found
}

/// Medications that nothing refers to are not used; devices that nothing dates are rejected.
fn unused(a: &mut Assembly, links: &[Option<(u32, Option<u32>)>], late: &mut Vec<Late>) {
    let mut used = vec![false; a.store.resources.len()];
    for event in a.store.events.iter().filter(|e| is_kept(&a.store, e.resource)) {
        let Some((_, Some(i))) = links.get(event.link as usize).copied().flatten() else { continue };
        if let Some(flag) = used.get_mut(i as usize) {
            *flag = true;
        }
    }
    for (resource, used) in a.store.resources.iter_mut().zip(used) {
        if used || resource.state != State::Kept {
            continue;
        }
        match resource.kind {
            Kind::Medication => {
                resource.state = State::NotEvent;
                a.counts.leave_out(resource.place, Some("no event refers to it"));
            }
            Kind::Device => {
                resource.state = State::Rejected;
                let reason = "a Device does not say since when it is used, and no Procedure or DeviceUseStatement that \
                              refers to it does";
                late.push((resource.place, resource.kind, "", reason));
            }
            _ => {}
        }
    }
}

fn subject_field(kind: Kind) -> &'static str {
    match kind {
        Kind::Immunization | Kind::AllergyIntolerance | Kind::Device => "patient",
        _ => "subject",
    }
}

/// Lists and counts late rejections, in the order of the files.
fn say(mut late: Vec<Late>, counts: &mut Counts, reporter: &mut Reporter) {
    crate::order::sort_by_key(&mut late, |(place, ..)| counts.order(*place));
    for (place, kind, field, reason) in late {
        counts.take_back(place);
        if reporter.lists_more() {
            let field = super::super::keeper::path(kind.name(), place.entry, field);
            reporter.row(counts.file_of(place), place.line, Flaw { field, reason: reason.to_owned() });
        }
    }
}
