//! Small whole numbers in few bits: the hybrid of runs and packed bits, and packed bits alone.
//!
//! Source: Apache Parquet, `Encodings.md`, 'RLE' and 'DELTA_BINARY_PACKED'.

use super::thrift::Wrong;

fn short<T>() -> Result<T, Wrong> {
    Err("it has fewer values than it says: it is damaged".to_owned())
}

/// A number in groups of seven bits, and the bytes behind it.
pub(super) fn varint(bytes: &mut &[u8]) -> Result<u64, Wrong> {
    let mut value = 0u64;
    for shift in (0..64).step_by(7) {
        let Some((&b, rest)) = bytes.split_first() else { return short() };
        *bytes = rest;
        value |= u64::from(b & 0x7f) << shift;
        if b & 0x80 == 0 {
            return Ok(value);
        }
    }
    short()
}

/// As [`varint`], with a sign.
pub(super) fn zigzag(bytes: &mut &[u8]) -> Result<i64, Wrong> {
    let value = varint(bytes)?;
    Ok((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
}

/// Numbers of `width` bits, lowest bit first, handed out one by one; the bytes are enough for `n`.
pub(super) fn unpack(bytes: &[u8], width: u32, n: usize, mut take: impl FnMut(u64)) {
    if width == 0 {
        (0..n).for_each(|_| take(0));
        return;
    }
    let mut bytes = bytes.iter();
    if width <= 32 {
        let (mut held, mut n_held, mask) = (0u64, 0u32, (1 << width) - 1);
        for _ in 0..n {
            while n_held < width {
                held |= u64::from(bytes.next().copied().unwrap_or(0)) << n_held;
                n_held += 8;
            }
            take(held & mask);
            held >>= width;
            n_held -= width;
        }
        return;
    }
    let mask = if width >= 64 { u64::MAX } else { (1 << width) - 1 };
    let (mut held, mut n_held) = (0u128, 0u32);
    for _ in 0..n {
        while n_held < width {
            held |= u128::from(bytes.next().copied().unwrap_or(0)) << n_held;
            n_held += 8;
        }
        #[expect(clippy::cast_possible_truncation, reason = "the mask keeps at most 64 bits")]
        take(held as u64 & mask);
        held >>= width;
        n_held -= width;
    }
}

/// Hands out `n` numbers of the hybrid as runs: a number and how often it stands.
pub(super) fn runs(mut bytes: &[u8], width: u32, n: usize, mut take: impl FnMut(u32, usize)) -> Result<(), Wrong> {
    if width > 32 {
        return Err("its numbers have more bits than there can be: it is damaged".to_owned());
    }
    let mut left = n;
    while left > 0 {
        let head = varint(&mut bytes)?;
        let n_runs = usize::try_from(head >> 1).unwrap_or(usize::MAX);
        if head & 1 == 0 {
            let n_bytes = width.div_ceil(8) as usize;
            let Some((value, rest)) = bytes.split_at_checked(n_bytes) else { return short() };
            bytes = rest;
            let value = value.iter().rev().fold(0u32, |v, b| v << 8 | u32::from(*b));
            if n_runs == 0 {
                return short();
            }
            let n = n_runs.min(left);
            take(value, n);
            left -= n;
            continue;
        }
        // Groups of eight; the last may be cut off where no value is left.
        let n = n_runs.saturating_mul(8).min(left);
        let n_bytes = n_runs.saturating_mul(width as usize);
        let needed = (n * width as usize).div_ceil(8);
        if n == 0 || bytes.len() < needed {
            return short();
        }
        let (packed, rest) = bytes.split_at(n_bytes.min(bytes.len()));
        bytes = rest;
        #[expect(clippy::cast_possible_truncation, reason = "at most 32 bits wide")]
        unpack(packed, width, n, |v| take(v as u32, 1));
        left -= n;
    }
    Ok(())
}

/// Numbers stored as differences, and the bytes behind them.
pub(super) fn deltas<'a>(mut bytes: &'a [u8], limit: usize, out: &mut Vec<i64>) -> Result<&'a [u8], Wrong> {
    let block = usize::try_from(varint(&mut bytes)?).unwrap_or(0);
    let n_mini = usize::try_from(varint(&mut bytes)?).unwrap_or(0);
    let total = usize::try_from(varint(&mut bytes)?).unwrap_or(usize::MAX);
    let mut value = zigzag(&mut bytes)?;
    let per_mini = block.checked_div(n_mini).unwrap_or(0);
    if per_mini == 0 || per_mini % 8 != 0 || block > 1 << 20 || total > limit {
        return Err("its differences are not laid out as they can be: it is damaged".to_owned());
    }
    if total == 0 {
        return Ok(bytes);
    }
    out.push(value);
    let mut left = total - 1;
    while left > 0 {
        let min = zigzag(&mut bytes)?;
        let Some((widths, rest)) = bytes.split_at_checked(n_mini) else { return short() };
        bytes = rest;
        for &width in widths {
            if left == 0 {
                break;
            }
            if width > 64 {
                return short();
            }
            let n = per_mini.min(left);
            let width = u32::from(width);
            let needed = (n * width as usize).div_ceil(8);
            if bytes.len() < needed {
                return short();
            }
            let (packed, rest) = bytes.split_at((per_mini * width as usize / 8).min(bytes.len()));
            bytes = rest;
            unpack(packed, width, n, |delta| {
                value = value.wrapping_add(min).wrapping_add(delta.cast_signed());
                out.push(value);
            });
            left -= n;
        }
    }
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(bytes: &[u8], width: u32, n: usize) -> Result<Vec<u32>, Wrong> {
        let mut out = Vec::new();
        runs(bytes, width, n, |v, n| out.extend(std::iter::repeat_n(v, n)))?;
        Ok(out)
    }

    /// The examples of Encodings.md.
    #[test]
    fn runs_and_packed_bits() {
        assert_eq!(all(&[0b11, 0x88, 0xc6, 0xfa], 3, 8).unwrap(), [0, 1, 2, 3, 4, 5, 6, 7]);
        assert_eq!(all(&[8, 5], 3, 4).unwrap(), [5; 4]);
        assert_eq!(all(&[8, 5, 4, 1], 3, 6).unwrap(), [5, 5, 5, 5, 1, 1]);
        assert!(all(&[8], 3, 4).is_err() && all(&[], 1, 1).is_err() && all(&[0, 1], 1, 1).is_err());
        assert!(all(&[0b11, 0x88], 3, 8).is_err());
        assert_eq!(all(&[], 1, 0).unwrap(), [0; 0]);
    }

    #[test]
    fn differences() {
        // Block of 128 in 4 miniblocks, 5 values: 7, 5, 3, 1, 2 (differences -2 -2 -2 1; minimum -2, 2 bits).
        let bytes = [128, 1, 4, 5, 14, 3, 2, 0, 0, 0, 0b1100_0000, 0, 0, 0, 0, 0, 0, 0, 99];
        let mut out = Vec::new();
        assert_eq!(deltas(&bytes, 10, &mut out).unwrap(), [99]);
        assert_eq!(out, [7, 5, 3, 1, 2]);
        assert!(deltas(&bytes, 4, &mut out).is_err());
        assert!(deltas(&bytes[..9], 10, &mut out).is_err());
    }
}
