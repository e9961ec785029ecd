//! A sign-in, a renewal and a sign-out, each in a window on the pool's hosted UI.
//!
//! ```text
//! SignedOut ──sign_in──▶ window open ──callback──▶ verified ──▶ SignedIn
//!     ▲                     │ closed: cancelled      │ refused: the reason
//!     └─────────────────────┴────────────────────────┘
//! SignedIn ──renew──▶ hidden window ──callback──▶ SignedIn
//!                        │ the pool asks: the same window is shown
//! ```

use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use gatepass_identity::{
    Attempt, CallbackTokens, LEEWAY, Navigation, PreflightError, Refusal, TokenRefusal, UserPool, preflight, verify,
};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::{Instant, sleep_until};
use url::Url;

use crate::Workbench;
use crate::failure::{Code, Failure};
use crate::shell::HostedUiWindow;
use crate::store::private_folder;
use crate::views::SignInEnd;

/// How long a hidden window may take before the user is shown what holds it up.
const HIDDEN: Duration = Duration::from_secs(8);

/// How long the pool may take to end its session before the cookies are cleared all the same.
const FAREWELL: Duration = Duration::from_secs(4);

/// An open window on a hosted UI.
pub(crate) struct OpenWindow {
    purpose: Purpose,
    events: UnboundedSender<WindowEvent>,
}

enum Purpose {
    SignIn(Box<Attempt>),
    SignOut(UserPool),
}

enum WindowEvent {
    /// The true redirect came.
    Callback(CallbackTokens),
    /// The pool refused.
    Refused(Refusal),
    /// A page of the pool asks the user for something.
    Asks,
    /// The pool has ended its session.
    SignedOut,
    /// The window was closed.
    Closed,
}

impl Workbench {
    /// Opens the hosted UI for an identity and answers when the window is done.
    ///
    /// # Errors
    /// Says why the pool or a check of the tokens refused; closing the window is no error.
    pub async fn sign_in(&self, identity: String) -> Result<SignInEnd, Failure> {
        let pool = self.pool_of(&identity)?;
        let now = SystemTime::now();
        preflight(&pool, &self.keys, now).await.map_err(no_login_page)?;
        let attempt = Attempt::start(&pool, now).map_err(|error| internal(&error))?;
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

    /// Closes the identity's sign-in window.
    ///
    /// # Errors
    /// Fails where there is no such identity.
    #[expect(clippy::unused_async, reason = "every command of the bridge is awaited")]
    pub async fn cancel_sign_in(&self, identity: String) -> Result<(), Failure> {
        let label = self.roster().member(&identity)?.window.clone();
        if let Some(label) = label {
            self.shell.close(&label);
            self.closed(&label);
        }
        Ok(())
    }

    /// Judges a navigation of a window; `false` stops it. Called for frames too.
    pub fn navigated(&self, label: &str, url: &Url) -> bool {
        let mut windows = self.windows();
        let Some(window) = windows.get_mut(label) else {
            return false;
        };
        let (allowed, event) = match &mut window.purpose {
            Purpose::SignIn(attempt) => judge_sign_in(attempt, url),
            Purpose::SignOut(pool) => judge_sign_out(pool, url),
        };
        if let Some(event) = event {
            window.tell(event);
        }
        allowed
    }

    /// Takes note that a window is gone.
    pub fn closed(&self, label: &str) {
        if let Some(window) = self.windows().get_mut(label) {
            if let Purpose::SignIn(attempt) = &mut window.purpose {
                attempt.cancel();
            }
            window.tell(WindowEvent::Closed);
        }
    }

    /// The folder of an identity's own cookies.
    pub(crate) fn jar(&self, identity: &str) -> PathBuf {
        self.places.data.join("jars").join(identity)
    }

    /// Ends the pool's session in a hidden window and clears the identity's jar.
    pub(crate) async fn end_session(&self, identity: &str) -> Result<(), Failure> {
        let pool = self.pool_of(identity)?;
        let label = format!("sign-out-{identity}");
        let window = self.hosted_ui_window(identity, &label, pool.logout_url(), false)?;
        let (events, mut inbox) = unbounded_channel();
        self.windows().insert(label.clone(), OpenWindow { purpose: Purpose::SignOut(pool), events });
        let opened = self.shell.open(window);
        if opened.is_ok() && tokio::time::timeout(FAREWELL, inbox.recv()).await.is_err() {
            tracing::warn!("the user pool did not confirm the sign-out; the cookies are cleared all the same");
        }
        self.shell.clear_jar(&label);
        self.windows().remove(&label);
        self.shell.close(&label);
        opened.map_err(|words| Failure::new(Code::Internal, format!("The cookies could not be cleared: {words}"), ""))
    }

    fn pool_of(&self, identity: &str) -> Result<UserPool, Failure> {
        let roster = self.roster();
        let member = roster.member(identity)?;
        roster.pool(&member.stored.pool)?.user_pool()
    }

    async fn attempt(&self, identity: &str, attempt: Attempt, visible: bool) -> Result<SignInEnd, Failure> {
        self.cancel_sign_in(identity.to_owned()).await?;
        let label = format!("sign-in-{}", attempt.id());
        let deadline = left(attempt.deadline());
        let window = self.hosted_ui_window(identity, &label, attempt.authorize_url().clone(), visible)?;
        let (events, inbox) = unbounded_channel();
        self.windows().insert(label.clone(), OpenWindow { purpose: Purpose::SignIn(Box::new(attempt)), events });
        self.roster().member_mut(identity)?.window = Some(label.clone());
        self.tell_identity(identity);
        let end = match self.shell.open(window) {
            Ok(()) => self.follow_window(identity, &label, inbox, deadline, visible).await,
            Err(words) => Err(Failure::new(Code::Internal, format!("The sign-in window could not be opened: {words}"), "")),
        };
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

    pub(crate) fn hosted_ui_window(
        &self,
        identity: &str,
        label: &str,
        url: Url,
        visible: bool,
    ) -> Result<HostedUiWindow, Failure> {
        let jar = self.jar(identity);
        private_folder(&jar).map_err(|error| {
            Failure::from_error(Code::FileUnwritable, &error, format!("Make {} writable.", jar.display()))
        })?;
        let roster = self.roster();
        let member = roster.member(identity)?;
        let pool = &roster.pool(&member.stored.pool)?.name;
        let title = match member.stored.name.as_str() {
            "" => format!("Sign in · {pool}"),
            name => format!("Sign in · {name} · {pool}"),
        };
        Ok(HostedUiWindow { label: label.to_owned(), url, title, jar, visible })
    }

    async fn follow_window(
        &self,
        identity: &str,
        label: &str,
        mut inbox: UnboundedReceiver<WindowEvent>,
        deadline: Instant,
        mut visible: bool,
    ) -> Result<SignInEnd, Failure> {
        let patience = Instant::now() + HIDDEN;
        loop {
            let event = tokio::select! {
                event = inbox.recv() => event,
                () = sleep_until(patience), if !visible => Some(WindowEvent::Asks),
                () = sleep_until(deadline) => return Err(Failure::new(
                    Code::SignInTimedOut,
                    "Nobody signed in within five minutes.",
                    "Start the sign-in again.",
                )),
            };
            match event {
                Some(WindowEvent::Asks) if visible => {}
                Some(WindowEvent::Asks) => {
                    visible = true;
                    self.shell.show(label);
                }
                Some(WindowEvent::Callback(tokens)) => {
                    self.shell.close(label);
                    return self.take(identity, tokens).await.map(|()| SignInEnd::SignedIn);
                }
                Some(WindowEvent::Refused(refusal)) => return Err(refused(refusal)),
                Some(WindowEvent::Closed | WindowEvent::SignedOut) | None => return Ok(SignInEnd::Cancelled),
            }
        }
    }

    /// Verifies what the redirect brought and keeps it.
    async fn take(&self, identity: &str, tokens: CallbackTokens) -> Result<(), Failure> {
        let session = verify(tokens, &self.keys, SystemTime::now(), LEEWAY)
            .await
            .map_err(|refusal| token_refused(&refusal))?;
        self.pin(identity, &session)?;
        self.keep(identity, session).await
    }
}

impl OpenWindow {
    fn tell(&self, event: WindowEvent) {
        // Nobody listens any more once the attempt has ended.
        let _heard = self.events.send(event);
    }
}

fn judge_sign_in(attempt: &mut Attempt, url: &Url) -> (bool, Option<WindowEvent>) {
    match attempt.navigation(url, SystemTime::now()) {
        Navigation::Allow if attempt.pool().asks_the_user(url) => (true, Some(WindowEvent::Asks)),
        Navigation::Allow => (true, None),
        Navigation::Block(reason) => {
            tracing::info!(%reason, "a navigation of a sign-in window was stopped");
            (false, None)
        }
        Navigation::Callback(Ok(tokens)) => (false, Some(WindowEvent::Callback(tokens))),
        Navigation::Callback(Err(refusal)) => (false, Some(WindowEvent::Refused(refusal))),
        Navigation::HostedUiError(refusal) => (true, Some(WindowEvent::Refused(refusal))),
    }
}

/// The pool comes back to the callback, or shows its error page where the callback is no sign-out URL; either way its
/// cookie is gone.
fn judge_sign_out(pool: &UserPool, url: &Url) -> (bool, Option<WindowEvent>) {
    if pool.callback().matches(url) || pool.asks_the_user(url) {
        return (false, Some(WindowEvent::SignedOut));
    }
    (matches!(url.scheme(), "http" | "https"), None)
}

fn left(deadline: SystemTime) -> Instant {
    Instant::now() + deadline.duration_since(SystemTime::now()).unwrap_or_default()
}

fn internal(error: &dyn std::error::Error) -> Failure {
    Failure::from_error(Code::Internal, error, "")
}

fn refused(refusal: Refusal) -> Failure {
    let mut failure = Failure::new(Code::SignInRefused, refusal.title, refusal.fix);
    failure.causes.extend(refusal.said.map(|said| format!("The pool said: {said}")));
    failure
}

fn no_login_page(error: PreflightError) -> Failure {
    match error {
        PreflightError::Refused(refusal) => refused(refusal),
        PreflightError::Start(_) => internal(&error),
        PreflightError::Unreachable(_) | PreflightError::NoLoginPage { .. } => {
            Failure::from_error(Code::Unreachable, &error, "Check the pool's domain and the network.")
        }
    }
}

fn token_refused(refusal: &TokenRefusal) -> Failure {
    let code = if matches!(refusal, TokenRefusal::Key { .. }) { Code::Unreachable } else { Code::TokenRefused };
    Failure::from_error(code, refusal, "Nothing was kept. Start the sign-in again.")
}
