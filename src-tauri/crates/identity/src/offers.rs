//! Which grants an app client has switched on, and which of them is proposed.

use std::time::SystemTime;

use serde::Serialize;
use specta::Type;

use crate::{Grant, Network, PreflightError, Provider, Refusal, RefusalCode, SignInOptions, UserPool, preflight};

/// Whether a client may sign users in by a grant.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase", tag = "kind", content = "refusal")]
pub enum Offer {
    /// The pool would begin such a sign-in.
    Open,
    /// The pool refuses, for this reason.
    Refused(Refusal),
    /// The pool could not be asked.
    Unknown,
}

/// The grants by which a client may sign users in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct GrantOffers {
    /// Whose client it is.
    pub provider: Provider,
    /// The authorization code with PKCE.
    pub code: Offer,
    /// The implicit grant.
    pub implicit: Offer,
}

/// Sends the first request of a sign-in by each grant, as [`preflight`] does, both at once.
///
/// Whether the client must prove itself by a secret when it redeems a code is not seen in this way.
pub async fn offered_grants(
    pool: &UserPool,
    options: &SignInOptions,
    network: &Network,
    now: SystemTime,
) -> GrantOffers {
    let (code, implicit) = tokio::join!(
        offer(pool.clone().with_grant(Grant::Code), options, network, now),
        offer(pool.clone().with_grant(Grant::Implicit), options, network, now),
    );
    GrantOffers { provider: pool.provider(), code, implicit }
}

async fn offer(pool: UserPool, options: &SignInOptions, network: &Network, now: SystemTime) -> Offer {
    match preflight(&pool, options, network, now).await {
        Ok(()) => Offer::Open,
        Err(PreflightError::Refused(refusal)) => Offer::Refused(refusal),
        Err(PreflightError::Unreachable(_) | PreflightError::NoLoginPage { .. } | PreflightError::Start(_)) => {
            Offer::Unknown
        }
    }
}

impl GrantOffers {
    /// The grant that is proposed: the code, unless it is known that only the implicit grant is switched on.
    pub fn proposed(&self) -> Grant {
        match (&self.code, &self.implicit) {
            (Offer::Refused(refusal), Offer::Open) if refusal.code.is_about_the_grant() => Grant::Implicit,
            _ => Grant::Code,
        }
    }

    /// Why this grant is proposed, in words.
    pub fn why(&self) -> String {
        let tick = match self.provider {
            Provider::Cognito => "tick Authorization code grant in the Cognito console: App clients, Login pages, Edit",
            Provider::OpenId => "switch it on at the provider, in the settings of this client",
        };
        match (&self.code, &self.implicit) {
            (Offer::Open, _) => "With an authorization code the tokens never stand in an address, and a refresh token \
                                 renews the sign-in without a form."
                .to_owned(),
            (Offer::Refused(refusal), implicit) if refusal.code.is_about_the_grant() => match implicit {
                Offer::Open => format!(
                    "The authorization code is not switched on for this client. For tokens that never stand in an \
                     address and renew themselves, {tick}."
                ),
                Offer::Refused(refusal) if refusal.code.is_about_the_grant() => {
                    format!("Neither grant is switched on for this client. For an authorization code, {tick}.")
                }
                Offer::Refused(_) | Offer::Unknown => format!(
                    "The authorization code is not switched on for this client, and whether the implicit grant is could \
                     not be found out. For an authorization code, {tick}."
                ),
            },
            (Offer::Refused(_), _) => "The pool refuses a sign-in by authorization code for another reason than the \
                                       grant; mend that first, and try again."
                .to_owned(),
            (Offer::Unknown, _) => format!(
                "Whether the authorization code is switched on for this client could not be found out. It is proposed \
                 because its tokens never stand in an address; if it is refused, {tick}."
            ),
        }
    }
}

impl RefusalCode {
    fn is_about_the_grant(self) -> bool {
        matches!(self, Self::UnauthorizedClient | Self::UnsupportedResponseType)
    }
}
