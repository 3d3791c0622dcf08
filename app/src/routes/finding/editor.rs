//! A draft: what the engine makes of the result, what the author adds, the disclosure check, the signature.

use leptos::prelude::*;
use leptos::task::spawn_local;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use model::finding::{Author, DEFAULT_CELL_THRESHOLD};
use protocol::EngineError;

use super::body::FindingBody;
use super::desk::{Checked, Desk};
use crate::components::*;
use crate::stores::engine::Load;
use crate::stores::findings::record::{confounder_suggestions, entries};
use crate::stores::findings::{self, SavedDraft};

/// The card to sign on, which the focus returns to where something lacks.
const SIGN: &str = "sign-finding";

/// A draft being written.
#[component]
pub(super) fn DraftEditor(
    /// The draft.
    saved: SavedDraft,
) -> impl IntoView {
    let desk = Desk::new(saved);
    let title = move || {
        desk.checked
            .with(|load| load.ready().map(|checked| checked.finding.title.clone()))
            .unwrap_or_else(|| desk.draft.with(|draft| draft.shown_title().to_owned()))
    };
    view! {
        <PageHeader
            title=title
            lead="A draft. Nobody sees it but you. Below it stands as others would read it: aggregates only, small counts hidden."
            actions=move || view! { <DeleteDraft desk=desk/> }
        />
        {move || desk.saving_failed.get().map(|words| view! {
            <Notice kind=NoticeKind::Error title="The last change was not kept"><p>{words}</p></Notice>
        })}
        <div class="split">
            <AsyncPanel
                load=desk.checked
                doing="Writing the finding…"
                retry=Callback::new(move |()| spawn_local(desk.make()))
                full=|checked: Checked| view! { <FindingBody finding=checked.finding/> }
            />
            <aside class="stack no-print" aria-label="What you add, and the signature">
                <Additions desk=desk/>
                <Check desk=desk/>
                <Sign desk=desk/>
            </aside>
        </div>
    }
}

/// The author's own words.
#[component]
fn Additions(desk: Desk) -> impl IntoView {
    let not_adjusted = RwSignal::new(desk.draft.with_untracked(|draft| draft.not_adjusted_for.join("\n")));
    let limits = RwSignal::new(desk.draft.with_untracked(|draft| draft.limits.join("\n")));
    let set_not_adjusted = move |text: String| {
        desk.edit(|draft| draft.not_adjusted_for = entries(&text));
        not_adjusted.set(text);
    };
    let suggestions = move || {
        let named = entries(&not_adjusted.get());
        desk.draft
            .with(|draft| confounder_suggestions(&draft.plan))
            .into_iter()
            .filter(|suggestion| !named.iter().any(|name| name == suggestion))
            .map(|suggestion| {
                let add = move || {
                    let mut text = not_adjusted.get_untracked();
                    if !text.is_empty() && !text.ends_with('\n') {
                        text.push('\n');
                    }
                    text.push_str(suggestion);
                    set_not_adjusted(text);
                };
                view! { <Button label=suggestion small=true icon=IconName::Plus on_click=add aria_label=format!("Add: {suggestion}")/> }
            })
            .collect_view()
    };
    view! {
        <Card title="What you add" is_section=true>
            <TextInput
                label="Title"
                value=Signal::derive(move || desk.draft.with(|draft| draft.title.clone()))
                on_input=move |text: String| desk.edit(|draft| draft.title = text)
                hint="Empty: made from the plan."
            />
            <TextInput
                label="Name of the data, as others will read it"
                value=Signal::derive(move || desk.draft.with(|draft| draft.dataset_name.clone()))
                on_input=move |text: String| desk.edit(|draft| draft.dataset_name = text)
            />
            <TextArea
                label="Not adjusted for"
                value=not_adjusted
                on_input=set_not_adjusted
                rows=3
                hint="One a line. What these data know and the plan leaves out stands here already; add what they lack."
            />
            <div class="suggestions" role="group" aria-label="Suggestions to add">{suggestions}</div>
            <TextArea
                label="Further limits"
                value=limits
                on_input=move |text: String| {
                    desk.edit(|draft| draft.limits = entries(&text));
                    limits.set(text);
                }
                rows=3
                hint="In sentences, one a line."
            />
        </Card>
    }
}

/// What is hidden, why, and what the check says.
#[component]
fn Check(desk: Desk) -> impl IntoView {
    let set_threshold = move |value: Option<f64>| {
        let Some(value) =
            value.filter(|value| value.fract() == 0.0 && (f64::from(DEFAULT_CELL_THRESHOLD)..=1000.0).contains(value))
        else {
            return;
        };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a whole number up to 1000")]
        let threshold = value as u32;
        desk.threshold.set(threshold);
        desk.edit(|draft| draft.cell_threshold = Some(threshold));
    };
    view! {
        <Card title="May it leave?" is_section=true>
            <div aria-live="polite" class="stack stack--s">
                {move || desk.checked.with(|load| match load {
                    Load::Ready(checked) => view! { <Verdict checked=checked.clone()/> }.into_any(),
                    Load::Failed(_) => view! { <p class="muted">"Nothing can be said before the finding can be written."</p> }.into_any(),
                    Load::Idle | Load::Loading { .. } => view! { <p class="muted">"Checking…"</p> }.into_any(),
                })}
            </div>
            <NumberInput
                label="Hide counts of 1 up to"
                value=Signal::derive(move || Some(f64::from(desk.threshold.get())))
                on_change=set_threshold
                min=f64::from(DEFAULT_CELL_THRESHOLD)
                max=1000.0
                unit="persons"
                hint="10 at least. Your site may ask for more."
            />
        </Card>
    }
}

#[component]
fn Verdict(checked: Checked) -> impl IntoView {
    let Checked { hidden, report, .. } = checked;
    let may_leave = report.discloses.is_empty();
    let list = |entries: Vec<String>| {
        view! { <ul class="list small">{entries.into_iter().map(|entry| view! { <li>{entry}</li> }).collect_view()}</ul> }
    };
    view! {
        {if may_leave {
            view! { <p><span class="tag tag--good">"Yes"</span> " Nothing in it points at a small number of persons."</p> }.into_any()
        } else {
            let reasons = report.discloses.iter().map(|found| found.reason.clone()).collect();
            view! {
                <p><span class="tag tag--bad">"No"</span> " It would disclose too much. Change the words named here:"</p>
                {list(reasons)}
            }
            .into_any()
        }}
        {if hidden.is_empty() {
            view! { <p class="small muted">"Nothing had to be hidden."</p> }.into_any()
        } else {
            view! {
                <p class="small">"Hidden, because few persons stand behind it or because it would let a reader work them out:"</p>
                {list(hidden)}
            }
            .into_any()
        }}
        {(!report.warnings.is_empty()).then(|| view! {
            <Notice kind=NoticeKind::Warn title="Think about this first">{list(report.warnings.clone())}</Notice>
        })}
    }
}

/// Author and signature.
#[component]
fn Sign(desk: Desk) -> impl IntoView {
    let busy = RwSignal::new(false);
    let problem = RwSignal::new(None::<EngineError>);
    let say = use_toast();
    let navigate = use_navigate();
    let asked = RwSignal::new(false);
    let sign = move || {
        problem.set(None);
        if desk.author.with_untracked(|author| author.name.trim().is_empty() || author.site.trim().is_empty()) {
            asked.set(true);
            focus_first_invalid(SIGN);
            return;
        }
        busy.set(true);
        let navigate = navigate.clone();
        spawn_local(async move {
            match desk.sign().await {
                Ok((id, is_new)) => {
                    let words = if is_new {
                        "Signed. It stays on this device until you publish it."
                    } else {
                        "This very finding is on this device already, under the same name and site: this is it."
                    };
                    say(words.to_owned());
                    let options = NavigateOptions { replace: true, ..NavigateOptions::default() };
                    navigate(&format!("/finding/{id}"), options);
                }
                Err(why) => {
                    problem.try_set(Some(why));
                    busy.try_set(false);
                }
            }
        });
    };
    let may_sign =
        move || desk.checked.with(|load| load.ready().is_some_and(|checked| checked.report.discloses.is_empty()));
    view! {
        <div id=SIGN>
            <Card title="Sign" is_section=true class="card--accent">
                <AuthorFields desk=desk asked=asked/>
                <p class="small muted">
                    "Signing closes the text: a key made on this device proves that nobody changed it afterwards. \
                     It is not sent anywhere yet."
                </p>
                {move || problem.get().map(|error| view! { <ErrorNotice error=error/> })}
                <div class="row">
                    <Button
                        label=Signal::derive(move || if busy.get() { "Signing…".to_owned() } else { "Sign".to_owned() })
                        kind=ButtonKind::Primary
                        icon=IconName::Lock
                        disabled=Signal::derive(move || busy.get() || !may_sign())
                        on_click=sign
                    />
                </div>
            </Card>
        </div>
    }
}

/// Who signs. After the button was pressed in vain, a field says what it lacks until it is filled in.
#[component]
fn AuthorFields(desk: Desk, asked: RwSignal<bool>) -> impl IntoView {
    let lacks = move |get: fn(&Author) -> &String, words: &'static str| {
        Signal::derive(move || {
            let is_empty = desk.author.with(|author| get(author).trim().is_empty());
            (asked.get() && is_empty).then(|| words.to_owned())
        })
    };
    view! {
        <TextInput
            label="Your name or role"
            value=Signal::derive(move || desk.author.with(|author| author.name.clone()))
            on_input=move |text: String| { desk.author.update(|author| author.name = text); desk.touch(); }
            error=lacks(|author| &author.name, "Fill in your name or role: a finding without an author cannot be asked about.")
        />
        <TextInput
            label="Your site"
            value=Signal::derive(move || desk.author.with(|author| author.site.clone()))
            on_input=move |text: String| { desk.author.update(|author| author.site = text); desk.touch(); }
            error=lacks(|author| &author.site, "Fill in your site: readers must know where the data come from.")
        />
    }
}

/// Deletes the draft after a question.
#[component]
fn DeleteDraft(desk: Desk) -> impl IntoView {
    let open = RwSignal::new(false);
    let say = use_toast();
    let navigate = use_navigate();
    let delete = move || {
        let navigate = navigate.clone();
        let id = desk.id.get_value();
        spawn_local(async move {
            // A save under way cannot bring it back: it names a revision that is gone.
            match findings::delete_draft(&id).await {
                Ok(()) => navigate("/knowledge", NavigateOptions::default()),
                Err(problem) => say(problem.to_string()),
            }
        });
    };
    view! {
        <Button label="Delete draft" kind=ButtonKind::DangerQuiet small=true on_click=move || open.set(true)/>
        <ConfirmDialog open=open title="Delete this draft?" confirm="Delete draft" danger=true on_confirm=delete>
            <p>"The draft and what you wrote in it are taken away. The data and the comparison stay."</p>
        </ConfirmDialog>
    }
}
