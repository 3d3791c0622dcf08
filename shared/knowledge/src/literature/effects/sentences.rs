//! Sentences of an abstract.

/// Words with a full stop that end no sentence.
const ABBREVIATED: &[&str] = &[
    "vs", "v", "e.g", "i.e", "al", "cf", "approx", "dr", "prof", "no", "nos", "fig", "st", "resp", "ca", "c", "incl",
    "ref", "p", "n", "mr", "mrs", "ms", "inc", "ltd", "spp", "sp", "var",
];
/// Letters within parentheses in which no sentence ends.
const MAX_PARENTHESIS: usize = 400;

/// Byte ranges of the sentences, without the blanks between them.
pub(super) fn split(text: &str) -> Vec<(usize, usize)> {
    let mut ranges = Vec::new();
    let (mut start, mut opened) = (0, Vec::new());
    for (at, letter) in text.char_indices() {
        match letter {
            '(' | '[' => opened.push(at),
            ')' | ']' => {
                opened.pop();
            }
            '.' | '!' | '?' => {
                let is_open = opened.last().is_some_and(|from| at - from < MAX_PARENTHESIS);
                if !is_open && ends(text, start, at, letter) {
                    push(&mut ranges, text, start, at + 1);
                    start = at + 1;
                    opened.clear();
                }
            }
            _ => {}
        }
    }
    push(&mut ranges, text, start, text.len());
    ranges
}

fn push(ranges: &mut Vec<(usize, usize)>, text: &str, start: usize, end: usize) {
    let part = &text[start..end];
    let from = start + part.len() - part.trim_start().len();
    let to = start + part.trim_end().len();
    if from < to {
        ranges.push((from, to));
    }
}

fn ends(text: &str, start: usize, at: usize, letter: char) -> bool {
    let after = &text[at + 1..];
    let mut next = after.chars();
    match next.next() {
        None => return true,
        Some(c) if c.is_whitespace() => {}
        Some(_) => return false,
    }
    let begins = after.trim_start().chars().next();
    let begins_well =
        begins.is_none_or(|c| c.is_uppercase() || c.is_ascii_digit() || "([\"\u{201c}'\u{2018}<\u{2265}".contains(c));
    if !begins_well {
        return false;
    }
    if letter != '.' {
        return true;
    }
    let word = text[start..at].rsplit(|c: char| c.is_whitespace() || c == '(' || c == '[').next().unwrap_or_default();
    let lower = word.to_lowercase();
    // `vs. 12`, `et al. In`, and a single capital (an initial).
    let is_initial = word.chars().count() == 1 && word.chars().all(|c| c.is_uppercase());
    !ABBREVIATED.contains(&lower.as_str()) && !is_initial
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sentences(text: &str) -> Vec<&str> {
        split(text).into_iter().map(|(a, b)| &text[a..b]).collect()
    }

    #[test]
    fn numbers_and_abbreviations_end_no_sentence() {
        assert_eq!(
            sentences("We saw 0.72 vs. 0.81 (P = .03. Not adjusted). Then, e.g., \u{e9}t\u{e9} 2.5. 12 died! So?"),
            ["We saw 0.72 vs. 0.81 (P = .03. Not adjusted).", "Then, e.g., \u{e9}t\u{e9} 2.5.", "12 died!", "So?"]
        );
        assert_eq!(sentences("  "), Vec::<&str>::new());
        assert_eq!(sentences("P<.001. The"), ["P<.001.", "The"]);
        assert_eq!(sentences("An unclosed (one. Two."), ["An unclosed (one. Two."]);
    }
}
