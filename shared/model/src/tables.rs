//! Names of the tables and columns of a dataset, in one place: intake writes them, cohorts read them.
//!
//! `person`: one row a person; a person is referred to by row index. `variable`: one typed column a variable, one row
//! a person, in the order of `person`. `event`: sorted by person, then start day. Days count from 1970-01-01.

/// Table: one row a person.
pub const PERSON: &str = "person";
/// Text: the re-keyed identifier (keyed hash), never the original.
pub const PERSON_KEY: &str = "person_key";
/// Category: `female`, `male`, `other`, `unknown`.
pub const PERSON_SEX: &str = "sex";
/// Number: year of birth (after de-identification).
pub const PERSON_BIRTH_YEAR: &str = "birth_year";
/// Day: date of death (shifted).
pub const PERSON_DEATH_DAY: &str = "death_day";

/// Table: one typed column a variable, one row a person.
pub const VARIABLE: &str = "variable";

/// Table: events.
pub const EVENT: &str = "event";
/// Index: row in `person`.
pub const EVENT_PERSON: &str = "person";
/// Category: [`crate::concept::Domain::name`].
pub const EVENT_DOMAIN: &str = "domain";
/// Index: row in `concept`.
pub const EVENT_CONCEPT: &str = "concept";
/// Day: start.
pub const EVENT_START_DAY: &str = "start_day";
/// Day: end (missing: unknown or same day).
pub const EVENT_END_DAY: &str = "end_day";
/// Number: numeric value.
pub const EVENT_VALUE: &str = "value";
/// Category: value as a level (coded answers).
pub const EVENT_VALUE_TEXT: &str = "value_text";
/// Category: unit of the value as recorded.
pub const EVENT_UNIT: &str = "unit";
/// Category: source table or resource; [`PROVENANCE_NOTE`] for what was read from a note.
pub const EVENT_PROVENANCE: &str = "provenance";
/// Category (only where notes were read): what the note says of the finding, as [`crate::cohort::NoteContext::level`]
/// writes it. Missing: the event was not read from a note.
pub const EVENT_QUALIFIER: &str = "qualifier";
/// Number (only where notes were read): row in `note` that the finding was read from.
pub const EVENT_NOTE: &str = "note";
/// Number (where the source has ids): keyed 53-bit hash of the resource or row that the event came from; the same in every
/// import under the same secret, so that an update finds what it replaces.
pub const EVENT_SOURCE: &str = "source";

/// Provenance of events that were read from notes.
pub const PROVENANCE_NOTE: &str = "note text";
/// Domain of findings of notes that are not said to be present in the patient now: negated, possible, of the past, planned, or
/// of somebody else. No [`crate::concept::Domain`], so that no query takes them for events but by asking for their context.
pub const DOMAIN_NOTE_NOT_PRESENT: &str = "note_not_present";

/// Table: observation periods, sorted by person, then start.
pub const OBSERVATION_PERIOD: &str = "observation_period";
/// Index: row in `person`.
pub const PERIOD_PERSON: &str = "person";
/// Day: first day observed.
pub const PERIOD_START_DAY: &str = "start_day";
/// Day: last day observed.
pub const PERIOD_END_DAY: &str = "end_day";

/// Table: clinic notes after the identifier screen.
pub const NOTE: &str = "note";
/// Index: row in `person`.
pub const NOTE_PERSON: &str = "person";
/// Day: date of the note.
pub const NOTE_DAY: &str = "day";
/// Category: type or title.
pub const NOTE_TITLE: &str = "title";
/// Text: the screened text.
pub const NOTE_TEXT: &str = "text";
/// Number (where the source has ids): as [`EVENT_SOURCE`].
pub const NOTE_SOURCE: &str = "source";

/// Table: concepts that events refer to.
pub const CONCEPT: &str = "concept";
/// Category: code system or vocabulary.
pub const CONCEPT_SYSTEM: &str = "system";
/// Text: code.
pub const CONCEPT_CODE: &str = "code";
/// Text: display.
pub const CONCEPT_DISPLAY: &str = "display";
/// Number: OMOP concept id where known.
pub const CONCEPT_OMOP_ID: &str = "omop_id";

/// Table: ancestors, as OMOP concept ids.
pub const CONCEPT_ANCESTOR: &str = "concept_ancestor";
/// Number: OMOP id of the ancestor.
pub const ANCESTOR_ID: &str = "ancestor_omop_id";
/// Number: OMOP id of the descendant.
pub const DESCENDANT_ID: &str = "descendant_omop_id";

/// Table: which concept a concept is mapped to (OMOP's valid 'Maps to'), as OMOP concept ids, where known.
pub const CONCEPT_MAP: &str = "concept_map";
/// Number: OMOP id of the concept that is mapped.
pub const MAPPED_ID: &str = "mapped_omop_id";
/// Number: OMOP id of the standard concept that it is mapped to.
pub const STANDARD_ID: &str = "standard_omop_id";

/// Table: stretches of time that say again, in parts or in sums, what events say (OMOP's eras and details of visits). They
/// are no events, so that nothing counts twice. Sorted by person, then start.
pub const SPAN: &str = "span";
/// Index: row in `person`.
pub const SPAN_PERSON: &str = "person";
/// Category: the table it comes from (`condition_era`, `drug_era`, `dose_era`, `visit_detail`).
pub const SPAN_KIND: &str = "kind";
/// Index: row in `concept`.
pub const SPAN_CONCEPT: &str = "concept";
/// Day: start.
pub const SPAN_START_DAY: &str = "start_day";
/// Day: end (missing: unknown).
pub const SPAN_END_DAY: &str = "end_day";
/// Number: how many events it sums up (conditions, drugs), or the dose (doses).
pub const SPAN_VALUE: &str = "value";
/// Category: unit of the dose.
pub const SPAN_UNIT: &str = "unit";
