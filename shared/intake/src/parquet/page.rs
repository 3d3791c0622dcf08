//! Pages: the header of each, and where its levels and values are.

use super::codec::{MAX_PAGE, unpack};
use super::meta::Leaf;
use super::rle;
use super::thrift::{Reader, STRUCT, TRUE, Wrong};

/// Values of a page, at most. Writers make pages of some ten thousand.
const MAX_VALUES: usize = 1 << 24;

/// What a page is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Sort {
    #[default]
    Data,
    DataV2,
    Dictionary,
    /// Nothing to read.
    Index,
}

/// The header of a page.
#[derive(Debug, Default)]
pub(super) struct Header {
    pub(super) sort: Sort,
    pub(super) n_unpacked: usize,
    pub(super) n_packed: usize,
    pub(super) n_values: usize,
    pub(super) encoding: i64,
    level_encoding: i64,
    level_bytes: usize,
    repetition_bytes: usize,
    plain: bool,
}

fn size(n: i64) -> Result<usize, Wrong> {
    usize::try_from(n).map_err(|_negative| "a page of it has a size below zero: it is damaged".to_owned())
}

impl Header {
    /// Reads a header; gives it and its own length.
    pub(super) fn read(bytes: &[u8]) -> Result<(Self, usize), Wrong> {
        let mut h = Header::default();
        let mut reader = Reader::new(bytes);
        let mut sort = 0;
        reader.fields(|r, field| {
            match (field.id, field.kind) {
                (1, _) => sort = r.int(field)?,
                (2, _) => h.n_unpacked = size(r.int(field)?)?,
                (3, _) => h.n_packed = size(r.int(field)?)?,
                (5 | 7, STRUCT) => r.fields(|r, field| {
                    match field.id {
                        1 => h.n_values = size(r.int(field)?)?,
                        2 => h.encoding = r.int(field)?,
                        3 if field.kind != TRUE && field.kind != 2 => h.level_encoding = r.int(field)?,
                        _ => return Ok(false),
                    }
                    Ok(true)
                })?,
                (8, STRUCT) => r.fields(|r, field| {
                    match field.id {
                        1 => h.n_values = size(r.int(field)?)?,
                        4 => h.encoding = r.int(field)?,
                        5 => h.level_bytes = size(r.int(field)?)?,
                        6 => h.repetition_bytes = size(r.int(field)?)?,
                        7 => {
                            h.plain = field.kind != TRUE;
                            return Ok(false);
                        }
                        _ => return Ok(false),
                    }
                    Ok(true)
                })?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        h.sort = match sort {
            0 => Sort::Data,
            2 => Sort::Dictionary,
            3 => Sort::DataV2,
            _ => Sort::Index,
        };
        if h.n_values > MAX_VALUES || h.n_unpacked > MAX_PAGE {
            return Err(format!(
                "a page of it has {} values in {} bytes, more than is taken",
                h.n_values, h.n_unpacked
            ));
        }
        let n = reader.position();
        Ok((h, n))
    }

    /// Which values of a page are there (nothing: all of them), and the bytes of those, handed to `take`.
    pub(super) fn open<T>(
        &self,
        leaf: &Leaf,
        codec: i64,
        body: &[u8],
        take: impl FnOnce(Option<Vec<bool>>, &[u8]) -> Result<T, Wrong>,
    ) -> Result<T, Wrong> {
        let damaged = || "a page of it is damaged: copy the file again".to_owned();
        if self.sort == Sort::DataV2 {
            let (levels, packed) = body.split_at_checked(self.level_bytes).ok_or_else(damaged)?;
            if self.repetition_bytes > 0 {
                return Err(damaged());
            }
            let there = self.present(leaf, levels)?;
            let n = self.n_unpacked.checked_sub(self.level_bytes).ok_or_else(damaged)?;
            let values = unpack(if self.plain || n == 0 { 0 } else { codec }, packed, n)?;
            return take(there, &values);
        }
        let unpacked = unpack(codec, body, self.n_unpacked)?;
        if leaf.max_definition == 0 || self.sort == Sort::Dictionary {
            return take(None, &unpacked);
        }
        if self.level_encoding != 3 {
            return Err(
                "it marks missing values in a way that writers gave up long ago: write the file again".to_owned()
            );
        }
        let (head, rest) = unpacked.split_first_chunk::<4>().ok_or_else(damaged)?;
        let n = usize::try_from(u32::from_le_bytes(*head)).map_err(|_cause| damaged())?;
        let (levels, values) = rest.split_at_checked(n).ok_or_else(damaged)?;
        take(self.present(leaf, levels)?, values)
    }

    fn present(&self, leaf: &Leaf, levels: &[u8]) -> Result<Option<Vec<bool>>, Wrong> {
        if leaf.max_definition == 0 {
            return Ok(None);
        }
        let width = u32::BITS - leaf.max_definition.leading_zeros();
        let mut there: Option<Vec<bool>> = None;
        let mut before = 0;
        rle::runs(levels, width, self.n_values, |level, n| {
            let full = level >= leaf.max_definition;
            if full && there.is_none() {
                before += n;
                return;
            }
            let there = there.get_or_insert_with(|| {
                let mut all = Vec::with_capacity(self.n_values);
                all.resize(before, true);
                all
            });
            there.resize(there.len() + n, full);
        })?;
        Ok(there)
    }
}
