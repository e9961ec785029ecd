//! The open collections: which folders, and who watches them.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use camino::{Utf8Path, Utf8PathBuf};
use gatepass_collection::model::{Collection, ItemPath};
use gatepass_collection::{ArrangeError, CollectionFolder, Deleted, OpenError, ReadError, SaveError, Watch};

use crate::Workbench;
use crate::failure::{Code, Failure};
use crate::store::JsonFile;
use crate::views::{Change, LostCollection};

/// An open collection.
pub(crate) struct Volume {
    pub folder: CollectionFolder,
    /// Watches until it is dropped.
    _watch: Option<Watch>,
    /// What was deleted last.
    pub deleted: Mutex<Option<Deleted>>,
    tree: Mutex<Arc<Collection>>,
}

impl Volume {
    /// The collection as it was read last.
    pub fn tree(&self) -> Arc<Collection> {
        self.tree.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads the collection anew.
    pub fn read(&self) -> Arc<Collection> {
        let tree = Arc::new(self.folder.read());
        *self.tree.lock().unwrap_or_else(PoisonError::into_inner) = tree.clone();
        tree
    }
}

/// The open collections.
pub(crate) struct Shelf {
    file: JsonFile,
    /// Held while the file is read and written.
    list: Mutex<()>,
    volumes: Mutex<HashMap<String, Arc<Volume>>>,
}

impl Shelf {
    pub fn new(file: JsonFile) -> Self {
        Self { file, list: Mutex::default(), volumes: Mutex::default() }
    }

    fn volumes(&self) -> MutexGuard<'_, HashMap<String, Arc<Volume>>> {
        self.volumes.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// An open collection by its root.
    pub fn volume(&self, root: &str) -> Result<Arc<Volume>, Failure> {
        self.volumes().get(root).cloned().ok_or_else(|| {
            Failure::new(Code::Unknown, format!("The collection in {root} is not open."), "Open its folder again.")
        })
    }

    fn roots(&self) -> Vec<String> {
        let _list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        self.file.read()
    }

    /// Changes the list of open collections.
    fn change_roots(&self, change: impl FnOnce(&mut Vec<String>)) -> Result<(), Failure> {
        let _list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        let before: Vec<String> = self.file.read();
        let mut after = before.clone();
        change(&mut after);
        if after == before { Ok(()) } else { self.file.write(&after) }
    }
}

impl Workbench {
    /// Reads every collection that was open.
    pub(crate) async fn read_collections(self: &Arc<Self>) -> (Vec<Collection>, Vec<LostCollection>) {
        let (mut found, mut lost) = (Vec::new(), Vec::new());
        for root in self.shelf.roots() {
            match self.take_from_disk(root.clone()).await {
                Ok(collection) => found.push(collection),
                Err(failure) => lost.push(LostCollection { root, failure }),
            }
        }
        (found, lost)
    }

    /// Makes a collection in a new folder below `parent`, or in the app's own place where it is empty.
    ///
    /// # Errors
    /// Says why the folder cannot be made.
    pub async fn create_collection(self: &Arc<Self>, parent: String, name: String) -> Result<Collection, Failure> {
        let parent = if parent.is_empty() { self.own_place()? } else { Utf8PathBuf::from(parent) };
        let folder =
            blocking(move || CollectionFolder::create(&parent, &name)).await?.map_err(|error| unopened(&error))?;
        self.open_collection(folder.root().to_string()).await
    }

    /// Opens the collection in a folder.
    ///
    /// # Errors
    /// Says why the folder is no collection or cannot be reached.
    pub async fn open_collection(self: &Arc<Self>, root: String) -> Result<Collection, Failure> {
        let collection = self.take_from_disk(root).await?;
        self.shelf.change_roots(|roots| {
            if !roots.contains(&collection.root) {
                roots.push(collection.root.clone());
            }
        })?;
        self.tell_collection(&collection, Vec::new());
        Ok(collection)
    }

    /// Takes a collection off the list; its files stay.
    ///
    /// # Errors
    /// Fails where the list cannot be written.
    #[expect(clippy::unused_async, reason = "every command of the bridge is awaited")]
    pub async fn close_collection(&self, root: String) -> Result<(), Failure> {
        self.shelf.volumes().remove(&root);
        self.shelf.change_roots(|roots| roots.retain(|open| *open != root))
    }

    async fn take_from_disk(self: &Arc<Self>, root: String) -> Result<Collection, Failure> {
        let known = self.shelf.volumes().get(&root).cloned();
        if let Some(volume) = known {
            return blocking(move || volume.read().as_ref().clone()).await;
        }
        let path = Utf8PathBuf::from(root);
        let opened = blocking(move || {
            let folder = CollectionFolder::open(&path)?;
            let tree = folder.read();
            Ok((folder, tree))
        });
        let (folder, tree) = opened.await?.map_err(|error| unopened(&error))?;
        let watch = self.watch(&folder);
        let root = folder.root().to_string();
        let tree = Mutex::new(Arc::new(tree));
        let volume = Arc::new(Volume { folder, _watch: watch, deleted: Mutex::default(), tree });
        let volume = self.shelf.volumes().entry(root).or_insert(volume).clone();
        Ok(volume.tree().as_ref().clone())
    }

    fn watch(self: &Arc<Self>, folder: &CollectionFolder) -> Option<Watch> {
        let (workbench, root) = (Arc::downgrade(self), folder.root().to_string());
        let runtime = tokio::runtime::Handle::current();
        let watch = Watch::start(folder, move |changed| {
            let Some(workbench) = workbench.upgrade() else { return };
            let (root, changed) = (root.clone(), changed.into_iter().collect());
            runtime.spawn(async move { workbench.tell_files(&root, changed).await });
        });
        watch
            .inspect_err(
                |error| tracing::warn!(%error, "the collection is not watched: changes by others are seen late"),
            )
            .ok()
    }

    async fn tell_files(&self, root: &str, changed: Vec<ItemPath>) {
        let Ok(volume) = self.shelf.volume(root) else { return };
        if let Ok(collection) = blocking(move || volume.read()).await {
            self.tell_collection(&collection, changed);
        }
    }

    fn tell_collection(&self, collection: &Collection, changed: Vec<ItemPath>) {
        self.shell.changed(Change::Collection { collection: Box::new(collection.clone()), changed });
    }

    /// Does something with a collection's files on a blocking thread, and tells the window how the tree looks then.
    pub(crate) async fn with_files<T: Send + 'static>(
        &self,
        root: &str,
        act: impl FnOnce(&Volume) -> Result<T, Failure> + Send + 'static,
    ) -> Result<T, Failure> {
        let volume = self.shelf.volume(root)?;
        let (done, collection) = blocking(move || {
            let done = act(&volume)?;
            Ok::<_, Failure>((done, volume.read()))
        })
        .await??;
        self.tell_collection(&collection, Vec::new());
        Ok(done)
    }

    /// Where new collections go unless the user says otherwise.
    pub(crate) fn own_place(&self) -> Result<Utf8PathBuf, Failure> {
        let unusable =
            |why: String| Failure::new(Code::FileUnwritable, why, "Choose the folder for the collection yourself.");
        let place = Utf8Path::from_path(&self.places.documents)
            .map(|documents| documents.join("Gatepass"))
            .ok_or_else(|| unusable("The documents folder's name is not UTF-8.".to_owned()))?;
        std::fs::create_dir_all(&place).map_err(|error| unusable(format!("{place} cannot be made: {error}.")))?;
        Ok(place)
    }
}

/// Runs file work off the async threads.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work)
        .await
        .map_err(|error| Failure::from_error(Code::Internal, &error, "Try again; what was saved is still there."))
}

fn unopened(error: &OpenError) -> Failure {
    Failure::from_error(Code::CollectionUnreadable, error, "")
}

pub(crate) fn unread(error: &ReadError) -> Failure {
    let code = match error {
        ReadError::Missing { .. } => Code::FileGone,
        ReadError::Broken(_) => Code::FileBroken,
        _ => Code::CollectionUnreadable,
    };
    Failure::from_error(code, error, "")
}

pub(crate) fn unsaved(error: &SaveError) -> Failure {
    match error {
        SaveError::Read(cause) => unread(cause),
        SaveError::Conflict { .. } => Failure::from_error(Code::FileConflict, error, ""),
        _ => Failure::from_error(Code::FileUnwritable, error, ""),
    }
}

pub(crate) fn unarranged(error: &ArrangeError) -> Failure {
    match error {
        ArrangeError::Save(cause) => unsaved(cause),
        ArrangeError::NoName | ArrangeError::Exists { .. } => Failure::from_error(Code::NameInvalid, error, ""),
        ArrangeError::NoFolder { .. } => Failure::from_error(Code::FileGone, error, ""),
        _ => Failure::from_error(Code::FileUnwritable, error, ""),
    }
}
