//! Hands Tauri the folders of this arrangement: the app's package is the root's, its files lie in src-tauri.

fn main() {
    let attributes = tauri_build::Attributes::new()
        .capabilities_path_pattern("./src-tauri/capabilities/**/*")
        .app_manifest(tauri_build::AppManifest::new().permissions_path_pattern("./src-tauri/permissions/**/*"));
    if let Err(error) = tauri_build::try_build(attributes) {
        // A build script speaks to cargo through its exit status and standard error.
        panic!("the app's configuration is not usable: {error:#}");
    }
}
