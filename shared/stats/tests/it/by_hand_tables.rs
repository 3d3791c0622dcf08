//! Results worked out with pencil and paper.

use crate::support::close;

use close::assert_close;
use stats::describe::{DescribeError, NumericColumn, describe_categories, describe_numeric, histogram, nice_edges};
use stats::e_value::{EValueError, EValueMeasure, e_value};
use stats::fisher::fisher_exact_p;
use stats::interval::{ConfidenceLevel, Interval};
use stats::logistic::{LogisticData, LogisticError, auc, logistic};
use stats::pool::{
    PoolError, PoolInference, PoolMethod, PoolSettings, PoolWarning, StudyEstimate, leave_one_out, pool,
};
use stats::propensity::{PropensityError, PropensityScores, effective_sample_size};
use stats::proportion::{ProportionError, proportion};
use stats::smd::{CategoryDenominator, Denominator, SmdError, group_moments, smd, smd_categories};
use stats::two_by_two::{NntInterval, NumberNeededToTreat, TwoByTwoSettings, TwoByTwoWarning, ZeroCells, two_by_two};

const ADD_HALF: TwoByTwoSettings = TwoByTwoSettings { level: ConfidenceLevel::P95, zero_cells: ZeroCells::AddHalf };

#[test]
fn a_small_column_unsorted_tied_and_with_a_gap() {
    // 4, 1, -, 4, 7: mean 4, squares 0 + 9 + 0 + 9, quartiles at places 0.75, 1.5, 2.25 of 1 4 4 7.
    let values = [4.0, 1.0, f64::NAN, 4.0, 7.0];
    let got = describe_numeric(&NumericColumn::new(&values)).unwrap();
    assert_eq!((got.n, got.n_missing), (4, 1));
    assert_eq!((got.mean, got.median), (Some(4.0), Some(4.0)));
    assert_close("sd", got.sd.unwrap(), 6.0_f64.sqrt(), 1e-15);
    assert_close("q1", got.q1.unwrap(), 13.0 / 4.0, 1e-15);
    assert_close("q3", got.q3.unwrap(), 19.0 / 4.0, 1e-15);
    assert_eq!((got.min, got.max), (Some(1.0), Some(7.0)));
}

#[test]
fn columns_with_nothing_or_one_thing_to_say() {
    for values in [&[][..], &[f64::NAN, f64::INFINITY][..]] {
        let got = describe_numeric(&NumericColumn::new(values)).unwrap();
        assert_eq!((got.n, got.n_missing), (0, values.len()));
        assert_eq!((got.mean, got.sd, got.median, got.min), (None, None, None, None));
        assert_eq!(histogram(&NumericColumn::new(values), 10).unwrap(), None);
    }
    let one = describe_numeric(&NumericColumn::new(&[3.5])).unwrap();
    assert_eq!((one.mean, one.sd, one.q1, one.q3), (Some(3.5), None, Some(3.5), Some(3.5)));
    let constant = describe_numeric(&NumericColumn::new(&[0.1; 1000])).unwrap();
    assert_eq!((constant.mean, constant.sd), (Some(0.1), Some(0.0)));
    let masked = NumericColumn { valid: Some(&[true, false]), ..NumericColumn::new(&[1.0, 9.0]) };
    let masked = describe_numeric(&masked).unwrap();
    assert_eq!((masked.n, masked.n_missing, masked.max), (1, 1, Some(1.0)));
}

#[test]
fn columns_that_are_refused() {
    let values = [1.0, 2.0];
    let short = NumericColumn { valid: Some(&[true]), ..NumericColumn::new(&values) };
    assert!(matches!(describe_numeric(&short), Err(DescribeError::LengthMismatch { .. })));
    let negative = NumericColumn { weights: Some(&[1.0, -1.0]), ..NumericColumn::new(&values) };
    assert_eq!(describe_numeric(&negative), Err(DescribeError::BadWeight { row: 1, weight: -1.0 }));
    assert_eq!(
        describe_categories(&[0, 3], None, None, 3),
        Err(DescribeError::UnknownCategory { row: 1, code: 3, n_levels: 3 })
    );
}

#[test]
fn categories_keep_empty_levels_and_leave_missing_ones_out_of_the_percentages() {
    let valid = [true, true, true, true, false];
    let got = describe_categories(&[0, 2, 2, 2, 9], Some(&valid), None, 3).unwrap();
    assert_eq!((got.n, got.n_missing), (4, 1));
    let counts: Vec<usize> = got.levels.iter().map(|l| l.n).collect();
    assert_eq!(counts, [1, 0, 3]);
    let percents: Vec<f64> = got.levels.iter().map(|l| l.percent.unwrap()).collect();
    assert_eq!(percents, [25.0, 0.0, 75.0]);
    let nobody = describe_categories(&[0], Some(&[false]), None, 2).unwrap();
    assert_eq!(nobody.levels[0].percent, None);
}

#[test]
fn bin_edges_are_round_numbers() {
    assert_eq!(nice_edges(0.0, 1.0, 5).unwrap(), [0.0, 0.2, 0.4, 0.6, 0.8, 1.0]);
    assert_eq!(nice_edges(0.07, 0.31, 3).unwrap(), [0.0, 0.1, 0.2, 0.3, 0.4]);
    assert_eq!(nice_edges(18.0, 97.0, 8).unwrap(), [10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0, 80.0, 90.0, 100.0]);
    assert_eq!(nice_edges(-5.0, 5.0, 2).unwrap(), [-5.0, 0.0, 5.0]);
    assert_eq!(nice_edges(7.0, 7.0, 10).unwrap(), [7.0, 8.0]);
    assert_eq!(nice_edges(-1e308, 1e308, 10), None);
    let edges = nice_edges(1e15, 1e15 + 1.0, 10).unwrap();
    assert!(edges.windows(2).all(|w| w[0] < w[1]), "{edges:?}");
    // The upper edge belongs to the last bin, every other edge to the bin above it.
    let got = histogram(&NumericColumn::new(&[0.0, 0.1, 0.2, 0.3, 1.0]), 5).unwrap().unwrap();
    assert_eq!(got.counts, [2.0, 2.0, 0.0, 0.0, 1.0]);
}

#[test]
fn fishers_test_in_fractions() {
    // 3 1 / 1 3: (1 + 16 + 16 + 1) / 70.
    assert_close("tea", fisher_exact_p(3, 1, 1, 3), 34.0 / 70.0, 1e-14);
    // 2 0 / 0 2: one of C(4, 2) = 6 tables on either side.
    assert_close("diagonal", fisher_exact_p(2, 0, 0, 2), 2.0 / 6.0, 1e-14);
    assert_eq!(fisher_exact_p(5, 0, 7, 0), 1.0);
    assert_eq!(fisher_exact_p(0, 0, 0, 0), 1.0);
    // Far apart and large: no overflow, no NaN.
    assert_eq!(fisher_exact_p(1_000_000, 0, 0, 1_000_000), 0.0);
}

#[test]
fn a_table_in_fractions() {
    // 6 of 10 against 2 of 10.
    let got = two_by_two(6, 4, 2, 8, &ADD_HALF).unwrap();
    let rr = got.risk_ratio.unwrap();
    assert_close("RR", rr.estimate, 3.0, 1e-14);
    // var ln RR = 1/6 - 1/10 + 1/2 - 1/10 = 7/15.
    assert_close("se ln RR", rr.ln_std_err, (7.0_f64 / 15.0).sqrt(), 1e-14);
    let or = got.odds_ratio.unwrap();
    assert_close("OR", or.estimate, 6.0, 1e-14);
    // 1/6 + 1/4 + 1/2 + 1/8 = 25/24.
    assert_close("se ln OR", or.ln_std_err, (25.0_f64 / 24.0).sqrt(), 1e-14);
    assert_close("RD", got.risk_difference.estimate, 0.4, 1e-14);
    // (6*4 + 2*8) / 1000.
    assert_close("se RD", got.risk_difference.std_err, 0.04_f64.sqrt(), 1e-14);
    // 20 (48 - 8)^2 / (10 * 10 * 8 * 12).
    assert_close("chi2", got.chi_squared.unwrap().statistic, 10.0 / 3.0, 1e-14);
    assert_close("expected", got.chi_squared.unwrap().smallest_expected, 4.0, 1e-14);
    assert!(got.warnings.contains(&TwoByTwoWarning::SmallExpectedCount));
    assert_close("NNT", got.number_needed_to_treat.number().unwrap(), 2.5, 1e-14);
    // RR 3: 3 + sqrt(6); its interval (0.79 to 11.4) contains 1.
    let e = got.e_value.unwrap();
    assert_close("E", e.point, 3.0 + 6.0_f64.sqrt(), 1e-14);
    assert_eq!(e.limit, 1.0);
}

#[test]
fn the_number_needed_to_treat_goes_through_infinity_where_no_effect_is_possible() {
    let unsure = two_by_two(6, 4, 5, 5, &ADD_HALF).unwrap();
    let rd = unsure.risk_difference.newcombe;
    assert!(rd.lower < 0.0 && rd.upper > 0.0);
    let NumberNeededToTreat::OneEventMore { estimate, interval } = unsure.number_needed_to_treat else {
        panic!("{:?}", unsure.number_needed_to_treat)
    };
    assert_close("estimate", estimate, 10.0, 1e-12);
    assert_eq!(interval, NntInterval::ThroughInfinity { fewer: -1.0 / rd.lower, more: 1.0 / rd.upper });
    let sure = two_by_two(10, 90, 50, 50, &ADD_HALF).unwrap();
    let rd = sure.risk_difference.newcombe;
    assert_eq!(
        sure.number_needed_to_treat,
        NumberNeededToTreat::OneEventFewer {
            estimate: 1.0 / sure.risk_difference.estimate.abs(),
            interval: NntInterval::OneSided { lower: -1.0 / rd.lower, upper: Some(-1.0 / rd.upper) },
        }
    );
    let same = two_by_two(5, 5, 5, 5, &ADD_HALF).unwrap().number_needed_to_treat;
    assert_eq!(same.number(), None);
    assert!(matches!(same.interval(), NntInterval::ThroughInfinity { .. }));
}

#[test]
fn empty_cells_are_told() {
    let got = two_by_two(0, 10, 5, 5, &ADD_HALF).unwrap();
    assert_close("RR", got.risk_ratio.unwrap().estimate, (0.5 / 11.0) / (5.5 / 11.0), 1e-14);
    assert_close("OR", got.odds_ratio.unwrap().estimate, (0.5 * 5.5) / (10.5 * 5.5), 1e-14);
    assert!(got.warnings.contains(&TwoByTwoWarning::HalfAddedForRiskRatio));
    assert!(got.warnings.contains(&TwoByTwoWarning::HalfAddedForOddsRatio));
    // The risk ratio needs no help where everybody had the event.
    let all = two_by_two(10, 0, 5, 5, &ADD_HALF).unwrap();
    assert_close("RR", all.risk_ratio.unwrap().estimate, 2.0, 1e-14);
    assert!(!all.warnings.contains(&TwoByTwoWarning::HalfAddedForRiskRatio));

    let strict = TwoByTwoSettings { zero_cells: ZeroCells::NotEstimable, ..ADD_HALF };
    let got = two_by_two(0, 10, 5, 5, &strict).unwrap();
    assert_eq!((got.risk_ratio, got.odds_ratio, got.e_value), (None, None, None));
    let no_events = two_by_two(0, 10, 0, 5, &ADD_HALF).unwrap();
    assert_eq!((no_events.risk_ratio, no_events.odds_ratio), (None, None));
    assert_eq!(no_events.chi_squared, None);
    assert_eq!((no_events.fisher_p, no_events.risk_difference.estimate), (1.0, 0.0));
    assert_eq!(no_events.warnings, [TwoByTwoWarning::NoEvents]);
    let only_events = two_by_two(10, 0, 5, 0, &ADD_HALF).unwrap();
    assert_eq!(only_events.odds_ratio, None);
    assert_eq!(only_events.risk_ratio.unwrap().estimate, 1.0);
    assert_eq!(two_by_two(0, 0, 1, 1, &ADD_HALF), Err(ProportionError::EmptyGroup));
    assert_eq!(proportion(3, 2, ConfidenceLevel::P95), Err(ProportionError::MoreEventsThanPersons { events: 3, n: 2 }));
    assert!(ConfidenceLevel::new(1.0).is_err() && ConfidenceLevel::new(f64::NAN).is_err());
}

#[test]
fn proportions_at_the_ends() {
    let none = proportion(0, 10, ConfidenceLevel::P95).unwrap();
    assert_eq!((none.wilson.lower, none.clopper_pearson.lower), (0.0, 0.0));
    // 1 - (alpha / 2)^(1 / n).
    assert_close("upper", none.clopper_pearson.upper, 1.0 - 0.025_f64.powf(0.1), 1e-13);
    let all = proportion(10, 10, ConfidenceLevel::P95).unwrap();
    assert_eq!((all.wilson.upper, all.clopper_pearson.upper), (1.0, 1.0));
    assert_close("lower", all.clopper_pearson.lower, 0.025_f64.powf(0.1), 1e-13);
}

#[test]
fn e_values_of_the_paper() {
    let interval = |lower, upper| Interval { lower, upper };
    // VanderWeele and Ding: RR 3.9 (1.8 to 8.7) gives 7.26 and 3.0.
    let got = e_value(3.9, interval(1.8, 8.7), EValueMeasure::RiskRatio).unwrap();
    assert!((got.point - 7.26).abs() < 0.005 && (got.limit - 3.0).abs() < 0.005, "{got:?}");
    // A protective ratio is turned round: 1 / 0.5 = 2.
    let got = e_value(0.5, interval(0.25, 0.8), EValueMeasure::HazardRatioRareOutcome).unwrap();
    assert_close("point", got.point, 2.0 + 2.0_f64.sqrt(), 1e-14);
    assert_close("limit", got.limit, 1.25 + (1.25_f64 * 0.25).sqrt(), 1e-14);
    // HR 4: (1 - 0.5^2) / (1 - 0.5^0.5) = 0.75 / (1 - sqrt(0.5)).
    let got = e_value(4.0, interval(4.0, 4.0), EValueMeasure::HazardRatioCommonOutcome).unwrap();
    let rr = 0.75 / (1.0 - 0.5_f64.sqrt());
    assert_close("common", got.point, rr + (rr * (rr - 1.0)).sqrt(), 1e-13);
    let got = e_value(9.0, interval(0.5, 20.0), EValueMeasure::OddsRatioCommonOutcome).unwrap();
    assert_close("odds ratio", got.point, 3.0 + 6.0_f64.sqrt(), 1e-14);
    assert_eq!(got.limit, 1.0);
    assert!(matches!(e_value(-1.0, interval(0.5, 2.0), EValueMeasure::RiskRatio), Err(EValueError::NotARatio { .. })));
    assert!(matches!(
        e_value(3.0, interval(0.5, 2.0), EValueMeasure::RiskRatio),
        Err(EValueError::OutsideInterval { .. })
    ));
}

#[test]
fn differences_without_a_yardstick() {
    let constant = group_moments(&[2.0, 2.0], None, None).unwrap();
    let other = group_moments(&[3.0, 3.0], None, None).unwrap();
    let denominator = Denominator::pooled(&constant, &other);
    assert_eq!(smd(2.0, 2.0, denominator), Ok(0.0));
    assert_eq!(smd(2.0, 3.0, denominator), Err(SmdError::NoVariation));
    assert_eq!(group_moments(&[f64::NAN], None, None), Err(SmdError::EmptyGroup));
    assert_eq!(group_moments(&[1.0], Some(&[]), None), Err(SmdError::LengthMismatch));

    let apart = CategoryDenominator::new(&[1.0, 0.0, 0.0], &[0.0, 0.5, 0.5]).unwrap();
    assert_eq!(smd_categories(&[1.0, 0.0, 0.0], &[0.0, 0.5, 0.5], &apart), Err(SmdError::NoVariation));
    let same = CategoryDenominator::new(&[1.0, 0.0], &[1.0, 0.0]).unwrap();
    assert_eq!(smd_categories(&[1.0, 0.0], &[1.0, 0.0], &same), Ok(0.0));
    // Two categories: |p - q| / sqrt((p (1 - p) + q (1 - q)) / 2), with 1/2 and 1/4.
    let two = CategoryDenominator::new(&[0.5, 0.5, 0.0], &[0.75, 0.25, 0.0]).unwrap();
    let got = smd_categories(&[0.5, 0.5, 0.0], &[0.75, 0.25, 0.0], &two).unwrap();
    assert_close("two", got, 0.25 / (7.0_f64 / 32.0).sqrt(), 1e-13);
    assert!(CategoryDenominator::new(&[1.0], &[0.5, 0.5]).is_err());
}

fn settings(method: PoolMethod, inference: PoolInference) -> PoolSettings {
    PoolSettings { method, inference, level: ConfidenceLevel::P95 }
}

const METHODS: [PoolMethod; 4] =
    [PoolMethod::Fixed, PoolMethod::DerSimonianLaird, PoolMethod::PauleMandel, PoolMethod::Reml];

fn study(estimate: f64, std_err: f64) -> StudyEstimate {
    StudyEstimate { estimate, std_err }
}

#[test]
fn three_studies_of_one_size_in_fractions() {
    // y = 0, 3, 6 with variance 1: mean 3, Q = 18, every estimator gives tau^2 = 9 - 1 = 8.
    let studies = [study(6.0, 1.0), study(0.0, 1.0), study(3.0, 1.0)];
    for method in METHODS {
        let got = pool(&studies, &settings(method, PoolInference::Normal)).unwrap();
        assert_close("estimate", got.estimate, 3.0, 1e-13);
        let differences = got.heterogeneity.unwrap();
        assert_close("Q", differences.q, 18.0, 1e-13);
        if method == PoolMethod::Fixed {
            assert_close("se", got.std_err, (1.0_f64 / 3.0).sqrt(), 1e-13);
            assert_close("I2", differences.i2, 100.0 * 16.0 / 18.0, 1e-13);
            assert_eq!((got.prediction, differences.tau2_interval), (None, None));
            continue;
        }
        assert_close("tau2", differences.tau2, 8.0, 1e-11);
        assert_close("se", got.std_err, 3.0_f64.sqrt(), 1e-11);
        assert_close("I2", differences.i2, 100.0 * 8.0 / 9.0, 1e-11);
        assert_close("H2", differences.h2, 9.0, 1e-11);
        assert!(got.weights_percent.iter().all(|w| (w - 100.0 / 3.0).abs() < 1e-12));
        assert_eq!(got.warnings, [PoolWarning::FewStudies]);
        // Q(tau^2) = 18 / (1 + tau^2); chi-squared with 2 degrees of freedom: -2 ln of the upper tail.
        let profile = differences.tau2_interval.unwrap();
        assert_close("lower", profile.lower, 18.0 / (-2.0 * 0.025_f64.ln()) - 1.0, 1e-11);
        assert_close("upper", profile.upper, 18.0 / (-2.0 * 0.975_f64.ln()) - 1.0, 1e-11);
        // Knapp and Hartung's factor is 18 / 9 / 2 = 1: the same standard error, t with 2 degrees of freedom.
        let kh = pool(&studies, &settings(method, PoolInference::KnappHartung)).unwrap();
        assert_close("KH se", kh.std_err, 3.0_f64.sqrt(), 1e-11);
        assert_eq!(kh.df, Some(2.0));
        // t with 2 df: p = 1 - t / sqrt(t^2 + 2), t = sqrt(3).
        assert_close("KH p", kh.p.unwrap(), 1.0 - (3.0_f64 / 5.0).sqrt(), 1e-11);
    }
}

#[test]
fn pools_of_one_and_of_identical_studies() {
    for method in METHODS {
        for inference in [PoolInference::Normal, PoolInference::KnappHartung] {
            let one = pool(&[study(0.3, 0.1)], &settings(method, inference)).unwrap();
            assert_eq!((one.estimate, one.std_err, one.k), (0.3, 0.1, 1));
            assert_eq!((one.heterogeneity, one.prediction), (None, None));
            assert_eq!(one.warnings, [PoolWarning::OneStudy]);

            let same: Vec<_> = [0.1, 0.2, 0.1, 0.3, 0.5].iter().map(|s| study(0.3, *s)).collect();
            let got = pool(&same, &settings(method, inference)).unwrap();
            assert_eq!((got.estimate, got.heterogeneity.unwrap().tau2), (0.3, 0.0));
            assert_eq!(got.heterogeneity.unwrap().q, 0.0);
            if inference == PoolInference::KnappHartung {
                assert_eq!((got.std_err, got.statistic, got.p), (0.0, None, Some(0.0)));
                assert!(got.warnings.contains(&PoolWarning::KnappHartungNarrower));
            }
            if method != PoolMethod::Fixed {
                assert!(got.warnings.contains(&PoolWarning::EmptyTau2Interval));
            }
        }
    }
    assert!(leave_one_out(&[study(0.3, 0.1)], &settings(PoolMethod::Reml, PoolInference::Normal)).unwrap().is_empty());
}

#[test]
fn pools_that_are_refused() {
    let reml = settings(PoolMethod::Reml, PoolInference::KnappHartung);
    assert_eq!(pool(&[], &reml), Err(PoolError::NoStudies));
    for (std_err, index) in [(0.0, 1), (-1.0, 1), (1e-300, 1), (f64::INFINITY, 1)] {
        assert_eq!(pool(&[study(0.1, 1.0), study(0.2, std_err)], &reml), Err(PoolError::BadStdErr { index, std_err }));
    }
    assert!(matches!(pool(&[study(f64::NAN, 1.0)], &reml), Err(PoolError::BadEstimate { index: 0, .. })));
}

#[test]
fn logistic_regression_on_a_table_is_its_log_odds_ratio() {
    // 6 of 10 exposed, 2 of 10 unexposed: ln 6, standard error sqrt(25/24); intercept ln(2/8), sqrt(1/2 + 1/8).
    let rows = [(true, true, 6), (true, false, 4), (false, true, 2), (false, false, 8)];
    let mut exposed = Vec::new();
    let mut outcome = Vec::new();
    for (x, y, n) in rows {
        for _ in 0..n {
            exposed.push(f64::from(u8::from(x)));
            outcome.push(y);
        }
    }
    let constant = vec![3.0; 20];
    let covariates: [&[f64]; 2] = [&constant, &exposed];
    let fit = logistic(&LogisticData { outcome: &outcome, covariates: &covariates, weights: None }).unwrap();
    let slope = fit.coefficients[1].unwrap();
    assert_close("slope", slope.coef, 6.0_f64.ln(), 1e-12);
    assert_close("its error", slope.std_err, (25.0_f64 / 24.0).sqrt(), 1e-6);
    assert_close("intercept", fit.intercept.coef, 0.25_f64.ln(), 1e-12);
    assert_close("its error", fit.intercept.std_err, (5.0_f64 / 8.0).sqrt(), 1e-6);
    assert_eq!((fit.aliased(), fit.n, fit.n_events), (vec![0], 20, 8));
    // 6 ln .6 + 4 ln .4 + 2 ln .2 + 8 ln .8.
    let l = 6.0 * 0.6_f64.ln() + 4.0 * 0.4_f64.ln() + 2.0 * 0.2_f64.ln() + 8.0 * 0.8_f64.ln();
    assert_close("log likelihood", fit.log_likelihood, l, 1e-13);
    // Pairs: 96; the exposed with the event beat 8, tie with 4; the unexposed with it tie with 8.
    assert_close("auc", auc(&exposed, &outcome).unwrap(), (48.0 + 12.0 + 8.0) / 96.0, 1e-14);
}

#[test]
fn separation_is_named() {
    let outcome = [false, false, false, true, true, true];
    let fit = |covariates: &[&[f64]], outcome: &[bool]| logistic(&LogisticData { outcome, covariates, weights: None });
    let noise = [1.0, 5.0, 2.0, 4.0, 1.5, 3.0];
    assert_eq!(
        fit(&[&noise, &[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]], &outcome),
        Err(LogisticError::Separation { complete: true, covariate: Some(1) })
    );
    // Nobody in the rare category without the outcome: separation in part.
    let mut rare = vec![0.0; 40];
    let mut mixed: Vec<bool> = (0..40).map(|i| i % 3 == 0).collect();
    for row in [3, 6, 9] {
        rare[row] = 1.0;
        mixed[row] = true;
    }
    let other: Vec<f64> = (0..40).map(|i| f64::from(i * 7 % 11)).collect();
    assert_eq!(fit(&[&other, &rare], &mixed), Err(LogisticError::Separation { complete: false, covariate: Some(1) }));
    assert_eq!(fit(&[], &[true, true]), Err(LogisticError::OneOutcomeOnly));
    assert_eq!(fit(&[], &[]), Err(LogisticError::NoRows));
    assert_eq!(fit(&[&[1.0, f64::NAN]], &[true, false]), Err(LogisticError::NotFinite { covariate: 0, row: 1 }));
    let message = LogisticError::Separation { complete: false, covariate: Some(1) }.to_string();
    assert!(message.contains("covariate 2"), "{message}");
}

#[test]
fn scores_and_weights_by_hand() {
    let treated = [true, false, false, false];
    let scores = PropensityScores::new(&[0.5, 0.25, 0.1, 0.25], &treated).unwrap();
    // Share 1/4: the preference score of 1/4 is 1/2, of 1/2 3/4, of 1/10 (1/9) / (1/9 + 1/3) = 1/4.
    for (got, want) in scores.preference_scores().iter().zip([0.75, 0.5, 0.25, 0.5]) {
        assert_close("preference", *got, want, 1e-14);
    }
    assert_eq!(scores.equipoise(), 0.5);
    assert_eq!(scores.within(0.2, 0.6), [true, true, false, true]);
    assert_eq!(scores.within_common_range(), [false, false, false, false]);
    assert_eq!(effective_sample_size([1.0, 1.0, 2.0]), Some(16.0 / 6.0));
    assert_eq!(effective_sample_size([0.0]), None);
    assert!(matches!(
        PropensityScores::new(&[0.5, 1.0], &[true, false]),
        Err(PropensityError::ScoreOutOfRange { row: 1, .. })
    ));
    assert_eq!(PropensityScores::new(&[0.5], &[true]), Err(PropensityError::EmptyGroup));
}
