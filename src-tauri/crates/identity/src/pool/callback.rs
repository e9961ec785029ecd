use std::fmt;

use thiserror::Error;
use url::Url;

use super::pattern::{Bounded, is_loopback};

/// Schemes that a web view or an operating system gives a meaning of its own.
const RESERVED: [&str; 14] = [
    "about",
    "asset",
    "blob",
    "chrome",
    "data",
    "file",
    "ftp",
    "intent",
    "ipc",
    "javascript",
    "resource",
    "tauri",
    "view-source",
    "ws",
];

/// The callback URL of an app client.
///
/// Cognito compares it as a string, so it is sent as it was typed; a navigation is compared by scheme, host, port and
/// path, since a redirect was seen to bring an extra query.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Callback {
    text: String,
    url: Url,
}

/// Why a text cannot be a callback URL.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum CallbackError {
    /// It cannot be read as a URL.
    #[error("{found} is not a URL; expected something like https://example.com/ or http://localhost:3000/callback")]
    NotAUrl {
        /// What was found.
        found: String,
    },
    /// Its scheme is none that Cognito registers, or one with a meaning of its own.
    #[error("it begins with {found}; expected https, http for localhost only, or an app's own scheme")]
    Scheme {
        /// The scheme that was found.
        found: String,
    },
    /// It is plain http to another machine.
    #[error(
        "it is plain http to {host}; expected https, since Cognito takes http for localhost, 127.0.0.1 and [::1] only"
    )]
    PlainHttp {
        /// The host that was found.
        host: String,
    },
    /// It has a fragment.
    #[error("it has a part after #; register and enter it without")]
    Fragment,
    /// It has a user name or a password.
    #[error("it has a user name in front of the host; register and enter it without")]
    UserInfo,
    /// It is longer than Cognito takes.
    #[error("it has {found} characters; Cognito takes 1024")]
    TooLong {
        /// The length that was found.
        found: usize,
    },
}

impl Callback {
    /// Checks a callback URL by Cognito's rules.
    ///
    /// # Errors
    /// Says what Cognito would not register.
    pub fn new(text: &str) -> Result<Self, CallbackError> {
        let not_a_url = || CallbackError::NotAUrl { found: Bounded(text).to_string() };
        if text.chars().count() > 1024 {
            return Err(CallbackError::TooLong { found: text.chars().count() });
        }
        if text.chars().any(|c| c.is_whitespace() || c.is_control() || c == '\\') {
            return Err(not_a_url());
        }
        let url = Url::parse(text).map_err(|_| not_a_url())?;
        if url.fragment().is_some() {
            return Err(CallbackError::Fragment);
        }
        if has_user_info(&url) {
            return Err(CallbackError::UserInfo);
        }
        match url.scheme() {
            "https" => {}
            "http" if is_loopback(&url) => {}
            "http" => return Err(CallbackError::PlainHttp { host: url.host_str().unwrap_or_default().to_owned() }),
            scheme if RESERVED.contains(&scheme) || scheme == "wss" => {
                return Err(CallbackError::Scheme { found: scheme.to_owned() });
            }
            _ if url.cannot_be_a_base() => return Err(not_a_url()),
            _ => {}
        }
        Ok(Self { text: text.to_owned(), url })
    }

    /// The URL as it was typed and is registered.
    pub fn as_str(&self) -> &str {
        &self.text
    }

    /// The port that it names.
    pub fn port(&self) -> Option<u16> {
        self.url.port()
    }

    /// The URL as it was read.
    pub(crate) fn url(&self) -> &Url {
        &self.url
    }

    /// Tells whether a navigation goes to this URL: the same scheme, host, port and path, and no user name.
    ///
    /// Query and fragment are the answer that it carries and are not compared.
    pub fn matches(&self, navigation: &Url) -> bool {
        navigation.scheme() == self.url.scheme()
            && navigation.host() == self.url.host()
            && navigation.port_or_known_default() == self.url.port_or_known_default()
            && navigation.path() == self.url.path()
            && !has_user_info(navigation)
    }
}

fn has_user_info(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

impl fmt::Display for Callback {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.text)
    }
}
