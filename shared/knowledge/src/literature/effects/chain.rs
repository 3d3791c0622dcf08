//! Several estimates of one label, and several labels with their estimates, 'respectively'.

use super::abbreviations::Meanings;
use super::intervals::{PValue, p_at, value_at};
use super::labels::{Label, label_at};
use super::search::{Estimate, Hit, hit, with_interval};
use super::tokens::{Kind, Token};
use super::units::unit_at;

/// Tokens between two estimates, at most.
const MAX_GAP: usize = 18;
/// Tokens in which 'respectively' must come.
const MAX_RESPECTIVELY: usize = 14;

/// The label and those that are strung to it (`ORs and HRs were ...`).
pub(super) fn labels(tokens: &[Token<'_>], first: Label, meanings: &Meanings) -> Vec<Label> {
    let mut labels = vec![first];
    let mut end = first.end;
    for _ in 0..4 {
        let mut i = end;
        while tokens.get(i).is_some_and(|t| t.is(',') || t.is('/') || t.is('&') || t.is_word("and") || t.is_word("or"))
        {
            i += 1;
        }
        let next = (i > end).then(|| label_at(tokens, i, meanings)).flatten();
        match next {
            Some(label) if labels.iter().all(|l| l.measure != label.measure) => {
                end = label.end;
                labels.push(label);
            }
            _ => break,
        }
    }
    labels
}

/// The first estimate and those that follow it under the same label.
pub(super) fn further(tokens: &[Token<'_>], label: &Label, first: Estimate, meanings: &Meanings) -> Vec<Estimate> {
    let mut estimates = vec![first];
    while let Some(next) = estimates.last().and_then(|last| next(tokens, label, last, meanings)) {
        estimates.push(next);
    }
    share_p(tokens, &mut estimates);
    estimates
}

/// Words with which another statement begins.
const BREAKS: &[&str] = &[
    "was",
    "were",
    "is",
    "are",
    "had",
    "has",
    "have",
    "showed",
    "increased",
    "decreased",
    "reduced",
    "improved",
    "median",
    "mean",
    "sensitivity",
    "specificity",
    "auc",
    "auroc",
    "area",
    "concordance",
    "index",
    "statistic",
    "accuracy",
    "kappa",
    "correlation",
    "coefficient",
    "prevalence",
    "incidence",
    "rate",
    "rates",
    "proportion",
    "percentage",
    "probability",
    "difference",
    "ratio",
    "score",
    "scores",
    "sd",
    "iqr",
    "range",
    "power",
    "nnt",
];

/// The next estimate of the chain.
fn next(tokens: &[Token<'_>], label: &Label, last: &Estimate, meanings: &Meanings) -> Option<Estimate> {
    let respectively = tokens.iter().skip(last.end).any(|t| t.is_word("respectively"));
    let before = last.interval.as_ref();
    let mut joined = false;
    let mut tight = true;
    let mut i = last.end;
    while i < tokens.len() && i < last.end + MAX_GAP {
        let token = &tokens[i];
        if label_at(tokens, i, meanings).is_some() {
            return None;
        }
        if let Some(p) = p_at(tokens, i) {
            i = p.end;
            continue;
        }
        if let Some(value) = value_at(tokens, i) {
            let compound = tokens.get(value.end).is_some_and(|t| t.is_dash() && t.glued)
                && tokens.get(value.end + 1).is_some_and(|t| t.is_any_word() && t.glued);
            let aside = compound || unit_at(tokens, value.end).is_some() && label.measure.is_ratio();
            if aside {
                tight = false;
                i = value.end;
                continue;
            }
            if !joined {
                return None;
            }
            let estimate =
                with_interval(tokens, label.measure, value, last.announced.or_else(|| before.map(|i| i.level)));
            return match estimate {
                Some(found) => fits(label, last, found, respectively),
                None => bare(tokens, label, last, value, tight && respectively),
            };
        }
        match token.kind {
            Kind::Word => {
                let word = token.text.to_ascii_lowercase();
                if BREAKS.contains(&word.as_str()) {
                    return None;
                }
                let joins = ["and", "or", "vs", "versus", "to"].contains(&word.as_str());
                joined |= joins;
                tight &= joins;
            }
            Kind::Sign(',' | ';') => joined = true,
            Kind::Sign(')' | ']' | '(' | '[') => {}
            Kind::Sign(_) | Kind::Number { .. } => tight = false,
        }
        i += 1;
    }
    None
}

/// A further estimate with an interval: it must look like the one before it.
fn fits(label: &Label, last: &Estimate, mut found: Estimate, respectively: bool) -> Option<Estimate> {
    let interval = found.interval.as_mut()?;
    let inside = (interval.lower.value..=interval.upper.value).contains(&found.value.value);
    let is_like = last.interval.is_some() && inside && (!label.measure.is_ratio() || interval.lower.value > 0.0);
    let is_said = interval.explicit || last.announced.is_some() || label.plural || respectively;
    if !interval.explicit {
        interval.level = last.interval.as_ref().and_then(|i| i.level);
    }
    found.announced = last.announced;
    (is_like && is_said).then_some(found)
}

/// `0.72 and 0.81, respectively`: without intervals, when both are written alike.
fn bare(
    tokens: &[Token<'_>],
    label: &Label,
    last: &Estimate,
    value: super::intervals::Value,
    may: bool,
) -> Option<Estimate> {
    let says_so = tokens
        .iter()
        .skip(value.end)
        .take(MAX_RESPECTIVELY)
        .take_while(|t| !t.is(';'))
        .any(|t| t.is_word("respectively"));
    let alike = last.interval.is_none()
        && label.measure.is_ratio()
        && value.decimals > 0
        && value.decimals == last.value.decimals
        && value.value > 0.0;
    if !(may && says_so && alike) {
        return None;
    }
    let p = super::intervals::p_after(tokens, value.end);
    let end = p.map_or(value.end, |p| p.end);
    Some(Estimate { value, interval: None, p, unit: None, announced: None, end })
}

/// `0.7 and 0.8 (P = .01 and .02), respectively`: a list of p-values behind the last estimate belongs to all of them, in their
/// order. Where the counts differ it is nobody's.
fn share_p(tokens: &[Token<'_>], estimates: &mut [Estimate]) {
    let n = estimates.len();
    let Some((last, earlier)) = estimates.split_last_mut() else { return };
    let Some(first) = last.p.filter(|_| n > 1 && earlier.iter().all(|e| e.p.is_none())) else { return };
    let mut list = vec![first];
    let mut i = first.end;
    loop {
        let mut j = i;
        while tokens.get(j).is_some_and(|t| t.is(',') || t.is_word("and")) {
            j += 1;
        }
        let more = if j > i { p_at(tokens, j).or_else(|| same_p(tokens, j, &first)) } else { None };
        let Some(more) = more else { break };
        i = more.end;
        list.push(more);
    }
    if list.len() == n {
        for (estimate, p) in earlier.iter_mut().zip(&list) {
            estimate.p = Some(*p);
        }
        last.p = list.last().copied();
        last.end = i;
    } else if list.len() > 1 {
        last.p = None;
    }
}

/// A number in a list of p-values, without a p of its own.
fn same_p(tokens: &[Token<'_>], at: usize, first: &PValue) -> Option<PValue> {
    let (value, decimals) = tokens.get(at)?.number()?;
    (decimals > 0 && value <= 1.0).then_some(PValue { value, start: at, end: at + 1, ..*first })
}

/// Which estimate belongs to which label.
pub(super) fn assign(tokens: &[Token<'_>], labels: &[Label], last: &Label, estimates: Vec<Estimate>) -> Vec<Hit> {
    if labels.len() == 1 {
        return estimates.into_iter().map(|e| hit(tokens, last, e)).collect();
    }
    // Several labels: only as many estimates, and 'respectively', tell them apart.
    let end = estimates.last().map_or(0, |e| e.end);
    let says_so = tokens.iter().skip(end).take(MAX_RESPECTIVELY).any(|t| t.is_word("respectively"));
    if estimates.len() != labels.len() || !says_so {
        return Vec::new();
    }
    labels.iter().zip(estimates).map(|(label, e)| hit(tokens, label, e)).collect()
}
