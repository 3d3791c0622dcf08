//! Properties that hold for any data: the order of rows does not matter, weight 2 is the row twice, halves merge into the
//! whole.

use proptest::prelude::*;
use stats::describe::{Moments, NumericColumn, describe_numeric, histogram};
use stats::fisher::fisher_exact_p;
use stats::interval::ConfidenceLevel;
use stats::logistic::{LogisticData, auc, logistic};
use stats::pool::{PoolInference, PoolMethod, PoolSettings, StudyEstimate, pool};
use stats::smd::{CategoryDenominator, smd_categories};
use stats::special::{
    beta_inc, beta_quantile, chi2_cdf, chi2_quantile, chi2_sf, normal_cdf, normal_quantile, normal_sf, t_quantile, t_sf,
};
use stats::two_by_two::{TwoByTwoSettings, ZeroCells, two_by_two};

fn close(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * a.abs().max(b.abs()).max(1e-300)
}

fn same(a: Option<f64>, b: Option<f64>, tolerance: f64) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => (a - b).abs() <= tolerance * a.abs().max(b.abs()).max(1.0),
        (a, b) => a == b,
    }
}

fn values() -> impl Strategy<Value = Vec<f64>> {
    prop::collection::vec(prop_oneof![4 => -1e3..1e3, 1 => (0..5i32).prop_map(f64::from)], 1..60)
}

proptest! {
    #[test]
    fn a_summary_does_not_depend_on_the_order_of_rows(values in values(), turn in 0usize..60) {
        let mut turned = values.clone();
        turned.rotate_left(turn % values.len());
        turned.reverse();
        let a = describe_numeric(&NumericColumn::new(&values)).unwrap();
        let b = describe_numeric(&NumericColumn::new(&turned)).unwrap();
        prop_assert_eq!((a.n, a.median, a.q1, a.q3, a.min, a.max), (b.n, b.median, b.q1, b.q3, b.min, b.max));
        prop_assert!(same(a.mean, b.mean, 1e-12) && same(a.sd, b.sd, 1e-9));
    }

    #[test]
    fn weight_two_says_the_same_as_the_row_twice(values in values(), weights in prop::collection::vec(0u8..4, 60)) {
        let weights: Vec<f64> = weights[..values.len()].iter().map(|w| f64::from(*w)).collect();
        let repeated: Vec<f64> = values.iter().zip(&weights)
            .flat_map(|(v, w)| std::iter::repeat_n(*v, *w as usize)).collect();
        let weighted = NumericColumn { weights: Some(&weights), ..NumericColumn::new(&values) };
        let a = describe_numeric(&weighted).unwrap();
        let b = describe_numeric(&NumericColumn::new(&repeated)).unwrap();
        prop_assert!(same(a.mean, b.mean, 1e-12) && same(a.sd, b.sd, 1e-9));
        for (a, b) in [(a.q1, b.q1), (a.median, b.median), (a.q3, b.q3), (a.min, b.min), (a.max, b.max)] {
            prop_assert!(same(a, b, 1e-12), "{a:?} {b:?}");
        }
    }

    #[test]
    fn halves_merge_into_the_whole(values in values(), cut in 0usize..60) {
        let cut = cut % values.len();
        let moments = |values: &[f64]| {
            let mut m = Moments::default();
            for v in values { m.push(*v, 1.0); }
            m
        };
        let mut merged = moments(&values[..cut]);
        merged.merge(&moments(&values[cut..]));
        let whole = moments(&values);
        prop_assert!(same(merged.mean(), whole.mean(), 1e-12));
        prop_assert!(same(merged.variance(), whole.variance(), 1e-9));
        prop_assert_eq!((merged.min(), merged.max(), merged.sum_weights()), (whole.min(), whole.max(), whole.sum_weights()));
    }

    #[test]
    fn a_histogram_counts_every_row_once(values in values(), bins in 1usize..40) {
        let h = histogram(&NumericColumn::new(&values), bins).unwrap().unwrap();
        prop_assert_eq!(h.counts.iter().sum::<f64>(), values.len() as f64);
        prop_assert!(h.edges.windows(2).all(|w| w[0] < w[1]));
        prop_assert!(h.counts.len() <= bins + 2, "{} bins for {bins}", h.counts.len());
        for (i, count) in h.counts.iter().enumerate() {
            let last = i + 1 == h.counts.len();
            let inside = values.iter().filter(|v| {
                **v >= h.edges[i] && (**v < h.edges[i + 1] || last && **v == h.edges[i + 1])
            }).count();
            prop_assert_eq!(*count, inside as f64);
        }
    }

    #[test]
    fn quantiles_invert_their_distributions(p in 1e-12..1.0f64, df in 0.3..300.0f64, b in 0.3..300.0f64) {
        prop_assert!(close(normal_cdf(normal_quantile(p)), p, 1e-12));
        prop_assert!(close(chi2_cdf(chi2_quantile(p, df), df), p, 1e-11));
        prop_assert!(close(t_sf(-t_quantile(p, df), df), p, 1e-11));
        prop_assert!(close(beta_inc(df, b, beta_quantile(p, df, b)), p, 1e-9));
    }

    #[test]
    fn tails_fall_and_add_up(x in 0.0..40.0f64, step in 1e-6..1.0f64, df in 0.3..300.0f64) {
        prop_assert!(normal_sf(x + step) < normal_sf(x) || normal_sf(x) == 0.0);
        prop_assert!(chi2_sf(x + step, df) <= chi2_sf(x, df) * (1.0 + 1e-14));
        prop_assert!((chi2_sf(x, df) + chi2_cdf(x, df) - 1.0).abs() < 1e-14);
        prop_assert!(t_sf(x + step, df) <= t_sf(x, df) * (1.0 + 1e-14));
    }

    #[test]
    fn a_table_turned_round_says_the_opposite(a in 1u64..200, b in 1u64..200, c in 1u64..200, d in 1u64..200) {
        let settings = TwoByTwoSettings { level: ConfidenceLevel::P95, zero_cells: ZeroCells::AddHalf };
        let this = two_by_two(a, b, c, d, &settings).unwrap();
        let turned = two_by_two(c, d, a, b, &settings).unwrap();
        let (r, s) = (this.risk_ratio.unwrap(), turned.risk_ratio.unwrap());
        prop_assert!(close(r.estimate, 1.0 / s.estimate, 1e-12) && close(r.interval.lower, 1.0 / s.interval.upper, 1e-12));
        prop_assert!(close(this.risk_difference.newcombe.lower, -turned.risk_difference.newcombe.upper, 1e-12));
        prop_assert!(close(this.fisher_p, turned.fisher_p, 1e-10));
        prop_assert!(close(this.fisher_p, fisher_exact_p(a, c, b, d), 1e-10));
        prop_assert!(this.risk_difference.newcombe.contains(this.risk_difference.estimate));
        prop_assert!(this.exposed.clopper_pearson.contains(this.exposed.estimate));
        prop_assert!(this.exposed.wilson.contains(this.exposed.estimate));
    }

    #[test]
    fn a_pool_does_not_depend_on_the_order_of_studies(
        studies in prop::collection::vec((-3.0..3.0f64, 0.05..2.0f64), 2..12),
        method in prop::sample::select(vec![PoolMethod::Fixed, PoolMethod::DerSimonianLaird, PoolMethod::PauleMandel, PoolMethod::Reml]),
        scale in 0.01..100.0f64,
    ) {
        let settings = PoolSettings { method, inference: PoolInference::KnappHartung, level: ConfidenceLevel::P95 };
        let of = |factor: f64| -> Vec<StudyEstimate> {
            studies.iter().map(|(y, s)| StudyEstimate { estimate: y * factor, std_err: s * factor }).collect()
        };
        let straight = pool(&of(1.0), &settings).unwrap();
        let mut turned = of(1.0);
        turned.reverse();
        let turned = pool(&turned, &settings).unwrap();
        let tau2 = |p: &stats::pool::Pooled| p.heterogeneity.unwrap().tau2;
        prop_assert!((straight.estimate - turned.estimate).abs() < 1e-9);
        prop_assert!((tau2(&straight) - tau2(&turned)).abs() < 1e-8);
        // In other units the result is the same in other units.
        let scaled = pool(&of(scale), &settings).unwrap();
        prop_assert!((scaled.estimate / scale - straight.estimate).abs() < 1e-8);
        prop_assert!((tau2(&scaled) / scale / scale - tau2(&straight)).abs() < 1e-7);
        prop_assert!((straight.weights_percent.iter().sum::<f64>() - 100.0).abs() < 1e-9);
        prop_assert!(straight.interval.contains(straight.estimate));
        if let Some(prediction) = straight.prediction {
            prop_assert!(prediction.lower <= straight.interval.lower && prediction.upper >= straight.interval.upper);
        }
        if let Some(profile) = straight.heterogeneity.unwrap().tau2_interval {
            prop_assert!(profile.lower <= profile.upper);
        }
    }

    #[test]
    fn a_distance_of_categories_ignores_their_order(shares in prop::collection::vec((0.0..1.0f64, 0.0..1.0f64), 2..6)) {
        let total = |f: fn(&(f64, f64)) -> f64| shares.iter().map(f).sum::<f64>().max(1e-9);
        let (t_sum, c_sum) = (total(|s| s.0), total(|s| s.1));
        let t: Vec<f64> = shares.iter().map(|s| s.0 / t_sum).collect();
        let c: Vec<f64> = shares.iter().map(|s| s.1 / c_sum).collect();
        let turn = |v: &[f64]| v.iter().rev().copied().collect::<Vec<_>>();
        let a = smd_categories(&t, &c, &CategoryDenominator::new(&t, &c).unwrap());
        let b = smd_categories(&turn(&t), &turn(&c), &CategoryDenominator::new(&turn(&t), &turn(&c)).unwrap());
        if let (Ok(a), Ok(b)) = (a, b) {
            prop_assert!(close(a, b, 1e-6), "{a} {b}");
        }
    }

    #[test]
    fn a_logistic_fit_is_where_the_gradient_vanishes(
        rows in prop::collection::vec((-3.0..3.0f64, -50.0..50.0f64, 0.0..1.0f64, 0u8..3), 30..80),
    ) {
        let x: Vec<f64> = rows.iter().map(|r| r.0).collect();
        let z: Vec<f64> = rows.iter().map(|r| r.1).collect();
        let outcome: Vec<bool> = rows.iter().map(|r| r.2 < 1.0 / (1.0 + (-0.5 * r.0).exp())).collect();
        let weights: Vec<f64> = rows.iter().map(|r| f64::from(r.3)).collect();
        let covariates: [&[f64]; 2] = [&x, &z];
        let Ok(fit) = logistic(&LogisticData { outcome: &outcome, covariates: &covariates, weights: Some(&weights) }) else {
            // Small samples may be separated or have one outcome only.
            return Ok(());
        };
        for column in [&vec![1.0; x.len()], &x, &z] {
            let size: f64 = column.iter().zip(&weights).map(|(v, w)| v.abs() * w).sum();
            let gradient: f64 = (0..x.len())
                .map(|i| weights[i] * (f64::from(u8::from(outcome[i])) - fit.fitted[i]) * column[i]).sum();
            prop_assert!(gradient.abs() <= 1e-8 * size, "{gradient} of {size}");
        }
        let repeated: Vec<usize> = (0..x.len()).flat_map(|i| std::iter::repeat_n(i, weights[i] as usize)).collect();
        let pick = |v: &[f64]| repeated.iter().map(|i| v[*i]).collect::<Vec<_>>();
        let (x2, z2) = (pick(&x), pick(&z));
        let outcome2: Vec<bool> = repeated.iter().map(|i| outcome[*i]).collect();
        let covariates: [&[f64]; 2] = [&x2, &z2];
        let twice = logistic(&LogisticData { outcome: &outcome2, covariates: &covariates, weights: None }).unwrap();
        let (a, b) = (fit.coefficients[0].unwrap(), twice.coefficients[0].unwrap());
        prop_assert!((a.coef - b.coef).abs() < 1e-7 && (a.std_err - b.std_err).abs() < 1e-7);
    }

    #[test]
    fn turning_the_score_round_turns_the_auc_round(rows in prop::collection::vec((0i32..20, any::<bool>()), 2..50)) {
        let scores: Vec<f64> = rows.iter().map(|r| f64::from(r.0)).collect();
        let turned: Vec<f64> = scores.iter().map(|s| -s).collect();
        let outcome: Vec<bool> = rows.iter().map(|r| r.1).collect();
        match (auc(&scores, &outcome), auc(&turned, &outcome)) {
            (Some(a), Some(b)) => prop_assert!((a + b - 1.0).abs() < 1e-12),
            (a, b) => prop_assert!(a.is_none() && b.is_none()),
        }
    }
}
