//! A sign-in and a renewal, in a window on the pool's hosted UI or in the system's browser.
//!
//! ```text
//! SignedOut ──sign_in──▶ pool asked ──▶ window or browser ──callback──▶ redeemed, verified ──▶ SignedIn
//!     ▲                      │               │ closed: cancelled            │ refused: the reason
//!     └──────────────────────┴───────────────┴──────────────────────────────┘
//! ```
//!
//! The newest attempt of an identity counts. One that is given up, by the user, by a newer one or by a sign-out, keeps
//! nothing, however far it has come.

mod browser;
mod failures;
pub(crate) mod hosted_ui;
mod sign_out;
mod ways_back;
mod window;

use std::time::SystemTime;

use gatepass_identity::{
    AnswerMark, Attempt, CallbackTokens, Grant, Granted, LEEWAY, SignInOptions, UserPool, client_credentials, redeem,
    verify,
};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::Instant;

use crate::Workbench;
use crate::failure::Failure;
use crate::sign_in::hosted_ui::{OpenWindow, Purpose, WindowEvent};
use crate::tokens::renewal::RenewalEnd;
use crate::views::{SignInEnd, SignInPlace};
pub(crate) use failures::{grant_failed, internal, is_over};
use failures::{no_client_secret, token_refused};
pub(crate) use ways_back::WaysBack;

/// When the window of an attempt is seen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Showing {
    /// From the beginning.
    AtOnce,
    /// Once the pool asks the user for something.
    WhenAsked,
    /// Never: an attempt that would need it is over.
    Never,
}

/// How an attempt ended, when nothing failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum AttemptEnd {
    SignedIn,
    Cancelled,
    /// Only the user could go on, and was not to be asked.
    Asks,
}

/// What an attempt runs on.
struct Running<'a> {
    identity: &'a str,
    label: &'a str,
    pool: &'a UserPool,
    options: &'a SignInOptions,
    mark: AnswerMark,
    deadline: Instant,
}

impl Workbench {
    /// Signs an identity in, at the place that its pool has, and answers when that is done. The pool is asked first whether
    /// it would let the sign-in begin, so that what is wrong is told in words instead of an empty window.
    ///
    /// # Errors
    /// Says why the pool or a check of the tokens refused; closing the window is no error.
    pub async fn sign_in(&self, identity: String) -> Result<SignInEnd, Failure> {
        let end = self.sign_in_at(&identity, self.place_of(&identity)?).await;
        self.tell_end(&identity, &end);
        end
    }

    /// Signs an identity in by the system's browser, and remembers the place for its pool.
    ///
    /// # Errors
    /// Says why the pool or a check of the tokens refused, or why this pool's callback cannot come back from a browser.
    pub async fn sign_in_by_browser(&self, identity: String) -> Result<SignInEnd, Failure> {
        let end = self.sign_in_at(&identity, SignInPlace::Browser).await;
        self.tell_end(&identity, &end);
        // A place from which nobody has come back is not remembered.
        if matches!(end, Ok(SignInEnd::SignedIn)) {
            self.set_place(&self.pool_id_of(&identity)?, SignInPlace::Browser)?;
        }
        end
    }

    /// Renews the tokens: by the refresh token, through the pool's session without a form, or with the form.
    ///
    /// # Errors
    /// Says why the pool or a check of the tokens refused; the old tokens are then still there.
    pub async fn renew(&self, identity: String) -> Result<SignInEnd, Failure> {
        let end = self.renew_or_ask(&identity).await;
        self.tell_end(&identity, &end);
        end
    }

    /// Gives up the identity's sign-in and closes its window.
    ///
    /// # Errors
    /// Fails where there is no such identity.
    #[expect(clippy::unused_async, reason = "every command of the bridge is awaited")]
    pub async fn cancel_sign_in(&self, identity: String) -> Result<(), Failure> {
        let label = self.roster().member_mut(&identity)?.attempt.take();
        if let Some(label) = label {
            self.give_up(&label);
            self.tell_end(&identity, &Ok(SignInEnd::Cancelled));
        }
        Ok(())
    }

    fn give_up(&self, label: &str) {
        self.shell.close(label);
        self.closed(label);
    }

    async fn sign_in_at(&self, identity: &str, place: SignInPlace) -> Result<SignInEnd, Failure> {
        let (pool, options) = (self.pool_of(identity)?, self.options_of(identity)?);
        if pool.grant() == Grant::ClientCredentials {
            let end = self.take_machine_token(identity, Showing::AtOnce).await?;
            return self.kept(identity, end).await;
        }
        let attempt = Attempt::start(&pool, &options, SystemTime::now()).map_err(|error| internal(&error))?;
        let end = self.attempt(identity, attempt, place, Showing::AtOnce).await?;
        self.kept(identity, end).await
    }

    /// Keeps what an attempt of the user's brought, and waits for that.
    async fn kept(&self, identity: &str, end: AttemptEnd) -> Result<SignInEnd, Failure> {
        if end == AttemptEnd::SignedIn {
            self.keep(identity).await?;
        }
        Ok(SignInEnd::from(end))
    }

    async fn renew_or_ask(&self, identity: &str) -> Result<SignInEnd, Failure> {
        match self.flight_of(identity).await {
            Some(RenewalEnd::Renewed) => return Ok(SignInEnd::SignedIn),
            Some(RenewalEnd::InOtherHands) => return Ok(SignInEnd::Cancelled),
            Some(RenewalEnd::Over | RenewalEnd::Failed(_)) | None => {}
        }
        let place = self.place_of(identity)?;
        let Some(session) = self.session_of(identity)? else { return self.sign_in_at(identity, place).await };
        let end = match self.renew_without_a_page(identity, &session, Showing::WhenAsked).await? {
            AttemptEnd::Asks => {
                let attempt = self.renewing_attempt(identity, session.subject())?;
                self.attempt(identity, attempt, place, Showing::WhenAsked).await?
            }
            end => end,
        };
        self.kept(identity, end).await
    }

    /// An attempt that only the same user may answer, and at which the pool asks only where it must.
    pub(crate) fn renewing_attempt(&self, identity: &str, subject: &str) -> Result<Attempt, Failure> {
        let (pool, options) = (self.pool_of(identity)?, self.options_of(identity)?);
        let options = SignInOptions { prompt: None, ..options };
        Attempt::renew(&pool, &options, subject, SystemTime::now()).map_err(|error| internal(&error))
    }

    /// Runs an attempt at a place.
    pub(crate) async fn attempt(
        &self,
        identity: &str,
        attempt: Attempt,
        place: SignInPlace,
        showing: Showing,
    ) -> Result<AttemptEnd, Failure> {
        let label = format!("sign-in-{}", attempt.id());
        let (pool, options, url) =
            (attempt.pool().clone(), self.options_of(identity)?, attempt.authorize_url().clone());
        let (mark, deadline) = (attempt.mark(), self.deadline(&attempt));
        let running = Running { identity, label: &label, pool: &pool, options: &options, mark, deadline };
        let Some(_turn) = self.begin(identity, &label, showing)? else { return Ok(AttemptEnd::Cancelled) };
        let (events, inbox) = unbounded_channel();
        self.windows().insert(label.clone(), OpenWindow { purpose: Purpose::SignIn(Box::new(attempt)), events });
        let end = match place {
            SignInPlace::Browser => self.run_in_browser(&running, url, inbox).await,
            SignInPlace::Window => self.run_in_window(&running, url, inbox, showing).await,
        };
        self.windows().remove(&label);
        self.shell.close(&label);
        end
    }

    /// Makes an attempt the one that counts, and tells the window while it lasts. One that nobody asked for takes no other
    /// one's place.
    pub(crate) fn begin<'a>(
        &'a self,
        identity: &'a str,
        label: &'a str,
        showing: Showing,
    ) -> Result<Option<Turn<'a>>, Failure> {
        let former = {
            let mut roster = self.roster();
            let member = roster.member_mut(identity)?;
            if showing == Showing::Never && member.attempt.is_some() {
                return Ok(None);
            }
            member.attempt.replace(label.to_owned())
        };
        if let Some(former) = former {
            self.give_up(&former);
        }
        self.tell_identity(identity);
        Ok(Some(Turn { workbench: self, identity, label }))
    }

    fn deadline(&self, attempt: &Attempt) -> Instant {
        let left = attempt.deadline().duration_since(SystemTime::now()).unwrap_or_default();
        Instant::now() + left.min(self.patience.sign_in)
    }

    /// Redeems and verifies what the redirect brought, and takes it over.
    async fn take(&self, running: &Running<'_>, granted: Granted) -> Result<AttemptEnd, Failure> {
        let tokens = match granted {
            Granted::Tokens(tokens) => tokens,
            Granted::Code(code) => {
                let secret = self.client_secret(&self.pool_id_of(running.identity)?).await?;
                let redeemed = redeem(code, secret.as_ref(), &self.network, SystemTime::now()).await;
                redeemed.map_err(|error| grant_failed(&error))?
            }
        };
        self.verify_and_take(running.identity, running.label, tokens).await
    }

    pub(crate) async fn verify_and_take(
        &self,
        identity: &str,
        label: &str,
        tokens: CallbackTokens,
    ) -> Result<AttemptEnd, Failure> {
        let session = verify(tokens, &self.network, SystemTime::now(), LEEWAY).await;
        let session = session.map_err(|refusal| token_refused(&refusal))?;
        self.take_over(identity, label, session)
    }

    /// Takes a token for a machine, which nobody signs in for.
    pub(crate) async fn take_machine_token(&self, identity: &str, showing: Showing) -> Result<AttemptEnd, Failure> {
        let (pool, options) = (self.pool_of(identity)?, self.options_of(identity)?);
        let label = format!("machine-{}", uuid::Uuid::new_v4());
        let Some(_turn) = self.begin(identity, &label, showing)? else { return Ok(AttemptEnd::Cancelled) };
        let secret = self.client_secret(&self.pool_id_of(identity)?).await?.ok_or_else(no_client_secret)?;
        let tokens = client_credentials(&pool, &options, &secret, &self.network, SystemTime::now()).await;
        self.verify_and_take(identity, &label, tokens.map_err(|error| grant_failed(&error))?).await
    }
}

/// An attempt that counts for as long as this lives and no newer one takes its place.
pub(crate) struct Turn<'a> {
    workbench: &'a Workbench,
    identity: &'a str,
    label: &'a str,
}

impl Drop for Turn<'_> {
    fn drop(&mut self) {
        if let Ok(member) = self.workbench.roster().member_mut(self.identity)
            && member.attempt.as_deref() == Some(self.label)
        {
            member.attempt = None;
        }
        self.workbench.tell_identity(self.identity);
    }
}

impl From<AttemptEnd> for SignInEnd {
    fn from(end: AttemptEnd) -> Self {
        match end {
            AttemptEnd::SignedIn => Self::SignedIn,
            AttemptEnd::Cancelled | AttemptEnd::Asks => Self::Cancelled,
        }
    }
}

/// What has happened to an attempt, or that nobody tells any more.
async fn heard(inbox: &mut UnboundedReceiver<WindowEvent>) -> WindowEvent {
    inbox.recv().await.unwrap_or(WindowEvent::Closed)
}
