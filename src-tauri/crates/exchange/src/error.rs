//! Why a request has no answer, in words: what happened, to what, and what to do.

use std::error::Error;
use std::path::PathBuf;
use std::time::Duration;

use crate::body::StoreError;
use crate::content::{ContentError, UploadError};
use crate::engine::{Finished, LookupError};
use crate::exchange::Hop;

/// A request that was not answered, or not to the end. No variant shows a secret, or the query of a URL.
#[derive(Debug, thiserror::Error)]
pub enum SendError {
    /// The user cancelled it.
    #[error("the request was cancelled")]
    Cancelled,
    /// The content could not be made ready.
    #[error("the body could not be made ready")]
    Content(#[from] ContentError),
    /// A file changed or went away while it was sent.
    #[error("the file {} could not be read to its end: choose it again, or remove it from the body", path.display())]
    FileGone {
        /// Its path.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: std::io::Error,
    },
    /// The URL or a header is lawful by itself, but the HTTP library cannot send it.
    #[error("the request to {host} cannot be written as HTTP: look for odd characters in the URL")]
    Unsendable {
        /// The host.
        host: String,
    },
    /// The host has no address.
    #[error("the host {host} was not found: check its spelling, and whether this computer is online")]
    HostNotFound {
        /// The host.
        host: String,
        /// What the resolver said.
        #[source]
        source: Cause,
    },
    /// Nothing listens there.
    #[error("{address} refused the connection: check the port, and whether the server runs")]
    Refused {
        /// Host and port.
        address: String,
        /// What the system said.
        #[source]
        source: Cause,
    },
    /// No connection came about for another reason.
    #[error("no connection to {address} came about: check the network, a proxy or VPN, and the port")]
    Unreachable {
        /// Host and port.
        address: String,
        /// What the system said.
        #[source]
        source: Cause,
    },
    /// TLS was not agreed.
    #[error("no secure connection to {address}: {fault}")]
    Tls {
        /// Host and port.
        address: String,
        /// What is wrong with the certificate or the handshake.
        fault: TlsFault,
        /// What the TLS library said.
        #[source]
        source: Cause,
    },
    /// The time was up.
    #[error("{address} took longer than {} s while {phase}: raise the time limit in Settings, or look at the server", seconds(*limit))]
    Timeout {
        /// Host and port.
        address: String,
        /// What was going on.
        phase: Phase,
        /// The limit.
        limit: Duration,
    },
    /// The server redirected again and again.
    #[error(
        "the server redirected more than {limit} times: it may go in a circle; see each hop, or raise the limit in Settings"
    )]
    TooManyRedirects {
        /// The limit.
        limit: u32,
        /// What was sent and came up to there.
        hops: Vec<Hop>,
    },
    /// A redirect leads nowhere.
    #[error(
        "{address} redirected to a place that cannot be followed, {reason}: see its location header, or switch redirects off"
    )]
    BadRedirect {
        /// Host and port.
        address: String,
        /// What is wrong with it.
        reason: &'static str,
        /// What was sent and came up to there.
        hops: Vec<Hop>,
    },
    /// What came is no HTTP.
    #[error("{address} answered with something that is not HTTP: check the port, and http against https")]
    Protocol {
        /// Host and port.
        address: String,
        /// What the HTTP library said.
        #[source]
        source: Cause,
    },
    /// The connection ended before an answer began.
    #[error("{address} closed the connection without an answer: send again, or look at the server")]
    NoAnswer {
        /// Host and port.
        address: String,
        /// What the HTTP library said.
        #[source]
        source: Cause,
    },
    /// The connection ended within the body.
    #[error("{address} broke off after {received} bytes of the body: send again, or look at the server")]
    BrokenOff {
        /// Host and port.
        address: String,
        /// How many bytes came, decompressed.
        received: u64,
        /// What came.
        partial: Box<Finished>,
        /// What the HTTP library said.
        #[source]
        source: Cause,
    },
    /// The body is not what `content-encoding` says.
    #[error(
        "the body could not be decompressed as {encoding} after {received} bytes: the server is at fault, or something between"
    )]
    Undecodable {
        /// The encoding.
        encoding: String,
        /// How many bytes came, decompressed.
        received: u64,
        /// What came.
        partial: Box<Finished>,
        /// What the decoder said.
        #[source]
        source: Cause,
    },
    /// The body, with those already kept, is larger than the cache may be.
    #[error("the body from {address} does not fit into the {} MB that bodies may take: close other answers", limit / 1_000_000)]
    TooLarge {
        /// Host and port.
        address: String,
        /// The limit in bytes.
        limit: u64,
    },
    /// The cache folder cannot be written to.
    #[error("the body could not be kept in {}: free space there", folder.display())]
    Cache {
        /// The folder.
        folder: PathBuf,
        /// What the system said.
        #[source]
        source: Cause,
    },
    /// TLS or the HTTP library could not be set up.
    #[error("the HTTP engine could not be started: look at the system's certificates and proxy settings")]
    Engine(#[source] Cause),
}

/// What lies behind an error.
pub type Cause = Box<dyn Error + Send + Sync>;

impl SendError {
    /// Gives the hops that were completed before it, where they are known.
    pub fn hops(&self) -> &[Hop] {
        match self {
            Self::TooManyRedirects { hops, .. } | Self::BadRedirect { hops, .. } => hops,
            Self::BrokenOff { partial, .. } | Self::Undecodable { partial, .. } => &partial.exchange.hops,
            _ => &[],
        }
    }

    /// Gives what came of a body that broke off.
    pub fn partial(self) -> Option<Finished> {
        match self {
            Self::BrokenOff { partial, .. } | Self::Undecodable { partial, .. } => Some(*partial),
            _ => None,
        }
    }
}

/// What a request was waiting for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Phase {
    /// The host's address.
    Lookup,
    /// The TCP connection.
    Connecting,
    /// TLS.
    Tls,
    /// The head of the answer.
    Waiting,
    /// The body.
    Downloading,
}

impl std::fmt::Display for Phase {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Lookup => "its address was looked up",
            Self::Connecting => "connecting",
            Self::Tls => "agreeing on TLS",
            Self::Waiting => "waiting for the answer",
            Self::Downloading => "its body came in",
        })
    }
}

/// What is wrong with a certificate, or with the handshake.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TlsFault {
    /// It is past its end.
    Expired,
    /// It is before its beginning.
    NotYetValid,
    /// Nobody trusted signed it.
    UnknownIssuer,
    /// It is for other hosts.
    WrongHost,
    /// It was revoked.
    Revoked,
    /// It is wrong in another way.
    BadCertificate,
    /// The two sides have no version or cipher in common, or one of them stopped.
    Handshake,
}

impl std::fmt::Display for TlsFault {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Expired => "its certificate has expired; its owner must renew it, or this computer's clock is wrong",
            Self::NotYetValid => "its certificate is not valid yet; check this computer's clock",
            Self::UnknownIssuer => {
                "its certificate is signed by nobody this computer trusts; add the issuer to the system's certificates"
            }
            Self::WrongHost => "its certificate is for other hosts; check the host in the URL",
            Self::Revoked => "its certificate was revoked; do not send to it",
            Self::BadCertificate => "its certificate is damaged or not allowed for this use",
            Self::Handshake => "the handshake failed; check the port, and whether the server speaks TLS 1.2 or 1.3",
        })
    }
}

fn seconds(limit: Duration) -> String {
    let text = format!("{:.3}", limit.as_secs_f64());
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Where a request was on its way to, for the words.
pub(crate) struct Target {
    pub(crate) host: String,
    pub(crate) address: String,
}

impl Target {
    pub(crate) fn of(url: &url::Url) -> Self {
        let host = url.host_str().unwrap_or_default().to_owned();
        let port = url.port_or_known_default().unwrap_or_default();
        Self { address: format!("{host}:{port}"), host }
    }

    /// Reads the failure of a request that has no answer yet.
    pub(crate) fn failure(self, error: reqwest::Error) -> SendError {
        let error = error.without_url();
        let chain = || causes(&error);
        if let Some(upload) = chain().find_map(|cause| cause.downcast_ref::<UploadError>()) {
            let source = std::io::Error::new(upload.source.kind(), upload.source.to_string());
            return SendError::FileGone { path: upload.path.clone(), source };
        }
        if let Some(lookup) = chain().find_map(|cause| cause.downcast_ref::<LookupError>()) {
            let host = lookup.host.clone();
            return SendError::HostNotFound { host, source: lookup.source.to_string().into() };
        }
        if let Some(tls) = chain().find_map(tls_error) {
            let fault = fault(tls);
            return SendError::Tls { address: self.address, fault, source: tls.clone().into() };
        }
        let system = chain().find_map(|cause| cause.downcast_ref::<std::io::Error>()).map(std::io::Error::kind);
        if error.is_connect() {
            return match system {
                Some(std::io::ErrorKind::ConnectionRefused) => {
                    SendError::Refused { address: self.address, source: error.into() }
                }
                _ => SendError::Unreachable { address: self.address, source: error.into() },
            };
        }
        if error.is_builder() {
            return SendError::Unsendable { host: self.host };
        }
        let http = chain().find_map(|cause| cause.downcast_ref::<hyper::Error>());
        if http.is_some_and(hyper::Error::is_parse) || is_h2_fault(&error) {
            return SendError::Protocol { address: self.address, source: error.into() };
        }
        SendError::NoAnswer { address: self.address, source: error.into() }
    }

    /// Reads a failure to keep what came.
    pub(crate) fn not_kept(self, error: StoreError, cache: &crate::body::Cache) -> SendError {
        match error {
            StoreError::Full => SendError::TooLarge { address: self.address, limit: cache.limit() },
            StoreError::Write(source) => SendError::Cache { folder: cache.folder().to_owned(), source: source.into() },
        }
    }
}

/// Walks the causes of an error, looking into the errors that an I/O error carries.
fn causes<'e>(error: &'e (dyn Error + 'static)) -> impl Iterator<Item = &'e (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| {
        let carried = error.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        carried.map(|inner| inner as &(dyn Error + 'static)).or_else(|| error.source())
    })
}

fn tls_error<'e>(cause: &'e (dyn Error + 'static)) -> Option<&'e rustls::Error> {
    cause.downcast_ref::<rustls::Error>()
}

fn is_h2_fault(error: &reqwest::Error) -> bool {
    causes(error).any(|cause| cause.to_string().contains("http2 error"))
}

fn fault(error: &rustls::Error) -> TlsFault {
    use rustls::CertificateError as Certificate;
    match error {
        rustls::Error::InvalidCertificate(certificate) => match certificate {
            Certificate::Expired | Certificate::ExpiredContext { .. } => TlsFault::Expired,
            Certificate::NotValidYet | Certificate::NotValidYetContext { .. } => TlsFault::NotYetValid,
            Certificate::UnknownIssuer => TlsFault::UnknownIssuer,
            Certificate::NotValidForName | Certificate::NotValidForNameContext { .. } => TlsFault::WrongHost,
            Certificate::Revoked => TlsFault::Revoked,
            _ => TlsFault::BadCertificate,
        },
        _ => TlsFault::Handshake,
    }
}
