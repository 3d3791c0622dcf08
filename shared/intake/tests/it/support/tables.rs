//! Tables in and out of an import, for tests.

#![allow(dead_code, clippy::unwrap_used, reason = "each test file uses its own part")]

use columnar::Column;
use intake::tables::{Head, TablesImport, inspect};
use intake::{DatePolicy, Imported, IntakeError, Settings};
use model::import_mapping::{ImportMapping, TablesProposal};
use model::intake::{CsvDialect, IntakeReport};

pub fn settings() -> Settings {
    Settings { dates: DatePolicy::Keep, ..Settings::new("test", [7; 32]) }
}

pub fn try_look(files: &[(&str, &[u8])]) -> Result<TablesProposal, IntakeError> {
    let dialect = CsvDialect::default();
    let heads: Vec<Head<'_>> =
        files.iter().map(|(name, bytes)| Head { name, bytes, complete: true, dialect: &dialect }).collect();
    inspect(&heads)
}

pub fn look(files: &[(&str, &[u8])]) -> TablesProposal {
    try_look(files).unwrap()
}

pub fn import(files: &[(&str, &[u8])], settings: Settings) -> Imported {
    import_as(ImportMapping::from(&look(files)), files, settings).unwrap()
}

pub fn import_as(mapping: ImportMapping, files: &[(&str, &[u8])], settings: Settings) -> Result<Imported, IntakeError> {
    import_cut(mapping, files, settings, &[usize::MAX])
}

/// Imports files cut into pieces of the sizes given, over and over.
pub fn import_cut(
    mapping: ImportMapping,
    files: &[(&str, &[u8])],
    settings: Settings,
    sizes: &[usize],
) -> Result<Imported, IntakeError> {
    let mut import = TablesImport::new(mapping, settings)?;
    for (name, bytes) in files {
        import.begin_file(name)?;
        let (mut rest, mut sizes) = (*bytes, sizes.iter().cycle());
        while !rest.is_empty() {
            let (piece, behind) = rest.split_at((*sizes.next().unwrap_or(&1)).clamp(1, rest.len()));
            import.push(piece)?;
            rest = behind;
        }
        import.end_file()?;
    }
    import.finish(&mut |_, _| true)
}

#[track_caller]
pub fn adds_up(r: &IntakeReport) {
    assert_eq!(r.rows_read, r.rows_kept + r.rows_rejected + r.rows_not_used, "{r:?}");
    let files = r.files.iter().fold((0, 0, 0, 0), |s, f| {
        (s.0 + f.rows_read, s.1 + f.rows_kept, s.2 + f.rows_rejected, s.3 + f.rows_not_used)
    });
    assert_eq!(files, (r.rows_read, r.rows_kept, r.rows_rejected, r.rows_not_used));
    assert!(r.rejected.len() as u64 <= r.rows_rejected + r.values_rejected && r.rejected.len() <= 1000);
    if r.rows_rejected + r.values_rejected <= 1000 {
        assert_eq!(r.rejected.len() as u64, r.rows_rejected + r.values_rejected, "{r:?}");
    }
}

pub fn numbers(imported: &Imported, table: &str, name: &str) -> Vec<Option<f64>> {
    match imported.dataset.table(table).unwrap().column(name).unwrap() {
        Column::Number(a) => a.iter().collect(),
        other => panic!("{name} is no number: {other:?}"),
    }
}

pub fn variables(imported: &Imported) -> Vec<String> {
    imported.dataset.table("variable").unwrap().columns().iter().map(|(name, _)| name.clone()).collect()
}

#[derive(Clone, Debug, PartialEq)]
pub struct Event {
    pub person: u32,
    pub domain: String,
    pub concept: (String, String),
    pub start: i32,
    pub value: Option<f64>,
    pub words: Option<String>,
    pub unit: Option<String>,
}

fn level(column: &Column, row: usize) -> Option<String> {
    match column {
        Column::Category(c) => c.level(row).map(str::to_owned),
        Column::Text(t) => t.iter().nth(row).flatten().map(str::to_owned),
        other => panic!("{other:?}"),
    }
}

fn number(column: &Column, row: usize) -> Option<f64> {
    let Column::Number(a) = column else { panic!("{column:?}") };
    a.iter().nth(row).flatten()
}

fn whole(column: &Column, row: usize) -> i64 {
    match column {
        Column::Index(a) => i64::from(a.value(row)),
        Column::Day(a) => i64::from(a.value(row)),
        other => panic!("{other:?}"),
    }
}

pub fn events(imported: &Imported) -> Vec<Event> {
    let table = imported.dataset.table("event").unwrap();
    let concepts = imported.dataset.table("concept").unwrap();
    let of = |name: &str| table.column(name).unwrap();
    (0..table.n_rows())
        .map(|row| {
            let concept = usize::try_from(whole(of("concept"), row)).unwrap();
            let say = |name: &str| level(concepts.column(name).unwrap(), concept).unwrap();
            Event {
                person: u32::try_from(whole(of("person"), row)).unwrap(),
                domain: level(of("domain"), row).unwrap(),
                concept: (say("system"), say("code")),
                start: i32::try_from(whole(of("start_day"), row)).unwrap(),
                value: number(of("value"), row),
                words: level(of("value_text"), row),
                unit: level(of("unit"), row),
            }
        })
        .collect()
}

pub struct Note {
    pub person: i64,
    pub day: i32,
    pub title: Option<String>,
    pub text: String,
}

pub fn notes(imported: &Imported) -> Vec<Note> {
    let table = imported.dataset.table("note").unwrap();
    let of = |name: &str| table.column(name).unwrap();
    (0..table.n_rows())
        .map(|row| Note {
            person: whole(of("person"), row),
            day: i32::try_from(whole(of("day"), row)).unwrap(),
            title: level(of("title"), row),
            text: level(of("text"), row).unwrap(),
        })
        .collect()
}
