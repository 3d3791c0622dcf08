//! De-identification: the same policy in every format, in tables and in text.
#![cfg(feature = "tables")]
#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use columnar::{Column, day};
use intake::csv::{CsvImport, inspect};
use intake::fhir::FhirImport;
use intake::omop::OmopImport;
use intake::tables::{Head, TablesImport, inspect as inspect_tables};
use intake::{DatePolicy, Imported, Settings};
use model::dataset::ColumnRole;
use model::import_mapping::ImportMapping;

fn settings(dates: DatePolicy) -> Settings {
    let mut settings = Settings { dates, ..Settings::new("test", [7; 32]) };
    settings.review = true;
    settings.this_year = Some(2026);
    settings
}

const NOTE: &str = "Mrs. Quintana-Lopez seen on 03/14/2020; MRN 7781234; Foley removed. Born 1920, a 99-year-old.";

fn csv(settings: Settings) -> Imported {
    let text = format!(
        "id,surname,dob,seen,zip,note\n7781234,Quintana-Lopez,1920-02-03,2020-03-14,03601,\"{NOTE}\"\n7781235,Ng,1980-02-03,2020-03-15,02139,\"Ng is well, no rash.\"\n"
    );
    let mut mapping = inspect("ward.csv", text.as_bytes(), true).unwrap().mapping;
    for column in &mut mapping.columns {
        match column.name.as_str() {
            "note" => (column.role, column.identifier_class) = (ColumnRole::Text, None),
            "id" => column.role = ColumnRole::Identifier,
            _ => {}
        }
    }
    let mut import = CsvImport::new(mapping, settings, "ward.csv").unwrap();
    import.push(text.as_bytes()).unwrap();
    import.finish().unwrap()
}

fn omop(settings: Settings) -> Imported {
    let note = format!("note_id,person_id,note_date,note_title,note_text\n1,1,2020-03-14,Visit,\"{NOTE}\"\n");
    let files = [
        (
            "person.csv",
            "person_id,gender_concept_id,year_of_birth,month_of_birth,day_of_birth,race_concept_id,person_source_value\n1,8532,1920,2,3,0,7781234\n",
        ),
        (
            "condition_occurrence.csv",
            "condition_occurrence_id,person_id,condition_concept_id,condition_start_date\n1,1,201826,2020-03-14\n",
        ),
        ("note.csv", note.as_str()),
    ];
    let mut import = OmopImport::new(settings);
    for (name, text) in files {
        import.begin_file(name).unwrap();
        import.push(text.as_bytes()).unwrap();
        import.end_file().unwrap();
    }
    import.finish().unwrap()
}

fn fhir(settings: Settings) -> Imported {
    let patient = r#"{"resourceType":"Patient","id":"a","gender":"female","birthDate":"1920-02-03","name":[{"family":"Quintana-Lopez","given":["Ximena"]}],"telecom":[{"system":"fax","value":"617-555-0147"}],"identifier":[{"type":{"coding":[{"code":"MR"}]},"value":"7781234"}],"address":[{"postalCode":"03601","country":"US","city":"Acworth"}]}"#;
    let condition = r#"{"resourceType":"Condition","id":"c","subject":{"reference":"Patient/a"},"onsetDateTime":"2020-03-14","code":{"coding":[{"system":"http://snomed.info/sct","code":"44054006","display":"Diabetes"}]}}"#;
    let note = format!(
        r#"{{"resourceType":"DocumentReference","id":"d","status":"current","subject":{{"reference":"Patient/a"}},"date":"2020-03-14T10:00:00Z","content":[{{"attachment":{{"contentType":"text/plain","data":"{}"}}}}]}}"#,
        base64(NOTE)
    );
    let mut import = FhirImport::new(settings);
    import.begin_file("all.ndjson");
    import.push(format!("{patient}\n{condition}\n{note}\n").as_bytes()).unwrap();
    import.finish().unwrap()
}

/// Tables that are joined: the note's table knows neither the name nor the number of anybody but by the person.
fn tables(settings: Settings) -> Imported {
    let note = format!("id,date,note_text\n7781234,2020-03-14,\"{NOTE}\"\n");
    let files = [
        ("notes.csv", note.as_str()),
        (
            "people.csv",
            "id,surname,dob,zip\n7781234,Quintana-Lopez,1920-02-03,03601\n7781235,Ng,1980-02-03,02139\n7781236,Ito,1970-02-03,02139\n",
        ),
        (
            "labs.csv",
            "id,date,test,value,unit\n7781234,2020-03-14,CRP,5,mg/l\n7781235,2020-03-15,CRP,6,mg/l\n7781235,2020-03-16,CRP,7,mg/l\n",
        ),
    ];
    let dialect = model::intake::CsvDialect::default();
    let head = |(name, text)| Head { name, bytes: str::as_bytes(text), complete: true, dialect: &dialect };
    let found = inspect_tables(&files.map(head)).unwrap();
    let mut import = TablesImport::new(ImportMapping::from(&found), settings).unwrap();
    for (name, text) in files {
        import.begin_file(name).unwrap();
        import.push(text.as_bytes()).unwrap();
        import.end_file().unwrap();
    }
    import.finish(&mut |_, _| true).unwrap()
}

fn base64(text: &str) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in text.as_bytes().chunks(3) {
        let n = three.iter().fold(0u32, |n, b| n << 8 | u32::from(*b)) << (8 * (3 - three.len()));
        for k in 0..=three.len() {
            out.push(char::from(DIGITS[(n >> (18 - 6 * k) & 63) as usize]));
        }
        (three.len()..3).for_each(|_| out.push('='));
    }
    out
}

/// The stored text of the first note.
fn text(imported: &Imported) -> String {
    let (table, column) =
        if imported.dataset.table("note").is_some() { ("note", "text") } else { ("variable", "note") };
    match imported.dataset.table(table).unwrap().column(column).unwrap() {
        Column::Text(a) => a.value(0).to_owned(),
        other => panic!("{other:?}"),
    }
}

fn number(imported: &Imported, table: &str, column: &str) -> f64 {
    match imported.dataset.table(table).unwrap().column(column).unwrap() {
        Column::Number(a) => a.value(0),
        other => panic!("{other:?}"),
    }
}

fn day_of(imported: &Imported) -> i32 {
    let (table, column) =
        if imported.dataset.table("event").is_some() { ("event", "start_day") } else { ("variable", "seen") };
    match imported.dataset.table(table).unwrap().column(column).unwrap() {
        Column::Day(a) => a.value(0),
        other => panic!("{other:?}"),
    }
}

fn all(dates: DatePolicy) -> [Imported; 4] {
    [csv(settings(dates)), omop(settings(dates)), fhir(settings(dates)), tables(settings(dates))]
}

#[test]
fn in_every_format_dates_move_alike_in_tables_and_in_text() {
    for imported in all(DatePolicy::Shift) {
        let (y, m, d) = day::to_ymd(day_of(&imported));
        let stored = text(&imported);
        assert!(stored.contains(&format!("{m:02}/{d:02}/{y}")), "{y}-{m}-{d} not in {stored}");
        assert_ne!((y, m, d), (2020, 3, 14));
        for gone in ["Quintana", "Lopez", "7781234", "03/14/2020", "99-year"] {
            assert!(!stored.contains(gone), "{gone} in {stored}");
        }
        for there in ["Mrs. ", "Foley removed", "a 90-year-old"] {
            assert!(stored.contains(there), "{there} not in {stored}");
        }
        // Nobody is older than 90 in the year that the moved dates tell.
        let born = number(&imported, "person", "birth_year");
        assert!((f64::from(y) - born - 90.0).abs() < 1e-9, "born {born}, seen {y}");
    }
}

#[test]
fn in_every_format_only_years_stay() {
    for imported in all(DatePolicy::YearsOnly) {
        assert_eq!(day::to_ymd(day_of(&imported)), (2020, 1, 1));
        let stored = text(&imported);
        assert!(stored.contains("seen on 2020;"), "{stored}");
        assert!((number(&imported, "person", "birth_year") - 1930.0).abs() < 1e-9);
    }
}

#[test]
fn every_find_stands_in_the_table_with_its_place() {
    for imported in all(DatePolicy::Shift) {
        let table = model::safe_harbor::table(&imported.report.identifiers, true);
        assert_eq!(table.len(), 18);
        let total: u64 = imported.report.identifiers.iter().map(|i| i.found).sum();
        assert_eq!(table.iter().filter_map(|r| r.found).sum::<u64>(), total);
        assert!(imported.report.identifiers.iter().all(|i| !i.place.is_empty()), "{:?}", imported.report.identifiers);
        let class = |letter: char| table.iter().find(|r| r.letter == letter).unwrap();
        assert!(class('A').found > Some(0) && class('C').found >= Some(3), "{table:?}");
        assert_eq!(class('P').found, Some(0));
    }
    let fhir = fhir(settings(DatePolicy::Shift));
    let table = model::safe_harbor::table(&fhir.report.identifiers, true);
    assert_eq!(
        table.iter().find(|r| r.letter == 'E').unwrap().places,
        ["Patient.telecom, Patient.contact.telecom (1)"]
    );
}

#[test]
fn what_was_replaced_is_shown_for_review_and_not_otherwise() {
    for imported in all(DatePolicy::Shift) {
        let names = imported.review.classes.iter().find(|c| c.class == "name").unwrap();
        assert!(
            names.examples.iter().any(|e| e.found.contains("Quintana") && e.before.0.ends_with("Mrs. ")),
            "{names:?}"
        );
        let everything = format!("{:?} {:?}", imported.header, imported.report);
        assert!(!everything.contains("Quintana"), "{everything}");
    }
    let mut quiet = settings(DatePolicy::Shift);
    quiet.review = false;
    assert_eq!(csv(quiet).review, model::intake::ScreenReview::default());
}

#[test]
fn words_go_and_terms_stay_as_the_user_says() {
    let mut said = settings(DatePolicy::Shift);
    said.text.remove = vec!["foley removed".to_owned()];
    said.text.keep = vec!["Quintana-Lopez".to_owned(), "03/14/2020".to_owned()];
    said.text.surrogates = false;
    for imported in [csv(said.clone()), fhir(said.clone())] {
        let stored = text(&imported);
        assert!(stored.contains("[REMOVED]. Born 1920"), "{stored}");
        assert!(stored.contains("03/14/2020"), "{stored}");
        // The patient's own name goes whatever is said.
        assert!(!stored.contains("Quintana"), "{stored}");
    }
}

#[test]
fn the_choices_are_said() {
    let choices = intake::choices(&settings(DatePolicy::YearsOnly));
    assert!(choices.iter().any(|c| c.class == "chosen: dates" && c.action.contains("first of January")));
    assert!(choices.iter().any(|c| c.class == "chosen: text" && c.action.contains("surrogates")));
}

#[test]
fn a_year_of_birth_without_any_date_is_reckoned_to_the_year_of_the_import() {
    let text = "id,birth_year,x\n1,1901,1\n2,1980,2\n3,1950,3\n";
    let import = |this_year| {
        let mut settings = Settings::new("test", [7; 32]);
        settings.this_year = this_year;
        let mut import =
            CsvImport::new(inspect("f.csv", text.as_bytes(), true).unwrap().mapping, settings, "f.csv").unwrap();
        import.push(text.as_bytes()).unwrap();
        number(&import.finish().unwrap(), "variable", "birth_year")
    };
    assert!((import(Some(2026)) - 1936.0).abs() < 1e-9);
    assert!((import(None) - 1901.0).abs() < 1e-9);
}

/// A column of few words, among them what somebody wrote: proposed as levels.
fn remarks(id: &str) -> String {
    const NAMES: [&str; 5] = ["Ann Baker", "Bob Miller", "Carla Schmidt", "Derek Johnson", "Ellen Garcia"];
    (0..100).fold(format!("{id},stage,remark\n"), |text, i| {
        let remark = if i < 70 { "ok".to_owned() } else { format!("call {} 617-555-01{i:02}", NAMES[i % 5]) };
        text + &format!("p{i},{},{remark}\n", ["stage II", "stage III"][i % 2])
    })
}

#[test]
fn levels_of_a_flat_file_go_through_the_screen() {
    let text = remarks("id");
    let mapping = inspect("ward.csv", text.as_bytes(), true).unwrap().mapping;
    assert_eq!(mapping.columns[2].role, ColumnRole::Category);
    let mut import = CsvImport::new(mapping.clone(), settings(DatePolicy::Shift), "ward.csv").unwrap();
    import.push(text.as_bytes()).unwrap();
    check_remarks(&import.finish().unwrap());
    // Where there are no identifiers, as was declared, nothing is replaced.
    let open = Settings { safe_harbor: false, ..settings(DatePolicy::Shift) };
    let mut import = CsvImport::new(mapping, open, "ward.csv").unwrap();
    import.push(text.as_bytes()).unwrap();
    let Column::Category(found) =
        import.finish().unwrap().dataset.table("variable").unwrap().column("remark").unwrap().clone()
    else {
        panic!("levels")
    };
    assert_eq!(found.levels.len(), 31);
}

#[test]
fn levels_of_a_table_of_persons_go_through_the_screen() {
    let (people, labs) =
        (remarks("pid"), "pid,date,test,value\np1,2020-01-01,CRP,5\np1,2020-02-01,CRP,6\np2,2020-01-01,CRP,7\n");
    let dialect = model::intake::CsvDialect::default();
    let files = [("people.csv", people.as_str()), ("labs.csv", labs)];
    let head = |(name, text)| Head { name, bytes: str::as_bytes(text), complete: true, dialect: &dialect };
    let found = inspect_tables(&files.map(head)).unwrap();
    let mut import = TablesImport::new(ImportMapping::from(&found), settings(DatePolicy::Shift)).unwrap();
    for (name, text) in files {
        import.begin_file(name).unwrap();
        import.push(text.as_bytes()).unwrap();
        import.end_file().unwrap();
    }
    check_remarks(&import.finish(&mut |_, _| true).unwrap());
}

fn check_remarks(imported: &Imported) {
    let of = |name: &str| match imported.dataset.table("variable").unwrap().column(name).unwrap() {
        Column::Category(c) => (c.levels.to_vec(), c.codes.iter().flatten().count()),
        other => panic!("{other:?}"),
    };
    assert_eq!(
        of("remark"),
        (vec!["call [NAME] [PHONE]".to_owned(), "ok".to_owned()], 100),
        "merged, and no row is lost"
    );
    assert_eq!(of("stage"), (vec!["stage II".to_owned(), "stage III".to_owned()], 100));
    let report = &imported.report;
    for class in ["names", "telephone numbers"] {
        let found = report.identifiers.iter().find(|i| i.class == class && i.place.contains("remark"));
        assert_eq!(found.map(|i| i.found), Some(30), "{class}: {:?}", report.identifiers);
    }
    assert!(report.warnings.iter().any(|w| w.contains("30 different levels became 1 level")), "{:?}", report.warnings);
}
