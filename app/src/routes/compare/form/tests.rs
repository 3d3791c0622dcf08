use model::dataset::ColumnKind;

use super::super::fixture::flat;
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
    flat(vec![
        variable("pid", Identifier, &[]),
        variable("age", Number, &[]),
        variable("grade", Category, &["1", "2", "3"]),
        variable("hormon", Category, &["0", "1"]),
        variable("rtime", Duration, &[]),
        variable("recur", Event, &["0", "1"]),
        variable("dtime", Duration, &[]),
        variable("death", Event, &["0", "1"]),
    ])
}

fn asked() -> PlanForm {
    let contents = rotterdam();
    let mut form = PlanForm::for_dataset(&contents);
    form.split(&contents, &contents.variables[3], "1", "0");
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
    assert_eq!(
        plan.name,
        "\u{2018}hormon\u{2019} = \u{2018}1\u{2019} against \u{2018}hormon\u{2019} = \u{2018}0\u{2019}: recur"
    );
    assert_eq!(level_of(&plan.target), Some(("hormon", "1")));
    assert_eq!(PlanForm::from_plan(&plan), asked());
    assert_eq!(PlanForm::from_plan(&plan).plan().unwrap(), plan);
}

#[test]
fn arms_are_named_by_labels_where_there_are_some() {
    let mut contents = rotterdam();
    contents.variables[3].label = "Hormonal therapy (0 no, 1 yes)".to_owned();
    let mut form = PlanForm::for_dataset(&contents);
    form.split(&contents, &contents.variables[3], "1", "0");
    let plan = form.plan().unwrap();
    assert_eq!(plan.name, "hormonal therapy (yes) against hormonal therapy (no): recur");
    assert_eq!(level_of(&plan.target), Some(("hormon", "1")));
    // as saved studies of before name them
    let mut old = plan.target.clone();
    old.name = "hormon = 1".to_owned();
    old.cohort.inclusion_rules[0].name = "hormon = 1".to_owned();
    assert_eq!(level_of(&old), Some(("hormon", "1")));
    // a cohort that somebody saved
    old.name = "Treated".to_owned();
    assert_eq!(level_of(&old), None);
}

#[test]
fn covariates_are_chosen_with_the_arms() {
    let contents = rotterdam();
    let names = |form: &PlanForm| form.covariates.iter().map(|c| c.name().to_owned()).collect::<Vec<_>>().join(" ");
    let mut form = PlanForm::for_dataset(&contents);
    assert_eq!(names(&form), "", "nothing is ticked before the treatment is known");
    form.split(&contents, &contents.variables[3], "1", "0");
    assert_eq!(names(&form), "age grade");
    form.split(&contents, &contents.variables[2], "3", "1");
    assert_eq!(names(&form), "age hormon", "what made the arms before comes back");
    form.covariates.remove(0);
    form.split(&contents, &contents.variables[2], "2", "1");
    assert_eq!(names(&form), "hormon", "what was taken out by hand stays out");
    form.split(&contents, &contents.variables[3], "1", "0");
    assert_eq!(names(&form), "");
}

#[test]
fn cohorts_that_differ_in_a_variable_are_not_adjusted_for_it() {
    let contents = rotterdam();
    let arm = |rules: &[(&str, &str, bool)]| {
        let mut cohort = CohortDefinition::everyone("c");
        for (name, level, negated) in rules {
            let test = Test::OneOf { levels: vec![(*level).to_owned()] };
            let condition = Condition::Variable { name: (*name).to_owned(), test };
            let condition = if *negated { Condition::Not { of: Box::new(condition) } } else { condition };
            cohort.inclusion_rules.push(InclusionRule { name: (*name).to_owned(), condition });
        }
        StudyArm { name: format!("{rules:?}"), cohort }
    };
    let mut form = PlanForm::for_dataset(&contents);
    let mine = arm(&[("grade", "3", false), ("hormon", "1", false)]);
    form.compare(&contents, Some(mine), Some(arm(&[("grade", "3", false), ("hormon", "1", true)])));
    let names: Vec<&str> = form.covariates.iter().map(Covariate::name).collect();
    assert_eq!(names, ["age", "grade"], "both ask the same of grade");
}

#[test]
fn what_is_known_and_not_adjusted_for_is_named() {
    let mut contents = rotterdam();
    contents.variables[1].label = "Age at surgery".to_owned();
    let known = |form: &PlanForm| known_not_adjusted(&contents, &form.plan().unwrap());
    let mut form = asked();
    assert_eq!(known(&form), Vec::<String>::new(), "everything is adjusted for");
    form.covariates.pop();
    assert_eq!(known(&form), ["\u{2018}grade\u{2019}"]);
    form.adjustment = Adjustment::None;
    assert_eq!(known(&form), ["age at surgery", "\u{2018}grade\u{2019}"], "chosen for balance alone");
}

#[test]
fn what_cannot_be_named_yet_is_said_in_words() {
    let made = PlanForm::for_dataset(&rotterdam()).left_empty(PlanForm::automatic_question);
    assert!(!made.contains('?') && made.contains("once they are chosen"), "{made}");
    assert!(asked().left_empty(PlanForm::automatic_name).ends_with("recur\u{201d}"));
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
