//! The system's file dialogs.

use tauri::AppHandle;
use tauri_plugin_dialog::{DialogExt, FilePath};
use tokio::sync::oneshot;

fn path(chosen: Option<FilePath>) -> Option<String> {
    chosen?.into_path().ok().map(|path| path.to_string_lossy().into_owned())
}

/// Asks for a folder.
pub async fn folder(app: AppHandle, title: String) -> Option<String> {
    let (sender, receiver) = oneshot::channel();
    app.dialog().file().set_title(title).pick_folder(move |chosen| drop(sender.send(path(chosen))));
    receiver.await.ok().flatten()
}

/// Asks for a file.
pub async fn file(app: AppHandle, title: String) -> Option<String> {
    let (sender, receiver) = oneshot::channel();
    app.dialog().file().set_title(title).pick_file(move |chosen| drop(sender.send(path(chosen))));
    receiver.await.ok().flatten()
}

/// Asks where a file is saved.
pub async fn save_as(app: AppHandle, name: String) -> Option<String> {
    let (sender, receiver) = oneshot::channel();
    app.dialog().file().set_file_name(name).save_file(move |chosen| drop(sender.send(path(chosen))));
    receiver.await.ok().flatten()
}
