//! The hooks in the HTTP library's connecting: they note the time and give a failed look-up its name.

use std::io;
use std::net::SocketAddr;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::Instant;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tower::{Layer, Service};

use super::marks;

/// Looks hosts up with the system's resolver.
pub(crate) struct Resolver;

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let marks = marks::current();
        Box::pin(async move {
            if let Some(marks) = &marks {
                marks.note(|noted| noted.looked_up_from = Some(Instant::now()));
            }
            let found = tokio::net::lookup_host((name.as_str(), 0)).await;
            if let Some(marks) = &marks {
                marks.note(|noted| noted.looked_up_to = Some(Instant::now()));
            }
            let addresses: Vec<SocketAddr> =
                found.map_err(|source| LookupError { host: name.as_str().to_owned(), source })?.collect();
            Ok(Box::new(addresses.into_iter()) as Addrs)
        })
    }
}

/// A host has no address.
#[derive(Debug, thiserror::Error)]
#[error("the host {host} could not be looked up")]
pub(crate) struct LookupError {
    pub(crate) host: String,
    #[source]
    pub(crate) source: io::Error,
}

/// Notes when connecting begins and when the connection stands, TLS included.
#[derive(Clone)]
pub(crate) struct Noting;

impl<S> Layer<S> for Noting {
    type Service = Noted<S>;

    fn layer(&self, inner: S) -> Noted<S> {
        Noted(inner)
    }
}

/// A connector that [`Noting`] watches.
#[derive(Clone)]
pub(crate) struct Noted<S>(S);

impl<S, T> Service<T> for Noted<S>
where
    S: Service<T>,
    S::Future: Send + 'static,
{
    type Response = S::Response;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<S::Response, S::Error>> + Send>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, target: T) -> Self::Future {
        marks::note(|noted| *noted = marks::Noted { connecting: Some(Instant::now()), ..marks::Noted::default() });
        let connecting = self.0.call(target);
        Box::pin(async move {
            let connected = connecting.await?;
            marks::note(|noted| noted.connected = Some(Instant::now()));
            Ok(connected)
        })
    }
}
