//! Covariates and terms of a result by the dataset's labels, as people read them.

use model::covariate::Covariate;
use model::results::{Balance, CoxReport};
use protocol::{DatasetContents, VariableInfo};

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
pub(crate) fn balance(contents: &DatasetContents, mut balance: Balance) -> Balance {
    for row in &mut balance.rows {
        row.covariate = term(contents, &row.covariate);
    }
    balance
}

/// A regression with the labels of its terms, and with what each ratio is for: one unit of a number, or a level against
/// another.
pub(super) fn cox(contents: &DatasetContents, covariates: &[Covariate], mut cox: CoxReport) -> CoxReport {
    for coefficient in &mut cox.coefficients {
        match coefficient.reference.take() {
            Some(reference) => coefficient.reference = Some(level(contents, &coefficient.term, reference)),
            None => (coefficient.term, coefficient.reference) = number(contents, covariates, &coefficient.term),
        }
        if coefficient.reference.is_some() {
            coefficient.term = term(contents, &coefficient.term);
        }
    }
    for test in &mut cox.proportional_hazards {
        test.term = term(contents, &test.term);
    }
    cox
}

fn variable<'a>(contents: &'a DatasetContents, name: &str) -> Option<&'a VariableInfo> {
    contents.variables.iter().find(|variable| variable.name == name)
}

/// What another level of a term's variable stands for.
fn level(contents: &DatasetContents, term: &str, level: String) -> String {
    let info = term.split_once('=').and_then(|(name, _)| variable(contents, name));
    info.and_then(|info| VariableWords::of(info).meaning(&level).map(str::to_owned)).unwrap_or(level)
}

/// The term of a number with the unit of its ratio; of a number that is 0 or 1, the level and the other one.
fn number(contents: &DatasetContents, covariates: &[Covariate], name: &str) -> (String, Option<String>) {
    let per = |unit: Option<&str>| (format!("{}, {}", term(contents, name), per(unit)), None);
    match covariates.iter().find(|covariate| covariate.name() == name) {
        Some(Covariate::Variable { .. }) => match variable(contents, name) {
            Some(info) if is_yes_or_no(info) => {
                (format!("{name}=1"), Some(level(contents, &format!("{name}=1"), "0".to_owned())))
            }
            info => per(info.and_then(|info| info.unit.as_deref())),
        },
        Some(Covariate::AgeAtIndex) => per(Some("years")),
        Some(Covariate::HasEvent { .. }) => (format!("{name}=yes"), Some("no".to_owned())),
        Some(Covariate::EventCount { .. }) => (format!("{name}, per event"), None),
        Some(Covariate::LastValue { event, .. }) => per(event.unit.as_deref()),
        Some(Covariate::Sex) | None => (term(contents, name), None),
    }
}

fn is_yes_or_no(info: &VariableInfo) -> bool {
    let mut levels: Vec<&str> = info.levels.iter().map(|(level, _)| level.as_str()).collect();
    levels.sort_unstable();
    levels == ["0", "1"]
}

/// `per year`, `per 1 mm`.
fn per(unit: Option<&str>) -> String {
    match unit.map(str::trim) {
        Some(time @ ("years" | "months" | "weeks" | "days" | "hours")) => format!("per {}", time.trim_end_matches('s')),
        Some(unit) if !unit.is_empty() => format!("per 1 {unit}"),
        _ => "per 1 unit".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::flat;
    use super::*;
    use model::dataset::{ColumnKind, ColumnRole};
    use model::results::CoxCoefficient;

    fn info(name: &str, label: &str, unit: Option<&str>, levels: &[&str]) -> VariableInfo {
        VariableInfo {
            name: name.to_owned(),
            label: label.to_owned(),
            kind: ColumnKind::Number,
            role: ColumnRole::Number,
            unit: unit.map(str::to_owned),
            n_missing: 0,
            levels: levels.iter().map(|level| ((*level).to_owned(), 1)).collect(),
            min: None,
            max: None,
        }
    }

    fn contents() -> DatasetContents {
        flat(vec![
            info("age", "Age at surgery", Some("years"), &[]),
            info("nodes", "Positive lymph nodes", None, &["0", "1", "2"]),
            info("pgr", "", Some("fmol/l"), &[]),
            info("meno", "Menopausal status (0 premenopausal, 1 postmenopausal)", None, &["0", "1"]),
            info("grade", "Differentiation grade", None, &["2", "3"]),
        ])
    }

    #[test]
    fn every_ratio_says_what_it_is_for() {
        let variable = |name: &str| Covariate::Variable { name: name.to_owned(), as_category: name == "grade" };
        let covariates: Vec<Covariate> =
            ["age", "nodes", "pgr", "meno", "grade"].map(variable).into_iter().chain([Covariate::AgeAtIndex]).collect();
        let row = |term: &str, reference: Option<&str>| CoxCoefficient {
            term: term.to_owned(),
            reference: reference.map(str::to_owned),
            ..CoxCoefficient::default()
        };
        let coefficients = vec![
            row("treatment=hormonal therapy (yes)", Some("hormonal therapy (no)")),
            row("age", None),
            row("nodes", None),
            row("pgr", None),
            row("meno", None),
            row("meno=1", Some("0")),
            row("grade=3", Some("2")),
            row("age at index", None),
        ];
        let named = cox(&contents(), &covariates, CoxReport { coefficients, ..CoxReport::default() });
        let said: Vec<(&str, Option<&str>)> =
            named.coefficients.iter().map(|row| (row.term.as_str(), row.reference.as_deref())).collect();
        assert_eq!(
            said,
            [
                ("treatment=hormonal therapy (yes)", Some("hormonal therapy (no)")),
                ("Age at surgery, per year", None),
                ("Positive lymph nodes, per 1 unit", None),
                ("pgr, per 1 fmol/l", None),
                ("Menopausal status=postmenopausal", Some("premenopausal")),
                ("Menopausal status=postmenopausal", Some("premenopausal")),
                ("Differentiation grade=3", Some("2")),
                ("age at index, per year", None),
            ]
        );
    }
}
