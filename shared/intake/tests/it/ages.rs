//! Ages above 89 in columns of all kinds and units, in every shape of table.
#![cfg(feature = "tables")]
#![allow(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use crate::support::cells::shown;
use crate::support::tables as support;

use intake::csv::{CsvImport, inspect};
use intake::{DatePolicy, Imported, Settings};
use model::dataset::ColumnRole;
use model::import_mapping::TableShape;
use support::{events, import, look, settings};

fn flat(text: &str, settings: Settings) -> Imported {
    let mapping = inspect("file.csv", text.as_bytes(), true).unwrap().mapping;
    let mut import = CsvImport::new(mapping, settings, "file.csv").unwrap();
    import.push(text.as_bytes()).unwrap();
    import.finish().unwrap()
}

fn cells(imported: &Imported, name: &str) -> Vec<String> {
    shown(imported.dataset.table("variable").unwrap().column(name).unwrap())
}

fn n_old(imported: &Imported, at: &str) -> u64 {
    let old = imported.report.identifiers.iter().filter(|i| i.class == "ages over 89" && i.place.contains(at));
    old.map(|i| i.found).sum()
}

fn rows(header: &str, n: usize, row: impl Fn(usize) -> String) -> String {
    (0..n).fold(format!("{header}\n"), |text, i| text + &row(i) + "\n")
}

#[test]
fn few_whole_ages_are_numbers_and_codes_of_groups_are_levels() {
    let text = rows("age,agecode,x", 40, |i| format!("{},{},{i}", [45, 67, 91, 102][i % 4], 1 + i % 3));
    let imported = flat(&text, settings());
    assert_eq!(cells(&imported, "age")[..4], ["45", "67", "90", "90"]);
    assert_eq!(n_old(&imported, "age"), 20);
    let role = |text: &str, name: &str| {
        let found = inspect("file.csv", text.as_bytes(), true).unwrap();
        found.mapping.columns.iter().find(|c| c.name == name).map(|c| c.role)
    };
    assert_eq!(role(&text, "age"), Some(ColumnRole::Number));
    let codes = rows("age,x", 40, |i| format!("{},{i}", 1 + i % 3));
    assert_eq!(role(&codes, "age"), Some(ColumnRole::Category));
}

#[test]
fn ages_in_months_and_days_end_at_ninety_years() {
    let text = rows("age_months,age_days,x", 30, |i| format!("{},{},{i}", 1070 + i, 32_870 + i));
    let imported = flat(&text, settings());
    assert_eq!(cells(&imported, "age_months")[9..12], ["1079", "1080", "1080"]);
    assert_eq!(cells(&imported, "age_days")[1..4], ["32871", "32872", "32873"]);
    assert_eq!((n_old(&imported, "age_months"), n_old(&imported, "age_days")), (20, 27));
    let open = Settings { safe_harbor: false, ..settings() };
    assert_eq!(cells(&flat(&text, open), "age_months")[29], "1099");
}

#[test]
fn ages_without_a_unit_are_no_years_where_nobody_is_so_old() {
    let text = rows("id,age,x", 40, |i| format!("p{i},{},{i}", 200 + i * 23));
    let proposal = inspect("file.csv", text.as_bytes(), true).unwrap();
    let column = proposal.mapping.columns.iter().find(|c| c.name == "age").unwrap();
    assert_eq!((column.role, column.unit.as_deref()), (ColumnRole::Number, Some("months")));
    assert!(proposal.warnings.iter().any(|w| w.contains("taken for months")), "{:?}", proposal.warnings);
    let imported = flat(&text, settings());
    assert_eq!(cells(&imported, "age")[37..], ["1051", "1074", "1080"]);
    assert_eq!(n_old(&imported, "age"), 1);
}

#[test]
fn a_code_for_unknown_is_no_old_person() {
    let text = rows("id,age,x", 40, |i| format!("p{i},{},{i}", if i % 10 == 3 { 999 } else { 50 + i }));
    let imported = flat(&text, settings());
    assert_eq!(cells(&imported, "age")[2..5], ["52", "-", "54"]);
    assert_eq!((imported.report.values_rejected, n_old(&imported, "age")), (4, 0));
    assert!(imported.report.rejected[0].reason.contains("nobody's age"), "{:?}", imported.report.rejected[0]);
}

#[test]
fn groups_of_ages_end_at_ninety() {
    let groups = ["80-89", "90-94", "95-99", "100+"];
    let text = rows("age_group,dose_group", 40, |i| format!("{},{}", groups[i % 4], groups[i % 4]));
    let imported = flat(&text, settings());
    assert_eq!(cells(&imported, "age_group")[..4], ["80-89", "90+", "90+", "90+"]);
    assert_eq!(cells(&imported, "dose_group")[..4], groups);
    assert_eq!(n_old(&imported, "age_group"), 30);
}

#[test]
fn few_years_of_birth_are_no_levels() {
    let text = rows("id,birth_year,seen", 40, |i| format!("p{i},{},2020-05-0{}", [1925, 1950, 1980][i % 3], 1 + i % 9));
    let imported = flat(&text, Settings { this_year: Some(2020), dates: DatePolicy::Keep, ..settings() });
    assert_eq!(cells(&imported, "birth_year")[..3], ["1930", "1950", "1980"]);
    assert_eq!(n_old(&imported, "birth_year"), 14);
}

#[test]
fn visits_have_no_old_years_of_birth_ages_or_groups() {
    let text = rows("pid,visit_date,birth_year,age,age_group,age_months,weight", 24, |i| {
        let (year, age, group) = [(1920, 100, "95-104"), (1960, 60, "60-69")][i % 2];
        format!("{},2020-0{}-11,{year},{age},{group},{},{}", i % 2, 1 + i / 2 % 9, age * 12, 60 + i)
    });
    let files = [("visits.csv", text.as_bytes())];
    let found = look(&files);
    assert!(matches!(found.tables[0].shape, TableShape::Visits(_)), "{:?}", found.tables[0].shape);
    let imported = import(&files, Settings { dates: DatePolicy::Keep, ..settings() });
    let all = events(&imported);
    let of = |what: &str| {
        let mut values: Vec<String> = all
            .iter()
            .filter(|e| e.concept.1 == what)
            .map(|e| e.value.map_or_else(|| e.words.clone().unwrap_or_default(), |v| v.to_string()))
            .collect();
        values.sort_unstable();
        values.dedup();
        values
    };
    assert_eq!(of("birth_year"), ["1930", "1960"]);
    assert_eq!(of("age"), ["60", "90"]);
    assert_eq!(of("age_group"), ["60-69", "90+"]);
    assert_eq!(of("age_months"), ["1080", "720"]);
    assert_eq!((n_old(&imported, "years of birth"), n_old(&imported, "events")), (12, 12 + 36));
}

#[test]
fn long_tables_have_ages_by_their_unit() {
    let text = "pid,date,test,value,unit\n\
        1,2020-01-01,age,1100,months\n1,2020-01-01,Age,95,years\n1,2020-01-01,age,36525,d\n1,2020-01-01,age,400,months\n\
        1,2020-01-01,birth_year,1920,\n2,2020-01-01,WBC,95,G/L\n2,2020-01-01,Urine ratio,2,ratio\n2,2020-01-01,hCG,50,IU/L\n\
        2,2020-01-01,CRP,7,MG/L\n2,2020-01-01,protein,70,g/l\n2,2020-01-01,CRP,7,mg/l\n2,2020-01-01,CRP,7,mg/l\n";
    let files = [("labs.csv", text.as_bytes())];
    let imported = import(&files, Settings { dates: DatePolicy::Keep, ..settings() });
    let all = events(&imported);
    let mut got: Vec<(String, f64, String)> =
        all.into_iter().map(|e| (e.concept.1, e.value.unwrap(), e.unit.unwrap_or_default())).collect();
    got.sort_by(|a, b| (&a.0, &a.2).cmp(&(&b.0, &b.2)).then(a.1.total_cmp(&b.1)));
    got.dedup();
    let want = [
        ("Age", 90.0, "years"),
        ("CRP", 7.0, "mg/L"),
        ("Urine ratio", 2.0, "ratio"),
        ("WBC", 95.0, "G/L"),
        ("age", 32_873.0, "d"),
        ("age", 400.0, "months"),
        ("age", 1080.0, "months"),
        ("birth_year", 1930.0, ""),
        ("hCG", 50.0, "IU/L"),
        ("protein", 70.0, "g/L"),
    ];
    let want: Vec<(String, f64, String)> = want.map(|(n, v, u)| (n.to_owned(), v, u.to_owned())).to_vec();
    assert_eq!(got, want);
}
