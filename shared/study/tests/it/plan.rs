//! Study plans on a handful of patients, with numbers worked out by hand.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::patients;

use cohort::{Index, Source};
use columnar::Dataset;
use model::study::StudyPlan;
use patients::{flat, record};
use study::{Stage, StudyError, StudyRun, risk_table, run};

#[track_caller]
fn close(got: f64, want: f64) {
    assert!((got - want).abs() <= 1e-9 * want.abs().max(1.0), "{got} is not {want}");
}

fn plan(text: &str) -> StudyPlan {
    let common = r#""kind":"study","schema_version":1,"name":"test""#;
    serde_json::from_str(&format!("{{{common},{text}}}")).unwrap()
}

fn arm(name: &str, entry: &str, rules: &str) -> String {
    format!(
        r#"{{"name":"{name}","cohort":{{"kind":"cohort","schema_version":1,"name":"{name}","entry":{entry},
        "inclusion_rules":[{rules}]}}}}"#
    )
}

fn flat_arm(name: &str, level: &str) -> String {
    let test = format!(r#"{{"type":"one_of","levels":["{level}"]}}"#);
    let rule = format!(r#"{{"name":"{name}","condition":{{"type":"variable","name":"arm","test":{test}}}}}"#);
    arm(name, r#"{"type":"everyone"}"#, &rule)
}

const COLUMNS: &str = r#""outcome":{"type":"columns","name":"death","duration":"t","event":"e","unit":"years"}"#;

fn flat_plan(more: &str) -> StudyPlan {
    plan(&format!(r#""target":{},"comparator":{},{COLUMNS}{more}"#, flat_arm("new", "a"), flat_arm("old", "b")))
}

fn go(data: &Dataset, plan: &StudyPlan, stage: Stage) -> StudyRun {
    let index = Index::new(data).unwrap();
    run(&Source::new(data, &index), plan, stage, &mut |_| true).unwrap()
}

fn attrition(run: &StudyRun, arm: usize) -> String {
    let rows = &run.result.attrition[arm].rows;
    rows.iter().map(|r| r.persons.to_string()).collect::<Vec<_>>().join(" ")
}

/// x = 1: two on a, one on b; x = 0: one on a, two on b. The propensity is 2/3 and 1/3.
fn six() -> Dataset {
    flat(
        "arm x t e
         a 1 1 1
         a 1 2 0
         a 0 3 1
         b 1 1 1
         b 0 2 1
         b 0 4 0",
    )
}

const X: &str = r#","covariates":[{"type":"variable","name":"x"}]"#;

#[test]
fn weights_make_the_arms_alike() {
    let plan = flat_plan(&format!(r#"{X},"adjustment":{{"type":"weighting","estimand":"ate"}}"#));
    let run = go(&six(), &plan, Stage::Full);
    let balance = &run.result.balance;
    let row = &balance.rows[0];
    close(row.target.unwrap(), 2.0 / 3.0);
    close(row.comparator.unwrap(), 1.0 / 3.0);
    // both arms have the variance 1/3
    close(row.smd_before.unwrap(), (1.0_f64 / 3.0).sqrt());
    assert!(row.smd_after.unwrap().abs() < 1e-8, "{row:?}");
    let (target, comparator) = balance.effective_sample_size.unwrap();
    close(target, 36.0 / 13.5);
    close(comparator, 36.0 / 13.5);
    let (of_target, of_comparator) = balance.propensity_histogram.as_ref().unwrap();
    assert_eq!(of_target.edges, of_comparator.edges);
    // a third lies in the bin from 0.30 to 0.35, two thirds in that from 0.65 to 0.70
    assert_eq!((of_target.counts[6], of_target.counts[13]), (1, 2));
    assert_eq!((of_comparator.counts[6], of_comparator.counts[13]), (2, 1));
    // weights 1.5, 1.5, 3 and 3, 1.5, 1.5: at time 1 the new arm loses 1.5 of 6, the old one 3 of 6
    let weighted = run.result.weighted.as_ref().unwrap();
    close(weighted.groups[0].curve[0].survival, 0.75);
    close(weighted.groups[1].curve[0].survival, 0.5);
    close(weighted.groups[0].curve[0].n_at_risk, 6.0);
    let table = risk_table(run.weighted_curves.as_ref().unwrap(), &[0.0, 2.5]);
    assert_eq!(table[1].group, "old");
    close(table[1].n_at_risk[1], 1.5);
    close(table[1].n_events[1], 4.5);
    // unadjusted curves are plain
    close(run.result.unadjusted.groups[0].curve[0].survival, 2.0 / 3.0);
    assert_eq!(risk_table(&run.curves, &[2.0])[0].n_at_risk, [2.0]);
    let adjusted = run.result.hazard_ratio_adjusted.as_ref().unwrap();
    assert!(adjusted.method.contains("robust"), "{}", adjusted.method);
    let cox = weighted.cox.as_ref().unwrap();
    close(adjusted.std_err, cox.coefficients[0].robust_std_err.unwrap());
}

#[test]
fn follow_up_is_counted_in_person_years() {
    let run = go(&six(), &flat_plan(""), Stage::Unadjusted);
    let new = &run.result.follow_up[0];
    assert_eq!((new.arm.as_str(), new.n, new.n_events), ("new", 3, 2));
    close(new.time_at_risk, 6.0);
    close(new.rate_per_100_years.unwrap(), 100.0 * 2.0 / 6.0);
    // R: poisson.test(2, 6)$conf.int
    close(new.rate_lower.unwrap(), 4.036_821_309_066_08);
    close(new.rate_upper.unwrap(), 120.411_461_128_733);
    // reverse Kaplan-Meier of the new arm: the one censored at 2, of two at risk: the curve falls to exactly one half
    // at 2 and stays there to the last time, 3, so the median is the middle of that flat piece
    close(new.median_follow_up.unwrap(), 2.5);
    assert_eq!(run.result.time_unit, "years");
}

#[test]
fn the_design_stage_counts_no_outcome() {
    let plan = flat_plan(&format!(r#"{X},"adjustment":{{"type":"weighting","estimand":"ato"}}"#));
    let run = go(&six(), &plan, Stage::Design);
    assert!(run.result.balance.rows[0].smd_after.is_some());
    assert!(run.result.hazard_ratio_unadjusted.is_none() && run.result.follow_up.is_empty());
    assert_eq!(run.result.unadjusted, model::results::SurvivalReport::default());
    assert!(run.result.weighted.is_none() && run.weighted_curves.is_none());
    assert_eq!(run.curves.names().count(), 0);
    // the same design whatever the outcomes are
    let mut turned = six();
    let other = flat("arm x t e\n a 1 9 0\n a 1 8 1\n a 0 7 0\n b 1 6 0\n b 0 5 0\n b 0 4 1");
    turned.tables.insert("variable".to_owned(), other.tables["variable"].clone());
    assert_eq!(go(&turned, &plan, Stage::Design).result, run.result);
}

#[test]
fn nothing_adjusted_is_shown_before_the_full_stage() {
    let run = go(&six(), &flat_plan(X), Stage::Unadjusted);
    assert!(run.result.hazard_ratio_unadjusted.is_some());
    assert!(run.result.hazard_ratio_adjusted.is_none() && run.result.regression.is_none());
    let run = go(&six(), &flat_plan(X), Stage::Full);
    let regression = run.result.regression.as_ref().unwrap();
    let terms: Vec<&str> = regression.coefficients.iter().map(|c| c.term.as_str()).collect();
    assert_eq!(terms, ["treatment=new", "x"]);
    assert!(run.result.hazard_ratio_adjusted.is_some());
    assert!(run.result.warnings.iter().any(|w| w.contains("fewer than 10 events a term")), "{:?}", run.result.warnings);
}

#[test]
fn hazard_ratio_of_two_against_two_by_hand() {
    // new: event at 1, censored at 3; old: event at 2, censored at 3. The partial likelihood r / (2 r + 2) * 1 / (r + 2)
    // has its maximum where r^2 = 2 after the second factor: d/dr log = 1/r - 2/(2r+2) - 1/(r+2) = 0, r = sqrt(2).
    let data = flat("arm t e\n a 1 1\n a 3 0\n b 2 1\n b 3 0");
    let run = go(&data, &flat_plan(""), Stage::Full);
    let hr = run.result.hazard_ratio_unadjusted.as_ref().unwrap();
    assert!((hr.estimate - 2.0_f64.sqrt()).abs() < 1e-6, "{}", hr.estimate);
    assert_eq!((hr.n, hr.n_events), (4, 2));
    assert!(hr.ph_p.is_some() && !hr.ph_words.is_empty());
}

#[test]
fn time_at_risk_starts_late_and_ends_early_on_columns() {
    let run = go(&six(), &flat_plan(r#","time_at_risk":{"start":1.0,"end":3.0}"#), Stage::Unadjusted);
    // those with time 1 are not at risk after 1; the last one is censored at 3
    assert_eq!((attrition(&run, 0), attrition(&run, 1)), ("6 3 3 3 2".to_owned(), "6 3 3 3 2".to_owned()));
    let times = |g: usize| run.result.unadjusted.groups[g].curve.iter().map(|p| p.time).collect::<Vec<_>>();
    assert_eq!((times(0), times(1)), (vec![1.0, 2.0], vec![1.0, 2.0]));
    assert_eq!(run.result.unadjusted.n_events, 2);
}

#[test]
fn missing_outcomes_and_covariates_are_counted() {
    let data = flat("arm x t e\n a 1 1 1\n a . 2 1\n a 0 . 1\n a 0 5 0\n b 1 1 1\n b 0 2 1\n b 0 4 0\n b 1 6 1");
    let run = go(&data, &flat_plan(X), Stage::Full);
    assert_eq!(attrition(&run, 0), "8 4 4 3");
    assert_eq!(run.result.balance.rows[0].missing_target, 1);
    assert_eq!(run.result.regression.as_ref().unwrap().n, 6);
    let said = run.result.warnings.iter().any(|w| w.contains("leaves out 1 of 7 subjects"));
    assert!(said, "{:?}", run.result.warnings);
}

fn warned(run: &StudyRun, words: &str) {
    assert!(run.result.warnings.iter().any(|w| w.contains(words)), "{words} not in {:?}", run.result.warnings);
}

#[test]
fn what_cannot_be_estimated_is_said_in_words() {
    // the level c is on nobody's record
    let nobody = plan(&format!(
        r#""target":{},"comparator":{},{COLUMNS}"#,
        arm(
            "new",
            r#"{"type":"everyone"}"#,
            r#"{"name":"none","condition":{"type":"variable","name":"x","test":{"type":"range","range":{"min":7}}}}"#
        ),
        flat_arm("old", "b")
    ));
    let run = go(&six(), &nobody, Stage::Full);
    warned(&run, "nobody is left in the arm 'new'");
    assert!(run.result.hazard_ratio_unadjusted.is_none());
    assert_eq!(attrition(&run, 0), "6 0 0 0");
    // nobody with the event
    let run = go(&flat("arm x t e\n a 1 1 0\n a 0 2 0\n b 1 2 0\n b 0 3 0"), &flat_plan(X), Stage::Full);
    warned(&run, "nobody had the event");
    warned(&run, "the log-rank test is not estimable");
    assert!(run.result.hazard_ratio_adjusted.is_none());
    assert_eq!(run.result.unadjusted.groups[0].curve[0].survival, 1.0);
    // a constant covariate, and one that separates the arms
    let data = flat("arm x y t e\n a 1 1 1 1\n a 1 1 2 1\n a 1 1 3 0\n b 1 0 2 1\n b 1 0 4 1\n b 1 0 5 0");
    let both = r#","covariates":[{"type":"variable","name":"x"},{"type":"variable","name":"y"}],
        "adjustment":{"type":"weighting","estimand":"ate"}"#;
    let run = go(&data, &flat_plan(both), Stage::Full);
    warned(&run, "the propensity score is not estimable: the covariates tell the arms apart");
    warned(&run, "the weighted comparison is not estimable");
    warned(&run, "'y' separates the arms completely");
    let run = go(&data, &flat_plan(X), Stage::Full);
    warned(&run, "'x' is constant or determined");
    assert!(run.result.hazard_ratio_adjusted.is_some(), "the treatment is still estimable");
}

#[test]
fn weighting_names_a_constant_covariate_once() {
    let data = flat("arm x s t e\n a 1 I 1 1\n a 1 I 2 0\n a 0 I 3 1\n b 1 I 1 1\n b 0 I 2 1\n b 0 I 4 0\n c 0 II 4 0");
    for (adjustment, x) in
        [("weighting\",\"estimand\":\"ate", true), ("weighting\",\"estimand\":\"ate", false), ("regression", true)]
    {
        let more = if x { r#"{"type":"variable","name":"x"},"# } else { "" };
        let plan = flat_plan(&format!(
            r#","covariates":[{more}{{"type":"variable","name":"s"}}],"adjustment":{{"type":"{adjustment}"}}"#
        ));
        let run = go(&data, &plan, Stage::Full);
        let named = run.result.warnings.iter().filter(|w| w.contains("'s' is constant among the subjects compared"));
        assert_eq!(named.count(), 1, "{adjustment}: {:?}", run.result.warnings);
        assert_eq!(run.result.hazard_ratio_adjusted.is_some(), x, "{adjustment}: {:?}", run.result.warnings);
    }
}

#[test]
fn a_treatment_that_separates_the_events_has_no_hazard_ratio() {
    let data = flat("arm t e\n a 1 1\n a 2 1\n a 3 1\n b 4 0\n b 5 0\n b 6 0");
    let run = go(&data, &flat_plan(""), Stage::Full);
    assert!(run.result.hazard_ratio_unadjusted.is_none());
    warned(&run, "may be infinite");
    assert!(run.result.unadjusted.log_rank.is_some());
}

#[test]
fn plans_that_do_not_fit_are_refused_with_every_problem() {
    let data = six();
    let index = Index::new(&data).unwrap();
    let source = Source::new(&data, &index);
    let refused = |plan: &StudyPlan| run(&source, plan, Stage::Full, &mut |_| true).unwrap_err().to_string();
    let mut bad = flat_plan(X);
    bad.settings.level = 95.0;
    bad.settings.tau = Some(0.0);
    let words = refused(&bad);
    assert!(words.contains("confidence level is 95") && words.contains("tau"), "{words}");
    let bad = flat_plan(r#","covariates":[{"type":"variable","name":"agee"}]"#);
    assert!(refused(&bad).contains("covariates: "), "{}", refused(&bad));
    let bad = flat_plan(r#","time_at_risk":{"start":5.0,"end":1.0}"#);
    assert!(refused(&bad).contains("not after its start"), "{}", refused(&bad));
    let stopped = run(&source, &flat_plan(""), Stage::Full, &mut |_| false);
    assert_eq!(stopped, Err(StudyError::Cancelled));
}

const ON_B: &str = r#"{"type":"event","event":{"domain":"drug","concept_set":"b"}}"#;
const ON_C: &str = r#"{"type":"event","event":{"domain":"drug","concept_set":"c"}}"#;

fn record_plan(more: &str) -> StudyPlan {
    let set = |id: &str, code: &str| {
        format!(r#"{{"id":"{id}","name":"{code}","items":[{{"concept":{{"system":"TEST","code":"{code}"}}}}]}}"#)
    };
    let with_sets = |name: &str, entry: &str| {
        let sets = format!(r#""concept_sets":[{},{}],"entry""#, set("b", "B"), set("c", "C"));
        arm(name, entry, "").replace(r#""entry""#, &sets)
    };
    let outcome = format!(
        r#""outcome":{{"type":"event","name":"D","concept_sets":[{}],"event":{{"concept_set":"d"}},"washout_days":30}}"#,
        set("d", "D")
    );
    plan(&format!(r#""target":{},"comparator":{},{outcome}{more}"#, with_sets("B", ON_B), with_sets("C", ON_C)))
}

#[test]
fn outcomes_of_a_record_count_within_the_time_at_risk() {
    let data = record(
        "p0 female 1950 | 1..400 | 100:drug:B 150:dx:D 160:dx:D
         p1 female 1950 | 1..400 | 100:drug:B 90:dx:D
         p2 female 1950 | 1..400 | 100:drug:B 200:drug:C
         p3 female 1950 | 1..120 | 100:drug:B
         p4 male   1950 | 1..400 | 100:drug:C 100:dx:D 103:dx:D
         p5 male   1950 | 1..400 | 100:drug:C 60:dx:D 300:dx:D
         p6 male   1950 +130 | 1..400 | 100:drug:C 140:dx:D",
    );
    let shape = |run: &StudyRun, arm: usize| {
        let curve = &run.result.unadjusted.groups[arm].curve;
        curve.iter().map(|p| format!("{}:{}/{}", p.time, p.n_events, p.n_censored)).collect::<Vec<_>>().join(" ")
    };
    // p1 had D ten days before; p2 is in both arms. p4's D on the index date counts, at time 0.
    let run = go(&data, &record_plan(""), Stage::Full);
    assert_eq!((attrition(&run, 0), attrition(&run, 1)), ("7 4 4 4 3 2".to_owned(), "7 4 4 4 3 3".to_owned()));
    assert_eq!((shape(&run, 0), shape(&run, 1)), ("20:0/1 50:1/0".to_owned(), "0:1/0 30:0/1 200:1/0".to_owned()));
    // from the day after on: p4 had D on the index date, in the washout; the first in the new arm stays
    let run = go(&data, &record_plan(r#","time_at_risk":{"start":1}"#), Stage::Full);
    assert_eq!(attrition(&run, 1), "7 4 4 4 3 2 2");
    assert_eq!((shape(&run, 0), shape(&run, 1)), ("20:0/1 50:1/0".to_owned(), "30:0/1 200:1/0".to_owned()));
    // from day 31 to 180: p3's and p6's follow-up is over; p5's D is too late
    let run = go(&data, &record_plan(r#","time_at_risk":{"start":31,"end":180},"overlap":"keep_first""#), Stage::Full);
    assert_eq!((attrition(&run, 0), attrition(&run, 1)), ("7 4 4 4 4 3 2".to_owned(), "7 4 4 4 3 2 1".to_owned()));
    assert_eq!((shape(&run, 0), shape(&run, 1)), ("20:1/0 150:0/1".to_owned(), "150:0/1".to_owned()));
}

#[test]
fn who_had_the_outcome_on_the_index_date_is_not_at_risk_later() {
    let data = record(
        "p0 female 1950 | 1..400 | 100:drug:B 100:dx:D 140:dx:D
         p1 female 1950 | 1..400 | 100:drug:B 101:dx:D 140:dx:D
         p2 female 1950 | 1..400 | 100:drug:B 150:dx:D
         p3 male   1950 | 1..400 | 100:drug:C",
    );
    let mut plan = record_plan(r#","time_at_risk":{"start":30}"#);
    if let model::study::Outcome::Event { washout_days, .. } = &mut plan.outcome {
        *washout_days = None;
    }
    let target = &go(&data, &plan, Stage::Full).result.unadjusted.groups[0];
    assert_eq!((target.n, target.n_events), (1, 1.0), "p2 alone");
}

#[test]
fn an_outcome_that_censors_deaths_says_so_and_one_that_counts_them_does_not() {
    let data = flat(
        "arm r re d de
         a 1 1 5 1
         a 4 0 4 1
         a 3 0 6 1
         b 2 1 2 0
         b 7 0 7 0",
    );
    let asked = |name: &str, or: &str| {
        let pair = r#""duration":"r","event":"re","unit":"years""#;
        let outcome = format!(r#""outcome":{{"type":"columns","name":"{name}",{pair}{or}}}"#);
        plan(&format!(r#""target":{},"comparator":{},{outcome}"#, flat_arm("new", "a"), flat_arm("old", "b")))
    };
    let about_deaths = |run: &StudyRun| run.result.warnings.iter().filter(|w| w.contains("counts as censored")).count();
    let alone = go(&data, &asked("recurrence", ""), Stage::Unadjusted);
    assert_eq!((about_deaths(&alone), alone.result.unadjusted.groups[0].n_events), (1, 1.0));
    let either = go(&data, &asked("recurrence or death", r#","or":{"duration":"d","event":"de"}"#), Stage::Unadjusted);
    assert_eq!((about_deaths(&either), either.result.unadjusted.groups[0].n_events), (0, 2.0), "the third dies unseen");
    close(either.result.follow_up[0].time_at_risk, 1.0 + 4.0 + 3.0);
    let said = either.result.settings.iter().find(|s| s.name == "outcome event").unwrap();
    assert_eq!(
        said.value,
        "whichever of 're' and 'de' comes first; follow-up ends with the shorter of the two durations"
    );
    let missing = go(&data, &asked("recurrence or death", r#","or":{"duration":"d","event":"de"}"#), Stage::Design);
    assert_eq!(attrition(&missing, 0).split(' ').next_back(), Some("3"));
}

#[test]
fn a_death_in_a_record_can_count_as_the_outcome_too() {
    let data = record(
        "p0 female 1950 +180 | 1..400 | 100:drug:B
         p1 female 1950 +200 | 1..400 | 100:drug:B 150:dx:D
         p2 female 1950 | 1..400 | 100:drug:B
         p3 male   1950 | 1..400 | 100:drug:C",
    );
    let mut plan = record_plan("");
    let n_events = |plan: &StudyPlan| go(&data, plan, Stage::Unadjusted).result.unadjusted.groups[0].n_events;
    assert_eq!(n_events(&plan), 1.0);
    if let model::study::Outcome::Event { or_death, .. } = &mut plan.outcome {
        *or_death = true;
    }
    assert_eq!(n_events(&plan), 2.0, "p0's death, p1's D");
    let run = go(&data, &plan, Stage::Unadjusted);
    let times: Vec<f64> = run.result.unadjusted.groups[0].curve.iter().map(|point| point.time).collect();
    assert_eq!(times, [50.0, 80.0, 300.0]);
    assert!(run.result.warnings.iter().all(|w| !w.contains("counts as censored")), "{:?}", run.result.warnings);
}
