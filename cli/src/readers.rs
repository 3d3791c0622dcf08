//! Files and notes read on several threads, and taken in order: the dataset is the same as from one.

use std::collections::BTreeMap;
use std::io::{Read as _, Seek as _, SeekFrom};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, mpsc};

use anyhow::{Context as _, anyhow};
use engine::pieces::{FhirReader, Load, Piece, Shape, can_be_cut, error, is_named_lines, plan, zip_parts};

/// Bytes read at a time.
const SLICE: u64 = 8 << 20;
/// Bytes that tell whether a file holds a resource a line; lines are rarely longer.
const HEAD: u64 = 1 << 20;
/// Pieces of work that wait for each thread.
const AHEAD: usize = 3;

/// Threads that the machine runs at once.
pub fn n_threads() -> usize {
    std::thread::available_parallelism().map_or(1, std::num::NonZero::get).min(16)
}

/// Makes pieces of work, has them done on several threads, and takes what comes of them in the order in which they were made.
pub fn in_order<T: Send, R: Send, S>(
    state: &mut S,
    mut make: impl FnMut(&mut S) -> anyhow::Result<Option<T>>,
    work: impl Fn(T) -> anyhow::Result<R> + Sync,
    mut take: impl FnMut(&mut S, R) -> anyhow::Result<()>,
) -> anyhow::Result<()> {
    let n_threads = n_threads();
    let (jobs, waiting) = mpsc::channel::<(usize, T)>();
    let (work, waiting) = (&work, &Mutex::new(waiting));
    std::thread::scope(|scope| {
        // Whatever happens, they end here, and with them the threads.
        let jobs = jobs;
        let (done, results) = mpsc::channel();
        for _ in 0..n_threads {
            let done = done.clone();
            scope.spawn(move || {
                loop {
                    // A thread that panicked while it waited would have poisoned it: then this one ends too.
                    let Ok(Ok((i, job))) = waiting.lock().map(|waiting| waiting.recv()) else { break };
                    if done.send((i, work(job))).is_err() {
                        break;
                    }
                }
            });
        }
        drop(done);
        let (mut n_made, mut n_taken, mut more) = (0, 0, true);
        let mut ready = BTreeMap::new();
        loop {
            while more && n_made - n_taken < n_threads * AHEAD {
                match make(state)? {
                    Some(job) => jobs.send((n_made, job)).map_err(|_gone| anyhow!("all threads have ended"))?,
                    None => more = false,
                }
                n_made += usize::from(more);
            }
            if n_taken == n_made {
                return Ok(());
            }
            while !ready.contains_key(&n_taken) {
                let (i, result) = results.recv().context("a thread has ended in the middle of its work")?;
                ready.insert(i, result);
            }
            if let Some(result) = ready.remove(&n_taken) {
                take(state, result?)?;
            }
            n_taken += 1;
        }
    })
}

/// What came of a load.
pub enum Loaded {
    /// What was read of some pieces.
    Parcel(Vec<u8>),
    /// The import reads this file itself.
    Here(usize),
}

/// Plans the reading of files.
pub fn loads(files: &[(String, PathBuf)]) -> anyhow::Result<Vec<Load>> {
    let shapes: anyhow::Result<Vec<_>> = files.iter().map(|(name, path)| shape(name, path)).collect();
    Ok(plan(&shapes?))
}

fn shape(name: &str, path: &Path) -> anyhow::Result<(u64, Shape)> {
    let unread = || format!("{} cannot be read", path.display());
    let size = std::fs::metadata(path).with_context(unread)?.len();
    let lower = name.to_lowercase();
    if lower.ends_with(".zip") {
        let from = size.saturating_sub(zip_parts::END_BYTES);
        let end = part(path, from..size).with_context(unread)?;
        let directory = zip_parts::directory(&end, size).map(|at| part(path, at)).transpose().with_context(unread)?;
        let starts = directory.and_then(|directory| zip_parts::starts(&directory));
        return Ok((size, starts.map_or(Shape::Whole, Shape::Zip)));
    }
    let cut = is_named_lines(name) && size > HEAD && can_be_cut(name, &part(path, 0..HEAD).with_context(unread)?);
    Ok((size, if cut { Shape::Lines } else { Shape::Whole }))
}

fn part(path: &Path, bytes: std::ops::Range<u64>) -> std::io::Result<Vec<u8>> {
    let mut file = std::fs::File::open(path)?;
    file.seek(SeekFrom::Start(bytes.start))?;
    let mut out = Vec::new();
    file.take(bytes.end - bytes.start).read_to_end(&mut out)?;
    Ok(out)
}

/// Reads what a load asks for.
///
/// `adds`: for an import that is added to a dataset.
pub fn load(load: Load, files: &[(String, PathBuf)], adds: bool) -> anyhow::Result<Loaded> {
    let pieces = match load {
        Load::Here(file) => return Ok(Loaded::Here(file)),
        Load::Apart(pieces) => pieces,
    };
    let mut reader = FhirReader::new(adds);
    for piece in &pieces {
        read(&mut reader, piece, files)?;
    }
    Ok(Loaded::Parcel(reader.parcel().map_err(|e| error(&e))?))
}

fn read(reader: &mut FhirReader, piece: &Piece, files: &[(String, PathBuf)]) -> anyhow::Result<()> {
    let (name, path) = files.get(piece.file).context("a file is missing")?;
    let unread = || format!("{} cannot be read", path.display());
    reader.begin(name, piece).map_err(|e| error(&e))?;
    while let Some(range) = reader.wants(SLICE) {
        let wanted = range.end - range.start;
        let bytes = part(path, range).with_context(unread)?;
        if (bytes.len() as u64) < wanted {
            return Err(anyhow!("the file became shorter while it was read")).with_context(unread);
        }
        reader.take(&bytes).map_err(|e| error(&e))?;
    }
    Ok(())
}
