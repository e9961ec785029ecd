//! Signing out: the tokens, the pool's session and the cookies, in this order.

use std::time::SystemTime;

use gatepass_identity::{Session, UserPool, revoke};
use tokio::sync::mpsc::unbounded_channel;
use uuid::Uuid;

use crate::Workbench;
use crate::failure::{Code, Failure};
use crate::people::identities::identity_view;
use crate::people::roster::Changes;
use crate::sign_in::hosted_ui::{OpenWindow, Purpose};
use crate::tokens::sessions::keychain_failed;
use crate::views::{IdentityView, SignInEnd, SignInPlace};

impl Workbench {
    /// Clears the identity's tokens, its cookies and the pool's session.
    ///
    /// # Errors
    /// Fails where the keychain does: then nothing is cleared. Fails, with the tokens cleared, where the cookies stay.
    pub async fn sign_out(&self, identity: String) -> Result<IdentityView, Failure> {
        let was_in = self.roster().member(&identity)?.stored.signed_in;
        let session = self.forget_tokens(&identity).await?;
        self.tell_identity(&identity);
        if let Some(session) = &session {
            self.revoke(session, &identity).await;
        }
        if was_in || session.is_some() || self.jar(&identity).exists() {
            self.end_session(&identity).await?;
        }
        let roster = self.roster();
        roster.member(&identity).map(|member| identity_view(&roster, member))
    }

    /// Removes an identity's tokens and gives up its sign-in, if one is under way; gives the session that is over by that.
    pub(crate) async fn forget_tokens(&self, identity: &str) -> Result<Option<Session>, Failure> {
        self.cancel_sign_in(identity.to_owned()).await?;
        let _turn = self.tokens_turn.lock().await;
        Session::delete(self.vault().await, identity).await.map_err(|error| keychain_failed(&error))?;
        let mut roster = self.roster();
        let member = roster.member_mut(identity)?;
        let session = member.session.take();
        member.changes = Changes::default();
        member.locked = false;
        member.over = false;
        member.kept = false;
        member.stored.signed_in = false;
        roster.write()?;
        drop(roster);
        // Nobody signs in any more for what waits.
        self.tell_end(identity, &Ok(SignInEnd::Cancelled));
        Ok(session)
    }

    /// Ends the pool's session where it lives, and clears the identity's jar wherever that is.
    async fn end_session(&self, identity: &str) -> Result<(), Failure> {
        let pool = self.pool_of(identity)?;
        let in_window =
            if self.jar(identity).exists() { self.end_session_in_window(identity, &pool).await } else { Ok(()) };
        if let (SignInPlace::Browser, Some(url)) = (self.place_of(identity)?, pool.logout_url()) {
            self.end_session_in_browser(&pool, url).await?;
        }
        in_window
    }

    /// Ends the pool's session in a hidden window and clears the identity's jar; a provider without an address for that
    /// loses the cookies all the same.
    async fn end_session_in_window(&self, identity: &str, pool: &UserPool) -> Result<(), Failure> {
        let label = format!("sign-out-{}", Uuid::new_v4());
        let logout = pool.logout_url();
        let url = logout.clone().unwrap_or_else(|| pool.domain().clone());
        let window = self.hosted_ui_window(identity, label.clone(), url, false)?;
        let (events, mut inbox) = unbounded_channel();
        self.windows().insert(label.clone(), OpenWindow { purpose: Purpose::SignOut(Box::new(pool.clone())), events });
        let opened = self.shell.open(window);
        if opened.is_ok()
            && logout.is_some()
            && tokio::time::timeout(self.patience.farewell, inbox.recv()).await.is_err()
        {
            tracing::warn!("the user pool did not confirm the sign-out; the cookies are cleared all the same");
        }
        self.shell.clear_jar(&label);
        self.windows().remove(&label);
        self.shell.close(&label);
        match opened {
            Ok(()) => Ok(()),
            Err(words) => self.remove_jar(identity, &words),
        }
    }

    /// Gives up the refresh token at the pool; that the pool cannot be asked keeps nobody signed in.
    async fn revoke(&self, session: &Session, identity: &str) {
        let secret = match self.pool_id_of(identity) {
            Ok(pool) => self.client_secret(&pool).await,
            Err(failure) => Err(failure),
        };
        let secret = secret.unwrap_or_default();
        if let Err(error) = revoke(session, secret.as_ref(), &self.network, SystemTime::now()).await {
            tracing::warn!(%error, "a refresh token could not be given up; it is forgotten here");
        }
    }

    /// Without a window the cookies go with their folder.
    fn remove_jar(&self, identity: &str, no_window: &str) -> Result<(), Failure> {
        let jar = self.jar(identity);
        std::fs::remove_dir_all(&jar).map_err(|error| {
            let mut failure = Failure::from_error(
                Code::FileUnwritable,
                &error,
                format!("The tokens are gone. Close Gatepass and delete the folder {}.", jar.display()),
            );
            failure.message = format!("The cookies could not be cleared: {}.", failure.message);
            failure.causes.push(no_window.to_owned());
            failure
        })
    }
}
