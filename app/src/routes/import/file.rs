//! What was recognized: the first rows of a flat file, OMOP tables, or the header of a `.rounds` file.

use leptos::prelude::*;
use model::dataset::DatasetHeader;
use protocol::RecognizedFile;

use super::plan::CsvPlan;
use super::{Plan, Wizard};
use crate::components::*;
use crate::format::{bytes, count, counted};
use crate::routes::data::{format_words, shape_words};

/// What was recognized.
#[component]
pub(super) fn FileStep(wizard: Wizard) -> impl IntoView {
    // Drawn once: what is typed here must not draw the fields anew.
    match wizard.plan.get_untracked() {
        Some(Plan::Csv(csv)) => view! { <CsvFile csv=csv wizard=wizard/> }.into_any(),
        Some(Plan::Omop { files, n_bytes, .. }) => {
            view! { <OmopFiles files=files n_bytes=n_bytes wizard=wizard/> }.into_any()
        }
        Some(Plan::Rounds(header)) => view! { <RoundsFile header=*header/> }.into_any(),
        None => ().into_any(),
    }
}

/// A delimiter as people call it.
fn delimiter_words(delimiter: char) -> String {
    match delimiter {
        ',' => "comma".to_owned(),
        ';' => "semicolon".to_owned(),
        '\t' => "tab".to_owned(),
        '|' => "vertical bar".to_owned(),
        other => format!("'{other}'"),
    }
}

#[expect(clippy::cast_precision_loss, reason = "shown with three digits")]
fn size(n_bytes: u64) -> String {
    bytes(n_bytes as f64)
}

#[component]
fn NameField(wizard: Wizard) -> impl IntoView {
    let name = Signal::derive(move || {
        wizard.plan.with(|plan| match plan {
            Some(Plan::Csv(csv)) => csv.name.clone(),
            Some(Plan::Omop { name, .. }) => name.clone(),
            _ => String::new(),
        })
    });
    let change = move |typed: String| {
        wizard.plan.update(|plan| match plan {
            Some(Plan::Csv(csv)) => csv.name = typed,
            Some(Plan::Omop { name, .. }) => *name = typed,
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
fn CsvFile(csv: CsvPlan, wizard: Wizard) -> impl IntoView {
    let preview = TableData {
        caption: format!("The first rows of {}", csv.file_name),
        columns: csv.mapping.columns.iter().map(|c| Column::text(c.name.clone())).collect(),
        rows: csv.proposal.preview.clone(),
    };
    let caption = preview.caption.clone();
    let warnings = csv.proposal.warnings.clone();
    let missing = Memo::new(move |_| wizard.csv().map(|csv| csv.mapping.missing.join(", ")).unwrap_or_default());
    let decimal = Memo::new(move |_| wizard.csv().map(|csv| csv.mapping.decimal.to_string()).unwrap_or_default());
    let set_missing = move |typed: String| {
        wizard.update_csv(|csv| {
            csv.mapping.missing = typed.split(',').map(|t| t.trim().to_owned()).filter(|t| !t.is_empty()).collect();
        });
    };
    view! {
        <Section title="What was recognized">
            <Card>
                <NameField wizard=wizard/>
                <dl class="facts">
                    <dt>"File"</dt>
                    <dd>{format!("{} ({})", csv.file_name, size(csv.n_bytes))}</dd>
                    <dt>"Columns"</dt>
                    <dd class="num">{csv.mapping.columns.len()}</dd>
                    <dt>"Separated by"</dt>
                    <dd>{delimiter_words(csv.mapping.delimiter)}</dd>
                    <dt>"Letters"</dt>
                    <dd>{csv.mapping.encoding.clone()}</dd>
                    <dt>"Looked at"</dt>
                    <dd>{if csv.proposal.complete { "the whole file" } else { "the first part; the rest is checked at the import" }}</dd>
                </dl>
                <Details summary="How numbers and missing values are written">
                    <div class="grid">
                        <Select
                            label="Decimal sign"
                            value=decimal
                            options=vec![(".".to_owned(), "point: 1.5".to_owned()), (",".to_owned(), "comma: 1,5".to_owned())]
                            on_change=move |sign: String| {
                                wizard.update_csv(|csv| csv.mapping.decimal = sign.chars().next().unwrap_or('.'));
                            }
                        />
                        <TextInput
                            label="Texts that mean 'no value'"
                            value=missing
                            on_input=set_missing
                            hint="Separated by commas. An empty field always means no value."
                        />
                    </div>
                </Details>
            </Card>
            {(!warnings.is_empty())
                .then(|| {
                    view! {
                        <Notice kind=NoticeKind::Warn title="Please check">
                            <ul>{warnings.into_iter().map(|w| view! { <li>{w}</li> }).collect_view()}</ul>
                        </Notice>
                    }
                })}
            <ScrollRegion label=caption.clone() tall=true>
                <table class="table">
                    <caption>{caption}</caption>
                    <thead>
                        <tr>
                            {preview.columns.into_iter().map(|c| view! { <th scope="col">{c.label}</th> }).collect_view()}
                        </tr>
                    </thead>
                    <tbody>
                        {preview
                            .rows
                            .into_iter()
                            .map(|row| {
                                view! { <tr>{row.into_iter().map(|cell| view! { <td>{cell}</td> }).collect_view()}</tr> }
                            })
                            .collect_view()}
                    </tbody>
                </table>
            </ScrollRegion>
        </Section>
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
            <Card><NameField wizard=wizard/></Card>
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delimiters_have_names() {
        assert_eq!(delimiter_words('\t'), "tab");
        assert_eq!(delimiter_words(';'), "semicolon");
        assert_eq!(delimiter_words('^'), "'^'");
    }
}
