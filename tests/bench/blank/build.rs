//! Reads the blank window's configuration.

fn main() {
    tauri_build::build();
}
