//! Bytes into numbered lines: LF, CR LF, and CR alone.

/// Bytes of one line, at most; what is longer is cut there and goes on as another line.
const MAX_LINE: usize = 8 << 20;

/// Cuts bytes into lines.
#[derive(Default)]
pub(super) struct Lines {
    pending: Vec<u8>,
    number: u64,
    /// How lines end, once the first break was seen: CR alone?
    carriage_only: Option<bool>,
    /// Lines with bytes that are no UTF-8.
    pub(super) n_replaced: u64,
}

impl Lines {
    /// Hands every whole line on, with its number from 1.
    pub(super) fn push(&mut self, bytes: &[u8], each: &mut dyn FnMut(u64, &str)) {
        self.pending.extend_from_slice(bytes);
        let pending = std::mem::take(&mut self.pending);
        let mut rest = pending.as_slice();
        while let Some((line, after)) = self.cut(rest) {
            self.hand_on(line, each);
            rest = after;
        }
        self.pending = rest.to_vec();
    }

    /// Hands the last line on.
    pub(super) fn end(&mut self, each: &mut dyn FnMut(u64, &str)) {
        // A break that waited for what comes after it.
        self.carriage_only.get_or_insert(true);
        let pending = std::mem::take(&mut self.pending);
        let mut rest = pending.as_slice();
        while let Some((line, after)) = self.cut(rest) {
            self.hand_on(line, each);
            rest = after;
        }
        if !rest.is_empty() {
            self.hand_on(rest, each);
        }
    }

    fn cut<'a>(&mut self, rest: &'a [u8]) -> Option<(&'a [u8], &'a [u8])> {
        if self.carriage_only.is_none()
            && let Some(at) = memchr::memchr2(b'\n', b'\r', rest)
        {
            if rest[at] == b'\n' {
                self.carriage_only = Some(false);
            } else {
                // CR, or CR CR LF as a text that was converted twice has it.
                let next = rest[at..].iter().find(|&&b| b != b'\r');
                self.carriage_only = next.map(|&b| b != b'\n');
                self.carriage_only?;
            }
        }
        let mark = if self.carriage_only? { b'\r' } else { b'\n' };
        match memchr::memchr(mark, rest) {
            Some(at) => Some((&rest[..at], &rest[at + 1..])),
            None if rest.len() > MAX_LINE => Some(rest.split_at(MAX_LINE)),
            None => None,
        }
    }

    fn hand_on(&mut self, line: &[u8], each: &mut dyn FnMut(u64, &str)) {
        self.number += 1;
        let text = String::from_utf8_lossy(line);
        if matches!(text, std::borrow::Cow::Owned(_)) {
            self.n_replaced += 1;
        }
        let text = text.trim_end_matches(['\r', '\n']);
        let text = if self.number == 1 { text.trim_start_matches('\u{feff}') } else { text };
        each(self.number, text);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(pieces: &[&[u8]]) -> Vec<(u64, String)> {
        let (mut lines, mut out) = (Lines::default(), Vec::new());
        for piece in pieces {
            lines.push(piece, &mut |n, l| out.push((n, l.to_owned())));
        }
        lines.end(&mut |n, l| out.push((n, l.to_owned())));
        out
    }

    #[test]
    fn every_kind_of_break_is_one() {
        let want: Vec<(u64, String)> = ["a", "", "b"].iter().zip(1..).map(|(l, n)| (n, (*l).to_owned())).collect();
        for text in ["a\n\nb", "a\r\n\r\nb\r\n", "a\r\rb", "a\r\r\n\r\r\nb", "\u{feff}a\n\nb\n"] {
            assert_eq!(lines(&[text.as_bytes()]), want, "{text:?}");
            let single: Vec<&[u8]> = text.as_bytes().chunks(1).collect();
            assert_eq!(lines(&single), want, "{text:?} byte by byte");
        }
        assert_eq!(lines(&[b"a\xff\n"]), [(1, "a\u{fffd}".to_owned())]);
    }
}
