//! Sharing among the settings: join, leave, author and site, how the server stands, what was refused.

use leptos::prelude::*;
use leptos::task::spawn_local;
use model::finding::Author;
use sync::wire::Me;

use super::tone_class;
use crate::components::*;
use crate::stores::findings;
use crate::stores::sharing::status::{Membership, role_words};
use crate::stores::sharing::use_sharing;

/// Server, invite token and author: a part of the settings screen.
#[component]
pub fn SharingSettings() -> impl IntoView {
    let status = use_sharing().status;
    let me = Memo::new(move |_| {
        status.with(|status| match &status.membership {
            Membership::Joined(me) => Some(me.clone()),
            Membership::Unknown | Membership::NotJoined => None,
        })
    });
    view! {
        <Section
            title="Sharing with peers"
            lead="Findings only: aggregates that you signed and chose to publish. Patient data are never sent."
        >
            <div class="grid">
                <Card title="Group">
                    {move || match me.get() {
                        Some(me) => view! { <Joined me=me/> }.into_any(),
                        None => view! { <Join/> }.into_any(),
                    }}
                </Card>
                <AuthorCard/>
            </div>
            <Refused/>
        </Section>
    }
}

#[component]
fn Join() -> impl IntoView {
    let sharing = use_sharing();
    let token = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    let say = use_toast();
    let join = move || {
        let sharing = sharing.clone();
        busy.set(true);
        error.set(None);
        spawn_local(async move {
            match sharing.join(&token.get_untracked()).await {
                Ok(me) => say(format!("Joined as {} ({}).", me.name, me.site)),
                Err(problem) => {
                    error.try_set(Some(problem.to_string()));
                }
            }
            busy.try_set(false);
        });
    };
    view! {
        <p>"Not joined. Whoever runs this server can make an invite for you."</p>
        <TextInput
            label="Invite token"
            kind="password"
            value=token
            on_input=move |text: String| token.set(text)
            error=Signal::derive(move || error.get())
            hint="Paste it here. It is kept on this device only."
        />
        <div class="row">
            <Button
                label=Signal::derive(move || if busy.get() { "Joining\u{2026}".to_owned() } else { "Join".to_owned() })
                kind=ButtonKind::Primary
                disabled=busy
                on_click=join
            />
        </div>
    }
}

#[component]
fn Joined(me: Me) -> impl IntoView {
    let sharing = use_sharing();
    let status = sharing.status;
    let words = Memo::new(move |_| status.with(|status| status.words()));
    let leaving = RwSignal::new(false);
    let say = use_toast();
    let wake = {
        let sharing = sharing.clone();
        move || sharing.wake()
    };
    let leave = move || {
        let sharing = sharing.clone();
        spawn_local(async move {
            match sharing.leave().await {
                Ok(()) => say("You have left the group. What you received stays here.".to_owned()),
                Err(problem) => say(problem.to_string()),
            }
        });
    };
    let expires = me.expires_on.clone().map(|day| view! { <dt>"Works until"</dt><dd>{day}</dd> });
    view! {
        <p role="status">
            <span class=move || tone_class(words.get().tone)>{move || words.get().headline}</span>
            " "
            {move || words.get().detail}
        </p>
        <dl class="facts">
            <dt>"Joined as"</dt>
            <dd>{me.name}</dd>
            <dt>"Site"</dt>
            <dd>{me.site}</dd>
            <dt>"Role"</dt>
            <dd>{role_words(me.role)}</dd>
            {expires}
        </dl>
        <div class="row">
            <Button label="Look for news now" on_click=wake/>
            <Button label="Leave the group" kind=ButtonKind::DangerQuiet on_click=move || leaving.set(true)/>
        </div>
        <ConfirmDialog open=leaving title="Leave the group?" confirm="Leave" danger=true on_confirm=leave>
            <p>
                "The invite token is taken off this device. Findings stay, yours and those you received. \
                 What you published stays with the others. To come back you need the token again."
            </p>
        </ConfirmDialog>
    }
}

/// How the author is named on findings.
#[component]
fn AuthorCard() -> impl IntoView {
    let author = RwSignal::new(Author::default());
    let say = use_toast();
    spawn_local(async move {
        match findings::author().await {
            Ok(kept) => {
                author.try_set(kept);
            }
            Err(problem) => say(problem.to_string()),
        }
    });
    let save = move || {
        let author = author.get_untracked();
        spawn_local(async move {
            match findings::set_author(&author).await {
                Ok(()) => say("Kept.".to_owned()),
                Err(problem) => say(problem.to_string()),
            }
        });
    };
    view! {
        <Card title="You, as findings name you">
            <TextInput
                label="Name or role"
                value=Signal::derive(move || author.with(|author| author.name.clone()))
                on_input=move |text: String| author.update(|author| author.name = text)
                placeholder="Dr A. Clinician, or 'oncology registrar'"
            />
            <TextInput
                label="Site"
                value=Signal::derive(move || author.with(|author| author.site.clone()))
                on_input=move |text: String| author.update(|author| author.site = text)
                placeholder="University Hospital, Freiburg"
            />
            <p class="small muted">"Written on every finding that you sign from now on. Findings signed before keep what they say."</p>
            <div class="row"><Button label="Save" on_click=save/></div>
        </Card>
    }
}

/// Documents that were refused, and why.
#[component]
fn Refused() -> impl IntoView {
    let status = use_sharing().status;
    let refused = Memo::new(move |_| status.with(|status| status.refused.clone()));
    move || {
        let refused = refused.get();
        (!refused.is_empty()).then(|| {
            view! {
                <Notice kind=NoticeKind::Warn title="Refused: not stored on this device">
                    <p>
                        "The server listed these, but their text or signature is not the author\u{2019}s. \
                         Somebody or something changed them on the way: tell whoever runs the server."
                    </p>
                    <ul>
                        {refused
                            .into_iter()
                            .map(|(id, reason)| view! { <li><code class="small">{id.0}</code> " " {reason}</li> })
                            .collect_view()}
                    </ul>
                </Notice>
            }
        })
    }
}
