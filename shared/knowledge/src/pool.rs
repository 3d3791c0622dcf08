//! Pooling findings of several sites: the fixed effect, and random effects by REML with Knapp and Hartung's interval.
//!
//! Ratios are pooled as logarithms and shown as ratios. What does not measure the same thing is not pooled: it is left out,
//! and the answer says so.

use crate::words;
use model::finding::{Estimate, Finding, Measure};
use model::results::{PoolReport, PooledFindings, PooledRow};
use stats::interval::{ConfidenceLevel, Interval};
use stats::pool::{PoolError, PoolInference, PoolMethod, PoolSettings, PoolWarning, Pooled, StudyEstimate, pool};

/// From so many studies on it is said how much they differ, and what a further one would find: two cannot tell.
pub(crate) const ENOUGH_STUDIES: usize = 3;

/// Why findings could not be pooled.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum PoolFindingsError {
    /// No finding.
    #[error("there is no finding to pool: publish one, or fetch those of your peers")]
    NoFindings,
    /// No finding has such an estimate.
    #[error("none of the findings has an {kind} estimate: {}", reasons.join("; "))]
    NothingToPool {
        /// `adjusted` or `unadjusted`.
        kind: &'static str,
        /// Why each one was left out.
        reasons: Vec<String>,
    },
    /// The estimates' numbers cannot be pooled.
    #[error(transparent)]
    Pool(#[from] PoolError),
}

/// Pools the adjusted (or the unadjusted) estimates of findings.
///
/// The first finding that has such an estimate says what is measured, on which outcome and which group against which;
/// findings that measure something else, another outcome or other groups are left out with the reason, and so is a finding
/// whose author published a later one on the same data. One that compares the same groups the other way round is turned.
///
/// # Errors
/// No findings, none with such an estimate, or numbers that cannot be pooled.
pub fn pool_findings(findings: &[Finding], adjusted: bool) -> Result<PooledFindings, PoolFindingsError> {
    if findings.is_empty() {
        return Err(PoolFindingsError::NoFindings);
    }
    let mut left_out = Vec::new();
    let mut chosen: Vec<(&Finding, Estimate)> = Vec::new();
    for (place, finding) in findings.iter().enumerate() {
        let first = chosen.first().map(|(finding, estimate)| (*finding, estimate));
        match not_replaced(findings, place).and_then(|()| choose(finding, adjusted, first)) {
            Ok(estimate) => chosen.push((finding, estimate)),
            Err(reason) => left_out.push(format!("{}: {reason}", label(finding))),
        }
    }
    let Some((first, estimate)) = chosen.first() else {
        let kind = if adjusted { "adjusted" } else { "unadjusted" };
        return Err(PoolFindingsError::NothingToPool { kind, reasons: left_out });
    };
    let measure = estimate.measure;
    let studies: Vec<StudyEstimate> = chosen
        .iter()
        .map(|(_, estimate)| StudyEstimate {
            estimate: to_additive(measure, estimate.estimate),
            std_err: estimate.std_err,
        })
        .collect();
    let pooled = |method, inference| pool(&studies, &PoolSettings { method, inference, level: ConfidenceLevel::P95 });
    let fixed = pooled(PoolMethod::Fixed, PoolInference::Normal)?;
    let random = match studies.len() {
        1 => None,
        _ => Some(pooled(PoolMethod::Reml, PoolInference::KnappHartung)?),
    };
    let weights = &random.as_ref().unwrap_or(&fixed).weights_percent;
    let rows = chosen
        .iter()
        .zip(weights)
        .map(|((finding, estimate), weight)| PooledRow {
            label: label(finding),
            estimate: estimate.estimate,
            lower: estimate.lower,
            upper: estimate.upper,
            weight: *weight,
        })
        .collect();
    let mut fixed = natural(pool_report(&fixed), measure.is_ratio());
    let mut random = random.map(|random| natural(pool_report(&random), measure.is_ratio()));
    if studies.len() < ENOUGH_STUDIES {
        std::iter::once(&mut fixed).chain(&mut random).for_each(without_differences);
    }
    let words = words::of_pool(measure, first.plan.outcome.name(), adjusted, &fixed, random.as_ref());
    Ok(PooledFindings { measure, rows, fixed, random, words, left_out })
}

/// Whether no later finding of the same author is about the same question and data: the same persons would count twice.
fn not_replaced(findings: &[Finding], place: usize) -> Result<(), String> {
    let question = |f: &Finding| {
        let words = [&f.population.dataset, f.plan.outcome.name(), &f.plan.target.name, &f.plan.comparator.name];
        words.map(|word| word.trim().to_lowercase())
    };
    let Some(finding) = findings.get(place).filter(|f| !f.author.public_key.is_empty()) else { return Ok(()) };
    let newer = findings.iter().enumerate().any(|(other_place, other)| {
        other.author.public_key == finding.author.public_key
            && question(other) == question(finding)
            && (&other.made_on, other_place) > (&finding.made_on, place)
    });
    if newer {
        return Err(
            "its author published a later finding on the same data, and the same persons would count twice".to_owned()
        );
    }
    Ok(())
}

/// The estimate of a finding that can be pooled with the first one, or why there is none.
fn choose(finding: &Finding, adjusted: bool, first: Option<(&Finding, &Estimate)>) -> Result<Estimate, String> {
    let kind = if adjusted { "adjusted" } else { "unadjusted" };
    let mut of_kind = finding.estimates.iter().filter(|e| e.adjusted == adjusted).peekable();
    let Some(any) = of_kind.peek().copied() else {
        return Err(format!("it has no {kind} estimate"));
    };
    let estimate = match first {
        None => any,
        Some((_, wanted)) => of_kind.find(|e| e.measure == wanted.measure).ok_or_else(|| {
            format!(
                "it measures a {}, and the others a {}: these are different things and cannot be averaged",
                any.measure.words(),
                wanted.measure.words()
            )
        })?,
    };
    if let Some((first, _)) = first {
        let (name, wanted) = (finding.plan.outcome.name(), first.plan.outcome.name());
        if !name.trim().eq_ignore_ascii_case(wanted.trim()) {
            return Err(format!("its outcome is '{name}', and that of the others '{wanted}'"));
        }
    }
    let usable = estimate.estimate.is_finite()
        && estimate.std_err.is_finite()
        && estimate.std_err > 0.0
        && (estimate.estimate > 0.0 || !estimate.measure.is_ratio());
    if !usable {
        return Err("its estimate or standard error is not a usable number".to_owned());
    }
    check_scale(estimate)?;
    match first {
        None => Ok(estimate.clone()),
        Some((first, _)) => same_way_round(finding, first, estimate),
    }
}

/// The estimate as the first finding compares: the same groups in the same order, or turned round.
fn same_way_round(finding: &Finding, first: &Finding, estimate: &Estimate) -> Result<Estimate, String> {
    let groups = |f: &Finding| [&f.plan.target.name, &f.plan.comparator.name].map(|name| name.trim().to_lowercase());
    let [target, comparator] = groups(first);
    if groups(finding) == [target.clone(), comparator.clone()] {
        return Ok(estimate.clone());
    }
    if groups(finding) != [comparator, target] {
        return Err(format!(
            "it compares '{}' with '{}', and the others '{}' with '{}'",
            finding.plan.target.name, finding.plan.comparator.name, first.plan.target.name, first.plan.comparator.name
        ));
    }
    let turn = |value: f64| if estimate.measure.is_ratio() { 1.0 / value } else { -value };
    Ok(Estimate {
        estimate: turn(estimate.estimate),
        lower: turn(estimate.upper),
        upper: turn(estimate.lower),
        ..estimate.clone()
    })
}

/// A standard error that was given on the ratio's own scale would weigh a study wrongly: its interval tells.
fn check_scale(estimate: &Estimate) -> Result<(), String> {
    let (Ok(level), true) =
        (ConfidenceLevel::new(estimate.level), estimate.lower > 0.0 || !estimate.measure.is_ratio())
    else {
        return Ok(());
    };
    let width = to_additive(estimate.measure, estimate.upper) - to_additive(estimate.measure, estimate.lower);
    let from_interval = width / (2.0 * level.z());
    let ratio = from_interval / estimate.std_err;
    if !width.is_finite() || (0.8..=1.25).contains(&ratio) {
        return Ok(());
    }
    Err(format!(
        "its standard error ({:.3}) does not fit its interval, which says {from_interval:.3}",
        estimate.std_err
    ))
}

fn label(finding: &Finding) -> String {
    let (site, dataset) = (finding.author.site.trim(), finding.population.dataset.trim());
    match (site.is_empty(), dataset.is_empty()) {
        (false, false) => format!("{site}, {dataset}"),
        (false, true) => site.to_owned(),
        (true, false) => dataset.to_owned(),
        (true, true) => finding.title.clone(),
    }
}

fn to_additive(measure: Measure, value: f64) -> f64 {
    if measure.is_ratio() { value.ln() } else { value }
}

/// A pooled result in the words of the command line's contract, on the scale it was pooled on.
pub fn pool_report(pooled: &Pooled) -> PoolReport {
    let differences = pooled.heterogeneity;
    let tau2_interval = differences.and_then(|d| d.tau2_interval);
    PoolReport {
        k: pooled.k as u64,
        method: match pooled.settings.method {
            PoolMethod::Fixed => "fixed",
            PoolMethod::DerSimonianLaird => "dl",
            PoolMethod::PauleMandel => "pm",
            PoolMethod::Reml => "reml",
        }
        .to_owned(),
        knapp_hartung: pooled.settings.inference == PoolInference::KnappHartung,
        estimate: pooled.estimate,
        std_err: pooled.std_err,
        lower: pooled.interval.lower,
        upper: pooled.interval.upper,
        p: pooled.p,
        tau2: differences.map(|d| d.tau2),
        tau2_lower: tau2_interval.map(|interval| interval.lower),
        tau2_upper: tau2_interval.map(|interval| interval.upper),
        i2: differences.map(|d| d.i2),
        h2: differences.map(|d| d.h2),
        q: differences.map(|d| d.q),
        q_p: differences.map(|d| d.q_p),
        prediction_lower: pooled.prediction.map(|interval| interval.lower),
        prediction_upper: pooled.prediction.map(|interval| interval.upper),
        weights: pooled.weights_percent.clone(),
        warnings: pooled.warnings.iter().map(|w| warning(*w).to_owned()).collect(),
    }
}

fn warning(warning: PoolWarning) -> &'static str {
    match warning {
        PoolWarning::OneStudy => {
            "Only one study: its own estimate stands, and nothing can be said about differences between studies."
        }
        PoolWarning::FewStudies => {
            "Fewer than five studies: how much studies differ is hardly known, and the intervals may be too narrow or very wide."
        }
        PoolWarning::KnappHartungNarrower => {
            "The studies scatter less than chance alone would make them, so Knapp and Hartung's interval is narrower than the ordinary one: read both."
        }
        PoolWarning::EmptyTau2Interval => {
            "The studies scatter so little that no variance between them fits; its interval is given as 0 to 0."
        }
    }
}

/// A report that says nothing of what too few studies cannot tell: how much they differ beyond chance, and what a further
/// one would find.
pub(crate) fn without_differences(report: &mut PoolReport) {
    (report.prediction_lower, report.prediction_upper) = (None, None);
    (report.i2, report.h2) = (None, None);
}

/// The estimate and its intervals on the natural scale.
pub(crate) fn natural(mut report: PoolReport, is_ratio: bool) -> PoolReport {
    if is_ratio {
        let interval = Interval { lower: report.lower, upper: report.upper }.map(f64::exp);
        report.estimate = report.estimate.exp();
        (report.lower, report.upper) = (interval.lower, interval.upper);
        report.prediction_lower = report.prediction_lower.map(f64::exp);
        report.prediction_upper = report.prediction_upper.map(f64::exp);
    }
    report
}
