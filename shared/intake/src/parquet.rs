//! Parquet files as they stream by, row group by row group.
//!
//! Start with [`Stream`]. A Parquet file is described at its end: a host that can read there hands the description over first
//! ([`footer_bytes`] says how long it is), and then only the wanted columns of one row group are held, packed, and one page
//! of each, unpacked. Without (a file within an archive), the packed file is held until its end has come, up to [`MAX_HELD`].
//!
//! Read here and not by a library: the `parquet` crate, without Arrow and with its smallest features, adds 245 kB (gzipped)
//! to the worker, cannot unpack zstd without C, and does not promise that damaged files do not panic. Tests write files with
//! that crate and read them here.
//!
//! **Types.** Whole numbers of any width, dates, times in milli-, micro- and nanoseconds and INT96, decimals in all four
//! storages, numbers of 32 and 64 bits, texts, UUIDs, truth values; missing values; columns within structures.
//! **Encodings.** Plain, dictionary, RLE, the three deltas, byte stream split; data pages 1 and 2. **Packing.** None,
//! snappy, gzip, zstd. **Refused by name.** LZ4, Brotli, LZO, encryption, lists and maps where a plain value is needed.
//!
//! Source: Apache Parquet, <https://parquet.apache.org/docs/file-format/>.

mod codec;
mod column;
mod meta;
mod page;
mod rle;
mod thrift;
mod values;

pub(crate) use column::Cell;
use column::Column;
use meta::Meta;
pub(crate) use meta::footer_bytes;

/// Bytes of a packed file that are held where its end cannot be read first.
const MAX_HELD: usize = 512 << 20;

/// What is wrong with a file, and in which column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Damage {
    pub(crate) column: Option<String>,
    pub(crate) reason: String,
}

impl From<String> for Damage {
    fn from(reason: String) -> Self {
        Self { column: None, reason }
    }
}

/// What has come of a file.
enum State {
    /// Bytes that wait for the description at the end.
    Held(Vec<u8>),
    /// Columns that are being filled.
    Open(Box<Open>),
}

/// A file whose description is known.
struct Open {
    meta: Meta,
    /// Columns wanted, in the order asked for.
    wanted: Vec<usize>,
    /// Where the next bytes stand in the file.
    at: u64,
    /// The row group that is being filled, and those behind it of which bytes have come already.
    group: usize,
    filled: std::collections::BTreeMap<usize, Vec<Vec<u8>>>,
}

/// A file as it streams by.
pub(crate) struct Stream {
    state: State,
}

impl Stream {
    /// Begins a file whose end is not known yet.
    pub(crate) fn new() -> Self {
        Self { state: State::Held(Vec::new()) }
    }

    /// Takes bytes until the description is there.
    pub(crate) fn hold(&mut self, bytes: &[u8]) -> Result<(), Damage> {
        let State::Held(held) = &mut self.state else { return Ok(()) };
        if held.len() + bytes.len() > MAX_HELD {
            let reason = "within an archive it is larger than 512 MB, and its description stands at its end: unpack the archive \
                          and give the files inside";
            return Err(reason.to_owned().into());
        }
        held.extend_from_slice(bytes);
        Ok(())
    }

    /// The description, from the last bytes of the file, or from all of it if it was held.
    pub(crate) fn describe(&self, tail: Option<&[u8]>) -> Result<Meta, Damage> {
        let held = match &self.state {
            State::Held(held) => held.as_slice(),
            State::Open(_) => &[],
        };
        Ok(Meta::read(tail.unwrap_or(held))?)
    }

    /// Says which columns are wanted. What was held is read then.
    pub(crate) fn open(&mut self, meta: Meta, wanted: Vec<usize>) {
        let mut open = Open { meta, wanted, at: 0, group: 0, filled: std::collections::BTreeMap::new() };
        if let State::Held(held) = &mut self.state {
            open.take(&std::mem::take(held));
        }
        self.state = State::Open(Box::new(open));
    }

    /// Whether the columns wanted are known.
    pub(crate) fn is_open(&self) -> bool {
        matches!(self.state, State::Open(_))
    }

    /// Takes the next bytes.
    pub(crate) fn push(&mut self, bytes: &[u8]) {
        if let State::Open(open) = &mut self.state {
            open.take(bytes);
        }
    }

    /// The next row group that is complete.
    pub(crate) fn next(&mut self) -> Result<Option<Rows>, Damage> {
        match &mut self.state {
            State::Open(open) => open.next(),
            State::Held(_) => Ok(None),
        }
    }

    /// Whether every row group was handed out.
    pub(crate) fn is_complete(&self) -> bool {
        matches!(&self.state, State::Open(open) if open.group >= open.meta.groups.len())
    }
}

impl Open {
    /// Copies what is wanted of the next bytes.
    fn take(&mut self, bytes: &[u8]) {
        let (from, to) = (self.at, self.at.saturating_add(bytes.len() as u64));
        self.at = to;
        for (i, group) in self.meta.groups.iter().enumerate().skip(self.group) {
            for (k, column) in self.wanted.iter().enumerate() {
                let Some(chunk) = group.chunks.get(*column) else { continue };
                let (start, end) = (chunk.start.max(from), chunk.start.saturating_add(chunk.n_bytes).min(to));
                if start >= end {
                    continue;
                }
                let part = |at: u64| usize::try_from(at - from).unwrap_or(usize::MAX);
                let Some(part) = bytes.get(part(start)..part(end)) else { continue };
                let filled = self.filled.entry(i).or_insert_with(|| vec![Vec::new(); self.wanted.len()]);
                if let Some(place) = filled.get_mut(k) {
                    if place.is_empty() {
                        // The size stands in the description, which may lie: room is made as bytes come.
                        place.reserve(usize::try_from(chunk.n_bytes).unwrap_or(0).min(4 << 20));
                    }
                    place.extend_from_slice(part);
                }
            }
        }
    }

    fn next(&mut self) -> Result<Option<Rows>, Damage> {
        let Some(group) = self.meta.groups.get(self.group) else { return Ok(None) };
        let empty = Vec::new();
        let filled = self.filled.get(&self.group).unwrap_or(&empty);
        let complete = self.wanted.iter().enumerate().all(|(k, column)| {
            let n = filled.get(k).map_or(0, Vec::len) as u64;
            group.chunks.get(*column).is_some_and(|chunk| n >= chunk.n_bytes)
        });
        if !complete {
            return Ok(None);
        }
        let mut bytes = self.filled.remove(&self.group).unwrap_or_default().into_iter();
        let mut columns = Vec::with_capacity(self.wanted.len());
        for &column in &self.wanted {
            let (Some(leaf), Some(chunk)) = (self.meta.leaves.get(column), group.chunks.get(column)) else { continue };
            let in_column = |reason: String| Damage { column: Some(leaf.name.clone()), reason };
            if chunk.n_values != group.n_rows {
                return Err(in_column(
                    "it has another number of values than the file has rows: it is damaged".to_owned(),
                ));
            }
            let made = Column::new(leaf, chunk, bytes.next().unwrap_or_default()).map_err(in_column)?;
            columns.push((leaf.clone(), made));
        }
        self.group += 1;
        Ok(Some(Rows { columns, n_left: group.n_rows, n_ready: 0 }))
    }
}

/// Rows of a row group, some at a time.
pub(crate) struct Rows {
    columns: Vec<(meta::Leaf, Column)>,
    n_left: u64,
    n_ready: usize,
}

impl Rows {
    /// Makes the next rows ready and says how many; none at the end.
    pub(crate) fn ready(&mut self) -> Result<usize, Damage> {
        let done = std::mem::take(&mut self.n_ready);
        let mut n = usize::try_from(self.n_left).unwrap_or(usize::MAX);
        for (leaf, column) in &mut self.columns {
            column.advance(done);
            if n > 0 {
                let ready = column.ready(leaf).map_err(|reason| Damage { column: Some(leaf.name.clone()), reason })?;
                if ready == 0 {
                    let reason = "it has fewer values than the file has rows: it is damaged".to_owned();
                    return Err(Damage { column: Some(leaf.name.clone()), reason });
                }
                n = n.min(ready);
            }
        }
        // Without a column there is nothing to say of a row.
        n = if self.columns.is_empty() { 0 } else { n };
        self.n_ready = n;
        self.n_left -= (n as u64).min(self.n_left);
        Ok(n)
    }

    /// The value of a column, by its place among those wanted, in one of the rows that are ready.
    #[inline]
    pub(crate) fn cell(&self, column: usize, row: usize) -> Cell<'_> {
        self.columns.get(column).map_or(Cell::Missing, |(_, c)| c.cell(row))
    }
}
