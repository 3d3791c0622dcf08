//! Escapes of a JSON text to the letters that they stand for.

/// The text without escapes.
pub(super) fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(i) = rest.find('\\') {
        out.push_str(rest.get(..i).unwrap_or_default());
        let mut after = rest.get(i + 1..).unwrap_or_default().chars();
        match after.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('u') => {
                let (letter, behind) = unicode(after.as_str());
                out.push(letter);
                rest = behind;
                continue;
            }
            Some(c) => out.push(c),
            None => {}
        }
        rest = after.as_str();
    }
    out.push_str(rest);
    out
}

/// The letter of the hexadecimal digits behind `\u`, with the second half of a pair where there is one.
fn unicode(text: &str) -> (char, &str) {
    let four = |t: &str| t.get(..4).and_then(|h| u32::from_str_radix(h, 16).ok());
    let Some(first) = four(text) else { return (char::REPLACEMENT_CHARACTER, text) };
    let behind = text.get(4..).unwrap_or_default();
    if (0xd800..0xdc00).contains(&first)
        && let Some(second) = behind.strip_prefix("\\u").and_then(four)
        && (0xdc00..0xe000).contains(&second)
    {
        let letter = 0x1_0000 + ((first - 0xd800) << 10) + (second - 0xdc00);
        let letter = char::from_u32(letter).unwrap_or(char::REPLACEMENT_CHARACTER);
        return (letter, behind.get(6..).unwrap_or_default());
    }
    (char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER), behind)
}
