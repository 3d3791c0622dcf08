//! What was recognized: a flat file, OMOP tables, or the header of a `.rounds` file.

use leptos::prelude::*;
use model::dataset::DatasetHeader;
use protocol::RecognizedFile;

use super::csv_file::CsvFile;
use super::into::IntoField;
use super::record::{RecordFiles, RecordPlan};
use super::tables::TablesFile;
use super::{Plan, Wizard};
use crate::components::*;
use crate::format::{bytes, count, counted};
use crate::routes::data::{format_words, shape_words};

/// What was recognized.
#[component]
pub(super) fn FileStep(wizard: Wizard) -> impl IntoView {
    // Drawn once a kind: what is typed here must not draw the fields anew.
    let is_tables = Memo::new(move |_| wizard.plan.with(|plan| matches!(plan, Some(Plan::Tables(_)))));
    move || {
        is_tables.get();
        one(wizard)
    }
}

fn one(wizard: Wizard) -> AnyView {
    match wizard.plan.get_untracked() {
        Some(Plan::Csv(_)) => view! { <CsvFile wizard=wizard/> }.into_any(),
        Some(Plan::Tables(_)) => view! { <TablesFile wizard=wizard/> }.into_any(),
        Some(Plan::Record(RecordPlan { files: RecordFiles::Omop(files), n_bytes, .. })) => {
            view! { <OmopFiles files=files n_bytes=n_bytes wizard=wizard/> }.into_any()
        }
        Some(Plan::Record(RecordPlan { files: RecordFiles::Fhir { found, n_files }, n_bytes, .. })) => {
            view! { <FhirFiles found=found n_files=n_files n_bytes=n_bytes wizard=wizard/> }.into_any()
        }
        Some(Plan::Rounds(header)) => view! { <RoundsFile header=*header/> }.into_any(),
        None => ().into_any(),
    }
}

/// Bytes in words.
#[expect(clippy::cast_precision_loss, reason = "shown with three digits")]
pub(super) fn size(n_bytes: u64) -> String {
    bytes(n_bytes as f64)
}

/// The name of the dataset.
#[component]
pub(super) fn NameField(wizard: Wizard) -> impl IntoView {
    let name = Signal::derive(move || {
        wizard.plan.with(|plan| match plan {
            Some(Plan::Csv(csv)) => csv.name.clone(),
            Some(Plan::Tables(tables)) => tables.name.clone(),
            Some(Plan::Record(record)) => record.name.clone(),
            _ => String::new(),
        })
    });
    let change = move |typed: String| {
        wizard.plan.update(|plan| match plan {
            Some(Plan::Csv(csv)) => csv.name = typed,
            Some(Plan::Tables(tables)) => tables.name = typed,
            Some(Plan::Record(record)) => record.name = typed,
            _ => {}
        });
    };
    let error = move || name.with(|n| n.trim().is_empty()).then(|| "Give the dataset a name.".to_owned());
    view! {
        <TextInput
            label="Name of the dataset"
            value=name
            on_input=change
            error=Signal::derive(error)
            hint="Only for you; it does not leave this device unless you publish a finding under it."
        />
    }
}

#[component]
fn OmopFiles(files: Vec<RecognizedFile>, n_bytes: u64, wizard: Wizard) -> impl IntoView {
    let n_used = files.iter().filter(|f| f.table.is_some()).count() as u64;
    let has_person = files.iter().any(|f| f.table.as_deref() == Some("person"));
    let table = TableData {
        caption: "Files and what they are".to_owned(),
        columns: vec![Column::text("File"), Column::text("OMOP table")],
        rows: files
            .into_iter()
            .map(|f| vec![f.name, f.table.unwrap_or_else(|| "not used by Rounds".to_owned())])
            .collect(),
    };
    let lead = format!("{} recognized, {} in all.", counted(n_used, "OMOP table", "OMOP tables"), size(n_bytes));
    view! {
        <Section title="What was recognized" lead=lead>
            <Card><NameField wizard=wizard/><IntoField wizard=wizard/></Card>
            {(!has_person)
                .then(|| {
                    view! {
                        <Notice kind=NoticeKind::Warn title="There is no person table">
                            <p>
                                "Without person.csv nobody's sex and year of birth are known, and the import may refuse the \
                                 events. Add the file and choose the folder again."
                            </p>
                        </Notice>
                    }
                })}
            <DataTable table=table file_name="recognized files" tall=true/>
        </Section>
    }
}

#[component]
fn FhirFiles(found: String, n_files: u32, n_bytes: u64, wizard: Wizard) -> impl IntoView {
    let lead = format!("{}, {} in all: {found}.", counted(u64::from(n_files), "file", "files"), size(n_bytes));
    view! {
        <Section title="What was recognized" lead=lead>
            <Card><NameField wizard=wizard/><IntoField wizard=wizard/></Card>
            <p class="muted">
                "Patients, encounters, conditions, observations, medication, procedures, immunizations, allergies, reports and \
                 documents are read; every other resource is counted in the report and not stored. References are followed \
                 across all files."
            </p>
        </Section>
    }
}

#[component]
fn RoundsFile(header: DatasetHeader) -> impl IntoView {
    view! {
        <Section title="A dataset that was saved by Rounds">
            <Card title=header.name>
                <dl class="facts">
                    <dt>"Persons"</dt>
                    <dd class="num">{count(header.n_persons)}</dd>
                    <dt>"Shape"</dt>
                    <dd>{shape_words(header.shape)}</dd>
                    <dt>"From"</dt>
                    <dd>{format_words(&header.source.format).to_owned()}</dd>
                    <dt>"Content id"</dt>
                    <dd class="num">{header.id.0}</dd>
                </dl>
                <p class="muted">
                    "Identifiers were taken care of when it was first imported. Every part is checked against its checksum."
                </p>
            </Card>
        </Section>
    }
}
