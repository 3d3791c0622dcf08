use super::*;
use crate::stores::findings::record::fixtures;
use model::finding::FindingBalance;

fn variable(name: &str, role: ColumnRole, levels: &[&str]) -> VariableInfo {
    VariableInfo {
        name: name.into(),
        label: name.into(),
        kind: ColumnKind::Number,
        role,
        unit: None,
        n_missing: 0,
        levels: levels.iter().map(|level| ((*level).to_owned(), 10)).collect(),
        min: None,
        max: None,
    }
}

/// The columns of the GBSG trial, as far as the fixture's Rotterdam plan asks for them.
fn gbsg() -> Vec<VariableInfo> {
    vec![
        variable("age", ColumnRole::Number, &[]),
        variable("nodes", ColumnRole::Number, &[]),
        variable("hormon", ColumnRole::Category, &["0", "1"]),
        variable("rfstime", ColumnRole::Duration, &[]),
        variable("status", ColumnRole::Event, &["0", "1"]),
    ]
}

#[test]
fn needs_are_who_then_outcome_then_covariates() {
    let needs = needs(&fixtures::finding());
    let names: Vec<&str> = needs.iter().map(|need| need.name.as_str()).collect();
    assert_eq!(names, ["hormon", "rtime", "recur", "age", "chemo", "nodes"]);
    assert_eq!(needs[0].levels, ["1", "0"]);
    assert!(needs[4].may_be_dropped());
    assert!(!needs[0].may_be_dropped());
}

#[test]
fn rotterdam_asked_again_of_gbsg() {
    let finding = fixtures::finding();
    let (needs, variables) = (needs(&finding), gbsg());
    let matching = propose(&needs, &variables, &finding.plan);
    assert_eq!(matching.columns["rtime"], Choice::Column("rfstime".into()));
    assert_eq!(matching.columns["recur"], Choice::Column("status".into()));
    assert_eq!(matching.columns["chemo"], Choice::Drop);
    let adapted = adapt(&finding, &needs, &matching, &variables).unwrap();
    let Outcome::Columns { duration, event, .. } = &adapted.plan.outcome else { panic!("columns") };
    assert_eq!((duration.as_str(), event.as_str()), ("rfstime", "status"));
    let covariates: Vec<&str> = adapted.plan.covariates.iter().map(Covariate::name).collect();
    assert_eq!(covariates, ["age", "nodes"]);
    assert!(adapted.differences.iter().any(|words| words.contains("chemo") && words.contains("none here")));
    assert!(adapted.differences.iter().any(|words| words.contains("rfstime")));
    assert_eq!(adapted.plan.target, finding.plan.target, "the arms are asked as they were");
}

#[test]
fn the_first_of_two_events_needs_the_columns_of_both() {
    let mut finding = fixtures::finding();
    if let Outcome::Columns { or, .. } = &mut finding.plan.outcome {
        *or = Some(model::study::EventColumns { duration: "dtime".into(), event: "death".into() });
    }
    let (needs, variables) = (needs(&finding), gbsg());
    let names: Vec<&str> = needs.iter().map(|need| need.name.as_str()).collect();
    assert_eq!(names[1..5], ["rtime", "recur", "dtime", "death"]);
    let matching = propose(&needs, &variables, &finding.plan);
    let adapted = adapt(&finding, &needs, &matching, &variables).unwrap();
    let Outcome::Columns { or: Some(or), .. } = &adapted.plan.outcome else { panic!("two events") };
    assert_eq!((or.duration.as_str(), or.event.as_str()), ("rfstime", "status"));
}

#[test]
fn two_durations_are_not_guessed() {
    let finding = fixtures::finding();
    let mut variables = gbsg();
    variables.push(variable("dtime", ColumnRole::Duration, &[]));
    let needs = needs(&finding);
    let matching = propose(&needs, &variables, &finding.plan);
    assert_eq!(matching.columns["rtime"], Choice::Undecided);
    let problems = adapt(&finding, &needs, &matching, &variables).unwrap_err();
    assert_eq!(problems.len(), 1);
    assert!(problems[0].contains("rtime"));
}

#[test]
fn who_is_in_which_group_cannot_be_left_out() {
    let finding = fixtures::finding();
    let (needs, variables) = (needs(&finding), gbsg());
    let mut matching = propose(&needs, &variables, &finding.plan);
    matching.columns.insert("hormon".into(), Choice::Drop);
    let problems = adapt(&finding, &needs, &matching, &variables).unwrap_err();
    assert!(problems[0].contains("cannot be left out"));
}

#[test]
fn other_levels_have_to_be_named() {
    let finding = fixtures::finding();
    let needs = needs(&finding);
    let mut variables = gbsg();
    variables[2] = variable("hormon", ColumnRole::Category, &["no", "yes"]);
    let mut matching = propose(&needs, &variables, &finding.plan);
    assert_eq!(adapt(&finding, &needs, &matching, &variables).unwrap_err().len(), 2);
    matching.levels.insert(("hormon".into(), "1".into()), "yes".into());
    matching.levels.insert(("hormon".into(), "0".into()), "no".into());
    let adapted = adapt(&finding, &needs, &matching, &variables).unwrap();
    let mut asked = Vec::new();
    for rule in &adapted.plan.target.cohort.inclusion_rules {
        visit(&rule.condition, &mut |name, test| asked.push((name.to_owned(), test.clone())));
    }
    assert_eq!(asked, [("hormon".to_owned(), Test::OneOf { levels: vec!["yes".into()] })]);
    // Both arms must be rewritten, each with its own level.
    assert_ne!(adapted.plan.target.cohort.inclusion_rules, adapted.plan.comparator.cohort.inclusion_rules);
}

#[test]
fn a_number_is_the_same_level_however_written() {
    let need = Need { name: "hormon".into(), uses: vec![Use::Arm], levels: vec!["1".into()], was_category: false };
    assert!(missing_levels(&need, &variable("hormon", ColumnRole::Number, &["0.0", "1.0"])).is_empty());
    assert_eq!(missing_levels(&need, &variable("hormon", ColumnRole::Number, &["2", "3"])), ["1"]);
}

#[test]
fn times_are_converted_aloud() {
    let mut finding = fixtures::finding();
    finding.plan.settings.horizons = vec![365.25, 730.5];
    finding.plan.time_at_risk.end = Some(3652.5);
    let mut variables = gbsg();
    variables[3].unit = Some("years".into());
    let needs = needs(&finding);
    let matching = propose(&needs, &variables, &finding.plan);
    let adapted = adapt(&finding, &needs, &matching, &variables).unwrap();
    assert!((adapted.plan.settings.horizons[1] - 2.0).abs() < 1e-12);
    assert!((adapted.plan.time_at_risk.end.unwrap() - 10.0).abs() < 1e-12);
    assert!(adapted.differences.iter().any(|words| words.contains("converted")));
}

#[test]
fn categories_that_are_numbers_here_are_a_difference() {
    let mut finding = fixtures::finding();
    finding.plan.covariates.push(Covariate::Variable { name: "size".into(), as_category: false });
    finding.balance.push(FindingBalance { covariate: "size=<=20".into(), smd_before: Some(0.1), smd_after: None });
    let mut variables = gbsg();
    variables.push(variable("size", ColumnRole::Number, &[]));
    let needs = needs(&finding);
    let matching = propose(&needs, &variables, &finding.plan);
    let adapted = adapt(&finding, &needs, &matching, &variables).unwrap();
    assert!(adapted.differences.iter().any(|words| words.contains("was in categories")));
}

#[test]
fn a_plan_with_events_needs_a_record() {
    let mut plan = fixtures::plan();
    assert!(!needs_events(&plan));
    plan.covariates.push(Covariate::HasEvent {
        name: "diabetes".into(),
        event: model::cohort::EventQuery::default(),
        window: model::cohort::Window::default(),
    });
    assert!(needs_events(&plan));
}
