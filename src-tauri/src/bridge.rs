//! The typed bridge: which commands and events the window knows.

use gatepass_workbench::views::Change;
use serde::{Deserialize, Serialize};
use specta::Type;
use tauri::Wry;
use tauri::ipc::Invoke;
use tauri_specta::{Builder, Event, collect_commands, collect_events};

use crate::commands;

/// Something changed that the window shows.
#[derive(Debug, Clone, Serialize, Deserialize, Type, Event)]
pub struct Changed(pub Change);

/// The window is about to close: its page hands over what it holds and calls `close_window`.
#[derive(Debug, Clone, Serialize, Deserialize, Type, Event)]
pub struct Closing;

/// Gives the commands and events, typed.
pub fn builder() -> Builder<Wry> {
    Builder::new()
        .disable_serde_phases()
        .commands(collect_commands![
            commands::start,
            commands::save_desk,
            commands::read_hosted_ui_address,
            commands::add_pool,
            commands::update_pool,
            commands::remove_pool,
            commands::set_client_secret,
            commands::offered_grants,
            commands::discover_provider,
            commands::offered_scopes,
            commands::add_identity,
            commands::update_identity,
            commands::remove_identity,
            commands::sign_in,
            commands::sign_in_by_browser,
            commands::renew,
            commands::cancel_sign_in,
            commands::sign_out,
            commands::reveal_token,
            commands::copy_token,
            commands::inspect_token,
            commands::unlock_keychain,
            commands::start_sandbox,
            commands::stop_sandbox,
            commands::create_collection,
            commands::open_collection,
            commands::close_collection,
            commands::open_request,
            commands::save_request,
            commands::create_request,
            commands::create_folder,
            commands::rename_item,
            commands::move_item,
            commands::duplicate_item,
            commands::delete_item,
            commands::undo_delete,
            commands::save_defaults,
            commands::save_environment,
            commands::delete_environment,
            commands::set_secret,
            commands::reveal_secret,
            commands::preview,
            commands::send,
            commands::cancel_send,
            commands::find_in_answer,
            commands::forget_answer,
            commands::choose_folder,
            commands::choose_file,
            commands::save_answer,
            commands::close_window,
            commands::mark,
        ])
        .events(collect_events![Changed, Closing])
}

/// Handles a call of the window: the typed commands, and the one whose answer is raw bytes.
pub fn handler(builder: &Builder<Wry>) -> impl Fn(Invoke<Wry>) -> bool + Send + Sync + 'static {
    let typed = builder.invoke_handler();
    let raw: Box<dyn Fn(Invoke<Wry>) -> bool + Send + Sync> =
        Box::new(tauri::generate_handler![commands::answer_lines]);
    move |invoke| if invoke.message.command() == "answer_lines" { raw(invoke) } else { typed(invoke) }
}
