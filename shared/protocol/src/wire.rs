//! The wire between page and worker.

use model::json::{ReadError, read_value};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use crate::{HostReply, HostRequest, Reply, Request};

/// Numbers the calls of one page.
pub type CallId = u32;

/// From page to worker. Bulk travels beside it: buffers (or `File` handles) in the order the request names them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
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
#[serde(rename_all = "snake_case")]
pub enum Work {
    /// Pure computation.
    Engine(Request),
    /// Storage and files, in the worker.
    Host(HostRequest),
}

/// From worker to page. The worker writes an answer as [`Done`]; the page keeps it as parsed JSON until the call that
/// asked reads its own reply out of it ([`read_reply`]), so that a screen needs the code for its own replies only.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromEngine<R = Box<Done>> {
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
        result: Result<R, EngineError>,
    },
    /// The worker died; nothing after this is answered.
    Crashed {
        /// What it said, without any data.
        message: String,
    },
}

/// What was answered.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Done {
    /// By the engine.
    Engine(Reply),
    /// By the worker.
    Host(HostReply),
}

/// Where a request is answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// By the engine: pure computation.
    Engine,
    /// By the worker around it: storage and files.
    Host,
}

impl Place {
    /// Its name on the wire.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Place::Engine => "engine",
            Place::Host => "host",
        }
    }
}

/// Which worker answers a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Worker {
    /// The one that every visitor waits for: cohorts, summaries, comparisons, similar patients.
    First,
    /// The one that is fetched when files come in: intake of every format, the identifier screen, synthetic samples. It holds no
    /// dataset but the one that waits for the user's word.
    Intake,
    /// The one that is fetched when a record is looked at closely, findings are written or files go out: data quality,
    /// timelines, literature, disclosure control, signatures, exports. It holds one dataset at most: the one that it was
    /// last asked about.
    Desk,
}

/// A request that names its reply.
pub trait Call: Serialize + Sized {
    /// What comes back.
    type Reply: DeserializeOwned;
    /// Where it is answered.
    const PLACE: Place;
    /// Which worker answers it.
    const WORKER: Worker;
    /// Its name, and its reply's, on the wire.
    const NAME: &'static str;
    /// The work to send.
    fn into_work(self) -> Work;
    /// The reply out of what came back; `None` if the other side answered something else (a bug, or another version).
    fn from_done(done: Done) -> Option<Self::Reply>;
}

/// A call as the page sends it: what [`ToEngine::Call`] reads. Written apart from that enum, so that a screen needs the
/// code for its own requests only.
///
/// # Errors
/// If the request has no JSON form (a number that is not finite).
pub fn write_call<C: Call>(id: CallId, call: &C) -> Result<String, serde_json::Error> {
    Ok(frame(id, C::PLACE, C::NAME, &serde_json::to_string(call)?))
}

fn frame(id: CallId, place: Place, name: &str, request: &str) -> String {
    format!(r#"{{"call":{{"id":{id},"work":{{"{}":{{"{name}":{request}}}}}}}}}"#, place.name())
}

/// A cancel as the page sends it: what [`ToEngine::Cancel`] reads.
#[must_use]
pub fn write_cancel(id: CallId) -> String {
    format!(r#"{{"cancel":{{"id":{id}}}}}"#)
}

/// The reply of a call out of what [`FromEngine::Reply`] brought.
///
/// # Errors
/// If it is another call's reply, or of another version.
pub fn read_reply<C: Call>(done: &serde_json::Value) -> Result<C::Reply, ReadError> {
    read_value(reply_of(done, C::PLACE, C::NAME))
}

/// The value under place and name; null if it is not there.
fn reply_of<'v>(done: &'v serde_json::Value, place: Place, name: &str) -> &'v serde_json::Value {
    done.get(place.name()).and_then(|replies| replies.get(name)).unwrap_or(&serde_json::Value::Null)
}

/// What can go wrong, in the user's words.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{DescribeDataset, ListDatasets, Pool, RecognizeFiles, RecognizedFile, StorageState};
    use model::dataset::DatasetId;
    use model::json::read;

    fn sent<C: Call + Clone>(call: &C) {
        let read: ToEngine = read(&write_call(7, call).unwrap()).unwrap();
        assert_eq!(read, ToEngine::Call { id: 7, work: Box::new(call.clone().into_work()) });
    }

    #[test]
    fn what_a_page_writes_is_what_the_worker_reads() {
        sent(&RecognizeFiles { names: vec!["a\"b.csv".into()] });
        sent(&DescribeDataset { dataset: DatasetId("x".into()) });
        sent(&ListDatasets {});
        assert_eq!(read::<ToEngine>(&write_cancel(9)).unwrap(), ToEngine::Cancel { id: 9 });
        sent(&StorageState { ask_persistence: true });
    }

    /// What is held for review is in the worker that read it; a look at files loads the worker that will read them.
    #[test]
    fn one_worker_answers_a_whole_import() {
        let import = [
            crate::InspectFiles::WORKER,
            crate::PrepareImport::WORKER,
            crate::StorePrepared::WORKER,
            crate::DiscardPrepared::WORKER,
            crate::ImportFiles::WORKER,
            crate::ImportRounds::WORKER,
            crate::InspectTables::WORKER,
            crate::OpenMadeSample::WORKER,
            crate::MakeSample::WORKER,
        ];
        assert_eq!(import, [Worker::Intake; 9]);
        let desk =
            [crate::ExportStored::WORKER, crate::PersonTimeline::WORKER, crate::ReadCitations::WORKER, Pool::WORKER];
        assert_eq!(desk, [Worker::Desk; 4]);
        assert_eq!([ListDatasets::WORKER, crate::OpenSample::WORKER, DescribeDataset::WORKER], [Worker::First; 3]);
    }

    #[test]
    fn what_the_worker_writes_is_what_the_call_reads() {
        let files = vec![RecognizedFile { name: "person.csv".into(), table: Some("person".into()) }];
        let done = Done::Engine(Reply::RecognizeFiles(Box::new(files.clone())));
        let message: FromEngine = FromEngine::Reply { id: 7, elapsed_ms: 1.5, result: Ok(Box::new(done)) };
        let text = serde_json::to_string(&message).unwrap();
        let FromEngine::<serde_json::Value>::Reply { id: 7, result: Ok(done), .. } = read(&text).unwrap() else {
            panic!("another message");
        };
        assert_eq!(read_reply::<RecognizeFiles>(&done).unwrap(), files);
        assert!(read_reply::<Pool>(&done).is_err());
        let nothing = serde_json::json!({"host": {"RenameDataset": null}});
        assert_eq!(read_reply::<crate::RenameDataset>(&nothing), Ok(()));
    }

    #[test]
    fn errors_cross_the_wire() {
        for error in [EngineError::Cancelled, EngineError::invalid("x"), EngineError::NotFound { what: "y".into() }] {
            let message: FromEngine = FromEngine::Reply { id: 1, elapsed_ms: 0.0, result: Err(error) };
            let text = serde_json::to_string(&message).unwrap();
            assert_eq!(read::<FromEngine>(&text).unwrap(), message);
        }
    }
}
