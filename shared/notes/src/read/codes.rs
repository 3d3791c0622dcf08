//! Test: every code of the lexicons has the form that its system gives to codes, check digit included.

use super::lexicon::Lexicon;
use super::vocabulary::Vocabulary;

/// Verhoeff's check digit (Verhoeff 1969), as the identifiers of SNOMED CT end with it: in the dihedral group of ten elements, element
/// `a` times `b`.
fn times(a: u8, b: u8) -> u8 {
    match (a < 5, b < 5) {
        (true, true) => (a + b) % 5,
        (true, false) => 5 + (a + b - 5) % 5,
        (false, true) => 5 + (a - 5 + 5 - b) % 5,
        (false, false) => (a + 5 - b) % 5,
    }
}

fn ends_with_verhoeff(digits: &str) -> bool {
    const TURN: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let sum = digits.bytes().rev().enumerate().fold(0, |sum, (place, digit)| {
        let turned = (0..place % 8).fold(digit - b'0', |digit, _| TURN[usize::from(digit)]);
        times(sum, turned)
    });
    sum == 0
}

/// LOINC's check digit: the modulus 10 of Luhn, over the digits before the hyphen (LOINC Users' Guide, appendix C).
fn ends_with_luhn(code: &str) -> bool {
    let Some((digits, check)) = code.split_once('-') else { return false };
    let sum: u32 = digits
        .bytes()
        .rev()
        .enumerate()
        .map(|(place, digit)| {
            let doubled = u32::from(digit - b'0') * if place % 2 == 0 { 2 } else { 1 };
            doubled / 10 + doubled % 10
        })
        .sum();
    check.parse() == Ok((10 - sum % 10) % 10)
}

fn are_digits(text: &str, least: usize, most: usize) -> bool {
    (least..=most).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether a code has the form of its system.
fn has_form(code: &str) -> bool {
    match code.split_once(':') {
        // A concept's identifier has the partition 00 or 10 before its check digit.
        Some(("SCT", id)) => {
            are_digits(id, 6, 18)
                && !id.starts_with('0')
                && matches!(id.get(id.len() - 3..id.len() - 1), Some("00" | "10"))
                && ends_with_verhoeff(id)
        }
        Some(("RXN", id)) => are_digits(id, 1, 8) && !id.starts_with('0'),
        Some(("LNC", code)) => {
            code.split_once('-').is_some_and(|(number, check)| are_digits(number, 1, 7) && are_digits(check, 1, 1))
                && ends_with_luhn(code)
        }
        _ => false,
    }
}

#[test]
fn every_code_has_the_form_of_its_system() {
    let lexicon = Lexicon::read(&mut Vocabulary::default());
    let codes: Vec<&str> = lexicon.concepts.iter().filter_map(|c| c.code).collect();
    let wrong: Vec<&&str> = codes.iter().filter(|code| !has_form(code)).collect();
    assert!(codes.len() > 600 && wrong.is_empty(), "{} codes; {wrong:?}", codes.len());
}

#[test]
fn a_slip_in_a_code_shows() {
    for right in ["SCT:38341003", "SCT:73211009", "LNC:4548-4", "LNC:718-7", "LNC:8480-6", "RXN:6809"] {
        assert!(has_form(right), "{right}");
    }
    for wrong in [
        "SCT:38341004",
        "SCT:38431003",
        "SCT:38341013",
        "LNC:4548-5",
        "LNC:4584-4",
        "LNC:4548",
        "RXN:06809",
        "RXN:x",
        "X:1",
        "1",
    ] {
        assert!(!has_form(wrong), "{wrong}");
    }
}
