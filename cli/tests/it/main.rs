//! The command line as its users run it: the binary, its files, its words and exit codes.

mod bad_input;
mod datasets;
mod finding;
mod literature;
mod matching;
mod notes;
mod numbers;
mod quality;
mod support;
mod survival;
mod tables;
