//! How sharing stands, and how that is said.

use model::canonical::ContentId;
use sync::replica::{Failure, Standing, State};
use sync::wire::{Me, Problem, Role};

/// How sharing stands.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SharingStatus {
    /// Whether this device has joined.
    pub membership: Membership,
    /// What it is about.
    pub activity: Activity,
    /// Findings offered from here, in the order they were offered.
    pub outbox: Vec<(ContentId, Standing)>,
    /// Received documents that were not what they claimed to be. They were not stored.
    pub refused: Vec<(ContentId, String)>,
    /// Storage refused, in words.
    pub problem: Option<String>,
}

/// Whether this device has joined a group.
#[derive(Clone, Debug, Default, PartialEq)]
pub enum Membership {
    /// Not read yet.
    #[default]
    Unknown,
    /// No token on this device.
    NotJoined,
    /// Joined, as the server last said.
    Joined(Me),
}

/// What sharing is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Activity {
    /// Nothing to do.
    #[default]
    Resting,
    /// Reading what is new.
    Reading,
    /// Sending what waits.
    Sending,
    /// Waiting after a failure, and trying again by itself.
    Retrying(Failure),
    /// All was read; the token does not allow to publish.
    ReadOnly,
    /// The user has to act.
    Stopped(Failure),
}

impl Activity {
    /// What a replica's state is to a reader.
    #[must_use]
    pub fn of(state: State) -> Self {
        match state {
            State::Idle => Activity::Resting,
            State::Pulling | State::Fetching => Activity::Reading,
            State::Publishing => Activity::Sending,
            State::Backoff { failure } => Activity::Retrying(failure),
            State::ReadOnly => Activity::ReadOnly,
            State::Stopped { failure } => Activity::Stopped(failure),
        }
    }
}

/// How loud a status is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// All is well.
    Good,
    /// Nothing is wrong, nothing is happening.
    Quiet,
    /// Something waits.
    Waiting,
    /// The user has to act.
    Bad,
}

/// A status in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StatusWords {
    /// How loud.
    pub tone: Tone,
    /// In a few words.
    pub headline: String,
    /// What it means and what to do.
    pub detail: String,
}

impl SharingStatus {
    /// Findings that wait to be sent.
    #[must_use]
    pub fn n_waiting(&self) -> usize {
        self.outbox.iter().filter(|(_, standing)| *standing == Standing::Waiting).count()
    }

    /// Where a finding stands, if it was offered from here.
    #[must_use]
    pub fn standing(&self, id: &ContentId) -> Option<&Standing> {
        self.outbox.iter().find(|(offered, _)| offered == id).map(|(_, standing)| standing)
    }

    /// Whether what is offered now may be sent.
    #[must_use]
    pub fn may_publish(&self) -> bool {
        matches!(&self.membership, Membership::Joined(me) if me.role == Role::Contributor)
    }

    /// The status in words.
    #[must_use]
    pub fn words(&self) -> StatusWords {
        let say =
            |tone: Tone, headline: &str, detail: String| StatusWords { tone, headline: headline.to_owned(), detail };
        if let Some(problem) = &self.problem {
            return say(Tone::Bad, "Sharing has stopped", problem.clone());
        }
        let waiting = waiting_words(self.n_waiting());
        let me = match &self.membership {
            Membership::Unknown => return say(Tone::Quiet, "Looking", String::new()),
            Membership::NotJoined => {
                let detail =
                    format!("Nothing is sent or received. {waiting}To share, paste an invite token in Settings.");
                return say(Tone::Quiet, "Not joined", detail);
            }
            Membership::Joined(me) => me,
        };
        match self.activity {
            Activity::Resting if self.n_waiting() == 0 => {
                say(Tone::Good, "Up to date", format!("Joined as {} ({}).", me.name, me.site))
            }
            Activity::Resting => say(Tone::Waiting, "Not sent yet", waiting),
            Activity::Reading => say(Tone::Quiet, "Reading what is new", waiting),
            Activity::Sending => say(Tone::Quiet, "Sending", waiting),
            Activity::ReadOnly => say(
                Tone::Waiting,
                "You can read, not publish",
                format!("Your invite lets you read what others shared. {waiting}Ask for an invite as contributor."),
            ),
            Activity::Retrying(failure) => {
                let (headline, detail) = retrying_words(failure);
                say(Tone::Waiting, headline, format!("{detail} {waiting}").trim_end().to_owned())
            }
            Activity::Stopped(failure) => {
                say(Tone::Bad, "The server does not accept your token", stopped_words(failure))
            }
        }
    }
}

fn waiting_words(n_waiting: usize) -> String {
    match n_waiting {
        0 => String::new(),
        1 => "One finding waits in the outbox. ".to_owned(),
        n => format!("{n} findings wait in the outbox. "),
    }
}

fn retrying_words(failure: Failure) -> (&'static str, &'static str) {
    match failure {
        Failure::Offline => {
            ("Offline, will catch up", "Everything on this device works. Rounds tries again by itself.")
        }
        Failure::Timeout => {
            ("Slow connection, will catch up", "The server did not answer in time. Rounds tries again by itself.")
        }
        Failure::TooManyRequests { .. } => ("Waiting", "The server asked for a pause. Rounds goes on by itself."),
        Failure::ServerError => {
            ("The server has a problem", "Rounds tries again by itself. If it lasts, tell whoever runs the server.")
        }
        Failure::HistoryChanged => (
            "Reading again",
            "The server was put back or replaced. Rounds reads it from the start; nothing here is lost.",
        ),
        Failure::NotUnderstood | Failure::TooLarge | Failure::Unauthorized | Failure::Forbidden => (
            "The server\u{2019}s answer was not understood",
            "Rounds tries again by itself. If it lasts, reload the page: it may be older than the server.",
        ),
    }
}

fn stopped_words(failure: Failure) -> String {
    let what = match failure {
        Failure::Forbidden => "It does not allow you to read.",
        _ => "It has run out or was withdrawn.",
    };
    format!("{what} Nothing on this device is lost. Ask for a new invite and paste it in Settings.")
}

/// Where an offered finding stands, in words.
#[must_use]
pub fn standing_words(standing: &Standing, status: &SharingStatus) -> String {
    let has_joined = matches!(status.membership, Membership::Joined(_));
    match standing {
        Standing::Waiting if status.may_publish() => {
            "In the outbox: it is sent as soon as the server is reached.".to_owned()
        }
        Standing::Waiting if has_joined => {
            "In the outbox: your invite lets you read, not publish. Ask for an invite as contributor.".to_owned()
        }
        Standing::Waiting => "In the outbox: it is sent once this device has joined a group (Settings).".to_owned(),
        Standing::Published => "Sent; the server has it.".to_owned(),
        Standing::Listed => "Published: others can read it.".to_owned(),
        Standing::Refused { reason, .. } => format!("The server refused it: {reason}"),
    }
}

/// A role in words.
#[must_use]
pub fn role_words(role: Role) -> &'static str {
    match role {
        Role::Reader => "reader (reads what others shared)",
        Role::Contributor => "contributor (reads and publishes)",
    }
}

/// What a server's error body says, in its own words where it has any.
#[must_use]
pub fn problem_words(body: &str) -> String {
    serde_json::from_str::<Problem>(body)
        .map(|problem| problem.message)
        .unwrap_or_else(|_not_ours| "an error without an explanation.".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(role: Role) -> SharingStatus {
        SharingStatus {
            membership: Membership::Joined(Me {
                name: "Dr A".into(),
                role,
                site: "Freiburg".into(),
                store_id: "s".into(),
                expires_on: None,
            }),
            ..SharingStatus::default()
        }
    }

    fn id(text: &str) -> ContentId {
        model::canonical::content_id_of_bytes(text.as_bytes())
    }

    #[test]
    fn rest_with_an_empty_outbox_is_up_to_date() {
        let words = joined(Role::Contributor).words();
        assert_eq!((words.tone, words.headline.as_str()), (Tone::Good, "Up to date"));
        assert!(words.detail.contains("Dr A (Freiburg)"));
    }

    #[test]
    fn offline_says_what_waits_and_that_nothing_is_to_be_done() {
        let mut status = joined(Role::Contributor);
        status.activity = Activity::of(State::Backoff { failure: Failure::Offline });
        status.outbox = vec![(id("a"), Standing::Waiting), (id("b"), Standing::Listed), (id("c"), Standing::Waiting)];
        let words = status.words();
        assert_eq!(words.headline, "Offline, will catch up");
        assert!(words.detail.contains("2 findings wait in the outbox"));
        assert_eq!(status.standing(&id("b")), Some(&Standing::Listed));
        assert_eq!(status.standing(&id("z")), None);
    }

    #[test]
    fn a_withdrawn_token_says_what_to_do() {
        let mut status = joined(Role::Contributor);
        status.activity = Activity::of(State::Stopped { failure: Failure::Unauthorized });
        let words = status.words();
        assert_eq!(words.tone, Tone::Bad);
        assert!(words.detail.contains("Ask for a new invite"));
    }

    #[test]
    fn not_joined_is_no_error() {
        let status = SharingStatus { membership: Membership::NotJoined, ..SharingStatus::default() };
        assert_eq!(status.words().tone, Tone::Quiet);
        assert!(!status.may_publish());
        assert!(joined(Role::Contributor).may_publish());
        assert!(!joined(Role::Reader).may_publish());
    }

    #[test]
    fn every_failure_has_words() {
        for failure in [
            Failure::Offline,
            Failure::Timeout,
            Failure::TooManyRequests { retry_after_seconds: Some(3) },
            Failure::ServerError,
            Failure::NotUnderstood,
            Failure::HistoryChanged,
        ] {
            let mut status = joined(Role::Contributor);
            status.activity = Activity::Retrying(failure);
            let words = status.words();
            assert!(!words.headline.is_empty() && words.detail.ends_with('.'), "{failure:?}");
        }
    }

    #[test]
    fn a_problem_body_is_read() {
        assert_eq!(problem_words(r#"{"code":"invalid","message":"No."}"#), "No.");
        assert_eq!(problem_words("<html>"), "an error without an explanation.");
    }
}
