//! Presidio's labelled texts, where they stand beside the repository: recall and precision of the screen by class.
//!
//! The texts are synthetic, of forty countries, and none is clinical: chat, addresses, sentences of newspapers. Their labels are
//! mapped to the screen's classes; a label that Safe Harbor does not ask for (a country, an organization, a title, a year, an age
//! below 90) is neither right nor wrong to miss.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::PathBuf;

use notes::{KnownIdentifiers, screen};
use serde_json::Value;

fn data() -> Option<PathBuf> {
    let file = PathBuf::from(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../../../shared/data/notes/presidio/synth_dataset_v2.json"
    ));
    if file.is_file() {
        return Some(file);
    }
    println!("no ../shared/data/notes beside the repository: the labelled texts were not read");
    None
}

/// The class a label is counted in; nothing for what Safe Harbor does not ask for.
fn class(label: &str, text: &str) -> Option<&'static str> {
    Some(match label {
        "PERSON" => "name",
        "STREET_ADDRESS" | "ZIP_CODE" => "address",
        "PHONE_NUMBER" => "phone",
        "EMAIL_ADDRESS" => "email",
        "DOMAIN_NAME" => "url",
        "US_SSN" => "ssn",
        "IP_ADDRESS" => "ip",
        "CREDIT_CARD" | "IBAN_CODE" | "US_DRIVER_LICENSE" => "number",
        "DATE_TIME" if text.contains(['/', '-']) => "date",
        "AGE" if text.parse::<u32>().is_ok_and(|n| n > 89) => "age",
        _ => return None,
    })
}

/// Whether finds cover every letter and digit of a span.
fn covered(text: &str, span: &Range<usize>, finds: &[Range<usize>]) -> bool {
    text.char_indices()
        .filter(|(at, c)| span.contains(at) && c.is_alphanumeric())
        .all(|(at, _)| finds.iter().any(|f| f.contains(&at)))
}

#[test]
fn most_identifiers_of_presidios_texts_are_found() {
    let Some(file) = data() else { return };
    let texts: Value = serde_json::from_slice(&std::fs::read(file).expect("readable")).expect("JSON");
    let verbose = std::env::var_os("SCREEN_VERBOSE").is_some();
    // By class: labelled, touched, covered.
    let mut recall = BTreeMap::<&str, [usize; 3]>::new();
    // By class of the screen: found, right (on a label that is counted), on another label.
    let mut precision = BTreeMap::<&str, [usize; 3]>::new();
    for text in texts.as_array().expect("a list") {
        let full = text["full_text"].as_str().expect("text");
        let at = |v: &Value| {
            let n = usize::try_from(v.as_u64().expect("a position")).expect("small");
            full.char_indices().nth(n).map_or(full.len(), |(i, _)| i)
        };
        let found = screen(full, &KnownIdentifiers::default()).identifiers;
        let finds: Vec<Range<usize>> = found.iter().map(|f| f.span.clone()).collect();
        let labels: Vec<(Option<&str>, Range<usize>, &str)> = text["spans"]
            .as_array()
            .expect("spans")
            .iter()
            .map(|s| {
                let span = at(&s["start_position"])..at(&s["end_position"]);
                let label = s["entity_type"].as_str().expect("label");
                (class(label, &full[span.clone()]), span, label)
            })
            .collect();
        for (class, span, label) in &labels {
            let Some(class) = class else { continue };
            let touched = finds.iter().any(|f| f.start < span.end && f.end > span.start);
            let whole = covered(full, span, &finds);
            let counts = recall.entry(class).or_default();
            counts[0] += 1;
            counts[1] += usize::from(touched);
            counts[2] += usize::from(whole);
            if verbose && !whole {
                println!("MISSED {label} {:?} touched {touched} in {full:?}", &full[span.clone()]);
            }
        }
        for find in &found {
            let on = |wanted: bool| {
                labels.iter().any(|(class, span, label)| {
                    let counted = class.is_some() || *label == "GPE";
                    counted == wanted && find.span.start < span.end && find.span.end > span.start
                })
            };
            let counts = precision.entry(find.class.name()).or_default();
            counts[0] += 1;
            counts[1] += usize::from(on(true));
            counts[2] += usize::from(!on(true) && on(false));
            if verbose && !on(true) {
                println!("WRONG {} {:?} in {full:?}", find.class.name(), &full[find.span.clone()]);
            }
        }
    }
    let mut all = [0; 3];
    for (class, counts) in &recall {
        println!(
            "{class:14} labelled {:5}  touched {:.3}  covered {:.3}",
            counts[0],
            share(counts[1], counts[0]),
            share(counts[2], counts[0])
        );
        (0..3).for_each(|k| all[k] += counts[k]);
    }
    println!(
        "{:14} labelled {:5}  touched {:.3}  covered {:.3}",
        "ALL",
        all[0],
        share(all[1], all[0]),
        share(all[2], all[0])
    );
    let mut sum = [0; 3];
    for (class, counts) in &precision {
        println!(
            "{class:14} found {:5}  right {:.3}  on another label {:.3}",
            counts[0],
            share(counts[1], counts[0]),
            share(counts[2], counts[0])
        );
        (0..3).for_each(|k| sum[k] += counts[k]);
    }
    println!(
        "{:14} found {:5}  right {:.3}  on another label {:.3}",
        "ALL",
        sum[0],
        share(sum[1], sum[0]),
        share(sum[2], sum[0])
    );
    assert!(share(all[1], all[0]) >= 0.95, "recall {all:?}");
    assert!(share(sum[1], sum[0]) >= 0.80, "precision {sum:?}");
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}
