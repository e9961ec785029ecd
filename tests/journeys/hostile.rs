//! A login page that wants more than a password: it tries everything that a page in a window of the app could try.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use gatepass_journeys::{Desk, Options, css, text};
use gatepass_stage::{SignIn, Stage};
use serde_json::{Value, json};
use url::Url;

use crate::servers::served::{Served, parameter, redirect};
use crate::{Journey, kept};

const PAGE: &str = include_str!("hostile/page.html");

/// The app's commands, as they are granted to its own window.
const GRANTED: &str = include_str!("../../src-tauri/permissions/window.toml");

/// Commands of Tauri itself and of plugins, the app's own among them.
const OF_TAURI: [&str; 18] = [
    "plugin:event|listen",
    "plugin:event|emit",
    "plugin:event|emit_to",
    "plugin:event|unlisten",
    "plugin:window|close",
    "plugin:window|create",
    "plugin:window|get_all_windows",
    "plugin:webview|create_webview_window",
    "plugin:webview|get_all_webviews",
    "plugin:app|version",
    "plugin:path|resolve_directory",
    "plugin:resources|close",
    "plugin:image|from_path",
    "plugin:menu|new",
    "plugin:tray|new",
    "plugin:dialog|open",
    "plugin:dialog|save",
    "plugin:dialog|message",
];

fn commands() -> Vec<&'static str> {
    let lines = GRANTED.lines().filter_map(|line| line.trim().strip_prefix('"')?.strip_suffix("\","));
    lines.chain(OF_TAURI).collect()
}

/// What came to the page's own server.
#[derive(Default)]
struct Seen {
    reports: Vec<Report>,
    turns: u32,
    callbacks: u32,
    baits: u32,
}

#[derive(Debug, Clone)]
struct Report {
    what: String,
    how: String,
    words: String,
}

#[derive(Clone, Default)]
struct Trap(Arc<Mutex<Seen>>);

impl Trap {
    fn with<T>(&self, look: impl FnOnce(&mut Seen) -> T) -> T {
        look(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn report(&self, what: &str) -> Option<Report> {
        self.with(|seen| seen.reports.iter().find(|report| report.what == what).cloned())
    }
}

async fn report(State(trap): State<Trap>, body: Bytes) -> StatusCode {
    let Ok(report) = serde_json::from_slice::<Value>(&body) else { return StatusCode::BAD_REQUEST };
    let text = |name: &str| report[name].as_str().unwrap_or_default().to_owned();
    trap.with(|seen| seen.reports.push(Report { what: text("what"), how: text("how"), words: text("words") }));
    StatusCode::NO_CONTENT
}

/// Goes round for ever, by a redirect and by a script in turn.
async fn spin(State(trap): State<Trap>, RawQuery(query): RawQuery) -> Response {
    let turn = trap.with(|seen| {
        seen.turns += 1;
        seen.turns
    });
    let next = format!("/spin?turn={turn}");
    if turn % 5 == 0 || parameter(query.as_deref(), "turn").is_empty() {
        return Html(format!("<script>location.replace({})</script>", json!(next))).into_response();
    }
    redirect(&next)
}

fn hostile(trap: Trap, bait: &Url) -> Router {
    let authorize =
        |RawQuery(query): RawQuery| async move { redirect(&format!("/login?{}", query.unwrap_or_default())) };
    let page = PAGE.replace("__COMMANDS__", &json!(commands()).to_string());
    let page = page.replace("__BAIT__", &json!(bait.as_str()).to_string());
    let gift = || async {
        let headers = [
            (header::CONTENT_TYPE, "application/octet-stream"),
            (header::CONTENT_DISPOSITION, "attachment; filename=gift.bin"),
        ];
        (headers, "not what it says").into_response()
    };
    let callback = |State(trap): State<Trap>| async move {
        trap.with(|seen| seen.callbacks += 1);
        "the callback was loaded"
    };
    let baited = |State(trap): State<Trap>| async move {
        trap.with(|seen| seen.baits += 1);
        StatusCode::NO_CONTENT
    };
    Router::new()
        .route("/bait", get(baited))
        .route("/oauth2/authorize", get(authorize))
        .route("/login", get(move || async move { Html(page.clone()) }))
        .route("/report", post(report))
        .route("/spin", get(spin))
        .route("/gift", get(gift))
        .route("/callback", get(callback))
        .with_state(trap)
}

fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).into_iter().flatten().flatten() {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                _ => files.push(entry.path()),
            }
        }
    }
    files
}

/// Holds each report against what a page may reach, which is nothing.
fn judge(reports: &[Report]) {
    for report in reports {
        assert_ne!(report.how, "taken", "the page got something: {report:?}");
    }
    for command in commands() {
        let what = format!("command {command}");
        let told: Vec<&Report> = reports.iter().filter(|report| report.what == what).collect();
        assert_eq!(told.len(), 1, "{what} was not tried once: {told:?}");
        assert_eq!(told[0].how, "refused", "{:?}", told[0]);
        assert!(told[0].words.contains("not allowed"), "{command} was refused for another reason: {:?}", told[0]);
    }
}

/// A hostile pool, the file that it would like to read, and what it saw.
struct Hostile {
    trap: Trap,
    pool: Served,
    _bait: tempfile::NamedTempFile,
}

impl Hostile {
    async fn start() -> Result<Self, Box<dyn std::error::Error>> {
        let trap = Trap::default();
        let bait = tempfile::Builder::new().suffix(".html").tempfile()?;
        let bait_url = Url::from_file_path(bait.path()).map_err(|()| "the bait has no address")?;
        let pool = Served::start(hostile(trap.clone(), &bait_url)).await?;
        fs::write(bait.path(), format!("<img src=\"{}/bait\">", pool.origin()))?;
        Ok(Self { trap, pool, _bait: bait })
    }

    async fn connect(&self, desk: &Desk) -> Journey {
        let callback = format!("{}/callback", self.pool.origin());
        desk.connect(&self.pool.login_page("client", &callback)?).await?;
        Ok(())
    }

    /// Waits until the page is through with what it can do by itself, and holds that against what it may reach.
    async fn has_tried(&self, desk: &Desk) -> Journey {
        desk.until("the page to have tried everything", async || Ok(self.trap.report("done"))).await?;
        judge(&self.trap.with(|seen| seen.reports.clone()));
        assert_eq!(self.trap.with(|seen| seen.callbacks), 0, "a callback was loaded");
        assert_eq!(self.trap.with(|seen| seen.baits), 0, "a file was loaded");
        assert_eq!(desk.sign_in_windows()?.len(), 1, "the window is gone or has opened another one");
        Ok(())
    }
}

/// Holds the app against one at which nothing has happened.
async fn is_untouched(desk: &Desk) -> Journey {
    desk.see_signed_out().await?;
    desk.see(&text("Sandbox not running")).await?;
    kept::nothing(desk)?;
    let gifts = files_below(desk.home().path()).into_iter().filter(|path| path.to_string_lossy().contains("gift"));
    assert_eq!(gifts.collect::<Vec<_>>(), Vec::<PathBuf>::new());
    Ok(())
}

#[tokio::test]
async fn a_hostile_login_page_reaches_nothing_and_the_user_goes_on() -> Journey {
    let stage = Stage::open().await?;
    let hostile = Hostile::start().await?;
    let desk = Desk::open(Options::new("hostile-login-page")).await?;
    hostile.connect(&desk).await?;
    hostile.has_tried(&desk).await?;

    desk.sign_in_window().await?;
    let origin = desk.evaluate("return document.querySelector('#gift') && location.origin;", Vec::new()).await?;
    assert_eq!(origin, json!(hostile.pool.origin()), "the window has left the page");
    desk.click(&css("#gift")).await?;
    desk.click(&css("#popup")).await?;
    let turns = || hostile.trap.with(|seen| seen.turns);
    desk.until("the page to go round", async || Ok((turns() > 30).then_some(()))).await?;
    for what in ["popup tauri:", "popup"] {
        assert_eq!(hostile.trap.report(what).map(|report| report.how).as_deref(), Some("refused"), "{what}");
    }
    assert_eq!(desk.client()?.windows().await?.len(), 2, "a window was opened");
    assert_eq!(desk.sign_in_windows()?.len(), 1, "a window was opened");

    desk.close_sign_in().await?;
    is_untouched(&desk).await?;
    desk.connect_another(&stage.login_page()).await?;
    desk.sign_in_as(&stage, "ada").await?;
    Ok(())
}

#[tokio::test]
async fn a_hostile_login_page_in_a_window_with_its_own_jar_reaches_nothing_either() -> Journey {
    let stage = Stage::open().await?;
    let hostile = Hostile::start().await?;
    let desk = Desk::open(Options::new("hostile-login-page-apart").with_separate_jars()).await?;
    hostile.connect(&desk).await?;
    hostile.has_tried(&desk).await?;

    desk.close_sign_in().await?;
    is_untouched(&desk).await?;
    desk.connect_another(&stage.login_page()).await?;
    desk.sign_in_by_keys(&stage, "ada", "Sign in · ").await?;
    desk.see_signed_in("ada").await?;
    Ok(())
}
