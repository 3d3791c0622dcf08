//! `rounds-server`.

use clap::Parser as _;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    server::command::Arguments::parse().run().await
}
