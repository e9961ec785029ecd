//! What happened and what to do about it, for each refusal.

use super::RefusalCode;
use crate::{Callback, Grant, Provider, UserPool};

/// Gives the title of a refusal of what was asked for by these scopes, and the way out of it.
pub(super) fn words(code: RefusalCode, pool: &UserPool, scope: &str) -> (&'static str, String) {
    match code {
        RefusalCode::AccessDenied => access_denied(pool),
        RefusalCode::InvalidRequest => ("The user pool did not take the request", invalid_request(pool)),
        RefusalCode::InvalidClient => ("The user pool does not know this client", invalid_client(pool)),
        RefusalCode::UnauthorizedClient => (
            "The grant is not switched on for this client",
            format!(
                "{}, tick {} under OAuth grant types, save, and {}; or choose another grant here.",
                login_pages(pool),
                grant(pool),
                again(pool)
            ),
        ),
        RefusalCode::InvalidScope => ("A scope is not enabled for this client", invalid_scope(pool, scope)),
        RefusalCode::ServerError => ("The user pool failed", server_error(pool)),
        RefusalCode::TemporarilyUnavailable => {
            ("The user pool is not available at the moment", "Try again in a minute.".to_owned())
        }
        RefusalCode::LoginRequired => {
            ("The session at the user pool is over", "Sign in again with the form.".to_owned())
        }
        RefusalCode::RedirectMismatch => (
            "The callback URL is not registered",
            format!(
                "{} and add exactly {} to the allowed callback URLs: scheme, port, path and final slash count.",
                login_pages(pool),
                callback(pool)
            ),
        ),
        RefusalCode::UnsupportedResponseType => (
            "The user pool does not answer in this way",
            format!("Tick {} for it there: {}.", grant(pool), lower(&login_pages(pool))),
        ),
        RefusalCode::UnsupportedGrantType => (
            "The token endpoint does not take this grant",
            format!(
                "{} and tick {}; and check that the token endpoint in the pool's settings is this pool's own.",
                login_pages(pool),
                grant(pool)
            ),
        ),
        RefusalCode::UnsupportedTokenType => (
            "The user pool cannot revoke this token",
            "Only refresh tokens can be revoked. It is forgotten here; at the pool it ends by its own expiry."
                .to_owned(),
        ),
        RefusalCode::NoTokens => (
            match pool.grant() {
                Grant::Code => "The redirect brought no code",
                Grant::Implicit | Grant::ClientCredentials => "The redirect brought no tokens",
            },
            format!("Check that {} is ticked: {}. Then sign in again.", grant(pool), lower(&login_pages(pool))),
        ),
        RefusalCode::InvalidGrant => invalid_grant(pool),
        RefusalCode::Unknown => unknown(pool),
    }
}

fn access_denied(pool: &UserPool) -> (&'static str, String) {
    match pool.grant() {
        Grant::Code | Grant::Implicit => (
            "The sign-in was declined",
            "Sign in again and agree. If nobody declined, the identity provider behind the user pool or a trigger of \
             its owner's refused this user: ask the owner."
                .to_owned(),
        ),
        Grant::ClientCredentials => (
            "The user pool declined",
            format!("A trigger of its owner's refused client {}: ask the owner.", pool.client_id()),
        ),
    }
}

fn invalid_grant(pool: &UserPool) -> (&'static str, String) {
    match pool.grant() {
        Grant::Code | Grant::Implicit => (
            "The pool does not take this sign-in any more",
            "It was used up, revoked or too old, or the user was signed out everywhere or disabled. Sign in again."
                .to_owned(),
        ),
        Grant::ClientCredentials => (
            "The pool does not take these credentials",
            format!(
                "Compare client id {} and client secret with the app client's, and {}.",
                pool.client_id(),
                again(pool)
            ),
        ),
    }
}

fn unknown(pool: &UserPool) -> (&'static str, String) {
    let documentation = match pool.provider() {
        Provider::Cognito => "Amazon Cognito",
        Provider::OpenId => "the provider",
    };
    let client = pool.client_id();
    let (title, place) = match pool.grant() {
        Grant::Code | Grant::Implicit => {
            ("The user pool refused the sign-in", format!("client {client} and callback URL {}", callback(pool)))
        }
        Grant::ClientCredentials => {
            ("The user pool refused the request", format!("client {client} and its client secret"))
        }
    };
    (title, format!("Look its words up in the documentation of {documentation}, and check {place}."))
}

fn invalid_request(pool: &UserPool) -> String {
    let client = pool.client_id();
    let place = match pool.grant() {
        Grant::Code | Grant::Implicit => {
            format!("Check that client {client} exists in this pool and that the callback URL is {}.", callback(pool))
        }
        Grant::ClientCredentials => format!("Check that client {client} exists in this pool and has a secret."),
    };
    match pool.provider() {
        Provider::Cognito => format!(
            "{place} Where the pool's own words name a trigger or an attribute, its owner mends it in the Cognito \
             console, Extensions or Social and external providers."
        ),
        Provider::OpenId => place,
    }
}

fn invalid_client(pool: &UserPool) -> String {
    let client = pool.client_id();
    match pool.provider() {
        Provider::Cognito => format!(
            "Compare the client id {client} with the app client's in the Cognito console, App clients. If the app \
             client has a client secret there, enter the same one here; if it has none, leave it empty here. Check that \
             the login domain belongs to the same pool."
        ),
        Provider::OpenId => {
            format!("Compare the client id {client} and the client secret with the provider's, if it has given one.")
        }
    }
}

fn invalid_scope(pool: &UserPool, scope: &str) -> String {
    let asked = format!("Asked for: {scope}.");
    match pool.grant() {
        Grant::Code | Grant::Implicit => format!(
            "{asked} {}, and compare with its OpenID Connect and custom scopes; remove the others here or enable them \
             there.",
            login_pages(pool)
        ),
        Grant::ClientCredentials => format!(
            "{asked} A machine gets custom scopes only, such as shop/read, never openid, email, phone or profile. {}, \
             and compare with its custom scopes.",
            login_pages(pool)
        ),
    }
}

fn server_error(pool: &UserPool) -> String {
    match pool.provider() {
        Provider::Cognito => {
            "Try again. If it stays, a Lambda trigger of the pool is failing: its owner finds the error in CloudWatch."
        }
        Provider::OpenId => "Try again. If it stays, ask the provider's owner.",
    }
    .to_owned()
}

/// Where the grants, callbacks and scopes of the client are set.
fn login_pages(pool: &UserPool) -> String {
    let client = pool.client_id();
    match pool.provider() {
        Provider::Cognito => {
            format!("In the Cognito console open user pool {pool}, App clients, {client}, Login pages, Edit")
        }
        Provider::OpenId => format!("At the provider open the settings of client {client}"),
    }
}

/// The same in the middle of a sentence.
fn lower(sentence: &str) -> String {
    let mut signs = sentence.chars();
    signs.next().map(|first| first.to_ascii_lowercase()).into_iter().chain(signs).collect()
}

/// The name of the grant beside its box.
fn grant(pool: &UserPool) -> &'static str {
    match pool.grant() {
        Grant::Code => "Authorization code grant",
        Grant::Implicit => "Implicit grant",
        Grant::ClientCredentials => "Client credentials",
    }
}

/// What to do when the settings are mended.
fn again(pool: &UserPool) -> &'static str {
    match pool.grant() {
        Grant::Code | Grant::Implicit => "sign in again",
        Grant::ClientCredentials => "ask for the token again",
    }
}

fn callback(pool: &UserPool) -> &str {
    pool.callback().map(Callback::as_str).unwrap_or_default()
}
