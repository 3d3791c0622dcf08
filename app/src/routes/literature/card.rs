//! One citation: what it is, its estimates with their sentences, its abstract.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::citation::{Citation, FoundEffect, PRelation, Retraction};

use super::Desk;
use crate::components::*;
use crate::figures::scale::plain_number;
use crate::format::capital;
use crate::stores::literature::pooling::{flag_words, pieces, study_name, why_not};
use crate::stores::literature::{self, SavedCitation};

/// Authors named before 'and n others'.
const MAX_AUTHORS: usize = 6;

/// A citation.
#[component]
pub(super) fn CitationCard(saved: SavedCitation, desk: Desk) -> impl IntoView {
    let SavedCitation { id, citation, .. } = saved;
    let standing = standing(citation.retraction);
    let notices = citation.notices.join(" ");
    let types =
        citation.publication_types.iter().filter(|t| *t != "Journal Article").take(3).cloned().collect::<Vec<_>>();
    let name = study_name(&citation);
    let effects = citation
        .effects
        .iter()
        .enumerate()
        .map(|(place, effect)| view! { <li><EffectRow key=(id.clone(), place) effect=effect.clone() name=name.clone() desk=desk/></li> })
        .collect_view();
    let has_effects = !citation.effects.is_empty();
    let sections = StoredValue::new(citation.abstract_sections.clone());
    let has_abstract = sections.with_value(|s| !s.is_empty());
    view! {
        <article class="card citation">
            <h3 class="citation__title">{citation.title.clone()}</h3>
            <p class="small">{authors(&citation.authors)}</p>
            <p class="small muted citation__where">
                <span>{place_words(&citation)}</span>
                {citation.pmid.clone().map(|pmid| view! {
                    <a href=format!("https://pubmed.ncbi.nlm.nih.gov/{pmid}/") target="_blank" rel="noopener noreferrer">{format!("PMID {pmid}")}</a>
                })}
                {citation.doi.clone().map(|doi| view! {
                    <a href=format!("https://doi.org/{doi}") target="_blank" rel="noopener noreferrer">{format!("doi:{doi}")}</a>
                })}
                {types.into_iter().map(|words| view! { <span class="tag">{words}</span> }).collect_view()}
                {standing.map(|words| view! { <span class="tag tag--bad">{words}</span> })}
            </p>
            {(!notices.is_empty()).then(|| view! { <p class="small muted">{notices}</p> })}
            {has_effects.then(|| view! { <ul class="citation__effects" aria-label=format!("Effect estimates of {name}")>{effects}</ul> })}
            {(!has_effects && has_abstract).then(|| view! { <p class="small muted">"No effect estimate was found in its abstract."</p> })}
            {if has_abstract {
                view! {
                    <Details summary="Abstract">
                        {sections.with_value(|sections| sections
                            .iter()
                            .map(|section| view! {
                                <p class="citation__section">
                                    {section.label.clone().map(|label| view! { <strong>{label}</strong>" " })}
                                    {section.text.clone()}
                                </p>
                            })
                            .collect_view())}
                    </Details>
                }
                .into_any()
            } else {
                view! { <p class="small muted">"The file has no abstract of it: export it again with abstracts."</p> }.into_any()
            }}
            <Delete id=id name=name desk=desk/>
        </article>
    }
}

/// An estimate that can be ticked, with its sentence.
#[component]
fn EffectRow(key: (String, usize), effect: FoundEffect, name: String, desk: Desk) -> impl IntoView {
    let why = why_not(&effect);
    let is_disabled = why.is_some();
    let flags = flag_words(&effect.flags);
    let sentence = pieces(&effect)
        .into_iter()
        .map(|(text, marked)| if marked { view! { <mark>{text}</mark> }.into_any() } else { text.into_any() })
        .collect_view();
    let words = effect_words(&effect);
    let label = format!("Pool {name}: {words}");
    let std_err = effect.std_err.as_ref().map(|s| {
        let scale = if effect.measure.is_ratio() { " on the log scale" } else { "" };
        format!("Standard error{scale} {}: {}.", shown(s.value), s.method)
    });
    let key = StoredValue::new(key);
    let is_ticked = move || desk.ticked.with(|ticked| key.with_value(|key| ticked.contains(key)));
    let tick = move |on: bool| {
        desk.ticked.update(|ticked| {
            let key = key.get_value();
            if on {
                ticked.insert(key);
            } else {
                ticked.remove(&key);
            }
        });
    };
    view! {
        <div class="effect">
            <label class="check">
                <input
                    type="checkbox"
                    aria-label=label
                    disabled=is_disabled
                    prop:checked=is_ticked
                    on:change:target=move |event| tick(event.target().checked())
                />
                <span class="check__text"><strong class="num">{words}</strong></span>
            </label>
            <blockquote class="effect__sentence">{sentence}</blockquote>
            {flags.into_iter().map(|words| view! { <p class="small effect__flag"><Icon name=IconName::Warn/>{words}</p> }).collect_view()}
            {why.filter(|w| !effect.flags.iter().any(|f| f.words() == w)).map(|words| view! { <p class="small muted">{words}</p> })}
            {std_err.map(|words| view! { <p class="small muted">{words}</p> })}
        </div>
    }
}

/// A number as it stands in the text, with a true minus sign.
fn shown(value: f64) -> String {
    plain_number(value).replace('-', "\u{2212}")
}

/// `HR 0.72 (0.56 to 0.89, 95% CI), p = 0.003, adjusted`.
fn effect_words(effect: &FoundEffect) -> String {
    let unit = match effect.unit.as_deref() {
        Some("%") => "%".to_owned(),
        Some(unit) => format!(" {unit}"),
        None => String::new(),
    };
    let mut words = format!("{} {}{unit}", capital(effect.measure.words()), shown(effect.estimate));
    if let Some(i) = &effect.interval {
        let kind = if i.credible { "CrI" } else { "CI" };
        let level = i.level.map(|l| format!("{}% ", plain_number((l * 1000.0).round() / 10.0))).unwrap_or_default();
        words.push_str(&format!(" ({level}{kind} {} to {})", shown(i.lower), shown(i.upper)));
    }
    if let Some(p) = &effect.p {
        let sign = match p.relation {
            PRelation::Equal => "=",
            PRelation::Below => "<",
            PRelation::Above => ">",
        };
        words.push_str(&format!(", p {sign} {}", p.value));
    }
    match effect.adjusted {
        Some(true) => words.push_str(", adjusted"),
        Some(false) => words.push_str(", unadjusted"),
        None => {}
    }
    words
}

fn standing(retraction: Retraction) -> Option<&'static str> {
    match retraction {
        Retraction::NoneKnown => None,
        Retraction::Retracted => Some("Retracted"),
        Retraction::PartlyRetracted => Some("Retracted in part"),
        Retraction::Concern => Some("Expression of concern"),
        Retraction::Notice => Some("Notice of a retraction"),
    }
}

fn authors(names: &[String]) -> String {
    match names.len() {
        0 => "No authors named".to_owned(),
        n if n <= MAX_AUTHORS => names.join("; "),
        n => format!("{}; and {} others", names[..MAX_AUTHORS].join("; "), n - MAX_AUTHORS),
    }
}

fn place_words(citation: &Citation) -> String {
    let year = citation.year.map(|y| y.to_string()).unwrap_or_default();
    [citation.journal.clone(), year].into_iter().filter(|w| !w.is_empty()).collect::<Vec<_>>().join(", ")
}

#[component]
fn Delete(id: String, name: String, desk: Desk) -> impl IntoView {
    let open = RwSignal::new(false);
    let say = use_toast();
    let id = StoredValue::new(id);
    let delete = move || {
        let id = id.get_value();
        spawn_local(async move {
            match literature::delete(&id).await {
                Ok(()) => {
                    desk.ticked.try_update(|ticked| ticked.retain(|(of, _)| *of != id));
                    focus_heading();
                    say("The citation was deleted.".to_owned());
                }
                Err(error) => say(format!("The citation could not be deleted: {error}")),
            }
            desk.reload();
        });
    };
    view! {
        <div class="row row--end no-print">
            <Button label="Delete" kind=ButtonKind::DangerQuiet small=true aria_label=format!("Delete {name}") on_click=move || open.set(true)/>
        </div>
        <ConfirmDialog open=open title="Delete this citation?" confirm="Delete citation" danger=true on_confirm=delete>
            <p>"It is taken off this device with its estimates. The file it came from stays as it is."</p>
        </ConfirmDialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::citation::{EffectMeasure, FoundInterval, FoundP};

    #[test]
    fn an_estimate_reads_as_a_reader_writes_it() {
        let mut effect = FoundEffect {
            measure: EffectMeasure::HazardRatio,
            estimate: 0.72,
            interval: Some(FoundInterval { lower: 0.56, upper: 0.89, level: Some(0.95), credible: false }),
            p: Some(FoundP { relation: PRelation::Below, value: 0.001 }),
            adjusted: Some(true),
            ..FoundEffect::default()
        };
        assert_eq!(effect_words(&effect), "Hazard ratio 0.72 (95% CI 0.56 to 0.89), p < 0.001, adjusted");
        effect.measure = EffectMeasure::MeanDifference;
        effect.unit = Some("mm Hg".to_owned());
        (effect.interval, effect.p, effect.adjusted) = (None, None, None);
        assert_eq!(effect_words(&effect), "Mean difference 0.72 mm Hg");
    }

    #[test]
    fn long_lists_of_authors_are_cut_aloud() {
        let names: Vec<String> = (1..=8).map(|i| format!("A{i}")).collect();
        assert_eq!(authors(&names), "A1; A2; A3; A4; A5; A6; and 2 others");
        assert_eq!(authors(&[]), "No authors named");
    }
}
