//! Newton-Raphson with step halving, by R's rules, so that both stop at the same step.

use super::design::CoxModel;
use super::likelihood::{Evaluation, Evaluator};
use crate::linalg::{ALIAS_TOLERANCE, Ldl};
use crate::tick::{Cancelled, Tick, ask};

/// Where the iteration ended, on the standardised scale.
#[derive(Debug)]
pub(crate) struct Solution {
    /// Padded coefficients.
    pub(crate) beta: Vec<f64>,
    pub(crate) null: Evaluation,
    pub(crate) last: Evaluation,
    pub(crate) factored: Ldl,
    pub(crate) score_test: f64,
    pub(crate) n_iterations: u32,
    pub(crate) converged: bool,
}

/// Maximises the partial likelihood, starting at zero.
///
/// Converged when the log likelihood changes by less than the tolerance, relatively; a step that lowers it is
/// shortened towards the best point so far, the more the longer that lasts.
pub(crate) fn maximise(model: &CoxModel<'_>, tick: &mut Tick<'_>) -> Result<Solution, Cancelled> {
    let mut evaluator = Evaluator::new(model);
    let mut beta = vec![0.0; model.width];
    let null = evaluator.evaluate(model, &beta);
    let factored = factor(&null, None);
    let (rank, aliased) = (factored.rank(), factored.aliased().to_vec());
    let step = factored.solve(&null.score);
    let score_test = step.iter().zip(&null.score).map(|(a, u)| a * u).sum();
    let mut best = null.log_likelihood;
    let mut next = added(&beta, &step);
    let mut halving = 0.0;
    let mut n_iterations = 0;
    while n_iterations < model.settings.max_iterations {
        n_iterations += 1;
        ask(tick, 0.2 + 0.7 * (1.0 - 0.6_f64.powi(n_iterations as i32)))?;
        let here = evaluator.evaluate(model, &next);
        let factored = factor(&here, Some(&aliased));
        let finite = here.is_finite();
        if finite && factored.rank() < rank {
            // A coefficient has run so far that its information is gone: the last point before is as good as any.
            break;
        }
        if finite && (1.0 - best / here.log_likelihood).abs() <= model.settings.tolerance {
            let (beta, last, converged) = (next, here, true);
            return Ok(Solution { beta, null, last, factored, score_test, n_iterations, converged });
        }
        if !finite || here.log_likelihood < best {
            halving += 1.0;
            for (next, best) in next.iter_mut().zip(&beta) {
                *next = (*next + halving * best) / (halving + 1.0);
            }
        } else {
            halving = 0.0;
            best = here.log_likelihood;
            beta = next;
            next = added(&beta, &factored.solve(&here.score));
        }
    }
    let last = evaluator.evaluate(model, &beta);
    let factored = factor(&last, Some(&aliased));
    Ok(Solution { beta, null, last, factored, score_test, n_iterations, converged: false })
}

/// Factors the information; what was aliased at the start stays so, as collinearity does not depend on coefficients.
fn factor(evaluation: &Evaluation, aliased: Option<&[bool]>) -> Ldl {
    let mut floor = evaluation.rounding.clone();
    for (floor, _) in floor.iter_mut().zip(aliased.unwrap_or_default()).filter(|(_, a)| **a) {
        *floor = f64::INFINITY;
    }
    Ldl::factor_above(&evaluation.information, ALIAS_TOLERANCE, &floor)
}

fn added(beta: &[f64], step: &[f64]) -> Vec<f64> {
    let mut sum = beta.to_vec();
    for (sum, step) in sum.iter_mut().zip(step) {
        *sum += step;
    }
    sum
}
