//! Covariates: what is known of a subject at or before the index date.

use serde::{Deserialize, Serialize};

use crate::cohort::{EventQuery, Window};

/// A covariate.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case", deny_unknown_fields)]
pub enum Covariate {
    /// A variable of a flat file.
    Variable {
        /// Column name.
        name: String,
        /// Treat a numeric column as categories (like R's `factor`).
        #[serde(default)]
        as_category: bool,
    },
    /// Age in whole years at the index date.
    AgeAtIndex,
    /// Recorded sex.
    Sex,
    /// 1 if any such event lies in the window, else 0.
    HasEvent {
        /// Name for people.
        name: String,
        /// Which events (concept sets of the enclosing document).
        event: EventQuery,
        /// When, in days from the index date.
        window: Window,
    },
    /// Number of such events in the window.
    EventCount {
        /// Name for people.
        name: String,
        /// Which events.
        event: EventQuery,
        /// When, in days from the index date.
        window: Window,
    },
    /// The last numeric value in the window; missing if there is none.
    LastValue {
        /// Name for people.
        name: String,
        /// Which events.
        event: EventQuery,
        /// When, in days from the index date.
        window: Window,
    },
}

impl Covariate {
    /// The name shown in tables and used as the model term.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Covariate::Variable { name, .. }
            | Covariate::HasEvent { name, .. }
            | Covariate::EventCount { name, .. }
            | Covariate::LastValue { name, .. } => name,
            Covariate::AgeAtIndex => "age at index",
            Covariate::Sex => "sex",
        }
    }
}

crate::json::tagged_by_type!(Covariate);
