//! The question while it is asked: a study plan whose parts may still be missing, with sensible first choices read from
//! the dataset.

use model::canonical::{ContentId, content_id};
use model::cohort::{CohortDefinition, Condition, Entry, InclusionRule, Test};
use model::concept::ConceptSet;
use model::covariate::Covariate;
use model::dataset::{ColumnRole, DatasetShape};
use model::study::{
    Adjustment, AnalysisSettings, Outcome, Overlap, STUDY_SCHEMA_VERSION, StudyArm, StudyKind, StudyPlan, TimeAtRisk,
    TimeUnit,
};
use protocol::{DatasetContents, VariableInfo};

use crate::figures::scale::{plain_number, units_in_a_year};
use crate::format::variable::VariableWords;

mod covariates;

use covariates::{is_variable, separating_variables};
pub use covariates::{known_not_adjusted, possible_covariates};

/// A study plan while it is made.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PlanForm {
    /// Name for people; empty: made from the arms and the outcome.
    pub name: String,
    /// The question; empty: made from the arms and the outcome.
    pub question: String,
    /// Those treated one way.
    pub target: Option<StudyArm>,
    /// Those treated the other way.
    pub comparator: Option<StudyArm>,
    /// What happens to a person in both arms.
    pub overlap: Overlap,
    /// The outcome.
    pub outcome: Option<Outcome>,
    /// When outcomes count.
    pub time_at_risk: TimeAtRisk,
    /// What is adjusted for.
    pub covariates: Vec<Covariate>,
    /// Concept sets of the covariates.
    pub covariate_concept_sets: Vec<ConceptSet>,
    /// How.
    pub adjustment: Adjustment,
    /// Settings.
    pub settings: AnalysisSettings,
}

impl PlanForm {
    /// First choices for a dataset: the outcome by the columns' roles. Covariates are chosen when the arms are: what makes
    /// the arms is none.
    #[must_use]
    pub fn for_dataset(contents: &DatasetContents) -> Self {
        let mut form = Self::default();
        match contents.header.shape {
            DatasetShape::Flat => {
                if let Some((duration, event)) = outcome_pairs(&contents.variables).first() {
                    form.outcome = Some(columns_outcome(duration, event));
                    form.settings.horizons = horizons(unit_of(duration), duration.max);
                }
            }
            DatasetShape::Record => {
                form.time_at_risk.start = 1.0;
                form.covariates = vec![Covariate::AgeAtIndex, Covariate::Sex];
                form.settings.horizons = horizons(TimeUnit::Days, None);
            }
        }
        form
    }

    /// The form of a saved plan.
    #[must_use]
    pub fn from_plan(plan: &StudyPlan) -> Self {
        let mut form = Self {
            name: String::new(),
            question: String::new(),
            target: Some(plan.target.clone()),
            comparator: Some(plan.comparator.clone()),
            overlap: plan.overlap,
            outcome: Some(plan.outcome.clone()),
            time_at_risk: plan.time_at_risk,
            covariates: plan.covariates.clone(),
            covariate_concept_sets: plan.covariate_concept_sets.clone(),
            adjustment: plan.adjustment,
            settings: plan.settings.clone(),
        };
        // What was made from the parts keeps following them.
        if plan.name != form.automatic_name() {
            form.name.clone_from(&plan.name);
        }
        if plan.question != form.automatic_question() {
            form.question.clone_from(&plan.question);
        }
        form
    }

    /// The plan.
    ///
    /// # Errors
    /// Everything that is still missing, each saying what to do.
    pub fn plan(&self) -> Result<StudyPlan, Vec<String>> {
        let mut problems = Vec::new();
        if self.target.is_none() {
            problems.push("Choose who was treated one way (target).".to_owned());
        }
        if self.comparator.is_none() {
            problems.push("Choose whom they are compared with (comparator).".to_owned());
        }
        if let (Some(target), Some(comparator)) = (&self.target, &self.comparator) {
            if target.cohort == comparator.cohort {
                problems.push("Target and comparator are the same cohort. Choose another comparator.".to_owned());
            } else if target.name == comparator.name {
                problems.push("Target and comparator have the same name. Rename one of the cohorts.".to_owned());
            }
        }
        if self.outcome.is_none() {
            problems.push("Choose the outcome.".to_owned());
        }
        if let Some(end) = self.time_at_risk.end
            && end <= self.time_at_risk.start
        {
            problems.push(format!(
                "Time at risk ends ({}) before it begins ({}). Choose a later end.",
                plain_number(end),
                plain_number(self.time_at_risk.start)
            ));
        }
        if matches!(self.adjustment, Adjustment::Weighting { .. }) && self.covariates.is_empty() {
            problems.push("Weighting needs covariates. Choose some, or no adjustment.".to_owned());
        }
        match (&self.target, &self.comparator, &self.outcome) {
            (Some(target), Some(comparator), Some(outcome)) if problems.is_empty() => Ok(StudyPlan {
                kind: StudyKind::Study,
                schema_version: STUDY_SCHEMA_VERSION,
                name: given_or(&self.name, || self.automatic_name()),
                question: given_or(&self.question, || self.automatic_question()),
                target: target.clone(),
                comparator: comparator.clone(),
                overlap: self.overlap,
                outcome: outcome.clone(),
                time_at_risk: self.time_at_risk,
                covariates: self.covariates.clone(),
                covariate_concept_sets: self.covariate_concept_sets.clone(),
                adjustment: self.adjustment,
                settings: self.settings.clone(),
            }),
            _ => Err(problems),
        }
    }

    /// The name made from the parts.
    #[must_use]
    pub fn automatic_name(&self) -> String {
        let (target, comparator, outcome) = self.parts();
        format!("{target} against {comparator}: {outcome}")
    }

    /// The question made from the parts.
    #[must_use]
    pub fn automatic_question(&self) -> String {
        let (target, comparator, outcome) = self.parts();
        format!("Does {outcome} differ between {target} and {comparator}?")
    }

    fn parts(&self) -> (&str, &str, &str) {
        (
            self.target.as_ref().map_or("the target", |arm| &arm.name),
            self.comparator.as_ref().map_or("the comparator", |arm| &arm.name),
            self.outcome.as_ref().map_or("the outcome", Outcome::name),
        )
    }

    /// What a text that is left empty will be; in words where it cannot be made yet.
    #[must_use]
    pub fn left_empty(&self, made: fn(&Self) -> String) -> String {
        if self.target.is_some() && self.comparator.is_some() && self.outcome.is_some() {
            format!("Left empty: \u{201c}{}\u{201d}", made(self))
        } else {
            "Left empty: made from the arms and the outcome, once they are chosen.".to_owned()
        }
    }

    /// Compares two levels of a variable.
    pub fn split(&mut self, contents: &DatasetContents, variable: &VariableInfo, target: &str, comparator: &str) {
        self.compare(contents, Some(level_arm(variable, target)), Some(level_arm(variable, comparator)));
    }

    /// Sets the arms. Covariates that nobody chose by hand follow: all that make sense, but for what makes the arms; those
    /// chosen by hand stay, but for what makes them.
    pub fn compare(&mut self, contents: &DatasetContents, target: Option<StudyArm>, comparator: Option<StudyArm>) {
        let are_proposed = self.covariates == self.proposed_covariates(contents);
        (self.target, self.comparator) = (target, comparator);
        if are_proposed {
            self.covariates = self.proposed_covariates(contents);
        } else if let (Some(target), Some(comparator)) = (&self.target, &self.comparator) {
            let separating = separating_variables(target, comparator);
            self.covariates.retain(|covariate| !separating.iter().any(|name| is_variable(covariate, name)));
        }
    }

    /// The covariates to begin with: none of a flat file before the arms are chosen.
    fn proposed_covariates(&self, contents: &DatasetContents) -> Vec<Covariate> {
        let possible = possible_covariates(contents);
        match (contents.header.shape, &self.target, &self.comparator) {
            (DatasetShape::Record, ..) => possible,
            (DatasetShape::Flat, Some(target), Some(comparator)) => {
                let separating = separating_variables(target, comparator);
                let mut possible = possible;
                possible.retain(|covariate| !separating.iter().any(|name| is_variable(covariate, name)));
                possible
            }
            (DatasetShape::Flat, ..) => Vec::new(),
        }
    }
}

fn given_or(given: &str, automatic: impl FnOnce() -> String) -> String {
    match given.trim() {
        "" => automatic(),
        given => given.to_owned(),
    }
}

/// Everybody with one level of a variable, named as a sentence names it.
#[must_use]
pub fn level_arm(variable: &VariableInfo, level: &str) -> StudyArm {
    let name = VariableWords::of(variable).level_in_prose(level);
    let mut cohort = CohortDefinition::everyone(&name);
    cohort.inclusion_rules.push(InclusionRule {
        name: name.clone(),
        condition: Condition::Variable {
            name: variable.name.clone(),
            test: Test::OneOf { levels: vec![level.to_owned()] },
        },
    });
    StudyArm { name, cohort }
}

/// The variable and level of an arm that [`level_arm`] made.
#[must_use]
pub fn level_of(arm: &StudyArm) -> Option<(&str, &str)> {
    match arm.cohort.inclusion_rules.as_slice() {
        // A cohort that somebody named has a rule of another name.
        [InclusionRule { name: rule, condition: Condition::Variable { name, test: Test::OneOf { levels } } }]
            if levels.len() == 1 && arm.cohort.entry == Entry::Everyone && arm.name == *rule =>
        {
            Some((name, &levels[0]))
        }
        _ => None,
    }
}

/// Variables whose levels can be compared: two to twelve levels, and no part of an outcome.
#[must_use]
pub fn splittable(variables: &[VariableInfo]) -> Vec<&VariableInfo> {
    variables
        .iter()
        .filter(|variable| (2..=12).contains(&variable.levels.len()))
        .filter(|variable| {
            !matches!(
                variable.role,
                ColumnRole::Event
                    | ColumnRole::Duration
                    | ColumnRole::Identifier
                    | ColumnRole::Date
                    | ColumnRole::Death
                    | ColumnRole::Text
                    | ColumnRole::Drop
            )
        })
        .collect()
}

/// Pairs of a duration and its event. A duration goes with the next event after it that is not taken, in the order of
/// the columns; failing that with any event.
#[must_use]
pub fn outcome_pairs(variables: &[VariableInfo]) -> Vec<(&VariableInfo, &VariableInfo)> {
    let events: Vec<(usize, &VariableInfo)> =
        variables.iter().enumerate().filter(|(_, variable)| variable.role == ColumnRole::Event).collect();
    let mut taken = vec![false; events.len()];
    let mut pairs = Vec::new();
    for (place, duration) in variables.iter().enumerate() {
        if duration.role != ColumnRole::Duration {
            continue;
        }
        let after = (0..events.len()).find(|k| !taken[*k] && events[*k].0 > place);
        let Some(k) =
            after.or_else(|| (0..events.len()).find(|k| !taken[*k])).or(if events.is_empty() { None } else { Some(0) })
        else {
            continue;
        };
        taken[k] = true;
        pairs.push((duration, events[k].1));
    }
    pairs
}

/// The outcome of a pair of columns.
#[must_use]
pub fn columns_outcome(duration: &VariableInfo, event: &VariableInfo) -> Outcome {
    let name = match event.label.trim() {
        "" => event.name.clone(),
        label => label.to_lowercase(),
    };
    Outcome::Columns {
        name,
        duration: duration.name.clone(),
        event: event.name.clone(),
        unit: unit_of(duration),
        or: None,
    }
}

/// The unit of a duration, days where the dataset does not say.
#[must_use]
pub fn unit_of(duration: &VariableInfo) -> TimeUnit {
    unit_named(duration.unit.as_deref())
}

/// The unit that a column's words name; days, unless they say otherwise.
#[must_use]
pub fn unit_named(unit: Option<&str>) -> TimeUnit {
    match unit.map(str::trim) {
        Some("weeks" | "week") => TimeUnit::Weeks,
        Some("months" | "month") => TimeUnit::Months,
        Some("years" | "year") => TimeUnit::Years,
        _ => TimeUnit::Days,
    }
}

/// One, three, five and ten years in the outcome's unit, as far as follow-up goes.
#[must_use]
pub fn horizons(unit: TimeUnit, last: Option<f64>) -> Vec<f64> {
    let a_year = units_in_a_year(unit);
    let years = if last.is_some() { &[1.0, 3.0, 5.0, 10.0][..] } else { &[1.0, 2.0][..] };
    years
        .iter()
        // Whole days and weeks read better than 365.25 and change nothing that matters.
        .map(|year| if unit == TimeUnit::Years { *year } else { (year * a_year).floor() })
        .filter(|time| last.is_none_or(|last| *time <= last))
        .collect()
}

/// Times written as a list (`365, 1095`), sorted, without doubles.
///
/// # Errors
/// What is no positive number.
pub fn parse_times(text: &str) -> Result<Vec<f64>, String> {
    let mut times = Vec::new();
    for part in text.split([',', ';']).map(str::trim).filter(|part| !part.is_empty()) {
        match part.parse::<f64>() {
            Ok(time) if time.is_finite() && time > 0.0 => times.push(time),
            _ => return Err(format!("\u{201c}{part}\u{201d} is no time above 0. Write numbers, separated by commas.")),
        }
    }
    times.sort_by(f64::total_cmp);
    times.dedup();
    Ok(times)
}

/// What balance depends on: if any of it changes, balance must be looked at again. The outcome's settings are no part
/// of it.
#[must_use]
pub fn design_id(plan: &StudyPlan) -> Option<ContentId> {
    content_id(&(
        &plan.target.cohort,
        &plan.comparator.cohort,
        plan.overlap,
        &plan.outcome,
        plan.time_at_risk,
        &plan.covariates,
        &plan.covariate_concept_sets,
        plan.adjustment,
    ))
    .ok()
}

#[cfg(test)]
mod tests;
