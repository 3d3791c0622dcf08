//! Zip (PKWARE's APPNOTE), front to back by its local headers: stored and deflated entries, zip64, data descriptors.

use flate2::Crc;

use super::inflate::Inflate;
use super::{Context, Fault, Layer, bad_name, fault, inside, is_litter};

const LOCAL: &[u8] = b"PK\x03\x04";
const DESCRIPTOR: &[u8] = b"PK\x07\x08";
const HEADER: usize = 30;

/// A zip file as it streams by.
pub(super) struct Zip {
    name: String,
    step: Step,
    /// Bytes of a header that have come.
    waiting: Vec<u8>,
    entry: Entry,
    inner: Option<Layer>,
    crc: Crc,
    n_in: u64,
    n_out: u64,
}

/// What a local header says.
#[derive(Default)]
struct Entry {
    name: String,
    crc: u32,
    packed: u64,
    /// Lengths and checksum come behind the data.
    described: bool,
    zip64: bool,
}

enum Step {
    Header,
    Stored(u64),
    Skip(u64),
    Deflated(Box<Inflate>),
    Descriptor,
    /// The central directory: all files came.
    Over,
}

fn u16_at(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..at + 2).and_then(|b| b.try_into().ok()).map_or(0, u16::from_le_bytes)
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes)
}

fn u64_at(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..at + 8).and_then(|b| b.try_into().ok()).map(u64::from_le_bytes)
}

impl Zip {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            step: Step::Header,
            waiting: Vec::new(),
            entry: Entry::default(),
            inner: None,
            crc: Crc::new(),
            n_in: 0,
            n_out: 0,
        }
    }

    pub(super) fn inner(&mut self) -> Option<&mut Layer> {
        self.inner.as_mut()
    }

    pub(super) fn push(&mut self, mut bytes: &[u8], context: &mut Context<'_>) -> Result<(), Fault> {
        while !bytes.is_empty() {
            let n = match &mut self.step {
                Step::Header => self.header(bytes, context)?,
                Step::Skip(left) => {
                    let n = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                    *left -= n as u64;
                    if *left == 0 {
                        self.after_data(context)?;
                    }
                    n
                }
                Step::Stored(left) => {
                    let n = usize::try_from(*left).unwrap_or(usize::MAX).min(bytes.len());
                    *left -= n as u64;
                    let over = *left == 0;
                    let piece = bytes.get(..n).unwrap_or_default();
                    self.crc.update(piece);
                    self.n_in += n as u64;
                    self.n_out += n as u64;
                    if let Some(inner) = &mut self.inner {
                        inner.feed(&self.entry.name, piece, &mut context.deeper())?;
                    }
                    if over {
                        self.after_data(context)?;
                    }
                    n
                }
                Step::Deflated(_) => self.deflated(bytes, context)?,
                Step::Descriptor => self.descriptor(bytes, context)?,
                Step::Over => return Ok(()),
            };
            bytes = bytes.get(n..).unwrap_or_default();
        }
        Ok(())
    }

    fn deflated(&mut self, bytes: &[u8], context: &mut Context<'_>) -> Result<usize, Fault> {
        let Step::Deflated(inflate) = &mut self.step else { return Ok(0) };
        // Where the length is known nothing behind it belongs to the entry.
        let left = if self.entry.described { u64::MAX } else { self.entry.packed - self.n_in };
        let piece = bytes.get(..usize::try_from(left).unwrap_or(usize::MAX)).unwrap_or(bytes);
        let (crc, inner, n_out, name) = (&mut self.crc, &mut self.inner, &mut self.n_out, &self.entry.name);
        let (n, over) = inflate.push(piece, |out| {
            crc.update(out);
            *n_out += out.len() as u64;
            context.budget.spend(out.len())?;
            match inner {
                Some(inner) => inner.feed(name, out, &mut context.deeper()),
                None => Ok(()),
            }
        })?;
        self.n_in += n as u64;
        let exhausted = !self.entry.described && self.n_in == self.entry.packed;
        if over && (self.entry.described || exhausted) {
            self.after_data(context)?;
        } else if over || exhausted {
            return fault(format!("the length of {} does not fit its data: it is damaged", self.entry.name));
        }
        Ok(n)
    }

    /// Collects a local header and its name; gives how many bytes were used.
    fn header(&mut self, bytes: &[u8], context: &mut Context<'_>) -> Result<usize, Fault> {
        let need = if self.waiting.len() < 4 {
            4
        } else if self.waiting.len() < HEADER {
            HEADER
        } else {
            HEADER + usize::from(u16_at(&self.waiting, 26)) + usize::from(u16_at(&self.waiting, 28))
        };
        let n = need.saturating_sub(self.waiting.len()).min(bytes.len());
        self.waiting.extend_from_slice(bytes.get(..n).unwrap_or_default());
        if self.waiting.len() == 4 && need == 4 && self.waiting != LOCAL {
            if self.waiting.starts_with(b"PK") {
                self.step = Step::Over;
                return Ok(n);
            }
            return fault("what stands behind an entry is no zip: it is damaged; copy or download it again");
        }
        let name_length = usize::from(u16_at(&self.waiting, 26));
        let whole = HEADER + name_length + usize::from(u16_at(&self.waiting, 28));
        if self.waiting.len() < HEADER || self.waiting.len() < whole {
            return Ok(n);
        }
        let header = std::mem::take(&mut self.waiting);
        self.begin_entry(&header, name_length, context)?;
        Ok(n)
    }

    fn begin_entry(&mut self, header: &[u8], name_length: usize, context: &mut Context<'_>) -> Result<(), Fault> {
        let (flags, method) = (u16_at(header, 6), u16_at(header, 8));
        let name = String::from_utf8_lossy(header.get(HEADER..HEADER + name_length).unwrap_or_default()).into_owned();
        let mut packed = u64::from(u32_at(header, 18));
        let extra = zip64_extra(header.get(HEADER + name_length..).unwrap_or_default());
        if let Some(extra) = extra.filter(|_| packed == u64::from(u32::MAX)) {
            // The unpacked length comes first, if that one does not fit either.
            let at = if u32_at(header, 22) == u32::MAX { 8 } else { 0 };
            packed = u64_at(extra, at).unwrap_or(packed);
        }
        let described = flags & 8 != 0;
        let folder = name.ends_with('/');
        let unreadable = match method {
            _ if flags & 1 != 0 || method == 99 => Some("it is encrypted: unpack it with its password"),
            0 | 8 => None,
            _ => Some("it is compressed by a method that is not read here: unpack it, or pack it as deflate"),
        };
        let problem = bad_name(&name).or(unreadable);
        self.entry = Entry {
            name: inside(&self.name, &name),
            crc: u32_at(header, 14),
            packed,
            described,
            zip64: extra.is_some(),
        };
        self.crc.reset();
        (self.n_in, self.n_out) = (0, 0);
        let unknown = described && packed == 0;
        if let Some(why) = problem {
            if unknown && !folder && (flags & 1 != 0 || method != 8) {
                return fault(format!("of {}, a file inside: {why}", self.entry.name));
            }
            // A name that points out of the archive is not repeated.
            let at = if bad_name(&name).is_some() { &self.name } else { &self.entry.name };
            context.files.damaged(at, &format!("a file inside was refused: {why}"))?;
        }
        let wanted = problem.is_none() && !folder && !is_litter(&name);
        self.inner = wanted.then(|| Layer::new(&self.entry.name));
        self.step = match method {
            8 if wanted || unknown => Step::Deflated(Box::new(Inflate::new())),
            _ if unknown && !folder => {
                return fault(format!(
                    "{} is stored without its length, so that its end cannot be found: pack the archive again",
                    self.entry.name
                ));
            }
            _ if wanted => Step::Stored(packed),
            _ => Step::Skip(packed),
        };
        if packed == 0 && !matches!(self.step, Step::Deflated(_)) {
            self.after_data(context)?;
        }
        Ok(())
    }

    fn after_data(&mut self, context: &mut Context<'_>) -> Result<(), Fault> {
        if self.entry.described {
            self.step = Step::Descriptor;
            return Ok(());
        }
        let crc = self.entry.crc;
        self.entry_over(crc, context)
    }

    /// Collects lengths and checksum behind the data; gives how many bytes were used.
    fn descriptor(&mut self, bytes: &[u8], context: &mut Context<'_>) -> Result<usize, Fault> {
        let wide = self.entry.zip64 || self.n_in.max(self.n_out) > u64::from(u32::MAX);
        let lengths: usize = if wide { 16 } else { 8 };
        let signed = self.waiting.len() >= 4 && self.waiting.starts_with(DESCRIPTOR);
        let need: usize = match self.waiting.len() {
            0..4 => 4,
            _ if signed => 8 + lengths,
            _ => 4 + lengths,
        };
        let n = need.saturating_sub(self.waiting.len()).min(bytes.len());
        self.waiting.extend_from_slice(bytes.get(..n).unwrap_or_default());
        if need == 4 || self.waiting.len() < need {
            return Ok(n);
        }
        let crc = u32_at(&self.waiting, if signed { 4 } else { 0 });
        self.waiting.clear();
        self.entry_over(crc, context)?;
        Ok(n)
    }

    fn entry_over(&mut self, crc: u32, context: &mut Context<'_>) -> Result<(), Fault> {
        self.step = Step::Header;
        let Some(mut inner) = self.inner.take() else { return Ok(()) };
        inner.finish(&self.entry.name, &mut context.deeper())?;
        if crc != self.crc.sum() {
            let reason = "its checksum does not fit: it is damaged; copy or download the archive again";
            context.files.damaged(&self.entry.name, reason)?;
        }
        Ok(())
    }

    pub(super) fn end(&mut self) -> Result<(), Fault> {
        match self.step {
            Step::Over => Ok(()),
            Step::Header if self.waiting.is_empty() => {
                fault("the zip archive ends before its directory: files at its end may be missing; copy it again")
            }
            _ => fault("the zip archive ends within a file: it seems to be cut; copy or download it again"),
        }
    }
}

/// The zip64 part of the additional fields.
fn zip64_extra(mut extra: &[u8]) -> Option<&[u8]> {
    while extra.len() >= 4 {
        let length = usize::from(u16_at(extra, 2));
        let field = extra.get(4..4 + length)?;
        if u16_at(extra, 0) == 1 {
            return Some(field);
        }
        extra = extra.get(4 + length..)?;
    }
    None
}
