//! Dates of exports: of SAS, in letters, with years of two digits, without a day.

use super::*;

#[test]
fn dates_of_sas_and_months_in_letters_are_dates() {
    let text = rows("USUBJID,BRTHDTC,VISITDT,TMSTMP,SHORT,MONTH", 40, |i| {
        format!(
            "S-{i:04},{}-05-0{},{:02}JAN2020,{:02}FEB2020:13:45:00,{:02}.01.20,2020-{:02}",
            1940 + i,
            1 + i % 9,
            1 + i % 28,
            1 + i % 28,
            1 + i % 28,
            1 + i % 12
        )
    });
    let imported = import(text.as_bytes());
    assert_eq!(cells(&imported, "BRTHDTC")[0], "1940");
    assert_eq!(
        (cells(&imported, "VISITDT")[1].as_str(), cells(&imported, "TMSTMP")[1].as_str()),
        ("2020-01-02", "2020-02-02")
    );
    // What is no day is not kept as if it were a word: its month would be somebody's.
    let proposal = look(text.as_bytes());
    let role = |name: &str| proposal.mapping.columns.iter().find(|c| c.name == name).map(|c| c.role);
    assert_eq!((role("SHORT"), role("MONTH")), (Some(ColumnRole::Date), Some(ColumnRole::Drop)));
    assert!(proposal.warnings.iter().any(|w| w.contains("'SHORT' holds years of two digits")));
    assert!(proposal.warnings.iter().any(|w| w.contains("'MONTH' holds dates without a day")));
}

#[test]
fn years_of_two_digits_are_read_where_all_are_so_written() {
    let text = rows("id,dob,seen,ordered,mixed", 40, |i| {
        let year = if i % 2 == 0 { "2019" } else { "19" };
        format!(
            "p{i},{:02}.02.{:02},1/{}/19,{:02}-JAN-{:02},3/1{}/{year}",
            1 + i % 28,
            (27 + 2 * i) % 100,
            13 + i % 16,
            1 + i % 28,
            10 + i % 9,
            i % 9
        )
    });
    let proposal = look(text.as_bytes());
    let column = |name: &str| proposal.mapping.columns.iter().find(|c| c.name == name).unwrap();
    assert_eq!((column("dob").short_years, column("dob").date_format), (true, Some(DateFormat::DayMonthYear)));
    assert_eq!((column("seen").short_years, column("seen").date_format), (true, Some(DateFormat::MonthDayYear)));
    assert_eq!((column("mixed").short_years, column("mixed").role), (false, ColumnRole::Drop));
    let this_year = Settings { this_year: Some(2026), ..settings() };
    let mut import = CsvImport::new(proposal.mapping.clone(), this_year, "file.csv").unwrap();
    import.push(text.as_bytes()).unwrap();
    let imported = import.finish().unwrap();
    assert_eq!(imported.report.values_rejected, 0, "{:?}", imported.report.rejected);
    // 27 is 1927: the hundred years end in 2026; who would be above 89 when last seen (2019) is 90.
    assert_eq!((cells(&imported, "dob")[0].as_str(), cells(&imported, "dob")[10].as_str()), ("1929", "1947"));
    assert_eq!(
        (cells(&imported, "seen")[0].as_str(), cells(&imported, "ordered")[1].as_str()),
        ("2019-01-13", "2011-01-02")
    );
    says(&imported, "file.csv: years of two digits were read as 1927 to 2026 (in 'dob', 'seen', 'ordered').");
    // Nobody says which year it is: nothing is guessed.
    let imported = self::import(text.as_bytes());
    assert_eq!(imported.report.values_rejected, 120);
    assert!(imported.report.rejected[0].reason.contains("the century is not known"));
}

#[test]
fn orders_of_years_of_two_digits_are_asked_where_nothing_says_them() {
    let asked = |header: &str, cell: &dyn Fn(usize) -> String| {
        let text = rows(header, 20, |i| format!("p{i},{}", cell(i)));
        let found = look(text.as_bytes());
        (found.mapping.columns[1].date_format.unwrap(), found.evidence[1].date_order_unsure)
    };
    assert_eq!(asked("id,seen", &|i| format!("{}/{}/19", 1 + i % 12, 1 + i % 11)), (DateFormat::MonthDayYear, true));
    assert_eq!(asked("id,seen", &|i| format!("{}.{}.19", 1 + i % 12, 1 + i % 11)), (DateFormat::DayMonthYear, true));
    assert_eq!(asked("id,seen", &|i| format!("{}.{}.19", 1 + i, 1 + i % 11)), (DateFormat::DayMonthYear, false));
    assert_eq!(asked("id,seen", &|i| format!("19-0{}-{:02}", 1 + i % 9, 1 + i)), (DateFormat::YearMonthDay, true));
    assert_eq!(asked("id,seen", &|i| format!("97-0{}-{:02}", 1 + i % 9, 1 + i)), (DateFormat::YearMonthDay, false));
}

#[test]
fn visits_and_values_with_years_of_two_digits_are_dated() {
    let labs =
        rows("patient_id,date,test,value", 20, |i| format!("{},{}/{}/24,CRP,{i}", i % 5, 1 + i % 12, 13 + i % 9));
    let files = [("labs.csv", labs.as_bytes())];
    let imported = support::import(&files, Settings { this_year: Some(2026), ..settings() });
    support::adds_up(&imported.report);
    let all = support::events(&imported);
    let first = columnar::day::from_ymd(2024, 1, 13).unwrap();
    assert!(all.len() == 20 && all.iter().any(|e| e.start == first), "{all:?}");
    says(&imported, "labs.csv: years of two digits were read as 1927 to 2026 (in 'date').");
    let imported =
        support::import_as(model::import_mapping::ImportMapping::from(&support::look(&files)), &files, settings());
    assert!(imported.is_err_and(|e| e.to_string().contains("the century is not known")));
}

#[test]
fn dates_that_lack_the_day_count_as_missing_among_whole_ones() {
    let text = rows("id,onset,x", 40, |i| {
        format!("p{i},{},{i}", if i % 4 == 0 { "2020-03".to_owned() } else { format!("2020-03-{:02}", 1 + i % 28) })
    });
    let imported = import(text.as_bytes());
    assert_eq!(cells(&imported, "onset")[..2], ["-", "2020-03-02"]);
    assert_eq!(imported.report.values_rejected, 10);
    assert!(look(text.as_bytes()).warnings.iter().any(|w| w.contains("10 values are") && w.contains("without a day")));
}
