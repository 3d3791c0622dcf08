//! What the engine computes: one struct a request, each naming its reply.

use model::cohort::CohortDefinition;
use model::consult::{ConsultAnswer, ConsultQuestion};
use model::covariate::Covariate;
use model::dataset::{DatasetHeader, DatasetId, DatasetSource};
use model::document::SignedDocument;
use model::finding::{Author, DisclosureReport, Finding};
use model::intake::{CsvMapping, CsvProposal, IntakeReport};
use model::results::{CohortReport, PoolReport, RiskTableRow, StudyResult, SurvivalReport, TableOne, TwoByTwoReport};
use model::study::{AnalysisSettings, StudyPlan};
use serde::{Deserialize, Serialize};

use crate::{Call, Done, Work};

/// Declares the closed request and reply enums and ties each request to its reply.
macro_rules! calls {
    ($request:ident, $reply:ident, $at:ident, $($(#[$doc:meta])* $name:ident => $out:ty),+ $(,)?) => {
        /// Every request, closed.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "name", content = "with", rename_all = "snake_case")]
        pub enum $request {
            $($(#[$doc])* $name(Box<$name>)),+
        }
        /// Every reply, closed.
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
        #[serde(tag = "name", content = "value", rename_all = "snake_case")]
        pub enum $reply {
            $($(#[$doc])* $name(Box<$out>)),+
        }
        $(impl Call for $name {
            type Reply = $out;
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
    /// Which format files are in, by their names and first bytes (attachments).
    DetectFormat => DetectedFormat,
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

/// Look at the first part of a delimited file. Attachment 0: the bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InspectCsv {
    /// File name.
    pub file_name: String,
    /// Whether the bytes are the whole file.
    pub complete: bool,
}

/// How an import is to be made.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportBegin {
    /// Name of the dataset.
    pub name: String,
    /// Format and what it needs.
    pub format: ImportFormat,
    /// Where it comes from.
    pub source: DatasetSource,
    /// 64 hex digits, secret of this device: keys the person ids and the date shifts.
    pub secret: String,
    /// What happens to dates.
    pub dates: DatePolicy,
    /// The data hold no identifiers of anybody (a published or synthetic sample, or a file that is only analysed and
    /// never stored): ages above 89 and ZIP codes stay as they are.
    pub holds_no_identifiers: bool,
}

/// Format of an import.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ImportFormat {
    /// One delimited file, a row a person.
    Csv {
        /// How to read it.
        mapping: CsvMapping,
    },
    /// OMOP CDM tables, a file each.
    Omop,
    /// FHIR resources: NDJSON, Bundles, single resources, also in archives.
    Fhir,
}

/// What happens to dates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DatePolicy {
    /// Shifted per person; intervals stay.
    #[default]
    Shift,
    /// Only the year stays.
    YearsOnly,
    /// Kept as they are (synthetic data, or dates that are not real).
    Keep,
}

/// A file of the import begins.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportFile {
    /// File name.
    pub name: String,
}

/// Bytes of the current file. Attachment 0: the bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportBytes {
    /// Whether the current file ends with them.
    pub last: bool,
}

/// End of the import.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportFinish {}

/// Give up the import.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ImportAbort {}

/// What an import gave. Attachments: the chunks, in the order of the header's tables, columns and chunks. The dataset
/// stays in memory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Imported {
    /// The dataset's header.
    pub header: DatasetHeader,
    /// The intake report.
    pub report: IntakeReport,
}

/// Which OMOP tables files are, by their names.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RecognizeFiles {
    /// File names.
    pub names: Vec<String>,
}

/// Which format files are in, also within archives. Attachments: the first bytes of each file (64 KB are enough), in the order of
/// the names; where one is empty or not there, the name alone counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DetectFormat {
    /// File names.
    pub names: Vec<String>,
}

/// A format that files are recognized as.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SourceFormat {
    /// FHIR resources.
    Fhir,
    /// OMOP CDM tables.
    Omop,
    /// Delimited text.
    Csv,
}

/// The format of files.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DetectedFormat {
    /// The format; absent where none can be told.
    pub format: Option<SourceFormat>,
    /// What was found, in words.
    pub found: String,
}

/// A file and the OMOP table it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecognizedFile {
    /// File name.
    pub name: String,
    /// The table; absent: not used.
    pub table: Option<String>,
}

/// Read a `.rounds` file into memory. Attachment 0: its bytes. Reply attachments: the chunks, in the header's order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ReadRounds {
    /// Only look at the header; nothing is kept in memory and no chunks come back.
    pub header_only: bool,
}

/// Put a stored dataset into memory. Attachments: the chunks, in the order of the header.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LoadDataset {
    /// Its header.
    pub header: DatasetHeader,
}

/// Take a dataset out of memory.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct UnloadDataset {
    /// Which.
    pub dataset: DatasetId,
}

/// What is in a dataset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DescribeDataset {
    /// Which.
    pub dataset: DatasetId,
}

/// What is in a dataset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DatasetContents {
    /// Its header.
    pub header: DatasetHeader,
    /// Variables of a flat file.
    pub variables: Vec<VariableInfo>,
    /// Events by domain.
    pub domains: Vec<DomainCount>,
    /// The most frequent concepts (at most 200).
    pub concepts: Vec<ConceptCount>,
    /// First and last day of any event (ISO dates, as shifted).
    pub span: Option<(String, String)>,
    /// Bytes in storage.
    pub n_bytes: u64,
    /// Whether descendants of concepts are known.
    pub has_ancestors: bool,
}

/// A variable of a flat file.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VariableInfo {
    /// Column name.
    pub name: String,
    /// Words for people.
    pub label: String,
    /// `number`, `category`, `day`, `text`.
    pub kind: model::dataset::ColumnKind,
    /// What it means in a study.
    pub role: model::dataset::ColumnRole,
    /// Unit where known.
    pub unit: Option<String>,
    /// Rows without a value.
    pub n_missing: u64,
    /// Levels with counts (categories; numbers with at most 12 different values).
    pub levels: Vec<(String, u64)>,
    /// Smallest number.
    pub min: Option<f64>,
    /// Largest number.
    pub max: Option<f64>,
}

/// Events of a domain.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DomainCount {
    /// Domain name.
    pub domain: String,
    /// Events.
    pub events: u64,
    /// Persons with any.
    pub persons: u64,
    /// Events by calendar year (as shifted).
    pub by_year: Vec<(i32, u64)>,
}

/// Find concepts by words or code.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SearchConcepts {
    /// Which dataset.
    pub dataset: DatasetId,
    /// Words, any order, any case; empty: the most frequent.
    pub text: String,
    /// Only this domain.
    pub domain: Option<model::concept::Domain>,
    /// At most this many.
    pub limit: u32,
}

/// A concept with its counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ConceptCount {
    /// The concept.
    pub concept: model::concept::ConceptRef,
    /// Domain of its events.
    pub domain: String,
    /// Events.
    pub events: u64,
    /// Persons with any.
    pub persons: u64,
    /// Units of its values with counts, most frequent first.
    pub units: Vec<(String, u64)>,
}

/// Count a cohort.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct EvaluateCohort {
    /// Which dataset.
    pub dataset: DatasetId,
    /// Which cohort.
    pub definition: CohortDefinition,
    /// Also list the subjects.
    pub with_subjects: bool,
}

/// A cohort definition in plain English.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DescribeCohort {
    /// Checked against this dataset, if given.
    pub dataset: Option<DatasetId>,
    /// Which cohort.
    pub definition: CohortDefinition,
}

/// A cohort definition in plain English, with every problem found.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CohortDescription {
    /// The words.
    pub text: String,
    /// The problems.
    pub problems: Vec<String>,
}

/// Table 1 of one cohort or of two side by side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Summarize {
    /// Which dataset.
    pub dataset: DatasetId,
    /// The groups.
    pub groups: SummaryGroups,
    /// Which variables (absent: all that make sense).
    pub variables: Option<Vec<Covariate>>,
}

/// Groups of Table 1.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum SummaryGroups {
    /// Cohorts (one or two).
    Cohorts {
        /// The definitions.
        definitions: Vec<CohortDefinition>,
    },
    /// A variable's levels (flat files; absent: one group).
    By {
        /// Column.
        variable: Option<String>,
    },
}

/// Kaplan-Meier, log-rank and Cox on columns of a flat dataset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Survival {
    /// Which dataset.
    pub dataset: DatasetId,
    /// Column of the duration.
    pub time: String,
    /// Column of the event (0/1).
    pub event: String,
    /// Column of the entry time.
    #[serde(default)]
    pub entry: Option<String>,
    /// Column of the group.
    #[serde(default)]
    pub group: Option<String>,
    /// Columns of the Cox model.
    #[serde(default)]
    pub covariates: Vec<String>,
    /// Column of the strata (log-rank and Cox).
    #[serde(default)]
    pub strata: Option<String>,
    /// Column of the case weights.
    #[serde(default)]
    pub weights: Option<String>,
    /// Column of the clusters (robust standard errors).
    #[serde(default)]
    pub cluster: Option<String>,
    /// Settings.
    #[serde(default)]
    pub settings: AnalysisSettings,
    /// Thin curves for display; the command line asks for every point.
    #[serde(default)]
    pub thin: bool,
    /// How much is computed.
    #[serde(default)]
    pub depth: SurvivalDepth,
}

/// How much of a survival analysis is computed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SurvivalDepth {
    /// Curves and log-rank.
    Curves,
    /// Also Cox regression.
    Estimates,
    /// Also concordance and the test of proportional hazards.
    #[default]
    Diagnostics,
}

/// Run a study plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RunStudy {
    /// Which dataset.
    pub dataset: DatasetId,
    /// The plan.
    pub plan: StudyPlan,
    /// How far.
    pub stage: StudyStage,
}

/// How far a study is run. The outcome stays closed until time zero and balance were looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StudyStage {
    /// Attrition and balance only; no outcome is counted.
    Design,
    /// Design and the unadjusted outcomes.
    Unadjusted,
    /// Everything.
    Full,
}

/// Numbers at risk at chosen times, for the study that was run last with this plan.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct RiskTable {
    /// [`StudyResult::plan_id`].
    pub plan_id: String,
    /// Weighted curves instead of plain ones.
    pub weighted: bool,
    /// Times.
    pub times: Vec<f64>,
}

/// A two-by-two table: exposed with and without the event, unexposed with and without.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TwoByTwo {
    /// Exposed with the event.
    pub a: u64,
    /// Exposed without.
    pub b: u64,
    /// Unexposed with the event.
    pub c: u64,
    /// Unexposed without.
    pub d: u64,
}

/// Pool estimates.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Pool {
    /// Estimates (ratios on the log scale).
    pub estimates: Vec<f64>,
    /// Standard errors.
    pub std_errs: Vec<f64>,
    /// How.
    pub method: PoolMethod,
    /// Knapp-Hartung interval.
    pub knapp_hartung: bool,
}

/// Estimator of the between-study variance.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PoolMethod {
    /// Restricted maximum likelihood.
    Reml,
    /// DerSimonian-Laird.
    Dl,
    /// Paule-Mandel.
    Pm,
    /// Fixed effect (common effect).
    Fixed,
}

/// Similar patients.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Consult {
    /// Which dataset.
    pub dataset: DatasetId,
    /// What is asked.
    pub question: ConsultQuestion,
}

/// A finding from a study.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftFinding {
    /// Dataset's name as it will be published.
    pub dataset_name: String,
    /// The plan.
    pub plan: StudyPlan,
    /// Its result, as it was returned.
    pub result: StudyResult,
    /// What the author adds.
    pub author: Author,
    /// Known confounders not adjusted for.
    pub not_adjusted_for: Vec<String>,
    /// Further limits in sentences.
    pub limits: Vec<String>,
    /// Locks that were overridden.
    pub overrides: Vec<String>,
    /// The finding that is replicated.
    pub replicates: Option<model::canonical::ContentId>,
    /// Day (ISO date).
    pub made_on: String,
    /// Cells of 1 up to this are hidden.
    pub cell_threshold: u32,
}

/// A finding and what a disclosure check says of it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DraftedFinding {
    /// The finding, protected.
    pub finding: Finding,
    /// What was hidden, in words.
    pub hidden: Vec<String>,
    /// The check of the protected finding.
    pub check: DisclosureReport,
}

/// Disclosure check.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CheckFinding {
    /// The finding's JSON text (any text: what is no finding is refused).
    pub text: String,
    /// Findings already published from here, to compare populations with.
    pub published: Vec<Finding>,
}

/// Sign a finding; refused if it discloses.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SignFinding {
    /// The finding.
    pub finding: Finding,
    /// 64 hex digits: the device's secret key.
    pub secret_key: String,
}

/// Verify a signed document and read it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VerifyDocument {
    /// The document.
    pub document: SignedDocument,
}

/// A document whose id and signature hold.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct VerifiedDocument {
    /// The finding in it.
    pub finding: Finding,
}

/// Pool findings across sites.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PoolFindings {
    /// The findings.
    pub findings: Vec<Finding>,
    /// Adjusted estimates instead of unadjusted ones.
    pub adjusted: bool,
}

/// Pooled findings.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PooledFindings {
    /// What was pooled (`hazard_ratio`).
    pub measure: model::finding::Measure,
    /// One row a finding that has such an estimate.
    pub rows: Vec<PooledRow>,
    /// Fixed effect.
    pub fixed: PoolReport,
    /// REML with Knapp-Hartung (absent with one estimate).
    pub random: Option<PoolReport>,
    /// The result in plain words.
    pub words: String,
    /// Findings left out, and why.
    pub left_out: Vec<String>,
}

/// A row of the forest plot, on the natural scale.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PooledRow {
    /// Site and dataset.
    pub label: String,
    /// Estimate.
    pub estimate: f64,
    /// Lower limit.
    pub lower: f64,
    /// Upper limit.
    pub upper: f64,
    /// Weight in percent (random effects where there are any).
    pub weight: f64,
}

/// Export a dataset.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExportDataset {
    /// Which.
    pub dataset: DatasetId,
    /// As what.
    pub format: ExportFormat,
}

/// Export formats.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ExportFormat {
    /// One `.rounds` file.
    Rounds,
    /// A CSV file a table.
    Csv,
    /// An Arrow IPC file a table.
    Arrow,
}

/// Exported files. Attachments: their bytes, in this order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ExportedFiles {
    /// File names.
    pub names: Vec<String>,
}

/// Make a synthetic sample.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MakeSample {
    /// Key of the sample.
    pub name: String,
    /// Persons.
    pub persons: u32,
    /// Seed.
    pub seed: u64,
    /// As what.
    pub format: SampleFormat,
}

/// As what a synthetic sample is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SampleFormat {
    /// OMOP CDM tables.
    #[default]
    Omop,
    /// One flat file.
    Csv,
}

/// A sample as files. Attachments: their bytes, in this order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct MadeSample {
    /// File names.
    pub names: Vec<String>,
    /// The truth it was made with.
    pub truth: Vec<model::results::Setting>,
}
