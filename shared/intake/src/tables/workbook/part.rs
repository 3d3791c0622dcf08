//! Parts of a workbook as streams of XML, with a bound on what they unpack to.

use std::cell::Cell;
use std::io::{self, BufRead, BufReader, Cursor, Read};
use std::rc::Rc;

use flate2::read::DeflateDecoder;
use quick_xml::events::BytesStart;
use quick_xml::{Reader, XmlVersion};
use zip::read::ZipFile;
use zip::{CompressionMethod, ZipArchive};

use super::{Fault, damaged};
use crate::archive::MAX_RATIO;

/// Bytes that may be unpacked whatever the ratio.
const FREE_BYTES: u64 = 64 << 20;

/// Bytes that may still be unpacked.
pub(super) struct Budget(Rc<Cell<u64>>);

impl Budget {
    pub(super) fn new(n_bytes: usize) -> Self {
        Self(Rc::new(Cell::new(FREE_BYTES.max((n_bytes as u64).saturating_mul(MAX_RATIO)))))
    }
}

/// Bytes of a part, unpacked.
pub(super) struct Unpacked<'a> {
    inner: Inner<'a>,
    left: Rc<Cell<u64>>,
}

enum Inner<'a> {
    Stored(ZipFile<'a, Cursor<Vec<u8>>>),
    Deflated(Box<DeflateDecoder<ZipFile<'a, Cursor<Vec<u8>>>>>),
}

impl Read for Unpacked<'_> {
    fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let n = match &mut self.inner {
            Inner::Stored(file) => file.read(out),
            Inner::Deflated(file) => file.read(out),
        }?;
        let left = self.left.get().checked_sub(n as u64);
        let left = left.ok_or_else(|| {
            io::Error::other(format!(
                "it unpacks to more than {MAX_RATIO} times its size, as files do that are made to fill up a machine"
            ))
        })?;
        self.left.set(left);
        Ok(n)
    }
}

/// A part by its name.
pub(super) fn open<'a>(
    archive: &'a mut ZipArchive<Cursor<Vec<u8>>>,
    name: &str,
    budget: &Budget,
) -> Result<BufReader<Unpacked<'a>>, Fault> {
    let place = archive.index_for_name(name).ok_or_else(|| damaged(&format!("{name} is missing")))?;
    let file = archive.by_index_raw(place).map_err(|e| damaged(&e.to_string()))?;
    if file.encrypted() {
        return Err("it is protected by a password; save it without one".to_owned());
    }
    let inner = match file.compression() {
        CompressionMethod::Stored => Inner::Stored(file),
        CompressionMethod::DEFLATE => Inner::Deflated(Box::new(DeflateDecoder::new(file))),
        other => return Err(damaged(&format!("{name} is packed by {other}"))),
    };
    Ok(BufReader::with_capacity(1 << 16, Unpacked { inner, left: Rc::clone(&budget.0) }))
}

/// A part as XML.
pub(super) fn reader<'a>(
    archive: &'a mut ZipArchive<Cursor<Vec<u8>>>,
    name: &str,
    budget: &Budget,
) -> Result<Reader<BufReader<Unpacked<'a>>>, Fault> {
    let mut xml = Reader::from_reader(open(archive, name, budget)?);
    xml.config_mut().check_end_names = false;
    Ok(xml)
}

/// An attribute of an element, whatever its prefix.
pub(super) fn attribute(element: &BytesStart<'_>, name: &str) -> Option<String> {
    let found = element.attributes().with_checks(false).flatten().find(|a| a.key.local_name().into_inner() == name)?;
    // What stands for itself in quotation marks of XML; a text that cannot be resolved is taken as it is.
    Some(
        found
            .normalized_value(XmlVersion::Implicit1_0)
            .map_or_else(|_| found.value.to_string(), |value| value.into_owned()),
    )
}

/// Reads on to the end of a part, piece by piece.
pub(super) fn pieces(mut part: impl BufRead, take: &mut dyn FnMut(&[u8])) -> Result<(), Fault> {
    loop {
        let piece = part.fill_buf().map_err(|e| damaged(&e.to_string()))?;
        if piece.is_empty() {
            return Ok(());
        }
        take(piece);
        let n = piece.len();
        part.consume(n);
    }
}
