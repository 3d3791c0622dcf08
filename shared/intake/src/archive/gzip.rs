//! Gzip (RFC 1952), several members in a row included.

use flate2::Crc;

use super::inflate::Inflate;
use super::{Context, Fault, Layer, fault};

/// A gzip file as it streams by.
pub(super) struct Gzip {
    name: String,
    step: Step,
    /// Bytes of the header or the trailer that have come.
    waiting: Vec<u8>,
    crc: Crc,
    inner: Layer,
}

enum Step {
    Header,
    Body(Box<Inflate>),
    Trailer,
    /// A member is over: another one, or filling, may follow.
    Between,
}

/// Bytes of a header with its name and comment, at most.
const MAX_HEADER: usize = 1 << 17;

impl Gzip {
    pub(super) fn new(name: &str) -> Self {
        let lower = name.to_ascii_lowercase();
        let cut = if lower.ends_with(".gz") { name.len() - 3 } else { name.len() };
        let mut inside = name.get(..cut).unwrap_or(name).to_owned();
        if lower.ends_with(".tgz") {
            inside.truncate(name.len() - 4);
            inside.push_str(".tar");
        }
        Self {
            name: name.to_owned(),
            step: Step::Header,
            waiting: Vec::new(),
            crc: Crc::new(),
            inner: Layer::new(&inside),
        }
    }

    pub(super) fn inner(&mut self) -> &mut Layer {
        &mut self.inner
    }

    pub(super) fn push(&mut self, mut bytes: &[u8], context: &mut Context<'_>) -> Result<(), Fault> {
        while !bytes.is_empty() {
            match &mut self.step {
                Step::Header => {
                    // A byte at a time costs nothing here: headers are short.
                    self.waiting.extend(bytes.first());
                    bytes = bytes.get(1..).unwrap_or_default();
                    if self.waiting.len() > MAX_HEADER {
                        return fault("its gzip header does not end");
                    }
                    if header_is_complete(&self.waiting)? {
                        self.waiting.clear();
                        self.crc.reset();
                        self.step = Step::Body(Box::new(Inflate::new()));
                    }
                }
                Step::Body(inflate) => {
                    let (crc, inner) = (&mut self.crc, &mut self.inner);
                    let (n, over) = inflate.push(bytes, |out| {
                        crc.update(out);
                        context.budget.spend(out.len())?;
                        inner.push(out, &mut context.deeper())
                    })?;
                    bytes = bytes.get(n..).unwrap_or_default();
                    if over {
                        self.step = Step::Trailer;
                    }
                }
                Step::Trailer => {
                    self.waiting.extend(bytes.first());
                    bytes = bytes.get(1..).unwrap_or_default();
                    if let &[a, b, c, d, e, f, g, h] = self.waiting.as_slice() {
                        let right = u32::from_le_bytes([a, b, c, d]) == self.crc.sum()
                            && u32::from_le_bytes([e, f, g, h]) == self.crc.amount();
                        if !right {
                            return fault("its checksum does not fit: it is damaged; copy or download it again");
                        }
                        self.waiting.clear();
                        self.step = Step::Between;
                    }
                }
                Step::Between => match bytes.first() {
                    Some(0x1f) => self.step = Step::Header,
                    Some(0) => bytes = bytes.get(1..).unwrap_or_default(),
                    _ => return fault("something that is no gzip stands behind its end"),
                },
            }
        }
        Ok(())
    }

    pub(super) fn end(&mut self, context: &mut Context<'_>) -> Result<(), Fault> {
        if !matches!(self.step, Step::Between) {
            return fault(format!(
                "{} ends before its data do: it seems to be cut; copy or download it again",
                self.name
            ));
        }
        self.inner.end(&mut context.deeper())
    }
}

/// Whether a gzip header is complete.
fn header_is_complete(header: &[u8]) -> Result<bool, Fault> {
    let &[a, b, method, flags, _, _, _, _, _, _, ref rest @ ..] = header else { return Ok(false) };
    if (a, b) != (0x1f, 0x8b) || method != 8 {
        return fault("it is no gzip that can be read");
    }
    let mut rest = rest;
    if flags & 4 != 0 {
        let &[low, high, ref behind @ ..] = rest else { return Ok(false) };
        let Some(behind) = behind.get(usize::from(u16::from_le_bytes([low, high]))..) else { return Ok(false) };
        rest = behind;
    }
    for flag in [8, 16] {
        if flags & flag != 0 {
            let Some(end) = memchr::memchr(0, rest) else { return Ok(false) };
            rest = rest.get(end + 1..).unwrap_or_default();
        }
    }
    Ok(flags & 2 == 0 || rest.len() >= 2)
}
