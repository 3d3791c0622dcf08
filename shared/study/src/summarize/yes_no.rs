//! Yes-or-no variables that are stored as the numbers 0 and 1.

use std::sync::Arc;

use cohort::{CovariateColumn, CovariateValues, Source};
use columnar::Column;
use model::covariate::Covariate;

/// The levels, 0 first, of a variable that knows 0 and 1 only; `None` for one that is a number (or a category already).
///
/// The whole column decides, not those who are in a cohort: a count does not become a category because a few people
/// happen to have 0 or 1. Whether there was an event is yes or no by its meaning.
pub(super) fn levels(source: &Source<'_>, covariate: &Covariate) -> Option<Arc<[String]>> {
    let named = |levels: [&str; 2]| -> Option<Arc<[String]>> { Some(Arc::from(levels.map(str::to_owned))) };
    match covariate {
        Covariate::HasEvent { .. } => named(["no", "yes"]),
        Covariate::Variable { name, as_category: false } => match source.variable(name)? {
            Column::Number(values) => {
                let mut known = values.iter().flatten().peekable();
                known.peek()?;
                if known.all(|x| x == 0.0 || x == 1.0) { named(["0", "1"]) } else { None }
            }
            _ => None,
        },
        _ => None,
    }
}

/// Turns the numbers 0 and 1 into the codes of two levels.
pub(super) fn as_category(column: &mut CovariateColumn, levels: &Arc<[String]>) {
    if let CovariateValues::Number { values, valid } = &mut column.values {
        let codes = values.iter().map(|x| u32::from(*x == 1.0)).collect();
        column.values = CovariateValues::Category { codes, valid: std::mem::take(valid), levels: Arc::clone(levels) };
    }
}
