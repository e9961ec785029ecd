//! The shell: windows and one-line commands over the workbench. Only this crate knows Tauri.

pub mod bridge;
mod clipboard;
mod closing;
mod commands;
mod desktop;
mod dialogs;
mod hosted_ui;
mod main_window;
mod marks;

use std::io::Write;
use std::process::ExitCode;
use std::sync::Arc;

use gatepass_workbench::{Places, Workbench};
use tauri::{AppHandle, Manager, RunEvent, WindowEvent};

use desktop::Desktop;

/// Runs the app until it is closed.
pub fn run() -> ExitCode {
    log_warnings();
    if let Err(words) = display() {
        return fail(words);
    }
    let bridge = bridge::builder();
    let app = tauri::Builder::default()
        .plugin(tauri_plugin_dialog::init())
        .invoke_handler(bridge::handler(&bridge))
        .setup(move |app| {
            bridge.mount_events(app);
            open(app.handle())
        })
        .build(tauri::generate_context!());
    match app {
        Ok(app) => {
            app.run(react);
            ExitCode::SUCCESS
        }
        Err(error) => fail(&format!("Gatepass could not start: {error}")),
    }
}

fn open(app: &AppHandle) -> Result<(), Box<dyn std::error::Error>> {
    let paths = app.path();
    let places = Places {
        data: paths.app_data_dir()?,
        cache: paths.app_cache_dir()?,
        documents: paths.document_dir().or_else(|_| paths.home_dir())?,
    };
    let desktop = Desktop::new(app.clone());
    let runtime = tauri::async_runtime::handle();
    let _inside = runtime.inner().enter();
    let workbench = Arc::new(Workbench::open(places, Arc::new(desktop.clone())).map_err(|failure| failure.message)?);
    desktop.report_to(&workbench);
    // The keychain opens while the window is painted.
    let early = Arc::clone(&workbench);
    runtime.spawn(async move { early.open_sessions().await });
    runtime.spawn(Arc::clone(&workbench).keep_fresh());
    app.manage(workbench);
    app.manage(closing::Asked::default());
    main_window::open(app)?;
    Ok(())
}

/// Closing the main window ends the app; closing a sign-in window is a cancel.
fn react(app: &AppHandle, event: RunEvent) {
    let label = match event {
        RunEvent::WindowEvent { label, event: WindowEvent::CloseRequested { api, .. }, .. }
            if label == main_window::LABEL =>
        {
            return closing::put_off(app, &api);
        }
        RunEvent::WindowEvent { label, event: WindowEvent::Destroyed, .. } => label,
        _ => return,
    };
    let workbench = app.try_state::<Arc<Workbench>>();
    if label == main_window::LABEL {
        if let Some(workbench) = workbench {
            workbench.forget_sessions();
        }
        app.exit(0);
    } else if let Some(workbench) = workbench {
        workbench.closed(&label);
    }
}

/// A window system is needed; without one the toolkit would panic.
fn display() -> Result<(), &'static str> {
    let missing = |name: &str| std::env::var_os(name).is_none_or(|value| value.is_empty());
    if cfg!(target_os = "linux") && missing("DISPLAY") && missing("WAYLAND_DISPLAY") {
        return Err("Gatepass needs a display, and neither DISPLAY nor WAYLAND_DISPLAY is set. \
                    Start it in a desktop session, or under a virtual display: xvfb-run gatepass");
    }
    Ok(())
}

fn fail(words: &str) -> ExitCode {
    // Nobody is left to tell when standard error is closed.
    let _told = writeln!(std::io::stderr(), "{words}");
    ExitCode::FAILURE
}

fn log_warnings() {
    let warnings = tracing_subscriber::fmt().with_max_level(tracing::Level::WARN).with_writer(std::io::stderr);
    warnings.init();
}
