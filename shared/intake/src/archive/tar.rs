//! Tar (POSIX ustar and pax, GNU long names), front to back.

use super::{Context, Fault, Layer, bad_name, fault, inside, is_litter};

const BLOCK: usize = 512;
/// Bytes of a long name or a pax header, at most.
const MAX_EXTRA: u64 = 1 << 20;

/// A tar file as it streams by.
pub(super) struct Tar {
    name: String,
    step: Step,
    block: Vec<u8>,
    /// Bytes behind the file up to the next block.
    padding: usize,
    /// A name that a header before said of the next file.
    long_name: Option<String>,
    inner: Option<Layer>,
    inner_name: String,
}

enum Step {
    Header,
    /// Bytes of a file that are left.
    File(u64),
    /// Bytes of something that is not read.
    Skip(u64),
    /// Bytes of a name (GNU) or of a pax header for the next file.
    Extra {
        left: u64,
        pax: bool,
        text: Vec<u8>,
    },
    Padding,
    Over,
}

/// Whether the first bytes are a tar header, by its checksum.
pub(super) fn is_header(head: &[u8]) -> bool {
    let Some(block) = head.get(..BLOCK) else { return false };
    let Some(stated) = number(block.get(148..156)) else { return false };
    let sum: u64 =
        block.iter().enumerate().map(|(i, b)| u64::from(if (148..156).contains(&i) { b' ' } else { *b })).sum();
    stated == sum && block.first().is_some_and(|b| *b != 0)
}

/// A number in octal digits, or in GNU's binary form.
fn number(field: Option<&[u8]>) -> Option<u64> {
    let field = field?;
    if let [0x80, rest @ ..] = field {
        return rest.iter().try_fold(0u64, |n, b| Some(n.checked_mul(256)? + u64::from(*b)));
    }
    let mut digits = field.iter().skip_while(|b| **b == b' ').take_while(|b| !matches!(b, b' ' | 0));
    digits.try_fold(
        0u64,
        |n, b| if (b'0'..=b'7').contains(b) { Some(n.checked_mul(8)? + u64::from(b - b'0')) } else { None },
    )
}

fn text(field: Option<&[u8]>) -> String {
    let field = field.unwrap_or_default();
    let end = memchr::memchr(0, field).unwrap_or(field.len());
    String::from_utf8_lossy(field.get(..end).unwrap_or_default()).into_owned()
}

impl Tar {
    pub(super) fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            step: Step::Header,
            block: Vec::new(),
            padding: 0,
            long_name: None,
            inner: None,
            inner_name: String::new(),
        }
    }

    pub(super) fn inner(&mut self) -> Option<&mut Layer> {
        self.inner.as_mut()
    }

    pub(super) fn push(&mut self, mut bytes: &[u8], context: &mut Context<'_>) -> Result<(), Fault> {
        while !bytes.is_empty() {
            let take = |left: u64| usize::try_from(left).unwrap_or(usize::MAX).min(bytes.len());
            let n = match &mut self.step {
                Step::Header => {
                    let n = (BLOCK - self.block.len()).min(bytes.len());
                    self.block.extend_from_slice(bytes.get(..n).unwrap_or_default());
                    if self.block.len() == BLOCK {
                        let block = std::mem::take(&mut self.block);
                        self.header(&block, context)?;
                    }
                    n
                }
                Step::File(left) => {
                    let n = take(*left);
                    *left -= n as u64;
                    let over = *left == 0;
                    if let Some(inner) = &mut self.inner {
                        inner.feed(&self.inner_name, bytes.get(..n).unwrap_or_default(), &mut context.deeper())?;
                    }
                    if over {
                        self.file_over(context)?;
                    }
                    n
                }
                Step::Skip(left) => {
                    let n = take(*left);
                    *left -= n as u64;
                    if *left == 0 {
                        self.step = Step::Padding;
                    }
                    n
                }
                Step::Extra { left, pax, text } => {
                    let n = take(*left);
                    *left -= n as u64;
                    text.extend_from_slice(bytes.get(..n).unwrap_or_default());
                    if *left == 0 {
                        let found = if *pax { pax_path(text) } else { Some(self::text(Some(text))) };
                        self.long_name = found.or(self.long_name.take());
                        self.step = Step::Padding;
                    }
                    n
                }
                Step::Padding => {
                    let n = self.padding.min(bytes.len());
                    self.padding -= n;
                    if self.padding == 0 {
                        self.step = Step::Header;
                    }
                    n
                }
                Step::Over => return Ok(()),
            };
            bytes = bytes.get(n..).unwrap_or_default();
        }
        Ok(())
    }

    fn header(&mut self, block: &[u8], context: &mut Context<'_>) -> Result<(), Fault> {
        if block.iter().all(|b| *b == 0) {
            self.step = Step::Over;
            return Ok(());
        }
        let (true, Some(size)) = (is_header(block), number(block.get(124..136))) else {
            return fault("a header in the tar archive is damaged: copy or download it again");
        };
        self.padding = usize::try_from((BLOCK as u64 - size % BLOCK as u64) % BLOCK as u64).unwrap_or(0);
        let kind = block.get(156).copied().unwrap_or(0);
        if matches!(kind, b'L' | b'x') {
            if size > MAX_EXTRA {
                return fault("a name in the tar archive is too long");
            }
            self.step = Step::Extra { left: size, pax: kind == b'x', text: Vec::new() };
        } else if matches!(kind, 0 | b'0' | b'7') {
            let mut name = text(block.get(..100));
            let prefix = text(block.get(345..500));
            if block.get(257..262) == Some(b"ustar") && block.get(262) == Some(&0) && !prefix.is_empty() {
                name = format!("{prefix}/{name}");
            }
            let name = self.long_name.take().unwrap_or(name);
            self.step = Step::File(size);
            if let Some(why) = bad_name(&name) {
                context.files.damaged(&self.name, &format!("a file inside was refused: {why}"))?;
                self.step = Step::Skip(size);
            } else if is_litter(&name) || name.ends_with('/') {
                self.step = Step::Skip(size);
            } else {
                self.inner_name = inside(&self.name, &name);
                self.inner = Some(Layer::new(&self.inner_name));
            }
        } else {
            // Folders, links, devices.
            self.long_name = None;
            self.step = Step::Skip(size);
        }
        if size == 0 {
            match self.step {
                Step::File(_) => self.file_over(context)?,
                Step::Over => {}
                _ => self.step = Step::Header,
            }
        }
        Ok(())
    }

    fn file_over(&mut self, context: &mut Context<'_>) -> Result<(), Fault> {
        self.step = if self.padding == 0 { Step::Header } else { Step::Padding };
        let Some(mut inner) = self.inner.take() else { return Ok(()) };
        inner.finish(&self.inner_name, &mut context.deeper())
    }

    pub(super) fn end(&mut self) -> Result<(), Fault> {
        let between = matches!(self.step, Step::Header) && self.block.is_empty();
        if between || matches!(self.step, Step::Over) {
            return Ok(());
        }
        fault("the tar archive ends within a file: it seems to be cut; copy or download it again")
    }
}

/// The path of a pax header: lines of `length key=value`.
fn pax_path(mut text: &[u8]) -> Option<String> {
    let mut found = None;
    while let Some(blank) = memchr::memchr(b' ', text) {
        let length: usize = std::str::from_utf8(text.get(..blank)?).ok()?.parse().ok()?;
        let line = text.get(blank + 1..length.max(blank + 1))?;
        if let Some(path) = line.strip_prefix(b"path=") {
            found = Some(String::from_utf8_lossy(path.strip_suffix(b"\n").unwrap_or(path)).into_owned());
        }
        text = text.get(length..).filter(|_| length > 0)?;
    }
    found
}
