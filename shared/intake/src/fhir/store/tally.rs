//! What is counted while resources are read.

use serde::{Deserialize, Serialize};

/// Things worth a sentence in the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(in crate::fhir) enum Tally {
    OtherCodings,
    PartialDates,
    DatedByEncounter,
    DatedByDocument,
    Comparators,
    ValuesNotUsed,
    ComponentsWithoutValue,
    Unconfirmed,
    SupersededDocuments,
    OtherFormats,
    TextElsewhere,
    NoTextFormats,
    DeadWithoutDate,
    Replaced,
    OtherBytes,
    PatientsDeleted,
    Supplies,
    OnsetInWords,
    AbatementInWords,
    Inside,
    DevicesElsewhere,
}
