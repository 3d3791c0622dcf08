//! What the end of a Parquet file says of it: columns and where their values are.
//!
//! Source: Apache Parquet, `parquet.thrift` 2.11 and `LogicalTypes.md`.

use super::thrift::{Field, Reader, STRUCT, TRUE, Wrong};

/// Bytes behind the description: its length and the mark.
pub(crate) const TAIL_BYTES: usize = 8;
/// Microseconds of a day.
pub(super) const DAY_US: i64 = 86_400_000_000;

/// How a column's values are stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Physical {
    Boolean,
    Int32,
    Int64,
    Int96,
    Float,
    Double,
    Bytes,
    /// Of so many bytes each.
    Fixed(usize),
}

/// What a column's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Whole numbers.
    Int,
    /// Whole numbers from zero.
    Unsigned,
    /// Days since 1970-01-01.
    Day,
    /// Times since 1970-01-01, so many a day.
    Time(i64),
    /// Whole numbers over a power of ten.
    Decimal(u32),
    /// Numbers.
    Number,
    /// Text.
    Text,
    /// 16 bytes that are written with hyphens.
    Uuid,
    /// Values that are no single cell of a table, by what they are called.
    Other(&'static str),
}

/// A column.
#[derive(Clone, Debug)]
pub(super) struct Leaf {
    pub(super) name: String,
    pub(super) physical: Physical,
    pub(super) kind: Kind,
    /// The level at which a value is there.
    pub(super) max_definition: u32,
}

/// Where the values of a column are in a row group.
#[derive(Clone, Debug, Default)]
pub(super) struct Chunk {
    pub(super) start: u64,
    pub(super) n_bytes: u64,
    pub(super) n_values: u64,
    pub(super) codec: i64,
    /// Why it cannot be read.
    pub(super) refused: Option<&'static str>,
}

/// Rows that are stored together.
#[derive(Clone, Debug, Default)]
pub(super) struct Group {
    pub(super) n_rows: u64,
    /// By column.
    pub(super) chunks: Vec<Chunk>,
}

/// The description of a file.
#[derive(Clone, Debug)]
pub(crate) struct Meta {
    pub(super) leaves: Vec<Leaf>,
    pub(super) groups: Vec<Group>,
    pub(crate) n_rows: u64,
}

/// Bytes at the end of a file that hold its description, from its last [`TAIL_BYTES`]; nothing for what is no Parquet file.
pub(crate) fn footer_bytes(tail: &[u8]) -> Option<u64> {
    let last = tail.len().checked_sub(TAIL_BYTES)?;
    match tail.get(last..)? {
        &[a, b, c, d, b'P', b'A', b'R', b'1'] => Some(u64::from(u32::from_le_bytes([a, b, c, d])) + TAIL_BYTES as u64),
        _ => None,
    }
}

impl Meta {
    /// Reads the description from the last bytes of a file.
    pub(crate) fn read(tail: &[u8]) -> Result<Self, Wrong> {
        if tail.ends_with(b"PARE") {
            return Err("it is encrypted: write it again without".to_owned());
        }
        let Some(n) = footer_bytes(tail).and_then(|n| usize::try_from(n).ok()) else {
            return Err("it does not end as a Parquet file does: it seems to be cut. Copy it again".to_owned());
        };
        let start = tail.len().checked_sub(n);
        let Some(bytes) = start.and_then(|start| tail.get(start..tail.len() - TAIL_BYTES)) else {
            return Err("its description is longer than the file: it is damaged. Copy it again".to_owned());
        };
        let mut nodes = Vec::new();
        let (mut groups, mut n_rows) = (Vec::new(), 0);
        Reader::new(bytes).fields(|r, field| {
            match field.id {
                2 => r.structs(field, |r| {
                    nodes.push(Node::read(r)?);
                    Ok(())
                })?,
                3 => n_rows = u64::try_from(r.int(field)?).unwrap_or(0),
                4 => r.structs(field, |r| {
                    groups.push(group(r)?);
                    Ok(())
                })?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        let leaves = leaves(nodes)?;
        let held: u64 = groups.iter().map(|g| g.n_rows).fold(0, u64::saturating_add);
        if groups.iter().any(|g| g.chunks.len() != leaves.len()) || held != n_rows {
            return Err("its description contradicts itself: it is damaged. Write it again".to_owned());
        }
        Ok(Self { leaves, groups, n_rows })
    }

    /// The names of the columns, in order.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.leaves.iter().map(|l| l.name.as_str())
    }
}

/// An element of the tree of columns.
#[derive(Default)]
struct Node {
    physical: Option<i64>,
    length: i64,
    repetition: i64,
    name: String,
    n_children: i64,
    converted: Option<i64>,
    scale: i64,
    logical: Option<Kind>,
}

impl Node {
    fn read(r: &mut Reader<'_>) -> Result<Self, Wrong> {
        let mut node = Node::default();
        r.fields(|r, field| {
            match field.id {
                1 => node.physical = Some(r.int(field)?),
                2 => node.length = r.int(field)?,
                3 => node.repetition = r.int(field)?,
                4 => node.name = String::from_utf8_lossy(r.binary(field)?).into_owned(),
                5 => node.n_children = r.int(field)?,
                6 => node.converted = Some(r.int(field)?),
                7 => node.scale = r.int(field)?,
                10 if field.kind == STRUCT => node.logical = logical(r)?,
                _ => return Ok(false),
            }
            Ok(true)
        })?;
        Ok(node)
    }

    fn physical(&self) -> Result<Physical, Wrong> {
        Ok(match self.physical {
            Some(0) => Physical::Boolean,
            Some(1) => Physical::Int32,
            Some(2) => Physical::Int64,
            Some(3) => Physical::Int96,
            Some(4) => Physical::Float,
            Some(5) => Physical::Double,
            Some(6) => Physical::Bytes,
            Some(7) => match usize::try_from(self.length) {
                Ok(n @ 1..=1024) => Physical::Fixed(n),
                _ => return Err(format!("the column '{}' has values of {} bytes", self.name, self.length)),
            },
            other => return Err(format!("the column '{}' is of a type that is not known ({other:?})", self.name)),
        })
    }

    fn kind(&self, physical: Physical) -> Kind {
        let scale = || u32::try_from(self.scale).unwrap_or(0);
        let kind = self.logical.or_else(|| {
            Some(match self.converted? {
                5 => Kind::Decimal(scale()),
                6 => Kind::Day,
                7 | 8 => Kind::Int,
                9 => Kind::Time(DAY_US / 1000),
                10 => Kind::Time(DAY_US),
                11..=14 => Kind::Unsigned,
                15..=18 => Kind::Int,
                21 => Kind::Other("a length of time"),
                _ => return None,
            })
        });
        let whole = matches!(physical, Physical::Int32 | Physical::Int64);
        let binary = matches!(physical, Physical::Bytes | Physical::Fixed(_));
        match (physical, kind) {
            (Physical::Int96, _) => Kind::Time(DAY_US),
            (Physical::Boolean, _) => Kind::Int,
            (Physical::Float | Physical::Double, _) => Kind::Number,
            (_, Some(kind @ Kind::Decimal(_))) => kind,
            (_, Some(kind @ (Kind::Int | Kind::Unsigned | Kind::Day | Kind::Time(_)))) if whole => kind,
            (Physical::Fixed(16), Some(Kind::Uuid)) => Kind::Uuid,
            (_, Some(kind @ Kind::Other(_))) => kind,
            _ if binary => Kind::Text,
            _ => Kind::Int,
        }
    }
}

/// What a column's values are, where the newer way of saying it is used.
fn logical(r: &mut Reader<'_>) -> Result<Option<Kind>, Wrong> {
    let mut kind = None;
    r.fields(|r, field| {
        if field.kind != STRUCT {
            return Ok(false);
        }
        match field.id {
            5 => {
                let scale = ints(r)?;
                let scale = scale.iter().find(|(id, _)| *id == 1).map_or(0, |(_, v)| *v);
                kind = Some(Kind::Decimal(u32::try_from(scale).unwrap_or(0)));
            }
            8 => kind = Some(Kind::Time(time_unit(r)?)),
            10 => {
                let mut signed = false;
                r.fields(|_, field| {
                    signed |= field.id == 2 && field.kind == TRUE;
                    Ok(false)
                })?;
                kind = Some(if signed { Kind::Int } else { Kind::Unsigned });
            }
            other => {
                kind = match other {
                    1 | 4 | 12 => Some(Kind::Text),
                    2 => Some(Kind::Other("a map")),
                    3 => Some(Kind::Other("a list")),
                    6 => Some(Kind::Day),
                    14 => Some(Kind::Uuid),
                    15 => Some(Kind::Other("numbers of 16 bits")),
                    _ => None,
                };
                return Ok(false);
            }
        }
        Ok(true)
    })?;
    Ok(kind)
}

/// The whole numbers among the fields of a structure.
fn ints(r: &mut Reader<'_>) -> Result<Vec<(i16, i64)>, Wrong> {
    let mut out = Vec::new();
    r.fields(|r, field: Field| {
        if !(3..=6).contains(&field.kind) {
            return Ok(false);
        }
        out.push((field.id, r.int(field)?));
        Ok(true)
    })?;
    Ok(out)
}

fn time_unit(r: &mut Reader<'_>) -> Result<i64, Wrong> {
    let mut per_day = DAY_US;
    r.fields(|r, field| {
        if field.id != 2 || field.kind != STRUCT {
            return Ok(false);
        }
        r.fields(|_, unit| {
            per_day = match unit.id {
                1 => DAY_US / 1000,
                3 => DAY_US * 1000,
                _ => DAY_US,
            };
            Ok(false)
        })?;
        Ok(true)
    })?;
    Ok(per_day)
}

/// The columns of the tree, which is written from the root down, children behind their parent.
fn leaves(nodes: Vec<Node>) -> Result<Vec<Leaf>, Wrong> {
    let mut out = Vec::new();
    // Of each open branch: the children still to come, the name, the level of definition, whether it repeats.
    let mut open: Vec<(i64, String, u32, bool)> = Vec::new();
    for (i, node) in nodes.into_iter().enumerate() {
        while open.last().is_some_and(|(left, ..)| *left <= 0) {
            open.pop();
        }
        let (prefix, level, repeats) = match open.last_mut() {
            Some((left, prefix, level, repeats)) => {
                *left -= 1;
                (prefix.clone(), *level, *repeats)
            }
            None if i == 0 => (String::new(), 0, false),
            None => return Err("its columns are no tree: it is damaged".to_owned()),
        };
        let level = level + u32::from(i > 0 && node.repetition != 0);
        let repeats = repeats || (i > 0 && node.repetition == 2);
        let name = if prefix.is_empty() { node.name.clone() } else { format!("{prefix}.{}", node.name) };
        if node.physical.is_none() {
            if open.len() > 64 {
                return Err("its columns stand within one another too deep".to_owned());
            }
            open.push((node.n_children, if i == 0 { String::new() } else { name }, level, repeats));
            continue;
        }
        let physical = node.physical()?;
        let kind = if repeats { Kind::Other("a list") } else { node.kind(physical) };
        out.push(Leaf { name, physical, kind, max_definition: level });
    }
    Ok(out)
}

fn group(r: &mut Reader<'_>) -> Result<Group, Wrong> {
    let mut group = Group::default();
    r.fields(|r, field| {
        match field.id {
            1 => r.structs(field, |r| {
                group.chunks.push(chunk(r)?);
                Ok(())
            })?,
            3 => group.n_rows = u64::try_from(r.int(field)?).unwrap_or(0),
            _ => return Ok(false),
        }
        Ok(true)
    })?;
    Ok(group)
}

fn chunk(r: &mut Reader<'_>) -> Result<Chunk, Wrong> {
    let mut chunk = Chunk::default();
    let (mut data, mut dictionary) = (0u64, 0u64);
    let size = |n: i64| u64::try_from(n).unwrap_or(0);
    r.fields(|r, field| {
        match field.id {
            1 => chunk.refused = Some("its values are in another file"),
            8 | 9 => chunk.refused = Some("it is encrypted: write the file again without"),
            3 if field.kind == STRUCT => {
                r.fields(|r, field| {
                    match field.id {
                        4 => chunk.codec = r.int(field)?,
                        5 => chunk.n_values = size(r.int(field)?),
                        7 => chunk.n_bytes = size(r.int(field)?),
                        9 => data = size(r.int(field)?),
                        11 => dictionary = size(r.int(field)?),
                        _ => return Ok(false),
                    }
                    Ok(true)
                })?;
                return Ok(true);
            }
            _ => {}
        }
        Ok(false)
    })?;
    chunk.start = if dictionary > 0 { dictionary.min(data) } else { data };
    Ok(chunk)
}
