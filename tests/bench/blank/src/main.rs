//! A blank Tauri window that says when it is painted: what the app's start and memory are measured against.

use std::fs::OpenOptions;
use std::io::Write;
use std::time::{SystemTime, UNIX_EPOCH};

fn main() -> tauri::Result<()> {
    tauri::Builder::default().invoke_handler(tauri::generate_handler![bench_mark]).run(tauri::generate_context!())
}

/// Appends the name and the time in Unix milliseconds to the file that `GATEPASS_BENCH` names.
#[tauri::command]
fn bench_mark(name: &str) {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let Some(path) = std::env::var_os("GATEPASS_BENCH") else { return };
    if let Ok(mut file) = OpenOptions::new().append(true).create(true).open(path) {
        // The measuring program notices a mark that did not come.
        writeln!(file, "{name} {:.3}", now.as_secs_f64() * 1000.0).ok();
    }
}
