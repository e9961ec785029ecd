//! Windows on a user pool's hosted UI. They are in no capability, and every navigation is judged by the workbench.

use std::borrow::Cow;
use std::sync::{Arc, Weak};

use gatepass_workbench::Workbench;
use gatepass_workbench::shell::HostedUiWindow;
use tauri::http::{Response, StatusCode};
use tauri::webview::{NewWindowResponse, PermissionResponse};
use tauri::{AppHandle, Manager, WebviewUrl, WebviewWindowBuilder};

/// Opens a window.
///
/// Popups never open: what they would have shown is opened in the same window, if the workbench lets it. A page gets
/// neither a download nor the camera, the place, or anything else that it would have to ask for.
pub fn open(app: &AppHandle, workbench: &Weak<Workbench>, window: HostedUiWindow) -> tauri::Result<()> {
    let HostedUiWindow { label, url, title, jar, visible } = window;
    let judge = {
        let (label, workbench) = (label.clone(), workbench.clone());
        Arc::new(move |url: &tauri::Url| workbench.upgrade().is_some_and(|workbench| workbench.navigated(&label, url)))
    };
    let popup = {
        let (app, label) = (app.clone(), label.clone());
        move |url: tauri::Url| {
            if matches!(url.scheme(), "http" | "https")
                && let Some(window) = app.get_webview_window(&label)
                && let Err(error) = window.navigate(url)
            {
                tracing::warn!(%error, "a popup of the hosted UI could not be opened in its own window");
            }
        }
    };
    let builder = WebviewWindowBuilder::new(app, &label, WebviewUrl::External(url))
        .title(title)
        .inner_size(480.0, 720.0)
        .min_inner_size(360.0, 480.0)
        .center()
        .visible(visible)
        .focused(visible)
        .on_navigation(move |url| judge(url))
        .on_new_window(move |url, _| {
            popup(url);
            NewWindowResponse::Deny
        })
        .on_download(|_, _| false)
        .on_web_resource_request(|_, response| withhold(response))
        .on_permission_request(|_, _| PermissionResponse::Deny);
    let builder = if shares_the_jar() { builder } else { builder.data_directory(jar) };
    builder.build()?;
    Ok(())
}

/// The app's own pages are for its own window: in this one `tauri://localhost` is empty, and closed to scripts.
fn withhold(response: &mut Response<Cow<'static, [u8]>>) {
    response.headers_mut().clear();
    *response.status_mut() = StatusCode::FORBIDDEN;
    *response.body_mut() = Cow::Borrowed(&[]);
}

/// WebDriver sees only windows of the first web context, so the journeys of a debug build may share it. A release build
/// never does.
fn shares_the_jar() -> bool {
    cfg!(debug_assertions) && std::env::var_os("GATEPASS_SHARED_WEB_CONTEXT").is_some()
}
