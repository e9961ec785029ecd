//! A sign-in and a renewal, each in a window on the pool's hosted UI.
//!
//! ```text
//! SignedOut ──sign_in──▶ pool asked ──▶ window open ──callback──▶ verified ──▶ SignedIn
//!     ▲                      │               │ closed: cancelled      │ refused: the reason
//!     └──────────────────────┴───────────────┴────────────────────────┘
//! SignedIn ──renew──▶ hidden window ──callback──▶ SignedIn
//!                        │ the pool asks: the same window is shown
//! ```
//!
//! The newest attempt of an identity counts. One that is given up, by the user, by a newer one or by a sign-out, keeps
//! nothing, however far it has come.

use std::pin::pin;
use std::time::SystemTime;

use gatepass_identity::{
    Attempt, CallbackTokens, LEEWAY, PreflightError, Refusal, TokenRefusal, UserPool, preflight, verify,
};
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::{Instant, sleep_until};

use crate::Workbench;
use crate::failure::{Code, Failure};
use crate::hosted_ui::{OpenWindow, Purpose, WindowEvent};
use crate::shell::HostedUiWindow;
use crate::views::SignInEnd;

impl Workbench {
    /// Opens the hosted UI for an identity and answers when the window is done. The pool is asked first whether it would
    /// let the sign-in begin, so that what is wrong is told in words instead of an empty window.
    ///
    /// # Errors
    /// Says why the pool or a check of the tokens refused; closing the window is no error.
    pub async fn sign_in(&self, identity: String) -> Result<SignInEnd, Failure> {
        let pool = self.pool_of(&identity)?;
        let attempt = Attempt::start(&pool, SystemTime::now()).map_err(|error| internal(&error))?;
        self.attempt(&identity, attempt, true).await
    }

    /// Renews the tokens through the pool's session without a form where it lives, else with the form.
    ///
    /// # Errors
    /// Says why the pool or a check of the tokens refused; the old tokens are then still there.
    pub async fn renew(&self, identity: String) -> Result<SignInEnd, Failure> {
        let subject = self.roster().member(&identity)?.session.as_ref().map(|session| session.subject().to_owned());
        let Some(subject) = subject else { return self.sign_in(identity).await };
        let pool = self.pool_of(&identity)?;
        let attempt = Attempt::renew(&pool, &subject, SystemTime::now()).map_err(|error| internal(&error))?;
        self.attempt(&identity, attempt, false).await
    }

    /// Gives up the identity's sign-in and closes its window.
    ///
    /// # Errors
    /// Fails where there is no such identity.
    #[expect(clippy::unused_async, reason = "every command of the bridge is awaited")]
    pub async fn cancel_sign_in(&self, identity: String) -> Result<(), Failure> {
        let label = self.roster().member_mut(&identity)?.window.take();
        if let Some(label) = label {
            self.give_up(&label);
        }
        Ok(())
    }

    fn give_up(&self, label: &str) {
        self.shell.close(label);
        self.closed(label);
    }

    pub(crate) fn pool_of(&self, identity: &str) -> Result<UserPool, Failure> {
        let roster = self.roster();
        let member = roster.member(identity)?;
        roster.pool(&member.stored.pool)?.user_pool()
    }

    async fn attempt(&self, identity: &str, attempt: Attempt, visible: bool) -> Result<SignInEnd, Failure> {
        let label = format!("sign-in-{}", attempt.id());
        let window = self.hosted_ui_window(identity, label.clone(), attempt.authorize_url().clone(), visible)?;
        let (pool, deadline) = (attempt.pool().clone(), self.deadline(&attempt));
        let (events, inbox) = unbounded_channel();
        let former = {
            let mut roster = self.roster();
            let member = roster.member_mut(identity)?;
            self.windows().insert(label.clone(), OpenWindow { purpose: Purpose::SignIn(Box::new(attempt)), events });
            member.window.replace(label.clone())
        };
        if let Some(former) = former {
            self.give_up(&former);
        }
        self.tell_identity(identity);
        let end = self.run(identity, &pool, window, inbox, deadline).await;
        self.windows().remove(&label);
        self.shell.close(&label);
        if let Ok(member) = self.roster().member_mut(identity)
            && member.window.as_deref() == Some(&label)
        {
            member.window = None;
        }
        self.tell_identity(identity);
        end
    }

    fn deadline(&self, attempt: &Attempt) -> Instant {
        let left = attempt.deadline().duration_since(SystemTime::now()).unwrap_or_default();
        Instant::now() + left.min(self.patience.sign_in)
    }

    async fn run(
        &self,
        identity: &str,
        pool: &UserPool,
        window: HostedUiWindow,
        mut inbox: UnboundedReceiver<WindowEvent>,
        deadline: Instant,
    ) -> Result<SignInEnd, Failure> {
        let (label, mut visible) = (window.label.clone(), window.visible);
        let mut tried = pin!(preflight(pool, &self.keys, SystemTime::now()));
        let mut trying = true;
        if visible {
            tokio::select! {
                biased;
                _given_up = inbox.recv() => return Ok(SignInEnd::Cancelled),
                outcome = &mut tried => outcome.map_err(no_login_page)?,
            }
            trying = false;
        }
        self.shell.open(window).map_err(|words| unopened(&words))?;
        let patience = Instant::now() + self.patience.hidden_window;
        loop {
            let event = tokio::select! {
                biased;
                event = inbox.recv() => event,
                outcome = &mut tried, if trying => {
                    outcome.map_err(no_login_page)?;
                    trying = false;
                    continue;
                }
                () = sleep_until(patience), if !visible => Some(WindowEvent::Asks),
                () = sleep_until(deadline) => return Err(timed_out()),
            };
            match event {
                Some(WindowEvent::Asks) if visible => {}
                Some(WindowEvent::Asks) => {
                    visible = true;
                    self.shell.show(&label);
                }
                Some(WindowEvent::Callback(tokens)) => {
                    self.shell.close(&label);
                    return self.take(identity, &label, tokens).await;
                }
                Some(WindowEvent::Refused(refusal)) => return Err(refused(refusal)),
                Some(WindowEvent::Closed | WindowEvent::SignedOut) | None => return Ok(SignInEnd::Cancelled),
            }
        }
    }

    /// Verifies what the redirect brought and keeps it.
    async fn take(&self, identity: &str, label: &str, tokens: CallbackTokens) -> Result<SignInEnd, Failure> {
        let session =
            verify(tokens, &self.keys, SystemTime::now(), LEEWAY).await.map_err(|refusal| token_refused(&refusal))?;
        self.keep(identity, label, session).await
    }
}

fn internal(error: &dyn std::error::Error) -> Failure {
    Failure::from_error(Code::Internal, error, "")
}

fn unopened(words: &str) -> Failure {
    let mut failure = Failure::new(
        Code::Internal,
        "The sign-in window could not be opened.",
        "Start the sign-in again; if that does not help, start Gatepass again.",
    );
    failure.causes.push(words.to_owned());
    failure
}

fn timed_out() -> Failure {
    Failure::new(Code::SignInTimedOut, "Nobody signed in within five minutes.", "Start the sign-in again.")
}

fn refused(refusal: Refusal) -> Failure {
    let mut failure = Failure::new(Code::SignInRefused, refusal.title, refusal.fix);
    failure.causes.extend(refusal.said.map(|said| format!("The pool said: {said}")));
    failure
}

const COMPARE_THE_DOMAIN: &str = "The domain stands in the Cognito console under Branding, Domain.";

fn no_login_page(error: PreflightError) -> Failure {
    match error {
        PreflightError::Refused(refusal) => refused(refusal),
        PreflightError::Start(_) => internal(&error),
        PreflightError::Unreachable(cause) => Failure::from_error(Code::Unreachable, &cause, COMPARE_THE_DOMAIN),
        PreflightError::NoLoginPage { .. } => Failure::from_error(Code::Unreachable, &error, COMPARE_THE_DOMAIN),
    }
}

fn token_refused(refusal: &TokenRefusal) -> Failure {
    let code = if matches!(refusal, TokenRefusal::Key { .. }) { Code::Unreachable } else { Code::TokenRefused };
    Failure::from_error(code, refusal, "Nothing was kept. Start the sign-in again.")
}
