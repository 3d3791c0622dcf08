//! The types of resources that are read, and which statuses say that nothing happened.

use model::concept::Domain;
use serde::{Deserialize, Serialize};

/// A type of resource that is read; all others are counted as not used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[repr(u8)]
pub(super) enum Kind {
    Patient,
    Encounter,
    Condition,
    Observation,
    MedicationRequest,
    MedicationStatement,
    MedicationAdministration,
    MedicationDispense,
    Medication,
    Procedure,
    Immunization,
    AllergyIntolerance,
    DiagnosticReport,
    DocumentReference,
    /// What a Bundle of the type document begins with.
    Composition,
    Device,
    DeviceUseStatement,
    /// Its name in R5.
    DeviceUsage,
}

const KINDS: [(Kind, &str); 18] = [
    (Kind::Patient, "Patient"),
    (Kind::Encounter, "Encounter"),
    (Kind::Condition, "Condition"),
    (Kind::Observation, "Observation"),
    (Kind::MedicationRequest, "MedicationRequest"),
    (Kind::MedicationStatement, "MedicationStatement"),
    (Kind::MedicationAdministration, "MedicationAdministration"),
    (Kind::MedicationDispense, "MedicationDispense"),
    (Kind::Medication, "Medication"),
    (Kind::Procedure, "Procedure"),
    (Kind::Immunization, "Immunization"),
    (Kind::AllergyIntolerance, "AllergyIntolerance"),
    (Kind::DiagnosticReport, "DiagnosticReport"),
    (Kind::DocumentReference, "DocumentReference"),
    (Kind::Composition, "Composition"),
    (Kind::Device, "Device"),
    (Kind::DeviceUseStatement, "DeviceUseStatement"),
    (Kind::DeviceUsage, "DeviceUsage"),
];

impl Kind {
    /// The kind of a type's name.
    pub(super) fn of(name: &[u8]) -> Option<Kind> {
        KINDS.iter().find(|(_, n)| n.as_bytes() == name).map(|(kind, _)| *kind)
    }

    pub(super) fn name(self) -> &'static str {
        KINDS.get(self as usize).map_or("", |(_, name)| name)
    }

    /// The domain of its events. (Observations and reports are told apart by their category.)
    pub(super) fn domain(self) -> Domain {
        match self {
            Kind::Encounter => Domain::Visit,
            Kind::Condition => Domain::Condition,
            Kind::MedicationRequest
            | Kind::MedicationStatement
            | Kind::MedicationAdministration
            | Kind::MedicationDispense
            | Kind::Medication
            | Kind::Immunization => Domain::Drug,
            Kind::Procedure => Domain::Procedure,
            Kind::Device | Kind::DeviceUseStatement | Kind::DeviceUsage => Domain::Device,
            Kind::Patient => Domain::Death,
            Kind::Observation
            | Kind::AllergyIntolerance
            | Kind::DiagnosticReport
            | Kind::DocumentReference
            | Kind::Composition => Domain::Observation,
        }
    }

    /// Values of `status` with which a resource says of nothing that it happened (FHIR R4, R4B and R5 value sets).
    fn no_event(self) -> &'static [&'static str] {
        match self {
            Kind::Encounter => &["planned", "cancelled"],
            Kind::Observation => &["registered", "cancelled"],
            Kind::MedicationRequest => &["draft", "cancelled"],
            Kind::MedicationStatement => &["intended", "not-taken", "draft"],
            Kind::MedicationAdministration | Kind::Immunization => &["not-done"],
            Kind::MedicationDispense => &["preparation", "cancelled", "declined"],
            Kind::Procedure => &["preparation", "not-done"],
            Kind::DiagnosticReport | Kind::Composition => &["registered", "cancelled"],
            Kind::DeviceUseStatement | Kind::DeviceUsage => &["intended", "not-done"],
            _ => &[],
        }
    }

    /// Whether a `status` says that this is no event.
    pub(super) fn is_no_event(self, status: &str) -> bool {
        status == "entered-in-error" || self.no_event().contains(&status)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_in_the_order_of_the_kinds() {
        for (i, (kind, name)) in KINDS.iter().enumerate() {
            assert_eq!(*kind as usize, i);
            assert_eq!(Kind::of(name.as_bytes()), Some(*kind));
        }
    }
}
