//! Exports of single systems and networks, in small: what they call things, and what of it must not be lost, misread or kept.
#![cfg(feature = "tables")]

mod oddities;

use crate::support::cells::shown;
use crate::support::tables as support;

use columnar::day;
use intake::{DatePolicy, Imported, Settings};
use model::import_mapping::{LongShape, TableShape};
use support::Event;

fn settings() -> Settings {
    Settings { dates: DatePolicy::Keep, this_year: Some(2026), ..Settings::new("test", [7; 32]) }
}

fn rows(header: &str, n: usize, row: impl Fn(usize) -> String) -> String {
    (0..n).fold(format!("{header}\n"), |text, i| text + &row(i) + "\n")
}

fn long(file: &str, text: &str) -> LongShape {
    let found = support::look(&[(file, text.as_bytes())]);
    let TableShape::Long(long) = &found.tables[0].shape else {
        panic!("{:?} ({})", found.tables[0].shape, found.tables[0].why)
    };
    long.clone()
}

fn import(files: &[(&str, &str)]) -> Imported {
    let bytes: Vec<(&str, &[u8])> = files.iter().map(|(name, text)| (*name, text.as_bytes())).collect();
    let imported = support::import(&bytes, settings());
    support::adds_up(&imported.report);
    imported
}

fn of<'a>(events: &'a [Event], code: &str) -> Vec<&'a Event> {
    events.iter().filter(|e| e.concept.1 == code).collect()
}

#[track_caller]
fn says(imported: &Imported, words: &str) {
    let all = &imported.report.warnings;
    assert!(all.iter().any(|w| w.contains(words)), "'{words}' is not among {all:#?}");
}

#[track_caller]
fn holds_none(imported: &Imported, words: &[&str]) {
    for chunk in &imported.chunks {
        for word in words {
            assert!(!chunk.bytes.windows(word.len()).any(|w| w == word.as_bytes()), "{word} is in {}", chunk.key);
        }
    }
}

#[test]
fn results_of_pcornet_have_their_signs_words_units_and_the_day_of_the_specimen() {
    let header = "LAB_RESULT_CM_ID,PATID,ENCOUNTERID,LAB_LOINC,LAB_ORDER_DATE,SPECIMEN_DATE,RESULT_DATE,RESULT_QUAL,RESULT_NUM,RESULT_MODIFIER,\
                  RESULT_UNIT,NORM_RANGE_LOW,RAW_LAB_NAME";
    let text = rows(header, 30, |i| {
        let what =
            ["2345-7,{d},,95,EQ,mg/dL,70,GLU", "1988-5,{d},,5,LT,mg/L,,CRP", "5778-6,{d},POSITIVE,,TX,,,COLOR"][i % 3];
        let days = format!("2021-03-{:02},2021-03-{:02},2021-03-{:02}", 1 + i % 9, 2 + i % 9, 3 + i % 9);
        format!("L{i},PT{},E{i},{}", i % 6, what.replace("{d}", &days))
    });
    let shape = long("LAB_RESULT_CM.csv", &text);
    assert_eq!((shape.variable.as_str(), shape.code.as_deref()), ("RAW_LAB_NAME", Some("LAB_LOINC")));
    let imported = import(&[("LAB_RESULT_CM.csv", &text)]);
    let events = support::events(&imported);
    assert!(events.iter().all(|e| e.concept.0 == "LOINC") && events.len() == 30);
    let crp = of(&events, "1988-5")[0];
    assert_eq!((crp.value, crp.words.as_deref(), crp.unit.as_deref()), (Some(5.0), Some("<"), Some("mg/L")));
    assert_eq!(of(&events, "5778-6")[0].words.as_deref(), Some("POSITIVE"));
    let first = of(&events, "2345-7").iter().map(|e| e.start).min();
    assert_eq!(first, day::from_ymd(2021, 3, 2), "the specimen's day, not that of the order or the result");
    says(
        &imported,
        "columns without a part in its rows were not read: 'LAB_ORDER_DATE', 'RESULT_DATE', 'NORM_RANGE_LOW'",
    );
}

#[test]
fn results_of_sentinel_stand_beside_their_codes() {
    let text =
        rows("PatID,TestID,MS_Test_Name,MS_Result_C,MS_Result_N,MS_Result_Unit,Modifier,LOINC,Lab_Dt", 20, |i| {
            let what = ["GLUCOSE,,95,MG/DL,EQ,2345-7", "INF_A,POSITIVE,,,TX,34487-9"][i % 2];
            format!("{},{i},{what},{:02}FEB2016", 1 + i % 5, 1 + i)
        });
    let events = support::events(&import(&[("lab_result.csv", &text)]));
    let glucose = of(&events, "2345-7");
    assert!(glucose.len() == 10 && glucose.iter().all(|e| e.value == Some(95.0) && e.unit.as_deref() == Some("mg/dL")));
    assert!(of(&events, "34487-9").iter().all(|e| e.words.as_deref() == Some("POSITIVE")));
    let drugs = rows("PatID,RxDate,NDC,RxSup", 20, |i| {
        format!("{},{:02}JAN2016,00093{}0480,30", 1 + i % 5, 1 + i, 100 + i % 2)
    });
    let imported = import(&[("dispensing.csv", &drugs)]);
    let concepts = imported.dataset.table("concept").unwrap();
    assert_eq!(shown(concepts.column("display").unwrap())[0], "000931000480", "a code is no account");
}

#[test]
fn codes_and_units_of_cerner_are_words() {
    let people = rows("PERSON_ID,SEX_CD", 8, |i| format!("{},{}", 810_000 + i, [362, 363][i % 2]));
    let events = rows("CLINICAL_EVENT_ID,PERSON_ID,EVENT_CD,EVENT_END_DT_TM,RESULT_VAL,RESULT_UNITS_CD", 24, |i| {
        format!(
            "{i},{},{},2021-03-{:02} 10:00:00,{}.1,{}",
            810_000 + i % 8,
            [703_558, 2_700_653][i % 2],
            1 + i,
            4 + i,
            [274, 271][i % 2]
        )
    });
    let values = "CODE_VALUE,CODE_SET,DISPLAY\n362,57,Female\n363,57,Male\n703558,72,Potassium Lvl\n2700653,72,Creatinine\n274,54,mmol/L\n271,54,mg/dL\n";
    let imported = import(&[("person.csv", &people), ("clinical_event.csv", &events), ("code_value.csv", values)]);
    let all = support::events(&imported);
    assert!(of(&all, "703558").iter().all(|e| e.unit.as_deref() == Some("mmol/L")));
    assert!(of(&all, "2700653").iter().all(|e| e.unit.as_deref() == Some("mg/dL")));
    let person = imported.dataset.table("person").unwrap();
    assert_eq!(shown(person.column("sex").unwrap())[..2], ["female", "male"]);
}

#[test]
fn a_german_laboratory_and_its_diagnoses_are_values_and_codes() {
    let labs = rows("Fallnr;PatNr;Nachname;Probenentnahme;Analyt;Kürzel;Ergebnis;Einheit;Referenzbereich", 40, |i| {
        let what = [
            "Kreatinin;KREA;1,02;mg/dl;0,7 - 1,2",
            "Thrombozyten;THR;250 000;/µl;",
            "CRP;CRP;<0,6;mg/l;<5,0",
            "Natrium;NA;139;mmol/l;",
        ][i % 4];
        format!("{};{};Weiß;{:02}.03.2021 07:15;{what}", 4_711_000 + i % 15, 1000 + i % 10, 1 + i % 28)
    });
    let diagnoses = rows("Fallnr;PatNr;Aufnahmedatum;ICD-Kode;Diagnosetext;Diagnoseart", 20, |i| {
        let what = ["E11.90;Diabetes mellitus, Typ 2;HD", "I10.00;Benigne essentielle Hypertonie;ND"][i % 2];
        format!("{};{};{:02}.03.2021;{what}", 4_711_000 + i % 15, 1000 + i % 10, 1 + i % 28)
    });
    let imported = import(&[("labor.csv", &labs), ("diagnosen.csv", &diagnoses)]);
    let events = support::events(&imported);
    assert_eq!(events.len(), 60);
    let creatinine = of(&events, "Kreatinin")[0];
    assert_eq!((creatinine.value, creatinine.unit.as_deref()), (Some(1.02), Some("mg/dL")));
    assert!(of(&events, "Thrombozyten").iter().all(|e| e.value == Some(250_000.0)));
    assert!(of(&events, "CRP").iter().all(|e| e.words.as_deref() == Some("<0,6")));
    // A code with two digits behind the point is no date with a year of two digits.
    let hypertension = of(&events, "I10.00");
    assert!(hypertension.len() == 10 && hypertension.iter().all(|e| e.domain == "condition"));
    holds_none(&imported, &["Wei\u{df}", "4711003"]);
}

#[test]
fn words_with_accents_are_answers_and_no_names() {
    let labs = rows("IPP;Nom;Prénom;Date de prélèvement;Examen;Résultat;Unité", 30, |i| {
        let what = ["Créatinine;88,0;µmol/L", "Leucocytes;7 200;/mm3", "Antigène;Négatif;"][i % 3];
        format!("{};DUPONT;Zoé;{:02}/03/2021;{what}", 880_000 + i % 10, 1 + i % 28)
    });
    let imported = import(&[("biologie.csv", &labs)]);
    let events = support::events(&imported);
    assert!(of(&events, "Créatinine").iter().all(|e| e.value == Some(88.0)));
    assert!(of(&events, "Leucocytes").iter().all(|e| e.value == Some(7200.0)));
    assert!(of(&events, "Antigène").iter().all(|e| e.words.as_deref() == Some("Négatif")));
    // What is somebody's name goes from answers, too.
    let visits = rows("id,nom,jour,contact", 20, |i| {
        format!("p{:02},{},2021-03-{:02},{}", i % 10, ["Dupont", "Martin"][i % 2], 1 + i, ["Dupont", "Domicile"][i % 2])
    });
    let imported = import(&[("visites.csv", &visits)]);
    holds_none(&imported, &["Dupont", "Martin"]);
    let events = support::events(&imported);
    assert!(of(&events, "contact").iter().any(|e| e.words.as_deref() == Some("Domicile")));
    // So does what is a name elsewhere.
    let visits = rows("id,jour,soignant", 20, |i| {
        format!("p{:02},2021-03-{:02},{}", i % 10, 1 + i, ["Müller", "Décès", "Élevé"][i % 3])
    });
    let imported = import(&[("visites.csv", &visits)]);
    holds_none(&imported, &["Müller"]);
    let events = support::events(&imported);
    assert!(of(&events, "soignant").iter().any(|e| e.words.as_deref() == Some("Décès")));
}

#[test]
fn a_table_of_stays_with_a_diagnosis_keeps_what_was_measured() {
    let stays = rows("IPP;Date d'entrée;Mode de sortie;Diagnostic principal;Poids (kg)", 20, |i| {
        format!(
            "{};{:02}/03/2021;{};{};{},5",
            880_000 + i % 10,
            1 + i,
            ["Domicile", "Décès"][i % 2],
            ["E11.9", "I10"][i % 2],
            60 + i
        )
    });
    let events = support::events(&import(&[("sejours.csv", &stays)]));
    assert_eq!((of(&events, "Poids (kg)").len(), of(&events, "Diagnostic principal").len()), (20, 20));
    assert!(of(&events, "Mode de sortie").iter().any(|e| e.words.as_deref() == Some("Décès")));
}

#[test]
fn keys_and_numbers_of_contacts_are_not_stored() {
    let contacts = rows("EncounterKey,PatientKey,Date,Type,DepartmentKey,ProviderKey,visit_no,weight", 20, |i| {
        format!(
            "{},{},2021-03-{:02},Office,{},{},{},{}",
            88_000 + i,
            3000 + i % 10,
            1 + i,
            5550 + i % 2,
            77_700 + i % 3,
            66_000 + i,
            60 + i
        )
    });
    let events = support::events(&import(&[("EncounterFact.csv", &contacts)]));
    let codes: std::collections::BTreeSet<&str> = events.iter().map(|e| e.concept.1.as_str()).collect();
    assert_eq!(codes.into_iter().collect::<Vec<_>>(), ["Type", "weight"]);
    let patients =
        rows("patient_id,identifier,gender,birthdate", 8, |i| format!("{},100GEJ-{i},F,1960-01-0{}", 7 + i, 1 + i));
    holds_none(&import(&[("patient.csv", &patients)]), &["100GEJ"]);
}

#[test]
fn answers_of_openmrs_stand_in_the_column_that_has_them() {
    let text = rows(
        "obs_id,person_id,concept_id,concept_name,obs_datetime,value_coded,value_coded_name,value_numeric,value_text,voided",
        31,
        |i| {
            let what = ["1271,HIV test,{d},703,POSITIVE,,", "5497,CD4 count,{d},,,350,"][i % 2];
            format!(
                "{i},{},{},{}",
                7 + i % 6,
                what.replace("{d}", &format!("2021-03-{:02} 00:00:00", 1 + i % 28)),
                u8::from(i == 30)
            )
        },
    );
    let imported = import(&[("obs.csv", &text)]);
    says(&imported, "obs.csv: 1 row is marked as withdrawn and not used.");
    let events = support::events(&imported);
    assert!(
        of(&events, "HIV test").len() == 15
            && of(&events, "HIV test").iter().all(|e| e.words.as_deref() == Some("POSITIVE"))
    );
    assert!(of(&events, "CD4 count").iter().all(|e| e.value == Some(350.0)));
}

#[test]
fn results_of_meditech_have_days_and_sodium_its_name() {
    let text = rows("UnitNumber|PatientName|CollectionDateTime|TestMnemonic|ResultRW|Units", 24, |i| {
        let what = ["NA|139|mEq/L", "TROP|< 0.02|ng/mL"][i % 2];
        format!("M000{}|DOE,JOHN {}|{:02}/{:02}/21 0830|{what}", 100 + i % 8, i % 8, 1 + i % 12, 13 + i % 9)
    });
    let imported = import(&[("labs.txt", &text)]);
    let events = support::events(&imported);
    let sodium = of(&events, "NA");
    assert_eq!((sodium.len(), sodium[0].value, imported.report.rows_rejected), (12, Some(139.0), 0));
    assert!(events.iter().any(|e| Some(e.start) == day::from_ymd(2021, 1, 13)));
    assert_eq!(imported.report.persons, 8);
    holds_none(&imported, &["M000103", "DOE"]);
}

#[test]
fn codes_with_zeros_are_no_numbers_and_few_measured_numbers_no_words() {
    let text = rows("PATID,MEASURE_DATE,DIASTOLIC,SMOKING,GRADE", 30, |i| {
        format!("PT{},2021-03-{:02},{},0{},{}", i % 6, 1 + i % 28, 80 - i % 4, 1 + i % 4, 1 + i % 3)
    });
    let events = support::events(&import(&[("VITAL.csv", &text)]));
    assert!(of(&events, "DIASTOLIC").iter().all(|e| e.value.is_some()));
    assert!(of(&events, "SMOKING").iter().all(|e| e.words.as_deref().is_some_and(|w| w.starts_with('0'))));
    assert!(of(&events, "GRADE").iter().all(|e| e.words.is_some()), "few small numbers are levels");
}

#[test]
fn findings_doses_and_events_of_sdtm_are_values() {
    let vital = rows("STUDYID,USUBJID,VSSEQ,VSTESTCD,VSTEST,VSORRES,VSORRESU,VSSTRESN,VSDTC", 24, |i| {
        let what = ["SYSBP,Systolic Blood Pressure,120,mmHg,120", "WEIGHT,Weight,180,LB,81.6"][i % 2];
        format!("S1,S1-{:03},{i},{what},2020-01-{:02}", i % 6, 1 + i)
    });
    let adverse = rows("STUDYID,USUBJID,AESEQ,AETERM,AEDECOD,AESTDTC,AEENDTC", 12, |i| {
        format!("S1,S1-{:03},{i},headache,Headache,2020-02-{:02},2020-02-{:02}", i % 6, 1 + i, 2 + i)
    });
    let doses = rows("STUDYID,USUBJID,EXSEQ,EXTRT,EXDOSE,EXDOSU,EXSTDTC,EXENDTC", 12, |i| {
        format!("S1,S1-{:03},{i},DRUG A,{},mg,2020-01-{:02},2020-03-01", i % 6, 50 + i, 1 + i)
    });
    let events = support::events(&import(&[("vs.csv", &vital), ("ae.csv", &adverse), ("ex.csv", &doses)]));
    assert!(of(&events, "Weight").iter().all(|e| e.value == Some(180.0) && e.unit.as_deref() == Some("[lb_av]")));
    assert!(of(&events, "Headache").len() == 12 && of(&events, "Headache")[0].domain == "condition");
    let dose = of(&events, "DRUG A");
    assert_eq!(
        (dose.len(), dose[0].value, dose[0].unit.as_deref(), dose[0].domain.as_str()),
        (12, Some(50.0), Some("mg"), "drug")
    );
}

#[test]
fn doses_are_the_values_of_drugs_and_deaths_of_admissions_the_persons() {
    let drugs = rows("patient_id,med_name,dose,dose_unit,start_date,end_date", 24, |i| {
        let what = ["metformin,500,mg", "lisinopril,10,mg"][i % 2];
        format!("{},{what},2020-01-{:02},2020-06-01", i % 8, 1 + i)
    });
    let admissions = rows("patient_id,visit_id,admittime,deathtime,race", 16, |i| {
        let died = if i == 3 { "2020-03-09 01:00:00" } else { "" };
        format!("{},{},2020-03-{:02} 08:00:00,{died},WHITE", i % 8, 900 + i, 1 + i)
    });
    let imported = import(&[("meds.csv", &drugs), ("admissions.csv", &admissions)]);
    let events = support::events(&imported);
    let metformin = of(&events, "metformin");
    assert!(metformin.len() == 12 && metformin.iter().all(|e| e.domain == "drug" && e.value == Some(500.0)));
    assert_eq!(metformin[0].unit.as_deref(), Some("mg"));
    let deaths = shown(imported.dataset.table("person").unwrap().column("death_day").unwrap());
    assert_eq!(deaths.iter().filter(|d| *d == "2020-03-09").count(), 1);
}

#[test]
fn flags_and_units_behind_numbers_and_cancelled_rows_of_a_laboratory() {
    let header = "Patient MRN,Collected Date/Time,Test Name,Result,Flag,Units,Reference Range,Status";
    let text = rows(header, 40, |i| {
        let what = [
            "Hemoglobin,13.4,,g/dL,12.0-16.0",
            "INR,1.1 (H),H,,0.9-1.1",
            "Glucose,95 mg/dL,,,70-99",
            "Sodium,139*,,mmol/L,",
        ][i % 4];
        let status = ["Final", "Corrected", "Final", "Final", "Cancelled"][i % 5];
        format!("{},{:02}/{:02}/2021 08:15 AM,{what},{status}", 90_010 + i % 6, 1 + i % 12, 13 + i % 15)
    });
    let imported = import(&[("lab.csv", &text)]);
    says(&imported, "lab.csv: 8 rows are marked as withdrawn and not used.");
    let events = support::events(&imported);
    assert_eq!((events.len(), imported.report.rows_not_used), (32, 8));
    for (name, value, unit) in [
        ("INR", 1.1, None),
        ("Glucose", 95.0, Some("mg/dL")),
        ("Sodium", 139.0, Some("mmol/L")),
        ("Hemoglobin", 13.4, Some("g/dL")),
    ] {
        let all = of(&events, name);
        assert!(!all.is_empty() && all.iter().all(|e| e.value == Some(value) && e.unit.as_deref() == unit), "{all:?}");
        assert!(all.iter().all(|e| e.domain == "measurement"), "{all:?}");
    }
}

#[test]
fn a_column_of_icd_codes_alone_is_of_the_icd_that_they_look_like() {
    let text = rows("patient_id,day,icd10_code", 12, |i| {
        format!("{},2021-01-{:02},{}", i % 4, 1 + i, ["E11.9", "I10"][i % 2])
    });
    assert_eq!(long("diagnoses.csv", &text).system.as_deref(), Some("ICD10CM"));
}

#[test]
fn stays_and_places_of_a_french_hospital_are_not_stored_and_its_days_come_first() {
    let text = rows("IPP;NUM_SEJOUR;CP;DATE_ENTREE;DP", 12, |i| {
        format!("{};{};750{:02};0{}/02/2021;E119", 1001 + i, 55_001 + i, 10 + i, 1 + i % 9)
    });
    let imported = import(&[("pmsi.csv", &text)]);
    holds_none(&imported, &["75010", "55001"]);
    assert_eq!(support::variables(&imported), ["CP", "DATE_ENTREE", "DP"]);
    let entered = shown(imported.dataset.table("variable").unwrap().column("DATE_ENTREE").unwrap());
    assert_eq!(entered[2], "2021-02-03");
    let found = support::look(&[("pmsi.csv", text.as_bytes())]);
    assert!(found.tables[0].proposal.evidence[3].date_order_unsure, "it is asked all the same");
}

#[test]
fn clinical_observations_of_pcornet_have_their_system() {
    let text = rows(
        "OBSCLINID,PATID,OBSCLIN_START_DATE,OBSCLIN_TYPE,OBSCLIN_CODE,OBSCLIN_RESULT_NUM,OBSCLIN_RESULT_UNIT,RAW_OBSCLIN_NAME",
        20,
        |i| {
            let what = ["LC,8480-6,120,mm[Hg],SBP", "LC,8310-5,37.1,Cel,TEMP"][i % 2];
            format!("O{i},PT{},2021-01-{:02},{what}", i % 5, 1 + i)
        },
    );
    let events = support::events(&import(&[("OBS_CLIN.csv", &text)]));
    assert!(
        events.iter().all(|e| e.concept.0 == "LOINC" && e.domain == "measurement" && e.value.is_some()),
        "{events:?}"
    );
    let text = rows("PROCEDURESID,PATID,PX_DATE,PX,PX_TYPE", 20, |i| {
        format!("P{i},PT{},2021-01-{:02},{},CH", i % 5, 1 + i, ["99213", "J1100"][i % 2])
    });
    let events = support::events(&import(&[("PROCEDURES.csv", &text)]));
    assert!(
        events
            .iter()
            .all(|e| e.concept.0 == if e.concept.1 == "99213" { "CPT4" } else { "HCPCS" } && e.domain == "procedure")
    );
}
