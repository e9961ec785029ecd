use gatepass_collection::model::TokenKind;
use gatepass_exchange::exchange::{Exchange, Hop};
use url::Url;

use crate::token::Damage;

/// What the client knows of a request and its answer.
#[derive(Debug, Clone, Copy)]
pub struct Facts<'a> {
    /// What was sent and what came.
    pub exchange: &'a Exchange,
    /// The beginning of the answer's body, some 8 kB.
    pub body: &'a str,
    /// The token that went with the request, whether by Auth or typed into a header.
    pub token: Option<&'a TokenFacts>,
    /// The name of the identity that is signed in and chosen, whether or not its token was sent.
    pub signed_in: Option<&'a str>,
    /// The API key that went with the request.
    pub api_key: Option<&'a ApiKeyFacts>,
    /// What an imported definition says of this method.
    pub expected: Option<&'a Expected>,
    /// How far this computer's clock is ahead of the server's, in seconds.
    pub clock_skew_seconds: Option<i32>,
}

/// What the client knows of the token that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenFacts {
    /// The header that it was sent in.
    pub header: String,
    /// What stood before it, for example `Bearer`; may be empty.
    pub prefix: String,
    /// Its kind; unknown where it could not be read.
    pub kind: Option<TokenKind>,
    /// Whether its end has passed, by this computer's clock.
    pub expired: bool,
    /// Seconds until its end, negative after it; 0 where it is not known.
    pub seconds_left: i32,
    /// Whether its issuer is the pool that is set up; unknown for a token of no identity.
    pub issuer_matches_pool: Option<bool>,
    /// Whether its issuer has the newer form, `issuer-cognito-idp.…`.
    pub updated_issuer: bool,
    /// The name of the identity that it is of; absent for a token that was typed.
    pub identity: Option<String>,
    /// What is wrong with its form.
    pub damage: Option<Damage>,
}

/// What the client knows of the API key that was sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiKeyFacts {
    /// The header that it was sent in.
    pub header: String,
}

/// What a definition of the API says of a method.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Expected {
    /// The header in which the authorizer looks for the token.
    pub token_source: Option<String>,
    /// The header of the API key.
    pub api_key_header: Option<String>,
    /// Whether the method asks for a key.
    pub needs_key: Option<bool>,
}

impl<'a> Facts<'a> {
    pub(crate) fn last(&self) -> Option<&'a Hop> {
        self.exchange.hops.last()
    }

    /// Gives a field of the last answer by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&'a str> {
        let headers = &self.last()?.headers;
        headers.iter().find(|field| field.name.eq_ignore_ascii_case(name)).map(|field| field.value.as_str())
    }

    pub(crate) fn url(&self) -> Option<Url> {
        self.last().and_then(|hop| Url::parse(&hop.url).ok())
    }

    /// Tells whether a field stayed behind at a redirect.
    pub(crate) fn withheld(&self, header: &str) -> bool {
        self.last().is_some_and(|hop| hop.withheld.iter().any(|name| name.eq_ignore_ascii_case(header)))
    }

    /// Gives the token that arrived at the last hop.
    pub(crate) fn arrived_token(&self) -> Option<&'a TokenFacts> {
        self.token.filter(|token| !self.withheld(&token.header))
    }

    /// Gives the key that arrived at the last hop.
    pub(crate) fn arrived_key(&self) -> Option<&'a ApiKeyFacts> {
        self.api_key.filter(|key| !self.withheld(&key.header))
    }

    pub(crate) fn token_source(&self) -> Option<&'a str> {
        self.expected.and_then(|expected| expected.token_source.as_deref())
    }

    pub(crate) fn key_header(&self) -> Option<&'a str> {
        self.expected.and_then(|expected| expected.api_key_header.as_deref())
    }

    pub(crate) fn needs_key(&self) -> Option<bool> {
        self.expected.and_then(|expected| expected.needs_key)
    }
}
