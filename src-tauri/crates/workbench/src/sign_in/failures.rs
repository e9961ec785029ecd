//! What goes wrong at a sign-in, in words.

use gatepass_identity::{GrantError, PreflightError, Refusal, TokenRefusal, UserPool};

use crate::failure::{Code, Failure};

pub(crate) fn internal(error: &dyn std::error::Error) -> Failure {
    Failure::from_error(Code::Internal, error, "")
}

pub(super) fn unopened(words: &str) -> Failure {
    let mut failure = Failure::new(
        Code::Internal,
        "The sign-in window could not be opened.",
        "Start the sign-in again; if that does not help, start Gatepass again.",
    );
    failure.causes.push(words.to_owned());
    failure
}

pub(super) fn timed_out() -> Failure {
    Failure::new(Code::SignInTimedOut, "Nobody signed in within five minutes.", "Start the sign-in again.")
}

pub(super) fn refused(refusal: Refusal) -> Failure {
    let mut failure = Failure::new(Code::SignInRefused, refusal.title, refusal.fix);
    failure.causes.extend(refusal.said.map(|said| format!("The pool said: {said}")));
    failure.causes.extend(refusal.cli.map(|command| format!("The client's settings, in a terminal: {command}")));
    failure
}

const COMPARE_THE_DOMAIN: &str = "The domain stands in the Cognito console under Branding, Domain.";

pub(super) fn no_login_page(error: PreflightError) -> Failure {
    match error {
        PreflightError::Refused(refusal) => refused(refusal),
        PreflightError::Start(_) => internal(&error),
        PreflightError::Unreachable(cause) => Failure::from_error(Code::Unreachable, &cause, COMPARE_THE_DOMAIN),
        PreflightError::NoLoginPage { .. } => Failure::from_error(Code::Unreachable, &error, COMPARE_THE_DOMAIN),
    }
}

pub(super) fn silent(pool: &UserPool) -> Failure {
    let host = pool.domain().host_str().unwrap_or_default();
    Failure::new(Code::Unreachable, format!("{host} did not answer in time."), "Check the connection, and try again.")
}

pub(super) fn token_refused(refusal: &TokenRefusal) -> Failure {
    let code = if matches!(refusal, TokenRefusal::Key { .. }) { Code::Unreachable } else { Code::TokenRefused };
    Failure::from_error(code, refusal, "Nothing was kept. Start the sign-in again.")
}

/// Puts a refusal of the token endpoint into words.
pub(crate) fn grant_failed(error: &GrantError) -> Failure {
    match error {
        GrantError::Refused(refusal) => {
            let mut failure = refused(refusal.clone());
            if error.is_over() {
                failure.code = Code::SessionOver;
            }
            failure
        }
        GrantError::NoRefreshToken => Failure::from_error(Code::SessionOver, error, ""),
        GrantError::Http(cause) => Failure::from_error(Code::Unreachable, cause, COMPARE_THE_DOMAIN),
        GrantError::NoTokens { .. } | GrantError::TokenType { .. } | GrantError::Failed { .. } => {
            Failure::from_error(Code::Unreachable, error, "")
        }
        GrantError::NoEndpoint | GrantError::Address(_) | GrantError::Credentials => {
            Failure::from_error(Code::PoolInvalid, error, "")
        }
    }
}

/// Tells whether the pool has ended a session, so that only the user can go on.
pub(crate) fn is_over(failure: &Failure) -> bool {
    failure.code == Code::SessionOver
}

pub(super) fn no_client_secret() -> Failure {
    Failure::new(
        Code::PoolInvalid,
        "The client secret is missing, without which a machine gets no token.",
        "Enter it in the pool's settings; it is kept in the keychain.",
    )
}

pub(super) fn provider_refuses(host: &str, pool: &UserPool) -> Failure {
    let callback = pool.callback().map(ToString::to_string).unwrap_or_default();
    Failure::new(
        Code::ProviderRefusesWindow,
        format!("{host} does not let anybody sign in inside an app's window."),
        format!(
            "Sign in in the browser. It comes back to {callback}, which has to be http on this machine with a port."
        ),
    )
}

pub(super) fn no_browser(words: &str) -> Failure {
    let mut failure = Failure::new(
        Code::Internal,
        "The browser could not be opened.",
        "Set a default browser in the system's settings, or sign in in Gatepass's own window.",
    );
    failure.causes.push(words.to_owned());
    failure
}

pub(super) fn no_way_back(error: Option<&dyn std::error::Error>) -> Failure {
    match error {
        Some(error) => Failure::from_error(Code::PoolInvalid, error, ""),
        None => Failure::new(Code::PoolInvalid, "The pool has no callback URL.", "Enter one in the pool's settings."),
    }
}
