//! The project's own commands: `cargo xtask serve`, `test`, and what they are made of.

mod bench;
mod build;
mod dist;
mod fingerprint;
mod reference;
mod run;
mod seal;
mod serve;
mod size;
mod split;
mod test;
mod tools;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Build, serve, test and measure Rounds.")]
struct Cli {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Install what is missing: the wasm target, Trunk, wasm-bindgen-cli, npm packages.
    Setup,
    /// Build everything in release and start rounds-server on http://127.0.0.1:8080.
    Serve {
        /// Address to listen on.
        #[arg(long, default_value = "127.0.0.1:8080")]
        listen: String,
        /// Only build; do not start the server.
        #[arg(long)]
        build_only: bool,
    },
    /// Formatting, clippy, cargo deny, the import table, native tests, browser tests.
    Test {
        /// Leave the browser out.
        #[arg(long)]
        quick: bool,
    },
    /// Formatting, clippy and cargo deny only.
    Lint,
    /// Browser tests only.
    E2e {
        /// Passed on to Playwright.
        #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
        args: Vec<String>,
    },
    /// Measure, against peers where they are installed; prints JSON lines.
    Bench {
        /// Leave the browser out.
        #[arg(long)]
        quick: bool,
    },
    /// Make the R reference files and the samples again.
    Reference,
    /// Payloads against the budget.
    Size,
    /// Cut the compiled page into parts that are fetched on demand (called by Trunk).
    SplitPage,
    /// One static rounds-server binary with the page inside.
    Dist,
}

fn main() -> anyhow::Result<()> {
    // Every path below is relative to the workspace's root.
    std::env::set_current_dir(run::root())?;
    match Cli::parse().task {
        Task::Setup => tools::setup(),
        Task::Serve { listen, build_only } => serve::serve(&listen, build_only),
        Task::Test { quick } => test::test(quick),
        Task::Lint => test::lint(),
        Task::E2e { args } => test::e2e(&args),
        Task::Bench { quick } => bench::bench(quick),
        Task::Reference => reference::reference(),
        Task::Size => size::size(),
        Task::SplitPage => split::split_page(),
        Task::Dist => dist::dist(),
    }
}
