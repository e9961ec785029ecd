//! The one place that decides which credentials go with a request.

use std::time::SystemTime;

use gatepass_collection::model::{ApiKeyAuth, TokenAuth, TokenKind};
use gatepass_exchange::exchange::HeaderOrigin;
use gatepass_vault::Secret;

use super::Plan;
use crate::Workbench;
use crate::failure::{Code, Failure};
use crate::tokens::sessions::used;
use crate::views::RequestContext;

/// A credential that a request asks for, whether or not it can be given.
pub(crate) struct Credential {
    pub header: String,
    pub prefix: String,
    pub kind: CredentialKind,
    /// The header as typed or inherited under Headers, where one of the same name goes out instead.
    pub replaced_by_typed: Option<String>,
}

/// What a credential is.
pub(crate) enum CredentialKind {
    /// A token of an identity; nobody where none is chosen.
    Token { identity: Option<String>, token: TokenKind },
    /// An API key; no value where none is stored.
    ApiKey { variable: String, value: Option<Secret>, environment: Option<String> },
}

impl Workbench {
    /// Finds the credentials of a request, after inheritance.
    pub(super) async fn credentials(
        &self,
        plan: &Plan,
        context: &RequestContext,
        id: Option<&str>,
    ) -> Result<Vec<Credential>, Failure> {
        let typed = |header: &str| {
            let fields = plan.effective.headers.iter().map(|header| &header.field.name);
            fields.into_iter().find(|name| name.trim().eq_ignore_ascii_case(header)).cloned()
        };
        let mut credentials = Vec::new();
        if let TokenAuth::Send { token, header, prefix, .. } = &plan.effective.token {
            let identity = chosen(&plan.effective.token, context);
            credentials.push(Credential {
                replaced_by_typed: typed(header.trim()),
                header: header.trim().to_owned(),
                prefix: prefix.trim().to_owned(),
                kind: CredentialKind::Token { identity, token: *token },
            });
        }
        if let ApiKeyAuth::Send { header, variable } = &plan.effective.api_key {
            let environment = plan.environment.as_ref().map(|environment| environment.name.clone());
            let value = self.secret(id, environment.as_deref(), variable).await?;
            credentials.push(Credential {
                replaced_by_typed: typed(header.trim()),
                header: header.trim().to_owned(),
                prefix: String::new(),
                kind: CredentialKind::ApiKey { variable: variable.clone(), value, environment },
            });
        }
        Ok(credentials)
    }
}

/// Whose token goes with a request that takes one along.
pub(crate) fn chosen(token: &TokenAuth, context: &RequestContext) -> Option<String> {
    let own = match token {
        TokenAuth::Send { identity, .. } => identity.as_ref(),
        _ => None,
    };
    context.send_as.as_ref().or(own).or(context.identity.as_ref()).cloned()
}

impl Credential {
    /// Who adds its header.
    pub fn origin(&self) -> HeaderOrigin {
        match self.kind {
            CredentialKind::Token { .. } => HeaderOrigin::Token,
            CredentialKind::ApiKey { .. } => HeaderOrigin::ApiKey,
        }
    }

    /// The secret itself. There is no silent fallback: what cannot be given is an error.
    pub fn value(&self, workbench: &Workbench) -> Result<Secret, Failure> {
        match &self.kind {
            CredentialKind::Token { identity: None, .. } => Err(nobody()),
            CredentialKind::Token { identity: Some(identity), token } => workbench.token(identity, *token),
            CredentialKind::ApiKey { value: Some(value), .. } => Ok(value.clone()),
            CredentialKind::ApiKey { value: None, variable, environment } => Err(Failure::new(
                Code::VariableMissing,
                match environment {
                    Some(environment) => {
                        format!("No API key is stored as {variable} in the environment {environment}.")
                    }
                    None => format!("No API key is stored as {variable}."),
                },
                "Type it under Auth; it is kept in the keychain.",
            )),
        }
    }

    /// What it carries, in words.
    pub fn carries(&self, workbench: &Workbench) -> String {
        match &self.kind {
            CredentialKind::Token { identity, token } => {
                let name = identity.as_deref().and_then(|identity| workbench.identity_name(identity));
                let token = match token {
                    TokenKind::Id => "ID token",
                    TokenKind::Access => "Access token",
                };
                name.map_or_else(|| token.to_owned(), |name| format!("{token} of {name}"))
            }
            CredentialKind::ApiKey { variable, .. } => variable.clone(),
        }
    }

    /// Why it cannot be added, or will not do.
    pub fn warning(&self, workbench: &Workbench, now: SystemTime) -> Option<String> {
        if let Some(typed) = &self.replaced_by_typed {
            return Some(format!("{typed} is typed under Headers and goes out instead"));
        }
        match &self.kind {
            CredentialKind::Token { identity: None, .. } => Some("nobody is chosen".to_owned()),
            CredentialKind::Token { identity: Some(identity), token } => workbench.token_warning(identity, *token, now),
            CredentialKind::ApiKey { value: None, .. } => Some("no key stored".to_owned()),
            CredentialKind::ApiKey { .. } => None,
        }
    }
}

impl Workbench {
    pub(crate) fn identity_name(&self, identity: &str) -> Option<String> {
        let roster = self.roster();
        roster.member(identity).ok().map(|member| roster.name_of(member))
    }

    fn token_warning(&self, identity: &str, token: TokenKind, now: SystemTime) -> Option<String> {
        let roster = self.roster();
        let Ok(member) = roster.member(identity) else { return Some("this identity is gone".to_owned()) };
        match &member.session {
            None if member.locked => Some("the keychain is locked".to_owned()),
            None => Some("signed out".to_owned()),
            Some(session) => {
                let Some(end) = session.expires(used(token)) else {
                    return Some("a machine has no ID token".to_owned());
                };
                let past = now.duration_since(end).ok()?;
                let ago = match past.as_secs() / 60 {
                    0 => "expired just now".to_owned(),
                    minutes @ 1..=119 => format!("expired {minutes} min ago"),
                    minutes => format!("expired {} h ago", minutes / 60),
                };
                Some(if member.over {
                    format!("{ago}, and the session is over")
                } else {
                    format!("{ago}, renewed when sent")
                })
            }
        }
    }
}

fn nobody() -> Failure {
    Failure::new(
        Code::NotSignedIn,
        "The request wants a token, and no identity is chosen.",
        "Choose one in the title bar or under Auth, or set Token to none.",
    )
}
