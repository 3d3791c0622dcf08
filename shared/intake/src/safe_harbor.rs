//! What HIPAA's Safe Harbor rule (45 CFR 164.514(b)(2)) says of ages and ZIP codes, and its classes in words.

/// Ages above this become 90.
pub(crate) const OLDEST: f64 = 89.0;

/// First three digits of ZIP codes whose areas held 20,000 people or fewer (Census 2000, as the guidance lists them).
const FEW_PEOPLE: [&str; 17] = [
    "036", "059", "063", "102", "203", "556", "692", "790", "821", "823", "830", "831", "878", "879", "884", "890",
    "893",
];

/// What remains of a ZIP code: three digits, `000` where few people live or where it is no ZIP code.
pub(crate) fn zip3(code: &str) -> String {
    let digits = code.trim().split('-').next().unwrap_or_default().trim();
    let all_digits = digits.bytes().all(|b| b.is_ascii_digit());
    // Spreadsheets eat the leading zeros.
    let padded = match digits.len() {
        5 | 9 if all_digits => digits.to_owned(),
        3 | 4 if all_digits => format!("{digits:0>5}"),
        _ => return "000".to_owned(),
    };
    let first = padded.get(..3).unwrap_or("000");
    if FEW_PEOPLE.contains(&first) { "000".to_owned() } else { first.to_owned() }
}

/// The Safe Harbor class of an identifier class of a plan.
pub(crate) fn class_words(class: &str) -> &'static str {
    match class {
        "name" => "names",
        "address" | "city" | "zip" => "geographic subdivisions smaller than a state",
        "birth_date" | "date" => "dates",
        "phone" => "telephone and fax numbers",
        "email" => "e-mail addresses",
        "ssn" => "social security numbers",
        "record_number" => "medical record numbers",
        "insurance" => "health plan beneficiary numbers",
        "account" => "account numbers",
        "licence" => "certificate and licence numbers",
        "vehicle" => "vehicle identifiers",
        "device" => "device identifiers and serial numbers",
        "url" => "web addresses",
        "ip" => "IP addresses",
        "photo" => "photographs",
        _ => "other unique identifying numbers or codes",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn zip_codes_lose_their_place() {
        for (code, want) in [
            ("02139", "021"),
            ("2139", "021"),
            ("02139-4307", "021"),
            ("03601", "000"),
            ("SW1A 1AA", "000"),
            ("", "000"),
            ("893", "008"),
        ] {
            assert_eq!(zip3(code), want, "{code}");
        }
    }
}
