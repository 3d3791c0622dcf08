//! OMOP tables beside persons and events: eras, details of visits, maps of concepts, units of measurements, order of files.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use columnar::Table;
use intake::omop::{OmopImport, import_order};
use intake::{DatePolicy, Imported, Settings};
use model::dataset::DatasetSource;

const PERSON: &str = "person_id,gender_concept_id,year_of_birth\n1,8507,1950\n2,8532,1960\n";
const MEASUREMENT: &str = "measurement_id,person_id,measurement_concept_id,measurement_date,value_as_number,unit_concept_id,unit_source_value\n\
    1,1,3000483,2020-03-03,5.5,8753,\n2,1,3000483,2020-03-04,99,8840,\n3,1,3000483,2020-03-05,99,0,MG/DL\n4,1,3000483,2020-03-06,5,0,\n\
    5,1,3000483,2020-03-07,5,0,furlong\n6,2,3000483,2020-03-08,5000,8753,\n7,2,44,2020-03-09,5,8753,\n";
const CONDITION: &str = "condition_occurrence_id,person_id,condition_concept_id,condition_start_date\n1,1,201826,2020-05-01\n2,2,555,2020-05-02\n";
const DETAIL: &str = "visit_detail_id,person_id,visit_detail_concept_id,visit_detail_start_date,visit_detail_end_date\n\
    1,1,9202,2020-05-01,2020-05-02\n2,9,9202,2020-05-01,2020-05-02\n";
const CONDITION_ERA: &str = "condition_era_id,person_id,condition_concept_id,condition_era_start_date,condition_era_end_date,condition_occurrence_count\n\
    1,1,201826,2020-05-01 00:00:00,2020-05-09 00:00:00,3\n";
const DRUG_ERA: &str = "drug_era_id,person_id,drug_concept_id,drug_era_start_date,drug_era_end_date,drug_exposure_count,gap_days\n\
    1,2,1503297,2020-06-01,2020-07-01,2,0\n2,2,1503297,,2020-07-01,2,0\n";
const DOSE_ERA: &str = "dose_era_id,person_id,drug_concept_id,unit_concept_id,dose_value,dose_era_start_date,dose_era_end_date\n\
    1,2,1503297,8576,500,2020-06-01,2020-07-01\n";
const CONCEPT: &str = "concept_id,concept_name,vocabulary_id,concept_code\n201826,Type 2 diabetes mellitus,SNOMED,44054006\n\
    3000483,Glucose,LOINC,2345-7\n8753,millimole per liter,UCUM,mmol/L\n8840,milligram per deciliter,UCUM,mg/dL\n8576,milligram,UCUM,mg\n\
    777,Diabetes type 2,ICD10CM,E11\n888,Old,ICD9CM,250\n556,Standard,SNOMED,1\n557,Above,SNOMED,2\n999,Elsewhere,SNOMED,3\n1503297,metformin,RxNorm,6809\n";
const RELATIONSHIP: &str = "concept_id_1,concept_id_2,relationship_id,valid_start_date,valid_end_date,invalid_reason\n\
    777,201826,Maps to,2000-01-01,2099-12-31,\n201826,777,Mapped from,2000-01-01,2099-12-31,\n888,201826,Maps to,2000-01-01,2099-12-31,D\n\
    201826,201826,Maps to,2000-01-01,2099-12-31,\n555,556,Maps to,2000-01-01,2099-12-31,\n998,999,Maps to,2000-01-01,2099-12-31,\n";
const ANCESTOR: &str = "ancestor_concept_id,descendant_concept_id\n557,556\n557,999\n201826,201826\n";

fn files() -> Vec<(&'static str, &'static str)> {
    vec![
        ("person.csv", PERSON),
        ("measurement.csv", MEASUREMENT),
        ("condition_occurrence.csv", CONDITION),
        ("visit_detail.csv", DETAIL),
        ("condition_era.csv", CONDITION_ERA),
        ("drug_era.csv", DRUG_ERA),
        ("dose_era.csv", DOSE_ERA),
        ("concept_relationship.csv", RELATIONSHIP),
        ("concept_ancestor.csv", ANCESTOR),
        ("concept.csv", CONCEPT),
    ]
}

/// Imports in the order given; `named` tells the import beforehand which files come.
fn import(files: &[(&str, &str)], named: bool) -> Imported {
    let mut settings = Settings { dates: DatePolicy::Keep, ..Settings::new("test", [7; 32]) };
    if named {
        settings.source =
            DatasetSource { files: files.iter().map(|f| f.0.to_owned()).collect(), ..DatasetSource::default() };
    }
    let mut import = OmopImport::new(settings);
    for (name, text) in files {
        import.begin_file(name).unwrap();
        import.push(text.as_bytes()).unwrap();
        import.end_file().unwrap();
    }
    import.finish().unwrap()
}

fn shown(imported: &Imported, table: &str, column: &str) -> Vec<String> {
    let table: &Table = imported.dataset.table(table).unwrap();
    let column = table.column(column).unwrap();
    crate::support::cells::shown(column)
}

fn fate(imported: &Imported, table: &str) -> (u64, u64, u64) {
    let f = imported.report.files.iter().find(|f| f.table == table).unwrap();
    assert_eq!(f.rows_read, f.rows_kept + f.rows_rejected + f.rows_not_used);
    (f.rows_kept, f.rows_rejected, f.rows_not_used)
}

#[test]
fn eras_and_details_stand_apart_from_the_events() {
    let imported = import(&files(), false);
    assert_eq!(imported.report.events, 9);
    assert_eq!(shown(&imported, "span", "kind"), ["visit_detail", "condition_era", "drug_era", "dose_era"]);
    assert_eq!(shown(&imported, "span", "person"), ["0", "0", "1", "1"]);
    assert_eq!(shown(&imported, "span", "value"), ["-", "3", "2", "500"]);
    assert_eq!(shown(&imported, "span", "unit"), ["-", "-", "-", "mg"]);
    assert_eq!(shown(&imported, "span", "end_day"), ["2020-05-02", "2020-05-09", "2020-07-01", "2020-07-01"]);
    let codes = shown(&imported, "concept", "code");
    let concepts: Vec<&str> =
        shown(&imported, "span", "concept").iter().map(|i| codes[i.parse::<usize>().unwrap()].as_str()).collect();
    assert_eq!(concepts, ["9202", "44054006", "6809", "6809"]);
    assert_eq!(fate(&imported, "visit_detail"), (1, 1, 0));
    assert_eq!(fate(&imported, "drug_era"), (1, 1, 0));
    let chunk = |key: &str| imported.chunks.iter().find(|c| c.key == key).map(|c| c.bytes.clone());
    assert_eq!(intake::unpack(&imported.header, chunk).unwrap(), imported.dataset);
}

#[test]
fn maps_of_what_the_records_use_are_kept() {
    let imported = import(&files(), false);
    assert_eq!(shown(&imported, "concept_map", "mapped_omop_id"), ["555", "777"]);
    assert_eq!(shown(&imported, "concept_map", "standard_omop_id"), ["556", "201826"]);
    assert_eq!(fate(&imported, "concept_relationship"), (2, 0, 4));
    // 556 is no event's concept, but one is mapped to it: it can be found below 557.
    assert_eq!(shown(&imported, "concept_ancestor", "ancestor_omop_id"), ["557", "201826"]);
    assert_eq!(fate(&imported, "concept_ancestor"), (2, 0, 1));
    // Not kept: 888 (its map is not valid any more) and 999.
    assert_eq!(fate(&imported, "concept"), (9, 0, 2));
    let displays = shown(&imported, "concept", "display");
    assert!(displays.contains(&"Diabetes type 2".to_owned()) && displays.contains(&"Above".to_owned()));
}

#[test]
fn values_of_known_quantities_are_in_one_unit() {
    let imported = import(&files(), false);
    let rows: Vec<(String, String)> = shown(&imported, "event", "value")
        .into_iter()
        .zip(shown(&imported, "event", "unit"))
        .zip(shown(&imported, "event", "provenance"))
        .filter(|(_, provenance)| provenance == "measurement")
        .map(|(pair, _)| pair)
        .collect();
    let want = [
        ("99.0858", "mg/dL"),
        ("99", "mg/dL"),
        ("99", "mg/dL"),
        ("5", "-"),
        ("5", "furlong"),
        ("90078", "mg/dL"),
        ("5", "mmol/L"),
    ];
    let near = |a: &str, b: &str| (a.parse::<f64>().unwrap() - b.parse::<f64>().unwrap()).abs() < 1e-9;
    for ((value, unit), (v, u)) in rows.iter().zip(want) {
        assert!(near(value, v) && unit == u, "{rows:?}");
    }
    for said in [
        "2 values were converted",
        "1 laboratory value or vital sign has no unit",
        "1 value is in a unit",
        "1 value is such as no",
    ] {
        assert!(imported.report.warnings.iter().any(|w| w.starts_with(said)), "{said}: {:?}", imported.report.warnings);
    }
}

#[test]
fn the_order_makes_no_difference_whether_the_files_are_named_beforehand_or_not() {
    let want = import(&files(), false);
    let mut shuffled = files();
    for _ in 0..shuffled.len() {
        shuffled.rotate_left(3);
        shuffled.swap(0, 5);
        for named in [false, true] {
            let got = import(&shuffled, named);
            assert_eq!(got.dataset, want.dataset);
            assert_eq!(got.report.rows_kept, want.report.rows_kept);
        }
    }
    let names: Vec<&str> = shuffled.iter().map(|f| f.0).collect();
    let sorted: Vec<(&str, &str)> = import_order(&names).into_iter().map(|i| shuffled[i]).collect();
    assert_eq!(sorted.last().unwrap().0, "concept.csv");
    let got = import(&sorted, true);
    assert_eq!(got.dataset, want.dataset);
    for table in ["concept", "concept_ancestor", "concept_relationship"] {
        assert_eq!(fate(&got, table), fate(&want, table));
    }
}

#[test]
fn vocabulary_tables_are_known_with_words_behind_their_names() {
    for (name, table) in [
        ("concept_ancestor_dbtsynthea.csv", Some("concept_ancestor")),
        ("Concept_Relationship (2).csv", Some("concept_relationship")),
        ("concept_ancestor-2025.parquet", Some("concept_ancestor")),
        ("concept_ancestors_of_ours.csv", None),
        ("condition_occurrence_old.csv", None),
        ("drug_strength.csv", None),
        ("note_nlp.csv", None),
    ] {
        assert_eq!(intake::omop::table_of(name), table, "{name}");
    }
}
