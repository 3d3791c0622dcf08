//! Which checks there are: each rule with its category, threshold and words.
//!
//! Where a check follows one of OHDSI's Data Quality Dashboard (`like`), category, subcategory and context are that
//! check's, and so is the threshold where the dashboard has one for it (0 for keys, references and required fields, 1 for
//! temporal plausibility, 5 for codes, units and sexes, 95 for tables that most persons have rows in). Other thresholds are
//! this project's own: 10 percent of missing values of a variable after D. A. Bennett, How can I deal with missing data in
//! my study?, Aust N Z J Public Health 25 (2001) 464.

use model::results::QualityCategory::{Completeness, Conformance, Plausibility};
use model::results::QualityContext::{Validation, Verification};

use super::list::Check;

pub(super) const PERSON_WITHOUT_EVENTS: Check = Check {
    id: "person_without_events",
    title: "Persons without a single event",
    category: Completeness,
    subcategory: "",
    context: Validation,
    like: "measurePersonCompleteness",
    unit: "persons",
    threshold: 10.0,
    to_do: "They count in denominators and can never have an outcome. Look whether the export of their events is missing, or keep them out with an inclusion rule.",
};

pub(super) const PERSON_WITHOUT_DOMAIN: Check = Check {
    id: "person_without_domain",
    title: "Persons without any event of this domain",
    category: Completeness,
    subcategory: "",
    context: Validation,
    like: "measurePersonCompleteness",
    unit: "persons",
    threshold: 95.0,
    to_do: "Nearly nobody has one: the table may be exported in part. Compare the count with the source.",
};

pub(super) const PERSON_WITHOUT_PERIOD: Check = Check {
    id: "person_without_observation_period",
    title: "Persons without an observation period",
    category: Completeness,
    subcategory: "",
    context: Validation,
    like: "measurePersonCompleteness",
    unit: "persons",
    threshold: 0.0,
    to_do: "A person who is not observed enters no cohort. Export observation_period, or import anew so that periods are made from the events.",
};

pub(super) const BIRTH_MISSING: Check = Check {
    id: "birth_year_missing",
    title: "Persons without a year of birth",
    category: Completeness,
    subcategory: "",
    context: Validation,
    like: "isRequired",
    unit: "persons",
    threshold: 1.0,
    to_do: "They have no age: they drop out of every analysis that adjusts for it. Complete the source, or say how many were left out.",
};

pub(super) const SEX_MISSING: Check = Check {
    id: "sex_unknown",
    title: "Persons whose sex is not known",
    category: Completeness,
    subcategory: "",
    context: Validation,
    like: "isRequired",
    unit: "persons",
    threshold: 5.0,
    to_do: "They drop out of every analysis that adjusts for sex. Complete the source, or say how many were left out.",
};

pub(super) const EVENT_WITHOUT_DATE: Check = Check {
    id: "event_without_date",
    title: "Events without a date",
    category: Completeness,
    subcategory: "",
    context: Validation,
    like: "isRequired",
    unit: "events",
    threshold: 0.0,
    to_do: "An event without a date never matches a cohort's rule. Correct the dates in the source and import again.",
};

pub(super) const EVENT_UNMAPPED: Check = Check {
    id: "event_unmapped",
    title: "Events without a code of a known system",
    category: Completeness,
    subcategory: "",
    context: Verification,
    like: "standardConceptRecordCompleteness",
    unit: "events",
    threshold: 5.0,
    to_do: "A concept set that asks for codes does not find them. Map the source values that are listed, or add their words to the concept set.",
};

pub(super) const EVENT_WITHOUT_WORDS: Check = Check {
    id: "event_without_words",
    title: "Events whose code has no words",
    category: Completeness,
    subcategory: "",
    context: Verification,
    like: "",
    unit: "events",
    threshold: 5.0,
    to_do: "They cannot be found by words. Import the vocabulary with the data (OMOP: concept.csv), or exports with displays.",
};

pub(super) const RESULT_MISSING: Check = Check {
    id: "measurement_without_result",
    title: "Measurements without a result",
    category: Completeness,
    subcategory: "",
    context: Verification,
    like: "measureValueCompleteness",
    unit: "measurements",
    threshold: 20.0,
    to_do: "A rule on values does not see them. Look at the concepts listed: a panel's head has none by its nature; a laboratory value should.",
};

pub(super) const UNIT_MISSING: Check = Check {
    id: "value_without_unit",
    title: "Numbers without a unit, of concepts that have one",
    category: Completeness,
    subcategory: "",
    context: Verification,
    like: "measureValueCompleteness",
    unit: "values",
    threshold: 5.0,
    to_do: "Without a unit a number cannot be compared with another. Ask the laboratory for the unit; never guess it.",
};

pub(super) const NOTE_WITHOUT_TEXT: Check = Check {
    id: "note_without_text",
    title: "Notes without text",
    category: Completeness,
    subcategory: "",
    context: Verification,
    like: "measureValueCompleteness",
    unit: "notes",
    threshold: 1.0,
    to_do: "Nothing can be read in them. Look whether the export leaves texts out (attachments by address are not fetched).",
};

pub(super) const NOTE_WITHOUT_DATE: Check = Check {
    id: "note_without_date",
    title: "Notes without a date",
    category: Completeness,
    subcategory: "",
    context: Validation,
    like: "isRequired",
    unit: "notes",
    threshold: 0.0,
    to_do: "What they say cannot be placed in time. Add the date in the source and import again.",
};

pub(super) const VARIABLE_MISSING: Check = Check {
    id: "variable_missing",
    title: "Persons without a value of this variable",
    category: Completeness,
    subcategory: "",
    context: Verification,
    like: "measureValueCompleteness",
    unit: "persons",
    threshold: 10.0,
    to_do: "An analysis that uses it leaves these persons out, and who is left may be a selection. Ask why it is missing before you use it.",
};

pub(super) const SEX_VALUE: Check = Check {
    id: "sex_value",
    title: "Persons whose sex is written in an unknown way",
    category: Conformance,
    subcategory: "value",
    context: Verification,
    like: "fkDomain",
    unit: "persons",
    threshold: 0.0,
    to_do: "Known are female, male, other and unknown. Correct the file that the dataset was made of.",
};

pub(super) const DOMAIN_VALUE: Check = Check {
    id: "domain_value",
    title: "Events of a domain that is not known",
    category: Conformance,
    subcategory: "value",
    context: Verification,
    like: "fkDomain",
    unit: "events",
    threshold: 0.0,
    to_do: "They are in no list by domain. The dataset was written by another version: import the data again.",
};

pub(super) const UNIT_VALUE: Check = Check {
    id: "unit_not_ucum",
    title: "Numbers with a unit that is none of UCUM",
    category: Conformance,
    subcategory: "value",
    context: Verification,
    like: "plausibleUnitConceptIds",
    unit: "values",
    threshold: 5.0,
    to_do: "Values in units that are not known are never converted. Have the units listed written as UCUM codes (ucum.org) where the data are exported.",
};

pub(super) const CONCEPT_REFERENCE: Check = Check {
    id: "event_concept_missing",
    title: "Events that refer to no concept",
    category: Conformance,
    subcategory: "relational",
    context: Verification,
    like: "isForeignKey",
    unit: "events",
    threshold: 0.0,
    to_do: "The dataset is damaged: import the data again.",
};

pub(super) const PERSON_KEY: Check = Check {
    id: "person_key_double",
    title: "Persons with the key of another person",
    category: Conformance,
    subcategory: "relational",
    context: Verification,
    like: "isPrimaryKey",
    unit: "persons",
    threshold: 0.0,
    to_do: "One person would count twice. Import the data again; if it stays, the source has the person twice.",
};

pub(super) const PERIOD_REVERSED: Check = Check {
    id: "period_end_before_start",
    title: "Observation periods that end before they start, or have no start or end",
    category: Conformance,
    subcategory: "relational",
    context: Verification,
    like: "plausibleStartBeforeEnd",
    unit: "observation periods",
    threshold: 0.0,
    to_do: "They are not used. Correct them in the source and import again.",
};

pub(super) const PERIOD_OVERLAP: Check = Check {
    id: "period_overlap",
    title: "Observation periods that overlap another of the same person",
    category: Conformance,
    subcategory: "relational",
    context: Verification,
    like: "",
    unit: "observation periods",
    threshold: 0.0,
    to_do: "OMOP allows none: follow-up would end at the first of them. Merge them in the source and import again.",
};

pub(super) const DEATH_WITHOUT_DAY: Check = Check {
    id: "death_event_without_day",
    title: "Persons with an event of death and no day of death",
    category: Conformance,
    subcategory: "relational",
    context: Verification,
    like: "",
    unit: "persons",
    threshold: 0.0,
    to_do: "Follow-up does not end at their death. Complete the table of deaths (FHIR: Patient.deceasedDateTime).",
};

pub(super) const BIRTH_TOO_EARLY: Check = Check {
    id: "birth_too_early",
    title: "Persons born before 1850",
    category: Plausibility,
    subcategory: "atemporal",
    context: Verification,
    like: "plausibleValueLow",
    unit: "persons",
    threshold: 0.0,
    to_do: "The year is a placeholder or a slip. Correct it in the source.",
};

pub(super) const BIRTH_FUTURE: Check = Check {
    id: "birth_in_future",
    title: "Persons born after today",
    category: Plausibility,
    subcategory: "temporal",
    context: Verification,
    like: "plausibleValueHigh",
    unit: "persons",
    threshold: 0.0,
    to_do: "The year is a placeholder or a slip. Correct it in the source.",
};

pub(super) const DEATH_BEFORE_BIRTH: Check = Check {
    id: "death_before_birth",
    title: "Persons who died before they were born",
    category: Plausibility,
    subcategory: "temporal",
    context: Verification,
    like: "plausibleAfterBirth",
    unit: "persons",
    threshold: 0.0,
    to_do: "One of both dates is wrong. Correct it in the source.",
};

pub(super) const DEATH_FUTURE: Check = Check {
    id: "death_in_future",
    title: "Persons who died after today",
    category: Plausibility,
    subcategory: "temporal",
    context: Verification,
    like: "plausibleValueHigh",
    unit: "persons",
    threshold: 0.0,
    to_do: "The date is a placeholder or a slip. Correct it in the source.",
};

pub(super) const EVENT_REVERSED: Check = Check {
    id: "event_end_before_start",
    title: "Events that end before they start",
    category: Plausibility,
    subcategory: "temporal",
    context: Verification,
    like: "plausibleStartBeforeEnd",
    unit: "events",
    threshold: 1.0,
    to_do: "Lengths of stay and of treatment come out negative. Correct the dates in the source; until then use starts only.",
};

pub(super) const EVENT_BEFORE_BIRTH: Check = Check {
    id: "event_before_birth",
    title: "Events before the person was born",
    category: Plausibility,
    subcategory: "temporal",
    context: Verification,
    like: "plausibleAfterBirth",
    unit: "events",
    threshold: 1.0,
    to_do: "The date or the year of birth is wrong, or the event belongs to the mother. Look at some persons' timelines.",
};

pub(super) const EVENT_AFTER_DEATH: Check = Check {
    id: "event_after_death",
    title: "Events more than 60 days after the person's death",
    category: Plausibility,
    subcategory: "temporal",
    context: Verification,
    like: "plausibleBeforeDeath",
    unit: "events",
    threshold: 1.0,
    to_do: "A wrong date of death, or two persons under one key. Look at some persons' timelines.",
};

pub(super) const EVENT_OUTSIDE: Check = Check {
    id: "event_outside_period",
    title: "Events outside every observation period of the person",
    category: Plausibility,
    subcategory: "temporal",
    context: Verification,
    like: "",
    unit: "events",
    threshold: 5.0,
    to_do: "A cohort never counts them. Widen the observation periods in the source if these events were really observed.",
};

pub(super) const EVENT_FUTURE: Check = Check {
    id: "event_in_future",
    title: "Events after today",
    category: Plausibility,
    subcategory: "temporal",
    context: Verification,
    like: "plausibleValueHigh",
    unit: "events",
    threshold: 0.0,
    to_do: "Appointments, placeholders or slips. Leave planned events out of the export, and correct the rest.",
};

pub(super) const EVENT_DOUBLE: Check = Check {
    id: "event_double",
    title: "Events that are in the data twice, alike in everything",
    category: Plausibility,
    subcategory: "uniqueness",
    context: Verification,
    like: "",
    unit: "events",
    threshold: 1.0,
    to_do: "Counts of events are too high; persons are not affected. Look whether an export was joined with itself.",
};

pub(super) const PERSON_MANY: Check = Check {
    id: "person_with_too_many_events",
    title: "Persons with far more events than anybody",
    category: Plausibility,
    subcategory: "atemporal",
    context: Verification,
    like: "",
    unit: "persons",
    threshold: 0.0,
    to_do: "More than 1,000 events and more than 20 times the median of those who have any: a test patient, or several persons under one key. Look at the timeline.",
};

pub(super) const VALUE_RANGE: Check = Check {
    id: "value_outside_range",
    title: "Values that no living person can have",
    category: Plausibility,
    subcategory: "atemporal",
    context: Validation,
    like: "plausibleValueLow, plausibleValueHigh",
    unit: "values",
    threshold: 1.0,
    to_do: "A wrong unit, a slipped decimal point, or a code such as 999 for missing. Leave them out with a range of values in the cohort, and correct the source.",
};

pub(super) const VALUE_UNIT: Check = Check {
    id: "value_unit_unconvertible",
    title: "Values in a unit that this quantity is not measured in",
    category: Plausibility,
    subcategory: "atemporal",
    context: Validation,
    like: "plausibleUnitConceptIds",
    unit: "values",
    threshold: 5.0,
    to_do: "They stay as written and are not compared with the others. Look which unit the laboratory means.",
};

pub(super) const SEX_SPECIFIC: Check = Check {
    id: "sex_specific",
    title: "Conditions and procedures that only the other sex can have",
    category: Plausibility,
    subcategory: "atemporal",
    context: Validation,
    like: "plausibleGender",
    unit: "events",
    threshold: 5.0,
    to_do: "A wrong sex, two persons under one key, or a person whose recorded sex is not the one at birth. Look at some persons' timelines.",
};

pub(super) const NOTE_AFTER_DEATH: Check = Check {
    id: "note_after_death",
    title: "Notes more than 60 days after the person's death",
    category: Plausibility,
    subcategory: "temporal",
    context: Verification,
    like: "plausibleBeforeDeath",
    unit: "notes",
    threshold: 1.0,
    to_do: "A wrong date of death, or two persons under one key. Look at some persons' timelines.",
};

pub(super) const NOTE_BEFORE_BIRTH: Check = Check {
    id: "note_before_birth",
    title: "Notes before the person was born",
    category: Plausibility,
    subcategory: "temporal",
    context: Verification,
    like: "plausibleAfterBirth",
    unit: "notes",
    threshold: 1.0,
    to_do: "The date or the year of birth is wrong, or the note is about the mother. Look at some persons' timelines.",
};

pub(super) const NOTE_FUTURE: Check = Check {
    id: "note_in_future",
    title: "Notes after today",
    category: Plausibility,
    subcategory: "temporal",
    context: Verification,
    like: "plausibleValueHigh",
    unit: "notes",
    threshold: 0.0,
    to_do: "Placeholders or slips. Correct the dates in the source.",
};

pub(super) const NOTE_DOUBLE: Check = Check {
    id: "note_double",
    title: "Notes that are in the data twice, alike in person, day and text",
    category: Plausibility,
    subcategory: "uniqueness",
    context: Verification,
    like: "",
    unit: "notes",
    threshold: 1.0,
    to_do: "What is read in them counts twice. Look whether an export was joined with itself.",
};

pub(super) const VARIABLE_CONSTANT: Check = Check {
    id: "variable_constant",
    title: "Variables that are the same for everybody",
    category: Plausibility,
    subcategory: "atemporal",
    context: Verification,
    like: "",
    unit: "variables",
    threshold: 0.0,
    to_do: "They cannot tell anybody apart and are left out of every model. Look whether the file was filtered before.",
};

pub(super) const DAY_FUTURE: Check = Check {
    id: "variable_day_in_future",
    title: "Dates after today",
    category: Plausibility,
    subcategory: "temporal",
    context: Verification,
    like: "plausibleValueHigh",
    unit: "dates",
    threshold: 0.0,
    to_do: "Placeholders or slips, such as 9999 or 2099 for unknown. Correct them in the source.",
};

pub(super) const DURATION_NEGATIVE: Check = Check {
    id: "duration_negative",
    title: "Durations below 0",
    category: Plausibility,
    subcategory: "temporal",
    context: Verification,
    like: "plausibleValueLow",
    unit: "durations",
    threshold: 0.0,
    to_do: "The end lies before the start. These rows are left out of every survival analysis; correct the dates.",
};

pub(super) const DURATION_ZERO: Check = Check {
    id: "duration_zero",
    title: "Durations of exactly 0",
    category: Plausibility,
    subcategory: "temporal",
    context: Verification,
    like: "",
    unit: "durations",
    threshold: 1.0,
    to_do: "Nobody is at risk for no time. Ask whether the event was there at the start already, or whether 0 stands for unknown.",
};

pub(super) const AGE_RANGE: Check = Check {
    id: "age_outside_range",
    title: "Ages below 0 or above 120",
    category: Plausibility,
    subcategory: "atemporal",
    context: Validation,
    like: "plausibleValueLow, plausibleValueHigh",
    unit: "ages",
    threshold: 0.0,
    to_do: "A code such as 999 for missing, or months in the place of years. Correct them in the source.",
};

pub(super) const ROW_DOUBLE: Check = Check {
    id: "row_double",
    title: "Persons alike in every variable",
    category: Plausibility,
    subcategory: "uniqueness",
    context: Verification,
    like: "",
    unit: "persons",
    threshold: 1.0,
    to_do: "With more than a handful of variables two persons are hardly ever alike: look whether rows were copied.",
};
