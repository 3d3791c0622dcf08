//! Flat files: what is proposed, what is kept, what is said of the rest.

#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use columnar::Column;
use intake::csv::{CsvImport, inspect};
use intake::{DatePolicy, Imported, IntakeError, Settings};
use model::dataset::ColumnRole;
use model::intake::{CsvMapping, CsvProposal, DateFormat};

fn settings() -> Settings {
    Settings::new("test", [7; 32])
}

fn look(text: &str) -> CsvProposal {
    inspect("file.csv", text.as_bytes(), true).unwrap()
}

fn import(text: &str) -> Imported {
    import_as(look(text).mapping, settings(), text)
}

fn import_as(mapping: CsvMapping, settings: Settings, text: &str) -> Imported {
    let mut import = CsvImport::new(mapping, settings, "file.csv").unwrap();
    import.push(text.as_bytes()).unwrap();
    import.finish().unwrap()
}

fn roles(proposal: &CsvProposal) -> Vec<(&str, ColumnRole)> {
    proposal.mapping.columns.iter().map(|c| (c.name.as_str(), c.role)).collect()
}

fn numbers(imported: &Imported, name: &str) -> Vec<Option<f64>> {
    match imported.dataset.table("variable").unwrap().column(name).unwrap() {
        Column::Number(a) => a.iter().collect(),
        other => panic!("{name} is no number: {other:?}"),
    }
}

fn days(imported: &Imported, name: &str) -> Vec<Option<i32>> {
    match imported.dataset.table("variable").unwrap().column(name).unwrap() {
        Column::Day(a) => a.iter().collect(),
        other => panic!("{name} is no day: {other:?}"),
    }
}

fn levels(imported: &Imported, name: &str) -> Vec<Option<String>> {
    match imported.dataset.table("variable").unwrap().column(name).unwrap() {
        Column::Category(c) => (0..c.codes.len()).map(|r| c.level(r).map(str::to_owned)).collect(),
        other => panic!("{name} is no category: {other:?}"),
    }
}

/// `n` rows made from the row number.
fn rows(header: &str, n: usize, row: impl Fn(usize) -> String) -> String {
    let mut out = format!("{header}\n");
    for i in 0..n {
        out.push_str(&row(i));
        out.push('\n');
    }
    out
}

#[test]
fn a_survival_file_is_understood() {
    let text = rows("pid,time,status,age,arm,note", 60, |i| {
        format!("{},{},{},{},{},", 1000 + i, 10 + i * 7, i % 2, 40 + i, ["A", "B"][i % 2])
    });
    let p = look(&text);
    assert_eq!(
        roles(&p),
        [
            ("pid", ColumnRole::Identifier),
            ("time", ColumnRole::Duration),
            ("status", ColumnRole::Event),
            ("age", ColumnRole::Number),
            ("arm", ColumnRole::Category),
            ("note", ColumnRole::Drop)
        ]
    );
    assert!(p.evidence.iter().all(|e| !e.why.is_empty() && e.n == 60));
    assert_eq!(p.preview.len(), 20);
    let imported = import_as(p.mapping, settings(), &text);
    let r = &imported.report;
    assert_eq!((r.rows_read, r.rows_kept, r.rows_rejected, r.persons), (60, 60, 0, 60));
    assert_eq!(numbers(&imported, "status")[..2], [Some(0.0), Some(1.0)]);
    // Ages 90 to 99 are ten of the sixty.
    assert_eq!(numbers(&imported, "age")[55], Some(90.0));
    let ages = r.identifiers.iter().find(|i| i.class == "ages over 89").unwrap();
    assert_eq!(ages.found, 10);
    let Column::Text(keys) = imported.dataset.table("person").unwrap().column("person_key").unwrap() else { panic!() };
    assert!(keys.iter().flatten().all(|k| k.len() == 16 && k.bytes().all(|b| b.is_ascii_hexdigit())));
}

#[test]
fn the_event_may_be_coded_one_and_two() {
    let p = look(&rows("time,status", 30, |i| format!("{},{}", i + 1, 1 + i % 2)));
    let plan = &p.mapping.columns[1];
    assert_eq!(
        (plan.role, &plan.event_observed[..], &plan.event_censored[..]),
        (ColumnRole::Event, &["2".to_owned()][..], &["1".to_owned()][..])
    );
    assert!(p.warnings.iter().any(|w| w.contains("'status' holds 1 and 2")), "{:?}", p.warnings);
}

#[test]
fn delimiters_and_decimal_commas_are_seen() {
    let p = look("zeit;wert\n1,5;2\n2,5;3\n");
    assert_eq!((p.mapping.delimiter, p.mapping.decimal), (';', ','));
    let imported = import_as(p.mapping, settings(), "zeit;wert\n1,5;2\n2,5;3\n");
    assert_eq!(numbers(&imported, "zeit"), [Some(1.5), Some(2.5)]);
    assert_eq!(look("a\tb\n1\t2\n").mapping.delimiter, '\t');
    assert_eq!(look("a|b\n1|2\n").mapping.delimiter, '|');
}

#[test]
fn files_that_cannot_be_are_refused_in_words() {
    let refuse = |bytes: &[u8]| inspect("f.csv", bytes, true).unwrap_err();
    assert!(matches!(refuse(b""), IntakeError::Empty { .. }));
    assert!(matches!(refuse(b"\n \n"), IntakeError::Empty { .. }));
    assert!(matches!(refuse(b"a,b\n"), IntakeError::HeaderOnly { .. }));
    assert!(matches!(refuse(b"a,b,a\n1,2,3\n"), IntakeError::SameName { first: 1, second: 3, .. }));
    for (bytes, words) in [
        (
            b"PK\x03\x04\x14\0\x06\0\x08\0\0\0!\0\0\0\0\0\0\0\0\0\0\0\0\0\x13\0\0\0[Content_Types].xml".as_slice(),
            "Excel",
        ),
        (b"PAR1\x15\x04", "Parquet"),
        (b"{\"a\": 1}", "JSON"),
        (b"[{\"a\": 1}]", "JSON"),
        (b"\x1f\x8b\x08\0", "gzip"),
        (b"\x7fELF\x01\x01\x01\0\0\0\0\0\0\0\0\0\x02\0\x03\0", "binary"),
    ] {
        let message = refuse(bytes).to_string();
        assert!(message.contains(words) && message.starts_with("f.csv is "), "{message}");
    }
}

#[test]
fn the_wrong_delimiter_is_said() {
    let mut mapping = look("a;b\n1;2\n").mapping;
    mapping.delimiter = ',';
    let mut import = CsvImport::new(mapping, settings(), "f.csv").unwrap();
    import.push(b"a;b\n1;2\n").unwrap();
    let error = import.finish().unwrap_err();
    assert!(matches!(&error, IntakeError::Delimiter { instead, .. } if instead == "the semicolon"), "{error}");
}

#[test]
fn a_plan_for_another_file_is_refused() {
    let mapping = look("a,b\n1,2\n").mapping;
    let mut import = CsvImport::new(mapping.clone(), settings(), "f.csv").unwrap();
    assert!(matches!(import.push(&b"a,c\n1,2\n".repeat(99)), Err(IntakeError::Mapping { .. })));
    let mut import = CsvImport::new(mapping, settings(), "f.csv").unwrap();
    import.push(b"a\n1\n").unwrap();
    assert!(matches!(import.finish(), Err(IntakeError::Mapping { .. })));
}

#[test]
fn ragged_rows_are_rejected_with_their_line() {
    let r = import("a,b\n1,2\n3\n4,5,6\n\n7,8\n").report;
    assert_eq!((r.rows_read, r.rows_kept, r.rows_rejected), (4, 2, 2));
    assert_eq!(r.rejected.iter().map(|x| x.line).collect::<Vec<_>>(), [3, 4]);
    assert!(r.rejected[0].reason.contains("1 field where the header has 2"), "{}", r.rejected[0].reason);
}

#[test]
fn a_value_that_is_no_number_is_missing_and_counted() {
    let text = rows("time,x", 40, |i| if i == 5 { "9,abc".to_owned() } else { format!("{i},{}.5", i * 3) });
    let imported = import(&text);
    assert_eq!(numbers(&imported, "x")[5], None);
    let r = &imported.report;
    assert_eq!((r.values_rejected, r.rows_kept), (1, 40));
    assert_eq!((r.rejected[0].line, r.rejected[0].field.as_str()), (7, "x"));
    assert!(r.rejected[0].reason.contains("'abc' is not a number"));
}

#[test]
fn negative_times_and_unknown_events_cost_the_row() {
    let text = rows("time,status", 40, |i| match i {
        3 => "-5,1".to_owned(),
        4 => "5,7".to_owned(),
        5 => "5,".to_owned(),
        _ => format!("{},{}", i + 1, i % 2),
    });
    let mut mapping = look(&rows("time,status", 40, |i| format!("{},{}", i + 1, i % 2))).mapping;
    mapping.missing = vec!["NA".to_owned()];
    let imported = import_as(mapping, settings(), &text);
    let r = &imported.report;
    assert_eq!((r.rows_kept, r.rows_rejected, r.values_rejected), (38, 2, 0));
    assert!(r.rejected[0].reason.contains("negative length of time") && r.rejected[0].field == "time");
    assert!(r.rejected[1].reason.contains("'7'") && r.rejected[1].field == "status");
    assert_eq!(numbers(&imported, "status")[3], None);
}

#[test]
fn five_styles_of_dates_and_impossible_ones() {
    let text = rows("d1,d2,d3,d4,d5", 30, |i| {
        let d = i % 28 + 1;
        format!("2020-03-{d:02},{d}.03.2020,3/{d}/2020,202003{d:02},{d}-Mar-2020")
    });
    let p = look(&text);
    let formats: Vec<_> = p.mapping.columns.iter().map(|c| (c.role, c.date_format.unwrap())).collect();
    let all = [
        DateFormat::YearMonthDay,
        DateFormat::DayMonthYear,
        DateFormat::MonthDayYear,
        DateFormat::Compact,
        DateFormat::DayMonthNameYear,
    ];
    assert_eq!(formats, all.map(|f| (ColumnRole::Date, f)));
    let bad = format!("{text}2020-02-30,31.04.2020,2/30/2020,20200230,30-Feb-2020\n");
    let imported = import_as(p.mapping, settings(), &bad);
    assert_eq!((imported.report.values_rejected, imported.report.rows_kept), (5, 31));
    for name in ["d2", "d3", "d4", "d5"] {
        assert_eq!(days(&imported, name), days(&imported, "d1"));
    }
    assert_eq!(days(&imported, "d1")[30], None);
}

#[test]
fn a_date_that_can_be_read_two_ways_is_asked_about() {
    let p = look(&rows("x,seen", 12, |i| format!("{i},{:02}/0{}/2020", i % 9 + 1, i % 5 + 1)));
    assert!(p.warnings.iter().any(|w| w.contains("could be day-month-year or month-day-year")), "{:?}", p.warnings);
    let why = |p: &CsvProposal| p.evidence[1].why.clone();
    assert!(
        why(&p).contains("has to be said") && !why(&p).contains("month-day-year"),
        "asked, so not said: {}",
        why(&p)
    );
    let known = look(&rows("x,seen", 12, |i| format!("{i},{:02}/0{}/2020", i + 8, i % 5 + 1)));
    assert!(why(&known).contains("written as day-month-year"), "{}", why(&known));
}

#[test]
fn dates_move_together_and_lengths_stay() {
    let text = "id,from,to\n1,2020-01-10,2020-02-10\n2,2020-01-10,2021-01-10\n";
    let mut mapping = look(text).mapping;
    let imported = import_as(mapping.clone(), settings(), text);
    let (from, to) = (days(&imported, "from"), days(&imported, "to"));
    let original = columnar::day::from_ymd(2020, 1, 10).unwrap();
    assert_eq!(to[0].unwrap() - from[0].unwrap(), 31);
    assert_eq!(to[1].unwrap() - from[1].unwrap(), 366);
    assert_ne!(from[0], from[1]);
    for day in from.into_iter().flatten() {
        assert!((1..=365).contains(&(day - original).abs()));
    }
    assert_eq!(import_as(mapping.clone(), settings(), text).header.id, imported.header.id);
    let other = import_as(mapping.clone(), Settings::new("test", [8; 32]), text);
    assert_ne!(other.header.id, imported.header.id);
    let kept = import_as(mapping.clone(), Settings { dates: DatePolicy::Keep, ..settings() }, text);
    assert_eq!(days(&kept, "from")[0], Some(original));
    assert!(kept.report.warnings.iter().any(|w| w.contains("Dates are kept")));
    let years = import_as(mapping.clone(), Settings { dates: DatePolicy::YearsOnly, ..settings() }, text);
    assert_eq!(days(&years, "to")[1], columnar::day::from_ymd(2021, 1, 1));
    mapping.columns.remove(0);
    let unnamed = import_as(mapping, settings(), "from,to\n2020-01-10,2020-02-10\n2020-01-10,2021-01-10\n");
    assert_ne!(days(&unnamed, "from")[0], Some(original));
}

#[test]
fn direct_identifiers_are_never_stored() {
    let text = rows("mrn,patient_name,phone,email,zip,dob,ssn,home_address,site_url,ip,x", 30, |i| {
        format!(
            "MR{:05},Anna Muster,617-555-{:04},a{i}@example.org,0213{},19{}-03-04,{:03}-12-3456,{i} Elm St,http://x.org/{i},10.0.0.{i},{}",
            i * 37,
            i * 13,
            i % 10,
            20 + i,
            100 + i,
            i * 2
        )
    });
    let imported = import(&text);
    let names: Vec<&str> =
        imported.dataset.table("variable").unwrap().columns().iter().map(|(n, _)| n.as_str()).collect();
    assert_eq!(names, ["zip", "dob", "x"]);
    assert!(levels(&imported, "zip").iter().all(|z| z.as_deref() == Some("021")));
    let everything: Vec<u8> = imported.chunks.iter().flat_map(|c| c.bytes.iter().copied()).collect();
    for secret in ["Muster", "617-555", "example.org", "MR00037", "Elm St", "10.0.0.", "-12-3456", "02131"] {
        assert!(!everything.windows(secret.len()).any(|w| w == secret.as_bytes()), "{secret} is stored");
    }
    let classes: Vec<&str> = imported.report.identifiers.iter().map(|i| i.class.as_str()).collect();
    for class in [
        "names",
        "telephone numbers",
        "e-mail addresses",
        "social security numbers",
        "medical record numbers",
        "web addresses",
        "IP addresses",
    ] {
        assert!(classes.contains(&class), "{class}: {classes:?}");
    }
    assert_eq!(imported.header.deidentification.len(), imported.report.identifiers.len());
    // Days of birth of 1920 to 1949, moved like the person's other dates.
    assert!(numbers(&imported, "dob").iter().flatten().all(|y| (1919.0..=1950.0).contains(y)));
}

#[test]
fn several_rows_of_a_person_are_kept_and_said() {
    let text = rows("id,time", 40, |i| format!("{},{}", i / 2, i + 1));
    assert!(look(&text).warnings.iter().any(|w| w.contains("'id' has 20 different values in 40 rows")));
    let r = import(&text).report;
    assert_eq!(r.rows_kept, 40);
    assert!(
        r.warnings.iter().any(|w| w.contains("40 rows and only 20 different person identifiers")),
        "{:?}",
        r.warnings
    );
}

#[test]
fn a_file_cut_within_quotes_says_so() {
    let text = "a,b\n1,x\n2,\"cut he";
    let mapping = look("a,b\n1,x\n").mapping;
    let r = import_as(mapping, settings(), text).report;
    assert_eq!((r.rows_read, r.rows_kept, r.rows_rejected), (2, 1, 1));
    assert!(r.warnings.iter().any(|w| w.contains("seems to be cut")));
}

#[test]
fn missing_values_by_any_name() {
    let text = rows("x,y", 30, |i| if i % 10 == 0 { "NA,?".to_owned() } else { format!("{i}.5,{i}.25") });
    let imported = import(&text);
    assert_eq!(numbers(&imported, "x").iter().filter(|v| v.is_none()).count(), 3);
    assert_eq!(numbers(&imported, "y").iter().filter(|v| v.is_none()).count(), 3);
    assert_eq!(imported.report.values_rejected, 0);
    let mut mapping = look("x\n-9\n1\n").mapping;
    mapping.missing.push("-9".to_owned());
    assert_eq!(numbers(&import_as(mapping, settings(), "x\n-9\n1\n"), "x"), [None, Some(1.0)]);
}

#[test]
fn other_encodings_are_read() {
    let utf16: Vec<u8> =
        [0xff, 0xfe].into_iter().chain("g,x\nmänn,1\n".encode_utf16().flat_map(u16::to_le_bytes)).collect();
    let windows = b"g,x\nm\xe4nn,1\n".to_vec();
    let mark = "\u{feff}g,x\nmänn,1\n".as_bytes().to_vec();
    for (bytes, encoding) in [(utf16, "utf-16le"), (windows, "windows-1252"), (mark, "utf-8")] {
        let p = inspect("f.csv", &bytes, true).unwrap();
        assert_eq!(p.mapping.encoding, encoding);
        assert_eq!(p.mapping.columns[0].name, "g");
        let mut import = CsvImport::new(p.mapping, settings(), "f.csv").unwrap();
        bytes.chunks(3).for_each(|piece| import.push(piece).unwrap());
        assert_eq!(levels(&import.finish().unwrap(), "g"), [Some("männ".to_owned())]);
    }
}

#[test]
fn nul_bytes_and_broken_letters_are_values_that_go() {
    let mapping = look("g,x\na,1\nb,2\n").mapping;
    let mut import = CsvImport::new(mapping, settings(), "f.csv").unwrap();
    import.push(b"g,x\na\0b,1\n\xff\xfe,2\nok,3\n").unwrap();
    let imported = import.finish().unwrap();
    assert_eq!(levels(&imported, "g"), [None, None, Some("ok".to_owned())]);
    assert_eq!(imported.report.values_rejected, 2);
}

#[test]
fn the_list_of_rejections_is_capped_and_the_counts_are_not() {
    let text = rows("a,b", 3000, |i| if i % 2 == 0 { "1".to_owned() } else { format!("{i},2") });
    let r = import(&text).report;
    assert_eq!((r.rows_rejected, r.rejected.len()), (1500, 1000));
    assert_eq!(r.rows_read, r.rows_kept + r.rows_rejected + r.rows_not_used);
}

#[test]
fn nothing_kept_is_an_error_with_the_reason() {
    let mapping = look("a,b\n1,2\n").mapping;
    let mut import = CsvImport::new(mapping, settings(), "f.csv").unwrap();
    import.push(b"a,b\n1\n").unwrap();
    assert!(matches!(import.finish(), Err(IntakeError::NothingKept { .. })));
}

#[test]
fn a_dataset_packed_is_the_dataset_unpacked() {
    let text = rows("id,time,status,g,when", 500, |i| {
        format!("p{i},{}.25,{},{},2020-01-{:02}", i, i % 2, ["a", "b", "NA"][i % 3], i % 28 + 1)
    });
    let imported = import(&text);
    let chunk = |key: &str| imported.chunks.iter().find(|c| c.key == key).map(|c| c.bytes.clone());
    assert_eq!(intake::unpack(&imported.header, chunk).unwrap(), imported.dataset);
    let first = imported.chunks[0].key.clone();
    let missing = intake::unpack(&imported.header, |key| if key == first { None } else { chunk(key) });
    assert!(matches!(missing, Err(intake::UnpackError::Missing(key)) if key == first));
    let damaged = intake::unpack(&imported.header, |key| {
        let mut bytes = chunk(key)?;
        *bytes.last_mut()? ^= 1;
        Some(bytes)
    });
    assert!(matches!(damaged, Err(intake::UnpackError::Damaged(_))));
    let mut newer = imported.header.clone();
    newer.schema_version = model::dataset::DATASET_SCHEMA_VERSION + 1;
    assert!(matches!(intake::unpack(&newer, chunk), Err(intake::UnpackError::Version { .. })));
}

#[test]
fn without_safe_harbor_ages_and_codes_stay() {
    let text = rows("id,age,zip", 30, |i| format!("{i},{},0213{}", 80 + i, i % 10));
    let imported = import_as(look(&text).mapping, Settings { safe_harbor: false, ..settings() }, &text);
    assert_eq!(numbers(&imported, "age")[29], Some(109.0));
    assert_eq!(levels(&imported, "zip")[1].as_deref(), Some("02131"));
}
