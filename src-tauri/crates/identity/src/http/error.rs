use std::error::Error as _;
use std::io;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;

/// Why a user pool's server could not be asked.
#[derive(Debug, Clone, Error)]
pub enum HttpError {
    /// The host's name is not known.
    #[error("the host {host} is not known; check the domain, the region and the network")]
    HostUnknown {
        /// The host.
        host: String,
    },
    /// Nothing can be reached, or the host refuses the connection.
    #[error("{host} cannot be reached; check the network, the proxy and the address")]
    Unreachable {
        /// The host.
        host: String,
        /// What the network said.
        #[source]
        source: Arc<reqwest::Error>,
    },
    /// The host's certificate or protocol is not accepted.
    #[error("no secure connection to {host} could be made; a proxy may be reading along, or the clock may be wrong")]
    Tls {
        /// The host.
        host: String,
        /// What the TLS library said.
        #[source]
        source: Arc<reqwest::Error>,
    },
    /// There was no answer in time.
    #[error("{host} did not answer within {} seconds; check the network and try again", limit.as_secs_f32())]
    Timeout {
        /// The host.
        host: String,
        /// The time that it was given.
        limit: Duration,
    },
    /// The answer broke off.
    #[error("the answer of {host} broke off; try again")]
    Broken {
        /// The host.
        host: String,
        /// What the network said.
        #[source]
        source: Arc<reqwest::Error>,
    },
    /// The host sends elsewhere.
    #[error("{host} sends the request elsewhere ({status}); a proxy or a login page of the network is in between")]
    Redirected {
        /// The host.
        host: String,
        /// The HTTP status.
        status: u16,
    },
    /// The answer is no JSON, such as the page of a proxy.
    #[error("{host} answered with {found} in place of JSON; a proxy or a login page of the network is in between")]
    NotJson {
        /// The host.
        host: String,
        /// The content type that was found.
        found: String,
    },
    /// The answer says that it is JSON, and cannot be read as such.
    #[error("{host} answered with JSON that is damaged or cut off; try again")]
    Damaged {
        /// The host.
        host: String,
    },
    /// The answer is larger than any that a user pool gives.
    #[error("the answer of {host} is larger than {limit} bytes; that is no answer of a user pool")]
    TooLarge {
        /// The host.
        host: String,
        /// The largest answer that is read, in bytes.
        limit: usize,
    },
    /// The file of a private authority cannot be read.
    #[error("the certificate file {} cannot be read; choose another one in the pool's settings", path.display())]
    CertificateFile {
        /// The file.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: Arc<io::Error>,
    },
    /// The file of a private authority holds no certificate, or one that is none.
    #[error(
        "{} holds no certificate, or one that is damaged; expected a PEM file with BEGIN CERTIFICATE",
        path.display()
    )]
    NoCertificate {
        /// The file.
        path: PathBuf,
    },
    /// The client for requests could not be made.
    #[error("the network client could not be set up; restart the app")]
    Client(#[source] Arc<reqwest::Error>),
}

/// Sorts a failed request; the library tells a host that is not known only by the text of the innermost cause.
pub(super) fn in_words(error: reqwest::Error, host: &str, limit: Duration) -> HttpError {
    let host = host.to_owned();
    let error = error.without_url();
    let mut causes = String::new();
    let mut cause = error.source();
    while let Some(inner) = cause {
        causes.push_str(&inner.to_string().to_ascii_lowercase());
        causes.push('\n');
        cause = inner.source();
    }
    if error.is_timeout() {
        return HttpError::Timeout { host, limit };
    }
    if causes.contains("dns error") {
        return HttpError::HostUnknown { host };
    }
    let tls = ["certificate", "tls", "handshake", "corrupt message", "invalid peer"];
    let source = Arc::new(error);
    if tls.iter().any(|word| causes.contains(word)) {
        return HttpError::Tls { host, source };
    }
    if source.is_connect() {
        return HttpError::Unreachable { host, source };
    }
    HttpError::Broken { host, source }
}
