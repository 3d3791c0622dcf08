//! Plain text out of attachments: base64, HTML, RTF.

use base64::Engine as _;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::text::windows_1252;

/// What an attachment's text is written in; the one that loses least comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Form {
    Plain,
    Html,
    Rtf,
}

impl Form {
    /// The form of a content type; nothing where it is no text. Without a type plain text is meant.
    pub(super) fn of(content_type: &str) -> Option<Form> {
        let kind = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        Some(match kind.as_str() {
            "" | "text/plain" | "text/markdown" | "text" => Form::Plain,
            "text/html" | "application/xhtml+xml" | "text/xhtml" => Form::Html,
            "text/rtf" | "application/rtf" | "text/richtext" => Form::Rtf,
            _ => return None,
        })
    }
}

/// Bytes of a base64 text, with or without padding, line breaks (also as JSON writes them) or the URL alphabet.
pub(super) fn base64(text: &[u8]) -> Option<Vec<u8>> {
    let padding = DecodePaddingMode::Indifferent;
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(padding).with_decode_allow_trailing_bits(true);
    let engine = GeneralPurpose::new(&base64::alphabet::STANDARD, config);
    if let Ok(bytes) = engine.decode(text) {
        return Some(bytes);
    }
    let mut clean = Vec::with_capacity(text.len());
    let mut bytes = text.iter().copied();
    while let Some(b) = bytes.next() {
        match b {
            // A slash is `\/` in JSON of some writers; other escapes are line breaks and blanks.
            b'\\' => clean.extend(bytes.next().filter(|b| *b == b'/')),
            b'-' => clean.push(b'+'),
            b'_' => clean.push(b'/'),
            b if b.is_ascii_whitespace() => {}
            b => clean.push(b),
        }
    }
    engine.decode(&clean).ok()
}

/// Text of bytes, by the charset of the content type, else UTF-8; and whether every byte was a letter in it.
pub(super) fn decoded(bytes: &[u8], content_type: &str) -> (String, bool) {
    let lower = content_type.to_ascii_lowercase();
    let charset = lower.split("charset=").nth(1).map(|c| c.trim_matches(['"', '\'', ' ']));
    let one_byte = charset.is_some_and(|c| c.starts_with("iso-8859-1") || c.starts_with("windows-1252"));
    let utf16 = match bytes {
        [0xff, 0xfe, ..] => Some(u16::from_le_bytes as fn([u8; 2]) -> u16),
        [0xfe, 0xff, ..] => Some(u16::from_be_bytes as fn([u8; 2]) -> u16),
        _ => None,
    };
    if let Some(unit) = utf16 {
        let units: Vec<u16> = bytes.chunks_exact(2).skip(1).filter_map(|c| c.try_into().ok().map(unit)).collect();
        return (String::from_utf16_lossy(&units), bytes.len().is_multiple_of(2));
    }
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) if !one_byte => (text.to_owned(), true),
        _ => (bytes.iter().map(|b| windows_1252(*b)).collect(), one_byte),
    }
}

/// Elements whose content is no text.
const SILENT: [&str; 4] = ["script", "style", "head", "title"];
/// Elements that begin a new line.
const BLOCKS: [&str; 20] = [
    "p", "div", "br", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "section", "article",
    "header", "footer", "pre",
];

/// The text of an HTML document.
pub(super) fn html(source: &str) -> String {
    let mut out = String::with_capacity(source.len() / 2);
    let mut rest = source;
    // Within `pre` line breaks are text.
    let mut kept = false;
    while let Some(i) = rest.find(['<', '&']) {
        let (before, from) = rest.split_at(i);
        if kept {
            out.push_str(before);
        } else {
            words(before, &mut out);
        }
        if let Some(behind) = from.strip_prefix('&') {
            let (letter, after) = entity(behind);
            match letter {
                Some(letter) => out.push(letter),
                None => out.push('&'),
            }
            rest = after;
            continue;
        }
        if let Some(comment) = from.strip_prefix("<!--") {
            rest = comment.split_once("-->").map_or("", |(_, after)| after);
            continue;
        }
        let inner = from.get(1..).unwrap_or_default();
        if !inner.starts_with(|c: char| c.is_ascii_alphabetic() || matches!(c, '/' | '!' | '?')) {
            // `< 5 mg` is text.
            out.push('<');
            rest = inner;
            continue;
        }
        let (tag, after) = inner.split_once('>').unwrap_or((inner, ""));
        let name: String = tag
            .trim_start_matches('/')
            .chars()
            .take_while(char::is_ascii_alphanumeric)
            .collect::<String>()
            .to_ascii_lowercase();
        kept = if name == "pre" { !tag.starts_with('/') } else { kept };
        if BLOCKS.contains(&name.as_str()) {
            new_line(&mut out);
        } else if matches!(name.as_str(), "td" | "th") && !out.ends_with(['\n', ' ', '\t']) && !out.is_empty() {
            out.push('\t');
        }
        rest = if SILENT.contains(&name.as_str()) && !tag.starts_with('/') && !tag.ends_with('/') {
            behind_end(after, &name)
        } else {
            after
        };
    }
    words(rest, &mut out);
    out.trim().to_owned()
}

/// Behind the end tag of a silent element.
fn behind_end<'a>(text: &'a str, name: &str) -> &'a str {
    let mut from = 0;
    while let Some(i) = text.get(from..).and_then(|t| t.find("</")) {
        let at = from + i + 2;
        if text.get(at..at + name.len()).is_some_and(|t| t.eq_ignore_ascii_case(name)) {
            return text.get(at..).and_then(|t| t.split_once('>')).map_or("", |(_, after)| after);
        }
        from = at;
    }
    ""
}

/// Adds text with white space made single.
fn words(text: &str, out: &mut String) {
    for c in text.chars() {
        if !c.is_whitespace() {
            out.push(c);
        } else if !out.ends_with(char::is_whitespace) && !out.is_empty() {
            out.push(' ');
        }
    }
}

fn new_line(out: &mut String) {
    while out.ends_with([' ', '\t']) {
        out.pop();
    }
    if !out.is_empty() && !out.ends_with('\n') {
        out.push('\n');
    }
}

/// The letter of an entity and what stands behind it.
fn entity(text: &str) -> (Option<char>, &str) {
    const NAMED: [(&str, char); 16] = [
        ("amp", '&'),
        ("lt", '<'),
        ("gt", '>'),
        ("quot", '"'),
        ("apos", '\''),
        ("nbsp", ' '),
        ("deg", '°'),
        ("micro", 'µ'),
        ("plusmn", '±'),
        ("ndash", '–'),
        ("mdash", '—'),
        ("le", '≤'),
        ("ge", '≥'),
        ("rsquo", '’'),
        ("lsquo", '‘'),
        ("frac12", '½'),
    ];
    let Some(end) = text.bytes().take(10).position(|b| b == b';') else { return (None, text) };
    let (name, after) = (text.get(..end).unwrap_or_default(), text.get(end + 1..).unwrap_or_default());
    let letter = match name.strip_prefix('#') {
        Some(number) => {
            let code = match number.strip_prefix(['x', 'X']) {
                Some(hex) => u32::from_str_radix(hex, 16),
                None => number.parse(),
            };
            code.ok().and_then(char::from_u32)
        }
        None => NAMED.iter().find(|(n, _)| *n == name).map(|(_, c)| *c),
    };
    if letter.is_some() { (letter, after) } else { (None, text) }
}

/// Groups of RTF that hold no text of the document.
const NO_TEXT: [&str; 10] =
    ["fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "footer", "listtable", "generator"];

/// The text of an RTF document.
pub(super) fn rtf(source: &str) -> String {
    let bytes = source.as_bytes();
    let mut out = String::with_capacity(source.len() / 2);
    // Whether each open group is silent, and how many letters stand for one of Unicode.
    let mut groups: Vec<(bool, usize)> = vec![(false, 1)];
    let (mut at, mut to_skip) = (0usize, 0usize);
    while let Some(&b) = bytes.get(at) {
        at += 1;
        let (silent, n_stand_ins) = groups.last().copied().unwrap_or((false, 1));
        match b {
            b'{' => groups.push((silent, n_stand_ins)),
            b'}' => {
                groups.pop();
            }
            b'\r' | b'\n' => {}
            b'\\' => {
                let (word, number, behind) = control(bytes, at);
                at = behind;
                let group = groups.last_mut();
                match word {
                    "'" if to_skip > 0 => to_skip -= 1,
                    "'" if !silent => out.push(windows_1252(u8::try_from(number.unwrap_or(63)).unwrap_or(b'?'))),
                    "u" => {
                        to_skip = n_stand_ins;
                        if !silent {
                            let code = u32::try_from(number.unwrap_or(0).rem_euclid(65_536)).unwrap_or(0);
                            out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                        }
                    }
                    "uc" => {
                        if let Some(group) = group {
                            group.1 = usize::try_from(number.unwrap_or(1)).unwrap_or(1).min(8);
                        }
                    }
                    "par" | "line" | "row" | "sect" | "page" if !silent => out.push('\n'),
                    "tab" | "cell" if !silent => out.push('\t'),
                    "emdash" if !silent => out.push('—'),
                    "endash" if !silent => out.push('–'),
                    "~" if !silent => out.push(' '),
                    "\\" | "{" | "}" if !silent => out.push_str(word),
                    _ if word == "*" || NO_TEXT.contains(&word) => {
                        if let Some(group) = group {
                            group.0 = true;
                        }
                    }
                    _ => {}
                }
            }
            _ => {
                // A letter of several bytes goes whole.
                let mut end = at;
                while bytes.get(end).is_some_and(|b| b & 0xc0 == 0x80) {
                    end += 1;
                }
                let letter = source.get(at - 1..end).unwrap_or_default();
                at = end;
                if to_skip > 0 {
                    to_skip -= 1;
                } else if !silent {
                    out.push_str(letter);
                }
            }
        }
    }
    out.trim().to_owned()
}

/// A control word (or sign), its number, and the position behind it; `at` is behind the backslash.
fn control(bytes: &[u8], at: usize) -> (&str, Option<i32>, usize) {
    let str_of =
        |from: usize, to: usize| std::str::from_utf8(bytes.get(from..to).unwrap_or_default()).unwrap_or_default();
    let n = bytes.get(at..).unwrap_or_default().iter().take_while(|b| b.is_ascii_alphabetic()).count();
    if n == 0 {
        if bytes.get(at) == Some(&b'\'') {
            let byte = u8::from_str_radix(str_of(at + 1, at + 3), 16).ok().map(i32::from);
            return ("'", byte, (at + 3).min(bytes.len()));
        }
        return (str_of(at, at + 1), None, at + 1);
    }
    let mut end = at + n;
    let digits = bytes.get(end..).unwrap_or_default().iter().enumerate();
    let digits = digits.take_while(|(i, b)| b.is_ascii_digit() || (*i == 0 && **b == b'-')).count();
    let number = str_of(end, end + digits).parse().ok();
    end += digits;
    if bytes.get(end) == Some(&b' ') {
        (str_of(at, at + n), number, end + 1)
    } else {
        (str_of(at, at + n), number, end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_text() {
        for (source, want) in [
            ("<div xmlns=\"x\"><p>One&nbsp;<b>two</b></p><p>three</p></div>", "One two\nthree"),
            ("<style>p {}</style>a<br/>b <!-- no --> c", "a\nb c"),
            ("x < 5 mg &amp; y &lt; 3 &#176;C &#xb5;g &unknown; &", "x < 5 mg & y < 3 °C µg &unknown; &"),
            ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a\tb\nc"),
            ("a<pre>b\n  c</pre> d\ne", "a\nb\n  c\nd e"),
            ("<script>x", ""),
            ("<p", ""),
        ] {
            assert_eq!(html(source), want, "{source}");
        }
    }

    #[test]
    fn rtf_becomes_text() {
        let source =
            r"{\rtf1\ansi{\fonttbl{\f0 Arial;}}{\*\generator X;}\f0\fs20 Temp 38\'b0C\par \u233?t\'e9 \{x\}\tab end}";
        assert_eq!(rtf(source), "Temp 38°C\nété {x}\tend");
        for odd in ["{\\rtf1 ", "\\", "{\\'", "}}}} a", "\\u", "{\\*", "\\u-5"] {
            let _ = rtf(odd);
        }
    }

    #[test]
    fn base64_of_every_kind() {
        for text in ["aGVsbG8=", "aGVsbG8", "aGVs\\nbG8=", "aGVs\nbG8="] {
            assert_eq!(base64(text.as_bytes()).as_deref(), Some(&b"hello"[..]), "{text}");
        }
        assert_eq!(base64(b"%%%"), None);
        assert_eq!(base64(b"Pz8_Pj4-"), base64(b"Pz8/Pj4+"));
    }

    #[test]
    fn bytes_become_letters() {
        assert_eq!(decoded(b"caf\xe9", "text/plain; charset=ISO-8859-1"), ("caf\u{e9}".to_owned(), true));
        assert_eq!(decoded(b"caf\xe9", "text/plain"), ("caf\u{e9}".to_owned(), false));
        assert_eq!(decoded(b"\xff\xfea\0b\0", ""), ("ab".to_owned(), true));
    }
}
