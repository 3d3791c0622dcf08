//! The values of a JSON text, found in one pass over its marks.

use super::marks::Marker;
use super::{BadJson, MAX_DEPTH, bad};

/// A value, or the name of a member, in the order of the text. The members and items of a value follow it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Node {
    /// The bytes of it, quotation marks and brackets with it.
    pub(super) start: u32,
    pub(super) end: u32,
    /// The node behind it and all that is within it.
    pub(super) next: u32,
}

/// Room for the nodes of one text after the other.
#[derive(Debug, Default)]
pub(in crate::fhir) struct Tape {
    marks: Vec<u32>,
    nodes: Vec<Node>,
}

impl Tape {
    /// The nodes of a text: exactly one value, with white space around it.
    ///
    /// # Errors
    /// The first place where the text is no JSON.
    pub(super) fn read(&mut self, text: &[u8]) -> Result<&[Node], BadJson> {
        if u32::try_from(text.len()).is_err() {
            return bad(0, "longer than 4 GB");
        }
        self.marks.clear();
        Marker::default().mark(text, 0, &mut self.marks);
        nodes(text, &self.marks, 0, &mut self.nodes)?;
        Ok(&self.nodes)
    }

    /// The same with the marks known: positions in a longer text in which this one begins at `from`.
    pub(super) fn read_marked(&mut self, text: &[u8], marks: &[u32], from: u32) -> Result<&[Node], BadJson> {
        nodes(text, marks, from, &mut self.nodes)?;
        Ok(&self.nodes)
    }
}

/// What the pass is at.
struct Pass<'a> {
    text: &'a [u8],
    marks: &'a [u32],
    from: u32,
    /// The mark at hand.
    i: usize,
    nodes: &'a mut Vec<Node>,
}

fn nodes(text: &[u8], marks: &[u32], from: u32, nodes: &mut Vec<Node>) -> Result<(), BadJson> {
    nodes.clear();
    // Most texts have a node for every three marks.
    nodes.reserve(marks.len() / 3);
    let mut pass = Pass { text, marks, from, i: 0, nodes };
    pass.value()?;
    match pass.at() {
        Some((at, _)) => bad(at, "something stands behind the value"),
        None => Ok(()),
    }
}

impl Pass<'_> {
    /// Place and byte of the mark at hand.
    #[inline]
    fn at(&self) -> Option<(usize, u8)> {
        let at = self.marks.get(self.i)?.wrapping_sub(self.from) as usize;
        Some((at, *self.text.get(at)?))
    }

    #[inline]
    fn push(&mut self, start: usize, end: usize) {
        let next = self.nodes.len() as u32 + 1;
        self.nodes.push(Node { start: start as u32, end: end as u32, next });
    }

    /// A string whose opening quotation mark is at hand.
    #[inline]
    fn string(&mut self, start: usize) -> Result<(), BadJson> {
        self.i += 1;
        let Some((end, _)) = self.at() else { return bad(self.text.len(), "the text ends within a string") };
        self.push(start, end + 1);
        self.i += 1;
        Ok(())
    }

    /// The name of a member and its colon.
    #[inline]
    fn name(&mut self) -> Result<(), BadJson> {
        match self.at() {
            Some((start, b'"')) => self.string(start)?,
            Some((at, _)) => return bad(at, "a member's name is missing"),
            None => return bad(self.text.len(), "a member's name is missing"),
        }
        match self.at() {
            Some((_, b':')) => {
                self.i += 1;
                Ok(())
            }
            at => bad(at.map_or(self.text.len(), |(at, _)| at), "a colon is missing"),
        }
    }

    /// One value. Without recursion: nothing nested can exhaust the stack.
    fn value(&mut self) -> Result<(), BadJson> {
        // The nodes of what is open.
        let mut open = [0u32; MAX_DEPTH];
        let mut depth = 0usize;
        loop {
            match self.at() {
                Some((start, b'"')) => self.string(start)?,
                Some((start, byte @ (b'{' | b'['))) => {
                    let Some(level) = open.get_mut(depth) else {
                        return bad(start, "more than 256 objects or arrays stand within one another");
                    };
                    *level = self.nodes.len() as u32;
                    depth += 1;
                    self.push(start, start);
                    self.i += 1;
                    if self.at().is_none_or(|(_, close)| close != byte + 2) {
                        if byte == b'{' {
                            self.name()?;
                        }
                        continue;
                    }
                }
                Some((at, b'}' | b']' | b':' | b',')) => return bad(at, "a value is missing"),
                Some((start, _)) => {
                    let end = word_end(self.text, start)?;
                    self.push(start, end);
                    self.i += 1;
                }
                None => return bad(self.text.len(), "the text ends where a value is expected"),
            }
            // Behind a value: what is closed here, and whether another one comes.
            loop {
                let Some(&of) = depth.checked_sub(1).and_then(|level| open.get(level)) else { return Ok(()) };
                let Some(node) = self.nodes.get(of as usize) else { return Ok(()) };
                let object = self.text.get(node.start as usize) == Some(&b'{');
                match (self.at(), object) {
                    (Some((_, b',')), true) => {
                        self.i += 1;
                        self.name()?;
                        break;
                    }
                    (Some((_, b',')), false) => {
                        self.i += 1;
                        break;
                    }
                    (Some((at, b'}')), true) | (Some((at, b']')), false) => {
                        let next = self.nodes.len() as u32;
                        if let Some(node) = self.nodes.get_mut(of as usize) {
                            node.end = at as u32 + 1;
                            node.next = next;
                        }
                        depth -= 1;
                        self.i += 1;
                    }
                    (None, _) => return bad(self.text.len(), "the text ends within an object or an array"),
                    (Some((at, _)), true) => return bad(at, "a comma or a closing brace is missing"),
                    (Some((at, _)), false) => return bad(at, "a comma or a closing bracket is missing"),
                }
            }
        }
    }
}

/// Behind the number or word that begins at `start`.
fn word_end(text: &[u8], start: usize) -> Result<usize, BadJson> {
    let rest = text.get(start..).unwrap_or_default();
    let is_end = |b: &u8| matches!(b, b',' | b'}' | b']' | b' ' | b'\n' | b'\r' | b'\t' | b'"' | b':' | b'{' | b'[');
    let word = rest.get(..rest.iter().position(is_end).unwrap_or(rest.len())).unwrap_or_default();
    let fine = match word {
        b"true" | b"false" | b"null" => true,
        [b'0'..=b'9', ..] | [b'-', b'0'..=b'9', ..] => is_number(word),
        _ => false,
    };
    if fine { Ok(start + word.len()) } else { bad(start, "not a value: a text needs quotation marks") }
}

/// Whether a word is a number: a sign, digits, decimals, an exponent. Zeros in front and a point without decimals are let through.
fn is_number(word: &[u8]) -> bool {
    let digits = |w: &[u8]| w.iter().position(|b| !b.is_ascii_digit()).unwrap_or(w.len());
    let mut rest = word.strip_prefix(b"-").unwrap_or(word);
    rest = rest.get(digits(rest)..).unwrap_or_default();
    if let [b'.', decimals @ ..] = rest {
        rest = decimals.get(digits(decimals)..).unwrap_or_default();
    }
    match rest {
        [] => true,
        [b'e' | b'E', b'+' | b'-', power @ ..] | [b'e' | b'E', power @ ..] => {
            !power.is_empty() && digits(power) == power.len()
        }
        _ => false,
    }
}
