//! Numbers behind the names of quantities: `EF 55-60%`, `BP 120/80`, `weight was 82 kg`, `NYHA class III`.

use std::ops::Range;

use super::context::bytes;
use super::measures::{Believed, Measure};
use super::outline::mark;
use super::tokens::{Gap, Kind, Token};
use super::vocabulary::{UNKNOWN, Vocabulary};

/// Tokens that may stand between a name and its number.
const REACH: usize = 6;

/// Words that may stand there.
const BETWEEN: [&str; 43] = [
    "is",
    "was",
    "were",
    "of",
    "at",
    "to",
    "about",
    "approximately",
    "approx",
    "around",
    "estimated",
    "measured",
    "today",
    "currently",
    "current",
    "now",
    "class",
    "functional",
    "score",
    "status",
    "level",
    "range",
    "between",
    "on",
    "recent",
    "last",
    "initial",
    "in",
    "the",
    "low",
    "normal",
    "elevated",
    "stable",
    "improved",
    "reading",
    "value",
    "with",
    "a",
    "be",
    "by",
    "as",
    "her",
    "his",
];

/// Units of other quantities: a number before one of them belongs to something else.
const OTHER_UNITS: [&str; 22] = [
    "day", "week", "month", "year", "hour", "minute", "mg", "mcg", "ml", "unit", "tablet", "times", "am", "pm", "dose",
    "hr", "min", "weeks", "x", "o'clock", "yr", "degrees",
];

/// What a unit may end with behind a `/`: a number before one that is not the quantity's own belongs to something else.
const PER: [&str; 13] = ["l", "dl", "ml", "ul", "µl", "μl", "mcl", "mm3", "cmm", "mol", "hr", "h", "day"];

/// A number with its unit.
#[derive(Clone, Debug, PartialEq)]
pub struct Quantity {
    /// The number, or the lower of a range.
    pub low: f64,
    /// The higher of a range.
    pub high: Option<f64>,
    /// `<` or `>` where one stands before it.
    pub comparator: Option<char>,
    /// UCUM unit; nothing where none is written and the quantity has no usual one.
    pub unit: Option<&'static str>,
    /// Bytes of the number and its unit.
    pub span: Range<usize>,
}

/// Words that reading numbers needs.
#[derive(Debug)]
pub(crate) struct NumberWords {
    between: Vec<u32>,
    others: Vec<u32>,
    per: Vec<u32>,
    feet: Vec<u32>,
    inches: Vec<u32>,
    to: u32,
}

impl NumberWords {
    pub(crate) fn new(vocabulary: &mut Vocabulary) -> Self {
        let mut ids = |words: &[&str]| {
            let mut ids: Vec<u32> = words.iter().map(|w| vocabulary.add(w)).collect();
            ids.sort_unstable();
            ids
        };
        let (between, others, per) = (ids(&BETWEEN), ids(&OTHER_UNITS), ids(&PER));
        let (feet, inches) = (ids(&["feet", "foot", "ft", "'", "’"]), ids(&["inches", "inch", "in", "\"", "”"]));
        Self { between, others, per, feet, inches, to: vocabulary.add("to") }
    }
}

/// The text around numbers.
pub(crate) struct Numbers<'a> {
    pub(crate) text: &'a str,
    pub(crate) tokens: &'a [Token],
    pub(crate) until: usize,
    pub(crate) words: &'a NumberWords,
}

impl Numbers<'_> {
    fn token(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at).filter(|_| at < self.until)
    }

    fn mark(&self, at: usize) -> Option<char> {
        self.token(at).and_then(|t| mark(self.text, t))
    }

    /// The number of a token.
    pub(crate) fn value(&self, at: usize) -> Option<f64> {
        let token = self.token(at).filter(|t| t.kind == Kind::Number)?;
        number(self.text.get(token.start as usize..token.end as usize)?)
    }

    /// The number behind a name that ends before token `from`: where it begins, and a comparator.
    fn begins(&self, from: usize) -> Option<(usize, Option<char>)> {
        let mut comparator = None;
        let mut at = from;
        let mut n_passed = 0;
        while n_passed < REACH {
            if let Some(behind) = self.aside(at) {
                at = behind;
                n_passed += 1;
                continue;
            }
            let token = self.token(at)?;
            match token.kind {
                Kind::Number => return Some((at, comparator)),
                Kind::Word if self.words.between.binary_search(&token.word).is_ok() => {}
                Kind::Word if roman(self.text, token).is_some() => return Some((at, comparator)),
                Kind::Mark => match mark(self.text, token) {
                    Some(c @ ('<' | '>')) => comparator = Some(c),
                    Some(':' | '=' | '(' | '~' | '-' | '≈' | '–' | '*' | '[') => {}
                    _ => return None,
                },
                Kind::Word => return None,
            }
            at += 1;
            n_passed += 1;
        }
        None
    }

    /// The position behind words in brackets: `body mass index (BMI) [Ratio]: 27`.
    fn aside(&self, at: usize) -> Option<usize> {
        let close = match self.mark(at)? {
            '(' => ')',
            '[' => ']',
            _ => return None,
        };
        let words = (at + 1..at + 5).take_while(|i| self.token(*i).is_some_and(|t| t.kind == Kind::Word)).count();
        (words > 0 && self.mark(at + 1 + words) == Some(close)).then_some(at + 2 + words)
    }

    /// The quantity behind a name, and the token behind it.
    pub(crate) fn quantity(&self, measure: &Measure, id: &str, from: usize) -> Option<(Quantity, usize)> {
        let (at, comparator) = self.begins(from)?;
        if id == "nyha-class" {
            return self.class(at);
        }
        let low = self.value(at)?;
        if id == "body-height"
            && let Some(found) = self.feet(at, low)
        {
            return Some(found);
        }
        let (high, mut end) = self.range(at + 1);
        let joined = matches!(self.mark(end), Some('/')) && self.token(end).is_some_and(|t| t.gap == Gap::None);
        let (written, behind) = self.unit(measure, end);
        if behind == end && (joined || self.is_other_unit(end)) {
            return None;
        }
        end = behind;
        let believed = match written {
            Some(written) => Some(written).filter(|w| w.holds(low)),
            None => measure.of_bare(low),
        }?;
        let high = high.filter(|h| believed.holds(*h) && *h > low);
        Some((Quantity { low, high, comparator, unit: believed.unit, span: bytes(self.tokens, &(at..end)) }, end))
    }

    /// Whether a unit stands at a token that is another quantity's.
    fn is_other_unit(&self, at: usize) -> bool {
        let is = |at: usize, gap: Gap, words: &[u32]| {
            self.token(at).is_some_and(|t| words.binary_search(&t.word).is_ok() && t.word != UNKNOWN && t.gap <= gap)
        };
        let is_word = self.token(at).is_some_and(|t| t.kind == Kind::Word && t.gap <= Gap::Space);
        let per = is_word && self.mark(at + 1) == Some('/') && is(at + 2, Gap::None, &self.words.per);
        per || is(at, Gap::Space, &self.words.others)
    }

    /// `120/80`, `120 / 80`, `120 over 80`: systolic and diastolic.
    pub(crate) fn pressure(&self, measure: &Measure, from: usize) -> Option<(Quantity, Quantity, usize)> {
        let (at, comparator) = self.begins(from)?;
        let systolic = self.value(at)?;
        if self.mark(at + 1) != Some('/') {
            return None;
        }
        let diastolic = self.value(at + 2)?;
        // 3/4/2020 is a date.
        let date = self.mark(at + 3) == Some('/') && self.value(at + 4).is_some();
        let (written, end) = self.unit(measure, at + 3);
        let believed = written.or_else(|| measure.of_bare(systolic))?;
        if date || !believed.holds(systolic) || !believed.holds(diastolic) {
            return None;
        }
        let one = |value: f64, at: usize| Quantity {
            low: value,
            high: None,
            comparator,
            unit: believed.unit,
            span: bytes(self.tokens, &(at..at + 1)),
        };
        Some((one(systolic, at), one(diastolic, at + 2), end))
    }

    /// The second number of `55-60`, `55 to 60`, and the token behind.
    pub(crate) fn range(&self, at: usize) -> (Option<f64>, usize) {
        let Some(token) = self.token(at) else { return (None, at) };
        if token.gap == Gap::Hyphen
            && let Some(high) = self.value(at)
        {
            return (Some(high), at + 1);
        }
        let percent = usize::from(self.mark(at) == Some('%'));
        let joins = self.token(at + percent).is_some_and(|t| t.word == self.words.to)
            || matches!(self.mark(at + percent), Some('-' | '–'));
        match self.value(at + percent + 1) {
            Some(high) if joins => (Some(high), at + percent + 2),
            _ => (None, at),
        }
    }

    /// The unit that is written at a token, and the token behind: the same where none is.
    fn unit(&self, measure: &Measure, at: usize) -> (Option<Believed>, usize) {
        for (words, unit) in &measure.units {
            if words.iter().enumerate().all(|(k, w)| self.token(at + k).is_some_and(|t| t.word == *w)) {
                return (*unit, at + words.len());
            }
        }
        (None, at)
    }

    /// `5'10"`, `5 feet 10 inches`, `5 ft`: inches.
    fn feet(&self, at: usize, feet: f64) -> Option<(Quantity, usize)> {
        let is = |words: &[u32], i: usize| self.token(i).is_some_and(|t| words.binary_search(&t.word).is_ok());
        if !is(&self.words.feet, at + 1) || !(1.0..9.0).contains(&feet) {
            return None;
        }
        let inches = self.value(at + 2).filter(|v| *v < 12.0);
        let mut end = at + if inches.is_some() { 3 } else { 2 };
        if inches.is_some() && is(&self.words.inches, end) {
            end += 1;
        }
        let low = feet * 12.0 + inches.unwrap_or(0.0);
        let span = bytes(self.tokens, &(at..end));
        Some((Quantity { low, high: None, comparator: None, unit: Some("[in_i]"), span }, end))
    }

    /// `II`, `3`, `II-III`, `III/IV`.
    fn class(&self, at: usize) -> Option<(Quantity, usize)> {
        let one = |i: usize| {
            let roman = self.token(i).and_then(|t| roman(self.text, t));
            roman.or_else(|| self.value(i)).filter(|v| (1.0..=4.0).contains(v) && v.fract() == 0.0)
        };
        let low = one(at)?;
        let second = match self.mark(at + 1) {
            Some('/' | '-' | '–') => at + 2,
            _ if self.token(at + 1).is_some_and(|t| t.gap == Gap::Hyphen) => at + 1,
            _ if self.token(at + 1).is_some_and(|t| t.word == self.words.to) => at + 2,
            _ => usize::MAX,
        };
        let high = if second == usize::MAX { None } else { one(second).filter(|h| *h > low) };
        let end = if high.is_some() { second + 1 } else { at + 1 };
        let span = bytes(self.tokens, &(at..end));
        Some((Quantity { low, high, comparator: None, unit: None, span }, end))
    }
}

/// A number as it is written. Commas are of thousands where exactly three digits stand behind each and one to three, the first no
/// zero, before the first (`12,000`, `1,250,000.5`); one comma with one or two digits behind it, or behind a lone zero, is a decimal
/// comma (`2,5`, `0,125`); anything else with commas is no number.
fn number(piece: &str) -> Option<f64> {
    let value: f64 = match piece.split_once(',') {
        None => piece.parse().ok()?,
        Some((first, rest)) => {
            let whole = rest.split_once('.').map_or(rest, |(whole, _)| whole);
            let are_thousands = whole.split(',').all(|group| group.len() == 3)
                && (1..=3).contains(&first.len())
                && !first.starts_with('0')
                && !first.contains('.');
            let is_decimal = !rest.contains([',', '.']) && !first.contains('.') && (rest.len() < 3 || first == "0");
            if are_thousands {
                piece.replace(',', "").parse().ok()?
            } else if is_decimal {
                piece.replacen(',', ".", 1).parse().ok()?
            } else {
                return None;
            }
        }
    };
    value.is_finite().then_some(value)
}

fn roman(text: &str, token: &Token) -> Option<f64> {
    match text.get(token.start as usize..token.end as usize)? {
        "I" => Some(1.0),
        "II" => Some(2.0),
        "III" => Some(3.0),
        "IV" => Some(4.0),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::number;

    #[test]
    fn commas_are_of_thousands_or_decimal_or_no_number_is_read() {
        for (piece, want) in [
            ("12", 12.0),
            ("2.5", 2.5),
            ("2,5", 2.5),
            ("1,25", 1.25),
            ("37,2", 37.2),
            ("0,125", 0.125),
            ("0,0625", 0.0625),
            ("12,000", 12_000.0),
            ("250,000", 250_000.0),
            ("1,250,000", 1_250_000.0),
            ("1,250.5", 1250.5),
        ] {
            assert_eq!(number(piece), Some(want), "{piece}");
        }
        for piece in ["1,2,3", "1234,567", "12,0000", "1,250,00", "1.250,5", "1,25.5", "0,125,000", "1.2.3", "1,000,0"]
        {
            assert_eq!(number(piece), None, "{piece}");
        }
    }
}
