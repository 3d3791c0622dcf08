//! The treatment's hazard ratio, with what the test of proportional hazards means for it.

use model::results::{CoxReport, HazardRatio};
use model::words::p_words;

use crate::terms::in_words;

/// Below this the hazards are called not proportional.
const PH_LEVEL: f64 = 0.05;

/// The hazard ratio of `term` out of a Cox regression, target against comparator.
pub(crate) fn hazard_ratio(cox: &CoxReport, term: &str, method: &str) -> Result<HazardRatio, String> {
    let row = cox.coefficients.iter().find(|c| c.term == term);
    let separated = cox.warnings.iter().find(|w| w.contains(&format!("'{}'", in_words(term))));
    if let Some(words) = separated {
        return Err(words.clone());
    }
    let found =
        row.and_then(|c| Some((c.hazard_ratio?, c.lower?, c.upper?, c.coef?, c.robust_std_err.or(c.std_err)?, c.p?)));
    let Some((estimate, lower, upper, log_estimate, std_err, p)) = found else {
        return Err("the treatment's coefficient cannot be estimated from these data".to_owned());
    };
    let ph_p = cox.proportional_hazards.iter().find(|t| t.term == term).map(|t| t.p);
    Ok(HazardRatio {
        estimate,
        lower,
        upper,
        log_estimate,
        std_err,
        p,
        n: cox.n,
        n_events: cox.n_events,
        method: method.to_owned(),
        ph_p,
        ph_words: ph_words(ph_p),
    })
}

fn ph_words(p: Option<f64>) -> String {
    match p {
        None => "Whether the hazard ratio stays the same over time cannot be tested here.".to_owned(),
        Some(p) if p < PH_LEVEL => format!(
            "The hazard ratio changes over time (test of proportional hazards, {}). One number then averages over \
             follow-up and depends on how long it was: look at the curves, at survival at chosen times and at the \
             restricted mean instead.",
            p_words(p)
        ),
        Some(p) => format!(
            "No sign that the hazard ratio changes over time (test of proportional hazards, {}). With few events such \
             a change would go unseen.",
            p_words(p)
        ),
    }
}
