//! Random patients and definitions: the evaluation over columns against a plain interpreter that goes person by person
//! and event by event, and shares no code with it.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::support::patients;

use cohort::{Index, Source, count_only, evaluate};
use columnar::Dataset;
use model::cohort::{
    CohortDefinition, Condition, CountTest, EndStrategy, Entry, EventQuery, InclusionRule, Limit, NumberRange, Test,
    Window,
};
use model::concept::{ConceptItem, ConceptRef, ConceptSet, Domain};
use patients::{flat, record};
use proptest::prelude::*;

#[derive(Clone, Debug)]
struct Event {
    day: i32,
    domain: Domain,
    concept: &'static str,
    value: Option<u32>,
}

#[derive(Clone, Debug, Default)]
struct Person {
    number: Option<i32>,
    level: Option<&'static str>,
    female: bool,
    death: Option<i32>,
    periods: Vec<(i32, i32)>,
    events: Vec<Event>,
}

/// A person's place in a cohort while it is worked out.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Place {
    person: usize,
    day: i32,
    period: (i32, i32),
}

fn matches(query: &EventQuery, event: &Event) -> bool {
    let in_set = match query.concept_set.as_deref() {
        None => true,
        Some("below-a") => ["A", "B", "C"].contains(&event.concept),
        Some("b") => event.concept == "B",
        Some(other) => panic!("no set {other}"),
    };
    let in_range = match (&query.value, event.value) {
        (None, _) => true,
        (Some(_), None) => false,
        (Some(range), Some(v)) => in_range(range, f64::from(v)),
    };
    query.domain.is_none_or(|d| d == event.domain) && in_set && in_range
}

fn in_range(range: &NumberRange, x: f64) -> bool {
    if let Some(min) = range.min
        && (x < min || (range.min_exclusive && x == min))
    {
        return false;
    }
    if let Some(max) = range.max
        && (x > max || (range.max_exclusive && x == max))
    {
        return false;
    }
    true
}

fn passes(person: &Person, name: &str, test: &Test) -> bool {
    let (there, number, text) = match name {
        "n" => (person.number.is_some(), person.number.map(f64::from), person.number.map(|n| n.to_string())),
        _ => (person.level.is_some(), None, person.level.map(str::to_owned)),
    };
    match test {
        Test::Missing => !there,
        Test::NotMissing => there,
        Test::Range { range } => number.is_some_and(|x| in_range(range, x)),
        Test::OneOf { levels } => text.is_some_and(|t| levels.contains(&t)),
    }
}

fn holds(condition: &Condition, person: &Person, place: &Place) -> bool {
    match condition {
        Condition::All { of } => of.iter().all(|c| holds(c, person, place)),
        Condition::Any { of } => of.iter().any(|c| holds(c, person, place)),
        Condition::AtLeast { n, of } => of.iter().filter(|c| holds(c, person, place)).count() >= *n as usize,
        Condition::Not { of } => !holds(of, person, place),
        Condition::Variable { name, test } => passes(person, name, test),
        Condition::Sex { one_of } => one_of.contains(&if person.female { "female" } else { "male" }.to_owned()),
        Condition::AgeAtIndex { range } => in_range(range, f64::from(1970 + place.day / 365 - 1950)),
        Condition::Event { event, window, count } => {
            let n = person
                .events
                .iter()
                .filter(|e| matches(event, e))
                .filter(|e| place.period.0 <= e.day && e.day <= place.period.1)
                .filter(|e| window.start_days.is_none_or(|s| e.day >= place.day + s))
                .filter(|e| window.end_days.is_none_or(|s| e.day <= place.day + s))
                .count();
            match count {
                CountTest::AtLeast { n: want } => n >= *want as usize,
                CountTest::AtMost { n: want } => n <= *want as usize,
                CountTest::Exactly { n: want } => n == *want as usize,
            }
        }
    }
}

fn entries(person: &Person, number: usize, entry: &Entry) -> Vec<Place> {
    let Entry::Event { event, limit, prior_observation_days, washout_days } = entry else {
        return person.periods.iter().take(1).map(|p| Place { person: number, day: p.0, period: *p }).collect();
    };
    let mut found = Vec::new();
    for e in person.events.iter().filter(|e| matches(event, e)) {
        let Some(&period) = person.periods.iter().find(|p| p.0 <= e.day && e.day <= p.1) else { continue };
        let washed = |o: &&Event| {
            matches(event, o) && o.day >= period.0 && o.day < e.day && o.day >= e.day - *washout_days as i32
        };
        if e.day - period.0 >= *prior_observation_days as i32 && person.events.iter().find(washed).is_none() {
            found.push(Place { person: number, day: e.day, period });
        }
    }
    match limit {
        Limit::All => found,
        Limit::First => found.into_iter().take(1).collect(),
        Limit::Last => found.last().copied().into_iter().collect(),
    }
}

/// A subject as (person, start, end).
type Span = (u32, i32, i32);

/// Subjects, and persons and entries left after each rule.
fn naive(persons: &[Person], definition: &CohortDefinition) -> (Vec<Span>, Vec<(usize, usize)>) {
    let places = persons.iter().enumerate().flat_map(|(i, p)| entries(p, i, &definition.entry));
    let mut left: Vec<Place> = places.collect();
    let mut attrition = Vec::new();
    for rule in &definition.inclusion_rules {
        left.retain(|place| holds(&rule.condition, &persons[place.person], place));
        let mut who: Vec<usize> = left.iter().map(|p| p.person).collect();
        who.dedup();
        attrition.push((who.len(), left.len()));
    }
    let mut subjects: Vec<Span> = Vec::new();
    for place in left {
        let person = &persons[place.person];
        let mut end = place.period.1;
        if let EndStrategy::FixedDays { days } = definition.end_strategy {
            end = end.min(place.day + days as i32);
        }
        end = end.min(person.death.unwrap_or(i32::MAX));
        for query in &definition.censoring_events {
            for e in person.events.iter().filter(|e| matches(query, e)) {
                if e.day >= place.day && e.day <= place.period.1 {
                    end = end.min(e.day);
                }
            }
        }
        end = end.max(place.day);
        match subjects.last_mut() {
            Some(last) if last.0 as usize == place.person && place.day <= last.2 => last.2 = last.2.max(end),
            _ => subjects.push((place.person as u32, place.day, end)),
        }
    }
    (subjects, attrition)
}

fn agrees(data: &Dataset, persons: &[Person], definition: &CohortDefinition) -> Result<(), TestCaseError> {
    let index = Index::new(data).unwrap();
    let source = Source::new(data, &index);
    let cohort = evaluate(&source, definition, &mut |_| true).unwrap();
    let (want, want_attrition) = naive(persons, definition);
    let got: Vec<Span> = cohort.subjects.iter().map(|s| (s.person, s.start_day, s.end_day)).collect();
    prop_assert_eq!(got, want);
    let n_rules = definition.inclusion_rules.len();
    let merged = usize::from(matches!(definition.entry, Entry::Event { limit: Limit::All, .. }));
    let first = cohort.attrition.len() - n_rules - merged;
    let rows = cohort.attrition[first..first + n_rules].iter().map(|r| (r.persons as usize, r.events as usize));
    prop_assert_eq!(rows.collect::<Vec<_>>(), want_attrition);
    let counts = count_only(&source, definition, &mut |_| true).unwrap();
    prop_assert_eq!((counts.persons, counts.events), (cohort.n_persons(), cohort.n_events()));
    Ok(())
}

fn definition(entry: Entry, conditions: Vec<Condition>) -> CohortDefinition {
    let set = |id: &str, code: &str, omop: i64, include_descendants: bool| ConceptSet {
        id: id.to_owned(),
        name: code.to_owned(),
        items: vec![ConceptItem {
            concept: ConceptRef {
                system: "TEST".to_owned(),
                code: code.to_owned(),
                display: String::new(),
                omop_id: Some(omop),
            },
            include_descendants,
            exclude: false,
        }],
    };
    let rule = |condition| InclusionRule { name: "rule".to_owned(), condition };
    CohortDefinition {
        concept_sets: vec![set("below-a", "A", 1, true), set("b", "B", 2, false)],
        entry,
        inclusion_rules: conditions.into_iter().map(rule).collect(),
        ..CohortDefinition::everyone("random")
    }
}

fn range() -> impl Strategy<Value = NumberRange> {
    let bound = prop::option::of(0..4);
    (bound.clone(), bound, any::<bool>(), any::<bool>()).prop_map(
        |(a, b, min_exclusive, max_exclusive): (Option<i32>, Option<i32>, bool, bool)| {
            let (min, max) =
                if let (Some(a), Some(b)) = (a, b) { (Some(a.min(b)), Some(a.max(b) + 1)) } else { (a, b) };
            NumberRange { min: min.map(f64::from), max: max.map(f64::from), min_exclusive, max_exclusive }
        },
    )
}

fn tree(leaf: impl Strategy<Value = Condition> + 'static) -> impl Strategy<Value = Condition> {
    leaf.prop_recursive(3, 12, 3, |inner| {
        let some = prop::collection::vec(inner.clone(), 1..4);
        prop_oneof![
            some.clone().prop_map(|of| Condition::All { of }),
            some.clone().prop_map(|of| Condition::Any { of }),
            (1..4_u32, some).prop_map(|(n, of)| Condition::AtLeast { n: n.min(of.len() as u32), of }),
            inner.prop_map(|of| Condition::Not { of: Box::new(of) }),
        ]
    })
}

fn on_variables() -> impl Strategy<Value = Condition> {
    let number = prop_oneof![
        range().prop_map(|range| Test::Range { range }),
        prop::collection::vec(0..5, 1..6)
            .prop_map(|l| Test::OneOf { levels: l.iter().map(ToString::to_string).collect() }),
        Just(Test::Missing),
        Just(Test::NotMissing)
    ];
    let level = prop_oneof![
        prop::sample::subsequence(vec!["x", "y", "z"], 1..=3)
            .prop_map(|l| Test::OneOf { levels: l.into_iter().map(str::to_owned).collect() }),
        Just(Test::Missing),
        Just(Test::NotMissing)
    ];
    prop_oneof![
        number.prop_map(|test| Condition::Variable { name: "n".to_owned(), test }),
        level.prop_map(|test| Condition::Variable { name: "c".to_owned(), test })
    ]
}

fn query() -> impl Strategy<Value = EventQuery> {
    let domain = prop::option::of(prop::sample::select(vec![Domain::Drug, Domain::Condition, Domain::Measurement]));
    let set = prop::option::of(prop::sample::select(vec!["below-a".to_owned(), "b".to_owned()]));
    (domain, set, prop::option::weighted(0.2, range())).prop_map(|(domain, concept_set, value)| EventQuery {
        domain,
        concept_set,
        value,
        unit: None,
        context: None,
    })
}

fn on_events() -> impl Strategy<Value = Condition> {
    let end = || prop::option::of((-6..6).prop_map(|n| 10 * n));
    let window = (end(), end()).prop_map(|(a, b): (Option<i32>, Option<i32>)| match (a, b) {
        (Some(a), Some(b)) => Window { start_days: Some(a.min(b)), end_days: Some(a.max(b)) },
        (start_days, end_days) => Window { start_days, end_days },
    });
    let count = prop_oneof![
        (1..3_u32).prop_map(|n| CountTest::AtLeast { n }),
        (0..3_u32).prop_map(|n| CountTest::AtMost { n }),
        (0..3_u32).prop_map(|n| CountTest::Exactly { n }),
    ];
    prop_oneof![
        6 => (query(), window, count).prop_map(|(event, window, count)| Condition::Event { event, window, count }),
        1 => Just(Condition::Sex { one_of: vec!["female".to_owned()] }),
        1 => (20..23).prop_map(|a| Condition::AgeAtIndex {
            range: NumberRange { min: Some(f64::from(a)), ..NumberRange::default() }
        }),
    ]
}

fn entry() -> impl Strategy<Value = Entry> {
    let limit = prop::sample::select(vec![Limit::First, Limit::Last, Limit::All]);
    let event = (query(), limit, days(8), days(8)).prop_map(|(event, limit, prior, washout)| Entry::Event {
        event,
        limit,
        prior_observation_days: prior as u32,
        washout_days: washout as u32,
    });
    prop_oneof![1 => Just(Entry::Everyone), 4 => event]
}

/// Multiples of ten, so that ends of windows, periods and events often meet.
fn days(most: i32) -> impl Strategy<Value = i32> {
    (0..most).prop_map(|n| 10 * n)
}

fn persons() -> impl Strategy<Value = Vec<Person>> {
    let domain = prop::sample::select(vec![Domain::Drug, Domain::Condition, Domain::Measurement]);
    let event = (days(36), domain, prop::sample::select(vec!["A", "B", "C", "D"]), prop::option::of(0..5_u32))
        .prop_map(|(day, domain, concept, value)| Event { day, domain, concept, value });
    let periods = prop_oneof![
        (days(20), days(16)).prop_map(|(a, n)| vec![(a, a + n)]),
        (days(9), days(8), 1..40_i32, days(14))
            .prop_map(|(a, n, gap, m)| vec![(a, a + n), (a + n + gap, a + n + gap + m)]),
        Just(Vec::new())
    ];
    let person = (any::<bool>(), prop::option::of(days(36)), periods, prop::collection::vec(event, 0..8));
    prop::collection::vec(
        person.prop_map(|(female, death, periods, mut events)| {
            events.sort_by_key(|e| e.day);
            Person { female, death, periods, events, ..Person::default() }
        }),
        1..6,
    )
}

fn as_text(persons: &[Person]) -> String {
    let domain = |d: Domain| match d {
        Domain::Drug => "drug",
        Domain::Condition => "dx",
        _ => "lab",
    };
    let line = |p: &Person| {
        let death = p.death.map_or_else(String::new, |d| format!("+{d}"));
        let periods: Vec<String> = p.periods.iter().map(|(a, b)| format!("{a}..{b}")).collect();
        let event = |e: &Event| {
            let value = e.value.map_or_else(String::new, |v| format!("={v}"));
            format!("{}:{}:{}{value}", e.day, domain(e.domain), e.concept)
        };
        let events: Vec<String> = p.events.iter().map(event).collect();
        let sex = if p.female { "female" } else { "male" };
        format!("p {sex} 1950 {death} | {} | {}", periods.join(" "), events.join(" "))
    };
    persons.iter().map(line).collect::<Vec<_>>().join("\n")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn flat_files_agree_with_the_plain_interpreter(
        rows in prop::collection::vec((prop::option::of(0..5_i32), prop::option::of(0..3_usize)), 0..150),
        conditions in prop::collection::vec(tree(on_variables()), 0..4),
    ) {
        // one row of each level, so that every level exists
        let mut persons: Vec<Person> = Vec::new();
        for (number, level) in rows.into_iter().chain([(None, Some(0)), (None, Some(1)), (Some(1), Some(2))]) {
            let level = level.map(|l| ["x", "y", "z"][l]);
            persons.push(Person { number, level, periods: vec![(0, 0)], ..Person::default() });
        }
        let cell = |p: &Person| {
            format!("{} {}", p.number.map_or(".".to_owned(), |n| n.to_string()), p.level.unwrap_or("."))
        };
        let text = persons.iter().map(cell).collect::<Vec<_>>().join("\n");
        agrees(&flat(&format!("n c\n{text}")), &persons, &definition(Entry::Everyone, conditions))?;
    }

    #[test]
    fn records_agree_with_the_plain_interpreter(
        persons in persons(),
        entry in entry(),
        conditions in prop::collection::vec(tree(on_events()), 0..3),
        censoring in prop::collection::vec(query(), 0..2),
        length in prop::option::of(days(10)),
    ) {
        let mut definition = definition(entry, conditions);
        definition.censoring_events = censoring;
        definition.end_strategy = length.map_or(EndStrategy::EndOfObservation, |n| EndStrategy::FixedDays { days: n as u32 });
        agrees(&record(&as_text(&persons)), &persons, &definition)?;
    }
}
