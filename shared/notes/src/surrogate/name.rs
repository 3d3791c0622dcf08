//! Names and addresses that are nobody's.

use std::sync::LazyLock;

use super::{Person, shape};
use crate::scan::{abroad, dictionary, places};

const FILE: &str = include_str!("../../names/surrogates.txt");

/// Beginnings and endings of one kind of name.
#[derive(Debug, Default)]
struct Parts {
    first: Vec<&'static str>,
    last: Vec<&'static str>,
}

/// Given names and surnames.
static PARTS: LazyLock<[Parts; 2]> = LazyLock::new(|| {
    let list = |key: &str| {
        let line = FILE.lines().find_map(|line| line.strip_prefix(key));
        line.map(|words| words.split_whitespace().collect()).unwrap_or_default()
    };
    [
        Parts { first: list("given-first:"), last: list("given-last:") },
        Parts { first: list("surname-first:"), last: list("surname-last:") },
    ]
});

/// Small words between names stay.
const SMALL: [&str; 13] = ["van", "von", "de", "der", "den", "la", "le", "du", "da", "di", "del", "and", "y"];

/// The surrogate of a name: word by word, so that `Robert Hernandez` and `Mr. Hernandez` stay one person.
pub(super) fn surrogate(person: &Person, found: &str) -> String {
    by_words(found, |word| if SMALL.contains(&word) { word.to_owned() } else { made_up(person, word) }, &|digits| {
        // Made-up persons have numbers behind their names: they go.
        let behind_word = found
            .find(digits)
            .and_then(|at| found.as_bytes().get(at.checked_sub(1)?))
            .is_some_and(u8::is_ascii_alphabetic);
        if behind_word { String::new() } else { shape::number(digits, &person.noise("name", digits)) }
    })
}

/// The surrogate of an address: words of streets and states stay.
pub(super) fn address(person: &Person, found: &str) -> String {
    let stays = |word: &str| {
        places::STREETS.contains(&word)
            || abroad::BEFORE.contains(&word)
            || abroad::WORDS.contains(&word)
            || SMALL.contains(&word)
            || matches!(
                word,
                "box" | "floor" | "room" | "north" | "south" | "east" | "west" | "p" | "o" | "po" | "of" | "the"
            )
            || (word.len() == 2 && places::STATES.contains(&word.to_ascii_uppercase().as_str()))
    };
    by_words(found, |word| if stays(word) { word.to_owned() } else { made_up(person, word) }, &|digits| {
        shape::number(digits, &person.noise("address", digits))
    })
}

/// Each word (given in small letters) and each run of digits replaced; words get the case of what they replace.
fn by_words(found: &str, mut word: impl FnMut(&str) -> String, digits: &dyn Fn(&str) -> String) -> String {
    let mut out = String::with_capacity(found.len() + 8);
    let kind = |c: char| if c.is_alphabetic() { 1 } else { u8::from(c.is_ascii_digit()) * 2 };
    let mut rest = found;
    while let Some(first) = rest.chars().next() {
        let end = rest.char_indices().find(|(_, c)| kind(*c) != kind(first)).map_or(rest.len(), |(at, _)| at);
        let (piece, behind) = rest.split_at(end);
        match kind(first) {
            1 => out.push_str(&in_case(piece, &word(&piece.to_lowercase()))),
            2 => out.push_str(&digits(piece)),
            _ => out.push_str(piece),
        }
        rest = behind;
    }
    out
}

fn in_case(like: &str, word: &str) -> String {
    let capital = like.chars().next().is_some_and(char::is_uppercase);
    if capital && like.chars().count() > 1 && !like.chars().any(char::is_lowercase) {
        word.to_uppercase()
    } else if capital {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_uppercase().chain(letters).collect()).unwrap_or_default()
    } else {
        word.to_owned()
    }
}

/// A name of the same kind, in small letters, that no list of names knows and that is not the word itself.
fn made_up(person: &Person, word: &str) -> String {
    let noise = person.noise("name", word);
    if word.chars().count() == 1 {
        return char::from(b'a' + noise[0] % 26).to_string();
    }
    let parts = &PARTS[usize::from(!dictionary::look_up(word).given)];
    let pick = |list: &[&'static str], at: usize| list.get(at % list.len().max(1)).copied().unwrap_or_default();
    let number = |i: usize| usize::from(u16::from_le_bytes([noise[i], noise[i + 1]]));
    let mut name = String::new();
    for attempt in 0..8 {
        name = format!("{}{}", pick(&parts.first, number(2 * attempt)), pick(&parts.last, number(2 * attempt + 16)));
        if name != word && !dictionary::look_up(&name).name() {
            break;
        }
    }
    name
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_make_names_that_nobody_lists() {
        for parts in PARTS.iter() {
            assert!(parts.first.len() >= 16 && parts.last.len() >= 16);
            let all = parts.first.iter().flat_map(|a| parts.last.iter().map(move |b| format!("{a}{b}")));
            let (mut n, mut listed) = (0, Vec::new());
            for name in all {
                n += 1;
                if dictionary::look_up(&name).name() {
                    listed.push(name);
                }
            }
            assert!(n >= 256 && listed.len() * 20 < n, "{listed:?}");
        }
    }
}
