//! What is stored of a finding: a draft with everything it is made from, or a signed document with where it came from.

use model::canonical::{ContentId, content_id_of_bytes};
use model::document::SignedDocument;
use model::finding::{Author, DEFAULT_CELL_THRESHOLD, Finding};
use model::results::StudyResult;
use model::study::StudyPlan;
use protocol::DraftFinding;
use serde::{Deserialize, Serialize};
use web::WebError;

/// Version of the record written by this build.
pub const RECORD_SCHEMA_VERSION: u32 = 1;

/// A stored record.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Record {
    /// Not signed yet.
    Draft(Box<Draft>),
    /// Signed, here or elsewhere.
    Signed(Box<Signed>),
}

/// Everything a finding is made from. Stays on the device: it holds exact counts.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Draft {
    /// [`RECORD_SCHEMA_VERSION`].
    pub schema_version: u32,
    /// The plan.
    pub plan: StudyPlan,
    /// Its result, as the engine returned it.
    pub result: StudyResult,
    /// The dataset's name as it will be published.
    pub dataset_name: String,
    /// Locks that were overridden.
    pub overrides: Vec<String>,
    /// The finding that is replicated.
    pub replicates: Option<ContentId>,
    /// The author's own title (empty: the one the engine gives).
    pub title: String,
    /// Known confounders that were not adjusted for.
    pub not_adjusted_for: Vec<String>,
    /// Further limits in sentences.
    pub limits: Vec<String>,
    /// Cells of 1 up to this are hidden (absent: the device's setting).
    pub cell_threshold: Option<u32>,
}

impl Draft {
    /// A draft of a result.
    #[must_use]
    pub fn new(plan: StudyPlan, result: StudyResult, dataset_name: String, overrides: Vec<String>) -> Self {
        Self {
            schema_version: RECORD_SCHEMA_VERSION,
            plan,
            result,
            dataset_name,
            overrides,
            replicates: None,
            title: String::new(),
            not_adjusted_for: Vec::new(),
            limits: Vec::new(),
            cell_threshold: None,
        }
    }

    /// What the engine is asked to make of it.
    #[must_use]
    pub fn request(&self, author: Author, made_on: String, device_threshold: u32) -> DraftFinding {
        DraftFinding {
            dataset_name: self.dataset_name.clone(),
            plan: self.plan.clone(),
            result: self.result.clone(),
            author,
            not_adjusted_for: self.not_adjusted_for.clone(),
            limits: self.limits.clone(),
            overrides: self.overrides.clone(),
            replicates: self.replicates.clone(),
            made_on,
            cell_threshold: self.cell_threshold.unwrap_or(device_threshold).max(DEFAULT_CELL_THRESHOLD),
        }
    }

    /// The title shown in lists.
    #[must_use]
    pub fn shown_title(&self) -> &str {
        [&self.title, &self.plan.question, &self.plan.name]
            .into_iter()
            .find(|text| !text.trim().is_empty())
            .map_or("Untitled finding", String::as_str)
    }
}

/// A signed document and where it came from.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Signed {
    /// [`RECORD_SCHEMA_VERSION`].
    pub schema_version: u32,
    /// The document.
    pub document: SignedDocument,
    /// Where it came from.
    pub origin: Origin,
    /// Day its signature was found good on this device (ISO date).
    pub verified_on: String,
}

impl Signed {
    /// A signed document whose signature was found good on a day.
    #[must_use]
    pub fn new(document: SignedDocument, origin: Origin, verified_on: String) -> Self {
        Self { schema_version: RECORD_SCHEMA_VERSION, document, origin, verified_on }
    }
}

/// Where a signed finding came from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Origin {
    /// Made and signed on this device.
    Mine,
    /// Received from the server.
    Received,
}

/// A signed finding, read.
#[derive(Clone, Debug, PartialEq)]
pub struct SavedFinding {
    /// As it is stored.
    pub signed: Signed,
    /// What it says.
    pub finding: Finding,
}

impl SavedFinding {
    /// Reads a signed document.
    ///
    /// # Errors
    /// [`ReadError`] where the body is not the one its id names, or no finding.
    pub fn new(signed: Signed) -> Result<Self, ReadError> {
        if content_id_of_bytes(signed.document.body.as_bytes()) != signed.document.id {
            return Err(ReadError::Changed);
        }
        let finding =
            model::json::read(&signed.document.body).map_err(|problem| ReadError::NotRead(problem.to_string()))?;
        Ok(Self { signed, finding })
    }

    /// Its content id.
    #[must_use]
    pub fn id(&self) -> &ContentId {
        &self.signed.document.id
    }

    /// Whether it was made here.
    #[must_use]
    pub fn is_mine(&self) -> bool {
        self.signed.origin == Origin::Mine
    }

    /// The author's key as people compare it: the first 16 digits in fours.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        fingerprint(&self.signed.document.public_key)
    }
}

/// The first 16 digits of a key in groups of four.
#[must_use]
pub fn fingerprint(public_key: &str) -> String {
    let digits: Vec<char> = public_key.chars().take(16).collect();
    digits.chunks(4).map(|group| group.iter().collect::<String>()).collect::<Vec<_>>().join(" ")
}

/// Why a record cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ReadError {
    /// Written by a newer build, or damaged.
    #[error(
        "a finding that this version of Rounds cannot read ({0}). It was left as it is; reload the page to get the newest version"
    )]
    NotRead(String),
    /// The body is not the one the id names.
    #[error("a finding whose text is not the one it was signed with. It is not shown, and was left as it is")]
    Changed,
}

/// Reads a record.
///
/// # Errors
/// [`ReadError::NotRead`].
pub fn read(json: &str) -> Result<Record, ReadError> {
    model::json::read(json).map_err(|problem| ReadError::NotRead(problem.to_string()))
}

/// Writes a record.
///
/// # Errors
/// [`WebError::Other`] where a number has no JSON form.
pub fn write(record: &Record) -> Result<String, WebError> {
    serde_json::to_string(record).map_err(|problem| WebError::Other(problem.to_string()))
}

/// The threshold that a setting names: never below the default.
#[must_use]
pub fn checked_threshold(kept: Option<&str>) -> u32 {
    kept.and_then(|text| text.parse().ok()).unwrap_or(DEFAULT_CELL_THRESHOLD).max(DEFAULT_CELL_THRESHOLD)
}

/// Lines of a text field: one entry a line, without blanks and repetitions.
#[must_use]
pub fn entries(text: &str) -> Vec<String> {
    let mut entries: Vec<String> = Vec::new();
    for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
        if !entries.iter().any(|known| known.eq_ignore_ascii_case(line)) {
            entries.push(line.to_owned());
        }
    }
    entries
}

/// What often confounds and is often not recorded, without what the plan adjusts for.
#[must_use]
pub fn confounder_suggestions(plan: &StudyPlan) -> Vec<&'static str> {
    const OFTEN: [(&str, &[&str]); 8] = [
        ("why this treatment was chosen (indication)", &[]),
        ("severity of the illness", &["severity", "stage", "grade"]),
        ("other illnesses (comorbidity)", &["comorbid", "charlson"]),
        ("other treatments at the same time", &["chemo", "drug"]),
        ("frailty and daily function", &["frail", "ecog", "karno"]),
        ("smoking", &["smok"]),
        ("calendar time", &["year", "calendar"]),
        ("hospital or centre", &["hospital", "centre", "center", "site", "inst"]),
    ];
    let names: Vec<String> = plan.covariates.iter().map(|covariate| covariate.name().to_lowercase()).collect();
    OFTEN
        .iter()
        .filter(|(_, words)| !words.iter().any(|word| names.iter().any(|name| name.contains(word))))
        .map(|(suggestion, _)| *suggestion)
        .collect()
}

#[cfg(test)]
pub(crate) mod fixtures;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_survives_storage() {
        let draft =
            Draft::new(fixtures::plan(), StudyResult::default(), "Rotterdam".into(), vec!["opened early".into()]);
        let record = Record::Draft(Box::new(draft));
        assert_eq!(read(&write(&record).unwrap()).unwrap(), record);
        let signed = Record::Signed(Box::new(fixtures::saved(&fixtures::finding()).signed));
        assert_eq!(read(&write(&signed).unwrap()).unwrap(), signed);
    }

    #[test]
    fn a_changed_body_is_not_shown() {
        let mut signed = fixtures::saved(&fixtures::finding()).signed;
        signed.document.body = signed.document.body.replace("0.75", "0.55");
        assert_eq!(SavedFinding::new(signed), Err(ReadError::Changed));
    }

    #[test]
    fn a_newer_record_says_so() {
        assert!(matches!(read(r#"{"type":"poem"}"#), Err(ReadError::NotRead(_))));
    }

    #[test]
    fn the_threshold_is_never_below_the_default() {
        assert_eq!(checked_threshold(None), 10);
        assert_eq!(checked_threshold(Some("3")), 10);
        assert_eq!(checked_threshold(Some("25")), 25);
        assert_eq!(checked_threshold(Some("many")), 10);
        let mut draft = Draft::new(fixtures::plan(), StudyResult::default(), String::new(), Vec::new());
        draft.cell_threshold = Some(2);
        assert_eq!(draft.request(Author::default(), String::new(), 10).cell_threshold, 10);
    }

    #[test]
    fn suggestions_leave_out_what_is_adjusted_for() {
        let suggestions = confounder_suggestions(&fixtures::plan());
        assert!(!suggestions.iter().any(|s| s.contains("other treatments")), "chemo is adjusted for");
        assert!(suggestions.contains(&"smoking"));
    }

    #[test]
    fn entries_are_lines_without_repetition() {
        assert_eq!(entries(" smoking \n\nSmoking\nage"), ["smoking", "age"]);
    }

    #[test]
    fn a_fingerprint_can_be_read_aloud() {
        assert_eq!(fingerprint("00112233445566778899"), "0011 2233 4455 6677");
    }
}
