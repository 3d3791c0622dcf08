//! Table 1 as it is read: each variable with its statistics, the same for the screen, the copied text and the file.

use model::dataset::ColumnRole;
use model::results::{TableOne, TableVariable, VariableSummary};
use protocol::VariableInfo;

use crate::components::{Column, TableData};
use crate::figures::kaplan_meier::count;
use crate::figures::love_plot::signed;
use crate::format::variable::VariableWords;
use crate::format::{alike, are_years, mean_sd, number, ungrouped};

/// Above this a standardized mean difference is called unbalanced.
pub const THRESHOLD: f64 = 0.1;

/// One variable of the table.
#[derive(Clone, Debug, PartialEq)]
pub struct VariableView {
    /// Place in [`TableOne::variables`].
    pub place: usize,
    /// Words for people, with the unit.
    pub label: String,
    /// Column name, where it says something else than the label.
    pub column: String,
    /// Standardized mean difference.
    pub smd: String,
    /// It is above the threshold.
    pub unbalanced: bool,
    /// Statistics: what, and a cell a group.
    pub lines: Vec<(String, Vec<String>)>,
}

/// Lays out the table.
#[must_use]
pub fn variables(table: &TableOne) -> Vec<VariableView> {
    table
        .variables
        .iter()
        .enumerate()
        .map(|(place, variable)| VariableView {
            place,
            label: label(variable),
            column: if words(variable).label() == variable.name { String::new() } else { variable.name.clone() },
            smd: variable.smd.map_or_else(String::new, signed),
            unbalanced: variable.smd.is_some_and(|smd| smd.abs() > THRESHOLD),
            lines: lines(variable),
        })
        .collect()
}

fn words(variable: &TableVariable) -> VariableWords {
    VariableWords::new(&variable.name, &variable.label, variable.levels.iter().map(String::as_str))
}

fn label(variable: &TableVariable) -> String {
    let words = words(variable);
    match &variable.unit {
        Some(unit) => format!("{}, {unit}", words.label()),
        None => words.label().to_owned(),
    }
}

/// The groups of a table that is split by a variable, named as sentences name its levels (`hormonal therapy (yes)`).
pub fn name_groups(table: &mut TableOne, variable: &VariableInfo) {
    let words = VariableWords::of(variable);
    for group in &mut table.groups {
        group.name = words.level_in_prose(&group.name);
    }
    for summary in table.variables.iter_mut().flat_map(|variable| &mut variable.by_group) {
        summary.group = words.level_in_prose(&summary.group);
    }
}

/// Levels of the variables that say whether an event happened: their codes alone do not say which is which.
pub fn name_events(table: &mut TableOne, variables: &[VariableInfo]) {
    for variable in &mut table.variables {
        let is_event = |info: &VariableInfo| info.name == variable.name && info.role == ColumnRole::Event;
        if !variables.iter().any(is_event) {
            continue;
        }
        let words = words(variable);
        for level in &mut variable.levels {
            if words.meaning(level).is_some() {
                continue;
            }
            let named = match level.to_lowercase().as_str() {
                "0" | "false" | "no" => "did not happen",
                "1" | "true" | "yes" => "happened",
                _ => continue,
            };
            named.clone_into(level);
        }
    }
}

fn lines(variable: &TableVariable) -> Vec<(String, Vec<String>)> {
    let each = |cell: &dyn Fn(&VariableSummary) -> String| variable.by_group.iter().map(cell).collect::<Vec<_>>();
    let ends: Vec<f64> = variable.by_group.iter().flat_map(|summary| [summary.min, summary.max]).flatten().collect();
    let is_year = are_years(&format!("{} {}", variable.name, variable.label), &ends);
    let written = |text: String| if is_year { without_marks(&text) } else { text };
    let mut lines = if variable.levels.is_empty() {
        vec![
            ("Mean (SD)".to_owned(), each(&|summary| written(mean_and_sd(summary)))),
            ("Median [Q1, Q3]".to_owned(), each(&|summary| written(median_quartiles(summary)))),
            ("Range".to_owned(), each(&|summary| written(range(summary)))),
        ]
    } else {
        let words = words(variable);
        variable
            .levels
            .iter()
            .enumerate()
            .map(|(level, name)| (format!("{}, n (%)", words.level(name)), each(&|summary| share(summary, level))))
            .collect()
    };
    if variable.by_group.iter().any(|summary| summary.missing > 0) {
        lines.push(("Missing, n (%)".to_owned(), each(&missing)));
    }
    lines
}

/// Years without marks at their thousands; the comma between the quartiles stays.
fn without_marks(text: &str) -> String {
    text.split(", ").map(ungrouped).collect::<Vec<_>>().join(", ")
}

fn mean_and_sd(summary: &VariableSummary) -> String {
    match (summary.mean, summary.sd) {
        (Some(mean), Some(sd)) => mean_sd(mean, sd),
        (Some(mean), None) => format!("{} (no SD: one value)", number(mean)),
        _ => "no values".to_owned(),
    }
}

fn median_quartiles(summary: &VariableSummary) -> String {
    match (summary.median, summary.q1, summary.q3) {
        (Some(median), Some(q1), Some(q3)) => {
            let shown = alike(&[median, q1, q3]);
            format!("{} [{}, {}]", shown[0], shown[1], shown[2])
        }
        _ => "no values".to_owned(),
    }
}

fn range(summary: &VariableSummary) -> String {
    match (summary.min, summary.max) {
        (Some(min), Some(max)) => alike(&[min, max]).join(" to "),
        _ => "no values".to_owned(),
    }
}

fn share(summary: &VariableSummary, level: usize) -> String {
    match (summary.count.get(level), summary.percent.get(level)) {
        (Some(n), Some(percent)) => format!("{} ({percent:.1}%)", count(*n as f64)),
        (Some(n), None) => count(*n as f64),
        _ => "no values".to_owned(),
    }
}

fn missing(summary: &VariableSummary) -> String {
    let all = summary.n + summary.missing;
    if all == 0 {
        return "0".to_owned();
    }
    format!("{} ({:.1}%)", count(summary.missing as f64), summary.missing as f64 / all as f64 * 100.0)
}

/// Whether there are two groups to compare.
#[must_use]
pub fn has_smd(table: &TableOne) -> bool {
    table.variables.iter().any(|variable| variable.smd.is_some())
}

/// The table as text and CSV.
#[must_use]
pub fn table_data(table: &TableOne, caption: &str) -> TableData {
    let with_smd = has_smd(table);
    let mut columns = vec![Column::text("Variable"), Column::text("Statistic")];
    columns.extend(
        table.groups.iter().map(|group| Column::number(format!("{} (n = {})", group.name, count(group.n as f64)))),
    );
    if with_smd {
        columns.push(Column::number("SMD"));
        columns.push(Column::text("Balance"));
    }
    let mut rows = Vec::new();
    for variable in variables(table) {
        for (line, (statistic, cells)) in variable.lines.iter().enumerate() {
            let mut row = vec![variable.label.clone(), statistic.clone()];
            row.extend(cells.iter().cloned());
            if with_smd {
                // The difference belongs to the variable: it stands in its first line only.
                let first = line == 0;
                row.push(if first { variable.smd.clone() } else { String::new() });
                row.push(if first && variable.unbalanced { "unbalanced".to_owned() } else { String::new() });
            }
            rows.push(row);
        }
    }
    TableData { caption: caption.to_owned(), columns, rows }
}

#[cfg(test)]
mod tests {
    use model::results::TableGroup;

    use super::*;

    fn table() -> TableOne {
        let summary = |group: &str, mean: f64, missing: u64| VariableSummary {
            group: group.to_owned(),
            n: 10,
            missing,
            mean: Some(mean),
            sd: Some(2.25),
            median: Some(60.0),
            q1: Some(50.0),
            q3: Some(70.5),
            min: Some(24.0),
            max: Some(90.0),
            ..VariableSummary::default()
        };
        TableOne {
            groups: vec![TableGroup { name: "a".to_owned(), n: 1012 }, TableGroup { name: "b".to_owned(), n: 10 }],
            variables: vec![
                TableVariable {
                    name: "age".to_owned(),
                    label: "Age at surgery".to_owned(),
                    kind: "number".to_owned(),
                    unit: Some("years".to_owned()),
                    by_group: vec![summary("a", 61.5, 2), summary("b", 55.0, 0)],
                    smd: Some(-0.25),
                    ..TableVariable::default()
                },
                TableVariable {
                    name: "meno".to_owned(),
                    kind: "category".to_owned(),
                    levels: vec!["0".to_owned(), "1".to_owned()],
                    by_group: vec![
                        VariableSummary {
                            n: 4,
                            count: vec![1, 3],
                            percent: vec![25.0, 75.0],
                            ..VariableSummary::default()
                        },
                        VariableSummary {
                            n: 2,
                            count: vec![0, 2],
                            percent: vec![0.0, 100.0],
                            ..VariableSummary::default()
                        },
                    ],
                    smd: Some(0.02),
                    ..TableVariable::default()
                },
            ],
            ..TableOne::default()
        }
    }

    #[test]
    fn numbers_say_how_they_were_made() {
        let views = variables(&table());
        assert_eq!(views[0].label, "Age at surgery, years");
        assert_eq!(views[0].column, "age");
        assert_eq!(
            views[0].lines[0],
            ("Mean (SD)".to_owned(), vec!["61.50 (2.25)".to_owned(), "55.00 (2.25)".to_owned()])
        );
        assert_eq!(views[0].lines[1].1[0], "60.0 [50.0, 70.5]");
        assert_eq!(
            views[0].lines[3],
            ("Missing, n (%)".to_owned(), vec!["2 (16.7%)".to_owned(), "0 (0.0%)".to_owned()])
        );
        assert!(views[0].unbalanced);
    }

    #[test]
    fn categories_have_a_line_a_level() {
        let views = variables(&table());
        assert_eq!(views[1].label, "meno");
        assert_eq!(views[1].lines.len(), 2, "nothing is missing, so no line says so");
        assert_eq!(views[1].lines[1], ("1, n (%)".to_owned(), vec!["3 (75.0%)".to_owned(), "2 (100.0%)".to_owned()]));
        assert!(!views[1].unbalanced);
    }

    #[test]
    fn codes_are_read_by_the_label() {
        let mut table = table();
        table.variables[1].label = "Menopausal status (0 premenopausal, 1 postmenopausal)".to_owned();
        let views = variables(&table);
        assert_eq!((views[1].label.as_str(), views[1].column.as_str()), ("Menopausal status", "meno"));
        assert_eq!(views[1].lines[1].0, "1 (postmenopausal), n (%)");
    }

    #[test]
    fn events_say_what_happened() {
        let mut table = table();
        let death = VariableInfo {
            name: "meno".to_owned(),
            label: String::new(),
            kind: model::dataset::ColumnKind::Number,
            role: ColumnRole::Event,
            unit: None,
            n_missing: 0,
            levels: Vec::new(),
            min: None,
            max: None,
        };
        let mut labelled = table.clone();
        name_events(&mut table, std::slice::from_ref(&death));
        let names: Vec<String> = variables(&table)[1].lines.iter().map(|(name, _)| name.clone()).collect();
        assert_eq!(names, ["did not happen, n (%)", "happened, n (%)"]);
        labelled.variables[1].label = "Status (0 alive, 1 dead)".to_owned();
        name_events(&mut labelled, &[death]);
        assert_eq!(variables(&labelled)[1].lines[1].0, "1 (dead), n (%)");
    }

    #[test]
    fn groups_of_a_split_are_named_by_what_splits() {
        let mut table = table();
        table.groups[0].name = "1".to_owned();
        table.variables[0].by_group[0].group = "1".to_owned();
        let variable = VariableInfo {
            name: "hormon".to_owned(),
            label: "Hormonal therapy (0 no, 1 yes)".to_owned(),
            kind: model::dataset::ColumnKind::Number,
            role: model::dataset::ColumnRole::Category,
            unit: None,
            n_missing: 0,
            levels: vec![("0".to_owned(), 1), ("1".to_owned(), 1)],
            min: None,
            max: None,
        };
        name_groups(&mut table, &variable);
        assert_eq!(table.groups[0].name, "hormonal therapy (yes)");
        assert_eq!(table.variables[0].by_group[0].group, "hormonal therapy (yes)");
    }

    #[test]
    fn the_file_holds_what_the_screen_shows() {
        let data = table_data(&table(), "Table 1");
        assert_eq!(data.columns[2].label, "a (n = 1,012)");
        assert_eq!(data.rows.len(), 6);
        assert!(data.rows.iter().all(|row| row.len() == data.columns.len()));
        assert_eq!(data.rows[0][4..], ["\u{2212}0.250".to_owned(), "unbalanced".to_owned()]);
        assert_eq!(data.rows[1][4], "");
    }

    #[test]
    fn one_group_has_no_difference() {
        let mut table = table();
        table.groups.pop();
        for variable in &mut table.variables {
            variable.by_group.pop();
            variable.smd = None;
        }
        assert!(!has_smd(&table));
        assert_eq!(table_data(&table, "Table 1").columns.len(), 3);
    }
}
