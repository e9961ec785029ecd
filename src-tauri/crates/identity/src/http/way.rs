use std::path::Path;
use std::sync::Arc;

use reqwest::redirect::Policy;
use reqwest::{Certificate, Client};
use url::Url;

use super::HttpError;
use crate::pool::pattern::is_loopback;

/// Who asks: some firewalls, by the common rules of AWS WAF, refuse a request that does not say so.
const AGENT: &str = concat!("Gatepass/", env!("CARGO_PKG_VERSION"));

/// How a server is reached: one client for each.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) struct Way {
    trust: Trust,
    /// A proxy knows nothing of this machine's own ports.
    past_proxies: bool,
}

/// Whom a connection trusts.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
enum Trust {
    /// Plain http on this machine.
    ThisMachine,
    /// The system's authorities.
    System,
    /// The system's authorities, and those of a file with this content: one that was replaced is another way.
    AndAuthorities(Vec<u8>),
}

impl Way {
    /// Finds the way to an address, with the PEM file of a private authority where there is one.
    pub(super) async fn to(url: &Url, certificate: Option<&Path>) -> Result<Self, HttpError> {
        let trust = match certificate {
            _ if url.scheme() == "http" => Trust::ThisMachine,
            None => Trust::System,
            Some(file) => Trust::AndAuthorities(authorities(file).await?),
        };
        Ok(Self { trust, past_proxies: is_loopback(url) })
    }

    /// Makes the client that goes this way, with the file that it was found by.
    pub(super) fn client(&self, certificate: Option<&Path>) -> Result<Client, HttpError> {
        self.built().map_err(|error| match (&self.trust, certificate) {
            // A file whose PEM is in order is looked into no earlier than here.
            (Trust::AndAuthorities(_), Some(file)) => no_certificate(file),
            _ => HttpError::Client(Arc::new(error)),
        })
    }

    fn built(&self) -> Result<Client, reqwest::Error> {
        let builder = Client::builder().user_agent(AGENT).redirect(Policy::none());
        let builder = match &self.trust {
            Trust::ThisMachine => builder.tls_certs_only([]),
            Trust::System => builder.https_only(true),
            Trust::AndAuthorities(pem) => builder.https_only(true).tls_certs_merge(Certificate::from_pem_bundle(pem)?),
        };
        let builder = if self.past_proxies { builder.no_proxy() } else { builder };
        builder.build()
    }
}

async fn authorities(file: &Path) -> Result<Vec<u8>, HttpError> {
    let pem = tokio::fs::read(file).await;
    let pem =
        pem.map_err(|source| HttpError::CertificateFile { path: file.to_path_buf(), source: Arc::new(source) })?;
    match Certificate::from_pem_bundle(&pem) {
        Ok(certificates) if !certificates.is_empty() => Ok(pem),
        Ok(_) | Err(_) => Err(no_certificate(file)),
    }
}

fn no_certificate(file: &Path) -> HttpError {
    HttpError::NoCertificate { path: file.to_path_buf() }
}
