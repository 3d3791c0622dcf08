//! The wire between page and worker.

use serde::{Deserialize, Serialize};

use crate::{HostReply, HostRequest, Reply, Request};

/// Numbers the calls of one page.
pub type CallId = u32;

/// From page to worker. Bulk travels beside it: buffers (or `File` handles) in the order the request names them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum ToEngine {
    /// Do something and reply.
    Call {
        /// Number of the call.
        id: CallId,
        /// What.
        work: Box<Work>,
    },
    /// Stop a call as soon as it can be; it replies with [`EngineError::Cancelled`].
    Cancel {
        /// Number of the call.
        id: CallId,
    },
}

/// What is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "at", content = "ask", rename_all = "snake_case")]
pub enum Work {
    /// Pure computation.
    Engine(Request),
    /// Storage and files, in the worker.
    Host(HostRequest),
}

/// From worker to page.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum FromEngine {
    /// The worker can be spoken to.
    Ready {
        /// Its [`crate::PROTOCOL_VERSION`].
        protocol: u32,
        /// Its [`crate::BUILD`].
        build: String,
    },
    /// How far a call is.
    Progress {
        /// Number of the call.
        id: CallId,
        /// 0 to 1.
        fraction: f64,
        /// What is being done, in words.
        doing: String,
    },
    /// The answer. Bulk travels beside it.
    Reply {
        /// Number of the call.
        id: CallId,
        /// Milliseconds that the work took inside the worker.
        elapsed_ms: f64,
        /// The answer.
        result: Result<Box<Done>, EngineError>,
    },
    /// The worker died; nothing after this is answered.
    Crashed {
        /// What it said, without any data.
        message: String,
    },
}

/// What was answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "at", content = "reply", rename_all = "snake_case")]
pub enum Done {
    /// By the engine.
    Engine(Reply),
    /// By the worker.
    Host(HostReply),
}

/// A request that names its reply.
pub trait Call: Sized {
    /// What comes back.
    type Reply;
    /// The work to send.
    fn into_work(self) -> Work;
    /// The reply out of what came back; `None` if the other side answered something else (a bug, or another version).
    fn from_done(done: Done) -> Option<Self::Reply>;
}

/// What can go wrong, in the user's words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(tag = "type", rename_all = "snake_case")]
pub enum EngineError {
    /// What was given is wrong: every problem, each saying what to do.
    #[error("{}", problems.join("\n"))]
    Invalid {
        /// The problems.
        problems: Vec<String>,
    },
    /// The numbers do not allow an estimate.
    #[error("{message}")]
    NotEstimable {
        /// Why, and what to do.
        message: String,
    },
    /// The dataset is not in memory.
    #[error("The dataset {id} is not open. Open it on the Data page.")]
    DatasetNotOpen {
        /// Which.
        id: String,
    },
    /// Nothing of this name.
    #[error("{what} was not found. It may have been deleted in another tab: reload the page.")]
    NotFound {
        /// What.
        what: String,
    },
    /// Storage refused (quota, private window, blocked by another tab).
    #[error("{message}")]
    Storage {
        /// Why, and what to do.
        message: String,
    },
    /// The user stopped it.
    #[error("Stopped.")]
    Cancelled,
    /// A bug of ours.
    #[error(
        "Something went wrong inside Rounds: {message} Your data are safe on this device. Reload the page and try again."
    )]
    Internal {
        /// What.
        message: String,
    },
}

impl EngineError {
    /// One problem with what was given.
    #[must_use]
    pub fn invalid(problem: impl Into<String>) -> Self {
        EngineError::Invalid { problems: vec![problem.into()] }
    }
}
