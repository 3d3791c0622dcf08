//! Text encodings: any to UTF-8, in pieces.

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
pub fn sniff(head: &[u8], complete: bool) -> (&'static str, usize) {
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

/// What the bytes 0x80 to 0x9F are in windows-1252, by the WHATWG encoding standard.
const WINDOWS_1252: [char; 32] = [
    '\u{20ac}', '\u{81}', '\u{201a}', '\u{192}', '\u{201e}', '\u{2026}', '\u{2020}', '\u{2021}', '\u{2c6}', '\u{2030}',
    '\u{160}', '\u{2039}', '\u{152}', '\u{8d}', '\u{17d}', '\u{8f}', '\u{90}', '\u{2018}', '\u{2019}', '\u{201c}',
    '\u{201d}', '\u{2022}', '\u{2013}', '\u{2014}', '\u{2dc}', '\u{2122}', '\u{161}', '\u{203a}', '\u{153}', '\u{9d}',
    '\u{17e}', '\u{178}',
];

/// A byte as windows-1252 reads it.
pub(crate) fn windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// An encoding that files are read in. (Written out here, since a crate for all of the web's encodings brings 200 kB of
/// tables to the page.)
#[derive(Clone, Copy, PartialEq, Eq)]
enum Encoding {
    Utf8,
    Utf16 { big_endian: bool },
    Windows1252,
}

/// Turns pieces of a file into UTF-8, leaving a byte order mark out.
pub struct ToUtf8 {
    encoding: Encoding,
    /// Bytes that wait for what belongs to them: the beginning of a UTF-8 file until it is known whether it is a mark, the
    /// first byte of a UTF-16 unit.
    waiting: Vec<u8>,
    /// The first half of a UTF-16 pair.
    high: Option<u16>,
    at_start: bool,
    /// Something was no letter in this encoding.
    pub replaced: bool,
}

impl ToUtf8 {
    /// For `utf-8`, `utf-16le`, `utf-16be`, `windows-1252`; nothing for another name.
    pub fn new(encoding: &str) -> Option<Self> {
        let encoding = match encoding {
            "utf-8" => Encoding::Utf8,
            "utf-16le" => Encoding::Utf16 { big_endian: false },
            "utf-16be" => Encoding::Utf16 { big_endian: true },
            "windows-1252" => Encoding::Windows1252,
            _ => return None,
        };
        Some(Self { encoding, waiting: Vec::new(), high: None, at_start: true, replaced: false })
    }

    /// Adds the text of the next bytes to `out`; `last` ends the file. UTF-8 is handed on as it is, right or wrong.
    pub fn push(&mut self, bytes: &[u8], last: bool, out: &mut Vec<u8>) {
        match self.encoding {
            Encoding::Utf8 => self.push_utf8(bytes, last, out),
            Encoding::Utf16 { big_endian } => self.push_utf16(bytes, last, big_endian, out),
            Encoding::Windows1252 => {
                for &byte in bytes {
                    put(windows_1252(byte), out);
                }
            }
        }
    }

    fn push_utf8(&mut self, bytes: &[u8], last: bool, out: &mut Vec<u8>) {
        const MARK: [u8; 3] = [0xef, 0xbb, 0xbf];
        if !self.at_start {
            out.extend_from_slice(bytes);
            return;
        }
        self.waiting.extend_from_slice(bytes);
        if self.waiting.len() < 3 && !last && MARK.starts_with(&self.waiting) {
            return;
        }
        out.extend_from_slice(self.waiting.strip_prefix(&MARK).unwrap_or(&self.waiting));
        self.waiting = Vec::new();
        self.at_start = false;
    }

    fn push_utf16(&mut self, bytes: &[u8], last: bool, big_endian: bool, out: &mut Vec<u8>) {
        let mut bytes = bytes.iter().copied();
        if let Some(first) = self.waiting.pop() {
            match bytes.next() {
                Some(second) => self.unit([first, second], big_endian, out),
                None => self.waiting.push(first),
            }
        }
        while let Some(first) = bytes.next() {
            match bytes.next() {
                Some(second) => self.unit([first, second], big_endian, out),
                None => self.waiting.push(first),
            }
        }
        if last && (self.high.take().is_some() || self.waiting.pop().is_some()) {
            self.replace(out);
        }
    }

    fn unit(&mut self, bytes: [u8; 2], big_endian: bool, out: &mut Vec<u8>) {
        let unit = if big_endian { u16::from_be_bytes(bytes) } else { u16::from_le_bytes(bytes) };
        if std::mem::take(&mut self.at_start) && unit == 0xfeff {
            return;
        }
        if let Some(high) = self.high.take() {
            if let Some(Ok(letter)) =
                char::decode_utf16([high, unit]).next().filter(|_| (0xdc00..0xe000).contains(&unit))
            {
                put(letter, out);
                return;
            }
            self.replace(out);
        }
        match char::from_u32(u32::from(unit)) {
            Some(letter) => put(letter, out),
            None if unit < 0xdc00 => self.high = Some(unit),
            None => self.replace(out),
        }
    }

    fn replace(&mut self, out: &mut Vec<u8>) {
        self.replaced = true;
        put(char::REPLACEMENT_CHARACTER, out);
    }
}

fn put(letter: char, out: &mut Vec<u8>) {
    out.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes());
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
        fn agrees_with_the_web_encodings(bytes in prop::collection::vec(any::<u8>(), 0..60), sizes in prop::collection::vec(1usize..7, 1..5)) {
            for (name, encoding) in [
                ("utf-16le", encoding_rs::UTF_16LE),
                ("utf-16be", encoding_rs::UTF_16BE),
                ("windows-1252", encoding_rs::WINDOWS_1252),
            ] {
                let want = encoding.decode_with_bom_removal(&bytes).0;
                prop_assert_eq!(String::from_utf8(through(name, &bytes, &sizes)).unwrap(), want.into_owned());
            }
        }

        #[test]
        fn pieces_make_no_difference(text in ".{0,60}", sizes in prop::collection::vec(1usize..7, 1..5)) {
            let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_be_bytes).collect();
            let want = text.strip_prefix('\u{feff}').unwrap_or(&text);
            prop_assert_eq!(through("utf-16be", &wide, &sizes), want.as_bytes());
            prop_assert_eq!(through("utf-8", text.as_bytes(), &sizes), want.as_bytes());
        }
    }
}
