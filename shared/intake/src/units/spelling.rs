//! Units as people and machines write them, and their UCUM codes.

/// Spellings in small letters (without blanks) and the UCUM code. Codes themselves stand here too.
const SPELLINGS: [(&str, &str); 104] = [
    ("%", "%"),
    ("percent", "%"),
    ("mg/dl", "mg/dL"),
    ("mg/100ml", "mg/dL"),
    ("mg%", "mg/dL"),
    ("g/dl", "g/dL"),
    ("gm/dl", "g/dL"),
    ("g/l", "g/L"),
    ("mg/l", "mg/L"),
    ("ug/dl", "ug/dL"),
    ("mcg/dl", "ug/dL"),
    ("ug/l", "ug/L"),
    ("mcg/l", "ug/L"),
    ("ng/ml", "ng/mL"),
    ("ng/dl", "ng/dL"),
    ("ng/l", "ng/L"),
    ("pg/ml", "pg/mL"),
    ("mmol/l", "mmol/L"),
    ("umol/l", "umol/L"),
    ("mcmol/l", "umol/L"),
    ("nmol/l", "nmol/L"),
    ("pmol/l", "pmol/L"),
    ("mol/l", "mol/L"),
    ("meq/l", "meq/L"),
    ("mmol/mol", "mmol/mol"),
    ("mmol/mol{hb}", "mmol/mol"),
    ("%{hb}", "%"),
    ("%hb", "%"),
    ("%{ofhgb}", "%"),
    ("u/l", "U/L"),
    ("iu/l", "U/L"),
    ("[iu]/l", "U/L"),
    ("unit/l", "U/L"),
    ("units/l", "U/L"),
    ("ukat/l", "ukat/L"),
    ("10*3/ul", "10*3/uL"),
    ("10^3/ul", "10*3/uL"),
    ("x10^3/ul", "10*3/uL"),
    ("x10e3/ul", "10*3/uL"),
    ("10e3/ul", "10*3/uL"),
    ("10*3/mm3", "10*3/uL"),
    ("10^3/mm3", "10*3/uL"),
    ("k/ul", "10*3/uL"),
    ("k/mm3", "10*3/uL"),
    ("thousand/ul", "10*3/uL"),
    ("thou/ul", "10*3/uL"),
    ("k/mcl", "10*3/uL"),
    ("10*3/mcl", "10*3/uL"),
    ("th/ul", "10*3/uL"),
    ("10*9/l", "10*9/L"),
    ("10^9/l", "10*9/L"),
    ("x10^9/l", "10*9/L"),
    ("10e9/l", "10*9/L"),
    ("x10e9/l", "10*9/L"),
    ("g/l{giga}", "10*9/L"),
    ("10*6/ul", "10*6/uL"),
    ("10^6/ul", "10*6/uL"),
    ("x10^6/ul", "10*6/uL"),
    ("10e6/ul", "10*6/uL"),
    ("x10e6/ul", "10*6/uL"),
    ("m/ul", "10*6/uL"),
    ("mil/ul", "10*6/uL"),
    ("million/ul", "10*6/uL"),
    ("10*12/l", "10*12/L"),
    ("10^12/l", "10*12/L"),
    ("x10^12/l", "10*12/L"),
    ("/ul", "/uL"),
    ("cells/ul", "/uL"),
    ("{cells}/ul", "/uL"),
    ("fl", "fL"),
    ("um3", "fL"),
    ("l/l", "L/L"),
    ("m[iu]/l", "m[IU]/L"),
    ("miu/l", "m[IU]/L"),
    ("mu/l", "m[IU]/L"),
    ("u[iu]/ml", "u[IU]/mL"),
    ("uiu/ml", "u[IU]/mL"),
    ("uu/ml", "u[IU]/mL"),
    ("mm[hg]", "mm[Hg]"),
    ("mmhg", "mm[Hg]"),
    ("kpa", "kPa"),
    ("/min", "/min"),
    ("{beats}/min", "/min"),
    ("beats/min", "/min"),
    ("beats/minute", "/min"),
    ("bpm", "/min"),
    ("{breaths}/min", "/min"),
    ("breaths/min", "/min"),
    ("cel", "Cel"),
    ("degc", "Cel"),
    ("°c", "Cel"),
    ("[degf]", "[degF]"),
    ("degf", "[degF]"),
    ("°f", "[degF]"),
    ("kg", "kg"),
    ("[lb_av]", "[lb_av]"),
    ("lb", "[lb_av]"),
    ("lbs", "[lb_av]"),
    ("cm", "cm"),
    ("[in_i]", "[in_i]"),
    ("in", "[in_i]"),
    ("kg/m2", "kg/m2"),
    ("{inr}", "{INR}"),
    ("ml/min/{1.73_m2}", "mL/min/{1.73_m2}"),
];

/// Spellings that only case or place tells from another unit.
const EXACT: [(&str, &str); 14] = [
    ("C", "Cel"),
    ("F", "[degF]"),
    ("g", "g"),
    ("m", "m"),
    ("Kg", "kg"),
    ("inches", "[in_i]"),
    ("pounds", "[lb_av]"),
    ("INR", "{INR}"),
    ("1", "1"),
    ("{ratio}", "{INR}"),
    ("mL/min/1.73m2", "mL/min/{1.73_m2}"),
    ("mL/min/1.73 m2", "mL/min/{1.73_m2}"),
    ("mL/min/1.73m^2", "mL/min/{1.73_m2}"),
    ("mL/min/[1.73_m2]", "mL/min/{1.73_m2}"),
];

/// The UCUM code of a unit as it was written; nothing where it is not known here.
///
/// Case and blanks do not matter but where two units differ by them; both signs for micro are one.
#[must_use]
pub fn ucum(written: &str) -> Option<&'static str> {
    let written = written.trim();
    if let Some((_, code)) = EXACT.iter().find(|(spelling, _)| *spelling == written) {
        return Some(code);
    }
    let plain: String = written
        .chars()
        .filter(|c| !c.is_whitespace())
        .map(|c| if matches!(c, '\u{b5}' | '\u{3bc}') { 'u' } else { c.to_ascii_lowercase() })
        .collect();
    SPELLINGS.iter().find(|(spelling, _)| *spelling == plain).map(|(_, code)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings() {
        for (written, code) in [
            ("mg/dl", Some("mg/dL")),
            ("MG/DL", Some("mg/dL")),
            ("µmol/L", Some("umol/L")),
            ("μmol/L", Some("umol/L")),
            ("10^3/uL", Some("10*3/uL")),
            ("mm Hg", Some("mm[Hg]")),
            ("IU/L", Some("U/L")),
            ("beats/minute", Some("/min")),
            ("mL/min/1.73m2", Some("mL/min/{1.73_m2}")),
            ("ML/MIN/1.73M2", None),
            ("furlong", None),
            ("", None),
        ] {
            assert_eq!(ucum(written), code, "{written}");
        }
    }

    #[test]
    fn no_spelling_stands_twice() {
        let mut all: Vec<&str> = SPELLINGS.iter().map(|(s, _)| *s).collect();
        crate::order::sort(&mut all);
        let n = all.len();
        all.dedup();
        assert_eq!(all.len(), n);
    }
}
