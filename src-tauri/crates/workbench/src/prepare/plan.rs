//! What a request comes to in its surroundings, before anything is put together.

use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

use gatepass_collection::inherit::{Effective, effective};
use gatepass_collection::model::{ApiKeyAuth, Body, Collection, Environment, Item, Request};
use gatepass_collection::variables::{Scope, names};

use super::Credential;
use crate::Workbench;
use crate::failure::Failure;
use crate::views::RequestContext;

/// Stands for the uuid of a collection in which no secret was ever kept.
const NO_SECRETS: &str = "none";

/// A request's surroundings: what it inherits, its variables, its credentials.
pub(crate) struct Plan {
    pub collection: Option<Arc<Collection>>,
    /// The request's file, or a name in the folder that it would go to.
    pub path: String,
    pub effective: Effective,
    pub environment: Option<Environment>,
    pub scope: Scope,
    pub credentials: Vec<Credential>,
}

impl Plan {
    /// The collection's folder, to which paths are relative.
    pub fn folder(&self) -> Option<&Path> {
        self.collection.as_ref().map(|collection| Path::new(collection.root.as_str()))
    }
}

impl Workbench {
    /// Finds out what a request inherits and reads the secrets that it mentions.
    pub(crate) async fn plan(&self, context: &RequestContext, request: &Request) -> Result<Plan, Failure> {
        let root = context.collection.as_deref().filter(|root| !root.is_empty());
        let collection = root.map(|root| self.shelf.volume(root)).transpose()?.map(|volume| volume.tree());
        let path = place(collection.as_deref(), context.path.as_deref().unwrap_or_default());
        let effective = match &collection {
            Some(collection) => effective(collection, &path, request),
            None => effective(&nothing(), &path, request),
        };
        let environment = collection.as_ref().and_then(|all| chosen(all, context.environment.as_deref()));
        let mut plan = Plan { collection, path, effective, environment, scope: Scope::new(), credentials: Vec::new() };
        let id = plan.collection.as_ref().map(|collection| match collection.id.as_str() {
            "" => NO_SECRETS.to_owned(),
            id => id.to_owned(),
        });
        self.fill_scope(&mut plan, request, id.as_deref()).await?;
        plan.credentials = self.credentials(&plan, context, id.as_deref()).await?;
        Ok(plan)
    }

    /// Plain variables as they are; of the secret ones only those that are mentioned are read.
    async fn fill_scope(&self, plan: &mut Plan, request: &Request, id: Option<&str>) -> Result<(), Failure> {
        let mut mentioned = mentioned(request, &plan.effective);
        let name = plan.environment.as_ref().map(|environment| environment.name.clone());
        if let Some(environment) = &plan.environment {
            let values = environment.variables.iter().filter(|variable| !variable.secret && !variable.disabled);
            mentioned.extend(values.flat_map(|variable| names(&variable.value)).map(|mention| mention.name));
        }
        let is_plain = |wanted: &String| {
            let variables = plan.environment.iter().flat_map(|environment| &environment.variables);
            variables.into_iter().any(|variable| variable.name == *wanted && !variable.secret && !variable.disabled)
        };
        let wanted: Vec<String> = mentioned.into_iter().filter(|name| !is_plain(name)).collect();
        let mut values = self.secrets(id, name.as_deref(), &wanted).await?;
        for declared in plan.collection.iter().flat_map(|collection| &collection.secrets) {
            plan.scope.set_secret(declared, values.get(declared).cloned());
        }
        if let Some(environment) = &plan.environment {
            plan.scope.add(environment, |name| values.remove(name));
        }
        for (name, value) in values {
            plan.scope.set_secret(name, Some(value));
        }
        Ok(())
    }
}

/// A request that was never saved lies in the folder that it would go to.
fn place(collection: Option<&Collection>, path: &str) -> String {
    let is_folder = collection.is_some_and(|collection| has_folder(&collection.items, path));
    if is_folder { format!("{path}/") } else { path.to_owned() }
}

fn has_folder(items: &[Item], wanted: &str) -> bool {
    items.iter().any(|item| match item {
        Item::Folder { path, items, .. } => path == wanted || has_folder(items, wanted),
        _ => false,
    })
}

/// The environment that was chosen, or the only one there is.
fn chosen(collection: &Collection, name: Option<&str>) -> Option<Environment> {
    let named = collection.environments.iter().find(|environment| Some(environment.name.as_str()) == name);
    match (named, collection.environments.as_slice()) {
        (Some(named), _) => Some(named.clone()),
        (None, [only]) => Some(only.clone()),
        (None, _) => None,
    }
}

fn nothing() -> Collection {
    Collection {
        id: String::new(),
        name: String::new(),
        root: String::new(),
        defaults: gatepass_collection::model::Defaults::default(),
        items: Vec::new(),
        environments: Vec::new(),
        secrets: Vec::new(),
        problems: Vec::new(),
    }
}

fn mentioned(request: &Request, effective: &Effective) -> BTreeSet<String> {
    let mut texts: Vec<&str> = vec![&request.url, &request.method];
    texts.extend(request.params.iter().map(|parameter| parameter.value.as_str()));
    texts.extend(effective.headers.iter().flat_map(|header| [header.field.name.as_str(), header.field.value.as_str()]));
    match &request.body {
        Body::Json { text } | Body::Text { text } | Body::Xml { text } => texts.push(text),
        Body::Form { fields } => {
            texts.extend(fields.iter().flat_map(|field| [field.name.as_str(), field.value.as_str()]));
        }
        Body::Multipart { parts } => {
            texts.extend(parts.iter().flat_map(|part| [part.name.as_str(), part.value.as_str()]));
        }
        Body::File { path, .. } => texts.push(path),
        Body::None | Body::Foreign { .. } => {}
    }
    let mut all: BTreeSet<String> = texts.into_iter().flat_map(names).map(|mention| mention.name).collect();
    if let ApiKeyAuth::Send { variable, .. } = &effective.api_key {
        all.insert(variable.clone());
    }
    all
}
