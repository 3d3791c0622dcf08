//! Plausibility: can it be true.

use model::results::QualityCategory::Plausibility;
use model::results::QualityContext::{Validation, Verification};

use super::super::list::Check;

pub(in super::super) const BIRTH_TOO_EARLY: Check = Check {
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

pub(in super::super) const BIRTH_FUTURE: Check = Check {
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

pub(in super::super) const DEATH_BEFORE_BIRTH: Check = Check {
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

pub(in super::super) const DEATH_FUTURE: Check = Check {
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

pub(in super::super) const EVENT_REVERSED: Check = Check {
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

pub(in super::super) const EVENT_BEFORE_BIRTH: Check = Check {
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

pub(in super::super) const EVENT_AFTER_DEATH: Check = Check {
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

pub(in super::super) const EVENT_OUTSIDE: Check = Check {
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

pub(in super::super) const EVENT_FUTURE: Check = Check {
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

pub(in super::super) const EVENT_DOUBLE: Check = Check {
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

pub(in super::super) const PERSON_MANY: Check = Check {
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

pub(in super::super) const VALUE_RANGE: Check = Check {
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

pub(in super::super) const VALUE_UNIT: Check = Check {
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

pub(in super::super) const SEX_SPECIFIC: Check = Check {
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

pub(in super::super) const NOTE_AFTER_DEATH: Check = Check {
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

pub(in super::super) const NOTE_BEFORE_BIRTH: Check = Check {
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

pub(in super::super) const NOTE_FUTURE: Check = Check {
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

pub(in super::super) const NOTE_DOUBLE: Check = Check {
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

pub(in super::super) const VARIABLE_CONSTANT: Check = Check {
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

pub(in super::super) const DAY_FUTURE: Check = Check {
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

pub(in super::super) const DURATION_NEGATIVE: Check = Check {
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

pub(in super::super) const DURATION_ZERO: Check = Check {
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

pub(in super::super) const AGE_RANGE: Check = Check {
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

pub(in super::super) const ROW_DOUBLE: Check = Check {
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
