//! What is counted, in the text format of Prometheus. Counts only: no names, addresses or contents.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Mutex, PoisonError};

use axum::http::StatusCode;
use sync::wire::{PublishStatus, RefusalCode};

/// What is counted since the server started.
#[derive(Debug, Default)]
pub struct Metrics {
    requests: Mutex<BTreeMap<(&'static str, String, u16), u64>>,
    published: Mutex<BTreeMap<&'static str, u64>>,
}

impl Metrics {
    /// Counts an answer.
    pub fn answered(&self, method: &'static str, route: &str, status: StatusCode) {
        let key = (method, route.to_owned(), status.as_u16());
        *self.requests.lock().unwrap_or_else(PoisonError::into_inner).entry(key).or_default() += 1;
    }

    /// Counts what became of a document.
    pub fn published(&self, status: &PublishStatus) {
        let result = match status {
            PublishStatus::Stored => "stored",
            PublishStatus::AlreadyThere => "already_there",
            PublishStatus::Refused { code, .. } => match code {
                RefusalCode::Tampered => "refused_tampered",
                RefusalCode::NotAFinding => "refused_not_a_finding",
                RefusalCode::Discloses => "refused_discloses",
                RefusalCode::TooLarge => "refused_too_large",
                RefusalCode::Other => "refused_other",
            },
        };
        *self.published.lock().unwrap_or_else(PoisonError::into_inner).entry(result).or_default() += 1;
    }

    /// The text, with the number of documents in the store.
    #[must_use]
    pub fn text(&self, n_documents: i64) -> String {
        let mut text =
            String::from("# HELP rounds_requests_total Requests answered.\n# TYPE rounds_requests_total counter\n");
        // Writing to a String cannot fail.
        let mut line = |args: std::fmt::Arguments<'_>| text.write_fmt(args).unwrap_or_default();
        for ((method, route, status), n) in &*self.requests.lock().unwrap_or_else(PoisonError::into_inner) {
            line(format_args!(
                "rounds_requests_total{{method=\"{method}\",route=\"{route}\",status=\"{status}\"}} {n}\n"
            ));
        }
        line(format_args!("# HELP rounds_published_total Documents sent to be published, by what became of them.\n"));
        line(format_args!("# TYPE rounds_published_total counter\n"));
        for (result, n) in &*self.published.lock().unwrap_or_else(PoisonError::into_inner) {
            line(format_args!("rounds_published_total{{result=\"{result}\"}} {n}\n"));
        }
        line(format_args!("# HELP rounds_documents Documents in the store.\n# TYPE rounds_documents gauge\n"));
        line(format_args!("rounds_documents {n_documents}\n"));
        text
    }
}
