//! Flat files as sites export them: in other languages, with titles, units and totals, with codes for 'no value', of SAS.
#![cfg(feature = "tables")]
#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

mod dates;

use crate::support::cells::shown;

use crate::support::tables as support;

use intake::csv::{CsvImport, inspect};
use intake::{DatePolicy, Imported, IntakeError, Settings};
use model::dataset::ColumnRole;
use model::import_mapping::TableShape;
use model::intake::{CsvProposal, DateFormat};

fn settings() -> Settings {
    Settings { dates: DatePolicy::Keep, ..Settings::new("test", [7; 32]) }
}

fn look(bytes: &[u8]) -> CsvProposal {
    inspect("file.csv", bytes, true).unwrap()
}

fn try_import(bytes: &[u8]) -> Result<Imported, IntakeError> {
    let mut import = CsvImport::new(look(bytes).mapping, settings(), "file.csv")?;
    for piece in bytes.chunks(7) {
        import.push(piece)?;
    }
    let imported = import.finish()?;
    let r = &imported.report;
    assert_eq!(r.rows_read, r.rows_kept + r.rows_rejected + r.rows_not_used, "{r:?}");
    Ok(imported)
}

fn import(bytes: &[u8]) -> Imported {
    try_import(bytes).unwrap()
}

fn cells(imported: &Imported, name: &str) -> Vec<String> {
    shown(imported.dataset.table("variable").unwrap().column(name).unwrap())
}

fn columns(imported: &Imported) -> Vec<&str> {
    imported.dataset.table("variable").unwrap().columns().iter().map(|(name, _)| name.as_str()).collect()
}

fn rows(header: &str, n: usize, row: impl Fn(usize) -> String) -> String {
    (0..n).fold(format!("{header}\n"), |text, i| text + &row(i) + "\n")
}

fn tables(files: &[(&str, &str)]) -> Imported {
    let files: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let imported = support::import(&files, settings());
    support::adds_up(&imported.report);
    imported
}

#[test]
fn results_and_visits_of_an_electronic_record_are_values_and_days() {
    let patients =
        rows("PAT_ID|PAT_NAME|BIRTH_DATE", 10, |i| format!("Z{i}|{},ANN|19{}-02-11 00:00:00", FAMILY[i % 7], 40 + i));
    let results = rows(
        "ORDER_PROC_ID|PAT_ID|PAT_ENC_CSN_ID|COMPONENT_NAME|ORD_VALUE|ORD_NUM_VALUE|REFERENCE_UNIT|RESULT_TIME",
        60,
        |i| {
            let value = if i % 10 == 0 { "<0.3".to_owned() } else { format!("{}.5", i % 9) };
            let number = if i % 10 == 0 { "9999999".to_owned() } else { value.clone() };
            format!(
                "{}|Z{}|{}|{}|{value}|{number}|mg/dL|2020-0{}-11 14:00:00",
                800 + i,
                i % 10,
                900 + i,
                ["GLUCOSE", "CRP"][i % 2],
                1 + i % 9
            )
        },
    );
    let imported = tables(&[("PATIENT.csv", &patients), ("ORDER_RESULTS.csv", &results)]);
    let all = support::events(&imported);
    let of = |code: &str| all.iter().filter(|e| e.concept.1 == code).count();
    assert_eq!((all.len(), of("GLUCOSE"), of("CRP")), (60, 30, 30));
    assert!(all.iter().all(|e| e.unit.as_deref() == Some("mg/dL") && e.value != Some(9_999_999.0)));
    assert_eq!(all.iter().filter(|e| e.words.as_deref() == Some("<0.3")).count(), 6);
}

#[test]
fn facts_of_i2b2_have_their_systems_and_keep_those_without_a_number() {
    let patients = rows("PATIENT_NUM,BIRTH_DATE,SEX_CD", 10, |i| {
        format!("{},1940-03-04 00:00:00,{}", 1000 + i, ["M", "F"][i % 2])
    });
    let facts = rows(
        "ENCOUNTER_NUM,PATIENT_NUM,CONCEPT_CD,START_DATE,MODIFIER_CD,VALTYPE_CD,TVAL_CHAR,NVAL_NUM,UNITS_CD,END_DATE",
        60,
        |i| {
            let what =
                ["LOINC:2345-7,{d},@,N,E,95,mg/dL", "ICD10CM:E11.9,{d},@,@,,,@", "LOINC:5778-6,{d},@,T,YELLOW,,@"]
                    [i % 3];
            format!(
                "{},{},{},@",
                400 + i,
                1000 + i % 10,
                what.replace("{d}", &format!("2010-0{}-11 00:00:00", 1 + i % 9))
            )
        },
    );
    let imported = tables(&[("patient_dimension.csv", &patients), ("observation_fact.csv", &facts)]);
    let all = support::events(&imported);
    let of = |system: &str, code: &str| {
        all.iter().filter(|e| e.concept == (system.to_owned(), code.to_owned())).collect::<Vec<_>>()
    };
    let (glucose, diabetes, colour) = (of("LOINC", "2345-7"), of("ICD10CM", "E11.9"), of("LOINC", "5778-6"));
    assert_eq!((all.len(), glucose.len(), diabetes.len(), colour.len()), (60, 20, 20, 20));
    assert_eq!((glucose[0].value, glucose[0].unit.as_deref()), (Some(95.0), Some("mg/dL")));
    assert_eq!((diabetes[0].domain.as_str(), diabetes[0].unit.as_deref()), ("condition", None));
    assert_eq!(colour[0].words.as_deref(), Some("YELLOW"));
    assert_eq!(imported.report.rows_not_used, 0);
}

#[test]
fn operators_of_i2b2_are_the_signs_of_limits() {
    let patients = rows("PATIENT_NUM,SEX_CD", 6, |i| format!("{},{}", 1000 + i, ["M", "F"][i % 2]));
    let header = "PATIENT_NUM,CONCEPT_CD,START_DATE,VALTYPE_CD,TVAL_CHAR,NVAL_NUM,UNITS_CD";
    let of = ["N,E,5", "N,L,5", "N,LE,5", "N,G,5", "N,GE,5", "N,NE,5", "N,E,", "T,NO,", "N,,5"];
    let facts =
        rows(header, 9, |i| format!("{},LOINC:1988-5,2010-01-0{} 00:00:00,{},mg/L", 1000 + i % 6, 1 + i, of[i]));
    let files = [("patient_dimension.csv", patients.as_bytes()), ("observation_fact.csv", facts.as_bytes())];
    let found = support::look(&files);
    let TableShape::Long(long) = &found.tables[1].shape else { panic!("{:?}", found.tables[1].shape) };
    assert_eq!((long.words.as_deref(), long.operator.as_deref()), (Some("TVAL_CHAR"), Some("TVAL_CHAR")));
    let imported = tables(&[("patient_dimension.csv", &patients), ("observation_fact.csv", &facts)]);
    let mut all = support::events(&imported);
    all.sort_by_key(|e| e.start);
    let got: Vec<(Option<f64>, Option<&str>)> = all.iter().map(|e| (e.value, e.words.as_deref())).collect();
    let five = Some(5.0);
    assert_eq!(
        got,
        [
            (five, None),
            (five, Some("<")),
            (five, Some("<=")),
            (five, Some(">")),
            (five, Some(">=")),
            (None, Some("!= 5")),
            (None, None),
            (None, Some("NO")),
            (five, None),
        ]
    );
    for words in
        ["4 values are given as 'less than'", "1 value is given as 'not equal to'", "1 row has an operator without"]
    {
        says(&imported, words);
    }
    // The same table, where the user says that there is no such column.
    let mut mapping = model::import_mapping::ImportMapping::from(&found);
    let TableShape::Long(long) = &mut mapping.tables[1].shape else { panic!("{:?}", mapping.tables[1].shape) };
    (long.words, long.operator) = (None, None);
    let imported = support::import_as(mapping, &files, settings()).unwrap();
    assert!(support::events(&imported).iter().all(|e| e.words.is_none()), "what is no part is not read");
}

#[test]
fn values_by_item_are_values_and_diagnoses_without_a_day_are_left_out() {
    let patients =
        rows("subject_id,gender,anchor_age", 10, |i| format!("{},{},{}", 1000 + i, ["M", "F"][i % 2], 40 + i));
    let labs = rows("labevent_id,subject_id,hadm_id,itemid,charttime,value,valuenum,valueuom", 60, |i| {
        format!(
            "{i},{},{},{},2180-0{}-07 08:15:00,{}.5,{}.5,mg/dL",
            1000 + i % 10,
            2000 + i,
            [50912, 50971][i % 2],
            1 + i % 9,
            i % 9,
            i % 9
        )
    });
    let diagnoses = rows("subject_id,hadm_id,seq_num,icd_code,icd_version", 60, |i| {
        format!("{},{},{},{},10", 1000 + i % 10, 2000 + i, i % 4, ["I10", "E119"][i % 2])
    });
    let files = [("patients.csv", patients.as_str()), ("labevents.csv", &labs), ("diagnoses_icd.csv", &diagnoses)];
    let bytes: Vec<(&str, &[u8])> = files.iter().map(|(n, t)| (*n, t.as_bytes())).collect();
    let found = support::look(&bytes);
    let left_out = found.tables.iter().find(|t| t.file == "diagnoses_icd.csv").unwrap();
    assert!(left_out.shape == TableShape::NotUsed && left_out.why.contains("no column is a date"), "{}", left_out.why);
    let imported = tables(&files);
    let all = support::events(&imported);
    assert_eq!((all.len(), imported.report.rows_not_used, imported.report.rows_rejected), (60, 60, 0));
    assert!(all.iter().all(|e| e.concept.1 == "50912" || e.concept.1 == "50971"));
}

#[test]
fn those_who_treat_are_no_patients() {
    let patients = rows("Id,BIRTHDATE,GENDER", 8, |i| format!("p{i:09},1950-02-1{},M", i % 9));
    let conditions = rows("START,STOP,PATIENT,CODE,DESCRIPTION", 24, |i| {
        format!("2015-0{}-11,,p{:09},44054006,Diabetes", 1 + i % 9, i % 8)
    });
    let providers =
        rows("Id,ORGANIZATION,NAME,GENDER,SPECIALITY", 5, |i| format!("prov{i},org1,Gregory House,M,GENERAL PRACTICE"));
    let imported =
        tables(&[("patients.csv", &patients), ("conditions.csv", &conditions), ("providers.csv", &providers)]);
    assert_eq!((imported.report.persons, imported.report.rows_not_used), (8, 5));
    assert!(!columns(&imported).iter().any(|c| c.contains("SPECIALITY")));
}

#[test]
fn an_end_that_nobody_has_yet_is_nothing_to_ask() {
    let patients = rows("Id,BIRTHDATE,GENDER", 8, |i| format!("p{i:09},1950-02-1{},M", i % 9));
    let conditions = rows("START,STOP,PATIENT,CODE,DESCRIPTION", 24, |i| {
        format!("2015-0{}-11,,p{:09},44054006,Diabetes", 1 + i % 9, i % 8)
    });
    let imported = tables(&[("patients.csv", &patients), ("conditions.csv", &conditions)]);
    assert_eq!((imported.report.events, imported.report.rows_rejected), (24, 0));
}

const FAMILY: [&str; 7] = ["Huber", "Wagner", "Pichler", "Steiner", "Moser", "Mayr", "Berger"];
const GIVEN: [&str; 5] = ["Anna", "Georg", "Lena", "Paul", "Eva"];

fn says(imported: &Imported, words: &str) {
    let all = &imported.report.warnings;
    assert!(all.iter().any(|w| w.contains(words)), "'{words}' is not among {all:?}");
}

#[test]
fn a_german_export_keeps_nothing_of_whom_it_is_about() {
    let header = "PatNr;Nachname;Vorname;Geb.-Datum;Geschlecht;Straße;PLZ;Ort;Telefonnr.;Versichertennr.;Aufnahmedatum;Gewicht;\
                  CRP (mg/L);Diagnose;Hausarzt;Verstorben";
    let text = rows(header, 40, |i| {
        format!(
            "{};{};{};{:02}.{:02}.{};{};Hauptstraße {i};{};Berlin;030 123{i:04};A12345{i:04};{:02}.03.2021;{},{};{},5;{};Dr. Müller;{}",
            1000 + i,
            FAMILY[i % 7],
            GIVEN[i % 5],
            1 + i % 28,
            1 + i % 12,
            1940 + i,
            ["m", "w"][i % 2],
            10115 + i,
            1 + i % 27,
            60 + i,
            i % 10,
            i % 50,
            ["Diabetes mellitus", "Hypertonie"][i % 2],
            ["ja", "nein"][i % 2],
        )
    });
    // Windows-1252, as Excel saves it.
    let bytes: Vec<u8> = text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let imported = import(&bytes);
    assert_eq!(
        columns(&imported),
        ["Geb.-Datum", "Geschlecht", "PLZ", "Aufnahmedatum", "Gewicht", "CRP (mg/L)", "Diagnose", "Verstorben"]
    );
    assert_eq!(cells(&imported, "Geb.-Datum")[..2], ["1940", "1941"]);
    assert_eq!(cells(&imported, "Gewicht")[1], "61.1");
    assert_eq!(cells(&imported, "Verstorben")[..2], ["1", "0"]);
    let person = imported.dataset.table("person").unwrap();
    assert_eq!(shown(person.column("sex").unwrap())[..2], ["male", "female"]);
    assert!(person.column("birth_year").is_some());
}

#[test]
fn a_french_export_keeps_nothing_of_whom_it_is_about() {
    let header = "N° dossier;Nom;Prénom;Date de naissance;Sexe;Adresse;Code postal;Ville;Téléphone;N° sécu;Date d'entrée;Poids (kg);\
                  Médecin traitant;Décès;Date de décès";
    let text = rows(header, 40, |i| {
        format!(
            "{};{};{};{:02}/{:02}/{};{};{i} rue de la Paix;{};Paris;06 12 34 56 {i:02};1 85 05 78 006 {i:03};{:02}/03/2021;{},5;Dr Martin;{};{}",
            5000 + i,
            FAMILY[i % 7],
            GIVEN[i % 5],
            1 + i % 28,
            1 + i % 12,
            1940 + i,
            ["M", "F"][i % 2],
            75001 + i % 20,
            13 + i % 15,
            60 + i,
            ["oui", "non"][i % 2],
            if i % 2 == 0 { "13/04/2022" } else { "" },
        )
    });
    let bytes = [&[0xef, 0xbb, 0xbf], text.as_bytes()].concat();
    let imported = import(&bytes);
    assert_eq!(
        columns(&imported),
        ["Date de naissance", "Sexe", "Code postal", "Date d'entrée", "Poids (kg)", "Décès", "Date de décès"]
    );
    assert_eq!(cells(&imported, "Date de naissance")[0], "1940");
    let person = imported.dataset.table("person").unwrap();
    assert_eq!(shown(person.column("death_day").unwrap())[..2], ["2022-04-13", "-"]);
}

#[test]
fn a_spanish_export_keeps_nothing_of_whom_it_is_about() {
    let header =
        "NHC;Apellidos;Nombre;Fecha de nacimiento;Sexo;Domicilio;Población;Teléfono;DNI;Fecha ingreso;Peso;Éxitus";
    let text = rows(header, 40, |i| {
        format!(
            "{};{} {};{};{:02}/{:02}/{};{};Calle Mayor {i};Madrid;91 123 {i:02} 45;{}Z;{:02}/03/2021;{},5;{}",
            7000 + i,
            FAMILY[i % 7],
            FAMILY[(i + 3) % 7],
            GIVEN[i % 5],
            1 + i % 28,
            1 + i % 12,
            1940 + i,
            ["H", "M"][i % 2],
            12_345_600 + i,
            13 + i % 15,
            60 + i,
            ["Sí", "No"][i % 2],
        )
    });
    let imported = import(text.as_bytes());
    assert_eq!(columns(&imported), ["Fecha de nacimiento", "Sexo", "Fecha ingreso", "Peso", "Éxitus"]);
    // 'M' is 'mujer' where 'H' is the other.
    let person = imported.dataset.table("person").unwrap();
    assert_eq!(shown(person.column("sex").unwrap())[..2], ["male", "female"]);
}

#[test]
fn names_of_one_column_and_places_that_are_one_for_all_go() {
    let text = rows("PAT_ID|PAT_NAME|ADD_LINE_1|CITY|ZIP|ATTENDING_PROVIDER|PATIENT_NUM|AGE", 12, |i| {
        format!(
            "Z{}|{},{} {}|{i} MAIN ST|BOSTON|02118|HOUSE, GREGORY MD|{}|{}",
            100 + i,
            FAMILY[i % 7].to_uppercase(),
            "ANN",
            "B",
            9000 + i,
            40 + i
        )
    });
    let imported = import(text.as_bytes());
    assert_eq!(columns(&imported), ["ZIP", "AGE"]);
    // A column of two short answers says only whether there is something.
    let text = rows("id,phone,city,x", 12, |i| format!("p{i},{},{},{i}", ["yes", "no"][i % 2], ["Ulm", "Bonn"][i % 2]));
    assert_eq!(columns(&import(text.as_bytes())), ["phone", "x"]);
}

#[test]
fn names_among_the_levels_of_another_column_go() {
    let text = rows("mrn,last_name,first_name,race,contact,group", 42, |i| {
        let contact = [FAMILY[i % 7].to_owned(), "none".to_owned(), format!("{} phoned", GIVEN[i % 5])][i % 3].clone();
        format!(
            "M{i:05},{},{},{},{contact},{}",
            if i == 5 { "White" } else { FAMILY[i % 7] },
            GIVEN[i % 5],
            ["White", "Asian"][i % 2],
            ["A", "B"][i % 2]
        )
    });
    let imported = import(text.as_bytes());
    let contacts = cells(&imported, "contact");
    assert!(contacts.iter().all(|c| !FAMILY.iter().chain(&GIVEN).any(|name| c.contains(name))), "{contacts:?}");
    assert_eq!(contacts[..3], ["[NAME]", "none", "[NAME] phoned"]);
    // The race of one Mr White stays what it is.
    assert_eq!(cells(&imported, "race")[..2], ["White", "Asian"]);
    assert!(imported.report.identifiers.iter().any(|i| i.class == "names" && i.place.contains("contact")));
}

#[test]
fn titles_units_and_totals_are_no_persons() {
    let table = rows("Patient ID,Age,CRP,Hb,Outcome", 30, |i| {
        format!("P{i:03},{},{i}.5,{},{}", 40 + i, 10 + i % 5, ["dead", "alive"][i % 2])
    });
    let with_units = table.replacen('\n', "\n,years,mg/L,g/dL,\n", 1);
    let text = format!("Study XYZ, export of 2021-05-01,,,\n\n{with_units}Total,,,,30\nMean,54.5,15,12,\n");
    let imported = import(text.as_bytes());
    let r = &imported.report;
    assert_eq!((r.persons, r.rows_read, r.rows_kept, r.rows_rejected, r.rows_not_used), (30, 33, 30, 2, 1));
    assert_eq!(columns(&imported), ["Age", "CRP", "Hb", "Outcome"]);
    assert_eq!(r.values_rejected, 0, "{:?}", r.rejected);
    assert!(r.rejected[0].reason.contains("a row of totals"), "{:?}", r.rejected);
    says(&imported, "1 row above the names of the columns was taken for a title");
    says(&imported, "holds the units of 3 columns");
    let variable = imported.header.tables.iter().find(|t| t.name == "variable").unwrap();
    let unit = |name: &str| variable.columns.iter().find(|c| c.name == name).unwrap().unit.clone();
    assert_eq!((unit("CRP").as_deref(), unit("Hb").as_deref()), (Some("mg/L"), Some("g/dL")));
    // A file whose names are not those of the plan is refused as ever, however many rows it has.
    for n in [3, 30] {
        let other = rows("a,b,c,d,e", n, |i| format!("{i},1,2,3,4"));
        let mut import = CsvImport::new(look(text.as_bytes()).mapping, settings(), "other.csv").unwrap();
        let failed = import.push(other.as_bytes()).err().or_else(|| import.finish().err());
        assert!(matches!(failed, Some(IntakeError::Mapping { .. })), "{failed:?}");
    }
}

#[test]
fn what_excel_writes_above_is_no_row() {
    let text = "sep=;\nid;zeit;arm\n1;1,5;a\n2;2,5;b\n3;2,0;b\n";
    let imported = import(text.as_bytes());
    assert_eq!((imported.report.persons, cells(&imported, "zeit")[0].as_str()), (3, "1.5"));
}

#[test]
fn codes_for_no_value_are_said() {
    let text = rows("id,sbp,chol,platelets,score", 60, |i| {
        format!(
            "p{i},{},{},{},{}",
            if i % 12 == 0 { "-99".to_owned() } else { (100 + i).to_string() },
            if i % 15 == 0 { 9999 } else { 180 + i },
            150 + i * 14,
            i % 7
        )
    });
    let warnings = look(text.as_bytes()).warnings;
    let of =
        |name: &str| warnings.iter().filter(|w| w.contains(&format!("'{name}'")) && w.contains("no value")).count();
    assert_eq!((of("sbp"), of("chol"), of("platelets"), of("score")), (1, 1, 0, 0), "{warnings:?}");
}

#[test]
fn units_behind_names_are_units() {
    let text = rows("id,CRP (mg/L),Hb [g/dL],Score (points)", 30, |i| format!("p{i},{i}.5,{}.1,{i}", 10 + i % 5));
    let proposal = look(text.as_bytes());
    let unit = |name: &str| proposal.mapping.columns.iter().find(|c| c.name == name).unwrap().unit.as_deref();
    assert_eq!((unit("CRP (mg/L)"), unit("Hb [g/dL]"), unit("Score (points)")), (Some("mg/L"), Some("g/dL"), None));
}
