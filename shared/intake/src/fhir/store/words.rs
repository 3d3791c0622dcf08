//! Words that resources share: texts and concepts, each once, by number.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

use super::NONE;
use crate::interned;

/// Texts, each once; 0 is no text.
#[derive(Default)]
pub(in crate::fhir) struct Texts {
    all: interned::Texts,
    /// Written by hand: to be screened.
    free: FxHashSet<u32>,
}

impl Texts {
    /// The number of a text that stands in a list somewhere.
    pub(in crate::fhir) fn coded(&mut self, text: &str) -> u32 {
        self.all.intern(text)
    }

    /// The number of a text that somebody wrote.
    pub(in crate::fhir) fn free(&mut self, text: &str) -> u32 {
        let i = self.coded(text);
        if i != interned::NO_TEXT {
            self.free.insert(i);
        }
        i
    }

    pub(in crate::fhir) fn is_free(&self, i: u32) -> bool {
        self.free.contains(&i)
    }

    pub(in crate::fhir) fn get(&self, i: u32) -> Option<&str> {
        self.all.get(i)
    }

    /// The texts in the order of their numbers, from 1.
    pub(in crate::fhir) fn list(&self) -> impl Iterator<Item = &str> {
        (1..).map_while(|i| self.all.get(i))
    }
}

/// A concept's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(in crate::fhir) struct Concept {
    /// OMOP's name of the system, else its address; empty: only words.
    pub(in crate::fhir) system: String,
    pub(in crate::fhir) code: String,
    pub(in crate::fhir) display: String,
}

/// Concepts, each once, numbered.
#[derive(Default)]
pub(in crate::fhir) struct Concepts {
    numbers: FxHashMap<Box<[u8]>, u32>,
    pub(in crate::fhir) all: Vec<Concept>,
    scratch: Vec<u8>,
}

impl Concepts {
    /// The number of a code; its first display that is not empty is kept.
    pub(in crate::fhir) fn number(&mut self, system: &str, code: &str, display: &str) -> u32 {
        self.scratch.clear();
        self.scratch.extend_from_slice(system.as_bytes());
        self.scratch.push(0);
        self.scratch.extend_from_slice(code.as_bytes());
        if let Some(&n) = self.numbers.get(self.scratch.as_slice()) {
            if let Some(known) = self.all.get_mut(n as usize)
                && known.display.is_empty()
            {
                display.clone_into(&mut known.display);
            }
            return n;
        }
        let n = u32::try_from(self.all.len()).unwrap_or(NONE);
        self.numbers.insert(self.scratch.as_slice().into(), n);
        self.all.push(Concept { system: system.to_owned(), code: code.to_owned(), display: display.to_owned() });
        n
    }
}
