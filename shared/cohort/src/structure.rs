//! What is wrong with a definition whatever the data are.

use model::cohort::{
    COHORT_SCHEMA_VERSION, CohortDefinition, Condition, CountTest, Entry, EventQuery, NoteContext, NumberRange, Test,
    Window,
};
use model::concept::{ConceptSet, Domain};

use crate::error::{Problem, Problems};
use crate::names::hint;

/// Every problem of a definition that can be seen without data.
#[must_use]
pub fn problems(definition: &CohortDefinition) -> Vec<Problem> {
    let mut problems = Problems::default();
    check_definition(definition, &mut problems);
    problems.into_vec()
}

pub(crate) fn check_definition(definition: &CohortDefinition, problems: &mut Problems) {
    if definition.schema_version != COHORT_SCHEMA_VERSION {
        let got = definition.schema_version;
        problems.add("schema_version", format!("version {got} is not known here ({COHORT_SCHEMA_VERSION} is)"));
    }
    let sets = &definition.concept_sets;
    for (i, set) in sets.iter().enumerate() {
        if sets.iter().take(i).any(|s| s.id == set.id) {
            problems.add(&format!("concept_sets[{i}].id"), format!("two concept sets have the id '{}'", set.id));
        }
    }
    if let Entry::Event { event, .. } = &definition.entry {
        check_query(event, sets, "entry.event", problems);
    }
    for (i, rule) in definition.inclusion_rules.iter().enumerate() {
        check_condition(&rule.condition, sets, &format!("inclusion_rules[{i}].condition"), problems);
    }
    for (i, event) in definition.censoring_events.iter().enumerate() {
        check_query(event, sets, &format!("censoring_events[{i}]"), problems);
    }
}

pub(crate) fn check_query(query: &EventQuery, sets: &[ConceptSet], path: &str, problems: &mut Problems) {
    if let Some(id) = &query.concept_set {
        let path = format!("{path}.concept_set");
        match sets.iter().enumerate().find(|(_, s)| s.id == *id) {
            None => {
                let ids = sets.iter().map(|s| s.id.as_str());
                problems.add(&path, format!("there is no concept set '{id}'{}", hint(id, ids)));
            }
            Some((at, set)) if !set.items.iter().any(|i| !i.exclude) => {
                let text = format!("the concept set '{}' is empty; add a concept", set.name);
                problems.add(&format!("concept_sets[{at}]"), text);
            }
            Some(_) => {}
        }
    }
    if let Some(range) = &query.value {
        check_range(range, &format!("{path}.value"), problems);
    }
    if let Some(context) = &query.context {
        check_context(query, context, &format!("{path}.context"), problems);
    }
}

fn check_context(query: &EventQuery, context: &NoteContext, path: &str, problems: &mut Problems) {
    if query.domain.is_some_and(|domain| domain != Domain::NoteFinding) {
        problems.add(
            path,
            "only findings of notes have a context; choose the domain note_finding, or leave the context out",
        );
    }
    for (name, given, known) in [
        ("polarity", &context.polarity, &NoteContext::POLARITIES[..]),
        ("temporality", &context.temporality, &NoteContext::TEMPORALITIES[..]),
        ("experiencer", &context.experiencer, &NoteContext::EXPERIENCERS[..]),
    ] {
        for word in given.iter().filter(|word| !known.contains(&word.as_str())) {
            let text = format!("there is no {name} '{word}'; it is one of {}", known.join(", "));
            problems.add(&format!("{path}.{name}"), text);
        }
    }
}

fn check_range(range: &NumberRange, path: &str, problems: &mut Problems) {
    if [range.min, range.max].into_iter().flatten().any(|x| !x.is_finite()) {
        problems.add(path, "a bound of the range is not a finite number");
        return;
    }
    if let (Some(min), Some(max)) = (range.min, range.max) {
        if min > max {
            problems.add(path, format!("the range starts at {min}, above its end at {max}; swap them"));
        } else if min == max && (range.min_exclusive || range.max_exclusive) {
            problems.add(path, format!("the range holds no number: it starts and ends at {min} and leaves it out"));
        }
    }
}

pub(crate) fn check_window(window: Window, path: &str, problems: &mut Problems) {
    if let (Some(start), Some(end)) = (window.start_days, window.end_days)
        && start > end
    {
        problems.add(path, format!("the window starts on day {start}, after its end on day {end}; swap them"));
    }
}

fn check_condition(condition: &Condition, sets: &[ConceptSet], path: &str, problems: &mut Problems) {
    let parts = |of: &[Condition], problems: &mut Problems| {
        for (i, part) in of.iter().enumerate() {
            check_condition(part, sets, &format!("{path}.of[{i}]"), problems);
        }
    };
    match condition {
        Condition::All { of } => parts(of, problems),
        Condition::Any { of } => {
            if of.is_empty() {
                problems.add(path, "'any of' nothing can never be met; add a condition or remove it");
            }
            parts(of, problems);
        }
        Condition::AtLeast { n, of } => {
            if (*n as usize) > of.len() {
                problems.add(path, format!("at least {n} of {} conditions can never be met", of.len()));
            } else if *n == 0 {
                problems.add(path, "'at least 0 of' is always met; ask for at least 1");
            }
            parts(of, problems);
        }
        Condition::Not { of } => check_condition(of, sets, &format!("{path}.of"), problems),
        Condition::Variable { name, test } => {
            if name.trim().is_empty() {
                problems.add(path, "choose a variable");
            }
            match test {
                Test::Range { range } => {
                    check_range(range, &format!("{path}.test.range"), problems);
                }
                Test::OneOf { levels } if levels.is_empty() => {
                    problems.add(path, format!("choose at least one level of '{name}'"));
                }
                Test::OneOf { .. } | Test::Missing | Test::NotMissing => {}
            }
        }
        Condition::Event { event, window, count } => {
            check_query(event, sets, &format!("{path}.event"), problems);
            check_window(*window, &format!("{path}.window"), problems);
            if matches!(count, CountTest::AtLeast { n: 0 }) {
                problems.add(&format!("{path}.count"), "'at least 0 events' is always met; ask for at least 1");
            }
        }
        Condition::AgeAtIndex { range } => check_range(range, &format!("{path}.range"), problems),
        Condition::Sex { one_of } => {
            if one_of.is_empty() {
                problems.add(path, "choose at least one sex");
            }
        }
    }
}
