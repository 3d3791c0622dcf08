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
fn what_the_editor_cannot_show_is_kept() {
    let nested = Condition::All {
        of: vec![
            variable("a"),
            Condition::Any {
                of: vec![
                    variable("b"),
                    Condition::Event { event: drug("x"), window: Window::default(), count: CountTest::default() },
                ],
            },
        ],
    };
    let mut definition = with_rule(nested);
    definition.concept_sets = vec![ConceptSet { id: "x".to_owned(), name: "X".to_owned(), items: vec![concept("7")] }];
    definition.censoring_events = vec![drug("x")];
    definition.end_strategy = EndStrategy::FixedDays { days: 90 };
    there_and_back(&definition);
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
