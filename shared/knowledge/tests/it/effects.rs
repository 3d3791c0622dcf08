//! Effect estimates in sentences labelled by hand: precision and recall, printed and held from both sides.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::fmt::Write as _;

use knowledge::literature::effects::find;
use model::citation::{AbstractSection, EffectFlag, EffectMeasure, FoundEffect, PRelation};

fn effects(text: &str) -> Vec<FoundEffect> {
    find(&[AbstractSection { label: None, text: text.to_owned() }])
}

/// An effect as the files write it.
fn written(effect: &FoundEffect) -> String {
    let mut out = format!("{} {}", effect.measure.short(), effect.estimate);
    match effect.interval {
        Some(i) => write!(out, " {}..{}", i.lower, i.upper).unwrap(),
        None => out.push_str(" -"),
    }
    match effect.interval.and_then(|i| i.level) {
        Some(level) => write!(out, " {}", (level * 1000.0).round() / 10.0).unwrap(),
        None => out.push_str(" -"),
    }
    match effect.p {
        Some(p) => {
            let sign = match p.relation {
                PRelation::Equal => "=",
                PRelation::Below => "<",
                PRelation::Above => ">",
            };
            let digits = format!("{:.12}", p.value);
            write!(out, " {sign}{}", digits.trim_end_matches('0')).unwrap();
        }
        None => out.push_str(" -"),
    }
    out.push_str(match effect.adjusted {
        Some(true) => " adj",
        Some(false) => " crude",
        None => " -",
    });
    write!(out, " {}", effect.unit.as_deref().unwrap_or("-")).unwrap();
    out
}

#[derive(Debug, Default, PartialEq)]
struct Score {
    n_sentences: usize,
    n_negative: usize,
    n_labelled: usize,
    n_found: usize,
    /// Right in every field.
    n_right: usize,
    /// Right in measure, estimate and interval: what is pooled.
    n_core: usize,
}

impl Score {
    fn of(name: &str) -> Self {
        let path = format!("{}/tests/effects/{name}.tsv", env!("CARGO_MANIFEST_DIR"));
        let text = std::fs::read_to_string(path).unwrap();
        let mut score = Self::default();
        for line in text.lines().filter(|l| !l.starts_with('#') && !l.trim().is_empty()) {
            let (sentence, labels) = line.split_once('\t').unwrap();
            let labels: Vec<&str> = labels.split(" ; ").map(str::trim).filter(|l| !l.is_empty()).collect();
            let found: Vec<String> = effects(sentence).iter().map(written).collect();
            score.n_sentences += 1;
            score.n_negative += usize::from(labels.is_empty());
            score.n_labelled += labels.len();
            score.n_found += found.len();
            let core = |text: &str| text.split(' ').take(3).collect::<Vec<_>>().join(" ");
            let (right, cores) = (matched(&labels, &found, str::to_owned), matched(&labels, &found, core));
            score.n_right += right;
            score.n_core += cores;
            if right != labels.len() || right != found.len() {
                println!("{name}: {sentence}\n    labelled {labels:?}\n    found    {found:?}");
            }
        }
        println!(
            "{name}: {} sentences ({} without an estimate), {} estimates labelled, {} found; measure, estimate and interval right: \
             {} (precision {:.3}, recall {:.3}); every field right: {}",
            score.n_sentences,
            score.n_negative,
            score.n_labelled,
            score.n_found,
            score.n_core,
            score.precision(),
            score.recall(),
            score.n_right
        );
        score
    }

    #[expect(clippy::cast_precision_loss, reason = "small counts")]
    fn precision(&self) -> f64 {
        self.n_core as f64 / self.n_found as f64
    }

    #[expect(clippy::cast_precision_loss, reason = "small counts")]
    fn recall(&self) -> f64 {
        self.n_core as f64 / self.n_labelled as f64
    }
}

/// How many labels have a find of their own.
fn matched(labels: &[&str], found: &[String], key: impl Fn(&str) -> String) -> usize {
    let mut left: Vec<String> = found.iter().map(|f| key(f)).collect();
    let mut n = 0;
    for label in labels {
        if let Some(at) = left.iter().position(|f| *f == key(label)) {
            left.swap_remove(at);
            n += 1;
        }
    }
    n
}

/// Counts as they are: a change for the better fails too, so that the figures in docs/literature.md stay true.
#[test]
fn sentences_the_rules_were_written_with() {
    let score = Score::of("sentences");
    assert!(score.n_sentences >= 80 && score.n_negative >= 25);
    assert_eq!((score.n_labelled, score.n_found, score.n_core, score.n_right), (85, 85, 85, 85));
}

#[test]
fn sentences_held_out() {
    let score = Score::of("held_out");
    assert_eq!((score.n_labelled, score.n_found, score.n_core, score.n_right), (32, 32, 32, 32));
}

#[test]
fn spans_are_code_points_of_the_section() {
    let text = "Größe é. Überleben: HR 0·72 (95% CI 0·56–0·89; p=0·003). Ende.";
    let [effect] = effects(text).try_into().unwrap();
    let slice = |[a, b]: [u32; 2]| text.chars().skip(a as usize).take((b - a) as usize).collect::<String>();
    assert_eq!(slice(effect.sentence_span), effect.sentence);
    assert_eq!(effect.sentence, "Überleben: HR 0·72 (95% CI 0·56–0·89; p=0·003).");
    assert_eq!(slice(effect.label_span), "HR");
    assert_eq!(slice(effect.estimate_span), "0·72");
    assert_eq!(slice(effect.interval_span.unwrap()), "0·56–0·89");
    assert_eq!(slice(effect.p_span.unwrap()), "p=0·003");
    assert_eq!(slice(effect.span), "HR 0·72 (95% CI 0·56–0·89; p=0·003");
}

#[test]
fn the_standard_error_is_the_one_of_the_interval() {
    let [effect] = effects("HR 0.72 (95% CI 0.56 to 0.89).").try_into().unwrap();
    let std_err = effect.std_err.unwrap();
    // (ln 0.89 - ln 0.56) / (2 * 1.959964)
    assert!((std_err.value - 0.118_187_0).abs() < 1e-6, "{}", std_err.value);
    assert_eq!(std_err.method, "(ln upper \u{2212} ln lower) / (2 \u{d7} 1.960), from the 95% interval");
    let [effect] = effects("MD -5.2 mm Hg (99% CI -8.1 to -2.3).").try_into().unwrap();
    let std_err = effect.std_err.unwrap();
    assert!((std_err.value - 5.8 / (2.0 * 2.575_829_3)).abs() < 1e-6, "{}", std_err.value);
    assert!(std_err.method.contains("99%") && !std_err.method.contains("ln"));
    let [effect] = effects("The odds ratio was 0.72 (0.56-0.89).").try_into().unwrap();
    assert!(effect.std_err.unwrap().method.ends_with("which the text does not state"));
    assert_eq!(effect.flags, [EffectFlag::LevelAssumed]);
}

#[test]
fn what_is_odd_is_flagged_and_kept() {
    let flags = |text: &str| {
        let [effect] = effects(text).try_into().unwrap();
        (effect.flags, effect.std_err.is_some())
    };
    assert_eq!(flags("HR 0.95 (95% CI 0.56 to 0.89)"), (vec![EffectFlag::OutsideInterval], true));
    assert_eq!(flags("HR 0.72 (95% CI 0.89 to 0.56)"), (vec![EffectFlag::LimitsReversed], false));
    assert_eq!(flags("HR 0.72 (95% CI 0.70 to 5.60)"), (vec![EffectFlag::NotCentred], true));
    assert_eq!(flags("HR 0.72 (95% CI 0.00 to 0.89)"), (vec![EffectFlag::NotPositive], false));
    assert_eq!(flags("HR 0.72 (95% CI 0.56 to 0.89; p=0.85)"), (vec![EffectFlag::PContradictsInterval], true));
    assert_eq!(flags("HR 1.02 (95% CI 0.70 to 1.49; p<0.001)"), (vec![EffectFlag::PContradictsInterval], true));
    assert_eq!(flags("HR 0.7 (95% CI 0.5 to 0.9)"), (vec![], true));
    assert_eq!(flags("HR 0.72 (95% CrI 0.56 to 0.89)"), (vec![EffectFlag::CredibleInterval], true));
}

#[test]
fn an_abstract_says_what_its_abbreviations_mean() {
    let section = |text: &str| AbstractSection { label: None, text: text.to_owned() };
    let of = |sections: &[AbstractSection]| find(sections).iter().map(|e| e.measure).collect::<Vec<_>>();
    let rooms = [section("Patients left the operating room (OR) early."), section("OR 1.8 (1.2-2.5) was used.")];
    assert_eq!(of(&rooms), []);
    let both =
        [section("In the operating room (OR), the odds ratio (OR) counted."), section("OR 1.8 (95% CI 1.2-2.7).")];
    assert_eq!(of(&both), [EffectMeasure::OddsRatio]);
    let rates = [section("We report rate ratios (RR)."), section("RR 0.8 (95% CI 0.7-0.9).")];
    assert_eq!(of(&rates), [EffectMeasure::RateRatio]);
}
