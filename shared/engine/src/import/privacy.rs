//! What was chosen of de-identification, on its way into intake and out into report and header.

use model::dataset::{DatasetHeader, DeidentificationStep};
use model::intake::IntakeReport;
use model::safe_harbor::DECLARED_NONE;
use protocol::{TextPolicy, TextStyle};

/// What happens to free text.
pub(super) fn text(policy: TextPolicy) -> intake::TextPolicy {
    intake::TextPolicy { surrogates: policy.style == TextStyle::Surrogates, remove: policy.remove, keep: policy.keep }
}

/// Writes the choices and the Safe Harbor table into the report, and the choices and each thing done once into the header.
pub(super) fn account(choices: Vec<DeidentificationStep>, header: &mut DatasetHeader, report: &mut IntakeReport) {
    let looked_for = !choices.iter().any(|step| step.action == DECLARED_NONE);
    report.safe_harbor = model::safe_harbor::table(&report.identifiers, looked_for);
    report.choices.clone_from(&choices);
    let mut steps = choices;
    for step in std::mem::take(&mut header.deidentification) {
        if !steps.contains(&step) {
            steps.push(step);
        }
    }
    header.deidentification = steps;
}
