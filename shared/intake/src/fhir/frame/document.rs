//! Whole JSON documents, scanned byte by byte for where resources begin and end.

use super::super::json::{quote_or_backslash, space};
use super::{Buffer, MAX_RESOURCE, Piece, Placed};

/// What a file that was cut off lacks.
const CUT: &str = "the file ends within this resource: it seems to be cut";

/// Where the scan stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Within {
    /// Between documents.
    #[default]
    Nothing,
    /// A document that may turn out to be a Bundle; its text is kept.
    Whole,
    /// A list of resources or entries, between two of them.
    List,
    /// One of the list; its text is kept.
    Item,
    /// A Bundle outside of its entries.
    Rest,
    /// A line that is no JSON.
    Noise,
}

/// The scan of a document.
#[derive(Default)]
pub(super) struct Document {
    within: Within,
    /// Next byte to look at, in the buffer.
    at: usize,
    /// Where the item begins.
    from: usize,
    depth: u32,
    /// Depth between the items of the list: 2 for a Bundle's entries, 1 for an array.
    list_depth: u32,
    in_string: bool,
    /// Where the string at hand begins, if it is a name or the type of the document.
    string_from: Option<usize>,
    /// At depth 1: a name comes next.
    name_next: bool,
    name: Name,
    type_name: Option<String>,
    /// The type, as a borrowed answer needs it to outlive the document.
    ended_type: Option<String>,
    n_items: u32,
    /// The item is too long: its text was given up.
    too_long: bool,
    /// An answer that waits: the end of the entries.
    end_waits: bool,
}

/// The last name at depth 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Name {
    #[default]
    Other,
    Entry,
    ResourceType,
}

/// What a byte completed.
enum Step {
    /// Nothing; go on.
    On,
    /// An item from `from` to here.
    Item(usize),
    /// The whole document from `from` to here.
    Whole(usize),
    /// The document; its entries came before.
    End,
    Noise(usize),
}

impl Document {
    /// Begins at a byte of the buffer.
    pub(super) fn new(at: usize) -> Self {
        Self { at, ..Self::default() }
    }

    pub(super) fn next<'a>(&'a mut self, buffer: &'a mut Buffer) -> Option<Placed<'a>> {
        // Bytes given up by the buffer since the last call: positions move with them.
        let dropped = buffer.take_dropped();
        self.at = self.at.saturating_sub(dropped);
        self.from = self.from.saturating_sub(dropped);
        self.string_from = self.string_from.map(|s| s.saturating_sub(dropped));
        if std::mem::take(&mut self.end_waits) {
            let line = buffer.line_at(self.at);
            return Some((Piece::EntriesEnd(self.ended_type.as_deref()), line));
        }
        loop {
            let step = self.step(&buffer.bytes);
            let keep = if matches!(self.within, Within::Whole | Within::Item) { self.from } else { self.at };
            buffer.done = self.string_from.unwrap_or(keep).min(keep);
            match step {
                None if buffer.last => return self.cut(buffer),
                None => {
                    if self.at - buffer.done > MAX_RESOURCE {
                        self.too_long = true;
                        self.from = self.at;
                        self.string_from = None;
                        buffer.done = self.at;
                    }
                    return None;
                }
                Some(Step::On) => {}
                Some(Step::End) => {
                    self.ended_type = self.type_name.take();
                    let line = buffer.line_at(self.at);
                    return Some((Piece::EntriesEnd(self.ended_type.as_deref()), line));
                }
                Some(Step::Noise(from)) => {
                    let line = buffer.line_at(from);
                    return Some((Piece::Broken("not JSON"), line));
                }
                Some(Step::Whole(from)) => return Some(self.piece(buffer, from, None)),
                Some(Step::Item(from)) => {
                    let number = (self.list_depth == 2).then_some(self.n_items);
                    self.n_items = self.n_items.saturating_add(1);
                    return Some(self.piece(buffer, from, number));
                }
            }
        }
    }

    fn piece<'a>(&mut self, buffer: &'a mut Buffer, from: usize, number: Option<u32>) -> Placed<'a> {
        let line = buffer.line_at(from);
        buffer.done = self.at;
        let text = buffer.bytes.get(from..self.at).unwrap_or_default();
        if std::mem::take(&mut self.too_long) || text.len() > MAX_RESOURCE {
            return (Piece::Broken("the resource is longer than 64 MB"), line);
        }
        (number.map_or(Piece::Resource(text), |n| Piece::Entry(text, n)), line)
    }

    /// The file is over.
    fn cut<'a>(&'a mut self, buffer: &'a mut Buffer) -> Option<Placed<'a>> {
        let within = std::mem::take(&mut self.within);
        let entries = self.list_depth == 2 && matches!(within, Within::List | Within::Item | Within::Rest);
        let from = if matches!(within, Within::Whole | Within::Item | Within::Noise) { self.from } else { self.at };
        let line = buffer.line_at(from);
        self.end_waits = entries;
        self.ended_type = self.type_name.take();
        buffer.done = buffer.bytes.len();
        match within {
            Within::Nothing => None,
            Within::Noise => Some((Piece::Broken("not JSON"), line)),
            _ => Some((Piece::Broken(CUT), line)),
        }
    }

    /// Looks on until something is complete; nothing when the bytes are used up.
    fn step(&mut self, bytes: &[u8]) -> Option<Step> {
        if self.in_string {
            return self.string(bytes);
        }
        let byte = *bytes.get(self.at)?;
        match self.within {
            Within::Nothing | Within::List if matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | b',') => self.at += 1,
            Within::Nothing => return Some(self.begin(byte)),
            Within::Noise => return self.noise(bytes),
            Within::List if byte == b']' => {
                self.at += 1;
                self.depth -= 1;
                self.name_next = false;
                self.within = if self.depth == 0 { Within::Nothing } else { Within::Rest };
            }
            Within::List => {
                self.within = Within::Item;
                self.from = self.at;
            }
            Within::Item
                if self.depth == self.list_depth && self.at > self.from && !matches!(byte, b'{' | b'[' | b'"') =>
            {
                // A number or a word: over at the next sign.
                if matches!(byte, b',' | b']' | b'}' | b' ' | b'\t' | b'\n' | b'\r') {
                    self.within = Within::List;
                    return Some(Step::Item(self.from));
                }
                self.at += 1;
            }
            Within::Whole | Within::Item | Within::Rest => return self.inside(bytes),
        }
        Some(Step::On)
    }

    fn begin(&mut self, byte: u8) -> Step {
        self.from = self.at;
        self.n_items = 0;
        self.type_name = None;
        match byte {
            b'{' => {
                self.within = Within::Whole;
                self.depth = 1;
                self.list_depth = 0;
                self.name_next = true;
                self.name = Name::Other;
                self.at += 1;
            }
            b'[' => {
                self.within = Within::List;
                self.depth = 1;
                self.list_depth = 1;
                self.at += 1;
            }
            _ => self.within = Within::Noise,
        }
        Step::On
    }

    fn noise(&mut self, bytes: &[u8]) -> Option<Step> {
        let rest = bytes.get(self.at..).unwrap_or_default();
        let Some(end) = memchr::memchr(b'\n', rest) else {
            self.at = bytes.len();
            return None;
        };
        let from = self.from;
        self.at += end + 1;
        self.within = Within::Nothing;
        Some(Step::Noise(from))
    }

    /// Within an object or an array: runs over what is of no interest without leaving the loop.
    fn inside(&mut self, bytes: &[u8]) -> Option<Step> {
        loop {
            let byte = *bytes.get(self.at)?;
            self.at += 1;
            match byte {
                b'"' => {
                    self.in_string = true;
                    let of_interest =
                        self.depth == 1 && self.list_depth != 1 && (self.name_next || self.name == Name::ResourceType);
                    self.string_from = of_interest.then_some(self.at);
                    if of_interest || self.depth == self.list_depth {
                        return Some(Step::On);
                    }
                    self.string_end(bytes)?;
                }
                b' ' | b'\n' => self.at = space(bytes, self.at),
                b'{' | b'[' => {
                    let entries = byte == b'['
                        && self.depth == 1
                        && self.name == Name::Entry
                        && matches!(self.within, Within::Whole | Within::Rest)
                        && self.type_name.as_deref().is_none_or(|t| t == "Bundle");
                    self.depth += 1;
                    if entries {
                        self.within = Within::List;
                        self.list_depth = 2;
                        self.too_long = false;
                        return Some(Step::On);
                    }
                }
                b'}' | b']' => {
                    self.depth = self.depth.saturating_sub(1);
                    if let Some(step) = self.closed() {
                        return Some(step);
                    }
                }
                b',' if self.depth == 1 => {
                    self.name_next = true;
                    self.name = Name::Other;
                }
                b':' if self.depth == 1 => self.name_next = false,
                _ => {}
            }
            if self.within == Within::Item && self.depth == self.list_depth {
                return Some(Step::On);
            }
        }
    }

    /// A bracket was closed: whether something ends with it.
    fn closed(&mut self) -> Option<Step> {
        match self.within {
            Within::Item if self.depth <= self.list_depth => {
                // One closed too many takes the list with it.
                self.within = if self.depth == self.list_depth { Within::List } else { Within::Rest };
                if self.depth == 0 {
                    self.within = Within::Nothing;
                }
                Some(Step::Item(self.from))
            }
            Within::Whole if self.depth == 0 => {
                self.within = Within::Nothing;
                Some(Step::Whole(self.from))
            }
            Within::Rest if self.depth == 0 => {
                self.within = Within::Nothing;
                Some(Step::End)
            }
            _ => None,
        }
    }

    /// Goes behind the end of the string at hand, or as far as there are bytes.
    fn string_end(&mut self, bytes: &[u8]) -> Option<()> {
        loop {
            let Some(i) = quote_or_backslash(bytes, self.at) else {
                self.at = bytes.len();
                return None;
            };
            if bytes.get(i) == Some(&b'"') {
                self.at = i + 1;
                self.in_string = false;
                return Some(());
            }
            if bytes.len() < i + 2 {
                // The letter behind the backslash has not come yet.
                self.at = i;
                return None;
            }
            self.at = i + 2;
        }
    }

    fn string(&mut self, bytes: &[u8]) -> Option<Step> {
        self.string_end(bytes)?;
        if let Some(from) = self.string_from.take() {
            self.named(bytes.get(from..self.at - 1).unwrap_or_default());
        }
        if self.within == Within::Item && self.depth == self.list_depth {
            self.within = Within::List;
            return Some(Step::Item(self.from));
        }
        Some(Step::On)
    }

    fn named(&mut self, text: &[u8]) {
        if self.name_next {
            self.name = match text {
                b"entry" => Name::Entry,
                b"resourceType" => Name::ResourceType,
                _ => Name::Other,
            };
        } else if self.type_name.is_none() {
            self.type_name = Some(String::from_utf8_lossy(text.get(..64).unwrap_or(text)).into_owned());
        }
    }
}
