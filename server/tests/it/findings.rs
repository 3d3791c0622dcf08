//! Signed findings for tests.

use ed25519_dalek::{Signer as _, SigningKey};
use knowledge::disclosure::{check, protect};
use knowledge::sign::sign;
use model::canonical::content_id_of_bytes;
use model::cohort::CohortDefinition;
use model::document::SignedDocument;
use model::finding::{
    ArmResult, Author, Cell, Estimate, FINDING_SCHEMA_VERSION, Finding, FindingKind, Measure, Population,
};
use model::study::{
    Adjustment, AnalysisSettings, Outcome, Overlap, STUDY_SCHEMA_VERSION, StudyArm, StudyKind, StudyPlan, TimeAtRisk,
    TimeUnit,
};

const SEED: [u8; 32] = [7; 32];

fn plan() -> StudyPlan {
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
        },
        time_at_risk: TimeAtRisk::default(),
        covariates: Vec::new(),
        covariate_concept_sets: Vec::new(),
        adjustment: Adjustment::Regression,
        settings: AnalysisSettings::default(),
    }
}

fn arm(name: &str, n: u64, n_events: u64) -> ArmResult {
    ArmResult {
        name: name.to_owned(),
        n: Cell::Count(n),
        n_events: Cell::Count(n_events),
        median: None,
        time_unit: "days".to_owned(),
        curve: Vec::new(),
    }
}

/// A finding that may leave.
pub fn finding(title: &str) -> Finding {
    let mut finding = Finding {
        kind: FindingKind::Finding,
        schema_version: FINDING_SCHEMA_VERSION,
        title: title.to_owned(),
        question: "Do women with hormonal therapy have fewer recurrences?".to_owned(),
        population: Population {
            description: "Women with node-positive breast cancer".to_owned(),
            dataset: "GBSG".to_owned(),
            n: Cell::Count(686),
            n_events: Cell::Count(299),
        },
        estimates: vec![Estimate {
            measure: Measure::HazardRatio,
            adjusted: false,
            method: "Cox regression".to_owned(),
            estimate: 0.69,
            lower: 0.54,
            upper: 0.88,
            std_err: 0.125,
            level: 0.95,
            ph_p: Some(0.4),
        }],
        arms: vec![arm("hormonal therapy", 246, 94), arm("no hormonal therapy", 440, 205)],
        balance: Vec::new(),
        methods: Vec::new(),
        limits: Vec::new(),
        not_adjusted_for: Vec::new(),
        summary: String::new(),
        plan: plan(),
        replicates: None,
        overrides: Vec::new(),
        author: Author { name: "A. Clinician".to_owned(), site: "Freiburg".to_owned() },
        made_on: "2026-11-23".to_owned(),
        cell_threshold: 10,
    };
    protect(&mut finding, 10);
    assert_eq!(check(&finding, 10), Vec::new());
    finding
}

/// That finding, signed.
pub fn document(title: &str) -> SignedDocument {
    sign(&finding(title), &SEED).unwrap()
}

/// A well signed finding that shows three events in an arm of twelve.
pub fn small_cell() -> SignedDocument {
    let mut finding = finding("small");
    finding.arms = vec![arm("hormonal therapy", 12, 3), arm("no hormonal therapy", 440, 205)];
    sign(&finding, &SEED).unwrap()
}

/// Any text, well signed, as somebody with a program of their own might send it.
pub fn signed(body: &str) -> SignedDocument {
    let key = SigningKey::from_bytes(&SEED);
    let id = content_id_of_bytes(body.as_bytes());
    let signature = key.sign(format!("rounds-document-v1\n{id}").as_bytes());
    SignedDocument {
        id,
        body: body.to_owned(),
        public_key: hex::encode(key.verifying_key().as_bytes()),
        signature: hex::encode(signature.to_bytes()),
    }
}
