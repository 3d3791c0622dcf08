//! The number that belongs to a label.

use model::citation::EffectMeasure;

use super::abbreviations::Meanings;
use super::chain;
use super::intervals::{
    Bare, Interval, PValue, Value, announced_at, interval_after, is_interval_only, p_after, value_at,
};
use super::labels::{Label, label_at};
use super::tokens::{Kind, Token};
use super::units::unit_at;

/// Tokens between a label and its estimate, at most.
const MAX_GAP: usize = 45;
/// Largest ratio that is believed without an interval.
const MAX_ALONE: f64 = 30.0;

/// An estimate that was found: bytes of the sentence.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Hit {
    pub(super) measure: EffectMeasure,
    pub(super) adjusted: Option<bool>,
    pub(super) label: (usize, usize),
    pub(super) found: Estimate,
    pub(super) estimate: (usize, usize),
    pub(super) interval: Option<(usize, usize)>,
    pub(super) p: Option<(usize, usize)>,
}

/// An estimate with what stands behind it: tokens.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Estimate {
    pub(super) value: Value,
    pub(super) interval: Option<Interval>,
    pub(super) p: Option<PValue>,
    pub(super) unit: Option<String>,
    /// An interval was announced before it (`HR (95% CI) 0.72 (0.56-0.89)`): its level.
    pub(super) announced: Option<Option<f64>>,
    pub(super) end: usize,
}

/// All estimates of a sentence.
pub(super) fn search(tokens: &[Token<'_>], meanings: &Meanings) -> Vec<Hit> {
    let mut hits = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let Some(label) = label_at(tokens, at, meanings) else {
            at += 1;
            continue;
        };
        let labels = chain::labels(tokens, label, meanings);
        let last = labels.last().copied().unwrap_or(label);
        let Some((first, last)) = after_label(tokens, last, meanings) else {
            at = last.end;
            continue;
        };
        let estimates = chain::further(tokens, &last, first, meanings);
        at = estimates.last().map_or(last.end, |e| e.end).max(at + 1);
        hits.extend(chain::assign(tokens, &labels, &last, estimates));
    }
    hits
}

/// A hit in bytes.
pub(super) fn hit(tokens: &[Token<'_>], label: &Label, found: Estimate) -> Hit {
    let bytes = |start: usize, end: usize| {
        let from = tokens.get(start).map_or(0, |t| t.start);
        (from, tokens.get(end.saturating_sub(1)).map_or(from, |t| t.end))
    };
    Hit {
        measure: label.measure,
        adjusted: label.adjusted,
        label: bytes(label.start, label.end),
        estimate: bytes(found.value.start, found.value.end),
        interval: found.interval.as_ref().map(|i| bytes(i.lower.start, i.upper.end)),
        p: found.p.map(|p| bytes(p.start, p.end)),
        found,
    }
}

/// Words after which a number is another measure's.
const STOPS: &[&str] = &[
    "median",
    "sensitivity",
    "specificity",
    "auc",
    "auroc",
    "area",
    "concordance",
    "kappa",
    "correlation",
    "coefficient",
    "accuracy",
    "respectively",
    "range",
    "iqr",
    "interquartile",
    "sd",
    "nnt",
    "power",
];
/// Signs and words between a label and its number that say nothing.
const JOINTS: &[&str] = &[
    "of",
    "was",
    "were",
    "is",
    "are",
    "approximately",
    "about",
    "estimated",
    "at",
    "be",
    "equal",
    "equals",
    "equaled",
];

/// Walks from a label to its estimate.
struct Walk {
    /// Nothing but joints so far.
    tight: bool,
    announced: Option<Option<f64>>,
    n_verbs: u32,
    n_relative: u32,
    adjusted: Option<bool>,
}

/// The estimate of a label, and the label with what was learnt on the way to it.
fn after_label(tokens: &[Token<'_>], label: Label, meanings: &Meanings) -> Option<(Estimate, Label)> {
    let mut walk = Walk { tight: true, announced: None, n_verbs: 0, n_relative: 0, adjusted: label.adjusted };
    let mut plural = label.plural;
    let mut i = label.end;
    let mut alias_until = label.end + 3;
    while i < tokens.len() && i < label.end + MAX_GAP {
        let token = &tokens[i];
        if let Some(other) = label_at(tokens, i, meanings) {
            // `hazard ratio (HR)`: the same once more.
            if other.measure != label.measure || i > alias_until {
                return None;
            }
            walk.adjusted = walk.adjusted.or(other.adjusted);
            plural |= other.plural;
            alias_until = other.end + 1;
            i = other.end;
            continue;
        }
        if let Some(announced) = announced_at(tokens, i) {
            if is_interval_only(tokens, &announced) {
                return None;
            }
            walk.announced = Some(announced.level);
            i = announced.end;
            continue;
        }
        if let Some(value) = value_at(tokens, i) {
            match candidate(tokens, &label, value, &walk) {
                Candidate::Is(estimate) => return Some((estimate, Label { adjusted: walk.adjusted, plural, ..label })),
                Candidate::Never => return None,
                Candidate::Not => {
                    walk.tight = false;
                    i = value.end;
                    continue;
                }
            }
        }
        if !walk.goes_on(tokens, i, token) {
            return None;
        }
        i += 1;
    }
    None
}

impl Walk {
    /// Steps over a token that is no number; whether to go on.
    fn goes_on(&mut self, tokens: &[Token<'_>], i: usize, token: &Token<'_>) -> bool {
        match token.kind {
            Kind::Sign('\u{b1}') => false,
            Kind::Sign(';') => self.tight || announced_at(tokens, i + 1).is_some(),
            Kind::Sign('=' | ':' | ',' | '(' | '[' | ')' | ']' | '~' | '\u{2248}' | '_' | '*' | '\u{2020}') => true,
            Kind::Sign(_) | Kind::Number { .. } => {
                self.tight = false;
                true
            }
            Kind::Word => {
                let word = token.text.to_ascii_lowercase();
                let word = word.as_str();
                self.n_verbs += u32::from(["was", "were", "is", "are", "had", "has"].contains(&word));
                self.n_relative +=
                    u32::from(["who", "that", "which", "whom", "whose", "when", "after"].contains(&word));
                if ["adjusted", "multivariable", "multivariate"].contains(&word) && self.adjusted.is_none() {
                    self.adjusted = Some(true);
                } else if !JOINTS.contains(&word) && word != "adj" {
                    self.tight = false;
                }
                !STOPS.contains(&word) && self.n_verbs <= 1 + self.n_relative
            }
        }
    }
}

/// What a number behind a label is.
#[allow(clippy::large_enum_variant, reason = "one at a time, handed straight on")]
enum Candidate {
    Is(Estimate),
    /// Another number: go on.
    Not,
    /// The label means something else, or the number cannot be told.
    Never,
}

fn candidate(tokens: &[Token<'_>], label: &Label, value: Value, walk: &Walk) -> Candidate {
    let ratio = label.measure.is_ratio();
    let next = tokens.get(value.end);
    // `5-year`, `0.5-mg`
    let compound = next.is_some_and(|t| t.is_dash() && t.glued)
        && tokens.get(value.end + 1).is_some_and(|t| t.is_any_word() && t.glued);
    if compound || next.is_some_and(|t| t.is_any_word() && t.glued) && unit_at(tokens, value.end).is_none() {
        return Candidate::Not;
    }
    if is_of_a_symbol(tokens, label, value) {
        return Candidate::Not;
    }
    let unit = unit_at(tokens, value.end);
    if ratio && (unit.is_some() || value.value <= 0.0 && value.decimals == 0 || next.is_some_and(|t| t.is('\u{b1}'))) {
        return if walk.tight { Candidate::Never } else { Candidate::Not };
    }
    if let Some(estimate) = with_interval(tokens, label.measure, value, walk.announced) {
        let inside = estimate.interval.as_ref().is_none_or(|i| {
            let (low, high) = (i.lower.value.min(i.upper.value), i.lower.value.max(i.upper.value));
            (low..=high).contains(&value.value)
        });
        // Far from its label an estimate is believed only if it fits its interval.
        let is_near = walk.tight || walk.announced.is_some();
        return match (inside || is_near, plausible(label.measure, &estimate)) {
            (true, true) => Candidate::Is(estimate),
            (true, false) => Candidate::Never,
            (false, _) => Candidate::Not,
        };
    }
    if walk.tight && alone(tokens, label, value) {
        let p = p_after(tokens, unit.as_ref().map_or(value.end, |(_, end)| *end));
        // A difference without an interval is believed with a p-value only.
        if ratio || p.is_some() && value.decimals > 0 {
            let end = p.map_or(value.end, |p| p.end);
            let unit = unit.map(|(unit, _)| unit);
            return Candidate::Is(Estimate { value, interval: None, p, unit, announced: None, end });
        }
    }
    Candidate::Not
}

/// `r = 0.45`, `n = 34`: the number is that of the letter before the sign.
fn is_of_a_symbol(tokens: &[Token<'_>], label: &Label, value: Value) -> bool {
    let Some(before) = value.start.checked_sub(2).filter(|at| *at >= label.end) else { return false };
    let (symbol, sign) = (&tokens[before], &tokens[before + 1]);
    sign.is('=') && symbol.is_any_word() && symbol.text.chars().count() <= 2 && !symbol.is_word("CI")
}

/// An estimate that has an interval behind it.
pub(super) fn with_interval(
    tokens: &[Token<'_>],
    measure: EffectMeasure,
    value: Value,
    announced: Option<Option<f64>>,
) -> Option<Estimate> {
    let ratio = measure.is_ratio();
    let unit = unit_at(tokens, value.end);
    if ratio && unit.is_some() {
        return None;
    }
    let after = unit.as_ref().map_or(value.end, |(_, end)| *end);
    let bare = Bare { in_brackets: ratio || announced.is_some(), without: announced.is_some() };
    let (mut interval, before) = interval_after(tokens, after, bare)?;
    if !interval.explicit {
        let inside = (interval.lower.value..=interval.upper.value).contains(&value.value);
        let decimals = interval.lower.decimals > 0 && interval.upper.decimals > 0 && value.decimals > 0;
        // Two numbers in brackets that nobody calls an interval must look like one.
        if announced.is_none() && !(inside && decimals) {
            return None;
        }
        interval.level = interval.level.or(announced.flatten());
    }
    let behind = unit_at(tokens, interval.end);
    let p = before.or_else(|| p_after(tokens, behind.as_ref().map_or(interval.end, |(_, end)| *end)));
    let end = p.map_or(interval.end, |p| p.end.max(interval.end));
    let unit = if ratio {
        None
    } else {
        unit.map(|(u, _)| u).or_else(|| interval.unit.clone()).or_else(|| behind.map(|(u, _)| u))
    };
    if ratio && interval.unit.as_deref().is_some_and(|u| u != "fold" && u != "times") {
        return None;
    }
    Some(Estimate { value, interval: Some(interval), p, unit, announced, end })
}

/// A heart rate of 72 (70-74) is no ratio: large, and far too narrow for one.
fn plausible(measure: EffectMeasure, estimate: &Estimate) -> bool {
    if !measure.is_ratio() {
        return true;
    }
    let Some(interval) = &estimate.interval else { return true };
    let (low, high) = (interval.lower.value.min(interval.upper.value), interval.lower.value.max(interval.upper.value));
    let narrow = low > 0.0 && high / low < 2.0;
    !(estimate.value.value >= 10.0 && narrow)
}

/// Words of a sentence whose numbers were planned, not found.
const PLANNED: &[&str] = &[
    "detect",
    "assume",
    "assumed",
    "assuming",
    "assumption",
    "hypothesized",
    "hypothesised",
    "hypothesis",
    "power",
    "powered",
    "margin",
    "threshold",
    "cutoff",
    "boundary",
    "expected",
    "anticipated",
    "simulated",
    "simulation",
    "simulations",
    "planned",
    "if",
    "would",
];

/// Whether a number without an interval is an estimate: right behind its label, and nothing else.
fn alone(tokens: &[Token<'_>], label: &Label, value: Value) -> bool {
    if tokens.iter().any(|t| PLANNED.iter().any(|word| t.is_word(word))) {
        return false;
    }
    let next = tokens.get(value.end);
    let after = tokens.get(value.end + 1);
    let is_range = next.is_some_and(|t| t.is_dash() || t.is_word("to"))
        && after.is_some_and(|t| t.number().is_some() || t.is_dash());
    if is_range || next.is_some_and(|t| t.is('\u{b1}') || t.is('/') || t.is('\u{d7}')) {
        return false;
    }
    if !label.measure.is_ratio() {
        return true;
    }
    let said = value.start > 0 && (tokens[value.start - 1].is('=') || tokens[value.start - 1].is(':'));
    let whole = value.decimals == 0;
    value.value > 0.0
        && value.value <= MAX_ALONE
        && !(whole && !said && !label.long)
        // A word right behind it may be its unit (`HR 1.5 mismatches`): only small words and signs may follow.
        && next.is_none_or(|t| !t.is_any_word() || FOLLOWS.iter().any(|w| t.is_word(w)))
}

/// Words that may follow an estimate without an interval.
const FOLLOWS: &[&str] = &[
    "for", "and", "in", "with", "p", "vs", "versus", "among", "at", "when", "compared", "while", "whereas", "but",
    "or", "after", "per", "by", "on", "as", "relative", "during", "between", "to",
];
