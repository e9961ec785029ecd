//! Secret variables: declared in the collection's files, kept in the keychain under the collection's uuid.

use std::collections::HashMap;

use gatepass_collection::model::{Environment, Variable};
use gatepass_vault::{EntryName, Secret};

use crate::Workbench;
use crate::failure::{Code, Failure};
use crate::shelf::{blocking, unarranged, unsaved};
use crate::tokens::sessions::keychain_failed;

/// Where the value of a secret variable lies in the keychain. Without a collection it belongs to requests that were
/// never saved; without an environment it holds in every one.
fn entry(collection: Option<&str>, environment: Option<&str>, variable: &str) -> EntryName {
    EntryName::new(match (collection, environment) {
        (None, _) => format!("unsaved/{variable}"),
        (Some(id), None) => format!("collection/{id}/variable/{variable}"),
        (Some(id), Some(environment)) => format!("collection/{id}/environment/{environment}/{variable}"),
    })
}

impl Workbench {
    /// Keeps a secret variable's value in the keychain, declaring the variable where it is new; an empty value removes
    /// it. An empty collection is that of requests that were never saved.
    ///
    /// # Errors
    /// Says why the keychain or the collection's file could not be written.
    pub async fn set_secret(
        &self,
        collection: String,
        environment: Option<String>,
        variable: String,
        value: String,
    ) -> Result<(), Failure> {
        let value = Secret::new(value);
        let id = self.declare(&collection, environment.as_deref(), &variable).await?;
        let entry = entry(id.as_deref(), environment.as_deref(), &variable);
        let vault = self.vault().await;
        let kept = if value.is_empty() { vault.delete(&entry).await } else { vault.write(&entry, &value).await };
        kept.map_err(|error| keychain_failed(&error))
    }

    /// Shows a secret variable's value to the user who asked for it.
    ///
    /// # Errors
    /// Fails where there is no value, and where the keychain is locked.
    pub async fn reveal_secret(
        &self,
        collection: String,
        environment: Option<String>,
        variable: String,
    ) -> Result<String, Failure> {
        let id = self.collection_id(&collection).await?;
        let value = self.secret(id.as_deref(), environment.as_deref(), &variable).await?;
        value.map(|value| value.expose().to_owned()).ok_or_else(|| {
            Failure::new(Code::VariableMissing, format!("No value is stored for {variable}."), "Type one.")
        })
    }

    /// The value of a secret variable: the environment's own, else the one that holds in every environment.
    pub(crate) async fn secret(
        &self,
        collection: Option<&str>,
        environment: Option<&str>,
        variable: &str,
    ) -> Result<Option<Secret>, Failure> {
        let vault = self.vault().await;
        let places = [environment.map(Some), Some(None)];
        for environment in places.into_iter().flatten() {
            let read = vault.read(&entry(collection, environment, variable)).await;
            if let Some(value) = read.map_err(|error| keychain_failed(&error))? {
                return Ok(Some(value));
            }
        }
        Ok(None)
    }

    /// The values of several secret variables; those without a value are left out.
    pub(crate) async fn secrets(
        &self,
        collection: Option<&str>,
        environment: Option<&str>,
        variables: &[String],
    ) -> Result<HashMap<String, Secret>, Failure> {
        let mut values = HashMap::new();
        for variable in variables {
            if let Some(value) = self.secret(collection, environment, variable).await? {
                values.insert(variable.clone(), value);
            }
        }
        Ok(values)
    }

    /// A key that was typed before its request had a collection is taken into it. It stays where it was as well, for
    /// other requests that were never saved.
    pub(crate) async fn adopt_secret(&self, collection: &str, variable: &str) -> Result<(), Failure> {
        let Some(value) = self.secret(None, None, variable).await? else { return Ok(()) };
        let id = self.collection_id(collection).await?;
        if self.secret(id.as_deref(), None, variable).await?.is_some() {
            return Ok(());
        }
        self.set_secret(collection.to_owned(), None, variable.to_owned(), value.expose().to_owned()).await
    }

    /// Copies the values of an environment that is about to be renamed.
    pub(crate) async fn copy_secrets(
        &self,
        collection: &str,
        former: &str,
        name: &str,
        variables: &[String],
    ) -> Result<(), Failure> {
        let id = self.collection_id(collection).await?;
        let vault = self.vault().await;
        for variable in variables {
            let (old, new) = (entry(id.as_deref(), Some(former), variable), entry(id.as_deref(), Some(name), variable));
            if let Some(value) = vault.read(&old).await.map_err(|error| keychain_failed(&error))? {
                vault.write(&new, &value).await.map_err(|error| keychain_failed(&error))?;
            }
        }
        Ok(())
    }

    /// Removes the values of an environment that is not there any more.
    pub(crate) async fn drop_secrets(&self, collection: &str, environment: &str, variables: &[String]) {
        let Ok(id) = self.collection_id(collection).await else { return };
        let vault = self.vault().await;
        for variable in variables {
            if let Err(error) = vault.delete(&entry(id.as_deref(), Some(environment), variable)).await {
                tracing::warn!(%error, "a secret of an environment that is gone stays in the keychain");
            }
        }
    }

    /// Asks a locked keychain for its password, as every call does.
    pub(crate) async fn unlock(&self) -> Result<(), Failure> {
        let asked = self.vault().await.read(&entry(None, None, "")).await;
        asked.map(drop).map_err(|error| keychain_failed(&error))
    }

    /// The uuid under which a collection's secrets lie; nothing for requests that were never saved.
    pub(crate) async fn collection_id(&self, root: &str) -> Result<Option<String>, Failure> {
        if root.is_empty() {
            return Ok(None);
        }
        let volume = self.shelf.volume(root)?;
        blocking(move || volume.folder.ensure_id().map(Some).map_err(|error| unsaved(&error))).await?
    }

    /// Declares a secret variable where it is new, and gives the collection's uuid.
    async fn declare(&self, root: &str, environment: Option<&str>, variable: &str) -> Result<Option<String>, Failure> {
        if root.is_empty() {
            return Ok(None);
        }
        let (environment, variable) = (environment.map(str::to_owned), variable.to_owned());
        self.with_files(root, move |volume| {
            let id = volume.folder.ensure_id().map_err(|error| unsaved(&error))?;
            match environment {
                None => volume.folder.declare_secret(&variable).map_err(|error| unsaved(&error))?,
                Some(name) => {
                    let known = volume.folder.read().environments.into_iter().find(|known| known.name == name);
                    let former = known.as_ref().map(|known| known.name.clone());
                    let mut environment = known.unwrap_or(Environment { name, variables: Vec::new() });
                    if !environment.variables.iter().any(|known| known.name == variable && known.secret) {
                        environment.variables.retain(|known| known.name != variable);
                        environment.variables.push(Variable { name: variable, secret: true, ..Variable::default() });
                        let saved = volume.folder.save_environment(former.as_deref(), &environment);
                        saved.map_err(|error| unarranged(&error))?;
                    }
                }
            }
            Ok(Some(id))
        })
        .await
    }
}
