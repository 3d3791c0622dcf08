//! A small plan and finding for the tests of this room.

use model::cohort::{CohortDefinition, Condition, InclusionRule, Test};
use model::covariate::Covariate;
use model::finding::{
    ArmResult, Cell, Estimate, FINDING_SCHEMA_VERSION, FindingBalance, FindingKind, Measure, Population, PublishedPoint,
};
use model::results::Setting;
use model::study::{
    Adjustment, AnalysisSettings, Outcome, Overlap, STUDY_SCHEMA_VERSION, StudyArm, StudyKind, TimeAtRisk, TimeUnit,
};

use super::*;

pub(crate) fn arm(name: &str, level: &str) -> StudyArm {
    let mut cohort = CohortDefinition::everyone(name);
    cohort.inclusion_rules.push(InclusionRule {
        name: format!("hormonal therapy is {level}"),
        condition: Condition::Variable { name: "hormon".into(), test: Test::OneOf { levels: vec![level.into()] } },
    });
    StudyArm { name: name.into(), cohort }
}

pub(crate) fn plan() -> StudyPlan {
    let variable = |name: &str| Covariate::Variable { name: name.into(), as_category: false };
    StudyPlan {
        kind: StudyKind::Study,
        schema_version: STUDY_SCHEMA_VERSION,
        name: "Hormonal therapy".into(),
        question: "Does hormonal therapy delay recurrence?".into(),
        target: arm("Hormonal therapy", "1"),
        comparator: arm("None", "0"),
        overlap: Overlap::default(),
        outcome: Outcome::Columns {
            name: "recurrence".into(),
            duration: "rtime".into(),
            event: "recur".into(),
            unit: TimeUnit::Days,
            or: None,
        },
        time_at_risk: TimeAtRisk::default(),
        covariates: vec![variable("age"), variable("chemo"), variable("nodes")],
        covariate_concept_sets: Vec::new(),
        adjustment: Adjustment::default(),
        settings: AnalysisSettings::default(),
    }
}

pub(crate) fn finding() -> Finding {
    let estimate = |adjusted: bool, estimate: f64| Estimate {
        measure: Measure::HazardRatio,
        adjusted,
        method: "Cox regression, Efron ties".into(),
        estimate,
        lower: estimate * 0.8,
        upper: estimate * 1.25,
        std_err: 0.11,
        level: 0.95,
        ph_p: Some(0.2),
    };
    let arm = |name: &str, n: Cell, median: Option<f64>| ArmResult {
        name: name.into(),
        n,
        n_events: Cell::Hidden,
        median,
        time_unit: "days".into(),
        curve: vec![PublishedPoint { time: 0.0, survival: 1.0 }, PublishedPoint { time: 1000.0, survival: 0.7 }],
    };
    Finding {
        kind: FindingKind::Finding,
        schema_version: FINDING_SCHEMA_VERSION,
        title: "Hormonal therapy and recurrence".into(),
        question: "Does hormonal therapy delay recurrence?".into(),
        population: Population {
            description: "Women with primary breast cancer.".into(),
            dataset: "Rotterdam".into(),
            n: Cell::Count(2982),
            n_events: Cell::Hidden,
        },
        estimates: vec![estimate(false, 1.1), estimate(true, 0.75)],
        arms: vec![arm("Hormonal therapy", Cell::Count(339), Some(2000.0)), arm("None", Cell::Count(2643), None)],
        balance: vec![FindingBalance { covariate: "age".into(), smd_before: Some(0.9), smd_after: None }],
        methods: vec![Setting { name: "ties".into(), value: "Efron".into() }],
        limits: vec!["Not randomized.".into()],
        not_adjusted_for: vec!["smoking".into()],
        summary: "Those treated had recurrences later.".into(),
        plan: plan(),
        replicates: None,
        overrides: Vec::new(),
        author: Author { name: "A. Clinician".into(), site: "Rotterdam".into(), ..Author::default() },
        made_on: "2026-11-22".into(),
        cell_threshold: 10,
    }
}

pub(crate) fn saved(finding: &Finding) -> SavedFinding {
    let body = model::canonical::canonical_json(finding).unwrap();
    let document = SignedDocument {
        id: content_id_of_bytes(body.as_bytes()),
        body,
        public_key: "00112233445566778899aabbccddeeff".into(),
        signature: String::new(),
    };
    SavedFinding::new(Signed::new(document, Origin::Mine, "2026-11-22".into())).unwrap()
}
