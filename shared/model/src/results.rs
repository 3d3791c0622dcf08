//! Results: what the engine answers and the command line prints. Field names that the command line's contract fixes
//! are kept to the letter. A value that does not exist is `None` (JSON null), never NaN or infinity.

mod causes;
mod matching;
mod pool;
mod quality;
mod study;
mod survival;
mod table;

use serde::{Deserialize, Serialize};

pub use causes::*;
pub use matching::*;
pub use pool::*;
pub use quality::*;
pub use study::*;
pub use survival::*;
pub use table::*;

/// A setting as printed on a result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Setting {
    /// What.
    pub name: String,
    /// Which.
    pub value: String,
}
