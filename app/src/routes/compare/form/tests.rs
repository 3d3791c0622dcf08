use model::dataset::{DatasetHeader, DatasetId, DatasetSource};

use super::*;

fn variable(name: &str, role: ColumnRole, levels: &[&str]) -> VariableInfo {
    VariableInfo {
        name: name.to_owned(),
        label: String::new(),
        kind: ColumnKind::Number,
        role,
        unit: (role == ColumnRole::Duration).then(|| "days".to_owned()),
        n_missing: 0,
        levels: levels.iter().map(|level| ((*level).to_owned(), 10)).collect(),
        min: Some(0.0),
        max: Some(2000.0),
    }
}

fn rotterdam() -> DatasetContents {
    use ColumnRole::{Category, Duration, Event, Identifier, Number};
    DatasetContents {
        header: DatasetHeader {
            schema_version: 1,
            id: DatasetId("d".to_owned()),
            name: "Rotterdam".to_owned(),
            source: DatasetSource::default(),
            shape: DatasetShape::Flat,
            n_persons: 20,
            tables: vec![],
            deidentification: vec![],
            rows_read: 20,
            rows_kept: 20,
            rows_rejected: 0,
            keyed: None,
        },
        variables: vec![
            variable("pid", Identifier, &[]),
            variable("age", Number, &[]),
            variable("grade", Category, &["1", "2", "3"]),
            variable("hormon", Category, &["0", "1"]),
            variable("rtime", Duration, &[]),
            variable("recur", Event, &["0", "1"]),
            variable("dtime", Duration, &[]),
            variable("death", Event, &["0", "1"]),
        ],
        domains: vec![],
        concepts: vec![],
        span: None,
        n_bytes: 0,
        has_ancestors: false,
    }
}

fn asked() -> PlanForm {
    let contents = rotterdam();
    let mut form = PlanForm::for_dataset(&contents);
    form.split(&contents.variables[3], "1", "0");
    form
}

#[test]
fn the_outcome_is_chosen_by_role_and_each_duration_has_its_event() {
    let contents = rotterdam();
    let pairs: Vec<(&str, &str)> = outcome_pairs(&contents.variables)
        .iter()
        .map(|(duration, event)| (duration.name.as_str(), event.name.as_str()))
        .collect();
    assert_eq!(pairs, [("rtime", "recur"), ("dtime", "death")]);
    let form = PlanForm::for_dataset(&contents);
    assert!(matches!(form.outcome, Some(Outcome::Columns { duration, .. }) if duration == "rtime"));
    // Ten years lie beyond the last follow-up.
    assert_eq!(form.settings.horizons, [365.0, 1095.0, 1826.0]);
}

#[test]
fn events_before_their_durations_are_still_found() {
    let columns = [variable("status", ColumnRole::Event, &["0", "1"]), variable("time", ColumnRole::Duration, &[])];
    assert_eq!(outcome_pairs(&columns)[0].1.name, "status");
    assert!(outcome_pairs(&columns[1..]).is_empty());
}

#[test]
fn an_arm_is_not_adjusted_for_itself() {
    let form = asked();
    let names: Vec<&str> = form.covariates.iter().map(Covariate::name).collect();
    assert_eq!(names, ["age", "grade"]);
    assert!(matches!(form.covariates[1], Covariate::Variable { as_category: true, .. }));
}

#[test]
fn a_split_makes_a_plan_and_comes_back() {
    let plan = asked().plan().unwrap();
    assert_eq!(plan.name, "hormon = 1 against hormon = 0: recur");
    assert_eq!(level_of(&plan.target), Some(("hormon", "1")));
    assert_eq!(PlanForm::from_plan(&plan), asked());
    assert_eq!(PlanForm::from_plan(&plan).plan().unwrap(), plan);
}

#[test]
fn every_missing_part_is_named_at_once() {
    let problems = PlanForm { time_at_risk: TimeAtRisk { start: 10.0, end: Some(5.0) }, ..PlanForm::default() }
        .plan()
        .unwrap_err();
    assert_eq!(problems.len(), 4, "{problems:?}");
}

#[test]
fn a_cohort_is_not_compared_with_itself() {
    let mut form = asked();
    form.comparator = form.target.clone();
    assert!(form.plan().unwrap_err()[0].contains("same cohort"));
}

#[test]
fn looking_at_balance_is_undone_by_what_changes_it_only() {
    let plan = asked().plan().unwrap();
    let mut settings = plan.clone();
    settings.settings.horizons = vec![7.0];
    assert_eq!(design_id(&plan), design_id(&settings));
    let mut fewer = plan.clone();
    fewer.covariates.pop();
    assert_ne!(design_id(&plan), design_id(&fewer));
    assert!(design_id(&plan).is_some());
}

#[test]
fn times_are_read_from_a_list() {
    assert_eq!(parse_times("1095, 365,365").unwrap(), [365.0, 1095.0]);
    assert_eq!(parse_times("  ").unwrap(), Vec::<f64>::new());
    assert!(parse_times("365, soon").unwrap_err().contains("soon"));
    assert!(parse_times("-1").is_err());
}
