//! Estimates of the literature pooled: the numbers of the pool itself, nothing mixed, nothing odd let in.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use knowledge::literature::pool::{PoolEffectsError, pool_effects};
use model::citation::EffectMeasure::{self, HazardRatio, MeanDifference, OddsRatio, RiskDifference};
use model::citation::Retraction;
use model::results::EffectToPool;

fn row(label: &str, measure: EffectMeasure, estimate: f64, lower: f64, upper: f64) -> EffectToPool {
    EffectToPool {
        label: label.to_owned(),
        study: label.to_owned(),
        measure,
        estimate,
        lower,
        upper,
        level: Some(0.95),
        unit: None,
        adjusted: None,
        retraction: Retraction::NoneKnown,
    }
}

#[test]
fn hazard_ratios_are_pooled_as_logarithms() {
    let rows = [
        row("A", HazardRatio, 0.72, 0.56, 0.89),
        row("B", HazardRatio, 0.91, 0.80, 1.04),
        row("C", HazardRatio, 0.80, 0.62, 1.03),
    ];
    let pooled = pool_effects(HazardRatio, &rows).unwrap();
    // By hand: weights 1/s^2 of the logarithms.
    let (mut top, mut bottom) = (0.0, 0.0);
    for r in &rows {
        let s = (r.upper.ln() - r.lower.ln()) / (2.0 * 1.959_963_984_540_054);
        top += r.estimate.ln() / (s * s);
        bottom += 1.0 / (s * s);
    }
    let (mean, s): (f64, f64) = (top / bottom, (1.0 / bottom).sqrt());
    assert!((pooled.fixed.estimate - mean.exp()).abs() < 1e-12);
    assert!((pooled.fixed.upper - (mean + 1.959_963_984_540_054 * s).exp()).abs() < 1e-9);
    let random = pooled.random.unwrap();
    assert!(random.knapp_hartung && random.method == "reml" && random.prediction_lower.is_some());
    assert!((pooled.rows.iter().map(|r| r.weight).sum::<f64>() - 100.0).abs() < 1e-9);
    assert!(pooled.words.contains("hazard ratio over 3 estimates"), "{}", pooled.words);
}

#[test]
fn other_levels_give_other_standard_errors() {
    let mut wide = row("A", HazardRatio, 0.72, 0.56, 0.89);
    wide.level = Some(0.99);
    let (a, b) = (
        pool_effects(HazardRatio, &[wide]).unwrap(),
        pool_effects(HazardRatio, &[row("A", HazardRatio, 0.72, 0.56, 0.89)]).unwrap(),
    );
    assert!(a.fixed.std_err < b.fixed.std_err && a.random.is_none());
}

#[test]
fn measures_and_units_are_never_mixed() {
    let mixed = [row("A", HazardRatio, 0.72, 0.56, 0.89), row("B", OddsRatio, 0.7, 0.5, 0.9)];
    let error = pool_effects(HazardRatio, &mixed).unwrap_err();
    assert!(matches!(error, PoolEffectsError::MixedMeasures { .. }));
    assert!(error.to_string().contains("1 \u{d7} hazard ratio, 1 \u{d7} odds ratio"), "{error}");
    let unit = |unit: &str, measure| EffectToPool { unit: Some(unit.to_owned()), ..row("A", measure, 1.0, 0.5, 1.5) };
    assert!(pool_effects(MeanDifference, &[unit("kg", MeanDifference), unit("mm Hg", MeanDifference)]).is_err());
    let pooled = pool_effects(MeanDifference, &[unit("mm Hg", MeanDifference), unit("mmHg", MeanDifference)]).unwrap();
    assert_eq!(pooled.unit.as_deref(), Some("mmhg"));
    let pooled =
        pool_effects(RiskDifference, &[unit("%", RiskDifference), unit("percentage points", RiskDifference)]).unwrap();
    assert_eq!(pooled.unit.as_deref(), Some("%"));
    assert!(
        pool_effects(RiskDifference, &[unit("%", RiskDifference), row("B", RiskDifference, 0.1, 0.0, 0.2)]).is_err()
    );
    assert_eq!(pool_effects(HazardRatio, &[]), Err(PoolEffectsError::Nothing));
}

#[test]
fn numbers_that_cannot_be_right_are_refused_by_name() {
    for (rows, word) in [
        ([row("A 2020", HazardRatio, 0.95, 0.56, 0.89)], "outside"),
        ([row("A 2020", HazardRatio, 0.72, 0.89, 0.56)], "wrong way round"),
        ([row("A 2020", HazardRatio, 0.72, 0.0, 0.89)], "above 0"),
        ([row("A 2020", HazardRatio, f64::NAN, 0.5, 0.89)], "not usable"),
    ] {
        let error = pool_effects(HazardRatio, &rows).unwrap_err().to_string();
        assert!(error.contains("A 2020") && error.contains(word), "{error}");
    }
}

#[test]
fn the_reader_is_warned() {
    let mut twice = [row("A", HazardRatio, 0.72, 0.56, 0.89), row("A", HazardRatio, 0.91, 0.80, 1.04)];
    twice[0].adjusted = Some(true);
    twice[1].retraction = Retraction::Concern;
    twice[1].level = None;
    let pooled = pool_effects(HazardRatio, &twice).unwrap();
    for word in ["not independent", "1 of 2 estimates are called adjusted", "95% is assumed"] {
        assert!(pooled.warnings.iter().any(|w| w.contains(word)), "{word}: {:?}", pooled.warnings);
    }
    assert_eq!(pooled.doubts, ["A: an expression of concern about the article was published. Leave it out."]);
    twice[1].retraction = Retraction::Retracted;
    let pooled = pool_effects(HazardRatio, &twice).unwrap();
    assert_eq!(pooled.doubts, ["A: the article is retracted. Leave it out."]);
}

#[test]
fn two_studies_do_not_say_how_much_studies_differ() {
    let rows = [row("A", HazardRatio, 0.72, 0.56, 0.89), row("B", HazardRatio, 0.91, 0.80, 1.04)];
    let pooled = pool_effects(HazardRatio, &rows).unwrap();
    assert!(pooled.words.contains("cannot be judged from 2 studies"), "{}", pooled.words);
    assert!(!pooled.words.contains("more than chance") && !pooled.words.contains("In a further study"));
    let random = pooled.random.unwrap();
    assert!(random.prediction_lower.is_none() && random.i2.is_none() && pooled.fixed.i2.is_none());
}
