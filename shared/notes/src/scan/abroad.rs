//! Addresses of other countries, military addresses, and the lines that go on with an address.

use super::lists;
use super::people::word;
use super::tokens::{Kind, Tokens};

/// Words for a street that stand before its name.
pub(crate) const BEFORE: [&str; 44] = [
    "rue",
    "rua",
    "via",
    "viale",
    "vicolo",
    "calle",
    "avda",
    "avenida",
    "av",
    "ave",
    "paseo",
    "plaza",
    "piazza",
    "strada",
    "ulica",
    "ul",
    "os",
    "al",
    "carrer",
    "camino",
    "chemin",
    "allée",
    "travessa",
    "largo",
    "corso",
    "avenue",
    "boulevard",
    "bd",
    "impasse",
    "quai",
    "praça",
    "carretera",
    "ronda",
    "c",
    "place",
    "cours",
    "route",
    "passage",
    "contrada",
    "str",
    "rruga",
    "jalan",
    "jl",
    "straat",
];

/// Words of military addresses and of parts of a house.
pub(crate) const WORDS: [&str; 10] = ["psc", "unit", "cmr", "apo", "dpo", "fpo", "apt", "apartment", "suite", "ste"];

/// Endings of names of streets.
const ENDINGS: [&str; 40] = [
    "straße", "strasse", "str", "gasse", "platz", "weg", "allee", "vej", "gade", "gata", "gatan", "vägen", "väg",
    "veien", "vegen", "vei", "tie", "katu", "kuja", "polku", "straat", "laan", "plein", "dreef", "braut", "stræti",
    "götu", "gate", "stien", "bakken", "kroken", "rinne", "kaari", "aukio", "plads", "torget", "backen", "gränd",
    "stigen", "ring",
];

/// The end of an address that begins at a token.
pub(super) fn address(t: &Tokens<'_>, i: usize) -> Option<usize> {
    if !matches!(t.kind(i), Some(Kind::Word | Kind::Digits)) || !t.begins(i) {
        return None;
    }
    let listed = t.listed(i, lists::ADDRESS);
    let by_word = if listed { military(t, i).or_else(|| apartment_alone(t, i)) } else { None };
    by_word.or_else(|| if listed || number(t, i) { named_before(t, i) } else { None }).or_else(|| numbered(t, i))
}

fn number(t: &Tokens<'_>, i: usize) -> bool {
    t.kind(i) == Some(Kind::Digits) && t.str(i).len() <= 6
}

/// `PSC 0413, Box 8144`, `Unit 5146 Box 1772`, `APO AA 42323`.
fn military(t: &Tokens<'_>, i: usize) -> Option<usize> {
    let first = t.lower(i)?;
    let at = t.skip_space(i + 1);
    if matches!(first, "psc" | "unit" | "cmr") && number(t, at) {
        let comma = if t.is(at + 1, ",") { at + 2 } else { at + 1 };
        let word = t.skip_space(comma);
        let box_number = t.skip_space(word + 1);
        return (t.lower(word).is_some_and(|w| w == "box") && number(t, box_number)).then_some(box_number + 1);
    }
    if matches!(first, "apo" | "dpo" | "fpo") {
        let zip = t.skip_space(at + 1);
        let region = t.lower(at).is_some_and(|w| matches!(w, "aa" | "ae" | "ap"));
        return (region && number(t, zip)).then_some(zip + 1);
    }
    None
}

/// `Apt. 595`, `Suite 501` on a line of its own or between others.
fn apartment_alone(t: &Tokens<'_>, i: usize) -> Option<usize> {
    let word = t.lower(i).is_some_and(|w| matches!(w, "apt" | "apartment" | "suite" | "ste"));
    if !word {
        return None;
    }
    let at = t.skip_space(if t.is(i + 1, ".") { i + 2 } else { i + 1 });
    (number(t, at) && at > i + 1).then_some(at + 1)
}

/// Words for a street in small letters behind its name.
const STREET_WORDS: [&str; 16] = [
    "gate", "tee", "vei", "utca", "út", "útja", "straat", "street", "road", "avenue", "lane", "drive", "gata", "tér",
    "ulica", "weg",
];

/// Words with capitals, and small particles between them; the token behind them.
fn capitals(t: &Tokens<'_>, from: usize, most: usize, any_case: bool) -> Option<usize> {
    let (mut at, mut end) = (from, None);
    for n in 0..most {
        let small = t.lower(at).is_some_and(|w| {
            matches!(
                w,
                "de" | "del"
                    | "della"
                    | "delle"
                    | "dei"
                    | "do"
                    | "da"
                    | "dos"
                    | "des"
                    | "du"
                    | "la"
                    | "le"
                    | "di"
                    | "van"
                    | "den"
            )
        });
        let word = t.kind(at) == Some(Kind::Word);
        // Behind a word for a street small letters are a name too, and in a text without capitals.
        let named = t.is_capital(at) || (word && !small && (t.without_capitals || (n == 0 && any_case)));
        let street = word && n > 0 && STREET_WORDS.contains(&t.str(at));
        if named || street {
            let dot = usize::from(t.is(at + 1, ".") && t.kind(at + 2) == Some(Kind::Space));
            end = Some(at + 1 + dot);
        } else if !small {
            break;
        }
        let mut next = at + 1;
        while matches!(t.str(next), "." | "-" | "'" | "’") {
            next += 1;
        }
        let behind = t.skip_space(next);
        if behind == at + 1 {
            break;
        }
        at = behind;
    }
    end
}

/// `Rua do Arenque 1634`, `63 Rue de Kairouan`, `ul. Jesionowa 127`.
fn named_before(t: &Tokens<'_>, i: usize) -> Option<usize> {
    let leading = number(t, i);
    let at = if leading { t.skip_space(i + 1) } else { i };
    let kind = t.lower(at)?;
    if !t.listed(at, lists::ADDRESS)
        || !BEFORE.contains(&kind)
        || (kind.len() <= 2 && !matches!(t.str(at + 1), "." | "/"))
    {
        return None;
    }
    let from = t.skip_space(if matches!(t.str(at + 1), "." | "/") { at + 2 } else { at + 1 });
    let named = capitals(t, from, 5, leading)?;
    let house = t.skip_space(if t.is(named, ",") { named + 1 } else { named });
    if number(t, house) && t.str(house).len() <= 4 {
        return Some(house + 1);
    }
    leading.then_some(named)
}

/// `475 Breivangvegen 38`, `Hauptstraße 5`, `9092 Igias 74`: a house number on both sides, or a street by its ending.
fn numbered(t: &Tokens<'_>, i: usize) -> Option<usize> {
    let leading = number(t, i);
    let at = if leading { t.skip_space(i + 1) } else { i };
    if leading && at == i + 1 {
        return None;
    }
    if !(t.is_capital(at) || (t.without_capitals && leading)) {
        return None;
    }
    let lower = t.lower(at)?;
    let street = ENDINGS.iter().any(|e| lower.len() > e.len() + 2 && super::names::ends_with(lower, e));
    let open = || word(t, at).is_some_and(super::people::Word::open);
    if !street && (!leading || !open()) {
        return None;
    }
    let named = capitals(t, at, 3, false)?;
    let mut house = t.skip_space(named);
    if matches!(t.str(house), "u" | "út" | "utca" | "tér" | "rkp") {
        house += 1;
        if t.is(house, ".") {
            house += 1;
        }
        house = t.skip_space(house);
    }
    let digits = t.str(house).len();
    let fits = number(t, house) && digits <= 4 && t.ends(house + 1) && house > named;
    let unit = t.lower(t.skip_space(house + 1)).is_some_and(|w| {
        matches!(
            w,
            "mg" | "mcg" | "ml" | "units" | "g" | "mm" | "cm" | "kg" | "years" | "year" | "times" | "tablets" | "days"
        )
    });
    (fits && !unit && !matches!(t.str(house + 1), "%" | "/" | ":")).then_some(house + 1)
}

/// What goes on with an address: apartment, city, country, postal code; the token behind the last of them.
pub(super) fn goes_on(t: &Tokens<'_>, end: usize) -> usize {
    let (mut at, mut sure, mut words) = (end, end, 0);
    for _ in 0..14 {
        let comma = t.is(at, ",");
        let next = behind_separators(t, at);
        if let Some(behind) = apartment_alone(t, next).or_else(|| military(t, next)) {
            (at, sure) = (behind, behind);
            continue;
        }
        if t.kind(next) == Some(Kind::Digits) && (3..=6).contains(&t.str(next).len()) && t.ends(next + 1) && words > 0 {
            let plus = t.is(next + 1, "-") && t.kind(next + 2) == Some(Kind::Digits);
            return if plus { next + 3 } else { next + 1 };
        }
        let Some(found) = word(t, next).filter(|_| words < 7 && next > at) else { break };
        words += 1;
        at = found.end_token().max(next + 1);
        // 'Springfield' straight behind a comma is the city.
        if comma && found.open() && sure == end {
            sure = at;
        }
    }
    sure
}

/// The position behind blanks, commas, one line end and the marks of quoted lines.
fn behind_separators(t: &Tokens<'_>, from: usize) -> usize {
    let (mut at, mut lines) = (from, 0);
    while at < from + 8 {
        match t.kind(at) {
            Some(Kind::Space) => {}
            Some(Kind::Line) if lines == 0 => lines += 1,
            Some(Kind::Mark) if matches!(t.str(at), "," | ">" | "?") => {}
            Some(Kind::Mark) if t.is(at, ".") && at == from => {}
            _ => break,
        }
        at += 1;
    }
    at
}
