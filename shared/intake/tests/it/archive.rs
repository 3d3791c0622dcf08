//! Archives cut anywhere: what is inside comes out, and what is wrong with them is said.
#![cfg(feature = "fhir")]
#![expect(clippy::unwrap_used, reason = "a helper of a test may fail like the test")]

use std::io::Write as _;

use flate2::Compression;
use flate2::write::{DeflateEncoder, GzEncoder};
use intake::IntakeError;
use intake::archive::{Files, Unpacker};
use proptest::prelude::*;

/// Files as they came.
#[derive(Default, Debug, PartialEq, Clone)]
struct Seen {
    files: Vec<(String, Vec<u8>)>,
    damaged: Vec<(String, String)>,
    open: bool,
    n_bytes: u64,
}

impl Files for Seen {
    fn begin(&mut self, name: &str) -> Result<(), IntakeError> {
        assert!(!self.open, "a file begins within another");
        self.open = true;
        self.files.push((name.to_owned(), Vec::new()));
        Ok(())
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), IntakeError> {
        assert!(self.open, "bytes of no file");
        self.n_bytes += bytes.len() as u64;
        if self.n_bytes < 1 << 24 {
            self.files.last_mut().unwrap().1.extend_from_slice(bytes);
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), IntakeError> {
        assert!(self.open, "no file ends");
        self.open = false;
        Ok(())
    }

    fn damaged(&mut self, name: &str, reason: &str) -> Result<(), IntakeError> {
        assert!(!self.open, "a damaged file must be ended first");
        self.damaged.push((name.to_owned(), reason.to_owned()));
        Ok(())
    }
}

fn unpack(name: &str, bytes: &[u8], size: usize) -> Seen {
    let mut seen = Seen::default();
    let mut unpacker = Unpacker::new(name);
    for piece in bytes.chunks(size) {
        unpacker.push(piece, &mut seen).unwrap();
    }
    unpacker.end(&mut seen).unwrap();
    assert!(!seen.open);
    seen
}

/// The same however it is cut.
fn unpacked(name: &str, bytes: &[u8]) -> Seen {
    let whole = unpack(name, bytes, usize::MAX);
    for size in [1, 3, 100, 511, 4096] {
        assert_eq!(unpack(name, bytes, size), whole, "{size}");
    }
    whole
}

fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut out = GzEncoder::new(Vec::new(), Compression::default());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn deflate(bytes: &[u8]) -> Vec<u8> {
    let mut out = DeflateEncoder::new(Vec::new(), Compression::default());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}

fn crc(bytes: &[u8]) -> u32 {
    let mut crc = flate2::Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// How an entry of a zip is written.
#[derive(Clone, Copy, Debug)]
enum How {
    Stored,
    Deflated,
    /// Lengths behind the data.
    Described,
}

fn zip(entries: &[(&str, &[u8], How)]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut directory = Vec::new();
    for (name, bytes, how) in entries {
        let packed = if matches!(how, How::Stored) { bytes.to_vec() } else { deflate(bytes) };
        let described = matches!(how, How::Described);
        let method: u16 = if matches!(how, How::Stored) { 0 } else { 8 };
        let (sum, n_in, n_out) =
            (crc(bytes), u32::try_from(packed.len()).unwrap(), u32::try_from(bytes.len()).unwrap());
        let numbers = |zero: bool| {
            let all = if zero { [0, 0, 0] } else { [sum, n_in, n_out] };
            all.iter().flat_map(|n| n.to_le_bytes()).collect::<Vec<u8>>()
        };
        let mut header = Vec::new();
        header.extend(20u16.to_le_bytes());
        header.extend(if described { 8u16 } else { 0 }.to_le_bytes());
        header.extend(method.to_le_bytes());
        header.extend([0; 4]);
        header.extend(numbers(described));
        header.extend(u16::try_from(name.len()).unwrap().to_le_bytes());
        header.extend(0u16.to_le_bytes());
        directory.extend(b"PK\x01\x02\x14\x00");
        directory.extend(&header);
        directory.extend([0; 14]);
        directory.extend(name.as_bytes());
        out.extend(b"PK\x03\x04");
        out.extend(header);
        out.extend(name.as_bytes());
        out.extend(packed);
        if described {
            out.extend(b"PK\x07\x08");
            out.extend(numbers(false));
        }
    }
    out.extend(directory);
    out.extend(b"PK\x05\x06");
    out.extend([0; 18]);
    out
}

fn tar(entries: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut member = |name: &str, kind: u8, bytes: &[u8]| {
        let mut header = [0u8; 512];
        let short = &name.as_bytes()[..name.len().min(100)];
        header[..short.len()].copy_from_slice(short);
        header[124..136].copy_from_slice(format!("{:011o}\0", bytes.len()).as_bytes());
        header[156] = kind;
        header[257..265].copy_from_slice(b"ustar\x0000");
        header[148..156].fill(b' ');
        let sum: u32 = header.iter().map(|b| u32::from(*b)).sum();
        header[148..156].copy_from_slice(format!("{sum:06o}\0 ").as_bytes());
        out.extend(header);
        out.extend(bytes);
        out.resize(out.len().next_multiple_of(512), 0);
    };
    for (name, bytes) in entries {
        if name.len() > 100 {
            member("././@LongLink", b'L', format!("{name}\0").as_bytes());
        }
        member(name, b'0', bytes);
    }
    out.resize(out.len() + 1024, 0);
    out
}

fn files(of: &[(&str, &[u8])]) -> Vec<(String, Vec<u8>)> {
    of.iter().map(|(name, bytes)| ((*name).to_owned(), bytes.to_vec())).collect()
}

#[test]
fn what_is_packed_comes_out() {
    let text = b"{\"resourceType\":\"Patient\"}\n".repeat(500);
    let long = format!("{}/b.json", "d".repeat(150));
    let inside: Vec<(&str, &[u8])> = vec![("a.ndjson", &text), ("d/empty.json", b""), (&long, b"{}")];
    assert_eq!(unpacked("a.json", &text).files, files(&[("a.json", &text)]));
    assert_eq!(unpacked("a.json.gz", &gz(&text)).files, files(&[("a.json", &text)]));
    let both = [gz(b"one"), gz(&text)].concat();
    assert_eq!(unpacked("a.gz", &both).files, files(&[("a", &[b"one", text.as_slice()].concat())]));
    let of = |archive: &str| -> Vec<(String, Vec<u8>)> {
        inside.iter().map(|(name, bytes)| (format!("{archive}/{name}"), bytes.to_vec())).collect()
    };
    assert_eq!(unpacked("x.tar", &tar(&inside)).files, of("x.tar"));
    assert_eq!(unpacked("x.tgz", &gz(&tar(&inside))).files, of("x.tar"));
    for how in [How::Stored, How::Deflated, How::Described] {
        let entries: Vec<(&str, &[u8], How)> = inside
            .iter()
            .map(|(n, b)| (*n, *b, if b.is_empty() && matches!(how, How::Stored) { How::Deflated } else { how }))
            .collect();
        let seen = unpacked("x.zip", &zip(&entries));
        assert_eq!((seen.files, seen.damaged), (of("x.zip"), vec![]), "{how:?}");
    }
    let nested =
        zip(&[("y.tar.gz", &gz(&tar(&[("z.json", b"{}")])), How::Stored), ("q.json.gz", &gz(b"[]"), How::Deflated)]);
    assert_eq!(unpacked("x.zip", &nested).files, files(&[("x.zip/y.tar/z.json", b"{}"), ("x.zip/q.json", b"[]")]));
}

#[test]
fn litter_and_names_that_point_outside_are_left_out() {
    let entries: Vec<(&str, &[u8])> = vec![
        ("../../etc/passwd", b"x"),
        ("/root.json", b"x"),
        ("a/../b.json", b"x"),
        ("C:\\x.json", b"x"),
        ("__MACOSX/._a.json", b"x"),
        ("a/.DS_Store", b"x"),
        ("fine.json", b"{}"),
    ];
    let zipped: Vec<(&str, &[u8], How)> = entries.iter().map(|(n, b)| (*n, *b, How::Deflated)).collect();
    for (name, bytes) in [("x.tar", tar(&entries)), ("x.zip", zip(&zipped))] {
        let seen = unpacked(name, &bytes);
        assert_eq!(seen.files, files(&[(&format!("{name}/fine.json"), b"{}")]));
        assert_eq!(seen.damaged.len(), 4, "{:?}", seen.damaged);
        assert!(seen.damaged.iter().all(|(_, why)| why.contains("points out of the archive")));
    }
}

#[test]
fn damage_is_said_and_what_came_before_is_taken() {
    let text: Vec<u8> = (0..60_000u32).flat_map(|i| format!("{} ", i * 7919 % 10_007).into_bytes()).collect();
    let packed = gz(&text);
    let cut = unpacked("a.gz", &packed[..packed.len() / 2]);
    assert!(cut.damaged[0].1.contains("cut"), "{:?}", cut.damaged);
    assert!(!cut.files[0].1.is_empty() && text.starts_with(&cut.files[0].1));
    let mut wrong = packed.clone();
    let at = wrong.len() - 6;
    wrong[at] ^= 1;
    assert!(unpacked("a.gz", &wrong).damaged[0].1.contains("checksum"));
    let whole = zip(&[("a.json", &text, How::Deflated), ("b.json", b"{}", How::Deflated)]);
    assert!(unpacked("x.zip", &whole[..whole.len() / 2]).damaged[0].1.contains("cut"));
    let mut wrong = whole.clone();
    wrong[14] ^= 1;
    let seen = unpacked("x.zip", &wrong);
    assert_eq!((seen.damaged[0].0.as_str(), seen.files.len()), ("x.zip/a.json", 2));
    let mut locked = whole;
    locked[6] |= 1;
    let seen = unpacked("x.zip", &locked);
    assert!(seen.damaged[0].1.contains("encrypted") && seen.files == files(&[("x.zip/b.json", b"{}")]));
    // A damaged file within a whole archive harms no other.
    let seen = unpacked("x.tar", &tar(&[("a.gz", &packed[..900]), ("b.json", b"{}")]));
    assert_eq!((seen.damaged.len(), seen.files.last().unwrap().0.as_str()), (1, "x.tar/b.json"));
    let whole = tar(&[("a", &text)]);
    assert!(unpacked("x.tar", &whole[..2000]).damaged[0].1.contains("cut"));
}

#[test]
fn bombs_are_put_out() {
    let zeros = vec![0u8; 1 << 20];
    let mut out = GzEncoder::new(Vec::new(), Compression::best());
    for _ in 0..200 {
        out.write_all(&zeros).unwrap();
    }
    let bomb = out.finish().unwrap();
    assert!(bomb.len() < 300_000);
    for (name, bytes) in
        [("a.gz", bomb.clone()), ("x.zip", zip(&[("a.gz", &bomb, How::Stored), ("b", b"{}", How::Stored)]))]
    {
        let seen = unpack(name, &bytes, 4096);
        assert_eq!(seen.damaged.len(), 1);
        assert!(seen.damaged[0].1.contains("times its size"), "{:?}", seen.damaged);
        assert!(seen.n_bytes < 80 << 20);
    }
    let deep = gz(&gz(&gz(&gz(b"{}"))));
    assert!(unpacked("a.gz", &deep).damaged[0].1.contains("three deep"));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_bytes_and_any_change_are_borne(
        which in 0usize..5, at in any::<prop::sample::Index>(), byte in any::<u8>(), end in any::<prop::sample::Index>(),
        size in 1usize..700,
    ) {
        let text = b"{\"resourceType\":\"Patient\",\"id\":\"1\"}\n".repeat(40);
        let mut bytes = match which {
            0 => gz(&text),
            1 => tar(&[("a.json", &text), ("b", b"{}")]),
            2 => zip(&[("a.json", &text, How::Described), ("b.json", b"{}", How::Stored)]),
            3 => gz(&tar(&[("a.json", &text)])),
            _ => zip(&[("a.gz", &gz(&text), How::Deflated)]),
        };
        let i = at.index(bytes.len());
        bytes[i] = byte;
        prop_assert_eq!(unpack("x", &bytes, usize::MAX), unpack("x", &bytes, size));
        bytes.truncate(end.index(bytes.len()));
        prop_assert_eq!(unpack("x", &bytes, usize::MAX), unpack("x", &bytes, size));
    }

    #[test]
    fn any_bytes(bytes in prop::collection::vec(any::<u8>(), 0..900), which in 0usize..4, size in 1usize..100) {
        let head: &[u8] = [&b"\x1f\x8b\x08\x00"[..], b"PK\x03\x04", b"", b"PK\x03\x04\x14\x00\x08\x00\x08\x00"][which];
        let all = [head, &bytes].concat();
        prop_assert_eq!(unpack("x", &all, usize::MAX), unpack("x", &all, size));
    }
}
