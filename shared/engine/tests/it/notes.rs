//! Notes at the engine's boundary: findings, the context of one phrase, and the identifier screen; spans in code points.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use crate::support;

use protocol::{NoteToRead, NoteToScreen, ReadNotes, ScreenNotes};
use support::Host;

/// The letters of a text from one code point to another, as Python slices.
fn slice(text: &str, [start, end]: [usize; 2]) -> String {
    text.chars().skip(start).take(end - start).collect()
}

#[test]
fn findings_have_context_and_spans_in_code_points() {
    let text = "Größe 180 cm. É. No évidence of pneumonia. Metoprolol 50 mg bid. LVEF 55-60 %.";
    let note = NoteToRead { text: text.to_owned(), target: None };
    let read = Host::new().ask(ReadNotes { notes: vec![note] }).unwrap();
    let [note] = read.as_slice() else { panic!("one note") };
    assert_eq!(note.target_found, None);
    let ids: Vec<&str> = note.findings.iter().map(|f| f.concept.as_str()).collect();
    assert_eq!(ids, ["pneumonia", "metoprolol", "ejection-fraction"]);
    assert!(note.findings.iter().all(|f| slice(text, f.span) == f.text));
    let pneumonia = &note.findings[0];
    assert_eq!((pneumonia.polarity.as_str(), pneumonia.code.as_deref()), ("negated", Some("SCT:233604007")));
    let trigger = pneumonia.trigger.clone().unwrap();
    assert_eq!((trigger.text.as_str(), trigger.rule.as_str()), ("No", "neg-no"));
    assert_eq!(slice(text, trigger.scope), "évidence of pneumonia.");
    let drug = note.findings[1].drug.clone().unwrap();
    assert_eq!(
        (drug.dose, drug.unit.as_deref(), drug.frequency.as_deref()),
        (Some(50.0), Some("mg"), Some("twice daily"))
    );
    let value = note.findings[2].value.clone().unwrap();
    assert_eq!((value.value, value.high, value.unit.as_deref()), (55.0, Some(60.0), Some("%")));
    assert_eq!(slice(text, value.span), "55-60 %");
}

#[test]
fn a_target_gets_its_context_or_is_said_to_be_missing() {
    let note = |target: &str| NoteToRead {
        text: "His mother had BREAST  CANCER.".to_owned(),
        target: Some(target.to_owned()),
    };
    let read = Host::new().ask(ReadNotes { notes: vec![note("breast cancer"), note("gout")] }).unwrap();
    let [found, missing] = read.as_slice() else { panic!("two notes") };
    assert_eq!(found.target_found, Some(true));
    let [finding] = found.findings.as_slice() else { panic!("one finding") };
    assert_eq!((finding.concept.as_str(), finding.text.as_str()), ("breast cancer", "BREAST  CANCER"));
    assert_eq!((finding.experiencer.as_str(), finding.polarity.as_str()), ("other", "affirmed"));
    assert_eq!((missing.target_found, missing.findings.len()), (Some(false), 0));
}

#[test]
fn identifiers_are_replaced_and_their_places_told() {
    let text = "É. Dr. Müller saw Xiqo on 03/14/2020; MRN 4711-A.";
    let note = NoteToScreen {
        text: text.to_owned(),
        names: vec!["Xiqo Pqr".to_owned()],
        numbers: vec!["4711-A".to_owned()],
        surrogates: None,
    };
    let screened = Host::new().ask(ScreenNotes { notes: vec![note] }).unwrap();
    let [screened] = screened.as_slice() else { panic!("one note") };
    assert_eq!(screened.text, "É. Dr. [NAME] saw [NAME] on [DATE]; MRN [ID].");
    let found: Vec<(String, String)> =
        screened.identifiers.iter().map(|i| (i.class.clone(), slice(text, i.span))).collect();
    let want = [("name", "Müller"), ("name", "Xiqo"), ("date", "03/14/2020"), ("record_number", "4711-A")];
    assert_eq!(found, want.map(|(class, text)| (class.to_owned(), text.to_owned())));
}
