//! What an abstract itself says that its abbreviations mean: `operating room (OR)` is no odds ratio.

use std::collections::BTreeSet;

use model::citation::{AbstractSection, EffectMeasure};

use super::labels;
use super::tokens::{Token, tokens};

/// Abbreviations that mean something else in this abstract, and what `RR` stands for.
#[derive(Debug, Default)]
pub(super) struct Meanings {
    elsewhere: BTreeSet<&'static str>,
    /// `rate ratio (RR)` makes RR a rate ratio.
    rr_is_rate_ratio: bool,
}

/// Abbreviations that have other meanings.
const AMBIGUOUS: [&str; 7] = ["HR", "OR", "RR", "IRR", "RD", "MD", "SMD"];

impl Meanings {
    pub(super) fn of(sections: &[AbstractSection]) -> Self {
        let mut meanings = Self::default();
        let mut confirmed = BTreeSet::new();
        for section in sections {
            let tokens = tokens(&section.text);
            for (i, token) in tokens.iter().enumerate() {
                let bare = token.text.strip_suffix('s').unwrap_or(token.text);
                let Some(&short) = AMBIGUOUS.iter().find(|short| **short == bare) else { continue };
                let in_brackets = i > 0 && tokens[i - 1].opens();
                if !in_brackets {
                    continue;
                }
                // A number right behind it (`(OR 1.5`) makes it a use, not a definition.
                let closes = tokens.get(i + 1).is_some_and(|t| t.closes() || t.is(',') || t.is(';'));
                match labels::long_form_before(&tokens, i - 1) {
                    Some(measure) if fits(short, measure) => {
                        confirmed.insert(short);
                        meanings.rr_is_rate_ratio |= short == "RR" && measure == EffectMeasure::RateRatio;
                    }
                    _ if closes && initials_match(&tokens[..i - 1], short) => {
                        meanings.elsewhere.insert(short);
                    }
                    _ => {}
                }
            }
        }
        // Both meanings in one abstract: the numbers must tell.
        meanings.elsewhere.retain(|short| !confirmed.contains(short));
        meanings
    }

    /// Whether an abbreviation is no measure here.
    pub(super) fn is_something_else(&self, short: &str) -> bool {
        self.elsewhere.contains(short)
    }

    /// What a measure that was read from an abbreviation is here.
    pub(super) fn measure(&self, short: &str, measure: EffectMeasure) -> EffectMeasure {
        if short == "RR" && self.rr_is_rate_ratio { EffectMeasure::RateRatio } else { measure }
    }
}

fn fits(short: &str, measure: EffectMeasure) -> bool {
    match short {
        "RR" => matches!(measure, EffectMeasure::RiskRatio | EffectMeasure::RateRatio),
        _ => measure.short() == short,
    }
}

/// Whether the words before have the letters of the abbreviation in their beginnings: the last word has the last letter, and so
/// on, small words and hyphens left out.
fn initials_match(before: &[Token<'_>], short: &str) -> bool {
    let mut letters = short.chars().rev().map(|c| c.to_ascii_lowercase()).peekable();
    let words = before.iter().rev().take(8).filter(|t| t.is_any_word());
    for word in words {
        let Some(wanted) = letters.peek() else { break };
        let first = word.text.chars().next().map(|c| c.to_ascii_lowercase());
        if first == Some(*wanted) {
            letters.next();
        } else if !["of", "the", "and", "to", "in", "on", "per", "for", "ratio"]
            .contains(&word.text.to_ascii_lowercase().as_str())
        {
            // One long word may carry two letters (`macrodystrophy`): told apart no further.
            return false;
        }
    }
    letters.peek().is_none()
}
