use model::cohort::{CohortDefinition, Entry, EventQuery, InclusionRule, NoteContext};
use model::concept::ConceptRef;

use super::*;

fn concept(code: &str) -> ConceptItem {
    ConceptItem {
        concept: ConceptRef {
            system: "RxNorm".to_owned(),
            code: code.to_owned(),
            display: format!("drug {code}"),
            omop_id: None,
        },
        include_descendants: true,
        exclude: false,
    }
}

fn drug(set: &str) -> EventQuery {
    EventQuery { domain: Some(Domain::Drug), concept_set: Some(set.to_owned()), ..EventQuery::default() }
}

fn variable(name: &str) -> Condition {
    Condition::Variable { name: name.to_owned(), test: Test::OneOf { levels: vec!["1".to_owned()] } }
}

fn there_and_back(definition: &CohortDefinition) {
    assert_eq!(&Draft::from_definition(definition).definition(), definition, "a definition comes back as it went in");
}

fn with_rule(condition: Condition) -> CohortDefinition {
    CohortDefinition {
        inclusion_rules: vec![InclusionRule { name: "named".to_owned(), condition }],
        ..CohortDefinition::everyone("c")
    }
}

#[test]
fn simple_rules_come_back() {
    there_and_back(&CohortDefinition::everyone("everyone"));
    there_and_back(&with_rule(variable("hormon")));
    there_and_back(&with_rule(Condition::Not { of: Box::new(variable("hormon")) }));
    there_and_back(&with_rule(Condition::AgeAtIndex {
        range: NumberRange { min: Some(18.0), ..NumberRange::default() },
    }));
}

#[test]
fn groups_come_back() {
    let two = || vec![variable("a"), variable("b")];
    there_and_back(&with_rule(Condition::All { of: two() }));
    there_and_back(&with_rule(Condition::Any { of: two() }));
    there_and_back(&with_rule(Condition::AtLeast { n: 1, of: two() }));
    there_and_back(&with_rule(Condition::Not { of: Box::new(Condition::Any { of: two() }) }));
}

#[test]
fn groups_of_one_and_of_none_come_back_as_they_are() {
    let one = || vec![variable("a")];
    for of in [one(), Vec::new()] {
        there_and_back(&with_rule(Condition::All { of: of.clone() }));
        there_and_back(&with_rule(Condition::Any { of: of.clone() }));
        there_and_back(&with_rule(Condition::AtLeast { n: 3, of: of.clone() }));
        there_and_back(&with_rule(Condition::Not { of: Box::new(Condition::All { of: of.clone() }) }));
        there_and_back(&with_rule(Condition::Not { of: Box::new(Condition::AtLeast { n: 1, of }) }));
    }
}

#[test]
fn nested_groups_come_back() {
    let events = Condition::Event { event: drug("x"), window: Window::default(), count: CountTest::default() };
    let not = |of| Condition::Not { of: Box::new(of) };
    let nested = Condition::All {
        of: vec![
            variable("a"),
            Condition::Any { of: vec![variable("b"), events, not(Condition::All { of: vec![variable("c")] })] },
            not(Condition::AtLeast { n: 2, of: vec![variable("d"), Condition::Any { of: Vec::new() }, variable("e")] }),
            not(not(variable("f"))),
        ],
    };
    let mut definition = with_rule(nested);
    definition.concept_sets = vec![ConceptSet { id: "x".to_owned(), name: "X".to_owned(), items: vec![concept("7")] }];
    there_and_back(&definition);
}

#[test]
fn exits_come_back() {
    let mut definition = with_rule(variable("a"));
    definition.concept_sets = vec![ConceptSet { id: "x".to_owned(), name: "X".to_owned(), items: vec![concept("7")] }];
    definition.censoring_events = vec![
        drug("x"),
        EventQuery { domain: Some(Domain::Death), ..EventQuery::default() },
        EventQuery {
            domain: Some(Domain::Measurement),
            concept_set: Some("x".to_owned()),
            value: Some(NumberRange { min: Some(6.5), max: None, min_exclusive: true, max_exclusive: false }),
            unit: Some("%".to_owned()),
            context: None,
        },
        EventQuery {
            domain: Some(Domain::NoteFinding),
            context: Some(NoteContext { polarity: vec!["negated".to_owned()], ..NoteContext::default() }),
            ..EventQuery::default()
        },
    ];
    definition.end_strategy = EndStrategy::FixedDays { days: 90 };
    there_and_back(&definition);
}

#[test]
fn concept_sets_keep_ids_names_and_order() {
    let set = |id: &str, items: Vec<ConceptItem>| ConceptSet { id: id.to_owned(), name: format!("set {id}"), items };
    let mut definition = with_rule(Condition::Any {
        of: ["b", "empty", "nowhere", "a"]
            .map(|id| Condition::Event { event: drug(id), window: Window::default(), count: CountTest::default() })
            .to_vec(),
    });
    // Two with the same concepts, one without any, one that no part refers to.
    definition.concept_sets = vec![
        set("a", vec![concept("1")]),
        set("b", vec![concept("1")]),
        set("empty", Vec::new()),
        set("unused", vec![concept("9")]),
    ];
    there_and_back(&definition);

    let mut draft = Draft::from_definition(&definition);
    let key = draft.rules[0].tests[0].key;
    if let Some(What::Event { event, .. }) = draft.test_mut(key).map(|test| &mut test.what) {
        event.concepts = vec![concept("2")];
        event.concepts_changed();
    }
    let changed = draft.definition();
    let ids: Vec<&str> = changed.concept_sets.iter().map(|set| set.id.as_str()).collect();
    assert_eq!(ids, ["a", "empty", "unused", "set-1"], "the set that lost its last reference goes, no other");
}

#[test]
fn groups_are_made_filled_and_emptied() {
    let mut draft = Draft::default();
    let rule = draft.add_rule(What::Age(NumberRange::default()));
    draft.add_test(rule, What::Sex(vec!["female".to_owned()]));
    let sex = draft.rules[0].tests[1].key;
    draft.test_mut(sex).unwrap().negate = true;
    draft.wrap(sex);
    assert!(!draft.test(sex).unwrap().negate, "the 'not' stays with the condition");
    draft.add_test(sex, What::Age(NumberRange { min: Some(65.0), ..NumberRange::default() }));
    draft.set_join(sex, Join::AtLeast(1));
    let Condition::All { of } = &draft.definition().inclusion_rules[0].condition else { panic!("no group") };
    let Condition::AtLeast { n: 1, of: inner } = &of[1] else { panic!("no group within: {of:?}") };
    assert!(matches!(&inner[..], [Condition::Not { .. }, Condition::AgeAtIndex { .. }]), "{inner:?}");
    let words = draft.rules[0].words();
    assert!(words.contains("(at least 1 of: not (sex is female); age at index at least 65)"), "{words}");

    let inner: Vec<u32> = draft.group(sex).unwrap().1.iter().map(|test| test.key).collect();
    draft.wrap(inner[1]);
    let deep = draft.group(inner[1]).unwrap().1[0].key;
    assert!(draft.test(deep).is_some());
    draft.remove_test(deep);
    assert!(draft.test(inner[1]).is_none(), "a group goes with its last condition");
    draft.remove_test(inner[0]);
    assert!(draft.test(sex).is_none() && draft.rules[0].tests.len() == 1);
    draft.set_join(rule, Join::Any);
    assert_eq!(draft.rules[0].join, Join::Any);
}

#[test]
fn censoring_events_are_added_changed_and_removed() {
    let mut draft = Draft::default();
    draft.add_censoring(EventDraft::default());
    draft.add_censoring(EventDraft { domain: Some(Domain::Visit), ..EventDraft::default() });
    let keys: Vec<u32> = draft.censoring.iter().map(|censor| censor.key).collect();
    draft.set_censoring(keys[0], EventDraft { domain: Some(Domain::Drug), ..EventDraft::default() });
    let domains = |draft: &Draft| -> Vec<Option<Domain>> {
        draft.definition().censoring_events.iter().map(|event| event.domain).collect()
    };
    assert_eq!(domains(&draft), [Some(Domain::Drug), Some(Domain::Visit)]);
    draft.remove_censoring(keys[0]);
    assert_eq!(domains(&draft), [Some(Domain::Visit)]);
    assert!(draft.censor(keys[1]).is_some() && draft.censor(keys[0]).is_none());
}

#[test]
fn concepts_travel_with_their_events() {
    let mut definition = with_rule(Condition::Event {
        event: drug("set-1"),
        window: Window { start_days: Some(-365), end_days: Some(-1) },
        count: CountTest::AtMost { n: 0 },
    });
    definition.concept_sets =
        vec![ConceptSet { id: "set-1".to_owned(), name: "Drug A".to_owned(), items: vec![concept("1")] }];
    definition.entry =
        Entry::Event { event: drug("set-1"), limit: Limit::First, prior_observation_days: 365, washout_days: 180 };
    there_and_back(&definition);
}

#[test]
fn other_concepts_make_another_set() {
    let mut draft = Draft::default();
    let event = |code: &str| What::Event {
        event: EventDraft { domain: Some(Domain::Drug), concepts: vec![concept(code)], ..EventDraft::default() },
        window: Window::default(),
        count: CountTest::default(),
    };
    draft.add_rule(event("1"));
    draft.add_rule(event("2"));
    draft.add_rule(event("1"));
    let definition = draft.definition();
    let ids: Vec<&str> = definition.concept_sets.iter().map(|set| set.id.as_str()).collect();
    assert_eq!(ids, ["set-1", "set-2"]);
    assert_eq!(definition.inclusion_rules[0].name, "any drug 1 at any time");
}

#[test]
fn names_follow_the_tests_until_they_are_given() {
    let mut draft = Draft::default();
    let key = draft.add_rule(What::Variable {
        name: "age".to_owned(),
        test: Test::Range { range: NumberRange { min: Some(50.0), ..NumberRange::default() } },
    });
    assert_eq!(draft.definition().inclusion_rules[0].name, "age at least 50");
    // Read back, the name is still the automatic one, so it keeps following.
    assert_eq!(Draft::from_definition(&draft.definition()).rules[0].name, "");
    draft.rule_mut(key).unwrap().name = "Older".to_owned();
    assert_eq!(draft.definition().inclusion_rules[0].name, "Older");
}

#[test]
fn rules_move_and_stop_at_the_ends() {
    let mut draft = Draft::default();
    let a = draft.add_rule(What::Sex(vec!["female".to_owned()]));
    let b = draft.add_rule(What::Age(NumberRange::default()));
    assert!(!draft.move_rule(a, true));
    assert!(draft.move_rule(a, false));
    assert_eq!(draft.rules[0].key, b);
    assert!(!draft.move_rule(a, false));
    assert!(!draft.move_rule(99, true));
}

#[test]
fn a_rule_goes_with_its_last_test() {
    let mut draft = Draft::default();
    let rule = draft.add_rule(What::Age(NumberRange::default()));
    draft.add_test(rule, What::Sex(vec![]));
    let tests: Vec<u32> = draft.rules[0].tests.iter().map(|test| test.key).collect();
    draft.remove_test(tests[0]);
    assert_eq!(draft.rules.len(), 1);
    draft.remove_test(tests[1]);
    assert!(draft.rules.is_empty());
}

/// A number below `n` that depends on nothing but the calls before (Knuth's MMIX generator).
fn next(state: &mut u64, n: u64) -> u64 {
    *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
    (*state >> 33) % n
}

/// Any condition, groups in groups up to a depth.
fn any_condition(state: &mut u64, depth: u32) -> Condition {
    let kinds = if depth == 0 { 4 } else { 8 };
    let many = |state: &mut u64| -> Vec<Condition> {
        (0..next(state, 4)).map(|_| any_condition(state, depth.saturating_sub(1))).collect()
    };
    match next(state, kinds) {
        0 => variable(["a", "b", "c"][usize::try_from(next(state, 3)).unwrap()]),
        1 => Condition::Sex { one_of: vec!["female".to_owned()] },
        2 => Condition::AgeAtIndex { range: NumberRange { max: Some(65.0), ..NumberRange::default() } },
        3 => Condition::Event {
            event: drug(["x", "y", "nowhere"][usize::try_from(next(state, 3)).unwrap()]),
            window: Window { start_days: Some(-30), end_days: None },
            count: CountTest::Exactly { n: 2 },
        },
        4 => Condition::All { of: many(state) },
        5 => Condition::Any { of: many(state) },
        6 => Condition::AtLeast { n: u32::try_from(next(state, 3)).unwrap(), of: many(state) },
        _ => Condition::Not { of: Box::new(any_condition(state, depth - 1)) },
    }
}

#[test]
fn any_definition_comes_back() {
    let set = |id: &str| ConceptSet { id: id.to_owned(), name: id.to_owned(), items: vec![concept(id)] };
    for seed in 0..2000 {
        let mut state = seed;
        let mut definition = with_rule(any_condition(&mut state, 3));
        definition
            .inclusion_rules
            .push(InclusionRule { name: "second".to_owned(), condition: any_condition(&mut state, 2) });
        definition.concept_sets = vec![set("y"), set("z"), set("x")];
        if seed % 2 == 0 {
            definition.censoring_events = vec![drug("y"), EventQuery::default()];
            definition.end_strategy = EndStrategy::FixedDays { days: 30 };
        }
        there_and_back(&definition);
    }
}
