//! The pass line: what would go out, secrets masked.

use std::time::SystemTime;

use gatepass_collection::inherit::effective;
use gatepass_collection::model::{ApiKeyAuth, Auth, Item, Request, TokenAuth};
use gatepass_exchange::exchange::HeaderOrigin;

use crate::Workbench;
use crate::failure::{Code, Failure};
use crate::prepare::{CredentialKind, Plan};
use crate::views::{Inherited, Pass, Preview, RequestContext};

impl Workbench {
    /// Tells what would go out.
    ///
    /// # Errors
    /// Fails where the request's collection is not open or the keychain is locked; what would stop the request itself
    /// is told among the problems.
    pub async fn preview(&self, context: RequestContext, request: Request) -> Result<Preview, Failure> {
        self.note_use();
        let plan = self.plan(&context, &request).await?;
        let (url, problems) = match self.prepare(&plan, &request) {
            Ok(prepared) => (prepared.mask().apply(prepared.url.as_str()).into_owned(), Vec::new()),
            Err(failure) => (String::new(), vec![failure]),
        };
        let silent = Request { auth: Auth::default(), ..request.clone() };
        let inherited = plan.collection.as_deref().map(|collection| effective(collection, &plan.path, &silent));
        let key_stored = plan
            .credentials
            .iter()
            .any(|credential| matches!(&credential.kind, CredentialKind::ApiKey { value: Some(_), .. }));
        Ok(Preview {
            url,
            passes: self.passes(&plan, &request),
            auth: Auth { token: plan.effective.token.clone(), api_key: plan.effective.api_key.clone() },
            token_from: origin(&plan, &plan.effective.token_origin, request.auth.token == TokenAuth::Inherit),
            api_key_from: origin(&plan, &plan.effective.api_key_origin, request.auth.api_key == ApiKeyAuth::Inherit),
            inherited_token: inherited.as_ref().map_or(TokenAuth::None, |inherited| inherited.token.clone()),
            inherited_api_key: inherited.map_or(ApiKeyAuth::None, |inherited| inherited.api_key),
            api_key_stored: key_stored,
            problems: problems.into_iter().filter(|failure| failure.code != Code::Internal).collect(),
        })
    }

    fn passes(&self, plan: &Plan, request: &Request) -> Vec<Pass> {
        let now = SystemTime::now();
        let credentials = plan.credentials.iter().map(|credential| Pass {
            header: credential.header.clone(),
            carries: credential.carries(self),
            origin: credential.origin(),
            warning: credential.warning(self, now),
        });
        let own = |name: &str| {
            let on = request.headers.iter().filter(|field| !field.disabled);
            on.into_iter().any(|field| field.name.trim().eq_ignore_ascii_case(name.trim()))
        };
        let inherited = plan.effective.headers.iter().filter(|header| !own(&header.field.name)).map(|header| Pass {
            header: header.field.name.clone(),
            carries: header.field.value.clone(),
            origin: HeaderOrigin::Typed,
            warning: None,
        });
        credentials.chain(inherited).collect()
    }
}

/// Where something comes from, if it is inherited and anybody says anything.
fn origin(plan: &Plan, path: &str, inherits: bool) -> Option<Inherited> {
    let collection = plan.collection.as_deref().filter(|_| inherits)?;
    let name = if path.is_empty() { collection.name.clone() } else { label(&collection.items, path)? };
    Some(Inherited { path: path.to_owned(), name })
}

fn label(items: &[Item], wanted: &str) -> Option<String> {
    items.iter().find_map(|item| match item {
        Item::Folder { path, name, .. } if path == wanted => Some(name.clone()),
        Item::Folder { items, .. } => label(items, wanted),
        _ => None,
    })
}
