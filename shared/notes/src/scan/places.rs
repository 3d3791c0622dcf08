//! Street addresses, post boxes and ZIP codes.

use super::abroad;
use super::tokens::{Kind, Tokens};
use crate::{Class, Identifier};

pub(crate) const STREETS: [&str; 31] = [
    "street",
    "st",
    "avenue",
    "ave",
    "road",
    "rd",
    "boulevard",
    "blvd",
    "lane",
    "ln",
    "drive",
    "dr",
    "way",
    "court",
    "ct",
    "place",
    "pl",
    "terrace",
    "ter",
    "square",
    "sq",
    "highway",
    "hwy",
    "parkway",
    "pkwy",
    "circle",
    "cir",
    "alley",
    "trail",
    "row",
    "crescent",
];

pub(crate) const STATES: [&str; 51] = [
    "AL", "AK", "AZ", "AR", "CA", "CO", "CT", "DE", "FL", "GA", "HI", "ID", "IL", "IN", "IA", "KS", "KY", "LA", "ME",
    "MD", "MA", "MI", "MN", "MS", "MO", "MT", "NE", "NV", "NH", "NJ", "NM", "NY", "NC", "ND", "OH", "OK", "OR", "PA",
    "RI", "SC", "SD", "TN", "TX", "UT", "VT", "VA", "WA", "WV", "WI", "WY", "DC",
];

/// States by name: no secret.
const STATE_NAMES: [&str; 24] = [
    "Alabama",
    "Alaska",
    "Arkansas",
    "California",
    "Colorado",
    "Connecticut",
    "Hawaii",
    "Idaho",
    "Illinois",
    "Iowa",
    "Kentucky",
    "Louisiana",
    "Maine",
    "Massachusetts",
    "Michigan",
    "Minnesota",
    "Mississippi",
    "Missouri",
    "Nebraska",
    "Ohio",
    "Oklahoma",
    "Oregon",
    "Pennsylvania",
    "Utah",
];

pub(super) fn scan(t: &Tokens<'_>, finds: &mut Vec<Identifier>) {
    let mut done = 0;
    for i in 0..t.len() {
        if i >= done
            && let Some(end) = street(t, i)
                .or_else(|| post_box(t, i))
                .or_else(|| german_street(t, i))
                .or_else(|| abroad::address(t, i))
        {
            // A state behind the city stays, and its ZIP code is a find of its own.
            let end = city(t, end).unwrap_or_else(|| abroad::goes_on(t, end));
            // 846 31 Rue de Kairouan: a number before the house number.
            let before =
                i.checked_sub(2).filter(|b| t.kind(*b) == Some(Kind::Digits) && t.kind(i - 1) == Some(Kind::Space));
            let before = before.filter(|b| *b >= done && t.begins(*b) && t.str(*b).len() <= 6);
            t.find(Class::Address, before.unwrap_or(i), end, finds);
            done = end;
        }
        if i >= done
            && let Some((start, end)) = town(t, i)
        {
            t.find(Class::Address, start, end, finds);
        }
        if let Some(end) = zip(t, i) {
            t.find(Class::Zip, i, end, finds);
        }
    }
}

/// `12 Elm St.`, `1600B North Elm Street, Apt. 4`.
fn street(t: &Tokens<'_>, i: usize) -> Option<usize> {
    if t.kind(i) != Some(Kind::Digits) || t.str(i).len() > 6 || !t.begins(i) {
        return None;
    }
    let mut at = i + 1;
    if t.kind(at) == Some(Kind::Word) && t.str(at).len() == 1 {
        at += 1;
    }
    if t.kind(at) != Some(Kind::Space) {
        return None;
    }
    at += 1;
    for words in 0..5 {
        let word = t.lower(at);
        if words > 0 && t.is_capital(at) && word.is_some_and(|w| STREETS.contains(&w)) && t.ends(at + 1) {
            let end = if t.is(at + 1, ".") { at + 2 } else { at + 1 };
            return Some(apartment(t, end).unwrap_or(end));
        }
        let numbered = t.kind(at) == Some(Kind::Digits) && t.kind(at + 1) == Some(Kind::Word);
        if numbered {
            at += 2;
        } else if t.is_capital(at) {
            at += 1;
            if t.is(at, ".") {
                at += 1;
            }
        } else {
            return None;
        }
        if t.kind(at) != Some(Kind::Space) {
            return None;
        }
        at += 1;
    }
    None
}

fn apartment(t: &Tokens<'_>, end: usize) -> Option<usize> {
    let at = t.skip_space(if t.is(end, ",") { end + 1 } else { end });
    let is =
        t.lower(at).is_some_and(|w| matches!(w, "apt" | "apartment" | "suite" | "ste" | "unit" | "floor" | "room"));
    if !is && !t.is(at, "#") {
        return None;
    }
    let mut at = if t.is(at + 1, ".") { at + 2 } else { at + 1 };
    at = t.skip_space(at);
    if t.is(at, "#") {
        at += 1;
    }
    let mut end = at;
    while end - at < 3 && matches!(t.kind(end), Some(Kind::Digits | Kind::Word)) {
        end += 1;
    }
    (end > at).then_some(end)
}

fn post_box(t: &Tokens<'_>, i: usize) -> Option<usize> {
    if !t.listed(i, super::lists::ADDRESS) || !matches!(t.lower(i), Some("p" | "po")) || !t.begins(i) {
        return None;
    }
    let mut at = i;
    while at - i < 6
        && (t.lower(at).is_some_and(|w| matches!(w, "p" | "o" | "po"))
            || t.is(at, ".")
            || t.kind(at) == Some(Kind::Space))
    {
        at += 1;
    }
    let number = t.skip_space(at + 1);
    (t.lower(at).is_some_and(|w| w == "box") && t.kind(number) == Some(Kind::Digits)).then_some(number + 1)
}

/// `Musterstraße 12`, `Hauptstr. 5a`.
fn german_street(t: &Tokens<'_>, i: usize) -> Option<usize> {
    if !t.is_capital(i) {
        return None;
    }
    let word = t.lower(i)?;
    let street =
        ["straße", "strasse", "str", "gasse", "platz"].iter().any(|s| word.len() > s.len() + 2 && word.ends_with(s));
    if !street || !t.is_capital(i) {
        return None;
    }
    let at = if t.is(i + 1, ".") { i + 2 } else { i + 1 };
    let at = t.skip_space(at);
    if t.kind(at) != Some(Kind::Digits) || t.str(at).len() > 4 {
        return None;
    }
    Some(if t.kind(at + 1) == Some(Kind::Word) && t.str(at + 1).len() == 1 { at + 2 } else { at + 1 })
}

/// `, Springfield` where a state follows: a city is smaller than a state.
fn city(t: &Tokens<'_>, end: usize) -> Option<usize> {
    let mut at = t.skip_space(if t.is(end, ",") { end + 1 } else { end });
    if t.kind(at) == Some(Kind::Line) {
        at += 1;
    }
    let start = at;
    while at - start < 6 && t.is_capital(at) && !STATES.contains(&t.str(at)) {
        at = t.skip_space(at + 1);
    }
    if at == start {
        return None;
    }
    let city_end = if t.kind(at.checked_sub(1)?) == Some(Kind::Space) { at - 1 } else { at };
    let state = t.skip_space(if t.is(at, ",") { at + 1 } else { at });
    STATES.contains(&t.str(state)).then_some(city_end)
}

/// `in Worcester, MA`: up to three words with capitals, a comma and a state. MD and PA are degrees too, OR is a word.
fn before_state(t: &Tokens<'_>, i: usize) -> Option<(usize, usize)> {
    let start = t.skip_space(i + 1);
    let (mut at, mut end) = (start, None);
    for _ in 0..3 {
        let Some(found) = super::people::word(t, at).filter(|w| w.possible()) else { break };
        end = Some(found.end_token());
        at = t.skip_space(found.end_token());
    }
    let end = end.filter(|end| t.is(*end, ","))?;
    let state = t.skip_space(end + 1);
    let is_state = STATES.contains(&t.str(state)) && !matches!(t.str(state), "MD" | "PA" | "OR" | "DO");
    (is_state && t.ends(state + 1) && state > end + 1).then_some((start, end))
}

/// `lives in Springfield`, `moved from Boston`, `resident of Cambridge`: a town is smaller than a state.
fn town(t: &Tokens<'_>, i: usize) -> Option<(usize, usize)> {
    let preposition = t.lower(i).filter(|w| matches!(*w, "in" | "from" | "to" | "of" | "near"))?;
    if let Some(found) = before_state(t, i) {
        return Some(found);
    }
    let verb = t.lower(t.before(i)?)?;
    let lives = match preposition {
        "in" => {
            matches!(verb, "lives" | "living" | "lived" | "live" | "resides" | "residing" | "born" | "raised" | "up")
        }
        "of" => matches!(verb, "resident" | "native"),
        _ => {
            matches!(verb, "moved" | "relocated" | "moving" | "originally" | "is" | "comes")
                && (preposition == "from" || verb != "is")
        }
    };
    let start = t.skip_space(i + 1);
    if !lives || start == i + 1 {
        return None;
    }
    // North Carolina is a state.
    let two_words = matches!(t.str(start), "North" | "South" | "West" | "New" | "Rhode")
        && matches!(
            t.str(t.skip_space(start + 1)),
            "Carolina" | "Dakota" | "Virginia" | "York" | "Jersey" | "Mexico" | "Hampshire" | "Island"
        );
    if two_words {
        return None;
    }
    let mut end = None;
    let mut at = start;
    for _ in 0..3 {
        let Some(found) = super::people::word(t, at).filter(|w| w.open()) else { break };
        if STATE_NAMES.contains(&t.str(at)) || STATES.contains(&t.str(at)) {
            break;
        }
        end = Some(found.end_token());
        at = t.skip_space(found.end_token());
    }
    end.map(|end| (start, end))
}

/// `zip code`, `postal code`.
fn behind_zip(t: &Tokens<'_>, code: usize) -> bool {
    t.before(code).and_then(|b| t.lower(b)).is_some_and(|w| matches!(w, "zip" | "postal" | "post"))
}

/// `MA 02139`, `MA 02139-4307`, `ZIP: 02139`.
fn zip(t: &Tokens<'_>, i: usize) -> Option<usize> {
    if t.kind(i) != Some(Kind::Digits) || !(3..=6).contains(&t.str(i).len()) || !t.begins(i) || !t.ends(i + 1) {
        return None;
    }
    let before = t.before(i)?;
    let between = |b: usize| matches!(t.str(b), ":" | "." | "," | "is");
    let before = if between(before) { t.before(before)? } else { before };
    let asks = t
        .lower(before)
        .is_some_and(|w| matches!(w, "zip" | "zipcode" | "postcode" | "plz") || (w == "code" && behind_zip(t, before)));
    let behind_state = t.str(i).len() == 5 && STATES.contains(&t.str(before));
    if !(asks || behind_state) {
        return None;
    }
    let plus_four = t.is(i + 1, "-") && t.kind(i + 2) == Some(Kind::Digits) && t.str(i + 2).len() == 4;
    Some(if plus_four { i + 3 } else { i + 1 })
}
