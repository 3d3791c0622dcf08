//! The plan of an import of several tables as the user corrects it: plain data, no browser.

use model::concept::Domain;
use model::dataset::{ColumnRole, DatasetId};
use model::import_mapping::{
    FileNotUsed, ImportMapping, LongShape, NoteShape, TableProposal, TableShape, TablesProposal, TextFound, TextNotes,
    VisitShape,
};
use model::intake::{CsvDialect, DateFormat};
use protocol::DatePolicy;

use super::table::{OneTable, Part, kind_words};
use crate::components::{Column, TableData};
use crate::format::capital;
use crate::routes::import::plan::{CsvPlan, Fate};

/// The plan of an import of several tables.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::routes::import) struct TablesPlan {
    /// Name of the dataset.
    pub(in crate::routes::import) name: String,
    /// What happens to dates.
    pub(in crate::routes::import) dates: DatePolicy,
    /// Whether findings of the notes become events.
    pub(in crate::routes::import) note_findings: bool,
    /// The stored dataset that the files are added to.
    pub(in crate::routes::import) into: Option<DatasetId>,
    pub(super) n_bytes: u64,
    pub(super) tables: Vec<OneTable>,
    /// Notes that are text files.
    pub(super) texts: Vec<TextFound>,
    pub(super) text_rules: TextNotes,
    pub(super) text_order_unsure: bool,
    pub(super) not_used: Vec<FileNotUsed>,
    /// The table that is shown.
    pub(super) at: usize,
    /// What a saved mapping left out.
    pub(super) words: Vec<String>,
}

impl TablesPlan {
    /// The plan as proposed, but for what must be asked.
    pub(in crate::routes::import) fn new(n_bytes: u64, found: TablesProposal) -> Self {
        // Text files are often named after the patient: no name for a dataset.
        let name = found.tables.first().map_or_else(|| "Clinic notes".to_owned(), |t| t.file.clone());
        let name = name.rsplit(['/', '\\']).next().unwrap_or(&name);
        Self {
            name: name.rsplit_once('.').map_or(name, |(stem, _)| stem).to_owned(),
            dates: DatePolicy::Shift,
            note_findings: true,
            into: None,
            n_bytes,
            text_rules: TextNotes { date_format: found.text_date_format, said: Vec::new() },
            tables: found.tables.into_iter().map(OneTable::new).collect(),
            texts: found.texts,
            text_order_unsure: found.text_order_unsure,
            not_used: found.not_used,
            at: 0,
            words: Vec::new(),
        }
    }

    /// Takes the proposal of the same files read in another way. What the user corrected stays.
    pub(in crate::routes::import) fn read_anew(&mut self, found: TablesProposal) {
        for new in found.tables {
            if let Some(table) = self.tables.iter_mut().find(|t| t.file == new.file && t.sheet == new.sheet) {
                table.csv.read_anew(new.proposal);
            }
        }
    }

    /// There are only notes as text files.
    pub(in crate::routes::import) fn has_no_columns(&self) -> bool {
        self.tables.is_empty()
    }

    /// The plan of the table that is shown.
    pub(in crate::routes::import) fn csv(&self) -> Option<&CsvPlan> {
        self.tables.get(self.at).map(|t| &t.csv)
    }

    /// The same, to be changed.
    pub(in crate::routes::import) fn csv_mut(&mut self) -> Option<&mut CsvPlan> {
        self.tables.get_mut(self.at).map(|t| &mut t.csv)
    }

    pub(super) fn choose(&mut self, at: usize) {
        self.at = at.min(self.tables.len().saturating_sub(1));
    }

    pub(super) fn names(&self) -> Vec<String> {
        self.tables.iter().map(OneTable::name).collect()
    }

    /// How the shown table is written, where the user says so.
    pub(super) fn said(&self) -> CsvDialect {
        self.tables.get(self.at).map(|t| t.said.clone()).unwrap_or_default()
    }

    /// Notes how the shown table is written; gives what was said of all.
    pub(in crate::routes::import) fn say(&mut self, said: CsvDialect) -> Vec<(String, CsvDialect)> {
        if let Some(table) = self.tables.get_mut(self.at) {
            table.said = said;
        }
        self.tables.iter().map(|t| (t.file.clone(), t.said.clone())).collect()
    }

    /// Why the shown table is taken for what it is, and whether it is delimited text.
    pub(super) fn about(&self) -> (String, bool) {
        self.tables.get(self.at).map(|t| (capital(&t.why), t.is_delimited)).unwrap_or_default()
    }

    pub(super) fn shape(&self) -> Option<&TableShape> {
        self.tables.get(self.at).map(|t| &t.shape)
    }

    /// What becomes of columns without a part, where a shape reads only some.
    pub(super) fn parts_words(&self) -> Option<&'static str> {
        match self.shape()? {
            TableShape::Long(_) => Some(
                "Of a table with a row a value only the columns with a part are read (person, day, what was measured, value in \
                 numbers and words, unit, code); the others are not stored, whatever stands here.",
            ),
            TableShape::Notes(_) => {
                Some("Of a table of notes only person, day, text and title are read; the other columns are not stored.")
            }
            TableShape::Dictionary(_) => Some(
                "The words are given to the codes of the columns of the same name in other tables. Nothing else of it is stored.",
            ),
            TableShape::NotUsed => Some("This table is left out."),
            TableShape::Persons | TableShape::Visits(_) => None,
        }
    }

    /// A row a table: what it is, and what joins it.
    pub(super) fn overview(&self) -> TableData {
        let row = |t: &OneTable| {
            let plan = t.plan();
            let joined = match &plan.shape {
                TableShape::Dictionary(d) => format!("{} (a code)", d.code),
                _ => plan.person().unwrap_or("nobody").to_owned(),
            };
            let dated = match (plan.shape.date(), plan.shape.encounter()) {
                (Some(date), _) if !date.is_empty() => date.to_owned(),
                (_, Some(encounter)) => format!("{encounter} (its encounter)"),
                _ => String::new(),
            };
            vec![t.name(), kind_words(&t.shape).to_owned(), joined, dated]
        };
        TableData {
            caption: "Tables and what they are".to_owned(),
            columns: vec![
                Column::text("Table"),
                Column::text("A row is"),
                Column::text("Joined by"),
                Column::text("Dated by"),
            ],
            rows: self.tables.iter().map(row).collect(),
        }
    }

    pub(super) fn set_kind(&mut self, kind: &str) {
        if let Some(table) = self.tables.get_mut(self.at) {
            table.set_kind(kind);
        }
    }

    /// The column that has a part in the shown table; empty where none has.
    pub(super) fn part(&self, part: Part) -> String {
        let Some(table) = self.tables.get(self.at) else { return String::new() };
        let given = |name: &Option<String>| name.clone().unwrap_or_default();
        match (part, &table.shape) {
            (Part::Person, _) => table.plan().person().unwrap_or_default().to_owned(),
            (Part::Date, shape) => shape.date().unwrap_or_default().to_owned(),
            (Part::End, TableShape::Long(l)) => given(&l.end),
            (Part::End, TableShape::Visits(v)) => given(&v.end),
            (Part::Withdrawn, TableShape::Long(l)) => given(&l.withdrawn),
            (Part::Encounter, shape) => shape.encounter().unwrap_or_default().to_owned(),
            (Part::System, TableShape::Long(l)) => given(&l.system_column),
            (Part::Code, TableShape::Dictionary(d)) => d.code.clone(),
            (Part::Label, TableShape::Dictionary(d)) => d.label.clone(),
            (Part::Version, TableShape::Dictionary(d)) => given(&d.version),
            (Part::Unit, TableShape::Dictionary(d)) => given(&d.unit),
            (Part::Kind, TableShape::Dictionary(d)) => given(&d.category),
            (Part::Variable, TableShape::Long(l)) => l.variable.clone(),
            (Part::Code, TableShape::Long(l)) => given(&l.code),
            (Part::Value, TableShape::Long(l)) => given(&l.value),
            (Part::Unit, TableShape::Long(l)) => given(&l.unit),
            (Part::Words, TableShape::Long(l)) => given(&l.words),
            (Part::Operator, TableShape::Long(l)) => given(&l.operator),
            (Part::Text, TableShape::Notes(n)) => n.text.clone(),
            (Part::Title, TableShape::Notes(n)) => given(&n.title),
            _ => String::new(),
        }
    }

    /// Gives a column of the shown table a part.
    pub(super) fn set_part(&mut self, part: Part, name: String) {
        let Some(table) = self.tables.get_mut(self.at) else { return };
        let given = Some(name.clone()).filter(|n| !n.is_empty());
        match part {
            Part::Person => {
                for i in 0..table.csv.mapping.columns.len() {
                    let column = table.csv.mapping.columns.get(i);
                    let is_it = column.is_some_and(|c| c.name == name && !name.is_empty());
                    let was = column.is_some_and(|c| c.role == ColumnRole::Identifier);
                    if was && !is_it {
                        table.csv.set_role(i, ColumnRole::Drop);
                    }
                }
                table.set_role(&name, ColumnRole::Identifier);
            }
            Part::Date => {
                table.set_role(&name, ColumnRole::Date);
                if let TableShape::Visits(VisitShape { date, .. })
                | TableShape::Long(LongShape { date, .. })
                | TableShape::Notes(NoteShape { date, .. }) = &mut table.shape
                {
                    *date = name;
                }
            }
            Part::Text => {
                table.set_role(&name, ColumnRole::Text);
                if let TableShape::Notes(n) = &mut table.shape {
                    n.text = name;
                }
            }
            Part::Title => {
                if let TableShape::Notes(n) = &mut table.shape {
                    n.title = given;
                }
            }
            _ => {
                if part == Part::End {
                    table.set_role(&name, ColumnRole::Date);
                }
                match &mut table.shape {
                    TableShape::Long(l) => match part {
                        Part::End => l.end = given,
                        Part::Code => l.code = given,
                        Part::Value => l.value = given,
                        Part::Unit => l.unit = given,
                        Part::Words => l.words = given,
                        Part::Operator => l.operator = given,
                        Part::System => l.system_column = given,
                        Part::Withdrawn => l.withdrawn = given,
                        Part::Encounter => l.encounter = given,
                        _ => l.variable = name,
                    },
                    TableShape::Visits(v) if part == Part::Encounter => v.encounter = given,
                    TableShape::Visits(v) => v.end = given,
                    TableShape::Dictionary(d) => match part {
                        Part::Code => {
                            d.of = vec![name.clone()];
                            d.code = name;
                        }
                        Part::Version => d.version = given,
                        Part::Unit => d.unit = given,
                        Part::Kind => d.category = given,
                        _ => d.label = name,
                    },
                    _ => {}
                }
            }
        }
    }

    pub(super) fn domain(&self) -> Domain {
        match self.shape() {
            Some(TableShape::Long(l)) => l.domain,
            _ => Domain::Measurement,
        }
    }

    pub(super) fn set_domain(&mut self, name: &str) {
        if let Some(TableShape::Long(l)) = self.tables.get_mut(self.at).map(|t| &mut t.shape)
            && let Some(domain) = Domain::ALL.into_iter().find(|d| d.name() == name)
        {
            l.domain = domain;
        }
    }

    pub(super) fn set_text_order(&mut self, format: Option<DateFormat>) {
        self.text_rules.date_format = format;
    }

    /// Says whose a text file is, or when it was written.
    pub(super) fn say_of_text(&mut self, file: &str, person: Option<String>, date: Option<String>) {
        let place = self.text_rules.said.iter().position(|s| s.file == file).unwrap_or_else(|| {
            let new = model::import_mapping::SaidOfText { file: file.to_owned(), ..Default::default() };
            self.text_rules.said.push(new);
            self.text_rules.said.len() - 1
        });
        if let Some(said) = self.text_rules.said.get_mut(place) {
            said.person = person.or(said.person.take());
            said.date = date.or(said.date.take());
        }
    }

    /// Text files that do not say whose they are or when they were written.
    pub(super) fn texts_to_ask(&self) -> Vec<TextFound> {
        self.texts.iter().filter(|t| t.person.is_none() || t.date.is_none()).cloned().collect()
    }

    /// How everything is read.
    pub(in crate::routes::import) fn mapping(&self) -> ImportMapping {
        let mut rules = self.text_rules.clone();
        rules.said.retain(|s| [&s.person, &s.date].iter().any(|t| t.as_ref().is_some_and(|t| !t.trim().is_empty())));
        ImportMapping::new(self.tables.iter().map(OneTable::plan).collect(), rules)
    }

    /// What was found, for a saved mapping to be applied to.
    pub(super) fn found(&self) -> TablesProposal {
        let table = |t: &OneTable| TableProposal {
            file: t.file.clone(),
            sheet: t.sheet.clone(),
            is_delimited: t.is_delimited,
            shape: t.shape.clone(),
            why: t.why.clone(),
            proposal: t.csv.proposal.clone(),
        };
        TablesProposal {
            tables: self.tables.iter().map(table).collect(),
            texts: self.texts.clone(),
            text_date_format: self.text_rules.date_format,
            text_order_unsure: self.text_order_unsure,
            not_used: self.not_used.clone(),
        }
    }

    /// Takes over a mapping that was applied to these tables.
    pub(super) fn take(&mut self, mapping: ImportMapping, words: Vec<String>) {
        for plan in mapping.tables {
            if let Some(table) = self.tables.iter_mut().find(|t| t.file == plan.file && t.sheet == plan.sheet) {
                table.shape = plan.shape;
                table.csv.mapping = plan.mapping;
                "as the saved mapping says".clone_into(&mut table.why);
            }
        }
        if mapping.texts.date_format.is_some() {
            self.text_rules.date_format = mapping.texts.date_format;
        }
        self.words = words;
    }

    /// Everything that keeps the import from starting, each saying what to do.
    pub(in crate::routes::import) fn problems(&self) -> Vec<String> {
        let mut problems = Vec::new();
        if self.name.trim().is_empty() {
            problems.push("Give the dataset a name.".to_owned());
        }
        let used = || self.tables.iter().filter(|t| t.shape != TableShape::NotUsed);
        if used().count() == 0 && self.texts.is_empty() {
            problems.push("Every table is left out. Say of at least one what its rows are.".to_owned());
        }
        if self.into.is_some() && self.texts.is_empty() && used().all(|t| t.shape == TableShape::Persons) {
            problems.push(
                "Tables with a row a person hold nothing dated and cannot be added to a record. Say of one that its rows are visits, \
                 values or notes, or make a dataset of its own."
                    .to_owned(),
            );
        }
        problems.extend(self.mapping().problems());
        for table in used() {
            let name = table.name();
            let more = match &table.shape {
                TableShape::Persons => table.csv.problems(),
                TableShape::Visits(v) => table.csv.dates_without_order(&v.date),
                _ => Vec::new(),
            };
            // Said once already, by the mapping.
            problems
                .extend(more.into_iter().filter(|p| !p.starts_with("Several columns")).map(|p| format!("{name}: {p}")));
        }
        if self.text_order_unsure && self.text_rules.date_format.is_none() {
            problems.push(
                "The dates of the notes could have the day or the month first: say which. The other order gives other dates."
                    .to_owned(),
            );
        }
        problems
    }

    /// Columns that say who somebody is, and what happens to them.
    pub(in crate::routes::import) fn fates(&self) -> Vec<Fate> {
        let used = self.tables.iter().filter(|t| t.shape != TableShape::NotUsed);
        let of = |t: &OneTable| {
            let (name, parts) = (t.name(), t.shape.parts());
            let reads_all = matches!(t.shape, TableShape::Persons | TableShape::Visits(_));
            let mut csv = t.csv.clone();
            csv.dates = self.dates;
            let is_read = move |f: &Fate| {
                let is_person =
                    csv.mapping.columns.iter().any(|c| c.name == f.column && c.role == ColumnRole::Identifier);
                reads_all || is_person || parts.iter().any(|(_, column)| *column == f.column)
            };
            let mut of = t.csv.clone();
            of.dates = self.dates;
            let fates: Vec<Fate> = of.fates().into_iter().filter(is_read).collect();
            fates.into_iter().map(move |f| Fate { column: format!("{name}: {}", f.column), ..f })
        };
        let mut out: Vec<Fate> = used.flat_map(of).collect();
        if !self.texts.is_empty() {
            out.push(Fate {
                column: "Notes as text files".to_owned(),
                class: "Free text".to_owned(),
                action: "Goes through the identifier screen: names, numbers and addresses found are replaced"
                    .to_owned(),
            });
        }
        out
    }
}

#[cfg(test)]
mod tests;
