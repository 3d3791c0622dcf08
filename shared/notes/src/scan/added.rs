//! Words and phrases that the user said must go too.

use crate::{Class, Identifier};

/// Finds each of `wanted` in any case, as whole words.
pub(super) fn scan(text: &str, wanted: &[String], finds: &mut Vec<Identifier>) {
    for phrase in wanted {
        let folded: Vec<char> = phrase.chars().flat_map(char::to_lowercase).collect();
        let Some(first) = folded.first().copied() else { continue };
        let mut before = None;
        let mut next_free = 0;
        for (at, c) in text.char_indices() {
            let begins = at >= next_free && !joined(before, Some(first)) && c.to_lowercase().next() == Some(first);
            before = Some(c);
            if !begins {
                continue;
            }
            let Some(end) = matched(text.get(at..).unwrap_or_default(), &folded).map(|n| at + n) else { continue };
            if !joined(folded.last().copied(), text.get(end..).and_then(|rest| rest.chars().next())) {
                finds.push(Identifier { class: Class::Other, span: at..end });
                next_free = end;
            }
        }
    }
}

/// Whether two characters belong to one word.
fn joined(left: Option<char>, right: Option<char>) -> bool {
    left.is_some_and(char::is_alphanumeric) && right.is_some_and(char::is_alphanumeric)
}

/// Bytes of the beginning of `text` that are `folded` in some case.
fn matched(text: &str, folded: &[char]) -> Option<usize> {
    let mut wanted = folded.iter();
    let mut end = 0;
    for (at, c) in text.char_indices() {
        if wanted.as_slice().is_empty() {
            break;
        }
        for small in c.to_lowercase() {
            if wanted.next() != Some(&small) {
                return None;
            }
        }
        end = at + c.len_utf8();
    }
    wanted.as_slice().is_empty().then_some(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whole_words_in_any_case() {
        let mut finds = Vec::new();
        let text = "Zorblax, ZORBLAX's zorblaxes; Émile du Lac and émile DU LAC.";
        scan(text, &["zorblax".to_owned(), "Émile du Lac".to_owned()], &mut finds);
        let found: Vec<&str> = finds.iter().filter_map(|f| text.get(f.span.clone())).collect();
        assert_eq!(found, ["Zorblax", "ZORBLAX", "Émile du Lac", "émile DU LAC"]);
    }
}
