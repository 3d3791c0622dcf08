//! A definition in plain English.

use model::cohort::{
    CohortDefinition, Condition, CountTest, EndStrategy, Entry, EventQuery, Limit, NumberRange, Test, Window,
};
use model::concept::{ConceptSet, Domain};
use model::covariate::Covariate;

/// A definition in plain English: a sentence for the entry, one for each rule, one for the end.
#[must_use]
pub fn describe(definition: &CohortDefinition) -> String {
    let sets = &definition.concept_sets;
    let mut lines = vec![entry_sentence(&definition.entry, sets)];
    if !definition.inclusion_rules.is_empty() {
        lines.push("Only those who meet every rule:".to_owned());
        for (i, rule) in definition.inclusion_rules.iter().enumerate() {
            let words = describe_condition(&rule.condition, sets);
            let name = if says_no_more(&rule.name, &words) { String::new() } else { format!("{}: ", rule.name) };
            lines.push(format!("{}. {name}{words}.", i + 1));
        }
    }
    lines.push(end_sentence(definition));
    for set in sets {
        lines.push(set_sentence(set));
    }
    lines.join("\n")
}

/// Whether a rule's name holds no word that its condition does not: then the condition is said once.
fn says_no_more(name: &str, condition: &str) -> bool {
    const FILLING: [&str; 8] = ["is", "of", "the", "a", "an", "and", "one", "any"];
    let words = |text: &str| -> Vec<String> {
        let lower = text.to_lowercase();
        let words = lower.split(|c: char| !(c.is_alphanumeric() || matches!(c, '_' | '.' | '-')));
        words.filter(|word| !word.is_empty() && !FILLING.contains(word)).map(str::to_owned).collect()
    };
    let said = words(condition);
    words(name).iter().all(|word| said.contains(word))
}

fn entry_sentence(entry: &Entry, sets: &[ConceptSet]) -> String {
    match entry {
        Entry::Everyone => {
            "Everyone enters once: at the start of the first observation period, or on day 0 of a flat file.".to_owned()
        }
        Entry::Event { event, limit, prior_observation_days, washout_days } => {
            let which = match limit {
                Limit::First => "the first",
                Limit::Last => "the last",
                Limit::All => "every",
            };
            let mut text = format!("A person enters at {which} {}", bare_query(event, sets));
            text.push_str(" within an observation period");
            if *prior_observation_days > 0 {
                text.push_str(&format!(", with at least {} of observation before", days(*prior_observation_days)));
            }
            if *washout_days > 0 {
                text.push_str(&format!(", with no such event in the {} before", days(*washout_days)));
            }
            text.push('.');
            text
        }
    }
}

fn end_sentence(definition: &CohortDefinition) -> String {
    let mut text = match definition.end_strategy {
        EndStrategy::EndOfObservation => "A subject leaves at the end of the observation period".to_owned(),
        EndStrategy::FixedDays { days: n } => {
            format!("A subject leaves {} after entry, or at the end of the observation period", days(n))
        }
    };
    text.push_str(", at death");
    for event in &definition.censoring_events {
        text.push_str(&format!(", at {}", describe_query(event, &definition.concept_sets)));
    }
    text.push_str(", whichever comes first.");
    text
}

fn set_sentence(set: &ConceptSet) -> String {
    let item = |exclude: bool| {
        let items = set.items.iter().filter(|i| i.exclude == exclude).map(|i| {
            let name = if i.concept.display.is_empty() { &i.concept.code } else { &i.concept.display };
            let code = format!("{name} ({} {})", i.concept.system, i.concept.code);
            if i.include_descendants { format!("{code} and all below it") } else { code }
        });
        items.collect::<Vec<_>>().join("; ")
    };
    let (included, excluded) = (item(false), item(true));
    let without = if excluded.is_empty() { String::new() } else { format!("; without {excluded}") };
    let included = if included.is_empty() { "nothing" } else { &included };
    format!("'{}' means: {included}{without}.", set.name)
}

fn days(n: u32) -> String {
    if n == 1 { "1 day".to_owned() } else { format!("{n} days") }
}

fn noun(domain: Option<Domain>) -> (&'static str, &'static str) {
    match domain {
        None => ("an", "event"),
        Some(Domain::Visit) => ("a", "visit"),
        Some(Domain::Condition) => ("a", "diagnosis"),
        Some(Domain::Drug) => ("a", "drug"),
        Some(Domain::Procedure) => ("a", "procedure"),
        Some(Domain::Measurement) => ("a", "measurement"),
        Some(Domain::Observation) => ("an", "observation"),
        Some(Domain::Device) => ("a", "device"),
        Some(Domain::Specimen) => ("a", "specimen"),
        Some(Domain::Death) => ("", "death"),
        Some(Domain::NoteFinding) => ("a", "finding in a note"),
    }
}

/// An event query as a noun phrase: `a measurement of 'HbA1c' with a value of at least 7 %`.
#[must_use]
pub fn describe_query(query: &EventQuery, sets: &[ConceptSet]) -> String {
    let article = noun(query.domain).0;
    let bare = bare_query(query, sets);
    if article.is_empty() { bare } else { format!("{article} {bare}") }
}

fn bare_query(query: &EventQuery, sets: &[ConceptSet]) -> String {
    let mut text = noun(query.domain).1.to_owned();
    if let Some(id) = &query.concept_set {
        let name = sets.iter().find(|s| s.id == *id).map_or(id.as_str(), |s| s.name.as_str());
        text.push_str(&format!(" of '{name}'"));
    }
    match (&query.value, &query.unit) {
        (Some(range), Some(unit)) => {
            text.push_str(&format!(" with a value {} {unit}", describe_range(range)));
        }
        (Some(range), None) => text.push_str(&format!(" with a value {}", describe_range(range))),
        (None, Some(unit)) => text.push_str(&format!(" in {unit}")),
        (None, None) => {}
    }
    if let Some(context) = &query.context {
        let [polarity, temporality, experiencer] = context.lists().map(|list| list.join(" or "));
        let experiencer = experiencer.replace("patient", "the patient").replace("other", "somebody else");
        text.push_str(&format!(" (in notes: {polarity}, {temporality}, about {experiencer})"));
    }
    text
}

fn describe_range(range: &NumberRange) -> String {
    let low = range.min.map(|m| if range.min_exclusive { format!("above {m}") } else { format!("of at least {m}") });
    let high = range.max.map(|m| if range.max_exclusive { format!("below {m}") } else { format!("at most {m}") });
    match (low, high) {
        (Some(low), Some(high)) => format!("{low} and {high}"),
        (Some(low), None) => low,
        (None, Some(high)) => high.replace("at most", "of at most"),
        (None, None) => "of any size".to_owned(),
    }
}

/// A window in words: `from 365 days before to 1 day before the index date`.
fn describe_window(window: Window) -> String {
    let day = |d: i32| match d {
        0 => "the index date".to_owned(),
        d if d < 0 => format!("{} before", days(d.unsigned_abs())),
        d => format!("{} after", days(d.unsigned_abs())),
    };
    match (window.start_days, window.end_days) {
        (None, None) => "at any time observed".to_owned(),
        (None, Some(0)) => "up to and including the index date".to_owned(),
        (None, Some(end)) => format!("up to {} the index date", day(end)),
        (Some(0), None) => "on or after the index date".to_owned(),
        (Some(start), None) => format!("from {} the index date on", day(start)),
        (Some(0), Some(0)) => "on the index date".to_owned(),
        (Some(start), Some(0)) => format!("from {} to the index date", day(start)),
        (Some(0), Some(end)) => format!("from the index date to {} it", day(end)),
        (Some(start), Some(end)) => format!("from {} to {} the index date", day(start), day(end)),
    }
}

/// A condition as a clause.
#[must_use]
pub fn describe_condition(condition: &Condition, sets: &[ConceptSet]) -> String {
    let parts = |of: &[Condition], join: &str| of.iter().map(|c| nested(c, sets)).collect::<Vec<_>>().join(join);
    match condition {
        Condition::All { of } if of.is_empty() => "nothing is asked".to_owned(),
        Condition::All { of } => parts(of, " and "),
        Condition::Any { of } if of.is_empty() => "any of nothing (never met)".to_owned(),
        Condition::Any { of } => parts(of, " or "),
        Condition::AtLeast { n, of } => format!("at least {n} of: {}", parts(of, "; ")),
        Condition::Not { of } => format!("not ({})", describe_condition(of, sets)),
        Condition::Variable { name, test } => describe_test(name, test),
        Condition::Event { event, window, count } => {
            let window = describe_window(*window);
            let bare = bare_query(event, sets);
            match count {
                CountTest::AtLeast { n: 1 } => format!("{} {window}", describe_query(event, sets)),
                CountTest::AtMost { n: 0 } | CountTest::Exactly { n: 0 } => {
                    format!("no {bare} {window}")
                }
                CountTest::AtLeast { n } => {
                    format!("at least {n} times a record of: {bare}, {window}")
                }
                CountTest::AtMost { n } => {
                    format!("at most {n} times a record of: {bare}, {window}")
                }
                CountTest::Exactly { n } => {
                    format!("exactly {n} times a record of: {bare}, {window}")
                }
            }
        }
        Condition::AgeAtIndex { range } => {
            format!("age at the index date {} years", describe_range(range))
        }
        Condition::Sex { one_of } => format!("sex is {}", one_of.join(" or ")),
    }
}

fn nested(condition: &Condition, sets: &[ConceptSet]) -> String {
    let words = describe_condition(condition, sets);
    match condition {
        Condition::All { of } | Condition::Any { of } if of.len() > 1 => format!("({words})"),
        Condition::AtLeast { .. } => format!("({words})"),
        _ => words,
    }
}

fn describe_test(name: &str, test: &Test) -> String {
    match test {
        Test::Range { range } => match (range.min, range.max) {
            (Some(a), Some(b)) if a == b => format!("{name} is {a}"),
            (None, None) => format!("{name} has a value"),
            _ => format!("{name} is {}", describe_range(range).replace("of at", "at")),
        },
        Test::OneOf { levels } => match levels.as_slice() {
            [] => format!("{name} is one of nothing (never met)"),
            [one] => format!("{name} is {one}"),
            many => format!("{name} is one of {}", many.join(", ")),
        },
        Test::Missing => format!("{name} is missing"),
        Test::NotMissing => format!("{name} is not missing"),
    }
}

/// A covariate in words.
#[must_use]
pub fn describe_covariate(covariate: &Covariate, sets: &[ConceptSet]) -> String {
    match covariate {
        Covariate::Variable { name, as_category: false } => name.clone(),
        Covariate::Variable { name, as_category: true } => format!("{name}, as categories"),
        Covariate::AgeAtIndex => "age in whole years at the index date".to_owned(),
        Covariate::Sex => "recorded sex".to_owned(),
        Covariate::HasEvent { name, event, window } => {
            format!("{name}: whether there is {} {}", describe_query(event, sets), describe_window(*window))
        }
        Covariate::EventCount { name, event, window } => {
            format!("{name}: how many times there is {} {}", describe_query(event, sets), describe_window(*window))
        }
        Covariate::LastValue { name, event, window } => {
            format!("{name}: the last value of {} {}", describe_query(event, sets), describe_window(*window))
        }
    }
}
