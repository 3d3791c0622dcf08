//! Text encodings: any to UTF-8, in pieces.

use encoding_rs::{CoderResult, Decoder, Encoding, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// UTF-16 without a byte order mark: which half of the pairs is mostly zero tells the order.
pub(crate) fn looks_utf16(bytes: &[u8]) -> Option<&'static str> {
    let zeros = |offset: usize| bytes.iter().skip(offset).step_by(2).take(512).filter(|&&b| b == 0).count();
    let pairs = (bytes.len() / 2).min(512);
    if pairs < 4 {
        return None;
    }
    match (zeros(0) * 10 / pairs, zeros(1) * 10 / pairs) {
        (0, 7..) => Some("utf-16le"),
        (7.., 0) => Some("utf-16be"),
        _ => None,
    }
}

/// The encoding of a file's first bytes, and how many of them are a byte order mark.
pub(crate) fn sniff(head: &[u8], complete: bool) -> (&'static str, usize) {
    if head.starts_with(&[0xef, 0xbb, 0xbf]) {
        ("utf-8", 3)
    } else if head.starts_with(&[0xff, 0xfe]) {
        ("utf-16le", 2)
    } else if head.starts_with(&[0xfe, 0xff]) {
        ("utf-16be", 2)
    } else if let Some(name) = looks_utf16(head) {
        (name, 0)
    } else {
        match std::str::from_utf8(head) {
            Ok(_) => ("utf-8", 0),
            // A letter cut at the end of the first part.
            Err(e) if !complete && e.error_len().is_none() => ("utf-8", 0),
            Err(_) => ("windows-1252", 0),
        }
    }
}

/// Turns pieces of a file into UTF-8, leaving a byte order mark out.
pub(crate) struct ToUtf8 {
    decoder: Option<Decoder>,
    /// The first three bytes of a UTF-8 file, until it is known whether they are a mark.
    start: Option<Vec<u8>>,
    /// Characters the encoding has no meaning for.
    pub(crate) replaced: bool,
}

impl ToUtf8 {
    /// For `utf-8`, `utf-16le`, `utf-16be`, `windows-1252`; nothing for another name.
    pub(crate) fn new(encoding: &str) -> Option<Self> {
        let other: Option<&'static Encoding> = match encoding {
            "utf-8" => None,
            "utf-16le" => Some(UTF_16LE),
            "utf-16be" => Some(UTF_16BE),
            "windows-1252" => Some(WINDOWS_1252),
            _ => return None,
        };
        let start = other.is_none().then(Vec::new);
        Some(Self { decoder: other.map(Encoding::new_decoder_with_bom_removal), start, replaced: false })
    }

    /// Adds the text of the next bytes to `out`; `last` ends the file.
    pub(crate) fn push(&mut self, bytes: &[u8], last: bool, out: &mut Vec<u8>) {
        let Some(decoder) = &mut self.decoder else {
            self.push_utf8(bytes, last, out);
            return;
        };
        let mut rest = bytes;
        loop {
            let room = decoder.max_utf8_buffer_length(rest.len()).unwrap_or(rest.len() * 3 + 16).clamp(64, 1 << 20);
            let old = out.len();
            out.resize(old + room, 0);
            let (result, read, written, had_errors) =
                decoder.decode_to_utf8(rest, out.get_mut(old..).unwrap_or_default(), last);
            out.truncate(old + written);
            self.replaced |= had_errors;
            rest = rest.get(read..).unwrap_or_default();
            if result == CoderResult::InputEmpty {
                return;
            }
        }
    }

    fn push_utf8(&mut self, bytes: &[u8], last: bool, out: &mut Vec<u8>) {
        const MARK: [u8; 3] = [0xef, 0xbb, 0xbf];
        let Some(start) = &mut self.start else {
            out.extend_from_slice(bytes);
            return;
        };
        start.extend_from_slice(bytes);
        if start.len() < 3 && !last && MARK.starts_with(start) {
            return;
        }
        out.extend_from_slice(start.strip_prefix(&MARK).unwrap_or(start));
        self.start = None;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn through(encoding: &str, bytes: &[u8], sizes: &[usize]) -> Vec<u8> {
        let mut to = ToUtf8::new(encoding).unwrap();
        let mut out = Vec::new();
        let (mut at, mut sizes) = (0, sizes.iter().cycle());
        while at < bytes.len() {
            let end = (at + sizes.next().copied().unwrap_or(1).max(1)).min(bytes.len());
            to.push(&bytes[at..end], false, &mut out);
            at = end;
        }
        to.push(&[], true, &mut out);
        out
    }

    #[test]
    fn marks_go_and_letters_stay() {
        assert_eq!(through("utf-8", "\u{feff}a".as_bytes(), &[1]), b"a");
        assert_eq!(through("utf-8", &[0xef], &[1]), [0xef]);
        assert_eq!(through("utf-16le", &[0xff, 0xfe, 0xe9, 0], &[1]), "é".as_bytes());
        assert_eq!(through("utf-16be", &[0, 0x41], &[1]), b"A");
        assert_eq!(through("windows-1252", &[0xe9, 0x80], &[1]), "é€".as_bytes());
    }

    #[test]
    fn encodings_are_told_apart() {
        assert_eq!(sniff("a;ü\n".as_bytes(), true), ("utf-8", 0));
        assert_eq!(sniff(b"a;\xfc\n", true), ("windows-1252", 0));
        assert_eq!(sniff(&"aü".as_bytes()[..2], false), ("utf-8", 0));
        let wide: Vec<u8> = "id,time\n1,2\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert_eq!(sniff(&wide, true), ("utf-16le", 0));
    }

    proptest! {
        #[test]
        fn pieces_make_no_difference(text in ".{0,60}", sizes in prop::collection::vec(1usize..7, 1..5)) {
            let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            let want = text.strip_prefix('\u{feff}').unwrap_or(&text);
            prop_assert_eq!(through("utf-16be", &wide, &sizes), want.as_bytes());
            prop_assert_eq!(through("utf-8", text.as_bytes(), &sizes), want.as_bytes());
        }
    }
}
