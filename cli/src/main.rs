//! `rounds`: the same engine as in the page, for a site's own machine, for scripts, tests and measurements.
//!
//! Every command prints one JSON document on stdout and progress on stderr. Exit status 0: done; 2: the call's words
//! are off; 1: the data are.

mod commands;
mod output;
mod readers;
mod session;

use std::process::ExitCode;

use clap::Parser as _;
use commands::Command;

#[derive(clap::Parser)]
#[command(name = "rounds", version, about = "Cohorts, outcomes and findings on your own machine.")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    // clap itself ends with status 2 where the words are off.
    let cli = Cli::parse();
    match commands::run(cli.command) {
        Ok(code) => code,
        Err(error) => {
            // the whole chain: what failed, and why
            eprintln!("rounds: {error:#}");
            ExitCode::from(if error.is::<commands::Words>() { 2 } else { 1 })
        }
    }
}
