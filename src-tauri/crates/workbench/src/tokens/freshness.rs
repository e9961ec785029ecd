//! Whether a token is good for a send, and what is done where it is not.
//!
//! A token is stale by its own `exp`, held against the pool's clock, with a margin. Before a send it is renewed and the
//! request waits; while the app is used it is renewed some time before.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use gatepass_identity::{Grant, Session, TokenUse};
use gatepass_vault::Secret;
use tokio::sync::{Notify, broadcast};
use tokio::time::timeout;

use crate::Workbench;
use crate::failure::{Code, Failure};
use crate::prepare::{CredentialKind, Plan};
use crate::tokens::renewal::RenewalEnd;
use crate::tokens::sessions::used;
use crate::views::{Renewal, SignInEnd, SignInPlace};

/// What a request may take on its way; of a short life at most a twentieth.
const MARGIN: Duration = Duration::from_secs(30);
/// How long before its end a token is renewed while the app is used; of a short life at most a tenth.
const LEAD: Duration = Duration::from_mins(5);
/// How long after the last request or edit the app counts as used.
const USED: Duration = Duration::from_mins(15);
/// How often one identity is renewed in the background at the most, whatever its pool says.
const AT_MOST: Duration = Duration::from_mins(1);
/// How often the clock is looked at: a computer that slept does not count the time.
const LOOK: Duration = Duration::from_secs(30);

/// When the app was used, and how sign-ins ended.
pub(crate) struct Watch {
    used: Mutex<Instant>,
    woken: Notify,
    pub(super) ends: broadcast::Sender<(String, Option<SignInEnd>)>,
}

impl Default for Watch {
    fn default() -> Self {
        Self { used: Mutex::new(Instant::now()), woken: Notify::new(), ends: broadcast::Sender::new(64) }
    }
}

impl Workbench {
    /// Takes note that somebody works with the app.
    pub(crate) fn note_use(&self) {
        let mut used = self.watch.used.lock().unwrap_or_else(PoisonError::into_inner);
        if used.elapsed() > USED {
            self.look_at_tokens();
        }
        *used = Instant::now();
    }

    /// Looks now at what is to be renewed, and not only at the next turn.
    pub fn look_at_tokens(&self) {
        self.watch.woken.notify_one();
    }

    /// Tells all who wait for somebody to sign in, unless the user goes on in the browser where a provider refused the window.
    pub(crate) fn tell_end(&self, identity: &str, end: &Result<SignInEnd, Failure>) {
        if end.as_ref().is_err_and(|failure| failure.code == Code::ProviderRefusesWindow) {
            return;
        }
        // Nobody may be waiting.
        let _heard = self.watch.ends.send((identity.to_owned(), end.as_ref().ok().copied()));
        self.look_at_tokens();
    }

    /// Makes the tokens that a request asks for good, renewing what is stale and asking the user where it must be;
    /// tells whether anything was renewed.
    pub(crate) async fn freshen(self: &Arc<Self>, send: u32, plan: &Plan) -> Result<Option<Renewal>, Failure> {
        let mut renewed = None;
        for (identity, token) in tokens_of(plan) {
            let is_stale = |session: &Session| self.is_stale(session, token, MARGIN, 20);
            let is_over = |session: &Session| self.is_stale(session, token, Duration::ZERO, 1);
            let Some(session) = self.session_of(identity)?.filter(is_stale) else { continue };
            let name = self.called(identity);
            let made = self.make_good(send, identity, session.subject(), is_stale, is_over).await;
            made.map_err(|unrenewed| unrenewed.before_send(&name))?;
            if self.session_of(identity)?.as_ref().and_then(|now| now.token(token)) != session.token(token) {
                renewed = Some(Renewal::BeforeSend);
            }
        }
        Ok(renewed)
    }

    /// Renews the tokens that an API has just called expired, unless another request has done so by now; only the users
    /// whose tokens went out are waited for.
    pub(crate) async fn renew_refused(self: &Arc<Self>, send: u32, sent: &[Sent]) -> Result<bool, Failure> {
        for Sent { identity, name, token, session } in sent {
            let is_refused = |now: &Session| now.token(*token) == session.token(*token);
            let made = self.make_good(send, identity, session.subject(), is_refused, is_refused).await;
            made.map_err(|unrenewed| unrenewed.after_refusal(name))?;
        }
        Ok(!sent.is_empty())
    }

    /// The tokens that go with a request, as they are now.
    pub(crate) fn sent_tokens(&self, plan: &Plan) -> Vec<Sent> {
        let as_it_is = |(identity, token): (&str, TokenUse)| {
            let session = self.session_of(identity).ok()?.filter(|session| session.token(token).is_some())?;
            Some(Sent { identity: identity.to_owned(), name: self.called(identity), token, session })
        };
        tokens_of(plan).filter_map(as_it_is).collect()
    }

    /// What an identity is called before anybody else signs in for it.
    fn called(&self, identity: &str) -> String {
        self.identity_name(identity).unwrap_or_else(|| "the user".to_owned())
    }

    fn is_stale(&self, session: &Session, token: TokenUse, margin: Duration, share: u32) -> bool {
        let Some(end) = session.expires(token) else { return false };
        let margin = session.lifetime(token).map_or(margin, |life| margin.min(life / share));
        end <= self.pool_time(session) + margin
    }

    /// The time by the pool's own clock, as far as it is known.
    fn pool_time(&self, session: &Session) -> SystemTime {
        let now = SystemTime::now();
        let ahead = self.network.clock_ahead(session.pool()).unwrap_or_default();
        let difference = Duration::from_secs(ahead.unsigned_abs());
        let there = if ahead >= 0 { now.checked_add(difference) } else { now.checked_sub(difference) };
        there.unwrap_or(now)
    }

    /// Renews tokens before they end, for as long as the app is used; it never ends by itself.
    pub async fn keep_fresh(self: Arc<Self>) {
        let mut tried: HashMap<String, Tried> = HashMap::new();
        loop {
            // Woken or not, everybody is looked at.
            let _woken = timeout(LOOK, self.watch.woken.notified()).await;
            let is_used = self.watch.used.lock().unwrap_or_else(PoisonError::into_inner).elapsed() <= USED;
            for (identity, token) in if is_used { self.due() } else { Vec::new() } {
                if tried.get(&identity).is_some_and(|tried| tried.leads_nowhere(&token, Instant::now())) {
                    continue;
                }
                let end = self.renew_quietly(&identity, |session| self.is_due(session)).await;
                if let RenewalEnd::Failed(failure) = &end {
                    tracing::info!(reason = failure.message, "a token was not renewed ahead of its end");
                }
                let renewed = matches!(end, RenewalEnd::Renewed);
                let short = self.due().into_iter().find(|(who, _)| renewed && *who == identity).map(|(_, token)| token);
                tried.insert(identity, Tried { at: Instant::now(), short });
            }
        }
    }

    /// Who has a token that is to be renewed, with their access token.
    fn due(&self) -> Vec<(String, Secret)> {
        let roster = self.roster();
        let idle = roster.members.iter().filter(|member| !member.over && member.attempt.is_none());
        let due = idle.filter_map(|member| {
            let session = member.session.as_ref().filter(|session| self.is_due(session))?;
            let is_in_browser = roster.pool(&member.stored.pool).ok()?.place == SignInPlace::Browser;
            if is_in_browser && !session.can_refresh() && session.pool().grant() != Grant::ClientCredentials {
                // Only the user can renew it, which is soon enough when it has ended.
                return None;
            }
            Some((member.stored.id.clone(), session.token(TokenUse::Access)?.clone()))
        });
        due.collect()
    }

    fn is_due(&self, session: &Session) -> bool {
        [TokenUse::Id, TokenUse::Access].into_iter().any(|token| self.is_stale(session, token, LEAD, 10))
    }
}

/// The last renewal of an identity in the background.
struct Tried {
    at: Instant,
    /// The access token that it brought, where that was as good as over when it came: its pool gives none that lasts.
    short: Option<Secret>,
}

impl Tried {
    /// Tells whether there is no use in renewing this token now.
    fn leads_nowhere(&self, token: &Secret, now: Instant) -> bool {
        now.duration_since(self.at) < AT_MOST || self.short.as_ref() == Some(token)
    }
}

/// A token that went out, whatever has become of its identity since.
pub(crate) struct Sent {
    pub identity: String,
    /// What the identity was called.
    pub name: String,
    pub token: TokenUse,
    pub session: Session,
}

/// The identity whose token a request takes along.
pub(crate) fn sender(plan: &Plan) -> Option<String> {
    tokens_of(plan).next().map(|(identity, _)| identity.to_owned())
}

/// Whose tokens a request takes along.
fn tokens_of(plan: &Plan) -> impl Iterator<Item = (&str, TokenUse)> {
    let own = plan.credentials.iter().filter(|credential| credential.replaced_by_typed.is_none());
    own.filter_map(|credential| match &credential.kind {
        CredentialKind::Token { identity: Some(identity), token } => Some((identity.as_str(), used(*token))),
        _ => None,
    })
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::just_renewed(None, "new", Duration::from_secs(59), true)]
    #[case::a_while_ago(None, "new", AT_MOST, false)]
    #[case::still_the_short_one(Some("new"), "new", AT_MOST * 9, true)]
    #[case::another_than_the_short_one(Some("short"), "new", AT_MOST, false)]
    fn a_renewal_is_not_tried_again_where_it_leads_nowhere(
        #[case] short: Option<&str>,
        #[case] token: &str,
        #[case] later: Duration,
        #[case] leads_nowhere: bool,
    ) {
        let tried = Tried { at: Instant::now(), short: short.map(Secret::new) };
        assert_eq!(tried.leads_nowhere(&Secret::new(token), tried.at + later), leads_nowhere);
    }
}
