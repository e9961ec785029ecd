//! The app's own window.

use tauri::utils::config::Color;
use tauri::{AppHandle, Manager, Theme, Url, WebviewUrl, WebviewWindowBuilder};

/// The label to which the capability is bound.
pub const LABEL: &str = "main";

/// Opens it in the colour of its theme, so that nothing flashes before the first paint.
pub fn open(app: &AppHandle) -> tauri::Result<()> {
    let window = WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App("index.html".into()))
        .title("Gatepass")
        .inner_size(1440.0, 900.0)
        .min_inner_size(880.0, 560.0)
        .disable_drag_drop_handler()
        .on_navigation(is_own)
        .on_new_window(|_, _| tauri::webview::NewWindowResponse::Deny)
        .on_download(|_, _| false)
        .background_color(Color(0xfb, 0xfb, 0xfa, 0xff))
        .build()?;
    if window.theme()? == Theme::Dark {
        window.set_background_color(Some(Color(0x16, 0x18, 0x1b, 0xff)))?;
    }
    Ok(())
}

/// Closes it without asking its page.
pub fn close(app: &AppHandle) {
    if let Some(window) = app.get_webview_window(LABEL)
        && let Err(error) = window.destroy()
    {
        tracing::warn!(%error, "the window was not closed");
    }
}

/// The window shows the app's own pages and nothing else, whatever a response or a file has in it.
fn is_own(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => url.host_str() == Some("localhost"),
        "http" | "https" => cfg!(windows) && url.host_str() == Some("tauri.localhost"),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_main_window_goes_nowhere_else() {
        assert!(is_own(&Url::parse("tauri://localhost/index.html").unwrap()));
        for foreign in
            ["https://example.com/", "tauri://evil/", "file:///etc/passwd", "data:text/html,x", "about:blank"]
        {
            assert!(!is_own(&Url::parse(foreign).unwrap()), "{foreign}");
        }
    }
}
