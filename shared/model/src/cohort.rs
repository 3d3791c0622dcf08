//! Cohort definitions, native form: who is in, from when to when, and why others are not.
//!
//! A flat research file (one row a person) and a full record are asked through the same definition: a flat file has
//! [`Entry::Everyone`] with index day 0 and conditions on variables; a record has events around an index date.

use serde::{Deserialize, Serialize};

use crate::concept::{ConceptSet, Domain};

/// Version of the native form written by this build.
pub const COHORT_SCHEMA_VERSION: u32 = 1;

/// The `kind` of a cohort document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum CohortKind {
    /// `"cohort"`.
    #[default]
    #[serde(rename = "cohort")]
    Cohort,
}

/// A cohort definition.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CohortDefinition {
    /// Always `"cohort"`.
    pub kind: CohortKind,
    /// [`COHORT_SCHEMA_VERSION`].
    pub schema_version: u32,
    /// Name for people.
    pub name: String,
    /// What it is for.
    #[serde(default)]
    pub description: String,
    /// Concept sets that event queries refer to by id.
    #[serde(default)]
    pub concept_sets: Vec<ConceptSet>,
    /// How a person enters.
    pub entry: Entry,
    /// Applied in order to entry events; attrition has a row for each.
    #[serde(default)]
    pub inclusion_rules: Vec<InclusionRule>,
    /// The first of these events at or after the index date ends the subject's time in the cohort.
    #[serde(default)]
    pub censoring_events: Vec<EventQuery>,
    /// How a subject leaves.
    #[serde(default)]
    pub end_strategy: EndStrategy,
}

impl CohortDefinition {
    /// A definition that takes everyone in.
    #[must_use]
    pub fn everyone(name: &str) -> Self {
        Self {
            kind: CohortKind::Cohort,
            schema_version: COHORT_SCHEMA_VERSION,
            name: name.to_owned(),
            description: String::new(),
            concept_sets: Vec::new(),
            entry: Entry::Everyone,
            inclusion_rules: Vec::new(),
            censoring_events: Vec::new(),
            end_strategy: EndStrategy::EndOfObservation,
        }
    }
}

/// How a person enters a cohort.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case", deny_unknown_fields)]
pub enum Entry {
    /// Every person once. Index date: the start of the first observation period; day 0 in a flat file.
    Everyone,
    /// At an event that lies within an observation period.
    Event {
        /// Which event.
        event: EventQuery,
        /// Which of a person's qualifying entry events count (applied before inclusion rules).
        #[serde(default)]
        limit: Limit,
        /// Days of observation required before the index date, within the same observation period.
        #[serde(default)]
        prior_observation_days: u32,
        /// No same event in this many days before the index date (0: not asked).
        #[serde(default)]
        washout_days: u32,
    },
}

/// Which of several events of a person count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Limit {
    /// The earliest.
    #[default]
    First,
    /// The latest.
    Last,
    /// All.
    All,
}

/// Which events are meant.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct EventQuery {
    /// Only events of this domain.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub domain: Option<Domain>,
    /// Only concepts of the concept set with this id.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub concept_set: Option<String>,
    /// Only events whose numeric value is in this range (events without a value do not match).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<NumberRange>,
    /// Only events in this unit; values in other units are counted in a warning, never converted silently.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// Only findings of notes, said in one of these ways. Absent: findings count where the note says that the patient has
    /// them now (affirmed, recent, the patient's), and no others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<NoteContext>,
}

/// What notes may say of a finding. An empty list stands for the plain case: affirmed, recent, the patient's.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NoteContext {
    /// Any of `affirmed`, `negated`, `possible`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub polarity: Vec<String>,
    /// Any of `recent`, `historical`, `hypothetical`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub temporality: Vec<String>,
    /// Any of `patient`, `other`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub experiencer: Vec<String>,
}

impl NoteContext {
    /// Polarities.
    pub const POLARITIES: [&'static str; 3] = ["affirmed", "negated", "possible"];
    /// Temporalities.
    pub const TEMPORALITIES: [&'static str; 3] = ["recent", "historical", "hypothetical"];
    /// Experiencers.
    pub const EXPERIENCERS: [&'static str; 2] = ["patient", "other"];

    /// The level of [`crate::tables::EVENT_QUALIFIER`]: `negated, recent, patient`.
    #[must_use]
    pub fn level(polarity: &str, temporality: &str, experiencer: &str) -> String {
        format!("{polarity}, {temporality}, {experiencer}")
    }

    /// The lists, each with the plain case where it is empty.
    #[must_use]
    pub fn lists(&self) -> [Vec<&str>; 3] {
        [(&self.polarity, "affirmed"), (&self.temporality, "recent"), (&self.experiencer, "patient")]
            .map(|(list, plain)| if list.is_empty() { vec![plain] } else { list.iter().map(String::as_str).collect() })
    }

    /// Whether a level is among what is asked for.
    #[must_use]
    pub fn takes(&self, level: &str) -> bool {
        let lists = self.lists();
        let mut parts = level.split(", ");
        lists.iter().all(|list| parts.next().is_some_and(|part| list.contains(&part))) && parts.next().is_none()
    }
}

/// A range of numbers; a missing bound is open. Bounds are inclusive unless said otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NumberRange {
    /// Lower bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    /// Upper bound.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    /// The lower bound itself is out.
    #[serde(default)]
    pub min_exclusive: bool,
    /// The upper bound itself is out.
    #[serde(default)]
    pub max_exclusive: bool,
}

impl NumberRange {
    /// Whether a number lies in the range.
    #[must_use]
    pub fn contains(&self, x: f64) -> bool {
        let above = self.min.is_none_or(|m| if self.min_exclusive { x > m } else { x >= m });
        let below = self.max.is_none_or(|m| if self.max_exclusive { x < m } else { x <= m });
        above && below
    }
}

/// A named condition that a subject must meet.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct InclusionRule {
    /// Name shown in the attrition table.
    pub name: String,
    /// What must hold.
    pub condition: Condition,
}

/// What must hold for a subject.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case", deny_unknown_fields)]
pub enum Condition {
    /// All of them (true if empty).
    All {
        /// The conditions.
        of: Vec<Condition>,
    },
    /// Any of them (false if empty).
    Any {
        /// The conditions.
        of: Vec<Condition>,
    },
    /// At least `n` of them.
    AtLeast {
        /// How many.
        n: u32,
        /// The conditions.
        of: Vec<Condition>,
    },
    /// Not this one.
    Not {
        /// The condition. A missing value meets neither a test nor its `Not` by accident: `Not` of a failed test is
        /// true also where the value is missing, and the cohort's warnings count those persons.
        of: Box<Condition>,
    },
    /// A test on a variable of a flat file.
    Variable {
        /// Column name.
        name: String,
        /// The test; a missing value meets only [`Test::Missing`].
        test: Test,
    },
    /// Events within a window around the index date.
    Event {
        /// Which events.
        event: EventQuery,
        /// When, in days from the index date.
        #[serde(default)]
        window: Window,
        /// How many.
        #[serde(default)]
        count: CountTest,
    },
    /// Age in whole years at the index date.
    AgeAtIndex {
        /// Range of years.
        range: NumberRange,
    },
    /// Recorded sex.
    Sex {
        /// Levels as stored in the person table (`female`, `male`, `other`, `unknown`).
        one_of: Vec<String>,
    },
}

/// A test on one value.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case", deny_unknown_fields)]
pub enum Test {
    /// Numbers within a range.
    Range {
        /// The range.
        range: NumberRange,
    },
    /// One of these levels (a number column is compared by its value: `"1"` meets 1.0).
    OneOf {
        /// The levels.
        levels: Vec<String>,
    },
    /// No value.
    Missing,
    /// Any value.
    NotMissing,
}

/// A window in days from the index date, both ends included; a missing end is open.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Window {
    /// First day (`-365`: a year before).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_days: Option<i32>,
    /// Last day (`-1`: the day before the index date).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub end_days: Option<i32>,
}

/// How many events are asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case", deny_unknown_fields)]
pub enum CountTest {
    /// At least `n`.
    AtLeast {
        /// Number of events.
        n: u32,
    },
    /// At most `n` (0: none).
    AtMost {
        /// Number of events.
        n: u32,
    },
    /// Exactly `n`.
    Exactly {
        /// Number of events.
        n: u32,
    },
}

impl Default for CountTest {
    fn default() -> Self {
        CountTest::AtLeast { n: 1 }
    }
}

/// How a subject leaves the cohort (never after the end of observation, death or a censoring event).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case", deny_unknown_fields)]
pub enum EndStrategy {
    /// At the end of the observation period.
    #[default]
    EndOfObservation,
    /// A fixed number of days after the index date.
    FixedDays {
        /// Days.
        days: u32,
    },
}

crate::json::tagged_by_type!(Entry, Condition, Test, CountTest, EndStrategy);
