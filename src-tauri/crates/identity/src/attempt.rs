//! One attempt to sign in: from the login page to the one redirect that answers it.

mod answer;
mod granted;
mod mark;
mod navigation;
mod provider;
mod refusal;

use std::fmt;
use std::time::{Duration, SystemTime};

use gatepass_vault::Secret;
use oauth2::basic::BasicClient;
use oauth2::{AuthUrl, ClientId, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, ResponseType, Scope};
use thiserror::Error;
use url::Url;

use crate::pool::Endpoint;
use crate::random::random;
use crate::{Grant, Provider, SignInOptions, UserPool};
use answer::{Answer, Reading};
pub(crate) use granted::Occasion;
pub use granted::{AuthorizationCode, CallbackTokens, Granted};
pub use mark::AnswerMark;
pub use navigation::{BlockReason, Navigation};
pub use refusal::{Refusal, RefusalCode};

/// How long an attempt may be answered after it was started.
pub const LIFETIME: Duration = Duration::from_mins(5);

/// Names an attempt for as long as it lives; it is random and no secret.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct AttemptId(String);

impl AttemptId {
    /// The name as text: letters, digits, `-` and `_`.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for AttemptId {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Why an attempt could not be started.
#[derive(Debug, Error)]
pub enum StartError {
    /// The system gives no random numbers, without which a sign-in cannot be protected.
    #[error("the system's source of random numbers failed, so no sign-in can be started; restart the computer")]
    Random(#[source] getrandom::Error),
    /// The pool's addresses cannot be put into a request.
    #[error("the login address of the user pool cannot be built; check its domain and callback URL")]
    Address(#[source] url::ParseError),
    /// The pool's grant has no login page, or the pool has no callback.
    #[error("this user pool gives tokens to a machine, so there is nobody to sign in; ask for its token instead")]
    NoLoginPage,
}

/// An attempt to sign in by the pool's grant: the authorization code with PKCE (RFC 6749 §4.1, RFC 7636) or the implicit
/// grant (RFC 6749 §4.2, OpenID Connect Core §3.2).
///
/// It takes one answer at most, only while it is pending, only at the callback, and only with its own state.
pub struct Attempt {
    id: AttemptId,
    pool: UserPool,
    state: Secret,
    nonce: Secret,
    /// The verifier of RFC 7636; the implicit grant has none.
    verifier: Option<Secret>,
    started: SystemTime,
    subject: Option<String>,
    /// The scopes that are asked for, as one text.
    scope: String,
    authorize_url: Url,
    progress: Progress,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Progress {
    Pending,
    Answered,
    Cancelled,
}

/// Who may have made an answer that carries no state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stateless {
    /// The pool: in the window of an attempt nothing comes to the callback but from its pages.
    Pool,
    /// Anybody: every page can send the system's browser to a callback on this computer.
    Anybody,
}

impl Attempt {
    /// Starts an attempt, with a state and a nonce of 256 random bits each, and for a code a verifier of as many.
    ///
    /// # Errors
    /// Fails where the system has no random numbers, and where the pool's grant has no login page.
    pub fn start(pool: &UserPool, options: &SignInOptions, now: SystemTime) -> Result<Self, StartError> {
        let text = || random().map_err(StartError::Random);
        let (state, nonce) = (text()?, text()?);
        let verifier = match pool.grant() {
            Grant::Code => Some(text()?),
            Grant::Implicit => None,
            Grant::ClientCredentials => return Err(StartError::NoLoginPage),
        };
        let authorize_url = authorize_url(pool, options, &state, &nonce, verifier.as_ref())?;
        Ok(Self {
            id: AttemptId(text()?[..16].to_owned()),
            pool: pool.clone(),
            state: Secret::new(state),
            nonce: Secret::new(nonce),
            verifier: verifier.map(Secret::new),
            started: now,
            subject: None,
            scope: options.scope_at(pool),
            authorize_url,
            progress: Progress::Pending,
        })
    }

    /// Starts an attempt that only the user with this subject may answer: a renewal never changes the user.
    ///
    /// # Errors
    /// Fails where the system has no random numbers, and where the pool's grant has no login page.
    pub fn renew(pool: &UserPool, options: &SignInOptions, subject: &str, now: SystemTime) -> Result<Self, StartError> {
        let mut attempt = Self::start(pool, options, now)?;
        attempt.subject = Some(subject.to_owned());
        Ok(attempt)
    }

    /// The name of the attempt.
    pub fn id(&self) -> &AttemptId {
        &self.id
    }

    /// The pool that the attempt signs in at.
    pub fn pool(&self) -> &UserPool {
        &self.pool
    }

    /// The address that the window opens first. It holds state and nonce: it is not for a log.
    ///
    /// A renewal opens the same address: while the session cookie lives the pool answers at once, else it shows its
    /// form. The classic hosted UI knows no `prompt=none`.
    pub fn authorize_url(&self) -> &Url {
        &self.authorize_url
    }

    /// What tells the attempt's answer from the answers to others.
    pub fn mark(&self) -> AnswerMark {
        AnswerMark::new(self.pool.clone(), self.state.clone())
    }

    /// The moment at which the attempt dies.
    pub fn deadline(&self) -> SystemTime {
        self.started + LIFETIME
    }

    /// Gives the attempt up, as closing its window does.
    pub fn cancel(&mut self) {
        if self.progress == Progress::Pending {
            self.progress = Progress::Cancelled;
        }
    }

    /// Judges a navigation of the attempt's window. A frame's navigation cannot be told from the page's own, so
    /// neither is believed without the state.
    pub fn navigation(&mut self, url: &Url, now: SystemTime) -> Navigation {
        if let Some(reason) = self.over(now) {
            return Navigation::Block(reason);
        }
        if self.pool.is_callback(url) {
            return self.answer(url, Stateless::Pool);
        }
        if !matches!(url.scheme(), "http" | "https") {
            return Navigation::Block(BlockReason::Scheme { scheme: url.scheme().to_owned() });
        }
        if self.pool.is_on_domain(url)
            && url.path() == "/error"
            && let Some(refusal) = answer::error_in(url, &self.pool, &self.scope)
        {
            return Navigation::HostedUiError(refusal);
        }
        if provider::refuses_embedded_views(url) {
            return Navigation::ProviderRefuses { host: url.host_str().unwrap_or_default().to_owned() };
        }
        Navigation::Allow
    }

    /// Judges what the system's browser brought to the callback. Any page can send a browser there, so nothing is
    /// believed without the state, not even an error: it neither ends the attempt nor is shown.
    pub fn answer_from_browser(&mut self, url: &Url, now: SystemTime) -> Navigation {
        match self.over(now) {
            Some(reason) => Navigation::Block(reason),
            None if self.pool.is_callback(url) => self.answer(url, Stateless::Anybody),
            None => self.ignore(BlockReason::NotTheCallback),
        }
    }

    /// Why the attempt takes no answer any more, if it does not.
    fn over(&self, now: SystemTime) -> Option<BlockReason> {
        match self.progress {
            Progress::Answered => Some(BlockReason::AlreadyAnswered),
            Progress::Cancelled => Some(BlockReason::Cancelled),
            Progress::Pending => (now >= self.deadline()).then_some(BlockReason::Expired),
        }
    }

    fn answer(&mut self, url: &Url, stateless: Stateless) -> Navigation {
        let reading = match Reading::of(url) {
            Ok(reading) => reading,
            Err(parameter) => return self.ignore(BlockReason::Ambiguous { parameter }),
        };
        match reading.state() {
            Some(state) if state != &self.state => return self.ignore(BlockReason::ForeignState),
            // Cognito's own refusals of the implicit grant were seen to come back without the state.
            None if stateless == Stateless::Anybody || !reading.is_error() => return self.ignore(BlockReason::NoState),
            _ if reading.is_of_another_issuer(&self.pool) => return self.ignore(BlockReason::ForeignIssuer),
            _ => {}
        }
        self.progress = Progress::Answered;
        let granted = match (reading.answer(&self.pool, &self.scope), &self.verifier) {
            (Answer::Error(refusal), _) => Err(refusal),
            (Answer::Code(code), Some(verifier)) => Ok(Granted::Code(AuthorizationCode {
                pool: Box::new(self.pool.clone()),
                nonce: self.nonce.clone(),
                subject: self.subject.clone(),
                scope: self.scope.clone(),
                code,
                verifier: verifier.clone(),
            })),
            (Answer::Tokens { id, access, expires_in }, None) => Ok(Granted::Tokens(CallbackTokens {
                pool: Box::new(self.pool.clone()),
                occasion: Occasion::SignIn {
                    nonce: self.nonce.clone(),
                    subject: self.subject.clone(),
                    scope: self.scope.clone(),
                },
                id_token: id,
                access_token: access,
                refresh_token: None,
                expires_in,
            })),
            (Answer::Code(_) | Answer::Tokens { .. }, _) => {
                Err(Refusal::new(RefusalCode::NoTokens, None, &self.pool, &self.scope))
            }
        };
        Navigation::Callback(granted)
    }

    fn ignore(&self, reason: BlockReason) -> Navigation {
        tracing::warn!(attempt = %self.id, %reason, "an answer was ignored");
        Navigation::Block(reason)
    }
}

impl fmt::Debug for Attempt {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = formatter.debug_struct("Attempt");
        shown.field("id", &self.id).field("pool", &self.pool).field("progress", &self.progress);
        shown.finish_non_exhaustive()
    }
}

fn authorize_url(
    pool: &UserPool,
    options: &SignInOptions,
    state: &str,
    nonce: &str,
    verifier: Option<&String>,
) -> Result<Url, StartError> {
    let endpoint = pool.endpoint(Endpoint::Authorization).ok_or(StartError::NoLoginPage)?;
    let callback = pool.callback().ok_or(StartError::NoLoginPage)?;
    let client = BasicClient::new(ClientId::new(pool.client_id().to_owned()))
        .set_auth_uri(AuthUrl::new(endpoint.into()).map_err(StartError::Address)?)
        .set_redirect_uri(RedirectUrl::new(callback.as_str().to_owned()).map_err(StartError::Address)?);
    let request = client.authorize_url(|| CsrfToken::new(state.to_owned()));
    let mut request = match verifier {
        Some(verifier) => {
            let verifier = PkceCodeVerifier::new(verifier.clone());
            request.set_pkce_challenge(PkceCodeChallenge::from_code_verifier_sha256(&verifier))
        }
        None if pool.provider() == Provider::Cognito => request.use_implicit_flow(),
        // Cognito gives both tokens for `token`; the others give what is asked for (OpenID Connect Core §3.2.2.1).
        None => request.set_response_type(&ResponseType::new("id_token token".to_owned())),
    };
    let scopes = options.scopes_at(pool).map(|scope| Scope::new(scope.to_owned()));
    request = request.add_scopes(scopes).add_extra_param("nonce", nonce);
    for (name, value) in options.parameters() {
        request = request.add_extra_param(name, value);
    }
    Ok(request.url().0)
}

#[cfg(test)]
mod tests;
