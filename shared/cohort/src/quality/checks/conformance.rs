//! Conformance: is everything written as agreed.

use model::results::QualityCategory::Conformance;
use model::results::QualityContext::Verification;

use super::super::list::Check;

pub(in super::super) const SEX_VALUE: Check = Check {
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

pub(in super::super) const DOMAIN_VALUE: Check = Check {
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

pub(in super::super) const UNIT_VALUE: Check = Check {
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

pub(in super::super) const CONCEPT_REFERENCE: Check = Check {
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

pub(in super::super) const PERSON_KEY: Check = Check {
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

pub(in super::super) const PERIOD_REVERSED: Check = Check {
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

pub(in super::super) const PERIOD_OVERLAP: Check = Check {
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

pub(in super::super) const DEATH_WITHOUT_DAY: Check = Check {
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
