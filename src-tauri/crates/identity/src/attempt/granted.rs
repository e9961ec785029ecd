use gatepass_vault::Secret;

use crate::{Session, UserPool};

/// What the redirect of an attempt brought.
#[derive(Debug)]
pub enum Granted {
    /// The tokens themselves, by the implicit grant.
    Tokens(CallbackTokens),
    /// A code, to be redeemed at the token endpoint.
    Code(AuthorizationCode),
}

/// The tokens that came from a pool, with what they have to be held against: nothing of them is verified yet.
#[derive(Debug)]
pub struct CallbackTokens {
    pub(crate) pool: Box<UserPool>,
    pub(crate) occasion: Occasion,
    pub(crate) id_token: Option<Secret>,
    pub(crate) access_token: Option<Secret>,
    pub(crate) refresh_token: Option<Secret>,
    /// The life of the access token in seconds, as the answer says.
    pub(crate) expires_in: Option<u64>,
}

/// What tokens were given for.
#[derive(Debug)]
pub(crate) enum Occasion {
    /// A sign-in for these scopes, whose nonce the ID token must repeat; where there is a subject, only this user's.
    SignIn { nonce: Secret, subject: Option<String>, scope: String },
    /// The refresh token of this session.
    Refresh(Box<Session>),
    /// A client's own credentials.
    ClientCredentials,
}

/// A code that stands for tokens: single use, five minutes (RFC 6749 §4.1.2).
#[derive(Debug)]
pub struct AuthorizationCode {
    pub(crate) pool: Box<UserPool>,
    pub(crate) nonce: Secret,
    pub(crate) subject: Option<String>,
    /// The scopes that were asked for, as one text.
    pub(crate) scope: String,
    pub(crate) code: Secret,
    pub(crate) verifier: Secret,
}
