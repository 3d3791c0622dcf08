//! Signed numbers, intervals and p-values at a place of a sentence.

use model::citation::PRelation;

use super::tokens::{Kind, Token};
use super::units::unit_at;

/// A number with its sign: tokens `[start, end)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Value {
    pub(super) value: f64,
    pub(super) decimals: u8,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// Two limits, and where their tokens are.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Interval {
    pub(super) lower: Value,
    pub(super) upper: Value,
    /// 0.95; nothing where the text does not say.
    pub(super) level: Option<f64>,
    pub(super) credible: bool,
    /// The text calls it an interval.
    pub(super) explicit: bool,
    /// Unit behind a limit.
    pub(super) unit: Option<String>,
    /// The token after it, brackets included.
    pub(super) end: usize,
}

/// A p-value and where its tokens are.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct PValue {
    pub(super) relation: PRelation,
    pub(super) value: f64,
    pub(super) start: usize,
    pub(super) end: usize,
}

/// What announces an interval (`95% CI:`).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Announced {
    pub(super) level: Option<f64>,
    pub(super) credible: bool,
    between: bool,
    pub(super) end: usize,
}

/// A number, with a minus sign before it that belongs to it.
pub(super) fn value_at(tokens: &[Token<'_>], at: usize) -> Option<Value> {
    let token = tokens.get(at)?;
    let signed = token.is_dash() || token.is('+');
    let number_at = if signed { at + 1 } else { at };
    let number = tokens.get(number_at)?;
    let (value, decimals) = number.number()?;
    if signed && !number.glued {
        return None;
    }
    // A number within a word (`m2`, `CO2`) is none.
    if !signed && number.glued && at > 0 && tokens[at - 1].is_any_word() {
        return None;
    }
    let value = if token.is_dash() { -value } else { value };
    value.is_finite().then_some(Value { value, decimals, start: at, end: number_at + 1 })
}

/// Words that may stand before the word for the interval.
const BEFORE_INTERVAL: &[&str] = &[
    "the",
    "a",
    "two",
    "sided",
    "exact",
    "corresponding",
    "bootstrap",
    "bootstrapped",
    "profile",
    "likelihood",
    "bonferroni",
    "adjusted",
    "associated",
    "wald",
    "simultaneous",
    "posterior",
    "corrected",
];

/// `95% CI`, `95% confidence interval [CI],`, `CI 95%:`, `IC 95%`, `95% CrI`.
pub(super) fn announced_at(tokens: &[Token<'_>], at: usize) -> Option<Announced> {
    let mut i = at;
    while i < at + 5
        && tokens
            .get(i)
            .is_some_and(|t| BEFORE_INTERVAL.iter().any(|w| t.is_word(w)) || (t.is_dash() && t.glued && i > at))
    {
        i += 1;
    }
    let mut level = level_at(tokens, i);
    if let Some((_, end)) = level {
        i = end;
        while tokens.get(i).is_some_and(|t| BEFORE_INTERVAL.iter().any(|w| t.is_word(w)) || t.is_dash()) {
            i += 1;
        }
    }
    let (credible, end) = interval_word(tokens, i)?;
    i = end;
    if level.is_none() {
        let bracket = usize::from(tokens.get(i).is_some_and(Token::opens));
        level = level_at(tokens, i + bracket);
        if let Some((_, end)) = level {
            i = end + usize::from(bracket == 1 && tokens.get(end).is_some_and(Token::closes));
        }
    }
    // Its own abbreviation in brackets.
    if tokens.get(i).is_some_and(Token::opens) {
        let inner = level_at(tokens, i + 1).map_or(i + 1, |(_, end)| end);
        if let Some((_, end)) = interval_word(tokens, inner)
            && tokens.get(end).is_some_and(Token::closes)
        {
            i = end + 1;
        }
    }
    let mut between = false;
    for _ in 0..3 {
        let Some(token) = tokens.get(i) else { break };
        let joins = matches!(token.kind, Kind::Sign('=' | ':' | ',' | ';'))
            || ["of", "was", "were", "is", "from", "ranging", "range", "ranged", "between"]
                .iter()
                .any(|w| token.is_word(w));
        if !joins {
            break;
        }
        between |= token.is_word("between");
        i += 1;
    }
    Some(Announced { level: level.map(|(level, _)| level), credible, between, end: i })
}

fn level_at(tokens: &[Token<'_>], at: usize) -> Option<(f64, usize)> {
    let (value, _) = tokens.get(at)?.number()?;
    let end = match tokens.get(at + 1)? {
        t if t.is('%') || t.is_word("percent") => at + 2,
        t if t.is_word("per") && tokens.get(at + 2).is_some_and(|t| t.is_word("cent")) => at + 3,
        _ => return None,
    };
    (50.0 < value && value < 100.0).then_some((value / 100.0, end))
}

fn interval_word(tokens: &[Token<'_>], at: usize) -> Option<(bool, usize)> {
    let token = tokens.get(at)?;
    if !token.is_any_word() {
        return None;
    }
    match token.text {
        "CI" | "CIs" | "CL" | "IC" | "ci" | "Ci" => return Some((false, at + 1)),
        "CrI" | "CrIs" | "CRI" | "BCI" => return Some((true, at + 1)),
        "C" if tokens.get(at + 1).is_some_and(|t| t.is('.')) && tokens.get(at + 2).is_some_and(|t| t.text == "I") => {
            return Some((false, at + 3 + usize::from(tokens.get(at + 3).is_some_and(|t| t.is('.')))));
        }
        _ => {}
    }
    let lower = token.text.to_ascii_lowercase();
    let credible = ["credible", "credibility"].contains(&lower.as_str());
    let confidence = ["confidence", "confident", "confidential"].contains(&lower.as_str());
    let next = tokens.get(at + 1)?;
    let is_interval = ["interval", "intervals", "limit", "limits", "range"].iter().any(|w| next.is_word(w));
    ((credible || confidence) && is_interval).then_some((credible, at + 2))
}

/// Two limits with something between them.
fn range_at(tokens: &[Token<'_>], at: usize, between: bool) -> Option<(Value, Value, Option<String>, usize)> {
    let lower = value_at(tokens, at)?;
    let first_unit = unit_at(tokens, lower.end);
    let mut i = first_unit.as_ref().map_or(lower.end, |(_, end)| *end);
    let joint = tokens.get(i)?;
    let joins = joint.is_dash()
        || matches!(joint.kind, Kind::Sign(',' | ';' | '~' | '\u{223c}' | '\u{ff5e}'))
        || joint.is_word("to")
        || joint.is_word("through")
        || (joint.is_word("and") && between);
    if !joins {
        return None;
    }
    // `-0.9 -0.1`: a minus or a dash? It cannot be told.
    let next_glued = tokens.get(i + 1).is_some_and(|t| t.glued);
    if joint.is_dash() && !joint.glued && next_glued && lower.value < 0.0 {
        return None;
    }
    i += 1;
    let upper = value_at_after(tokens, i)?;
    // `1-2-3` is no interval.
    let goes_on = tokens.get(upper.end).is_some_and(|t| t.is_dash() && t.glued)
        && tokens.get(upper.end + 1).is_some_and(|t| t.glued && t.number().is_some());
    if goes_on {
        return None;
    }
    let second_unit = unit_at(tokens, upper.end);
    let end = second_unit.as_ref().map_or(upper.end, |(_, end)| *end);
    let unit = second_unit.or(first_unit).map(|(unit, _)| unit);
    Some((lower, upper, unit, end))
}

/// A number behind a dash: it may touch the dash.
fn value_at_after(tokens: &[Token<'_>], at: usize) -> Option<Value> {
    if let Some((value, decimals)) = tokens.get(at)?.number() {
        return Some(Value { value, decimals, start: at, end: at + 1 });
    }
    value_at(tokens, at)
}

/// What may be taken for an interval behind an estimate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bare {
    /// Two numbers in brackets will do.
    pub(super) in_brackets: bool,
    /// Two numbers behind a comma will do, since the interval was announced before the estimate.
    pub(super) without: bool,
}

/// The interval behind an estimate that ends before `at`, with a p-value that stands between the two.
pub(super) fn interval_after(tokens: &[Token<'_>], at: usize, bare: Bare) -> Option<(Interval, Option<PValue>)> {
    let (mut i, mut n_open) = (at, 0_usize);
    let mut p = None;
    for _ in 0..6 {
        let Some(token) = tokens.get(i) else { break };
        if p.is_none()
            && let Some(found) = p_at(tokens, i)
        {
            i = found.end;
            p = Some(found);
            continue;
        }
        if token.opens() {
            n_open += 1;
        } else if token.closes() && p.is_some() {
            n_open = n_open.saturating_sub(1);
        } else if !(matches!(token.kind, Kind::Sign(',' | ';' | ':'))
            || token.is_word("with")
            || (token.is_word("and") && announced_at(tokens, i + 1).is_some()))
        {
            break;
        }
        i += 1;
    }
    let moved = i > at;
    if let Some(announced) = announced_at(tokens, i) {
        let inner = usize::from(tokens.get(announced.end).is_some_and(Token::opens));
        let (lower, upper, unit, end) = range_at(tokens, announced.end + inner, announced.between)?;
        let end = close(tokens, end, n_open + inner);
        let Announced { level, credible, .. } = announced;
        return Some((Interval { lower, upper, level, credible, explicit: true, unit, end }, p));
    }
    if !(bare.in_brackets && n_open > 0 || bare.without && moved) {
        return None;
    }
    let (lower, upper, unit, end) = range_at(tokens, i, false)?;
    let ends_well = match tokens.get(end) {
        None => true,
        Some(t) => t.closes() || matches!(t.kind, Kind::Sign(',' | ';' | '.')) || n_open == 0,
    };
    let end = close(tokens, end, n_open);
    ends_well.then_some((Interval { lower, upper, level: None, credible: false, explicit: false, unit, end }, p))
}

fn close(tokens: &[Token<'_>], mut at: usize, n_open: usize) -> usize {
    for _ in 0..n_open {
        if tokens.get(at).is_some_and(Token::closes) {
            at += 1;
        }
    }
    at
}

/// Words that may stand before a p.
const BEFORE_P: &[&str] = &[
    "log",
    "rank",
    "two",
    "one",
    "sided",
    "tailed",
    "stratified",
    "nominal",
    "adjusted",
    "unadjusted",
    "with",
    "a",
    "the",
    "corresponding",
    "and",
    "wald",
    "both",
    "all",
];

/// A p-value behind an estimate or an interval, brackets and commas skipped.
pub(super) fn p_after(tokens: &[Token<'_>], at: usize) -> Option<PValue> {
    let mut i = at;
    while i < at + 4
        && tokens.get(i).is_some_and(|t| t.opens() || t.closes() || matches!(t.kind, Kind::Sign(',' | ';')))
    {
        i += 1;
    }
    p_at(tokens, i)
}

/// `p=0.003`, `P < .001`, `p-value of 0.02`, `P = 3 x 10-8`. A p for a trend or an interaction is another one.
pub(super) fn p_at(tokens: &[Token<'_>], at: usize) -> Option<PValue> {
    let mut i = at;
    while i < at + 6 && tokens.get(i).is_some_and(|t| BEFORE_P.iter().any(|w| t.is_word(w)) || (t.is_dash() && i > at))
    {
        i += 1;
    }
    let token = tokens.get(i)?;
    if !(token.is_word("p") || token.is_word("pvalue")) {
        return None;
    }
    let start = i;
    i += 1;
    if tokens.get(i).is_some_and(Token::is_dash) && tokens.get(i + 1).is_some_and(|t| t.is_word("value")) {
        i += 1;
    }
    if tokens.get(i).is_some_and(|t| t.is_word("value") || t.is_word("values")) {
        i += 1;
    }
    let (relation, end) = relation_at(tokens, i)?;
    let (value, _) = tokens.get(end)?.number()?;
    let (value, end) = scientific(tokens, end + 1, value);
    (0.0..=1.0).contains(&value).then_some(PValue { relation, value, start, end })
}

fn relation_at(tokens: &[Token<'_>], at: usize) -> Option<(PRelation, usize)> {
    let token = tokens.get(at)?;
    let then = tokens.get(at + 1).is_some_and(|t| t.is('=') || t.is_word("than"));
    let skip = usize::from(then);
    match token.kind {
        Kind::Sign('=' | ':') => Some((PRelation::Equal, at + 1)),
        Kind::Sign('<' | '\u{2264}' | '\u{2a7d}' | '\u{ff1c}') => Some((PRelation::Below, at + 1 + skip)),
        Kind::Sign('>' | '\u{2265}' | '\u{2a7e}') => Some((PRelation::Above, at + 1 + skip)),
        Kind::Word if token.is_word("of") || token.is_word("was") || token.is_word("is") => {
            Some((PRelation::Equal, at + 1))
        }
        Kind::Word if token.is_word("less") && then => Some((PRelation::Below, at + 2)),
        Kind::Word if token.is_word("greater") && then => Some((PRelation::Above, at + 2)),
        Kind::Number { decimals, .. } if decimals > 0 => Some((PRelation::Equal, at)),
        _ => None,
    }
}

/// `3 x 10-8`, `3 x 10^-8`, `2.3E-5` behind the 3 and the 2.3.
fn scientific(tokens: &[Token<'_>], at: usize, value: f64) -> (f64, usize) {
    let same = (value, at);
    let Some(token) = tokens.get(at) else { return same };
    let is_times = matches!(token.kind, Kind::Sign('\u{d7}' | '*' | '\u{b7}')) || token.is_word("x");
    let mut i = if is_times && tokens.get(at + 1).and_then(Token::number).is_some_and(|(v, _)| v == 10.0) {
        at + 2
    } else if token.is_word("e") && token.glued {
        at + 1
    } else {
        return same;
    };
    while tokens.get(i).is_some_and(|t| t.is('^') || t.opens()) {
        i += 1;
    }
    match value_at(tokens, i) {
        Some(power) if power.decimals == 0 && (-400.0..=0.0).contains(&power.value) => (
            value * 10_f64.powf(power.value),
            power.end + usize::from(tokens.get(power.end).is_some_and(Token::closes) && tokens[i - 1].opens()),
        ),
        _ => same,
    }
}

/// Whether something that is announced as an interval follows with its two limits and no estimate before them.
pub(super) fn is_interval_only(tokens: &[Token<'_>], announced: &Announced) -> bool {
    let inner = usize::from(tokens.get(announced.end).is_some_and(Token::opens));
    let Some((_, upper, _, end)) = range_at(tokens, announced.end + inner, announced.between) else { return false };
    // Three numbers are an estimate and its limits: `0.72, 0.56-0.89`.
    let mut i = end.max(upper.end);
    while tokens.get(i).is_some_and(|t| t.opens() || t.is_dash() || t.is_word("to")) {
        i += 1;
    }
    !(i > upper.end && tokens.get(i).is_some_and(|t| t.number().is_some()))
}
