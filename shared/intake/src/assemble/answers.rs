//! Answers that somebody wrote by hand, after the identifier screen.

use ::notes::KnownIdentifiers;
use rustc_hash::FxHashMap;

use super::Core;

/// What is known of a person, ready to be looked for.
struct Known {
    identifiers: KnownIdentifiers,
    /// Words of the names and the numbers, in small letters.
    lower: Vec<String>,
}

impl Known {
    fn new(identifiers: KnownIdentifiers) -> Self {
        let words = identifiers.names.iter().flat_map(|n| n.split(|c: char| !c.is_alphabetic()));
        let words = words.filter(|w| w.chars().count() >= 2).map(str::to_lowercase);
        let lower = words.chain(identifiers.numbers.iter().map(|n| n.to_lowercase())).collect();
        Self { identifiers, lower }
    }

    /// Whether a text may hold something of it.
    fn is_mentioned(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        self.lower.iter().any(|word| text.contains(word.as_str()))
    }
}

/// Answers through the screen: most say nothing of the person, and these are screened once for all.
pub(crate) struct Answers {
    /// Where the texts stand, in the account of identifiers.
    place: &'static str,
    /// Screened without knowing whose it is, by the number of the text.
    plain: FxHashMap<u32, String>,
    /// The person at hand.
    known: Option<(u32, Known)>,
}

impl Default for Answers {
    fn default() -> Self {
        Self::at("values given as text")
    }
}

impl Answers {
    /// Texts of a place, as the account of identifiers names it.
    pub(crate) fn at(place: &'static str) -> Self {
        Self { place, plain: FxHashMap::default(), known: None }
    }

    /// The text of a number as it may be stored with the person of a row. `known` is asked once a person, where the texts come by
    /// person.
    pub(crate) fn clean(
        &mut self,
        core: &mut Core,
        (number, text): (u32, &str),
        person: u32,
        known: impl FnOnce() -> KnownIdentifiers,
    ) -> String {
        let of_person = match &self.known {
            Some((row, known)) if *row == person => known,
            _ => &self.known.insert((person, Known::new(known()))).1,
        };
        let is_mentioned = of_person.is_mentioned(text);
        if !is_mentioned && let Some(clean) = self.plain.get(&number) {
            return clean.clone();
        }
        let clean = core.free.shared(self.place, &of_person.identifiers, text);
        if !is_mentioned {
            self.plain.insert(number, clean.clone());
        }
        clean
    }
}
