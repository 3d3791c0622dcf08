//! Single cells of OMOP tables: days' supplies, source concepts, ages, words, and tab-separated files.
#![cfg(feature = "fhir")]

use crate::support::records::{events, found, omop, says, texts};

const PERSON: &str = "person_id,gender_concept_id,year_of_birth,race_concept_id,race_source_value,person_source_value\n\
    1,8507,1950,8527,white,MRN-0001\n2,8532,1960,0,Asian,\n3,8532,1960,0,\"Quandt, call 617-555-0199\",\n4,8532,1960,0,of MRN-0004,MRN-0004\n";

#[test]
fn a_supply_ends_on_its_last_day() {
    let drug = "drug_exposure_id,person_id,drug_concept_id,drug_exposure_start_date,drug_exposure_end_date,days_supply\n\
        1,1,11,2020-06-01,,30\n2,1,12,2020-06-01,2020-06-05,30\n3,1,13,2020-06-01,,30.5\n4,1,14,2020-06-01,,0\n5,1,15,2020-06-01,,many\n\
        6,1,16,2020-06-01,,1\n7,1,17,2020-06-01,,99999\n8,1,18,2020-06-01,,3650\n";
    let imported = omop(&[("person.csv", PERSON), ("drug_exposure.csv", drug)]);
    let ends = texts(&imported, "event", "end_day");
    assert_eq!(
        ends,
        ["2020-06-30", "2020-06-05", "2020-06-30", "-", "-", "2020-06-01", "-", "2030-05-29"],
        "{:?}",
        events(&imported)
    );
    says(&imported, "1 days' supply is not of whole days");
    says(&imported, "2 days' supplies are not between a day and ten years");
    assert_eq!(imported.report.rejected[0].field, "days_supply");
}

#[test]
fn national_drug_codes_are_no_numbers_of_somebody() {
    let drug = "drug_exposure_id,person_id,drug_concept_id,drug_exposure_start_date,drug_source_value\n\
        1,1,0,01-JAN-2020,51079007320\n2,1,0,2020-01-02,5107900732\n3,1,0,2020-01-03,51079-0073-20\n4,1,0,2020-01-04,617-555-0199\n\
        5,1,0,2020-01-05,123456789\n6,2,0,2020-01-06,9988776655\n7,2,0,2020-01-07,MRN5107900732\n";
    let other = "observation_id,person_id,observation_concept_id,observation_date,observation_source_value\n1,1,0,2020-02-01,51079007321\n";
    let person =
        "person_id,gender_concept_id,year_of_birth,person_source_value\n1,8507,1950,x\n2,8507,1950,9988776655\n";
    let imported = omop(&[("person.csv", person), ("drug_exposure.csv", drug), ("observation.csv", other)]);
    let codes = texts(&imported, "concept", "code");
    for kept in ["51079007320", "5107900732", "51079-0073-20"] {
        assert!(codes.iter().any(|c| c == kept), "{kept}: {codes:?}");
    }
    // A telephone number, a social security number, a person's own number, a number of a record, and a code that is no drug's.
    for gone in ["617-555-0199", "123456789", "9988776655", "MRN5107900732", "51079007321"] {
        assert!(!codes.iter().any(|c| c.contains(gone)), "{gone}: {codes:?}");
    }
    assert_eq!(imported.report.events, 8);
}

#[test]
fn without_a_standard_concept_the_source_concept_counts() {
    let condition = "condition_occurrence_id,person_id,condition_concept_id,condition_start_date,condition_source_value,condition_source_concept_id\n\
        1,1,0,2020-05-01,E11.9,45\n2,1,201826,2020-05-02,E11.9,45\n3,1,0,2020-05-03,X99,0\n4,1,0,2020-05-04,X98,what\n5,1,,2020-05-05,E11.9,45\n";
    let death = "person_id,death_date,cause_concept_id,cause_source_concept_id\n2,2021-01-01,0,45\n";
    let concept = "concept_id,concept_name,vocabulary_id,concept_code\n45,Diabetes type 2,ICD10CM,E11.9\n201826,Diabetes,SNOMED,44054006\n";
    let files = [
        ("person.csv", PERSON),
        ("condition_occurrence.csv", condition),
        ("death.csv", death),
        ("concept.csv", concept),
    ];
    let imported = omop(&files);
    let codes: Vec<String> =
        events(&imported).iter().map(|e| e.split(' ').next().map(str::to_owned).unwrap_or_default()).collect();
    assert_eq!(codes, ["E11.9", "44054006", "X99", "X98", "E11.9", "E11.9"]);
    assert_eq!(texts(&imported, "concept", "system"), ["ICD10CM", "SNOMED", "source", "source"]);
    says(&imported, "3 rows have no standard concept (concept_id 0)");
    assert_eq!(imported.report.rejected[0].field, "source_concept_id");
    // Without a vocabulary the id stands for itself.
    let imported = omop(&files[..3]);
    assert!(texts(&imported, "concept", "code").contains(&"45".to_owned()));
}

#[test]
fn ages_above_89_are_90_with_a_vocabulary_or_without() {
    let measurement = "measurement_id,person_id,measurement_concept_id,measurement_date,value_as_number,unit_concept_id,measurement_source_value\n\
        1,1,4265453,2020-03-01,93,9448,\n2,1,3022304,2020-03-02,1100,9580,\n3,1,3007016,2020-03-03,89,9448,\n4,1,77,2020-03-04,95,0,\n\
        5,1,0,2020-03-05,95,0,30525-0\n6,1,3004410,2020-03-06,95,0,\n";
    let observation = "observation_id,person_id,observation_concept_id,observation_date,value_as_string\n1,1,4265453,2020-04-01,91 years\n";
    let concept = "concept_id,concept_name,vocabulary_id,concept_code\n77,Age,LOINC,30525-0\n9448,year,UCUM,a\n9580,month,UCUM,mo\n";
    let files = [
        ("person.csv", PERSON),
        ("measurement.csv", measurement),
        ("observation.csv", observation),
        ("concept.csv", concept),
    ];
    let imported = omop(&files);
    assert_eq!(texts(&imported, "event", "value"), ["90", "1080", "89", "90", "90", "95", "-"]);
    assert_eq!(texts(&imported, "event", "value_text")[6], "90");
    assert_eq!(found(&imported, "ages over 89"), 5);
    let imported = omop(&files[..3]);
    assert_eq!(texts(&imported, "event", "value"), ["90", "1080", "89", "95", "90", "95", "-"]);
}

#[test]
fn words_of_the_source_are_screened() {
    let condition = "condition_occurrence_id,person_id,condition_concept_id,condition_start_date,condition_source_value\n\
        1,1,0,2020-05-01,123-45-6789\n2,1,0,2020-05-02,E11.9\n3,1,0,2020-05-03,444814009\n4,1,0,2020-05-04,123456789\n5,1,0,2020-05-05,44833365\n\
        6,1,0,2020-05-06,617-555-0199\n7,1,0,2020-05-07,4548-4\n";
    let imported = omop(&[("person.csv", PERSON), ("condition_occurrence.csv", condition)]);
    let codes: Vec<String> =
        events(&imported).iter().map(|e| e.split(' ').next().map(str::to_owned).unwrap_or_default()).collect();
    assert_eq!(codes[1..3], ["E11.9", "444814009"]);
    assert_eq!((codes[4].as_str(), codes[6].as_str()), ("44833365", "4548-4"));
    for i in [0, 3, 5] {
        assert!(codes[i].starts_with('[') && codes[i].ends_with(']'), "{codes:?}");
    }
    assert_eq!(texts(&imported, "variable", "race")[..2], ["White", "Asian"]);
    let race = texts(&imported, "variable", "race").join("|");
    assert!(!race.contains("617") && !race.contains("0004") && race.contains("[PHONE]"), "{race}");
}

#[test]
fn malformed_concepts_beside_the_row_are_said() {
    let measurement = "measurement_id,person_id,measurement_concept_id,measurement_date,value_as_number,value_as_concept_id,unit_concept_id\n\
        1,1,3004410,2020-03-01,5,x,8840.5\n2,1,3004410,2020-03-02,5,,\n";
    let imported = omop(&[("person.csv", PERSON), ("measurement.csv", measurement)]);
    let fields: Vec<&str> = imported.report.rejected.iter().map(|r| r.field.as_str()).collect();
    assert_eq!(fields, ["value_as_concept_id", "unit_concept_id"]);
    assert_eq!(imported.report.events, 2);
}

#[test]
fn marks_of_a_file_with_tabs_are_part_of_its_names() {
    let condition = "condition_occurrence_id,person_id,condition_concept_id,condition_start_date\n1,1,45,2020-05-01\n2,1,46,2020-05-02\n";
    let of = |concept: &str| {
        let imported =
            omop(&[("person.csv", PERSON), ("condition_occurrence.csv", condition), ("CONCEPT.csv", concept)]);
        texts(&imported, "concept", "display")
    };
    let head = "concept_id\tconcept_name\tvocabulary_id\tconcept_code\n";
    let athena = format!("{head}45\t\"Red man\" syndrome\tSNOMED\t1\n46\t\"Open\tSNOMED\t2\n");
    assert_eq!(of(&athena), ["\"Red man\" syndrome", "\"Open"]);
    let marked = format!("{head}45\t\"Red man\tsyndrome\"\tSNOMED\t1\n46\t\"Two\nlines\"\tSNOMED\t2\n");
    assert_eq!(of(&marked), ["Red man\tsyndrome", "Two\nlines"]);
}
