//! Changes of a collection's files from outside.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use camino::{Utf8Path, Utf8PathBuf};
use notify_debouncer_full::notify::event::EventKind;
use notify_debouncer_full::notify::{RecommendedWatcher, RecursiveMode};
use notify_debouncer_full::{DebounceEventResult, Debouncer, RecommendedCache, new_debouncer};

use crate::folder::CollectionFolder;
use crate::model::ItemPath;
use crate::path;
use crate::store::{OwnWrites, Version};

/// How long files must be quiet before their change is told: editors write in several steps.
const QUIET: Duration = Duration::from_millis(150);

/// Why a collection is not watched.
#[derive(Debug, thiserror::Error)]
#[error("changes made to {root} by other programs will not be seen; reopen the collection to see them")]
pub struct WatchError {
    root: Utf8PathBuf,
    #[source]
    source: notify_debouncer_full::notify::Error,
}

/// Watches a collection for as long as it lives.
pub struct Watch {
    _debouncer: Debouncer<RecommendedWatcher, RecommendedCache>,
}

impl std::fmt::Debug for Watch {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("Watch")
    }
}

impl Watch {
    /// Watches a collection and tells which items others changed, made or removed: paths of requests, folders,
    /// environments and `opencollection.yml`, or the empty path where anything may have changed.
    ///
    /// What Gatepass itself wrote is known by its content and not told. The callback runs on a thread of its own.
    ///
    /// # Errors
    /// Fails where the system cannot watch the folder, for example because it watches too many already.
    pub fn start(
        collection: &CollectionFolder,
        mut changed: impl FnMut(BTreeSet<ItemPath>) + Send + 'static,
    ) -> Result<Self, WatchError> {
        let root = collection.root().to_owned();
        let own = collection.own_writes();
        let watched = root.clone();
        let failed = |source| WatchError { root: root.clone(), source };
        let handler = move |result: DebounceEventResult| {
            let items = outside(&watched, &own, result);
            if !items.is_empty() {
                changed(items);
            }
        };
        let mut debouncer = new_debouncer(QUIET, None, handler).map_err(failed)?;
        debouncer.watch(root.as_std_path(), RecursiveMode::Recursive).map_err(failed)?;
        Ok(Self { _debouncer: debouncer })
    }
}

fn outside(root: &Utf8Path, own: &Arc<OwnWrites>, result: DebounceEventResult) -> BTreeSet<ItemPath> {
    let Ok(events) = result else { return BTreeSet::from([String::new()]) };
    let mut items = BTreeSet::new();
    for event in events {
        if event.need_rescan() {
            return BTreeSet::from([String::new()]);
        }
        if matches!(event.kind, EventKind::Access(_)) {
            continue;
        }
        for changed in &event.paths {
            let Some(item) = Utf8Path::from_path(changed).and_then(|changed| item_of(root, changed)) else { continue };
            if !own.left(&item, found(changed).as_ref()) {
                items.extend(below(root, changed));
                items.insert(item);
            }
        }
    }
    items
}

/// The path of an item, unless it is one that no collection shows.
fn item_of(root: &Utf8Path, changed: &Utf8Path) -> Option<ItemPath> {
    let item = changed.strip_prefix(root).ok()?;
    let parts: Vec<_> = item.components().map(|part| part.as_str()).collect();
    let is_hidden = parts.iter().any(|part| part.starts_with('.') || *part == "node_modules");
    let name = parts.last()?;
    // A folder that is gone cannot be told from a file without an extension.
    let is_item = path::is_yaml(name) || changed.is_dir() || (!changed.exists() && !name.contains('.'));
    (!is_hidden && is_item).then(|| parts.join("/"))
}

/// The files in a folder that is new: what was put into it before the system watched it was told by nobody.
fn below(root: &Utf8Path, changed: &std::path::Path) -> Vec<ItemPath> {
    let Some(folder) = Utf8Path::from_path(changed) else { return Vec::new() };
    let Ok(entries) = folder.read_dir_utf8() else { return Vec::new() };
    let mut items = Vec::new();
    for entry in entries.flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            items.extend(below(root, entry.path().as_std_path()));
        }
        items.extend(item_of(root, entry.path()));
    }
    items
}

fn found(changed: &std::path::Path) -> Option<Version> {
    if changed.is_dir() {
        return Some(Version::of_folder());
    }
    std::fs::read(changed).ok().map(|content| Version::of(&content))
}
