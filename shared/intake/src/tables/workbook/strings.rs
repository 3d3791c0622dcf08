//! The strings that the cells of all sheets share.

use std::io::Cursor;

use quick_xml::events::Event;
use zip::ZipArchive;

use super::part::{Budget, reader};
use super::{Fault, damaged};

/// Reads them; none where the part is not there.
pub(super) fn read(archive: &mut ZipArchive<Cursor<Vec<u8>>>, budget: &mut Budget) -> Result<Vec<Box<str>>, Fault> {
    const PART: &str = "xl/sharedStrings.xml";
    let mut out = Vec::new();
    if archive.index_for_name(PART).is_none() {
        return Ok(out);
    }
    let mut xml = reader(archive, PART, budget)?;
    let (mut buffer, mut text) = (Vec::new(), Text::default());
    loop {
        let event = xml.read_event_into(&mut buffer).map_err(|e| damaged(&e.to_string()))?;
        match &event {
            Event::Eof => return Ok(out),
            Event::End(e) if e.local_name().into_inner() == "si" => out.push(text.take().into()),
            Event::Empty(e) if e.local_name().into_inner() == "si" => out.push("".into()),
            other => text.event(other),
        }
        buffer.clear();
    }
}

/// Gathers the text of `<t>` elements, as rich text has several; phonetic hints (`<rPh>`) are left out.
#[derive(Default)]
pub(super) struct Text {
    text: String,
    in_text: bool,
    in_hint: bool,
}

impl Text {
    pub(super) fn event(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(e) => match e.local_name().into_inner() {
                "t" => self.in_text = true,
                "rPh" => self.in_hint = true,
                _ => {}
            },
            Event::End(e) => match e.local_name().into_inner() {
                "t" => self.in_text = false,
                "rPh" => self.in_hint = false,
                _ => {}
            },
            _ if self.in_text && !self.in_hint => content(event, &mut self.text),
            _ => {}
        }
    }

    /// The text so far; the next begins.
    pub(super) fn take(&mut self) -> String {
        let text = std::mem::take(&mut self.text);
        if text.contains("_x") { unescaped(&text) } else { text }
    }
}

/// Adds the characters of an event to a text.
pub(super) fn content(event: &Event<'_>, text: &mut String) {
    match event {
        Event::Text(t) => text.push_str(t),
        Event::CData(t) => text.push_str(t),
        Event::GeneralRef(r) => match r.resolve_char_ref() {
            Ok(Some(c)) => text.push(c),
            _ => text.push_str(match &**r {
                "amp" => "&",
                "lt" => "<",
                "gt" => ">",
                "quot" => "\"",
                "apos" => "'",
                // Others are declared by nobody in a workbook, and none is expanded here.
                _ => "\u{fffd}",
            }),
        },
        _ => {}
    }
}

/// `_x000D_`: characters that XML cannot hold, as Excel writes them.
fn unescaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("_x") {
        let code = rest.get(at + 2..at + 6).filter(|_| rest.get(at + 6..at + 7) == Some("_"));
        let c = code.and_then(|hex| u32::from_str_radix(hex, 16).ok()).and_then(char::from_u32);
        let (before, behind) = if c.is_some() { (at, at + 7) } else { (at + 2, at + 2) };
        out.push_str(rest.get(..before).unwrap_or_default());
        out.extend(c);
        rest = rest.get(behind..).unwrap_or_default();
    }
    out.push_str(rest);
    out
}
