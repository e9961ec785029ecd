//! Environments.

use super::file::{broken, environment_file, load_at, unwritable};
use super::{CollectionFolder, Deleted, ENVIRONMENTS, SaveReport};
use crate::errors::{ArrangeError, ReadError};
use crate::model::{Environment, FileProblem};
use crate::store::Version;
use crate::stored::environment;
use crate::yaml::edit;
use crate::{file_name, path};

impl CollectionFolder {
    /// Saves an environment: the one that was called `former`, or a new one.
    ///
    /// A secret variable gets no value in the file. Where the name changes, so does the file's.
    ///
    /// # Errors
    /// Fails where the name is empty or taken, or the file cannot be read or written.
    pub fn save_environment(
        &self,
        former: Option<&str>,
        environment: &Environment,
    ) -> Result<SaveReport, ArrangeError> {
        let _writing = self.writing();
        let name = environment.name.trim();
        if name.is_empty() {
            return Err(ArrangeError::NoName);
        }
        let environment = Environment { name: name.to_owned(), ..environment.clone() };
        let old = match former {
            Some(former) => self.environment_item(former),
            None => None,
        };
        if former != Some(name)
            && let Some(taken) = self.environment_item(name)
            && old.as_ref() != Some(&taken)
        {
            return Err(ArrangeError::Exists { path: taken });
        }
        let wanted = environment::write(&environment);
        let Some(old) = old else {
            return self.create_environment(name, &wanted);
        };
        let loaded = self.load(&old)?;
        let stored = match loaded.document.root() {
            Some(root) => environment::read(root, path::stem(&old)).map_err(|error| broken(&old, error))?,
            None => Environment::default(),
        };
        let saved = self.edit(&old, &loaded, &environment::write(&stored), &wanted)?;
        if former != Some(name) {
            let folder = self.names_in(ENVIRONMENTS);
            let own = path::name(&old).to_lowercase();
            let file =
                file_name::unique(&file_name::from_label(name), ".yml", |name| name != own && folder.contains(name));
            self.rename_file(&old, &environment_file(&file))?;
        }
        Ok(saved.into())
    }

    /// Deletes an environment.
    ///
    /// # Errors
    /// Fails where there is none of that name or its file cannot be deleted.
    pub fn delete_environment(&self, name: &str) -> Result<Deleted, ArrangeError> {
        let _writing = self.writing();
        let item = self
            .environment_item(name)
            .ok_or_else(|| ReadError::Missing { path: environment_file(&format!("{name}.yml")) })?;
        self.remove(&item)
    }

    /// Reads all environments in the order of their names, and what could not be read.
    pub(super) fn read_environments(&self) -> (Vec<Environment>, Vec<FileProblem>) {
        let mut environments = Vec::new();
        let mut problems = Vec::new();
        for (item, read) in self.environment_files() {
            match read {
                Ok(environment) => environments.push(environment),
                Err(ReadError::Broken(problem)) => problems.push(problem),
                Err(error) => {
                    problems.push(FileProblem { path: item, line: None, column: None, message: error.to_string() });
                }
            }
        }
        environments.sort_by_key(|environment| environment.name.to_lowercase());
        (environments, problems)
    }

    fn create_environment(&self, name: &str, wanted: &crate::yaml::value::Value) -> Result<SaveReport, ArrangeError> {
        let folder = self.absolute(ENVIRONMENTS)?;
        self.own.note(ENVIRONMENTS, Some(Version::of_folder()));
        std::fs::create_dir_all(&folder)
            .map_err(|source| ArrangeError::File { path: ENVIRONMENTS.to_owned(), source })?;
        let names = self.names_in(ENVIRONMENTS);
        let file = file_name::unique(&file_name::from_label(name), ".yml", |name| names.contains(name));
        let item = environment_file(&file);
        let text = edit::new_text(wanted).map_err(|error| unwritable(error, &item))?;
        let version = self.store(&item, &text)?;
        Ok(SaveReport { version, is_written: true, lost_comments: false })
    }

    fn environment_item(&self, name: &str) -> Option<String> {
        self.environment_files()
            .into_iter()
            .find(|(_, read)| read.as_ref().is_ok_and(|environment| environment.name == name))
            .map(|(item, _)| item)
    }

    fn environment_files(&self) -> Vec<(String, Result<Environment, ReadError>)> {
        let Ok(entries) = self.root.join(ENVIRONMENTS).read_dir_utf8() else { return Vec::new() };
        let mut names: Vec<_> = entries
            .flatten()
            .map(|entry| entry.file_name().to_owned())
            .filter(|name| path::is_yaml(name) && !name.starts_with('.'))
            .collect();
        names.sort();
        names
            .into_iter()
            .map(|name| (environment_file(&name), self.read_environment(&environment_file(&name))))
            .collect()
    }

    fn read_environment(&self, item: &str) -> Result<Environment, ReadError> {
        let loaded = load_at(&self.absolute(item)?, item)?;
        match loaded.document.root() {
            Some(root) => environment::read(root, path::stem(item)).map_err(|error| broken(item, error)),
            None => Ok(Environment { name: path::stem(item).to_owned(), ..Environment::default() }),
        }
    }
}
