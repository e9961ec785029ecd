//! The identities: somebody who signs in at a pool, with cookies of their own.

use gatepass_identity::{Session, SignInOptions, UserPool};

use crate::Workbench;
use crate::failure::{Code, Failure};
use crate::people::roster::{COLOURS, Member, Roster};
use crate::tokens::sessions::session_view;
use crate::views::{Change, IdentityEdit, IdentityView, SignInPlace, SignInState};

impl Workbench {
    /// Adds an identity of a pool; its name is the user's own once it is known where it is empty.
    ///
    /// # Errors
    /// Fails where there is no such pool.
    #[expect(clippy::unused_async, reason = "every command of the bridge is awaited")]
    pub async fn add_identity(&self, pool: String, name: String) -> Result<IdentityView, Failure> {
        let mut roster = self.roster();
        roster.pool(&pool)?;
        let identity = roster.add_member(pool, name.trim().to_owned());
        let view = identity_view(&roster, roster.member(&identity)?);
        roster.write()?;
        Ok(view)
    }

    /// Changes what the user sets of an identity; the options hold from its next sign-in.
    ///
    /// # Errors
    /// Names the option that cannot be right, and fails where there is no such identity.
    #[expect(clippy::unused_async, reason = "every command of the bridge is awaited")]
    pub async fn update_identity(&self, identity: String, edit: IdentityEdit) -> Result<IdentityView, Failure> {
        let options = edit.options.checked().map_err(|error| Failure::from_error(Code::PoolInvalid, &error, ""))?;
        let mut roster = self.roster();
        let member = roster.member_mut(&identity)?;
        edit.name.trim().clone_into(&mut member.stored.name);
        member.stored.colour = edit.colour % COLOURS;
        member.stored.options = options;
        member.stored.keep_session = edit.keep_session;
        let view = identity_view(&roster, roster.member(&identity)?);
        roster.write()?;
        drop(roster);
        self.shell.changed(Change::Identity { identity: Box::new(view.clone()) });
        Ok(view)
    }

    /// Signs an identity out and removes it.
    ///
    /// # Errors
    /// Fails where the keychain is locked: then nothing is removed.
    pub async fn remove_identity(&self, identity: String) -> Result<(), Failure> {
        if let Err(failure) = self.sign_out(identity.clone()).await {
            if self.is_signed_in(&identity)? {
                return Err(failure);
            }
            tracing::warn!(reason = failure.message, "a session stays at the pool until it ends by itself");
        }
        let jar = self.jar(&identity);
        {
            // What is being kept at this moment must not be kept for somebody who is gone.
            let _turn = self.tokens_turn.lock().await;
            let mut roster = self.roster();
            roster.members.retain(|member| member.stored.id != identity);
            roster.write()?;
        }
        // Its web process may still hold files in it; what is left there is empty of cookies.
        let _removed = std::fs::remove_dir_all(jar);
        Ok(())
    }

    fn is_signed_in(&self, identity: &str) -> Result<bool, Failure> {
        Ok(self.roster().member(identity)?.stored.signed_in)
    }

    pub(crate) fn pool_id_of(&self, identity: &str) -> Result<String, Failure> {
        Ok(self.roster().member(identity)?.stored.pool.clone())
    }

    pub(crate) fn pool_of(&self, identity: &str) -> Result<UserPool, Failure> {
        let roster = self.roster();
        roster.pool(&roster.member(identity)?.stored.pool)?.user_pool()
    }

    pub(crate) fn options_of(&self, identity: &str) -> Result<SignInOptions, Failure> {
        Ok(self.roster().member(identity)?.stored.options.clone())
    }

    pub(crate) fn session_of(&self, identity: &str) -> Result<Option<Session>, Failure> {
        Ok(self.roster().member(identity)?.session.clone())
    }

    pub(crate) fn place_of(&self, identity: &str) -> Result<SignInPlace, Failure> {
        let roster = self.roster();
        Ok(roster.pool(&roster.member(identity)?.stored.pool)?.place)
    }

    /// Tells the window of an identity as it is now.
    pub(crate) fn tell_identity(&self, identity: &str) {
        let roster = self.roster();
        let view = roster.member(identity).map(|member| identity_view(&roster, member));
        drop(roster);
        if let Ok(view) = view {
            self.shell.changed(Change::Identity { identity: Box::new(view) });
        }
    }
}

pub(crate) fn identity_view(roster: &Roster, member: &Member) -> IdentityView {
    let busy = member.attempt.is_some();
    let state = match &member.session {
        Some(session) => SignInState::SignedIn {
            session: Box::new(session_view(session, member)),
            renewing: busy,
            over: member.over,
        },
        None if busy => SignInState::SigningIn,
        None if member.locked => SignInState::Locked,
        None => SignInState::SignedOut,
    };
    IdentityView {
        id: member.stored.id.clone(),
        name: roster.name_of(member),
        own_name: member.stored.name.clone(),
        colour: member.stored.colour,
        pool: member.stored.pool.clone(),
        options: member.stored.options.clone(),
        keep_session: member.stored.keep_session,
        state,
    }
}
