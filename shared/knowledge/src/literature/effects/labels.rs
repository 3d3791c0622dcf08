//! Labels of effect measures, as abbreviations and written out.

use model::citation::EffectMeasure::{
    self, HazardRatio, MeanDifference, OddsRatio, RateRatio, RiskDifference, RiskRatio, StandardizedMeanDifference,
};

use super::abbreviations::Meanings;
use super::tokens::Token;

/// A label in a sentence: tokens `[start, end)`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Label {
    pub(super) measure: EffectMeasure,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether the label itself or the words before it say adjusted or not.
    pub(super) adjusted: Option<bool>,
    /// `HRs`, `odds ratios`.
    pub(super) plural: bool,
    /// Written out.
    pub(super) long: bool,
}

/// Abbreviations without their plural s: measure, base, adjusted.
const SHORT: &[(&str, EffectMeasure, &str, Option<bool>)] = &[
    ("HR", HazardRatio, "HR", None),
    ("aHR", HazardRatio, "aHR", Some(true)),
    ("AHR", HazardRatio, "aHR", Some(true)),
    ("adjHR", HazardRatio, "aHR", Some(true)),
    ("HRadj", HazardRatio, "aHR", Some(true)),
    ("HRa", HazardRatio, "aHR", Some(true)),
    ("sHR", HazardRatio, "sHR", None),
    ("SHR", HazardRatio, "sHR", None),
    ("sdHR", HazardRatio, "sHR", None),
    ("csHR", HazardRatio, "sHR", None),
    ("cHR", HazardRatio, "cHR", Some(false)),
    ("uHR", HazardRatio, "cHR", Some(false)),
    ("OR", OddsRatio, "OR", None),
    ("aOR", OddsRatio, "aOR", Some(true)),
    ("AOR", OddsRatio, "aOR", Some(true)),
    ("adjOR", OddsRatio, "aOR", Some(true)),
    ("ORadj", OddsRatio, "aOR", Some(true)),
    ("ORa", OddsRatio, "aOR", Some(true)),
    ("cOR", OddsRatio, "cOR", Some(false)),
    ("COR", OddsRatio, "cOR", Some(false)),
    ("uOR", OddsRatio, "cOR", Some(false)),
    ("RR", RiskRatio, "RR", None),
    ("aRR", RiskRatio, "aRR", Some(true)),
    ("adjRR", RiskRatio, "aRR", Some(true)),
    ("RRadj", RiskRatio, "aRR", Some(true)),
    ("cRR", RiskRatio, "cRR", Some(false)),
    ("IRR", RateRatio, "IRR", None),
    ("aIRR", RateRatio, "aIRR", Some(true)),
    ("AIRR", RateRatio, "aIRR", Some(true)),
    ("RD", RiskDifference, "RD", None),
    ("aRD", RiskDifference, "aRD", Some(true)),
    ("ARD", RiskDifference, "ARD", None),
    ("MD", MeanDifference, "MD", None),
    ("WMD", MeanDifference, "WMD", None),
    ("aMD", MeanDifference, "aMD", Some(true)),
    ("LSMD", MeanDifference, "LSMD", None),
    ("SMD", StandardizedMeanDifference, "SMD", None),
];

/// Measures written out, one of the words at each place.
const LONG: &[(&[&[&str]], EffectMeasure)] = &[
    (&[&["hazard", "hazards"], &["ratio", "ratios"]], HazardRatio),
    (&[&["subhazard", "subhazards"], &["ratio", "ratios"]], HazardRatio),
    (&[&["odds"], &["ratio", "ratios"]], OddsRatio),
    (&[&["risk", "risks"], &["ratio", "ratios"]], RiskRatio),
    (&[&["relative"], &["risk", "risks"]], RiskRatio),
    (&[&["incidence", "incident"], &["rate"], &["ratio", "ratios"]], RateRatio),
    (&[&["incidence", "incident"], &["density"], &["ratio", "ratios"]], RateRatio),
    (&[&["rate"], &["ratio", "ratios"]], RateRatio),
    (&[&["risk"], &["difference", "differences"]], RiskDifference),
    (&[&["difference"], &["in"], &["risk", "risks"]], RiskDifference),
    (
        &[&["standardized", "standardised", "std"], &["mean"], &["difference", "differences"]],
        StandardizedMeanDifference,
    ),
    (
        &[&["standardized", "standardised"], &["weighted"], &["mean"], &["difference", "differences"]],
        StandardizedMeanDifference,
    ),
    (&[&["hedges"], &["s"], &["g"]], StandardizedMeanDifference),
    (&[&["hedges"], &["g"]], StandardizedMeanDifference),
    (&[&["cohen"], &["s"], &["d"]], StandardizedMeanDifference),
    (&[&["cohen", "cohens"], &["d"]], StandardizedMeanDifference),
    (&[&["mean"], &["difference", "differences"]], MeanDifference),
    (&[&["mean"], &["between"], &["group"], &["difference", "differences"]], MeanDifference),
    (&[&["mean"], &["treatment", "group", "adjusted"], &["difference", "differences"]], MeanDifference),
    (&[&["difference", "differences"], &["in"], &["mean", "means"]], MeanDifference),
    (&[&["difference", "differences"], &["between"], &["means"]], MeanDifference),
];

/// Words right before a label that make it something else (`diagnostic odds ratio`).
const NOT_AFTER: &[&str] = &["diagnostic", "reporting", "proportional", "likelihood", "log", "ln", "prevalence"];
/// Words right behind a label that make it something else (`relative risk reduction`).
const NOT_BEFORE: &[&str] = &[
    "reduction",
    "reductions",
    "increase",
    "increases",
    "decrease",
    "score",
    "scores",
    "assessment",
    "model",
    "models",
    "testing",
];

/// The label that begins at a token, the longest one.
pub(super) fn label_at(tokens: &[Token<'_>], at: usize, meanings: &Meanings) -> Option<Label> {
    let token = tokens.get(at)?;
    if !token.is_any_word() {
        return None;
    }
    let label = long_at(tokens, at).or_else(|| short_at(tokens, at, meanings))?;
    let after = tokens.get(label.end);
    if after.is_some_and(|t| NOT_BEFORE.iter().any(|word| t.is_word(word))) {
        return None;
    }
    let before = tokens[..at].last();
    if before.is_some_and(|t| NOT_AFTER.iter().any(|word| t.is_word(word))) {
        return None;
    }
    Some(Label { adjusted: label.adjusted.or_else(|| adjusted_before(&tokens[..at])), ..label })
}

fn long_at(tokens: &[Token<'_>], at: usize) -> Option<Label> {
    let mut best: Option<Label> = None;
    for (words, measure) in LONG {
        let Some((end, plural)) = follows(tokens, at, words) else { continue };
        if best.is_none_or(|b| b.end < end) {
            let adjusted = tokens[at..end].iter().any(|t| t.is_word("adjusted")).then_some(true);
            best = Some(Label { measure: *measure, start: at, end, adjusted, plural, long: true });
        }
    }
    best
}

/// Whether the words stand here, hyphens and apostrophes between them left out.
fn follows(tokens: &[Token<'_>], at: usize, words: &[&[&str]]) -> Option<(usize, bool)> {
    let mut i = at;
    let mut plural = false;
    for (n, choices) in words.iter().enumerate() {
        while n > 0 && tokens.get(i).is_some_and(|t| t.is_dash() || t.is('\'') || t.is('\u{2019}')) {
            i += 1;
        }
        let token = tokens.get(i)?;
        let found = choices.iter().find(|word| token.is_word(word))?;
        plural = found.ends_with("ratios") || found.ends_with("risks") || found.ends_with("differences");
        i += 1;
    }
    Some((i, plural))
}

fn short_at(tokens: &[Token<'_>], at: usize, meanings: &Meanings) -> Option<Label> {
    let token = tokens.get(at)?;
    let text = token.text;
    let (base, plural) = match text.strip_suffix('s') {
        Some(base) => (base, true),
        None => (text, false),
    };
    let (_, measure, short, adjusted) = SHORT.iter().find(|(word, ..)| *word == base)?;
    if meanings.is_something_else(short) {
        return None;
    }
    // Part of another name: `HR-positive`, `anti-HR`, `OR/RR` is two labels and no part.
    let next = tokens.get(at + 1);
    let hyphen_behind =
        next.is_some_and(|t| t.is_dash() && t.glued) && tokens.get(at + 2).is_some_and(|t| t.is_any_word() && t.glued);
    let hyphen_before = token.glued && at > 0 && tokens[at - 1].is_dash();
    let plus = next.is_some_and(|t| t.is('+') && t.glued);
    if hyphen_behind || hyphen_before || plus {
        return None;
    }
    let measure = meanings.measure(short, *measure);
    Some(Label { measure, start: at, end: at + 1, adjusted: *adjusted, plural, long: false })
}

/// `adjusted`, `multivariable`, `crude` within the words before.
fn adjusted_before(before: &[Token<'_>]) -> Option<bool> {
    for token in before.iter().rev().take(4) {
        if token.opens() || token.closes() || token.is(';') || token.is(',') {
            return None;
        }
        let word = token.text.to_ascii_lowercase();
        match word.as_str() {
            "unadjusted" | "crude" | "univariate" | "univariable" => return Some(false),
            "adjusted" | "multivariable" | "multivariate" | "weighted" if token.is_any_word() && word != "weighted" => {
                return Some(true);
            }
            _ => {}
        }
    }
    None
}

/// The measure that is written out right before a token (an opening bracket).
pub(super) fn long_form_before(tokens: &[Token<'_>], at: usize) -> Option<EffectMeasure> {
    let from = at.saturating_sub(6);
    (from..at).filter_map(|i| long_at(tokens, i)).find(|label| label.end == at).map(|label| label.measure)
}
