//! How files of an import are read: one document for one flat file or several tables that belong together, saved by the
//! user and applied to the next files of the same columns.

mod apply;

use serde::{Deserialize, Serialize};

use crate::concept::Domain;
use crate::dataset::ColumnRole;
use crate::intake::{CsvMapping, CsvProposal, DateFormat};

pub use apply::MappingMisfit;

/// Version of the document written by this build.
pub const IMPORT_MAPPING_SCHEMA_VERSION: u32 = 1;

/// The `kind` of an import mapping.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum ImportMappingKind {
    /// `"import_mapping"`.
    #[default]
    #[serde(rename = "import_mapping")]
    ImportMapping,
}

/// How the files of an import are read.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ImportMapping {
    /// Always `"import_mapping"`.
    pub kind: ImportMappingKind,
    /// [`IMPORT_MAPPING_SCHEMA_VERSION`].
    pub schema_version: u32,
    /// One plan a table: a delimited file, a sheet of a workbook, a file of JSON lines.
    pub tables: Vec<TablePlan>,
    /// How notes are read that are a text file each.
    #[serde(default)]
    pub texts: TextNotes,
}

/// How one table is read.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TablePlan {
    /// File name, with its folder where there is one.
    pub file: String,
    /// Sheet, of a workbook.
    #[serde(default)]
    pub sheet: Option<String>,
    /// What a row is.
    pub shape: TableShape,
    /// How the file is written and what its columns are. The column with the role `identifier` names the person and joins
    /// the tables.
    pub mapping: CsvMapping,
}

/// What a row of a table is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TableShape {
    /// A person: each column is a variable.
    Persons,
    /// A person on a day: each further column that is kept gives an event, free text a note.
    Visits(VisitShape),
    /// One value of a person on a day.
    Long(LongShape),
    /// A clinic note.
    Notes(NoteShape),
    /// A code and its words, for the codes of other tables.
    Dictionary(DictionaryShape),
    /// Nothing that is wanted: its rows are counted and not used.
    NotUsed,
}

/// Columns of a table with a row a visit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VisitShape {
    /// Column with the day; empty where no row has one and all columns are the person's.
    #[serde(default)]
    pub date: String,
    /// Further columns with a day: a value is of the nearest one before it that is filled, else of the first that is.
    #[serde(default)]
    pub more_dates: Vec<String>,
    /// Columns that say something of the person and not of a day, and are filled in some of the rows: variables.
    #[serde(default)]
    pub of_person: Vec<String>,
    /// Column with the last day.
    #[serde(default)]
    pub end: Option<String>,
    /// Column with the number of the encounter, by which rows of other tables are dated.
    #[serde(default)]
    pub encounter: Option<String>,
}

/// Columns of a table with a row a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LongShape {
    /// Column with the day; empty where the encounter says it.
    #[serde(default)]
    pub date: String,
    /// Column with the last day, where events last.
    #[serde(default)]
    pub end: Option<String>,
    /// Column with the name of what was measured, found or given.
    pub variable: String,
    /// Column with its code, where there is one beside the name.
    #[serde(default)]
    pub code: Option<String>,
    /// Code system of the codes, or of the names if there are no codes (`LOINC`, `ICD10CM`, `ATC`, ...); absent: the file's own.
    #[serde(default)]
    pub system: Option<String>,
    /// Column that says of each row which code system its code is of (`9` and `10` of ICD, `SNOMED`, ...).
    #[serde(default)]
    pub system_column: Option<String>,
    /// Column with the value.
    #[serde(default)]
    pub value: Option<String>,
    /// Column with the unit of the value.
    #[serde(default)]
    pub unit: Option<String>,
    /// Column with the answer in words where there is no number, beside a column of numbers.
    #[serde(default)]
    pub words: Option<String>,
    /// Column that says whether a number is a limit (`L`, `LE`, `<`, ...). It may be the one with the words.
    #[serde(default)]
    pub operator: Option<String>,
    /// Column that says that a row was withdrawn (`voided`): such rows are counted and not used.
    #[serde(default)]
    pub withdrawn: Option<String>,
    /// Column with the number of the encounter. Of rows without a day it gives the last day of the encounter, and whose they are; where
    /// the rows are visits, the encounter that they are.
    #[serde(default)]
    pub encounter: Option<String>,
    /// What the rows are.
    pub domain: Domain,
}

/// Columns of a table with a row a note.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoteShape {
    /// Column with the day.
    pub date: String,
    /// Column with the text.
    pub text: String,
    /// Column with the title or kind.
    #[serde(default)]
    pub title: Option<String>,
}

/// Columns of a table with a row a code.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DictionaryShape {
    /// Column with the code.
    pub code: String,
    /// Column with its words.
    pub label: String,
    /// Names of the columns, in other tables, whose codes these are.
    pub of: Vec<String>,
    /// Column that makes a code one together with it: which version or system it is of.
    #[serde(default)]
    pub version: Option<String>,
    /// Column with the unit of its values.
    #[serde(default)]
    pub unit: Option<String>,
    /// Column with a kind, which tells codes with the same words apart.
    #[serde(default)]
    pub category: Option<String>,
}

/// How notes are read that are a text file each.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TextNotes {
    /// Order of day and month, where dates like 01/02/2024 do not say it.
    #[serde(default)]
    pub date_format: Option<DateFormat>,
    /// What the user says of single files: it goes before what stands in them.
    #[serde(default)]
    pub said: Vec<SaidOfText>,
}

/// What the user says of a text file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SaidOfText {
    /// File name.
    pub file: String,
    /// Whose note it is.
    #[serde(default)]
    pub person: Option<String>,
    /// Its day, as year-month-day.
    #[serde(default)]
    pub date: Option<String>,
}

/// What a look at the files of an import found.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct TablesProposal {
    /// The tables, with what is proposed for each.
    pub tables: Vec<TableProposal>,
    /// Text files that are notes.
    pub texts: Vec<TextFound>,
    /// Order of day and month in the dates of text files, where some could be read in both and the others say it.
    pub text_date_format: Option<DateFormat>,
    /// Dates of text files could have the day or the month first, and none says which.
    pub text_order_unsure: bool,
    /// Files that cannot be used, and why.
    pub not_used: Vec<FileNotUsed>,
}

/// A table and what is proposed for it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TableProposal {
    /// File name.
    pub file: String,
    /// Sheet, of a workbook.
    pub sheet: Option<String>,
    /// The file is delimited text: delimiter, encoding and marks may be said otherwise.
    pub is_delimited: bool,
    /// What a row seems to be.
    pub shape: TableShape,
    /// Why.
    pub why: String,
    /// Columns and how it is written.
    pub proposal: CsvProposal,
}

/// A text file that is a note.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TextFound {
    /// File name.
    pub file: String,
    /// Whose note it is, as the file says it.
    pub person: Option<String>,
    /// Its date, as the file says it.
    pub date: Option<String>,
    /// Its first words.
    pub begins: String,
}

/// A file that is not used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileNotUsed {
    /// File name.
    pub file: String,
    /// Why, and what to do.
    pub reason: String,
}

impl TableShape {
    /// The column with the day, where the shape has one.
    #[must_use]
    pub fn date(&self) -> Option<&str> {
        match self {
            TableShape::Long(l) if self.is_dated_by_encounter() => Some(l.date.as_str()).filter(|d| !d.is_empty()),
            TableShape::Visits(v) if !v.of_person.is_empty() => Some(v.date.as_str()).filter(|d| !d.is_empty()),
            TableShape::Visits(VisitShape { date, .. })
            | TableShape::Long(LongShape { date, .. })
            | TableShape::Notes(NoteShape { date, .. }) => Some(date),
            TableShape::Persons | TableShape::Dictionary(_) | TableShape::NotUsed => None,
        }
    }

    /// The column with the number of the encounter.
    #[must_use]
    pub fn encounter(&self) -> Option<&str> {
        match self {
            TableShape::Visits(VisitShape { encounter, .. }) | TableShape::Long(LongShape { encounter, .. }) => {
                encounter.as_deref()
            }
            _ => None,
        }
    }

    /// Whether the rows are encounters by which those of other tables are dated.
    #[must_use]
    pub fn is_encounters(&self) -> bool {
        let is_visits = match self {
            TableShape::Visits(_) => true,
            TableShape::Long(l) => l.domain == Domain::Visit,
            _ => false,
        };
        is_visits && self.encounter().is_some()
    }

    /// Whether a row without a day, or without a person, has those of its encounter.
    #[must_use]
    pub fn is_dated_by_encounter(&self) -> bool {
        matches!(self, TableShape::Long(_)) && self.encounter().is_some() && !self.is_encounters()
    }

    /// Columns that the shape gives a part to, and the part in words.
    #[must_use]
    pub fn parts(&self) -> Vec<(&'static str, &str)> {
        let given = |part: &'static str, column: &'_ Option<String>| column.as_ref().map(|_| part);
        let mut out = Vec::new();
        let optional: Vec<(&'static str, &Option<String>)> = match self {
            TableShape::Persons | TableShape::NotUsed => Vec::new(),
            TableShape::Visits(v) => {
                if !v.date.is_empty() || v.of_person.is_empty() {
                    out.push(("date", v.date.as_str()));
                }
                out.extend(v.more_dates.iter().map(|column| ("further date", column.as_str())));
                out.extend(v.of_person.iter().map(|column| ("variable", column.as_str())));
                vec![("end date", &v.end), ("encounter", &v.encounter)]
            }
            TableShape::Long(l) => {
                if !l.date.is_empty() || !self.is_dated_by_encounter() {
                    out.push(("date", l.date.as_str()));
                }
                out.push(("variable", l.variable.as_str()));
                vec![
                    ("end date", &l.end),
                    ("code", &l.code),
                    ("code system", &l.system_column),
                    ("value", &l.value),
                    ("unit", &l.unit),
                    ("value in words", &l.words),
                    ("sign of a limit", &l.operator),
                    ("withdrawal", &l.withdrawn),
                    ("encounter", &l.encounter),
                ]
            }
            TableShape::Notes(n) => {
                out.extend([("date", n.date.as_str()), ("text", n.text.as_str())]);
                vec![("title", &n.title)]
            }
            TableShape::Dictionary(d) => {
                out.extend([("code", d.code.as_str()), ("words", d.label.as_str())]);
                vec![("version", &d.version), ("unit", &d.unit), ("kind", &d.category)]
            }
        };
        for (part, column) in optional {
            out.extend(given(part, column).zip(column.as_deref()));
        }
        out
    }
}

impl TablePlan {
    /// The column that names the person.
    #[must_use]
    pub fn person(&self) -> Option<&str> {
        self.mapping.columns.iter().find(|c| c.role == ColumnRole::Identifier).map(|c| c.name.as_str())
    }

    /// The table's name in reports: the file, and its sheet.
    #[must_use]
    pub fn name(&self) -> String {
        table_name(&self.file, self.sheet.as_deref())
    }

    /// What keeps the table from being read so, each with what to do.
    #[must_use]
    pub fn problems(&self, is_alone: bool) -> Vec<String> {
        let name = self.name();
        if self.shape == TableShape::NotUsed {
            return Vec::new();
        }
        let mut out = Vec::new();
        let n_persons = self.mapping.columns.iter().filter(|c| c.role == ColumnRole::Identifier).count();
        if n_persons > 1 {
            out.push(format!("{name}: several columns name the person. Keep one and leave the others out."));
        }
        let needs_none = match self.shape {
            TableShape::Persons => is_alone,
            TableShape::Dictionary(_) => true,
            _ => self.shape.is_dated_by_encounter(),
        };
        if n_persons == 0 && !needs_none {
            out.push(format!("{name}: say which column names the person (its meaning is 'identifier')."));
        }
        for (part, column) in self.shape.parts() {
            match self.mapping.columns.iter().find(|c| c.name == column) {
                _ if column.is_empty() => out.push(format!("{name}: say which column is the {part}.")),
                None => out.push(format!("{name}: there is no column '{column}', which should be the {part}.")),
                Some(c) if part.ends_with("date") && c.date_format.is_none() => out.push(format!(
                    "{name}: the dates of '{column}' could have the day or the month first: say which. The other order gives other dates."
                )),
                Some(c) if c.role == ColumnRole::Identifier => {
                    out.push(format!("{name}: '{column}' names the person; it cannot be the {part} too."));
                }
                Some(_) => {}
            }
        }
        out
    }
}

/// A table's name in reports: the file, and its sheet.
#[must_use]
pub fn table_name(file: &str, sheet: Option<&str>) -> String {
    sheet.map_or_else(|| file.to_owned(), |sheet| format!("{file}, sheet '{sheet}'"))
}

impl ImportMapping {
    /// A mapping of tables.
    #[must_use]
    pub fn new(tables: Vec<TablePlan>, texts: TextNotes) -> Self {
        Self { kind: ImportMappingKind::ImportMapping, schema_version: IMPORT_MAPPING_SCHEMA_VERSION, tables, texts }
    }

    /// A mapping of one flat file with a row a person.
    #[must_use]
    pub fn flat(file: &str, mapping: CsvMapping) -> Self {
        let plan = TablePlan { file: file.to_owned(), sheet: None, shape: TableShape::Persons, mapping };
        Self::new(vec![plan], TextNotes::default())
    }

    /// What keeps the import from starting, each with what to do.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        let used = self.tables.iter().filter(|t| t.shape != TableShape::NotUsed).count();
        self.tables.iter().flat_map(|t| t.problems(used == 1)).collect()
    }
}

impl From<&TablesProposal> for ImportMapping {
    /// What is proposed, as it stands.
    fn from(found: &TablesProposal) -> Self {
        let plan = |t: &TableProposal| TablePlan {
            file: t.file.clone(),
            sheet: t.sheet.clone(),
            shape: t.shape.clone(),
            mapping: t.proposal.mapping.clone(),
        };
        let texts = TextNotes { date_format: found.text_date_format, said: Vec::new() };
        Self::new(found.tables.iter().map(plan).collect(), texts)
    }
}
