//! What was learnt here and elsewhere: findings by question, and each beside its replications.

mod forest_plot;
mod group;
pub(crate) mod pooled;
mod settings;
pub(crate) mod ways;

use leptos::prelude::*;
use leptos_router::components::A;
use leptos_router::hooks::{use_navigate, use_params_map, use_query_map};

use crate::components::*;
use crate::routes::finding::body::FindingBody;
use crate::routes::finding::signed::{Provenance, TakeAlong};
use crate::stores::engine::{Load, state_of};
use crate::stores::findings::groups::{Group, group, group_of, matches};
use crate::stores::findings::{self, SavedDraft, SavedFinding, Shelf, text};
use crate::stores::sharing::status::{Tone, standing_words};
use crate::stores::sharing::use_sharing;

use group::GroupEvidence;
pub use settings::SharingSettings;

/// The findings on this device, read anew when others arrive or another tab writes.
fn use_shelf() -> RwSignal<Load<Shelf>> {
    let shelf = RwSignal::new(Load::<Shelf>::loading());
    let received = use_sharing().received;
    let elsewhere = RwSignal::new(0_u32);
    let subscription = StoredValue::new_local(Some(web::documents::on_change(move |kind| {
        if kind == findings::KIND {
            elsewhere.try_update(|count| *count += 1);
        }
    })));
    on_cleanup(move || {
        subscription.try_update_value(Option::take);
    });
    Effect::new(move |_| {
        received.track();
        elsewhere.track();
        findings::load_into(shelf, findings::list());
    });
    shelf
}

/// What was learnt here and elsewhere.
#[component]
pub fn KnowledgePage() -> impl IntoView {
    let shelf = use_shelf();
    let query = use_query_map();
    let navigate = use_navigate();
    let search = RwSignal::new(query.read_untracked().get("q").unwrap_or_default());
    let on_search = move |words: String| {
        let address = if words.trim().is_empty() {
            "/knowledge".to_owned()
        } else {
            format!("/knowledge?q={}", String::from(js_sys::encode_uri_component(&words)))
        };
        search.set(words);
        let options = leptos_router::NavigateOptions { replace: true, scroll: false, ..Default::default() };
        navigate(&address, options);
    };
    view! {
        <PageHeader
            title="Knowledge"
            lead="What was learnt here, and what peers found and shared: by question, each original with its replications."
            actions=|| view! { <LinkButton label="Begin with a comparison" href="/compare"/> }
        />
        <ways::Ways/>
        <div class="stack stack--l">
            <SharingLine/>
            <TextInput
                label="Search"
                kind="search"
                value=search
                on_input=on_search
                placeholder="treatment, outcome, site \u{2026}"
            />
            <AsyncPanel
                load=shelf
                doing="Reading the findings\u{2026}"
                retry=Callback::new(move |()| findings::load_into(shelf, findings::list()))
                full=move |shelf: Shelf| view! { <ShelfView shelf=shelf search=search/> }
            />
        </div>
    }
}

/// How sharing stands, in one line.
#[component]
fn SharingLine() -> impl IntoView {
    let sharing = use_sharing();
    let words = {
        let status = sharing.status;
        Memo::new(move |_| status.with(|status| status.words()))
    };
    let refused = Memo::new(move |_| sharing.status.with(|status| status.refused.len()));
    view! {
        <div class="sharing-line" role="status">
            <span class=move || tone_class(words.get().tone)>{move || words.get().headline}</span>
            <span class="muted small">{move || words.get().detail}</span>
            <A href="/settings">"Sharing settings"</A>
        </div>
        {move || (refused.get() > 0).then(|| view! {
            <Notice kind=NoticeKind::Warn title="Received documents were refused">
                <p>
                    {move || match refused.get() {
                        1 => "One document from the server was not what it claimed to be. It was not stored.".to_owned(),
                        n => format!("{n} documents from the server were not what they claimed to be. They were not stored."),
                    }}
                    " "
                    <A href="/settings">"See which"</A>
                </p>
            </Notice>
        })}
    }
}

pub(super) fn tone_class(tone: Tone) -> &'static str {
    match tone {
        Tone::Good => "tag tag--good",
        Tone::Quiet => "tag",
        Tone::Waiting => "tag tag--warn",
        Tone::Bad => "tag tag--bad",
    }
}

#[component]
fn ShelfView(shelf: Shelf, search: RwSignal<String>) -> impl IntoView {
    let Shelf { drafts, findings, problems } = shelf;
    let is_empty = findings.is_empty() && drafts.is_empty();
    let findings = StoredValue::new(findings);
    view! {
        <NoticeList kind=NoticeKind::Warn title="Some records cannot be read" items=problems/>
        {(!drafts.is_empty()).then(|| view! { <Drafts drafts=drafts/> })}
        {is_empty.then(|| view! {
            <EmptyState title="Nothing was learnt here yet">
                <p>"Compare two ways of treating and write the result up as a finding, or join a group to read what peers found."</p>
                <div class="row">
                    <LinkButton label="Compare" href="/compare" kind=ButtonKind::Primary/>
                    <LinkButton label="Join a group" href="/settings"/>
                </div>
            </EmptyState>
        })}
        {move || {
            let words = search.get();
            findings.with_value(|all| {
                let groups = group(all);
                let shown: Vec<AnyView> = groups
                    .iter()
                    .filter(|group| group.members().any(|place| matches(&all[place].finding, &words)))
                    .map(|group| group_card(group, all))
                    .collect();
                if shown.is_empty() && !all.is_empty() {
                    view! { <p class="muted" role="status">"No finding has all of these words."</p> }.into_any()
                } else {
                    view! { <div class="stack">{shown}</div> }.into_any()
                }
            })
        }}
    }
}

fn group_card(group: &Group, all: &[SavedFinding]) -> AnyView {
    let first = group.original.or_else(|| group.replications.first().copied());
    let Some(first) = first.map(|place| &all[place]) else {
        return ().into_any();
    };
    let question = first.finding.question.clone();
    let n = group.members().count();
    let rows = group.members().map(|place| finding_row(&all[place], group.original == Some(place))).collect_view();
    let original_elsewhere = group.original.is_none();
    view! {
        <article class="card question">
            <div class="row row--between">
                <h2 class="question__title">{question}</h2>
                {(n > 1).then(|| view! { <span class="tag tag--accent">{format!("{n} estimates")}</span> })}
            </div>
            {original_elsewhere.then(|| view! { <p class="small muted">"The original is not on this device."</p> })}
            <ul class="question__list">{rows}</ul>
        </article>
    }
    .into_any()
}

fn finding_row(saved: &SavedFinding, is_original: bool) -> AnyView {
    let finding = &saved.finding;
    let href = format!("/knowledge/{}", saved.id());
    let role = if is_original { "Original" } else { "Replication" };
    let whose = if saved.is_mine() { "yours" } else { "received" };
    let (site, dataset, made_on) = (&finding.author.site, &finding.population.dataset, &finding.made_on);
    let about = format!("{role}, {whose}: {site}, {dataset}, {made_on}");
    let (title, estimate) = (finding.title.clone(), text::one_line(finding));
    view! {
        <li class="question__finding">
            <div>
                <A href=href>{title}</A>
                <p class="small muted">{about}</p>
            </div>
            <span class="num question__estimate">{estimate}</span>
        </li>
    }
    .into_any()
}

#[component]
fn Drafts(drafts: Vec<SavedDraft>) -> impl IntoView {
    view! {
        <Section title="Drafts">
            <ul class="question__list card">
                {drafts
                    .into_iter()
                    .map(|saved| {
                        let title = saved.draft.shown_title().to_owned();
                        let about = format!("{} (not signed yet)", saved.draft.dataset_name);
                        view! {
                            <li class="question__finding">
                                <div>
                                    <A href=format!("/finding/{}", saved.id)>{title}</A>
                                    <p class="small muted">{about}</p>
                                </div>
                            </li>
                        }
                    })
                    .collect_view()}
            </ul>
        </Section>
    }
}

/// One finding beside its replications. It is drawn again only where another one is opened: what arrives from peers
/// meanwhile changes the estimates that stand beside it, and takes neither the place nor the focus of the reader.
#[component]
pub fn KnowledgeFindingPage() -> impl IntoView {
    let shelf = use_shelf();
    let params = use_params_map();
    let id = Memo::new(move |_| params.read().get("id").unwrap_or_default());
    let place = move |shelf: &Shelf, id: &str| shelf.findings.iter().position(|saved| saved.id().0 == id);
    let shown = Memo::new(move |_| {
        let id = id.get();
        shelf.with(|load| load.ready().and_then(|shelf| place(shelf, &id).map(|place| shelf.findings[place].clone())))
    });
    let members = Memo::new(move |_| {
        let id = id.get();
        shelf
            .with(|load| load.ready().and_then(|s| place(s, &id).map(|place| of_group(&s.findings, place))))
            .unwrap_or_default()
    });
    view! {
        <HeaderUntilRead title="Finding" load=shelf/>
        <AsyncPanel
            load=state_of(shelf)
            doing="Reading the findings\u{2026}"
            retry=Callback::new(move |()| findings::load_into(shelf, findings::list()))
            full=move |()| move || match shown.get() {
                Some(saved) => view! { <OneFinding saved=saved members=members/> }.into_any(),
                None => view! { <NotHere/> }.into_any(),
            }
        />
    }
}

/// The findings that ask the same question as the one at a place.
fn of_group(findings: &[SavedFinding], place: usize) -> Vec<SavedFinding> {
    let groups = group(findings);
    let found = group_of(&groups, findings, findings[place].id());
    found.map_or_else(
        || vec![findings[place].clone()],
        |group| group.members().map(|member| findings[member].clone()).collect(),
    )
}

#[component]
fn NotHere() -> impl IntoView {
    view! {
        <PageHeader title="Finding"/>
        <EmptyState title="This finding is not on this device">
            <p>"It may not have been received yet. Once this device has joined the group, it comes by itself."</p>
            <div class="row">
                <LinkButton label="All findings" href="/knowledge" kind=ButtonKind::Primary/>
                <LinkButton label="Sharing settings" href="/settings"/>
            </div>
        </EmptyState>
    }
}

#[component]
fn OneFinding(saved: SavedFinding, members: Memo<Vec<SavedFinding>>) -> impl IntoView {
    let replicate = format!("/replicate/{}", saved.id());
    let own = saved.is_mine().then(|| format!("/finding/{}", saved.id()));
    let actions = {
        let saved = saved.clone();
        move || view! { <TakeAlong saved=saved.clone()/> }
    };
    let finding = saved.finding.clone();
    view! {
        <PageHeader title=finding.title.clone() actions=actions/>
        <div class="stack stack--l">
            <div class="row no-print">
                <LinkButton label="Replicate on my data" href=replicate kind=ButtonKind::Primary/>
                {own.map(|href| view! { <LinkButton label="Publishing" href=href/> })}
                <Standing saved=saved.clone()/>
            </div>
            {
                let shown = saved.id().clone();
                move || view! { <GroupEvidence members=members.get() shown=shown.clone()/> }
            }
            <FindingBody finding=finding/>
            <Provenance saved=saved/>
        </div>
    }
}

/// Where an own finding stands with the server.
#[component]
fn Standing(saved: SavedFinding) -> impl IntoView {
    let status = use_sharing().status;
    let id = saved.id().clone();
    let words = move || status.with(|status| status.standing(&id).map(|standing| standing_words(standing, status)));
    view! { <span class="small muted">{move || words()}</span> }
}
