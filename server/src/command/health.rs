//! Asking a running server whether it is well, for a container's health check: a container holds no other client.

use std::net::SocketAddr;
use std::time::Duration;

use anyhow::Context as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

const TIMEOUT: Duration = Duration::from_secs(5);

/// Fails where the server does not answer `GET /health` with 200 in time.
pub(super) async fn ask(address: SocketAddr) -> anyhow::Result<()> {
    let status_line = tokio::time::timeout(TIMEOUT, status_line(address))
        .await
        .with_context(|| format!("the server at {address} did not answer in {} s", TIMEOUT.as_secs()))?
        .with_context(|| format!("no server answers at {address}"))?;
    anyhow::ensure!(status_line.split(' ').nth(1) == Some("200"), "the server at {address} is not well: {status_line}");
    println!("The server at {address} is well.");
    Ok(())
}

async fn status_line(address: SocketAddr) -> std::io::Result<String> {
    let mut stream = TcpStream::connect(address).await?;
    let request = format!("GET /health HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.take(64 * 1024).read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).lines().next().unwrap_or_default().to_owned())
}
