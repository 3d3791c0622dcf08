//! What the engine computes: one struct a request, each naming its reply.

mod cohort;
mod dataset;
mod finding;
mod import;
mod matching;
#[cfg(feature = "desk")]
mod record;
mod sample;
mod study;

use model::consult::ConsultAnswer;
#[cfg(feature = "files")]
use model::intake::CsvProposal;
use model::results::{CohortReport, RiskTableRow, StudyResult, SurvivalReport, TableOne};
use serde::{Deserialize, Serialize};

pub use cohort::*;
pub use dataset::*;
pub use finding::*;
pub use import::*;
pub use matching::*;
#[cfg(feature = "desk")]
pub use record::*;
pub use sample::*;
pub use study::*;

#[cfg(feature = "files")]
use crate::ScreenNotes;
use crate::{Call, Done, Place, Work, Worker};
#[cfg(feature = "desk")]
use crate::{CitationsBegin, CitationsBytes, CitationsFile, CitationsFinish, PoolEffects, ReadNotes};

/// Declares the closed request and reply enums and ties each request to its reply. What stands behind `files` is known to the
/// worker that reads files only (feature `files`), what stands behind `desk` to the one for findings and close looks
/// (feature `desk`): the first, which every visitor waits for, has no code for either.
macro_rules! calls {
    ($request:ident, $reply:ident, $at:ident,
        $($(#[$doc:meta])* $name:ident => $out:ty),+;
        files: $($(#[$files_doc:meta])* $files_name:ident => $files_out:ty),+;
        desk: $($(#[$desk_doc:meta])* $desk_name:ident => $desk_out:ty),+ $(,)?
    ) => {
        /// Every request, closed.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub enum $request {
            $($(#[$doc])* $name(Box<$name>),)+
            $($(#[$files_doc])* #[cfg(feature = "files")] $files_name(Box<$files_name>),)+
            $($(#[$desk_doc])* #[cfg(feature = "desk")] $desk_name(Box<$desk_name>)),+
        }
        /// Every reply, closed.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub enum $reply {
            $($(#[$doc])* $name(Box<$out>),)+
            $($(#[$files_doc])* #[cfg(feature = "files")] $files_name(Box<$files_out>),)+
            $($(#[$desk_doc])* #[cfg(feature = "desk")] $desk_name(Box<$desk_out>)),+
        }
        $($crate::request::call! { $request, $reply, $at, First, $name => $out })+
        $(#[cfg(feature = "files")] $crate::request::call! { $request, $reply, $at, Intake, $files_name => $files_out })+
        $(#[cfg(feature = "desk")] $crate::request::call! { $request, $reply, $at, Desk, $desk_name => $desk_out })+
    };
}
pub(crate) use calls;

/// Ties one request to its reply.
macro_rules! call {
    ($request:ident, $reply:ident, $at:ident, $worker:ident, $name:ident => $out:ty) => {
        impl Call for $name {
            type Reply = $out;
            const PLACE: Place = Place::$at;
            const WORKER: Worker = Worker::$worker;
            const NAME: &'static str = stringify!($name);
            fn into_work(self) -> Work {
                Work::$at($request::$name(Box::new(self)))
            }
            fn from_done(done: Done) -> Option<$out> {
                match done {
                    Done::$at($reply::$name(value)) => Some(*value),
                    _ => None,
                }
            }
        }
    };
}
pub(crate) use call;

calls! { Request, Reply, Engine,
    /// Begin an import.
    ImportBegin => (),
    /// A file of the import begins.
    ImportFile => (),
    /// Bytes of the current file (attachment).
    ImportBytes => (),
    /// End of the import.
    ImportFinish => Imported,
    /// Give up the import.
    ImportAbort => (),
    /// Put a stored dataset into memory (chunks as attachments).
    LoadDataset => (),
    /// Take a dataset out of memory.
    UnloadDataset => (),
    /// What is in a dataset.
    DescribeDataset => DatasetContents,
    /// Find concepts by words or code.
    SearchConcepts => Vec<ConceptCount>,
    /// Count a cohort.
    EvaluateCohort => CohortReport,
    /// A cohort definition in plain English, with every problem found.
    DescribeCohort => CohortDescription,
    /// Table 1.
    Summarize => TableOne,
    /// Kaplan-Meier, log-rank and Cox on columns of a flat dataset.
    Survival => SurvivalReport,
    /// Run a study plan.
    RunStudy => StudyResult,
    /// Numbers at risk at chosen times, for the study that was run last.
    RiskTable => Vec<RiskTableRow>,
    /// Similar patients.
    Consult => ConsultAnswer,
    /// Similar patients in a full record.
    ConsultRecord => ConsultAnswer;
    files:
    /// Look at the first part of a delimited file.
    InspectCsv => CsvProposal,
    /// Which OMOP tables files are, by their names.
    RecognizeFiles => Vec<RecognizedFile>,
    /// Which format files are in, by their names and first bytes (attachments).
    DetectFormat => DetectedFormat,
    /// Look at tables and notes (attachments: their first bytes).
    InspectTables => model::import_mapping::TablesProposal,
    /// What another worker read of files of the import (attachment: its parcel).
    ImportParcel => (),
    /// After the last file: notes that another worker may read (attachment of the reply), and which share of all was given out then.
    ImportNotes => Option<f64>,
    /// What it made of them (attachment), in the order in which they were given out.
    ImportNotesRead => (),
    /// Screen and read such notes (attachment) for the import of another worker (attachment of the reply).
    ReadImportNotes => (),
    /// Read a `.rounds` file (attachment) into memory.
    ReadRounds => Imported,
    /// Make a synthetic sample (files as attachments).
    MakeSample => MadeSample,
    /// Screen notes for identifiers.
    ScreenNotes => Vec<crate::NoteScreened>;
    desk:
    /// Matching or weighting by a propensity score, on columns of a flat dataset.
    MatchPersons => model::results::MatchReport,
    /// Risk ratio and company.
    TwoByTwo => model::results::TwoByTwoReport,
    /// Pool estimates.
    Pool => model::results::PoolReport,
    /// A finding from a study that was run.
    DraftFinding => DraftedFinding,
    /// Disclosure check.
    CheckFinding => model::finding::DisclosureReport,
    /// Sign a finding.
    SignFinding => model::document::SignedDocument,
    /// Verify a signed document and read it.
    VerifyDocument => VerifiedDocument,
    /// Pool findings across sites.
    PoolFindings => PooledFindings,
    /// Export a dataset (files as attachments).
    ExportDataset => ExportedFiles,
    /// Findings of notes with their context.
    ReadNotes => Vec<crate::NoteRead>,
    /// Begin to read files of citations.
    CitationsBegin => (),
    /// A file of citations begins.
    CitationsFile => (),
    /// Bytes of the file (attachment).
    CitationsBytes => (),
    /// All files of citations are read.
    CitationsFinish => crate::CitationsRead,
    /// Pool estimates of the literature.
    PoolEffects => crate::PooledEffects,
    /// Check a dataset's quality.
    CheckQuality => model::results::QualityReport,
    /// What a record holds year by year, or month by month.
    DescribeOverTime => OverTime,
    /// What is known of one concept in a dataset.
    DescribeConcept => ConceptInBrief,
    /// List persons, to choose one from.
    ListPersons => PersonList,
    /// One person's record.
    PersonTimeline => Timeline,
    /// Read one note of a person.
    PersonNote => NoteWithFindings,
}
