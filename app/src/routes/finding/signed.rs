//! A signed finding: read, taken along, published.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::finding::{Author, Finding};
use protocol::{EngineError, VerifiedDocument, VerifyDocument};

use super::body::FindingBody;
use crate::components::*;
use crate::stores::engine::{Load, Task, use_engine};
use crate::stores::findings::record::{Origin, SavedFinding};
use crate::stores::findings::text;
use crate::stores::sharing::status::{Membership, standing_words};
use crate::stores::sharing::use_sharing;
use sync::replica::Standing;

/// A signed finding.
#[component]
pub fn SignedFinding(
    /// The finding.
    saved: SavedFinding,
) -> impl IntoView {
    let finding = saved.finding.clone();
    let id = saved.id().0.clone();
    let actions = {
        let saved = saved.clone();
        move || view! { <TakeAlong saved=saved.clone()/> }
    };
    view! {
        <PageHeader title=finding.title.clone() actions=actions/>
        <div class="stack stack--l">
            {saved.is_mine().then(|| view! { <Publish saved=saved.clone()/> })}
            <FindingBody finding=finding/>
            <Provenance saved=saved.clone()/>
            <div class="row no-print">
                <LinkButton label="See it beside its replications" href=format!("/knowledge/{id}")/>
            </div>
        </div>
    }
}

/// Copy as text, download, print.
#[component]
pub fn TakeAlong(
    /// The finding.
    saved: SavedFinding,
) -> impl IntoView {
    let say = use_toast();
    let words = text::plain(&saved.finding);
    let copy = move || {
        let words = words.clone();
        spawn_local(async move {
            match web::files::copy_text(&words).await {
                Ok(()) => say("Copied as text.".to_owned()),
                Err(problem) => say(problem.to_string()),
            }
        });
    };
    let download = move || match document_json(&saved) {
        Ok(json) => {
            let name = file_name(&saved.finding);
            if let Err(problem) = web::files::download(&name, json.as_bytes(), "application/json") {
                say(problem.to_string());
            }
        }
        Err(problem) => say(problem),
    };
    view! {
        <div class="row no-print">
            <Button label="Copy as text" small=true icon=IconName::Copy on_click=copy/>
            <Button label="Download" small=true icon=IconName::Download on_click=download/>
            <Button label="Print" small=true on_click=|| { drop(window().print()); }/>
        </div>
    }
}

fn document_json(saved: &SavedFinding) -> Result<String, String> {
    serde_json::to_string_pretty(&saved.signed.document).map_err(|problem| problem.to_string())
}

/// `hormonal-therapy-and-recurrence.finding.json`: letters and digits of the title.
fn file_name(finding: &Finding) -> String {
    let mut name = String::new();
    for c in finding.title.to_lowercase().chars() {
        if c.is_ascii_alphanumeric() {
            name.push(c);
        } else if !name.ends_with('-') && !name.is_empty() {
            name.push('-');
        }
        if name.len() >= 60 {
            break;
        }
    }
    let name = name.trim_end_matches('-');
    let name = if name.is_empty() { "finding" } else { name };
    format!("{name}.finding.json")
}

/// Who made it, with which key, and whether the signature holds.
#[component]
pub fn Provenance(
    /// The finding.
    saved: SavedFinding,
) -> impl IntoView {
    let verified = Task::<VerifiedDocument>::new();
    let engine = use_engine();
    let document = saved.signed.document.clone();
    verified.run(engine, VerifyDocument { document });
    let finding = &saved.finding;
    let came = match saved.signed.origin {
        Origin::Mine => format!("Made and signed on this device on {}.", finding.made_on),
        Origin::Received => {
            format!("Made on {}; received and its signature checked on {}.", finding.made_on, saved.signed.verified_on)
        }
    };
    let Author { name, site, .. } = finding.author.clone();
    let (fingerprint, id) = (saved.fingerprint(), saved.id().0.clone());
    view! {
        <Section title="Where it comes from">
            <dl class="facts">
                <dt>"Author"</dt>
                <dd>{name}</dd>
                <dt>"Site"</dt>
                <dd>{site}</dd>
                <dt>"When"</dt>
                <dd>{came}</dd>
                <dt>"Signing key"</dt>
                <dd>
                    <code>{fingerprint}</code>
                    <span class="muted small">" (compare it with the author if in doubt)"</span>
                </dd>
                <dt>"Signature"</dt>
                <dd aria-live="polite">{move || verified.load.with(signature_view)}</dd>
                <dt>"Document"</dt>
                <dd><code class="small">{id}</code></dd>
            </dl>
        </Section>
    }
}

fn signature_view(load: &Load<VerifiedDocument>) -> AnyView {
    match load {
        Load::Idle | Load::Loading { .. } => view! { <span class="muted">"Checking…"</span> }.into_any(),
        Load::Ready(_) => view! { <span class="tag tag--good">"Verified"</span> " The text is the one that was signed with this key." }.into_any(),
        Load::Failed(EngineError::Invalid { problems }) => {
            view! { <span class="tag tag--bad">"Does not hold"</span> " " {problems.join(" ")} }.into_any()
        }
        Load::Failed(problem) => {
            view! { <span class="tag tag--warn">"Not checked"</span> " " {problem.to_string()} }.into_any()
        }
    }
}

/// Publish, or how far publishing is.
#[component]
fn Publish(saved: SavedFinding) -> impl IntoView {
    let sharing = use_sharing();
    let status = sharing.status;
    let problem = RwSignal::new(None::<String>);
    let id = saved.id().clone();
    let standing = Memo::new({
        let id = id.clone();
        move |_| status.with(|status| status.standing(&id).cloned())
    });
    let words = Memo::new(move |_| {
        status.with(|status| status.standing(&id).map(|standing| standing_words(standing, status)).unwrap_or_default())
    });
    let has_joined = Memo::new(move |_| status.with(|status| matches!(status.membership, Membership::Joined(_))));
    let document = saved.signed.document.clone();
    let publish = move |()| {
        let (sharing, document) = (sharing.clone(), document.clone());
        spawn_local(async move {
            let is_refused = matches!(standing.try_get_untracked(), Some(Some(Standing::Refused { .. })));
            let outcome =
                if is_refused { sharing.publish_again(document.id).await } else { sharing.publish(document).await };
            problem.try_set(outcome.err());
        });
    };
    let publish = Callback::new(publish);
    view! {
        <Card class="no-print" title="Share with peers" is_section=true>
            {move || match standing.get() {
                None => view! {
                    <p>
                        "Others then read these aggregates, under the name and site written below. \
                         What was published cannot be taken back: others may have it already."
                    </p>
                    {move || (!has_joined.get()).then(|| view! {
                        <p class="muted">"This device has not joined a group yet: the finding waits in the outbox until it has."</p>
                    })}
                    <div class="row">
                        <Button label="Publish" kind=ButtonKind::Primary on_click=publish/>
                        <span class="muted">"or keep it on this device: nothing more to do."</span>
                    </div>
                }
                .into_any(),
                Some(standing) => {
                    let class = match standing {
                        Standing::Listed | Standing::Published => "tag tag--good",
                        Standing::Waiting => "tag tag--warn",
                        Standing::Refused { .. } => "tag tag--bad",
                    };
                    let word = match standing {
                        Standing::Listed | Standing::Published => "Published",
                        Standing::Waiting => "Waiting",
                        Standing::Refused { .. } => "Refused",
                    };
                    let is_refused = matches!(standing, Standing::Refused { .. });
                    view! {
                        <p role="status">
                            <span class=class>{word}</span>
                            " "
                            {move || words.get()}
                        </p>
                        {is_refused.then(|| view! { <div class="row"><Button label="Offer it again" on_click=publish/></div> })}
                        {(!has_joined.get()).then(|| view! { <div class="row"><LinkButton label="Join a group" href="/settings"/></div> })}
                    }
                    .into_any()
                }
            }}
            {move || {
                problem.get().map(|words| view! { <Notice kind=NoticeKind::Error title="It was not put in the outbox"><p>{words}</p></Notice> })
            }}
        </Card>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::stores::findings::record::fixtures;

    #[test]
    fn a_file_is_named_after_the_title() {
        let mut finding = fixtures::finding();
        assert_eq!(file_name(&finding), "hormonal-therapy-and-recurrence.finding.json");
        finding.title = "…".into();
        assert_eq!(file_name(&finding), "finding.finding.json");
        finding.title = "x".repeat(200);
        assert!(file_name(&finding).len() < 80);
    }

    #[test]
    fn what_is_downloaded_is_the_signed_document() {
        let saved = fixtures::saved(&fixtures::finding());
        let document: model::document::SignedDocument = serde_json::from_str(&document_json(&saved).unwrap()).unwrap();
        assert_eq!(document, saved.signed.document);
    }
}
