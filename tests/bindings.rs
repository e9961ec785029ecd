//! The committed bindings are those of the code.

use specta_typescript::Typescript;

#[test]
fn the_committed_bindings_are_those_of_the_code() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/ui/src/lib/bridge/bindings.ts");
    let fresh = tempfile::tempdir().unwrap();
    let fresh = fresh.path().join("bindings.ts");
    gatepass_app::bridge::builder().export(Typescript::default(), &fresh).unwrap();
    let fresh = std::fs::read_to_string(fresh).unwrap();
    let committed = std::fs::read_to_string(path).unwrap_or_default();
    if std::env::var_os("GATEPASS_WRITE_BINDINGS").is_some() {
        std::fs::write(path, &fresh).unwrap();
    } else {
        assert!(
            committed == fresh,
            "ui/src/lib/bridge/bindings.ts is stale: write it anew with `GATEPASS_WRITE_BINDINGS=1 cargo test --test bindings`"
        );
    }
}
