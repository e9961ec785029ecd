//! A request that waits for a token: until it is renewed, or until its user has signed in.

use std::sync::Arc;

use gatepass_identity::Session;
use tokio::sync::broadcast::error::RecvError;

use super::renewal::RenewalEnd;
use crate::Workbench;
use crate::failure::{Code, Failure};
use crate::views::Change;

impl Workbench {
    /// Sees to it that an identity's token is not stale any more, or at least not over; it stays the same user's.
    pub(super) async fn make_good(
        self: &Arc<Self>,
        send: u32,
        identity: &str,
        subject: &str,
        is_stale: impl Fn(&Session) -> bool,
        is_over: impl Fn(&Session) -> bool,
    ) -> Result<(), Unrenewed> {
        let tell = |sign_in| self.shell.changed(Change::SendWaits { send, identity: identity.to_owned(), sign_in });
        let mut ends = self.watch.ends.subscribe();
        loop {
            let session = self.theirs(identity, subject)?;
            if self.roster().member(identity).is_ok_and(|member| member.over) {
                if !is_over(&session) {
                    return Ok(());
                }
            } else {
                tell(false);
                let end = self.renew_quietly(identity, &is_stale).await;
                let session = self.theirs(identity, subject)?;
                match end {
                    // Of a pool whose tokens never last the newest is as good as it gets.
                    RenewalEnd::Renewed => return Ok(()),
                    _ if !is_over(&session) => return Ok(()),
                    RenewalEnd::Failed(failure) => return Err(Unrenewed::Failed(failure)),
                    RenewalEnd::Over | RenewalEnd::InOtherHands => {}
                }
            }
            tell(true);
            loop {
                let end = ends.recv().await;
                if matches!(&end, Ok((other, _)) if other != identity) {
                    continue;
                }
                if !is_over(&self.theirs(identity, subject)?) {
                    return Ok(());
                }
                match end {
                    Err(RecvError::Lagged(_)) => {}
                    // A newer sign-in has taken the place of the one that ended.
                    Ok(_) if self.is_signing_in(identity) => break,
                    Ok(_) | Err(RecvError::Closed) => return Err(Unrenewed::Over),
                }
            }
        }
    }

    /// The session of an identity while it is this user's: a sign-in in between may be somebody else's, and what waits was
    /// not meant to go out as them.
    fn theirs(&self, identity: &str, subject: &str) -> Result<Session, Unrenewed> {
        let session = self.session_of(identity).ok().flatten();
        session.filter(|session| session.subject() == subject).ok_or(Unrenewed::Over)
    }

    fn is_signing_in(&self, identity: &str) -> bool {
        self.roster().member(identity).is_ok_and(|member| member.attempt.is_some())
    }
}

/// Why a token was not renewed.
pub(super) enum Unrenewed {
    /// The session is over, and nobody has signed in, or somebody else has.
    Over,
    Failed(Failure),
}

impl Unrenewed {
    /// What is told of a request that did not go out for want of somebody's token. That the pool could not be asked is not
    /// to be taken for the API's fault.
    pub fn before_send(self, name: &str) -> Failure {
        match self {
            Self::Over => session_over(format!("Not sent: the session of {name} is over.")),
            Self::Failed(failure) => {
                let message = format!("Not sent: the token of {name} could not be renewed. {}", failure.message);
                Failure { message, ..failure }
            }
        }
    }

    /// What is told beside the answer of a request that is not sent again.
    pub fn after_refusal(self, name: &str) -> Failure {
        match self {
            Self::Over => session_over(format!("The session of {name} is over.")),
            Self::Failed(failure) => failure,
        }
    }
}

fn session_over(message: String) -> Failure {
    Failure::new(Code::SessionOver, message, "Sign in, and send again.")
}
