//! Starting and stopping a sandbox.

use std::{
    future::IntoFuture as _,
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::Arc,
    time::Duration,
};

use axum::{Router, extract::State, middleware, response::Response};
use http::{HeaderName, HeaderValue, header::DATE};
use thiserror::Error;
use tokio::{net::TcpListener, sync::watch, task::JoinHandle, time};

use crate::{
    Clock, Description, Options,
    gateway::{self, Gateway},
    pool::{self, KeyError, Keys, Pool},
    provider::{self, Provider},
    wire::{Loopback, ReceivedHead},
};

const LAST_REPLIES: Duration = Duration::from_secs(2);

/// A user pool, the identity provider behind it, and a gateway that answer until they are stopped or dropped.
pub struct Sandbox {
    description: Description,
    gateway_origin: String,
    provider_origin: String,
    saved_keys: String,
    closing: watch::Sender<bool>,
    servers: Vec<JoinHandle<io::Result<()>>>,
}

/// Tells why a sandbox could not start.
#[derive(Debug, Error)]
pub enum StartError {
    /// A port on 127.0.0.1 could not be listened on.
    #[error("the sandbox could not listen on 127.0.0.1:{port}; choose another port, or 0 for any free one")]
    Listen {
        /// The port that was asked for.
        port: u16,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The user pool has no keys.
    #[error("the sandbox's user pool could not be set up")]
    Keys(#[source] KeyError),
    /// A callback cannot be registered.
    #[error(
        "the callback {callback} cannot be registered; use https, http with localhost, 127.0.0.1 or [::1], or a \
         custom scheme, without a fragment"
    )]
    Callback {
        /// The callback as given.
        callback: String,
    },
    /// The token source is no header name.
    #[error("{name:?} is no header name, so the gateway cannot take tokens from it; use letters, digits and hyphens")]
    TokenSource {
        /// The name as given.
        name: String,
    },
}

impl Sandbox {
    /// Starts a sandbox on 127.0.0.1, with keys and users of its own.
    ///
    /// # Errors
    /// A callback or a token source that cannot be, a port that cannot be had, or no key.
    pub async fn start(options: Options) -> Result<Self, StartError> {
        if let Some(callback) = options.extra_callbacks.iter().find(|callback| !pool::is_registrable(callback)) {
            return Err(StartError::Callback { callback: callback.clone() });
        }
        if HeaderName::try_from(options.token_source.as_str()).is_err() {
            return Err(StartError::TokenSource { name: options.token_source });
        }
        let (pool_listener, pool_origin) = listen(options.port).await?;
        let (gateway_listener, gateway_origin) = listen(options.gateway_port).await?;
        let (provider_listener, provider_origin) = listen(0).await?;
        let keys = match &options.keys {
            Some(saved) => Keys::restore(saved),
            None => Keys::generate().await,
        };
        let keys = keys.map_err(StartError::Keys)?;
        let saved_keys = keys.save().map_err(StartError::Keys)?;

        let (closing, closed) = watch::channel(false);
        let provider = Arc::new(Provider::new(provider_origin.clone(), &pool_origin, options.clone()));
        let pool = Arc::new(Pool::new(pool_origin, keys, Arc::clone(&provider), options.clone()));
        let clock = options.clock.clone();
        let gateway = Arc::new(Gateway::new(gateway_origin.clone(), pool.verifier(), options, closed.clone()));
        let description = Description { pool: pool.description(), gateway: gateway.description() };
        let servers = vec![
            serve(pool_listener, pool::router(pool), clock.clone(), closed.clone()),
            serve(provider_listener, provider::router(provider), clock.clone(), closed.clone()),
            serve(gateway_listener, gateway::router(gateway), clock, closed),
        ];
        Ok(Self { description, gateway_origin, provider_origin, saved_keys, closing, servers })
    }

    /// Describes the sandbox as it was at its start.
    pub fn description(&self) -> &Description {
        &self.description
    }

    /// Tells where the routes are that stand outside every stage, such as `/echo`.
    pub fn gateway_origin(&self) -> &str {
        &self.gateway_origin
    }

    /// Tells where the identity provider behind the pool is.
    pub fn provider_origin(&self) -> &str {
        &self.provider_origin
    }

    /// Tells where the HTTP API is.
    pub fn http_api_url(&self) -> String {
        format!("{}{}", self.gateway_origin, gateway::HTTP_API_PATH)
    }

    /// Lends the pool's private keys as one line, for [`Options::keys`] of a later sandbox at the same ports: tokens of
    /// this one are then good there.
    pub fn saved_keys(&self) -> &str {
        &self.saved_keys
    }

    /// Stops listening, ends what waits, and lets the last replies out.
    pub async fn stop(mut self) {
        self.closing.send_replace(true);
        for mut server in self.servers.drain(..) {
            if time::timeout(LAST_REPLIES, &mut server).await.is_err() {
                server.abort();
            }
        }
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.closing.send_replace(true);
    }
}

async fn listen(port: u16) -> Result<(TcpListener, String), StartError> {
    let failed = |source| StartError::Listen { port, source };
    let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port))).await.map_err(failed)?;
    let address = listener.local_addr().map_err(failed)?;
    Ok((listener, format!("http://{address}")))
}

fn serve(
    listener: TcpListener,
    router: Router,
    clock: Clock,
    mut closed: watch::Receiver<bool>,
) -> JoinHandle<io::Result<()>> {
    let dated = router.layer(middleware::map_response_with_state(clock, with_date));
    let service = dated.into_make_service_with_connect_info::<ReceivedHead>();
    let until_closed = async move {
        // An error means that the sandbox is gone.
        let _ = closed.wait_for(|closed| *closed).await;
    };
    tokio::spawn(axum::serve(Loopback(listener), service).with_graceful_shutdown(until_closed).into_future())
}

/// Dates a reply by the sandbox's clock, so that a client can see that its own differs.
async fn with_date(State(clock): State<Clock>, mut response: Response) -> Response {
    if let Ok(date) = HeaderValue::try_from(clock.http_date()) {
        response.headers_mut().insert(DATE, date);
    }
    response
}
