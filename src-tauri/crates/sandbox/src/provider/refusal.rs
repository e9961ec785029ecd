//! The provider's error page, which is told the error in `authError` as Google's is: base64 of a message whose first
//! field is the error's name (Protocol Buffers, wire type 2).

use axum::{extract::RawQuery, response::Response};
use base64::{Engine as _, engine::general_purpose::URL_SAFE};
use http::StatusCode;

use super::{page, pages};
use crate::parameters::{Parameters, encoded};

/// Where the page is.
pub const PATH: &str = "/signin/oauth/error";

const NAME_FIELD: u8 = 0x0a;
const MESSAGE_FIELD: u8 = 0x12;

/// Tells why the provider lets nobody sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The browser is a view inside an application.
    DisallowedUserAgent,
    /// No client has the id.
    InvalidClient,
    /// The `redirect_uri` is not the client's.
    RedirectUriMismatch,
    /// The `response_type` is not `code`.
    InvalidRequest,
}

impl Refusal {
    const ALL: [Self; 4] =
        [Self::DisallowedUserAgent, Self::InvalidClient, Self::RedirectUriMismatch, Self::InvalidRequest];

    /// Writes the page's address.
    pub fn location(self) -> String {
        let mut message = Vec::new();
        for (field, text) in [(NAME_FIELD, self.name()), (MESSAGE_FIELD, self.message())] {
            message.push(field);
            // A length below 128 is one byte.
            message.extend(u8::try_from(text.len()));
            message.extend(text.as_bytes());
        }
        format!("{PATH}?authError={}&flowName=GeneralOAuthFlow", encoded(&URL_SAFE.encode(message)))
    }

    fn read(auth_error: &str) -> Option<Self> {
        let message = URL_SAFE.decode(auth_error).ok()?;
        let [NAME_FIELD, length, rest @ ..] = message.as_slice() else { return None };
        let name = rest.get(..usize::from(*length))?;
        Self::ALL.into_iter().find(|refusal| refusal.name().as_bytes() == name)
    }

    fn name(self) -> &'static str {
        match self {
            Self::DisallowedUserAgent => "disallowed_useragent",
            Self::InvalidClient => "invalid_client",
            Self::RedirectUriMismatch => "redirect_uri_mismatch",
            Self::InvalidRequest => "invalid_request",
        }
    }

    fn message(self) -> &'static str {
        match self {
            Self::DisallowedUserAgent => {
                "You can't sign in from this screen. Open the app's page in a web browser and sign in there."
            }
            Self::InvalidClient => "The client was not found.",
            Self::RedirectUriMismatch => "The app's address for the answer is not registered.",
            Self::InvalidRequest => "The app sent a request that is not valid.",
        }
    }

    /// Guess: the status of the reply is the one that the page tells.
    fn status(self) -> StatusCode {
        match self {
            Self::DisallowedUserAgent => StatusCode::FORBIDDEN,
            Self::InvalidClient => StatusCode::UNAUTHORIZED,
            Self::RedirectUriMismatch | Self::InvalidRequest => StatusCode::BAD_REQUEST,
        }
    }
}

/// Shows the page.
pub async fn get(RawQuery(query): RawQuery) -> Response {
    let query = Parameters::read(&query.unwrap_or_default());
    let refusal = Refusal::read(query.text("authError")).unwrap_or(Refusal::InvalidRequest);
    let status = refusal.status();
    page(status, "Error", &pages::refused(status.as_u16(), refusal.name(), refusal.message()))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn every_refusal_is_read_back_and_its_texts_have_lengths_of_one_byte() {
        for refusal in Refusal::ALL {
            let location = refusal.location();
            let query = Parameters::read(location.split_once('?').unwrap().1);

            assert_eq!(Refusal::read(query.text("authError")), Some(refusal));
            assert!(refusal.name().len() < 128 && refusal.message().len() < 128);
        }
    }

    proptest! {
        #[test]
        fn nothing_made_up_is_a_refusal(made_up in any::<String>(), message in any::<Vec<u8>>()) {
            prop_assert_eq!(Refusal::read(&made_up), None);
            prop_assert_eq!(Refusal::read(&URL_SAFE.encode(message)), None);
        }
    }
}
