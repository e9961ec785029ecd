//! Receives the answers of sign-ins in the system's browser at a callback on this computer (RFC 8252 §7.3).
//!
//! Nothing is believed here: whoever can reach the port can send an answer, so each one is handed on as the URL that a
//! window would have navigated to, and the attempt judges it by its state.

mod listeners;
mod page;
mod site;

use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use thiserror::Error;
use tokio::sync::{mpsc, oneshot, watch};
use url::{Host, Url};

use crate::Callback;
use crate::pool::pattern::{Bounded, is_loopback};
use crate::random::random;
use listeners::{CONNECTIONS, Listeners};
use page::Page;
use site::{Awaited, Site};

/// Why the answers to a callback cannot be received.
#[derive(Debug, Error)]
pub enum LoopbackError {
    /// It does not lead to this computer by plain http.
    #[error(
        "the system's browser cannot bring an answer to {callback} back to this app; register \
         http://localhost:<port>/callback with the app client, with a port of your choice, and enter it here"
    )]
    NotLoopback {
        /// The callback, shortened.
        callback: String,
    },
    /// It names no port, and the one that is meant belongs to the system.
    #[error(
        "{callback} names no port that this app can listen on; register http://localhost:<port>/callback with the app \
         client, with a port above 1023, and enter it here"
    )]
    NoPort {
        /// The callback, shortened.
        callback: String,
    },
    /// Another program listens there.
    #[error("port {port} is in use; close the program that uses it, or register a callback with another port")]
    Taken {
        /// The port.
        port: u16,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The system does not let this program listen there.
    #[error("port {port} cannot be listened on; register a callback with another port, above 1023")]
    Listen {
        /// The port.
        port: u16,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// The system gives no random numbers, without which the way in cannot be protected.
    #[error("the system's source of random numbers failed, so no sign-in can be started; restart the computer")]
    Random(#[source] getrandom::Error),
}

/// Receives what browsers bring to a callback on this computer, for as long as it lives.
///
/// When it is dropped its ports are free at once. A page whose [`Reply`] was given before that is still delivered.
pub struct LoopbackReceiver {
    answers: mpsc::Receiver<Received>,
    listeners: Arc<Listeners>,
    site: Arc<Site>,
    closing: watch::Sender<bool>,
}

/// An answer that a browser brought, not judged yet.
pub struct Received {
    /// The callback with the query and fragment that came: it holds secrets and is not for a log.
    pub url: Url,
    /// The way back to the browser.
    pub reply: Reply,
}

/// The way in by a receiver.
#[derive(Clone)]
pub struct Door(Arc<Site>);

/// Decides on the page that the browser shows last. If it is dropped, the page sends the user back without a verdict.
pub struct Reply(oneshot::Sender<Page>);

impl LoopbackReceiver {
    /// Listens at the callback: for `localhost` at 127.0.0.1 and, where the computer has IPv6, at `[::1]`.
    ///
    /// # Errors
    /// A callback that does not lead here by http and a port, or a port that cannot be had.
    pub async fn bind(callback: &Callback) -> Result<Self, LoopbackError> {
        Self::listen(callback, Awaited::SignIn).await
    }

    /// Listens as [`LoopbackReceiver::bind`] does for what comes back from a sign-out: the bare callback.
    ///
    /// # Errors
    /// A callback that does not lead here by http and a port, or a port that cannot be had.
    pub async fn bind_for_sign_out(callback: &Callback) -> Result<Self, LoopbackError> {
        Self::listen(callback, Awaited::SignOut).await
    }

    async fn listen(callback: &Callback, awaited: Awaited) -> Result<Self, LoopbackError> {
        let url = callback.url();
        let shown = || Bounded(callback.as_str()).to_string();
        if url.scheme() != "http" || !is_loopback(url) {
            return Err(LoopbackError::NotLoopback { callback: shown() });
        }
        let Some(port) = url.port().filter(|port| *port != 0) else {
            return Err(LoopbackError::NoPort { callback: shown() });
        };
        let (v4, v6) = (IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST));
        let listeners = match url.host() {
            Some(Host::Ipv4(_)) => Listeners::bind(v4, None, port).await,
            Some(Host::Ipv6(_)) => Listeners::bind(v6, None, port).await,
            _ => Listeners::bind(v4, Some(v6), port).await,
        };
        let listeners = Arc::new(listeners.map_err(|source| match source.kind() {
            io::ErrorKind::AddrInUse => LoopbackError::Taken { port, source },
            _ => LoopbackError::Listen { port, source },
        })?);
        let (sender, answers) = mpsc::channel(CONNECTIONS);
        let (closing, closed) = watch::channel(false);
        let site = Arc::new(Site::new(url, port, awaited, sender));
        tokio::spawn(listeners::serve(Arc::clone(&listeners), Arc::clone(&site), closed));
        Ok(Self { answers, listeners, site, closing })
    }

    /// The way in by this receiver, good for as long as it lives.
    pub fn door(&self) -> Door {
        Door(Arc::clone(&self.site))
    }

    /// Waits for the next answer, true or forged. It may be given up and called again: no answer is lost.
    pub async fn next(&mut self) -> Received {
        match self.answers.recv().await {
            Some(received) => received,
            // The server lives as long as the receiver, or as the runtime: then nothing comes any more.
            None => std::future::pending().await,
        }
    }
}

impl Door {
    /// Makes an address of this computer that leads on to another one, once.
    ///
    /// The address that a browser is opened with stands among the arguments of a process, where others can read it. This
    /// one tells them nothing, and whoever uses it first is seen: the browser of the user then finds it used up.
    ///
    /// # Errors
    /// Fails where the system has no random numbers.
    pub fn entrance(&self, target: Url) -> Result<Url, LoopbackError> {
        let name = random().map_err(LoopbackError::Random)?;
        Ok(self.0.lead_on(&name, target))
    }
}

impl fmt::Debug for Door {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Door")
    }
}

impl Drop for LoopbackReceiver {
    fn drop(&mut self) {
        self.listeners.close();
        self.closing.send_replace(true);
    }
}

impl Reply {
    /// Tells the user that the sign-in succeeded, and as whom.
    pub fn signed_in(self, name: &str) {
        self.show(Page::signed_in(name));
    }

    /// Tells the user that the sign-in failed, and what to do.
    pub fn failed(self, title: &str, what_to_do: &str) {
        self.show(Page::failed(title, what_to_do));
    }

    /// Tells the user that the session at the pool is over.
    pub fn signed_out(self) {
        self.show(Page::signed_out());
    }

    /// Tells the user that the answer belongs to no sign-in that is under way.
    pub fn ignored(self) {
        self.show(Page::ignored());
    }

    fn show(self, page: Page) {
        // A browser that was closed meanwhile needs no page.
        let _ = self.0.send(page);
    }
}

impl fmt::Debug for LoopbackReceiver {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("LoopbackReceiver").field("listeners", &self.listeners).finish_non_exhaustive()
    }
}

impl fmt::Debug for Received {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Received").finish_non_exhaustive()
    }
}

impl fmt::Debug for Reply {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Reply")
    }
}
