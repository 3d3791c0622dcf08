//! `rounds-server`.

use std::process::ExitCode;

use clap::Parser as _;

#[tokio::main]
async fn main() -> ExitCode {
    match server::command::Arguments::parse().run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            // In one line of words, causes included; a backtrace helps nobody who runs a server.
            eprintln!("rounds-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}
