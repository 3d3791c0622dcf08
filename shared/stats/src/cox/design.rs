//! The data of a Cox regression, checked, in order of time and on a common scale.

mod plan;
mod scale;

pub(crate) use plan::{Plan, Segment, Stratum};

use super::error::{CoxError, CoxProblem};
use super::kernel::padded;
use super::settings::{CheckedCoxSettings, CoxSettings};
use crate::survival::{Durations, rows_or_err};
use crate::tick::{Tick, ask};

/// What to regress on what; unchecked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CoxData<'a> {
    /// The outcome, with entry, weights, strata and clusters if there are any; groups are ignored.
    pub durations: Durations<'a>,
    /// Covariates, one column each, as long as the durations; without missing values.
    pub covariates: &'a [&'a [f64]],
}

/// Checked data in order of time: what fits and diagnostics are computed from.
#[derive(Debug)]
pub struct CoxModel<'a> {
    pub(crate) data: CoxData<'a>,
    pub(crate) settings: CheckedCoxSettings,
    pub(crate) plan: Plan,
    /// Number of covariates.
    pub(crate) n_covariates: usize,
    /// Width of a padded row of `x`.
    pub(crate) width: usize,
    /// Covariates of the used rows in order, centred within strata and scaled; row by row.
    pub(crate) x: Vec<f64>,
    /// What each covariate was multiplied with.
    pub(crate) scale: Vec<f64>,
    /// Where linear predictors are centred, as in R: the mean, 0 for covariates of -1, 0 and 1 only.
    pub(crate) center: Vec<f64>,
    /// Weights in order; none if all are 1.
    pub(crate) weight: Option<Vec<f64>>,
    /// Sum over events of weight times standardised covariates.
    pub(crate) event_sum: Vec<f64>,
    pub(crate) n_events: usize,
}

impl<'a> CoxModel<'a> {
    /// Checks, sorts and standardises.
    ///
    /// Rows with weight zero take no part.
    ///
    /// # Errors
    /// [`CoxError::Invalid`] with every problem, [`CoxError::NoEvents`], [`CoxError::Cancelled`].
    pub fn new(data: &CoxData<'a>, settings: &CoxSettings, tick: &mut Tick<'_>) -> Result<Self, CoxError> {
        let settings = settings.check()?;
        check(data)?;
        ask(tick, 0.02)?;
        let durations = &data.durations;
        let any_event = match durations.weight {
            None => durations.event.iter().any(|&event| event),
            Some(weight) => durations.event.iter().zip(weight).any(|(&event, &w)| event && w > 0.0),
        };
        if !any_event {
            return Err(CoxError::NoEvents);
        }
        let plan = Plan::new(durations)?;
        ask(tick, 0.1)?;
        let n_covariates = data.covariates.len();
        let width = padded(n_covariates);
        let scaled = scale::standardise(data, &plan, width);
        ask(tick, 0.2)?;
        let weight = durations
            .weight
            .filter(|w| w.iter().any(|&w| w != 1.0))
            .map(|w| plan.rows.iter().map(|&row| w[row as usize]).collect::<Vec<f64>>());
        let mut model = Self {
            data: *data,
            settings,
            n_covariates,
            width,
            x: scaled.x,
            scale: scaled.scale,
            center: scaled.center,
            weight,
            event_sum: vec![0.0; width],
            n_events: plan.segments.iter().map(|s| s.n_events as usize).sum(),
            plan,
        };
        model.sum_events();
        Ok(model)
    }

    /// Number of rows that take part.
    pub fn n_rows(&self) -> usize {
        self.plan.rows.len()
    }

    /// Number of events.
    pub fn n_events(&self) -> usize {
        self.n_events
    }

    /// Whether variances are robust: clusters, or weights that are not whole numbers.
    pub fn is_robust(&self) -> bool {
        self.data.durations.is_robust()
    }

    pub(crate) fn row(&self, i: usize) -> &[f64] {
        &self.x[i * self.width..(i + 1) * self.width]
    }

    pub(crate) fn weight_of(&self, i: usize) -> f64 {
        self.weight.as_ref().map_or(1.0, |weight| weight[i])
    }

    fn sum_events(&mut self) {
        let mut sum = vec![0.0; self.width];
        for segment in &self.plan.segments {
            for i in segment.events() {
                super::kernel::add_scaled(&mut sum, self.weight_of(i), self.row(i));
            }
        }
        self.event_sum = sum;
    }
}

/// Every problem of durations and covariates.
fn check(data: &CoxData<'_>) -> Result<(), CoxError> {
    let n_rows = data.durations.n_rows();
    let mut problems = match data.durations.check().map_err(CoxError::from) {
        Ok(()) => Vec::new(),
        Err(CoxError::Invalid(problems)) => problems,
        Err(other) => return Err(other),
    };
    if data.covariates.is_empty() {
        problems.push(CoxProblem::NoCovariates);
    }
    for (covariate, values) in data.covariates.iter().enumerate() {
        if values.len() != n_rows {
            problems.push(CoxProblem::Length { covariate, length: values.len(), n_rows });
        }
        let rows = rows_or_err(values, |x| !x.is_finite());
        if !rows.is_empty() {
            problems.push(CoxProblem::NotFinite { covariate, rows });
        }
    }
    if problems.is_empty() { Ok(()) } else { Err(CoxError::Invalid(problems)) }
}
