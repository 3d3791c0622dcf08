//! Units of common laboratory values and vital signs: one UCUM unit a quantity, converted exactly or not at all.
//!
//! Start with [`find`]: the quantity of a LOINC code; [`Quantity::rule`] says what becomes of a value in a unit as it was
//! written. Values no living person can have are said to be so and never changed.
//!
//! **Sources.** Units: the Unified Code for Units of Measure, <https://ucum.org>; the case-sensitive codes. Conversions
//! between mass and amount of substance are molar masses from the IUPAC standard atomic weights, given beside each in the
//! table; of HbA1c the IFCC-NGSP master equation (NGSP % = 0.09148 IFCC mmol/mol + 2.152; Hoelzel et al., Clin Chem 2004).
//! LOINC codes: <https://loinc.org>. The limits of what is plausible are this project's own and wide on purpose: they are
//! there to find a wrong unit or a slipped decimal point, not a sick person.

mod grammar;
mod spelling;
mod table;

pub use grammar::is_ucum;
pub use spelling::ucum;
#[cfg(feature = "tables")]
pub(crate) use spelling::ucum_of_any;
use table::QUANTITIES;
pub use table::Quantity;

#[cfg(feature = "omop")]
use crate::report::Reporter;

/// How a value comes to its quantity's unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum How {
    /// It is in the quantity's unit, perhaps in another spelling.
    Same,
    /// It is converted.
    Converted,
    /// It has no unit; nothing is assumed.
    NoUnit,
    /// Its unit is none of this quantity that is known: value and unit stay as written.
    Unconvertible,
}

/// What becomes of the values of a quantity in one unit.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rule {
    /// How.
    pub how: How,
    factor: f64,
    offset: f64,
}

impl Rule {
    /// The value in the quantity's unit; as it was, where the rule is to leave it.
    #[must_use]
    pub fn apply(&self, value: f64) -> f64 {
        match self.how {
            How::Converted => value * self.factor + self.offset,
            _ => value,
        }
    }
}

/// The quantity that a LOINC code measures; nothing where it is not in the table.
#[must_use]
pub fn find(loinc: &str) -> Option<&'static Quantity> {
    QUANTITIES.iter().find(|q| q.loinc.contains(&loinc))
}

impl Quantity {
    /// Its unit, by its UCUM code.
    #[must_use]
    pub fn unit(&self) -> &'static str {
        self.unit
    }

    /// What becomes of values in a unit as it was written (`mmHg`, `mg/dl`, `10^3/uL`; see [`ucum`]).
    #[must_use]
    pub fn rule(&self, unit: Option<&str>) -> Rule {
        let rule = |how, factor, offset| Rule { how, factor, offset };
        let Some(written) = unit.map(str::trim).filter(|u| !u.is_empty()) else {
            // A ratio or a pH has none to lack.
            let how = if matches!(self.unit, "{INR}" | "[pH]") { How::Same } else { How::NoUnit };
            return rule(how, 1.0, 0.0);
        };
        let code = ucum(written).unwrap_or(written);
        if code == self.unit {
            return rule(How::Same, 1.0, 0.0);
        }
        match self.from.iter().find(|(from, ..)| *from == code) {
            Some((_, factor, offset)) => rule(How::Converted, *factor, *offset),
            None => rule(How::Unconvertible, 1.0, 0.0),
        }
    }

    /// The lowest and the highest value that a living person can have, in the quantity's unit.
    #[must_use]
    pub fn limits(&self) -> (f64, f64) {
        (self.low, self.high)
    }

    /// Whether a living person can have such a value, in the quantity's unit.
    #[must_use]
    pub fn plausible(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}

/// What became of values, for the report.
#[cfg(feature = "omop")]
#[derive(Default)]
pub(crate) struct Settled {
    n_converted: u64,
    n_without: u64,
    n_other: u64,
    pub(crate) n_implausible: u64,
}

#[cfg(feature = "omop")]
impl Settled {
    pub(crate) fn count(&mut self, how: How) {
        match how {
            How::Same => {}
            How::Converted => self.n_converted += 1,
            How::NoUnit => self.n_without += 1,
            How::Unconvertible => self.n_other += 1,
        }
    }

    pub(crate) fn say(&self, reporter: &mut Reporter) {
        reporter.warn_counts(&[
            (self.n_converted, "value was", "values were", "converted to the unit of the quantity (UCUM)"),
            (
                self.n_without,
                "laboratory value or vital sign has",
                "laboratory values and vital signs have",
                "no unit, and was kept so",
            ),
            (self.n_other, "value is", "values are", "in a unit that could not be converted, and was kept as it is"),
            (
                self.n_implausible,
                "value is",
                "values are",
                "such as no living person can have; look at their units. They were kept",
            ),
        ]);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn close(loinc: &str, value: f64, unit: &str, want: f64) {
        let rule = find(loinc).unwrap().rule(Some(unit));
        assert_eq!(rule.how, How::Converted, "{loinc} {unit}");
        let got = rule.apply(value);
        assert!((got - want).abs() <= want.abs() * 2e-3, "{loinc}: {got} and not {want}");
    }

    /// Pairs as clinical tables print them (AMA Manual of Style, SI conversions).
    #[test]
    fn conversions_agree_with_printed_tables() {
        close("2345-7", 5.55, "mmol/L", 100.0);
        close("2160-0", 88.4, "umol/L", 1.0);
        close("2093-3", 5.17, "mmol/L", 199.9);
        close("2571-8", 1.13, "mmol/L", 100.0);
        close("1975-2", 17.1, "µmol/L", 1.0);
        close("3094-0", 3.57, "mmol/L", 10.0);
        close("17861-6", 2.5, "mmol/L", 10.02);
        close("3084-1", 297.4, "umol/L", 5.0);
        close("718-7", 140.0, "g/L", 14.0);
        close("4548-4", 53.0, "mmol/mol", 7.0);
        close("8310-5", 98.6, "degF", 37.0);
        close("29463-7", 154.0, "lb", 69.85);
        close("8302-2", 70.0, "in", 177.8);
        close("2601-3", 2.43, "mg/dL", 1.0);
        close("718-7", 8.7, "mmol/L", 14.02);
        close("4548-4", 48.0, "mmol/mol", 6.54);
        close("3091-6", 5.0, "mmol/L", 30.03);
        close("777-3", 250_000.0, "/mm3", 250.0);
        close("777-3", 250.0, "G/L", 250.0);
        close("789-8", 4.5, "T/L", 4.5);
        close("3016-3", 2.5, "mcIU/mL", 2.5);
        close("1988-5", 0.8, "mg/dL", 8.0);
        close("8332-9", 101.3, "Fahrenheit", 38.5);
        close("8302-2", 5.5, "ft", 167.64);
        close("2524-7", 18.0, "mg/dL", 2.0);
        close("2132-9", 221.0, "pmol/L", 299.5);
        close("1989-3", 75.0, "nmol/L", 30.05);
        close("6301-6", 2.5, "1", 2.5);
    }

    #[test]
    fn same_unknown_and_implausible() {
        let of = |loinc: &str, unit: Option<&str>| find(loinc).unwrap().rule(unit).how;
        assert_eq!(of("8480-6", Some("mmHg")), How::Same);
        assert_eq!(of("6690-2", Some("K/uL")), How::Same);
        assert_eq!(of("2345-7", None), How::NoUnit);
        assert_eq!(
            (of("6301-6", None), of("6301-6", Some("ratio")), of("2744-1", Some("pH"))),
            (How::Same, How::Same, How::Same)
        );
        assert_eq!(of("2345-7", Some("furlongs")), How::Unconvertible);
        assert_eq!(find("2345-7").unwrap().rule(Some("furlongs")).apply(5.0), 5.0);
        assert!(!find("8867-4").unwrap().plausible(7000.0) && find("8867-4").unwrap().plausible(70.0));
        assert!(find("0-0").is_none());
    }

    #[test]
    fn no_code_stands_twice_and_units_are_spelled_as_ucum_has_them() {
        let mut all: Vec<&str> = QUANTITIES.iter().flat_map(|q| q.loinc.iter().copied()).collect();
        let n = all.len();
        crate::order::sort(&mut all);
        all.dedup();
        assert_eq!(all.len(), n);
        for q in QUANTITIES {
            assert!(q.low < q.high, "{}", q.name);
            for unit in q.from.iter().map(|(u, ..)| *u).chain([q.unit]) {
                assert_eq!(ucum(unit), Some(unit), "{}", q.name);
            }
        }
    }
}
