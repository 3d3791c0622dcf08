//! Decimal text to the nearest 64-bit number.

const POWERS: [f64; 23] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20,
    1e21, 1e22,
];

/// The number that a text is, blanks around it allowed; nothing for what is no number, or none that is finite.
///
/// Up to fifteen digits are exact in 53 bits, and so is the power of ten: one division then rounds correctly (Clinger
/// 1990). Everything else goes to `fast_float2`.
pub(crate) fn parse(text: &[u8], decimal: u8) -> Option<f64> {
    short(text, decimal).or_else(|| longer(text, decimal))
}

/// The number, where it is written in up to eight digits and a point, with or without a minus sign; nothing where it is
/// written otherwise or there is none.
#[inline(always)]
pub(crate) fn short(text: &[u8], decimal: u8) -> Option<f64> {
    // Without a branch: where every other number is negative, it would be guessed wrong every other time.
    let negative = u64::from(text.first() == Some(&b'-'));
    let digits = text.get(usize::from(negative == 1)..)?;
    eight(digits, decimal).map(|value| f64::from_bits(value.to_bits() | negative << 63))
}

/// Up to eight digits and points, all at once: a branch a letter is guessed wrong once a field.
///
/// The letters stand in one word, the last one highest, behind zeros; the point is taken out by moving what is before it
/// up by a letter. Eight digits become a number in three multiplications (Lemire 2018, as in `fast_float`).
#[inline(always)]
fn eight(digits: &[u8], decimal: u8) -> Option<f64> {
    const ONES: u64 = 0x0101_0101_0101_0101;
    const LOW: u64 = 0x7f7f_7f7f_7f7f_7f7f;
    const HIGH_HALVES: u64 = 0xf0f0_f0f0_f0f0_f0f0;
    let n = digits.len();
    let letters = match (digits.first_chunk::<4>(), digits.last_chunk::<4>()) {
        // The two halves may share letters, which are then the same in both.
        (Some(first), Some(last)) if n <= 8 => {
            u64::from(u32::from_le_bytes(*first)) | u64::from(u32::from_le_bytes(*last)) << (8 * (n - 4))
        }
        (None, _) => match *digits {
            [a] => u64::from(a),
            [a, b] => u64::from(u16::from_le_bytes([a, b])),
            [a, b, c] => u64::from(u32::from_le_bytes([a, b, c, 0])),
            _ => return None,
        },
        _ => return None,
    };
    let unused = 8 * (8 - n);
    let mut word = (letters << unused) | ((ONES * 0x30) & ((1 << unused) - 1));
    let other = word ^ (u64::from(decimal) * ONES);
    let points = !(((other & LOW) + LOW) | other | LOW);
    let mut n_decimals = 0;
    if points != 0 {
        // At its highest bit; of two points the second is left, and is no digit.
        let at = points.trailing_zeros() & !7;
        let before = (1u64 << at) - 1;
        n_decimals = 7 - (at as usize) / 8;
        word = (word & !before & !(0xff << at)) | ((word & before) << 8) | 0x30;
    }
    let is_digits = (word & HIGH_HALVES) | ((word.wrapping_add(ONES * 0x06) & HIGH_HALVES) >> 4) == ONES * 0x33;
    if !is_digits || (points != 0 && n == 1) {
        return None;
    }
    let pairs = (word & (ONES * 0x0f)).wrapping_mul(10).wrapping_add((word & (ONES * 0x0f)) >> 8);
    let even = (pairs & 0x0000_00ff_0000_00ff).wrapping_mul(0x000f_4240_0000_0064);
    let odd = ((pairs >> 16) & 0x0000_00ff_0000_00ff).wrapping_mul(0x0000_2710_0000_0001);
    // Eight digits are below 2^32.
    let value = f64::from((even.wrapping_add(odd) >> 32) as u32);
    Some(if n_decimals == 0 { value } else { value / POWERS.get(n_decimals).copied()? })
}

/// What is longer than eight letters, or no plain number.
fn longer(text: &[u8], decimal: u8) -> Option<f64> {
    let (negative, digits) = match text {
        [b'-', rest @ ..] => (true, rest),
        _ => (false, text),
    };
    if digits.is_empty() || digits.len() > 16 {
        return slow(text, decimal);
    }
    let mut mantissa: u64 = 0;
    let mut n_digits = 0usize;
    let mut point = None;
    for (i, &b) in digits.iter().enumerate() {
        let d = b.wrapping_sub(b'0');
        if d <= 9 {
            mantissa = mantissa * 10 + u64::from(d);
            n_digits += 1;
        } else if b == decimal && point.is_none() {
            point = Some(i);
        } else {
            return slow(text, decimal);
        }
    }
    if n_digits == 0 || n_digits > 15 {
        return slow(text, decimal);
    }
    #[expect(clippy::cast_precision_loss, reason = "fifteen digits are below 2^53")]
    let mut value = mantissa as f64;
    if let Some(point) = point {
        value /= POWERS.get(digits.len() - 1 - point).copied().unwrap_or(1.0);
    }
    Some(if negative { -value } else { value })
}

#[cold]
fn slow(text: &[u8], decimal: u8) -> Option<f64> {
    let text = text.trim_ascii();
    let text = text.strip_prefix(b"+").unwrap_or(text);
    let text = text.strip_suffix(b"%").map_or(text, <[u8]>::trim_ascii_end);
    let plain = without_groups(text, decimal);
    let text = plain.as_deref().unwrap_or(text);
    // Letters of 'nan', 'inf' are no numbers here; an exponent is.
    let takes = |b: &u8| b.is_ascii_digit() || *b == decimal || matches!(b, b'-' | b'+' | b'e' | b'E');
    if text.is_empty() || text.len() > 400 || !text.iter().all(takes) || text.starts_with(b"+") {
        return None;
    }
    let value: f64 = if decimal == b'.' {
        fast_float2::parse(text).ok()?
    } else {
        let point: Vec<u8> = text.iter().map(|&b| if b == decimal { b'.' } else { b }).collect();
        fast_float2::parse(point).ok()?
    };
    value.is_finite().then_some(value)
}

/// A number whose thousands stand apart: by blanks (`7 200`, also those that do not break) or apostrophes (`7'200`), or by the other sign
/// where the decimal sign stands behind it (`1.234,5`). `1.234` alone could be either and is left.
fn without_groups(text: &[u8], decimal: u8) -> Option<Vec<u8>> {
    let other = if decimal == b',' { '.' } else { ',' };
    let text = std::str::from_utf8(text).ok()?;
    let (sign, digits) = text.strip_prefix('-').map_or(("", text), |rest| ("-", rest));
    let (whole, decimals) = digits.split_once(char::from(decimal)).map_or((digits, None), |(w, d)| (w, Some(d)));
    let is_mark = |c: char| {
        matches!(c, ' ' | '\u{a0}' | '\u{202f}' | '\u{2009}' | '\'' | '’') || (c == other && decimals.is_some())
    };
    let mark = whole.chars().find(|c| !c.is_ascii_digit()).filter(|c| is_mark(*c))?;
    let mut groups = whole.split(mark);
    let all = |group: &str| group.bytes().all(|b| b.is_ascii_digit());
    let first = groups.next().filter(|g| (1..=3).contains(&g.len()) && all(g) && !g.starts_with('0'))?;
    let mut out = format!("{sign}{first}").into_bytes();
    for group in groups {
        if group.len() != 3 || !all(group) {
            return None;
        }
        out.extend(group.bytes());
    }
    if let Some(decimals) = decimals.filter(|d| all(d)) {
        out.push(decimal);
        out.extend(decimals.bytes());
    }
    (decimals.is_none_or(all)).then_some(out)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn thousands_may_stand_apart_where_it_is_sure_what_they_are() {
        for (text, decimal, want) in [
            ("7 200", b',', Some(7200.0)),
            ("7\u{a0}200", b'.', Some(7200.0)),
            ("-1 234 567,5", b',', Some(-1_234_567.5)),
            ("7'200.5", b'.', Some(7200.5)),
            ("1.234,5", b',', Some(1234.5)),
            ("1,234.5", b'.', Some(1234.5)),
            ("95%", b'.', Some(95.0)),
            ("95,5 %", b',', Some(95.5)),
            ("%", b'.', None),
            // These could be something else.
            ("1,234", b'.', None),
            ("1.234", b',', None),
            ("030 123", b',', None),
            ("7 20", b',', None),
            ("1 234 56", b',', None),
            ("1 234,5,6", b',', None),
        ] {
            assert_eq!(parse(text.as_bytes(), decimal), want, "{text}");
        }
    }

    #[test]
    fn what_is_a_number() {
        for (text, want) in
            [("0", 0.0), ("-1.5", -1.5), (" 7 ", 7.0), ("+3", 3.0), ("1e-3", 0.001), (".5", 0.5), ("5.", 5.0)]
        {
            assert_eq!(parse(text.as_bytes(), b'.'), Some(want), "{text}");
        }
        assert_eq!(parse(b"1,5", b','), Some(1.5));
        assert_eq!(parse(b"-0", b'.').map(f64::to_bits), Some((-0.0f64).to_bits()));
        for text in
            ["", "-", ".", "nan", "inf", "1e999", "1,5", "0x10", "1 2", "--1", "1.2.3", "++1", "e5", "12a", "1_000"]
        {
            assert_eq!(parse(text.as_bytes(), b'.'), None, "{text}");
        }
    }

    proptest! {
        #[test]
        fn agrees_with_the_standard_library(text in r"-?[0-9]{1,18}(\.[0-9]{0,18})?(e-?[0-9]{1,3})?") {
            let want: f64 = text.parse().unwrap();
            prop_assert_eq!(parse(text.as_bytes(), b'.').map(f64::to_bits), want.is_finite().then_some(want.to_bits()));
        }

        #[test]
        fn reads_what_is_written(value in any::<f64>().prop_filter("finite", |v| v.is_finite())) {
            prop_assert_eq!(parse(format!("{value:e}").as_bytes(), b'.').map(f64::to_bits), Some(value.to_bits()));
        }

        #[test]
        fn short_texts_are_read_as_long_ones(text in r"-?[0-9.,\x00-\x7f\u{ff}]{0,10}", comma in any::<bool>()) {
            let decimal = if comma { b',' } else { b'.' };
            let bits = |v: Option<f64>| v.map(f64::to_bits);
            prop_assert_eq!(bits(parse(text.as_bytes(), decimal)), bits(longer(text.as_bytes(), decimal)));
        }

        #[test]
        fn short_numbers_are_read_as_long_ones(text in r"-?[0-9.]{0,10}") {
            let bits = |v: Option<f64>| v.map(f64::to_bits);
            prop_assert_eq!(bits(parse(text.as_bytes(), b'.')), bits(longer(text.as_bytes(), b'.')));
        }

        #[test]
        fn any_bytes_are_a_number_or_none(bytes in prop::collection::vec(any::<u8>(), 0..30)) {
            prop_assert!(parse(&bytes, b',').is_none_or(f64::is_finite));
        }
    }
}
