//! Runs the binary as a script would, and reads its one JSON document.

#![allow(dead_code, reason = "each test uses its part")]

use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;

/// What a run left behind.
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

/// Runs `rounds` with these words.
pub fn run(words: &[&str]) -> Run {
    let done = Command::new(env!("CARGO_BIN_EXE_rounds")).args(words).output().expect("the binary runs");
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).expect("text");
    Run { code: done.status.code().expect("no signal ended it"), out: text(&done.stdout), err: text(&done.stderr) }
}

/// The JSON document of a call that must succeed, and nothing else on stdout.
#[track_caller]
pub fn answer(words: &[&str]) -> Value {
    let done = run(words);
    assert_eq!(done.code, 0, "{words:?}: {}", done.err);
    one_document(&done.out)
}

/// Stdout as exactly one JSON document.
#[track_caller]
pub fn one_document(out: &str) -> Value {
    let documents: Vec<Value> =
        serde_json::Deserializer::from_str(out).into_iter().collect::<Result<_, _>>().expect("JSON on stdout");
    assert_eq!(documents.len(), 1, "{out}");
    documents.into_iter().next().expect("one document")
}

/// What a call that must fail with this status says; it prints nothing on stdout.
#[track_caller]
pub fn refusal(code: i32, words: &[&str]) -> String {
    let done = run(words);
    assert_eq!(done.code, code, "{words:?}: {}{}", done.out, done.err);
    assert_eq!(done.out, "", "{words:?}");
    assert!(!done.err.contains("panicked"), "{words:?}: {}", done.err);
    done.err
}

/// A folder that goes away.
pub fn folder() -> tempfile::TempDir {
    tempfile::tempdir().expect("a folder")
}

/// Writes a file and answers its path as a word.
pub fn file(folder: &Path, name: &str, text: impl AsRef<[u8]>) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("a file");
    word(&path)
}

/// A path as a word.
pub fn word(path: &Path) -> String {
    path.to_str().expect("text").to_owned()
}

/// A file of the repository.
pub fn repository(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(path)
}

/// A reference file that a committed R script made.
pub fn reference(name: &str) -> Value {
    let text = std::fs::read_to_string(repository(&format!("e2e/reference/{name}"))).expect("the reference");
    serde_json::from_str(&text).expect("JSON")
}

/// Numbers of a reference, also where R wrote a single one; null and the text NA are none.
pub fn numbers(value: &Value) -> Vec<Option<f64>> {
    match value {
        Value::Array(values) => values.iter().map(Value::as_f64).collect(),
        other => vec![other.as_f64()],
    }
}

/// Two numbers, or two absences, within a relative tolerance both ways.
#[track_caller]
pub fn close(what: &str, got: &Value, want: Option<f64>, tolerance: f64) {
    match (got.as_f64(), want) {
        (None, None) => assert!(got.is_null(), "{what}: {got}"),
        (Some(got), Some(want)) => {
            assert!((got - want).abs() <= tolerance * want.abs().max(1e-6), "{what}: {got} is not {want}");
        }
        (_, want) => panic!("{what}: {got} is not {want:?}"),
    }
}

/// The names of an object's fields.
#[track_caller]
pub fn fields(value: &Value, wanted: &[&str]) {
    let object = value.as_object().expect("an object");
    for name in wanted {
        assert!(object.contains_key(*name), "no field '{name}' in {:?}", object.keys().collect::<Vec<_>>());
    }
}
