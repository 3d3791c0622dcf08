//! Findings for tests.

use model::cohort::CohortDefinition;
use model::finding::{
    ArmResult, Author, Cell, Estimate, FINDING_SCHEMA_VERSION, Finding, FindingBalance, FindingKind, Measure,
    Population, PublishedPoint,
};
use model::results::Setting;
use model::study::{
    Adjustment, AnalysisSettings, Outcome, Overlap, STUDY_SCHEMA_VERSION, StudyArm, StudyKind, StudyPlan, TimeAtRisk,
    TimeUnit,
};

/// A plan on a flat file.
pub fn plan() -> StudyPlan {
    let arm = |name: &str| StudyArm { name: name.to_owned(), cohort: CohortDefinition::everyone(name) };
    StudyPlan {
        kind: StudyKind::Study,
        schema_version: STUDY_SCHEMA_VERSION,
        name: "Hormonal therapy".to_owned(),
        question: "Do women with hormonal therapy have fewer recurrences?".to_owned(),
        target: arm("hormonal therapy"),
        comparator: arm("no hormonal therapy"),
        overlap: Overlap::RemoveFromBoth,
        outcome: Outcome::Columns {
            name: "recurrence or death".to_owned(),
            duration: "rfstime".to_owned(),
            event: "status".to_owned(),
            unit: TimeUnit::Days,
            or: None,
        },
        time_at_risk: TimeAtRisk::default(),
        covariates: Vec::new(),
        covariate_concept_sets: Vec::new(),
        adjustment: Adjustment::Regression,
        settings: AnalysisSettings::default(),
    }
}

/// An estimate of a hazard ratio from its logarithm.
pub fn hazard_ratio(log: f64, std_err: f64, adjusted: bool) -> Estimate {
    let z = 1.959_963_984_540_054;
    Estimate {
        measure: Measure::HazardRatio,
        adjusted,
        method: if adjusted { "Cox regression on age and grade".to_owned() } else { "Cox regression".to_owned() },
        estimate: log.exp(),
        lower: (log - z * std_err).exp(),
        upper: (log + z * std_err).exp(),
        std_err,
        level: 0.95,
        ph_p: Some(0.4),
    }
}

/// A finding with these arms (persons, events), which are the whole population.
pub fn finding(arms: &[(u64, u64)]) -> Finding {
    let curve =
        |points: &[(f64, f64)]| points.iter().map(|&(time, survival)| PublishedPoint { time, survival }).collect();
    Finding {
        kind: FindingKind::Finding,
        schema_version: FINDING_SCHEMA_VERSION,
        title: "Hormonal therapy and recurrence".to_owned(),
        question: "Do women with hormonal therapy have fewer recurrences?".to_owned(),
        population: Population {
            description: "Women with node-positive breast cancer".to_owned(),
            dataset: "GBSG".to_owned(),
            n: Cell::Count(arms.iter().map(|a| a.0).sum()),
            n_events: Cell::Count(arms.iter().map(|a| a.1).sum()),
        },
        estimates: vec![hazard_ratio(-0.364, 0.125, false), hazard_ratio(-0.345, 0.129, true)],
        arms: arms
            .iter()
            .enumerate()
            .map(|(i, (n, events))| ArmResult {
                name: ["hormonal therapy", "no hormonal therapy", "unknown"][i % 3].to_owned(),
                n: Cell::Count(*n),
                n_events: Cell::Count(*events),
                median: Some(2018.0),
                time_unit: "days".to_owned(),
                curve: curve(&[(0.0, 1.0), (471.0, 0.87), (1088.0, 0.653), (2659.0, 0.347)]),
            })
            .collect(),
        balance: vec![FindingBalance {
            covariate: "age".to_owned(),
            smd_before: Some(0.4521),
            smd_after: Some(-0.013),
        }],
        methods: vec![Setting { name: "ties".to_owned(), value: "Efron".to_owned() }],
        limits: vec!["Follow-up ends after seven years.".to_owned()],
        not_adjusted_for: vec!["smoking".to_owned()],
        summary: String::new(),
        plan: plan(),
        replicates: None,
        overrides: Vec::new(),
        author: Author { name: "A. Clinician".to_owned(), site: "Freiburg".to_owned(), ..Author::default() },
        made_on: "2026-11-23".to_owned(),
        cell_threshold: 10,
    }
}
