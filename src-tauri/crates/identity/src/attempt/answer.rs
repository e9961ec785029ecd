//! Reading the parameters of a redirect, from its query and from its fragment.

use std::borrow::Cow;

use gatepass_vault::Secret;
use url::{Url, form_urlencoded};

use super::{Refusal, RefusalCode};
use crate::{Grant, UserPool};

/// What an answer says, once it is known to be the attempt's own.
pub(super) enum Answer {
    Tokens { id: Option<Secret>, access: Option<Secret>, expires_in: Option<u64> },
    Code(Secret),
    Error(Refusal),
}

/// The parameters of a redirect that matter, by name: neither their order nor their place is stable.
///
/// Tokens are taken from the fragment only, which never leaves the browser (RFC 6749 §4.2.2), a code from the query only
/// (§4.1.2); errors and the state from both, since Cognito puts its errors into the query and other providers into the fragment.
#[derive(Default)]
pub(super) struct Reading {
    state: Option<Secret>,
    error: Option<String>,
    description: Option<String>,
    id_token: Option<Secret>,
    access_token: Option<Secret>,
    /// The life of the access token in seconds (RFC 6749 §4.2.2); one that is no number counts as absent.
    expires_in: Option<u64>,
    code: Option<Secret>,
    issuer: Option<String>,
}

impl Reading {
    /// Reads a redirect, or names the parameter that it gives twice with two values.
    pub(super) fn of(url: &Url) -> Result<Self, &'static str> {
        let mut reading = Self::default();
        for (name, value) in url.query_pairs() {
            reading.take(&name, value, false)?;
        }
        // A single-page application's router puts a slash in front: `#/access_token=…`.
        let fragment = url.fragment().unwrap_or_default().trim_start_matches(['/', '?', '&']);
        for (name, value) in form_urlencoded::parse(fragment.as_bytes()) {
            reading.take(&name, value, true)?;
        }
        Ok(reading)
    }

    fn take(&mut self, name: &str, value: Cow<'_, str>, in_fragment: bool) -> Result<(), &'static str> {
        match name {
            "state" => once(&mut self.state, Secret::new(value), "state"),
            "error" => once(&mut self.error, value.into_owned(), "error"),
            "error_description" => {
                self.description.get_or_insert_with(|| value.into_owned());
                Ok(())
            }
            "expires_in" if in_fragment => {
                self.expires_in = self.expires_in.or_else(|| value.parse().ok());
                Ok(())
            }
            "id_token" if in_fragment => once(&mut self.id_token, Secret::new(value), "id_token"),
            "code" if !in_fragment => once(&mut self.code, Secret::new(value), "code"),
            "iss" => once(&mut self.issuer, value.into_owned(), "iss"),
            "access_token" if in_fragment => once(&mut self.access_token, Secret::new(value), "access_token"),
            _ => Ok(()),
        }
    }

    pub(super) fn state(&self) -> Option<&Secret> {
        self.state.as_ref()
    }

    /// Tells whether the answer names another issuer than the pool's; most name none (RFC 9207 §2.4).
    pub(super) fn is_of_another_issuer(&self, pool: &UserPool) -> bool {
        match (&self.issuer, pool.issuer()) {
            (Some(found), Some(expected)) => found != expected.as_str(),
            _ => false,
        }
    }

    pub(super) fn is_error(&self) -> bool {
        self.error.is_some()
    }

    /// Reads the answer to what was asked for by these scopes.
    pub(super) fn answer(self, pool: &UserPool, scope: &str) -> Answer {
        if let Some(error) = self.error {
            return Answer::Error(Refusal::of(&error, self.description.as_deref(), &[], pool, scope));
        }
        if pool.grant() == Grant::Code
            && let Some(code) = self.code.filter(|code| !code.is_empty())
        {
            return Answer::Code(code);
        }
        if self.id_token.is_none() && self.access_token.is_none() {
            return Answer::Error(Refusal::new(RefusalCode::NoTokens, None, pool, scope));
        }
        Answer::Tokens { id: self.id_token, access: self.access_token, expires_in: self.expires_in }
    }
}

/// Reads the error of the login domain's own error page.
pub(super) fn error_in(page: &Url, pool: &UserPool, scope: &str) -> Option<Refusal> {
    let reading = Reading::of(page).ok()?;
    Some(Refusal::of(&reading.error?, reading.description.as_deref(), &[], pool, scope))
}

fn once<T: PartialEq>(place: &mut Option<T>, value: T, name: &'static str) -> Result<(), &'static str> {
    match place {
        Some(known) if *known != value => Err(name),
        _ => {
            *place = Some(value);
            Ok(())
        }
    }
}
