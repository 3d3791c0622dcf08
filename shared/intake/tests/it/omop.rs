//! Folders of OMOP tables: what becomes of them, and of what is wrong in them.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use columnar::{Column, Table};
use intake::omop::{OmopImport, import_order, table_of};
use intake::{DatePolicy, Imported, IntakeError, Settings};

const PERSON: &str = "person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth,race_concept_id,person_source_value\n\
    1,8507,1950,3,4,8527,MRN-0001\n2,8532,1900,,,0,MRN-0002\n3,0,1980,1,1,0,\n";
const CONDITION: &str = "CONDITION_OCCURRENCE_ID,PERSON_ID,CONDITION_CONCEPT_ID,CONDITION_START_DATE,CONDITION_START_DATETIME,CONDITION_END_DATE,CONDITION_SOURCE_VALUE\n\
    1,1,201826,2020-05-01,,2020-05-09,E11\n2,1,201826,2019-01-02,,,E11\n3,2,0,,2020-06-01 10:00:00,,X99\n4,9,201826,2020-01-01,,,E11\n\
    5,1,201826,2020-02-30,,,E11\n6,1,abc,2020-02-20,,,E11\n7,,201826,2020-02-20,,,E11\n8,1,201826,2020-02-20,,2020-01-20,E11\n";
const CONCEPT: &str = "concept_id\tconcept_name\tdomain_id\tvocabulary_id\tconcept_code\n\
    201826\tType 2 diabetes mellitus\tCondition\tSNOMED\t44054006\n201820\tDiabetes mellitus\tCondition\tSNOMED\t73211009\n\
    99\tNever used\tCondition\tSNOMED\t1\n8840\tmilligram per deciliter\tUnit\tUCUM\tmg/dL\n";
const ANCESTOR: &str = "ancestor_concept_id,descendant_concept_id,min_levels_of_separation,max_levels_of_separation\n201820,201826,1,1\n201826,201826,0,0\n99,100,1,1\n";
const MEASUREMENT: &str = "measurement_id,person_id,measurement_concept_id,measurement_date,value_as_number,value_as_concept_id,unit_concept_id,unit_source_value,value_source_value\n\
    1,1,3004410,2020-03-03,7.5,0,8840,mg,7.5\n2,1,3004410,2020-04-03,,0,0,%,positive\n3,3,3004410,2020-04-03,x,0,0,%,x\n";
const NOTE: &str = "note_id,person_id,note_date,note_title,note_text\n\
    1,1,2020-03-03,Visit,\"Seen on 03/03/2020, MRN-0001.\nDr. Smith called 617-555-0199.\"\n";

fn settings() -> Settings {
    Settings { dates: DatePolicy::Keep, ..Settings::new("test", [7; 32]) }
}

fn import_with(settings: Settings, files: &[(&str, &str)], piece: usize) -> Imported {
    let mut import = OmopImport::new(settings);
    for (name, text) in files {
        import.begin_file(name).unwrap();
        text.as_bytes().chunks(piece).for_each(|p| import.push(p).unwrap());
        import.end_file().unwrap();
    }
    import.finish().unwrap()
}

fn all() -> Vec<(&'static str, &'static str)> {
    vec![
        ("person.csv", PERSON),
        ("Condition_Occurrence.CSV", CONDITION),
        ("measurement.csv", MEASUREMENT),
        ("note.csv", NOTE),
        ("concept_ancestor.csv", ANCESTOR),
        ("concept.csv", CONCEPT),
        ("concept_synonym.csv", "a,b\n1,2\n3,4\n"),
    ]
}

fn table<'a>(imported: &'a Imported, name: &str) -> &'a Table {
    imported.dataset.table(name).unwrap()
}

fn shown(table: &Table, column: &str) -> Vec<String> {
    let column = table.column(column).unwrap();
    crate::support::cells::shown(column)
}

#[test]
fn tables_without_a_line_of_names_are_read_in_the_order_of_the_data_model() {
    let person = "1,8507,1950,3,4,,8527,38003564,,,,P1,M,0,W,0,N,0\n2,8532,1960,,,,8527,38003564,,,,P2,F,0,W,0,N,0\n";
    let condition = "11,1,320128,2015-01-11,2015-01-11 00:00:00,2015-02-11,,32020,,,,,,I10,0,\n12,2,201826,2016-01-11,,,,32020,,,,,,E11,0,\n";
    let imported = import_with(settings(), &[("person.csv", person), ("condition_occurrence.csv", condition)], 3);
    let r = &imported.report;
    assert_eq!((r.persons, r.events, r.rows_read, r.rows_kept), (2, 2, 4, 4));
    assert_eq!(shown(table(&imported, "person"), "sex").join(" "), "male female");
    assert_eq!(shown(table(&imported, "event"), "start_day").join(" "), "2015-01-11 2016-01-11");
    assert!(
        r.warnings
            .iter()
            .any(|w| w.contains("person.csv names no columns: its 18 were read in the order of the OMOP CDM 5.4"))
    );
}

#[test]
fn events_are_sorted_and_refer_to_persons_and_concepts() {
    let imported = import_with(settings(), &all(), 1 << 20);
    let events = table(&imported, "event");
    assert_eq!(shown(events, "person"), ["0", "0", "0", "0", "0", "1", "2"]);
    let days = ["2019-01-02", "2020-02-20", "2020-03-03", "2020-04-03", "2020-05-01", "2020-06-01", "2020-04-03"];
    assert_eq!(shown(events, "start_day"), days);
    assert_eq!(shown(events, "end_day")[4], "2020-05-09");
    assert_eq!(shown(events, "value")[2..4], ["7.5", "-"]);
    assert_eq!(shown(events, "unit")[2..4], ["mg/dL", "%"]);
    assert_eq!(shown(events, "value_text")[3], "positive");
    assert_eq!(shown(events, "domain")[5], "condition");
    assert_eq!(shown(events, "provenance")[2], "measurement");
    let concepts = table(&imported, "concept");
    assert_eq!(shown(concepts, "code"), ["73211009", "44054006", "3004410", "X99"]);
    assert_eq!(shown(concepts, "system"), ["SNOMED", "SNOMED", "OMOP", "source"]);
    assert_eq!(shown(concepts, "omop_id"), ["201820", "201826", "3004410", "-"]);
    assert_eq!(shown(events, "concept"), ["1", "1", "2", "2", "1", "3", "2"]);
    let ancestors = table(&imported, "concept_ancestor");
    assert_eq!(shown(ancestors, "ancestor_omop_id"), ["201820", "201826"]);
    assert_eq!(shown(ancestors, "descendant_omop_id"), ["201826", "201826"]);
}

#[test]
fn every_row_is_accounted_for() {
    let imported = import_with(settings(), &all(), 1 << 20);
    let r = &imported.report;
    assert_eq!((r.persons, r.events, r.notes), (3, 7, 1));
    assert_eq!(r.rows_read, r.rows_kept + r.rows_rejected + r.rows_not_used);
    for f in &r.files {
        assert_eq!(f.rows_read, f.rows_kept + f.rows_rejected + f.rows_not_used, "{}", f.file);
    }
    let of = |table: &str| {
        r.files.iter().find(|f| f.table == table).map(|f| (f.rows_kept, f.rows_rejected, f.rows_not_used)).unwrap()
    };
    assert_eq!(of("condition_occurrence"), (4, 4, 0));
    assert_eq!(of("concept"), (3, 0, 1));
    assert_eq!(of("concept_ancestor"), (2, 0, 1));
    assert_eq!(of("not used"), (0, 0, 2));
    let reasons: Vec<(u64, &str)> = r.rejected.iter().map(|x| (x.line, x.reason.as_str())).collect();
    assert!(reasons.contains(&(5, "this person is not in the person table")), "{reasons:?}");
    assert!(reasons.contains(&(6, "there is no such day")));
    assert!(reasons.contains(&(7, "the concept is no whole number")));
    assert!(reasons.contains(&(8, "no person: the row belongs to nobody")));
    assert!(reasons.iter().any(|(line, reason)| *line == 9 && reason.starts_with("the end lies before the start")));
    assert_eq!(r.values_rejected, 2);
}

#[test]
fn persons_without_a_period_get_one_and_it_is_said() {
    let imported = import_with(settings(), &all(), 1 << 20);
    let periods = table(&imported, "observation_period");
    assert_eq!(shown(periods, "start_day"), ["2019-01-02", "2020-06-01", "2020-04-03"]);
    assert_eq!(shown(periods, "end_day"), ["2020-05-09", "2020-06-01", "2020-04-03"]);
    assert!(imported.report.warnings.iter().any(|w| w.starts_with("3 persons have no observation period")));
}

#[test]
fn the_oldest_are_ninety() {
    let imported = import_with(settings(), &all(), 1 << 20);
    let persons = table(&imported, "person");
    assert_eq!(shown(persons, "birth_year"), ["1950", "1930", "1980"]);
    assert_eq!(shown(persons, "sex"), ["male", "female", "unknown"]);
    assert_eq!(imported.report.identifiers.iter().find(|i| i.class == "ages over 89").unwrap().found, 1);
    assert_eq!(shown(table(&imported, "variable"), "race"), ["White", "-", "-"]);
}

#[test]
fn notes_are_screened() {
    let imported = import_with(settings(), &all(), 1 << 20);
    let text = &shown(table(&imported, "note"), "text")[0];
    for secret in ["MRN-0001", "03/03/2020", "Smith", "617-555"] {
        assert!(!text.contains(secret), "{text}");
    }
    let stored: Vec<u8> = imported.chunks.iter().flat_map(|c| c.bytes.iter().copied()).collect();
    assert!(!stored.windows(4).any(|w| w == b"MRN-"));
}

#[test]
fn the_order_of_files_and_the_size_of_pieces_make_no_difference() {
    let want = import_with(settings(), &all(), 1 << 20);
    let mut reversed = all();
    reversed.reverse();
    assert_eq!(import_with(settings(), &reversed, 1 << 20).dataset, want.dataset);
    for piece in [1, 2, 7, 64] {
        let got = import_with(settings(), &all(), piece);
        assert_eq!(got.dataset, want.dataset);
        assert_eq!(got.header, want.header);
        assert_eq!(got.report, want.report);
    }
}

#[test]
fn saying_that_the_records_are_complete_changes_nothing_but_memory() {
    let want = import_with(settings(), &all(), 1 << 20);
    let mut import = OmopImport::new(settings());
    for (name, text) in all() {
        if name.starts_with("concept") {
            import.records_complete();
        }
        import.begin_file(name).unwrap();
        import.push(text.as_bytes()).unwrap();
    }
    let got = import.finish().unwrap();
    assert_eq!(got.dataset, want.dataset);
    assert_eq!(got.report, want.report);
}

#[test]
fn dates_of_a_person_move_together() {
    let kept = import_with(settings(), &all(), 1 << 20);
    let moved = import_with(Settings::new("test", [7; 32]), &all(), 1 << 20);
    let starts = |i: &Imported| match table(i, "event").column("start_day").unwrap() {
        Column::Day(a) => a.values().to_vec(),
        _ => panic!(),
    };
    let (before, after) = (starts(&kept), starts(&moved));
    let by: Vec<i32> = before.iter().zip(&after).map(|(b, a)| a - b).collect();
    assert!(by[..5].iter().all(|d| *d == by[0]), "{by:?}");
    assert!(by.iter().all(|d| (1..=365).contains(&d.abs())));
    assert_ne!(by[0], by[5]);
}

#[test]
fn folders_that_cannot_be_are_refused() {
    let mut import = OmopImport::new(settings());
    import.begin_file("death.csv").unwrap();
    import.push(b"person_id,death_date\n1,2020-01-01\n").unwrap();
    assert!(matches!(import.finish(), Err(IntakeError::Omop(m)) if m.contains("no person table")));
    let mut import = OmopImport::new(settings());
    import.begin_file("person.csv").unwrap();
    import.push(b"person_id\n").unwrap();
    assert!(matches!(import.finish(), Err(IntakeError::Omop(_))));
    let mut import = OmopImport::new(settings());
    import.begin_file("person.csv").unwrap();
    import.push(b"PAR1\0\0\0\0").unwrap();
    assert!(matches!(import.end_file(), Err(IntakeError::Parquet { .. })));
    let mut import = OmopImport::new(settings());
    import.begin_file("person.csv").unwrap();
    import.push(b"SQLite format 3\0").unwrap();
    assert!(matches!(import.end_file(), Err(IntakeError::OtherKind { .. })));
}

#[test]
fn a_table_without_a_needed_column_is_not_used_and_it_is_said() {
    let imported =
        import_with(settings(), &[("person.csv", PERSON), ("visit.csv", "visit_id,visit_concept_id\n1,9201\n")], 99);
    assert_eq!((imported.report.rows_not_used, imported.report.events), (1, 0));
    assert!(imported.report.warnings.iter().any(|w| w.contains("visit.csv has no column person_id")));
}

#[test]
fn a_second_row_of_a_person_or_a_death_is_rejected() {
    let death = "person_id,death_date,cause_concept_id\n1,2021-01-01,0\n1,2021-01-02,0\n";
    let person = format!("{PERSON}1,8507,1950,1,1,0,again\n");
    let imported = import_with(settings(), &[("death.csv", death), ("person.csv", &person)], 999);
    assert_eq!(imported.report.rows_rejected, 2);
    assert_eq!(shown(table(&imported, "person"), "death_day"), ["2021-01-01", "-", "-"]);
}

#[test]
fn a_record_packed_is_the_record_unpacked() {
    let imported = import_with(settings(), &all(), 1 << 20);
    let chunk = |key: &str| imported.chunks.iter().find(|c| c.key == key).map(|c| c.bytes.clone());
    assert_eq!(intake::unpack(&imported.header, chunk).unwrap(), imported.dataset);
}

#[test]
fn files_are_ordered_with_the_vocabulary_last() {
    let names = ["concept.csv", "death.csv", "concept_ancestor.csv", "person.csv", "readme.md"];
    let order = import_order(&names);
    assert_eq!(
        order.iter().map(|i| names[*i]).collect::<Vec<_>>(),
        ["death.csv", "person.csv", "readme.md", "concept_ancestor.csv", "concept.csv"]
    );
    assert_eq!(table_of("x/VISIT.csv"), Some("visit_occurrence"));
}

#[test]
fn a_limit_keeps_its_sign_and_names_may_have_something_before_them() {
    let measurement = "measurement_id,person_id,measurement_concept_id,measurement_date,operator_concept_id,value_as_number,value_source_value\n\
        1,1,3004410,2020-03-03 12:00:00,4171756,4,<4\n2,1,3004410,2020-03-04,4172703,5,5\n3,1,3004410,2020-03-05,4172704,,many\n";
    let files = [("mimic_person.csv", PERSON), ("measurement.csv", measurement), ("2b_concept.csv", CONCEPT)];
    let imported = import_with(settings(), &files, 7);
    let events = table(&imported, "event");
    assert_eq!(shown(events, "value"), ["4", "5", "-"]);
    assert_eq!(shown(events, "value_text"), ["<", "-", "many"]);
    assert_eq!(shown(events, "start_day"), ["2020-03-03", "2020-03-04", "2020-03-05"]);
    assert!(imported.report.warnings.iter().any(|w| w.starts_with("1 value is given as 'less than'")));
}

#[test]
fn a_person_table_without_a_header_says_so() {
    let mut import = OmopImport::new(settings());
    import.begin_file("person.csv").unwrap();
    import.push(b"1,8507,1923\n2,8532,1943\n").unwrap();
    let error = import.finish().unwrap_err().to_string();
    assert!(error.contains("has no column person_id") && error.contains("first line"), "{error}");
}
