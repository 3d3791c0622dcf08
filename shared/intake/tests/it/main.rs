//! Imports, from bytes to columns and report.

mod again;
mod ages;
mod apart;
mod archive;
mod compositions;
mod csv;
mod deaths;
mod dialect;
mod exports;
mod exports_of_systems;
mod fhir;

mod fhir_ends;
mod fhir_fuzz;
mod fhir_shared;
mod fhir_values;
mod flat_again;
mod forms;
mod fuzz;
mod joined_tables;
mod omop;
mod omop_rows;
mod omop_shared;
mod omop_tables;
mod parquet;
mod privacy;
mod references;
mod shared_data;
mod support;
mod tables_fuzz;
mod withdrawn;
mod workbooks;
