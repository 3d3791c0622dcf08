//! What the user should know of an import besides its counts.

use super::super::store::Tally;
use super::Assembly;
use crate::report::counted;

/// Puts the sentences into the report.
pub(super) fn warn(a: &mut Assembly) {
    let tally = std::mem::take(&mut a.store.tally);
    for (what, n) in tally {
        let text = sentence(what, n);
        a.core.reporter.warn(text);
    }
    let (superseded, late) = (a.counts.n_superseded, a.counts.n_late);
    if superseded + late > 0 {
        a.core.reporter.warn(format!(
            "{} came more than once, by type and id (or word for word where there is no id): the latest version counts, the others \
             are not used.",
            counted(superseded + late, "resource", "resources")
        ));
    }
}

fn sentence(what: Tally, n: u64) -> String {
    let of = |one: &str, many: &str| counted(n, one, many);
    match what {
        Tally::OtherCodings => format!(
            "{} left out beside the one that is kept (SNOMED CT, RxNorm, LOINC and CVX are kept before others).",
            of("code was", "codes were")
        ),
        Tally::PartialDates => {
            format!(
                "{} of a year or a month only: the first day of it was taken, of a date of death the last; of dates of birth of a year only, the first of July.",
                of("date is", "dates are")
            )
        }
        Tally::DatedByEncounter => {
            format!("{} no date and got the first day of the encounter.", of("resource has", "resources have"))
        }
        Tally::DatedByDocument => format!(
            "{} no date and got the day of the document that lists them: since when is not known.",
            of("problem, allergy or drug has", "problems, allergies or drugs have")
        ),
        Tally::Comparators => format!(
            "{} given as 'less than' or 'more than': the limit is kept as the value, the sign as its text.",
            of("value is", "values are")
        ),
        Tally::ValuesNotUsed => format!(
            "{} left out: times of day, signals, attachments and references are not read.",
            of("value of an observation was", "values of observations were")
        ),
        Tally::ComponentsWithoutValue => {
            format!(
                "{} left out for want of a value or a code.",
                of("component was", "components of observations were")
            )
        }
        Tally::Unconfirmed => format!(
            "{} provisional, differential or unconfirmed, and kept as conditions or allergies.",
            of("resource is", "resources are")
        ),
        Tally::SupersededDocuments => {
            format!("{} marked as superseded by another one, and kept.", of("document is", "documents are"))
        }
        Tally::OtherFormats => {
            format!(
                "{} left out beside the format that is kept.",
                of("copy of a document was", "copies of documents were")
            )
        }
        Tally::TextElsewhere => format!(
            "{} only an address: the text was not fetched, since nothing leaves this device.",
            of("document has", "documents have")
        ),
        Tally::NoTextFormats => {
            format!("{} no text (PDF, images, XML): the content is not read.", of("document is", "documents are"))
        }
        Tally::DeadWithoutDate => {
            format!("{} recorded as dead without a date: no day of death is known.", of("person is", "persons are"))
        }
        Tally::Replaced => format!(
            "{} marked as replaced by a record that is not among the files: kept as a person of their own.",
            of("patient is", "patients are")
        ),
        Tally::PatientsDeleted => format!(
            "{} deleted by an entry of a Bundle. What refers to them among these files is rejected; a dataset that this is added to \
             keeps them: import the remaining files anew to be rid of them.",
            of("patient is", "patients are")
        ),
        Tally::Supplies => format!(
            "{} not understood (no number of hours, days, weeks, months or years, or not between a day and ten years): no end was \
             taken from there.",
            of("days' supply was", "days' supplies were")
        ),
        Tally::OnsetInWords => format!(
            "{} given as an age or in words: dated by the recording (or by the encounter).",
            of("onset is", "onsets are")
        ),
        Tally::AbatementInWords => format!(
            "{} over by an age, in words, or as a mere yes: no day of the end is known.",
            of("condition is", "conditions are")
        ),
        Tally::Inside => format!(
            "{} not read: inside of others, only Medications, Devices and the Observations that a report or a group of \
             observations names are.",
            of("contained resource was", "contained resources were")
        ),
        Tally::DevicesElsewhere => format!(
            "{} not among the files: no device event was made.",
            of("device of a procedure is", "devices of procedures are")
        ),
        Tally::OtherBytes => {
            format!("{} not written as UTF-8: read as windows-1252.", of("document is", "documents are"))
        }
    }
}
