//! Renewal that nobody notices: one at a time for each identity, whoever asks for it.
//!
//! ```text
//! token stale ──▶ refresh token ──▶ hidden window over the session cookie ──▶ renewed
//!                     │ over             │ the pool asks
//!                     └──────────────────┴──▶ over: only the user can go on
//! ```

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;

use gatepass_identity::{Grant, Session, TokenUse, refresh};
use tokio::sync::watch;
use uuid::Uuid;

use crate::Workbench;
use crate::failure::Failure;
use crate::sign_in::{AttemptEnd, Showing, grant_failed, is_over};
use crate::views::SignInPlace;

/// The renewals that are under way.
#[derive(Default)]
pub(crate) struct Renewals(Mutex<HashMap<String, Flight>>);

type Flight = watch::Receiver<Option<RenewalEnd>>;

/// How a renewal ended, for all who waited for it.
#[derive(Debug, Clone)]
pub(crate) enum RenewalEnd {
    Renewed,
    /// Only the user can renew.
    Over,
    /// The user signs in at this moment, or has given it up: how that ends decides.
    InOtherHands,
    Failed(Failure),
}

impl Workbench {
    /// Renews an identity's tokens without asking anybody, unless they are fresh by now; joins the renewal that is under
    /// way.
    pub(crate) async fn renew_quietly(
        self: &Arc<Self>,
        identity: &str,
        is_stale: impl Fn(&Session) -> bool,
    ) -> RenewalEnd {
        let flight = {
            let mut flights = self.renewals.0.lock().unwrap_or_else(PoisonError::into_inner);
            match flights.get(identity) {
                Some(flight) => flight.clone(),
                // Looked at here, because a renewal takes itself off the list only after its tokens are there.
                None => match self.look(identity) {
                    Ok((Some(session), _)) if !is_stale(&session) => return RenewalEnd::Renewed,
                    // A window in which somebody is typing is not closed for a send.
                    Ok((_, true)) => return RenewalEnd::InOtherHands,
                    Ok((Some(_), false)) => {
                        let flight = self.take_off(identity.to_owned());
                        flights.insert(identity.to_owned(), flight.clone());
                        flight
                    }
                    Ok((None, false)) => return RenewalEnd::Over,
                    Err(failure) => return RenewalEnd::Failed(failure),
                },
            }
        };
        landed(flight).await
    }

    /// An identity's session, and whether a sign-in or renewal of its is under way.
    fn look(&self, identity: &str) -> Result<(Option<Session>, bool), Failure> {
        let roster = self.roster();
        let member = roster.member(identity)?;
        Ok((member.session.clone(), member.attempt.is_some()))
    }

    /// Starts a renewal that goes on even if everybody who waits for it gives up.
    fn take_off(self: &Arc<Self>, identity: String) -> Flight {
        let (end, flight) = watch::channel(None);
        let landing = Landing { workbench: Arc::clone(self), identity, outcome: RenewalEnd::Over, end };
        tokio::spawn(async move {
            let (workbench, identity) = (Arc::clone(&landing.workbench), landing.identity.clone());
            let outcome = workbench.renew_unasked(&identity).await;
            let is_renewed = matches!(outcome, RenewalEnd::Renewed);
            landing.with(outcome);
            // Nobody waits for the keychain; what goes wrong there is in the log, and the identity says that it is not kept.
            if is_renewed {
                let _kept = workbench.keep(&identity).await;
            }
        });
        flight
    }

    /// How the renewal ends that nobody asked for and that is under way, if one is.
    pub(crate) async fn flight_of(&self, identity: &str) -> Option<RenewalEnd> {
        let flight = self.renewals.0.lock().unwrap_or_else(PoisonError::into_inner).get(identity).cloned()?;
        Some(landed(flight).await)
    }

    async fn renew_unasked(&self, identity: &str) -> RenewalEnd {
        let tried = self.session_of(identity).ok().flatten();
        match self.try_quiet_ways(identity).await {
            Ok(AttemptEnd::SignedIn) => RenewalEnd::Renewed,
            Ok(AttemptEnd::Cancelled) => RenewalEnd::InOtherHands,
            Ok(AttemptEnd::Asks) => {
                self.mark_over(identity, tried.as_ref());
                RenewalEnd::Over
            }
            Err(failure) => RenewalEnd::Failed(failure),
        }
    }

    async fn try_quiet_ways(&self, identity: &str) -> Result<AttemptEnd, Failure> {
        let Some(session) = self.session_of(identity)? else { return Ok(AttemptEnd::Asks) };
        let end = self.renew_without_a_page(identity, &session, Showing::Never).await?;
        let place = self.place_of(identity)?;
        let has_login_page = session.pool().grant() != Grant::ClientCredentials;
        if end != AttemptEnd::Asks || !has_login_page || place == SignInPlace::Browser {
            return Ok(end);
        }
        let attempt = self.renewing_attempt(identity, session.subject())?;
        self.attempt(identity, attempt, place, Showing::Never).await
    }

    /// Renews by what needs no page: a machine's secret or the refresh token; asks where there is neither, or where the
    /// pool has ended the session.
    pub(crate) async fn renew_without_a_page(
        &self,
        identity: &str,
        session: &Session,
        showing: Showing,
    ) -> Result<AttemptEnd, Failure> {
        if session.pool().grant() == Grant::ClientCredentials {
            return self.take_machine_token(identity, showing).await;
        }
        if !session.can_refresh() {
            return Ok(AttemptEnd::Asks);
        }
        match self.refresh(identity, session, showing).await {
            Err(failure) if is_over(&failure) => Ok(AttemptEnd::Asks),
            end => end,
        }
    }

    async fn refresh(&self, identity: &str, session: &Session, showing: Showing) -> Result<AttemptEnd, Failure> {
        let label = format!("refresh-{}", Uuid::new_v4());
        let Some(_turn) = self.begin(identity, &label, showing)? else { return Ok(AttemptEnd::Cancelled) };
        let secret = self.client_secret(&self.pool_id_of(identity)?).await?;
        let tokens = refresh(session, secret.as_ref(), &self.network, SystemTime::now()).await;
        if self.roster().member(identity)?.attempt.as_deref() != Some(&label) {
            // Whoever signed out meanwhile has made the refresh token void: that says nothing of the session.
            return Ok(AttemptEnd::Cancelled);
        }
        self.verify_and_take(identity, &label, tokens.map_err(|error| grant_failed(&error))?).await
    }

    /// Remembers that only the user can go on, unless somebody has signed in since.
    fn mark_over(&self, identity: &str, tried: Option<&Session>) {
        let access = |session: &Session| session.token(TokenUse::Access).cloned();
        if let Ok(member) = self.roster().member_mut(identity)
            && member.session.as_ref().and_then(access) == tried.and_then(access)
        {
            member.over = member.session.is_some();
        }
        self.tell_identity(identity);
    }
}

async fn landed(mut flight: Flight) -> RenewalEnd {
    match flight.wait_for(Option::is_some).await {
        Ok(end) => end.clone().unwrap_or(RenewalEnd::Over),
        Err(_) => RenewalEnd::Over,
    }
}

/// Takes a renewal off the list, however it ends, and then tells all who wait.
struct Landing {
    workbench: Arc<Workbench>,
    identity: String,
    outcome: RenewalEnd,
    end: watch::Sender<Option<RenewalEnd>>,
}

impl Landing {
    fn with(mut self, outcome: RenewalEnd) {
        self.outcome = outcome;
    }
}

impl Drop for Landing {
    fn drop(&mut self) {
        self.workbench.renewals.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.identity);
        self.end.send_replace(Some(self.outcome.clone()));
    }
}
