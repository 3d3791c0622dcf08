//! Notes with what was found in them: a finding that is chosen shows what decided on its context, and how far that reaches.

use leptos::prelude::*;
use model::dataset::DatasetId;
use protocol::{FoundInNote, NoteWithFindings, PersonNote, Timeline};

use crate::components::*;
use crate::figures::calendar::iso;
use crate::figures::timeline::{Piece, pieces};
use crate::format::{count, number};
use crate::stores::engine::{Task, use_engine};

/// Id of what is shown of the notes, which takes the focus when one is opened elsewhere.
pub(super) const PLACE: &str = "person-note";

/// The notes of a record.
#[component]
pub(super) fn NotesSection(
    record: StoredValue<Timeline>,
    dataset: StoredValue<DatasetId>,
    note: RwSignal<Option<u32>>,
) -> impl IntoView {
    let engine = use_engine();
    let task = Task::<NoteWithFindings>::new();
    let person = record.with_value(|record| record.person.clone());
    let person = StoredValue::new(person);
    let ask = move |number: u32| {
        task.run(engine, PersonNote { dataset: dataset.get_value(), person: person.get_value(), note: number });
    };
    Effect::new(move |_| {
        if let Some(number) = note.get() {
            ask(number);
        }
    });
    let options = record.with_value(|record| {
        let mut options = vec![(String::new(), "Choose a note".to_owned())];
        options.extend(record.notes.iter().map(|n| {
            let day = n.day.map_or_else(|| "no date".to_owned(), iso);
            let title = if n.title.is_empty() { "Note" } else { &n.title };
            (n.note.to_string(), format!("{day} \u{b7} {title} \u{b7} {} characters", count(n.n_chars)))
        }));
        options
    });
    let n_notes = options.len() as u32 - 1;
    let turn = move |to: Option<u32>| {
        if let Some(to) = to.filter(|to| *to < n_notes) {
            note.set(Some(to));
        }
    };
    let no_earlier = Signal::derive(move || note.get().is_none_or(|n| n == 0));
    let no_later = Signal::derive(move || note.get().is_some_and(|n| n + 1 >= n_notes));
    view! {
        <Section
            title="Notes"
            lead="Findings are marked by what the note says of them. Choose one to see what decided, and how far that reaches."
        >
            <div class="row part" id=PLACE tabindex="-1" role="group" aria-label="Choose a note">
                <Select
                    label="Note"
                    value=Signal::derive(move || note.get().map(|n| n.to_string()).unwrap_or_default())
                    options=options
                    on_change=move |value: String| note.set(value.parse().ok())
                />
                <Button label="Earlier note" small=true disabled=no_earlier on_click=move || turn(note.get_untracked().and_then(|n| n.checked_sub(1)))/>
                <Button label="Later note" small=true disabled=no_later on_click=move || turn(Some(note.get_untracked().map_or(0, |n| n + 1)))/>
            </div>
            <Show when=move || note.get().is_some()>
                <AsyncPanel
                    load=task.load
                    full=|read: NoteWithFindings| view! { <OneNote read=read/> }
                    retry=move || {
                        if let Some(number) = note.get_untracked() {
                            ask(number);
                        }
                    }
                    on_cancel=Callback::new(move |()| task.cancel())
                    doing="Reading the note…"
                />
            </Show>
        </Section>
    }
}

/// What a note says of a finding: the class that marks it, and the word.
fn context(finding: &FoundInNote) -> (&'static str, &'static str) {
    if finding.experiencer == "other" {
        return ("family", "somebody else's");
    }
    match (finding.polarity.as_str(), finding.temporality.as_str()) {
        ("negated", _) => ("negated", "negated"),
        (_, "hypothetical") => ("hypothetical", "hypothetical"),
        ("possible", _) => ("possible", "possible"),
        (_, "historical") => ("historical", "in the past"),
        _ => ("affirmed", "affirmed"),
    }
}

/// Polarity, temporality and experiencer in words.
fn full_context(finding: &FoundInNote) -> String {
    let whose = if finding.experiencer == "other" { "somebody else" } else { "the patient" };
    format!("{}, {}, about {whose}", finding.polarity, finding.temporality)
}

fn value_words(finding: &FoundInNote) -> String {
    let mut parts = Vec::new();
    if let Some(value) = &finding.value {
        let sign = value.comparator.map(String::from).unwrap_or_default();
        let high = value.high.map(|high| format!(" to {}", number(high))).unwrap_or_default();
        let unit = value.unit.as_deref().map(|unit| format!(" {unit}")).unwrap_or_default();
        parts.push(format!("{sign}{}{high}{unit}", number(value.value)));
    }
    if let Some(drug) = &finding.drug {
        let high = drug.dose_high.map(|high| format!(" to {}", number(high))).unwrap_or_default();
        let unit = drug.unit.as_deref().unwrap_or_default();
        parts.extend(drug.dose.map(|dose| format!("{}{high} {unit}", number(dose)).trim_end().to_owned()));
        parts.extend(drug.route.clone());
        parts.extend(drug.frequency.clone());
        if drug.as_needed {
            parts.push("as needed".to_owned());
        }
    }
    parts.join(", ")
}

/// The findings as a table.
fn table(findings: &[FoundInNote]) -> TableData {
    let columns =
        ["Finding", "As written", "Domain", "Context", "Decided by", "Value", "Section", "Code"].map(Column::text);
    let row = |f: &FoundInNote| {
        vec![
            f.display.clone(),
            f.text.clone(),
            f.domain.clone().unwrap_or_default(),
            full_context(f),
            f.triggers.iter().map(|t| format!("\u{201c}{}\u{201d}", t.text)).collect::<Vec<_>>().join(", "),
            value_words(f),
            f.section.clone().unwrap_or_default(),
            f.code.clone().unwrap_or_default(),
        ]
    };
    TableData {
        caption: "What was found in this note".to_owned(),
        columns: columns.to_vec(),
        rows: findings.iter().map(row).collect(),
    }
}

#[component]
fn OneNote(read: NoteWithFindings) -> impl IntoView {
    let chosen = RwSignal::new(None::<usize>);
    let n = read.read.findings.len();
    let data = table(&read.read.findings);
    let read = StoredValue::new(read);
    let cut = Memo::new(move |_| read.with_value(|r| pieces(&r.text, &r.read.findings, chosen.get())));
    view! {
        <div class="split">
            <article class="card note" aria-label="Text of the note">
                <p class="note__text">
                    {move || cut.get().into_iter().map(|piece| view! { <OnePiece piece=piece read=read chosen=chosen/> }).collect_view()}
                </p>
            </article>
            <div class="stack">
                <Legend/>
                <div role="status">
                    {move || {
                        let finding = chosen.get().and_then(|at| read.with_value(|r| r.read.findings.get(at).cloned()));
                        match finding {
                            Some(finding) => view! { <Chosen finding=finding/> }.into_any(),
                            None if n == 0 => view! { <p class="muted">"Nothing of the lexicon was found in this note."</p> }.into_any(),
                            None => view! { <p class="muted">"No finding is chosen."</p> }.into_any(),
                        }
                    }}
                </div>
            </div>
        </div>
        {(n > 0)
            .then(|| {
                view! {
                    <Details summary=format!("The {} as a table", crate::format::counted(n as u64, "finding", "findings"))>
                        <DataTable table=data.clone() file_name="findings of a note" tall=true/>
                    </Details>
                }
            })}
    }
}

#[component]
fn OnePiece(piece: Piece, read: StoredValue<NoteWithFindings>, chosen: RwSignal<Option<usize>>) -> impl IntoView {
    let mut class = "note__piece".to_owned();
    if piece.is_trigger {
        class.push_str(" note__piece--trigger");
    }
    if piece.in_scope {
        class.push_str(" note__piece--scope");
    }
    let finding = piece.finding.and_then(|at| read.with_value(|r| r.read.findings.get(at).cloned().map(|f| (at, f))));
    let Some((at, finding)) = finding else {
        return view! { <span class=class>{piece.text}</span> }.into_any();
    };
    let (kind, word) = context(&finding);
    // What is chosen is taken back by a second click.
    let click = move |_| chosen.update(|now| *now = if *now == Some(at) { None } else { Some(at) });
    view! {
        <span class=class>
            <button
                type="button"
                class=format!("finding finding--{kind}")
                aria-pressed=move || (chosen.get() == Some(at)).to_string()
                aria-label=format!("{}, {word}", piece.text)
                on:click=click
            >
                {piece.text.clone()}
            </button>
        </span>
    }
    .into_any()
}

#[component]
fn Legend() -> impl IntoView {
    let kinds = [
        ("affirmed", "affirmed"),
        ("negated", "negated"),
        ("possible", "possible"),
        ("historical", "in the past"),
        ("hypothetical", "hypothetical"),
        ("family", "somebody else's"),
    ];
    view! {
        <ul class="marks-legend" aria-label="How findings are marked">
            {kinds
                .into_iter()
                .map(|(kind, word)| view! { <li><span class=format!("finding finding--{kind}")>{word}</span></li> })
                .collect_view()}
        </ul>
    }
}

#[component]
fn Chosen(finding: FoundInNote) -> impl IntoView {
    let value = value_words(&finding);
    let code = finding.code.clone().unwrap_or_default();
    let section = finding.section.clone().unwrap_or_default();
    let context = full_context(&finding);
    let triggers = finding.triggers.clone();
    let fact = |term: &'static str, text: String| (!text.is_empty()).then(|| view! { <dt>{term}</dt><dd>{text}</dd> });
    view! {
        <div class="card">
            <h3>{finding.display.clone()}</h3>
            <dl class="facts">
                {fact("As written", finding.text.clone())}
                {fact("Context", context)}
                {fact("Value", value)}
                {fact("Section", section)}
                {fact("Code", code)}
            </dl>
            {if triggers.is_empty() {
                view! { <p class="small muted">"No word around it says otherwise: affirmed, recent, the patient's own."</p> }.into_any()
            } else {
                view! {
                    <ul>
                        {triggers
                            .into_iter()
                            .map(|t| {
                                view! {
                                    <li>
                                        "Decided by "<strong>{format!("\u{201c}{}\u{201d}", t.text)}</strong>
                                        {format!(" (rule {}): framed in the text. Underlined with dots is how far it reaches.", t.rule)}
                                    </li>
                                }
                            })
                            .collect_view()}
                    </ul>
                }
                    .into_any()
            }}
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(polarity: &str, temporality: &str, experiencer: &str) -> FoundInNote {
        FoundInNote {
            concept: "x".into(),
            display: "Chest pain".into(),
            domain: Some("symptom".into()),
            code: None,
            text: "chest pain".into(),
            span: [0, 10],
            polarity: polarity.into(),
            temporality: temporality.into(),
            experiencer: experiencer.into(),
            trigger: None,
            triggers: Vec::new(),
            value: None,
            drug: None,
            section: None,
        }
    }

    #[test]
    fn every_context_has_its_mark() {
        for (polarity, temporality, experiencer, mark) in [
            ("affirmed", "recent", "patient", "affirmed"),
            ("negated", "recent", "patient", "negated"),
            ("negated", "historical", "patient", "negated"),
            ("possible", "recent", "patient", "possible"),
            ("affirmed", "historical", "patient", "historical"),
            ("affirmed", "hypothetical", "patient", "hypothetical"),
            ("negated", "recent", "other", "family"),
        ] {
            assert_eq!(context(&found(polarity, temporality, experiencer)).0, mark, "{polarity} {temporality}");
        }
        let table = table(&[found("negated", "recent", "other")]);
        assert_eq!(table.rows[0].len(), table.columns.len());
        assert_eq!(table.rows[0][3], "negated, recent, about somebody else");
    }

    #[test]
    fn values_and_doses_in_words() {
        let mut finding = found("affirmed", "recent", "patient");
        finding.value = Some(protocol::NoteQuantity {
            value: 55.0,
            high: Some(60.0),
            comparator: Some('>'),
            unit: Some("%".into()),
            span: [0, 1],
        });
        assert_eq!(value_words(&finding), ">55 to 60 %");
        finding.value = None;
        finding.drug = Some(protocol::NoteDrug {
            dose: Some(5.0),
            dose_high: None,
            unit: Some("mg".into()),
            route: Some("oral".into()),
            frequency: Some("daily".into()),
            as_needed: true,
            span: [0, 1],
        });
        assert_eq!(value_words(&finding), "5 mg, oral, daily, as needed");
    }
}
