//! Cumulative incidence and Gray's test against R's cmprsk, on the inputs and results of e2e/reference/competing.json,
//! by hand, and on inputs that allow no answer.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::support::reference;

use reference::{committed, number, numbers as list};
use serde_json::Value;
use stats::survival::{CompetingRisks, Durations, EventTable, SurvivalError, cumulative_incidence, gray_test};
use stats::tick::never;

struct Case {
    name: String,
    time: Vec<f64>,
    cause: Vec<u32>,
    group: Option<Vec<u32>>,
    strata: Option<Vec<u32>>,
    want: Value,
}

impl Case {
    fn data(&self) -> CompetingRisks<'_> {
        CompetingRisks {
            time: &self.time,
            cause: &self.cause,
            n_causes: *self.cause.iter().max().unwrap(),
            group: self.group.as_deref(),
            n_groups: self.group.as_ref().map_or(1, |group| group.iter().max().unwrap() + 1),
            strata: self.strata.as_deref(),
        }
    }
}

fn cases() -> Vec<Case> {
    let all = committed("competing.json");
    let codes = |value: &Value| list(value).into_iter().map(|code| code as u32).collect::<Vec<u32>>();
    let cases: Vec<Case> = all
        .as_object()
        .unwrap()
        .iter()
        .filter(|(name, _)| *name != "session")
        .map(|(name, case)| Case {
            name: name.clone(),
            time: list(&case["time"]),
            cause: codes(&case["cause"]),
            group: case.get("group").map(codes),
            strata: case.get("strata").map(codes),
            want: case.clone(),
        })
        .collect();
    assert!(cases.len() >= 6);
    cases
}

#[track_caller]
fn close(what: &str, got: f64, want: f64, tolerance: f64) {
    assert!((got - want).abs() <= tolerance * want.abs().max(1e-6), "{what}: {got} is not {want}");
}

#[test]
fn cumulative_incidence_agrees_with_cuminc() {
    for case in cases() {
        let data = case.data();
        let curves = cumulative_incidence(&data, &mut never).unwrap();
        let wanted = case.want["curves"].as_array().unwrap();
        assert_eq!(curves.len(), wanted.len(), "{}", case.name);
        for curve in &curves {
            // R goes through causes first
            let want = &wanted[((curve.cause - 1) * data.n_groups + curve.group) as usize];
            let what = format!("{} {}", case.name, want["name"]);
            let (time, estimate) = (list(&want["time"]), list(&want["estimate"]));
            let variance = list(&want["variance"]);
            assert_eq!(curve.points.len(), time.len(), "{what}");
            for (i, point) in curve.points.iter().enumerate() {
                assert_eq!(point.time, time[i], "{what}");
                close(&format!("{what} estimate"), point.estimate, estimate[i], 1e-9);
                close(&format!("{what} variance"), point.variance, variance[i], 1e-9);
            }
        }
    }
}

#[test]
fn grays_test_agrees_with_cuminc() {
    let mut n = 0;
    for case in cases() {
        for want in case.want["gray"].as_array().into_iter().flatten() {
            let cause = want["cause"].as_u64().unwrap() as u32;
            let got = gray_test(&case.data(), cause, &mut never).unwrap();
            let what = format!("{} cause {cause}", case.name);
            close(&what, got.chi2, number(&want["chi2"]), 1e-8);
            // R writes 1 - pchisq, which loses small p-values
            assert!((got.p - number(&want["p"])).abs() < 1e-9, "{what}");
            assert_eq!(got.df as u64, want["df"].as_u64().unwrap(), "{what}");
            n += 1;
        }
    }
    assert!(n >= 11, "only {n} tests");
}

#[test]
fn by_hand() {
    // at 1 one of four has cause 1, at 2 one of three cause 2, at 3 one is censored, at 4 the last has cause 1
    let data = CompetingRisks {
        time: &[4.0, 2.0, 1.0, 3.0],
        cause: &[1, 2, 1, 0],
        n_causes: 2,
        group: None,
        n_groups: 1,
        strata: None,
    };
    let curves = cumulative_incidence(&data, &mut never).unwrap();
    let points = |k: usize| curves[k].points.iter().map(|p| (p.time, p.estimate)).collect::<Vec<_>>();
    assert_eq!(points(0), [(0.0, 0.0), (1.0, 0.25), (4.0, 0.75)]);
    assert_eq!(points(1), [(0.0, 0.0), (2.0, 0.25), (4.0, 0.25)]);
    // with one cause, Gray's test is no log-rank test, but the incidence is one minus Kaplan-Meier
    let event: Vec<bool> = data.cause.iter().map(|c| *c > 0).collect();
    let table = EventTable::new(&Durations::new(data.time, &event), &mut never).unwrap();
    let km = stats::survival::kaplan_meier(&table, &stats::survival::CurveSettings::default(), &mut never).unwrap();
    let all: f64 = curves.iter().map(|c| c.points.last().unwrap().estimate).sum();
    close("causes add up", all, 1.0 - km[0].survival().last().unwrap(), 1e-12);
}

#[test]
fn the_order_of_rows_and_groups_does_not_matter() {
    for case in cases() {
        let n = case.time.len();
        let turned = |values: &[u32]| values.iter().rev().copied().collect::<Vec<u32>>();
        let last = case.data().n_groups - 1;
        let group = case.group.as_deref().map(|g| g.iter().rev().map(|g| last - g).collect::<Vec<u32>>());
        let (time, cause) = ((0..n).rev().map(|i| case.time[i]).collect::<Vec<f64>>(), turned(&case.cause));
        let strata = case.strata.as_deref().map(turned);
        let data = CompetingRisks {
            time: &time,
            cause: &cause,
            group: group.as_deref(),
            strata: strata.as_deref(),
            ..case.data()
        };
        for want in case.want["gray"].as_array().into_iter().flatten() {
            let got = gray_test(&data, want["cause"].as_u64().unwrap() as u32, &mut never).unwrap();
            close(&case.name, got.chi2, number(&want["chi2"]), 1e-8);
        }
    }
}

#[test]
fn what_cannot_be_estimated_is_said() {
    let data = CompetingRisks {
        time: &[1.0, 2.0, 3.0, 4.0],
        cause: &[1, 1, 0, 1],
        n_causes: 2,
        group: Some(&[0, 1, 0, 1]),
        n_groups: 3,
        strata: None,
    };
    assert_eq!(gray_test(&data, 2, &mut never), Err(SurvivalError::NoEvents));
    assert_eq!(gray_test(&data, 0, &mut never), Err(SurvivalError::NoEvents));
    let one = CompetingRisks { group: None, n_groups: 1, ..data };
    assert_eq!(gray_test(&one, 1, &mut never), Err(SurvivalError::TooFewGroups(1)));
    let curves = cumulative_incidence(&data, &mut never).unwrap();
    assert!(curves.iter().filter(|c| c.group == 2).all(|c| c.points.is_empty()), "a group without rows");
    assert!(curves.iter().filter(|c| c.cause == 2).flat_map(|c| &c.points).all(|p| p.estimate == 0.0));
    let unknown = CompetingRisks { n_causes: 0, ..data };
    assert!(matches!(cumulative_incidence(&unknown, &mut never), Err(SurvivalError::Invalid(_))));
    // all at one time, all with the event: nothing tells the groups apart
    let tied = CompetingRisks { time: &[5.0; 4], cause: &[1; 4], n_causes: 1, n_groups: 2, ..data };
    assert!(matches!(gray_test(&tied, 1, &mut never), Err(SurvivalError::NotEstimable(_))));
}
