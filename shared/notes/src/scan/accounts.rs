//! Account numbers by their own form: bank cards, IBANs, long runs of digits.

use super::tokens::{Kind, Tokens};
use crate::{Class, Identifier};

/// Digits from which on a run of them is a number of somebody or something.
const LONG: usize = 9;

pub(super) fn scan(t: &Tokens<'_>, finds: &mut Vec<Identifier>) {
    let mut done = 0;
    for i in 0..t.len() {
        if i >= done
            && matches!(t.kind(i), Some(Kind::Word | Kind::Digits))
            && t.begins(i)
            && let Some(end) = iban(t, i).or_else(|| card(t, i)).or_else(|| long(t, i)).or_else(|| plate(t, i))
        {
            t.find(Class::Account, i, end, finds);
            done = end;
        }
    }
}

/// `GB56HXDO88167774656119`, `DE89 3704 0044 0532 0130 00`: two letters, two digits, eleven to thirty letters and digits.
fn iban(t: &Tokens<'_>, i: usize) -> Option<usize> {
    let letters = t.str(i);
    let head = t.kind(i) == Some(Kind::Word) && letters.len() == 2 && letters.is_ascii();
    if !head || t.kind(i + 1) != Some(Kind::Digits) || t.str(i + 1).len() < 2 {
        return None;
    }
    let (mut at, mut n, mut digits) = (i + 1, 0, 0);
    while at < i + 24 {
        match t.kind(at) {
            Some(Kind::Digits) => digits += t.str(at).len(),
            Some(Kind::Word) if t.str(at).len() <= 8 && t.str(at).is_ascii() && !t.ends(at) => {}
            Some(Kind::Space)
                if t.str(at).len() == 1 && t.kind(at + 1) == Some(Kind::Digits) && t.str(at + 1).len() <= 4 =>
            {
                at += 1;
                continue;
            }
            _ => break,
        }
        n += t.str(at).len();
        at += 1;
    }
    (t.ends(at) && (13..=34).contains(&n) && digits >= 8).then_some(at)
}

/// Twelve to nineteen digits, in one or in groups of four.
fn card(t: &Tokens<'_>, i: usize) -> Option<usize> {
    let group = |i: usize, n: usize| t.kind(i) == Some(Kind::Digits) && t.str(i).len() == n;
    let joint = |i: usize| t.is(i, "-") || (t.kind(i) == Some(Kind::Space) && t.str(i).len() == 1);
    let four = (0..3).all(|k| group(i + 2 * k, 4) && joint(i + 2 * k + 1)) && group(i + 6, 4);
    (four && t.ends(i + 7)).then_some(i + 7)
}

fn long(t: &Tokens<'_>, i: usize) -> Option<usize> {
    let fits = t.kind(i) == Some(Kind::Digits) && t.str(i).len() >= LONG && t.ends(i + 1);
    let decimal = (i > 1 && t.is(i - 1, ".") && t.kind(i - 2) == Some(Kind::Digits))
        || (t.is(i + 1, ".") && t.kind(i + 2) == Some(Kind::Digits));
    (fits && !decimal).then_some(i + 1)
}

/// `U62928788557186`: a letter or a few and seven digits or more.
fn plate(t: &Tokens<'_>, i: usize) -> Option<usize> {
    let letters = t.kind(i) == Some(Kind::Word) && t.str(i).len() <= 3 && t.is_capital(i);
    (letters && t.kind(i + 1) == Some(Kind::Digits) && t.str(i + 1).len() >= 7 && t.ends(i + 2)).then_some(i + 2)
}
