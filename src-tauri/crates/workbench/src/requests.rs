//! Saved requests, folders and environments.

use std::sync::PoisonError;

use gatepass_collection::model::{ApiKeyAuth, Defaults, Environment, ItemPath, Request, TokenAuth};
use gatepass_collection::{Flow, PoolFacts};
use gatepass_identity::{Endpoint, Grant};

use crate::Workbench;
use crate::failure::{Code, Failure};
use crate::shelf::{blocking, unarranged, unread, unsaved};
use crate::views::OpenedRequest;

impl Workbench {
    /// Opens a request.
    ///
    /// # Errors
    /// Says which file cannot be read, and where it is broken.
    pub async fn open_request(&self, collection: String, path: ItemPath) -> Result<OpenedRequest, Failure> {
        let volume = self.shelf.volume(&collection)?;
        blocking(move || {
            let saved = volume.folder.request(&path).map_err(|error| unread(&error))?;
            Ok(OpenedRequest { path, request: saved.value, version: saved.version.as_str().to_owned() })
        })
        .await?
    }

    /// Saves a request over the version it was opened in; `force` overwrites what another program changed since.
    ///
    /// # Errors
    /// Says why the file was not written; it is then as it was.
    pub async fn save_request(
        &self,
        collection: String,
        path: ItemPath,
        request: Request,
        version: String,
        force: bool,
    ) -> Result<OpenedRequest, Failure> {
        let facts = self.facts_for(&request.auth.token);
        let request = with_label(request, &path);
        self.with_files(&collection, move |volume| {
            let base = (!force).then(|| version.into());
            let report = volume
                .folder
                .save_request(&path, &request, base.as_ref(), facts.as_ref())
                .map_err(|error| unsaved(&error))?;
            Ok(OpenedRequest { path, request, version: report.version.as_str().to_owned() })
        })
        .await
    }

    /// Makes a request in a folder. A key that was typed before the request had a collection moves into it.
    ///
    /// # Errors
    /// Says why the file was not made.
    pub async fn create_request(
        &self,
        collection: String,
        folder: ItemPath,
        request: Request,
    ) -> Result<OpenedRequest, Failure> {
        let facts = self.facts_for(&request.auth.token);
        let key = match &request.auth.api_key {
            ApiKeyAuth::Send { variable, .. } => Some(variable.clone()),
            ApiKeyAuth::Inherit | ApiKeyAuth::None => None,
        };
        let opened = self
            .with_files(&collection, move |volume| {
                let path = volume
                    .folder
                    .create_request(&folder, &request, facts.as_ref())
                    .map_err(|error| unarranged(&error))?;
                let saved = volume.folder.request(&path).map_err(|error| unread(&error))?;
                Ok(OpenedRequest { path, request: saved.value, version: saved.version.as_str().to_owned() })
            })
            .await?;
        if let Some(variable) = key
            && let Err(failure) = self.adopt_secret(&collection, &variable).await
        {
            // The request is saved, and its preview tells that no key is stored.
            tracing::warn!(error = failure.message, "a key was not taken into the collection");
        }
        Ok(opened)
    }

    /// Makes a folder in a folder.
    ///
    /// # Errors
    /// Says why it was not made.
    pub async fn create_folder(&self, collection: String, folder: ItemPath, name: String) -> Result<ItemPath, Failure> {
        self.with_files(&collection, move |volume| {
            volume.folder.create_folder(&folder, &name).map_err(|error| unarranged(&error))
        })
        .await
    }

    /// Renames a request, a folder, or with an empty path the collection.
    ///
    /// # Errors
    /// Says why it was not renamed.
    pub async fn rename_item(&self, collection: String, path: ItemPath, name: String) -> Result<ItemPath, Failure> {
        self.with_files(&collection, move |volume| {
            volume.folder.rename(&path, &name).map_err(|error| unarranged(&error))
        })
        .await
    }

    /// Moves an item into a folder, before a sibling or to the end.
    ///
    /// # Errors
    /// Says why it was not moved.
    pub async fn move_item(
        &self,
        collection: String,
        path: ItemPath,
        folder: ItemPath,
        before: Option<ItemPath>,
    ) -> Result<ItemPath, Failure> {
        self.with_files(&collection, move |volume| {
            volume.folder.move_item(&path, &folder, before.as_deref()).map_err(|error| unarranged(&error))
        })
        .await
    }

    /// Makes a copy beside the original.
    ///
    /// # Errors
    /// Says why it was not made.
    pub async fn duplicate_item(&self, collection: String, path: ItemPath) -> Result<ItemPath, Failure> {
        self.with_files(&collection, move |volume| volume.folder.duplicate(&path).map_err(|error| unarranged(&error)))
            .await
    }

    /// Deletes an item; `undo_delete` brings back the last one.
    ///
    /// # Errors
    /// Says why it was not deleted.
    pub async fn delete_item(&self, collection: String, path: ItemPath) -> Result<(), Failure> {
        self.with_files(&collection, move |volume| {
            let deleted = volume.folder.delete(&path).map_err(|error| unarranged(&error))?;
            *volume.deleted.lock().unwrap_or_else(PoisonError::into_inner) = Some(deleted);
            Ok(())
        })
        .await
    }

    /// Brings back what was deleted last.
    ///
    /// # Errors
    /// Fails where nothing was deleted, and where the files cannot be written.
    pub async fn undo_delete(&self, collection: String) -> Result<ItemPath, Failure> {
        self.with_files(&collection, move |volume| {
            let mut last = volume.deleted.lock().unwrap_or_else(PoisonError::into_inner);
            let deleted = last.as_ref().ok_or_else(|| Failure::new(Code::Unknown, "Nothing was deleted.", ""))?;
            let path = volume.folder.restore(deleted).map_err(|error| unarranged(&error))?;
            *last = None;
            Ok(path)
        })
        .await
    }

    /// Saves what a folder, or with an empty path the collection, hands down.
    ///
    /// # Errors
    /// Says why the file was not written.
    pub async fn save_defaults(&self, collection: String, path: ItemPath, defaults: Defaults) -> Result<(), Failure> {
        let facts = self.facts_for(&defaults.auth.token);
        self.with_files(&collection, move |volume| {
            volume.folder.save_defaults(&path, &defaults, facts.as_ref()).map(drop).map_err(|error| unsaved(&error))
        })
        .await
    }

    /// Saves an environment; `former` is its name before where it was renamed.
    ///
    /// # Errors
    /// Says why the file was not written.
    pub async fn save_environment(
        &self,
        collection: String,
        former: Option<String>,
        environment: Environment,
    ) -> Result<(), Failure> {
        let renamed = former.clone().filter(|former| *former != environment.name);
        let secrets = secret_names(&environment);
        let known = self.shelf.volume(&collection)?.tree();
        let is_free = !known.environments.iter().any(|known| known.name == environment.name);
        if let Some(former) = renamed.as_ref().filter(|_| is_free) {
            self.copy_secrets(&collection, former, &environment.name, &secrets).await?;
        }
        self.with_files(&collection, move |volume| {
            volume
                .folder
                .save_environment(former.as_deref(), &environment)
                .map(drop)
                .map_err(|error| unarranged(&error))
        })
        .await?;
        if let Some(former) = renamed {
            self.drop_secrets(&collection, &former, &secrets).await;
        }
        Ok(())
    }

    /// Deletes an environment and the values of its secret variables.
    ///
    /// # Errors
    /// Says why the file was not deleted.
    pub async fn delete_environment(&self, collection: String, name: String) -> Result<(), Failure> {
        let tree = self.shelf.volume(&collection)?.tree();
        let doomed = tree.environments.iter().find(|environment| environment.name == name);
        let secrets = doomed.map(secret_names).unwrap_or_default();
        let environment = name.clone();
        self.with_files(&collection, move |volume| {
            volume.folder.delete_environment(&environment).map(drop).map_err(|error| unarranged(&error))
        })
        .await?;
        self.drop_secrets(&collection, &name, &secrets).await;
        Ok(())
    }

    /// The public facts of the pool whose token is sent, which make the saved block complete for other tools.
    fn facts_for(&self, token: &TokenAuth) -> Option<PoolFacts> {
        let TokenAuth::Send { identity: Some(identity), .. } = token else { return None };
        let pool = self.pool_of(identity).ok()?;
        let endpoint = |endpoint| pool.endpoint(endpoint).map(String::from);
        let (flow, authorization_url, token_url) = match pool.grant() {
            Grant::Implicit => (Flow::Implicit, endpoint(Endpoint::Authorization), None),
            Grant::Code => (Flow::AuthorizationCode, endpoint(Endpoint::Authorization), endpoint(Endpoint::Token)),
            Grant::ClientCredentials => (Flow::ClientCredentials, None, endpoint(Endpoint::Token)),
        };
        Some(PoolFacts {
            flow,
            authorization_url,
            token_url,
            client_id: Some(pool.client_id().to_owned()),
            callback_url: pool.callback().map(|callback| callback.as_str().to_owned()),
            scope: Some(pool.scopes().join(" ")),
        })
    }
}

/// A request without a name gets its file's.
fn with_label(mut request: Request, path: &str) -> Request {
    if request.name.trim().is_empty() {
        let file = path.rsplit('/').next().unwrap_or(path);
        file.trim_end_matches(".yml").clone_into(&mut request.name);
    }
    request
}

fn secret_names(environment: &Environment) -> Vec<String> {
    environment.variables.iter().filter(|variable| variable.secret).map(|variable| variable.name.clone()).collect()
}
