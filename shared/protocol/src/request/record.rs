//! A dataset looked at closely: its quality, its course over time, one person's record.

use model::cohort::CohortDefinition;
use model::concept::ConceptRef;
use model::dataset::DatasetId;
use serde::{Deserialize, Serialize};

use crate::NoteRead;

/// Check a dataset's quality.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckQuality {
    /// Which.
    pub dataset: DatasetId,
    /// Today (`YYYY-MM-DD`); without it nothing is called later than today.
    pub today: Option<String>,
}

/// Steps of time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TimeStep {
    /// Calendar years.
    #[default]
    Year,
    /// Calendar months.
    Month,
}

/// What a record holds year by year, or month by month.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DescribeOverTime {
    /// Which.
    pub dataset: DatasetId,
    /// The steps.
    pub step: TimeStep,
}

/// What a record holds over time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct OverTime {
    /// The steps used: years where months would be too many.
    pub step: TimeStep,
    /// `2019` or `2019-03`, without gaps.
    pub bins: Vec<String>,
    /// Whether empty steps were left out, since there would be too many.
    pub gaps_left_out: bool,
    /// Domains, in the order they are shown; notes last.
    pub domains: Vec<DomainOverTime>,
    /// Persons observed for at least a day of a bin.
    pub observed: Vec<u64>,
    /// Who they are.
    pub persons: PersonsInBrief,
}

/// A domain over time.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DomainOverTime {
    /// Its name; `note` for notes.
    pub domain: String,
    /// Events by bin.
    pub events: Vec<u64>,
    /// Persons with any, by bin.
    pub persons: Vec<u64>,
    /// Events without a date.
    pub n_undated: u64,
}

/// Persons of a record, in counts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct PersonsInBrief {
    /// Persons.
    pub n: u64,
    /// By sex, as stored.
    pub sexes: Vec<(String, u64)>,
    /// By decade of birth (1950 stands for 1950 to 1959).
    pub births: Vec<(i32, u64)>,
    /// Without a year of birth.
    pub n_birth_unknown: u64,
    /// With a day of death.
    pub n_died: u64,
    /// Observation periods.
    pub n_periods: u64,
    /// Persons with none, one, and more observation periods.
    pub periods_a_person: [u64; 3],
    /// Days observed a person with any: smallest, first quartile, median, third quartile, largest.
    pub days_observed: Option<[u32; 5]>,
}

/// In which order persons are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PersonOrder {
    /// Most events first.
    #[default]
    MostEvents,
    /// Fewest events first.
    FewestEvents,
    /// By key.
    Key,
}

/// List persons, to choose one from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ListPersons {
    /// Which dataset.
    pub dataset: DatasetId,
    /// Only subjects of this cohort.
    pub cohort: Option<CohortDefinition>,
    /// Only keys that begin so.
    pub key: String,
    /// Only with at least so many events and notes.
    pub min_events: u64,
    /// The order.
    pub order: PersonOrder,
    /// At most this many (at most 100).
    pub limit: u32,
}

/// Persons to choose from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonList {
    /// Persons that match.
    pub n_found: u64,
    /// The first of them.
    pub persons: Vec<PersonEntry>,
    /// What the reader must know of the cohort.
    pub warnings: Vec<String>,
}

/// A person to choose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonEntry {
    /// The key made at intake.
    pub person: String,
    /// Events.
    pub n_events: u64,
    /// Notes.
    pub n_notes: u64,
    /// Index dates in the cohort, in days since 1970-01-01.
    pub index_days: Vec<i32>,
}

/// One person's record: the only rows that reach the page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonTimeline {
    /// Which dataset.
    pub dataset: DatasetId,
    /// The person's key.
    pub person: String,
}

/// One person's record. Days count from 1970-01-01, as stored (dates were moved at intake).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Timeline {
    /// The person's key.
    pub person: String,
    /// Sex as stored.
    pub sex: Option<String>,
    /// Year of birth.
    pub birth_year: Option<i32>,
    /// Day of death.
    pub death_day: Option<i32>,
    /// Observation periods: first and last day.
    pub periods: Vec<(i32, i32)>,
    /// Other facts (race, state ...), by name.
    pub facts: Vec<(String, String)>,
    /// Concepts that events refer to.
    pub concepts: Vec<ConceptRef>,
    /// Events by day.
    pub events: Vec<TimelineEvent>,
    /// Events in all: more than `events` holds where there are very many.
    pub n_events: u64,
    /// Notes by day.
    pub notes: Vec<TimelineNote>,
}

/// An event of a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TimelineEvent {
    /// Domain.
    pub domain: String,
    /// Place in [`Timeline::concepts`].
    pub concept: u32,
    /// Start.
    pub start_day: Option<i32>,
    /// End, where it has one.
    pub end_day: Option<i32>,
    /// Number.
    pub value: Option<f64>,
    /// Answer in words.
    pub value_text: Option<String>,
    /// Unit.
    pub unit: Option<String>,
    /// Source table or resource.
    pub provenance: Option<String>,
}

/// A note of a person; its text is asked for apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TimelineNote {
    /// Number among the person's notes, from 0.
    pub note: u32,
    /// Day.
    pub day: Option<i32>,
    /// Title.
    pub title: String,
    /// Length in characters.
    pub n_chars: u64,
}

/// Read one note of a person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PersonNote {
    /// Which dataset.
    pub dataset: DatasetId,
    /// The person's key.
    pub person: String,
    /// Number among the person's notes, from 0.
    pub note: u32,
}

/// A note with what was read in it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct NoteWithFindings {
    /// Its text, after the identifier screen.
    pub text: String,
    /// Findings, in the order of the text.
    pub read: NoteRead,
}

/// What is known of one concept in a dataset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DescribeConcept {
    /// Which dataset.
    pub dataset: DatasetId,
    /// Which concept: by system and code.
    pub concept: ConceptRef,
}

/// A concept's events, in counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConceptInBrief {
    /// Events.
    pub n_events: u64,
    /// Persons with any.
    pub n_persons: u64,
    /// Events by calendar year.
    pub by_year: Vec<(i32, u64)>,
    /// Numbers by unit (empty: without), most first.
    pub values: Vec<ValuesInUnit>,
    /// Answers in words with counts, most first (at most 20).
    pub answers: Vec<(String, u64)>,
}

/// Numbers of a concept in one unit.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ValuesInUnit {
    /// The unit.
    pub unit: String,
    /// Numbers.
    pub n: u64,
    /// Smallest, first quartile, median, third quartile, largest.
    pub five: [f64; 5],
}
