//! A dataset: tables by name.

use std::collections::BTreeMap;

use crate::Table;

/// Tables by name, in memory.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Dataset {
    /// The tables.
    pub tables: BTreeMap<String, Table>,
}

impl Dataset {
    /// A table by name.
    #[must_use]
    pub fn table(&self, name: &str) -> Option<&Table> {
        self.tables.get(name)
    }

    /// Puts a table in, in place of one of the same name.
    pub fn insert(&mut self, name: impl Into<String>, table: Table) {
        self.tables.insert(name.into(), table);
    }
}
