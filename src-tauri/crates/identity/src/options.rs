//! What a sign-in asks of the hosted UI beyond what the pool itself says.

use serde::{Deserialize, Serialize};
use specta::Type;
use thiserror::Error;

use crate::UserPool;
use crate::pool::pattern::{Bounded, is_scope};

/// What an identity asks of the hosted UI; an absent field is not sent.
///
/// Source: Cognito's authorize endpoint; OpenID Connect Core §3.1.2.1; RFC 8707 for `resource`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields, default)]
pub struct SignInOptions {
    /// The name of the identity provider that is gone to at once, such as `Google`.
    pub identity_provider: Option<String>,
    /// An identifier of the identity provider, such as the domain of an e-mail address.
    pub idp_identifier: Option<String>,
    /// The user name that stands in the form already.
    pub login_hint: Option<String>,
    /// The language of managed login's pages, such as `de`.
    pub lang: Option<String>,
    /// Whether managed login asks although a session lives: `none`, `login`, `select_account`, `consent`.
    pub prompt: Option<String>,
    /// The API that the access token is for, as its `aud`.
    pub resource: Option<String>,
    /// Scopes beside the pool's own.
    pub extra_scopes: Vec<String>,
}

/// Why the options of a sign-in cannot be sent.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum OptionsError {
    /// The prompt is none of the four.
    #[error("the prompt is {found}; expected none, login, select_account or consent")]
    Prompt {
        /// What was found.
        found: String,
    },
    /// A scope has a sign that no scope has.
    #[error("a scope is {found}; expected names such as openid, email or shop/read, separated by spaces")]
    Scope {
        /// What was found.
        found: String,
    },
}

impl SignInOptions {
    /// Checks the options; an empty field counts as absent, and blanks around a value are taken off.
    ///
    /// # Errors
    /// Names the first field that cannot be right, and what is expected.
    pub fn checked(&self) -> Result<Self, OptionsError> {
        let tidy =
            |text: &Option<String>| text.as_deref().map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned);
        let prompt = tidy(&self.prompt);
        if let Some(found) = prompt.as_deref().filter(|prompt| !PROMPTS.contains(prompt)) {
            return Err(OptionsError::Prompt { found: Bounded(found).to_string() });
        }
        let extra_scopes: Vec<String> =
            self.extra_scopes.iter().flat_map(|scope| scope.split_whitespace()).map(str::to_owned).collect();
        if let Some(found) = extra_scopes.iter().find(|scope| !is_scope(scope)) {
            return Err(OptionsError::Scope { found: Bounded(found).to_string() });
        }
        Ok(Self {
            identity_provider: tidy(&self.identity_provider),
            idp_identifier: tidy(&self.idp_identifier),
            login_hint: tidy(&self.login_hint),
            lang: tidy(&self.lang),
            prompt,
            resource: tidy(&self.resource),
            extra_scopes,
        })
    }

    /// The scopes that are asked for: the pool's own, and the extra ones that are not among them.
    pub(crate) fn scopes_at<'a>(&'a self, pool: &'a UserPool) -> impl Iterator<Item = &'a str> {
        let extra = self.extra_scopes.iter().filter(|scope| !pool.scopes().contains(scope));
        pool.scopes().iter().chain(extra).map(String::as_str)
    }

    /// The parameters that are sent, by their names on the wire.
    pub(crate) fn parameters(&self) -> impl Iterator<Item = (&'static str, &str)> {
        [
            ("identity_provider", &self.identity_provider),
            ("idp_identifier", &self.idp_identifier),
            ("login_hint", &self.login_hint),
            ("lang", &self.lang),
            ("prompt", &self.prompt),
            ("resource", &self.resource),
        ]
        .into_iter()
        .filter_map(|(name, value)| Some((name, value.as_deref()?)))
    }
}

const PROMPTS: [&str; 4] = ["none", "login", "select_account", "consent"];
