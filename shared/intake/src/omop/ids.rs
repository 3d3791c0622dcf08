//! Identifiers of persons and rows, as numbers.

use std::borrow::Cow;

use rustc_hash::FxHashMap;
use sha2::{Digest as _, Sha256};

use super::layout::Layout;
use super::row::{Id, Row, integer};

/// Persons by their identifiers, numbered as they come.
#[derive(Default)]
pub(super) struct Persons {
    numbers: FxHashMap<Vec<u8>, u32>,
    /// The same of identifiers that are whole numbers, which most are.
    whole: FxHashMap<u64, u32>,
    /// The identifiers.
    pub(super) ids: Vec<Vec<u8>>,
    /// The whole number that came before, and its person: rows of one person often stand together.
    last: (u64, u32),
}

impl Persons {
    /// The number of a person: 17 is one, whether it came as a number or as text.
    pub(super) fn number(&mut self, id: Id<'_>) -> u32 {
        let whole = match id {
            Id::Number(n) => u64::try_from(n).ok(),
            Id::Text(bytes) => whole(bytes),
        };
        let Some(whole) = whole else { return self.by_text(id) };
        if self.last.0 == whole && !self.ids.is_empty() {
            return self.last.1;
        }
        let known = self.whole.get(&whole).copied();
        let number = known.unwrap_or_else(|| self.by_text(id));
        if known.is_none() {
            self.whole.insert(whole, number);
        }
        self.last = (whole, number);
        number
    }

    fn by_text(&mut self, id: Id<'_>) -> u32 {
        let text = match id {
            Id::Number(n) => Cow::Owned(n.to_string().into_bytes()),
            Id::Text(bytes) => Cow::Borrowed(bytes),
        };
        if let Some(number) = self.numbers.get(text.as_ref()) {
            return *number;
        }
        let number = u32::try_from(self.ids.len()).unwrap_or(u32::MAX);
        self.ids.push(text.to_vec());
        self.numbers.insert(text.into_owned(), number);
        number
    }
}

/// The whole number that a text is, written as numbers are: 17, not 017 or +17.
fn whole(text: &[u8]) -> Option<u64> {
    let n = text.len();
    let written = matches!(text, [b'1'..=b'9', ..] | b"0") && n <= 18;
    if !written {
        return None;
    }
    let (mut value, mut other) = (0_u64, false);
    for byte in text {
        let digit = byte.wrapping_sub(b'0');
        other |= digit > 9;
        value = value * 10 + u64::from(digit & 15);
    }
    (!other).then_some(value)
}

/// A row's primary key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) struct RowId(pub(super) [u64; 2]);

impl RowId {
    /// The key of a row, where it has one. Numbers stand for themselves, other ids for half of their SHA-256.
    pub(super) fn of(layout: &Layout, row: Row<'_>) -> Option<Self> {
        let digest = match row.id(layout.id)? {
            Id::Number(number) => match i64::try_from(number) {
                Ok(number) => return Some(Self::of_number(number)),
                Err(_) => Sha256::digest(number.to_string()),
            },
            Id::Text(bytes) => match integer(bytes) {
                Some(number) => return Some(Self::of_number(number)),
                None => Sha256::digest(bytes),
            },
        };
        let half = |at: usize| digest.get(at..at + 8).and_then(|b| b.try_into().ok()).map_or(0, u64::from_be_bytes);
        // A number's first half is 0; no digest's is.
        Some(Self([half(0) | 1, half(8)]))
    }

    fn of_number(number: i64) -> Self {
        Self([0, number.cast_unsigned()])
    }
}

/// A row's primary key in eight bytes: a number that is not negative itself, or where another key is, or none.
#[derive(Clone, Copy, Debug)]
pub(super) struct ShortId(u64);

impl ShortId {
    const NONE: u64 = u64::MAX;
    const LONG: u64 = 1 << 63;
}

/// Primary keys that are longer than a [`ShortId`].
#[derive(Default)]
pub(super) struct LongIds(Vec<RowId>);

impl LongIds {
    /// The short form of a key.
    #[inline]
    pub(super) fn short(&mut self, id: Option<RowId>) -> ShortId {
        match id {
            None => ShortId(ShortId::NONE),
            Some(RowId([0, number])) if number < ShortId::LONG => ShortId(number),
            Some(id) => {
                self.0.push(id);
                ShortId(ShortId::LONG | (self.0.len() as u64 - 1))
            }
        }
    }

    /// The key.
    #[inline]
    pub(super) fn full(&self, id: ShortId) -> Option<RowId> {
        match id.0 {
            ShortId::NONE => None,
            number if number < ShortId::LONG => Some(RowId([0, number])),
            at => usize::try_from(at ^ ShortId::LONG).ok().and_then(|at| self.0.get(at)).copied(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_person_is_one_as_number_and_as_text() {
        let mut persons = Persons::default();
        let ids = [
            Id::Text(b"0"),
            Id::Number(17),
            Id::Text(b"17"),
            Id::Text(b"017"),
            Id::Text(b"p17"),
            Id::Number(-17),
            Id::Text(b"-17"),
            Id::Number(i128::from(u64::MAX)),
            Id::Text(b"18446744073709551615"),
            Id::Text(b"99999999999999999999"),
            Id::Text(b"017"),
            Id::Number(17),
            Id::Number(0),
        ];
        let numbers: Vec<u32> = ids.into_iter().map(|id| persons.number(id)).collect();
        assert_eq!(numbers, [0, 1, 1, 2, 3, 4, 4, 5, 5, 6, 2, 1, 0]);
        assert_eq!(persons.ids[..3], [b"0".to_vec(), b"17".to_vec(), b"017".to_vec()]);
    }

    #[test]
    fn short_ids_lead_back() {
        let mut long = LongIds::default();
        for id in [
            None,
            Some(RowId::of_number(0)),
            Some(RowId::of_number(i64::MAX)),
            Some(RowId::of_number(-1)),
            Some(RowId::of_number(i64::MIN)),
            Some(RowId([1, 0])),
            Some(RowId([u64::MAX, u64::MAX])),
        ] {
            let short = long.short(id);
            assert_eq!(long.full(short), id);
        }
    }
}
