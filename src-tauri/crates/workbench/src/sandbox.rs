//! The sandbox inside the app: a user pool and a gateway at a click, with an identity and a collection that use them.

use std::sync::Arc;

use gatepass_collection::model::{
    ApiKeyAuth, Auth, Body, Collection, Defaults, Environment, Request, TokenAuth, TokenKind, Variable,
};
use gatepass_identity::PoolFacts;
use gatepass_sandbox::{Description, Options, Sandbox, StartError};
use gatepass_vault::{EntryName, Secret, VaultStatus};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::Workbench;
use crate::failure::{Code, Failure};
use crate::people::pools::pool_view;
use crate::people::roster::StoredPool;
use crate::shelf::{unarranged, unsaved};
use crate::tokens::sessions::keychain_failed;
use crate::views::{Change, SandboxUser, SandboxView, SignInPlace};

/// The environment of the sandbox's collection.
const ENVIRONMENT: &str = "Sandbox";

/// The variable of the sandbox's API key.
const KEY: &str = "apiKey";

/// A sandbox that runs.
pub(crate) struct RunningSandbox {
    sandbox: Sandbox,
    pub view: SandboxView,
}

impl RunningSandbox {
    /// The header that its authorizer reads.
    pub fn token_source(&self) -> String {
        self.sandbox.description().gateway.token_source.clone()
    }
}

/// What is kept of the sandbox between sessions.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(crate) struct StoredSandbox {
    running: bool,
    port: u16,
    gateway_port: u16,
    collection: Option<String>,
}

impl Workbench {
    /// Starts the sandbox with its pool, identity and collection.
    ///
    /// # Errors
    /// Says why it could not be started.
    pub async fn start_sandbox(self: &Arc<Self>) -> Result<SandboxView, Failure> {
        let mut running = self.sandbox.lock().await;
        if let Some(running) = running.as_ref() {
            return Ok(running.view.clone());
        }
        let mut stored: StoredSandbox = self.sandbox_file.read();
        let vault = self.vault().await;
        // Without the old keys and a place for new ones there would be sign-ins that nobody can take up again.
        let keys = vault.read(&keys_entry()).await.map_err(|error| keychain_failed(&error))?;
        let keys = keys.map(|keys| keys.expose().to_owned());
        let sandbox = start(&stored, keys.clone()).await.map_err(|error| {
            Failure::from_error(Code::SandboxFailed, &error, "Close what uses the ports, or try again.")
        })?;
        if keys.as_deref() != Some(sandbox.saved_keys()) {
            let written = vault.write(&keys_entry(), &Secret::new(sandbox.saved_keys())).await;
            written.map_err(|error| keychain_failed(&error))?;
        }
        let description = sandbox.description().clone();
        let pool = self.sandbox_pool(&description).await?;
        let collection = self.sandbox_collection(stored.collection.as_deref(), &description).await?;
        stored = StoredSandbox {
            running: true,
            port: port_of(&description.pool.domain),
            gateway_port: port_of(&description.gateway.invoke_url),
            collection: Some(collection.root.clone()),
        };
        self.sandbox_file.write(&stored)?;
        let view = view(&description, pool, collection.root);
        *running = Some(RunningSandbox { sandbox, view: view.clone() });
        self.shell.changed(Change::Sandbox { sandbox: view.clone() });
        Ok(view)
    }

    /// Looks at the sandbox, unless it is being started or stopped at this moment.
    pub(crate) fn running_sandbox<T>(&self, look: impl FnOnce(&RunningSandbox) -> T) -> Option<T> {
        self.sandbox.try_lock().ok()?.as_ref().map(look)
    }

    /// Stops the sandbox.
    ///
    /// # Errors
    /// Fails where the app's data folder cannot be written.
    pub async fn stop_sandbox(&self) -> Result<(), Failure> {
        if let Some(running) = self.sandbox.lock().await.take() {
            running.sandbox.stop().await;
        }
        let stored: StoredSandbox = self.sandbox_file.read();
        self.sandbox_file.write(&StoredSandbox { running: false, ..stored })
    }

    /// A sandbox that ran when the app was closed runs again.
    pub(crate) async fn restart_sandbox(self: &Arc<Self>) {
        let stored: StoredSandbox = self.sandbox_file.read();
        let locked = self.vault.get().is_some_and(|vault| vault.status() == VaultStatus::Locked);
        if stored.running
            && !locked
            && let Err(failure) = self.start_sandbox().await
        {
            tracing::warn!(error = failure.message, "the sandbox could not be started again");
        }
    }

    async fn sandbox_pool(&self, description: &Description) -> Result<String, Failure> {
        let client = description.pool.clients.first().ok_or_else(|| empty("client"))?;
        let facts = PoolFacts {
            domain: description.pool.domain.clone(),
            client_id: client.id.clone(),
            region: None,
            pool_id: Some(description.pool.pool_id.clone()),
            issuer: Some(description.pool.issuer.clone()),
            callback: client.callbacks.first().ok_or_else(|| empty("callback"))?.clone(),
            scopes: client.scopes.clone(),
            ..PoolFacts::default()
        };
        let moved = self.roster().pools.iter().find(|pool| pool.sandbox).and_then(|pool| {
            let same = pool.facts.domain == facts.domain && pool.facts.issuer == facts.issuer;
            (!same).then(|| pool.id.clone())
        });
        if let Some(pool) = moved {
            self.forget_tokens_of(&pool).await?;
        }
        let mut roster = self.roster();
        let index = roster.pools.iter().position(|pool| pool.sandbox).unwrap_or_else(|| {
            roster.pools.push(StoredPool {
                id: Uuid::new_v4().to_string(),
                name: "Sandbox pool".to_owned(),
                facts: facts.clone(),
                learned: false,
                sandbox: true,
                place: SignInPlace::default(),
                client_secret: false,
            });
            roster.pools.len() - 1
        });
        roster.pools[index].facts = facts;
        let pool = pool_view(&roster.pools[index]);
        let without_identity = !roster.members.iter().any(|member| member.stored.pool == pool.id);
        let identity = without_identity.then(|| roster.add_member(pool.id.clone(), String::new()));
        roster.write()?;
        drop(roster);
        let id = pool.id.clone();
        self.shell.changed(Change::Pool { pool: Box::new(pool) });
        if let Some(identity) = identity {
            self.tell_identity(&identity);
        }
        Ok(id)
    }

    async fn sandbox_collection(
        self: &Arc<Self>,
        former: Option<&str>,
        description: &Description,
    ) -> Result<Collection, Failure> {
        let known = match former {
            Some(root) => self.open_collection(root.to_owned()).await.ok(),
            None => None,
        };
        let collection = match known {
            Some(collection) => collection,
            None => self.new_sandbox_collection(description).await?,
        };
        let root = collection.root.clone();
        let invoke_url = description.gateway.invoke_url.clone();
        self.with_files(&root, move |volume| {
            let environments = volume.folder.read().environments;
            let known = environments.into_iter().find(|environment| environment.name == ENVIRONMENT);
            let former = known.as_ref().map(|environment| environment.name.clone());
            let environment = with_invoke_url(known.unwrap_or_default(), invoke_url);
            volume.folder.save_environment(former.as_deref(), &environment).map_err(|error| unarranged(&error))
        })
        .await?;
        if let Some(key) = description.gateway.api_keys.iter().find(|key| key.enabled) {
            let environment = Some(ENVIRONMENT.to_owned());
            self.set_secret(root, environment, KEY.to_owned(), key.value.clone()).await?;
        }
        Ok(collection)
    }

    async fn new_sandbox_collection(self: &Arc<Self>, description: &Description) -> Result<Collection, Failure> {
        let place = self.own_place()?;
        let names = std::iter::once("PetStore".to_owned()).chain((2..100).map(|number| format!("PetStore {number}")));
        let free =
            names.into_iter().find(|name| !place.join(name).exists()).unwrap_or_else(|| Uuid::new_v4().to_string());
        let collection = self.create_collection(place.into_string(), free).await?;
        let defaults = sandbox_defaults(&description.gateway.token_source);
        self.with_files(&collection.root, move |volume| {
            volume.folder.save_defaults("", &defaults, None).map_err(|error| unsaved(&error))?;
            for request in sandbox_requests() {
                volume.folder.create_request("", &request, None).map_err(|error| unarranged(&error))?;
            }
            Ok(())
        })
        .await?;
        self.open_collection(collection.root).await
    }
}

/// Where the keys of the sandbox's pool lie.
fn keys_entry() -> EntryName {
    EntryName::new("sandbox/keys")
}

/// Takes the ports and keys of the last time again, so that who was signed in still is; other ones where that fails.
async fn start(stored: &StoredSandbox, keys: Option<String>) -> Result<Sandbox, StartError> {
    let again = Options { port: stored.port, gateway_port: stored.gateway_port, keys, ..Options::default() };
    match Sandbox::start(again).await {
        Ok(sandbox) => Ok(sandbox),
        Err(_) => Sandbox::start(Options::default()).await,
    }
}

fn sandbox_defaults(token_source: &str) -> Defaults {
    Defaults {
        auth: Auth {
            token: TokenAuth::Send {
                identity: None,
                token: TokenKind::Id,
                header: token_source.to_owned(),
                prefix: String::new(),
            },
            api_key: ApiKeyAuth::Send { header: "x-api-key".to_owned(), variable: KEY.to_owned() },
        },
        ..Defaults::default()
    }
}

fn sandbox_requests() -> [Request; 3] {
    let request = |name: &str, method: &str, path: &str| Request {
        name: name.to_owned(),
        method: method.to_owned(),
        url: format!("{{{{invokeUrl}}}}{path}"),
        ..Request::default()
    };
    let pet = "{\n  \"type\": \"dog\",\n  \"price\": 249.99\n}".to_owned();
    [
        request("List pets", "GET", "/pets"),
        request("Show a pet", "GET", "/pets/1"),
        Request { body: Body::Json { text: pet }, ..request("Add a pet", "POST", "/pets") },
    ]
}

fn with_invoke_url(mut environment: Environment, value: String) -> Environment {
    ENVIRONMENT.clone_into(&mut environment.name);
    match environment.variables.iter_mut().find(|variable| variable.name == "invokeUrl") {
        Some(variable) => variable.value = value,
        None => environment.variables.push(Variable { name: "invokeUrl".to_owned(), value, ..Variable::default() }),
    }
    environment
}

fn view(description: &Description, pool: String, collection: String) -> SandboxView {
    let users = description.pool.users.iter().map(|user| SandboxUser {
        username: user.username.clone(),
        password: user.password.clone(),
        temporary: user.temporary,
    });
    SandboxView {
        address: description.pool.domain.trim_start_matches("http://").to_owned(),
        invoke_url: description.gateway.invoke_url.clone(),
        pool,
        collection,
        users: users.collect(),
    }
}

fn port_of(url: &str) -> u16 {
    url::Url::parse(url).ok().and_then(|url| url.port()).unwrap_or_default()
}

fn empty(what: &str) -> Failure {
    Failure::new(Code::SandboxFailed, format!("The sandbox has no {what}."), "Install Gatepass again.")
}
