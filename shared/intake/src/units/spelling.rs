//! Units as people and machines write them, and their UCUM codes.

/// Spellings in small letters (without blanks) and the UCUM code. Codes themselves stand here too.
const SPELLINGS: &[(&str, &str)] = &[
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
    ("mgs/dl", "mg/dL"),
    ("mgperdl", "mg/dL"),
    ("milligramsperdeciliter", "mg/dL"),
    ("mg/dl{calc}", "mg/dL"),
    ("gm/l", "g/L"),
    ("gms/dl", "g/dL"),
    ("g%", "g/dL"),
    ("gm%", "g/dL"),
    ("grams/dl", "g/dL"),
    ("mcg/ml", "ug/mL"),
    ("ug/ml", "ug/mL"),
    ("micromol/l", "umol/L"),
    ("micromoles/l", "umol/L"),
    ("umoles/l", "umol/L"),
    ("mmoles/l", "mmol/L"),
    ("millimoles/l", "mmol/L"),
    ("millimolesperliter", "mmol/L"),
    ("mmol/molhb", "mmol/mol"),
    ("mmol/molhgb", "mmol/mol"),
    ("mmol/mol{hgb}", "mmol/mol"),
    ("%a1c", "%"),
    ("%hgb", "%"),
    ("%{total}", "%"),
    ("%oftotalhgb", "%"),
    ("%oftotalhb", "%"),
    ("[iu]/ml", "[IU]/mL"),
    ("10x3/ul", "10*3/uL"),
    ("x10*3/ul", "10*3/uL"),
    ("x10(3)/ul", "10*3/uL"),
    ("10(3)/ul", "10*3/uL"),
    ("x1000/ul", "10*3/uL"),
    ("x10^3/mcl", "10*3/uL"),
    ("10^3/mcl", "10*3/uL"),
    ("10e3/mcl", "10*3/uL"),
    ("x10e3/mcl", "10*3/uL"),
    ("thou/mcl", "10*3/uL"),
    ("thousand/mcl", "10*3/uL"),
    ("thou/mm3", "10*3/uL"),
    ("thou/cmm", "10*3/uL"),
    ("k/cmm", "10*3/uL"),
    ("k/cumm", "10*3/uL"),
    ("x10^3/mm3", "10*3/uL"),
    ("1000/ul", "10*3/uL"),
    ("10*3.ul-1", "10*3/uL"),
    ("x10*9/l", "10*9/L"),
    ("x10(9)/l", "10*9/L"),
    ("10(9)/l", "10*9/L"),
    ("bil/l", "10*9/L"),
    ("giga/l", "10*9/L"),
    ("gpt/l", "10*9/L"),
    ("/nl", "10*9/L"),
    ("x10*6/ul", "10*6/uL"),
    ("x10(6)/ul", "10*6/uL"),
    ("10(6)/ul", "10*6/uL"),
    ("m/mcl", "10*6/uL"),
    ("mil/mcl", "10*6/uL"),
    ("million/mcl", "10*6/uL"),
    ("mill/mcl", "10*6/uL"),
    ("m/mm3", "10*6/uL"),
    ("mil/mm3", "10*6/uL"),
    ("10^6/mcl", "10*6/uL"),
    ("x10^6/mcl", "10*6/uL"),
    ("10^6/mm3", "10*6/uL"),
    ("10*6/mm3", "10*6/uL"),
    ("10e12/l", "10*12/L"),
    ("x10e12/l", "10*12/L"),
    ("x10*12/l", "10*12/L"),
    ("t/l", "10*12/L"),
    ("tpt/l", "10*12/L"),
    ("/pl", "10*12/L"),
    ("/mm3", "/uL"),
    ("/mcl", "/uL"),
    ("/cumm", "/uL"),
    ("/cmm", "/uL"),
    ("#/ul", "/uL"),
    ("cells/mcl", "/uL"),
    ("cells/mm3", "/uL"),
    ("cells/cumm", "/uL"),
    ("mciu/ml", "u[IU]/mL"),
    ("miciu/ml", "u[IU]/mL"),
    ("mcu/ml", "u[IU]/mL"),
    ("mcunit/ml", "u[IU]/mL"),
    ("mcint_unit/ml", "u[IU]/mL"),
    ("mint_unit/l", "m[IU]/L"),
    ("m[iu]/ml", "m[IU]/mL"),
    ("miu/ml", "m[IU]/mL"),
    ("1/min", "/min"),
    ("min-1", "/min"),
    ("permin", "/min"),
    ("perminute", "/min"),
    ("/minute", "/min"),
    ("{beats}/minute", "/min"),
    ("{beat}/min", "/min"),
    ("beat/min", "/min"),
    ("beatsperminute", "/min"),
    ("beatspermin", "/min"),
    ("breaths/minute", "/min"),
    ("breathsperminute", "/min"),
    ("{breath}/min", "/min"),
    ("{resp}/min", "/min"),
    ("br/min", "/min"),
    ("degreesc", "Cel"),
    ("degreescelsius", "Cel"),
    ("degreecelsius", "Cel"),
    ("celsius", "Cel"),
    ("centigrade", "Cel"),
    ("\u{ba}c", "Cel"),
    ("\u{2103}", "Cel"),
    ("deg.c", "Cel"),
    ("degreesf", "[degF]"),
    ("degreesfahrenheit", "[degF]"),
    ("degreefahrenheit", "[degF]"),
    ("fahrenheit", "[degF]"),
    ("\u{ba}f", "[degF]"),
    ("\u{2109}", "[degF]"),
    ("deg.f", "[degF]"),
    ("kgs", "kg"),
    ("kilogram", "kg"),
    ("kilograms", "kg"),
    ("gram", "g"),
    ("grams", "g"),
    ("gm", "g"),
    ("lb_av", "[lb_av]"),
    ("[lb_us]", "[lb_av]"),
    ("lbs.", "[lb_av]"),
    ("lb.", "[lb_av]"),
    ("pound", "[lb_av]"),
    ("pounds", "[lb_av]"),
    ("[oz_av]", "[oz_av]"),
    ("oz", "[oz_av]"),
    ("ounce", "[oz_av]"),
    ("ounces", "[oz_av]"),
    ("cms", "cm"),
    ("centimeter", "cm"),
    ("centimeters", "cm"),
    ("centimetre", "cm"),
    ("mm", "mm"),
    ("meter", "m"),
    ("meters", "m"),
    ("in_i", "[in_i]"),
    ("in_us", "[in_i]"),
    ("[in_us]", "[in_i]"),
    ("in.", "[in_i]"),
    ("inch", "[in_i]"),
    ("inches", "[in_i]"),
    ("inch(es)", "[in_i]"),
    ("[ft_i]", "[ft_i]"),
    ("[ft_us]", "[ft_i]"),
    ("ft", "[ft_i]"),
    ("feet", "[ft_i]"),
    ("foot", "[ft_i]"),
    ("kg/m^2", "kg/m2"),
    ("kg/m**2", "kg/m2"),
    ("kg/m\u{b2}", "kg/m2"),
    ("kg/sqm", "kg/m2"),
    ("kg/sq.m", "kg/m2"),
    ("kg.m-2", "kg/m2"),
    ("ratio", "{INR}"),
    ("{inrvalue}", "{INR}"),
    ("[ph]", "[pH]"),
    ("ph", "[pH]"),
    ("mmol/kg", "mmol/kg"),
    ("ml/min/{1.73_m2}", "mL/min/{1.73_m2}"),
];

/// Spellings that only case or place tells from another unit.
const EXACT: &[(&str, &str)] = &[
    ("C", "Cel"),
    ("F", "[degF]"),
    ("g", "g"),
    ("m", "m"),
    ("\"", "[in_i]"),
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

/// Spellings (small letters, no blanks) that mean one unit in one quantity and another elsewhere: international units and those of
/// enzymes, ratios, single letters.
#[cfg(feature = "tables")]
const BY_QUANTITY: &[&str] = &[
    "iu/l",
    "[iu]/l",
    "unit/l",
    "units/l",
    "mu/l",
    "uu/ml",
    "mcu/ml",
    "mcunit/ml",
    "ratio",
    "{ratio}",
    "1",
    "c",
    "f",
    "m",
    "\"",
];

/// Spellings that stand for another unit in capitals than in small letters: giga and gram, mega and milli.
#[cfg(feature = "tables")]
const BY_CASE: &[&str] =
    &["G/L", "MIU/L", "MIU/ML", "MIU/mL", "M[IU]/L", "M[IU]/mL", "m/uL", "m/ul", "m/mm3", "m/mcL", "m/mcl"];

/// The UCUM code of a unit that means one thing whatever the quantity; nothing where the quantity must be known ([`ucum`]).
#[cfg(feature = "tables")]
pub(crate) fn ucum_of_any(written: &str) -> Option<&'static str> {
    let exact: String = written.chars().filter(|c| !c.is_whitespace()).collect();
    if BY_CASE.contains(&exact.as_str()) || BY_QUANTITY.contains(&exact.to_lowercase().as_str()) {
        return None;
    }
    ucum(written)
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
            ("mg per dL", Some("mg/dL")),
            ("x10(3)/uL", Some("10*3/uL")),
            ("K/cumm", Some("10*3/uL")),
            ("\u{ba}F", Some("[degF]")),
            ("Degrees Fahrenheit", Some("[degF]")),
            ("mmol/mol Hb", Some("mmol/mol")),
            ("kg/m\u{b2}", Some("kg/m2")),
            ("INCHES", Some("[in_i]")),
            ("Kg", Some("kg")),
            ("M", None),
            ("furlong", None),
            ("", None),
        ] {
            assert_eq!(ucum(written), code, "{written}");
        }
    }

    #[cfg(feature = "tables")]
    #[test]
    fn what_depends_on_the_quantity_is_left() {
        for written in ["G/L", "IU/L", "ratio", "mU/L", "C", "F", "1", "MIU/L", "units/L", "m/uL"] {
            assert_eq!(ucum_of_any(written), None, "{written}");
        }
        for (written, code) in [
            ("g/l", "g/L"),
            ("mg/dl", "mg/dL"),
            ("MG/DL", "mg/dL"),
            ("K/uL", "10*3/uL"),
            ("mmHg", "mm[Hg]"),
            ("INR", "{INR}"),
            ("U/L", "U/L"),
            ("mIU/L", "m[IU]/L"),
            ("\u{b0}C", "Cel"),
            ("M/uL", "10*6/uL"),
        ] {
            assert_eq!(ucum_of_any(written), Some(code), "{written}");
        }
        assert!(BY_QUANTITY.iter().chain(BY_CASE).all(|s| ucum(s).is_some() || ucum(&s.to_uppercase()).is_some()));
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
