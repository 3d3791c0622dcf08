use model::results::{CurvePoint, SurvivalAt};

use super::*;

#[test]
fn ratios_keep_their_digits() {
    assert_eq!(ratio(0.684, 0.55, 0.8449), "0.68 (0.55 to 0.84)");
    assert_eq!(ratio(0.0312, 0.001, 5000.0), "0.031 (0.001 to > 1,000)");
    assert_eq!(ratio(1.449, 1.1, 1.91), "1.45 (1.10 to 1.91)");
}

#[test]
fn the_design_shows_no_outcome() {
    let rows = [FollowUp { arm: "a".to_owned(), n: 10, n_events: 4, time_at_risk: 1234.5, ..FollowUp::default() }];
    let design = follow_up(&rows, "days", None);
    assert!(design.columns.iter().all(|column| !column.label.contains("vents")));
    assert!(design.rows.iter().all(|row| row.len() == design.columns.len()));
    let outcome = follow_up(&rows, "days", Some(0.95));
    assert_eq!(outcome.rows[0][4..], ["4", "not estimable"]);
    assert_eq!(outcome.columns[5].label, "Events per 100 person-years (95% CI)");
    let row = FollowUp {
        rate_per_100_years: Some(33.333),
        rate_lower: Some(4.0368),
        rate_upper: Some(120.41),
        ..FollowUp::default()
    };
    assert_eq!(follow_up(&[row], "days", Some(0.95)).rows[0][5], "33.3 (4.0 to 120.4)");
}

#[test]
fn what_is_not_estimable_is_said() {
    let cox = CoxReport {
        ties: "efron".to_owned(),
        coefficients: vec![
            CoxCoefficient { term: "age, per year".to_owned(), ..CoxCoefficient::default() },
            CoxCoefficient { term: "grade=3".to_owned(), reference: Some("1".to_owned()), ..CoxCoefficient::default() },
        ],
        ..CoxReport::default()
    };
    let table = coefficients(&cox, 0.95);
    assert_eq!(table.rows[0][..2], ["age, per year", "not estimable"]);
    assert_eq!(table.rows[1][..2], ["grade: 3, against 1", "not estimable"]);
    assert!(table.caption.starts_with("Cox regression (Efron ties)"), "{}", table.caption);
}

#[test]
fn whole_years_are_said_in_years() {
    assert_eq!(time_words(365.0, "days"), "1 year (365 days)");
    assert_eq!(time_words(1826.0, "days"), "5 years (1,826 days)");
    assert_eq!(time_words(730.5, "days"), "2 years (730.5 days)");
    assert_eq!(time_words(366.0, "days"), "366 days");
    assert_eq!(time_words(24.0, "months"), "2 years (24 months)");
    assert_eq!(time_words(23.5, "months"), "23.5 months");
    assert_eq!(time_words(3.0, "years"), "3 years");
    assert_eq!(time_words(0.0, "days"), "0 days");
}

#[test]
fn a_restricted_mean_has_its_interval_and_says_when_few_are_left() {
    let point = |time, n_at_risk| CurvePoint { time, n_at_risk, ..CurvePoint::default() };
    let group = GroupCurve {
        name: "a".to_owned(),
        rmst: Some(Rmst { tau: 365.0, value: 300.0, std_err: 10.0 }),
        curve: vec![point(100.0, 40.0), point(365.0, 4.0)],
        ..GroupCurve::default()
    };
    let report = SurvivalReport { groups: vec![group], ..SurvivalReport::default() };
    let table = medians(&report, "days");
    assert_eq!(table.rows[0][4..], ["300 (280 to 320)", "10"]);
    assert!(table.caption.ends_with("the restricted mean counts up to 1 year (365 days)"), "{}", table.caption);
    assert_eq!(table.rows[0].len(), table.columns.len());
    let few = few_at_the_end(&report, "days");
    assert_eq!(few.len(), 1);
    assert!(few[0].contains("up to 1 year (365 days), where only 4 persons are still at risk"), "{few:?}");
    let mut two = report.clone();
    two.groups.push(GroupCurve { rmst: Some(Rmst { tau: 90.0, value: 80.0, std_err: 1.0 }), ..GroupCurve::default() });
    let two = medians(&two, "days");
    assert!(two.caption.ends_with("with intervals"));
    assert_eq!(two.rows[1][4], "80.0 (78.0 to 82.0) up to 90 days");
    let mut enough = report.clone();
    enough.groups[0].rmst = Some(Rmst { tau: 90.0, value: 5.0, std_err: 10.0 });
    assert!(few_at_the_end(&enough, "days").is_empty());
    assert_eq!(medians(&enough, "days").rows[0][4], "5.00 (0.00 to 24.60)");
    let none = SurvivalReport { groups: vec![GroupCurve::default()], ..SurvivalReport::default() };
    assert!(few_at_the_end(&none, "days").is_empty());
    assert_eq!(medians(&none, "days").rows[0][4], "not estimable");
}

#[test]
fn survival_beyond_follow_up_is_said() {
    let report = SurvivalReport {
        groups: vec![GroupCurve {
            name: "a".to_owned(),
            at: vec![
                SurvivalAt {
                    time: 365.0,
                    n_at_risk: Some(10.0),
                    survival: Some(0.5),
                    lower: Some(0.4),
                    upper: Some(0.6),
                },
                SurvivalAt { time: 9999.0, n_at_risk: None, survival: None, lower: None, upper: None },
            ],
            ..GroupCurve::default()
        }],
        ..SurvivalReport::default()
    };
    let table = horizons(&report, "days").unwrap();
    assert_eq!(table.rows[0], ["1 year (365 days)", "50.0% (40.0% to 60.0%)", "10"]);
    assert_eq!(table.rows[1], ["9,999 days", "beyond follow-up", "none"]);
    assert_eq!(horizons(&SurvivalReport::default(), "days"), None);
}
