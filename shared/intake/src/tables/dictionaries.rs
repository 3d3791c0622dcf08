//! Tables with a code and its words, and the codes of other tables that get them.

use std::collections::BTreeMap;

use model::intake::FileCount;
use rustc_hash::{FxHashMap, FxHashSet};

use super::store::{Concept, Store};
use super::systems;
use crate::csv::joined::Persons;
use crate::interned::NO_TEXT;
use crate::report::{Reporter, counted};

/// A column of codes in a table: concepts or words of it are looked for in the dictionaries.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Reference {
    pub(super) file: u32,
    pub(super) column: String,
    pub(super) version: String,
    /// The codes are the answers of a column of visits, not what was asked.
    pub(super) are_answers: bool,
}

/// A code and its version.
type Key = (Box<str>, Box<str>);

/// What a dictionary says of a code.
struct Entry {
    label: String,
    category: String,
    unit: String,
}

/// A table with codes and their words.
pub(super) struct Dictionary {
    /// Number of its file.
    file: u32,
    of: Vec<String>,
    entries: FxHashMap<Key, Entry>,
    used: FxHashSet<Key>,
    /// All words, and those that several codes have.
    labels: FxHashSet<String>,
    shared: FxHashSet<String>,
    /// Rows that say something else of a code that was there.
    n_odd: u64,
}

/// What a row of a dictionary says.
pub(super) struct Said<'a> {
    pub(super) code: &'a str,
    pub(super) version: &'a str,
    pub(super) label: &'a str,
    pub(super) category: &'a str,
    pub(super) unit: &'a str,
}

impl Dictionary {
    pub(super) fn new(file: u32, of: &[String]) -> Self {
        Self {
            file,
            of: of.to_vec(),
            entries: FxHashMap::default(),
            used: FxHashSet::default(),
            labels: FxHashSet::default(),
            shared: FxHashSet::default(),
            n_odd: 0,
        }
    }

    /// Takes a row; of several of one code the first counts.
    pub(super) fn add(&mut self, said: &Said<'_>) {
        let key = (code_of(said.code).into(), systems::version(said.version).into());
        if let Some(known) = self.entries.get(&key) {
            self.n_odd += u64::from(known.label != said.label);
            return;
        }
        let entry =
            Entry { label: said.label.to_owned(), category: said.category.to_owned(), unit: said.unit.to_owned() };
        if !self.labels.insert(entry.label.clone()) {
            self.shared.insert(entry.label.clone());
        }
        self.entries.insert(key, entry);
    }

    fn key(&self, code: &str, version: &str) -> Option<Key> {
        let key: Key = (code_of(code).into(), systems::version(version).into());
        if self.entries.contains_key(&key) {
            return Some(key);
        }
        // Where only one of both tables has versions.
        let plain: Key = (key.0, "".into());
        self.entries.contains_key(&plain).then_some(plain)
    }

    /// The words of a code, with its kind where several codes have these words; and its unit.
    fn words(&mut self, code: &str, version: &str) -> Option<(String, String)> {
        let key = self.key(code, version)?;
        let entry = self.entries.get(&key)?;
        let is_shared = self.shared.contains(&entry.label) && !entry.category.is_empty();
        let words = if is_shared { format!("{} ({})", entry.label, entry.category) } else { entry.label.clone() };
        let out = (words, entry.unit.clone());
        self.used.insert(key);
        Some(out)
    }
}

/// A code as tables write it: `50912.0` of one that was read as a number somewhere is `50912`.
fn code_of(text: &str) -> &str {
    let text = text.trim();
    text.strip_suffix(".0").filter(|head| head.bytes().all(|b| b.is_ascii_digit())).unwrap_or(text)
}

/// Codes of a column that are in no dictionary, and those that are.
#[derive(Default)]
struct Found {
    n: u64,
    n_not: u64,
}

/// Gives codes their words: names of concepts, answers of visits, levels of the persons' columns.
pub(super) fn settle(store: &mut Store, persons: &mut [Persons], files: &mut [FileCount], reporter: &mut Reporter) {
    let mut all = std::mem::take(&mut store.dictionaries);
    if all.is_empty() {
        return;
    }
    let mut found: BTreeMap<(String, String), Found> = BTreeMap::new();
    concepts(store, &mut all, files, &mut found);
    answers(store, &mut all, files, &mut found);
    units(store, &mut all, files, &mut found);
    for table in persons {
        levels(table, &mut all, &mut found);
    }
    for ((table, column), of) in found {
        if of.n_not > 0 {
            let (n, all) = (of.n_not, of.n + of.n_not);
            let codes = counted(n, "code", "codes");
            let rest =
                if n == 1 { "is in no dictionary and has no words" } else { "are in no dictionary and have no words" };
            reporter.warn(format!("{table}: {codes} of '{column}' (of {all}) {rest}."));
        }
    }
    for dictionary in &all {
        let Some(file) = files.get_mut(dictionary.file as usize) else { continue };
        let n = dictionary.used.len() as u64;
        file.rows_kept += n;
        file.rows_not_used = file.rows_not_used.saturating_sub(n);
        let codes = counted(n, "code of another table has its words", "codes of other tables have their words");
        reporter.warn(format!("{}: {codes} from it. Its other rows were not used.", file.file));
        if dictionary.n_odd > 0 {
            let rows = counted(dictionary.n_odd, "row gives", "rows give");
            reporter.warn(format!("{}: {rows} other words to a code that was there: the first count.", file.file));
        }
    }
}

/// The dictionary for a column that knows the most of its codes.
fn best(all: &[Dictionary], column: &str, codes: &[(&str, &str)]) -> Option<usize> {
    let is_of = |d: &Dictionary| d.of.iter().any(|c| c.eq_ignore_ascii_case(column));
    let n = |d: &Dictionary| codes.iter().filter(|(code, version)| d.key(code, version).is_some()).count();
    let counts = all.iter().enumerate().filter(|(_, d)| is_of(d)).map(|(i, d)| (n(d), i));
    counts.max_by_key(|(n, i)| (*n, std::cmp::Reverse(*i))).map(|(_, i)| i)
}

fn file_of(files: &[FileCount], file: u32) -> String {
    files.get(file as usize).map(|f| f.file.clone()).unwrap_or_default()
}

fn concepts(
    store: &mut Store,
    all: &mut [Dictionary],
    files: &[FileCount],
    found: &mut BTreeMap<(String, String), Found>,
) {
    let mut by_number = store.concepts();
    let mut of_column: BTreeMap<(u32, String), Vec<usize>> = BTreeMap::new();
    for (i, concept) in by_number.iter().enumerate() {
        if let Some(reference) = store.reference(concept.of).filter(|r| !r.are_answers)
            && (concept.display == concept.code || concept.display.ends_with(&format!(":{}", concept.code)))
        {
            of_column.entry((reference.file, reference.column.clone())).or_default().push(i);
        }
    }
    let mut units: FxHashMap<u32, u32> = FxHashMap::default();
    for ((file, column), numbers) in of_column {
        let codes: Vec<(String, String)> = numbers
            .iter()
            .filter_map(|i| by_number.get(*i))
            .map(|c| (c.display.clone(), store.reference(c.of).map(|r| r.version.clone()).unwrap_or_default()))
            .collect();
        let borrowed: Vec<(&str, &str)> = codes.iter().map(|(c, v)| (c.as_str(), v.as_str())).collect();
        let Some(dictionary) = best(all, &column, &borrowed).and_then(|i| all.get_mut(i)) else { continue };
        let counts = found.entry((file_of(files, file), column)).or_default();
        for (number, (code, version)) in numbers.into_iter().zip(&codes) {
            let Some(concept) = by_number.get_mut(number) else { continue };
            let Some((words, unit)) = dictionary.words(code, version) else {
                counts.n_not += 1;
                continue;
            };
            counts.n += 1;
            concept.display = words;
            if !unit.is_empty() {
                let unit = store.texts.intern(crate::units::ucum_of_any(&unit).unwrap_or(&unit));
                units.insert(u32::try_from(number).unwrap_or(u32::MAX), unit);
            }
        }
    }
    store.set_concepts(by_number);
    for event in &mut store.events {
        if event.unit == NO_TEXT
            && event.value().is_some()
            && let Some(unit) = units.get(&event.concept)
        {
            event.unit = *unit;
        }
    }
}

/// Answers of visits that are codes.
fn answers(
    store: &mut Store,
    all: &mut [Dictionary],
    files: &[FileCount],
    found: &mut BTreeMap<(String, String), Found>,
) {
    let are = |c: &Concept| store.reference(c.of).filter(|r| r.are_answers).map(|r| (r.file, r.column.clone()));
    let columns: Vec<(u32, (u32, String))> = store.concepts_with(are);
    for (concept, (file, column)) in columns {
        let texts = store.events.iter().filter(|e| e.concept == concept).map(|e| e.text).collect();
        let of = (file_of(files, file), column);
        let words = worded(store, texts, all, of, found, |words| words.to_owned());
        for event in store.events.iter_mut().filter(|e| e.concept == concept) {
            event.text = words.get(&event.text).copied().unwrap_or(event.text);
        }
    }
}

/// Units that are codes.
fn units(
    store: &mut Store,
    all: &mut [Dictionary],
    files: &[FileCount],
    found: &mut BTreeMap<(String, String), Found>,
) {
    for (file, column) in std::mem::take(&mut store.unit_columns) {
        let of_file = |e: &&super::store::Event| e.place.file == file && e.unit != NO_TEXT;
        let numbers = store.events.iter().filter(of_file).map(|e| e.unit).collect();
        let of = (file_of(files, file), column);
        let ucum = |words: &str| crate::units::ucum_of_any(words).unwrap_or(words).to_owned();
        let units = worded(store, numbers, all, of, found, ucum);
        for event in store.events.iter_mut().filter(|e| e.place.file == file) {
            event.unit = units.get(&event.unit).copied().unwrap_or(event.unit);
        }
    }
}

/// The numbers of the words of codes that are texts by number, by the dictionary that knows the most of them; `written` is how
/// its words are stored. `of`: table and column.
fn worded(
    store: &mut Store,
    mut numbers: Vec<u32>,
    all: &mut [Dictionary],
    of: (String, String),
    found: &mut BTreeMap<(String, String), Found>,
    written: impl Fn(&str) -> String,
) -> FxHashMap<u32, u32> {
    numbers.sort_unstable();
    numbers.dedup();
    let codes: Vec<(u32, String)> =
        numbers.into_iter().filter_map(|t| Some((t, store.texts.get(t)?.to_owned()))).collect();
    let borrowed: Vec<(&str, &str)> = codes.iter().map(|(_, c)| (c.as_str(), "")).collect();
    let mut out = FxHashMap::default();
    let Some(dictionary) = best(all, &of.1, &borrowed).and_then(|i| all.get_mut(i)) else { return out };
    let counts = found.entry(of).or_default();
    for (number, code) in &codes {
        match dictionary.words(code, "") {
            Some((words, _)) => {
                counts.n += 1;
                out.insert(*number, store.texts.intern(&written(&words)));
            }
            None => counts.n_not += 1,
        }
    }
    out
}

/// Levels of the columns of persons that are codes.
fn levels(table: &mut Persons, all: &mut [Dictionary], found: &mut BTreeMap<(String, String), Found>) {
    for (column, levels) in table.levels() {
        let borrowed: Vec<(&str, &str)> = levels.iter().map(|level| (level.as_str(), "")).collect();
        let Some(dictionary) = best(all, &column, &borrowed).and_then(|i| all.get_mut(i)) else { continue };
        let words: Vec<Option<String>> = levels.iter().map(|level| Some(dictionary.words(level, "")?.0)).collect();
        let counts = found.entry((table.name(), column.clone())).or_default();
        let n_not = words.iter().filter(|w| w.is_none()).count() as u64;
        counts.n += words.len() as u64 - n_not;
        counts.n_not += n_not;
        table.relabel(&column, &levels, &words);
    }
}
