//! Citations of the literature, piece by piece, also out of archives; and their estimates pooled. The rules are in
//! `knowledge::literature`.

use intake::archive::{Files, Unpacker};
use intake::{IntakeError, ToUtf8, sniff_encoding};
use knowledge::literature::CitationReader;
use knowledge::literature::pool::{EffectRow, PoolEffectsError, pool_effects};
use model::citation::RefusedFile;
use protocol::{
    CitationsBegin, CitationsBytes, CitationsFile, CitationsRead, EngineError, PoolEffects, PooledEffects, PooledRow,
};

use crate::error::sentence;
use crate::{Bulk, Engine};

/// Bytes that tell an encoding.
const HEAD: usize = 1 << 16;

/// The reading under way.
pub(crate) struct Reading {
    file: Option<Unpacker>,
    sink: Sink,
}

/// Takes the files that an archive holds, or the file itself.
struct Sink {
    reader: CitationReader,
    refused: Vec<RefusedFile>,
    open: Option<Open>,
}

struct Open {
    name: String,
    /// The first bytes, until the encoding is told.
    head: Vec<u8>,
    decoder: Option<ToUtf8>,
    /// The file is none of citations: the rest of it is not looked at.
    is_refused: bool,
}

impl Sink {
    fn refuse(&mut self, reason: &str) {
        if let Some(open) = &mut self.open
            && !std::mem::replace(&mut open.is_refused, true)
        {
            self.refused.push(RefusedFile { file: open.name.clone(), reason: sentence(reason) });
        }
    }

    fn decode(&mut self, bytes: &[u8], last: bool) {
        let Some(open) = &mut self.open else { return };
        if open.is_refused {
            return;
        }
        let mut text = Vec::with_capacity(bytes.len());
        match &mut open.decoder {
            Some(decoder) => decoder.push(bytes, last, &mut text),
            None => {
                open.head.extend_from_slice(bytes);
                if open.head.len() < HEAD && !last {
                    return;
                }
                let head = std::mem::take(&mut open.head);
                let (encoding, _) = sniff_encoding(&head, last);
                let mut decoder = ToUtf8::new(encoding);
                if let Some(decoder) = &mut decoder {
                    decoder.push(&head, last, &mut text);
                }
                open.decoder = decoder;
            }
        }
        if let Err(error) = self.reader.push(&text) {
            self.refuse(&error.to_string());
        }
    }
}

impl Files for Sink {
    fn begin(&mut self, name: &str) -> Result<(), IntakeError> {
        self.open = Some(Open { name: name.to_owned(), head: Vec::new(), decoder: None, is_refused: false });
        self.reader.begin(name);
        Ok(())
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), IntakeError> {
        self.decode(bytes, false);
        Ok(())
    }

    fn end(&mut self) -> Result<(), IntakeError> {
        self.decode(&[], true);
        if self.open.as_ref().is_some_and(|open| !open.is_refused)
            && let Err(error) = self.reader.end()
        {
            self.refuse(&error.to_string());
        }
        self.open = None;
        Ok(())
    }

    fn damaged(&mut self, name: &str, reason: &str) -> Result<(), IntakeError> {
        self.open = None;
        self.refused.push(RefusedFile { file: name.to_owned(), reason: sentence(&format!("{reason}.")) });
        Ok(())
    }
}

fn under_way(engine: &mut Engine) -> Result<&mut Reading, EngineError> {
    engine
        .literature
        .as_mut()
        .ok_or_else(|| EngineError::Internal { message: "no reading of citations was begun.".to_owned() })
}

fn unpacking(error: &IntakeError) -> EngineError {
    EngineError::invalid(sentence(&error.to_string()))
}

/// Begins; what was under way is given up.
pub(crate) fn begin(engine: &mut Engine, request: &CitationsBegin) -> Result<(), EngineError> {
    let limit = request.limit.map(|limit| usize::try_from(limit).unwrap_or(usize::MAX));
    let sink = Sink { reader: CitationReader::new(limit), refused: Vec::new(), open: None };
    engine.literature = Some(Reading { file: None, sink });
    Ok(())
}

/// A file begins.
pub(crate) fn file(engine: &mut Engine, request: &CitationsFile) -> Result<(), EngineError> {
    let reading = under_way(engine)?;
    reading.file = Some(Unpacker::new(&request.name));
    Ok(())
}

/// The next bytes of the file.
pub(crate) fn bytes(engine: &mut Engine, request: &CitationsBytes, bulk: &Bulk) -> Result<(), EngineError> {
    let reading = under_way(engine)?;
    let Some(file) = &mut reading.file else {
        return Err(EngineError::Internal { message: "bytes of citations came before their file.".to_owned() });
    };
    for piece in bulk {
        file.push(piece, &mut reading.sink).map_err(|e| unpacking(&e))?;
    }
    if request.last
        && let Some(file) = reading.file.take()
    {
        file.end(&mut reading.sink).map_err(|e| unpacking(&e))?;
    }
    Ok(())
}

/// The citations; refused where no file holds any.
pub(crate) fn finish(engine: &mut Engine) -> Result<CitationsRead, EngineError> {
    let Some(Reading { sink, .. }) = engine.literature.take() else {
        return Err(EngineError::Internal { message: "no reading of citations was begun.".to_owned() });
    };
    let knowledge::literature::CitationsRead { citations, mut report } = sink.reader.finish();
    if report.files.is_empty() {
        let mut problems: Vec<String> = sink.refused.into_iter().map(|file| file.reason).collect();
        if problems.is_empty() {
            problems
                .push("There is no file of citations to read. Choose an .nbib, .ris or PubMed .xml file.".to_owned());
        }
        return Err(EngineError::Invalid { problems });
    }
    report.refused = sink.refused;
    Ok(CitationsRead { citations, report })
}

/// Pools estimates of one measure.
pub(crate) fn pool(request: PoolEffects) -> Result<PooledEffects, EngineError> {
    let rows: Vec<EffectRow> = request
        .effects
        .into_iter()
        .map(|e| EffectRow {
            label: e.label,
            study: e.study,
            measure: e.measure,
            estimate: e.estimate,
            lower: e.lower,
            upper: e.upper,
            level: e.level,
            unit: e.unit,
            adjusted: e.adjusted,
            doubtful: e.doubtful,
        })
        .collect();
    let pooled = pool_effects(request.measure, &rows).map_err(|error| match error {
        PoolEffectsError::Unusable { reasons } => EngineError::Invalid { problems: reasons },
        PoolEffectsError::Pool(error) => EngineError::NotEstimable { message: sentence(&error.to_string()) },
        other => EngineError::invalid(format!("{}.", sentence(&other.to_string()))),
    })?;
    let row = |r: knowledge::pool::ForestRow| PooledRow {
        label: r.label,
        estimate: r.estimate,
        lower: r.lower,
        upper: r.upper,
        weight: r.weight,
    };
    Ok(PooledEffects {
        measure: pooled.measure,
        unit: pooled.unit,
        rows: pooled.rows.into_iter().map(row).collect(),
        fixed: pooled.fixed,
        random: pooled.random,
        words: pooled.words,
        warnings: pooled.warnings,
    })
}
