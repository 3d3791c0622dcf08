//! Connections: accepting them, giving up on slow ones, and stopping without cutting one off.
//!
//! `axum::serve` has no limit on how long a client may take to send its headers; this has, and one on how long it may leave an
//! answer unread, on how many connections there are, and on how many of them are one client's.

use std::collections::HashMap;
use std::convert::Infallible;
use std::future::Future;
use std::net::{IpAddr, SocketAddr};
use std::pin::pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;
use tower::Service as _;

use crate::app::App;
use crate::limits::{Peer, network};

/// How long a client may take to send the head of a request, and how long a quiet connection is kept.
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);

/// How long answers under way may take after the server was told to stop.
const STOP_TIMEOUT: Duration = Duration::from_secs(10);

/// How often counts of quiet clients are forgotten.
const FORGET_EVERY: Duration = Duration::from_secs(60);

const MAX_CONNECTIONS: usize = 1_024;

/// Connections of one address (an IPv6 network of 64 bits counts as one). Behind a proxy all come from one, and the proxy
/// counts its clients.
const MAX_CONNECTIONS_OF_ONE: usize = 128;

/// Serves until `stop` is done, then finishes what is under way and closes the store.
pub async fn serve(app: &App, listener: TcpListener, stop: impl Future<Output = ()>) {
    let router = app.router();
    let slots = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    let most_of_one = if app.config.behind_proxy { MAX_CONNECTIONS } else { MAX_CONNECTIONS_OF_ONE };
    let clients = Clients::default();
    let graceful = GracefulShutdown::new();
    let mut forget = tokio::time::interval(FORGET_EVERY);
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            () = &mut stop => break,
            _ = forget.tick() => app.limits.forget_quiet(),
            accepted = accept(&listener, &slots) => match accepted {
                Ok((stream, peer, slot)) => {
                    // Too many of one client: the stream is dropped, and with it the connection.
                    let Some(place) = clients.enter(network(peer.ip()), most_of_one) else { continue };
                    let connection = graceful.watch(connection(stream, peer, router.clone(), app.config.write_timeout));
                    tokio::spawn(async move {
                        if let Err(error) = connection.await {
                            tracing::debug!("a connection ended early: {error}");
                        }
                        drop((slot, place));
                    });
                }
                Err(error) => {
                    // Out of file handles, mostly: wait for some to be given back.
                    tracing::warn!("a connection could not be accepted: {error}");
                    tokio::time::sleep(Duration::from_millis(100)).await;
                }
            },
        }
    }
    drop(listener);
    tracing::info!("stopping: finishing what is under way");
    if tokio::time::timeout(STOP_TIMEOUT, graceful.shutdown()).await.is_err() {
        tracing::warn!("some connections took too long and were cut off");
    }
    app.store.close().await;
}

async fn accept(
    listener: &TcpListener,
    slots: &Arc<Semaphore>,
) -> std::io::Result<(TcpStream, SocketAddr, tokio::sync::OwnedSemaphorePermit)> {
    let slot = Arc::clone(slots).acquire_owned().await.map_err(std::io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    stream.set_nodelay(true)?;
    Ok((stream, peer, slot))
}

/// How many connections each client has.
#[derive(Clone, Default)]
struct Clients(Arc<Mutex<HashMap<IpAddr, usize>>>);

/// A connection that is counted until it is dropped.
struct Place {
    clients: Clients,
    client: IpAddr,
}

impl Clients {
    fn enter(&self, client: IpAddr, most: usize) -> Option<Place> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(client).or_default();
        if *count >= most {
            return None;
        }
        *count += 1;
        Some(Place { clients: self.clone(), client })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.clients.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.client) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.client);
            }
        }
    }
}

fn connection(
    stream: TcpStream,
    peer: SocketAddr,
    router: Router,
    write_timeout: Duration,
) -> impl hyper_util::server::graceful::GracefulConnection<Error = hyper::Error> + Send {
    let service = service_fn(move |request: hyper::Request<Incoming>| {
        let mut router = router.clone();
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer.ip()));
        // A router is always ready.
        async move { Ok::<_, Infallible>(router.call(request).await.unwrap_or_else(|never| match never {})) }
    });
    let mut stream = Box::pin(TimeoutStream::new(stream));
    stream.as_mut().set_write_timeout_pinned(Some(write_timeout));
    hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .serve_connection(TokioIo::new(stream), service)
}

/// Begins to listen for the word to stop: ctrl-c, or SIGTERM where there is such a thing. From here on neither ends the
/// process; the future returned is done when one came.
///
/// # Errors
/// The system does not let it listen.
#[cfg(unix)]
pub fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut interrupt = signal(SignalKind::interrupt())?;
    let mut terminate = signal(SignalKind::terminate())?;
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
    })
}

/// Begins to listen for the word to stop: ctrl-c. From here on it does not end the process; the future returned is done
/// when it came.
///
/// # Errors
/// The system does not let it listen.
#[cfg(windows)]
pub fn told_to_stop() -> std::io::Result<impl Future<Output = ()>> {
    let mut ctrl_c = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        ctrl_c.recv().await;
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_client_takes_its_share_of_connections_and_gives_them_back() {
        let clients = Clients::default();
        let [one, other] = [[10, 0, 0, 1], [10, 0, 0, 2]].map(IpAddr::from);
        let held: Vec<Place> = (0..3).filter_map(|_| clients.enter(one, 2)).collect();
        assert_eq!(held.len(), 2);
        assert!(clients.enter(other, 2).is_some());
        drop(held);
        assert!(clients.enter(one, 2).is_some() && clients.0.lock().unwrap().is_empty());
    }
}
