//! A text as words, whole numbers and signs.

/// Spelled-out counts. 'One' is left out: it is rarely a count.
const SPELLED: [(&str, u64); 11] = [
    ("two", 2),
    ("three", 3),
    ("four", 4),
    ("five", 5),
    ("six", 6),
    ("seven", 7),
    ("eight", 8),
    ("nine", 9),
    ("ten", 10),
    ("eleven", 11),
    ("twelve", 12),
];

/// A word, a number or a sign.
pub(super) struct Token<'a> {
    /// In lower case; dashes are '-'.
    pub(super) word: std::borrow::Cow<'a, str>,
    /// Where it is a whole number, in digits or spelled out.
    pub(super) number: Option<u64>,
    /// Its first byte in the text.
    pub(super) start: usize,
    /// The byte after it.
    pub(super) end: usize,
}

/// The words, numbers and signs of a text. A point or comma between digits belongs to the number.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut found = Vec::new();
    let mut letters = text.char_indices().peekable();
    while let Some((start, letter)) = letters.next() {
        if letter.is_whitespace() {
            continue;
        }
        let mut end = start + letter.len_utf8();
        if letter.is_alphanumeric() {
            while let Some(&(place, next)) = letters.peek() {
                let between_digits = ['.', ','].contains(&next)
                    && text[..place].ends_with(|c: char| c.is_ascii_digit())
                    && text[place + 1..].starts_with(|c: char| c.is_ascii_digit());
                if !next.is_alphanumeric() && !between_digits {
                    break;
                }
                end = place + next.len_utf8();
                letters.next();
            }
        }
        found.push(token(&text[start..end], start, end));
    }
    found
}

fn token(text: &str, start: usize, end: usize) -> Token<'_> {
    let word: std::borrow::Cow<'_, str> = match text {
        "–" | "—" | "‑" | "−" => "-".into(),
        _ if text.chars().any(char::is_uppercase) => text.to_lowercase().into(),
        _ => text.into(),
    };
    let spelled = SPELLED.iter().find(|(name, _)| *name == word).map(|(_, n)| *n);
    // Thousands are set apart by commas: three digits after each.
    let digits = match word.split_once(',') {
        Some((_, rest)) if rest.split(',').all(|group| group.len() == 3) => word.replace(',', ""),
        _ => word.clone().into_owned(),
    };
    Token { number: digits.parse().ok().or(spelled), word, start, end }
}
