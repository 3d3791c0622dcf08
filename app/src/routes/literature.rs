//! The literature: citations brought in, the effect estimates of their abstracts, and what those say together.

mod bring;
mod card;
mod list;
mod pool;
mod report;

use std::collections::BTreeSet;

use leptos::prelude::*;
use model::citation::CitationReport;

use super::knowledge::ways::Ways;
use crate::components::*;
use crate::stores::engine::{Load, state_of};
use crate::stores::findings::load_into;
use crate::stores::literature::pooling::EffectKey;
use crate::stores::literature::{self, Added, Shelf};

use bring::Bring;
use list::List;
use pool::PoolPanel;

/// What came of bringing files in.
#[derive(Clone, Debug, PartialEq)]
struct Outcome {
    report: CitationReport,
    added: Added,
}

/// What the parts of the screen share. A handle: copies are the same.
#[derive(Clone, Copy)]
struct Desk {
    shelf: RwSignal<Load<Shelf>>,
    ticked: RwSignal<BTreeSet<EffectKey>>,
    outcome: RwSignal<Option<Load<Outcome>>>,
    /// What is searched for, which citations are wanted, how many are shown: kept when the list is read anew.
    search: RwSignal<String>,
    only: RwSignal<String>,
    n_shown: RwSignal<usize>,
}

impl Desk {
    fn reload(self) {
        load_into(self.shelf, literature::list());
    }
}

/// The literature.
#[component]
pub fn LiteraturePage() -> impl IntoView {
    let desk = Desk {
        shelf: RwSignal::new(Load::loading()),
        ticked: RwSignal::new(BTreeSet::new()),
        outcome: RwSignal::new(None),
        search: RwSignal::new(String::new()),
        only: RwSignal::new(list::ALL.to_owned()),
        n_shown: RwSignal::new(list::PAGE),
    };
    let elsewhere = RwSignal::new(0_u32);
    let subscription = StoredValue::new_local(Some(web::documents::on_change(move |kind| {
        if kind == literature::KIND {
            elsewhere.try_update(|count| *count += 1);
        }
    })));
    on_cleanup(move || {
        subscription.try_update_value(Option::take);
    });
    Effect::new(move |_| {
        elsewhere.track();
        desk.reload();
    });
    view! {
        <PageHeader
            title="Literature"
            lead="Citations of journals, the effect estimates found in their abstracts, and what they say together. They stay on this device."
        />
        <Ways/>
        <div class="stack stack--l">
            <Bring desk=desk/>
            <PoolPanel desk=desk/>
            <AsyncPanel
                load=state_of(desk.shelf)
                doing="Reading the citations\u{2026}"
                retry=Callback::new(move |()| desk.reload())
                full=move |()| view! { <List desk=desk/> }
            />
        </div>
    }
}
