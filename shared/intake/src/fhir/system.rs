//! Code systems: FHIR's addresses and OMOP's names for the same vocabularies.
//!
//! Where OMOP has a vocabulary for a system (<https://terminology.hl7.org/external_terminologies.html> and OMOP's
//! `vocabulary` table), its name is stored, so that one cohort definition fits FHIR and OMOP data alike. Other systems keep
//! their address.

/// Address (without scheme and version) or OID, and OMOP's name.
const VOCABULARIES: [(&str, &str); 50] = [
    ("snomed.info/sct", "SNOMED"),
    ("urn:oid:2.16.840.1.113883.6.96", "SNOMED"),
    ("loinc.org", "LOINC"),
    ("urn:oid:2.16.840.1.113883.6.1", "LOINC"),
    ("www.nlm.nih.gov/research/umls/rxnorm", "RxNorm"),
    ("urn:oid:2.16.840.1.113883.6.88", "RxNorm"),
    ("hl7.org/fhir/sid/icd-10-cm", "ICD10CM"),
    ("terminology.hl7.org/CodeSystem/icd10-CM", "ICD10CM"),
    ("urn:oid:2.16.840.1.113883.6.90", "ICD10CM"),
    ("hl7.org/fhir/sid/icd-10", "ICD10"),
    ("urn:oid:2.16.840.1.113883.6.3", "ICD10"),
    ("hl7.org/fhir/sid/icd-10-de", "ICD10GM"),
    ("fhir.de/CodeSystem/bfarm/icd-10-gm", "ICD10GM"),
    ("fhir.de/CodeSystem/dimdi/icd-10-gm", "ICD10GM"),
    ("hl7.org/fhir/sid/icd-9-cm", "ICD9CM"),
    ("hl7.org/fhir/sid/icd-9-cm/diagnosis", "ICD9CM"),
    ("terminology.hl7.org/CodeSystem/icd9cm", "ICD9CM"),
    ("urn:oid:2.16.840.1.113883.6.103", "ICD9CM"),
    ("hl7.org/fhir/sid/icd-9-cm/procedure", "ICD9Proc"),
    ("urn:oid:2.16.840.1.113883.6.104", "ICD9Proc"),
    ("www.cms.gov/Medicare/Coding/ICD10", "ICD10PCS"),
    ("hl7.org/fhir/sid/icd-10-pcs", "ICD10PCS"),
    ("terminology.hl7.org/CodeSystem/icd10PCS", "ICD10PCS"),
    ("urn:oid:2.16.840.1.113883.6.4", "ICD10PCS"),
    ("www.ama-assn.org/go/cpt", "CPT4"),
    ("urn:oid:2.16.840.1.113883.6.12", "CPT4"),
    ("www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets", "HCPCS"),
    ("terminology.hl7.org/CodeSystem/HCPCS", "HCPCS"),
    ("terminology.hl7.org/CodeSystem/hcpcs-Level-II", "HCPCS"),
    ("urn:oid:2.16.840.1.113883.6.285", "HCPCS"),
    ("hl7.org/fhir/sid/cvx", "CVX"),
    ("urn:oid:2.16.840.1.113883.12.292", "CVX"),
    ("hl7.org/fhir/sid/ndc", "NDC"),
    ("urn:oid:2.16.840.1.113883.6.69", "NDC"),
    ("www.whocc.no/atc", "ATC"),
    ("fhir.de/CodeSystem/bfarm/atc", "ATC"),
    ("urn:oid:2.16.840.1.113883.6.73", "ATC"),
    ("fdasis.nlm.nih.gov", "UNII"),
    ("hl7.org/fhir/ndfrt", "NDFRT"),
    ("va.gov/terminology/medrt", "MED-RT"),
    ("dmd.nhs.uk", "dm+d"),
    ("read.info/readv2", "Read"),
    ("unitsofmeasure.org", "UCUM"),
    ("urn:oid:2.16.840.1.113883.6.8", "UCUM"),
    ("ncicb.nci.nih.gov/xml/owl/EVS/Thesaurus.owl", "NCIt"),
    ("www.genenames.org", "HGNC"),
    ("terminology.hl7.org/CodeSystem/icd-o-3", "ICDO3"),
    ("www.radlex.org", "RadLex"),
    ("human-phenotype-ontology.org", "HPO"),
    ("www.orpha.net", "Orphanet"),
];

/// OMOP's name of a code system, else its address.
pub(super) fn name_of(system: &str) -> &str {
    let bare = system.split('|').next().unwrap_or(system).trim_end_matches('/');
    let address = bare.strip_prefix("http://").or_else(|| bare.strip_prefix("https://")).unwrap_or(bare);
    // National editions of SNOMED CT.
    let address = if address.starts_with("snomed.info/sct/") { "snomed.info/sct" } else { address };
    VOCABULARIES.iter().find(|(a, _)| *a == address).map_or(bare, |(_, name)| name)
}

/// Which of several codings stands for a concept: lower is taken. The order is that of OMOP's standard vocabularies, then
/// what maps to them, then other systems.
pub(super) fn rank(name: &str) -> u8 {
    match name {
        "SNOMED" | "RxNorm" | "LOINC" | "CVX" => 0,
        "ICD10CM" | "ICD10" | "ICD10GM" | "ICD10PCS" | "CPT4" | "HCPCS" => 1,
        "ICD9CM" | "ICD9Proc" | "NDC" | "ATC" | "UNII" | "NDFRT" | "MED-RT" | "dm+d" | "NCIt" => 2,
        "" => 5,
        // Words about the absence of a code are no code.
        _ if name.ends_with("/data-absent-reason") || name.ends_with("/v3-NullFlavor") => 6,
        _ if name.starts_with("http://terminology.hl7.org/") => 3,
        _ => 4,
    }
}

/// OMOP's visit concepts for the classes of encounters (HL7 v3 ActCode), as in HL7's FHIR-to-OMOP guide.
pub(super) fn visit_concept(code: &str) -> Option<i64> {
    Some(match code {
        "IMP" | "ACUTE" | "NONAC" => 9201,
        "AMB" | "SS" => 9202,
        "EMER" => 9203,
        "OBSENC" => 581_385,
        "HH" => 581_476,
        "VR" => 5083,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_systems() {
        for (system, name) in [
            ("http://snomed.info/sct", "SNOMED"),
            ("http://snomed.info/sct/731000124108", "SNOMED"),
            ("http://loinc.org|2.74", "LOINC"),
            ("https://www.cms.gov/Medicare/Coding/ICD10", "ICD10PCS"),
            ("http://example.org/codes", "http://example.org/codes"),
        ] {
            assert_eq!(name_of(system), name);
        }
    }
}
