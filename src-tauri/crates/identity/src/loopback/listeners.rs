//! The sockets of a receiver: accepted side by side, limited in number and time, closed with it.

use std::convert::Infallible;
use std::io;
use std::net::IpAddr;
use std::pin::pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::time;

use super::site::Site;

/// How many connections are open at most; others wait for a place.
pub(super) const CONNECTIONS: usize = 32;
/// How long a connection may take for a request's head, which browsers open in advance and leave idle.
const HEAD_TIME: Duration = Duration::from_secs(10);
/// How much of a request's head is read before it is refused as too large, in bytes and up to the end of the read that
/// went past it. Cookies of everything on localhost come along.
const HEAD_SIZE: usize = 32 * 1024;
/// How long a page that is being written may take after the receiver was dropped.
const LAST_PAGE: Duration = Duration::from_secs(2);
/// How long to wait when the system is short of what a connection needs.
const SHORTAGE: Duration = Duration::from_millis(100);

/// Listens at one port of one or two addresses, until it is closed.
#[derive(Debug)]
pub(super) struct Listeners(Mutex<Vec<TcpListener>>);

impl Listeners {
    /// Listens at the first address, and at the second unless the computer does not have it.
    pub(super) async fn bind(first: IpAddr, second: Option<IpAddr>, port: u16) -> io::Result<Self> {
        let mut listeners = vec![TcpListener::bind((first, port)).await?];
        if let Some(second) = second {
            match TcpListener::bind((second, port)).await {
                Ok(listener) => listeners.push(listener),
                // The browser might bring the answer to that other program.
                Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(error),
                Err(_) => {}
            }
        }
        Ok(Self(Mutex::new(listeners)))
    }

    /// Frees the port before it returns.
    pub(super) fn close(&self) {
        self.lock().clear();
    }

    async fn accept(&self) -> io::Result<TcpStream> {
        std::future::poll_fn(|context| self.poll_accept(context)).await
    }

    fn poll_accept(&self, context: &mut Context<'_>) -> Poll<io::Result<TcpStream>> {
        for listener in self.lock().iter() {
            if let Poll::Ready(accepted) = listener.poll_accept(context) {
                return Poll::Ready(accepted.map(|(stream, _)| stream));
            }
        }
        Poll::Pending
    }

    fn lock(&self) -> MutexGuard<'_, Vec<TcpListener>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Serves each connection on its own until the receiver is dropped.
pub(super) async fn serve(listeners: Arc<Listeners>, site: Arc<Site>, mut closed: watch::Receiver<bool>) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        let next = async {
            let place = Arc::clone(&places).acquire_owned().await;
            (place, listeners.accept().await)
        };
        let (place, accepted) = tokio::select! {
            next = next => next,
            _ = closed.changed() => return,
        };
        match accepted {
            Ok(stream) => {
                let connection = converse(stream, Arc::clone(&site), closed.clone());
                tokio::spawn(async move {
                    connection.await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "a connection to the callback could not be accepted");
                time::sleep(SHORTAGE).await;
            }
        }
    }
}

async fn converse(stream: TcpStream, site: Arc<Site>, mut closed: watch::Receiver<bool>) {
    let service = service_fn(|request| {
        let site = Arc::clone(&site);
        async move { Ok::<_, Infallible>(site.answer(request).await) }
    });
    let connection = http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(HEAD_SIZE)
        .keep_alive(false)
        .serve_connection(TokioIo::new(stream), service);
    let mut connection = pin!(connection);
    tokio::select! {
        // A connection that broke off, or spoke no HTTP, has brought no answer.
        _ = connection.as_mut() => return,
        _ = closed.wait_for(|closed| *closed) => connection.as_mut().graceful_shutdown(),
    }
    let _ = time::timeout(LAST_PAGE, connection).await;
}
