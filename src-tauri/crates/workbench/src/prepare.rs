//! From a request as typed to one that is ready to go. Send and preview both come through here.
//!
//! ```text
//! Request ──plan──▶ Plan ──prepare──▶ Prepared
//!            KeychainLocked    VariableMissing, UrlInvalid, HeaderInvalid, BodyInvalid, NotSignedIn
//! ```

mod body;
mod credentials;
mod plan;
mod url;

use gatepass_collection::model::Request;
use gatepass_collection::variables::{RenderError, Rendered, Scope, render};
use gatepass_exchange::exchange::HeaderOrigin;
use gatepass_exchange::{HeaderError, Prepared, PreparedHeader};
use gatepass_vault::Secret;
use std::time::Duration;

use crate::Workbench;
use crate::failure::{Code, Failure};

pub(crate) use credentials::{Credential, CredentialKind, chosen};
pub(crate) use plan::Plan;

/// Resolves variables, and remembers the secrets that went in.
pub(crate) struct Resolver<'a> {
    scope: &'a Scope,
    secrets: Vec<Secret>,
}

impl Resolver<'_> {
    /// Resolves a text; `place` says where it stands, for the error.
    fn text(&mut self, text: &str, place: &str) -> Result<Rendered, Failure> {
        let rendered = render(text, self.scope).map_err(|error| unresolved(&error, place))?;
        for secret in rendered.secrets() {
            if !self.secrets.contains(&secret) {
                self.secrets.push(secret);
            }
        }
        Ok(rendered)
    }
}

impl Workbench {
    /// Makes a request ready to go.
    pub(crate) fn prepare(&self, plan: &Plan, request: &Request) -> Result<Prepared, Failure> {
        let mut resolver = Resolver { scope: &plan.scope, secrets: Vec::new() };
        let url = url::resolve(request, &mut resolver)?;
        let method = resolver.text(request.method.trim(), "the method")?.expose();
        let mut prepared = Prepared::new(&method, url)
            .map_err(|error| Failure::from_error(Code::HeaderInvalid, &error, "Choose another method."))?;
        prepared.headers = self.headers(plan, &mut resolver)?;
        prepared.content = body::content(&request.body, plan.folder(), &mut resolver)?;
        let settings = &plan.effective.settings;
        prepared.follow_redirects = settings.follow_redirects;
        prepared.max_redirects = settings.max_redirects;
        prepared.timeout = (settings.timeout > 0).then(|| Duration::from_millis(settings.timeout.into()));
        prepared.secrets = resolver.secrets;
        Ok(prepared)
    }

    /// The header fields that are typed or inherited, then the credentials.
    fn headers(&self, plan: &Plan, resolver: &mut Resolver<'_>) -> Result<Vec<PreparedHeader>, Failure> {
        let mut headers = Vec::new();
        for header in &plan.effective.headers {
            let field = &header.field;
            let name = resolver.text(field.name.trim(), "a header's name")?.expose();
            let value = resolver.text(&field.value, &format!("the header {}", field.name))?.expose();
            headers.push(PreparedHeader::new(&name, &value, HeaderOrigin::Typed).map_err(|error| malformed(&error))?);
        }
        for credential in plan.credentials.iter().filter(|credential| credential.replaced_by_typed.is_none()) {
            let value = credential.value(self)?;
            let header =
                PreparedHeader::credential(&credential.header, &credential.prefix, &value, credential.origin());
            headers.push(header.map_err(|error| malformed(&error))?);
        }
        Ok(headers)
    }
}

fn malformed(error: &HeaderError) -> Failure {
    Failure::from_error(Code::HeaderInvalid, error, "")
}

fn unresolved(error: &RenderError, place: &str) -> Failure {
    let mut failure = Failure::from_error(Code::VariableMissing, error, "");
    failure.message = format!("In {place}: {}", failure.message);
    failure
}
