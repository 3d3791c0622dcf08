//! Typed columns on Apache Arrow, bit sets, day arithmetic and the dataset file.
