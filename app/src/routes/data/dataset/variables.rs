//! The variables of a flat dataset.

use leptos::prelude::*;
use model::results::{TableOne, TableVariable};
use protocol::{DatasetContents, Summarize, SummaryGroups, VariableInfo};

use super::super::mini::Mini;
use super::super::words::role_words;
use crate::components::*;
use crate::format::{count, number, percent};
use crate::stores::engine::{Load, Task, use_engine};

/// The range of a number, or the levels of a category, in words.
fn values_words(variable: &VariableInfo) -> String {
    match (variable.min, variable.max) {
        (Some(min), Some(max)) if variable.levels.is_empty() || variable.levels.len() > 2 => {
            format!("{} to {}", number(min), number(max))
        }
        _ if !variable.levels.is_empty() => variable
            .levels
            .iter()
            .take(6)
            .map(|(level, n)| format!("{level} ({})", count(*n)))
            .collect::<Vec<_>>()
            .join(", "),
        _ => String::new(),
    }
}

/// The table as text, for copying and CSV.
fn as_table(contents: &DatasetContents) -> TableData {
    TableData {
        caption: format!("Variables of {}", contents.header.name),
        columns: vec![
            Column::text("Variable"),
            Column::text("Meaning"),
            Column::text("Kind"),
            Column::text("Unit"),
            Column::number("Missing"),
            Column::text("Values"),
        ],
        rows: contents
            .variables
            .iter()
            .map(|v| {
                vec![
                    v.name.clone(),
                    v.label.clone(),
                    role_words(v.role).to_owned(),
                    v.unit.clone().unwrap_or_default(),
                    v.n_missing.to_string(),
                    values_words(v),
                ]
            })
            .collect(),
    }
}

/// The variables, each with what is missing and a small distribution.
#[component]
pub(super) fn Variables(contents: DatasetContents) -> impl IntoView {
    let engine = use_engine();
    let summary = Task::<TableOne>::new();
    let call = Summarize {
        dataset: contents.header.id.clone(),
        groups: SummaryGroups::By { variable: None },
        variables: None,
    };
    // Beside the table, which does not wait for it.
    summary.run(engine, call);
    let table = as_table(&contents);
    let n_persons = contents.header.n_persons;
    let file_name = format!("variables of {}", contents.header.name);
    let caption = table.caption.clone();
    let rows = contents
        .variables
        .into_iter()
        .map(|variable| view! { <VariableRow variable=variable n_persons=n_persons summary=summary/> })
        .collect_view();
    view! {
        <Section title="Variables" lead="One value a person. Distributions are over everybody.">
            <div class="table-block">
                <ScrollRegion label=caption.clone()>
                    <table class="table">
                        <caption class="visually-hidden">{caption}</caption>
                        <thead>
                            <tr>
                                <th scope="col">"Variable"</th>
                                <th scope="col">"What it is"</th>
                                <th scope="col">"Distribution"</th>
                                <th scope="col">"Values"</th>
                                <th scope="col" class="table__num">"Missing"</th>
                            </tr>
                        </thead>
                        <tbody>{rows}</tbody>
                    </table>
                </ScrollRegion>
                <TableActions table=table file_name=file_name/>
            </div>
        </Section>
    }
}

/// The summary of one variable, once it is there.
fn find(load: &Load<TableOne>, name: &str) -> Option<TableVariable> {
    load.ready()?.variables.iter().find(|v| v.name == name).cloned()
}

#[component]
fn VariableRow(variable: VariableInfo, n_persons: u64, summary: Task<TableOne>) -> impl IntoView {
    let has_label = !variable.label.is_empty() && variable.label != variable.name;
    let kind = match &variable.unit {
        Some(unit) => format!("{}, {unit}", role_words(variable.role)),
        None => role_words(variable.role).to_owned(),
    };
    let missing = match percent(variable.n_missing, n_persons) {
        Some(share) if variable.n_missing > 0 => format!("{} ({share})", count(variable.n_missing)),
        _ => "none".to_owned(),
    };
    let values = values_words(&variable);
    let name = variable.name.clone();
    let mini = Memo::new(move |_| summary.load.with(|load| find(load, &name)));
    view! {
        <tr>
            <th scope="row">
                <code>{variable.name}</code>
                {has_label.then(|| view! { <div class="muted">{variable.label}</div> })}
            </th>
            <td>{kind}</td>
            <td>{move || mini.get().map(|variable| view! { <Mini variable=variable/> })}</td>
            <td class="num">{values}</td>
            <td class="table__num">{missing}</td>
        </tr>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::dataset::{ColumnKind, ColumnRole};

    #[test]
    fn values_are_told_in_words() {
        let mut variable = VariableInfo {
            name: "age".to_owned(),
            label: String::new(),
            kind: ColumnKind::Number,
            role: ColumnRole::Number,
            unit: Some("years".to_owned()),
            n_missing: 0,
            levels: Vec::new(),
            min: Some(24.0),
            max: Some(90.0),
        };
        assert_eq!(values_words(&variable), "24 to 90");
        variable.levels = vec![("0".to_owned(), 30), ("1".to_owned(), 12)];
        assert_eq!(values_words(&variable), "0 (30), 1 (12)", "an event is counted");
        variable.min = None;
        variable.levels = vec![("a".to_owned(), 1200), ("b".to_owned(), 3)];
        assert_eq!(values_words(&variable), "a (1,200), b (3)");
    }
}
