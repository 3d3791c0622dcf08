//! Tables that say of each other what their codes mean and when their rows were: dictionaries and encounters.
#![cfg(feature = "tables")]
#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use crate::support::cells::shown;
use crate::support::tables as support;

use columnar::day;
use intake::{DatePolicy, Imported, Settings};
use model::concept::Domain;
use model::import_mapping::{ImportMapping, LongShape, TableShape, TablesProposal};

fn settings() -> Settings {
    Settings { dates: DatePolicy::Keep, ..Settings::new("test", [7; 32]) }
}

fn rows(header: &str, n: usize, row: impl Fn(usize) -> String) -> String {
    (0..n).fold(format!("{header}\n"), |text, i| text + &row(i) + "\n")
}

fn look(files: &[(&str, &str)]) -> TablesProposal {
    support::look(&files.iter().map(|(name, text)| (*name, text.as_bytes())).collect::<Vec<_>>())
}

fn import(files: &[(&str, &str)]) -> Imported {
    let bytes: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let imported = support::import(&bytes, settings());
    support::adds_up(&imported.report);
    imported
}

fn long<'a>(found: &'a TablesProposal, file: &str) -> &'a LongShape {
    let table = found.tables.iter().find(|t| t.file == file).unwrap();
    let TableShape::Long(long) = &table.shape else { panic!("{file}: {:?} ({})", table.shape, table.why) };
    long
}

fn counts(imported: &Imported, file: &str) -> (u64, u64, u64) {
    let f = imported.report.files.iter().find(|f| f.file == file).unwrap();
    (f.rows_kept, f.rows_rejected, f.rows_not_used)
}

#[track_caller]
fn says(imported: &Imported, words: &str) {
    let all = &imported.report.warnings;
    assert!(all.iter().any(|w| w.contains(words)), "'{words}' is not among {all:#?}");
}

/// What stands in `concept`, as system, code and words.
fn concepts(imported: &Imported) -> Vec<[String; 3]> {
    let table = imported.dataset.table("concept").unwrap();
    let of = |name: &str| shown(table.column(name).unwrap());
    let (system, code, display) = (of("system"), of("code"), of("display"));
    system.into_iter().zip(code).zip(display).map(|((s, c), d)| [s, c, d]).collect()
}

const DIAGNOSES: &str = "subject_id,hadm_id,seq_num,icd_code,icd_version";

/// MIMIC-IV's tables, in small.
fn mimic() -> Vec<(&'static str, String)> {
    let patients = rows("subject_id,gender,anchor_age,anchor_year,dod", 10, |i| {
        format!("{},{},{},2180,{}", 1000 + i, ["M", "F"][i % 2], 40 + i, if i == 3 { "2181-02-03" } else { "" })
    });
    let admissions = rows("subject_id,hadm_id,admittime,dischtime,deathtime,admission_type", 20, |i| {
        format!(
            "{},{},2180-0{}-07 08:15:00,2180-0{}-17 11:00:00,,URGENT",
            1000 + i % 10,
            2000 + i,
            1 + i / 10,
            1 + i / 10
        )
    });
    let diagnoses = rows(DIAGNOSES, 40, |i| {
        let code = [("I10", "10"), ("4019", "9"), ("E119", "10"), ("25000", "9")][i % 4];
        format!("{},{},{},{},{}", 1000 + i % 10, 2000 + i % 20, 1 + i / 20, code.0, code.1)
    });
    // Of an admission that no table has; of another person's.
    let diagnoses = diagnoses + "1000,2999,1,I10,10\n1001,2000,1,I10,10\n";
    let titles = "icd_code,icd_version,long_title\nI10,10,Essential (primary) hypertension\n4019,9,Unspecified essential hypertension\n\
                  E119,10,Type 2 diabetes mellitus without complications\n25000,9,Diabetes mellitus without complication\nZ000,10,Encounter\n";
    let labs = rows("labevent_id,subject_id,hadm_id,itemid,charttime,value,valuenum,valueuom", 30, |i| {
        format!(
            "{i},{},{},{},2180-01-08 06:00:00,{}.5,{}.5,mg/dL",
            1000 + i % 10,
            2000 + i % 10,
            [50931, 51478][i % 2],
            i,
            i
        )
    });
    let items = "itemid,label,fluid,category\n50931,Glucose,Blood,Chemistry\n51478,Glucose,Urine,Hematology\n50912,Creatinine,Blood,Chemistry\n";
    vec![
        ("patients.csv", patients),
        ("admissions.csv", admissions),
        ("diagnoses_icd.csv", diagnoses),
        ("d_icd_diagnoses.csv", titles.to_owned()),
        ("labevents.csv", labs),
        ("d_labitems.csv", items.to_owned()),
    ]
}

#[test]
fn diagnoses_are_of_the_day_of_discharge_and_codes_have_their_words() {
    let all = mimic();
    let files: Vec<(&str, &str)> = all.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let found = look(&files);
    let diagnoses = long(&found, "diagnoses_icd.csv");
    assert_eq!((diagnoses.variable.as_str(), diagnoses.encounter.as_deref()), ("icd_code", Some("hadm_id")));
    assert_eq!((diagnoses.system_column.as_deref(), diagnoses.domain), (Some("icd_version"), Domain::Condition));
    let imported = import(&files);
    assert_eq!(counts(&imported, "diagnoses_icd.csv"), (40, 2, 0));
    let reasons: Vec<&str> = imported.report.rejected.iter().map(|r| r.reason.as_str()).collect();
    assert!(reasons.iter().any(|r| r.contains("its encounter is in no table")), "{reasons:?}");
    assert!(reasons.iter().any(|r| r.contains("another person's")), "{reasons:?}");
    says(&imported, "diagnoses_icd.csv: 40 rows have no day of their own and got the last day of their encounter");
    let events = support::events(&imported);
    let diabetes: Vec<i32> = events.iter().filter(|e| e.concept.1 == "E119").map(|e| e.start).collect();
    assert_eq!(diabetes.len(), 10);
    let discharges = [(2180, 1, 17), (2180, 2, 17)].map(|(y, m, d)| day::from_ymd(y, m, d).unwrap());
    assert!(diabetes.iter().all(|d| discharges.contains(d)), "{diabetes:?}");
    let concepts = concepts(&imported);
    for want in [
        ["ICD10CM", "E119", "Type 2 diabetes mellitus without complications"],
        ["ICD9CM", "25000", "Diabetes mellitus without complication"],
        ["source", "50931", "Glucose (Blood)"],
        ["source", "51478", "Glucose (Urine)"],
    ] {
        assert!(concepts.contains(&want.map(str::to_owned)), "{want:?} is not among {concepts:?}");
    }
    assert_eq!(counts(&imported, "d_icd_diagnoses.csv"), (4, 0, 1), "the words that nobody needs are not used");
    assert_eq!(counts(&imported, "d_labitems.csv"), (2, 0, 1));
    says(&imported, "d_labitems.csv: 2 codes of other tables have their words from it");
    assert_eq!(imported.report.persons, 10);
}

#[test]
fn the_order_of_the_tables_makes_no_difference() {
    let all = mimic();
    let mut files: Vec<(&str, &str)> = all.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let first = import(&files);
    files.reverse();
    let other = import(&files);
    assert_eq!(first.header.id, other.header.id);
    assert_eq!(concepts(&first), concepts(&other));
}

#[test]
fn a_saved_mapping_keeps_dictionaries_and_encounters() {
    let all = mimic();
    let files: Vec<(&str, &str)> = all.iter().map(|(name, text)| (*name, text.as_str())).collect();
    let found = look(&files);
    let mapping = ImportMapping::from(&found);
    let text = serde_json::to_string(&mapping).unwrap();
    let (again, words) = serde_json::from_str::<ImportMapping>(&text).unwrap().apply(&found).unwrap();
    assert!(again == mapping && words.is_empty(), "{words:?}");
    assert!(mapping.problems().is_empty(), "{:?}", mapping.problems());
    // A table of values without a day and without an encounter cannot be read.
    let mut without = mapping.clone();
    for table in &mut without.tables {
        if let TableShape::Long(long) = &mut table.shape {
            long.encounter = None;
        }
    }
    assert!(without.problems().iter().any(|p| p.contains("say which column is the date")), "{:?}", without.problems());
}

#[test]
fn tables_of_epic_have_their_categories_in_words_and_diagnoses_by_the_contact() {
    let patients = rows("PAT_ID,PAT_NAME,BIRTH_DATE,SEX_C", 12, |i| {
        format!("Z{:03},\"SMITH{i},ANN\",1950-03-0{} 00:00:00,{}", i, 1 + i % 9, 1 + i % 2)
    });
    let contacts = rows("PAT_ENC_CSN_ID,PAT_ID,CONTACT_DATE,HOSP_DISCHRG_TIME,ENC_TYPE_C", 24, |i| {
        let end = if i % 2 == 0 { format!("2021-03-{:02} 10:00:00", 11 + i % 9) } else { String::new() };
        format!("{},Z{:03},2021-03-{:02} 00:00:00,{end},{}", 70000 + i, i % 12, 1 + i % 9, [3, 101][i % 2])
    });
    // The table of diagnoses has no column of the patient.
    let diagnoses = rows("PAT_ENC_CSN_ID,LINE,DX_ID,PRIMARY_DX_YN", 48, |i| {
        format!("{},{},{},{}", 70000 + i % 24, 1 + i / 24, [4001, 4002, 4003][i % 3], ["Y", "N"][i / 24])
    });
    let edg = "DX_ID,DX_NAME\n4001,Essential hypertension\n4002,Type 2 diabetes mellitus\n4003,Asthma\n4004,Gout\n";
    let sexes =
        "RCPT_MEM_SEX_C,NAME,TITLE,ABBR,INTERNAL_ID\n1,Female,FEMALE,F,1\n2,Male,MALE,M,2\n3,Unknown,UNKNOWN,U,3\n";
    let types = "ENC_TYPE_C,NAME,TITLE,ABBR,INTERNAL_ID\n3,Hospital Encounter,HOSPITAL ENCOUNTER,HOSP,3\n101,Office Visit,OFFICE VISIT,OV,101\n";
    let files = [
        ("PATIENT.csv", patients.as_str()),
        ("PAT_ENC.csv", &contacts),
        ("PAT_ENC_DX.csv", &diagnoses),
        ("CLARITY_EDG.csv", edg),
        ("ZC_SEX.csv", sexes),
        ("ZC_DISP_ENC_TYPE.csv", types),
    ];
    let found = look(&files);
    let dx = long(&found, "PAT_ENC_DX.csv");
    assert_eq!(
        (dx.variable.as_str(), dx.encounter.as_deref(), dx.date.as_str()),
        ("DX_ID", Some("PAT_ENC_CSN_ID"), "")
    );
    let imported = import(&files);
    assert_eq!(counts(&imported, "PAT_ENC_DX.csv"), (48, 0, 0));
    // A contact with nothing but its days dates others.
    let bare = rows("PAT_ENC_CSN_ID,PAT_ID,CONTACT_DATE", 24, |i| {
        format!("{},Z{:03},2021-03-{:02}", 70000 + i, i % 12, 1 + i % 9)
    });
    let only = import(&[("PATIENT.csv", &patients), ("PAT_ENC.csv", &bare), ("PAT_ENC_DX.csv", &diagnoses)]);
    assert_eq!((counts(&only, "PAT_ENC.csv"), counts(&only, "PAT_ENC_DX.csv")), ((24, 0, 0), (48, 0, 0)));
    says(&imported, "24 rows have no day of their own and got the last day of their encounter");
    says(&imported, "24 rows have no day of their own and got the first day of it: no last day is known");
    let events = support::events(&imported);
    let asthma: Vec<_> = events.iter().filter(|e| e.concept.1 == "4003").collect();
    assert!(asthma.len() == 16 && asthma.iter().all(|e| e.domain == "condition"), "{asthma:?}");
    assert!(concepts(&imported).iter().any(|[_, code, words]| code == "4003" && words == "Asthma"));
    let types: Vec<_> = events.iter().filter(|e| e.concept.1 == "ENC_TYPE_C").filter_map(|e| e.words.clone()).collect();
    assert!(types.len() == 24 && types.iter().all(|t| t == "Hospital Encounter" || t == "Office Visit"), "{types:?}");
    let person = imported.dataset.table("person").unwrap();
    assert_eq!(shown(person.column("sex").unwrap())[..2], ["female", "male"]);
    for chunk in &imported.chunks {
        for word in ["SMITH", "70001", "Z003"] {
            assert!(!chunk.bytes.windows(word.len()).any(|w| w == word.as_bytes()), "{word} is in {}", chunk.key);
        }
    }
}

#[test]
fn concepts_of_i2b2_are_words_and_no_persons() {
    let patients = rows("PATIENT_NUM,SEX_CD", 10, |i| format!("{},{}", 1000 + i, ["M", "F"][i % 2]));
    let facts =
        rows("ENCOUNTER_NUM,PATIENT_NUM,CONCEPT_CD,START_DATE,VALTYPE_CD,TVAL_CHAR,NVAL_NUM,UNITS_CD", 30, |i| {
            let what = ["LOINC:2345-7,{d},N,E,95,mg/dL", "ICD10CM:E11.9,{d},@,,,@", "LCS:smoker,{d},T,YES,,@"][i % 3];
            format!(
                "{},{},{}",
                400 + i,
                1000 + i % 10,
                what.replace("{d}", &format!("2010-0{}-11 00:00:00", 1 + i % 9))
            )
        });
    let words = "CONCEPT_PATH,CONCEPT_CD,NAME_CHAR,UPDATE_DATE\n\\\\i2b2\\\\lab\\\\glu\\\\,LOINC:2345-7,Glucose,2012-01-01\n\
                 \\\\i2b2\\\\dx\\\\e11\\\\,ICD10CM:E11.9,Type 2 diabetes mellitus,2012-01-01\n\\\\i2b2\\\\soc\\\\,LCS:smoker,Smoker,2012-01-01\n\
                 \\\\i2b2\\\\dx\\\\other\\\\,ICD10CM:E11.9,Type 2 diabetes mellitus,2012-01-01\n";
    let files = [
        ("patient_dimension.csv", patients.as_str()),
        ("observation_fact.csv", &facts),
        ("concept_dimension.csv", words),
    ];
    let imported = import(&files);
    assert_eq!(imported.report.persons, 10);
    assert_eq!(counts(&imported, "concept_dimension.csv"), (3, 0, 1));
    let all = concepts(&imported);
    for want in [
        ["LOINC", "2345-7", "Glucose"],
        ["ICD10CM", "E11.9", "Type 2 diabetes mellitus"],
        ["source", "LCS:smoker", "Smoker"],
    ] {
        assert!(all.contains(&want.map(str::to_owned)), "{want:?} is not among {all:?}");
    }
}

#[test]
fn names_of_those_who_treat_are_no_words_for_a_code() {
    let visits = rows("patient_id,visit_date,prov_id,bmi", 20, |i| {
        format!("P{:02},2021-03-{:02},{},2{}.5", i % 10, 1 + i % 28, 500 + i % 4, i % 9)
    });
    let staff = "prov_id,prov_name\n500,\"HOUSE, GREGORY MD\"\n501,\"GREY, MEREDITH MD\"\n502,\"ROSS, DOUG MD\"\n503,\"BAILEY, MIRANDA MD\"\n";
    let files = [("visits.csv", visits.as_str()), ("staff.csv", staff)];
    let found = look(&files);
    assert!(!found.tables.iter().any(|t| matches!(t.shape, TableShape::Dictionary(_))), "{:?}", found.tables[1].shape);
    let mapping = ImportMapping::from(&found);
    assert_eq!(mapping.tables[0].person(), Some("patient_id"), "not those who treat, though both tables have them");
    assert_eq!(mapping.tables[1].shape, TableShape::NotUsed);
    let imported = import(&files);
    for chunk in &imported.chunks {
        assert!(!chunk.bytes.windows(5).any(|w| w == b"HOUSE"), "{}", chunk.key);
    }
}

#[test]
fn numbers_of_rows_are_no_codes_and_codes_of_icd_9_are_of_it() {
    let patients = rows("ROW_ID,SUBJECT_ID,GENDER,DOB", 4, |i| {
        format!("{i},{},{},{}-01-02", 10 + i, ["M", "F"][i % 2], [2050, 1801, 2040, 2030][i])
    });
    let admissions = rows("ROW_ID,SUBJECT_ID,HADM_ID,ADMITTIME,DISCHTIME", 4, |i| {
        format!("{i},{},{},210{i}-01-05 10:00:00,210{i}-01-09 10:00:00", 10 + i, 200 + i)
    });
    let diagnoses = rows("ROW_ID,SUBJECT_ID,HADM_ID,SEQ_NUM,ICD9_CODE", 12, |i| {
        format!("{i},{},{},{},{}", 10 + i % 4, 200 + i % 4, 1 + i / 4, ["4019", "25000"][i % 2])
    });
    let titles = "ROW_ID,ICD9_CODE,SHORT_TITLE,LONG_TITLE\n1,4019,Hypertension NOS,Unspecified essential hypertension\n2,25000,DMII,Diabetes mellitus\n";
    let files = [
        ("PATIENTS.csv", patients.as_str()),
        ("ADMISSIONS.csv", &admissions),
        ("DIAGNOSES_ICD.csv", &diagnoses),
        ("D_ICD_DIAGNOSES.csv", titles),
    ];
    let found = look(&files);
    let TableShape::Dictionary(dictionary) = &found.tables[3].shape else { panic!("{:?}", found.tables[3].shape) };
    assert_eq!((dictionary.code.as_str(), dictionary.of.as_slice()), ("ICD9_CODE", &["ICD9_CODE".to_owned()][..]));
    let imported = import(&files);
    let all = concepts(&imported);
    assert!(all.contains(&["ICD9CM", "4019", "Unspecified essential hypertension"].map(str::to_owned)), "{all:?}");
    // Births three hundred years back are those of the oldest, and set as for 90.
    assert_eq!(imported.report.values_rejected, 0, "{:?}", imported.report.rejected);
    assert_eq!(shown(imported.dataset.table("person").unwrap().column("birth_year").unwrap())[1], "2011");
}

#[test]
fn rows_that_name_nobody_are_of_the_person_of_their_encounter() {
    let stays = rows("IPP;NUM_SEJOUR;DATE_ENTREE;DATE_SORTIE;GHM", 12, |i| {
        format!("{};{};{:02}/02/2021;{:02}/03/2021;05M09", 1001 + i % 6, 55_001 + i, 13 + i, 14 + i)
    });
    let acts = rows("NUM_SEJOUR;CODE_CCAM;LIBELLE;DATE_ACTE", 13, |i| {
        format!("{};{};acte;{:02}/02/2021", 55_001 + i, ["DEQP003", "ZBQK002"][i % 2], 15 + i % 9)
    });
    let imported = import(&[("sejours.csv", &stays), ("actes.csv", &acts)]);
    assert_eq!((counts(&imported, "actes.csv"), imported.report.persons), ((12, 1, 0), 6));
    says(&imported, "actes.csv: 12 rows name nobody and are of the persons of their encounters.");
    let events = support::events(&imported);
    let acts: Vec<_> = events.iter().filter(|e| e.concept.0 == "CCAM").collect();
    assert!(acts.len() == 12 && acts.iter().all(|e| e.domain == "procedure"), "{acts:?}");
    let days = [(2021, 2, 15), (2021, 2, 23)].map(|(y, m, d)| day::from_ymd(y, m, d).unwrap());
    assert!(acts.iter().all(|e| (days[0]..=days[1]).contains(&e.start)), "their own days");
}
