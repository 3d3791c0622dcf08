//! Any text is read: no panic, spans inside the text and on character boundaries.

use notes::Reader;
use proptest::prelude::*;

fn check(text: &str) -> Result<(), TestCaseError> {
    let inside = |span: &std::ops::Range<usize>| text.get(span.clone()).is_some();
    let mut last = 0;
    for f in Reader::built_in().findings(text) {
        prop_assert!(inside(&f.span) && f.span.start < f.span.end && f.span.start >= last);
        last = f.span.start;
        prop_assert!(f.context.triggers.iter().all(|t| inside(&t.span) && inside(&t.scope)));
        prop_assert!(f.value.as_ref().is_none_or(|v| inside(&v.span) && v.low.is_finite()));
        prop_assert!(f.drug.as_ref().is_none_or(|d| inside(&d.span)));
        prop_assert!(f.heading.as_ref().is_none_or(inside));
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, cases: 512, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in "\\PC{0,300}") {
        check(&text)?;
    }

    #[test]
    fn what_looks_like_a_note(parts in prop::collection::vec(prop::sample::select(vec![
        "No", "no evidence of", " ", " ", " ", "pneumonia", "fever", "BP", "120", "/", "80", "EF", "55", "-", "60", "%", ".", ",",
        ":", "\n", "\n\n", "  ", "PMH", "FAMILY HISTORY", "mother", "metoprolol", "50", "mg", "bid", "é", "’s", "?", "(", ")", "#",
        "**", "ruled out", "but", "history of", "if", "NYHA", "class", "II", "5", "'", "10", "\"", "pack", "years", "\u{2028}", "𝛼", "ß",
        "q4h", "prn", "x", "\r\n", "\t", "temp", "is", "<", "to",
    ]), 0..80), target in prop::sample::select(vec!["fever", "pneumonia", "BP", "-", "", "no evidence of fever"])) {
        let text = parts.concat();
        check(&text)?;
        if let Some((span, context)) = Reader::built_in().context_of(&text, target) {
            prop_assert!(text.get(span).is_some());
            prop_assert!(context.triggers.iter().all(|t| text.get(t.span.clone()).is_some() && text.get(t.scope.clone()).is_some()));
        }
    }
}

#[test]
fn a_long_text_takes_time_in_proportion() {
    for unit in [
        "no ",
        "no fever ",
        "? ",
        "\n",
        "PMH:",
        "#",
        "a.",
        "EF is ",
        "5'",
        "metoprolol ",
        "history of ",
        "history ",
        "120/",
    ] {
        let text = unit.repeat(100_000 / unit.len());
        drop(Reader::built_in().findings(&text));
    }
}
