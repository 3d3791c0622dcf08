//! A flat dataset for tests.

use model::dataset::{DatasetHeader, DatasetId, DatasetShape, DatasetSource};
use protocol::{DatasetContents, VariableInfo};

/// A flat dataset with these variables.
pub(super) fn flat(variables: Vec<VariableInfo>) -> DatasetContents {
    DatasetContents {
        header: DatasetHeader {
            schema_version: 1,
            id: DatasetId("d".to_owned()),
            name: "Rotterdam".to_owned(),
            source: DatasetSource::default(),
            shape: DatasetShape::Flat,
            n_persons: 20,
            tables: vec![],
            deidentification: vec![],
            rows_read: 20,
            rows_kept: 20,
            rows_rejected: 0,
            keyed: None,
        },
        variables,
        domains: vec![],
        concepts: vec![],
        span: None,
        n_bytes: 0,
        has_ancestors: false,
    }
}
