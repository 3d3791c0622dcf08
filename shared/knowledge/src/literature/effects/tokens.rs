//! Words, numbers and signs of a sentence.

/// What a token is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Kind {
    /// Letters.
    Word,
    /// A number without its sign.
    Number {
        /// Its value.
        value: f64,
        /// Digits behind the decimal sign.
        decimals: u8,
    },
    /// Any other sign.
    Sign(char),
}

/// A token and its place (bytes of the sentence).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Nothing stands between it and the token before.
    pub(super) glued: bool,
}

impl Token<'_> {
    pub(super) fn is(&self, sign: char) -> bool {
        self.kind == Kind::Sign(sign)
    }

    pub(super) fn is_word(&self, word: &str) -> bool {
        self.kind == Kind::Word && self.text.eq_ignore_ascii_case(word)
    }

    pub(super) fn is_any_word(&self) -> bool {
        self.kind == Kind::Word
    }

    /// One of the signs that stand for a hyphen, a dash or minus.
    pub(super) fn is_dash(&self) -> bool {
        matches!(
            self.kind,
            Kind::Sign('-' | '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{2e3a}' | '\u{fe63}' | '\u{ff0d}' | '\u{ad}')
        )
    }

    pub(super) fn opens(&self) -> bool {
        matches!(self.kind, Kind::Sign('(' | '[' | '{'))
    }

    pub(super) fn closes(&self) -> bool {
        matches!(self.kind, Kind::Sign(')' | ']' | '}'))
    }

    pub(super) fn number(&self) -> Option<(f64, u8)> {
        match self.kind {
            Kind::Number { value, decimals } => Some((value, decimals)),
            _ => None,
        }
    }
}

/// A decimal point, also in the middle of the line as The Lancet prints it.
fn is_point(c: char) -> bool {
    matches!(c, '.' | '\u{b7}' | '\u{2219}' | '\u{22c5}' | '\u{2027}' | '\u{2022}' | '\u{387}')
}

/// Cuts a sentence into tokens.
pub(super) fn tokens(text: &str) -> Vec<Token<'_>> {
    let letters: Vec<(usize, char)> = text.char_indices().collect();
    let at = |i: usize| letters.get(i).map(|(_, c)| *c);
    let byte = |i: usize| letters.get(i).map_or(text.len(), |(b, _)| *b);
    let mut out: Vec<Token<'_>> = Vec::new();
    let mut i = 0;
    while let Some(c) = at(i) {
        if c.is_whitespace() {
            i += 1;
            continue;
        }
        let begins_fraction = is_point(c)
            && at(i + 1).is_some_and(|d| d.is_ascii_digit())
            && !(i > 0 && at(i - 1).is_some_and(|p| p.is_ascii_digit()));
        let (kind, next) = if c.is_ascii_digit() || begins_fraction {
            number(&letters, i)
        } else if c.is_alphabetic() {
            let mut next = i + 1;
            while at(next).is_some_and(char::is_alphabetic) {
                next += 1;
            }
            (Kind::Word, next)
        } else {
            (Kind::Sign(c), i + 1)
        };
        let (start, end) = (byte(i), byte(next));
        let glued = out.last().is_some_and(|last| last.end == start);
        out.push(Token { kind, text: &text[start..end], start, end, glued });
        i = next;
    }
    out
}

/// A number from place `i`, and where it ends. A comma between digits is a decimal one unless it parts thousands.
fn number(letters: &[(usize, char)], i: usize) -> (Kind, usize) {
    let at = |i: usize| letters.get(i).map(|(_, c)| *c);
    let run = |from: usize| (from..letters.len()).take_while(|k| at(*k).is_some_and(|c| c.is_ascii_digit())).count();
    let mut digits = String::new();
    let mut next = i;
    let whole = run(i);
    digits.extend(letters[i..i + whole].iter().map(|(_, c)| *c));
    next += whole;
    let (mut decimals, mut has_point) = (0, false);
    // The third of `1,2,3`, which is a list.
    let in_list = i > 1 && at(i - 1) == Some(',') && at(i - 2).is_some_and(|c| c.is_ascii_digit());
    while at(next) == Some(',') && !has_point {
        let group = run(next + 1);
        let is_thousands = group == 3 && (1..=3).contains(&whole) && digits != "0";
        if is_thousands {
            digits.extend(letters[next + 1..next + 4].iter().map(|(_, c)| *c));
            next += 4;
        } else if group > 0
            && !in_list
            && next == i + whole
            && whole > 0
            && is_decimal_comma(letters, next, group, &digits)
        {
            digits.push('.');
            digits.extend(letters[next + 1..=next + group].iter().map(|(_, c)| *c));
            (decimals, has_point) = (group, true);
            next += 1 + group;
        } else {
            break;
        }
    }
    if !has_point && at(next).is_some_and(is_point) {
        let group = run(next + 1);
        if group > 0 {
            digits.push('.');
            digits.extend(letters[next + 1..=next + group].iter().map(|(_, c)| *c));
            decimals = group;
            next += 1 + group;
        }
    }
    let value = digits.parse().unwrap_or(f64::NAN);
    (Kind::Number { value, decimals: u8::try_from(decimals).unwrap_or(u8::MAX) }, next)
}

/// `0,72` and `1,5` are decimals; `1,2,3` is a list, and `0,56.1` nothing at all.
fn is_decimal_comma(letters: &[(usize, char)], comma: usize, group: usize, whole: &str) -> bool {
    let after = letters.get(comma + 1 + group).map(|(_, c)| *c);
    let after_that = letters.get(comma + 2 + group).is_some_and(|(_, c)| c.is_ascii_digit());
    let goes_on = after.is_some_and(|c| c == ',' || is_point(c)) && after_that;
    !goes_on && group <= 4 && whole.len() <= 3
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(text: &str) -> Vec<f64> {
        tokens(text).iter().filter_map(|t| t.number().map(|(v, _)| v)).collect()
    }

    #[test]
    fn numbers_are_read_as_they_are_written() {
        assert_eq!(
            numbers("0.72 .05 0\u{b7}81 0,72 1,234 12,345.6 1,2,3 3,5)"),
            [0.72, 0.05, 0.81, 0.72, 1234.0, 12345.6, 1.0, 2.0, 3.0, 3.5]
        );
        assert_eq!(numbers("0.56,0.89 1.2-3.4 5. 6"), [0.56, 0.89, 1.2, 3.4, 5.0, 6.0]);
        let found = tokens("aHR=0.7; 95%CI");
        let words: Vec<&str> = found.iter().map(|t| t.text).collect();
        assert_eq!(words, ["aHR", "=", "0.7", ";", "95", "%", "CI"]);
        assert!(found[1].glued && !found[4].glued);
    }
}
