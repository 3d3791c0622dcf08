//! What the engine computes: one struct a request, each naming its reply.

mod cohort;
mod dataset;
mod finding;
mod import;
mod sample;
mod study;

use model::consult::ConsultAnswer;
use model::document::SignedDocument;
use model::finding::DisclosureReport;
use model::intake::CsvProposal;
use model::results::{CohortReport, PoolReport, RiskTableRow, StudyResult, SurvivalReport, TableOne, TwoByTwoReport};
use serde::{Deserialize, Serialize};

pub use cohort::*;
pub use dataset::*;
pub use finding::*;
pub use import::*;
pub use sample::*;
pub use study::*;

use crate::{Call, Done, Place, Work};

/// Declares the closed request and reply enums and ties each request to its reply.
macro_rules! calls {
    ($request:ident, $reply:ident, $at:ident, $($(#[$doc:meta])* $name:ident => $out:ty),+ $(,)?) => {
        /// Every request, closed.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub enum $request {
            $($(#[$doc])* $name(Box<$name>)),+
        }
        /// Every reply, closed.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        pub enum $reply {
            $($(#[$doc])* $name(Box<$out>)),+
        }
        $(impl Call for $name {
            type Reply = $out;
            const PLACE: Place = Place::$at;
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
        })+
    };
}
pub(crate) use calls;

calls! { Request, Reply, Engine,
    /// Look at the first part of a delimited file.
    InspectCsv => CsvProposal,
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
    /// Which OMOP tables files are, by their names.
    RecognizeFiles => Vec<RecognizedFile>,
    /// Read a `.rounds` file (attachment) into memory.
    ReadRounds => Imported,
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
    /// Risk ratio and company.
    TwoByTwo => TwoByTwoReport,
    /// Pool estimates.
    Pool => PoolReport,
    /// Similar patients.
    Consult => ConsultAnswer,
    /// Similar patients in a full record.
    ConsultRecord => ConsultAnswer,
    /// A finding from a study that was run.
    DraftFinding => DraftedFinding,
    /// Disclosure check.
    CheckFinding => DisclosureReport,
    /// Sign a finding.
    SignFinding => SignedDocument,
    /// Verify a signed document and read it.
    VerifyDocument => VerifiedDocument,
    /// Pool findings across sites.
    PoolFindings => PooledFindings,
    /// Export a dataset (files as attachments).
    ExportDataset => ExportedFiles,
    /// Make a synthetic sample (files as attachments).
    MakeSample => MadeSample,
}
