//! `rounds notes` and `rounds screen`: a JSON line in, a JSON line out.

use std::io::{BufRead as _, BufReader, BufWriter, Write as _};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use clap::Args;
use protocol::{NoteRead, NoteScreened, NoteToRead, NoteToScreen, ReadNotes, ScreenNotes, SurrogatesFor};
use serde_json::{Map, Value, json};

use crate::session::{Session, file_name, secret};

/// Notes that the engine is asked about at a time.
const BATCH: usize = 256;

/// `rounds notes` and `rounds screen`.
#[derive(Args)]
pub struct NotesArgs {
    /// A JSON object a line: `id`, `text`; for `notes` also `target` (only the context of that phrase), for `screen` also
    /// `names` and `numbers` (lists: what is known of the patient).
    file: PathBuf,
}

/// `rounds screen`.
#[derive(Args)]
pub struct ScreenArgs {
    /// The notes.
    #[command(flatten)]
    notes: NotesArgs,
    /// Put something made up of the same kind in the place of identifiers, not tags: the same for all notes of a person, whom the
    /// field `person` names (without it, each note is a person's of its own).
    #[arg(long)]
    surrogates: bool,
    /// Leave only the year of a date, instead of moving it with the person's other dates.
    #[arg(long, requires = "surrogates")]
    years: bool,
    /// Makes surrogates repeatable, and the same as those of `rounds import` with this seed; without, they are random.
    #[arg(long, requires = "surrogates")]
    seed: Option<u64>,
}

/// A line of the file.
struct Line {
    number: usize,
    id: Value,
    fields: Map<String, Value>,
}

/// Findings with their context, a line a note.
pub fn notes(args: &NotesArgs) -> anyhow::Result<()> {
    let mut session = Session::new();
    let mut missing = 0_usize;
    each_batch(&args.file, |lines, out| {
        let mut notes = Vec::with_capacity(lines.len());
        for line in &mut *lines {
            let text = take_text(&args.file, line)?;
            let target = optional_text(&args.file, line, "target")?;
            notes.push(NoteToRead { text, target });
        }
        let read: Vec<NoteRead> = session.ask(ReadNotes { notes })?;
        for (line, note) in lines.iter().zip(read) {
            let mut document = json!({"id": line.id, "findings": note.findings});
            if let (Some(found), Some(object)) = (note.target_found, document.as_object_mut()) {
                missing += usize::from(!found);
                object.insert("target_found".to_owned(), json!(found));
            }
            write_line(out, &document)?;
        }
        Ok(())
    })?;
    if missing > 0 {
        eprintln!("rounds: {missing} targets do not stand in their texts: these lines have no finding.");
    }
    Ok(())
}

/// Notes with identifiers replaced, a line a note.
pub fn screen(args: &ScreenArgs) -> anyhow::Result<()> {
    let mut session = Session::new();
    let secret = if args.surrogates { Some(secret(args.seed)?) } else { None };
    let args_years = args.years;
    let args = &args.notes;
    each_batch(&args.file, |lines, out| {
        let mut notes = Vec::with_capacity(lines.len());
        for line in &mut *lines {
            let text = take_text(&args.file, line)?;
            let names = texts(&args.file, line, "names")?;
            let numbers = texts(&args.file, line, "numbers")?;
            let surrogates = match &secret {
                None => None,
                Some(secret) => {
                    let person = person(&args.file, line)?;
                    Some(SurrogatesFor { secret: secret.clone(), person, years_only: args_years })
                }
            };
            notes.push(NoteToScreen { text, names, numbers, surrogates });
        }
        let screened: Vec<NoteScreened> = session.ask(ScreenNotes { notes })?;
        for (line, note) in lines.iter().zip(screened) {
            write_line(out, &json!({"id": line.id, "identifiers": note.identifiers, "text": note.text}))?;
        }
        Ok(())
    })
}

/// Reads the file in batches; a closed pipe at the other end is no failure of ours.
fn each_batch(
    path: &Path,
    mut call: impl FnMut(&mut Vec<Line>, &mut BufWriter<std::io::StdoutLock<'static>>) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let name = file_name(path);
    let file = std::fs::File::open(path).with_context(|| format!("{} cannot be opened", path.display()))?;
    let mut out = BufWriter::new(std::io::stdout().lock());
    let mut batch = Vec::with_capacity(BATCH);
    let mut run = |batch: &mut Vec<Line>| -> anyhow::Result<bool> {
        let done = call(batch, &mut out).and_then(|()| Ok(out.flush()?));
        batch.clear();
        match done {
            Err(error) if closed(&error) => Ok(false),
            other => other.map(|()| true),
        }
    };
    for (i, text) in BufReader::new(file).lines().enumerate() {
        let number = i + 1;
        let text = match text {
            Ok(text) => text,
            Err(error) => {
                run(&mut batch)?;
                return Err(error)
                    .with_context(|| format!("{name}, line {number} is not UTF-8 text or cannot be read"));
            }
        };
        let text = if i == 0 { text.trim_start_matches('\u{feff}') } else { &text };
        if text.trim().is_empty() {
            continue;
        }
        match line(&name, number, text) {
            Ok(line) => batch.push(line),
            Err(error) => {
                run(&mut batch)?;
                return Err(error);
            }
        }
        if batch.len() >= BATCH && !run(&mut batch)? {
            return Ok(());
        }
    }
    run(&mut batch)?;
    Ok(())
}

fn closed(error: &anyhow::Error) -> bool {
    error.downcast_ref::<std::io::Error>().is_some_and(|e| e.kind() == std::io::ErrorKind::BrokenPipe)
}

fn line(name: &str, number: usize, text: &str) -> anyhow::Result<Line> {
    let value: Value = serde_json::from_str(text).with_context(|| {
        format!("{name}, line {number} is not JSON. Give one object a line: {{\"id\": ..., \"text\": ...}}")
    })?;
    let Value::Object(mut fields) = value else {
        bail!("{name}, line {number} is no JSON object. Give one object a line: {{\"id\": ..., \"text\": ...}}");
    };
    let id = fields.remove("id").unwrap_or(Value::Null);
    Ok(Line { number, id, fields })
}

fn take_text(path: &Path, line: &mut Line) -> anyhow::Result<String> {
    match line.fields.remove("text") {
        Some(Value::String(text)) => Ok(text),
        Some(_) => bail!("{}, line {}, field 'text' is no text.", file_name(path), line.number),
        None => bail!("{}, line {} has no field 'text'. Put the note's text there.", file_name(path), line.number),
    }
}

/// Whose note it is: the field `person`, else the note's id, else its line.
fn person(path: &Path, line: &mut Line) -> anyhow::Result<String> {
    match line.fields.remove("person") {
        None | Some(Value::Null) => {}
        Some(Value::String(text)) => return Ok(text),
        Some(Value::Number(number)) => return Ok(number.to_string()),
        Some(_) => {
            bail!("{}, line {}, field 'person' is neither a text nor a number.", file_name(path), line.number)
        }
    }
    Ok(match &line.id {
        Value::Null => format!("line {}", line.number),
        Value::String(text) => text.clone(),
        id => id.to_string(),
    })
}

fn optional_text(path: &Path, line: &mut Line, field: &str) -> anyhow::Result<Option<String>> {
    match line.fields.remove(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(text)) => Ok(Some(text)),
        Some(_) => bail!("{}, line {}, field '{field}' is no text.", file_name(path), line.number),
    }
}

/// A list of texts; numbers in it count as texts.
fn texts(path: &Path, line: &mut Line, field: &str) -> anyhow::Result<Vec<String>> {
    let wrong = || anyhow::anyhow!("{}, line {}, field '{field}' is no list of texts.", file_name(path), line.number);
    match line.fields.remove(field) {
        None | Some(Value::Null) => Ok(Vec::new()),
        Some(Value::Array(values)) => values
            .into_iter()
            .map(|value| match value {
                Value::String(text) => Ok(text),
                Value::Number(number) => Ok(number.to_string()),
                _ => Err(wrong()),
            })
            .collect(),
        Some(_) => Err(wrong()),
    }
}

fn write_line(out: &mut impl std::io::Write, value: &Value) -> anyhow::Result<()> {
    serde_json::to_writer(&mut *out, value).map_err(std::io::Error::from)?;
    out.write_all(b"\n")?;
    Ok(())
}
