//! What bad input gets: a clear message that says what to do, and nothing lost.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use crate::support;

use model::cohort::{CohortDefinition, Condition, InclusionRule, Test};
use model::covariate::Covariate;
use model::dataset::ColumnRole;
use model::results::StudyResult;
use model::study::{
    Adjustment, AnalysisSettings, Outcome, Overlap, STUDY_SCHEMA_VERSION, StudyArm, StudyKind, StudyPlan, TimeAtRisk,
    TimeUnit,
};
use protocol::{EngineError, Imported, RunStudy, StudyStage, Survival, SurvivalDepth};
use support::{Host, words};

fn import(text: &str, roles: &[(&str, ColumnRole)]) -> (Host, Result<Imported, EngineError>) {
    let mut host = Host::new();
    let result = host.import_csv("file.csv", text.as_bytes(), roles).map(|(imported, _)| imported);
    (host, result)
}

#[track_caller]
fn refused(text: &str, parts: &[&str]) {
    let said = words(import(text, &[]).1);
    for part in parts {
        assert!(said.to_lowercase().contains(&part.to_lowercase()), "'{part}' is not in: {said}");
    }
}

#[test]
fn files_that_are_no_table_are_named_with_what_to_do() {
    refused("", &["file.csv", "empty"]);
    refused("id,time,status\n", &["file.csv", "header"]);
    refused("id,time,time\n1,2,3\n", &["time", "2", "3"]);
    let said = words(Host::new().inspect("file.csv", b"PK\x03\x04\x14\x00\x06\x00 and so on"));
    assert!(said.contains("file.csv"), "{said}");
}

#[test]
fn a_wrong_delimiter_is_named() {
    let mut host = Host::new();
    let text = b"id;time;status\n1;10;1\n2;20;0\n";
    let mut mapping = host.inspect("file.csv", text).unwrap();
    assert_eq!(mapping.delimiter, ';', "the right one is found");
    mapping.delimiter = ',';
    mapping.columns.truncate(1);
    mapping.columns[0].name = "id;time;status".into();
    mapping.columns[0].role = ColumnRole::Category;
    let files = [("file.csv".to_owned(), text.to_vec())];
    let said = words(host.import(protocol::ImportFormat::Csv { mapping }, true, &files).map(|(i, _)| i));
    assert!(said.contains("delimiter"), "{said}");
}

#[test]
fn ragged_rows_are_rejected_by_line_and_counted() {
    let (_, imported) = import("id,time,status\n1,10,1\n2,20\n3,30,0,9\n4,40,0\n", &[]);
    let report = imported.unwrap().report;
    assert_eq!((report.rows_read, report.rows_kept, report.rows_rejected), (4, 2, 2));
    let lines: Vec<u64> = report.rejected.iter().map(|r| r.line).collect();
    assert_eq!(lines, [3, 4]);
    assert!(report.rejected.iter().all(|r| r.file == "file.csv" && !r.reason.is_empty()));
}

#[test]
fn negative_durations_and_events_beyond_0_and_1_are_rejected_by_line_and_field() {
    let roles = [("time", ColumnRole::Duration), ("status", ColumnRole::Event)];
    let (_, imported) = import("id,time,status\n1,10,1\n2,-5,0\n3,30,7\n4,40,0\n5,8,1\n", &roles);
    let report = imported.unwrap().report;
    assert_eq!((report.rows_read, report.rows_kept, report.rows_rejected), (5, 3, 2));
    let found: Vec<(u64, &str)> = report.rejected.iter().map(|r| (r.line, r.field.as_str())).collect();
    assert_eq!(found, [(3, "time"), (4, "status")]);
}

#[test]
fn dates_in_many_styles_are_read_and_impossible_ones_are_named() {
    for (style, good, bad) in [
        ("iso", "2020-02-29", "2021-02-29"),
        ("german", "29.02.2020", "31.04.2020"),
        ("american", "02/29/2020", "02/30/2020"),
        ("compact", "20200229", "20200230"),
        ("named", "29-Feb-2020", "30-Feb-2020"),
    ] {
        let filler = match style {
            "german" => "25.12.2019",
            "american" => "12/25/2019",
            "compact" => "20191225",
            "named" => "25-Dec-2019",
            _ => "2019-12-25",
        };
        let text = format!("id,visit_date,x\n1,{good},1\n2,{bad},2\n3,{filler},3\n4,{filler},4\n");
        let (_, imported) = import(&text, &[("visit_date", ColumnRole::Date)]);
        let report = imported.unwrap_or_else(|e| panic!("{style}: {e}")).report;
        assert_eq!((report.rows_kept, report.values_rejected), (4, 1), "{style}: {:?}", report.rejected);
        let rejected = &report.rejected[0];
        assert_eq!((rejected.line, rejected.field.as_str()), (3, "visit_date"), "{style}");
    }
}

#[test]
fn a_file_cut_in_the_middle_keeps_what_is_whole_and_says_so() {
    let (_, imported) = import("id,time,status\n1,10,1\n2,20,0\n3,30,\"1", &[]);
    let report = imported.unwrap().report;
    assert_eq!((report.rows_read, report.rows_kept, report.rows_rejected), (3, 2, 1));
    assert_eq!(report.rejected[0].line, 4);
}

/// A flat dataset: arm, x, time, status.
fn opened(rows: &[(&str, f64, f64, u8)]) -> (Host, model::dataset::DatasetId) {
    let mut text = String::from("id,arm,x,time,status\n");
    for (i, (arm, x, time, status)) in rows.iter().enumerate() {
        text.push_str(&format!("{i},{arm},{x},{time},{status}\n"));
    }
    let roles = [
        ("arm", ColumnRole::Category),
        ("x", ColumnRole::Number),
        ("time", ColumnRole::Duration),
        ("status", ColumnRole::Event),
    ];
    let (host, imported) = import(&text, &roles);
    (host, imported.unwrap().header.id)
}

fn study(rows: &[(&str, f64, f64, u8)], covariates: &[&str]) -> Result<StudyResult, EngineError> {
    let (mut host, dataset) = opened(rows);
    let arm = |level: &str| {
        let mut cohort = CohortDefinition::everyone(level);
        cohort.inclusion_rules.push(InclusionRule {
            name: level.into(),
            condition: Condition::Variable { name: "arm".into(), test: Test::OneOf { levels: vec![level.into()] } },
        });
        StudyArm { name: level.into(), cohort }
    };
    let plan = StudyPlan {
        kind: StudyKind::Study,
        schema_version: STUDY_SCHEMA_VERSION,
        name: "test".into(),
        question: String::new(),
        target: arm("a"),
        comparator: arm("b"),
        overlap: Overlap::default(),
        outcome: Outcome::Columns {
            name: "event".into(),
            duration: "time".into(),
            event: "status".into(),
            unit: TimeUnit::Days,
            or: None,
        },
        time_at_risk: TimeAtRisk::default(),
        covariates: covariates
            .iter()
            .map(|name| Covariate::Variable { name: (*name).into(), as_category: false })
            .collect(),
        covariate_concept_sets: Vec::new(),
        adjustment: Adjustment::Regression,
        settings: AnalysisSettings::default(),
    };
    host.ask(RunStudy { dataset, plan, stage: StudyStage::Full })
}

#[test]
fn an_arm_without_anybody_is_refused_or_said() {
    // Level 'b' exists but nobody of it has a duration: after the cohort, the arm is empty.
    let said = match study(&[("a", 1.0, 5.0, 1), ("a", 2.0, 6.0, 0), ("c", 2.0, 6.0, 0)], &[]) {
        Err(error) => error.to_string(),
        Ok(result) => {
            assert!(result.hazard_ratio_unadjusted.is_none());
            result.warnings.join(" ")
        }
    };
    assert!(said.contains('b') && !said.is_empty(), "{said}");
}

#[test]
fn nobody_with_an_event_is_said_and_no_ratio_is_made_up() {
    let rows: Vec<_> = (0..20).map(|i| (if i % 2 == 0 { "a" } else { "b" }, 1.0, 5.0 + f64::from(i), 0)).collect();
    let result = study(&rows, &[]).unwrap();
    assert!(result.hazard_ratio_unadjusted.is_none());
    assert!(result.unadjusted.log_rank.is_none());
    let said = format!("{:?} {:?}", result.warnings, result.unadjusted.warnings).to_lowercase();
    assert!(said.contains("event"), "{said}");
}

#[test]
fn a_constant_covariate_is_named_and_the_rest_is_fitted() {
    let rows: Vec<_> = (0..40)
        .map(|i| (if i % 2 == 0 { "a" } else { "b" }, 3.0, 5.0 + f64::from((i * 7) % 31), u8::from(i % 3 != 0)))
        .collect();
    let result = study(&rows, &["x"]).unwrap();
    let cox = result.regression.unwrap();
    let x = cox.coefficients.iter().find(|c| c.term == "x").unwrap();
    assert_eq!(x.coef, None, "not estimable, not 0");
    assert!(result.hazard_ratio_adjusted.is_some());
    let said = format!("{:?} {:?}", cox.warnings, result.warnings);
    assert!(said.contains('x'), "{said}");
}

#[test]
fn perfect_separation_is_said() {
    let rows: Vec<_> = (0..40)
        .map(|i| {
            let target = i % 2 == 0;
            (if target { "a" } else { "b" }, 1.0, 5.0 + f64::from(i), u8::from(target))
        })
        .collect();
    let said = match study(&rows, &[]) {
        Err(error) => error.to_string(),
        Ok(result) => {
            assert!(result.hazard_ratio_unadjusted.as_ref().is_none_or(|hr| hr.upper.is_finite()));
            format!(
                "{:?} {:?} {:?}",
                result.warnings,
                result.unadjusted.warnings,
                result.unadjusted.cox.map(|c| c.warnings)
            )
        }
    };
    assert!(said.to_lowercase().contains("infinit") || said.to_lowercase().contains("converge"), "{said}");
}

#[test]
fn a_column_that_is_not_there_is_named_with_those_that_are() {
    let (mut host, dataset) = opened(&[("a", 1.0, 5.0, 1), ("b", 2.0, 6.0, 0)]);
    let said = words(host.ask(Survival {
        dataset,
        time: "times".into(),
        event: "status".into(),
        entry: None,
        group: None,
        covariates: Vec::new(),
        strata: None,
        weights: None,
        cluster: None,
        causes: false,
        settings: AnalysisSettings::default(),
        thin: false,
        depth: SurvivalDepth::Diagnostics,
    }));
    assert!(said.contains("times"), "{said}");
}
