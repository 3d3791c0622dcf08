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

/// Every spelling of every unit of every quantity, with a number in the middle and numbers outside of its range.
#[test]
fn every_unit_of_every_quantity_is_read_within_its_range() {
    let reader = Reader::new(rules::BUILT_IN);
    let mut wrong = Vec::new();
    let mut n = 0;
    for row in include_str!("../../lexicon/measurements.tsv").lines().filter(|l| !l.starts_with('#') && !l.is_empty()) {
        let [id, _, bare, units, names] = row.split('\t').collect::<Vec<_>>()[..] else { panic!("five fields: {row}") };
        // Their numbers are written in a way of their own, with tests of their own.
        if matches!(id, "blood-pressure" | "pack-years" | "nyha-class") {
            continue;
        }
        let name = names.split('|').next().unwrap_or_default().trim();
        let unit_of = |text: &str| {
            let found = reader.findings(text).into_iter().find(|f| f.concept.id == id);
            found.and_then(|f| f.value).map(|v| v.unit.unwrap_or("-"))
        };
        let mut hold = |text: String, want: Option<&str>| {
            n += 1;
            let found = unit_of(&text);
            if found != want {
                wrong.push(format!("{text}: {found:?}, not {want:?}"));
            }
        };
        let range = |text: &str| {
            let pieces: Vec<&str> = text.split_whitespace().collect();
            let [unit, low, high] = pieces[..] else { panic!("{id}: {text}") };
            (unit.to_owned(), low.parse::<f64>().expect("a number"), high.parse::<f64>().expect("a number"))
        };
        let mut top = 0.0_f64;
        for (unit, low, high) in bare.split('|').map(range) {
            hold(format!("{name} {}", f64::midpoint(low, high)), Some(&unit));
            top = top.max(high);
        }
        hold(format!("{name} {}", top * 2.0 + 1.0), None);
        for (unit, written) in units.split('|').filter_map(|u| u.split_once(" = ")).filter(|(u, _)| u.trim() != "-") {
            let (unit, low, high) = range(unit);
            for spelling in written.split(',').map(str::trim) {
                hold(format!("{name} {} {spelling}", f64::midpoint(low, high)), Some(&unit));
                hold(format!("{name} {} {spelling}", high * 2.0), None);
                if low > 0.0 {
                    hold(format!("{name} {} {spelling}", low / 2.0), None);
                }
            }
        }
    }
    assert!(wrong.is_empty() && n > 300, "{n} numbers; {wrong:#?}");
}
