//! Completeness: is anything missing that should be there.

use model::results::QualityCategory::Completeness;
use model::results::QualityContext::{Validation, Verification};

use super::super::list::Check;

pub(in super::super) const PERSON_WITHOUT_EVENTS: Check = Check {
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

pub(in super::super) const PERSON_WITHOUT_DOMAIN: Check = Check {
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

pub(in super::super) const PERSON_WITHOUT_PERIOD: Check = Check {
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

pub(in super::super) const BIRTH_MISSING: Check = Check {
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

pub(in super::super) const SEX_MISSING: Check = Check {
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

pub(in super::super) const EVENT_WITHOUT_DATE: Check = Check {
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

pub(in super::super) const EVENT_UNMAPPED: Check = Check {
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

pub(in super::super) const EVENT_WITHOUT_WORDS: Check = Check {
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

pub(in super::super) const RESULT_MISSING: Check = Check {
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

pub(in super::super) const UNIT_MISSING: Check = Check {
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

pub(in super::super) const NOTE_WITHOUT_TEXT: Check = Check {
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

pub(in super::super) const NOTE_WITHOUT_DATE: Check = Check {
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

pub(in super::super) const VARIABLE_MISSING: Check = Check {
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
