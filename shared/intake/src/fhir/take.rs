//! One resource: its type, its status, its version, and what it gives.

use super::element::{Reading, Skip, key_of};
use super::json::{Fields, Value};
use super::kind::Kind;
use super::reference::Key;
use super::request::Asked;
use super::store::{Arrival, Draft, NONE, Place, Resource, State, Store, Tally};
use super::{clinical, date, document, inside, medication, observation, patient};
use crate::report::Flaw;
use crate::safe_harbor::class_words;

/// Ids of so many bytes are not given twice by different servers.
const SURE_ID: usize = 16;

/// What became of a resource.
#[derive(Debug)]
pub(super) enum Fate {
    /// Kept; values of it that were set to missing.
    Kept(Vec<Flaw>),
    /// Not used, and why.
    NotUsed(String),
    /// Not used: a later version is there.
    Late,
    Rejected(Flaw),
}

/// What a resource replaced.
pub(super) type Replaced = Option<u32>;

/// Takes a resource of a kind that is read.
pub(super) fn take(
    store: &mut Store,
    draft: &mut Draft,
    kind: Kind,
    fields: &Fields<'_>,
    asked: Asked<'_>,
    place: Place,
) -> (Fate, Replaced) {
    draft.clear();
    let full = asked.full;
    let key = key_of(kind, fields.get("id"), full);
    let updated = fields.get("meta").and_then(|m| m.get("lastUpdated")).and_then(Value::bytes).and_then(date::instant);
    let updated = updated.or(asked.stored);
    let there = asked.search.and_then(|s| Some((s.replaces, store.called(s.key)?)));
    if let (Some((false, there)), Some(key)) = (there, key) {
        store.also(key, there);
        return (Fate::NotUsed("it is there already (ifNoneExist)".to_owned()), None);
    }
    let found = there.map(|(_, there)| there);
    let also = key.filter(|key| found.is_some_and(|there| there != *key));
    let key = found.or(key);
    let sure = fields.get("id").and_then(Value::bytes).is_some_and(|id| id.len() >= SURE_ID);
    let twin = key.and_then(|key| store.twin(key, sure, updated));
    let key = key.or_else(|| Some(store.content_key(kind, fields)));
    let replaced = match store.arrival(twin.or(key), updated, asked.is_history.then_some(place.count)) {
        Arrival::Late => {
            if let (Some(twin), Some(key)) = (twin, key) {
                store.same(twin, key);
            }
            return (Fate::Late, None);
        }
        Arrival::Taken(replaced) => replaced,
    };
    let status = fields.text("status").filter(|status| kind.is_no_event(status));
    let outcome = match status {
        Some(status) => Err(Skip::NotUsed(format!("status is {status}").into())),
        None => {
            let mut reading = Reading { lists: &mut store.lists, draft, base: full.base, kind };
            read(&mut reading, fields, full.urn)
        }
    };
    let resource = |state| Resource { kind, state, place, subject: NONE, updated };
    match outcome {
        Ok(()) => {
            let flaws = std::mem::take(&mut draft.flaws);
            store.lists.tally_of(Tally::Inside, inside::count(fields).saturating_sub(draft.n_inside));
            draft.aliases.extend(also.into_iter().chain(asked.also.map(|urn| Key::new(0, kind, urn))));
            draft.aliases.extend(asked.search.map(|search| search.key));
            // References may say the id where the Bundle says a URN.
            let id = fields.get("id").and_then(Value::bytes).filter(|id| full.urn.is_some_and(|urn| urn != *id));
            draft.aliases.extend(id.map(|id| Key::new(0, kind, id).anywhere()));
            if kind != Kind::Patient {
                let n = fields.get("identifier").map_or(0, |i| i.items().count() as u64);
                store.lists.identifier(
                    class_words("other"),
                    "identifier of other resources",
                    "numbers of visits, orders and other resources dropped",
                    n,
                );
            }
            store.add(key, twin, resource(State::Kept), draft);
            (Fate::Kept(flaws), replaced)
        }
        Err(Skip::NotUsed(why)) => {
            draft.clear();
            // That it is no event (any more) holds for the versions before, too.
            if key.is_some() {
                store.add(key, twin, resource(State::NotEvent), draft);
            }
            (Fate::NotUsed(why.into_owned()), replaced)
        }
        // What cannot be read replaces nothing.
        Err(Skip::Rejected(flaw)) => (Fate::Rejected(flaw), None),
    }
}

/// Takes a request to delete a resource: what there is of it is no event (any more).
pub(super) fn withdraw(
    store: &mut Store,
    draft: &mut Draft,
    (kind, key): (Kind, Key),
    updated: Option<i64>,
    is_history: bool,
    place: Place,
) -> (Fate, Replaced) {
    draft.clear();
    let key = store.only(key);
    let Arrival::Taken(replaced) = store.arrival(Some(key), updated, is_history.then_some(place.count)) else {
        return (Fate::Late, None);
    };
    if kind == Kind::Patient {
        store.lists.tally(Tally::PatientsDeleted);
    }
    store.add(Some(key), None, Resource { kind, state: State::NotEvent, place, subject: NONE, updated }, draft);
    (Fate::NotUsed("deleted (an entry of a Bundle asks for it)".to_owned()), replaced)
}

fn read(r: &mut Reading<'_>, fields: &Fields<'_>, urn: Option<&[u8]>) -> Result<(), Skip> {
    match r.kind {
        Kind::Patient => patient::read(r, fields, urn),
        Kind::Encounter => clinical::encounter(r, fields),
        Kind::Condition => clinical::condition(r, fields),
        Kind::Observation => observation::read(r, fields),
        Kind::MedicationRequest
        | Kind::MedicationStatement
        | Kind::MedicationAdministration
        | Kind::MedicationDispense => medication::read(r, fields),
        Kind::Medication => {
            r.draft.concept = r.own_concept(fields, Kind::Medication);
            match r.draft.concept {
                Some(_) => Ok(()),
                None => super::element::reject("code", "neither a code nor words: it is not known what drug this is"),
            }
        }
        Kind::Procedure => clinical::procedure(r, fields),
        Kind::Immunization => clinical::immunization(r, fields),
        Kind::AllergyIntolerance => clinical::allergy(r, fields),
        Kind::DiagnosticReport => observation::report(r, fields),
        Kind::DocumentReference => document::read(r, fields),
        Kind::Composition => document::composition(r, fields),
        Kind::Device => clinical::device(r, fields),
        Kind::DeviceUseStatement | Kind::DeviceUsage => clinical::device_use(r, fields),
    }
}
