//! Free text through the screen.

use std::collections::BTreeMap;

use model::intake::ScreenReview;
use notes::{Class, DateChange, KnownIdentifiers, Person, Screened, Screener, Style};

use super::review::Gathered;
use crate::key::{Keyer, PersonKey};
use crate::report::Reporter;
use crate::{DatePolicy, Settings};

/// What was found in texts that were screened apart from their import.
#[cfg(feature = "omop")]
#[derive(serde::Serialize, serde::Deserialize)]
pub(crate) struct Found {
    by_place: Vec<((String, Class, bool), u64)>,
    gathered: Option<Gathered>,
}

/// Free text of an import through the screen.
pub(crate) struct FreeText {
    screener: Screener,
    /// Puts tags: for texts that are not one person's.
    tagger: Screener,
    keyer: Keyer,
    dates: DatePolicy,
    safe_harbor: bool,
    /// By place, class, and whether the text is shared.
    found: BTreeMap<(String, Class, bool), u64>,
    gathered: Option<Gathered>,
    /// Who the surrogates were made for last.
    person: Option<(u64, Person)>,
}

impl FreeText {
    pub(crate) fn new(settings: &Settings) -> Self {
        let text = &settings.text;
        let style = if text.surrogates { Style::Surrogates } else { Style::Tags };
        Self {
            screener: Screener::new(style, &text.remove, &text.keep),
            tagger: Screener::new(Style::Tags, &text.remove, &text.keep),
            keyer: Keyer::new(&settings.secret),
            dates: settings.dates,
            safe_harbor: settings.safe_harbor,
            found: BTreeMap::new(),
            gathered: settings.review.then(Gathered::default),
            person: None,
        }
    }

    /// For the texts of an import that are screened apart from it: persons are told by [`FreeText::know`].
    #[cfg(feature = "omop")]
    pub(crate) fn apart(screener: Screener, dates: DatePolicy, safe_harbor: bool, review: bool) -> Self {
        Self {
            screener,
            tagger: Screener::default(),
            keyer: Keyer::new(&[0; 32]),
            dates,
            safe_harbor,
            found: BTreeMap::new(),
            gathered: review.then(Gathered::default),
            person: None,
        }
    }

    /// Says from what the surrogates of a person are made.
    #[cfg(feature = "omop")]
    pub(crate) fn know(&mut self, key: u64, person: Person) {
        self.person = Some((key, person));
    }

    /// From what the surrogates of a person are made.
    #[cfg(feature = "omop")]
    pub(crate) fn person(&self, key: PersonKey) -> Person {
        self.made(key)
    }

    /// What was found so far: for the import that the texts are of.
    #[cfg(feature = "omop")]
    pub(crate) fn found(self) -> Found {
        Found { by_place: self.found.into_iter().collect(), gathered: self.gathered }
    }

    /// Takes what was found in texts that were screened apart.
    #[cfg(feature = "omop")]
    pub(crate) fn absorb(&mut self, found: Found) {
        for (key, n) in found.by_place {
            *self.found.entry(key).or_default() += n;
        }
        if let (Some(all), Some(of)) = (&mut self.gathered, found.gathered) {
            all.absorb(of);
        }
    }

    /// A person's text as it may be stored.
    pub(crate) fn clean(&mut self, place: &str, person: PersonKey, known: &KnownIdentifiers, text: &str) -> String {
        if !self.safe_harbor {
            return text.to_owned();
        }
        self.screened(place, person, known, text).text
    }

    /// A person's text as it may be stored, and with tags where it has surrogates: findings are read from the tagged one, so that
    /// nothing that was made up is taken for a finding.
    pub(crate) fn clean_and_tagged(
        &mut self,
        place: &str,
        person: PersonKey,
        known: &KnownIdentifiers,
        text: &str,
    ) -> (String, Option<String>) {
        if !self.safe_harbor {
            return (text.to_owned(), None);
        }
        let screened = self.screened(place, person, known, text);
        let made_up = self.screener.style() == Style::Surrogates && !screened.identifiers.is_empty();
        let with_tags = made_up.then(|| tagged(text, &screened));
        (screened.text, with_tags)
    }

    fn screened(&mut self, place: &str, person: PersonKey, known: &KnownIdentifiers, text: &str) -> Screened {
        let person = match self.person.take() {
            Some((key, made)) if key == person.key => (key, made),
            _ => (person.key, self.made(person)),
        };
        let screened = self.screener.screen(text, known, Some(&person.1));
        self.person = Some(person);
        self.count((place, false), text, &screened);
        screened
    }

    /// Whether the screen finds nothing in a text. Nothing is counted.
    #[cfg(feature = "tables")]
    pub(crate) fn finds_nobody(&self, text: &str) -> bool {
        self.tagger.screen(text, &KnownIdentifiers::default(), None).identifiers.is_empty()
    }

    /// A text that several persons share (answers, words in the place of codes): tags stand in it.
    pub(crate) fn shared(&mut self, place: &str, known: &KnownIdentifiers, text: &str) -> String {
        if !self.safe_harbor {
            return text.to_owned();
        }
        let screened = self.tagger.screen(text, known, None);
        self.count((place, true), text, &screened);
        screened.text
    }

    /// A level of a column: as [`FreeText::shared`], but one in which nothing is found is a level like any other and no text that
    /// somebody has to look at.
    pub(crate) fn level(&mut self, place: &str, known: &KnownIdentifiers, level: &str) -> String {
        if !self.safe_harbor {
            return level.to_owned();
        }
        let screened = self.tagger.screen(level, known, None);
        if !screened.identifiers.is_empty() {
            self.count((place, true), level, &screened);
        }
        screened.text
    }

    fn made(&self, person: PersonKey) -> Person {
        made(&self.keyer, person, self.dates)
    }

    fn count(&mut self, (place, shared): (&str, bool), text: &str, screened: &Screened) {
        for identifier in &screened.identifiers {
            let same = |(p, c, s): &(String, Class, bool)| *c == identifier.class && *s == shared && p == place;
            match self.found.iter_mut().find(|(key, _)| same(key)) {
                Some((_, n)) => *n += 1,
                None => drop(self.found.insert((place.to_owned(), identifier.class, shared), 1)),
            }
        }
        if let Some(gathered) = &mut self.gathered {
            gathered.take(text, screened);
        }
    }

    /// Counts what was found into the report, and gives what was gathered for review.
    pub(crate) fn report(&mut self, reporter: &mut Reporter) -> ScreenReview {
        for ((place, class, shared), n) in std::mem::take(&mut self.found) {
            let action = if self.screener.style() == Style::Surrogates && !shared {
                surrogate_words(class, self.dates).to_owned()
            } else {
                format!("replaced by {}", class.tag())
            };
            reporter.identifiers(class.safe_harbor(), n, &place, action);
        }
        self.gathered.take().map(Gathered::done).unwrap_or_default()
    }
}

/// The text with a tag in the place of each find.
fn tagged(text: &str, screened: &Screened) -> String {
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for identifier in &screened.identifiers {
        out.push_str(text.get(at..identifier.span.start).unwrap_or_default());
        out.push_str(identifier.class.tag());
        at = identifier.span.end;
    }
    out.push_str(text.get(at..).unwrap_or_default());
    out
}

fn made(keyer: &Keyer, person: PersonKey, dates: DatePolicy) -> Person {
    let dates = match dates {
        DatePolicy::Shift => DateChange::Shift(i32::from(person.shift)),
        // Text is screened even where the dates of the tables stay as they are.
        DatePolicy::YearsOnly | DatePolicy::Keep => DateChange::Year,
    };
    Person { secret: keyer.surrogates(person.key), dates }
}

/// From what the surrogates of a person are made, named as in the data: the same as an import with this secret makes.
#[must_use]
pub fn text_person(secret: &[u8; 32], identifier: &[u8], dates: DatePolicy) -> Person {
    let keyer = Keyer::new(secret);
    made(&keyer, keyer.person(identifier), dates)
}

fn surrogate_words(class: Class, dates: DatePolicy) -> &'static str {
    match class {
        Class::Name => "replaced by a made-up name, the same for the same name in a person's texts",
        Class::Date if dates != DatePolicy::Shift => "set to the year in text",
        Class::Date => "moved in text by the same days as the person's other dates, or replaced by [DATE]",
        Class::Age => "set to 90 in text",
        _ => "replaced by something made up of the same shape",
    }
}
