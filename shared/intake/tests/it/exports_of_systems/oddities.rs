//! What stands in exports of many systems and is not what it looks like.

use super::*;

#[test]
fn pairs_per_cents_and_measurements_at_a_time_are_what_they_are() {
    let vitals = rows("patient_id,taken,bp,spo2,ALT,Hb_t1", 24, |i| {
        let alt = [".A".to_owned(), (20 + i).to_string(), (30 + i).to_string()]
            [usize::from(i % 5 > 0) + usize::from(i % 7 > 3)]
        .clone();
        format!("{},2021-03-{:02},{}/{},{}%,{alt},1{}.5", i % 8, 1 + i, 120 + i, 70 + i, 95 + i % 5, i % 5)
    });
    let imported = import(&[("vitals.csv", &vitals)]);
    let events = support::events(&imported);
    assert!(
        of(&events, "bp").len() == 24
            && of(&events, "bp").iter().all(|e| e.words.as_deref().is_some_and(|w| w.contains('/')))
    );
    assert!(of(&events, "spo2").iter().all(|e| e.value.is_some() && e.unit.as_deref() == Some("%")));
    assert!(of(&events, "ALT").iter().all(|e| e.value.is_some()), "SAS's .A is no value");
    let found = support::look(&[("vitals.csv", vitals.as_bytes())]);
    let column = found.tables[0].proposal.mapping.columns.iter().find(|c| c.name == "Hb_t1").unwrap();
    assert_eq!(column.role, model::dataset::ColumnRole::Number);
}

#[test]
fn days_counted_from_a_first_day_are_not_stored() {
    let text = rows("SUBJID,VISITDT,BIRTHDT_N,ENTRYDT,DOSE", 30, |i| {
        format!("{},{},x,{},{}", 100 + i, 22_350 + i, 44_200 + i, 12_000 + i)
    });
    let found = support::look(&[("trial.csv", text.as_bytes())]);
    let role = |name: &str| found.tables[0].proposal.mapping.columns.iter().find(|c| c.name == name).map(|c| c.role);
    use model::dataset::ColumnRole::{Drop, Number};
    assert_eq!((role("VISITDT"), role("ENTRYDT"), role("DOSE")), (Some(Drop), Some(Drop), Some(Number)));
    assert!(
        found.tables[0]
            .proposal
            .warnings
            .iter()
            .any(|w| w.contains("'VISITDT' is a date by its name and holds numbers"))
    );
}

#[test]
fn what_stands_around_a_table_of_a_report_is_nobody() {
    let body = rows("Patient;Aufnahme;Diagnose;Kosten (€);CRP (mg/l)\n;;;€;mg/l", 12, |i| {
        format!("P{i:03};{:02}.03.2021;{};1.{},50;{i},{}", 1 + i, ["Pneumonie", "Sepsis"][i % 2], 200 + i, i % 10)
    });
    let text = format!(
        "Qualitätsbericht 2021;;;;\n;;;;\n{body}Summe;;;15.234,00;\nErstellt von: Dr. Anna Weber, 05.01.2022;;;;\n"
    );
    let imported = import(&[("bericht.csv", &text)]);
    let r = &imported.report;
    assert_eq!((r.persons, r.rows_read, r.rows_kept, r.rows_rejected, r.rows_not_used), (12, 15, 12, 2, 1));
    assert!(r.rejected.iter().any(|x| x.reason.contains("a remark beside the table")), "{:?}", r.rejected);
    let cells = shown(imported.dataset.table("variable").unwrap().column("CRP (mg/l)").unwrap());
    assert_eq!(cells[1], "1.1");
    let costs = shown(imported.dataset.table("variable").unwrap().column("Kosten (€)").unwrap());
    assert_eq!(costs[0], "1200.5");
    holds_none(&imported, &["Weber"]);
}

#[test]
fn days_that_stand_for_none_are_no_deaths_ends_or_visits() {
    let people = rows("patient_id,sex,birth_date,death_date", 6, |i| {
        format!("{},{},1950-01-02,{}", 10 + i, ["m", "f"][i % 2], ["9999-12-31", "", "2021-06-01"][i % 3])
    });
    let drugs = rows("patient_id,drug,start,end", 18, |i| {
        format!("{},Metformin,2021-01-{:02},{}", 10 + i % 6, 1 + i, ["9999-12-31", "2021-04-01", "2999-01-01"][i % 3])
    });
    let visits = rows("patient_id,visit_date,weight", 18, |i| {
        format!("{},{},{}", 10 + i % 6, if i < 2 { "1900-01-01".to_owned() } else { format!("2021-02-{i:02}") }, 70 + i)
    });
    let imported = import(&[("people.csv", &people), ("meds.csv", &drugs), ("visits.csv", &visits)]);
    let r = &imported.report;
    assert_eq!((r.rows_rejected, r.values_rejected), (2, 14), "{:?}", r.rejected);
    assert!(r.rejected.iter().all(|x| x.reason.contains("a day that stands for 'no date'")), "{:?}", r.rejected);
    let person = imported.dataset.table("person").unwrap();
    assert_eq!(shown(person.column("death_day").unwrap())[..3], ["-", "-", "2021-06-01"]);
    assert_eq!(shown(person.column("birth_year").unwrap())[0], "1950");
    let events = support::events(&imported);
    assert_eq!((of(&events, "Metformin").len(), of(&events, "weight").len()), (18, 16));
}

#[test]
fn limits_among_the_numbers_of_visits_keep_their_signs() {
    let text = rows("MRN,Collected,CREAT,Note", 24, |i| {
        let creatinine = if i % 4 == 0 { "<0.2".to_owned() } else { format!("0.{i}") };
        format!("{},2021-03-{:02},{creatinine},{}", 800 + i % 6, 1 + i, ["<see>", "fine"][i % 2])
    });
    let imported = import(&[("labs_wide.csv", &text)]);
    says(&imported, "6 values are given as 'less than' or 'more than'");
    let events = support::events(&imported);
    let creatinine = of(&events, "CREAT");
    assert_eq!((creatinine.len(), creatinine.iter().filter(|e| e.words.as_deref() == Some("<")).count()), (24, 6));
    assert!(creatinine.iter().all(|e| e.value.is_some()));
    assert_eq!(of(&events, "Note").len(), 24);
}

#[test]
fn a_weekday_before_a_date_and_a_barcode_are_what_they_are() {
    let text = rows("PatientenID;Datum;Messung;Wert;Einheit", 20, |i| {
        format!(
            "{};{}, {:02}.03.2021;{}",
            300 + i % 6,
            ["Mo", "Di"][i % 2],
            1 + i,
            ["Temperatur;36,8;°C", "Puls;72;/min"][i % 2]
        )
    });
    let events = support::events(&import(&[("akte.csv", &text)]));
    assert!(of(&events, "Temperatur").iter().all(|e| e.value == Some(36.8)) && of(&events, "Puls").len() == 10);
    assert_eq!(events.iter().map(|e| e.start).min(), day::from_ymd(2021, 3, 1));
    let text = rows("Tumor_Sample_Barcode,gene,vaf", 20, |i| format!("TCGA-{:04}-01,TP53,0.{i}", i % 6));
    let found = support::look(&[("genomics.csv", text.as_bytes())]);
    let column = &found.tables[0].proposal.mapping.columns[0];
    assert_ne!(column.identifier_class.as_deref(), Some("date"), "a barcode is no date");
}

#[test]
fn numbers_and_births_of_two_persons_are_identifiers_too() {
    let text = rows("MRN,birth_date,birth_mode,home_phone,phone_known,day,crp", 12, |i| {
        let who = ["4455661,1950-01-02,vaginal,617-555-0100,yes", "4455662,1951-03-04,section,617-555-0199,no"][i % 2];
        format!("{who},2021-03-{:02},{i}", 1 + i)
    });
    let imported = import(&[("labs.csv", &text)]);
    assert_eq!(imported.report.persons, 2);
    holds_none(&imported, &["4455661", "555-0100", "1950-01-02"]);
    let events = support::events(&imported);
    assert!(!events.iter().any(|e| e.concept.1 == "birth_date" && e.start == day::from_ymd(1950, 1, 2).unwrap()));
    assert_eq!(
        (of(&events, "birth_mode").len(), of(&events, "phone_known").len(), of(&events, "crp").len()),
        (12, 12, 12)
    );
}

#[test]
fn numbers_of_stays_written_in_one_are_not_stored_and_units_end_names() {
    let text = rows("uniquepid,patientunitstayid,weight_kg,Glucose mg/dl", 12, |i| {
        format!("002-{i},{},{},{}", 141_000 + i, 70 + i, 90 + i)
    });
    let found = support::look(&[("patient.csv", text.as_bytes())]);
    let units: Vec<Option<&str>> = found.tables[0].proposal.mapping.columns.iter().map(|c| c.unit.as_deref()).collect();
    assert_eq!(units, [None, None, Some("kg"), Some("mg/dl")]);
    let imported = import(&[("patient.csv", &text)]);
    assert_eq!(support::variables(&imported), ["weight_kg", "Glucose mg/dl"]);
}
