//! Thrift's compact protocol, as far as Parquet's headers need it: fields by number, everything else skipped.
//!
//! Source: Apache Thrift, `thrift-compact-protocol.md`. Lengths are checked against the bytes that are there, and structures
//! may stand within one another [`MAX_DEPTH`] deep.

/// Structures within one another, at most: Parquet's own are six deep.
const MAX_DEPTH: u8 = 16;

/// The types of fields.
pub(super) const TRUE: u8 = 1;
const FALSE: u8 = 2;
const BYTE: u8 = 3;
const I16: u8 = 4;
const I32: u8 = 5;
const I64: u8 = 6;
const DOUBLE: u8 = 7;
const BINARY: u8 = 8;
const LIST: u8 = 9;
const SET: u8 = 10;
const MAP: u8 = 11;
pub(super) const STRUCT: u8 = 12;
const UUID: u8 = 13;

/// What is wrong, in words that follow the name of the file.
pub(super) type Wrong = String;

fn cut<T>() -> Result<T, Wrong> {
    Err("its description ends too early or is damaged".to_owned())
}

/// Reads values from bytes.
pub(super) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    depth: u8,
}

/// A field of a structure.
#[derive(Clone, Copy)]
pub(super) struct Field {
    pub(super) id: i16,
    pub(super) kind: u8,
}

impl<'a> Reader<'a> {
    pub(super) fn new(bytes: &'a [u8]) -> Self {
        Self { bytes, at: 0, depth: 0 }
    }

    /// Bytes read so far.
    pub(super) fn position(&self) -> usize {
        self.at
    }

    fn byte(&mut self) -> Result<u8, Wrong> {
        let Some(&b) = self.bytes.get(self.at) else { return cut() };
        self.at += 1;
        Ok(b)
    }

    fn varint(&mut self) -> Result<u64, Wrong> {
        let mut value = 0u64;
        for shift in (0..64).step_by(7) {
            let b = self.byte()?;
            value |= u64::from(b & 0x7f) << shift;
            if b & 0x80 == 0 {
                return Ok(value);
            }
        }
        cut()
    }

    /// A whole number of a field of such a type.
    pub(super) fn int(&mut self, field: Field) -> Result<i64, Wrong> {
        match field.kind {
            BYTE => Ok(i64::from(self.byte()?.cast_signed())),
            I16 | I32 | I64 => self.zigzag(),
            _ => cut(),
        }
    }

    fn zigzag(&mut self) -> Result<i64, Wrong> {
        let value = self.varint()?;
        Ok((value >> 1).cast_signed() ^ -(value & 1).cast_signed())
    }

    /// The bytes of a field.
    pub(super) fn binary(&mut self, field: Field) -> Result<&'a [u8], Wrong> {
        if field.kind == BINARY { self.take_binary() } else { cut() }
    }

    fn take_binary(&mut self) -> Result<&'a [u8], Wrong> {
        let n = self.varint()?;
        let end = usize::try_from(n).ok().and_then(|n| self.at.checked_add(n));
        let Some(taken) = end.and_then(|end| self.bytes.get(self.at..end)) else { return cut() };
        self.at += taken.len();
        Ok(taken)
    }

    /// The number and the type of a list's elements; there are as many bytes at least.
    fn list(&mut self, field: Field) -> Result<(usize, u8), Wrong> {
        if !matches!(field.kind, LIST | SET) {
            return cut();
        }
        let head = self.byte()?;
        let n = if head >> 4 == 15 { self.varint()? } else { u64::from(head >> 4) };
        match usize::try_from(n) {
            Ok(n) if n <= self.bytes.len() - self.at => Ok((n, head & 15)),
            _ => cut(),
        }
    }

    /// Hands every structure of a list to `take`.
    pub(super) fn structs(
        &mut self,
        field: Field,
        mut take: impl FnMut(&mut Self) -> Result<(), Wrong>,
    ) -> Result<(), Wrong> {
        let (n, kind) = self.list(field)?;
        if kind != STRUCT {
            return cut();
        }
        (0..n).try_for_each(|_| take(self))
    }

    /// Hands every field of a structure to `take`, which gives `false` for what it does not read.
    pub(super) fn fields(
        &mut self,
        mut take: impl FnMut(&mut Self, Field) -> Result<bool, Wrong>,
    ) -> Result<(), Wrong> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            return cut();
        }
        let mut id = 0i16;
        loop {
            let head = self.byte()?;
            if head == 0 {
                self.depth -= 1;
                return Ok(());
            }
            let step = i16::from(head >> 4);
            let next = if step == 0 { i16::try_from(self.zigzag()?).ok() } else { id.checked_add(step) };
            let Some(next) = next else { return cut() };
            id = next;
            let field = Field { id, kind: head & 15 };
            if !take(self, field)? {
                self.skip(field.kind)?;
            }
        }
    }

    fn skip(&mut self, kind: u8) -> Result<(), Wrong> {
        match kind {
            TRUE | FALSE => Ok(()),
            BYTE => self.byte().map(|_| ()),
            I16 | I32 | I64 => self.varint().map(|_| ()),
            DOUBLE => self.skip_bytes(8),
            UUID => self.skip_bytes(16),
            BINARY => self.take_binary().map(|_| ()),
            LIST | SET => {
                let (n, inner) = self.list(Field { id: 0, kind })?;
                (0..n).try_for_each(|_| self.skip_element(inner))
            }
            MAP => {
                let n = self.varint()?;
                if n == 0 {
                    return Ok(());
                }
                let kinds = self.byte()?;
                if usize::try_from(n).is_ok_and(|n| n <= self.bytes.len() - self.at) {
                    (0..n).try_for_each(|_| {
                        self.skip_element(kinds >> 4)?;
                        self.skip_element(kinds & 15)
                    })
                } else {
                    cut()
                }
            }
            STRUCT => self.fields(|_, _| Ok(false)),
            _ => cut(),
        }
    }

    /// Truth values take a byte in lists and none as fields. Lists within lists are of no use in Parquet.
    fn skip_element(&mut self, kind: u8) -> Result<(), Wrong> {
        match kind {
            TRUE | FALSE => self.skip_bytes(1),
            LIST | SET | MAP => cut(),
            _ => self.skip(kind),
        }
    }

    fn skip_bytes(&mut self, n: usize) -> Result<(), Wrong> {
        if self.bytes.len() - self.at < n {
            return cut();
        }
        self.at += n;
        Ok(())
    }
}
