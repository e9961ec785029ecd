//! What a sign-in asks of the hosted UI beyond what the pool itself says.

use serde::{Deserialize, Serialize};
use specta::Type;
use thiserror::Error;

use crate::UserPool;
use crate::pool::pattern::{Bounded, given, read_scopes};

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
        let tidy = |text: &Option<String>| text.as_deref().and_then(given).map(str::to_owned);
        let prompt = tidy(&self.prompt);
        if let Some(found) = prompt.as_deref().filter(|prompt| !PROMPTS.contains(prompt)) {
            return Err(OptionsError::Prompt { found: Bounded(found).to_string() });
        }
        let extra_scopes = read_scopes(&self.extra_scopes).map_err(|found| OptionsError::Scope { found })?;
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

    /// The scopes that are asked for as one text, as it goes over the wire (RFC 6749 §3.3).
    pub(crate) fn scope_at(&self, pool: &UserPool) -> String {
        self.scopes_at(pool).collect::<Vec<_>>().join(" ")
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

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::{Attempt, PoolFacts};

    fn options() -> SignInOptions {
        SignInOptions {
            identity_provider: Some(" Google ".into()),
            idp_identifier: Some("  ".into()),
            login_hint: Some("ada@example.com".into()),
            lang: Some("de".into()),
            prompt: Some("select_account".into()),
            resource: Some("https://api.example.com".into()),
            extra_scopes: vec!["shop/read shop/write".into(), "openid".into(), "shop/read".into()],
        }
    }

    #[test]
    fn options_are_tidied_and_sent_by_their_names_on_the_wire() {
        let options = options().checked().unwrap();
        let sent: Vec<(&str, &str)> = options.parameters().collect();
        assert_eq!(
            sent,
            [
                ("identity_provider", "Google"),
                ("login_hint", "ada@example.com"),
                ("lang", "de"),
                ("prompt", "select_account"),
                ("resource", "https://api.example.com"),
            ]
        );
        assert_eq!(SignInOptions::default().checked().unwrap().parameters().count(), 0);
    }

    #[test]
    fn a_sign_in_asks_for_each_scope_once_and_carries_the_options() {
        let pool = UserPool::new(&PoolFacts {
            domain: "https://login.example.com".into(),
            client_id: "abc".into(),
            callback: "https://example.com/".into(),
            scopes: vec!["openid email".into()],
            ..PoolFacts::default()
        });
        let options = options().checked().unwrap();
        let attempt = Attempt::start(&pool.unwrap(), &options, std::time::SystemTime::UNIX_EPOCH).unwrap();
        let url = attempt.authorize_url();
        let sent = |name: &str| url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned());
        assert_eq!(sent("scope").as_deref(), Some("openid email shop/read shop/write"));
        assert_eq!(sent("login_hint").as_deref(), Some("ada@example.com"));
        assert_eq!(sent("idp_identifier"), None);
    }

    #[rstest]
    #[case::prompt(SignInOptions { prompt: Some("always".into()), ..options() }, "the prompt is \"always\"")]
    #[case::scope(SignInOptions { extra_scopes: vec!["a\"b".into()], ..options() }, "a scope is")]
    fn an_option_that_cannot_be_sent_is_named(#[case] options: SignInOptions, #[case] expected: &str) {
        let error = options.checked().unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }
}
