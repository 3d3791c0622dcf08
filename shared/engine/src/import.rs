//! Imports, piece by piece.

use intake::csv::CsvImport;
#[cfg(feature = "files")]
use intake::omop::{OmopImport, table_of};
use model::dataset::DatasetId;
use model::intake::CsvMapping;
#[cfg(feature = "files")]
use model::intake::CsvProposal;
use protocol::{DatePolicy, EngineError, ImportBegin, ImportBytes, ImportFile, ImportFormat, Imported};
#[cfg(feature = "files")]
use protocol::{DetectFormat, DetectedFormat, InspectCsv, RecognizeFiles, RecognizedFile};

use crate::{Bulk, Engine, Tick, datasets, error};

mod privacy;

/// The import under way.
pub(crate) enum Import {
    /// A flat file whose name is not known yet.
    CsvPlanned { mapping: CsvMapping, settings: Box<intake::Settings> },
    /// A flat file.
    Csv(Box<CsvImport>),
    /// FHIR resources, OMOP tables, or tables joined by a person, also in archives.
    #[cfg(feature = "files")]
    Record(Box<intake::Unpacked>),
}

/// Looks at the first part of a delimited file.
#[cfg(feature = "files")]
pub(crate) fn inspect(request: &InspectCsv, bulk: &Bulk) -> Result<CsvProposal, EngineError> {
    let bytes = bulk.first().map_or(&[][..], Vec::as_slice);
    intake::csv::inspect_as(&request.file_name, bytes, request.complete, &request.dialect)
        .map_err(|e| error::intake(&e))
}

/// Looks at tables and notes.
#[cfg(feature = "files")]
pub(crate) fn inspect_tables(
    request: &protocol::InspectTables,
    bulk: &Bulk,
) -> Result<model::import_mapping::TablesProposal, EngineError> {
    let heads = request.files.iter().enumerate().map(|(i, file)| intake::tables::Head {
        name: &file.name,
        bytes: bulk.get(i).map_or(&[][..], Vec::as_slice),
        complete: file.complete,
        dialect: &file.dialect,
    });
    intake::tables::inspect(&heads.collect::<Vec<_>>()).map_err(|e| error::intake(&e))
}

/// Which OMOP tables files are.
#[cfg(feature = "files")]
pub(crate) fn recognize(request: &RecognizeFiles) -> Vec<RecognizedFile> {
    let of = |name: &String| RecognizedFile { name: name.clone(), table: table_of(name).map(str::to_owned) };
    request.names.iter().map(of).collect()
}

/// Which format files are in.
#[cfg(feature = "files")]
pub(crate) fn detect(request: &DetectFormat, bulk: &Bulk) -> DetectedFormat {
    use protocol::SourceFormat;
    let head = |i: usize| bulk.get(i).map_or(&[][..], Vec::as_slice);
    let found = intake::detect::detect(request.names.iter().enumerate().map(|(i, name)| (name.as_str(), head(i))));
    let n_rest = (request.names.len() as u64).saturating_sub(found.n_fhir + found.n_omop + found.n_text);
    let parts = [
        (found.n_fhir, "with FHIR resources"),
        (found.n_omop, "with OMOP tables"),
        (found.n_text, "with other text"),
        (n_rest, "of another kind"),
    ];
    let words: Vec<String> = parts.iter().filter(|(n, _)| *n > 0).map(|(n, of)| format!("{n} {of}")).collect();
    let words = words.join(", ");
    let format = match (found.n_fhir, found.n_omop) {
        (0, 0) if found.n_json > 0 => Some(SourceFormat::Fhir),
        (0, 0) if found.n_text > 0 => Some(SourceFormat::Csv),
        (0, 1..) => Some(SourceFormat::Omop),
        (1.., 0) => Some(SourceFormat::Fhir),
        _ => None,
    };
    DetectedFormat { format, found: words }
}

/// Begins an import; one that was under way is given up.
pub(crate) fn begin(engine: &mut Engine, request: ImportBegin) -> Result<(), EngineError> {
    let secret = error::bytes32(&request.secret, "The secret of this device")?;
    let mut settings = intake::Settings::new(request.name, secret);
    settings.source = request.source;
    settings.dates = match request.dates {
        DatePolicy::Shift => intake::DatePolicy::Shift,
        DatePolicy::YearsOnly => intake::DatePolicy::YearsOnly,
        DatePolicy::Keep => intake::DatePolicy::Keep,
    };
    settings.safe_harbor = !request.holds_no_identifiers;
    settings.text = privacy::text(request.text);
    settings.review = request.review;
    // What waits for the user's word is in its chunks alone; what is added to another dataset is compared with it first.
    settings.keep_tables = !request.review || request.into.is_some();
    engine.import_waits = request.review;
    settings.this_year = request.this_year;
    settings.note_findings = request.note_findings;
    into(engine, request.into, &mut settings)?;
    engine.choices = intake::choices(&settings);
    engine.import = Some(match request.format {
        ImportFormat::Csv { mapping } => Import::CsvPlanned { mapping, settings: Box::new(settings) },
        #[cfg(not(feature = "files"))]
        ImportFormat::Omop | ImportFormat::Fhir => return Err(crate::other_worker()),
        #[cfg(feature = "files")]
        ImportFormat::Omop => Import::Record(Box::new(intake::Unpacked::new(OmopImport::new(settings)))),
        #[cfg(feature = "files")]
        ImportFormat::Fhir => Import::Record(Box::new(intake::Unpacked::new(intake::fhir::FhirImport::new(settings)))),
        #[cfg(feature = "files")]
        ImportFormat::Tables { mapping } => {
            let import = intake::tables::TablesImport::new(*mapping, settings).map_err(|e| error::intake(&e))?;
            Import::Record(Box::new(intake::Unpacked::new(import)))
        }
    });
    Ok(())
}

/// Remembers which dataset the import is added to, if any; tells the import of its persons and variables.
#[cfg(feature = "files")]
fn into(engine: &mut Engine, id: Option<DatasetId>, settings: &mut intake::Settings) -> Result<(), EngineError> {
    if let Some(id) = &id {
        let before = engine.dataset(id)?;
        settings.known = intake::person_keys(&before.data);
        let tables = before.header.tables.iter().filter(|t| t.name == model::tables::VARIABLE);
        settings.variables = tables.flat_map(|t| &t.columns).map(|c| (c.name.clone(), c.role)).collect();
    }
    engine.import_into = id;
    Ok(())
}

/// This worker adds to nothing.
#[cfg(not(feature = "files"))]
#[expect(clippy::needless_pass_by_value, reason = "the shape of the other worker's")]
fn into(_engine: &mut Engine, id: Option<DatasetId>, _settings: &mut intake::Settings) -> Result<(), EngineError> {
    if id.is_some() { Err(crate::other_worker()) } else { Ok(()) }
}

fn none_under_way() -> EngineError {
    EngineError::Internal { message: "there is no import under way.".to_owned() }
}

/// A file begins. What comes beside is its end, where that describes it.
#[cfg_attr(
    not(feature = "files"),
    expect(unused_variables, clippy::needless_pass_by_value, reason = "only Parquet is described at its end")
)]
pub(crate) fn file(engine: &mut Engine, request: &ImportFile, bulk: Bulk) -> Result<(), EngineError> {
    engine.import = Some(match engine.import.take().ok_or_else(none_under_way)? {
        Import::CsvPlanned { mapping, settings } => {
            let settings = intake::Settings { expected_bytes: request.n_bytes, ..*settings };
            let import = CsvImport::new(mapping, settings, request.name.clone()).map_err(|e| error::intake(&e))?;
            Import::Csv(Box::new(import))
        }
        Import::Csv(_) => {
            return Err(EngineError::invalid("A flat import reads one file. Import each file on its own."));
        }
        #[cfg(feature = "files")]
        Import::Record(mut import) => {
            import.expect_tail(bulk.into_iter().next().unwrap_or_default()).map_err(|e| error::intake(&e))?;
            import.begin_file(&request.name).map_err(|e| error::intake(&e))?;
            Import::Record(import)
        }
    });
    Ok(())
}

/// Bytes of the current file.
pub(crate) fn bytes(engine: &mut Engine, request: &ImportBytes, bulk: &Bulk) -> Result<(), EngineError> {
    let import = engine.import.as_mut().ok_or_else(none_under_way)?;
    for piece in bulk {
        match import {
            Import::CsvPlanned { .. } => return Err(none_under_way()),
            Import::Csv(import) => import.push(piece),
            #[cfg(feature = "files")]
            Import::Record(import) => import.push(piece),
        }
        .map_err(|e| error::intake(&e))?;
    }
    if !request.last {
        return Ok(());
    }
    match import {
        Import::CsvPlanned { .. } | Import::Csv(_) => Ok(()),
        #[cfg(feature = "files")]
        Import::Record(import) => import.end_file(),
    }
    .map_err(|e| error::intake(&e))
}

/// The import of a record under way.
#[cfg(feature = "files")]
fn record(engine: &mut Engine) -> Result<&mut intake::Unpacked, EngineError> {
    match &mut engine.import {
        Some(Import::Record(import)) => Ok(import),
        _ => Err(none_under_way()),
    }
}

/// Takes what another worker read of files.
#[cfg(feature = "files")]
pub(crate) fn parcel(engine: &mut Engine, bulk: &Bulk) -> Result<(), EngineError> {
    let import = record(engine)?;
    bulk.iter().try_for_each(|parcel| import.absorb(parcel)).map_err(|e| error::intake(&e))
}

/// Gives notes out to another worker.
#[cfg(feature = "files")]
pub(crate) fn notes(engine: &mut Engine) -> Result<(Option<f64>, Bulk), EngineError> {
    let batch = record(engine)?.next_notes().map_err(|e| error::intake(&e))?;
    Ok(batch.map_or((None, Bulk::new()), |notes| (Some(notes.share), vec![notes.batch])))
}

/// Takes what became of them.
#[cfg(feature = "files")]
pub(crate) fn notes_read(engine: &mut Engine, bulk: &Bulk) -> Result<(), EngineError> {
    let import = record(engine)?;
    bulk.iter().try_for_each(|done| import.take_notes(done)).map_err(|e| error::intake(&e))
}

/// Reads notes for the import of another worker.
#[cfg(feature = "files")]
pub(crate) fn read_notes(bulk: &Bulk) -> Result<((), Bulk), EngineError> {
    let done: Result<Bulk, _> = bulk.iter().map(|batch| intake::read_notes(batch)).collect();
    Ok(((), done.map_err(|e| error::intake(&e))?))
}

/// Ends the import. The dataset stays in memory, unless it waits for the user's word.
#[cfg_attr(not(feature = "files"), expect(unused_variables, reason = "a flat file ends at once"))]
pub(crate) fn finish(engine: &mut Engine, tick: &mut Tick<'_>) -> Result<(Imported, Bulk), EngineError> {
    let done = match engine.import.take().ok_or_else(none_under_way)? {
        Import::CsvPlanned { .. } => return Err(EngineError::invalid("No file was given.")),
        Import::Csv(import) => import.finish(),
        #[cfg(feature = "files")]
        Import::Record(import) => import.finish(tick),
    }
    .map_err(|e| error::intake(&e))?;
    #[cfg(feature = "files")]
    let done = match engine.import_into.take() {
        Some(id) => {
            let before = engine.dataset(&id)?;
            intake::merge(&before.header, &before.data, done, tick).map_err(|e| error::intake(&e))?
        }
        None => done,
    };
    let intake::Imported { dataset, mut header, chunks, mut report, review, withdrawn: _ } = done;
    privacy::account(std::mem::take(&mut engine.choices), &mut header, &mut report);
    if !std::mem::take(&mut engine.import_waits) {
        datasets::open(engine, header.clone(), dataset)?;
    }
    let review = (review.n_texts > 0).then_some(review);
    Ok((Imported { header, report, review }, chunks.into_iter().map(|c| c.bytes).collect()))
}

/// Gives up the import.
#[expect(clippy::unnecessary_wraps, reason = "the shape of every answer")]
pub(crate) fn abort(engine: &mut Engine) -> Result<(), EngineError> {
    engine.import = None;
    #[cfg(feature = "files")]
    {
        engine.import_into = None;
    }
    Ok(())
}
