//! All that the window can ask: one line each, no logic. Every command is granted to the window `main` alone.

use std::sync::Arc;

use gatepass_workbench::Workbench;
use gatepass_workbench::failure::Failure;
use gatepass_workbench::model::{Collection, Defaults, Environment, ItemPath, Request, TokenKind};
use gatepass_workbench::views::{
    Desk, GrantOffers, IdentityEdit, IdentityView, InspectedToken, OpenedRequest, PoolDraft, PoolView, Preview,
    RequestContext, SandboxView, SendEnd, SignInEnd, Startup,
};
use tauri::State;

use crate::{dialogs, main_window};

type Bench<'a> = State<'a, Arc<Workbench>>;
type Answer<T> = Result<T, Failure>;

macro_rules! commands {
    ($($(#[$doc:meta])* $name:ident($($argument:ident: $type:ty),*) -> $result:ty;)*) => {
        $(
            $(#[$doc])*
            #[tauri::command]
            #[specta::specta]
            pub async fn $name(workbench: Bench<'_>, $($argument: $type),*) -> Answer<$result> {
                workbench.$name($($argument),*).await
            }
        )*
    };
}

commands! {
    /// Gives everything that the window needs to paint itself once.
    start() -> Startup;
    /// Keeps the window as it is for the next start.
    save_desk(desk: Desk) -> ();

    /// Reads a pasted hosted UI address or domain.
    read_hosted_ui_address(text: String) -> PoolDraft;
    /// Adds a user pool.
    add_pool(draft: PoolDraft) -> PoolView;
    /// Changes a user pool's facts; a changed client, server, endpoint, grant or issuer forgets what was learned and the tokens.
    update_pool(pool: String, draft: PoolDraft) -> PoolView;
    /// Removes a user pool with its identities and their tokens.
    remove_pool(pool: String) -> ();
    /// Keeps the app client's secret in the keychain; an empty one removes it.
    set_client_secret(pool: String, value: String) -> PoolView;
    /// Asks a pool with which grants it would let a sign-in begin.
    offered_grants(draft: PoolDraft) -> GrantOffers;
    /// Reads a provider's endpoints from its issuer.
    discover_provider(draft: PoolDraft) -> PoolDraft;
    /// The scopes that a pool knows, for the user to choose from.
    offered_scopes(pool: String) -> Vec<String>;
    /// Adds an identity of a pool; its name is the user's own once it is known where it is empty.
    add_identity(pool: String, name: String) -> IdentityView;
    /// Changes what the user sets of an identity; the options hold from its next sign-in.
    update_identity(identity: String, edit: IdentityEdit) -> IdentityView;
    /// Signs an identity out and removes it.
    remove_identity(identity: String) -> ();

    /// Signs an identity in, at the place that its pool has, and answers when that is done.
    sign_in(identity: String) -> SignInEnd;
    /// Signs an identity in by the system's browser, and remembers the place for its pool.
    sign_in_by_browser(identity: String) -> SignInEnd;
    /// Renews the tokens: by the refresh token, through the pool's session without a form, or with the form.
    renew(identity: String) -> SignInEnd;
    /// Closes the identity's sign-in window.
    cancel_sign_in(identity: String) -> ();
    /// Clears the identity's tokens, its cookies and the pool's session.
    sign_out(identity: String) -> IdentityView;
    /// Shows a token to the user who asked for it.
    reveal_token(identity: String, kind: TokenKind) -> String;
    /// Puts a token on the clipboard; it is cleared from there after a minute.
    copy_token(identity: String, kind: TokenKind) -> ();
    /// Takes a pasted token apart, and checks it against a pool where one is named; nothing of it is kept.
    inspect_token(token: String, pool: Option<String>) -> InspectedToken;
    /// Asks the system to unlock the keychain and reads again what lies in it.
    unlock_keychain() -> Startup;

    /// Starts the sandbox with its pool, identity and collection.
    start_sandbox() -> SandboxView;
    /// Stops the sandbox.
    stop_sandbox() -> ();

    /// Makes a collection in a new folder below `parent`, or in the app's own place where it is empty.
    create_collection(parent: String, name: String) -> Collection;
    /// Opens the collection in a folder.
    open_collection(root: String) -> Collection;
    /// Takes a collection off the list; its files stay.
    close_collection(root: String) -> ();
    /// Opens a request.
    open_request(collection: String, path: ItemPath) -> OpenedRequest;
    /// Saves a request over the version it was opened in; `force` overwrites what another program changed since.
    save_request(collection: String, path: ItemPath, request: Request, version: String, force: bool) -> OpenedRequest;
    /// Makes a request in a folder.
    create_request(collection: String, folder: ItemPath, request: Request) -> OpenedRequest;
    /// Makes a folder in a folder.
    create_folder(collection: String, folder: ItemPath, name: String) -> ItemPath;
    /// Renames a request, a folder, or with an empty path the collection.
    rename_item(collection: String, path: ItemPath, name: String) -> ItemPath;
    /// Moves an item into a folder, before a sibling or to the end.
    move_item(collection: String, path: ItemPath, folder: ItemPath, before: Option<ItemPath>) -> ItemPath;
    /// Makes a copy beside the original.
    duplicate_item(collection: String, path: ItemPath) -> ItemPath;
    /// Deletes an item; `undo_delete` brings back the last one.
    delete_item(collection: String, path: ItemPath) -> ();
    /// Brings back what was deleted last.
    undo_delete(collection: String) -> ItemPath;
    /// Saves what a folder, or with an empty path the collection, hands down.
    save_defaults(collection: String, path: ItemPath, defaults: Defaults) -> ();
    /// Saves an environment; `former` is its name before where it was renamed.
    save_environment(collection: String, former: Option<String>, environment: Environment) -> ();
    /// Deletes an environment and the values of its secret variables.
    delete_environment(collection: String, name: String) -> ();
    /// Keeps a secret variable's value in the keychain, declaring the variable where it is new; an empty value removes it.
    set_secret(collection: String, environment: Option<String>, variable: String, value: String) -> ();
    /// Shows a secret variable's value to the user who asked for it.
    reveal_secret(collection: String, environment: Option<String>, variable: String) -> String;

    /// Tells what would go out.
    preview(context: RequestContext, request: Request) -> Preview;
    /// Sends; `send` names it for `cancel_send`.
    send(send: u32, context: RequestContext, request: Request) -> SendEnd;
    /// Cancels a send.
    cancel_send(send: u32) -> ();
    /// Finds text in an answer; gives the numbers of the lines, from 0, at most 1,000.
    find_in_answer(answer: u32, pretty: bool, text: String) -> Vec<u32>;
    /// Lets an answer go, with its file.
    forget_answer(answer: u32) -> ();
}

/// Gives lines of an answer's content as UTF-8, raw, because a JSON array of bytes is slow: at most `count` lines from `from`
/// (counted from 0).
#[tauri::command]
pub async fn answer_lines(
    workbench: Bench<'_>,
    answer: u32,
    pretty: bool,
    from: u32,
    count: u32,
) -> Answer<tauri::ipc::Response> {
    workbench.answer_lines(answer, pretty, from, count).await.map(tauri::ipc::Response::new)
}

/// Lets the user choose a folder; nothing where the dialog was cancelled.
#[tauri::command]
#[specta::specta]
pub async fn choose_folder(app: tauri::AppHandle, title: String) -> Answer<Option<String>> {
    Ok(dialogs::folder(app, title).await)
}

/// Lets the user choose a file; nothing where the dialog was cancelled.
#[tauri::command]
#[specta::specta]
pub async fn choose_file(app: tauri::AppHandle, title: String) -> Answer<Option<String>> {
    Ok(dialogs::file(app, title).await)
}

/// Lets the user choose where an answer's content is saved and saves it; the path, or nothing where the dialog was cancelled.
#[tauri::command]
#[specta::specta]
pub async fn save_answer(
    app: tauri::AppHandle,
    workbench: Bench<'_>,
    answer: u32,
    name: String,
) -> Answer<Option<String>> {
    match dialogs::save_as(app, name).await {
        Some(path) => workbench.save_answer(answer, path).await.map(Some),
        None => Ok(None),
    }
}

/// Closes the window, once its page has handed over what it holds.
#[tauri::command]
#[specta::specta]
pub async fn close_window(app: tauri::AppHandle) -> Answer<()> {
    main_window::close(&app);
    Ok(())
}

/// Notes an instant of the start where a benchmark asked for it.
#[tauri::command]
#[specta::specta]
pub async fn mark(name: String) -> Answer<()> {
    crate::marks::note(&name);
    Ok(())
}
