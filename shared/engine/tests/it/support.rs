//! A small host for tests: the engine, calls by type, files from text.

#![allow(dead_code, clippy::unwrap_used, clippy::expect_used, reason = "each test file uses its own part")]

pub mod made;

use engine::{Bulk, Engine};
use model::dataset::{ColumnRole, DatasetId, DatasetSource};
use model::intake::{CsvDialect, CsvMapping};
use protocol::{
    Call, DatePolicy, Done, EngineError, ImportBegin, ImportBytes, ImportFile, ImportFinish, ImportFormat, Imported,
    InspectCsv, Work,
};

pub struct Host(pub Engine);

/// What an import of these tests begins with.
pub fn begin(format: ImportFormat, holds_no_identifiers: bool) -> ImportBegin {
    ImportBegin {
        name: "test".into(),
        format,
        source: DatasetSource::default(),
        secret: "07".repeat(32),
        dates: DatePolicy::Keep,
        text: protocol::TextPolicy::default(),
        review: false,
        this_year: None,
        holds_no_identifiers,
        note_findings: true,
        into: None,
    }
}

impl Host {
    pub fn new() -> Self {
        Self(Engine::default())
    }

    pub fn ask<C: Call>(&mut self, call: C) -> Result<C::Reply, EngineError> {
        Ok(self.ask_with(call, Bulk::new())?.0)
    }

    pub fn ask_with<C: Call>(&mut self, call: C, bulk: Bulk) -> Result<(C::Reply, Bulk), EngineError> {
        let Work::Engine(request) = call.into_work() else { panic!("a host request") };
        // Over the wire and back: what a test asks is what a page could ask.
        let text = serde_json::to_string(&request).unwrap();
        let request = serde_json::from_str(&text).unwrap();
        let (reply, bulk) = engine::handle(&mut self.0, request, bulk, &mut |_, _| true)?;
        let text = serde_json::to_string(&reply).unwrap();
        let reply = serde_json::from_str(&text).unwrap();
        Ok((C::from_done(Done::Engine(reply)).unwrap(), bulk))
    }

    /// Looks at a file.
    pub fn inspect(&mut self, name: &str, bytes: &[u8]) -> Result<CsvMapping, EngineError> {
        let look = InspectCsv { file_name: name.into(), complete: true, dialect: CsvDialect::default() };
        Ok(self.ask_with(look, vec![bytes.to_vec()])?.0.mapping)
    }

    /// Imports a flat file as proposed, with some roles corrected.
    pub fn import_csv(
        &mut self,
        name: &str,
        bytes: &[u8],
        roles: &[(&str, ColumnRole)],
    ) -> Result<(Imported, Bulk), EngineError> {
        let mut mapping = self.inspect(name, bytes)?;
        for column in &mut mapping.columns {
            if let Some((_, role)) = roles.iter().find(|(name, _)| *name == column.name) {
                column.role = *role;
                if *role == ColumnRole::Event && column.event_observed.is_empty() {
                    column.event_observed = vec!["1".into()];
                    column.event_censored = vec!["0".into()];
                }
            }
        }
        self.import(ImportFormat::Csv { mapping }, true, &[(name.to_owned(), bytes.to_vec())])
    }

    pub fn import(
        &mut self,
        format: ImportFormat,
        holds_no_identifiers: bool,
        files: &[(String, Vec<u8>)],
    ) -> Result<(Imported, Bulk), EngineError> {
        self.import_into(None, format, holds_no_identifiers, files)
    }

    /// The same, added to a dataset.
    pub fn import_into(
        &mut self,
        into: Option<DatasetId>,
        format: ImportFormat,
        holds_no_identifiers: bool,
        files: &[(String, Vec<u8>)],
    ) -> Result<(Imported, Bulk), EngineError> {
        self.import_as(ImportBegin { into, ..begin(format, holds_no_identifiers) }, files)
    }

    /// As [`Host::import`], with other choices.
    pub fn import_as(
        &mut self,
        begin: ImportBegin,
        files: &[(String, Vec<u8>)],
    ) -> Result<(Imported, Bulk), EngineError> {
        self.ask(begin)?;
        for (name, bytes) in files {
            self.ask(ImportFile { name: name.clone(), n_bytes: bytes.len() as u64 })?;
            self.ask_with(ImportBytes { last: true }, vec![bytes.clone()])?;
        }
        self.ask_with(ImportFinish {}, Bulk::new())
    }

    /// A sample that the project ships.
    pub fn shipped(&mut self, name: &str) -> (DatasetId, Imported) {
        let path = format!("{}/../../public/samples/{name}.csv", env!("CARGO_MANIFEST_DIR"));
        let bytes = std::fs::read(path).unwrap();
        let imported = self.import_csv(&format!("{name}.csv"), &bytes, &[]).unwrap().0;
        (imported.header.id.clone(), imported)
    }
}

/// The words of an error.
pub fn words<T: std::fmt::Debug>(result: Result<T, EngineError>) -> String {
    result.expect_err("this must be refused").to_string()
}

/// Two-sided relative closeness.
#[track_caller]
pub fn assert_close(got: f64, want: f64, relative: f64) {
    let scale = want.abs().max(1e-300);
    assert!((got - want).abs() <= relative * scale, "got {got}, want {want}");
}
