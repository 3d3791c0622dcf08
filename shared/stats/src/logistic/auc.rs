//! Area under the receiver operating characteristic curve.

/// Probability that a row with the outcome scores higher than one without, ties counting one half.
///
/// AUC = (sum of the events' ranks - n1 (n1 + 1) / 2) / (n1 n0)
///
/// # Data
/// One finite score and outcome a row, in any order; the two slices are of one length (a longer one is cut).
/// # Degenerate input
/// None where nobody or everybody has the outcome, or where a score is not a number.
/// # Agrees with
/// R 4.2, formula with `rank()` in `e2e/reference/tables.R`: 1e-12.
/// # Reference
/// J. A. Hanley and B. J. `McNeil`, Radiology 143 (1982).
pub fn auc(scores: &[f64], outcome: &[bool]) -> Option<f64> {
    let mut rows: Vec<(f64, bool)> = scores
        .iter()
        .zip(outcome)
        // Adding 0 makes one zero of two.
        .map(|(score, event)| (score + 0.0, *event))
        .collect();
    if rows.iter().any(|(score, _)| score.is_nan()) {
        return None;
    }
    rows.sort_unstable_by(|x, y| x.0.total_cmp(&y.0));
    let n_events = rows.iter().filter(|(_, event)| *event).count() as f64;
    let n_others = rows.len() as f64 - n_events;
    if n_events == 0.0 || n_others == 0.0 {
        return None;
    }
    let mut below = 0.0;
    let mut wins = 0.0;
    for tied in rows.chunk_by(|x, y| x.0 == y.0) {
        let events = tied.iter().filter(|(_, event)| *event).count() as f64;
        let others = tied.len() as f64 - events;
        wins += events * (below + others / 2.0);
        below += others;
    }
    Some(wins / (n_events * n_others))
}
