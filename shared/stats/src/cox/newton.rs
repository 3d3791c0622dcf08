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
    let factored = Ldl::factor(&null.information, ALIAS_TOLERANCE);
    let step = factored.solve(&null.score);
    let score_test = step.iter().zip(&null.score).map(|(a, u)| a * u).sum();
    let mut best = null.log_likelihood;
    let mut next = added(&beta, &step);
    let mut halving = 0.0;
    let max_iterations = model.settings.max_iterations;
    for iteration in 1..=max_iterations {
        ask(tick, 0.2 + 0.7 * (1.0 - 0.6_f64.powi(iteration as i32)))?;
        let here = evaluator.evaluate(model, &next);
        let finite = here.is_finite();
        if finite && (1.0 - best / here.log_likelihood).abs() <= model.settings.tolerance {
            let factored = Ldl::factor(&here.information, ALIAS_TOLERANCE);
            return Ok(Solution {
                beta: next,
                null,
                last: here,
                factored,
                score_test,
                n_iterations: iteration,
                converged: true,
            });
        }
        if !finite || here.log_likelihood < best {
            halving += 1.0;
            for (next, best) in next.iter_mut().zip(&beta) {
                *next = (*next + halving * best) / (halving + 1.0);
            }
        } else {
            halving = 0.0;
            best = here.log_likelihood;
            let step = Ldl::factor(&here.information, ALIAS_TOLERANCE).solve(&here.score);
            beta = next;
            next = added(&beta, &step);
        }
    }
    let last = evaluator.evaluate(model, &beta);
    let factored = Ldl::factor(&last.information, ALIAS_TOLERANCE);
    Ok(Solution {
        beta,
        null,
        last,
        factored,
        score_test,
        n_iterations: max_iterations,
        converged: false,
    })
}

fn added(beta: &[f64], step: &[f64]) -> Vec<f64> {
    let mut sum = beta.to_vec();
    for (sum, step) in sum.iter_mut().zip(step) {
        *sum += step;
    }
    sum
}
