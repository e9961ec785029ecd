//! Pools, identities and sessions as they are shown.

use gatepass_identity::{Endpoints, Grant, Provider, SignInOptions};
use serde::{Deserialize, Serialize};
use specta::Type;

use super::ClaimChange;

/// The keychain's state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum KeychainView {
    /// Secrets lie in the system's keychain.
    Unlocked,
    /// It is there and locked: nothing can be read or kept until it is opened.
    Locked,
    /// There is none: secrets are kept in memory until the app closes.
    SessionOnly {
        /// Why.
        reason: String,
    },
}

/// The facts about a user pool and client that the user gives, as far as they are known.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct PoolDraft {
    /// A name of the user's choice; made from the domain where it is empty.
    pub name: String,
    /// The hosted UI's domain, with or without `https://`.
    pub domain: String,
    /// The app client's id.
    pub client_id: String,
    /// The registered callback URL.
    pub callback: String,
    /// The scopes asked for; `openid` is needed for an ID token.
    pub scopes: Vec<String>,
    /// The AWS region; empty where it is to be read from the first token.
    pub region: String,
    /// The user pool's id; empty where it is to be read from the first token.
    pub pool_id: String,
    /// The issuer, where it is given rather than read from the first token.
    pub issuer: String,
    /// How tokens are asked for.
    pub grant: Grant,
    /// Whose rules the tokens follow.
    pub provider: Provider,
    /// Endpoints that are not where Cognito has them.
    pub endpoints: Endpoints,
    /// The path of a PEM file with a private authority's certificates; empty for the system's own.
    pub certificate: String,
    /// Where users sign in.
    pub place: SignInPlace,
    /// Remarks on what was read, for example that a scope is missing.
    pub remarks: Vec<String>,
}

/// Where a user signs in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SignInPlace {
    /// In Gatepass's own window.
    #[default]
    Window,
    /// In the system's browser, which comes back to this machine.
    Browser,
}

/// Which grants a pool lets a sign-in begin with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct GrantOffers {
    /// The authorization code.
    pub code: GrantOffer,
    /// The implicit grant.
    pub implicit: GrantOffer,
    /// The one that Gatepass proposes.
    pub proposed: Grant,
    /// Why it is proposed.
    pub why: String,
}

/// Whether a pool lets a sign-in begin with a grant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum GrantOffer {
    /// It does.
    Open,
    /// It does not.
    Refused {
        /// Why, and what to do.
        why: String,
    },
    /// The pool did not say.
    Unknown,
}

/// What the user sets of an identity.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct IdentityEdit {
    /// Its name; the user's own where it is empty.
    pub name: String,
    /// Its colour, an index from 0 to 5.
    pub colour: u32,
    /// What its sign-ins ask of the hosted UI.
    pub options: SignInOptions,
    /// Whether the pool's session cookie stays when the app is closed.
    pub keep_session: bool,
}

impl Default for IdentityEdit {
    fn default() -> Self {
        Self { name: String::new(), colour: 0, options: SignInOptions::default(), keep_session: true }
    }
}

/// A user pool and client.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PoolView {
    /// Its id in Gatepass.
    pub id: String,
    /// Its facts.
    pub facts: PoolDraft,
    /// The issuer, once it is known; pinned from then on.
    pub issuer: Option<String>,
    /// Whether the issuer was read from the first token rather than given.
    pub learned: bool,
    /// Whether it is the sandbox's.
    pub sandbox: bool,
    /// Whether a client secret lies in the keychain.
    pub client_secret: bool,
    /// What its owner should know, for example of an issuer that some authorizers do not take.
    pub notes: Vec<String>,
}

/// Somebody who signs in: pool, client and user, with a cookie jar of their own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct IdentityView {
    /// Its id.
    pub id: String,
    /// Its name, by default the user's once it is known.
    pub name: String,
    /// The name that was given to it; empty where it is called by its user's.
    pub own_name: String,
    /// Its colour, an index from 0 to 5.
    pub colour: u32,
    /// The id of its pool.
    pub pool: String,
    /// What its sign-ins ask of the hosted UI.
    pub options: SignInOptions,
    /// Whether the pool's session cookie stays when the app is closed.
    pub keep_session: bool,
    /// Where it stands.
    pub state: SignInState,
}

/// Where an identity stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum SignInState {
    /// No tokens.
    SignedOut,
    /// A sign-in window is open.
    SigningIn,
    /// Tokens are there, perhaps expired.
    SignedIn {
        /// Who, and what the tokens say.
        session: Box<SessionView>,
        /// Whether a renewal is under way.
        renewing: bool,
        /// Whether the session is over, so that only the user can renew.
        over: bool,
    },
    /// Tokens are in a keychain that is locked.
    Locked,
}

/// A sign-in, decoded.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SessionView {
    /// `cognito:username` or the like.
    pub username: String,
    /// The e-mail address, where there is one.
    pub email: Option<String>,
    /// `cognito:groups`.
    pub groups: Vec<String>,
    /// The ID token, where one came.
    pub id_token: Option<TokenView>,
    /// The access token.
    pub access_token: Option<TokenView>,
    /// What was verified before the tokens were kept.
    pub checks: Vec<CheckView>,
    /// Whether the tokens are in the keychain; otherwise in memory until the app closes.
    pub kept: bool,
    /// Whether a refresh token came, so that tokens are renewed without a window.
    pub refreshable: bool,
}

/// A token, decoded; its bytes stay in Rust.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TokenView {
    /// Its claims in the token's order.
    pub claims: Vec<ClaimView>,
    /// `iat`, in seconds since 1970 UTC.
    pub issued_at: f64,
    /// `exp`, in seconds since 1970 UTC.
    pub expires_at: f64,
    /// The header as JSON.
    pub header: String,
    /// The payload as indented JSON.
    pub payload: String,
    /// What is different from the identity's last token of this kind, claims that differ every time left out.
    pub changes: Vec<ClaimChange>,
}

/// A claim.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ClaimView {
    /// Its name.
    pub name: String,
    /// Its value; seconds since 1970 for times.
    pub value: String,
    /// What it is, in a few words; empty for an unknown one.
    pub note: String,
    /// Whether it is a time.
    pub time: bool,
    /// Whether it was checked and agreed.
    pub checked: bool,
}

/// A check that was passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CheckView {
    /// For example `signature`, `issuer`, `nonce`.
    pub name: String,
    /// For example the key's id; may be empty.
    pub detail: String,
}

/// How a sign-in or renewal ended, when nothing failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum SignInEnd {
    /// The tokens are there.
    SignedIn,
    /// The user closed the window, or a newer attempt took its place.
    Cancelled,
}

/// The running sandbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SandboxView {
    /// Host and port of the hosted UI.
    pub address: String,
    /// The gateway's URL with its stage.
    pub invoke_url: String,
    /// The id of its pool.
    pub pool: String,
    /// The root of its collection.
    pub collection: String,
    /// Its users with their passwords: they are the sandbox's own and protect nothing.
    pub users: Vec<SandboxUser>,
}

/// A user of the sandbox.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SandboxUser {
    /// The user's name.
    pub username: String,
    /// The password to type.
    pub password: String,
    /// Whether it must be changed at the first sign-in.
    pub temporary: bool,
}
