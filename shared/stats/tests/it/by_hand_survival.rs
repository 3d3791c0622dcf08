//! Survival estimates worked out by hand: unsorted, tied, weighted, late entry, with fractions as wanted values.

#![expect(clippy::unwrap_used, reason = "a test helper that cannot compute has to stop the test")]

use stats::cox::{CoxData, CoxError, CoxModel, CoxProblem, CoxSettings, CoxWarning, Ties};
use stats::cox::{baseline_hazards, concordance};
use stats::survival::{
    ConfidenceType, Curve, CurveSettings, Durations, EventTable, LogRank, LogRankWeight, Problem, ProblemKind,
    QuantileTime, SurvivalError, kaplan_meier, log_rank, nelson_aalen, restricted_mean,
};
use stats::tick::never;

#[track_caller]
fn close(got: f64, want: f64) {
    let scale = if want == 0.0 { 1.0 } else { want.abs() };
    assert!(((got - want) / scale).abs() < 1e-12, "got {got}, want {want}");
}

fn curve_with(durations: &Durations<'_>, confidence_type: ConfidenceType) -> Curve {
    let table = EventTable::new(durations, &mut never).unwrap();
    let settings = CurveSettings { confidence_type, ..CurveSettings::default() };
    kaplan_meier(&table, &settings, &mut never).unwrap().remove(0)
}

fn curve(durations: &Durations<'_>) -> Curve {
    curve_with(durations, ConfidenceType::LogLog)
}

fn test(durations: &Durations<'_>, weight: LogRankWeight) -> Result<LogRank, SurvivalError> {
    log_rank(&EventTable::new(durations, &mut never)?, weight, &mut never)
}

// unsorted; at 3 one event and one censoring, at 5 two events
const TIME: [f64; 7] = [5.0, 1.0, 3.0, 8.0, 5.0, 3.0, 2.0];
const EVENT: [bool; 7] = [true, true, false, false, true, true, false];

#[test]
fn kaplan_meier_of_seven_subjects() {
    let curve = curve(&Durations::new(&TIME, &EVENT));
    assert_eq!(curve.times(), &[1.0, 2.0, 3.0, 5.0, 8.0]);
    let wanted = [6.0 / 7.0, 6.0 / 7.0, 24.0 / 35.0, 8.0 / 35.0, 8.0 / 35.0];
    let at_risk = [7.0, 6.0, 5.0, 3.0, 1.0];
    let greenwood = [1.0 / 42.0, 1.0 / 42.0, 1.0 / 42.0 + 1.0 / 20.0];
    for (i, point) in curve.points().enumerate() {
        close(point.survival, wanted[i]);
        close(point.n_at_risk, at_risk[i]);
    }
    for (i, sum) in greenwood.into_iter().enumerate() {
        close(curve.point(i).std_err.unwrap(), wanted[i] * f64::sqrt(sum));
    }
    // two events of three at risk: 1/42 + 1/20 + 2/3
    close(curve.point(3).std_err.unwrap(), 8.0 / 35.0 * f64::sqrt(1.0 / 42.0 + 0.05 + 2.0 / 3.0));
    let (third, n_censored) = (curve.point(2), curve.point(2).n_censored);
    assert_eq!((third.n_events, n_censored), (1.0, 1.0), "the event comes before the censoring");
    assert_eq!(curve.median().time, QuantileTime::Reached(5.0));
}

#[test]
fn nelson_aalen_of_seven_subjects() {
    let table = EventTable::new(&Durations::new(&TIME, &EVENT), &mut never).unwrap();
    let hazard = nelson_aalen(&table, &mut never).unwrap().remove(0);
    let want = [1.0 / 7.0, 1.0 / 7.0, 12.0 / 35.0, 12.0 / 35.0 + 2.0 / 3.0, 12.0 / 35.0 + 2.0 / 3.0];
    for (got, want) in hazard.cumulative_hazard().iter().zip(want) {
        close(*got, want);
    }
    let last = hazard.points().last().unwrap();
    close(last.std_err, f64::sqrt(1.0 / 49.0 + 1.0 / 25.0 + 2.0 / 9.0));
}

#[test]
fn limits_on_each_scale() {
    let durations = Durations::new(&[1.0, 2.0, 3.0, 4.0], &[true, false, true, false]);
    let z = 1.959_963_984_540_054;
    let (s, log_err) = (0.75_f64, f64::sqrt(1.0 / 12.0));
    let plain = curve_with(&durations, ConfidenceType::Plain).point(0);
    close(plain.lower.unwrap(), s - z * s * log_err);
    close(plain.upper.unwrap(), 1.0);
    let log = curve_with(&durations, ConfidenceType::Log).point(0);
    close(log.lower.unwrap(), (s.ln() - z * log_err).exp());
    close(log.upper.unwrap(), 1.0);
    let log_log = curve(&durations).point(0);
    let centre = (-s.ln()).ln();
    let half = z * log_err / s.ln();
    close(log_log.lower.unwrap(), (-(centre - half).exp()).exp());
    close(log_log.upper.unwrap(), (-(centre + half).exp()).exp());
}

#[test]
fn a_curve_that_reaches_zero_stays_there_without_error() {
    let emptied = Durations { entry: Some(&[0.0, 0.0, 5.0]), ..Durations::new(&[2.0, 3.0, 9.0], &[true, true, true]) };
    let curve = curve(&emptied);
    assert_eq!(curve.survival(), &[0.5, 0.0, 0.0]);
    assert!(curve.point(0).std_err.is_some());
    for i in 1..3 {
        let point = curve.point(i);
        assert_eq!((point.std_err, point.lower, point.upper), (None, None, None));
    }
    assert_eq!(curve.point(2).n_at_risk, 1.0);
    assert_eq!(curve.at(4.0).n_at_risk, 0.0);
    assert_eq!(curve.at(6.0).n_at_risk, 1.0);
}

#[test]
fn late_entry_counts_only_those_already_in() {
    // at 4: in are rows 1 (0,4], 2 (3,6]; row 3 (4,7] enters at 4 itself and is not yet at risk
    let late = Durations { entry: Some(&[0.0, 3.0, 4.0]), ..Durations::new(&[4.0, 6.0, 7.0], &[true, true, false]) };
    let curve = curve(&late);
    close(curve.point(0).n_at_risk, 2.0);
    close(curve.point(1).n_at_risk, 2.0);
    assert_eq!(curve.survival(), &[0.5, 0.25, 0.25]);
}

#[test]
fn a_curve_of_fractional_weights_ends_at_zero_and_stays_there() {
    // 0.2 + 0.5 has the event of 0.7 at risk, a sum that rounding does not keep
    let late = Durations {
        entry: Some(&[0.0, 0.0, 2.0, 2.0]),
        weight: Some(&[0.2, 0.5, 0.8, 0.8]),
        ..Durations::new(&[1.0, 1.0, 3.0, 4.0], &[true, true, true, false])
    };
    assert_eq!(curve(&late).survival(), &[0.0, 0.0, 0.0]);
}

#[test]
fn quantiles_on_a_flat_piece_and_beyond_the_end() {
    let flat = Durations::new(&[1.0, 2.0, 5.0, 8.0], &[true; 4]);
    assert_eq!(curve(&flat).median().time, QuantileTime::Reached(3.5));
    assert_eq!(curve(&flat).quantile(0.25).time, QuantileTime::Reached(1.5));
    let high = Durations::new(&[1.0, 2.0, 5.0, 8.0], &[true, false, false, false]);
    assert_eq!(curve(&high).median().time, QuantileTime::NotReached);
    assert_eq!(curve(&high).median().time.reached(), None);
}

#[test]
fn restricted_mean_is_the_area() {
    let curve = curve(&Durations::new(&[1.0, 2.0, 3.0, 4.0], &[true, true, false, false]));
    // 1 on [0,1), 3/4 on [1,2), 1/2 on [2,3.5]
    let mean = restricted_mean(&curve, 3.5).unwrap();
    close(mean.value, 1.0 + 0.75 + 0.75);
    close(mean.std_err, f64::sqrt(1.5 * 1.5 / 12.0 + 0.75 * 0.75 / 6.0));
    assert!(!mean.beyond_follow_up);
    assert!(restricted_mean(&curve, 6.0).unwrap().beyond_follow_up);
    close(restricted_mean(&curve, 0.5).unwrap().value, 0.5);
    for tau in [0.0, -1.0, f64::NAN, f64::INFINITY] {
        assert!(matches!(restricted_mean(&curve, tau), Err(SurvivalError::Horizon(_))));
    }
}

#[test]
fn log_rank_of_two_pairs() {
    // events at 1 (group 0 of 2+2), 2 (group 1 of 1+2), 3 (group 0 of 1+1); the last is censored
    let durations = Durations::new(&[1.0, 3.0, 2.0, 4.0], &[true, true, true, false]).with_groups(&[0, 0, 1, 1], 2);
    let test = test(&durations, LogRankWeight::LogRank).unwrap();
    let expected = 0.5 + 1.0 / 3.0 + 0.5;
    let variance = 0.25 + 2.0 / 9.0 + 0.25;
    close(test.groups[0].observed, 2.0);
    close(test.groups[0].expected, expected);
    close(test.variance[(0, 0)], variance);
    close(test.variance[(0, 1)], -variance);
    close(test.chi2, (2.0 - expected).powi(2) / variance);
    assert_eq!(test.df, 1);
}

#[test]
fn gehan_weights_are_the_numbers_at_risk() {
    let durations = Durations::new(&[1.0, 3.0, 2.0, 4.0], &[true, true, true, false]).with_groups(&[0, 0, 1, 1], 2);
    let test = test(&durations, LogRankWeight::GehanBreslow).unwrap();
    let difference = 4.0 * 0.5 + 3.0 * (-1.0 / 3.0) + 2.0 * 0.5;
    let variance = 16.0 * 0.25 + 9.0 * 2.0 / 9.0 + 4.0 * 0.25;
    close(test.chi2, difference * difference / variance);
}

#[test]
fn degenerate_comparisons_are_told() {
    let tied = Durations::new(&[5.0; 6], &[true; 6]).with_groups(&[0, 1, 0, 1, 0, 1], 2);
    assert!(matches!(test(&tied, LogRankWeight::LogRank), Err(SurvivalError::NotEstimable(_))));
    let nobody = Durations::new(&[1.0, 2.0], &[false, false]).with_groups(&[0, 1], 2);
    assert_eq!(test(&nobody, LogRankWeight::LogRank), Err(SurvivalError::NoEvents));
    let one = Durations::new(&[1.0, 2.0], &[true, true]).with_groups(&[1, 1], 3);
    assert_eq!(test(&one, LogRankWeight::LogRank), Err(SurvivalError::TooFewGroups(1)));
    let weighted =
        Durations { weight: Some(&[0.5, 1.0]), ..Durations::new(&[1.0, 2.0], &[true, true]).with_groups(&[0, 1], 2) };
    assert_eq!(test(&weighted, LogRankWeight::LogRank), Err(SurvivalError::FractionalWeights));
    let weight = LogRankWeight::FlemingHarrington { rho: -1.0, gamma: 0.0 };
    assert_eq!(test(&nobody, weight), Err(SurvivalError::Exponents));
    let empty = Durations::new(&[], &[]);
    let want = SurvivalError::Invalid(vec![Problem { kind: ProblemKind::NoRows, rows: vec![] }]);
    assert_eq!(EventTable::new(&empty, &mut never).unwrap_err(), want);
}

#[test]
fn a_group_without_rows_has_an_empty_curve_and_is_left_out_of_the_test() {
    let durations = Durations::new(&[1.0, 3.0, 2.0, 4.0], &[true, true, true, false]).with_groups(&[0, 0, 2, 2], 3);
    let table = EventTable::new(&durations, &mut never).unwrap();
    let curves = kaplan_meier(&table, &CurveSettings::default(), &mut never).unwrap();
    assert_eq!(curves.iter().map(Curve::len).collect::<Vec<_>>(), vec![2, 0, 2]);
    assert_eq!(curves[1].median().time, QuantileTime::NotReached);
    let test = log_rank(&table, LogRankWeight::LogRank, &mut never).unwrap();
    assert_eq!(test.groups.iter().map(|g| g.group).collect::<Vec<_>>(), vec![0, 2]);
    assert_eq!(test.df, 1);
}

fn cox(durations: Durations<'_>, covariates: &[&[f64]], ties: Ties) -> Result<stats::cox::CoxFit, CoxError> {
    let data = CoxData { durations, covariates };
    let settings = CoxSettings { ties, ..CoxSettings::default() };
    CoxModel::new(&data, &settings, &mut never)?.fit(&mut never)
}

/// Data of the survival package's validation vignette: Breslow solves e^2b (6 e^b + ...) in closed form.
#[test]
fn cox_breslow_in_closed_form() {
    // times 1 1 6 6 8 9, status 1 0 1 1 0 1, x 1 1 1 0 0 0: with r = exp(b) the log likelihood is
    // 2 b - log(3 r + 3) - 2 log(r + 3), its maximum at r = (3 + sqrt(33)) / 2
    let durations = Durations::new(&[6.0, 1.0, 9.0, 1.0, 8.0, 6.0], &[true, true, true, false, false, true]);
    let x: [f64; 6] = [1.0, 1.0, 0.0, 1.0, 0.0, 0.0];
    let fit = cox(durations, &[&x], Ties::Breslow).unwrap();
    let r = (3.0 + 33.0_f64.sqrt()) / 2.0;
    let coefficient = fit.coefficients[0].unwrap();
    assert!((coefficient.coef - r.ln()).abs() < 1e-8);
    let information = r / (r + 1.0).powi(2) + 6.0 * r / (r + 3.0).powi(2);
    assert!((coefficient.std_err - information.sqrt().recip()).abs() < 1e-7);
    close(fit.log_likelihood_null, -(6.0_f64.ln() + 2.0 * 4.0_f64.ln()));
    // score and information at 0: U = 1, I = 5/8
    close(fit.score_test.chi2, 8.0 / 5.0);
}

/// The same data with Efron's treatment: 2 b - log(3 r + 3) - log(r + 3) - log(r / 2 + 5 / 2).
#[test]
fn cox_efron_at_zero_and_at_its_maximum() {
    let durations = Durations::new(&[6.0, 1.0, 9.0, 1.0, 8.0, 6.0], &[true, true, true, false, false, true]);
    let x: [f64; 6] = [1.0, 1.0, 0.0, 1.0, 0.0, 0.0];
    let fit = cox(durations, &[&x], Ties::Efron).unwrap();
    close(fit.log_likelihood_null, -(6.0_f64.ln() + 4.0_f64.ln() + 3.0_f64.ln()));
    close(fit.score_test.chi2, (52.0_f64 / 48.0).powi(2) / (83.0 / 144.0));
    // r solves 23 r + 30 - r^3 = 0
    let r = fit.coefficients[0].unwrap().hazard_ratio;
    assert!((23.0 * r + 30.0 - r.powi(3)).abs() < 1e-6, "{r}");
}

#[test]
fn baseline_and_concordance_of_a_small_fit() {
    let (time, event) = ([1.0, 2.0, 3.0, 4.0], [true, true, false, true]);
    let x: [f64; 4] = [0.0, 1.0, 1.0, 0.0];
    let data = CoxData { durations: Durations::new(&time, &event), covariates: &[&x] };
    let model = CoxModel::new(&data, &CoxSettings::default(), &mut never).unwrap();
    let fit = model.fit(&mut never).unwrap();
    let r = fit.coefficients[0].unwrap().hazard_ratio;
    let hazard = baseline_hazards(&model, &fit).unwrap().remove(0);
    assert_eq!(hazard.time, vec![1.0, 2.0, 4.0]);
    let steps = [1.0 / (2.0 + 2.0 * r), 1.0 / (1.0 + 2.0 * r), 1.0];
    close(hazard.at_zero[0], steps[0]);
    close(hazard.at_zero[2], steps.iter().sum());
    // comparable pairs: row 0 with 1, 2 (risk differs) and 3 (tied); row 1 with 2 (tied) and 3
    let got = concordance(&model, &fit, &mut never).unwrap().unwrap();
    assert_eq!(got.n_tied_risk, 2.0);
    assert_eq!(got.n_concordant + got.n_discordant, 3.0);
    let higher_is_one = r > 1.0;
    assert_eq!(got.n_concordant, if higher_is_one { 1.0 } else { 2.0 });
}

#[test]
fn constant_and_repeated_covariates_are_left_out_with_a_warning() {
    let durations = Durations::new(&TIME, &EVENT);
    let x: [f64; 7] = [0.3, 1.1, -0.4, 2.0, 0.9, 1.7, 0.1];
    let double: Vec<f64> = x.iter().map(|x| 2.0 * x + 1.0).collect();
    let alone = cox(durations, &[&x], Ties::Efron).unwrap();
    let fit = cox(durations, &[&[4.2; 7], &x, &double], Ties::Efron).unwrap();
    assert_eq!(fit.coefficients[0], None);
    assert_eq!(fit.coefficients[2], None);
    let (got, want) = (fit.coefficients[1].unwrap(), alone.coefficients[0].unwrap());
    assert!((got.coef - want.coef).abs() < 1e-9 * want.coef.abs());
    let left_out = |covariate| CoxWarning::NotEstimable { covariate };
    assert_eq!(fit.warnings, vec![left_out(0), left_out(2)]);
    assert_eq!(fit.wald_test.df, 1);
    assert_eq!(cox(durations, &[&[4.2; 7]], Ties::Efron), Err(CoxError::NothingEstimable));
}

#[test]
fn separation_is_told_by_the_covariate_that_does_it() {
    // everybody with z = 1 has the event before anybody with z = 0
    let time = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0];
    let event = [true, true, true, true, false, true, false, false];
    let x: [f64; 8] = [0.1, 0.9, -0.3, 0.4, 0.2, -0.6, 0.3, 0.0];
    let z: [f64; 8] = [1.0, 1.0, 1.0, 1.0, 0.0, 0.0, 0.0, 0.0];
    let fit = cox(Durations::new(&time, &event), &[&x, &z], Ties::Efron).unwrap();
    assert!(fit.warnings.contains(&CoxWarning::InfiniteCoefficient { covariate: 1 }), "{fit:?}");
    assert!(!fit.warnings.contains(&CoxWarning::InfiniteCoefficient { covariate: 0 }), "{fit:?}");
    let text = CoxWarning::InfiniteCoefficient { covariate: 1 }.to_string();
    assert!(text.contains("covariate 2") && text.contains("infinite"));
}

#[test]
fn a_category_without_events_is_told() {
    let time = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0];
    let event = [true, false, true, true, false, true, true, false, true];
    let none: [f64; 9] = [0.0, 1.0, 0.0, 0.0, 1.0, 0.0, 0.0, 1.0, 0.0];
    let fit = cox(Durations::new(&time, &event), &[&none], Ties::Efron).unwrap();
    assert_eq!(fit.warnings, vec![CoxWarning::InfiniteCoefficient { covariate: 0 }]);
    assert!(fit.coefficients[0].unwrap().coef < -10.0);
}

#[test]
fn perfect_separation_gives_up_but_answers() {
    let time = [1.0, 2.0, 3.0, 4.0];
    let x: [f64; 4] = [4.0, 3.0, 2.0, 1.0];
    let fit = cox(Durations::new(&time, &[true; 4]), &[&x], Ties::Efron).unwrap();
    assert!(fit.warnings.contains(&CoxWarning::InfiniteCoefficient { covariate: 0 }), "{fit:?}");
}

#[test]
fn what_cannot_be_fitted_says_why() {
    let x: [f64; 2] = [0.0, 1.0];
    let nobody = cox(Durations::new(&[1.0, 2.0], &[false, false]), &[&x], Ties::Efron);
    assert_eq!(nobody, Err(CoxError::NoEvents));
    assert!(nobody.unwrap_err().to_string().contains("nobody had the event"));
    let one = cox(Durations::new(&[1.0], &[true]), &[&[1.0]], Ties::Efron);
    assert_eq!(one, Err(CoxError::NothingEstimable));
    let Err(CoxError::Invalid(problems)) =
        cox(Durations::new(&[1.0, -2.0], &[true, true]), &[&[f64::NAN, 1.0], &[1.0]], Ties::Efron)
    else {
        panic!("accepted")
    };
    let negative = Problem { kind: ProblemKind::NegativeTime, rows: vec![1] };
    let want = vec![
        CoxProblem::Durations(negative),
        CoxProblem::NotFinite { covariate: 0, rows: vec![0] },
        CoxProblem::Length { covariate: 1, length: 1, n_rows: 2 },
    ];
    assert_eq!(problems, want);
    let none = cox(Durations::new(&[1.0, 2.0], &[true, true]), &[], Ties::Efron);
    assert_eq!(none, Err(CoxError::Invalid(vec![CoxProblem::NoCovariates])));
    let settings = CoxSettings { confidence_level: 1.0, max_iterations: 0, tolerance: 0.0, ..CoxSettings::default() };
    let Err(CoxError::Invalid(problems)) = settings.check() else { panic!("accepted") };
    assert_eq!(problems.len(), 3);
    let level = CurveSettings { confidence_level: 0.0, ..CurveSettings::default() };
    assert_eq!(level.check(), Err(SurvivalError::ConfidenceLevel(0.0)));
}

#[test]
fn a_break_cancels() {
    let mut stop = |_: f64| std::ops::ControlFlow::Break(());
    let durations = Durations::new(&TIME, &EVENT);
    let stopped = EventTable::new(&durations, &mut stop).unwrap_err();
    assert!(matches!(stopped, SurvivalError::Cancelled(_)));
    let x: [f64; 7] = [0.3, 1.1, -0.4, 2.0, 0.9, 1.7, 0.1];
    let data = CoxData { durations, covariates: &[&x] };
    let model = CoxModel::new(&data, &CoxSettings::default(), &mut never).unwrap();
    assert!(matches!(model.fit(&mut stop), Err(CoxError::Cancelled(_))));
}
