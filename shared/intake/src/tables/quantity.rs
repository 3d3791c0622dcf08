//! Numbers with something behind them in one cell: a flag (`1.1 (H)`, `4.2*`) or a unit (`95 mg/dL`).

use crate::number;
use crate::units::ucum_of_any;

/// Flags that laboratories write behind a value.
const FLAGS: [&str; 14] = ["H", "L", "HH", "LL", "A", "N", "HI", "LO", "HIGH", "LOW", "*", "**", "!", "+"];

/// A number and the unit that stands behind it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Quantity<'a> {
    pub(super) value: f64,
    pub(super) unit: Option<&'a str>,
}

/// The number of a cell that has a flag or a unit behind it; nothing where it has anything else, or nothing.
pub(super) fn read(text: &str, decimal: u8) -> Option<Quantity<'_>> {
    let text = text.trim();
    let is_mark = |c: char| matches!(c, '*' | '!');
    let (number, rest) = match text.split_once(' ') {
        Some((number, rest)) => (number, rest.trim()),
        None => (text.trim_end_matches(is_mark), "*"),
    };
    if number.len() == text.len() || !number.starts_with(|c: char| c.is_ascii_digit() || c == '-') {
        return None;
    }
    let value = number::parse(number.as_bytes(), decimal)?;
    let bare = rest.trim_matches(['(', ')', '[', ']']);
    if FLAGS.iter().any(|flag| bare.eq_ignore_ascii_case(flag)) {
        return Some(Quantity { value, unit: None });
    }
    ucum_of_any(bare).is_some().then_some(Quantity { value, unit: Some(bare) })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_and_units_stand_behind_numbers() {
        let of = |text| read(text, b'.').map(|q| (q.value, q.unit));
        assert_eq!(of("1.1 (H)"), Some((1.1, None)));
        assert_eq!(of("4.2*"), Some((4.2, None)));
        assert_eq!(of("95 mg/dL"), Some((95.0, Some("mg/dL"))));
        for none in ["95", "1:160", "3 weeks later", "positive (H)", "2 of 3", "12-15", "5 / HPF seen", ""] {
            assert_eq!(of(none), None, "{none}");
        }
        assert_eq!(read("1,1 L", b',').map(|q| q.value), Some(1.1));
    }
}
