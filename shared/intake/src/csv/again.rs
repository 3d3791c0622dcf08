//! A file that is added to a dataset: its columns are read as those of the same name were then.

use model::dataset::ColumnRole;
use model::intake::CsvMapping;

/// Gives the columns of a plan the roles that they have in the dataset; says which are read otherwise than the plan had it. A few rows
/// of an update can look otherwise than all rows did: three levels where there were many numbers.
pub(super) fn as_then(mapping: &mut CsvMapping, then: &[(String, ColumnRole)]) -> Vec<String> {
    let can = |role: ColumnRole| !matches!(role, ColumnRole::Drop | ColumnRole::Identifier);
    let mut changed = Vec::new();
    for column in &mut mapping.columns {
        let Some((_, role)) = then.iter().find(|(name, _)| *name == column.name) else { continue };
        // A day of death is a date among the variables.
        let is_date = |role: ColumnRole| matches!(role, ColumnRole::Date | ColumnRole::Death);
        let same =
            column.role == *role || (is_date(column.role) && is_date(*role)) || column.identifier_class.is_some();
        if same || !can(column.role) || !can(*role) || (is_date(*role) && column.date_format.is_none()) {
            continue;
        }
        column.role = *role;
        changed.push(format!("'{}'", column.name));
    }
    let mut told = Vec::new();
    if !changed.is_empty() {
        told.push(format!(
            "As in the dataset that the file is added to, and not as its rows alone look, were read: {}.",
            changed.join(", ")
        ));
    }
    // How events were coded then is not in the dataset, and 1 may have meant either.
    let was_event = |name: &String| then.iter().any(|(of, role)| of == name && *role == ColumnRole::Event);
    for column in mapping.columns.iter().filter(|c| c.role == ColumnRole::Event && was_event(&c.name)) {
        let observed = match column.event_observed.as_slice() {
            [] => "1 and words such as 'yes' are".to_owned(),
            texts => format!("'{}' is", texts.join("', '")),
        };
        told.push(format!(
            "In '{}', {observed} taken for an observed event: make sure that it was so at the first import.",
            column.name
        ));
    }
    told
}
