//! Which variables can be adjusted for, which make the arms, and which are known but not adjusted for.

use model::cohort::{Condition, Test};
use model::covariate::Covariate;
use model::dataset::{ColumnKind, ColumnRole, DatasetShape};
use model::study::{Adjustment, StudyArm, StudyPlan};
use protocol::DatasetContents;

use crate::format::variable::VariableWords;

/// Every covariate that makes sense: variables that are no identifier, date, text or part of an outcome.
#[must_use]
pub fn possible_covariates(contents: &DatasetContents) -> Vec<Covariate> {
    if contents.header.shape == DatasetShape::Record {
        return vec![Covariate::AgeAtIndex, Covariate::Sex];
    }
    contents
        .variables
        .iter()
        .filter(|variable| matches!(variable.role, ColumnRole::Number | ColumnRole::Category))
        .filter(|variable| matches!(variable.kind, ColumnKind::Number | ColumnKind::Category))
        .map(|variable| Covariate::Variable {
            name: variable.name.clone(),
            as_category: variable.role == ColumnRole::Category
                && variable.kind == ColumnKind::Number
                && variable.levels.len() > 2,
        })
        .collect()
}

/// Whether a covariate is this variable.
pub(super) fn is_variable(covariate: &Covariate, variable: &str) -> bool {
    matches!(covariate, Covariate::Variable { name, .. } if name == variable)
}

/// Variables on which the arms are asked different things: they make the arms, so arms cannot be made alike in them.
pub(super) fn separating_variables(target: &StudyArm, comparator: &StudyArm) -> Vec<String> {
    let (mine, theirs) = (asked(target), asked(comparator));
    let differing = mine.iter().filter(|q| !theirs.contains(q)).chain(theirs.iter().filter(|q| !mine.contains(q)));
    let mut names: Vec<String> = differing.map(|question| question.variable.to_owned()).collect();
    names.sort();
    names.dedup();
    names
}

/// What an arm's rules ask about a variable.
#[derive(PartialEq)]
struct Question<'a> {
    variable: &'a str,
    test: &'a Test,
    is_negated: bool,
}

fn asked(arm: &StudyArm) -> Vec<Question<'_>> {
    fn collect<'a>(condition: &'a Condition, is_negated: bool, into: &mut Vec<Question<'a>>) {
        match condition {
            Condition::All { of } | Condition::Any { of } | Condition::AtLeast { of, .. } => {
                of.iter().for_each(|condition| collect(condition, is_negated, into));
            }
            Condition::Not { of } => collect(of, !is_negated, into),
            Condition::Variable { name, test } => into.push(Question { variable: name, test, is_negated }),
            Condition::Event { .. } | Condition::AgeAtIndex { .. } | Condition::Sex { .. } => {}
        }
    }
    let mut questions = Vec::new();
    arm.cohort.inclusion_rules.iter().for_each(|rule| collect(&rule.condition, false, &mut questions));
    questions
}

/// What these data know of before treatment and the plan does not adjust for, in words, for the limits of a finding.
#[must_use]
pub fn known_not_adjusted(contents: &DatasetContents, plan: &StudyPlan) -> Vec<String> {
    let adjusted: &[Covariate] = if plan.adjustment == Adjustment::None { &[] } else { &plan.covariates };
    let is_adjusted = |name: &str| adjusted.iter().any(|covariate| covariate.name() == name);
    let separating = separating_variables(&plan.target, &plan.comparator);
    let mut known: Vec<String> = Vec::new();
    for covariate in possible_covariates(contents).iter().chain(&plan.covariates) {
        let name = covariate.name();
        if is_adjusted(name) || separating.iter().any(|other| other == name) {
            continue;
        }
        let info = contents.variables.iter().find(|variable| variable.name == name);
        let words = info.map_or_else(|| name.to_owned(), |info| VariableWords::of(info).in_prose());
        if !known.contains(&words) {
            known.push(words);
        }
    }
    known
}
