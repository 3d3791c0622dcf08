//! Covariates and terms of a result by the dataset's labels, as people read them.

use model::results::{Balance, CoxReport};
use protocol::DatasetContents;

use crate::format::variable::VariableWords;

/// A covariate or a term (`meno=1`) by its label (`Menopausal status=postmenopausal`); one that is no variable of the
/// dataset, such as an event or the treatment, is returned as it is.
fn term(contents: &DatasetContents, term: &str) -> String {
    let (name, level) = term.split_once('=').map_or((term, None), |(name, level)| (name, Some(level)));
    let Some(info) = contents.variables.iter().find(|variable| variable.name == name) else {
        return term.to_owned();
    };
    let words = VariableWords::of(info);
    match level {
        Some(level) => format!("{}={}", words.label(), words.meaning(level).unwrap_or(level)),
        None => words.label().to_owned(),
    }
}

/// A balance table with the labels of its covariates.
pub(super) fn balance(contents: &DatasetContents, mut balance: Balance) -> Balance {
    for row in &mut balance.rows {
        row.covariate = term(contents, &row.covariate);
    }
    balance
}

/// A regression with the labels of its terms.
pub(super) fn cox(contents: &DatasetContents, mut cox: CoxReport) -> CoxReport {
    for coefficient in &mut cox.coefficients {
        coefficient.term = term(contents, &coefficient.term);
    }
    for test in &mut cox.proportional_hazards {
        test.term = term(contents, &test.term);
    }
    cox
}
