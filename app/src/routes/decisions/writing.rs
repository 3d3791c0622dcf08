//! Keeping a decision: what is said before, while and after it is written.

use leptos::prelude::*;
use leptos::task::spawn_local;
use web::WebError;

use super::JournalHandle;
use crate::components::{Button, ButtonKind, Notice, NoticeKind, use_toast};

/// Where what was typed stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) enum Kept {
    /// Nothing was typed.
    #[default]
    Nothing,
    /// A form is open, and nothing was typed into it.
    Open,
    /// Something was typed into a form.
    Unsaved,
    /// It is being written.
    Writing,
    /// It is written.
    Saved,
}

impl Kept {
    /// Whether there is a form on the screen, with something in it that is not kept yet or to come.
    pub(super) fn is_at_risk(self) -> bool {
        matches!(self, Kept::Open | Kept::Unsaved | Kept::Writing)
    }

    /// After one more form was opened: what was typed into another one is still not saved.
    pub(super) fn opened(self) -> Self {
        match self {
            Kept::Unsaved | Kept::Writing => self,
            Kept::Nothing | Kept::Open | Kept::Saved => Kept::Open,
        }
    }

    /// After something was typed.
    pub(super) fn typed(self) -> Self {
        if self == Kept::Writing { self } else { Kept::Unsaved }
    }

    /// After a form was closed, saved or not, while so many others are open.
    pub(super) fn after(is_saved: bool, n_open: u32) -> Self {
        match (n_open, is_saved) {
            (1.., _) => Self::Unsaved,
            (0, true) => Self::Saved,
            (0, false) => Self::Nothing,
        }
    }

    /// What the screen says.
    pub(super) fn words(self) -> &'static str {
        match self {
            Kept::Nothing | Kept::Open => "",
            Kept::Unsaved => "Not saved yet",
            Kept::Writing => "Saving\u{2026}",
            Kept::Saved => "Saved on this device",
        }
    }
}

/// Storage work of one form or button: one at a time, its button is held meanwhile. (That the browser asks before the page
/// is left while something is written is seen to where documents are written.)
#[derive(Clone, Copy)]
pub(super) struct Writing {
    journal: JournalHandle,
    busy: RwSignal<bool>,
    /// What went wrong the last time.
    failed: RwSignal<Option<String>>,
}

impl Writing {
    pub(super) fn new(journal: JournalHandle) -> Self {
        Self { journal, busy: RwSignal::new(false), failed: RwSignal::new(None) }
    }

    /// Writes; then says so, does what follows and reads the journal anew, or tells what went wrong. Does nothing while it
    /// is still writing. For event handlers.
    pub(super) fn run(
        self,
        work: impl Future<Output = Result<(), WebError>> + 'static,
        done: String,
        then: impl FnOnce() + 'static,
    ) {
        if self.busy.get_untracked() {
            return;
        }
        self.busy.set(true);
        self.failed.set(None);
        let journal = self.journal;
        let say = use_toast();
        let before = journal.kept.get_untracked();
        journal.kept.set(Kept::Writing);
        spawn_local(async move {
            match work.await {
                // The screen may have been left meanwhile: what was written is said all the same. The button stays held: the
                // form goes when the journal has been read again.
                Ok(()) => {
                    say(done);
                    journal.closed(true);
                    then();
                    journal.reload();
                }
                Err(problem) => {
                    self.busy.try_set(false);
                    journal.kept.try_set(before);
                    // Shown in the form; where that is gone, said.
                    let words = problem.to_string();
                    if self.failed.try_set(Some(words.clone())).is_some() {
                        say(format!("It was not saved. {words}"));
                    }
                }
            }
        });
    }
}

/// The end of a form: what went wrong with the last try, the button that writes, and the way out.
#[component]
pub(super) fn SaveOrCancel(
    writing: Writing,
    /// Words of the button.
    label: &'static str,
    /// Checks what was typed and writes it.
    #[prop(into)]
    on_save: Callback<()>,
    /// Closes the form.
    #[prop(into)]
    on_cancel: Callback<()>,
) -> impl IntoView {
    let Writing { journal, busy, failed, .. } = writing;
    let label = move || if busy.get() { Kept::Writing.words() } else { label }.to_owned();
    let cancel = move || {
        journal.closed(false);
        on_cancel.run(());
    };
    view! {
        {move || failed.get().map(|words| view! {
            <Notice kind=NoticeKind::Error title="It was not saved"><p>{words}</p></Notice>
        })}
        <div class="row">
            <Button label=Signal::derive(label) kind=ButtonKind::Primary busy=busy on_click=on_save/>
            <Button label="Cancel" kind=ButtonKind::Quiet busy=busy on_click=cancel/>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_called_saved_only_when_it_is() {
        let all = [Kept::Nothing, Kept::Open, Kept::Unsaved, Kept::Writing, Kept::Saved];
        assert_eq!(all.map(Kept::words), ["", "", "Not saved yet", "Saving\u{2026}", "Saved on this device"]);
        assert_eq!(Kept::default(), Kept::Nothing);
        assert_eq!(all.map(Kept::is_at_risk), [false, true, true, true, false]);
    }

    #[test]
    fn a_form_that_is_open_is_not_called_unsaved_before_something_is_typed() {
        assert_eq!(Kept::Nothing.opened().words(), "");
        assert_eq!(Kept::Saved.opened().words(), "");
        assert_eq!(Kept::Nothing.opened().typed().words(), "Not saved yet");
        assert_eq!(Kept::Unsaved.opened().words(), "Not saved yet", "another form still holds something");
    }

    #[test]
    fn one_form_saved_says_nothing_of_another_that_is_open() {
        assert_eq!(Kept::after(true, 0), Kept::Saved);
        assert_eq!(Kept::after(false, 0), Kept::Nothing);
        assert_eq!(Kept::after(true, 1), Kept::Unsaved);
        assert_eq!(Kept::after(false, 2), Kept::Unsaved);
    }
}
