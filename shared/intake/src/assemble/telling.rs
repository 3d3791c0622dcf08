//! Words in the place of codes, and words of lists: what may say who somebody is goes through the identifier screen.

use ::notes::KnownIdentifiers;

use super::Core;
use crate::safe_harbor::class_words;

/// Where the words stand, in the account of identifiers.
const PLACE: &str = "words in the place of codes";

/// Digits in a row that no code without a system has to be believed for: a social security number has nine.
const LONG: usize = 9;

/// Words in the place of a code, as they may be stored. Several words are screened, and so is one that has the form of a number of
/// somebody's. Codes such as `E11.9` and `4548-4` stay.
pub(crate) fn clean_words(core: &mut Core, words: &str) -> String {
    if !core.settings.safe_harbor {
        return words.to_owned();
    }
    let is_one_word = !words.contains([' ', '@']);
    if is_one_word && !has_form(words) {
        return words.to_owned();
    }
    let clean = core.free.shared(PLACE, &KnownIdentifiers::default(), words);
    if is_one_word && clean == words {
        // The screen looks for numbers within sentences; by itself this is nothing but one.
        core.reporter.identifiers(class_words("other"), 1, PLACE, "replaced by [ID]");
        return "[ID]".to_owned();
    }
    clean
}

/// Whether a word has the form of a social security number, a telephone number, an address on the web, or of a long number that is
/// no concept of SNOMED CT.
fn has_form(word: &str) -> bool {
    if word.contains("://") || word.to_ascii_lowercase().starts_with("www.") {
        return true;
    }
    let mut runs = word.split(|c: char| !c.is_ascii_digit() && !matches!(c, '-' | '.' | '(' | ')' | '+'));
    runs.any(|run| {
        let groups: Vec<&str> = run.split(|c: char| !c.is_ascii_digit()).filter(|group| !group.is_empty()).collect();
        let lengths: Vec<usize> = groups.iter().map(|group| group.len()).collect();
        let n: usize = lengths.iter().sum();
        let is_phone = matches!(lengths.as_slice(), [3, 3, 4] | [1, 3, 3, 4]) || run.starts_with('+') && n >= 8;
        let is_ssn = lengths == [3, 2, 4] && run.contains('-');
        is_phone || is_ssn || groups.iter().any(|group| group.len() >= LONG && (*group != word || !is_sctid(group)))
    })
}

/// Whether digits are the identifier of a concept of SNOMED CT: by their partition and their check digit (Verhoeff 1969), which one
/// number of a thousand has by chance.
fn is_sctid(digits: &str) -> bool {
    const TIMES: [[u8; 10]; 10] = [
        [0, 1, 2, 3, 4, 5, 6, 7, 8, 9],
        [1, 2, 3, 4, 0, 6, 7, 8, 9, 5],
        [2, 3, 4, 0, 1, 7, 8, 9, 5, 6],
        [3, 4, 0, 1, 2, 8, 9, 5, 6, 7],
        [4, 0, 1, 2, 3, 9, 5, 6, 7, 8],
        [5, 9, 8, 7, 6, 0, 4, 3, 2, 1],
        [6, 5, 9, 8, 7, 1, 0, 4, 3, 2],
        [7, 6, 5, 9, 8, 2, 1, 0, 4, 3],
        [8, 7, 6, 5, 9, 3, 2, 1, 0, 4],
        [9, 8, 7, 6, 5, 4, 3, 2, 1, 0],
    ];
    const TURN: [u8; 10] = [1, 5, 7, 6, 2, 8, 3, 0, 9, 4];
    let n = digits.len();
    let partition = n.checked_sub(3).and_then(|from| digits.get(from..n - 1));
    if n > 18 || !matches!(partition, Some("00" | "10")) {
        return false;
    }
    let at = |table: &[u8; 10], i: u8| table.get(usize::from(i)).copied().unwrap_or(0);
    let check = digits.bytes().rev().zip(0..).fold(0u8, |sum, (digit, place)| {
        let turned = (0..place % 8).fold(digit - b'0', |digit, _| at(&TURN, digit));
        TIMES.get(usize::from(sum)).map_or(0, |row| at(row, turned))
    });
    check == 0
}

/// Words of HL7's and OMB's lists, and names of states: persons are called Georgia and Virginia, too.
const LISTED: &str = include_str!("../../data/listed.txt");

/// Whether words of a field with a list of its own stand in such a list, or are a code: a few capital letters, or the CDC's for races.
pub(crate) fn is_listed(words: &str) -> bool {
    let is_code = |word: &str| {
        let letters = word.len() <= 3 && word.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit());
        let of_cdc = matches!(word.split_once('-'), Some((number, check)) if number.len() == 4 && check.len() == 1
            && number.bytes().chain(check.bytes()).all(|b| b.is_ascii_digit()));
        letters || of_cdc
    };
    words.split("; ").map(str::trim).all(|word| {
        let mut listed = LISTED.lines().filter(|line| !line.starts_with('#'));
        is_code(word) || listed.any(|line| line.eq_ignore_ascii_case(word))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_have_no_form_of_numbers_of_persons() {
        for code in [
            "E11.9",
            "4548-4",
            "44833365",
            "C50.911",
            "0093-0058-01",
            "59762-3722-01",
            "2020-05-01",
            "444814009",
            "I10",
            "8140/3",
            "",
        ] {
            assert!(!has_form(code), "{code}");
        }
        for word in [
            "123-45-6789",
            "ssn:123-45-6789",
            "617-555-0199",
            "(617)555-0199",
            "1-617-555-0199",
            "+4930123456",
            "123456789",
            "MRN123456789",
            "444814008",
            "https://example.org/x",
            "www.example.org",
        ] {
            assert!(has_form(word), "{word}");
        }
    }

    #[test]
    fn identifiers_of_snomed_have_a_check_digit() {
        for id in ["444814009", "195662009", "840539006", "10509002", "763158003", "419099009", "731000124108"] {
            assert!(is_sctid(id), "{id}");
        }
        for id in ["444814000", "444814019", "123456789", "00", ""] {
            assert!(!is_sctid(id), "{id}");
        }
    }

    #[test]
    fn lists_are_known() {
        for words in ["Married", "never married", "Georgia", "MA", "2106-3", "White; Asian", "Not Hispanic or Latino"] {
            assert!(is_listed(words), "{words}");
        }
        for words in ["Married to John Quandt", "Quandt", "617-555-0199", "White; Quandt", "Bob"] {
            assert!(!is_listed(words), "{words}");
        }
    }
}
