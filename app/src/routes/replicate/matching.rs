//! A plan from elsewhere, matched to one's own columns: what it needs, what fits, and what had to be left out.
//!
//! Pure. [`needs`] lists the columns of a plan, [`propose`] matches them, [`adapt`] makes the plan for this dataset and
//! says in sentences what is not as it was: they become limits of the replication.

use std::collections::BTreeMap;

use model::cohort::{CohortDefinition, Condition, Entry, Test};
use model::covariate::Covariate;
use model::dataset::{ColumnKind, ColumnRole};
use model::finding::Finding;
use model::study::{Outcome, StudyPlan, TimeUnit};
use protocol::VariableInfo;

use crate::figures::scale::units_in_a_year;

/// A column that a plan needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Need {
    /// Its name in the plan.
    pub name: String,
    /// What for, the most important use first.
    pub uses: Vec<Use>,
    /// Levels that conditions ask for.
    pub levels: Vec<String>,
    /// In the original it was in categories (as far as its balance table shows).
    pub was_category: bool,
}

impl Need {
    /// Whether the replication can do without it.
    #[must_use]
    pub fn may_be_dropped(&self) -> bool {
        self.uses == [Use::Covariate]
    }
}

/// What a column is needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Use {
    /// Says who belongs to an arm.
    Arm,
    /// The time to the outcome.
    Duration,
    /// Whether the outcome was observed.
    Event,
    /// Adjusted for.
    Covariate,
}

impl Use {
    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Use::Arm => "says who is in which group",
            Use::Duration => "time to the outcome",
            Use::Event => "whether the outcome happened",
            Use::Covariate => "covariate: compared between the groups, and adjusted for where the plan does so",
        }
    }
}

/// What a needed column is matched with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Choice {
    /// Nothing chosen yet.
    Undecided,
    /// A column here.
    Column(String),
    /// Left out (covariates only).
    Drop,
}

/// Which column and which level stand for which.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Matching {
    /// By the name in the plan.
    pub columns: BTreeMap<String, Choice>,
    /// By the name in the plan and the level there.
    pub levels: BTreeMap<(String, String), String>,
    /// Unit of the duration here.
    pub unit: Option<TimeUnit>,
}

/// A plan made for this dataset.
#[derive(Clone, Debug, PartialEq)]
pub struct Adapted {
    /// The plan.
    pub plan: StudyPlan,
    /// What is not as in the original, in sentences.
    pub differences: Vec<String>,
}

/// The columns that a finding's plan needs: who first, then the outcome, then what is adjusted for.
#[must_use]
pub fn needs(finding: &Finding) -> Vec<Need> {
    let plan = &finding.plan;
    let mut found: Vec<Need> = Vec::new();
    let mut add = |name: &str, used: Use, levels: &[String]| {
        let at = found.iter().position(|need| need.name == name).unwrap_or_else(|| {
            let prefix = format!("{name}=");
            found.push(Need {
                name: name.to_owned(),
                uses: Vec::new(),
                levels: Vec::new(),
                was_category: finding.balance.iter().any(|row| row.covariate.starts_with(&prefix)),
            });
            found.len() - 1
        });
        let need = &mut found[at];
        if !need.uses.contains(&used) {
            need.uses.push(used);
            need.uses.sort_unstable();
        }
        for level in levels {
            if !need.levels.contains(level) {
                need.levels.push(level.clone());
            }
        }
    };
    for arm in [&plan.target, &plan.comparator] {
        for rule in &arm.cohort.inclusion_rules {
            visit(&rule.condition, &mut |name, test| {
                let levels: &[String] = if let Test::OneOf { levels } = test { levels } else { &[] };
                add(name, Use::Arm, levels);
            });
        }
    }
    if let Outcome::Columns { duration, event, or, .. } = &plan.outcome {
        add(duration, Use::Duration, &[]);
        add(event, Use::Event, &[]);
        if let Some(or) = or {
            add(&or.duration, Use::Duration, &[]);
            add(&or.event, Use::Event, &[]);
        }
    }
    for covariate in &plan.covariates {
        if let Covariate::Variable { name, .. } = covariate {
            add(name, Use::Covariate, &[]);
        }
    }
    found
}

fn visit(condition: &Condition, f: &mut impl FnMut(&str, &Test)) {
    match condition {
        Condition::All { of } | Condition::Any { of } | Condition::AtLeast { of, .. } => {
            for one in of {
                visit(one, f);
            }
        }
        Condition::Not { of } => visit(of, f),
        Condition::Variable { name, test } => f(name, test),
        Condition::Event { .. } | Condition::AgeAtIndex { .. } | Condition::Sex { .. } => {}
    }
}

/// Whether a plan asks for dated events, which a flat file does not have.
#[must_use]
pub fn needs_events(plan: &StudyPlan) -> bool {
    fn has_event(condition: &Condition) -> bool {
        match condition {
            Condition::All { of } | Condition::Any { of } | Condition::AtLeast { of, .. } => of.iter().any(has_event),
            Condition::Not { of } => has_event(of),
            Condition::Event { .. } => true,
            Condition::Variable { .. } | Condition::AgeAtIndex { .. } | Condition::Sex { .. } => false,
        }
    }
    let asks = |cohort: &CohortDefinition| {
        matches!(cohort.entry, Entry::Event { .. })
            || !cohort.censoring_events.is_empty()
            || cohort.inclusion_rules.iter().any(|rule| has_event(&rule.condition))
    };
    asks(&plan.target.cohort)
        || asks(&plan.comparator.cohort)
        || matches!(plan.outcome, Outcome::Event { .. })
        || plan.covariates.iter().any(|covariate| {
            matches!(covariate, Covariate::HasEvent { .. } | Covariate::EventCount { .. } | Covariate::LastValue { .. })
        })
}

/// Matches by name, else by role where only one column has it. What fits nothing is undecided, or left out where the
/// replication can do without it.
#[must_use]
pub fn propose(needs: &[Need], variables: &[VariableInfo], plan: &StudyPlan) -> Matching {
    let mut matching = Matching::default();
    for need in needs {
        let same_name = variables.iter().find(|variable| variable.name.eq_ignore_ascii_case(&need.name));
        let by_role = || {
            let role = match need.uses.first() {
                Some(Use::Duration) => ColumnRole::Duration,
                Some(Use::Event) => ColumnRole::Event,
                _ => return None,
            };
            let mut with_role = variables.iter().filter(|variable| variable.role == role);
            with_role.next().filter(|_| with_role.next().is_none())
        };
        let choice = match same_name.or_else(by_role) {
            Some(variable) => Choice::Column(variable.name.clone()),
            None if need.may_be_dropped() => Choice::Drop,
            None => Choice::Undecided,
        };
        matching.columns.insert(need.name.clone(), choice);
    }
    if let Outcome::Columns { duration, unit, .. } = &plan.outcome {
        let here = column_for(&matching, duration, variables).and_then(|variable| variable.unit.as_deref());
        matching.unit = Some(here.and_then(unit_named).unwrap_or(*unit));
    }
    matching
}

/// The variable here that a column of the plan is matched with.
#[must_use]
pub fn column_for<'a>(matching: &Matching, name: &str, variables: &'a [VariableInfo]) -> Option<&'a VariableInfo> {
    match matching.columns.get(name)? {
        Choice::Column(column) => variables.iter().find(|variable| variable.name == *column),
        Choice::Undecided | Choice::Drop => None,
    }
}

fn unit_named(word: &str) -> Option<TimeUnit> {
    [TimeUnit::Days, TimeUnit::Weeks, TimeUnit::Months, TimeUnit::Years].into_iter().find(|unit| unit.word() == word)
}

/// Levels that a need asks for and the matched variable does not have.
#[must_use]
pub fn missing_levels(need: &Need, variable: &VariableInfo) -> Vec<String> {
    if variable.levels.is_empty() {
        return Vec::new(); // too many to list: nothing can be said
    }
    need.levels
        .iter()
        .filter(|level| !variable.levels.iter().any(|(here, _)| is_same_level(level, here)))
        .cloned()
        .collect()
}

/// Levels are compared as text, and as numbers where both are (`1` and `1.0`).
fn is_same_level(a: &str, b: &str) -> bool {
    a == b || matches!((a.trim().parse::<f64>(), b.trim().parse::<f64>()), (Ok(a), Ok(b)) if a == b)
}

/// Makes the plan for this dataset.
///
/// # Errors
/// Everything that is not decided yet, in sentences.
pub fn adapt(
    finding: &Finding,
    needs: &[Need],
    matching: &Matching,
    variables: &[VariableInfo],
) -> Result<Adapted, Vec<String>> {
    let mut problems = Vec::new();
    let mut differences = Vec::new();
    for need in needs {
        check_need(need, matching, variables, &mut problems, &mut differences);
    }
    if !problems.is_empty() {
        return Err(problems);
    }
    let mut plan = finding.plan.clone();
    for cohort in [&mut plan.target.cohort, &mut plan.comparator.cohort] {
        for rule in &mut cohort.inclusion_rules {
            rewrite(&mut rule.condition, matching);
        }
    }
    plan.covariates.retain_mut(|covariate| match covariate {
        Covariate::Variable { name, .. } => match matching.columns.get(name.as_str()) {
            Some(Choice::Column(column)) => {
                column.clone_into(name);
                true
            }
            _ => false,
        },
        _ => true,
    });
    rewrite_outcome(&mut plan, matching, &mut differences);
    Ok(Adapted { plan, differences })
}

fn check_need(
    need: &Need,
    matching: &Matching,
    variables: &[VariableInfo],
    problems: &mut Vec<String>,
    differences: &mut Vec<String>,
) {
    let name = &need.name;
    let use_words = need.uses.first().map_or("", |used| used.words());
    match matching.columns.get(name) {
        None | Some(Choice::Undecided) => {
            problems.push(format!("Choose your column for \u{201c}{name}\u{201d} ({use_words})."));
        }
        Some(Choice::Drop) if need.may_be_dropped() => differences.push(format!(
            "\u{201c}{name}\u{201d} was a covariate of the original and is none here: these data do not have it."
        )),
        Some(Choice::Drop) => {
            problems.push(format!("\u{201c}{name}\u{201d} cannot be left out: it {use_words}."));
        }
        Some(Choice::Column(_)) => {
            let Some(variable) = column_for(matching, name, variables) else {
                problems.push(format!("The column chosen for \u{201c}{name}\u{201d} is not in this dataset."));
                return;
            };
            check_levels(need, variable, matching, problems, differences);
            if variable.name != *name {
                differences.push(format!(
                    "\u{201c}{}\u{201d} stands for the original\u{2019}s \u{201c}{name}\u{201d}.",
                    variable.name
                ));
            }
            if need.was_category && variable.kind == ColumnKind::Number {
                differences
                    .push(format!("\u{201c}{name}\u{201d} was in categories in the original and is a number here."));
            }
        }
    }
}

fn check_levels(
    need: &Need,
    variable: &VariableInfo,
    matching: &Matching,
    problems: &mut Vec<String>,
    differences: &mut Vec<String>,
) {
    for level in missing_levels(need, variable) {
        match matching.levels.get(&(need.name.clone(), level.clone())) {
            Some(here) => differences.push(format!(
                "\u{201c}{}\u{201d} is \u{201c}{here}\u{201d} here where the original has \u{201c}{level}\u{201d}.",
                variable.name
            )),
            None => problems.push(format!(
                "\u{201c}{}\u{201d} has no value \u{201c}{level}\u{201d} here. Choose the value that means the same.",
                variable.name
            )),
        }
    }
}

fn rewrite(condition: &mut Condition, matching: &Matching) {
    match condition {
        Condition::All { of } | Condition::Any { of } | Condition::AtLeast { of, .. } => {
            for one in of {
                rewrite(one, matching);
            }
        }
        Condition::Not { of } => rewrite(of, matching),
        Condition::Variable { name, test } => {
            if let Test::OneOf { levels } = test {
                for level in levels {
                    if let Some(here) = matching.levels.get(&(name.clone(), level.clone())) {
                        here.clone_into(level);
                    }
                }
            }
            if let Some(Choice::Column(column)) = matching.columns.get(name.as_str()) {
                column.clone_into(name);
            }
        }
        Condition::Event { .. } | Condition::AgeAtIndex { .. } | Condition::Sex { .. } => {}
    }
}

fn rewrite_outcome(plan: &mut StudyPlan, matching: &Matching, differences: &mut Vec<String>) {
    let Outcome::Columns { duration, event, unit, or, .. } = &mut plan.outcome else {
        return;
    };
    let other = or.iter_mut().flat_map(|or| [&mut or.duration, &mut or.event]);
    for name in [duration, event].into_iter().chain(other) {
        if let Some(Choice::Column(column)) = matching.columns.get(name.as_str()) {
            column.clone_into(name);
        }
    }
    let here = matching.unit.unwrap_or(*unit);
    if here == *unit {
        return;
    }
    differences.push(format!(
        "Times are in {} here and were in {} in the original; the plan\u{2019}s times were converted.",
        here.word(),
        unit.word()
    ));
    let factor = units_in_a_year(here) / units_in_a_year(*unit);
    *unit = here;
    plan.time_at_risk.start *= factor;
    for time in plan.time_at_risk.end.iter_mut().chain(plan.settings.tau.iter_mut()) {
        *time *= factor;
    }
    for time in &mut plan.settings.horizons {
        *time *= factor;
    }
}

#[cfg(test)]
#[path = "matching_tests.rs"]
mod tests;
