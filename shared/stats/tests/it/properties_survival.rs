//! What must hold for any data: order does not matter, weights count rows, curves fall, nothing panics.

#![expect(clippy::unwrap_used, reason = "a test helper that cannot compute has to stop the test")]

use proptest::prelude::*;
use stats::cox::{
    CoxData, CoxFit, CoxModel, CoxSettings, Ties, TimeTransform, baseline_hazards, concordance, dfbeta,
    proportional_hazards, scaled_schoenfeld, schoenfeld, score_residuals,
};
use stats::survival::{
    Curve, CurveSettings, Durations, EventTable, LogRankWeight, kaplan_meier, log_rank, nelson_aalen, restricted_mean,
};
use stats::tick::never;

#[derive(Debug, Clone)]
struct Row {
    time: f64,
    event: bool,
    entry: f64,
    weight: f64,
    group: u32,
    stratum: u32,
    x: [f64; 2],
}

#[derive(Debug, Clone, Default)]
struct Data {
    time: Vec<f64>,
    event: Vec<bool>,
    entry: Vec<f64>,
    weight: Vec<f64>,
    group: Vec<u32>,
    stratum: Vec<u32>,
    x: [Vec<f64>; 2],
}

impl Data {
    fn new(rows: &[Row]) -> Self {
        let mut data = Self::default();
        for row in rows {
            data.time.push(row.time);
            data.event.push(row.event);
            data.entry.push(row.entry);
            data.weight.push(row.weight);
            data.group.push(row.group);
            data.stratum.push(row.stratum);
            data.x[0].push(row.x[0]);
            data.x[1].push(row.x[1]);
        }
        data
    }

    fn plain(&self) -> Durations<'_> {
        Durations::new(&self.time, &self.event).with_groups(&self.group, 3)
    }

    fn full(&self) -> Durations<'_> {
        Durations { entry: Some(&self.entry), weight: Some(&self.weight), ..self.plain() }
    }

    fn stratified(&self) -> Durations<'_> {
        Durations { strata: Some(&self.stratum), ..self.full() }
    }
}

/// R: `residuals(coxph(Surv(entry, time, event) ~ x1 + x2, weights = w), "score")`. The hazard before row 1 enters is 1e9
/// times that of its own days: the difference of two sums of it has to keep its digits.
#[test]
fn score_residuals_of_late_entries_keep_their_digits() {
    let (entry, time) = ([3.0, 19.0, 16.0, 0.0, 1.0, 22.0, 2.0, 2.0], [4.0, 33.0, 25.0, 1.0, 2.0, 25.0, 23.0, 23.0]);
    let event = [true, false, false, true, true, false, true, false];
    let weight = [1.0, 1.0, 2.0, 1.0, 1.0, 1.0, 2.0, 3.0];
    let x = [[1.125, -1.625, 0.625, 0.75, 1.125, 1.0, 0.875, 1.875], [1.0, 0.0, 1.0, 2.0, 0.0, 1.0, 1.0, 2.0]];
    let durations = Durations { entry: Some(&entry), weight: Some(&weight), ..Durations::new(&time, &event) };
    let cox = CoxData { durations, covariates: &[&x[0], &x[1]] };
    let settings = CoxSettings { tolerance: 1e-14, max_iterations: 40, ..CoxSettings::default() };
    let model = CoxModel::new(&cox, &settings, &mut never).unwrap();
    let residuals = score_residuals(&model, &model.fit(&mut never).unwrap()).unwrap();
    let r = [
        [1.930_243_029_08e-2, -4.329_574_721_34e-4],
        [1.584_362_675_98e-2, 6.246_737_164_65e-3],
        [2.359_692_372_31e-2, -6.393_877_019_76e-5],
        [0.0, 0.0],
        [0.0, 0.0],
        [-8.782_979_755_28e-2, -7.465_130_588_96e-4],
        [5.650_130_561_82e-3, 6.567_098_176_73e-4],
        [-1.936_789_355_90e-3, -2.084_269_576_19e-3],
    ];
    for (row, wanted) in r.iter().enumerate() {
        for (column, wanted) in wanted.iter().enumerate() {
            let got = residuals[(row, column)];
            assert!((got - wanted).abs() < 1e-8, "row {row}, column {column}: {got}, R says {wanted}");
        }
    }
}

/// Whole days with many ties, or any times.
fn rows(whole: bool) -> impl Strategy<Value = Vec<Row>> {
    let row = (1u32..40, any::<bool>(), 0.0..0.9f64, 1u32..4, 0u32..3, 0u32..2, -2.0..2.0f64, 0u32..3, 0.0..1.0f64)
        .prop_map(move |(day, event, entry, weight, group, stratum, x, z, jitter)| {
            let time = if whole { f64::from(day) } else { f64::from(day) + jitter };
            let entry = entry * time;
            Row {
                time,
                event,
                entry: if whole { entry.floor() } else { entry },
                weight: f64::from(weight),
                group,
                stratum,
                x: [(x * 8.0).round() / 8.0, f64::from(z)],
            }
        });
    prop::collection::vec(row, 1..60)
}

fn curves(durations: &Durations<'_>) -> Vec<Curve> {
    let table = EventTable::new(durations, &mut never).unwrap();
    kaplan_meier(&table, &CurveSettings::default(), &mut never).unwrap()
}

fn close(a: f64, b: f64, tolerance: f64) -> bool {
    (a - b).abs() <= tolerance * (1.0 + a.abs().max(b.abs()))
}

fn same_option(a: Option<f64>, b: Option<f64>, tolerance: f64) -> bool {
    match (a, b) {
        (Some(a), Some(b)) => close(a, b, tolerance),
        (None, None) => true,
        _ => false,
    }
}

fn same_curves(a: &[Curve], b: &[Curve], tolerance: f64) -> Result<(), TestCaseError> {
    for (a, b) in a.iter().zip(b) {
        prop_assert_eq!(a.times(), b.times());
        for (a, b) in a.points().zip(b.points()) {
            prop_assert!(close(a.n_at_risk, b.n_at_risk, tolerance));
            prop_assert!(close(a.n_events, b.n_events, tolerance));
            prop_assert!(close(a.survival, b.survival, tolerance));
            prop_assert!(same_option(a.std_err, b.std_err, tolerance), "{a:?} {b:?}");
            prop_assert!(same_option(a.lower, b.lower, tolerance));
            prop_assert!(same_option(a.upper, b.upper, tolerance));
        }
    }
    Ok(())
}

fn repeated(rows: &[Row]) -> Vec<Row> {
    rows.iter()
        .flat_map(|row| {
            let one = Row { weight: 1.0, ..row.clone() };
            std::iter::repeat_n(one, row.weight as usize)
        })
        .collect()
}

fn fit(durations: Durations<'_>, data: &Data, ties: Ties) -> Option<CoxFit> {
    let covariates: [&[f64]; 2] = [&data.x[0], &data.x[1]];
    let cox = CoxData { durations, covariates: &covariates };
    let settings = CoxSettings { ties, ..CoxSettings::default() };
    CoxModel::new(&cox, &settings, &mut never).ok()?.fit(&mut never).ok()
}

fn same_fits(a: Option<CoxFit>, b: Option<CoxFit>) -> Result<(), TestCaseError> {
    prop_assert_eq!(a.is_some(), b.is_some());
    let (Some(a), Some(b)) = (a, b) else { return Ok(()) };
    prop_assert!(close(a.log_likelihood_null, b.log_likelihood_null, 1e-10));
    prop_assert_eq!(a.wald_test.df, b.wald_test.df);
    if !a.warnings.is_empty() || !b.warnings.is_empty() {
        // where a coefficient runs away it depends on rounding how far
        return Ok(());
    }
    prop_assert!(close(a.log_likelihood, b.log_likelihood, 1e-8), "{a:?} {b:?}");
    for (a, b) in a.coefficients.iter().flatten().zip(b.coefficients.iter().flatten()) {
        prop_assert!(close(a.coef, b.coef, 1e-6), "{a:?} {b:?}");
        prop_assert!(close(a.std_err, b.std_err, 1e-6), "{a:?} {b:?}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    #[test]
    fn a_curve_falls_within_its_limits(rows in rows(false)) {
        let data = Data::new(&rows);
        for durations in [data.plain(), data.full()] {
            for curve in curves(&durations) {
                let mut previous = 1.0;
                for (i, point) in curve.points().enumerate() {
                    prop_assert!((0.0..=previous).contains(&point.survival));
                    prop_assert!(point.lower.is_none_or(|l| (0.0..=point.survival + 1e-12).contains(&l)));
                    prop_assert!(point.upper.is_none_or(|u| (point.survival - 1e-12..=1.0).contains(&u)));
                    prop_assert!(point.n_events + point.n_censored <= point.n_at_risk + 1e-9);
                    prop_assert!(close(curve.table().n_at_risk_at(point.time), point.n_at_risk, 1e-12));
                    prop_assert_eq!(curve.at(point.time).survival, curve.survival()[i]);
                    previous = point.survival;
                }
                let mean = restricted_mean(&curve, 20.0).unwrap();
                prop_assert!((0.0..=20.0 + 1e-9).contains(&mean.value) && mean.std_err >= 0.0);
                let (q1, q2) = (curve.quantile(0.25).time.reached(), curve.median().time.reached());
                prop_assert!(q2.is_none_or(|q2| q1.is_some_and(|q1| q1 <= q2)));
            }
        }
    }

    #[test]
    fn without_late_entry_those_at_risk_are_those_who_have_not_left(rows in rows(true)) {
        let data = Data::new(&rows);
        for (g, curve) in curves(&data.plain()).iter().enumerate() {
            for point in curve.points() {
                let left = rows.iter().filter(|r| r.group as usize == g && r.time >= point.time).count();
                prop_assert_eq!(point.n_at_risk, left as f64);
            }
        }
    }

    #[test]
    fn row_order_does_not_matter(rows in rows(false), whole in rows(true)) {
        for mut rows in [rows, whole] {
            let data = Data::new(&rows);
            rows.reverse();
            let reversed = Data::new(&rows);
            same_curves(&curves(&data.full()), &curves(&reversed.full()), 1e-10)?;
            for ties in [Ties::Efron, Ties::Breslow] {
                let (a, b) = (data.stratified(), reversed.stratified());
                same_fits(fit(a, &data, ties), fit(b, &reversed, ties))?;
            }
        }
    }

    #[test]
    fn a_weight_of_two_is_a_row_twice(rows in rows(true)) {
        let (data, longer) = (Data::new(&rows), Data::new(&repeated(&rows)));
        let unweighted = Durations { entry: Some(&longer.entry), ..longer.plain() };
        same_curves(&curves(&data.full()), &curves(&unweighted), 1e-10)?;
        let weight = LogRankWeight::TaroneWare;
        let test = |durations: &Durations<'_>| {
            let table = EventTable::new(durations, &mut never).unwrap();
            log_rank(&table, weight, &mut never)
        };
        match (test(&data.full()), test(&unweighted)) {
            (Ok(a), Ok(b)) => prop_assert!(close(a.chi2, b.chi2, 1e-8)),
            (a, b) => prop_assert_eq!(a.is_err(), b.is_err()),
        }
        // Breslow's likelihood adds up over rows; Efron's treats the copies as ties
        let strata = Durations { strata: Some(&longer.stratum), ..unweighted };
        same_fits(fit(data.stratified(), &data, Ties::Breslow), fit(strata, &longer, Ties::Breslow))?;
    }

    #[test]
    fn counting_and_sorting_give_one_answer(rows in rows(true)) {
        // a quarter added to every time sends whole days down the other path and changes nothing but the times
        let data = Data::new(&rows);
        let mut moved = data.clone();
        moved.time.iter_mut().for_each(|t| *t += 0.25);
        for (a, b) in curves(&data.plain()).iter().zip(&curves(&moved.plain())) {
            prop_assert_eq!(a.survival(), b.survival());
            for (a, b) in a.points().zip(b.points()) {
                prop_assert_eq!(a.time + 0.25, b.time);
                prop_assert_eq!((a.n_at_risk, a.n_events, a.n_censored), (b.n_at_risk, b.n_events, b.n_censored));
                prop_assert_eq!((a.std_err, a.lower, a.upper), (b.std_err, b.lower, b.upper));
            }
        }
        let test = |data: &Data| {
            let table = EventTable::new(&data.plain(), &mut never).unwrap();
            log_rank(&table, LogRankWeight::LogRank, &mut never).map(|test| test.chi2)
        };
        prop_assert_eq!(test(&data), test(&moved));
        for ties in [Ties::Efron, Ties::Breslow] {
            same_fits(fit(data.plain(), &data, ties), fit(moved.plain(), &moved, ties))?;
        }
    }

    #[test]
    fn the_score_is_zero_where_the_fit_ends(rows in rows(true)) {
        let data = Data::new(&rows);
        let covariates: [&[f64]; 2] = [&data.x[0], &data.x[1]];
        for ties in [Ties::Efron, Ties::Breslow] {
            let cox = CoxData { durations: data.stratified(), covariates: &covariates };
            let settings = CoxSettings { ties, tolerance: 1e-11, max_iterations: 40, ..CoxSettings::default() };
            let Ok(model) = CoxModel::new(&cox, &settings, &mut never) else { continue };
            let Ok(fit) = model.fit(&mut never) else { continue };
            if !fit.warnings.is_empty() {
                continue;
            }
            let residuals = score_residuals(&model, &fit).unwrap();
            let total_weight: f64 = data.weight.iter().sum();
            for j in 0..2 {
                let score: f64 = (0..rows.len()).map(|i| data.weight[i] * residuals[(i, j)]).sum();
                prop_assert!(score.abs() < 1e-6 * total_weight, "{score} {fit:?}");
            }
        }
    }

    #[test]
    fn nothing_panics_on_anything(rows in rows(true), constant in any::<bool>(), keep in 1usize..6) {
        let mut rows = rows;
        rows.truncate(keep);
        if constant {
            rows.iter_mut().for_each(|row| row.x = [1.0, 1.0]);
        }
        let data = Data::new(&rows);
        for durations in [data.plain(), data.full(), data.stratified()] {
            let durations = Durations { cluster: Some(&data.group), ..durations };
            let table = EventTable::new(&durations, &mut never).unwrap();
            let curves = kaplan_meier(&table, &CurveSettings::default(), &mut never).unwrap();
            prop_assert!(curves.iter().all(|curve| curve.survival().iter().all(|s| s.is_finite())));
            prop_assert_eq!(nelson_aalen(&table, &mut never).unwrap().len(), 3);
            if let Ok(test) = log_rank(&table, LogRankWeight::PetoPeto, &mut never) {
                prop_assert!(test.chi2.is_finite() && (0.0..=1.0).contains(&test.p));
            }
            let covariates: [&[f64]; 2] = [&data.x[0], &data.x[1]];
            let cox = CoxData { durations, covariates: &covariates };
            let Ok(model) = CoxModel::new(&cox, &CoxSettings::default(), &mut never) else { continue };
            let Ok(fit) = model.fit(&mut never) else { continue };
            prop_assert!(fit.log_likelihood.is_finite());
            prop_assert!(fit.log_likelihood >= fit.log_likelihood_null - 1e-9);
            let c = concordance(&model, &fit, &mut never).unwrap();
            prop_assert!(c.is_none_or(|c| (0.0..=1.0).contains(&c.value) && c.std_err.is_finite()));
            baseline_hazards(&model, &fit).unwrap();
            let how = TimeTransform::KaplanMeier;
            let ph = proportional_hazards(&model, &fit, &[&[0, 1]], how, &mut never).unwrap();
            prop_assert_eq!(ph.rows.len(), 2);
            let n_events = model.n_events();
            prop_assert_eq!(schoenfeld(&model, &fit).unwrap().rows.len(), n_events);
            prop_assert_eq!(scaled_schoenfeld(&model, &fit, &[], how).unwrap().values.len(), n_events);
            prop_assert_eq!(dfbeta(&model, &fit).unwrap().n_rows(), rows.len());
        }
    }
}
