//! One table of several: what its rows are, and the parts that its columns have in that.

use model::concept::Domain;
use model::dataset::ColumnRole;
use model::import_mapping::{
    DictionaryShape, LongShape, NoteShape, TablePlan, TableProposal, TableShape, VisitShape, table_name,
};
use model::intake::CsvDialect;

use crate::routes::import::plan::CsvPlan;

/// What a row of a table is, in the order of the menu.
pub(super) const KINDS: [(&str, &str); 6] = [
    ("persons", "a person: each column is a variable"),
    ("visits", "a visit: a person on a day, each column gives an event"),
    ("long", "one value: a person, a day, what was measured, the value"),
    ("notes", "a clinic note"),
    ("dictionary", "a code and its words, for codes in other tables"),
    ("not used", "nothing that is wanted: left out"),
];

/// A table.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct OneTable {
    pub(super) file: String,
    pub(super) sheet: Option<String>,
    pub(super) is_delimited: bool,
    pub(super) shape: TableShape,
    pub(super) why: String,
    /// How it is written, where the user says so.
    pub(super) said: CsvDialect,
    pub(super) csv: CsvPlan,
}

impl OneTable {
    pub(super) fn new(found: TableProposal) -> Self {
        let name = table_name(&found.file, found.sheet.as_deref());
        Self {
            file: found.file,
            sheet: found.sheet,
            is_delimited: found.is_delimited,
            shape: found.shape,
            why: found.why,
            said: CsvDialect::default(),
            csv: CsvPlan::new(&name, 0, found.proposal),
        }
    }

    pub(super) fn name(&self) -> String {
        table_name(&self.file, self.sheet.as_deref())
    }

    pub(super) fn plan(&self) -> TablePlan {
        TablePlan {
            file: self.file.clone(),
            sheet: self.sheet.clone(),
            shape: self.shape.clone(),
            mapping: self.csv.mapping.clone(),
        }
    }

    /// The first column of a role, else nothing.
    fn first(&self, role: ColumnRole) -> String {
        self.csv.mapping.columns.iter().find(|c| c.role == role).map(|c| c.name.clone()).unwrap_or_default()
    }

    pub(super) fn set_kind(&mut self, kind: &str) {
        let date = self.shape.date().map_or_else(|| self.first(ColumnRole::Date), str::to_owned);
        self.shape = match kind {
            "persons" => TableShape::Persons,
            "visits" => TableShape::Visits(VisitShape { date, ..VisitShape::default() }),
            "long" => TableShape::Long(LongShape {
                date,
                end: None,
                variable: self.first(ColumnRole::Category),
                code: None,
                system: None,
                system_column: None,
                value: Some(self.first(ColumnRole::Number)).filter(|v| !v.is_empty()),
                unit: None,
                words: None,
                operator: None,
                withdrawn: None,
                encounter: None,
                domain: Domain::Measurement,
            }),
            "notes" => TableShape::Notes(NoteShape { date, text: self.first(ColumnRole::Text), title: None }),
            "dictionary" => {
                let mut words = self.csv.mapping.columns.iter().map(|c| c.name.clone());
                let (code, label) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
                TableShape::Dictionary(DictionaryShape {
                    of: vec![code.clone()],
                    code,
                    label,
                    ..DictionaryShape::default()
                })
            }
            _ => TableShape::NotUsed,
        };
        if kind == "dictionary" {
            // Nobody is named in it.
            for i in 0..self.csv.mapping.columns.len() {
                if self.csv.mapping.columns.get(i).is_some_and(|c| c.role == ColumnRole::Identifier) {
                    self.csv.set_role(i, ColumnRole::Category);
                }
            }
        }
    }

    /// Gives a column the role that goes with its part.
    pub(super) fn set_role(&mut self, name: &str, role: ColumnRole) {
        let place = self.csv.mapping.columns.iter().position(|c| c.name == name);
        if let Some(i) = place.filter(|_| !name.is_empty())
            && self.csv.mapping.columns.get(i).is_some_and(|c| c.role != role)
        {
            self.csv.set_role(i, role);
        }
    }
}

/// A part that a column can have in a table, with its label.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Person,
    Date,
    End,
    Variable,
    Code,
    Value,
    Unit,
    Words,
    Operator,
    Withdrawn,
    Encounter,
    System,
    Label,
    Version,
    Kind,
    Text,
    Title,
}

impl Part {
    pub(super) fn label(self) -> &'static str {
        match self {
            Self::Person => "Column that names the person",
            Self::Date => "Column with the day",
            Self::End => "Column with the last day",
            Self::Variable => "Column with what was measured, found or given",
            Self::Code => "Column with its code",
            Self::Value => "Column with the value",
            Self::Unit => "Column with the unit",
            Self::Words => "Column with the value in words",
            Self::Operator => "Column that says of a limit which (<, >)",
            Self::Withdrawn => "Column that says that a row was withdrawn",
            Self::Encounter => "Column with the number of the encounter",
            Self::System => "Column that says the code system",
            Self::Label => "Column with the words of the code",
            Self::Version => "Column with the version of the code",
            Self::Kind => "Column with a kind (for equal words)",
            Self::Text => "Column with the text",
            Self::Title => "Column with the title",
        }
    }

    /// Whether a table of the shape must have it.
    pub(super) fn is_needed(self) -> bool {
        matches!(self, Self::Person | Self::Date | Self::Variable | Self::Text | Self::Label)
    }

    /// The parts of a shape.
    pub(super) fn of(shape: &TableShape) -> &'static [Self] {
        match shape {
            TableShape::Persons => &[Self::Person],
            TableShape::Visits(_) => &[Self::Person, Self::Date, Self::End, Self::Encounter],
            TableShape::Long(_) => &[
                Self::Person,
                Self::Date,
                Self::Variable,
                Self::Value,
                Self::Unit,
                Self::Code,
                Self::End,
                Self::Words,
                Self::Operator,
                Self::System,
                Self::Withdrawn,
                Self::Encounter,
            ],
            TableShape::Dictionary(_) => &[Self::Code, Self::Label, Self::Version, Self::Unit, Self::Kind],
            TableShape::Notes(_) => &[Self::Person, Self::Date, Self::Text, Self::Title],
            TableShape::NotUsed => &[],
        }
    }
}

/// The name of a shape in the menu.
pub(super) fn kind_of(shape: &TableShape) -> &'static str {
    match shape {
        TableShape::Persons => "persons",
        TableShape::Visits(_) => "visits",
        TableShape::Long(_) => "long",
        TableShape::Notes(_) => "notes",
        TableShape::Dictionary(_) => "dictionary",
        TableShape::NotUsed => "not used",
    }
}

pub(super) fn kind_words(shape: &TableShape) -> &'static str {
    match shape {
        TableShape::Persons => "a person",
        TableShape::Visits(_) => "a visit",
        TableShape::Long(_) => "a value",
        TableShape::Notes(_) => "a note",
        TableShape::Dictionary(_) => "a code and its words",
        TableShape::NotUsed => "left out",
    }
}
