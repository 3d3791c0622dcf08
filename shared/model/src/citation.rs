//! Citations of the literature, the effect estimates found in their abstracts, and the report of reading them.
//!
//! Start with [`Citation`]: it is stored on the device and never leaves it by itself. A citation holds published text only,
//! no patient's.

use serde::{Deserialize, Serialize};

/// Version of the citation written by this build.
pub const CITATION_SCHEMA_VERSION: u32 = 1;

/// The `kind` of a citation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum CitationKind {
    /// `"citation"`.
    #[default]
    #[serde(rename = "citation")]
    Citation,
}

/// A record of the literature with its abstract.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// Always `"citation"`.
    pub kind: CitationKind,
    /// [`CITATION_SCHEMA_VERSION`].
    pub schema_version: u32,
    /// Title of the article.
    pub title: String,
    /// Authors as they are written, groups among them.
    pub authors: Vec<String>,
    /// Journal, in full where the file has it.
    pub journal: String,
    /// Year of publication.
    pub year: Option<i32>,
    /// PubMed's number.
    pub pmid: Option<String>,
    /// DOI without an address before it.
    pub doi: Option<String>,
    /// The abstract, section by section; one without a label where it has no sections.
    pub abstract_sections: Vec<AbstractSection>,
    /// Publication types (`Randomized Controlled Trial`).
    pub publication_types: Vec<String>,
    /// MeSH headings (`Heart Failure/drug therapy`).
    pub mesh: Vec<MeshTerm>,
    /// Other keywords.
    pub keywords: Vec<String>,
    /// Whether it is known to be retracted.
    pub retraction: Retraction,
    /// What the record says of retractions and concerns, as it stands there.
    pub notices: Vec<String>,
    /// Where it came from.
    pub source: CitationSource,
    /// Effect estimates in the abstract, in the order of the text.
    pub effects: Vec<FoundEffect>,
}

/// A part of an abstract.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AbstractSection {
    /// Its heading as it is written (`RESULTS`).
    pub label: Option<String>,
    /// Its text.
    pub text: String,
}

/// A MeSH heading.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MeshTerm {
    /// Heading and qualifier.
    pub term: String,
    /// Whether it is a major topic of the article.
    pub major: bool,
}

/// What a record says of its own standing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Retraction {
    /// The record says nothing: it may still have been retracted after the file was made.
    #[default]
    NoneKnown,
    /// Retracted.
    Retracted,
    /// Retracted in part.
    PartlyRetracted,
    /// An expression of concern was published.
    Concern,
    /// It is itself the notice of a retraction.
    Notice,
}

/// Formats that citations are read from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CitationFormat {
    /// PubMed's own tagged format (`.nbib`, MEDLINE).
    #[default]
    Medline,
    /// RIS.
    Ris,
    /// Web of Science's tagged format.
    WebOfScience,
    /// PubMed XML (`PubmedArticleSet`).
    PubmedXml,
}

impl CitationFormat {
    /// The words for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Medline => "PubMed (MEDLINE)",
            Self::Ris => "RIS",
            Self::WebOfScience => "Web of Science",
            Self::PubmedXml => "PubMed XML",
        }
    }
}

/// Where a citation came from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CitationSource {
    /// File.
    pub file: String,
    /// Line at which the record begins, from 1.
    pub line: u64,
    /// Its format.
    pub format: CitationFormat,
}

/// What an effect estimate measures.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EffectMeasure {
    /// Hazard ratio (also of a subdistribution).
    #[default]
    HazardRatio,
    /// Risk ratio, relative risk.
    RiskRatio,
    /// Odds ratio.
    OddsRatio,
    /// Incidence rate ratio.
    RateRatio,
    /// Risk difference.
    RiskDifference,
    /// Mean difference.
    MeanDifference,
    /// Standardized mean difference.
    StandardizedMeanDifference,
}

impl EffectMeasure {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::HazardRatio,
        Self::RiskRatio,
        Self::OddsRatio,
        Self::RateRatio,
        Self::RiskDifference,
        Self::MeanDifference,
        Self::StandardizedMeanDifference,
    ];

    /// Whether it is pooled and drawn on the log scale.
    #[must_use]
    pub fn is_ratio(self) -> bool {
        matches!(self, Self::HazardRatio | Self::RiskRatio | Self::OddsRatio | Self::RateRatio)
    }

    /// The words for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::HazardRatio => "hazard ratio",
            Self::RiskRatio => "risk ratio",
            Self::OddsRatio => "odds ratio",
            Self::RateRatio => "rate ratio",
            Self::RiskDifference => "risk difference",
            Self::MeanDifference => "mean difference",
            Self::StandardizedMeanDifference => "standardized mean difference",
        }
    }

    /// The abbreviation.
    #[must_use]
    pub fn short(self) -> &'static str {
        match self {
            Self::HazardRatio => "HR",
            Self::RiskRatio => "RR",
            Self::OddsRatio => "OR",
            Self::RateRatio => "IRR",
            Self::RiskDifference => "RD",
            Self::MeanDifference => "MD",
            Self::StandardizedMeanDifference => "SMD",
        }
    }
}

/// An effect estimate found in an abstract. Spans are `[start, end)` in Unicode code points of the section's text.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FoundEffect {
    /// What it measures.
    pub measure: EffectMeasure,
    /// The label as it stands (`aHR`, `hazard ratio`).
    pub label: String,
    /// The estimate, as it is written (a ratio as a ratio, a percentage as a percentage).
    pub estimate: f64,
    /// Its interval.
    pub interval: Option<FoundInterval>,
    /// Its p-value.
    pub p: Option<FoundP>,
    /// Whether the text calls it adjusted (absent: it does not say).
    pub adjusted: Option<bool>,
    /// Unit behind it (`%`, `mm Hg`), for differences.
    pub unit: Option<String>,
    /// Standard error worked out of the interval, on the log scale for ratios.
    pub std_err: Option<DerivedStdErr>,
    /// What is odd about it.
    pub flags: Vec<EffectFlag>,
    /// The section of the abstract it stands in, from 0.
    pub section: u32,
    /// The sentence it stands in.
    pub sentence: String,
    /// Where the sentence is.
    pub sentence_span: [u32; 2],
    /// Where label, estimate, interval and p-value are, from the first to the last of them.
    pub span: [u32; 2],
    /// Where the label is.
    pub label_span: [u32; 2],
    /// Where the estimate is.
    pub estimate_span: [u32; 2],
    /// Where the interval's two limits are.
    pub interval_span: Option<[u32; 2]>,
    /// Where the p-value is.
    pub p_span: Option<[u32; 2]>,
}

/// An interval as it is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FoundInterval {
    /// The limit named first.
    pub lower: f64,
    /// The limit named second.
    pub upper: f64,
    /// Its level (0.95); absent where the text does not say.
    pub level: Option<f64>,
    /// Whether it is a credible interval.
    pub credible: bool,
}

/// A p-value as it is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FoundP {
    /// How the p-value stands to the number.
    pub relation: PRelation,
    /// The number.
    pub value: f64,
}

/// How a p-value stands to the number beside it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PRelation {
    /// Equal to it.
    #[default]
    Equal,
    /// Below it.
    Below,
    /// Above it.
    Above,
}

/// A standard error that was worked out, and how.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DerivedStdErr {
    /// The standard error, on the log scale for ratios.
    pub value: f64,
    /// How it was worked out, in words.
    pub method: String,
}

/// Something odd about an estimate. It is shown, never dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum EffectFlag {
    /// The estimate lies outside its interval.
    OutsideInterval,
    /// The limits stand the wrong way round.
    LimitsReversed,
    /// The estimate is not in the middle of its interval (on the log scale for ratios), beyond what rounding explains.
    NotCentred,
    /// The text does not say the interval's level; 95% is assumed.
    LevelAssumed,
    /// The interval is a credible one: it belongs to a Bayesian analysis.
    CredibleInterval,
    /// A ratio or one of its limits is not above 0.
    NotPositive,
    /// The p-value and the interval contradict each other.
    PContradictsInterval,
}

impl EffectFlag {
    /// The words for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::OutsideInterval => "The estimate lies outside its own interval.",
            Self::LimitsReversed => "The limits of the interval stand the wrong way round.",
            Self::NotCentred => {
                "The estimate is not in the middle of its interval: one of the numbers may be misprinted."
            }
            Self::LevelAssumed => "The text does not say how sure the interval is; 95% is assumed.",
            Self::CredibleInterval => "This is a credible interval, of a Bayesian analysis.",
            Self::NotPositive => "A ratio or a limit of it is not above 0.",
            Self::PContradictsInterval => "The p-value and the interval contradict each other.",
        }
    }

    /// Whether its numbers cannot be pooled as they stand.
    #[must_use]
    pub fn forbids_pooling(self) -> bool {
        matches!(self, Self::OutsideInterval | Self::LimitsReversed | Self::NotPositive)
    }
}

/// What came of reading files of citations: `records_read` = `kept` + `rejected` + `not_used`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CitationReport {
    /// File by file.
    pub files: Vec<CitationFile>,
    /// Files that are none of citations: nothing of them was read.
    pub refused: Vec<RefusedFile>,
    /// Records that begin in the files.
    pub records_read: u64,
    /// Records kept.
    pub kept: u64,
    /// Records that cannot be used.
    pub rejected: u64,
    /// Records that are in order and not used: duplicates, notes of deletion, beyond the limit.
    pub not_used: u64,
    /// Each rejected record (the first 1,000).
    pub rejections: Vec<RecordNote>,
    /// Each record that was not used (the first 1,000).
    pub unused: Vec<RecordNote>,
    /// Fields of the files that citations have no place for, by how many there were.
    pub fields_not_used: Vec<FieldCount>,
    /// What the reader must know.
    pub warnings: Vec<String>,
}

/// A file of citations.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct CitationFile {
    /// Name.
    pub file: String,
    /// Format.
    pub format: CitationFormat,
    /// Records that begin in it.
    pub records_read: u64,
    /// Of them kept.
    pub kept: u64,
    /// Of them rejected.
    pub rejected: u64,
    /// Of them not used.
    pub not_used: u64,
}

/// A file that was not read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefusedFile {
    /// Name.
    pub file: String,
    /// Why, and what to do.
    pub reason: String,
}

/// A record that was rejected or not used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordNote {
    /// File.
    pub file: String,
    /// Line at which the record begins, from 1.
    pub line: u64,
    /// Title or number, as far as it can be told.
    pub record: String,
    /// Why, and what to do.
    pub reason: String,
}

/// A field that was not used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldCount {
    /// Its tag (`OWN`).
    pub field: String,
    /// How often.
    pub n: u64,
}
