//! Names of OMOP's tables and columns, and where the columns of a file are.

use model::concept::Domain;

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
    VisitDetail,
    ConditionEra,
    DrugEra,
    DoseEra,
    ConceptRelationship,
    ConceptAncestor,
    Concept,
}

const TABLES: [(Table, &str, &[&str]); 19] = [
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
    (Table::VisitDetail, "visit_detail", &["visit_details", "visitdetail"]),
    (Table::ConditionEra, "condition_era", &["condition_eras", "conditionera"]),
    (Table::DrugEra, "drug_era", &["drug_eras", "drugera"]),
    (Table::DoseEra, "dose_era", &["dose_eras", "doseera"]),
    (Table::ConceptRelationship, "concept_relationship", &["concept_relationships", "conceptrelationship"]),
    (Table::ConceptAncestor, "concept_ancestor", &["concept_ancestors", "conceptancestor"]),
    (Table::Concept, "concept", &["concepts"]),
];

impl Table {
    /// Every table that is used.
    pub(super) fn all() -> impl Iterator<Item = Table> {
        TABLES.iter().map(|(table, ..)| *table)
    }

    pub(super) fn name(self) -> &'static str {
        TABLES.iter().find(|(t, ..)| *t == self).map_or("", |(_, name, _)| name)
    }

    /// The table of a file's name.
    pub(super) fn of_file(file_name: &str) -> Option<Table> {
        let lower = file_name.to_ascii_lowercase();
        let mut folders = lower.rsplit(['/', '\\']);
        let base = folders.next().unwrap_or_default();
        let (stem, extension) = base.rsplit_once('.').unwrap_or((base, ""));
        if !matches!(extension, "csv" | "tsv" | "txt" | "parquet" | "parq" | "pq" | "") {
            return None;
        }
        // Parquet writers name how a file is packed: person.snappy.parquet.
        let packed = [".snappy", ".zstd", ".gzip", ".gz", ".snap", ".zst"];
        let stem = packed.iter().find_map(|p| stem.strip_suffix(p)).unwrap_or(stem);
        if let Some(table) = Table::of_stem(stem) {
            return Some(table);
        }
        // Spark writes a folder a table: person/part-00000-….parquet, person.parquet/part-0.parquet.
        let is_part = stem.starts_with("part-") || stem.starts_with("part_") || stem.starts_with("data_");
        let folder = folders.next().filter(|_| is_part)?;
        Table::of_stem(folder.rsplit_once('.').map_or(folder, |(stem, _)| stem))
    }

    fn of_stem(stem: &str) -> Option<Table> {
        let stem = stem.strip_prefix("omop_").or_else(|| stem.strip_prefix("cdm_")).unwrap_or(stem);
        let is = |stem: &str| {
            TABLES.iter().find(|(_, name, others)| *name == stem || others.contains(&stem)).map(|(table, ..)| *table)
        };
        // Parts of a table: measurement_001, measurement-part-2.
        let part = stem.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches(['_', '-', '.']);
        let part = part.strip_suffix("part").unwrap_or(part).trim_end_matches(['_', '-', '.']);
        // Vocabulary tables are handed on with words behind their names: concept_ancestor_rxnorm, concept_relationship-2025.
        let long = [Table::ConceptAncestor, Table::ConceptRelationship].into_iter().find(|table| {
            let rest = stem.strip_prefix(table.name());
            rest.is_some_and(|rest| rest.starts_with(['_', '-', '.', ' ', '(']))
        });
        // Exports put numbers and words before their names: 2b_concept, mimic_condition_occurrence.
        let numbered = stem
            .split_once(['_', '-'])
            .filter(|(head, _)| head.starts_with(|c: char| c.is_ascii_digit()) && head.len() <= 3)
            .and_then(|(_, rest)| is(rest));
        let behind_words = TABLES.iter().find(|(table, name, _)| {
            let told = name.contains('_') || matches!(table, Table::Person | Table::Measurement | Table::Observation);
            told && stem.strip_suffix(name).is_some_and(|head| head.ends_with(['_', '-', '.']))
        });
        is(stem).or_else(|| is(part)).or(long).or(numbered).or_else(|| behind_words.map(|(table, ..)| *table))
    }

    /// Whether its rows repeat or sum up what events say: they are kept apart, so that nothing counts twice.
    pub(super) fn is_span(self) -> bool {
        matches!(self, Table::VisitDetail | Table::ConditionEra | Table::DrugEra | Table::DoseEra)
    }

    /// Whether it is about concepts and not about persons.
    pub(super) fn is_vocabulary(self) -> bool {
        matches!(self, Table::ConceptRelationship | Table::ConceptAncestor | Table::Concept)
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
            Table::VisitDetail => "visit_detail",
            Table::ConditionEra => "condition_era",
            Table::DrugEra => "drug_era",
            Table::DoseEra => "dose_era",
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
    /// The source's own concept, for rows without a standard one.
    pub(super) source_concept: Option<usize>,
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
        Table::ConceptRelationship => &["concept_id_1", "concept_id_2", "relationship_id", "invalid_reason"],
        Table::ConceptAncestor => &["ancestor_concept_id", "descendant_concept_id"],
        Table::Device => &["unique_device_id"],
        Table::Measurement => &["operator_concept_id"],
        _ => &[],
    }
}

impl Layout {
    /// The layout a header gives, or the name of a column that is needed and not there.
    pub(super) fn new(table: Table, names: &[String]) -> Result<Self, String> {
        let names: Vec<String> = names.iter().map(|n| n.trim().to_ascii_lowercase()).collect();
        let at = |name: &str| names.iter().position(|n| n == name);
        let prefix = table.prefix();
        let of = |suffix: &str| at(&format!("{prefix}_{suffix}"));
        let has_amount = table.domain().is_some() || table.is_span();
        // What eras count; the amount that a dose era is about.
        let amounts =
            ["value_as_number", "quantity", "condition_occurrence_count", "drug_exposure_count", "dose_value"];
        let layout = Layout {
            table,
            n_fields: names.len(),
            // A name of the table of its own is its key: condition_occurrence_id.
            id: at(&format!("{}_id", table.name())),
            person: at("person_id"),
            concept: match table {
                Table::Person => at("gender_concept_id"),
                Table::Death => at("cause_concept_id"),
                Table::ConditionEra => at("condition_concept_id"),
                Table::DrugEra | Table::DoseEra => at("drug_concept_id"),
                _ => of("concept_id"),
            },
            source_concept: match table {
                Table::Person => None,
                Table::Death => at("cause_source_concept_id"),
                _ => of("source_concept_id"),
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
            value: amounts.iter().find_map(|name| at(name)).filter(|_| has_amount),
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
            Table::Concept | Table::ConceptAncestor | Table::ConceptRelationship => {
                let named = self.extra.iter().zip(extra_names(self.table)).filter(|(_, n)| **n != "invalid_reason");
                for (place, name) in named {
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
                let coded = !matches!(self.table, Table::ObservationPeriod | Table::Death);
                need(!coded || self.concept.is_some(), &format!("{prefix}_concept_id"))?;
            }
        }
        Ok(self)
    }

    pub(super) fn extra(&self, i: usize) -> Option<usize> {
        self.extra.get(i).copied().flatten()
    }

    /// The columns that are used, in order; from now on, each is known by its place among them.
    #[cfg(feature = "parquet")]
    pub(super) fn narrow(&mut self) -> Vec<usize> {
        let fields = [
            &mut self.id,
            &mut self.person,
            &mut self.concept,
            &mut self.source_concept,
            &mut self.source_value,
            &mut self.start,
            &mut self.start_time,
            &mut self.end,
            &mut self.end_time,
            &mut self.days_supply,
            &mut self.value,
            &mut self.value_concept,
            &mut self.value_text,
            &mut self.value_source,
            &mut self.unit_concept,
            &mut self.unit_source,
        ];
        let all: Vec<&mut Option<usize>> = fields.into_iter().chain(&mut self.extra).collect();
        let mut used: Vec<usize> = all.iter().filter_map(|place| **place).collect();
        crate::order::sort(&mut used);
        used.dedup();
        for place in all {
            *place = place.and_then(|at| used.binary_search(&at).ok());
        }
        self.n_fields = used.len();
        used
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
            ("concept_relationship.csv", Some(Table::ConceptRelationship)),
            ("condition_era.csv", Some(Table::ConditionEra)),
            ("visit_detail.csv", Some(Table::VisitDetail)),
            ("person.parquet", Some(Table::Person)),
            ("x/person.snappy.parquet", Some(Table::Person)),
            ("out/person/part-00000-5f3-c000.snappy.parquet", Some(Table::Person)),
            ("out\\death.parquet\\part-0.parquet", Some(Table::Death)),
            ("person/notes.md", None),
            ("part-00000.parquet", None),
            ("note_nlp.csv", None),
            ("2b_concept.csv", Some(Table::Concept)),
            ("mimic_condition_occurrence.csv", Some(Table::Condition)),
            ("03-person.csv", Some(Table::Person)),
            ("concept_synonym.csv", None),
            ("my_note.csv", None),
            ("", None),
        ] {
            assert_eq!(Table::of_file(name), table, "{name}");
        }
    }
}
