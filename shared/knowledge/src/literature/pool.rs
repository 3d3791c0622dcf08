//! Estimates of the literature pooled: fixed effect, and REML with Knapp and Hartung's interval and the prediction interval.
//!
//! Measures are never mixed. Standard errors come from the intervals as they are printed, so they are as exact as the rounding
//! of the article.

use std::collections::{BTreeMap, BTreeSet};

use model::citation::{EffectMeasure, Retraction};
use model::results::{EffectToPool, PoolReport, PooledEffects, PooledRow};
use model::words::{decimals, fixed, range};
use stats::interval::ConfidenceLevel;
use stats::pool::{PoolError, PoolInference, PoolMethod, PoolSettings, StudyEstimate, pool};

use crate::pool::{ENOUGH_STUDIES, natural, pool_report, without_differences};
use crate::words::trimmed;

/// Why estimates could not be pooled.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum PoolEffectsError {
    /// Nothing was chosen.
    #[error("there is no estimate to pool: tick at least one")]
    Nothing,
    /// Different measures.
    #[error(
        "these do not measure the same thing and cannot be averaged: {}. Tick estimates of one measure only",
        measures.join(", ")
    )]
    MixedMeasures {
        /// The measures and how many of each.
        measures: Vec<String>,
    },
    /// Different units.
    #[error("these are in different units and cannot be averaged: {}. Tick estimates in one unit only", units.join(", "))]
    MixedUnits {
        /// The units and how many of each.
        units: Vec<String>,
    },
    /// Estimates whose numbers cannot be right.
    #[error("{}", reasons.join("; "))]
    Unusable {
        /// One an estimate.
        reasons: Vec<String>,
    },
    /// The numbers cannot be pooled.
    #[error(transparent)]
    Pool(#[from] PoolError),
}

/// Pools estimates of one measure.
///
/// # Errors
/// Nothing to pool, another measure or unit among them, an estimate outside of its interval or with limits the wrong way
/// round, or numbers that cannot be pooled.
pub fn pool_effects(measure: EffectMeasure, effects: &[EffectToPool]) -> Result<PooledEffects, PoolEffectsError> {
    if effects.is_empty() {
        return Err(PoolEffectsError::Nothing);
    }
    one_measure(measure, effects)?;
    let unit = one_unit(measure, effects)?;
    let studies = studies(measure, effects)?;
    let pooled = |method, inference| pool(&studies, &PoolSettings { method, inference, level: ConfidenceLevel::P95 });
    let fixed = pooled(PoolMethod::Fixed, PoolInference::Normal)?;
    let random = match studies.len() {
        1 => None,
        _ => Some(pooled(PoolMethod::Reml, PoolInference::KnappHartung)?),
    };
    let weights = &random.as_ref().unwrap_or(&fixed).weights_percent;
    // Rows show the interval that was pooled, 95% for all.
    let rows = effects
        .iter()
        .zip(weights)
        .map(|(effect, weight)| PooledRow {
            label: effect.label.clone(),
            estimate: effect.estimate,
            lower: effect.lower,
            upper: effect.upper,
            weight: *weight,
        })
        .collect();
    let mut fixed = natural(pool_report(&fixed), measure.is_ratio());
    let mut random = random.map(|random| natural(pool_report(&random), measure.is_ratio()));
    if n_studies(effects) < ENOUGH_STUDIES {
        std::iter::once(&mut fixed).chain(&mut random).for_each(without_differences);
    }
    let words = words(measure, unit.as_deref(), effects, &fixed, random.as_ref());
    let (warnings, doubts) = (warnings(effects), doubts(effects));
    Ok(PooledEffects { measure, unit, rows, fixed, random, words, warnings, doubts })
}

/// Articles that the estimates are of.
fn n_studies(effects: &[EffectToPool]) -> usize {
    effects.iter().map(|effect| effect.study.as_str()).collect::<BTreeSet<_>>().len()
}

/// What is known against relying on an article, each in a sentence.
fn doubts(effects: &[EffectToPool]) -> Vec<String> {
    let mut doubts = Vec::new();
    for effect in effects {
        let known = match effect.retraction {
            Retraction::Retracted => "the article is retracted",
            Retraction::PartlyRetracted => "the article is retracted in part",
            Retraction::Concern => "an expression of concern about the article was published",
            Retraction::NoneKnown | Retraction::Notice => continue,
        };
        doubts.push(format!("{}: {known}. Leave it out.", effect.label));
    }
    doubts
}

fn one_measure(measure: EffectMeasure, effects: &[EffectToPool]) -> Result<(), PoolEffectsError> {
    let mut counts: BTreeMap<EffectMeasure, usize> = BTreeMap::new();
    for effect in effects {
        *counts.entry(effect.measure).or_default() += 1;
    }
    if counts.keys().all(|m| *m == measure) {
        return Ok(());
    }
    let measures = counts.into_iter().map(|(m, n)| format!("{n} \u{d7} {}", m.words())).collect();
    Err(PoolEffectsError::MixedMeasures { measures })
}

/// The unit of differences; nothing where none is known or the measure has none.
fn one_unit(measure: EffectMeasure, effects: &[EffectToPool]) -> Result<Option<String>, PoolEffectsError> {
    if !matches!(measure, EffectMeasure::RiskDifference | EffectMeasure::MeanDifference) {
        return Ok(None);
    }
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for effect in effects {
        *counts.entry(effect.unit.as_deref().map(same_unit).unwrap_or_default()).or_default() += 1;
    }
    // A mean without a unit has the one of the others as far as can be told; a risk without % is another number.
    if measure == EffectMeasure::MeanDifference && counts.len() > 1 {
        counts.remove("");
    }
    if counts.len() > 1 {
        let name = |unit: String| if unit.is_empty() { "no unit".to_owned() } else { unit };
        let units = counts.into_iter().map(|(unit, n)| format!("{n} \u{d7} {}", name(unit))).collect();
        return Err(PoolEffectsError::MixedUnits { units });
    }
    Ok(counts.into_keys().next().filter(|unit| !unit.is_empty()))
}

fn same_unit(unit: &str) -> String {
    let bare: String = unit.to_lowercase().chars().filter(|c| !c.is_whitespace()).collect();
    match bare.as_str() {
        "%" | "percent" | "percentagepoints" | "percentagepoint" => "%".to_owned(),
        "points" | "point" => "points".to_owned(),
        _ => bare,
    }
}

fn studies(measure: EffectMeasure, effects: &[EffectToPool]) -> Result<Vec<StudyEstimate>, PoolEffectsError> {
    let mut reasons = Vec::new();
    let mut studies = Vec::with_capacity(effects.len());
    for effect in effects {
        match study(measure, effect) {
            Ok(study) => studies.push(study),
            Err(why) => reasons.push(format!("{}: {why}", effect.label)),
        }
    }
    if reasons.is_empty() { Ok(studies) } else { Err(PoolEffectsError::Unusable { reasons }) }
}

fn study(measure: EffectMeasure, effect: &EffectToPool) -> Result<StudyEstimate, String> {
    let EffectToPool { estimate, lower, upper, .. } = *effect;
    let level = ConfidenceLevel::new(effect.level.unwrap_or(0.95))
        .map_err(|_not_between| "the level of its interval is not between 0 and 1".to_owned())?;
    if !(estimate.is_finite() && lower.is_finite() && upper.is_finite()) {
        return Err("its numbers are not usable".to_owned());
    }
    if lower >= upper {
        return Err(
            "the limits of its interval stand the wrong way round or are equal: untick it, or look into the article"
                .to_owned(),
        );
    }
    if !(lower..=upper).contains(&estimate) {
        return Err("the estimate lies outside its own interval: untick it, or look into the article".to_owned());
    }
    if measure.is_ratio() && lower <= 0.0 {
        return Err("a ratio's limit must be above 0: untick it, or look into the article".to_owned());
    }
    let scale = |x: f64| if measure.is_ratio() { x.ln() } else { x };
    let std_err = (scale(upper) - scale(lower)) / (2.0 * level.z());
    Ok(StudyEstimate { estimate: scale(estimate), std_err })
}

fn warnings(effects: &[EffectToPool]) -> Vec<String> {
    let mut warnings = Vec::new();
    let mut of_study: BTreeMap<&str, (usize, &str)> = BTreeMap::new();
    for effect in effects {
        let entry = of_study.entry(&effect.study).or_insert((0, &effect.label));
        entry.0 += 1;
    }
    for (n, label) in of_study.into_values().filter(|(n, _)| *n > 1) {
        warnings.push(format!(
            "{n} estimates are of one article ({label}): they are not independent, and the pooled interval is too narrow."
        ));
    }
    let (adjusted, crude) = (
        effects.iter().filter(|e| e.adjusted == Some(true)).count(),
        effects.iter().filter(|e| e.adjusted == Some(false)).count(),
    );
    if adjusted > 0 && adjusted < effects.len() {
        warnings.push(format!(
            "{adjusted} of {} estimates are called adjusted{}: adjusted and unadjusted estimates answer different questions.",
            effects.len(),
            if crude > 0 { format!(" and {crude} unadjusted") } else { String::new() }
        ));
    }
    let n_assumed = effects.iter().filter(|e| e.level.is_none()).count();
    if n_assumed > 0 {
        warnings.push(format!("{n_assumed} of {} intervals do not say their level; 95% is assumed.", effects.len()));
    }
    warnings
}

fn words(
    measure: EffectMeasure,
    unit: Option<&str>,
    effects: &[EffectToPool],
    common: &PoolReport,
    random: Option<&PoolReport>,
) -> String {
    let name = measure.words();
    let unit = unit.map(|u| if u == "%" { "%".to_owned() } else { format!(" {u}") }).unwrap_or_default();
    let shown = |estimate: f64, lower: f64, upper: f64| {
        let decimals = decimals(estimate, lower, upper);
        format!("{}{unit} ({})", fixed(estimate, decimals), range(lower, upper, decimals))
    };
    let Some(random) = random else {
        // As it was published: an interval made anew from the standard error lies evenly around the estimate, theirs need not.
        let published = effects.first().map(|e| (e.estimate, e.lower, e.upper));
        let (estimate, lower, upper) = published.unwrap_or((common.estimate, common.lower, common.upper));
        return format!("One estimate: {name} {}. Tick a second one to pool.", shown(estimate, lower, upper));
    };
    let null = if measure.is_ratio() { 1.0 } else { 0.0 };
    let settled = if random.lower <= null && null <= random.upper {
        "Together they do not settle whether there is a difference."
    } else {
        "Together they point to a difference."
    };
    let mut sentences = vec![
        format!(
            "The {name} over {} estimates is {} by random effects with 95% confidence interval, {} by fixed effect.",
            random.k,
            shown(random.estimate, random.lower, random.upper),
            shown(common.estimate, common.lower, common.upper)
        ),
        settled.to_owned(),
    ];
    sentences.extend(differences(random, n_studies(effects)));
    sentences.join(" ")
}

/// How much the studies differ, and what a further one would find; too few of them cannot say.
fn differences(random: &PoolReport, n_studies: usize) -> Vec<String> {
    if n_studies < ENOUGH_STUDIES {
        let studies = if n_studies == 1 { "study" } else { "studies" };
        return vec![format!(
            "How much studies differ beyond chance (I\u{b2}), and what a further one would find (prediction interval), cannot be \
             judged from {n_studies} {studies}."
        )];
    }
    let mut sentences = Vec::new();
    if let (Some(lower), Some(upper)) = (random.prediction_lower, random.prediction_upper) {
        let decimals = decimals(random.estimate, lower, upper);
        sentences.push(format!(
            "In a further study of this kind it would be expected between {} and {}.",
            fixed(lower, decimals),
            fixed(upper, decimals)
        ));
    }
    if let Some(i2) = random.i2 {
        sentences.push(format!("About {}% of the variation between them is more than chance.", trimmed(i2.round())));
    }
    sentences
}
