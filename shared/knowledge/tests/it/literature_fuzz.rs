//! No bytes make the readers of citations panic, pieces make no difference, and every record is counted.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use knowledge::literature::effects::find;
use knowledge::literature::{CitationReader, CitationsRead, LiteratureError};
use model::citation::AbstractSection;
use proptest::prelude::*;

const NBIB: &str = "PMID- 101\nOWN - NLM\nTI  - First \n      title\nAB  - RESULTS: HR 0.72 (95% CI 0.56-0.89).\nLID - 10.1/x [doi]\n\nPMID- 102\nTI  - Second\n";
const RIS: &str = "TY  - JOUR\r\nTI  - One\r\nAU  - Doe, J\r\nDO  - 10.1000/a\r\nER  - \r\n\r\nTY  - JOUR\r\nT1  - Two\r\nTY  - JOUR\r\nAB  - none\r\n";
const WOS: &str = "FN Clarivate Analytics Web of Science\nVR 1.0\nPT J\nAU Doe, J\n   Roe, K\nTI One\nER\n\nEF\n";
const XML: &str = "<?xml version=\"1.0\"?>\n<PubmedArticleSet>\n<PubmedArticle><MedlineCitation><PMID>1</PMID><Article><ArticleTitle>A &amp; <i>b</i></ArticleTitle><Abstract><AbstractText Label=\"RESULTS\">p &#60; 0.05</AbstractText></Abstract></Article></MedlineCitation></PubmedArticle>\n<PubmedArticle><MedlineCitation><PMID>2</PMID><Article></MedlineCitation></PubmedArticle>\n</PubmedArticleSet>";

fn read(pieces: &[&[u8]]) -> Result<CitationsRead, LiteratureError> {
    let mut reader = CitationReader::new(None);
    reader.begin("x");
    for piece in pieces {
        reader.push(piece)?;
    }
    reader.end()?;
    Ok(reader.finish())
}

fn adds_up(read: &CitationsRead) {
    let r = &read.report;
    assert_eq!(r.records_read, r.kept + r.rejected + r.not_used, "{r:?}");
    assert_eq!(r.kept, read.citations.len() as u64);
    for file in &r.files {
        assert_eq!(file.records_read, file.kept + file.rejected + file.not_used, "{file:?}");
    }
    assert!(r.rejections.iter().chain(&r.unused).all(|n| n.line > 0 && !n.reason.is_empty()));
}

fn corpus() -> impl Strategy<Value = String> {
    prop::sample::select(vec![NBIB, RIS, WOS, XML]).prop_map(str::to_owned)
}

proptest! {
    #[test]
    fn bytes_never_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        if let Ok(read) = read(&[&bytes]) {
            adds_up(&read);
        }
    }

    #[test]
    fn spoilt_files_are_counted(
        text in corpus(),
        cuts in prop::collection::vec((any::<prop::sample::Index>(), any::<prop::sample::Index>()), 0..3),
        noise in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 0..6),
    ) {
        let mut bytes = text.into_bytes();
        for (from, to) in cuts {
            let (a, b) = (from.index(bytes.len().max(1)), to.index(bytes.len().max(1)));
            if a < b { bytes.drain(a..b); }
        }
        for (at, byte) in noise {
            if !bytes.is_empty() { let i = at.index(bytes.len()); bytes[i] = byte; }
        }
        if let Ok(read) = read(&[&bytes]) {
            adds_up(&read);
        }
    }

    #[test]
    fn pieces_make_no_difference(text in corpus(), sizes in prop::collection::vec(1_usize..40, 1..8)) {
        let whole = read(&[text.as_bytes()]).unwrap();
        let mut pieces = Vec::new();
        let (mut rest, mut sizes) = (text.as_bytes(), sizes.iter().cycle());
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(rest.len().min(*sizes.next().unwrap()));
            pieces.push(piece);
            rest = after;
        }
        prop_assert_eq!(read(&pieces).unwrap(), whole);
    }

    #[test]
    fn any_abstract_can_be_read(text in "\\PC{0,200}") {
        let effects = find(&[AbstractSection { label: None, text: text.clone() }]);
        let n = text.chars().count() as u32;
        for e in effects {
            prop_assert!(e.span[0] <= e.span[1] && e.span[1] <= n);
        }
    }

    #[test]
    fn pieces_of_sentences_never_panic(parts in prop::collection::vec(prop::sample::select(vec![
        "HR", "aOR", "hazard ratio", "mean difference", "(", ")", "[", "]", "95% CI", "CI", "0.72", "·5", "−1.3", "-", "–", "to", ",", ";", "=",
        "p", "P<", "and", "respectively", "%", "mm Hg", "x 10", "^", "é", "1,234", "0,5", ".", "RR", "(OR)", "\u{a0}", "e-5", "95",
    ]), 0..40)) {
        for glue in [" ", ""] {
            let text = parts.join(glue);
            let n = text.chars().count() as u32;
            for e in find(&[AbstractSection { label: None, text }]) {
                prop_assert!(e.estimate.is_finite() && e.span[1] <= n && e.sentence_span[1] <= n);
                prop_assert!(e.std_err.is_none_or(|s| s.value.is_finite() && s.value > 0.0));
            }
        }
    }
}
