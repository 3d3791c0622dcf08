//! The command line.

mod health;

use std::io::{IsTerminal as _, Write as _};
use std::net::SocketAddr;
use std::path::PathBuf;

use anyhow::Context as _;
use clap::{Args, Parser, Subcommand, ValueEnum};
use jiff::ToSpan as _;
use model::finding::DEFAULT_CELL_THRESHOLD;
use sync::wire::Role;
use tokio::net::TcpListener;
use tracing::level_filters::LevelFilter;

use crate::app::App;
use crate::clock;
use crate::config::Config;
use crate::listen;
use crate::page::Page;
use crate::store::{NewInvite, Store};

const DEFAULT_ADDRESS: &str = "127.0.0.1:8080";

/// Serves the page of Rounds and keeps the findings that sites share: aggregates only, nothing clinical.
#[derive(Debug, Parser)]
#[command(name = "rounds-server", version, args_conflicts_with_subcommands = true)]
pub struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
    #[command(flatten)]
    serve: ServeArguments,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Serve (also without any command).
    Serve(ServeArguments),
    /// Make an invite and print its token, once.
    Invite(InviteArguments),
    /// List the invites (never their tokens).
    Invites {
        #[command(flatten)]
        data: DataArgument,
    },
    /// Take an invite back; its token stops working at once.
    Revoke {
        /// The number of the invite (the first number in its token).
        number: i64,
        #[command(flatten)]
        data: DataArgument,
    },
    /// Ask a running server whether it is well; the exit code says so.
    Health {
        /// The server's address.
        #[arg(long, default_value = DEFAULT_ADDRESS)]
        address: SocketAddr,
    },
}

#[derive(Debug, Args)]
struct DataArgument {
    /// The folder of the store.
    #[arg(long, value_name = "FOLDER", default_value = "data")]
    data: PathBuf,
}

#[derive(Debug, Args)]
struct ServeArguments {
    /// The address to listen on.
    #[arg(long, default_value = DEFAULT_ADDRESS)]
    listen: SocketAddr,
    #[command(flatten)]
    data: DataArgument,
    /// The address under which users reach it (https://…), if another.
    #[arg(long, value_name = "URL")]
    public_url: Option<String>,
    /// Serve the page in this folder, not the one inside this program.
    #[arg(long, value_name = "FOLDER")]
    page: Option<PathBuf>,
    /// Refuse findings that show a count from 1 to this.
    #[arg(long, value_name = "N", default_value_t = DEFAULT_CELL_THRESHOLD)]
    cell_threshold: u32,
    /// A reverse proxy stands before it: take the client's address from the last entry of X-Forwarded-For.
    #[arg(long)]
    behind_proxy: bool,
    /// How much to log: error, warn, info, debug.
    #[arg(long, value_name = "LEVEL", default_value = "info")]
    log: LevelFilter,
}

#[derive(Debug, Args)]
struct InviteArguments {
    /// What it allows.
    #[arg(long)]
    role: RoleArgument,
    /// For whom.
    #[arg(long)]
    name: String,
    /// Where.
    #[arg(long)]
    site: String,
    /// Days it works, today not counted; no end unless told.
    #[arg(long, value_name = "N")]
    expires_days: Option<u32>,
    #[command(flatten)]
    data: DataArgument,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum RoleArgument {
    Reader,
    Contributor,
}

impl Arguments {
    /// Does what the command line says.
    ///
    /// # Errors
    /// What went wrong, in words for whoever runs the server.
    pub async fn run(self) -> anyhow::Result<()> {
        match self.command {
            None => serve(self.serve).await,
            Some(Command::Serve(arguments)) => serve(arguments).await,
            Some(Command::Invite(arguments)) => invite(arguments).await,
            Some(Command::Invites { data }) => invites(&data).await,
            Some(Command::Revoke { number, data }) => revoke(number, &data).await,
            Some(Command::Health { address }) => health::ask(address).await,
        }
    }
}

async fn serve(arguments: ServeArguments) -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_max_level(arguments.log)
        .with_writer(std::io::stderr)
        .with_ansi(std::io::stderr().is_terminal())
        .with_target(false)
        .init();
    let page = match &arguments.page {
        Some(folder) => Page::from_folder(folder)?,
        None => Page::embedded(),
    };
    if !page.is_built() {
        tracing::warn!("no page inside this program: build it with `cargo xtask serve`, or name one with --page");
    }
    let store = Store::open(&arguments.data.data).await?;
    let listener = TcpListener::bind(arguments.listen).await.with_context(|| {
        format!("cannot listen on {}: does another program use that port? Choose one with --listen", arguments.listen)
    })?;
    // The port that was given, where any was asked for (port 0).
    let address = listener.local_addr()?;
    let url = arguments.public_url.clone().unwrap_or_else(|| format!("http://{address}"));
    let config = Config {
        cell_threshold: arguments.cell_threshold,
        public_url: arguments.public_url,
        behind_proxy: arguments.behind_proxy,
        ..Config::default()
    };
    let app = App::new(config, store, page);
    let stop = listen::told_to_stop().context("cannot listen for the signal to stop")?;
    tracing::info!("Rounds is at {url}");
    listen::serve(&app, listener, stop).await;
    Ok(())
}

async fn invite(arguments: InviteArguments) -> anyhow::Result<()> {
    for (what, text) in [("--name", &arguments.name), ("--site", &arguments.site)] {
        anyhow::ensure!(!text.trim().is_empty(), "{what} is empty: say for whom the invite is");
    }
    let expires_on = match arguments.expires_days {
        Some(days) => Some(clock::today().checked_add(i64::from(days).days()).context("--expires-days is too large")?),
        None => None,
    };
    let new = NewInvite {
        role: match arguments.role {
            RoleArgument::Reader => Role::Reader,
            RoleArgument::Contributor => Role::Contributor,
        },
        name: arguments.name,
        site: arguments.site,
        expires_on,
    };
    let store = Store::open(&arguments.data.data).await?;
    let token = store.create_invite(&new).await?;
    store.close().await;
    let until = expires_on.map_or_else(|| "until it is revoked".to_owned(), |day| format!("up to and with {day}"));
    eprintln!("Invite for {} at {}, {until}. This token is shown once and kept nowhere:", new.name, new.site);
    writeln!(std::io::stdout(), "{}", token.reveal())?;
    Ok(())
}

async fn invites(data: &DataArgument) -> anyhow::Result<()> {
    let store = Store::open_existing(&data.data).await?;
    let invites = store.invites().await?;
    store.close().await;
    let mut out = std::io::stdout().lock();
    writeln!(out, "number\trole\tname\tsite\tmade on\tlast day\trevoked on")?;
    for invite in invites {
        let expires_on = invite.expires_on.map_or_else(|| "-".to_owned(), |day| day.to_string());
        writeln!(
            out,
            "{}\t{}\t{}\t{}\t{}\t{expires_on}\t{}",
            invite.invite_id,
            crate::store::role_to_text(invite.role),
            invite.name,
            invite.site,
            invite.created_on,
            invite.revoked_on.as_deref().unwrap_or("-")
        )?;
    }
    Ok(())
}

async fn revoke(number: i64, data: &DataArgument) -> anyhow::Result<()> {
    let store = Store::open_existing(&data.data).await?;
    let was_there = store.revoke_invite(number).await?;
    store.close().await;
    anyhow::ensure!(was_there, "there is no invite {number} that still works: `rounds-server invites` lists them");
    eprintln!("Invite {number} no longer works.");
    Ok(())
}
