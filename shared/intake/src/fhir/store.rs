//! What was read, as compactly as it can wait for what comes later: patients may come behind their events.

mod tally;
mod words;

use std::borrow::Cow;
use std::collections::BTreeMap;

use model::concept::Domain;
use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::kind::Kind;
use super::reference::{Bases, Key};
use crate::key::SourceKeyer;
use crate::report::Flaw;
pub(super) use tally::Tally;
pub(super) use words::{Concept, Concepts, Texts};

/// Servers among which a resource that names none is looked for.
const MAX_SERVERS: u32 = 8;

/// No number.
pub(super) const NONE: u32 = u32::MAX;

/// Where a resource stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    /// Which count of file and type it belongs to.
    pub(super) count: u32,
    pub(super) line: u64,
    /// Number in its Bundle, from 0; [`NONE`] outside of one.
    pub(super) entry: u32,
}

/// What became of a resource.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    Kept,
    /// Its status says that it is no event.
    NotEvent,
    /// A later version came.
    Superseded,
    Rejected,
}

/// A resource of a kind that is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Resource {
    pub(super) kind: Kind,
    pub(super) state: State,
    pub(super) place: Place,
    /// Number of its subject's key.
    pub(super) subject: u32,
    /// When this version was stored, where it says so.
    pub(super) updated: Option<i64>,
}

/// An event of a resource.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Event {
    pub(super) resource: u32,
    pub(super) kind: Kind,
    pub(super) domain: Domain,
    pub(super) concept: u32,
    /// Number of the link that gives the concept, or [`NONE`]; once references are followed, number of the resource.
    pub(super) link: u32,
    pub(super) start: i32,
    pub(super) end: Option<i32>,
    pub(super) value: Option<f64>,
    pub(super) text: u32,
    pub(super) unit: u32,
}

/// A field that an event's end stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum EndField {
    PeriodEnd,
    AbatementDateTime,
    AbatementPeriod,
    DosageBounds,
}

impl EndField {
    pub(super) fn name(self) -> &'static str {
        match self {
            EndField::PeriodEnd => "period.end",
            EndField::AbatementDateTime => "abatementDateTime",
            EndField::AbatementPeriod => "abatementPeriod",
            EndField::DosageBounds => "dosage.timing.repeat.boundsPeriod.end",
        }
    }
}

/// The end of an event whose start is that of its encounter.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) enum LateEnd {
    /// A day, and the field that it stands in: it has to be checked against the start.
    Day(EndField, i32),
    /// Days behind the start.
    Behind(i32),
}

/// A note of a resource.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Note {
    pub(super) resource: u32,
    pub(super) day: i32,
    pub(super) title: u32,
    pub(super) text: String,
    /// Number of the resource, once references are followed.
    pub(super) of: u32,
}

/// A Medication or Device that events take their concept from.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(super) struct Link {
    pub(super) key: Option<Key>,
    pub(super) kind: Kind,
    /// The concept of the reference's own words.
    pub(super) spoken: Option<u32>,
    /// The resource is worth nothing without it.
    pub(super) needed: bool,
}

/// A patient.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Patient {
    pub(super) resource: u32,
    /// What the person key is made from.
    pub(super) identity: String,
    #[serde(with = "crate::sex::coded")]
    pub(super) sex: crate::sex::Word,
    pub(super) birth: Option<(i32, u32, u32)>,
    pub(super) death: Option<i32>,
    pub(super) race: u32,
    pub(super) ethnicity: u32,
    pub(super) marital_status: u32,
    pub(super) state: u32,
    pub(super) zip3: u32,
    /// Records of the same person that this one gives way to.
    pub(super) gives_way_to: Vec<Key>,
    /// Records of the same person that give way to this one.
    pub(super) replaces: Vec<Key>,
    /// Looked for in notes.
    pub(super) names: Vec<String>,
    /// Looked for in notes.
    pub(super) numbers: Vec<String>,
}

/// What one resource gives, before it is known whether it counts.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Draft {
    pub(super) subject: Option<Key>,
    pub(super) events: Vec<Event>,
    pub(super) notes: Vec<Note>,
    pub(super) patient: Option<Patient>,
    /// Concept of a Medication or Device.
    pub(super) concept: Option<u32>,
    /// Other keys that lead to it.
    pub(super) aliases: Vec<Key>,
    /// The encounter whose day is that of the undated events.
    pub(super) dated_by: Option<Key>,
    /// When the undated events end.
    pub(super) ends: Option<LateEnd>,
    /// Contained resources that events were made of.
    pub(super) n_inside: u64,
    /// Values that are set to missing.
    pub(super) flaws: Vec<Flaw>,
    /// Things worth a sentence in the report.
    pub(super) tally: Vec<(Tally, u64)>,
    /// Identifiers that were left out: number of the words in [`Lists::told`], and how many.
    pub(super) identifiers: Vec<(u32, u64)>,
}

impl Draft {
    pub(super) fn clear(&mut self) {
        self.subject = None;
        self.events.clear();
        self.notes.clear();
        self.patient = None;
        self.concept = None;
        self.aliases.clear();
        self.dated_by = None;
        self.ends = None;
        self.n_inside = 0;
        self.flaws.clear();
        self.tally.clear();
        self.identifiers.clear();
    }

    pub(super) fn tally(&mut self, what: Tally) {
        self.tally_of(what, 1);
    }

    pub(super) fn tally_of(&mut self, what: Tally, n: u64) {
        if n > 0 {
            self.tally.push((what, n));
        }
    }
}

/// Where another key leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Alias {
    One(Key),
    /// Several resources have it: whoever follows it would have to guess.
    Many,
}

/// Words about identifiers that are left out: class, place, what was done.
pub(super) type Told = (Cow<'static, str>, Cow<'static, str>, Cow<'static, str>);

/// Texts and keys that resources share.
#[derive(Default)]
pub(super) struct Lists {
    pub(super) bases: Bases,
    pub(super) texts: Texts,
    pub(super) concepts: Concepts,
    pub(super) links: Vec<Link>,
    /// Ids of the subjects as they stand in references, where subjects may be known otherwise than by a Patient.
    pub(super) subject_ids: Option<FxHashMap<Key, String>>,
    /// What is said of identifiers, each once: a few dozen.
    pub(super) told: Vec<Told>,
}

impl Lists {
    /// The number of what is said of identifiers.
    pub(super) fn told(&mut self, class: &'static str, place: &'static str, action: &'static str) -> u32 {
        self.told_of((class.into(), place.into(), action.into()))
    }

    pub(super) fn told_of(&mut self, words: Told) -> u32 {
        let at = self.told.iter().position(|told| *told == words).unwrap_or(self.told.len());
        if at == self.told.len() {
            self.told.push(words);
        }
        u32::try_from(at).unwrap_or(NONE)
    }
}

/// Everything that was read.
#[derive(Default)]
pub(super) struct Store {
    pub(super) lists: Lists,
    /// Things worth a sentence in the report.
    pub(super) tally: BTreeMap<Tally, u64>,
    /// Identifiers that were left out, by the number of the words about them.
    pub(super) identifiers: BTreeMap<u32, u64>,
    pub(super) subjects: Keys,
    pub(super) resources: Vec<Resource>,
    /// The version that counts, by key.
    pub(super) seen: FxHashMap<Key, u32>,
    pub(super) aliases: FxHashMap<Key, Alias>,
    pub(super) events: Vec<Event>,
    pub(super) notes: Vec<Note>,
    pub(super) patients: Vec<Patient>,
    /// Resources that have the day of an encounter.
    pub(super) dated_by: Vec<(u32, Key)>,
    /// Ends of these.
    pub(super) ends: Vec<(u32, LateEnd)>,
    /// Concepts of Medications and Devices, by resource.
    pub(super) named: FxHashMap<u32, u32>,
    /// Resources without an id in the file at hand, by their content: how often each stood there.
    pub(super) copies: FxHashMap<[u64; 2], u32>,
}

/// Keys, each once, numbered.
#[derive(Default)]
pub(super) struct Keys {
    numbers: FxHashMap<Key, u32>,
    pub(super) all: Vec<Key>,
}

impl Keys {
    fn number(&mut self, key: Key) -> u32 {
        let next = u32::try_from(self.all.len()).unwrap_or(NONE);
        *self.numbers.entry(key).or_insert_with(|| {
            self.all.push(key);
            next
        })
    }
}

/// What the arrival of a version means for the one that was there.
pub(super) enum Arrival {
    /// It is the first, or replaces this resource.
    Taken(Option<u32>),
    /// A later version is there.
    Late,
}

impl Store {
    pub(super) fn tally(&mut self, what: Tally, n: u64) {
        if n > 0 {
            *self.tally.entry(what).or_default() += n;
        }
    }

    /// Counts what was noticed in a resource, whatever becomes of it.
    pub(super) fn notice(&mut self, draft: &mut Draft) {
        for (what, n) in draft.tally.drain(..) {
            self.tally(what, n);
        }
        for (told, n) in draft.identifiers.drain(..) {
            *self.identifiers.entry(told).or_default() += n;
        }
    }

    /// Which of two versions counts: the one stored later where both say when, else the one that comes later; within the
    /// history of one file (its count) the one that comes first.
    pub(super) fn arrival(&self, key: Option<Key>, updated: Option<i64>, history: Option<u32>) -> Arrival {
        let Some(&there) = key.as_ref().and_then(|k| self.seen.get(k)) else { return Arrival::Taken(None) };
        let old = self.resources.get(there as usize);
        match (old.and_then(|r| r.updated), updated) {
            (Some(old), Some(new)) if new < old => return Arrival::Late,
            (Some(old), Some(new)) if new > old => {}
            _ if history.is_some() && old.map(|r| r.place.count) == history => return Arrival::Late,
            _ => {}
        }
        Arrival::Taken(Some(there))
    }

    /// The key of the resource that answers to an identifier, if it is one.
    pub(super) fn called(&self, identifier: Key) -> Option<Key> {
        match self.aliases.get(&identifier) {
            Some(Alias::One(key)) if self.seen.contains_key(key) => Some(*key),
            _ => None,
        }
    }

    /// Lets another key lead to a resource, which is not known by it yet.
    pub(super) fn also(&mut self, key: Key, to: Key) {
        if key != to {
            self.aliases.entry(key).or_insert(Alias::One(to));
        }
    }

    /// The key by which a resource is known that is named with or without its server: the key itself where there are none or
    /// several.
    pub(super) fn only(&self, key: Key) -> Key {
        if self.seen.contains_key(&key) {
            return key;
        }
        let servers = if key.is_nowhere() { 1..=self.lists.bases.len().min(MAX_SERVERS) } else { 0..=0 };
        let mut there = servers.map(|server| key.on(server)).filter(|key| self.seen.contains_key(key));
        match (there.next(), there.next(), self.aliases.get(&key.anywhere())) {
            (Some(only), None, _) => only,
            (None, _, Some(Alias::One(only))) => *only,
            _ => key,
        }
    }

    /// The key of a resource without an id: its content, and the how manieth of this content in its file it is. So a file that
    /// is given twice counts once, and two equal resources of one file count twice.
    pub(super) fn content_key(&mut self, kind: Kind, digest: [u64; 2]) -> Key {
        let nth = self.copies.entry(digest).or_default();
        *nth += 1;
        Key::content(kind, digest, *nth)
    }

    /// The key under which the same resource came from a named server where now none is named, or the other way round: the
    /// same type and id, and either an id that nobody gives twice, or the same time of storing.
    pub(super) fn twin(&self, key: Key, sure: bool, updated: Option<i64>) -> Option<Key> {
        if self.seen.contains_key(&key) {
            return None;
        }
        let servers = self.lists.bases.len().min(MAX_SERVERS);
        let others = if key.is_nowhere() { 1..=servers } else { 0..=0 };
        others.map(|server| key.on(server)).find(|other| {
            let there = self.seen.get(other).and_then(|n| self.resources.get(*n as usize));
            there.is_some_and(|there| sure || (updated.is_some() && there.updated == updated))
        })
    }

    /// Lets a second key lead to the resource that a first one leads to.
    pub(super) fn same(&mut self, first: Key, second: Key) {
        if let Some(&number) = self.seen.get(&first) {
            self.seen.insert(second, number);
        }
    }

    /// Takes a resource that is kept, or says that there is no event. `twin`: the other key of the same resource.
    pub(super) fn add(&mut self, key: Option<Key>, twin: Option<Key>, mut resource: Resource, draft: &mut Draft) {
        let number = u32::try_from(self.resources.len()).unwrap_or(NONE);
        resource.subject = draft.subject.map_or(NONE, |key| self.subjects.number(key));
        self.resources.push(resource);
        if let Some(key) = key {
            self.seen.insert(key, number);
            self.seen.extend(twin.map(|twin| (twin, number)));
            if matches!(resource.kind, Kind::Patient | Kind::Medication | Kind::Device) {
                draft.aliases.push(key.anywhere());
            }
            for alias in draft.aliases.drain(..).filter(|alias| *alias != key) {
                let to = self.aliases.entry(alias).or_insert(Alias::One(key));
                if twin.is_some_and(|twin| *to == Alias::One(twin)) {
                    *to = Alias::One(key);
                } else if *to != Alias::One(key) {
                    *to = Alias::Many;
                }
            }
        }
        if resource.state != State::Kept {
            return;
        }
        self.dated_by.extend(draft.dated_by.take().map(|key| (number, key)));
        self.ends.extend(draft.ends.take().map(|end| (number, end)));
        self.events.extend(draft.events.drain(..).map(|event| Event { resource: number, ..event }));
        self.notes.extend(draft.notes.drain(..).map(|note| Note { resource: number, of: number, ..note }));
        if let Some(patient) = draft.patient.take() {
            self.patients.push(Patient { resource: number, ..patient });
        }
        if let Some(concept) = draft.concept {
            self.named.insert(number, concept);
        }
    }

    /// Keys of the resources that have an id, by number.
    pub(super) fn source_keys(&self, keyer: SourceKeyer) -> Vec<Option<f64>> {
        let mut keys = vec![None; self.resources.len()];
        #[expect(clippy::iter_over_hash_type, reason = "each goes to its own place, whatever the order")]
        for (key, number) in &self.seen {
            let kind = self.resources.get(*number as usize).map_or("", |r| r.kind.name());
            if let Some(place) = keys.get_mut(*number as usize) {
                *place = Some(keyer.key(kind, key.id()));
            }
        }
        keys
    }

    /// Keys of the resources whose last version says that they are no event, in order.
    pub(super) fn withdrawn(&self, keyer: SourceKeyer) -> Vec<f64> {
        let of = |(key, number): (&Key, &u32)| {
            let resource = self.resources.get(*number as usize).filter(|r| r.state == State::NotEvent)?;
            // The death that a Patient tells of is also a day in the table of persons: it stays, and it is said.
            if resource.kind == Kind::Patient {
                return None;
            }
            Some(keyer.key(resource.kind.name(), key.id()))
        };
        let mut keys: Vec<f64> = self.seen.iter().filter_map(of).collect();
        crate::order::sort_by(&mut keys, f64::total_cmp);
        keys.dedup();
        keys
    }

    /// The resource a key leads to; `Err` where several answer to it.
    pub(super) fn find(&self, key: Key) -> Result<Option<u32>, ()> {
        if let Some(&n) = self.seen.get(&key).or_else(|| self.seen.get(&key.nowhere())) {
            return Ok(Some(n));
        }
        match self.aliases.get(&key).or_else(|| self.aliases.get(&key.anywhere())) {
            Some(Alias::One(to)) => Ok(self.seen.get(to).copied()),
            Some(Alias::Many) => Err(()),
            None => Ok(None),
        }
    }
}
