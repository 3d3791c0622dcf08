//! The values of a page or a dictionary, and how they are encoded.

use super::meta::{DAY_US, Kind, Leaf, Physical};
use super::rle;
use super::thrift::Wrong;

/// Days from the first of Julian days to 1970-01-01.
const JULIAN_1970: i64 = 2_440_588;

/// Values one after the other.
#[derive(Clone, Debug)]
pub(super) enum Values {
    Ints(Vec<i64>),
    Numbers(Vec<f64>),
    Bytes(Texts),
    /// Positions in the dictionary of the column, which holds texts.
    Picks(Vec<u32>),
}

/// Texts in one buffer.
#[derive(Clone, Debug, Default)]
pub(super) struct Texts {
    data: Vec<u8>,
    spans: Vec<(u32, u32)>,
}

impl Texts {
    fn push(&mut self, bytes: &[u8]) {
        let at = self.end();
        self.data.extend_from_slice(bytes);
        self.spans.push((at, self.end()));
    }

    /// Pages are far below 4 GB.
    fn end(&self) -> u32 {
        u32::try_from(self.data.len()).unwrap_or(u32::MAX)
    }

    pub(super) fn get(&self, i: usize) -> &[u8] {
        self.spans.get(i).and_then(|&(a, b)| self.data.get(a as usize..b as usize)).unwrap_or_default()
    }

    pub(super) fn len(&self) -> usize {
        self.spans.len()
    }
}

impl Values {
    pub(super) fn len(&self) -> usize {
        match self {
            Values::Ints(v) => v.len(),
            Values::Numbers(v) => v.len(),
            Values::Bytes(t) => t.len(),
            Values::Picks(v) => v.len(),
        }
    }

    /// Puts empty places between the values where nothing is.
    pub(super) fn spread(&mut self, there: &[bool]) {
        match self {
            Values::Ints(v) => spread(v, there, 0),
            Values::Numbers(v) => spread(v, there, 0.0),
            Values::Bytes(t) => spread(&mut t.spans, there, (0, 0)),
            Values::Picks(v) => spread(v, there, 0),
        }
    }
}

fn spread<T: Copy>(values: &mut Vec<T>, there: &[bool], none: T) {
    let mut from = values.len();
    values.resize(there.len(), none);
    for (to, there) in there.iter().enumerate().rev() {
        let value = if *there {
            from = from.saturating_sub(1);
            values.get(from).copied().unwrap_or(none)
        } else {
            none
        };
        if let Some(place) = values.get_mut(to) {
            *place = value;
        }
    }
}

fn damaged<T>() -> Result<T, Wrong> {
    Err("it has fewer values than it says: it is damaged. Copy the file again".to_owned())
}

/// Reads `n` values in an encoding that needs no dictionary.
pub(super) fn decode(leaf: &Leaf, encoding: i64, bytes: &[u8], n: usize) -> Result<Values, Wrong> {
    let values = match (encoding, leaf.physical) {
        (0, _) => plain(leaf, bytes, n)?,
        (3, Physical::Boolean) => {
            let mut out = Vec::with_capacity(n);
            let body = bytes.get(4..).unwrap_or_default();
            rle::runs(body, 1, n, |v, n| out.extend(std::iter::repeat_n(i64::from(v), n)))?;
            Values::Ints(out)
        }
        (5, Physical::Int32 | Physical::Int64) => {
            let mut out = Vec::new();
            rle::deltas(bytes, n, &mut out)?;
            if leaf.physical == Physical::Int32 {
                // Differences of 32 bits wrap around.
                #[expect(clippy::cast_possible_truncation, reason = "that is what wrapping around is")]
                out.iter_mut().for_each(|v| *v = i64::from(*v as i32));
            }
            typed(leaf, out)
        }
        (6, Physical::Bytes) => {
            let mut lengths = Vec::new();
            let data = rle::deltas(bytes, n, &mut lengths)?;
            texts(leaf, &lengths, data)?
        }
        (7, Physical::Bytes | Physical::Fixed(_)) => front_coded(leaf, bytes, n)?,
        (9, _) => plain(leaf, &unsplit(leaf.physical, bytes, n)?, n)?,
        _ => return Err(format!("its values are encoded in a way that is not read here ({encoding})")),
    };
    if values.len() == n { Ok(values) } else { damaged() }
}

/// Reads `n` values by their places in a dictionary.
pub(super) fn pick(dictionary: &Values, bytes: &[u8], n: usize) -> Result<Values, Wrong> {
    if n == 0 {
        return Ok(match dictionary {
            Values::Ints(_) => Values::Ints(Vec::new()),
            Values::Numbers(_) => Values::Numbers(Vec::new()),
            _ => Values::Picks(Vec::new()),
        });
    }
    let Some((&width, body)) = bytes.split_first() else { return damaged() };
    let known = dictionary.len();
    let mut wrong = false;
    let mut each = |take: &mut dyn FnMut(u32, usize)| {
        rle::runs(body, u32::from(width), n, |v, n| {
            wrong |= v as usize >= known;
            take(v, n);
        })
    };
    let out = match dictionary {
        Values::Ints(d) => {
            let mut out = Vec::with_capacity(n.min(1 << 16));
            each(&mut |v, n| out.extend(std::iter::repeat_n(d.get(v as usize).copied().unwrap_or(0), n)))?;
            Values::Ints(out)
        }
        Values::Numbers(d) => {
            let mut out = Vec::with_capacity(n.min(1 << 16));
            each(&mut |v, n| out.extend(std::iter::repeat_n(d.get(v as usize).copied().unwrap_or(0.0), n)))?;
            Values::Numbers(out)
        }
        Values::Bytes(_) | Values::Picks(_) => {
            let mut out = Vec::with_capacity(n.min(1 << 16));
            each(&mut |v, n| out.extend(std::iter::repeat_n(v, n)))?;
            Values::Picks(out)
        }
    };
    if wrong { Err("it names values that its dictionary does not have: it is damaged".to_owned()) } else { Ok(out) }
}

fn plain(leaf: &Leaf, bytes: &[u8], n: usize) -> Result<Values, Wrong> {
    let fixed = |size: usize| bytes.get(..n.saturating_mul(size));
    Ok(match leaf.physical {
        Physical::Boolean => {
            if bytes.len() < n.div_ceil(8) {
                return damaged();
            }
            let mut out = Vec::with_capacity(n);
            rle::unpack(bytes, 1, n, |v| out.push(v.cast_signed()));
            Values::Ints(out)
        }
        Physical::Int32 => {
            let Some(bytes) = fixed(4) else { return damaged() };
            let chunks = bytes.as_chunks::<4>().0.iter();
            typed(leaf, chunks.map(|c| i64::from(i32::from_le_bytes(*c))).collect())
        }
        Physical::Int64 => {
            let Some(bytes) = fixed(8) else { return damaged() };
            typed(leaf, bytes.as_chunks::<8>().0.iter().map(|c| i64::from_le_bytes(*c)).collect())
        }
        Physical::Int96 => {
            let Some(bytes) = fixed(12) else { return damaged() };
            let us = |&[a, b, c, d, e, f, g, h, i, j, k, l]: &[u8; 12]| {
                let nanos = i64::from_le_bytes([a, b, c, d, e, f, g, h]);
                let days = i64::from(u32::from_le_bytes([i, j, k, l])) - JULIAN_1970;
                days.saturating_mul(DAY_US).saturating_add(nanos / 1000)
            };
            Values::Ints(bytes.as_chunks::<12>().0.iter().map(us).collect())
        }
        Physical::Float => {
            let Some(bytes) = fixed(4) else { return damaged() };
            Values::Numbers(bytes.as_chunks::<4>().0.iter().map(|c| as_written(f32::from_le_bytes(*c))).collect())
        }
        Physical::Double => {
            let Some(bytes) = fixed(8) else { return damaged() };
            Values::Numbers(bytes.as_chunks::<8>().0.iter().map(|c| f64::from_le_bytes(*c)).collect())
        }
        Physical::Fixed(size) => {
            let Some(bytes) = fixed(size) else { return damaged() };
            binaries(leaf, bytes.chunks_exact(size))
        }
        Physical::Bytes => {
            let mut all = Vec::with_capacity(n.min(bytes.len() / 4));
            let mut rest = bytes;
            for _ in 0..n {
                let Some((head, tail)) = rest.split_first_chunk::<4>() else { return damaged() };
                let Some((value, tail)) = tail.split_at_checked(u32::from_le_bytes(*head) as usize) else {
                    return damaged();
                };
                all.push(value);
                rest = tail;
            }
            binaries(leaf, all.into_iter())
        }
    })
}

/// A number of 32 bits as people write it: 0.1, not 0.10000000149.
fn as_written(v: f32) -> f64 {
    if !v.is_finite() || v.fract() == 0.0 {
        return f64::from(v);
    }
    crate::number::parse(v.to_string().as_bytes(), b'.').unwrap_or_else(|| f64::from(v))
}

/// Whole numbers as what the column says they are.
fn typed(leaf: &Leaf, mut ints: Vec<i64>) -> Values {
    match leaf.kind {
        Kind::Decimal(scale) if scale > 0 => {
            Values::Numbers(ints.into_iter().map(|v| decimal(i128::from(v), scale)).collect())
        }
        Kind::Unsigned if leaf.physical == Physical::Int32 => {
            ints.iter_mut().for_each(|v| *v &= 0xffff_ffff);
            Values::Ints(ints)
        }
        _ => Values::Ints(ints),
    }
}

/// The nearest number to a whole number over a power of ten.
fn decimal(value: i128, scale: u32) -> f64 {
    const EXACT: u128 = 1 << 53;
    #[expect(
        clippy::cast_precision_loss,
        reason = "below 2^53 it is exact, and so is the power: one division rounds once"
    )]
    if value.unsigned_abs() < EXACT && scale <= 15 {
        return value as f64 / 10i64.pow(scale) as f64;
    }
    crate::number::parse(format!("{value}e-{scale}").as_bytes(), b'.').unwrap_or(f64::NAN)
}

/// Bytes as what the column says they are.
fn binaries<'a>(leaf: &Leaf, all: impl Iterator<Item = &'a [u8]>) -> Values {
    match leaf.kind {
        Kind::Decimal(scale) => {
            let whole = |bytes: &[u8]| {
                let sign = if bytes.first().is_some_and(|b| b & 0x80 != 0) { -1i128 } else { 0 };
                bytes.iter().fold(sign, |v, b| v << 8 | i128::from(*b))
            };
            if scale > 0 {
                return Values::Numbers(all.map(|bytes| decimal(whole(bytes), scale)).collect());
            }
            // Without digits behind the point these are ids, which have to stay exact; what is too large is none.
            let mut texts = Texts::default();
            all.for_each(|bytes| texts.push(whole(bytes).to_string().as_bytes()));
            Values::Bytes(texts)
        }
        Kind::Uuid => {
            let mut texts = Texts::default();
            for bytes in all {
                let mut text = String::with_capacity(36);
                for (i, b) in bytes.iter().enumerate() {
                    if matches!(i, 4 | 6 | 8 | 10) {
                        text.push('-');
                    }
                    for digit in [b >> 4, b & 15] {
                        text.extend(char::from_digit(u32::from(digit), 16));
                    }
                }
                texts.push(text.as_bytes());
            }
            Values::Bytes(texts)
        }
        _ => {
            let mut texts = Texts::default();
            all.for_each(|bytes| texts.push(bytes));
            Values::Bytes(texts)
        }
    }
}

/// Texts by their lengths, one behind the other.
fn texts(leaf: &Leaf, lengths: &[i64], mut data: &[u8]) -> Result<Values, Wrong> {
    let mut all = Vec::with_capacity(lengths.len());
    for &n in lengths {
        let Some((value, rest)) = usize::try_from(n).ok().and_then(|n| data.split_at_checked(n)) else {
            return damaged();
        };
        all.push(value);
        data = rest;
    }
    Ok(binaries(leaf, all.into_iter()))
}

/// Texts that share their beginning with the one before.
fn front_coded(leaf: &Leaf, bytes: &[u8], n: usize) -> Result<Values, Wrong> {
    let (mut shared, mut lengths) = (Vec::new(), Vec::new());
    let rest = rle::deltas(bytes, n, &mut shared)?;
    let mut data = rle::deltas(rest, n, &mut lengths)?;
    if shared.len() != lengths.len() {
        return damaged();
    }
    let mut all: Vec<Vec<u8>> = Vec::with_capacity(shared.len());
    let mut n_bytes = 0;
    for (shared, n) in shared.into_iter().zip(lengths) {
        let before = all.last().map_or(&[][..], Vec::as_slice);
        let kept = usize::try_from(shared).ok().and_then(|n| before.get(..n));
        let added = usize::try_from(n).ok().and_then(|n| data.split_at_checked(n));
        let (Some(kept), Some((added, rest))) = (kept, added) else { return damaged() };
        n_bytes += kept.len() + added.len();
        if n_bytes > super::codec::MAX_PAGE {
            return Err("a page of it unpacks to more than is taken".to_owned());
        }
        data = rest;
        all.push([kept, added].concat());
    }
    Ok(binaries(leaf, all.iter().map(Vec::as_slice)))
}

/// Puts the bytes of each value together again that were stored in streams of first bytes, second bytes and so on.
fn unsplit(physical: Physical, bytes: &[u8], n: usize) -> Result<Vec<u8>, Wrong> {
    let size = match physical {
        Physical::Int32 | Physical::Float => 4,
        Physical::Int64 | Physical::Double => 8,
        Physical::Fixed(size) => size,
        _ => return damaged(),
    };
    if bytes.len() < n.saturating_mul(size) {
        return damaged();
    }
    let mut out = Vec::with_capacity(n * size);
    for i in 0..n {
        out.extend((0..size).map(|stream| bytes.get(stream * n + i).copied().unwrap_or(0)));
    }
    Ok(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_the_nearest_number() {
        assert_eq!(decimal(48_100, 3), 48.1);
        assert_eq!(decimal(-7, 0), -7.0);
        assert_eq!(decimal(123_456_789_012_345_678_901, 20), 1.234_567_890_123_456_8);
        assert_eq!(as_written(0.1), 0.1);
    }

    #[test]
    fn places_are_left_where_nothing_is() {
        let mut v = vec![1, 2];
        spread(&mut v, &[false, true, false, true], 0);
        assert_eq!(v, [0, 1, 0, 2]);
        spread(&mut v, &[false; 2], 9);
        assert_eq!(v, [9, 9]);
    }
}
