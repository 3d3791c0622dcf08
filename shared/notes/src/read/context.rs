//! ConText: whether a finding is there, when, and whose it is.
//!
//! Method: Chapman WW et al., A simple algorithm for identifying negated findings and diseases in discharge summaries
//! (NegEx), J Biomed Inform 2001;34:301-10; Harkema H et al., ConText, J Biomed Inform 2009;42:839-51. In a sentence,
//! the longest phrases of rules are found. A trigger reaches the findings behind it (or before it) until a terminator, the
//! next trigger of its group, its number of words, or the sentence's end. A pseudo-trigger takes the place of the trigger
//! that it contains. A word of the finding itself is never part of a phrase.
//!
//! Groups: negation and possible decide on polarity (where both reach a finding, negation wins), hypothetical and historical
//! on temporality (hypothetical wins), other on the experiencer. A section's rule holds where no trigger reaches.

use std::ops::Range;

use super::outline::Sentence;
use serde::{Deserialize, Serialize};

use super::rules::{Category, GROUPS, Group, Rule, RuleKind, Rules};
use super::tokens::{Kind, Token};

/// Whether a finding is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Polarity {
    /// It is.
    #[default]
    Affirmed,
    /// It is not.
    Negated,
    /// It may be.
    Possible,
}

/// When a finding is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Temporality {
    /// Now, or what the note is about.
    #[default]
    Recent,
    /// Before.
    Historical,
    /// It may come to be: 'return if ...', or would be harm if it were given: 'allergic to ...'.
    Hypothetical,
}

/// Whose a finding is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Experiencer {
    /// The patient's.
    #[default]
    Patient,
    /// Someone else's.
    Other,
}

impl Polarity {
    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Polarity::Affirmed => "affirmed",
            Polarity::Negated => "negated",
            Polarity::Possible => "possible",
        }
    }
}

impl Temporality {
    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Temporality::Recent => "recent",
            Temporality::Historical => "historical",
            Temporality::Hypothetical => "hypothetical",
        }
    }
}

impl Experiencer {
    /// Its name in JSON.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Experiencer::Patient => "patient",
            Experiencer::Other => "other",
        }
    }
}

/// What decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trigger {
    /// The rule: its id in `rules/context.tsv`.
    pub rule: &'static str,
    /// Bytes of the phrase (of the heading, for a section's rule).
    pub span: Range<usize>,
    /// Bytes that the trigger reaches.
    pub scope: Range<usize>,
}

/// The context of a finding.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Context {
    /// Whether it is there.
    pub polarity: Polarity,
    /// When.
    pub temporality: Temporality,
    /// Whose.
    pub experiencer: Experiencer,
    /// What decided, polarity first; none where all three are the default.
    pub triggers: Vec<Trigger>,
}

/// A phrase of a rule found in a sentence.
#[derive(Clone, Copy, Debug)]
struct Mark {
    rule: u32,
    from: usize,
    to: usize,
}

/// The phrases of a sentence, by group; found once, used for every finding in it.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    by_group: [Vec<Mark>; 3],
}

impl Marks {
    /// Finds the phrases of a sentence; none overlaps the finding `apart`.
    pub(crate) fn find(rules: &Rules, tokens: &[Token], sentence: Range<usize>, apart: Option<&Range<usize>>) -> Self {
        let mut all = Vec::new();
        let mut i = sentence.start;
        while i < sentence.end {
            let mut until = sentence.end;
            if let Some(apart) = apart {
                if apart.contains(&i) {
                    i = apart.end;
                    continue;
                }
                if i < apart.start {
                    until = until.min(apart.start);
                }
            }
            rules.phrases.at(tokens, i, until, |m| {
                all.extend(m.of.iter().map(|rule| Mark { rule: *rule, from: i, to: m.end }));
            });
            i += 1;
        }
        let by_group = GROUPS.map(|group| longest(rules, &all, group));
        Marks { by_group }
    }

    /// Whether a phrase overlaps these tokens.
    pub(crate) fn overlap(&self, tokens: &Range<usize>) -> bool {
        self.by_group.iter().flatten().any(|m| m.from < tokens.end && m.to > tokens.start)
    }

    /// The context of the finding at these tokens.
    pub(crate) fn context(&self, rules: &Rules, tokens: &[Token], sentence: &Sentence, at: &Range<usize>) -> Context {
        let mut context = Context::default();
        for (group, marks) in GROUPS.iter().zip(&self.by_group) {
            let reached = strongest(rules, tokens, marks, &sentence.tokens, at);
            let Some((category, trigger)) = reached.or_else(|| of_section(rules, tokens, sentence, *group)) else {
                continue;
            };
            match category {
                Category::Negation => context.polarity = Polarity::Negated,
                Category::Possible => context.polarity = Polarity::Possible,
                Category::Historical => context.temporality = Temporality::Historical,
                Category::Hypothetical => context.temporality = Temporality::Hypothetical,
                Category::Other => context.experiencer = Experiencer::Other,
            }
            context.triggers.push(trigger);
        }
        context
    }
}

/// The longest phrases of a group that do not overlap, from the left; one phrase may stand for several rules. `all` is by position, the shortest first.
fn longest(rules: &Rules, all: &[Mark], group: Group) -> Vec<Mark> {
    let mut out: Vec<Mark> = Vec::new();
    let of_group = all.iter().filter(|m| rules.get(m.rule).is_some_and(|r| r.in_group(group)));
    for mark in of_group {
        let last = out.last().map_or((usize::MAX, 0), |m| (m.from, m.to));
        if last.0 == mark.from && mark.to > last.1 {
            while out.last().is_some_and(|m| m.from == mark.from) {
                out.pop();
            }
        } else if mark.from < last.1 && (mark.from, mark.to) != last {
            continue;
        }
        out.push(*mark);
    }
    out
}

/// What a phrase says of itself where it begins with a trigger: 'status post splenectomy', 'history of gout'.
pub(crate) fn of_itself(rules: &Rules, tokens: &[Token], at: &Range<usize>) -> Option<(Temporality, Trigger)> {
    let mut all = Vec::new();
    rules.phrases.at(tokens, at.start, at.end, |m| {
        all.extend(m.of.iter().map(|rule| Mark { rule: *rule, from: at.start, to: m.end }));
    });
    let mark = longest(rules, &all, Group::Temporality).into_iter().find(|m| m.to < at.end)?;
    let rule = rules.get(mark.rule).filter(|r| r.kind == RuleKind::Trigger && r.forward)?;
    let trigger =
        Trigger { rule: rule.id, span: bytes(tokens, &(mark.from..mark.to)), scope: bytes(tokens, &(mark.to..at.end)) };
    rule.categories.contains(&Category::Historical).then_some((Temporality::Historical, trigger))
}

/// The strongest trigger that reaches a finding: by category, then the nearest.
fn strongest(
    rules: &Rules,
    tokens: &[Token],
    marks: &[Mark],
    sentence: &Range<usize>,
    at: &Range<usize>,
) -> Option<(Category, Trigger)> {
    let mut best: Option<(u8, usize, Category, Trigger)> = None;
    for (k, mark) in marks.iter().enumerate() {
        let Some(rule) = rules.get(mark.rule).filter(|r| r.kind == RuleKind::Trigger) else { continue };
        let Some(category) = rule.categories.first().copied() else { continue };
        let behind = rule.forward && at.start >= mark.to;
        let at_end = is_answer(tokens, mark, rule, sentence);
        let before = (rule.backward || at_end) && at.end <= mark.from;
        let scope = if behind {
            forward_scope(rules, marks, k, rule, sentence)
        } else if before && at_end {
            let scope = backward_scope(rules, marks, k, rule, sentence);
            scope.start.max(scope.end.saturating_sub(ANSWERED))..scope.end
        } else if before {
            backward_scope(rules, marks, k, rule, sentence)
        } else {
            continue;
        };
        let begins_inside = scope.start <= at.start && at.start < scope.end;
        // Backwards the words nearest to the trigger count: a scope may begin within the finding.
        let ends_inside = before && scope.start < at.end && at.end <= scope.end;
        if !(begins_inside || ends_inside) {
            continue;
        }
        let distance = if behind { at.start - mark.to } else { mark.from - at.end };
        let rank = u8::from(matches!(category, Category::Possible | Category::Historical));
        if best.as_ref().is_none_or(|(r, d, _, _)| (rank, distance) < (*r, *d)) {
            let trigger =
                Trigger { rule: rule.id, span: bytes(tokens, &(mark.from..mark.to)), scope: bytes(tokens, &scope) };
            best = Some((rank, distance, category, trigger));
        }
    }
    best.map(|(_, _, category, trigger)| (category, trigger))
}

/// Words that an answer reaches back.
const ANSWERED: usize = 5;

/// Whether a negation that reaches forward is the last word of its sentence, behind a mark: `Fever - denies`. It is then said of what
/// stands before it.
fn is_answer(tokens: &[Token], mark: &Mark, rule: &Rule, sentence: &Range<usize>) -> bool {
    rule.forward
        && rule.categories.first() == Some(&Category::Negation)
        && mark.to == sentence.end
        && mark.from > sentence.start
        && tokens.get(mark.from - 1).is_some_and(|t| t.kind == Kind::Mark)
}

/// Whether a phrase ends the scope of a rule that reaches this way.
fn ends(rules: &Rules, mark: &Mark, of: &Rule, forward: bool) -> bool {
    let Some(rule) = rules.get(mark.rule) else { return false };
    match rule.kind {
        RuleKind::Terminator => rule.categories.iter().any(|c| of.categories.contains(c)),
        RuleKind::Trigger => {
            // 'History of A, status post B, C': what is said again of B does not take C out of the list.
            let again = rule.categories == of.categories && rule.categories.contains(&Category::Historical);
            (if forward { rule.forward } else { rule.backward })
                && !again
                && rule.categories.first().map(|c| c.group()) == of.categories.first().map(|c| c.group())
        }
        RuleKind::Pseudo | RuleKind::Section => false,
    }
}

fn forward_scope(rules: &Rules, marks: &[Mark], k: usize, rule: &Rule, sentence: &Range<usize>) -> Range<usize> {
    let from = marks.get(k).map_or(sentence.end, |m| m.to);
    let next = marks.iter().skip(k + 1).find(|m| m.from >= from && ends(rules, m, rule, true));
    let next = next.map_or(sentence.end, |m| m.from);
    let reach = if rule.scope == 0 { sentence.end } else { from.saturating_add(rule.scope as usize) };
    from..next.min(reach).max(from)
}

fn backward_scope(rules: &Rules, marks: &[Mark], k: usize, rule: &Rule, sentence: &Range<usize>) -> Range<usize> {
    let to = marks.get(k).map_or(sentence.start, |m| m.from);
    let before = marks.iter().take(k).rev().find(|m| m.to <= to && ends(rules, m, rule, false));
    let before = before.map_or(sentence.start, |m| m.to);
    let reach = if rule.scope == 0 { sentence.start } else { to.saturating_sub(rule.scope as usize) };
    before.max(reach).min(to)..to
}

/// What the section says.
fn of_section(rules: &Rules, tokens: &[Token], sentence: &Sentence, group: Group) -> Option<(Category, Trigger)> {
    let rule = rules.get(sentence.section?)?;
    let category = rule.categories.iter().copied().find(|c| c.group() == group)?;
    let trigger =
        Trigger { rule: rule.id, span: bytes(tokens, &sentence.heading), scope: bytes(tokens, &sentence.tokens) };
    Some((category, trigger))
}

/// The bytes of tokens; an empty range where there are none.
pub(crate) fn bytes(tokens: &[Token], range: &Range<usize>) -> Range<usize> {
    let start = tokens.get(range.start).map(|t| t.start as usize);
    let end = range.end.checked_sub(1).and_then(|i| tokens.get(i)).map(|t| t.end as usize);
    match (start, end) {
        (Some(start), Some(end)) if start <= end => start..end,
        (Some(start), _) => start..start,
        _ => 0..0,
    }
}
