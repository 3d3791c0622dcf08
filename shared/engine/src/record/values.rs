//! What is odd about a number, by the table of quantities that intake converts with.

use intake::units::{self, How, Quantity};
use model::concept::ConceptRef;
use protocol::ValueFlag;

/// The quantity that a concept measures, where the table has it.
pub(super) fn quantity(concept: &ConceptRef) -> Option<&'static Quantity> {
    (concept.system == "LOINC").then(|| units::find(&concept.code)).flatten()
}

/// What to mistrust about a number of a concept in a unit.
pub(super) fn flag(concept: &ConceptRef, value: f64, unit: Option<&str>) -> Option<ValueFlag> {
    let quantity = quantity(concept)?;
    let rule = quantity.rule(unit);
    match rule.how {
        How::Same | How::Converted => (!quantity.plausible(rule.apply(value))).then_some(ValueFlag::Implausible),
        How::NoUnit => Some(ValueFlag::NoUnit),
        How::Unconvertible => Some(ValueFlag::OtherUnit),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_judged_in_their_quantitys_unit() {
        let of = |system: &str, code: &str, value: f64, unit: Option<&str>| {
            let concept =
                ConceptRef { system: system.into(), code: code.into(), display: String::new(), omop_id: None };
            flag(&concept, value, unit)
        };
        // Creatinine: 1.1 mg/dL is 97 umol/L; 97 mg/dL is the slip of a unit.
        assert_eq!(of("LOINC", "2160-0", 1.1, Some("mg/dL")), None);
        assert_eq!(of("LOINC", "2160-0", 97.0, Some("umol/L")), None);
        assert_eq!(of("LOINC", "2160-0", 97.0, Some("mg/dL")), Some(ValueFlag::Implausible));
        assert_eq!(of("LOINC", "2160-0", 97.0, Some("furlongs")), Some(ValueFlag::OtherUnit));
        assert_eq!(of("LOINC", "2160-0", 1.1, None), Some(ValueFlag::NoUnit));
        assert_eq!(of("local", "2160-0", 97.0, Some("mg/dL")), None, "a code of another system says nothing");
    }
}
