//! Citations at the engine's boundary: files in pieces and in archives, every record counted, estimates pooled.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use crate::support;

use std::io::Write as _;

use model::citation::{Citation, EffectMeasure};
use protocol::{
    CitationsBegin, CitationsBytes, CitationsFile, CitationsFinish, CitationsRead, EffectToPool, EngineError,
    PoolEffects,
};
use support::{Host, assert_close, words};

const NBIB: &str = "PMID- 123\nFAU - M\u{fc}ller, Karl\nDP  - 2021\nTI  - A trial\nAB  - RESULTS: \u{dc}ber HR 0.72 (95% CI 0.56-0.89).\n\nPMID- 124\nFAU - Roe, Kim\nDP  - 2020\nTI  - Another\nAB  - Death (hazard ratio, 0.91; 95% CI, 0.80 to 1.04; P=.17).\n\nPMID- 124\nTI  - Another\n\nPMID- 125\n";

fn read(files: &[(&str, &[u8])], piece: usize) -> Result<CitationsRead, EngineError> {
    let mut host = Host::new();
    host.ask(CitationsBegin { limit: None })?;
    for (name, bytes) in files {
        host.ask(CitationsFile { name: (*name).to_owned() })?;
        for part in bytes.chunks(piece) {
            host.ask_with(CitationsBytes { last: false }, vec![part.to_vec()])?;
        }
        host.ask_with(CitationsBytes { last: true }, vec![Vec::new()])?;
    }
    host.ask(CitationsFinish {})
}

#[test]
fn a_file_in_any_pieces_and_encodings_gives_the_same_citations() {
    let whole = read(&[("a.nbib", NBIB.as_bytes())], usize::MAX).unwrap();
    let report = &whole.report;
    assert_eq!((report.records_read, report.kept, report.rejected, report.not_used), (4, 2, 1, 1));
    assert_eq!(whole.citations[0].authors, ["M\u{fc}ller, Karl"]);
    assert_eq!(read(&[("a.nbib", NBIB.as_bytes())], 7).unwrap(), whole);
    let wide: Vec<u8> = "\u{feff}".encode_utf16().chain(NBIB.encode_utf16()).flat_map(u16::to_le_bytes).collect();
    assert_eq!(read(&[("a.nbib", &wide)], 5).unwrap(), whole);
    let latin: Vec<u8> = NBIB.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    assert_eq!(read(&[("a.nbib", &latin)], usize::MAX).unwrap(), whole);
}

#[test]
fn an_archive_is_read_and_what_else_is_in_it_is_named() {
    let mut gz = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    gz.write_all(NBIB.as_bytes()).unwrap();
    let gz = gz.finish().unwrap();
    let from_gz = read(&[("a.nbib.gz", &gz), ("readme.txt", b"nothing here\n")], 64).unwrap();
    assert_eq!(from_gz.report.kept, 2);
    assert_eq!(from_gz.report.refused.len(), 1);
    assert!(
        from_gz.report.refused[0].reason.contains("readme.txt is no file of citations"),
        "{:?}",
        from_gz.report.refused
    );
}

#[test]
fn what_holds_no_citations_is_refused_in_words() {
    let said = words(read(&[("ward.ris", b"id,age\n1,2\n")], 64));
    assert!(said.contains("ward.ris") && said.contains("Export"), "{said}");
    let said = words(read(&[("ward.ris", b"")], 64));
    assert!(said.contains("ward.ris is empty"), "{said}");
    assert!(words(read(&[], 1)).contains("no file of citations"));
    let mut host = Host::new();
    assert!(matches!(host.ask(CitationsFinish {}), Err(EngineError::Internal { .. })));
    assert!(matches!(host.ask(CitationsBytes { last: true }), Err(EngineError::Internal { .. })));
}

fn to_pool(citation: &Citation) -> EffectToPool {
    let effect = &citation.effects[0];
    let interval = effect.interval.unwrap();
    EffectToPool {
        label: citation.authors[0].clone(),
        study: citation.pmid.clone().unwrap(),
        measure: effect.measure,
        estimate: effect.estimate,
        lower: interval.lower,
        upper: interval.upper,
        level: interval.level,
        ..EffectToPool::default()
    }
}

#[test]
fn estimates_that_were_found_are_pooled() {
    let found = read(&[("a.nbib", NBIB.as_bytes())], 64).unwrap();
    let effects: Vec<EffectToPool> = found.citations.iter().map(to_pool).collect();
    let mut host = Host::new();
    let pooled = host.ask(PoolEffects { measure: EffectMeasure::HazardRatio, effects: effects.clone() }).unwrap();
    let weight = |e: &EffectToPool| ((e.upper.ln() - e.lower.ln()) / (2.0 * 1.959_963_984_540_054)).powi(-2);
    let mean =
        effects.iter().map(|e| weight(e) * e.estimate.ln()).sum::<f64>() / effects.iter().map(weight).sum::<f64>();
    assert_close(pooled.fixed.estimate, mean.exp(), 1e-10);
    assert_eq!((pooled.rows.len(), pooled.random.map(|r| r.method)), (2, Some("reml".to_owned())));
    let mut mixed = effects.clone();
    mixed[1].measure = EffectMeasure::OddsRatio;
    let said = words(host.ask(PoolEffects { measure: EffectMeasure::HazardRatio, effects: mixed }));
    assert!(said.contains("do not measure the same thing") && said.contains("odds ratio"), "{said}");
    let mut odd = effects;
    odd[0].estimate = 0.95;
    let said = words(host.ask(PoolEffects { measure: EffectMeasure::HazardRatio, effects: odd }));
    assert!(said.contains("M\u{fc}ller") && said.contains("outside its own interval"), "{said}");
}
