//! Findings: draft, check, sign, verify, pool. The rules are in the crate `knowledge`.

use knowledge::draft::Draft;
use knowledge::{disclosure, sign as signing};
use model::document::SignedDocument;
use model::finding::{DEFAULT_CELL_THRESHOLD, DisclosureReport, Finding};
use protocol::{
    CheckFinding, DraftFinding, DraftedFinding, EngineError, PoolFindings, PooledFindings, SignFinding,
    VerifiedDocument, VerifyDocument,
};

use crate::error::{bytes32, sentence};

/// A finding from a study that was run, protected, with what was hidden.
pub(crate) fn draft(request: DraftFinding) -> Result<DraftedFinding, EngineError> {
    if request.cell_threshold < DEFAULT_CELL_THRESHOLD {
        return Err(EngineError::invalid(format!(
            "Counts of 1 to {DEFAULT_CELL_THRESHOLD} are always hidden: choose a threshold of {DEFAULT_CELL_THRESHOLD} or \
             more."
        )));
    }
    let draft = Draft {
        dataset_name: request.dataset_name,
        author: request.author,
        not_adjusted_for: request.not_adjusted_for,
        limits: request.limits,
        overrides: request.overrides,
        replicates: request.replicates,
        made_on: request.made_on,
        cell_threshold: request.cell_threshold,
    };
    if request.result.unadjusted.groups.len() < 2 {
        return Err(EngineError::NotEstimable {
            message: "There is nothing to write down: one of the groups is empty, so the two were not compared."
                .to_owned(),
        });
    }
    let (finding, hidden) = knowledge::draft::draft(&request.plan, &request.result, &draft);
    let check = disclosure::report(&finding, &[], DEFAULT_CELL_THRESHOLD);
    Ok(DraftedFinding { finding, hidden, check })
}

/// What a text would disclose as a finding, and what to think about before it leaves.
pub(crate) fn check(request: &CheckFinding) -> Result<DisclosureReport, EngineError> {
    let discloses = disclosure::check_json(&request.text, DEFAULT_CELL_THRESHOLD);
    let warnings = match model::json::read::<Finding>(&request.text) {
        Ok(finding) => disclosure::report(&finding, &request.published, DEFAULT_CELL_THRESHOLD).warnings,
        // Already said in `discloses`: what is no finding is refused.
        Err(_) => Vec::new(),
    };
    Ok(DisclosureReport { discloses, warnings })
}

/// Signs a finding, unless it discloses.
pub(crate) fn sign(request: &SignFinding) -> Result<SignedDocument, EngineError> {
    let key = bytes32(&request.secret_key, "The signing key of this device")?;
    refuse_disclosing(&request.finding)?;
    signing::sign(&request.finding, &key).map_err(|e| EngineError::invalid(sentence(&e.to_string())))
}

fn refuse_disclosing(finding: &Finding) -> Result<(), EngineError> {
    let discloses = disclosure::check(finding, DEFAULT_CELL_THRESHOLD);
    if discloses.is_empty() {
        return Ok(());
    }
    let problems = discloses.into_iter().map(|d| format!("{}: {}", d.path, d.reason)).collect();
    Err(EngineError::Invalid { problems })
}

/// Reads a signed document whose id and signature hold. What it discloses was checked by the server that took it; a caller
/// that trusts no server asks [`check`].
pub(crate) fn verify(request: &VerifyDocument) -> Result<VerifiedDocument, EngineError> {
    let finding = signing::verify(&request.document).map_err(|e| EngineError::invalid(sentence(&e.to_string())))?;
    Ok(VerifiedDocument { finding })
}

/// Pools findings across sites.
pub(crate) fn pool(request: &PoolFindings) -> Result<PooledFindings, EngineError> {
    knowledge::pool::pool_findings(&request.findings, request.adjusted)
        .map_err(|e| EngineError::NotEstimable { message: sentence(&e.to_string()) })
}
