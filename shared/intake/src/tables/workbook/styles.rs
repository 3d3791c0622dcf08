//! Which cells hold dates: by the number format of their style.

use std::io::Cursor;

use quick_xml::events::Event;
use rustc_hash::FxHashMap;
use zip::ZipArchive;

use super::part::{Budget, attribute, reader};
use super::{Fault, damaged};

/// What a number under a format is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Format {
    #[default]
    Number,
    /// A day, or a day and a time.
    Date,
    /// A time of the day or a length of time.
    Time,
}

/// Formats by style number.
pub(super) struct Styles(Vec<Format>);

impl Styles {
    pub(super) fn read(archive: &mut ZipArchive<Cursor<Vec<u8>>>, budget: &mut Budget) -> Result<Self, Fault> {
        const PART: &str = "xl/styles.xml";
        let (mut own, mut styles) = (FxHashMap::default(), Vec::new());
        if archive.index_for_name(PART).is_none() {
            return Ok(Self(styles));
        }
        let mut xml = reader(archive, PART, budget)?;
        let (mut buffer, mut in_cells) = (Vec::new(), false);
        loop {
            match xml.read_event_into(&mut buffer).map_err(|e| damaged(&e.to_string()))? {
                Event::Eof => return Ok(Self(styles)),
                Event::End(e) if e.local_name().into_inner() == "cellXfs" => in_cells = false,
                Event::Start(e) | Event::Empty(e) => match e.local_name().into_inner() {
                    "numFmt" => {
                        let id = attribute(&e, "numFmtId").and_then(|id| id.parse::<u32>().ok());
                        let code = attribute(&e, "formatCode").unwrap_or_default();
                        own.extend(id.map(|id| (id, of_code(&code))));
                    }
                    "cellXfs" => in_cells = true,
                    "xf" if in_cells => {
                        let id = attribute(&e, "numFmtId").and_then(|id| id.parse().ok()).unwrap_or(0);
                        styles.push(own.get(&id).copied().unwrap_or_else(|| built_in(id)));
                    }
                    _ => {}
                },
                _ => {}
            }
            buffer.clear();
        }
    }

    /// The format of a style.
    pub(super) fn get(&self, style: usize) -> Format {
        self.0.get(style).copied().unwrap_or_default()
    }
}

/// Formats that files do not spell out (ECMA-376 part 1, 18.8.30; 27 to 36 and 50 to 58 are dates in East Asian Excel).
fn built_in(id: u32) -> Format {
    match id {
        14..=17 | 22 | 27..=31 | 34..=36 | 50..=58 => Format::Date,
        18..=21 | 32 | 33 | 45..=47 => Format::Time,
        _ => Format::Number,
    }
}

/// What a format code makes of a number: letters of dates outside of quotation marks, brackets and escapes.
fn of_code(code: &str) -> Format {
    let first = code.split(';').next().unwrap_or_default();
    let (mut letters, mut chars) = (String::new(), first.chars());
    let mut elapsed = false;
    while let Some(c) = chars.next() {
        match c {
            '"' => drop(chars.by_ref().find(|c| *c == '"')),
            '\\' | '_' | '*' => drop(chars.next()),
            '[' => {
                let inside: String = chars.by_ref().take_while(|c| *c != ']').collect();
                elapsed |=
                    !inside.is_empty() && inside.chars().all(|c| matches!(c.to_ascii_lowercase(), 'h' | 'm' | 's'));
            }
            _ => letters.push(c.to_ascii_lowercase()),
        }
    }
    let general = letters.replace("general", "");
    let has = |wanted: &[char]| general.contains(wanted);
    if has(&['d', 'y', 'e']) && !general.contains("e+") && !general.contains("e-") || general.contains("mmm") {
        Format::Date
    } else if elapsed || has(&['h', 's']) {
        Format::Time
    } else if has(&['m']) {
        Format::Date
    } else {
        Format::Number
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_of_dates_are_told_from_codes_of_numbers() {
        for (code, want) in [
            ("yyyy\\-mm\\-dd", Format::Date),
            ("[$-409]d\\-mmm\\-yy;@", Format::Date),
            ("dd/mm/yyyy hh:mm", Format::Date),
            ("mmm", Format::Date),
            ("h:mm:ss", Format::Time),
            ("[h]:mm", Format::Time),
            ("General", Format::Number),
            ("0.00E+00", Format::Number),
            ("0.0\" mmol/l day\"", Format::Number),
            ("#,##0.00 [$€-407]", Format::Number),
            ("[Red]0.0", Format::Number),
            ("0%", Format::Number),
        ] {
            assert_eq!(of_code(code), want, "{code}");
        }
    }
}
