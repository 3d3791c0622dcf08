//! Where the parts of a JSON text end.

use super::{BadJson, MAX_DEPTH, bad};

/// Behind white space: none in most cases, else a line end and the blanks that set the next line in.
#[inline]
pub(in crate::fhir) fn space(text: &[u8], at: usize) -> usize {
    match text.get(at) {
        Some(b' ' | b'\t' | b'\n' | b'\r') => blanks(text, at + 1),
        _ => at,
    }
}

fn blanks(text: &[u8], mut at: usize) -> usize {
    loop {
        // Blanks eight at a time.
        while let Some(Ok(eight)) = text.get(at..at + 8).map(<[u8; 8]>::try_from) {
            let other = u64::from_le_bytes(eight) ^ (ONES * u64::from(b' '));
            let n = (other.trailing_zeros() / 8) as usize;
            at += n;
            if n < 8 {
                break;
            }
        }
        match text.get(at) {
            Some(b' ' | b'\t' | b'\n' | b'\r') => at += 1,
            _ => return at,
        }
    }
}

/// A key and the position behind its colon.
#[inline]
pub(super) fn key(text: &[u8], at: usize) -> Result<(&[u8], usize), BadJson> {
    if text.get(at) != Some(&b'"') {
        return bad(at, "a member's name is missing");
    }
    let end = string_end(text, at + 1)?;
    let colon = space(text, end);
    if text.get(colon) != Some(&b':') {
        return bad(colon, "a colon is missing");
    }
    Ok((text.get(at + 1..end - 1).unwrap_or_default(), colon + 1))
}

/// Behind the value that begins at `at`. Without recursion: nothing nested can exhaust the stack.
pub(super) fn skip(text: &[u8], mut at: usize) -> Result<usize, BadJson> {
    // A bit a level: whether it is an object.
    let mut objects = [0u64; MAX_DEPTH / 64];
    let mut depth = 0usize;
    loop {
        at = space(text, at);
        match text.get(at) {
            Some(b'"') => at = string_end(text, at + 1)?,
            Some(&open @ (b'{' | b'[')) => {
                let (Some(word), true) = (objects.get_mut(depth / 64), depth < MAX_DEPTH) else {
                    return bad(at, "more than 256 objects or arrays stand within one another");
                };
                let bit = 1u64 << (depth % 64);
                *word = if open == b'{' { *word | bit } else { *word & !bit };
                depth += 1;
                at = space(text, at + 1);
                if text.get(at) != Some(&(open + 2)) {
                    if open == b'{' {
                        at = key(text, at)?.1;
                    }
                    continue;
                }
                depth -= 1;
                at += 1;
            }
            Some(_) => at = literal_end(text, at)?,
            None => return bad(at, "the text ends where a value is expected"),
        }
        loop {
            let Some(level) = depth.checked_sub(1) else { return Ok(at) };
            let object = objects.get(level / 64).is_some_and(|word| word >> (level % 64) & 1 == 1);
            at = space(text, at);
            match (text.get(at), object) {
                (Some(b','), true) => {
                    at = key(text, space(text, at + 1))?.1;
                    break;
                }
                (Some(b','), false) => {
                    at += 1;
                    break;
                }
                (Some(b'}'), true) | (Some(b']'), false) => {
                    depth = level;
                    at += 1;
                }
                (None, _) => return bad(at, "the text ends within an object or an array"),
                (Some(_), true) => return bad(at, "a comma or a closing brace is missing"),
                (Some(_), false) => return bad(at, "a comma or a closing bracket is missing"),
            }
        }
    }
}

fn literal_end(text: &[u8], at: usize) -> Result<usize, BadJson> {
    let rest = text.get(at..).unwrap_or_default();
    for word in [&b"true"[..], b"false", b"null"] {
        if rest.starts_with(word) {
            return Ok(at + word.len());
        }
    }
    let n = rest.iter().take_while(|b| matches!(b, b'0'..=b'9' | b'-' | b'+' | b'.' | b'e' | b'E')).count();
    let starts = matches!(rest, [b'0'..=b'9', ..] | [b'-', b'0'..=b'9', ..]);
    if starts { Ok(at + n) } else { bad(at, "not a value: a text needs quotation marks") }
}

const ONES: u64 = 0x0101_0101_0101_0101;

/// High bits of the bytes of `word` that are `byte`; exact up to the first of them.
#[inline]
fn marks(word: u64, byte: u8) -> u64 {
    let x = word ^ (ONES * u64::from(byte));
    x.wrapping_sub(ONES) & !x & (ONES << 7)
}

/// The first quotation mark or backslash at or behind `at`, eight bytes at a time: texts are short, so that a call of a
/// vector routine would cost more than it saves.
#[inline]
pub(in crate::fhir) fn quote_or_backslash(text: &[u8], mut at: usize) -> Option<usize> {
    while let Some(Ok(eight)) = text.get(at..at + 8).map(<[u8; 8]>::try_from) {
        let word = u64::from_le_bytes(eight);
        let found = marks(word, b'"') | marks(word, b'\\');
        if found != 0 {
            return Some(at + (found.trailing_zeros() / 8) as usize);
        }
        at += 8;
    }
    let rest = text.get(at..)?;
    rest.iter().position(|b| matches!(b, b'"' | b'\\')).map(|i| at + i)
}

/// Behind the quotation mark that ends the string whose first letter is at `at`.
#[inline]
fn string_end(text: &[u8], mut at: usize) -> Result<usize, BadJson> {
    loop {
        match quote_or_backslash(text, at) {
            Some(i) if text.get(i) == Some(&b'"') => return Ok(i + 1),
            Some(i) => at = i + 2,
            None => return bad(text.len(), "the text ends within a string"),
        }
    }
}
