//! Sending a request and reading its answer.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use gatepass_collection::model::{ApiKeyAuth, Request};
use gatepass_exchange::exchange::{BodyKind, Exchange};
use gatepass_exchange::{Finished, Form, SendError, StoredBody};
use gatepass_gateway::verdict::Verdict;
use gatepass_gateway::{ApiKeyFacts, Expected, Facts, TokenFacts, clock_skew_seconds};
use tokio_util::sync::CancellationToken;

use crate::Workbench;
use crate::failure::{Code, Failure};
use crate::prepare::{CredentialKind, Plan, chosen};
use crate::sandbox::RunningSandbox;
use crate::tokens::freshness::{Sent, sender};
use crate::tokens::sessions::used;
use crate::views::{Answer, Renewal, RequestContext, SendEnd};

/// How many lines come with the answer itself, and how large they may be together.
const FIRST_LINES: u32 = 200;
const FIRST_BYTES: usize = 128 * 1024;

/// How much of the content the reading looks at.
const READ: usize = 8 * 1024;

/// The sends that are under way.
#[derive(Default)]
pub(crate) struct Sends(Mutex<HashMap<u32, CancellationToken>>);

impl Sends {
    fn all(&self) -> MutexGuard<'_, HashMap<u32, CancellationToken>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Workbench {
    /// Sends; `send` names it for `cancel_send`.
    ///
    /// # Errors
    /// Says what kept the request from being sent or answered; a cancel is no error.
    pub async fn send(
        self: &Arc<Self>,
        send: u32,
        context: RequestContext,
        request: Request,
    ) -> Result<SendEnd, Failure> {
        let cancel = CancellationToken::new();
        self.sends.all().insert(send, cancel.clone());
        let end = tokio::select! {
            biased;
            () = cancel.cancelled() => Ok(SendEnd::Cancelled),
            end = self.exchange(send, &cancel, &context, &request) => end,
        };
        self.sends.all().remove(&send);
        end
    }

    /// Cancels a send.
    ///
    /// # Errors
    /// Never fails; a send that has ended is left as it is.
    #[expect(clippy::unused_async, reason = "every command of the bridge is awaited")]
    pub async fn cancel_send(&self, send: u32) -> Result<(), Failure> {
        if let Some(cancel) = self.sends.all().get(&send) {
            cancel.cancel();
        }
        Ok(())
    }

    /// Sends with fresh tokens, and once more where the API says that one has expired.
    async fn exchange(
        self: &Arc<Self>,
        send: u32,
        cancel: &CancellationToken,
        context: &RequestContext,
        request: &Request,
    ) -> Result<SendEnd, Failure> {
        self.note_use();
        let plan = self.plan(context, request).await?;
        let mut renewal = self.freshen(send, &plan).await?;
        let mut not_renewed = None;
        let mut sent = self.sent_tokens(&plan);
        let mut finished = self.engine.send(self.prepare(&plan, request)?, cancel.clone()).await;
        let mut verdict = self.verdict(&plan, &sent, context, finished.as_ref().ok());
        if verdict.as_ref().is_some_and(says_expired) {
            match self.renew_refused(send, &sent).await {
                Ok(false) => {}
                Ok(true) => {
                    sent = self.sent_tokens(&plan);
                    finished = self.engine.send(self.prepare(&plan, request)?, cancel.clone()).await;
                    verdict = self.verdict(&plan, &sent, context, finished.as_ref().ok());
                    renewal = Some(Renewal::AfterRefusal);
                }
                Err(failure) => not_renewed = Some(failure),
            }
        }
        match finished {
            Ok(Finished { exchange, body }) => {
                let first_lines = first_lines(&exchange, &body);
                let id = self.answers.keep(body);
                let sent_as = sender(&plan);
                let answer = Answer { id, exchange, verdict, first_lines, renewal, not_renewed, sent_as };
                Ok(SendEnd::Answered { answer: Box::new(answer) })
            }
            Err(SendError::Cancelled) => Ok(SendEnd::Cancelled),
            Err(error) => Err(unsent(&error)),
        }
    }

    fn verdict(
        &self,
        plan: &Plan,
        sent: &[Sent],
        context: &RequestContext,
        finished: Option<&Finished>,
    ) -> Option<Verdict> {
        let Finished { exchange, body } = finished?;
        let token = token_facts(plan, sent);
        let bytes = body.bytes(READ).unwrap_or_default();
        let signed_in = chosen(&plan.effective.token, context)
            .filter(|identity| self.roster().member(identity).is_ok_and(|member| member.session.is_some()))
            .and_then(|identity| self.identity_name(&identity));
        let sent_key = |name: &&String| plan.credentials.iter().any(|credential| credential.header == name.trim());
        let api_key = match &plan.effective.api_key {
            ApiKeyAuth::Send { header, .. } => {
                Some(header).filter(sent_key).map(|header| ApiKeyFacts { header: header.clone() })
            }
            _ => typed_key(plan),
        };
        let expected = self.expected(exchange);
        gatepass_gateway::read(&Facts {
            exchange,
            body: &String::from_utf8_lossy(&bytes),
            token: token.as_ref(),
            signed_in: signed_in.as_deref(),
            api_key: api_key.as_ref(),
            expected: expected.as_ref(),
            clock_skew_seconds: clock_skew_seconds(exchange),
        })
    }

    /// What is known of the gateway: so far only the sandbox's own.
    fn expected(&self, exchange: &Exchange) -> Option<Expected> {
        let url = &exchange.hops.last()?.url;
        let known = |running: &RunningSandbox| {
            url.starts_with(&running.view.invoke_url).then(|| Expected {
                token_source: Some(running.token_source()),
                api_key_header: Some("x-api-key".to_owned()),
                needs_key: None,
            })
        };
        self.running_sandbox(known).flatten()
    }
}

/// What is known of the token that was sent: an identity's, or one that was typed.
fn token_facts(plan: &Plan, sent: &[Sent]) -> Option<TokenFacts> {
    let now = SystemTime::now();
    let own = plan.credentials.iter().filter(|credential| credential.replaced_by_typed.is_none());
    for credential in own {
        let CredentialKind::Token { identity: Some(identity), token } = &credential.kind else { continue };
        let Sent { name, session, .. } = sent.iter().find(|sent| sent.identity == *identity)?;
        let seconds_left = seconds_between(now, session.expires(used(*token))?);
        return Some(TokenFacts {
            header: credential.header.clone(),
            prefix: credential.prefix.clone(),
            kind: Some(*token),
            expired: seconds_left <= 0,
            seconds_left,
            // Nothing is kept of another issuer than the pool's.
            issuer_matches_pool: session.pool().issuer().map(|_| true),
            updated_issuer: session.pool().issuer().is_some_and(|issuer| issuer.warning().is_some()),
            identity: Some(name.clone()),
            damage: None,
        });
    }
    let since = now.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64();
    let typed = plan.effective.headers.iter().map(|header| &header.field);
    typed.into_iter().find_map(|field| {
        let value = gatepass_collection::variables::render(&field.value, &plan.scope).ok()?.expose();
        gatepass_gateway::inspect(field.name.trim(), &value, None, since)
    })
}

fn says_expired(verdict: &Verdict) -> bool {
    verdict.refusal.as_ref().is_some_and(|refusal| refusal.token_expired)
}

/// An API key that was typed under Headers.
fn typed_key(plan: &Plan) -> Option<ApiKeyFacts> {
    let headers = plan.effective.headers.iter().map(|header| header.field.name.trim());
    let header = headers.into_iter().find(|name| name.eq_ignore_ascii_case("x-api-key"))?;
    Some(ApiKeyFacts { header: header.to_owned() })
}

fn seconds_between(now: SystemTime, end: SystemTime) -> i32 {
    let seconds = |duration: Duration| i32::try_from(duration.as_secs()).unwrap_or(i32::MAX);
    match end.duration_since(now) {
        Ok(left) => seconds(left),
        Err(past) => -seconds(past.duration()),
    }
}

fn first_lines(exchange: &Exchange, body: &StoredBody) -> String {
    if matches!(exchange.body.kind, BodyKind::Empty | BodyKind::Image | BodyKind::Binary) {
        return String::new();
    }
    let form = if exchange.body.pretty_lines.is_some() { Form::Pretty } else { Form::Raw };
    let lines = body.lines(form, 0, FIRST_LINES, FIRST_BYTES).unwrap_or_default();
    String::from_utf8_lossy(&lines).into_owned()
}

fn unsent(error: &SendError) -> Failure {
    let code = match error {
        SendError::Content(_) | SendError::FileGone { .. } => Code::BodyInvalid,
        SendError::Unsendable { .. } => Code::UrlInvalid,
        SendError::HostNotFound { .. } | SendError::Refused { .. } | SendError::Unreachable { .. } => Code::Unreachable,
        SendError::Tls { .. } => Code::Tls,
        SendError::Timeout { .. } => Code::TimedOut,
        SendError::TooManyRedirects { .. } | SendError::BadRedirect { .. } => Code::BadRedirect,
        SendError::Protocol { .. }
        | SendError::NoAnswer { .. }
        | SendError::BrokenOff { .. }
        | SendError::Undecodable { .. }
        | SendError::TooLarge { .. } => Code::BadAnswer,
        SendError::Cache { .. } => Code::FileUnwritable,
        SendError::Cancelled | SendError::Engine(_) => Code::Internal,
    };
    Failure::from_error(code, error, "")
}
