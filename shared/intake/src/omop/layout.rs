//! Names of OMOP's tables and columns, and where the columns of a file are.

use model::concept::Domain;

use super::reader::Row;

/// The tables that are used, in the order in which they are best read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Table {
    Person,
    ObservationPeriod,
    Visit,
    Condition,
    Drug,
    Procedure,
    Measurement,
    Observation,
    Device,
    Specimen,
    Death,
    Note,
    ConceptAncestor,
    Concept,
}

const TABLES: [(Table, &str, &[&str]); 14] = [
    (Table::Person, "person", &["persons", "patient", "patients"]),
    (Table::ObservationPeriod, "observation_period", &["observation_periods", "observationperiod"]),
    (Table::Visit, "visit_occurrence", &["visit", "visits", "visit_occurrences", "visitoccurrence"]),
    (
        Table::Condition,
        "condition_occurrence",
        &["condition", "conditions", "condition_occurrences", "conditionoccurrence"],
    ),
    (Table::Drug, "drug_exposure", &["drug", "drugs", "drug_exposures", "drugexposure", "drugs_exposure"]),
    (
        Table::Procedure,
        "procedure_occurrence",
        &["procedure", "procedures", "procedure_occurrences", "procedureoccurrence"],
    ),
    (Table::Measurement, "measurement", &["measurements"]),
    (Table::Observation, "observation", &["observations"]),
    (
        Table::Device,
        "device_exposure",
        &["device", "devices", "device_exposures", "devices_exposure", "deviceexposure"],
    ),
    (Table::Specimen, "specimen", &["specimens"]),
    (Table::Death, "death", &["deaths"]),
    (Table::Note, "note", &["notes"]),
    (Table::ConceptAncestor, "concept_ancestor", &["concept_ancestors", "conceptancestor"]),
    (Table::Concept, "concept", &["concepts"]),
];

impl Table {
    pub(super) fn name(self) -> &'static str {
        TABLES.iter().find(|(t, ..)| *t == self).map_or("", |(_, name, _)| name)
    }

    /// The table of a file's name.
    pub(super) fn of_file(file_name: &str) -> Option<Table> {
        let base = file_name.rsplit(['/', '\\']).next().unwrap_or(file_name).to_ascii_lowercase();
        let (stem, extension) = base.rsplit_once('.').unwrap_or((&base, ""));
        if !matches!(extension, "csv" | "tsv" | "txt" | "") {
            return None;
        }
        let stem = stem.strip_prefix("omop_").or_else(|| stem.strip_prefix("cdm_")).unwrap_or(stem);
        let is = |stem: &str| {
            TABLES.iter().find(|(_, name, others)| *name == stem || others.contains(&stem)).map(|(table, ..)| *table)
        };
        // Parts of a table: measurement_001, measurement-part-2.
        let part = stem.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches(['_', '-', '.']);
        let part = part.strip_suffix("part").unwrap_or(part).trim_end_matches(['_', '-', '.']);
        is(stem).or_else(|| is(part))
    }

    pub(super) fn domain(self) -> Option<Domain> {
        Some(match self {
            Table::Visit => Domain::Visit,
            Table::Condition => Domain::Condition,
            Table::Drug => Domain::Drug,
            Table::Procedure => Domain::Procedure,
            Table::Measurement => Domain::Measurement,
            Table::Observation => Domain::Observation,
            Table::Device => Domain::Device,
            Table::Specimen => Domain::Specimen,
            Table::Death => Domain::Death,
            _ => return None,
        })
    }

    /// What the columns of tables of events begin with.
    fn prefix(self) -> &'static str {
        match self {
            Table::Visit => "visit",
            Table::Condition => "condition",
            Table::Drug => "drug",
            Table::Procedure => "procedure",
            Table::Measurement => "measurement",
            Table::Observation => "observation",
            Table::Device => "device",
            Table::Specimen => "specimen",
            Table::Death => "death",
            Table::Note => "note",
            _ => "",
        }
    }
}

/// Where the columns of a file are. What a table does not have is nowhere.
#[derive(Clone, Debug)]
pub(super) struct Layout {
    pub(super) table: Table,
    pub(super) n_fields: usize,
    /// The table's primary key.
    pub(super) id: Option<usize>,
    pub(super) person: Option<usize>,
    pub(super) concept: Option<usize>,
    pub(super) source_value: Option<usize>,
    pub(super) start: Option<usize>,
    pub(super) start_time: Option<usize>,
    pub(super) end: Option<usize>,
    pub(super) end_time: Option<usize>,
    pub(super) days_supply: Option<usize>,
    pub(super) value: Option<usize>,
    pub(super) value_concept: Option<usize>,
    pub(super) value_text: Option<usize>,
    pub(super) value_source: Option<usize>,
    pub(super) unit_concept: Option<usize>,
    pub(super) unit_source: Option<usize>,
    /// Columns only some tables have, in the order of [`extra_names`].
    pub(super) extra: Vec<Option<usize>>,
}

/// Columns that only one table has.
fn extra_names(table: Table) -> &'static [&'static str] {
    match table {
        Table::Person => &[
            "year_of_birth",
            "month_of_birth",
            "day_of_birth",
            "gender_source_value",
            "race_concept_id",
            "race_source_value",
            "ethnicity_concept_id",
            "ethnicity_source_value",
            "birth_datetime",
        ],
        Table::Note => &["note_title", "note_text"],
        Table::Concept => &["concept_id", "concept_name", "vocabulary_id", "concept_code"],
        Table::ConceptAncestor => &["ancestor_concept_id", "descendant_concept_id"],
        Table::Device => &["unique_device_id"],
        _ => &[],
    }
}

impl Layout {
    /// The layout a header gives, or the name of a column that is needed and not there.
    pub(super) fn new(table: Table, header: &Row<'_>) -> Result<Self, String> {
        let names: Vec<String> = (0..header.n()).map(|i| header.text(Some(i)).to_ascii_lowercase()).collect();
        let at = |name: &str| names.iter().position(|n| n == name);
        let prefix = table.prefix();
        let of = |suffix: &str| at(&format!("{prefix}_{suffix}"));
        let event = table.domain().is_some();
        let layout = Layout {
            table,
            n_fields: names.len(),
            // A name of the table of its own is its key: condition_occurrence_id.
            id: at(&format!("{}_id", table.name())),
            person: at("person_id"),
            concept: match table {
                Table::Person => at("gender_concept_id"),
                Table::Death => at("cause_concept_id"),
                _ => of("concept_id"),
            },
            source_value: match table {
                Table::Person => at("person_source_value"),
                Table::Death => at("cause_source_value"),
                _ => of("source_value"),
            },
            start: match table {
                Table::ObservationPeriod => at("observation_period_start_date"),
                Table::Drug | Table::Device => of("exposure_start_date"),
                _ => of("start_date").or_else(|| of("date")),
            },
            start_time: match table {
                Table::ObservationPeriod => at("observation_period_start_datetime"),
                Table::Drug | Table::Device => of("exposure_start_datetime"),
                _ => of("start_datetime").or_else(|| of("datetime")),
            },
            end: match table {
                Table::ObservationPeriod => at("observation_period_end_date"),
                Table::Drug | Table::Device => of("exposure_end_date"),
                _ => of("end_date"),
            },
            end_time: match table {
                Table::ObservationPeriod => at("observation_period_end_datetime"),
                Table::Drug | Table::Device => of("exposure_end_datetime"),
                _ => of("end_datetime"),
            },
            days_supply: at("days_supply"),
            value: at("value_as_number").or_else(|| at("quantity")).filter(|_| event),
            value_concept: at("value_as_concept_id"),
            value_text: at("value_as_string"),
            value_source: at("value_source_value"),
            unit_concept: at("unit_concept_id"),
            unit_source: at("unit_source_value"),
            extra: extra_names(table).iter().map(|name| at(name)).collect(),
        };
        layout.check()
    }

    fn check(self) -> Result<Self, String> {
        let need = |there: bool, name: &str| if there { Ok(()) } else { Err(name.to_owned()) };
        match self.table {
            Table::Concept | Table::ConceptAncestor => {
                for (place, name) in self.extra.iter().zip(extra_names(self.table)) {
                    need(place.is_some(), name)?;
                }
            }
            Table::Person => need(self.person.is_some(), "person_id")?,
            Table::Note => {
                need(self.person.is_some(), "person_id")?;
                need(self.extra(1).is_some(), "note_text")?;
            }
            _ => {
                need(self.person.is_some(), "person_id")?;
                let prefix = self.table.prefix();
                need(
                    self.start.is_some() || self.start_time.is_some(),
                    &format!("{prefix}_start_date or {prefix}_date"),
                )?;
                let coded = self.table.domain().is_none() || self.table == Table::Death;
                need(coded || self.concept.is_some(), &format!("{prefix}_concept_id"))?;
            }
        }
        Ok(self)
    }

    pub(super) fn extra(&self, i: usize) -> Option<usize> {
        self.extra.get(i).copied().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_known_by_many_names() {
        for (name, table) in [
            ("person.csv", Some(Table::Person)),
            ("C:\\data\\PERSON.CSV", Some(Table::Person)),
            ("a/b/Visit.tsv", Some(Table::Visit)),
            ("DEVICES_EXPOSURE.csv", Some(Table::Device)),
            ("measurement_001.csv", Some(Table::Measurement)),
            ("measurement-part-2.txt", Some(Table::Measurement)),
            ("cdm_death.csv", Some(Table::Death)),
            ("concept_relationship.csv", None),
            ("condition_era.csv", None),
            ("visit_detail.csv", None),
            ("note_nlp.csv", None),
            ("person.parquet", None),
            ("", None),
        ] {
            assert_eq!(Table::of_file(name), table, "{name}");
        }
    }
}
