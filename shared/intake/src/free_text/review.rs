//! What was replaced, gathered for the user to look at before anything is stored. In memory only.

use std::collections::BTreeMap;

use model::intake::{ReviewExample, ReviewedClass, ScreenReview};
use notes::{Class, Screened};
use rustc_hash::FxHashMap;

/// Different texts remembered of a class.
const MOST_DIFFERENT: usize = 5000;
/// Examples shown of a class.
const MOST_SHOWN: usize = 50;
/// Characters of context on either side.
const CONTEXT: usize = 48;

#[derive(Default)]
#[cfg_attr(feature = "omop", derive(serde::Serialize, serde::Deserialize))]
struct OfClass {
    found: u64,
    /// In the order in which they were found.
    different: Vec<ReviewExample>,
    /// Their places, by what was found in small letters.
    #[cfg_attr(feature = "omop", serde(skip))]
    places: FxHashMap<String, usize>,
}

impl OfClass {
    /// Counts an example, which is made if it is the first of its kind.
    fn take(&mut self, found: &str, times: u64, example: impl FnOnce() -> ReviewExample) {
        let folded = found.to_lowercase();
        if let Some(there) = self.places.get(&folded).and_then(|at| self.different.get_mut(*at)) {
            there.times += times;
        } else if self.different.len() < MOST_DIFFERENT {
            self.places.insert(folded, self.different.len());
            self.different.push(example());
        }
    }
}

/// What was replaced so far.
#[derive(Default)]
#[cfg_attr(feature = "omop", derive(serde::Serialize, serde::Deserialize))]
pub(super) struct Gathered {
    n_texts: u64,
    classes: BTreeMap<Class, OfClass>,
}

/// The last characters before a place, from a word's beginning.
fn left(text: &str, at: usize) -> String {
    let before = text.get(..at).unwrap_or_default();
    let from = before.char_indices().rev().nth(CONTEXT).map_or(0, |(i, _)| i);
    let piece = before.get(from..).unwrap_or_default();
    let piece = if from == 0 { piece } else { piece.split_once(char::is_whitespace).map_or(piece, |(_, rest)| rest) };
    piece.replace(['\n', '\r', '\t'], " ")
}

/// The first characters behind a place, to a word's end.
fn right(text: &str, at: usize) -> String {
    let behind = text.get(at..).unwrap_or_default();
    let to = behind.char_indices().nth(CONTEXT).map_or(behind.len(), |(i, _)| i);
    let piece = behind.get(..to).unwrap_or_default();
    let piece =
        if to == behind.len() { piece } else { piece.rsplit_once(char::is_whitespace).map_or(piece, |(rest, _)| rest) };
    piece.replace(['\n', '\r', '\t'], " ")
}

impl Gathered {
    /// Takes the finds of a text.
    pub(super) fn take(&mut self, text: &str, screened: &Screened) {
        self.n_texts += 1;
        for (identifier, place) in screened.identifiers.iter().zip(&screened.places) {
            let of_class = self.classes.entry(identifier.class).or_default();
            of_class.found += 1;
            let found = text.get(identifier.span.clone()).unwrap_or_default();
            of_class.take(found, 1, || ReviewExample {
                found: found.to_owned(),
                replacement: screened.text.get(place.clone()).unwrap_or_default().to_owned(),
                times: 1,
                before: (left(text, identifier.span.start), right(text, identifier.span.end)),
                after: (left(&screened.text, place.start), right(&screened.text, place.end)),
            });
        }
    }

    /// Takes what was gathered elsewhere, as if its texts came now.
    #[cfg(feature = "omop")]
    pub(super) fn absorb(&mut self, other: Gathered) {
        self.n_texts += other.n_texts;
        for (class, of) in other.classes {
            let of_class = self.classes.entry(class).or_default();
            of_class.found += of.found;
            for example in of.different {
                of_class.take(&example.found.clone(), example.times, || example);
            }
        }
    }

    /// The most frequent of each class.
    pub(super) fn done(self) -> ScreenReview {
        let classes = self.classes.into_iter().map(|(class, of_class)| {
            let n_different = of_class.different.len() as u64;
            let mut examples = of_class.different;
            crate::order::sort_by(&mut examples, |a, b| b.times.cmp(&a.times).then_with(|| a.found.cmp(&b.found)));
            examples.truncate(MOST_SHOWN);
            ReviewedClass { class: class.name().to_owned(), found: of_class.found, n_different, examples }
        });
        let mut classes: Vec<ReviewedClass> = classes.collect();
        crate::order::sort_by(&mut classes, |a, b| a.class.cmp(&b.class));
        ScreenReview { n_texts: self.n_texts, classes }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_are_counted_by_text_and_shown_in_context() {
        let mut gathered = Gathered::default();
        for text in ["Seen by Dr. Hernandez today.", "Dr. HERNANDEZ called. Dr. Kowalczyk did not."] {
            gathered.take(text, &notes::screen(text, &notes::KnownIdentifiers::default()));
        }
        let review = gathered.done();
        assert_eq!((review.n_texts, review.classes.len()), (2, 1));
        let names = &review.classes[0];
        assert_eq!((names.class.as_str(), names.found, names.n_different), ("name", 3, 2));
        let first = &names.examples[0];
        assert_eq!((first.found.as_str(), first.times, first.replacement.as_str()), ("Hernandez", 2, "[NAME]"));
        assert_eq!(first.before, ("Seen by Dr. ".to_owned(), " today.".to_owned()));
        assert_eq!(first.after, first.before);
    }
}
