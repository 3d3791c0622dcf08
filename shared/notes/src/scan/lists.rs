//! Which lists a word stands in: looked up once a word, so that a scanner need not go through its list at every word.

use std::sync::LazyLock;

use rustc_hash::FxHashMap;

use super::{abroad, cues, dates, names, numbers, words};

/// A title, a label or a credential.
pub(super) const NAME: u8 = 1;
/// A word that a name follows.
pub(super) const CUE: u8 = 2;
/// A word that a number of a person follows.
pub(super) const RECORD: u8 = 4;
/// A word of an address.
pub(super) const ADDRESS: u8 = 8;
/// A word that no name is.
pub(super) const NO_NAME: u8 = 16;
/// An eponym or a place: no name by itself.
pub(super) const TERM: u8 = 32;

static LISTS: LazyLock<FxHashMap<&'static str, u8>> = LazyLock::new(|| {
    let mut lists = FxHashMap::default();
    let mut add = |words: &[&'static str], list: u8| {
        for word in words {
            *lists.entry(*word).or_insert(0) |= list;
        }
    };
    add(&names::TITLES, NAME | NO_NAME);
    add(&names::LABELS, NAME);
    add(&names::CREDENTIALS, NAME);
    add(&cues::BEFORE, CUE);
    add(&["name", "patient", "pt"], CUE);
    add(&numbers::RECORD_WORDS, RECORD);
    add(&abroad::BEFORE, ADDRESS);
    add(&abroad::WORDS, ADDRESS);
    add(&["p", "po"], ADDRESS);
    add(&names::NO_NAMES, NO_NAME);
    add(&model::calendar::MONTH_NAMES, NO_NAME);
    add(&dates::MONTHS_CUT, NO_NAME);
    add(&["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"], NO_NAME);
    add(&words::MEDICAL, NO_NAME);
    add(words::EPONYMS, TERM);
    add(&words::PLACES, TERM);
    lists
});

/// The lists that a word in small letters stands in.
pub(super) fn of(word: &str) -> u8 {
    LISTS.get(word).copied().unwrap_or(0)
}
