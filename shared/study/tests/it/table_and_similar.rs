//! Table 1 and the most similar patients on a handful of rows, with numbers worked out by hand.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

use crate::patients;

use cohort::{Cohort, Index, Source, evaluate};
use columnar::Dataset;
use model::cohort::CohortDefinition;
use model::consult::ConsultQuestion;
use model::results::TableOne;
use patients::{flat, record};
use study::{SurvivalQuery, similar, summarize, summarize_split, survival};

#[track_caller]
fn close(got: Option<f64>, want: f64) {
    let got = got.unwrap();
    assert!((got - want).abs() <= 1e-9 * want.abs().max(1.0), "{got} is not {want}");
}

fn cohort(source: &Source<'_>, rules: &str) -> Cohort {
    let definition: CohortDefinition = serde_json::from_str(&format!(
        r#"{{"kind":"cohort","schema_version":1,"name":"test","entry":{{"type":"everyone"}},"inclusion_rules":[{rules}]}}"#
    ))
    .unwrap();
    evaluate(source, &definition, &mut |_| true).unwrap()
}

fn arm(level: &str) -> String {
    let test = format!(r#"{{"type":"one_of","levels":["{level}"]}}"#);
    format!(r#"{{"name":"arm","condition":{{"type":"variable","name":"arm","test":{test}}}}}"#)
}

fn table(data: &Dataset, groups: &[&str]) -> TableOne {
    let index = Index::new(data).unwrap();
    let source = Source::new(data, &index);
    let cohorts: Vec<Cohort> = groups.iter().map(|rules| cohort(&source, rules)).collect();
    let named: Vec<(&str, &Cohort)> = ["one", "two"].into_iter().zip(&cohorts).collect();
    summarize(&source, &named, None).unwrap()
}

#[test]
fn table_one_of_a_flat_file() {
    let data = flat("arm age grade\n a 50 I\n a 60 II\n a . II\n b 70 I\n b 80 .\n b 90 III");
    let table = table(&data, &[&arm("a"), &arm("b")]);
    assert_eq!(table.groups.iter().map(|g| g.n).collect::<Vec<_>>(), [3, 3]);
    let names: Vec<&str> = table.variables.iter().map(|v| v.name.as_str()).collect();
    assert_eq!(names, ["arm", "age", "grade"]);
    let age = &table.variables[1];
    let (one, two) = (&age.by_group[0], &age.by_group[1]);
    assert_eq!((one.n, one.missing, two.n, two.missing), (2, 1, 3, 0));
    close(one.mean, 55.0);
    close(one.sd, 50.0_f64.sqrt());
    close(two.median, 80.0);
    close(two.q1, 75.0);
    // variances 50 and 100
    close(age.smd, -25.0 / 75.0_f64.sqrt());
    let (a, b) = (one.histogram.as_ref().unwrap(), two.histogram.as_ref().unwrap());
    assert_eq!(a.edges, b.edges);
    assert_eq!((a.counts.iter().sum::<u64>(), b.counts.iter().sum::<u64>()), (2, 3));
    let grade = &table.variables[2];
    assert_eq!(grade.levels, ["I", "II", "III"]);
    assert_eq!((&grade.by_group[0].count, &grade.by_group[1].count), (&vec![1, 2, 0], &vec![1, 0, 1]));
    assert_eq!(grade.by_group[1].missing, 1);
    close(grade.by_group[1].percent.first().copied(), 50.0);
    // the arm itself: shares of b are 0 and 1, nothing varies within
    assert_eq!(table.variables[0].smd, None);
    assert!(table.warnings.iter().any(|w| w.contains("'arm' separates")), "{:?}", table.warnings);
}

#[test]
fn what_splits_a_table_is_no_row_of_it() {
    let data = flat("arm age\n a 50\n a 60\n b 70\n b 80");
    let index = Index::new(&data).unwrap();
    let source = Source::new(&data, &index);
    let (a, b) = (cohort(&source, &arm("a")), cohort(&source, &arm("b")));
    let table = summarize_split(&source, &[("a", &a), ("b", &b)], None, Some("arm")).unwrap();
    assert_eq!(table.variables.iter().map(|v| v.name.as_str()).collect::<Vec<_>>(), ["age"]);
    assert_eq!(table.warnings, Vec::<String>::new());
    // asked for by name, it is there
    let arms = [model::covariate::Covariate::Variable { name: "arm".to_owned(), as_category: false }];
    let table = summarize_split(&source, &[("a", &a), ("b", &b)], Some(&arms), Some("arm")).unwrap();
    assert_eq!(table.variables.len(), 1);
}

#[test]
fn a_category_has_the_difference_of_its_shares() {
    let data = flat("arm s\n a x\n a y\n a y\n a y\n b x\n b x\n b x\n b y");
    let table = table(&data, &[&arm("a"), &arm("b")]);
    close(table.variables[1].smd, 0.5 / (3.0_f64 / 16.0).sqrt());
}

#[test]
fn table_one_of_a_record_shows_age_sex_and_what_is_frequent() {
    let data = record(
        "p0 female 1950 | 1..800 | 100:drug:B 380:drug:B 400:drug:A
         p1 male   1940 | 1..800 | 390:drug:B 400:drug:A 410:dx:D
         p2 male   .    | 1..800 | 10:drug:B 395:dx:D 400:drug:A",
    );
    let index = Index::new(&data).unwrap();
    let source = Source::new(&data, &index);
    let definition: CohortDefinition = serde_json::from_str(
        r#"{"kind":"cohort","schema_version":1,"name":"A","concept_sets":[{"id":"a","name":"A","items":[{"concept":
        {"system":"TEST","code":"A"}}]}],"entry":{"type":"event","event":{"concept_set":"a"}}}"#,
    )
    .unwrap();
    let cohort = evaluate(&source, &definition, &mut |_| true).unwrap();
    let table = summarize(&source, &[("A", &cohort)], None).unwrap();
    let shown: Vec<String> = table
        .variables
        .iter()
        .map(|v| format!("{} {:.3?} {:?}", v.name, v.by_group[0].mean, v.by_group[0].count))
        .collect();
    // index dates are in 1971; drug B within the year before: p0 (day 100 and 380) and p1, not p2 (day 10)
    assert_eq!(
        shown,
        ["age at index Some(26.000) []", "sex None [1, 2]", "condition: D None [2, 1]", "drug: B None [1, 2]"]
    );
    assert_eq!(table.variables[2].levels, ["no", "yes"]);
}

#[test]
fn zeros_and_ones_are_counted_not_averaged() {
    // n is a count that only some have above 1
    let data = flat("arm death n\n a 1 0\n a 0 1\n a 0 1\n a . 0\n b 1 1\n b 1 0\n b 0 2");
    let table = table(&data, &[&arm("a"), &arm("b")]);
    let death = &table.variables[1];
    assert_eq!((death.kind.as_str(), death.levels.join(" ").as_str()), ("category", "0 1"));
    let (one, two) = (&death.by_group[0], &death.by_group[1]);
    assert_eq!((one.n, one.missing, &one.count, &two.count), (3, 1, &vec![2, 1], &vec![1, 2]));
    close(one.percent.get(1).copied(), 100.0 / 3.0);
    assert_eq!((one.mean, one.sd, one.median), (None, None, None));
    // shares 1/3 and 2/3, each with variance 2/9
    close(death.smd, (1.0 / 3.0) / (2.0_f64 / 9.0).sqrt());
    assert_eq!(table.variables[2].kind, "number");
}

const QUESTION: &str = r#"{"treatment":"arm","outcome":{"type":"columns","name":"death","duration":"t","event":"e"},
    "patient":[{"name":"age","value":{"number":60},"weight":1},{"name":"sex","value":{"level":"f"},"weight":1}],
    "sizes":[3,10],"horizons":[2]}"#;

#[test]
fn the_most_similar_are_found_and_ties_are_said() {
    // 5th to 95th percentile of the ages 50 to 90: 52 to 88, so 36 years apart are wholly different
    let data = flat("arm age sex t e\n a 60 f 1 1\n b 60 m 3 0\n a 50 f 2 1\n b 70 f 4 1\n a 90 m 5 0\n . 60 f 1 1");
    let index = Index::new(&data).unwrap();
    let question: ConsultQuestion = serde_json::from_str(QUESTION).unwrap();
    let answer = similar(&Source::new(&data, &index), &question).unwrap();
    assert_eq!(answer.n_considered, 5, "one has no treatment");
    let circle = &answer.circles[0];
    assert_eq!(circle.n, 3);
    // ages 50,60,60,60,70,90: 5th percentile 52.5, 95th 85
    let apart = 10.0 / 32.5 / 2.0;
    close(Some(circle.max_distance), apart);
    assert_eq!(circle.contributions[0].patient, "60");
    close(Some(circle.contributions[0].mean_distance), (0.0 + 2.0 * 10.0 / 32.5) / 3.0);
    assert_eq!(circle.contributions[1].similar, "100 % the same");
    let by: Vec<(&str, u64, u64)> =
        circle.by_treatment.iter().map(|t| (t.treatment.as_str(), t.n, t.n_events)).collect();
    assert_eq!(by, [("a", 2, 2), ("b", 1, 1)]);
    close(circle.by_treatment[0].at[0].survival, 0.0);
    assert!(answer.warnings.iter().any(|w| w.contains("only 5 can be compared")), "{:?}", answer.warnings);
    assert!(circle.by_treatment.iter().all(|t| t.few), "fewer than ten");
    // events at 1 and 2: the curve lies at one half between them
    assert_eq!((circle.by_treatment[0].median, circle.by_treatment[0].median_upper), (Some(1.5), None));
    let mut two = question.clone();
    two.sizes = vec![2];
    let answer = similar(&Source::new(&data, &index), &two).unwrap();
    assert!(answer.warnings.iter().any(|w| w.starts_with("1 more persons are as near")), "{:?}", answer.warnings);
}

#[test]
fn a_question_that_does_not_fit_lists_every_problem() {
    let data = flat("arm age t e\n a 60 1 1\n b 60 3 2");
    let index = Index::new(&data).unwrap();
    let question: ConsultQuestion = serde_json::from_str(QUESTION).unwrap();
    let words = similar(&Source::new(&data, &index), &question).unwrap_err().to_string();
    assert!(words.contains("event column 'e' must hold 0") && words.contains("no column 'sex'"), "{words}");
}

#[test]
fn a_long_curve_is_thinned_and_keeps_its_ends_and_horizons() {
    let rows: String = (1..=5000).map(|t| format!("{t} {}\n", t % 2)).collect();
    let data = flat(&format!("t e\n{rows}"));
    let index = Index::new(&data).unwrap();
    let settings = model::study::AnalysisSettings { horizons: vec![1234.5], ..Default::default() };
    let mut query =
        SurvivalQuery { time: "t".to_owned(), event: "e".to_owned(), settings, thin: true, ..Default::default() };
    let source = Source::new(&data, &index);
    let thin = survival(&source, &query, &mut |_| true).unwrap();
    query.thin = false;
    let full = survival(&source, &query, &mut |_| true).unwrap();
    let (short, long) = (&thin.groups[0], &full.groups[0]);
    assert!(short.thinned && !long.thinned);
    assert!(short.curve.len() <= 2000 && short.curve.len() > 1900, "{}", short.curve.len());
    assert_eq!(long.curve.len(), 5000);
    assert!(short.curve.iter().all(|p| long.curve.contains(p)), "every kept point is exact");
    assert_eq!((short.curve.first(), short.curve.last()), (long.curve.first(), long.curve.last()));
    assert!(short.curve.iter().any(|p| p.time == 1234.0), "the step in force at the horizon");
    assert_eq!((short.median, &short.at), (long.median, &long.at));
}

#[test]
fn columns_that_do_not_fit_a_survival_question_are_all_named() {
    let data = flat("t e word\n 1 2 a\n 2 0 b");
    let index = Index::new(&data).unwrap();
    let query = SurvivalQuery {
        time: "word".to_owned(),
        event: "e".to_owned(),
        group: Some("nothing".to_owned()),
        ..SurvivalQuery::default()
    };
    let words = survival(&Source::new(&data, &index), &query, &mut |_| true).unwrap_err().to_string();
    for part in ["'word' holds no numbers", "no column 'nothing'", "the event column 'e' must hold 0"] {
        assert!(words.contains(part), "{part}: {words}");
    }
}
