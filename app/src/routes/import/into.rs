//! The dataset that files are added to, where there is one that they could be.

use leptos::prelude::*;
use model::dataset::{DatasetHeader, DatasetId, DatasetShape};
use protocol::DatePolicy;

use super::{Plan, Wizard};
use crate::components::*;
use crate::format::counted;
use crate::stores::datasets::use_datasets;

/// The policy of dates that a dataset was made with, where it is one that can be chosen: real dates cannot be kept.
fn dates_of(header: &DatasetHeader) -> Option<DatePolicy> {
    match header.keyed.as_ref()?.dates.as_str() {
        "shift" => Some(DatePolicy::Shift),
        "years_only" => Some(DatePolicy::YearsOnly),
        _ => None,
    }
}

/// Datasets of a shape that files can be added to: those of the user's own that say how they were keyed.
fn extendable(headers: &[DatasetHeader], shape: DatasetShape) -> Vec<(String, String)> {
    headers
        .iter()
        .filter(|h| h.shape == shape && h.source.format != "sample" && dates_of(h).is_some())
        .map(|h| (h.id.0.clone(), format!("{} ({})", h.name, counted(h.n_persons, "person", "persons"))))
        .collect()
}

/// Whether files of a plan can be added to a dataset, and what happens to what is there already.
fn hint(plan: &Plan) -> Option<&'static str> {
    match plan {
        Plan::Record(_) => Some(
            "What is there already is not stored twice; what came anew with other values is replaced. The dataset as it is now \
             stays beside the new one until you delete it.",
        ),
        Plan::Tables(_) => Some(
            "Persons are found again by their identifier, written as it was then. A row that is there already is not stored twice; one \
             that says something else is added, since rows have no ids of their own. The dataset as it is now stays beside the new \
             one until you delete it.",
        ),
        Plan::Csv(_) => Some(
            "Persons are found again by their identifier, written as it was then: new ones are added, and values that are otherwise now are \
             replaced. Values that the file leaves empty stay. The dataset as it is now stays beside the new one until you delete it.",
        ),
        Plan::Rounds(_) => None,
    }
}

impl Plan {
    /// What the files become: a flat file adds to a flat dataset, all else to a full record.
    fn shape(&self) -> DatasetShape {
        if matches!(self, Self::Csv(_)) { DatasetShape::Flat } else { DatasetShape::Record }
    }

    /// The stored dataset that the files are added to.
    fn added_to(&self) -> Option<&DatasetId> {
        match self {
            Self::Record(record) => record.into.as_ref(),
            Self::Tables(tables) => tables.into.as_ref(),
            Self::Csv(csv) => csv.into.as_ref(),
            Self::Rounds(_) => None,
        }
    }

    /// Adds the files to a dataset; without one they become a dataset of their own.
    fn add_to(&mut self, header: Option<&DatasetHeader>) {
        let (into, name, dates) = match self {
            Self::Record(record) => (&mut record.into, &mut record.name, &mut record.dates),
            Self::Tables(tables) => (&mut tables.into, &mut tables.name, &mut tables.dates),
            Self::Csv(csv) => (&mut csv.into, &mut csv.name, &mut csv.dates),
            Self::Rounds(_) => return,
        };
        *into = header.map(|header| header.id.clone());
        // The same choice as for the first import: another one would be refused.
        if let Some(header) = header {
            name.clone_from(&header.name);
            *dates = dates_of(header).unwrap_or(*dates);
        }
    }
}

/// The dataset that the files are added to, where there is one that they could be.
#[component]
pub(super) fn IntoField(wizard: Wizard) -> impl IntoView {
    let datasets = use_datasets();
    let shape = wizard.plan.with_untracked(|plan| plan.as_ref().map_or(DatasetShape::Record, Plan::shape));
    let options = Memo::new(move |_| {
        let mut options = vec![(String::new(), "No: a dataset of its own".to_owned())];
        options.extend(extendable(&datasets.headers(), shape));
        options
    });
    let value = Signal::derive(move || {
        let into = wizard.plan.with(|plan| plan.as_ref().and_then(Plan::added_to).cloned());
        into.map(|id| id.0).unwrap_or_default()
    });
    let hint = wizard.plan.with_untracked(|plan| plan.as_ref().and_then(hint)).map(str::to_owned);
    let is_possible = hint.is_some();
    let hint = StoredValue::new(hint);
    let choose = move |id: String| {
        let header = datasets.by_id(&DatasetId(id));
        wizard.plan.update(|plan| {
            if let Some(plan) = plan {
                plan.add_to(header.as_ref());
            }
        });
    };
    view! {
        <Show when=move || is_possible && options.with(|options| options.len() > 1)>
            <Select
                label="Add to, or update, a dataset that is here"
                value=value
                options=options
                on_change=choose
                hint=hint.get_value()
            />
        </Show>
    }
}

#[cfg(test)]
mod tests {
    use super::super::record::{RecordFiles, RecordPlan};
    use super::super::tables::TablesPlan;
    use super::*;
    use model::dataset::{DATASET_SCHEMA_VERSION, DatasetSource, Keyed};
    use model::import_mapping::TablesProposal;

    fn header(format: &str, shape: DatasetShape, dates: &str) -> DatasetHeader {
        DatasetHeader {
            schema_version: DATASET_SCHEMA_VERSION,
            id: DatasetId(format!("{format}-{dates}")),
            name: "Ward 7".to_owned(),
            source: DatasetSource { format: format.to_owned(), ..DatasetSource::default() },
            shape,
            n_persons: 1200,
            tables: Vec::new(),
            deidentification: Vec::new(),
            rows_read: 1,
            rows_kept: 1,
            rows_rejected: 0,
            keyed: Some(Keyed { secret_check: "x".to_owned(), dates: dates.to_owned(), safe_harbor: true }),
        }
    }

    #[test]
    fn datasets_of_ones_own_can_be_added_to() {
        let headers = [
            header("fhir", DatasetShape::Record, "shift"),
            header("sample", DatasetShape::Record, "shift"),
            header("csv", DatasetShape::Flat, "shift"),
            header("csv", DatasetShape::Record, "keep"),
            header("csv", DatasetShape::Record, "years_only"),
        ];
        let found = extendable(&headers, DatasetShape::Record);
        assert_eq!(found.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["fhir-shift", "csv-years_only"]);
        assert_eq!(found[0].1, "Ward 7 (1,200 persons)");
        let flat = extendable(&headers, DatasetShape::Flat);
        assert_eq!(flat.iter().map(|(id, _)| id.as_str()).collect::<Vec<_>>(), ["csv-shift"]);
    }

    #[test]
    fn what_is_added_takes_over_the_name_and_the_choice_about_dates() {
        let tables = TablesPlan::new(0, TablesProposal::default());
        let plans = [Plan::Tables(Box::new(tables)), Plan::Record(RecordPlan::new(RecordFiles::Omop(Vec::new()), 0))];
        for mut plan in plans {
            assert!(hint(&plan).is_some());
            let to = header("csv", DatasetShape::Record, "years_only");
            plan.add_to(Some(&to));
            assert_eq!(plan.added_to(), Some(&to.id));
            match &plan {
                Plan::Tables(t) => assert_eq!((t.name.as_str(), t.dates), ("Ward 7", DatePolicy::YearsOnly)),
                Plan::Record(r) => assert_eq!((r.name.as_str(), r.dates), ("Ward 7", DatePolicy::YearsOnly)),
                _ => panic!("another kind"),
            }
            plan.add_to(None);
            assert_eq!(plan.added_to(), None);
        }
    }
}
