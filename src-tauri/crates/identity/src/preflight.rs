//! Asking a login domain, before any window opens, whether it would let the sign-in begin.

use std::time::SystemTime;

use thiserror::Error;
use url::Url;

use crate::{Attempt, HttpError, Navigation, Network, Refusal, SignInOptions, StartError, UserPool};

/// Why a sign-in at this pool would fail before the user has typed anything.
#[derive(Debug, Error)]
pub enum PreflightError {
    /// The login domain cannot be reached.
    #[error("the login domain did not answer")]
    Unreachable(#[source] HttpError),
    /// The pool refuses the request.
    #[error("the user pool would refuse the sign-in")]
    Refused(#[source] Refusal),
    /// What answers at the domain is no hosted UI, or it does not know the client.
    #[error("{host} answered {status} in place of a login page; check the domain and the client id {client_id}")]
    NoLoginPage {
        /// The host.
        host: String,
        /// The HTTP status.
        status: u16,
        /// The client id that was sent.
        client_id: String,
    },
    /// No request could be made.
    #[error("the sign-in could not be tried out")]
    Start(#[source] StartError),
}

/// Sends the first request of a sign-in, without cookies and with a state of its own, and reads where it leads.
///
/// # Errors
/// Tells a host that cannot be reached, a callback that is not registered, a grant or a scope that is not enabled, and a
/// domain that is no hosted UI.
pub async fn preflight(
    pool: &UserPool,
    options: &SignInOptions,
    network: &Network,
    now: SystemTime,
) -> Result<(), PreflightError> {
    // Without cookies there is no session that `prompt=none` could find.
    let options = SignInOptions { prompt: None, ..options.clone() };
    let mut attempt = Attempt::start(pool, &options, now).map_err(PreflightError::Start)?;
    let answer = network.http().get(attempt.authorize_url(), pool.certificate(), now).await;
    let answer = answer.map_err(PreflightError::Unreachable)?;
    let status = answer.status();
    if !(status.is_success() || status.is_redirection()) {
        return Err(PreflightError::NoLoginPage {
            host: answer.host().to_owned(),
            status: status.as_u16(),
            client_id: pool.client_id().to_owned(),
        });
    }
    answer.location().map_or(Ok(()), |target| judge(&mut attempt, &target, now))
}

fn judge(attempt: &mut Attempt, target: &Url, now: SystemTime) -> Result<(), PreflightError> {
    match attempt.navigation(target, now) {
        Navigation::HostedUiError(refusal) | Navigation::Callback(Err(refusal)) => {
            Err(PreflightError::Refused(refusal))
        }
        Navigation::Allow | Navigation::Block(_) | Navigation::Callback(Ok(_)) | Navigation::ProviderRefuses { .. } => {
            Ok(())
        }
    }
}
