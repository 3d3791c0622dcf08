//! Quantiles by selection: linear time without weights.

use super::DescribeError;

/// One quantile of type 7 (R's default); none for an empty slice. Reorders the slice.
///
/// # Errors
/// A probability outside 0 to 1.
pub fn quantile_type7(values: &mut [f64], probability: f64) -> Result<Option<f64>, DescribeError> {
    Ok(quantiles_type7(values, &[probability])?.map(|q| q[0]))
}

/// Several quantiles of type 7, in the order asked for; none for an empty slice. Reorders the slice.
///
/// h = (n - 1) p, Q = x\[floor h\] + (h - floor h) (x\[floor h + 1\] - x\[floor h\])
///
/// # Errors
/// A probability outside 0 to 1.
pub fn quantiles_type7(values: &mut [f64], probabilities: &[f64]) -> Result<Option<Vec<f64>>, DescribeError> {
    check_probabilities(probabilities)?;
    if values.is_empty() {
        return Ok(None);
    }
    let mut order: Vec<usize> = (0..probabilities.len()).collect();
    order.sort_by(|&i, &j| probabilities[i].total_cmp(&probabilities[j]));
    let mut found = vec![0.0; probabilities.len()];
    // Everything left of `done` is at most everything right of it, so each selection looks at the rest only.
    let mut done = 0;
    for i in order {
        let (whole, part) = position(values.len(), probabilities[i]);
        let (_, &mut low, above) = values[done..].select_nth_unstable_by(whole - done, f64::total_cmp);
        let high = above.iter().copied().min_by(f64::total_cmp);
        found[i] = high.map_or(low, |high| between(low, high, part));
        done = whole;
    }
    Ok(Some(found))
}

/// Quantiles of (value, weight) rows with frequency weights; none for no rows. Reorders the rows.
///
/// The weighted sample is read as one in which each value stands as often as its weight says; type 7 on that.
///
/// # Errors
/// A probability outside 0 to 1.
/// # Agrees with
/// `Hmisc::wtd.quantile(type = "quantile")`; with whole weights, `quantile(rep(x, w))`.
pub fn weighted_quantiles(rows: &mut [(f64, f64)], probabilities: &[f64]) -> Result<Option<Vec<f64>>, DescribeError> {
    check_probabilities(probabilities)?;
    rows.sort_by(|x, y| x.0.total_cmp(&y.0).then(x.1.total_cmp(&y.1)));
    let total: f64 = rows.iter().map(|(_, weight)| weight).sum();
    let Some(&(last, _)) = rows.last() else {
        return Ok(None);
    };
    let mut cumulated = Vec::with_capacity(rows.len());
    let mut sum = 0.0;
    for (_, weight) in rows.iter() {
        sum += weight;
        cumulated.push(sum);
    }
    // The value at a 1-based place of the spelled-out sample; the slack keeps sums of decimal weights at their place.
    let at = |place: f64| {
        let row = cumulated.partition_point(|&c| c < place - 1e-12 * total.max(1.0));
        rows.get(row).map_or(last, |(value, _)| *value)
    };
    Ok(Some(
        probabilities
            .iter()
            .map(|probability| {
                let place = 1.0 + (total - 1.0).max(0.0) * probability;
                let whole = place.floor();
                between(at(whole), at((whole + 1.0).min(total)), place - whole)
            })
            .collect(),
    ))
}

/// Index below the quantile and the share of the way to the next one.
fn position(n: usize, probability: f64) -> (usize, f64) {
    let exact = (n - 1) as f64 * probability;
    // R's fuzz: a position that rounding moved off a whole number is that whole number.
    let fuzz = 4.0 * f64::EPSILON * exact.max(1.0);
    let whole = (exact + fuzz).floor();
    let part = exact - whole;
    ((whole as usize).min(n - 1), if part.abs() <= fuzz { 0.0 } else { part })
}

fn between(low: f64, high: f64, part: f64) -> f64 {
    if part == 0.0 || low == high {
        low
    } else {
        // Two products rather than a difference: the distance of two finite values may not be finite.
        (1.0 - part) * low + part * high
    }
}

fn check_probabilities(probabilities: &[f64]) -> Result<(), DescribeError> {
    match probabilities.iter().find(|p| !(0.0..=1.0).contains(*p)) {
        Some(&probability) => Err(DescribeError::BadProbability { probability }),
        None => Ok(()),
    }
}
