//! The vault against a real Secret Service: a private session bus and a throw-away gnome-keyring for each test.
//!
//! A test runs itself again inside `dbus-run-session`, with a home folder of its own and no display.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "the steps that tests share")]

use std::path::Path;
use std::process::Command;

use gatepass_vault::{EntryName, Secret, Vault, VaultStatus};
use zbus::zvariant::{OwnedObjectPath, OwnedValue, Value};

const INSIDE: &str = "GATEPASS_VAULT_TEST_INSIDE";

/// Starts the keyring unlocked; its default keyring is made with this password where there is none.
const UNLOCKED: &str = "printf pw | gnome-keyring-daemon --unlock --components=secrets >/dev/null || exit 90";
/// Starts the keyring without its password.
const LOCKED: &str = "gnome-keyring-daemon --start --components=secrets >/dev/null || exit 91";

/// Runs one test of this file again, in a session bus of its own, after `prepare`.
fn in_session(home: &Path, test: &str, part: &str, prepare: &str) {
    let script = format!("{prepare}\nexec \"$0\" --exact \"$1\" --nocapture");
    let mut command = Command::new("dbus-run-session");
    command.args(["--", "sh", "-c", &script]).arg(std::env::current_exe().unwrap()).arg(test);
    run(command, home, part);
}

fn run(mut command: Command, home: &Path, part: &str) {
    let output = command
        .env_remove("DISPLAY")
        .env_remove("WAYLAND_DISPLAY")
        .env_remove("GNOME_KEYRING_CONTROL")
        .env("HOME", home)
        .env("XDG_DATA_HOME", home.join("data"))
        .env("XDG_CACHE_HOME", home.join("cache"))
        .env("XDG_CONFIG_HOME", home.join("config"))
        .env("XDG_RUNTIME_DIR", home)
        .env(INSIDE, part)
        .output()
        .expect("dbus-run-session (package dbus-x11 or dbus) and gnome-keyring-daemon must be installed");
    let (out, err) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && out.contains("1 passed"), "part {part}: {}\n{out}\n{err}", output.status);
}

/// The part of a test that runs in its own session, or `None` in the outer process.
fn part() -> Option<String> {
    std::env::var(INSIDE).ok()
}

/// Unlocks the running keyring as its prompt would, over the interface that it keeps for its own tests.
fn unlock() -> zbus::Result<()> {
    const SECRETS: Option<&str> = Some("org.freedesktop.secrets");
    const PATH: &str = "/org/freedesktop/secrets";
    let bus = zbus::blocking::Connection::session()?;
    let plain = ("plain", Value::from(""));
    let reply = bus.call_method(SECRETS, PATH, Some("org.freedesktop.Secret.Service"), "OpenSession", &plain)?;
    let (_, session): (OwnedValue, OwnedObjectPath) = reply.body().deserialize()?;
    let collection = OwnedObjectPath::try_from("/org/freedesktop/secrets/collection/login")?;
    let password = (session, Vec::<u8>::new(), b"pw".to_vec(), "text/plain");
    let interface = Some("org.gnome.keyring.InternalUnsupportedGuiltRiddenInterface");
    bus.call_method(SECRETS, PATH, interface, "UnlockWithMasterPassword", &(collection, password))?;
    Ok(())
}

fn home() -> tempfile::TempDir {
    tempfile::Builder::new().prefix("gp").tempdir().unwrap()
}

fn block_on<T>(future: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(future)
}

fn token() -> Secret {
    Secret::new("eyJ".repeat(2_000))
}

fn entry() -> EntryName {
    EntryName::new("identity/1/id-token")
}

async fn open() -> Vault {
    Vault::open("dev.gatepass.test").await
}

#[test]
fn a_token_survives_a_restart_in_the_real_keychain() {
    let test = "a_token_survives_a_restart_in_the_real_keychain";
    match part().as_deref() {
        None => {
            let home = home();
            in_session(home.path(), test, "write", UNLOCKED);
            in_session(home.path(), test, "read", UNLOCKED);
        }
        Some("write") => block_on(async {
            let vault = open().await;
            assert_eq!(vault.status(), VaultStatus::Keychain);
            assert_eq!(vault.read(&entry()).await.unwrap(), None);
            vault.write(&entry(), &token()).await.unwrap();
        }),
        Some(_) => block_on(async {
            let vault = open().await;
            assert_eq!(vault.read(&entry()).await.unwrap(), Some(token()));
            vault.delete(&entry()).await.unwrap();
            assert_eq!(vault.read(&entry()).await.unwrap(), None);
        }),
    }
}

#[test]
fn a_value_of_many_parts_is_kept_by_the_real_keychain() {
    match part() {
        None => in_session(home().path(), "a_value_of_many_parts_is_kept_by_the_real_keychain", "all", UNLOCKED),
        Some(_) => block_on(async {
            let vault = open().await;
            let large = Secret::new("é".repeat(100_000));
            vault.write(&entry(), &large).await.unwrap();
            assert_eq!(vault.read(&entry()).await.unwrap(), Some(large));
            vault.write(&entry(), &token()).await.unwrap();
            assert_eq!(vault.read(&entry()).await.unwrap(), Some(token()));
        }),
    }
}

#[test]
fn a_locked_keychain_without_a_display_is_locked_until_it_is_unlocked() {
    let test = "a_locked_keychain_without_a_display_is_locked_until_it_is_unlocked";
    match part().as_deref() {
        None => {
            let home = home();
            in_session(home.path(), test, "write", UNLOCKED);
            in_session(home.path(), test, "locked", LOCKED);
        }
        Some("write") => block_on(async { open().await.write(&entry(), &token()).await.unwrap() }),
        Some(_) => block_on(async {
            let vault = open().await;
            assert_eq!(vault.status(), VaultStatus::Locked);
            assert!(vault.read(&entry()).await.unwrap_err().is_locked());
            assert!(vault.write(&entry(), &Secret::new("other")).await.unwrap_err().is_locked());
            assert!(vault.delete(&entry()).await.unwrap_err().is_locked());

            tokio::task::spawn_blocking(unlock).await.unwrap().unwrap();
            assert_eq!(vault.read(&entry()).await.unwrap(), Some(token()));
            assert_eq!(vault.status(), VaultStatus::Keychain);
        }),
    }
}

#[test]
fn a_keychain_service_that_was_started_anew_is_found_again() {
    match part() {
        None => in_session(home().path(), "a_keychain_service_that_was_started_anew_is_found_again", "all", UNLOCKED),
        Some(_) => block_on(async {
            let vault = open().await;
            vault.write(&entry(), &token()).await.unwrap();
            let anew = UNLOCKED.replace("--unlock", "--replace --unlock");
            let status = Command::new("sh").args(["-c", &anew]).status().unwrap();
            assert!(status.success());
            assert_eq!(vault.read(&entry()).await.unwrap(), Some(token()));
        }),
    }
}

#[test]
fn a_service_without_a_keyring_leaves_the_secrets_in_memory() {
    match part() {
        None => in_session(home().path(), "a_service_without_a_keyring_leaves_the_secrets_in_memory", "all", LOCKED),
        Some(_) => block_on(async { in_memory("no default keyring").await }),
    }
}

#[test]
fn no_bus_at_all_leaves_the_secrets_in_memory() {
    match part() {
        None => {
            let home = home();
            let mut command = Command::new(std::env::current_exe().unwrap());
            command.args(["--exact", "no_bus_at_all_leaves_the_secrets_in_memory", "--nocapture"]);
            command.env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}/no-bus", home.path().display()));
            run(command, home.path(), "all");
        }
        Some(_) => block_on(async { in_memory("no keychain to connect to").await }),
    }
}

async fn in_memory(expected: &str) {
    let vault = open().await;
    let VaultStatus::SessionOnly { reason } = vault.status() else { panic!("{:?}", vault.status()) };
    assert!(reason.contains(expected), "{reason}");
    vault.write(&entry(), &token()).await.unwrap();
    assert_eq!(vault.read(&entry()).await.unwrap(), Some(token()));
}
