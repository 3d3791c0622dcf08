//! E-mail addresses, web addresses, IP addresses.

use std::net::{Ipv4Addr, Ipv6Addr};

use super::tokens::{Kind, Tokens};
use crate::{Class, Identifier};

/// Top-level domains, in small letters as they are written.
const TOP_LEVEL: [&str; 14] =
    ["com", "org", "net", "edu", "gov", "io", "info", "health", "uk", "de", "fr", "eu", "ca", "au"];

/// Tokens looked at on either side of an `@`.
const REACH: usize = 40;

pub(super) fn scan(t: &Tokens<'_>, finds: &mut Vec<Identifier>) {
    let mut url_end = 0;
    let mut ip_end = 0;
    for i in 0..t.len() {
        if t.is(i, "@") {
            email(t, i, finds);
        }
        if i >= url_end
            && let Some(end) = url(t, i).or_else(|| domain(t, i))
        {
            t.find(Class::Url, i, end, finds);
            url_end = end;
        }
        if i >= ip_end
            && let Some(end) = ipv4(t, i).or_else(|| ipv6(t, i))
        {
            t.find(Class::Ip, i, end, finds);
            ip_end = end;
        }
    }
}

fn email(t: &Tokens<'_>, at: usize, finds: &mut Vec<Identifier>) {
    let local = |i: usize| {
        matches!(t.kind(i), Some(Kind::Word | Kind::Digits)) || matches!(t.str(i), "." | "_" | "%" | "+" | "-" | "'")
    };
    let host = |i: usize| matches!(t.kind(i), Some(Kind::Word | Kind::Digits)) || matches!(t.str(i), "." | "-");
    let mut from = at;
    while from > 0 && at - from < REACH && local(from - 1) {
        from -= 1;
    }
    let mut to = at + 1;
    while to - at < REACH && host(to) {
        to += 1;
    }
    while to > at + 1 && matches!(t.str(to - 1), "." | "-") {
        to -= 1;
    }
    while from < at && matches!(t.str(from), "." | "'" | "-") {
        from += 1;
    }
    let dotted = (at + 1..to).any(|i| t.is(i, "."));
    if from < at && to > at + 1 && dotted {
        t.find(Class::Email, from, to, finds);
    }
}

fn url(t: &Tokens<'_>, i: usize) -> Option<usize> {
    let begins = if t.is(i + 1, ":") {
        t.is(i + 2, "/") && t.is(i + 3, "/") && matches!(t.lower(i), Some("http" | "https" | "ftp"))
    } else {
        t.is(i + 1, ".") && t.lower(i) == Some("www")
    };
    if !begins || !t.begins(i) {
        return None;
    }
    let mut end = i + 2;
    while let Some(kind) = t.kind(end)
        && !matches!(kind, Kind::Space | Kind::Line)
        && !matches!(t.str(end), "<" | ">" | "\"" | "|")
    {
        end += 1;
    }
    while end > i + 2 && matches!(t.str(end - 1), "." | "," | ";" | ":" | ")" | "]" | "'" | "!" | "?") {
        end -= 1;
    }
    Some(end)
}

/// `mychart.example.org/login`: names with points between them and a top-level domain.
fn domain(t: &Tokens<'_>, i: usize) -> Option<usize> {
    if t.kind(i) != Some(Kind::Word)
        || !t.begins(i)
        || !t.is(i + 1, ".")
        || (i > 0 && matches!(t.str(i - 1), "@" | "."))
    {
        return None;
    }
    let (mut at, mut end) = (i, None);
    for _ in 0..6 {
        while matches!(t.kind(at), Some(Kind::Word | Kind::Digits)) || (t.is(at, "-") && !t.ends(at + 1)) {
            at += 1;
        }
        let top = at > i + 1 && t.ends(at) && TOP_LEVEL.contains(&t.str(at - 1)) && t.is(at.saturating_sub(2), ".");
        if top {
            end = Some(at);
        }
        if !t.is(at, ".") || t.kind(at + 1) != Some(Kind::Word) {
            break;
        }
        at += 1;
    }
    let mut end = end.filter(|e| !t.is(*e, "@"))?;
    if t.is(end, "/") {
        while t.kind(end).is_some_and(|k| !matches!(k, Kind::Space | Kind::Line)) {
            end += 1;
        }
        while matches!(t.str(end - 1), "." | "," | ";" | ")") {
            end -= 1;
        }
    }
    Some(end)
}

fn ipv4(t: &Tokens<'_>, i: usize) -> Option<usize> {
    if t.kind(i) != Some(Kind::Digits) || !t.is(i + 1, ".") {
        return None;
    }
    let shape = (0..7).all(|k| if k % 2 == 0 { t.number(i + k).is_some() } else { t.is(i + k, ".") });
    let alone = t.begins(i)
        && t.ends(i + 7)
        && !(i > 0 && t.is(i - 1, "."))
        && !(t.is(i + 7, ".") && t.number(i + 8).is_some());
    let text = t.text.get(t.span(i, i + 7)?)?;
    (shape && alone && text.parse::<Ipv4Addr>().is_ok()).then_some(i + 7)
}

fn ipv6(t: &Tokens<'_>, i: usize) -> Option<usize> {
    if !t.begins(i) || (i > 0 && t.is(i - 1, ":")) {
        return None;
    }
    let part = |i: usize| match t.kind(i) {
        Some(Kind::Digits) => true,
        Some(Kind::Word) => t.str(i).bytes().all(|b| b.is_ascii_hexdigit()),
        _ => t.is(i, ":"),
    };
    let mut end = i;
    while end - i < 40 && part(end) {
        end += 1;
    }
    while end > i && t.is(end - 1, ":") && !(end > i + 1 && t.is(end - 2, ":")) {
        end -= 1;
    }
    // Three colons and something: most words are done with here.
    if end < i + 4 {
        return None;
    }
    let text = t.text.get(t.span(i, end)?)?;
    let groups = text.matches(':').count();
    (groups >= 3 && t.ends(end) && text.parse::<Ipv6Addr>().is_ok()).then_some(end)
}
