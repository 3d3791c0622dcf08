//! What was read of all tables, before persons are joined.

use rustc_hash::{FxHashMap, FxHashSet};

use model::concept::Domain;

use super::dictionaries::{Dictionary, Reference};
use super::encounters::Encounters;
use crate::Settings;
use crate::csv::joined::KnownOf;
use crate::csv::known::{SHORTEST, Tells};
use crate::event::Place;
use crate::interned::Texts;
use crate::key::{Keyer, PersonKey};

/// No concept: of a column that gives notes.
pub(super) const NONE: u32 = u32::MAX;

/// An event, with its domain.
pub(super) type Event = crate::event::Event<Domain>;

/// A note.
#[derive(Clone, Debug)]
pub(super) struct Note {
    pub(super) person: u32,
    pub(super) day: i32,
    pub(super) title: String,
    pub(super) text: String,
    pub(super) place: Place,
}

/// A concept as the tables name it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Concept {
    pub(super) system: String,
    pub(super) code: String,
    pub(super) display: String,
    /// The column that its code stands in, as dictionaries know it ([`Store::reference`]); 0 where none is asked.
    pub(super) of: u32,
}

/// Code system of what a file names in its own words.
pub(super) const SOURCE: &str = "source";

/// Everything but the tables of persons.
pub(super) struct Store {
    keyer: Keyer,
    /// Numbers of persons by their identifier.
    numbers: FxHashMap<Box<[u8]>, u32>,
    pub(super) keys: Vec<PersonKey>,
    pub(super) events: Vec<Event>,
    pub(super) notes: Vec<Note>,
    pub(super) texts: Texts,
    concepts: FxHashMap<Concept, u32>,
    pub(super) n_ages: u64,
    /// Days of death, by number of the person.
    pub(super) deaths: Vec<(u32, i32, Place)>,
    /// What tables say of persons besides, to be found again in their texts: person, whether it is a name, letters.
    told: FxHashSet<(u32, bool, Box<str>)>,
    /// Number of the file that is being read.
    pub(super) file: u32,
    pub(super) encounters: Encounters,
    pub(super) dictionaries: Vec<Dictionary>,
    /// Columns of units, by the number of the file.
    pub(super) unit_columns: Vec<(u32, String)>,
    /// Columns of codes, behind their number.
    references: Vec<Reference>,
    reference_numbers: FxHashMap<Reference, u32>,
}

impl Store {
    pub(super) fn new(settings: &Settings) -> Self {
        Self {
            keyer: Keyer::new(&settings.secret),
            numbers: FxHashMap::default(),
            keys: Vec::new(),
            events: Vec::new(),
            notes: Vec::new(),
            texts: Texts::default(),
            concepts: FxHashMap::default(),
            n_ages: 0,
            deaths: Vec::new(),
            told: FxHashSet::default(),
            file: 0,
            encounters: Encounters::default(),
            dictionaries: Vec::new(),
            unit_columns: Vec::new(),
            references: Vec::new(),
            reference_numbers: FxHashMap::default(),
        }
    }

    /// The number of a person by the identifier.
    pub(super) fn person(&mut self, identifier: &[u8]) -> u32 {
        if let Some(number) = self.numbers.get(identifier) {
            return *number;
        }
        let number = u32::try_from(self.keys.len()).unwrap_or(NONE);
        self.keys.push(self.keyer.person(identifier));
        self.numbers.insert(identifier.into(), number);
        number
    }

    /// The number of a concept.
    pub(super) fn concept(&mut self, concept: Concept) -> u32 {
        let next = u32::try_from(self.concepts.len()).unwrap_or(NONE);
        *self.concepts.entry(concept).or_insert(next)
    }

    /// The number of a column of codes.
    pub(super) fn refer(&mut self, reference: Reference) -> u32 {
        if let Some(number) = self.reference_numbers.get(&reference) {
            return *number;
        }
        self.references.push(reference.clone());
        let number = u32::try_from(self.references.len()).unwrap_or(0);
        self.reference_numbers.insert(reference, number);
        number
    }

    /// The column of codes of a number.
    pub(super) fn reference(&self, number: u32) -> Option<&Reference> {
        (number as usize).checked_sub(1).and_then(|i| self.references.get(i))
    }

    /// Puts back what [`Store::concepts`] gave.
    pub(super) fn set_concepts(&mut self, concepts: Vec<Concept>) {
        self.concepts = concepts.into_iter().zip(0u32..).collect();
    }

    /// Numbers of the concepts of which something is so, with what that is, in order.
    pub(super) fn concepts_with<T>(&self, of: impl Fn(&Concept) -> Option<T>) -> Vec<(u32, T)> {
        let mut out: Vec<(u32, T)> =
            self.concepts.iter().filter_map(|(concept, number)| Some((*number, of(concept)?))).collect();
        crate::order::sort_by_key(&mut out, |(number, _)| *number);
        out
    }

    /// Numbers of the concepts that are so, in order.
    pub(super) fn concepts_that(&self, is: impl Fn(&Concept) -> bool) -> Vec<u32> {
        let mut out: Vec<u32> =
            self.concepts.iter().filter(|(concept, _)| is(concept)).map(|(_, number)| *number).collect();
        crate::order::sort(&mut out);
        out
    }

    /// The concepts by number.
    pub(super) fn concepts(&mut self) -> Vec<Concept> {
        let mut all: Vec<(u32, Concept)> =
            std::mem::take(&mut self.concepts).into_iter().map(|(c, i)| (i, c)).collect();
        crate::order::sort_by_key(&mut all, |(i, _)| *i);
        all.into_iter().map(|(_, c)| c).collect()
    }

    /// Remembers a name or a number of a person.
    pub(super) fn tell(&mut self, person: u32, tells: Tells, text: &str) {
        self.told.insert((person, tells == Tells::Name, text.into()));
    }

    /// Adds what the tables say of each person: the identifiers that they are joined by, and names and numbers besides.
    pub(super) fn known(&mut self, known: &mut KnownOf) {
        let joined_by = self.numbers.iter().map(|(id, person)| (*person, false, String::from_utf8_lossy(id).into()));
        let mut all: Vec<(u32, bool, Box<str>)> = joined_by.chain(std::mem::take(&mut self.told)).collect();
        crate::order::sort(&mut all);
        for (person, is_name, text) in all {
            let Some(of) = self.keys.get(person as usize).map(|key| known.entry(key.key).or_default()) else {
                continue;
            };
            if is_name {
                of.names.push(text.into());
            } else if text.chars().count() >= SHORTEST {
                of.numbers.push(text.into());
            }
        }
    }
}
