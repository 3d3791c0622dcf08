//! What HIPAA's Safe Harbor rule (45 CFR 164.514(b)(2)) says of ages and ZIP codes, and its classes in words.

/// Ages above this become 90.
pub(crate) const OLDEST: f64 = 89.0;

/// First three digits of ZIP codes of areas with 20,000 people or fewer, with the censuses that say so.
const FEW_PEOPLE: &str = include_str!("../data/zip3.tsv");

fn few_people(first: &str) -> bool {
    FEW_PEOPLE.lines().any(|line| line.split('\t').next() == Some(first))
}

/// The year of birth as it may be stored, of somebody born in a year and last seen in another: nobody is older than 90. And whether it
/// was changed. Both years are of dates moved by the same days.
pub(crate) fn birth_year(born: i32, last_seen: i32) -> (i32, bool) {
    #[expect(clippy::cast_possible_truncation, reason = "89")]
    let oldest = OLDEST as i32;
    if last_seen - born > oldest { (last_seen - oldest - 1, true) } else { (born, false) }
}

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
    if few_people(first) { "000".to_owned() } else { first.to_owned() }
}

/// The Safe Harbor class of an identifier class of a plan.
pub(crate) fn class_words(class: &str) -> &'static str {
    match class {
        "name" => "names",
        "address" | "city" | "zip" => "geographic subdivisions smaller than a state",
        "birth_date" | "date" => "dates",
        "phone" => "telephone numbers",
        "fax" => "fax numbers",
        "email" => "e-mail addresses",
        "ssn" => "social security numbers",
        "record_number" => "medical record numbers",
        "insurance" => "health plan beneficiary numbers",
        "account" => "account numbers",
        "licence" => "certificate and licence numbers",
        "vehicle" => "vehicle identifiers and licence plates",
        "biometric" => "biometric identifiers",
        "device" => "device identifiers and serial numbers",
        "url" => "web addresses",
        "ip" => "IP addresses",
        "photo" => "full-face photographs",
        _ => "other unique identifying numbers or codes",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_of_three_digits_in_order() {
        let codes: Vec<&str> =
            FEW_PEOPLE.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split('\t').next()).collect();
        assert_eq!(codes.len(), 23);
        assert!(codes.iter().all(|c| c.len() == 3 && c.bytes().all(|b| b.is_ascii_digit())));
        assert!(codes.is_sorted());
        // All seventeen of HHS's own table.
        assert_eq!(FEW_PEOPLE.lines().filter(|l| !l.starts_with('#') && l.contains("2000")).count(), 17);
    }

    #[test]
    fn nobody_is_older_than_ninety() {
        assert_eq!(birth_year(1930, 2019), (1930, false));
        assert_eq!(birth_year(1929, 2019), (1929, true));
        assert_eq!(birth_year(1901, 2019), (1929, true));
    }

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
            ("20500-0003", "000"),
            ("36901", "000"),
            ("06301", "000"),
        ] {
            assert_eq!(zip3(code), want, "{code}");
        }
    }
}
