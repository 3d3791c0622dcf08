//! Every row of `rules/context.tsv`, by its own example.

use super::rules::{RuleKind, Rules};
use super::*;

fn built_in() -> (Rules, Reader) {
    let (rules, _) = Rules::read(rules::BUILT_IN, &mut Vocabulary::default());
    (rules, Reader::new(rules::BUILT_IN))
}

/// The example with a phrase in it, and the finding.
fn example(rule: &rules::Rule, phrase: &str) -> (String, String) {
    let text = rule.example.replace("\\n", "\n").replace("{}", phrase);
    let (before, rest) = text.split_once('[').unwrap_or_else(|| panic!("{}: no finding in brackets", rule.id));
    let (finding, behind) = rest.split_once(']').unwrap_or_else(|| panic!("{}: no finding in brackets", rule.id));
    (format!("{before}{finding}{behind}"), finding.to_owned())
}

fn outcome(reader: &Reader, rule: &rules::Rule, phrase: &str) -> (String, bool) {
    let (text, finding) = example(rule, phrase);
    let Some((_, context)) = reader.context_of(&text, &finding) else {
        panic!("{}: '{finding}' is not in '{text}'", rule.id)
    };
    let named = match rule.expected {
        "affirmed" | "negated" | "possible" => context.polarity.name(),
        "recent" | "historical" | "hypothetical" => context.temporality.name(),
        "patient" | "other" => context.experiencer.name(),
        wrong => panic!("{}: '{wrong}' is no outcome", rule.id),
    };
    (named.to_owned(), context.triggers.iter().any(|t| t.rule == rule.id))
}

#[test]
fn the_rules_can_be_read() {
    let (rules, _) = built_in();
    assert!(rules.problems.is_empty(), "{:#?}", rules.problems);
    let lexicon = Lexicon::read(&mut Vocabulary::default());
    assert!(lexicon.problems.is_empty(), "{:#?}", lexicon.problems);
    assert!(lexicon.concepts.len() > 700, "{}", lexicon.concepts.len());
    let mut ids: Vec<&str> = rules.rows.iter().map(|r| r.id).collect();
    ids.sort_unstable();
    assert!(ids.windows(2).all(|w| w[0] != w[1]), "two rules have one id");
}

#[test]
fn every_phrase_of_every_rule_does_what_its_example_says() {
    let (rules, reader) = built_in();
    let mut wrong = Vec::new();
    for rule in &rules.rows {
        for phrase in &rule.phrases {
            let (found, decided) = outcome(&reader, rule, phrase);
            let must_decide =
                rule.kind == RuleKind::Trigger || (rule.kind == RuleKind::Section && !rule.categories.is_empty());
            if found != rule.expected || (must_decide && !decided) {
                wrong.push(format!("{} '{phrase}': {found}, by this rule: {decided}", rule.id));
            }
        }
    }
    assert!(wrong.is_empty(), "{} phrases: {wrong:#?}", wrong.len());
}

#[test]
fn no_rule_is_idle() {
    let (rules, _) = built_in();
    let mut idle = Vec::new();
    for rule in &rules.rows {
        let without: String =
            rules::BUILT_IN.lines().filter(|l| l.split('\t').next() != Some(rule.id)).flat_map(|l| [l, "\n"]).collect();
        let reader = Reader::new(Box::leak(without.into_boxed_str()));
        let differs = rule.phrases.iter().any(|phrase| outcome(&reader, rule, phrase).0 != rule.expected);
        if !differs {
            idle.push(rule.id);
        }
    }
    assert!(idle.is_empty(), "without these their examples come out the same: {idle:?}");
}
