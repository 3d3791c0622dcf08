//! One resource in two steps: it is read, for itself, into a draft; then it is taken, among all the others. What is read may
//! travel in between (see [`super::parcel`]).

use std::borrow::Cow;

use serde::{Deserialize, Serialize};

use super::element::{Reading, Skip, key_of};
use super::json::{Fields, Value};
use super::kind::Kind;
use super::reference::Key;
use super::request::{Asked, Search};
use super::store::{Arrival, Draft, Lists, NONE, Place, Resource, State, Store, Tally};
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
    NotUsed(Cow<'static, str>),
    /// Not used: a later version is there.
    Late,
    Rejected(Flaw),
}

/// What a resource replaced.
pub(super) type Replaced = Option<u32>;

/// What a resource says of itself, but for what it gives.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Head {
    pub(super) kind: Kind,
    pub(super) key: Option<Key>,
    /// Stands for its content where it has no key.
    pub(super) digest: [u64; 2],
    /// When this version was stored, where it says so.
    pub(super) updated: Option<i64>,
    /// Nobody else gives a resource this id.
    pub(super) sure: bool,
    pub(super) search: Option<Search>,
    pub(super) is_history: bool,
}

/// What a resource is worth, looked at for itself.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Worth {
    Kept,
    /// It is no event, and why.
    NotUsed(Cow<'static, str>),
    Rejected(Flaw),
}

/// Reads a resource of a kind that is read into the draft. `document`: the day of the document that it stands in.
pub(super) fn read(
    lists: &mut Lists,
    draft: &mut Draft,
    kind: Kind,
    fields: &Fields<'_>,
    (asked, document): (Asked<'_>, Option<i32>),
) -> (Head, Worth) {
    draft.clear();
    let full = asked.full;
    let key = key_of(kind, fields.get("id"), full);
    let id = fields.get("id").and_then(Value::bytes);
    let updated = fields.get("meta").and_then(|m| m.get("lastUpdated")).and_then(Value::bytes).and_then(date::instant);
    let head = Head {
        kind,
        key,
        digest: if key.is_none() { fields.digest() } else { [0; 2] },
        updated: updated.or(asked.stored),
        sure: id.is_some_and(|id| id.len() >= SURE_ID),
        search: asked.search,
        is_history: asked.is_history,
    };
    if let Some(status) = fields.text("status").filter(|status| kind.is_no_event(status)) {
        return (head, Worth::NotUsed(format!("status is {status}").into()));
    }
    let mut reading = Reading { lists, draft, base: full.base, kind, document };
    if let Err(skip) = elements(&mut reading, fields, full.urn) {
        let worth = match skip {
            Skip::NotUsed(why) => Worth::NotUsed(why),
            Skip::Rejected(flaw) => Worth::Rejected(flaw),
        };
        return (head, worth);
    }
    if kind != Kind::Patient {
        let n = fields.get("identifier").map_or(0, |i| i.items().count() as u64);
        reading.identifier(
            class_words("other"),
            "identifier of other resources",
            "numbers of visits, orders and other resources dropped",
            n,
        );
    }
    draft.tally_of(Tally::Inside, inside::count(fields).saturating_sub(draft.n_inside));
    draft.aliases.extend(asked.also.map(|urn| Key::new(0, kind, urn)));
    // References may say the id where the Bundle says a URN.
    let id = id.filter(|id| full.urn.is_some_and(|urn| urn != *id));
    draft.aliases.extend(id.map(|id| Key::new(0, kind, id).anywhere()));
    (head, Worth::Kept)
}

/// Takes a resource that was read among those that are there.
pub(super) fn take(store: &mut Store, draft: &mut Draft, head: Head, worth: Worth, place: Place) -> (Fate, Replaced) {
    let Head { kind, key, updated, search, .. } = head;
    let there = search.and_then(|s| Some((s.replaces, store.called(s.key)?)));
    if let (Some((false, there)), Some(key)) = (there, key) {
        store.also(key, there);
        return (Fate::NotUsed("it is there already (ifNoneExist)".into()), None);
    }
    let found = there.map(|(_, there)| there);
    let also = key.filter(|key| found.is_some_and(|there| there != *key));
    let key = found.or(key);
    let twin = key.and_then(|key| store.twin(key, head.sure, updated));
    let key = key.or_else(|| Some(store.content_key(kind, head.digest)));
    let replaced = match store.arrival(twin.or(key), updated, head.is_history.then_some(place.count)) {
        Arrival::Late => {
            if let (Some(twin), Some(key)) = (twin, key) {
                store.same(twin, key);
            }
            return (Fate::Late, None);
        }
        Arrival::Taken(replaced) => replaced,
    };
    store.notice(draft);
    let resource = |state| Resource { kind, state, place, subject: NONE, updated };
    match worth {
        Worth::Kept => {
            let flaws = std::mem::take(&mut draft.flaws);
            draft.aliases.extend(also.into_iter().chain(search.map(|search| search.key)));
            store.add(key, twin, resource(State::Kept), draft);
            (Fate::Kept(flaws), replaced)
        }
        Worth::NotUsed(why) => {
            draft.clear();
            // That it is no event (any more) holds for the versions before, too.
            if key.is_some() {
                store.add(key, twin, resource(State::NotEvent), draft);
            }
            (Fate::NotUsed(why), replaced)
        }
        // What cannot be read replaces nothing.
        Worth::Rejected(flaw) => (Fate::Rejected(flaw), None),
    }
}

/// Takes a request to delete a resource: what there is of it is no event (any more).
pub(super) fn withdraw(store: &mut Store, draft: &mut Draft, head: Head, place: Place) -> (Fate, Replaced) {
    draft.clear();
    let Some(key) = head.key.map(|key| store.only(key)) else { return (Fate::Late, None) };
    let Arrival::Taken(replaced) = store.arrival(Some(key), head.updated, head.is_history.then_some(place.count))
    else {
        return (Fate::Late, None);
    };
    let Head { kind, updated, .. } = head;
    if kind == Kind::Patient {
        store.tally(Tally::PatientsDeleted, 1);
    }
    store.add(Some(key), None, Resource { kind, state: State::NotEvent, place, subject: NONE, updated }, draft);
    (Fate::NotUsed("deleted (an entry of a Bundle asks for it)".into()), replaced)
}

/// What a request to delete says.
pub(super) fn withdrawal(kind: Kind, key: Key, updated: Option<i64>, is_history: bool) -> Head {
    Head { kind, key: Some(key), digest: [0; 2], updated, sure: false, search: None, is_history }
}

fn elements(r: &mut Reading<'_>, fields: &Fields<'_>, urn: Option<&[u8]>) -> Result<(), Skip> {
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
