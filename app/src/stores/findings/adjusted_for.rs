//! What a study adjusted for, by the labels of the dataset's variables.
//!
//! A plan names columns. Their labels are known only where the study is run, so they are written into the result's settings
//! there, and from there into the finding's methods, which every reader of the finding has.

use model::covariate::Covariate;
use model::finding::Finding;
use model::results::{SETTING_COVARIATES, Setting};
use model::study::{Adjustment, StudyPlan};
use protocol::VariableInfo;

use crate::format::variable::VariableWords;

/// A covariate by its label with the column behind it, `Age at surgery (age)`; the name alone where there is no label.
fn covariate(variables: &[VariableInfo], covariate: &Covariate) -> String {
    let name = covariate.name();
    let info = variables.iter().find(|variable| variable.name == name);
    match info.filter(|_| matches!(covariate, Covariate::Variable { .. })).map(VariableWords::of) {
        Some(words) if words.label() != name => format!("{} ({name})", words.label()),
        _ => name.to_owned(),
    }
}

/// The settings of a result with its covariates by their labels.
#[must_use]
pub fn labelled(mut settings: Vec<Setting>, variables: &[VariableInfo], plan: &StudyPlan) -> Vec<Setting> {
    if !plan.covariates.is_empty() {
        let words: Vec<String> = plan.covariates.iter().map(|one| covariate(variables, one)).collect();
        for setting in settings.iter_mut().filter(|setting| setting.name == SETTING_COVARIATES) {
            setting.value = words.join(", ");
        }
    }
    settings
}

/// What a finding adjusted for, as its methods name it; the plan's names where they name nothing. `None`: for nothing.
#[must_use]
pub fn adjusted_for(finding: &Finding) -> Option<String> {
    let plan = &finding.plan;
    if plan.adjustment == Adjustment::None || plan.covariates.is_empty() {
        return None;
    }
    let named = finding.methods.iter().find(|setting| setting.name == SETTING_COVARIATES);
    let named = named.map(|setting| setting.value.clone()).filter(|value| !value.trim().is_empty());
    Some(named.unwrap_or_else(|| plan.covariates.iter().map(Covariate::name).collect::<Vec<_>>().join(", ")))
}

#[cfg(test)]
mod tests {
    use super::super::record::fixtures;
    use super::*;
    use model::dataset::{ColumnKind, ColumnRole};

    fn info(name: &str, label: &str, levels: &[&str]) -> VariableInfo {
        VariableInfo {
            name: name.into(),
            label: label.into(),
            kind: ColumnKind::Number,
            role: ColumnRole::Category,
            unit: None,
            n_missing: 0,
            levels: levels.iter().map(|level| ((*level).to_owned(), 1)).collect(),
            min: None,
            max: None,
        }
    }

    fn plan() -> StudyPlan {
        let variable = |name: &str| Covariate::Variable { name: name.into(), as_category: false };
        let covariates = vec![variable("age"), variable("meno"), variable("x"), Covariate::Sex];
        StudyPlan { covariates, adjustment: Adjustment::Regression, ..fixtures::plan() }
    }

    fn setting(name: &str, value: &str) -> Setting {
        Setting { name: name.into(), value: value.into() }
    }

    #[test]
    fn covariates_are_named_by_their_labels_with_the_column() {
        let variables = [
            info("age", "Age at surgery", &[]),
            info("meno", "Menopausal status (0 premenopausal, 1 postmenopausal)", &["0", "1"]),
            info("x", "x", &[]),
            // a column of the name of something that is no column
            info("sex", "Sex of the calf", &[]),
        ];
        let settings = vec![setting("covariates", "age, meno, x, sex"), setting("balance", "age")];
        let found = labelled(settings, &variables, &plan());
        assert_eq!(found[0].value, "Age at surgery (age), Menopausal status (meno), x, sex");
        assert_eq!(found[1].value, "age", "other settings stay");
        let none = StudyPlan { covariates: Vec::new(), ..plan() };
        assert_eq!(labelled(vec![setting("covariates", "none")], &variables, &none)[0].value, "none");
    }

    #[test]
    fn a_finding_names_what_it_adjusted_for() {
        let mut finding = Finding { plan: plan(), ..fixtures::finding() };
        finding.methods.retain(|setting| setting.name != SETTING_COVARIATES);
        assert_eq!(adjusted_for(&finding).as_deref(), Some("age, meno, x, sex"));
        finding.methods.push(setting(SETTING_COVARIATES, "Age at surgery (age), x"));
        assert_eq!(adjusted_for(&finding).as_deref(), Some("Age at surgery (age), x"));
        finding.plan.adjustment = Adjustment::None;
        assert_eq!(adjusted_for(&finding), None);
    }
}
