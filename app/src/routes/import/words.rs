//! Words and tables of the wizard: plain functions, tested natively.

use model::dataset::{ColumnRole, DatasetHeader};
use model::intake::{ColumnEvidence, ColumnPlan, CsvMapping, CsvProposal, DateFormat, IntakeReport};
use protocol::RecognizedFile;

use crate::components::{Column, TableData};
use crate::format;

/// Roles in the order they are offered, with their words.
pub(super) const ROLES: [(ColumnRole, &str); 8] = [
    (ColumnRole::Number, "Number"),
    (ColumnRole::Category, "Category"),
    (ColumnRole::Duration, "Duration (time to event or end)"),
    (ColumnRole::Event, "Event (happened or not)"),
    (ColumnRole::Date, "Date"),
    (ColumnRole::Identifier, "Identifier (person number)"),
    (ColumnRole::Text, "Free text"),
    (ColumnRole::Drop, "Leave out"),
];

/// Date orders: format, key, words.
pub(super) const DATE_FORMATS: [(DateFormat, &str, &str); 5] = [
    (DateFormat::YearMonthDay, "ymd", "2024-01-31 (year, month, day)"),
    (DateFormat::DayMonthYear, "dmy", "31.01.2024 (day, month, year)"),
    (DateFormat::MonthDayYear, "mdy", "01/31/2024 (month, day, year)"),
    (DateFormat::Compact, "compact", "20240131"),
    (DateFormat::DayMonthNameYear, "named", "31-Jan-2024"),
];

/// A role as the value of an option.
pub(super) fn role_key(role: ColumnRole) -> &'static str {
    match role {
        ColumnRole::Identifier => "identifier",
        ColumnRole::Date => "date",
        ColumnRole::Duration => "duration",
        ColumnRole::Event => "event",
        ColumnRole::Category => "category",
        ColumnRole::Number => "number",
        ColumnRole::Text => "text",
        ColumnRole::Drop => "drop",
    }
}

/// The role of an option's value; what is unknown is left out rather than guessed.
pub(super) fn role_of(key: &str) -> ColumnRole {
    ROLES.iter().map(|(role, _)| *role).find(|role| role_key(*role) == key).unwrap_or(ColumnRole::Drop)
}

/// A dataset's name from a file's: without folder and ending.
pub(super) fn dataset_name(file: &str) -> String {
    let name = file.rsplit('/').next().unwrap_or(file);
    name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned()
}

/// What was seen of a column, in one line.
pub(super) fn evidence_line(seen: &ColumnEvidence) -> String {
    let mut parts = vec![format!("{} different", format::count(seen.n_distinct))];
    if let (Some(min), Some(max)) = (seen.min, seen.max) {
        parts.push(format!("{} to {}", format::number(min), format::number(max)));
    } else {
        let levels: Vec<&str> = seen.top.iter().take(4).map(|(level, _)| level.as_str()).collect();
        if !levels.is_empty() {
            parts.push(levels.join(", "));
        }
    }
    if seen.n_missing > 0 {
        parts.push(format!("{} missing", format::count(seen.n_missing)));
    }
    parts.join(" · ")
}

/// Sets which values mean 'observed' where nothing is set yet: 1 of 0/1, 2 of 1/2, yes of no/yes.
pub(super) fn guess_event(column: &mut ColumnPlan, levels: &[(String, u64)]) {
    let has = |wanted: &str| levels.iter().find(|(l, _)| l.eq_ignore_ascii_case(wanted)).map(|(l, _)| l.clone());
    for (no, yes) in [("0", "1"), ("1", "2"), ("no", "yes"), ("false", "true"), ("alive", "dead")] {
        if let (Some(no), Some(yes)) = (has(no), has(yes)) {
            column.event_censored = vec![no];
            column.event_observed = vec![yes];
            return;
        }
    }
}

/// What must be put right before an import.
pub(super) fn mapping_problems(mapping: &CsvMapping) -> Vec<String> {
    let mut problems = Vec::new();
    for column in &mapping.columns {
        if column.role == ColumnRole::Event && column.event_observed.is_empty() {
            problems.push(format!("Say which value of '{}' means that the event was observed.", column.name));
        }
        if column.role == ColumnRole::Date && column.date_format.is_none() {
            problems.push(format!("Choose the order of day, month and year of '{}'.", column.name));
        }
    }
    let n_identifiers = mapping.columns.iter().filter(|c| c.role == ColumnRole::Identifier).count();
    if n_identifiers > 1 {
        problems.push("Two columns are identifiers: keep one, and leave the other out.".to_owned());
    }
    if mapping.columns.iter().all(|c| matches!(c.role, ColumnRole::Drop | ColumnRole::Identifier)) {
        problems.push("Every column is left out: keep at least one.".to_owned());
    }
    problems
}

/// Facts of a file.
pub(super) fn file_facts(name: &str, n_bytes: u64, proposal: &CsvProposal) -> Vec<(String, String)> {
    let delimiter = match proposal.mapping.delimiter {
        ',' => "comma".to_owned(),
        ';' => "semicolon".to_owned(),
        '\t' => "tab".to_owned(),
        other => other.to_string(),
    };
    let fact = |name: &str, value: String| (name.to_owned(), value);
    vec![
        fact("File", name.to_owned()),
        fact("Size", format::bytes(n_bytes as f64)),
        fact("Columns", format::count(proposal.mapping.columns.len() as u64)),
        fact("Between fields", delimiter),
        fact("Decimal sign", proposal.mapping.decimal.to_string()),
        fact("Encoding", proposal.mapping.encoding.clone()),
        fact("Looked at", if proposal.complete { "the whole file" } else { "the first megabyte" }.to_owned()),
    ]
}

/// Facts of a `.rounds` file.
pub(super) fn header_facts(header: &DatasetHeader) -> Vec<(String, String)> {
    let fact = |name: &str, value: String| (name.to_owned(), value);
    let tables: Vec<String> =
        header.tables.iter().map(|t| format!("{} ({} rows)", t.name, format::count(t.n_rows))).collect();
    vec![
        fact("Persons", format::count(header.n_persons)),
        fact("Made from", header.source.files.join(", ")),
        fact("Tables", tables.join(", ")),
    ]
}

/// The first rows.
pub(super) fn preview(proposal: &CsvProposal) -> TableData {
    TableData {
        caption: "The first rows as they stand in the file".to_owned(),
        columns: proposal.mapping.columns.iter().map(|c| Column::text(c.name.clone())).collect(),
        rows: proposal.preview.iter().take(8).cloned().collect(),
    }
}

/// What happens to the columns that would name a person.
pub(super) fn identifier_table(mapping: &CsvMapping) -> TableData {
    let action = |column: &ColumnPlan| -> Option<(String, &'static str)> {
        let class = column.identifier_class.clone();
        match column.role {
            ColumnRole::Identifier => Some((
                class.unwrap_or_else(|| "person number".to_owned()),
                "Replaced by a keyed hash; the number itself is not stored",
            )),
            ColumnRole::Date => Some((
                class.unwrap_or_else(|| "date".to_owned()),
                "Changed as chosen below",
            )),
            ColumnRole::Text => Some((
                class.unwrap_or_else(|| "free text".to_owned()),
                "Passes the identifier screen before it is stored",
            )),
            ColumnRole::Drop => class.map(|c| (c, "Left out; not stored")),
            _ => class.map(|c| (c, "Reduced (ZIP code to three digits, ages above 89 to 90) or left out")),
        }
    };
    let row = |column: &ColumnPlan| {
        action(column).map(|(class, action)| vec![column.name.clone(), class, action.to_owned()])
    };
    TableData {
        caption: "Columns that are changed or left out".to_owned(),
        columns: vec![Column::text("Column"), Column::text("Class"), Column::text("What happens")],
        rows: mapping.columns.iter().filter_map(row).collect(),
    }
}

/// OMOP files.
pub(super) fn recognized(files: &[RecognizedFile]) -> TableData {
    let row = |f: &RecognizedFile| vec![f.name.clone(), f.table.clone().unwrap_or_else(|| "not used".to_owned())];
    TableData {
        caption: "The files and what they are".to_owned(),
        columns: vec![Column::text("File"), Column::text("OMOP table")],
        rows: files.iter().map(row).collect(),
    }
}

/// Rejected rows and values.
pub(super) fn rejections(report: &IntakeReport) -> TableData {
    let row = |r: &model::intake::Rejection| {
        let field = if r.field.is_empty() { "whole row".to_owned() } else { r.field.clone() };
        vec![r.file.clone(), r.line.to_string(), field, r.reason.clone()]
    };
    TableData {
        caption: "Rows that were rejected and values that were set to missing".to_owned(),
        columns: vec![Column::text("File"), Column::number("Line"), Column::text("Field"), Column::text("Reason")],
        rows: report.rejected.iter().map(row).collect(),
    }
}

/// Identifiers found.
pub(super) fn identifiers_found(report: &IntakeReport) -> TableData {
    let row = |i: &model::intake::IdentifierFound| vec![i.class.clone(), format::count(i.found), i.action.clone()];
    TableData {
        caption: "Identifiers found, by class".to_owned(),
        columns: vec![Column::text("Class"), Column::number("Values"), Column::text("What was done")],
        rows: report.identifiers.iter().map(row).collect(),
    }
}

/// Rows by file.
pub(super) fn files(report: &IntakeReport) -> TableData {
    let row = |f: &model::intake::FileCount| {
        let counts = [f.rows_read, f.rows_kept, f.rows_rejected, f.rows_not_used].map(format::count);
        [f.file.clone(), f.table.clone()].into_iter().chain(counts).collect()
    };
    TableData {
        caption: "Rows by file".to_owned(),
        columns: vec![
            Column::text("File"),
            Column::text("Table"),
            Column::number("Read"),
            Column::number("Kept"),
            Column::number("Rejected"),
            Column::number("Not used"),
        ],
        rows: report.files.iter().map(row).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(name: &str, role: ColumnRole) -> ColumnPlan {
        ColumnPlan {
            name: name.to_owned(),
            label: String::new(),
            role,
            unit: None,
            date_format: None,
            event_observed: Vec::new(),
            event_censored: Vec::new(),
            identifier_class: None,
        }
    }

    fn mapping(columns: Vec<ColumnPlan>) -> CsvMapping {
        CsvMapping { delimiter: ',', encoding: "utf-8".into(), decimal: '.', missing: Vec::new(), columns }
    }

    #[test]
    fn every_role_has_a_key_that_leads_back() {
        for (role, _) in ROLES {
            assert_eq!(role_of(role_key(role)), role);
        }
        assert_eq!(role_of("nonsense"), ColumnRole::Drop);
    }

    #[test]
    fn the_event_is_guessed_from_its_levels() {
        let levels = |l: &[&str]| l.iter().map(|l| ((*l).to_owned(), 1)).collect::<Vec<_>>();
        let mut c = column("status", ColumnRole::Event);
        guess_event(&mut c, &levels(&["2", "1"]));
        assert_eq!((c.event_observed, c.event_censored), (vec!["2".to_owned()], vec!["1".to_owned()]));
        let mut c = column("status", ColumnRole::Event);
        guess_event(&mut c, &levels(&["a", "b"]));
        assert!(c.event_observed.is_empty());
    }

    #[test]
    fn an_event_without_a_meaning_and_two_identifiers_stop_the_import() {
        let m = mapping(vec![
            column("a", ColumnRole::Identifier),
            column("b", ColumnRole::Identifier),
            column("c", ColumnRole::Event),
            column("d", ColumnRole::Date),
        ]);
        let problems = mapping_problems(&m);
        assert_eq!(problems.len(), 3);
        assert!(problems.iter().any(|p| p.contains("'c'")) && problems.iter().any(|p| p.contains("'d'")));
        assert!(mapping_problems(&mapping(vec![column("x", ColumnRole::Number)])).is_empty());
        assert_eq!(mapping_problems(&mapping(vec![column("x", ColumnRole::Drop)])).len(), 1);
    }

    #[test]
    fn names_come_from_files() {
        assert_eq!(dataset_name("folder/lung.cancer.csv"), "lung.cancer");
        assert_eq!(dataset_name("plain"), "plain");
    }
}
