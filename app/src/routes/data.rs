//! Data: what is on this device, samples, storage; and one dataset in detail.

mod dataset;
mod device;
mod export;
mod keepsakes;
mod mini;
mod samples;
mod storage;
mod words;

pub use dataset::DatasetPage;
pub(crate) use keepsakes::keep as keep_report;
pub(crate) use storage::{StorageCard, ask_to_keep};
pub(crate) use words::{format_words, role_words, shape_words};

use leptos::prelude::*;

use crate::components::*;

use device::DatasetList;
use samples::SampleList;

/// The data screen.
#[component]
pub fn DataPage() -> impl IntoView {
    view! {
        <PageHeader
            title="Data"
            lead="Everything here stays in this browser, on this device. Keep a backup."
            actions=|| {
                view! {
                    <LinkButton
                        label="Bring your data"
                        href="/data/import"
                        kind=ButtonKind::Primary
                        icon=IconName::Upload
                    />
                }
            }
        />
        <DatasetList/>
        <div id="samples">
            <Section
                title="Samples"
                lead="Two real cohorts that ask the same question in two places, and a synthetic one whose truth is known."
            >
                <SampleList/>
            </Section>
        </div>
        <Section title="Storage on this device">
            <StorageCard/>
        </Section>
    }
}
