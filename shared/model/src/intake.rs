//! What the import wizard proposes and the user corrects, and the intake report at the end.

use serde::{Deserialize, Serialize};

use crate::dataset::ColumnRole;

/// What a look at the first part of a delimited file found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CsvProposal {
    /// The mapping proposed: to be corrected and sent back.
    pub mapping: CsvMapping,
    /// The first rows as text, for the user to look at (at most 20).
    pub preview: Vec<Vec<String>>,
    /// What was seen of each column, in the order of the file.
    pub evidence: Vec<ColumnEvidence>,
    /// Problems that do not stop the import, in words.
    pub warnings: Vec<String>,
    /// Whether the whole file was looked at, not only its first part.
    pub complete: bool,
}

/// How to read a delimited file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CsvMapping {
    /// Field delimiter: `,` `;` `\t` `|` ` ` `:`.
    pub delimiter: char,
    /// `utf-8`, `utf-16le`, `utf-16be`, `windows-1252`.
    pub encoding: String,
    /// The mark that fields stand within where they hold the delimiter or a line end.
    #[serde(default)]
    pub quote: QuoteMark,
    /// Decimal sign: `.` or `,`.
    pub decimal: char,
    /// Texts that mean 'no value' (besides the empty field).
    pub missing: Vec<String>,
    /// A plan for each column, in the order of the file.
    pub columns: Vec<ColumnPlan>,
}

impl CsvMapping {
    /// Columns of a file that is written as most are: commas, UTF-8, double quotation marks, decimal points.
    #[must_use]
    pub fn of(columns: Vec<ColumnPlan>) -> Self {
        Self {
            delimiter: ',',
            encoding: "utf-8".to_owned(),
            quote: QuoteMark::Double,
            decimal: '.',
            missing: Vec::new(),
            columns,
        }
    }
}

impl ColumnPlan {
    /// A column of a role; nothing else is said of it.
    #[must_use]
    pub fn new(name: impl Into<String>, role: ColumnRole) -> Self {
        Self {
            name: name.into(),
            label: String::new(),
            role,
            unit: None,
            date_format: None,
            short_years: false,
            event_observed: Vec::new(),
            event_censored: Vec::new(),
            identifier_class: None,
        }
    }
}

impl CsvProposal {
    /// A mapping of a file that was looked at whole, with the same seen of each of its columns.
    #[must_use]
    pub fn of(mapping: CsvMapping, seen: &ColumnEvidence) -> Self {
        let evidence = vec![seen.clone(); mapping.columns.len()];
        Self { mapping, preview: Vec::new(), evidence, warnings: Vec::new(), complete: true }
    }
}

/// The mark that fields of a delimited file stand within.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum QuoteMark {
    /// `"`, two of them for one inside.
    #[default]
    Double,
    /// `'`.
    Single,
    /// None: a mark is a letter like others, and no field holds the delimiter.
    None,
}

/// How a delimited file is written, where the user says so. What is `None` is guessed from the file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CsvDialect {
    /// Field delimiter: `,` `;` `\t` `|` ` ` `:`.
    pub delimiter: Option<char>,
    /// `utf-8`, `utf-16le`, `utf-16be`, `windows-1252`.
    pub encoding: Option<String>,
    /// Quotation mark.
    pub quote: Option<QuoteMark>,
    /// Decimal sign: `.` or `,`.
    pub decimal: Option<char>,
}

/// What to do with one column.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ColumnPlan {
    /// Name in the file's header.
    pub name: String,
    /// Words for people (empty: the name).
    #[serde(default)]
    pub label: String,
    /// What it is.
    pub role: ColumnRole,
    /// Unit where known; for a duration `days`, `weeks`, `months`, `years`.
    #[serde(default)]
    pub unit: Option<String>,
    /// For a date: the order of its parts.
    #[serde(default)]
    pub date_format: Option<DateFormat>,
    /// For a date: its years have two digits, and are of the hundred years up to the one of the import.
    #[serde(default)]
    pub short_years: bool,
    /// For an event: the texts that mean 'observed' (all other non-missing texts in `event_censored`).
    #[serde(default)]
    pub event_observed: Vec<String>,
    /// For an event: the texts that mean 'not observed'.
    #[serde(default)]
    pub event_censored: Vec<String>,
    /// A direct identifier class found by name or content (`name`, `phone`, `email`, `zip`, `record_number`,
    /// `birth_date`, ...): such a column is dropped, re-keyed or reduced, never stored as it is.
    #[serde(default)]
    pub identifier_class: Option<String>,
}

impl ColumnPlan {
    /// The plan of a column that is left out.
    #[must_use]
    pub fn left_out(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            label: String::new(),
            role: ColumnRole::Drop,
            unit: None,
            date_format: None,
            short_years: false,
            event_observed: Vec::new(),
            event_censored: Vec::new(),
            identifier_class: None,
        }
    }
}

/// Order of the parts of a date.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DateFormat {
    /// 2024-01-31, also with a time behind it.
    YearMonthDay,
    /// 31.01.2024, 31/01/2024, 31-01-2024.
    DayMonthYear,
    /// 01/31/2024.
    MonthDayYear,
    /// 20240131.
    Compact,
    /// 31-Jan-2024, 31 Jan 2024.
    DayMonthNameYear,
}

/// What was seen of a column.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ColumnEvidence {
    /// Rows looked at.
    pub n: u64,
    /// Of these without a value.
    pub n_missing: u64,
    /// Different values (counted up to a cap of 10,000).
    pub n_distinct: u64,
    /// Up to 12 most frequent values with counts.
    pub top: Vec<(String, u64)>,
    /// Smallest and largest number where numeric.
    pub min: Option<f64>,
    /// Largest number.
    pub max: Option<f64>,
    /// Why the role was proposed, in words.
    pub why: String,
    /// Roles that would also be possible for what was seen.
    pub possible: Vec<ColumnRole>,
    /// The values are dates whose day and month could be either way round: nothing in them says which.
    #[serde(default)]
    pub date_order_unsure: bool,
}

/// What happened in an import. The field names are those of the command line's contract.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct IntakeReport {
    /// `csv`, `omop`.
    pub format: String,
    /// Persons kept.
    pub persons: u64,
    /// Events kept.
    pub events: u64,
    /// Notes kept.
    pub notes: u64,
    /// Findings read from the notes and stored as events beside `events`.
    #[serde(default)]
    pub note_findings: u64,
    /// Data rows read. Always kept + rejected + not used.
    pub rows_read: u64,
    /// Rows kept.
    pub rows_kept: u64,
    /// Rows rejected, each with a reason.
    pub rows_rejected: u64,
    /// Rows read and deliberately not used (tables or records that Rounds has no use for).
    pub rows_not_used: u64,
    /// The first 1,000 rejections and dropped values.
    pub rejected: Vec<Rejection>,
    /// Values (not rows) that could not be read and were set to missing; each listed in `rejected` too.
    pub values_rejected: u64,
    /// Rows by file and table.
    pub files: Vec<FileCount>,
    /// Identifiers found and what was done.
    pub identifiers: Vec<IdentifierFound>,
    /// The same by the eighteen classes of HIPAA's Safe Harbor rule, also those of which nothing was found (empty in reports of
    /// older builds).
    #[serde(default)]
    pub safe_harbor: Vec<crate::safe_harbor::SafeHarborRow>,
    /// What was chosen of de-identification, and what it means.
    #[serde(default)]
    pub choices: Vec<crate::dataset::DeidentificationStep>,
    /// Everything else the user should know, in words.
    pub warnings: Vec<String>,
    /// What was added to a dataset that was there, where one was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub merged: Option<Merged>,
    /// Wall-clock seconds, filled by the host (0 where there is no clock).
    pub seconds: f64,
}

/// What an import did to the dataset that it was added to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Merged {
    /// Persons.
    pub persons: Compared,
    /// Events, findings of notes among them.
    pub events: Compared,
    /// Notes.
    pub notes: Compared,
}

/// Rows of an import against those of the dataset that was there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Compared {
    /// Not there before.
    pub new: u64,
    /// There before, and now otherwise.
    pub updated: u64,
    /// There before, and the same: not stored twice.
    pub unchanged: u64,
    /// Of the dataset before: left out, since their resource came anew without them.
    pub removed: u64,
}

/// A row or a value that was rejected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rejection {
    /// File name.
    pub file: String,
    /// Line in the file, from 1 (the header is line 1).
    pub line: u64,
    /// Field name; empty where the whole row is meant.
    pub field: String,
    /// Why, and what to do.
    pub reason: String,
}

/// Rows of one file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileCount {
    /// File name.
    pub file: String,
    /// What it was recognized as.
    pub table: String,
    /// Data rows read.
    pub rows_read: u64,
    /// Rows kept.
    pub rows_kept: u64,
    /// Rows rejected.
    pub rows_rejected: u64,
    /// Rows not used.
    pub rows_not_used: u64,
}

/// A class of identifiers found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct IdentifierFound {
    /// HIPAA Safe Harbor class (`names`, `dates`, `phone numbers`, ...).
    pub class: String,
    /// How many values.
    pub found: u64,
    /// Where: file and field, notes, other text (empty in reports of older builds).
    #[serde(default)]
    pub place: String,
    /// What was done.
    pub action: String,
}

/// What the identifier screen replaced, for the user to look at before anything is stored. It shows what must not be stored and
/// lives in memory only.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ScreenReview {
    /// Texts that went through the screen.
    pub n_texts: u64,
    /// By class, in the order of their names.
    pub classes: Vec<ReviewedClass>,
}

/// What was replaced of one class.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewedClass {
    /// name, date, phone, email, ...: the screen's own class.
    pub class: String,
    /// Finds.
    pub found: u64,
    /// Different texts among them (counted up to a cap of 5,000).
    pub n_different: u64,
    /// The most frequent, up to 50.
    pub examples: Vec<ReviewExample>,
}

/// A text that was replaced, in the context of its first find.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewExample {
    /// What was found.
    pub found: String,
    /// What stands there now, the first time.
    pub replacement: String,
    /// How often it was found.
    pub times: u64,
    /// What stood before and behind it.
    pub before: (String, String),
    /// What stands before and behind it now.
    pub after: (String, String),
}
