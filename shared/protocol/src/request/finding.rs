//! Findings drafted, checked, signed, verified and pooled.

use model::document::SignedDocument;
use model::finding::{Author, DisclosureReport, Finding};
use model::results::StudyResult;
pub use model::results::{PooledFindings, PooledRow};
use model::study::StudyPlan;
use serde::{Deserialize, Serialize};

/// A finding from a study.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftFinding {
    /// Dataset's name as it will be published.
    pub dataset_name: String,
    /// The plan.
    pub plan: StudyPlan,
    /// Its result, as it was returned.
    pub result: StudyResult,
    /// What the author adds.
    pub author: Author,
    /// Known confounders not adjusted for.
    pub not_adjusted_for: Vec<String>,
    /// Further limits in sentences.
    pub limits: Vec<String>,
    /// Locks that were overridden.
    pub overrides: Vec<String>,
    /// The finding that is replicated.
    pub replicates: Option<model::canonical::ContentId>,
    /// Day (ISO date).
    pub made_on: String,
    /// Cells of 1 up to this are hidden.
    pub cell_threshold: u32,
}

/// A finding and what a disclosure check says of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftedFinding {
    /// The finding, protected.
    pub finding: Finding,
    /// What was hidden, in words.
    pub hidden: Vec<String>,
    /// The check of the protected finding.
    pub check: DisclosureReport,
}

/// Disclosure check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckFinding {
    /// The finding's JSON text (any text: what is no finding is refused).
    pub text: String,
    /// Findings already published from here, to compare populations with.
    pub published: Vec<Finding>,
}

/// Sign a finding; refused if it discloses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignFinding {
    /// The finding.
    pub finding: Finding,
    /// 64 hex digits: the device's secret key.
    pub secret_key: String,
}

/// Verify a signed document and read it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VerifyDocument {
    /// The document.
    pub document: SignedDocument,
}

/// A document whose id and signature hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VerifiedDocument {
    /// The finding in it.
    pub finding: Finding,
}

/// Pool findings across sites.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PoolFindings {
    /// The findings.
    pub findings: Vec<Finding>,
    /// Adjusted estimates instead of unadjusted ones.
    pub adjusted: bool,
}
