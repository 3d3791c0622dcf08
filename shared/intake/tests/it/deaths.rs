//! Tables that say when somebody died, and tables of codes with their words: what is proposed and what becomes of it.

#![allow(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use crate::support::tables as support;

use columnar::{Column, day};
use intake::{DatePolicy, Imported, Settings};
use model::concept::Domain;
use model::dataset::{ColumnRole, DatasetShape};
use model::import_mapping::TableShape;
use support::{adds_up, events, import, look, settings};

const PEOPLE: &str = "Id,BIRTHDATE,DEATHDATE,FIRST,LAST,GENDER,LAT\n\
    p1,1950-02-01,2021-05-06,Ann,Miller,F,42.1\np2,1980-05-05,,Bob,Stone,M,42.2\np3,1960-01-09,,Cleo,Hart,F,42.3\n";
const VISITS: &str = "patient,visit_date,weight,died\n\
    p2,2020-01-02,80,\np2,2020-03-02,79,2020-04-01\np3,2020-01-02,60,\np3,2020-02-02,61,\n";

fn deaths(imported: &Imported) -> Vec<Option<i32>> {
    match imported.dataset.table("person").unwrap().column("death_day") {
        Some(Column::Day(days)) => days.iter().collect(),
        other => panic!("{other:?}"),
    }
}

fn of(text: &str) -> i32 {
    day::parse_iso(text.as_bytes()).unwrap()
}

#[test]
fn a_day_of_death_is_the_death_of_the_person() {
    let files = [("patients.csv", PEOPLE.as_bytes()), ("visits.csv", VISITS.as_bytes())];
    let found = look(&files);
    let role = |table: usize, name: &str| {
        let columns = &found.tables[table].proposal.mapping.columns;
        columns.iter().find(|c| c.name == name).map(|c| (c.role, c.identifier_class.clone())).unwrap()
    };
    assert_eq!(role(0, "DEATHDATE").0, ColumnRole::Death);
    assert_eq!(role(1, "died").0, ColumnRole::Death);
    for (name, class) in [("FIRST", "name"), ("LAST", "name"), ("LAT", "city")] {
        assert_eq!(role(0, name), (ColumnRole::Drop, Some(class.to_owned())), "{name}");
    }
    let imported = import(&files, settings());
    adds_up(&imported.report);
    assert_eq!(deaths(&imported), [Some(of("2021-05-06")), Some(of("2020-04-01")), None]);
    let dead: Vec<_> = events(&imported).into_iter().filter(|e| e.domain == "death").collect();
    assert_eq!(
        dead.iter().map(|e| (e.person, e.start)).collect::<Vec<_>>(),
        [(0, of("2021-05-06")), (1, of("2020-04-01"))]
    );
    assert_eq!(dead[0].concept, ("SNOMED".into(), "419099009".into()));
    assert_eq!(imported.report.events, 6, "four weights and two deaths");
    // Both move with the person's other dates.
    let moved = import(&files, Settings { dates: DatePolicy::Shift, ..settings() });
    let dead: Vec<_> = events(&moved).into_iter().filter(|e| e.domain == "death").map(|e| Some(e.start)).collect();
    assert_eq!(deaths(&moved)[..2], dead);
    assert_ne!(deaths(&moved)[0], Some(of("2021-05-06")));
}

#[test]
fn a_flat_file_and_a_table_of_deaths_say_it_too() {
    let alone = import(&[("p.csv", PEOPLE.as_bytes())], settings());
    assert_eq!(alone.header.shape, DatasetShape::Flat);
    assert_eq!(deaths(&alone), [Some(of("2021-05-06")), None, None]);
    // Of two tables that do not agree the first day is taken, and it is said.
    let more = "id,date_of_death\np1,2021-05-01\np3,2022-01-01\n";
    let files =
        [("patients.csv", PEOPLE.as_bytes()), ("visits.csv", VISITS.as_bytes()), ("deaths.csv", more.as_bytes())];
    let imported = import(&files, settings());
    assert_eq!(deaths(&imported), [Some(of("2021-05-01")), Some(of("2020-04-01")), Some(of("2022-01-01"))]);
    assert!(imported.report.warnings.iter().any(|w| w.starts_with("1 person has different days of death")));
}

#[test]
fn dates_that_mean_something_else_for_the_living_are_no_deaths() {
    let text =
        "id,death_or_last_contact,last_known_alive_date,x\n1,2020-01-01,2020-01-01,1\n2,2020-01-02,2020-02-01,2\n";
    let found = look(&[("a.csv", text.as_bytes())]);
    let roles: Vec<ColumnRole> = found.tables[0].proposal.mapping.columns.iter().map(|c| c.role).collect();
    assert_eq!(roles[1..3], [ColumnRole::Date, ColumnRole::Date]);
}

#[test]
fn codes_with_their_words_are_rows_of_events() {
    let conditions = "START,STOP,PATIENT,ENCOUNTER,CODE,DESCRIPTION\n\
        2010-01-02,,p1,e1,44054006,Diabetes mellitus type 2 (disorder)\n\
        2011-01-02,2011-01-20,p1,e2,195662009,Acute viral pharyngitis (disorder)\n\
        2012-01-02,,p2,e3,44054006,Diabetes mellitus type 2 (disorder)\n";
    let observations = "DATE,PATIENT,ENCOUNTER,CATEGORY,CODE,DESCRIPTION,VALUE,UNITS,TYPE\n\
        2012-01-01T03:04:05Z,p1,e1,laboratory,2339-0,Glucose [Mass/volume] in Blood,90.5,mg/dL,numeric\n\
        2012-02-01T03:04:05Z,p1,e2,laboratory,2339-0,Glucose [Mass/volume] in Blood,5.5,mmol/L,numeric\n\
        2012-02-01T03:04:05Z,p2,e2,vital-signs,8302-2,Body Height,170.2,cm,numeric\n";
    let files = [
        ("patients.csv", PEOPLE.as_bytes()),
        ("conditions.csv", conditions.as_bytes()),
        ("observations.csv", observations.as_bytes()),
    ];
    let found = look(&files);
    let TableShape::Long(long) = &found.tables[1].shape else { panic!("{:?}", found.tables[1].shape) };
    assert_eq!(
        (long.domain, long.system.as_deref(), long.end.as_deref()),
        (Domain::Condition, Some("SNOMED"), Some("STOP"))
    );
    let TableShape::Long(long) = &found.tables[2].shape else { panic!("{:?}", found.tables[2].shape) };
    assert_eq!((long.domain, long.system.as_deref()), (Domain::Measurement, Some("LOINC")));
    let imported = import(&files, settings());
    adds_up(&imported.report);
    let got = events(&imported);
    assert_eq!(got.iter().filter(|e| e.concept == ("SNOMED".into(), "44054006".into())).count(), 2);
    let glucose: Vec<f64> = got.iter().filter(|e| e.concept.1 == "2339-0").filter_map(|e| e.value).collect();
    assert!((glucose[0] - 90.5).abs() < 1e-9 && (glucose[1] - 5.5 * 18.0156).abs() < 1e-9, "{glucose:?}");
}
