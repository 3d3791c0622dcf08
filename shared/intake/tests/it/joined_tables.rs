//! Several tables joined by a person: what is proposed, what is kept, what is said of the rest.

#![allow(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use crate::support::tables as support;

use columnar::day;
use intake::{DatePolicy, Settings};
use model::concept::Domain;
use model::dataset::{ColumnRole, DatasetShape};
use model::import_mapping::{ImportMapping, TableShape};
use model::intake::DateFormat;
use support::{Event, adds_up, events, import, import_as, look, notes, numbers, settings, variables};

const PEOPLE: &str = "patient_id,name,sex,birth_date,age\nP001,Ann Miller,F,1950-02-01,74\nP002,Bob Stone,M,1930-05-05,94\nP003,Cleo Hart,F,1980-01-09,44\n";
const LABS: &str = "sample_id,patient_id,date,test,value,unit\n\
    S1,P001,2024-01-31,Creatinine,88,umol/l\nS2,P001,2024-03-01,Creatinine,92,umol/l\nS3,P002,2024-02-01,CRP,<5,mg/l\n\
    S4,P009,2024-02-01,CRP,7,mg/l\nS5,P003,,CRP,7,mg/l\nS6,P003,2024-02-30,CRP,7,mg/l\nS7,P003,2024-02-11,,7,mg/l\nS8,P003,2024-02-12,CRP,,mg/l\n";

#[test]
fn persons_and_laboratory_values_are_joined() {
    let files = [("people.csv", PEOPLE.as_bytes()), ("labs.csv", LABS.as_bytes())];
    let found = look(&files);
    assert_eq!(found.tables[0].shape, TableShape::Persons);
    let TableShape::Long(long) = &found.tables[1].shape else { panic!("{:?}", found.tables[1].shape) };
    assert_eq!((long.variable.as_str(), long.date.as_str()), ("test", "date"));
    assert_eq!((long.value.as_deref(), long.unit.as_deref()), (Some("value"), Some("unit")));
    let plan = &ImportMapping::from(&found).tables[1];
    assert_eq!(plan.person(), Some("patient_id"), "a sample is nobody");

    let imported = import(&files, settings());
    let r = &imported.report;
    adds_up(r);
    assert_eq!((r.persons, r.events, r.rows_read), (3, 3, 11));
    assert_eq!((r.rows_kept, r.rows_rejected, r.rows_not_used), (6, 4, 1), "a test without a result is not used");
    let why: Vec<(&str, u64, &str)> = r.rejected.iter().map(|x| (x.file.as_str(), x.line, x.field.as_str())).collect();
    assert_eq!(why, [("labs.csv", 6, "date"), ("labs.csv", 7, "date"), ("labs.csv", 8, "test"), ("labs.csv", 5, "")]);
    assert_eq!(imported.header.shape, DatasetShape::Record);

    let got = events(&imported);
    let want = |person, what: &str, start: &str, value, words: Option<&str>, unit: &str| Event {
        person,
        domain: "measurement".into(),
        concept: ("source".into(), what.into()),
        start: day::parse_iso(start.as_bytes()).unwrap(),
        value,
        words: words.map(str::to_owned),
        unit: Some(unit.into()),
    };
    assert_eq!(
        got,
        [
            want(0, "Creatinine", "2024-01-31", Some(88.0), None, "umol/L"),
            want(0, "Creatinine", "2024-03-01", Some(92.0), None, "umol/L"),
            want(1, "CRP", "2024-02-01", None, Some("<5"), "mg/L"),
        ]
    );
    assert_eq!(variables(&imported), ["sex", "birth_date", "age"]);
    assert_eq!(numbers(&imported, "variable", "age"), [Some(74.0), Some(90.0), Some(44.0)]);
    // Nobody is older than 90 on the last day of all tables.
    assert_eq!(numbers(&imported, "person", "birth_year"), [Some(1950.0), Some(1934.0), Some(1980.0)]);
    let periods = imported.dataset.table("observation_period").unwrap();
    assert_eq!(periods.n_rows(), 2, "of the third nothing is known");
}

#[test]
fn the_order_of_the_files_does_not_matter_and_no_identifier_is_left() {
    let one = import(&[("people.csv", PEOPLE.as_bytes()), ("labs.csv", LABS.as_bytes())], settings());
    let other = import(&[("labs.csv", LABS.as_bytes()), ("people.csv", PEOPLE.as_bytes())], settings());
    assert_eq!(one.header.id, other.header.id);
    for chunk in &one.chunks {
        for word in ["P001", "P002", "Miller", "Stone", "S1"] {
            assert!(memchr_find(&chunk.bytes, word.as_bytes()).is_none(), "{word} is in {}", chunk.key);
        }
    }
}

fn memchr_find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    haystack.windows(needle.len()).position(|w| w == needle)
}

#[test]
fn a_person_stands_once_in_a_table_of_persons_and_the_second_row_is_rejected_aloud() {
    let twice = format!("{PEOPLE}P001,Ann Miller,F,1950-02-01,75\n,Nobody Known,F,1950-02-01,75\n");
    let imported = import(&[("people.csv", twice.as_bytes()), ("labs.csv", LABS.as_bytes())], settings());
    adds_up(&imported.report);
    let lines: Vec<(u64, &str)> = imported
        .report
        .rejected
        .iter()
        .filter(|r| r.file == "people.csv")
        .map(|r| (r.line, r.reason.as_str()))
        .collect();
    assert_eq!(lines.len(), 2);
    assert!(lines[0].0 == 5 && lines[0].1.contains("has a row further up"), "{lines:?}");
    assert!(lines[1].0 == 6 && lines[1].1.contains("cannot be joined"), "{lines:?}");
    assert_eq!(numbers(&imported, "variable", "age")[0], Some(74.0), "the first row counts");
}

#[test]
fn a_row_a_visit_gives_an_event_a_column() {
    let visits = "id;datum;gewicht_kg;ecog;remark\n1;31.01.2024;70,5;1;none\n1;28.02.2024;69,0;2;worse\n2;15.01.2024;x;0;\n2;16.01.2024;;;\n";
    let files = [("visits.csv", visits.as_bytes())];
    let found = look(&files);
    assert!(matches!(&found.tables[0].shape, TableShape::Visits(v) if v.date == "datum"), "{:?}", found.tables[0]);
    let mapping = &found.tables[0].proposal.mapping;
    assert_eq!((mapping.delimiter, mapping.decimal), (';', ','));
    assert_eq!(mapping.columns[1].date_format, Some(DateFormat::DayMonthYear));
    let mut plan = ImportMapping::from(&found);
    for (i, role) in [(2, ColumnRole::Number), (3, ColumnRole::Number), (4, ColumnRole::Category)] {
        plan.tables[0].mapping.columns[i].role = role;
    }
    let imported = import_as(plan, &files, settings()).unwrap();
    let r = &imported.report;
    adds_up(r);
    assert_eq!((r.rows_kept, r.rows_not_used, r.values_rejected, r.persons), (3, 1, 1, 2));
    assert_eq!((r.rejected[0].line, r.rejected[0].field.as_str()), (4, "gewicht_kg"));
    let weights: Vec<Option<f64>> =
        events(&imported).into_iter().filter(|e| e.concept.1 == "gewicht_kg").map(|e| e.value).collect();
    assert_eq!(weights, [Some(70.5), Some(69.0)]);
    assert!(imported.dataset.table("variable").is_none());
}

#[test]
fn two_tables_of_persons_stand_side_by_side_and_who_is_in_one_has_no_value_in_the_other() {
    let more = "subject,arm,sex\nP003,a,f\nP004,b,m\n";
    let imported = import(&[("people.csv", PEOPLE.as_bytes()), ("more.csv", more.as_bytes())], settings());
    adds_up(&imported.report);
    assert_eq!((imported.report.persons, imported.header.shape), (4, DatasetShape::Flat));
    assert_eq!(variables(&imported), ["sex", "birth_date", "age", "arm", "sex (more.csv)"]);
    assert_eq!(numbers(&imported, "variable", "age"), [Some(74.0), Some(90.0), Some(44.0), None]);
}

#[test]
fn tables_whose_columns_are_called_otherwise_join_by_their_values() {
    let people: String = (0..30).map(|i| format!("X{i:03},{}\n", 40 + i % 7)).collect();
    let labs: String = (0..60).map(|i| format!("X{:03},2024-01-{:02},crp,{i}\n", i / 2, 1 + i % 28)).collect();
    let people = format!("pat_no,age\n{people}");
    let labs = format!("code,date,analyte,result\n{labs}");
    let found = look(&[("p.csv", people.as_bytes()), ("l.csv", labs.as_bytes())]);
    let plan = ImportMapping::from(&found);
    assert_eq!((plan.tables[0].person(), plan.tables[1].person()), (Some("pat_no"), Some("code")));
    let imported = import(&[("p.csv", people.as_bytes()), ("l.csv", labs.as_bytes())], settings());
    assert_eq!((imported.report.persons, imported.report.events), (30, 60));
}

#[test]
fn identifiers_that_are_written_otherwise_are_noticed() {
    let labs = "patient_id,date,test,value\n1,2024-01-01,crp,1\n1,2024-01-02,crp,1\n2,2024-01-01,crp,2\n";
    let found = look(&[("people.csv", PEOPLE.as_bytes()), ("labs.csv", labs.as_bytes())]);
    let imported = import_as(
        ImportMapping::from(&found),
        &[("people.csv", PEOPLE.as_bytes()), ("labs.csv", labs.as_bytes())],
        settings(),
    )
    .unwrap();
    assert_eq!((imported.report.rows_rejected, imported.report.events), (3, 0));
    assert!(
        imported.report.warnings.iter().any(|w| w.contains("written differently")),
        "{:?}",
        imported.report.warnings
    );
}

#[test]
fn diagnoses_with_codes_and_laboratory_values_by_loinc() {
    let dx = "pid,diagnosis_date,icd10,diagnosis\n1,2024-01-05,E11.9,Type 2 diabetes\n1,2024-01-06,I10,Hypertension\n2,2024-01-05,I10,Hypertension\n";
    let labs = "pid,date,loinc,test,value,unit\n1,2024-01-05,2160-0,Creatinine,1.0,mg/dl\n1,2024-02-05,2160-0,Creatinine,88.4,umol/l\n2,2024-01-05,2160-0,Creatinine,1,furlong\n";
    let files = [("dx.csv", dx.as_bytes()), ("labs.csv", labs.as_bytes())];
    let found = look(&files);
    let TableShape::Long(long) = &found.tables[0].shape else { panic!("{:?}", found.tables[0]) };
    assert_eq!(
        (long.domain, long.code.as_deref(), long.system.as_deref()),
        (Domain::Condition, Some("icd10"), Some("ICD10"))
    );
    let imported = import(&files, settings());
    let got = events(&imported);
    assert!(got.iter().any(|e| e.domain == "condition" && e.concept == ("ICD10".into(), "E11.9".into())), "{got:?}");
    let creatinine: Vec<(Option<f64>, Option<&str>)> =
        got.iter().filter(|e| e.concept.0 == "LOINC").map(|e| (e.value, e.unit.as_deref())).collect();
    assert_eq!(creatinine.len(), 3);
    assert!(
        creatinine.iter().filter(|(v, u)| v.is_some_and(|v| (v - 1.0).abs() < 0.01) && *u == Some("mg/dL")).count()
            == 2
    );
    assert!(creatinine.contains(&(Some(1.0), Some("furlong"))), "{creatinine:?}");
}

#[test]
fn dates_move_together_over_all_tables() {
    let people = "pid,enrolled,sex\n1,2024-01-01,f\n2,2024-06-01,m\n";
    let labs = "pid,date,test,value\n1,2024-01-11,crp,1\n1,2024-01-12,crp,2\n2,2024-06-05,crp,3\n";
    let files = [("people.csv", people.as_bytes()), ("labs.csv", labs.as_bytes())];
    let imported = import(&files, Settings { dates: DatePolicy::Shift, ..settings() });
    let columnar::Column::Day(enrolled) = imported.dataset.table("variable").unwrap().column("enrolled").unwrap()
    else {
        panic!()
    };
    let got = events(&imported);
    assert_eq!(got[0].start - enrolled.value(0), 10);
    assert_eq!(got[2].start - enrolled.value(1), 4);
    assert_ne!(enrolled.value(0), day::from_ymd(2024, 1, 1).unwrap());
}

#[test]
fn a_mapping_for_other_columns_names_the_one_that_is_missing() {
    let plan = ImportMapping::from(&look(&[("labs.csv", LABS.as_bytes())]));
    let other = LABS.replacen("value", "result", 1);
    let error = import_as(plan.clone(), &[("labs.csv", other.as_bytes())], settings()).unwrap_err().to_string();
    assert!(error.contains("labs.csv") && error.contains("'value'"), "{error}");
    let missing = import_as(plan, &[], settings()).unwrap_err().to_string();
    assert!(missing.contains("labs.csv is in the plan and was not given"), "{missing}");
}

#[test]
fn encodings_are_read_in_every_table() {
    let labs = "pid;date;test;value\n1;2024-01-11;Hämoglobin;1,5\n1;2024-01-12;Hämoglobin;2,5\n";
    let utf16 = |big: bool, mark: bool| {
        let units = labs.encode_utf16().flat_map(|u| if big { u.to_be_bytes() } else { u.to_le_bytes() });
        let start: &[u8] = if !mark {
            &[]
        } else if big {
            &[0xfe, 0xff]
        } else {
            &[0xff, 0xfe]
        };
        start.iter().copied().chain(units).collect::<Vec<u8>>()
    };
    let latin: Vec<u8> = labs.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let marked = [&[0xef, 0xbb, 0xbf], labs.as_bytes()].concat();
    for bytes in [labs.as_bytes().to_vec(), marked, utf16(true, true), utf16(false, true), utf16(false, false), latin] {
        let imported = import(&[("labs.csv", &bytes)], settings());
        let got = events(&imported);
        assert_eq!((got.len(), got[0].value, got[0].concept.1.as_str()), (2, Some(1.5), "Hämoglobin"));
    }
}

#[test]
fn notes_come_as_tables_lines_and_files_and_are_screened_with_what_the_tables_know() {
    let csv = "patient_id,date,note_type,text\nP001,2024-02-01,visit,\"Ms Miller was seen; she (P001) is well and takes metformin 500 mg twice a day.\"\nP002,2024-02-02,visit,\n";
    let jsonl = "{\"patient\": \"P002\", \"date\": \"2024-03-01\", \"text\": \"Mr Stone has no chest pain today, and denies dyspnoea at rest.\", \"title\": \"letter\"}\nnot json\n";
    let text = "Patient ID: P003\nDate: 5 Mar 2024\n\nCleo Hart denies fever.";
    let files = [
        ("people.csv", PEOPLE.as_bytes()),
        ("notes.csv", csv.as_bytes()),
        ("more.jsonl", jsonl.as_bytes()),
        ("letters/x.txt", text.as_bytes()),
    ];
    let found = look(&files);
    assert!(matches!(found.tables[1].shape, TableShape::Notes(_)), "{:?}", found.tables[1]);
    assert!(matches!(found.tables[2].shape, TableShape::Notes(_)), "{:?}", found.tables[2]);
    assert_eq!(found.texts[0].person.as_deref(), Some("P003"));
    let imported = import(&files, settings());
    let r = &imported.report;
    adds_up(r);
    assert_eq!((r.notes, r.rows_not_used, r.rows_rejected), (3, 1, 1), "{r:?}");
    assert_eq!((r.rejected[0].file.as_str(), r.rejected[0].line), ("more.jsonl", 2));
    let notes = notes(&imported);
    let all: String = notes.iter().map(|n| n.text.as_str()).collect();
    for word in ["Miller", "P001", "Stone", "Hart", "Cleo", "P003"] {
        assert!(!all.contains(word), "{word} is still in {all}");
    }
    assert!(all.contains("metformin 500 mg") && all.contains("denies fever"), "{all}");
    assert_eq!(notes[1].title.as_deref(), Some("letter"));
    let found = events(&imported);
    assert_eq!((r.events, r.note_findings), (0, found.len() as u64));
    let drug = found.iter().find(|e| e.value == Some(500.0)).unwrap();
    assert_eq!((drug.domain.as_str(), drug.unit.as_deref()), ("note_finding", Some("mg")));
    assert_eq!((drug.start, drug.person), (notes[0].day, 0));
    let table = imported.dataset.table("event").unwrap();
    assert!(table.column("note").is_some() && table.column("qualifier").is_some());
    assert!(!imported.header.source.files.iter().any(|f| f.ends_with(".txt")), "{:?}", imported.header.source.files);
    assert_eq!(notes[2].day, day::from_ymd(2024, 3, 5).unwrap());
}

#[test]
fn text_files_that_do_not_say_whose_or_when_are_asked_about() {
    let files = [("a.txt", &b"Well."[..]), ("b.txt", b"MRN: 17\nDate: 02/03/2024\n\nWell.")];
    let found = look(&files);
    assert!(found.text_order_unsure && found.texts[0].person.is_none());
    let mut plan = ImportMapping::from(&found);
    let error = import_as(plan.clone(), &files, settings()).unwrap_err().to_string();
    assert!(error.contains("whose note"), "{error}");
    plan.texts.date_format = Some(DateFormat::DayMonthYear);
    plan.texts.said = vec![model::import_mapping::SaidOfText {
        file: "a.txt".into(),
        person: Some("17".into()),
        date: Some("2024-03-09".into()),
    }];
    let imported = import_as(plan, &files, settings()).unwrap();
    assert_eq!((imported.report.persons, imported.report.notes), (1, 2));
    assert_eq!(notes(&imported)[0].day, day::from_ymd(2024, 3, 2).unwrap());
    // A date that says the order says it for all.
    let told = look(&[("b.txt", files[1].1), ("c.txt", b"MRN: 17\nDate: 22/03/2024\n\nWell.")]);
    assert_eq!((told.text_order_unsure, told.text_date_format), (false, Some(DateFormat::DayMonthYear)));
}

#[test]
fn what_one_table_knows_of_a_person_is_looked_for_in_all_texts() {
    let people = "patient_id,surname,sex\nP00001,Zorblax,f\nP00002,Quux,m\nP00003,Ng,m\n";
    // The remark is a text column of another table of persons, the phone stands in the laboratory's, the answer is a value.
    let remarks = "patient_id,remark\nP00001,\"Ms Zorblax (P00001) called from 0171 4477, wants her results by letter soon.\"\nP00002,\"Is the nephew of Zorblax; a quiet gentleman who comes in on Mondays.\"\n";
    let labs = "patient_id,phone,date,test,value\nP00001,0171 4477,2024-01-31,CRP,see Zorblax\nP00002,0171 9999,2024-01-31,CRP,see Zorblax\nP00002,0171 9999,2024-02-01,CRP,5\n";
    let files = [("people.csv", people.as_bytes()), ("remarks.csv", remarks.as_bytes()), ("labs.csv", labs.as_bytes())];
    let mut plan = ImportMapping::from(&look(&files));
    plan.tables[1].mapping.columns[1].role = ColumnRole::Text;
    plan.tables[2].mapping.columns[1].role = ColumnRole::Drop;
    plan.tables[2].mapping.columns[1].identifier_class = Some("phone".to_owned());
    let imported = import_as(plan, &files, Settings { review: true, ..settings() }).unwrap();
    adds_up(&imported.report);
    let columnar::Column::Text(texts) = imported.dataset.table("variable").unwrap().column("remark").unwrap() else {
        panic!()
    };
    let (first, second) = (texts.value(0), texts.value(1));
    for gone in ["Zorblax", "P00001", "0171 4477"] {
        assert!(!first.contains(gone), "{gone} in {first}");
    }
    assert!(first.starts_with("Ms ") && first.contains("wants her results"), "{first}");
    assert!(second.contains("quiet gentleman"), "{second}");
    let words: Vec<Option<String>> = events(&imported).into_iter().map(|e| e.words).collect();
    assert!(words[0].as_deref().is_some_and(|w| w.starts_with("see ") && !w.contains("Zorblax")), "{words:?}");
    // What was replaced is shown for review, and nothing of it stands in what is stored.
    let names = imported.review.classes.iter().find(|c| c.class == "name").unwrap();
    assert!(names.found >= 2 && names.examples.iter().any(|e| e.found.contains("Zorblax")), "{names:?}");
    let said = format!("{:?} {:?}", imported.header, imported.report);
    assert!(!said.contains("Zorblax") && said.contains("labs.csv: phone"), "{said}");
}

#[test]
fn births_move_with_the_dates_of_all_tables_and_nobody_is_older_than_ninety() {
    let people = "pid,birth_date,sex\n1,1920-03-01,f\n2,1950-12-31,m\n3,1921-01-01,m\n";
    let labs = "pid,date,test,value\n1,2024-01-11,crp,1\n1,2010-01-12,crp,2\n2,2024-01-05,crp,3\n";
    let files = [("people.csv", people.as_bytes()), ("labs.csv", labs.as_bytes())];
    let imported = import(&files, Settings { dates: DatePolicy::Shift, this_year: Some(2026), ..settings() });
    let born = numbers(&imported, "person", "birth_year");
    for person in [0, 1] {
        let days = events(&imported).into_iter().filter(|e| e.person == person).map(|e| e.start);
        let last = f64::from(day::year_of(days.max().unwrap()));
        let age = last - born[person as usize].unwrap();
        assert!(if person == 0 { (age - 90.0).abs() < 1e-9 } else { (72.0..=75.0).contains(&age) }, "{age}");
    }
    let classes: Vec<(&str, &str)> =
        imported.report.identifiers.iter().map(|i| (i.class.as_str(), i.place.as_str())).collect();
    assert!(classes.contains(&("ages over 89", "people.csv: birth_date")), "{classes:?}");
}
