//! Plans, tables and similar patients over columns.

#[path = "../../../cohort/tests/it/support/patients.rs"]
mod patients;
mod plan;
mod reference;
mod similar_in_record;
mod support;
mod table_and_similar;
