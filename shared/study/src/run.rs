//! Runs a study plan.

use cohort::{Cohort, CovariateColumn, Covariates, Source, covariates};
use model::results::{CoxReport, FollowUp, SETTING_COVARIATES, Setting, StudyResult};
use model::study::{Adjustment, Estimand, Outcome, Overlap, StudyPlan, TimeUnit};
use model::words::count;
use stats::interval::ConfidenceLevel;
use stats::rate::rate;
use stats::survival::{CurveSettings, EventTable, kaplan_meier};
use stats::tick::Tick;

use crate::arms::{Population, population};
use crate::balance::{Weighted, balance};
use crate::columns::small;
use crate::cox;
use crate::curves::{FullCurves, curves};
use crate::error::StudyError;
use crate::propensity::{self, Propensity};
use crate::rows::{Rows, filtered};
use crate::settings::{check, printed, setting, stats_tick};
use crate::terms::Terms;
use crate::treatment::hazard_ratio;

/// How far a plan is run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Attrition and balance, propensity and overlap; no outcome is looked at but for who has one recorded.
    Design,
    /// The design and the unadjusted outcomes.
    Unadjusted,
    /// Everything.
    Full,
}

/// A result and the curves behind it, no point left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StudyRun {
    /// What is shown and saved.
    pub result: StudyResult,
    /// Unadjusted curves, target first; for [`crate::risk_table`].
    pub curves: FullCurves,
    /// Weighted curves, where the plan asks for weighting.
    pub weighted_curves: Option<FullCurves>,
}

/// Runs a plan as far as asked.
///
/// An arm without subjects, nobody with the outcome or covariates that separate the arms do not fail: attrition and
/// balance stand, the estimates are absent and warnings say why.
///
/// # Errors
/// [`StudyError`] if a cohort, a covariate, the outcome or a setting does not fit the dataset, or on cancelling.
pub fn run(
    source: &Source<'_>,
    plan: &StudyPlan,
    stage: Stage,
    tick: &mut cohort::Tick<'_>,
) -> Result<StudyRun, StudyError> {
    let problems = check(&plan.settings);
    if !problems.is_empty() {
        return Err(StudyError::Invalid(problems));
    }
    let mut population = population(source, plan, tick)?;
    let subjects = Cohort { subjects: std::mem::take(&mut population.subjects), ..Cohort::default() };
    let read = covariates(source, &subjects, &plan.covariates, &plan.covariate_concept_sets)
        .map_err(StudyError::of("covariates"))?;
    let mut tick = stats_tick(tick);
    let mut study = Study::new(plan, population, read)?;
    study.design();
    if stage >= Stage::Unadjusted && study.both_arms {
        study.unadjusted(&mut tick)?;
    }
    if stage == Stage::Full && study.both_arms {
        match plan.adjustment {
            Adjustment::None => {}
            Adjustment::Regression => study.regression(&mut tick)?,
            Adjustment::Weighting { .. } => study.weighting(&mut tick)?,
        }
    }
    study.run.result.settings = settings(plan);
    Ok(study.run)
}

struct Study<'a> {
    plan: &'a StudyPlan,
    rows: Rows,
    treated: Vec<bool>,
    columns: Vec<CovariateColumn>,
    terms: Terms,
    weights: Option<Vec<f64>>,
    both_arms: bool,
    run: StudyRun,
}

impl<'a> Study<'a> {
    fn new(plan: &'a StudyPlan, population: Population, read: Covariates) -> Result<Self, StudyError> {
        let Population { treated, time, event, attrition, mut warnings, .. } = population;
        warnings.extend(read.warnings);
        warnings.extend(plan.outcome.deaths_in_words());
        let result = StudyResult {
            plan_id: model::canonical::content_id(plan).map_or_else(|_| String::new(), |id| id.0),
            outcome: plan.outcome.name().to_owned(),
            time_unit: unit_of(plan).to_owned(),
            attrition,
            warnings,
            ..StudyResult::default()
        };
        let n_rows = treated.len();
        Ok(Self {
            plan,
            rows: Rows { time, event, group: treated.iter().map(|t| u32::from(!t)).collect(), ..Rows::default() },
            both_arms: treated.contains(&true) && treated.contains(&false),
            terms: Terms::of(read.columns.clone(), n_rows)?,
            columns: read.columns,
            treated,
            weights: None,
            run: StudyRun { result, ..StudyRun::default() },
        })
    }

    fn warn(&mut self, words: impl Into<String>) {
        self.run.result.warnings.push(words.into());
    }

    fn treatment_term(&self) -> String {
        format!("treatment={}", self.plan.target.name)
    }

    fn indicator(&self) -> Vec<f64> {
        self.treated.iter().map(|t| f64::from(u8::from(*t))).collect()
    }

    fn arm_names(&self) -> [String; 2] {
        [self.plan.target.name.clone(), self.plan.comparator.name.clone()]
    }

    /// Balance, propensity, weights: nothing in here reads time or event.
    fn design(&mut self) {
        for (name, arm) in self.arm_names().into_iter().zip([true, false]) {
            if !self.treated.contains(&arm) {
                self.warn(format!("not estimable: nobody is left in the arm '{name}'; see where in the attrition"));
            }
        }
        let mut warnings = Vec::new();
        let propensity = self.propensity(&mut warnings);
        if let (Some(p), Adjustment::Weighting { estimand }) = (&propensity, self.plan.adjustment) {
            let mut complete = p.weights(estimand).into_iter();
            let weight = |c: &bool| if *c { complete.next().unwrap_or(0.0) } else { 0.0 };
            self.weights = Some(self.terms.complete.iter().map(weight).collect());
        }
        let weighted = self.weights.as_deref().map(|weights| Weighted { weights });
        let mut table = balance(&self.columns, &self.treated, weighted.as_ref(), &mut warnings);
        if let Some(p) = propensity {
            table.equipoise = Some(p.scores.equipoise());
            table.auc = p.auc;
            table.propensity_histogram = Some(p.histogram());
        }
        let unbalanced = |smd: Option<f64>| smd.is_some_and(|s| s.abs() > table.threshold);
        let n = table.rows.iter().filter(|r| unbalanced(r.smd_after)).count();
        if n > 0 {
            warnings.push(format!(
                "{n} rows of the balance table stay unbalanced after weighting (|SMD| above {})",
                table.threshold
            ));
        }
        self.run.result.balance = table;
        self.run.result.warnings.extend(warnings);
    }

    fn propensity(&self, warnings: &mut Vec<String>) -> Option<Propensity> {
        if self.terms.terms.is_empty() || !self.both_arms {
            if matches!(self.plan.adjustment, Adjustment::Weighting { .. }) && self.plan.covariates.is_empty() {
                warnings.push("weighting needs covariates; choose what to adjust for".to_owned());
            }
            warnings.extend(self.terms.left_out());
            return None;
        }
        let left_out = self.terms.complete.iter().filter(|c| !**c).count();
        if left_out > 0 {
            warnings.push(format!(
                "{} of {} subjects lack a value of a covariate: the propensity score and everything adjusted do \
                 without them",
                count(left_out as u64),
                count(self.treated.len() as u64)
            ));
        }
        match propensity::fit(&self.terms, &self.treated, warnings) {
            Ok(propensity) => Some(propensity),
            Err(words) => {
                warnings.push(format!("the propensity score is not estimable: {words}"));
                None
            }
        }
    }

    fn unadjusted(&mut self, tick: &mut Tick<'_>) -> Result<(), StudyError> {
        let names = self.arm_names();
        let (mut report, full) = curves(&self.rows, &names, &self.plan.settings, true, tick)?;
        self.run.curves = full;
        let terms = Terms { complete: vec![true; self.rows.len()], ..Terms::default() };
        let terms = terms.with_first(&self.treatment_term(), &self.plan.comparator.name, self.indicator());
        let fitted = cox::fit(&self.rows, &terms, &self.plan.settings, tick)?;
        let estimate = self.estimate(&fitted, "Cox regression on the treatment alone");
        self.run.result.hazard_ratio_unadjusted = estimate;
        report.cox = fitted.ok();
        report.settings = printed(&self.plan.settings, Some(&self.run.result.time_unit));
        self.run.result.warnings.append(&mut report.warnings);
        self.run.result.unadjusted = report;
        self.run.result.follow_up = self.follow_up(tick)?;
        Ok(())
    }

    /// The treatment's hazard ratio, or a warning.
    fn estimate(&mut self, fitted: &Result<CoxReport, String>, method: &str) -> Option<model::results::HazardRatio> {
        let term = self.treatment_term();
        match fitted.as_ref().map_err(Clone::clone).and_then(|cox| hazard_ratio(cox, &term, method)) {
            Ok(estimate) => Some(estimate),
            Err(words) => {
                self.warn(format!("the hazard ratio by {method} is not estimable: {words}"));
                None
            }
        }
    }

    fn regression(&mut self, tick: &mut Tick<'_>) -> Result<(), StudyError> {
        if self.terms.terms.is_empty() {
            self.warn("no covariate was chosen, so the adjusted estimate is the unadjusted one");
        }
        let left_out = self.terms.complete.iter().filter(|c| !**c).count();
        if left_out > 0 {
            self.warn(format!(
                "the adjusted Cox regression leaves out {} of {} subjects who lack a value of a covariate",
                count(left_out as u64),
                count(self.rows.len() as u64)
            ));
        }
        let terms = self.terms.clone().with_first(&self.treatment_term(), &self.plan.comparator.name, self.indicator());
        let fitted = cox::fit(&self.rows, &terms, &self.plan.settings, tick)?;
        let method = "Cox regression on the treatment and every covariate, complete cases";
        self.run.result.hazard_ratio_adjusted = self.estimate(&fitted, method);
        if let Ok(cox) = fitted {
            self.run.result.warnings.extend(cox.warnings.iter().map(|w| format!("adjusted Cox regression: {w}")));
            self.run.result.regression = Some(cox);
        }
        Ok(())
    }

    fn weighting(&mut self, tick: &mut Tick<'_>) -> Result<(), StudyError> {
        let Some(weights) = &self.weights else {
            self.warn("the weighted comparison is not estimable: there are no propensity scores");
            return Ok(());
        };
        let complete = self.terms.complete.clone();
        let mut rows = self.rows.filter(&complete);
        rows.weight = Some(filtered(weights, &complete));
        let treated = filtered(&self.indicator(), &complete);
        let (mut report, full) = curves(&rows, &self.arm_names(), &self.plan.settings, true, tick)?;
        // log-rank is not defined under weights; the robust Wald test of the Cox regression stands in
        report.warnings.retain(|w| !w.starts_with("the log-rank test"));
        self.run.weighted_curves = Some(full);
        // each person a cluster of one: robust errors even where all weights are whole numbers
        rows.cluster = Some((0..small(rows.len())).collect());
        let terms = Terms { complete: vec![true; rows.len()], ..Terms::default() };
        let terms = terms.with_first(&self.treatment_term(), &self.plan.comparator.name, treated);
        let fitted = cox::fit(&rows, &terms, &self.plan.settings, tick)?;
        let method = "Cox regression on the treatment, weighted by the propensity score, robust standard error";
        self.run.result.hazard_ratio_adjusted = self.estimate(&fitted, method);
        report.cox = fitted.ok();
        report.n_missing_dropped = complete.iter().filter(|c| !**c).count() as u64;
        report.settings = printed(&self.plan.settings, Some(&self.run.result.time_unit));
        self.run.result.warnings.extend(report.warnings.iter().map(|w| format!("weighted: {w}")));
        self.run.result.weighted = Some(report);
        Ok(())
    }

    fn follow_up(&self, tick: &mut Tick<'_>) -> Result<Vec<FollowUp>, StudyError> {
        let per_year = match self.run.result.time_unit.as_str() {
            "weeks" => 365.25 / 7.0,
            "months" => 12.0,
            "years" => 1.0,
            _ => 365.25,
        };
        let level = ConfidenceLevel::new(self.plan.settings.level).unwrap_or(ConfidenceLevel::P95);
        let turned = Rows { event: self.rows.event.iter().map(|e| !e).collect(), ..self.rows.clone() };
        let medians: Vec<Option<f64>> = match EventTable::new(&turned.for_curves(2), tick) {
            Ok(table) => kaplan_meier(&table, &CurveSettings::default(), tick)
                .map(|curves| curves.iter().map(|c| c.median().time.reached()).collect())
                .unwrap_or_default(),
            Err(stats::survival::SurvivalError::Cancelled(_)) => return Err(StudyError::Cancelled),
            Err(_) => Vec::new(),
        };
        let arm = |(group, name): (u32, String)| {
            let mine = || (0..self.rows.len()).filter(move |&row| self.rows.group[row] == group);
            let time_at_risk: f64 = mine().map(|row| self.rows.time[row]).sum();
            let n_events = mine().filter(|&row| self.rows.event[row]).count() as u64;
            let rate = rate(n_events, time_at_risk / per_year / 100.0, level).ok();
            FollowUp {
                arm: name,
                n: mine().count() as u64,
                n_events,
                time_at_risk,
                rate_per_100_years: rate.map(|rate| rate.estimate),
                rate_lower: rate.map(|rate| rate.interval.lower),
                rate_upper: rate.map(|rate| rate.interval.upper),
                median_follow_up: medians.get(group as usize).copied().flatten(),
            }
        };
        Ok((0..).zip(self.arm_names()).map(arm).collect())
    }
}

/// Every setting of a plan, in words.
fn settings(plan: &StudyPlan) -> Vec<Setting> {
    let overlap = match plan.overlap {
        Overlap::RemoveFromBoth => "left out of both",
        Overlap::KeepFirst => "kept where the index date is earlier; left out on the same day",
    };
    let adjustment = match plan.adjustment {
        Adjustment::None => "none",
        Adjustment::Regression => "Cox regression on the treatment and every covariate",
        Adjustment::Weighting { estimand: Estimand::Ate } => {
            "inverse probability weights (not stabilized), effect in everybody (ATE)"
        }
        Adjustment::Weighting { estimand: Estimand::Att } => "weights for the effect in the treated (ATT)",
        Adjustment::Weighting { estimand: Estimand::Ato } => "overlap weights (ATO)",
    };
    let covariates: Vec<&str> = plan.covariates.iter().map(model::covariate::Covariate::name).collect();
    let mut list = vec![
        setting("target", &*plan.target.name),
        setting("comparator (reference)", &*plan.comparator.name),
        setting("persons in both arms", overlap),
        setting("entries of a person", "the first one counts"),
    ];
    list.extend(outcome_settings(plan));
    list.extend([
        setting("adjustment", adjustment),
        setting(SETTING_COVARIATES, if covariates.is_empty() { "none".to_owned() } else { covariates.join(", ") }),
        setting("missing covariates", "complete cases in everything adjusted; nothing is filled in"),
        setting("balance", "standardized mean difference, pooled SD of the unadjusted arms; unbalanced above 0.1"),
        setting("propensity score", "logistic regression on every covariate; equipoise: preference score 0.3 to 0.7"),
    ]);
    list.push(setting("incidence rates", "events per 100 person-years, exact interval of a Poisson count (Garwood)"));
    list.extend(printed(&plan.settings, Some(unit_of(plan))));
    list
}

/// The word for the unit of every time.
fn unit_of(plan: &StudyPlan) -> &'static str {
    match &plan.outcome {
        Outcome::Columns { unit, .. } => unit.word(),
        Outcome::Event { .. } => TimeUnit::Days.word(),
    }
}

fn outcome_settings(plan: &StudyPlan) -> Vec<Setting> {
    let risk = plan.time_at_risk;
    let unit = unit_of(plan);
    let end = risk.end.map_or("the end of follow-up".to_owned(), |e| format!("{e} {unit}"));
    let mut list = vec![
        setting("outcome", plan.outcome.name()),
        setting("time at risk", format!("from {} {unit} after the index date to {end}", risk.start)),
    ];
    if risk.start > 0.0 {
        let words = match &plan.outcome {
            Outcome::Columns { .. } => format!("times count from {} {unit} after the index date", risk.start),
            Outcome::Event { .. } => {
                format!("times count from the end of day {} after the index date", risk.start - 1.0)
            }
        };
        list.push(setting("start of the clock", words));
    }
    if let Outcome::Columns { event, or: Some(or), .. } = &plan.outcome {
        let words = format!(
            "whichever of '{event}' and '{}' comes first; follow-up ends with the shorter of the two durations",
            or.event
        );
        list.push(setting("outcome event", words));
    }
    if let Outcome::Event { event, concept_sets, washout_days, or_death, .. } = &plan.outcome {
        let or_death = if *or_death { " or death, whichever comes first" } else { "" };
        let words = format!("the first {}{or_death}", cohort::describe_query(event, concept_sets));
        list.push(setting("outcome event", words));
        let washout = washout_days.map_or("not asked".to_owned(), |d| format!("{d} days up to the index date"));
        list.push(setting("free of the outcome before", washout));
    }
    list
}
