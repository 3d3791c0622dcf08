//! Whole JSON documents: where resources begin and end, by the marks of the text.

use super::super::json::Marker;
use super::{Buffer, MAX_RESOURCE, Piece, Placed};

/// What a file that was cut off lacks.
const CUT: &str = "the file ends within this resource: it seems to be cut";
/// So many bytes are marked at a time: what is no JSON is begun anew behind every line end.
const WINDOW: usize = 1 << 12;

/// Where the reading stands.
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
    Item(Item),
    /// A Bundle outside of its entries.
    Rest,
    /// A line that is no JSON.
    Noise,
}

/// How an item of a list ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Item {
    /// With its closing bracket.
    Brackets,
    /// With the next mark, a quotation mark.
    Text,
    /// With its last letter: it is a number, a word, or no JSON.
    Word,
}

/// The reading of a document.
#[derive(Default)]
pub(super) struct Document {
    within: Within,
    marker: Marker,
    /// Positions in the buffer of the marks that are needed still.
    marks: Vec<u32>,
    /// The next mark to look at.
    next: usize,
    /// Bytes of the buffer that are marked.
    marked: usize,
    /// Behind the last byte that was looked at.
    at: usize,
    /// Where the item begins, and its first mark.
    from: usize,
    from_mark: usize,
    depth: u32,
    /// Depth between the items of the list: 2 for a Bundle's entries, 1 for an array.
    list_depth: u32,
    /// At depth 1: a name comes next.
    name_next: bool,
    name: Name,
    type_name: Option<String>,
    /// The type, as a borrowed answer needs it to outlive the document.
    ended_type: Option<String>,
    n_items: u32,
    /// The item is too long: its text was given up.
    too_long: bool,
    /// The next mark ends a string whose beginning was given up.
    lone_end: bool,
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

/// What a mark completed.
enum Step {
    /// Nothing; go on.
    On,
    /// An item from `from` to here.
    Item,
    /// The whole document from `from` to here.
    Whole,
    /// The document; its entries came before.
    End,
    Noise,
}

/// By how much a mark changes the depth.
#[inline]
fn deeper(byte: u8) -> u32 {
    match byte {
        b'{' | b'[' => 1,
        b'}' | b']' => u32::MAX,
        _ => 0,
    }
}

impl Document {
    /// Begins at a byte of the buffer.
    pub(super) fn new(at: usize) -> Self {
        Self { at, marked: at, ..Self::default() }
    }

    fn keeps(&self) -> bool {
        matches!(self.within, Within::Whole | Within::Item(_))
    }

    /// Bytes were given up in front: positions move with them.
    fn moved(&mut self, dropped: usize) {
        self.marks.drain(..if self.keeps() { self.from_mark } else { self.next });
        self.next = if self.keeps() { self.next - self.from_mark } else { 0 };
        self.from_mark = 0;
        for mark in &mut self.marks {
            *mark = mark.saturating_sub(dropped as u32);
        }
        for at in [&mut self.at, &mut self.from, &mut self.marked] {
            *at = at.saturating_sub(dropped);
        }
    }

    pub(super) fn next<'a>(&'a mut self, buffer: &'a mut Buffer) -> Option<Placed<'a>> {
        let dropped = buffer.take_dropped();
        if dropped > 0 {
            self.moved(dropped);
        }
        if std::mem::take(&mut self.end_waits) {
            let line = buffer.line_at(self.at);
            return Some((Piece::EntriesEnd(self.ended_type.as_deref()), line));
        }
        loop {
            let step = self.step(&buffer.bytes);
            buffer.done = if self.keeps() { self.from } else { self.at };
            match step {
                None if buffer.last => return self.cut(buffer),
                None => {
                    self.give_up(buffer);
                    return None;
                }
                Some(Step::On) => {}
                Some(Step::End) => {
                    self.ended_type = self.type_name.take();
                    let line = buffer.line_at(self.at);
                    return Some((Piece::EntriesEnd(self.ended_type.as_deref()), line));
                }
                Some(Step::Noise) => {
                    let line = buffer.line_at(self.from);
                    return Some((Piece::Broken("not JSON"), line));
                }
                Some(Step::Whole) => return Some(self.piece(buffer, None)),
                Some(Step::Item) => {
                    let number = (self.list_depth == 2).then_some(self.n_items);
                    self.n_items = self.n_items.saturating_add(1);
                    return Some(self.piece(buffer, number));
                }
            }
        }
    }

    /// Gives up the text of what is too long to be kept.
    fn give_up(&mut self, buffer: &mut Buffer) {
        if buffer.bytes.len() - buffer.done <= MAX_RESOURCE {
            return;
        }
        self.too_long = self.keeps();
        // A name at depth 1 that does not end is waited for with its first mark not taken.
        self.lone_end = self.next < self.marks.len();
        self.next = self.marks.len();
        self.from_mark = self.next;
        self.from = buffer.bytes.len();
        self.at = self.from;
        buffer.done = self.from;
    }

    fn piece<'a>(&'a mut self, buffer: &'a mut Buffer, number: Option<u32>) -> Placed<'a> {
        let line = buffer.line_at(self.from);
        buffer.done = self.at;
        let text = buffer.bytes.get(self.from..self.at).unwrap_or_default();
        if std::mem::take(&mut self.too_long) || text.len() > MAX_RESOURCE {
            return (Piece::Broken("the resource is longer than 64 MB"), line);
        }
        let marks = self.marks.get(self.from_mark..self.next).unwrap_or_default();
        let marks = Marks { marks, from: self.from as u32 };
        (number.map_or(Piece::Resource(text, Some(marks)), |n| Piece::Entry(text, marks, n)), line)
    }

    /// The file is over.
    fn cut<'a>(&'a mut self, buffer: &'a mut Buffer) -> Option<Placed<'a>> {
        let within = std::mem::take(&mut self.within);
        let entries = self.list_depth == 2 && matches!(within, Within::List | Within::Item(_) | Within::Rest);
        let from = if matches!(within, Within::Whole | Within::Item(_) | Within::Noise) { self.from } else { self.at };
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

    /// The mark of this number: its place and byte; nothing when the bytes are used up.
    #[inline]
    fn mark(&mut self, i: usize, bytes: &[u8]) -> Option<(usize, u8)> {
        while i >= self.marks.len() {
            let to = bytes.len().min(self.marked + WINDOW);
            let window = bytes.get(self.marked..to).filter(|window| !window.is_empty())?;
            self.marker.mark(window, self.marked as u32, &mut self.marks);
            self.marked = to;
        }
        let at = *self.marks.get(i)? as usize;
        Some((at, *bytes.get(at)?))
    }

    /// Goes behind the mark at hand, which stands at `at`.
    #[inline]
    fn take(&mut self, at: usize) {
        self.next += 1;
        self.at = at + 1;
    }

    /// Looks on until something is complete; nothing when the bytes are used up.
    fn step(&mut self, bytes: &[u8]) -> Option<Step> {
        if self.within == Within::Noise {
            return self.noise(bytes);
        }
        if self.lone_end && self.within != Within::Item(Item::Text) {
            let (at, _) = self.mark(self.next, bytes)?;
            self.lone_end = false;
            self.take(at);
        }
        match self.within {
            Within::Item(item) => return self.item(item, bytes),
            Within::Whole | Within::Rest => return self.outside(bytes),
            Within::Nothing | Within::List | Within::Noise => {}
        }
        let Some((at, byte)) = self.mark(self.next, bytes) else {
            // Blanks are not waited with.
            self.at = bytes.len();
            return None;
        };
        match (byte, self.within) {
            (b',', _) => self.take(at),
            (b']', Within::List) => {
                self.take(at);
                self.depth -= 1;
                self.name_next = false;
                self.within = if self.depth == 0 { Within::Nothing } else { Within::Rest };
            }
            (_, Within::List) => {
                (self.from, self.from_mark) = (at, self.next);
                self.take(at);
                self.within = Within::Item(match byte {
                    b'{' | b'[' => Item::Brackets,
                    b'"' => Item::Text,
                    _ => Item::Word,
                });
                self.depth = self.depth.wrapping_add(deeper(byte));
                if byte == b'}' {
                    // One closed too many takes the list with it.
                    self.within = if self.depth == 0 { Within::Nothing } else { Within::Rest };
                    return Some(Step::Item);
                }
            }
            _ => self.begin(at, byte),
        }
        Some(Step::On)
    }

    fn begin(&mut self, at: usize, byte: u8) {
        (self.from, self.from_mark) = (at, self.next);
        self.n_items = 0;
        self.type_name = None;
        self.take(at);
        self.depth = 1;
        match byte {
            b'{' => {
                self.within = Within::Whole;
                self.list_depth = 0;
                self.name_next = true;
                self.name = Name::Other;
            }
            b'[' => {
                self.within = Within::List;
                self.list_depth = 1;
            }
            _ => {
                self.within = Within::Noise;
                self.at = at;
            }
        }
    }

    /// Up to the end of the line; what comes behind it is marked anew.
    fn noise(&mut self, bytes: &[u8]) -> Option<Step> {
        let rest = bytes.get(self.at..).unwrap_or_default();
        let end = memchr::memchr(b'\n', rest);
        self.at = end.map_or(bytes.len(), |end| self.at + end + 1);
        self.marks.clear();
        (self.next, self.from_mark) = (0, 0);
        (self.marker, self.marked) = (Marker::default(), self.at);
        end?;
        self.within = Within::Nothing;
        Some(Step::Noise)
    }

    /// Within an item of a list: on to its end.
    fn item(&mut self, item: Item, bytes: &[u8]) -> Option<Step> {
        match item {
            Item::Brackets => {
                while self.depth > self.list_depth {
                    let (at, byte) = self.mark(self.next, bytes)?;
                    self.take(at);
                    self.depth = self.depth.wrapping_add(deeper(byte));
                }
            }
            Item::Text => {
                let (at, _) = self.mark(self.next, bytes)?;
                self.lone_end = false;
                self.take(at);
            }
            Item::Word => {
                let rest = bytes.get(self.at..).unwrap_or_default();
                let is_end = |b: &u8| b"{}[]:,\" \n\r\t".contains(b);
                let Some(n) = rest.iter().position(is_end) else {
                    self.at = bytes.len();
                    // Its marks are all taken; where it was given up, there is none of it.
                    return None;
                };
                self.at += n;
            }
        }
        self.within = Within::List;
        Some(Step::Item)
    }

    /// Within a document, but not within a list of entries.
    fn outside(&mut self, bytes: &[u8]) -> Option<Step> {
        loop {
            let (at, byte) = self.mark(self.next, bytes)?;
            if self.depth > 1 {
                self.take(at);
                self.depth = self.depth.wrapping_add(deeper(byte));
                continue;
            }
            match byte {
                b'"' => {
                    let (end, _) = self.mark(self.next + 1, bytes)?;
                    if self.name_next || self.name == Name::ResourceType {
                        self.named(bytes.get(at + 1..end).unwrap_or_default());
                    }
                    self.next += 1;
                    self.take(end);
                    continue;
                }
                b',' => {
                    self.name_next = true;
                    self.name = Name::Other;
                }
                b':' => self.name_next = false,
                _ => {}
            }
            self.take(at);
            self.depth = self.depth.wrapping_add(deeper(byte));
            let bundle = self.name == Name::Entry && self.type_name.as_deref().is_none_or(|t| t == "Bundle");
            if byte == b'[' && bundle {
                self.within = Within::List;
                self.list_depth = 2;
                self.too_long = false;
                return Some(Step::On);
            }
            if self.depth == 0 {
                let whole = self.within == Within::Whole;
                self.within = Within::Nothing;
                return Some(if whole { Step::Whole } else { Step::End });
            }
        }
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

/// The marks of a piece, as positions in the bytes that it stands in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::fhir) struct Marks<'a> {
    pub(in crate::fhir) marks: &'a [u32],
    /// Where the piece begins.
    pub(in crate::fhir) from: u32,
}
