//! Settings: appearance, storage, keys, sharing, about.

use leptos::prelude::*;
use leptos::task::spawn_local;

use super::data::StorageCard;
use super::knowledge::SharingSettings;
use crate::components::*;
use crate::stores::engine::{Load, storage_error};

/// The settings screen.
#[component]
pub fn SettingsPage() -> impl IntoView {
    view! {
        <PageHeader title="Settings" lead="They hold for this browser on this device."/>
        <Section title="Appearance">
            <Card><ThemeToggle/></Card>
        </Section>
        // Brings its own heading.
        <SharingSettings/>
        <Section title="Storage on this device">
            <StorageCard/>
        </Section>
        <Section title="Keys of this device">
            <Keys/>
        </Section>
        <Section title="About Rounds">
            <About/>
        </Section>
    }
}

/// Which keys exist. They are never shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct KeysThere {
    intake: bool,
    signing: bool,
}

#[component]
fn Keys() -> impl IntoView {
    let load = RwSignal::new(Load::<KeysThere>::loading());
    let read = move || {
        spawn_local(async move {
            let intake = web::meta::get(web::meta::INTAKE_SECRET).await;
            let signing = web::meta::get(web::meta::SIGNING_KEY).await;
            let found = match (intake, signing) {
                (Ok(intake), Ok(signing)) => Ok(KeysThere { intake: intake.is_some(), signing: signing.is_some() }),
                (Err(error), _) | (_, Err(error)) => Err(storage_error(&error)),
            };
            load.try_set(found.into());
        });
    };
    read();
    let is_there = |there: bool| if there { "made on this device" } else { "made when it is first needed" };
    view! {
        <Card>
            <AsyncPanel
                load=load
                full=move |keys: KeysThere| {
                    view! {
                        <dl class="facts">
                            <dt>"Signing key"</dt>
                            <dd>{is_there(keys.signing)}". It signs what you publish, so that peers can tell it is yours."</dd>
                            <dt>"Intake key"</dt>
                            <dd>
                                {is_there(keys.intake)}
                                ". It re-keys identifiers and moves dates: with it, the same file gives the same dataset again."
                            </dd>
                        </dl>
                    }
                }
                retry=read
            />
            <p class="muted">
                "Keys never leave this device, and a .rounds file does not hold them. Clearing this site's data in the browser \
                 deletes keys, cohorts, findings and datasets: save your datasets as .rounds files first."
            </p>
        </Card>
    }
}

#[component]
fn About() -> impl IntoView {
    view! {
        <Card>
            <dl class="facts">
                <dt>"Version"</dt>
                <dd class="num">{format!("{} (messages {})", protocol::BUILD, protocol::PROTOCOL_VERSION)}</dd>
                <dt>"Licence"</dt>
                <dd>"MIT or Apache-2.0, at your choice"</dd>
                <dt>"Figures"</dt>
                <dd>"Plotly.js (MIT), kept with this page and loaded when a figure is first drawn"</dd>
                <dt>"Samples"</dt>
                <dd>"rotterdam and gbsg from the R package survival (LGPL-2.0-or-later)"</dd>
                <dt>"Requests"</dt>
                <dd>"This page talks to the server it came from and to nobody else."</dd>
            </dl>
            <p class="muted">
                "Rounds is for learning from a record. It is not a medical device, and what it shows is no substitute for \
                 judgement: similar patients are not the patient in front of you."
            </p>
        </Card>
    }
}
