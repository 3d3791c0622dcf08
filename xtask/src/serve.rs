//! `cargo xtask serve`.

use crate::{build, run};

/// Builds everything and starts the server on the page that was just built.
pub fn serve(listen: &str, build_only: bool) -> anyhow::Result<()> {
    build::page()?;
    let server = build::server(build::Profile::Release)?;
    if build_only {
        println!("Built dist/ and {server}");
        return Ok(());
    }
    println!("Rounds is at http://{listen}/ (ctrl-c stops it; data/ holds the shared knowledge)");
    run::run(&server, &["serve", "--listen", listen, "--data", "data", "--page", "dist"])
}
