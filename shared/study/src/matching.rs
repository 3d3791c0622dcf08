//! Matching and weighting of the rows of a flat file by a propensity score (`rounds match`).

use cohort::{CovariateColumn, CovariateValues, Source, covariates};
use model::covariate::Covariate;
use model::results::{EffectEstimate, EffectiveSampleSize, MatchReport, MatchedEffect, PropensityReport, Setting};
use model::study::Estimand;
use stats::interval::ConfidenceLevel;
use stats::matching::{MatchSettings, Matches, nearest_neighbours};
use stats::propensity::effective_sample_size;
use stats::weighted_effect::{Effect, WeightedOutcomes, weighted_effects};

use crate::balance::{Weighted, balance};
use crate::columns::{numbers, small, yes_and_no};
use crate::error::StudyError;
use crate::propensity::{self, Propensity};
use crate::rows::filtered;
use crate::settings::setting;
use crate::survival::all_rows;
use crate::terms::Terms;

/// What is asked of a flat file.
#[derive(Clone, Debug, PartialEq)]
pub struct MatchQuery {
    /// Column of the treatment (1: treated, 0: control).
    pub treatment: String,
    /// Columns of the propensity score.
    pub covariates: Vec<String>,
    /// Column of the outcome.
    pub outcome: Option<String>,
    /// What makes the groups alike.
    pub with: MatchWith,
    /// List the matched sets.
    pub pairs: bool,
}

/// What makes the groups alike.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum MatchWith {
    /// Nearest neighbours on the logit; the effect in the treated.
    Nearest {
        /// Most controls for each treated.
        ratio: u32,
        /// Largest difference, in standard deviations of the logit.
        caliper: f64,
    },
    /// Weights.
    Weights(Estimand),
}

/// Fits the propensity score, matches or weights, and says how alike the groups have become and what came of it.
///
/// Rows lacking the treatment or a covariate are left out and counted; rows lacking the outcome are matched with the
/// others, since who is matched must not depend on outcomes, and left out of the effect.
///
/// # Errors
/// [`StudyError::Invalid`] with what does not fit, or why no score can be estimated; [`StudyError::Cancelled`].
pub fn match_persons(
    source: &Source<'_>,
    query: &MatchQuery,
    tick: &mut cohort::Tick<'_>,
) -> Result<MatchReport, StudyError> {
    let mut problems = Vec::new();
    if query.covariates.is_empty() {
        problems.push("name at least one covariate: without any there is nothing to match on".to_owned());
    }
    let treatment = yes_and_no(source, &query.treatment, "treatment", ["control", "treated"]);
    let treatment = treatment.map_err(|problem| problems.push(problem)).ok();
    let outcome = query.outcome.as_ref().map(|name| Outcome::read(source, name));
    let outcome = outcome.and_then(|read| read.map_err(|problem| problems.push(problem)).ok());
    let (Some((treated, known)), true) = (treatment, problems.is_empty()) else {
        return Err(StudyError::Invalid(problems));
    };
    let wanted: Vec<Covariate> =
        query.covariates.iter().map(|name| Covariate::Variable { name: name.clone(), as_category: false }).collect();
    let read = covariates(source, &all_rows(treated.len()), &wanted, &[]).map_err(StudyError::of("covariates"))?;
    let mut complete = known;
    for column in &read.columns {
        complete.iter_mut().enumerate().for_each(|(row, slot)| *slot &= column.values.is_valid(row));
    }
    let go_on = |share: f64, tick: &mut cohort::Tick<'_>| if tick(share) { Ok(()) } else { Err(StudyError::Cancelled) };
    go_on(0.2, tick)?;
    let people = People {
        rows: (0..small(treated.len())).filter(|&row| complete[row as usize]).collect(),
        treated: filtered(&treated, &complete),
        columns: read.columns.iter().map(|column| kept(column, &complete)).collect(),
    };
    let mut report = MatchReport {
        n: people.rows.len() as u64,
        n_missing_dropped: complete.iter().filter(|c| !**c).count() as u64,
        n_treated: people.treated.iter().filter(|t| **t).count() as u64,
        settings: settings(query),
        ..MatchReport::default()
    };
    report.n_control = report.n - report.n_treated;
    let terms = Terms::of(people.columns.clone(), people.rows.len())?;
    let score = propensity::fit(&terms, &people.treated, &mut report.warnings).map_err(StudyError::invalid)?;
    go_on(0.6, tick)?;
    report.propensity = PropensityReport {
        coefficients: score.coefficients.clone(),
        auc: score.auc,
        equipoise: Some(score.scores.equipoise()),
    };
    let alike = Alike::new(query.with, &score, &people.treated)?;
    alike.describe(&people, query.pairs, &mut report);
    go_on(0.9, tick)?;
    if let Some(outcome) = outcome {
        report.effect = effect(&outcome, &people, &alike, &mut report.warnings);
    }
    Ok(report)
}

/// Those complete in treatment and covariates.
struct People {
    /// Where each stands in the data.
    rows: Vec<u32>,
    treated: Vec<bool>,
    columns: Vec<CovariateColumn>,
}

/// A covariate of the rows to keep.
fn kept(column: &CovariateColumn, keep: &[bool]) -> CovariateColumn {
    let values = match &column.values {
        CovariateValues::Number { values, valid } => {
            CovariateValues::Number { values: filtered(values, keep), valid: filtered(valid, keep) }
        }
        CovariateValues::Category { codes, valid, levels } => CovariateValues::Category {
            codes: filtered(codes, keep),
            valid: filtered(valid, keep),
            levels: levels.clone(),
        },
    };
    CovariateColumn { values, ..column.clone() }
}

/// The outcome of all rows.
struct Outcome {
    values: Vec<f64>,
    valid: Vec<bool>,
    /// Whether it is 0 and 1.
    is_risk: bool,
}

impl Outcome {
    fn read(source: &Source<'_>, name: &str) -> Result<Self, String> {
        if let Ok((values, valid)) = yes_and_no(source, name, "outcome", ["no", "yes"]) {
            return Ok(Self { values: values.iter().map(|v| f64::from(u8::from(*v))).collect(), valid, is_risk: true });
        }
        let read = numbers(source, name, "outcome")?;
        Ok(Self { values: read.values, valid: read.valid, is_risk: false })
    }
}

/// What the groups became.
struct Alike {
    weights: Vec<f64>,
    matches: Option<Matches>,
}

impl Alike {
    fn new(with: MatchWith, score: &Propensity, treated: &[bool]) -> Result<Self, StudyError> {
        match with {
            MatchWith::Weights(estimand) => Ok(Self { weights: score.weights(estimand), matches: None }),
            MatchWith::Nearest { ratio, caliper } => {
                let settings = MatchSettings { ratio, caliper: Some(caliper) };
                let matches = nearest_neighbours(&score.scores.logits(), treated, &settings)
                    .map_err(|e| StudyError::invalid(e.to_string()))?;
                Ok(Self { weights: matches.weights(treated.len()), matches: Some(matches) })
            }
        }
    }

    fn describe(&self, people: &People, pairs: bool, report: &mut MatchReport) {
        let of = |arm: bool| self.weights.iter().zip(&people.treated).filter(move |(_, t)| **t == arm).map(|(w, _)| *w);
        report.n_matched_treated = of(true).filter(|w| *w > 0.0).count() as u64;
        report.n_matched_control = of(false).filter(|w| *w > 0.0).count() as u64;
        report.effective_sample_size =
            EffectiveSampleSize { treated: effective_sample_size(of(true)), control: effective_sample_size(of(false)) };
        let weighted = Weighted { weights: &self.weights };
        report.balance = balance(&people.columns, &people.treated, Some(&weighted), &mut report.warnings).rows;
        if let Some(matches) = &self.matches {
            report.caliper_width = matches.caliper_width;
            let unmatched = report.n_treated - report.n_matched_treated;
            if unmatched > 0 {
                report.warnings.push(format!(
                    "{unmatched} of {} treated have no control within the caliper: the effect is that in those who do",
                    report.n_treated
                ));
            }
            let in_data = |set: &Vec<u32>| set.iter().map(|&row| people.rows[row as usize]).collect();
            report.pairs = pairs.then(|| matches.sets.iter().map(in_data).collect());
        }
    }
}

/// The effect among those with an outcome; none, with a warning, where it is not estimable.
fn effect(outcome: &Outcome, people: &People, alike: &Alike, warnings: &mut Vec<String>) -> Option<MatchedEffect> {
    let has_outcome = |row: u32| outcome.valid[row as usize];
    let weights: Vec<f64> =
        alike.weights.iter().zip(&people.rows).map(|(w, &row)| if has_outcome(row) { *w } else { 0.0 }).collect();
    let lacking = alike.weights.iter().zip(&people.rows).filter(|&(w, &row)| *w > 0.0 && !has_outcome(row)).count();
    if lacking > 0 {
        warnings.push(format!("the effect leaves out {lacking} rows that lack the outcome"));
    }
    let values: Vec<f64> = people.rows.iter().map(|&row| outcome.values[row as usize]).collect();
    let cluster = alike.matches.as_ref().map(|matches| {
        let mut set_of = vec![0; values.len()];
        for (code, set) in (1u32..).zip(&matches.sets) {
            set.iter().for_each(|&row| set_of[row as usize] = code);
        }
        set_of
    });
    let data =
        WeightedOutcomes { outcome: &values, treated: &people.treated, weights: &weights, cluster: cluster.as_deref() };
    match weighted_effects(&data, ConfidenceLevel::P95) {
        Ok(found) => Some(MatchedEffect {
            n: weights.iter().filter(|w| **w > 0.0).count() as u64,
            risk_difference: outcome.is_risk.then(|| estimate(&found.difference)),
            risk_ratio: found.risk_ratio.filter(|_| outcome.is_risk).as_ref().map(estimate),
            odds_ratio: found.odds_ratio.filter(|_| outcome.is_risk).as_ref().map(estimate),
            mean_difference: (!outcome.is_risk).then(|| estimate(&found.difference)),
        }),
        Err(error) => {
            warnings.push(format!("the effect is not estimable: {error}"));
            None
        }
    }
}

fn estimate(effect: &Effect) -> EffectEstimate {
    EffectEstimate {
        estimate: effect.estimate,
        std_err: effect.std_err,
        lower: effect.interval.lower,
        upper: effect.interval.upper,
    }
}

fn settings(query: &MatchQuery) -> Vec<Setting> {
    let mut used = vec![
        setting("treatment", &*query.treatment),
        setting("propensity score", format!("logistic regression on {}", query.covariates.join(", "))),
    ];
    let errors = match query.with {
        MatchWith::Nearest { ratio, caliper } => {
            used.push(setting("method", "nearest neighbours on the logit, without replacement, largest first"));
            used.push(setting("caliper", format!("{caliper} standard deviations of the logit over all rows")));
            used.push(setting("controls for each treated", format!("up to {ratio}")));
            used.push(setting("estimand", "att"));
            "robust, matched sets as clusters"
        }
        MatchWith::Weights(estimand) => {
            let word = match estimand {
                Estimand::Ate => "ate",
                Estimand::Att => "att",
                Estimand::Ato => "ato",
            };
            used.push(setting("method", "weights, nobody matched"));
            used.push(setting("estimand", word));
            "robust, weights taken as known"
        }
    };
    used.push(setting("standardized mean difference", "pooled standard deviation of the groups before, also after"));
    if let Some(outcome) = &query.outcome {
        used.push(setting("outcome", &**outcome));
        used.push(setting("standard errors", format!("{errors}; of a ratio, that of its logarithm")));
        used.push(setting("confidence level", "0.95"));
    }
    used
}
