//! Data quality, with what the units' table knows of quantities.

use cohort::{Conversion, Limits, QualitySettings, Reference, check_quality};
use columnar::day;
use intake::units::{self, How};
use model::concept::ConceptRef;
use model::dataset::DatasetHeader;
use model::results::QualityReport;
use protocol::{CheckQuality, EngineError};

use crate::{Engine, Tick, error};

/// Most days that intake moves a date by, and one for leap years.
const MOVED_DAYS: i32 = 366;

/// Checks a dataset.
pub(crate) fn quality(
    engine: &Engine,
    request: &CheckQuality,
    tick: &mut Tick<'_>,
) -> Result<QualityReport, EngineError> {
    let open = engine.dataset(&request.dataset)?;
    let today = match &request.today {
        None => None,
        Some(text) => Some(day::parse_iso(text.as_bytes()).ok_or_else(|| {
            EngineError::invalid(format!("'{text}' is no day. Write the day of today as YYYY-MM-DD."))
        })?),
    };
    let settings = QualitySettings { today, moved_days: moved_days(&open.header) };
    let mut go_on = |share: f64| tick(share, "Checking the data");
    check_quality(&open.source(), &settings, &Quantities, &mut go_on).map_err(error::cohort)
}

/// How far a date may lie after today because of what was done to dates. What cannot be told is taken as moved.
fn moved_days(header: &DatasetHeader) -> i32 {
    let mut steps = header.deidentification.iter().filter(|step| step.class.contains("date"));
    let is_kept = |action: &str| action.starts_with("kept") || action.contains("first of January");
    let is_sample = header.source.format == "sample" && header.deidentification.is_empty();
    if is_sample
        || (header.deidentification.iter().any(|s| s.class.contains("date")) && steps.all(|s| is_kept(&s.action)))
    {
        0
    } else {
        MOVED_DAYS
    }
}

/// The table of quantities as a reference.
struct Quantities;

fn quantity(concept: &ConceptRef) -> Option<&'static units::Quantity> {
    (concept.system == "LOINC").then(|| units::find(&concept.code)).flatten()
}

impl Reference for Quantities {
    fn source(&self) -> &str {
        "this project's table of 46 quantities by LOINC code, in UCUM units: what no living person can have, wide on purpose"
    }

    fn limits(&self, concept: &ConceptRef) -> Option<Limits> {
        let quantity = quantity(concept)?;
        let (low, high) = quantity.limits();
        Some(Limits { name: quantity.name.to_owned(), unit: quantity.unit().to_owned(), low, high })
    }

    fn conversion(&self, concept: &ConceptRef, unit: &str) -> Option<Conversion> {
        let rule = quantity(concept)?.rule(Some(unit));
        matches!(rule.how, How::Same | How::Converted).then(|| {
            let offset = rule.apply(0.0);
            Conversion { factor: rule.apply(1.0) - offset, offset }
        })
    }

    fn knows_unit(&self, unit: &str) -> bool {
        units::ucum(unit).is_some() || units::is_ucum(unit)
    }
}
