//! A column of a row group, page by page.

use super::codec::refused;
use super::meta::{Chunk, Kind, Leaf};
use super::page::{Header, Sort};
use super::thrift::Wrong;
use super::values::{Values, decode, pick};

/// A value of a cell.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cell<'a> {
    Missing,
    Int(i64),
    /// A whole number that may be above the largest with a sign.
    Unsigned(u64),
    /// Days since 1970-01-01.
    Day(i32),
    Number(f64),
    Text(&'a [u8]),
}

/// Reads a column of a row group.
pub(super) struct Column {
    bytes: Vec<u8>,
    at: usize,
    codec: i64,
    dictionary: Option<Values>,
    page: Option<Values>,
    there: Option<Vec<bool>>,
    kind: Kind,
    n_page: usize,
    /// The row of the page that comes next.
    next: usize,
    n_left: u64,
}

impl Column {
    /// Begins with the bytes of the column's chunk.
    pub(super) fn new(leaf: &Leaf, chunk: &Chunk, bytes: Vec<u8>) -> Result<Self, Wrong> {
        if let Kind::Other(what) = leaf.kind {
            return Err(format!("it holds {what}, where a table of OMOP has one plain value"));
        }
        if let Some(why) = chunk.refused.map(str::to_owned).or_else(|| refused(chunk.codec)) {
            return Err(why);
        }
        Ok(Self {
            bytes,
            at: 0,
            codec: chunk.codec,
            dictionary: None,
            page: None,
            there: None,
            kind: leaf.kind,
            n_page: 0,
            next: 0,
            n_left: chunk.n_values,
        })
    }

    /// Rows that can be read before the next page; the next page is read if there are none. Zero at the end.
    pub(super) fn ready(&mut self, leaf: &Leaf) -> Result<usize, Wrong> {
        while self.next >= self.n_page {
            if self.n_left == 0 {
                return Ok(0);
            }
            self.read_page(leaf)?;
        }
        Ok(self.n_page - self.next)
    }

    /// Goes on by some rows, at most as many as are ready.
    pub(super) fn advance(&mut self, n: usize) {
        self.next += n;
    }

    fn read_page(&mut self, leaf: &Leaf) -> Result<(), Wrong> {
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        let (header, n_header) = Header::read(rest)?;
        let body = n_header.checked_add(header.n_packed).and_then(|end| rest.get(n_header..end));
        let Some(body) = body else { return Err("its pages are longer than they say: it is damaged".to_owned()) };
        self.at += n_header + header.n_packed;
        match header.sort {
            Sort::Index => {}
            Sort::Dictionary => {
                let read = |_, bytes: &[u8]| decode(leaf, 0, bytes, header.n_values);
                self.dictionary = Some(header.open(leaf, self.codec, body, read)?);
            }
            Sort::Data | Sort::DataV2 => {
                let n_values = header.n_values as u64;
                if n_values == 0 || n_values > self.n_left {
                    return Err("its pages hold another number of values than it says: it is damaged".to_owned());
                }
                let dictionary = &self.dictionary;
                let read = |there: Option<Vec<bool>>, bytes: &[u8]| {
                    let n = there.as_ref().map_or(header.n_values, |t| t.iter().filter(|b| **b).count());
                    let mut values = match (header.encoding, dictionary) {
                        (2 | 8, Some(dictionary)) => pick(dictionary, bytes, n)?,
                        (2 | 8, None) => return Err("its dictionary is missing: it is damaged".to_owned()),
                        (encoding, _) => decode(leaf, encoding, bytes, n)?,
                    };
                    if let Some(there) = &there {
                        values.spread(there);
                    }
                    Ok((there, values))
                };
                let (there, values) = header.open(leaf, self.codec, body, read)?;
                self.n_page = values.len();
                if self.n_page as u64 != n_values {
                    return Err("a page of it holds another number of values than it says: it is damaged".to_owned());
                }
                (self.there, self.page, self.next) = (there, Some(values), 0);
                self.n_left -= n_values;
            }
        }
        Ok(())
    }

    /// The value `ahead` rows ahead.
    #[inline]
    pub(super) fn cell(&self, ahead: usize) -> Cell<'_> {
        let i = self.next + ahead;
        if self.there.as_ref().is_some_and(|there| !there.get(i).copied().unwrap_or(false)) {
            return Cell::Missing;
        }
        match &self.page {
            Some(Values::Ints(v)) => v.get(i).map_or(Cell::Missing, |v| self.whole(*v)),
            Some(Values::Numbers(v)) => v.get(i).filter(|v| !v.is_nan()).map_or(Cell::Missing, |v| Cell::Number(*v)),
            Some(Values::Bytes(t)) => Cell::Text(t.get(i)),
            Some(Values::Picks(v)) => match &self.dictionary {
                Some(Values::Bytes(t)) => v.get(i).map_or(Cell::Missing, |v| Cell::Text(t.get(*v as usize))),
                _ => Cell::Missing,
            },
            None => Cell::Missing,
        }
    }

    fn whole(&self, v: i64) -> Cell<'_> {
        let day = |v: i64| i32::try_from(v).map_or(Cell::Int(v), Cell::Day);
        match self.kind {
            Kind::Day => day(v),
            Kind::Time(per_day) => day(v.div_euclid(per_day)),
            Kind::Unsigned => Cell::Unsigned(v.cast_unsigned()),
            _ => Cell::Int(v),
        }
    }
}
