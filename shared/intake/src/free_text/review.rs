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
struct OfClass {
    found: u64,
    different: FxHashMap<String, ReviewExample>,
}

/// What was replaced so far.
#[derive(Default)]
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
            let folded = found.to_lowercase();
            if let Some(example) = of_class.different.get_mut(&folded) {
                example.times += 1;
            } else if of_class.different.len() < MOST_DIFFERENT {
                let example = ReviewExample {
                    found: found.to_owned(),
                    replacement: screened.text.get(place.clone()).unwrap_or_default().to_owned(),
                    times: 1,
                    before: (left(text, identifier.span.start), right(text, identifier.span.end)),
                    after: (left(&screened.text, place.start), right(&screened.text, place.end)),
                };
                of_class.different.insert(folded, example);
            }
        }
    }

    /// The most frequent of each class.
    pub(super) fn done(self) -> ScreenReview {
        let classes = self.classes.into_iter().map(|(class, of_class)| {
            let n_different = of_class.different.len() as u64;
            let mut examples: Vec<ReviewExample> = of_class.different.into_values().collect();
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
