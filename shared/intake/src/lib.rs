//! Bytes of clinical files to de-identified columns and an intake report.
