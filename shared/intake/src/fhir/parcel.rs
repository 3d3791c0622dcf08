//! What was read of files, on its way from one reader to the import.
//!
//! Reading is most of the work of an import, and the files do not ask for one another before its end: several
//! [`FhirReader`]s read at once, and the import takes their parcels in the order of the files, as if it had read them
//! itself ([`super::FhirImport::absorb`]). A parcel holds the lists of its own reader (texts, concepts, servers) and, in order, what
//! each resource gave; numbers are those of the import from then on.

use std::borrow::Cow;
use std::ops::Range;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use super::cut::Cutter;
use super::keeper::Keeper;
use super::plan::{How, OVER, Piece};
use super::reader::Reader;
use super::reference::Key;
use super::request::Search;
use super::sink::{At, Sink};
use super::store::{Concept, Draft, Event, Link, Lists, NONE, Note, Patient, Told};
use super::take::{Head, Worth};
use crate::IntakeError;
use crate::archive::{Files, Unpacker};
use crate::report::Flaw;

/// Which part of a file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Part {
    /// The file begins with it.
    pub(super) first: bool,
    /// The file ends with it.
    pub(super) last: bool,
}

impl Part {
    /// The whole file.
    pub(super) const WHOLE: Part = Part { first: true, last: true };
}

/// Reads files, or pieces of files, into parcels.
pub struct FhirReader {
    reader: Reader,
    packer: Packer,
    open: Option<Open>,
}

/// The piece that is being read.
struct Open {
    /// Of what may be an archive.
    file: Option<Unpacker>,
    cutter: Option<Cutter>,
    /// Bytes that are still to be read.
    rest: Range<u64>,
    goes_on: bool,
}

impl std::fmt::Debug for FhirReader {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("FhirReader").finish_non_exhaustive()
    }
}

impl FhirReader {
    /// A reader. `adds`: for an import that is added to a dataset, whose persons references may name.
    #[must_use]
    pub fn new(adds: bool) -> Self {
        Self { reader: Reader::default(), packer: Packer::new(adds), open: None }
    }

    /// Begins a piece of the file of this name.
    ///
    /// # Errors
    /// As [`FhirReader::take`], of the end of the one before.
    pub fn begin(&mut self, name: &str, piece: &Piece) -> Result<(), IntakeError> {
        self.end()?;
        let lines = piece.how == How::Lines;
        if lines {
            let part = Part { first: piece.bytes.start == 0, last: !piece.goes_on() };
            self.reader.begin_part(name, part, &mut self.packer);
        }
        self.open = Some(Open {
            file: (!lines).then(|| Unpacker::new(name)),
            cutter: lines.then(|| Cutter::new(piece.bytes.clone(), piece.size)),
            rest: piece.bytes.clone(),
            goes_on: piece.how == How::Entries && piece.goes_on(),
        });
        Ok(())
    }

    /// The bytes of the file that are to be read next, at most `most`; nothing when the piece is read.
    #[must_use]
    pub fn wants(&self, most: u64) -> Option<Range<u64>> {
        let Open { cutter, rest, .. } = self.open.as_ref()?;
        match cutter {
            Some(cutter) => cutter.wants(most),
            None => (!rest.is_empty()).then(|| rest.start..(rest.start + most).min(rest.end)),
        }
    }

    /// Takes the bytes that were wanted.
    ///
    /// # Errors
    /// If they cannot be packed.
    pub fn take(&mut self, bytes: &[u8]) -> Result<(), IntakeError> {
        let Some(Open { file, cutter, rest, .. }) = &mut self.open else { return Ok(()) };
        rest.start += bytes.len() as u64;
        let bytes = cutter.as_mut().map_or(bytes, |cutter| cutter.take(bytes));
        match file {
            Some(file) => file.push(bytes, &mut Inside { reader: &mut self.reader, packer: &mut self.packer }),
            None => self.reader.push(bytes, &mut self.packer),
        }
    }

    fn end(&mut self) -> Result<(), IntakeError> {
        let Some(Open { file, goes_on, .. }) = self.open.take() else { return Ok(()) };
        match file {
            Some(mut file) => {
                let mut inside = Inside { reader: &mut self.reader, packer: &mut self.packer };
                if goes_on {
                    file.push(OVER, &mut inside)?;
                }
                file.end(&mut inside)?;
            }
            None => self.reader.end_file(&mut self.packer),
        }
        match self.packer.fault.take() {
            Some(e) => Err(IntakeError::Pack(e.to_string())),
            None => Ok(()),
        }
    }

    /// What was read since the last parcel.
    ///
    /// # Errors
    /// As [`FhirReader::take`].
    pub fn parcel(&mut self) -> Result<Vec<u8>, IntakeError> {
        self.end()?;
        self.packer.step(&Step::Over);
        let adds = self.packer.lists.subject_ids.is_some();
        let Packer { lists, steps, .. } = std::mem::replace(&mut self.packer, Packer::new(adds));
        let mut out = postcard::to_stdvec(&Words::of(&lists)).map_err(|e| IntakeError::Pack(e.to_string()))?;
        out.extend_from_slice(&steps);
        Ok(out)
    }
}

/// The files within one.
struct Inside<'a> {
    reader: &'a mut Reader,
    packer: &'a mut Packer,
}

impl Files for Inside<'_> {
    fn begin(&mut self, name: &str) -> Result<(), IntakeError> {
        self.reader.begin_file(name, self.packer);
        Ok(())
    }

    fn bytes(&mut self, bytes: &[u8]) -> Result<(), IntakeError> {
        self.reader.push(bytes, self.packer)
    }

    fn end(&mut self) -> Result<(), IntakeError> {
        self.reader.end_file(self.packer);
        Ok(())
    }

    fn damaged(&mut self, name: &str, reason: &str) -> Result<(), IntakeError> {
        self.reader.end_file(self.packer);
        self.packer.damaged(name, reason);
        Ok(())
    }
}

/// The lists of a reader.
#[derive(Serialize, Deserialize)]
struct Words<'a> {
    bases: Vec<Cow<'a, [u8]>>,
    /// By number from 1, and whether somebody wrote it.
    texts: Vec<(Cow<'a, str>, bool)>,
    concepts: Cow<'a, [Concept]>,
    links: Cow<'a, [Link]>,
    subject_ids: Vec<(Key, Cow<'a, str>)>,
    told: Vec<Told>,
}

impl<'a> Words<'a> {
    fn of(lists: &'a Lists) -> Self {
        let ids = lists.subject_ids.iter().flatten();
        let mut subject_ids: Vec<_> = ids.map(|(key, id)| (*key, Cow::Borrowed(id.as_str()))).collect();
        crate::order::sort(&mut subject_ids);
        let texts = (1..).zip(lists.texts.list());
        Self {
            bases: lists.bases.list().into_iter().map(Cow::Borrowed).collect(),
            texts: texts.map(|(i, text)| (Cow::Borrowed(text), lists.texts.is_free(i))).collect(),
            concepts: Cow::Borrowed(&lists.concepts.all),
            links: Cow::Borrowed(&lists.links),
            subject_ids,
            told: lists.told.clone(),
        }
    }
}

/// What was read, in order.
#[derive(Serialize, Deserialize)]
#[expect(clippy::large_enum_variant, reason = "one at a time, on the stack: a box each would cost more")]
enum Step<'a> {
    BeginFile(Cow<'a, str>),
    EndFile,
    EndPart(u64),
    Damaged(Cow<'a, str>, Cow<'a, str>),
    Warn(Cow<'a, str>),
    Resource(Head, Worth, Taken<'a>, At),
    Withdraw(Head, At),
    OtherType(Cow<'a, str>),
    NotUsed(Cow<'a, str>, Cow<'a, str>, u64),
    Reject(Cow<'a, str>, At, Flaw),
    /// Nothing follows: the parcel is whole.
    Over,
}

/// A draft, borrowed on its way out.
#[expect(clippy::large_enum_variant, reason = "one at a time, on the stack: a box each would cost more")]
enum Taken<'a> {
    Out(&'a Draft),
    In(Draft),
}

impl Serialize for Taken<'_> {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        match self {
            Taken::Out(draft) => draft.serialize(to),
            Taken::In(draft) => draft.serialize(to),
        }
    }
}

impl<'de> Deserialize<'de> for Taken<'_> {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Draft::deserialize(from).map(Taken::In)
    }
}

/// Packs what was read.
struct Packer {
    lists: Lists,
    steps: Vec<u8>,
    fault: Option<postcard::Error>,
}

impl Packer {
    fn new(adds: bool) -> Self {
        let lists = Lists { subject_ids: adds.then(FxHashMap::default), ..Lists::default() };
        Self { lists, steps: Vec::new(), fault: None }
    }

    fn step(&mut self, step: &Step<'_>) {
        match postcard::to_extend(step, std::mem::take(&mut self.steps)) {
            Ok(steps) => self.steps = steps,
            Err(e) => self.fault = Some(e),
        }
    }
}

impl Sink for Packer {
    fn lists(&mut self) -> &mut Lists {
        &mut self.lists
    }

    fn begin_file(&mut self, name: &str) {
        self.step(&Step::BeginFile(name.into()));
    }

    fn end_file(&mut self) {
        self.step(&Step::EndFile);
    }

    fn end_part(&mut self, n_lines: u64) {
        self.step(&Step::EndPart(n_lines));
    }

    fn damaged(&mut self, name: &str, reason: &str) {
        self.step(&Step::Damaged(name.into(), reason.into()));
    }

    fn warn(&mut self, text: String) {
        self.step(&Step::Warn(text.into()));
    }

    fn resource(&mut self, head: Head, worth: Worth, draft: &mut Draft, at: At) {
        self.step(&Step::Resource(head, worth, Taken::Out(draft), at));
    }

    fn withdraw(&mut self, head: Head, at: At) {
        self.step(&Step::Withdraw(head, at));
    }

    fn other_type(&mut self, name: &str) {
        self.step(&Step::OtherType(name.into()));
    }

    fn not_used(&mut self, name: &str, why: &str, n: u64) {
        self.step(&Step::NotUsed(name.into(), why.into(), n));
    }

    fn reject(&mut self, name: &str, at: At, flaw: Flaw) {
        self.step(&Step::Reject(name.into(), at, flaw));
    }
}

/// The numbers of an import, by those of a reader.
struct Numbers {
    bases: Vec<u32>,
    texts: Vec<u32>,
    concepts: Vec<u32>,
    told: Vec<u32>,
    n_links: u32,
}

impl Numbers {
    /// Takes the lists of a reader into those of the import.
    fn new(words: Words<'_>, lists: &mut Lists) -> Self {
        let bases: Vec<u32> = words.bases.iter().map(|address| lists.bases.number(address)).collect();
        let number = |(text, free): &(Cow<'_, str>, bool)| match free {
            true => lists.texts.free(text),
            false => lists.texts.coded(text),
        };
        let texts = std::iter::once(0).chain(words.texts.iter().map(number)).collect();
        let concepts = words.concepts.iter().map(|c| lists.concepts.number(&c.system, &c.code, &c.display)).collect();
        let told = words.told.into_iter().map(|told| lists.told_of(told)).collect();
        let n_links = u32::try_from(lists.links.len()).unwrap_or(NONE);
        let numbers = Self { bases, texts, concepts, told, n_links };
        lists.links.extend(words.links.iter().map(|link| Link {
            key: link.key.map(|key| numbers.key(key)),
            spoken: link.spoken.map(|concept| numbers.concept(concept)),
            ..*link
        }));
        if let Some(ids) = &mut lists.subject_ids {
            for (key, id) in words.subject_ids {
                ids.entry(numbers.key(key)).or_insert_with(|| id.into_owned());
            }
        }
        numbers
    }

    fn key(&self, key: Key) -> Key {
        key.renumbered(&self.bases)
    }

    fn text(&self, text: u32) -> u32 {
        self.texts.get(text as usize).copied().unwrap_or(0)
    }

    fn concept(&self, concept: u32) -> u32 {
        self.concepts.get(concept as usize).copied().unwrap_or(NONE)
    }

    fn link(&self, link: u32) -> u32 {
        if link == NONE { NONE } else { self.n_links.saturating_add(link) }
    }

    fn head(&self, head: Head) -> Head {
        Head {
            key: head.key.map(|key| self.key(key)),
            search: head.search.map(|search| Search { key: self.key(search.key), ..search }),
            ..head
        }
    }

    fn draft(&self, mut draft: Draft) -> Draft {
        let keys = draft.subject.iter_mut().chain(&mut draft.aliases).chain(&mut draft.dated_by);
        keys.for_each(|key| *key = self.key(*key));
        for event in &mut draft.events {
            *event = Event {
                concept: self.concept(event.concept),
                link: self.link(event.link),
                text: self.text(event.text),
                unit: self.text(event.unit),
                ..*event
            };
        }
        for Note { title, .. } in &mut draft.notes {
            *title = self.text(*title);
        }
        if let Some(patient) = &mut draft.patient {
            self.patient(patient);
        }
        draft.concept = draft.concept.map(|concept| self.concept(concept));
        for (told, _) in &mut draft.identifiers {
            *told = self.told.get(*told as usize).copied().unwrap_or(NONE);
        }
        draft
    }

    fn patient(&self, patient: &mut Patient) {
        let Patient { race, ethnicity, marital_status, state, zip3, gives_way_to, replaces, .. } = patient;
        for text in [race, ethnicity, marital_status, state, zip3] {
            *text = self.text(*text);
        }
        gives_way_to.iter_mut().chain(replaces).for_each(|key| *key = self.key(*key));
    }
}

/// Takes a parcel.
pub(super) fn absorb(parcel: &[u8], keeper: &mut Keeper) -> Result<(), IntakeError> {
    let bad =
        |e: postcard::Error| IntakeError::Fhir(format!("what was read elsewhere cannot be understood here ({e})"));
    let (words, mut rest) = postcard::take_from_bytes::<Words<'_>>(parcel).map_err(bad)?;
    let numbers = Numbers::new(words, keeper.lists());
    loop {
        let (step, behind) = postcard::take_from_bytes::<Step<'_>>(rest).map_err(bad)?;
        rest = behind;
        match step {
            Step::BeginFile(name) => keeper.begin_file(&name),
            Step::EndFile => keeper.end_file(),
            Step::EndPart(n_lines) => keeper.end_part(n_lines),
            Step::Damaged(name, reason) => keeper.damaged(&name, &reason),
            Step::Warn(text) => keeper.warn(text.into_owned()),
            Step::Resource(head, worth, Taken::In(draft), at) => {
                keeper.resource(numbers.head(head), worth, &mut numbers.draft(draft), at);
            }
            // Nothing that is read is borrowed.
            Step::Resource(_, _, Taken::Out(_), _) => {}
            Step::Withdraw(head, at) => keeper.withdraw(numbers.head(head), at),
            Step::OtherType(name) => keeper.other_type(&name),
            Step::NotUsed(name, why, n) => keeper.not_used(&name, &why, n),
            Step::Reject(name, at, flaw) => keeper.reject(&name, at, flaw),
            Step::Over => return Ok(()),
        }
    }
}
