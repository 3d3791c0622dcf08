//! Numbers and addresses of the same shape that are nobody's.

use super::Noise;

/// Letters and digits in small letters: how a number is grouped makes no other number of it.
pub(super) fn bare(found: &str) -> String {
    found.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

fn byte(noise: &Noise, i: usize) -> u8 {
    // Behind 32 characters the numbers come again, moved by how often they did.
    let round = u8::try_from(i / 32 % 256).unwrap_or(0);
    noise.get(i % 32).copied().unwrap_or(0).wrapping_add(round)
}

fn letter(of: u8) -> char {
    char::from(b'a' + of % 26)
}

/// Each digit by a digit, each letter by a letter in its case, the rest as it stands; never what it was.
pub(super) fn number(found: &str, noise: &Noise) -> String {
    let changed = |more: u8| -> String {
        found
            .chars()
            .enumerate()
            .map(|(i, c)| {
                let of = byte(noise, i).wrapping_add(more);
                match c {
                    '0'..='9' => char::from(b'0' + of % 10),
                    _ if c.is_uppercase() => letter(of).to_ascii_uppercase(),
                    _ if c.is_alphabetic() => letter(of),
                    _ => c,
                }
            })
            .collect()
    };
    let out = changed(0);
    let out = if out == found { changed(1) } else { out };
    // A card or an account in one run of digits begins with 0: no card does.
    let n_digits = found.bytes().filter(u8::is_ascii_digit).count();
    if n_digits >= 12 && found.bytes().next().is_some_and(|b| b.is_ascii_digit()) { leading(&out, "0") } else { out }
}

/// The first digits set to `digits`.
fn leading(text: &str, digits: &str) -> String {
    let mut wanted = digits.chars();
    text.chars().map(|c| if c.is_ascii_digit() { wanted.next().unwrap_or(c) } else { c }).collect()
}

/// 555 as area code of ten digits, behind a 1 of eleven; other telephone numbers by their shape.
pub(super) fn phone(found: &str, noise: &Noise) -> String {
    let out = number(found, noise);
    let digits: Vec<u8> = found.bytes().filter(u8::is_ascii_digit).collect();
    match (digits.len(), digits.first()) {
        (11.., Some(b'1')) => leading(&out, "1555"),
        (7 | 10.., _) if !found.starts_with('+') => leading(&out, "555"),
        _ => out,
    }
}

/// No social security number begins with 000.
pub(super) fn ssn(found: &str, noise: &Noise) -> String {
    leading(&number(found, noise), "000")
}

/// No ZIP code begins with 000.
pub(super) fn zip(found: &str, noise: &Noise) -> String {
    leading(&number(found, noise), "000")
}

fn hex(noise: &Noise, n: usize) -> String {
    noise.iter().take(n).map(|b| format!("{b:02x}")).collect()
}

pub(super) fn email(noise: &Noise) -> String {
    format!("person-{}@example.org", hex(noise, 3))
}

pub(super) fn url(noise: &Noise) -> String {
    format!("https://example.org/{}", hex(noise, 3))
}

/// TEST-NET-1 and the prefix for documentation (RFC 5737, RFC 3849).
pub(super) fn ip(found: &str, noise: &Noise) -> String {
    if found.contains(':') { format!("2001:db8::{}", hex(noise, 2)) } else { format!("192.0.2.{}", byte(noise, 0)) }
}
