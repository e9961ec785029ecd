//! The open windows on hosted UIs, and what their navigations mean.

use std::path::PathBuf;
use std::time::SystemTime;

use gatepass_identity::{Attempt, Granted, Navigation, Refusal, UserPool};
use tokio::sync::mpsc::UnboundedSender;
use url::Url;

use crate::Workbench;
use crate::failure::{Code, Failure};
use crate::shell::HostedUiWindow;
use crate::store::private_folder;

/// An open window on a hosted UI.
pub(crate) struct OpenWindow {
    pub purpose: Purpose,
    pub events: UnboundedSender<WindowEvent>,
}

/// What a window is open for.
pub(crate) enum Purpose {
    SignIn(Box<Attempt>),
    SignOut(Box<UserPool>),
}

/// What happened in a window.
pub(crate) enum WindowEvent {
    /// The true redirect came.
    Callback(Granted),
    /// The pool refused.
    Refused(Refusal),
    /// A page of the pool asks the user for something.
    Asks,
    /// An identity provider does not let anybody sign in inside an app's window.
    ProviderRefuses {
        /// Its host.
        host: String,
    },
    /// The pool has ended its session.
    SignedOut,
    /// The window was closed.
    Closed,
}

impl Workbench {
    /// Judges a navigation of a window; `false` stops it. Called for frames too.
    pub fn navigated(&self, label: &str, url: &Url) -> bool {
        let mut windows = self.windows();
        let Some(window) = windows.get_mut(label) else {
            return false;
        };
        let (allowed, event) = match &mut window.purpose {
            Purpose::SignIn(attempt) => {
                let navigation = attempt.navigation(url, SystemTime::now());
                event_of(navigation, attempt.pool().asks_the_user(url))
            }
            Purpose::SignOut(pool) => judge_sign_out(pool, url),
        };
        if let Some(event) = event {
            window.tell(event);
        }
        allowed
    }

    /// Judges what the system's browser brought to the callback of an attempt.
    pub(crate) fn came_back(&self, label: &str, url: &Url) {
        if let Some(window) = self.windows().get_mut(label)
            && let Purpose::SignIn(attempt) = &mut window.purpose
            && let (_, Some(event)) = event_of(attempt.answer_from_browser(url, SystemTime::now()), false)
        {
            window.tell(event);
        }
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

    /// Forgets the pools' sessions of the identities whose user wants it so when the app is closed; at a start it takes
    /// what a crash has left.
    pub fn forget_sessions(&self) {
        let forgetful: Vec<PathBuf> = {
            let roster = self.roster();
            let chosen = roster.members.iter().filter(|member| !member.stored.keep_session);
            chosen.map(|member| self.jar(&member.stored.id)).collect()
        };
        for jar in forgetful.into_iter().filter(|jar| jar.exists()) {
            if let Err(error) = std::fs::remove_dir_all(&jar) {
                tracing::warn!(%error, "the cookies of an identity could not be removed");
            }
        }
    }

    /// Describes a window for an identity, and makes its jar.
    pub(crate) fn hosted_ui_window(
        &self,
        identity: &str,
        label: String,
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
        let title = match member.stored.known_as() {
            None => format!("Sign in · {pool}"),
            Some(name) => format!("Sign in · {name} · {pool}"),
        };
        Ok(HostedUiWindow { label, url, title, jar, visible })
    }
}

impl OpenWindow {
    fn tell(&self, event: WindowEvent) {
        // Nobody listens any more once the attempt has ended.
        let _heard = self.events.send(event);
    }
}

/// What comes of a navigation: whether it goes on, and what has happened by it.
fn event_of(navigation: Navigation, asks: bool) -> (bool, Option<WindowEvent>) {
    match navigation {
        Navigation::Allow if asks => (true, Some(WindowEvent::Asks)),
        Navigation::Allow => (true, None),
        Navigation::Block(reason) => {
            tracing::info!(%reason, "a navigation of a sign-in was stopped");
            (false, None)
        }
        Navigation::Callback(Ok(granted)) => (false, Some(WindowEvent::Callback(granted))),
        Navigation::Callback(Err(refusal)) => (false, Some(WindowEvent::Refused(refusal))),
        Navigation::HostedUiError(refusal) => (true, Some(WindowEvent::Refused(refusal))),
        Navigation::ProviderRefuses { host } => (true, Some(WindowEvent::ProviderRefuses { host })),
    }
}

/// The pool comes back to the callback, or shows its error page where the callback is no sign-out URL; either way its
/// cookie is gone.
fn judge_sign_out(pool: &UserPool, url: &Url) -> (bool, Option<WindowEvent>) {
    if pool.is_callback(url) || pool.asks_the_user(url) {
        return (false, Some(WindowEvent::SignedOut));
    }
    (matches!(url.scheme(), "http" | "https"), None)
}
