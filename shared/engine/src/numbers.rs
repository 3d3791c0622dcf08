//! Questions that need no dataset: two-by-two tables, pooling.

use model::results::{EValue, Interval, PoolReport, Setting, TwoByTwoReport};
use protocol::{EngineError, Pool, PoolMethod, TwoByTwo};
use stats::interval::ConfidenceLevel;
use stats::pool::{PoolInference, PoolSettings, StudyEstimate};
use stats::two_by_two::{NntInterval, NumberNeededToTreat, TwoByTwoSettings, TwoByTwoWarning, ZeroCells};

use crate::error;

/// More than all people who ever lived; exact tests walk through the tables of their counts.
const MAX_PERSONS: u64 = 1_000_000_000_000;

fn setting(name: &str, value: &str) -> Setting {
    Setting { name: name.to_owned(), value: value.to_owned() }
}

/// Risk ratio and company.
pub(crate) fn two_by_two(request: &TwoByTwo) -> Result<TwoByTwoReport, EngineError> {
    let TwoByTwo { a, b, c, d } = *request;
    if let Some(cell) = [a, b, c, d].into_iter().find(|cell| *cell > MAX_PERSONS) {
        return Err(EngineError::invalid(format!(
            "{cell} persons are more than the {MAX_PERSONS} of which a cell may count."
        )));
    }
    let settings = TwoByTwoSettings { level: ConfidenceLevel::P95, zero_cells: ZeroCells::AddHalf };
    let table = stats::two_by_two::two_by_two(a, b, c, d, &settings)
        .map_err(|e| EngineError::invalid(error::sentence(&e.to_string())))?;
    let ratio = |r: stats::two_by_two::RatioEstimate| Interval {
        estimate: r.estimate,
        lower: Some(r.interval.lower),
        upper: Some(r.interval.upper),
    };
    let difference = table.risk_difference;
    let nnt = table.number_needed_to_treat;
    let (nnt_lower, nnt_upper) = nnt_limits(nnt);
    Ok(TwoByTwoReport {
        risk_ratio: table.risk_ratio.map(ratio),
        odds_ratio: table.odds_ratio.map(ratio),
        risk_difference: Some(Interval {
            estimate: difference.estimate,
            lower: Some(difference.newcombe.lower),
            upper: Some(difference.newcombe.upper),
        }),
        fisher_p: Some(table.fisher_p),
        chi2: table.chi_squared.map(|t| t.statistic),
        chi2_p: table.chi_squared.map(|t| t.p),
        nnt: nnt.number(),
        nnt_lower,
        nnt_upper,
        nnt_direction: match nnt {
            NumberNeededToTreat::NoDifference { .. } => "equal",
            NumberNeededToTreat::OneEventFewer { .. } => "fewer",
            NumberNeededToTreat::OneEventMore { .. } => "more",
        }
        .to_owned(),
        e_value: table.e_value.map(|e| EValue { point: e.point, limit: e.limit }),
        settings: vec![
            setting("risk ratio", "Wald interval on the logarithm"),
            setting("odds ratio", "Woolf interval"),
            setting("risk difference", "Newcombe hybrid score interval (method 10)"),
            setting("Fisher's exact test", "two-sided, by probability"),
            setting("chi-squared", "Pearson, without continuity correction"),
            setting("E-value", "VanderWeele and Ding, of the risk ratio"),
            setting("confidence level", "95%"),
        ],
        warnings: table.warnings.iter().map(|w| two_by_two_warning(*w).to_owned()).collect(),
    })
}

/// An interval through infinity has no limits that can be written.
fn nnt_limits(nnt: NumberNeededToTreat) -> (Option<f64>, Option<f64>) {
    match nnt.interval() {
        NntInterval::OneSided { lower, upper } => (Some(lower), upper),
        NntInterval::ThroughInfinity { .. } => (None, None),
    }
}

fn two_by_two_warning(warning: TwoByTwoWarning) -> &'static str {
    match warning {
        TwoByTwoWarning::HalfAddedForRiskRatio => {
            "A cell is empty: 0.5 was added to every cell for the risk ratio (Haldane and Anscombe). Read it with care."
        }
        TwoByTwoWarning::HalfAddedForOddsRatio => {
            "A cell is empty: 0.5 was added to every cell for the odds ratio (Haldane and Anscombe). Read it with care."
        }
        TwoByTwoWarning::NoEvents => "Nobody had the event: no ratio can be told.",
        TwoByTwoWarning::OnlyEvents => "Everybody had the event: no odds ratio can be told.",
        TwoByTwoWarning::SmallExpectedCount => {
            "An expected count is below 5: rely on Fisher's exact test rather than on chi-squared."
        }
    }
}

/// Pools estimates.
pub(crate) fn pool(request: &Pool) -> Result<PoolReport, EngineError> {
    if request.estimates.len() != request.std_errs.len() {
        return Err(EngineError::invalid(format!(
            "There are {} estimates and {} standard errors: each estimate needs its own.",
            request.estimates.len(),
            request.std_errs.len()
        )));
    }
    if request.knapp_hartung && request.method == PoolMethod::Fixed {
        return Err(EngineError::invalid(
            "Knapp-Hartung belongs to random effects: choose reml, dl or pm, or leave it off.",
        ));
    }
    let studies: Vec<StudyEstimate> = request
        .estimates
        .iter()
        .zip(&request.std_errs)
        .map(|(estimate, std_err)| StudyEstimate { estimate: *estimate, std_err: *std_err })
        .collect();
    let method = match request.method {
        PoolMethod::Reml => stats::pool::PoolMethod::Reml,
        PoolMethod::Dl => stats::pool::PoolMethod::DerSimonianLaird,
        PoolMethod::Pm => stats::pool::PoolMethod::PauleMandel,
        PoolMethod::Fixed => stats::pool::PoolMethod::Fixed,
    };
    let inference = if request.knapp_hartung { PoolInference::KnappHartung } else { PoolInference::Normal };
    let settings = PoolSettings { method, inference, level: ConfidenceLevel::P95 };
    let pooled = stats::pool::pool(&studies, &settings)
        .map_err(|e| EngineError::NotEstimable { message: error::sentence(&e.to_string()) })?;
    Ok(knowledge::pool::pool_report(&pooled))
}
