//! Real connections.

use std::time::Duration;

use server::app::App;
use server::config::Config;
use server::listen;
use server::page::Page;
use server::store::Store;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;

async fn ask(stream: &mut TcpStream, request: &str) -> String {
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut bytes = vec![0_u8; 64 * 1024];
    let n = tokio::time::timeout(Duration::from_secs(5), stream.read(&mut bytes)).await.unwrap().unwrap();
    String::from_utf8_lossy(&bytes[..n]).into_owned()
}

#[tokio::test]
async fn a_client_that_reads_nothing_loses_its_connection() {
    const LENGTH: usize = 32 << 20;
    let (folder, page) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    std::fs::write(page.path().join("index.html"), "<!doctype html>").unwrap();
    std::fs::write(page.path().join("large.bin"), vec![7_u8; LENGTH]).unwrap();
    let config = Config { write_timeout: Duration::from_millis(200), ..Config::default() };
    let store = Store::open(folder.path()).await.unwrap();
    let app = App::new(config, store, Page::from_folder(page.path()).unwrap());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let running = tokio::spawn(async move { listen::serve(&app, listener, async { drop(stopped.await) }).await });

    let request = b"GET /large.bin HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let read = |wait: Duration| async move {
        let mut stream = TcpStream::connect(address).await.unwrap();
        stream.write_all(request).await.unwrap();
        tokio::time::sleep(wait).await;
        let mut bytes = Vec::new();
        // Cut off: what was on its way arrives, or an error.
        drop(stream.read_to_end(&mut bytes).await);
        bytes.len()
    };
    assert!(read(Duration::ZERO).await > LENGTH, "who reads gets everything");
    assert!(read(Duration::from_secs(1)).await < LENGTH, "who does not is cut off");
    stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(5), running).await.unwrap().unwrap();
}

#[tokio::test]
async fn a_server_told_to_stop_closes_quiet_connections_and_its_store() {
    let folder = tempfile::tempdir().unwrap();
    let app = App::new(Config::default(), Store::open(folder.path()).await.unwrap(), Page::default());
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (stop, stopped) = oneshot::channel::<()>();
    let running = {
        let app = app.clone();
        tokio::spawn(async move {
            listen::serve(&app, listener, async { drop(stopped.await) }).await;
        })
    };
    let mut kept_open = TcpStream::connect(address).await.unwrap();
    for _ in 0..2 {
        let answer = ask(&mut kept_open, "GET /health HTTP/1.1\r\nHost: x\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.1 200 OK"), "{answer}");
        assert!(answer.contains("x-content-type-options: nosniff"));
    }
    let mut garbage = TcpStream::connect(address).await.unwrap();
    let answer = ask(&mut garbage, "this is no HTTP\r\n\r\n").await;
    assert!(answer.is_empty() || answer.starts_with("HTTP/1.1 400"), "{answer}");

    stop.send(()).unwrap();
    tokio::time::timeout(Duration::from_secs(5), running).await.unwrap().unwrap();
    let mut rest = Vec::new();
    assert_eq!(kept_open.read_to_end(&mut rest).await.unwrap(), 0, "closed");
    assert!(TcpStream::connect(address).await.is_err(), "nobody listens");
    assert!(app.store.ping().await.is_err(), "the store is closed");
    let log = std::fs::metadata(folder.path().join("rounds.sqlite-wal"));
    assert!(log.map_or(0, |log| log.len()) == 0, "all is in the one file");
}
