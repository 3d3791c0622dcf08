//! Datasets of every older format are read for ever: one file of each is kept.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use crate::support;

use protocol::{DescribeDataset, ReadRounds};
use support::{Host, words};

/// Written by version 0.1.0 before BLAKE3: three rows (id, days, died, arm), chunks named by SHA-256.
const VERSION_1: &[u8] = include_bytes!("../fixtures/dataset-v1.rounds");

#[test]
fn a_dataset_of_version_1_is_read_and_its_damage_seen() {
    let mut host = Host::new();
    let (read, chunks) = host.ask_with(ReadRounds { header_only: false }, vec![VERSION_1.to_vec()]).unwrap();
    assert_eq!((read.header.schema_version, read.header.n_persons), (1, 3));
    assert_eq!(read.header.id.0, "35fdd66053c2e5f8");
    assert_eq!(chunks.len(), 5);
    let contents = host.ask(DescribeDataset { dataset: read.header.id.clone() }).unwrap();
    let names: Vec<&str> = contents.variables.iter().map(|v| v.name.as_str()).collect();
    assert_eq!(names, ["days", "died", "arm", "note"]);

    // A byte of a value changed behind the archive's back: the chunk is another than the header names.
    let mut header = read.header;
    let first = &mut header.tables[0].columns[0].chunks[0];
    assert!(first.blake3.is_none());
    first.sha256 = first.sha256.as_ref().map(|digest| digest.replace(|c: char| c.is_ascii_digit(), "f"));
    let said = words(host.ask_with(protocol::LoadDataset { header: header.clone() }, chunks.clone()));
    assert!(said.contains("damaged"), "{said}");
    header.tables[0].columns[0].chunks[0].sha256 = None;
    assert!(words(host.ask_with(protocol::LoadDataset { header }, chunks)).contains("damaged"));
}
