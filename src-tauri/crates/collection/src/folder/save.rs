//! Reading and saving requests and defaults.

use super::file::{Stored, broken, defaults_file, unwritable};
use super::{COLLECTION_FILE, CollectionFolder};
use crate::errors::{ReadError, SaveError};
use crate::model::{Defaults, Request};
use crate::path;
use crate::store::Version;
use crate::stored::request::{self, StoredRequest};
use crate::stored::{PoolFacts, Surroundings};
use crate::yaml::edit;
use crate::yaml::node::Node;

/// Something read from a file, and what the file held then.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved<T> {
    /// What was read.
    pub value: T,
    /// To be given back when it is saved.
    pub version: Version,
}

/// What a save did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SaveReport {
    /// What the file holds now.
    pub version: Version,
    /// Whether the file was written: not where nothing had changed.
    pub is_written: bool,
    /// Whether comments of the file had to go.
    pub lost_comments: bool,
}

impl CollectionFolder {
    /// Reads a request whole.
    ///
    /// # Errors
    /// Fails where the file is gone, broken or no HTTP request.
    pub fn request(&self, item: &str) -> Result<Saved<Request>, ReadError> {
        let around = self.surroundings(item)?;
        let loaded = self.load(item)?;
        let stored = stored_request(item, loaded.document.root(), &around)?;
        Ok(Saved { value: stored.request, version: loaded.version })
    }

    /// Saves a request into its file, with the smallest edits: comments and what Gatepass does not know stay.
    ///
    /// With `base`, the version that the request was read at, nothing is written where the file holds something else
    /// by now or is gone; without it, what is there is saved over, and a file that is gone is made again. The facts of
    /// the pool complete a token block; where they are absent, those in the file stay.
    ///
    /// # Errors
    /// Says what kept it from being saved; the file is as it was then.
    pub fn save_request(
        &self,
        item: &str,
        request: &Request,
        base: Option<&Version>,
        facts: Option<&PoolFacts>,
    ) -> Result<SaveReport, SaveError> {
        let _writing = self.writing();
        let Some(loaded) = self.load_if_there(item)? else {
            return match base {
                Some(_) => Err(ReadError::Missing { path: item.to_owned() }.into()),
                None => self.save_anew(item, request, facts),
            };
        };
        if base.is_some_and(|base| *base != loaded.version) {
            return Err(SaveError::Conflict { path: item.to_owned() });
        }
        self.declare_key(&request.auth.api_key)?;
        let around = self.surroundings(item)?;
        let stored = stored_request(item, loaded.document.root(), &around)?;
        let before = stored.write(&stored.request, None, &around);
        let wanted = stored.write(request, facts, &around);
        Ok(self.edit(item, &loaded, &before, &wanted)?.into())
    }

    /// Saves what a folder, or the collection where the path is empty, hands down.
    ///
    /// # Errors
    /// Says what kept it from being saved; the file is as it was then.
    pub fn save_defaults(
        &self,
        folder: &str,
        defaults: &Defaults,
        facts: Option<&PoolFacts>,
    ) -> Result<SaveReport, SaveError> {
        let _writing = self.writing();
        self.declare_key(&defaults.auth.api_key)?;
        self.change_defaults(folder, facts, |name, old| {
            *old = defaults.clone();
            name
        })
    }

    /// Gives a folder or the collection another label.
    pub(super) fn save_label(&self, folder: &str, label: &str) -> Result<SaveReport, SaveError> {
        self.change_defaults(folder, None, |_, _| label.to_owned())
    }

    fn change_defaults(
        &self,
        folder: &str,
        facts: Option<&PoolFacts>,
        change: impl FnOnce(String, &mut Defaults) -> String,
    ) -> Result<SaveReport, SaveError> {
        let item = defaults_file(folder);
        let around = self.surroundings(folder)?;
        let (loaded, stored) = self.stored_defaults(folder, &around)?;
        let mut defaults = stored.defaults.clone();
        let label = change(stored.name.clone(), &mut defaults);
        let wanted = stored.write(&label, &defaults, facts, &around);
        if let Some(loaded) = loaded {
            let before = stored.write(&stored.name, &stored.defaults, None, &around);
            return Ok(self.edit(&item, &loaded, &before, &wanted)?.into());
        }
        let text = edit::new_text(&wanted).map_err(|error| unwritable(error, &item))?;
        let version = self.store(&item, &text)?;
        Ok(SaveReport { version, is_written: true, lost_comments: false })
    }

    fn save_anew(&self, item: &str, request: &Request, facts: Option<&PoolFacts>) -> Result<SaveReport, SaveError> {
        self.declare_key(&request.auth.api_key)?;
        let around = self.surroundings(item)?;
        let wanted = StoredRequest::default().write(request, facts, &around);
        let text = edit::new_text(&wanted).map_err(|error| unwritable(error, item))?;
        let folder = self.absolute(path::parent(item)).map_err(ReadError::from)?;
        std::fs::create_dir_all(folder).map_err(|source| SaveError::File { path: item.to_owned(), source })?;
        let version = self.store(item, &text)?;
        Ok(SaveReport { version, is_written: true, lost_comments: false })
    }
}

fn stored_request(item: &str, root: Option<&Node>, around: &Surroundings) -> Result<StoredRequest, ReadError> {
    let is_request = path::is_yaml(item) && item != COLLECTION_FILE && root.is_some_and(is_http);
    match root {
        Some(root) if is_request => request::read(root, path::stem(item), around).map_err(|error| broken(item, error)),
        _ => Err(ReadError::NotARequest { path: item.to_owned() }),
    }
}

/// Tells whether a file holds an HTTP request.
pub fn is_http(root: &Node) -> bool {
    match root.at(&["info", "type"]).and_then(Node::text) {
        Some(kind) => kind == "http",
        None => root.get("http").is_some(),
    }
}

impl From<Stored> for SaveReport {
    fn from(stored: Stored) -> Self {
        Self { version: stored.version, is_written: stored.is_written, lost_comments: stored.lost_comments }
    }
}
