//! Longitudinal exports of forms, as REDCap writes them: a row a person and event of the study.
#![cfg(feature = "tables")]
#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use crate::support::cells::shown;
use crate::support::tables as support;

use intake::{DatePolicy, Imported, Settings};
use model::import_mapping::{TableShape, VisitShape};

fn settings() -> Settings {
    Settings { dates: DatePolicy::Keep, ..Settings::new("test", [7; 32]) }
}

fn import(text: &str) -> Imported {
    let imported = support::import(&[("export.csv", text.as_bytes())], settings());
    support::adds_up(&imported.report);
    imported
}

fn shape(text: &str) -> VisitShape {
    let found = support::look(&[("export.csv", text.as_bytes())]);
    let TableShape::Visits(visits) = &found.tables[0].shape else { panic!("{:?}", found.tables[0].shape) };
    visits.clone()
}

fn cells(imported: &Imported, name: &str) -> Vec<String> {
    shown(imported.dataset.table("variable").unwrap().column(name).unwrap())
}

#[track_caller]
fn says(imported: &Imported, words: &str) {
    let all = &imported.report.warnings;
    assert!(all.iter().any(|w| w.contains(words)), "'{words}' is not among {all:#?}");
}

const HEADER: &str = "record_id,redcap_event_name,redcap_repeat_instrument,redcap_repeat_instance,first_name,dob,sex,demographics_complete,\
                      visit_date,weight,ecog,visit_complete,lab_date,crp,lab_complete";

/// Ten persons: who they are at enrolment, two visits, and laboratory values as a repeated form.
fn export() -> String {
    let mut text = format!("{HEADER}\n");
    for i in 0..10 {
        text += &format!("{},enrolment_arm_1,,,Ann{i},1950-02-0{},{},2,,,,,,,\n", 1 + i, 1 + i % 9, ["1", "2"][i % 2]);
        for month in [1, 7] {
            let weight = format!("{}.5", 60 + i);
            text += &format!("{},month_{month}_arm_1,,,,,,,2021-0{month}-15,{weight},{},2,,,\n", 1 + i, i % 3);
        }
        for instance in 1..=2 {
            text +=
                &format!("{},month_1_arm_1,labs,{instance},,,,,,,,,2021-02-0{instance},{},2\n", 1 + i, 5 * instance);
        }
    }
    text
}

#[test]
fn what_is_filled_once_is_the_persons_and_what_repeats_is_dated() {
    let text = export();
    let visits = shape(&text);
    assert_eq!((visits.date.as_str(), visits.more_dates.as_slice()), ("visit_date", &["lab_date".to_owned()][..]));
    assert_eq!(visits.of_person, ["dob", "sex"]);
    let imported = import(&text);
    let r = &imported.report;
    assert_eq!((r.persons, r.rows_read, r.rows_kept, r.rows_rejected, r.values_rejected), (10, 50, 50, 0, 0));
    assert_eq!(cells(&imported, "sex")[..2], ["1", "2"]);
    assert_eq!(cells(&imported, "dob")[0], "1950");
    let events = support::events(&imported);
    let of = |code: &str| events.iter().filter(|e| e.concept.1 == code).collect::<Vec<_>>();
    assert_eq!((of("weight").len(), of("ecog").len(), of("crp").len(), events.len()), (20, 20, 20, 60));
    let crp = of("crp");
    let day = |text: &str| columnar::day::parse_iso(text.as_bytes()).unwrap();
    assert!(crp.iter().all(|e| e.start == day("2021-02-01") || e.start == day("2021-02-02")), "{crp:?}");
    assert!(of("weight").iter().all(|e| e.start == day("2021-01-15") || e.start == day("2021-07-15")));
    // Nothing of a name, nor of whether a form is complete.
    assert!(!events.iter().any(|e| e.concept.1.contains("complete")));
    for chunk in &imported.chunks {
        assert!(!chunk.bytes.windows(4).any(|w| w == b"Ann3"), "{}", chunk.key);
    }
}

#[test]
fn values_that_do_not_agree_are_counted_and_the_first_is_taken() {
    // The first rows say it differently at a later event; one value of a visit has no date.
    let text = export()
        .replace("1,month_7_arm_1,,,,,,,2021-07-15", "1,month_7_arm_1,,,,,2,,2021-07-15")
        .replace("2,month_7_arm_1,,,,,,,2021-07-15", "2,month_7_arm_1,,,,,,,");
    let mut mapping =
        model::import_mapping::ImportMapping::from(&support::look(&[("export.csv", export().as_bytes())]));
    let files = [("export.csv", text.as_bytes())];
    let imported = support::import_as(mapping.clone(), &files, settings()).unwrap();
    support::adds_up(&imported.report);
    says(&imported, "export.csv: 1 person has different values of 'sex' in several rows: the first was taken.");
    assert_eq!(cells(&imported, "sex")[0], "1");
    let r = &imported.report;
    assert_eq!((r.rows_kept, r.rows_rejected, r.rows_not_used, r.values_rejected), (49, 0, 1, 2));
    assert!(r.rejected.iter().all(|x| x.line == 9 && x.reason.contains("no date in the row")), "{:?}", r.rejected);
    // A column that is not there any more is named.
    let TableShape::Visits(visits) = &mut mapping.tables[0].shape else { panic!("{:?}", mapping.tables[0].shape) };
    visits.of_person.push("height".to_owned());
    assert!(mapping.problems().iter().any(|p| p.contains("no column 'height'")), "{:?}", mapping.problems());
}

#[test]
fn forms_without_a_date_are_variables() {
    let mut text = "record_id,redcap_event_name,age,score,done\n".to_owned();
    for i in 0..12 {
        text += &format!("{},baseline_arm_1,{},{},\n{},end_arm_1,,{},{}\n", i, 40 + i, i % 5, i, (i + 1) % 5, i % 2);
    }
    let visits = shape(&text);
    assert_eq!((visits.date.as_str(), visits.of_person.len()), ("", 3));
    let imported = import(&text);
    assert_eq!((imported.report.persons, imported.report.rows_kept, imported.report.events), (12, 24, 0));
    assert_eq!((cells(&imported, "age")[1].as_str(), cells(&imported, "done")[1].as_str()), ("41", "1"));
    says(&imported, "12 persons have different values of 'score'");
}

#[test]
fn the_sex_is_the_persons_whenever_it_is_said() {
    let mut text = "record_id,redcap_event_name,sex,visit_dt,sbp\n".to_owned();
    for i in 0..6 {
        let second = ["", "2"][i % 2];
        text += &format!(
            "{i},baseline_arm_1,1,2020-01-0{},120\n{i},followup_arm_1,{second},2020-07-0{},125\n",
            1 + i,
            1 + i
        );
    }
    assert_eq!(shape(&text).of_person, ["sex"]);
    let imported = import(&text);
    says(&imported, "export.csv: 3 persons have different values of 'sex' in several rows");
    assert_eq!((imported.report.events, cells(&imported, "sex")[1].as_str()), (12, "1"));
}
