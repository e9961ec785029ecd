//! No bus, no service, no keyring.

use std::process::Command;

use gatepass_vault::{VaultError, VaultStatus};

use crate::opened::{Opened, entry, neighbour, token};
use crate::program::{Program, service_process, wait_for_service};
use crate::session::{LOCKED, UNLOCKED, home, inside, inside_with_rules, part, run};

#[test]
fn no_bus_at_all_leaves_the_secrets_in_memory() {
    match part() {
        None => {
            let home = home();
            let mut command = Command::new(std::env::current_exe().unwrap());
            command.args(["--exact", "absent::no_bus_at_all_leaves_the_secrets_in_memory", "--nocapture"]);
            command.env("DBUS_SESSION_BUS_ADDRESS", format!("unix:path={}/no-bus", home.path().display()));
            run(command, home.path(), "all");
        }
        Some(_) => Opened::new().is_in_memory("no keychain to connect to"),
    }
}

#[test]
fn a_bus_without_the_service_leaves_the_secrets_in_memory() {
    inside_with_rules("absent::a_bus_without_the_service_leaves_the_secrets_in_memory", "", "", || {
        Opened::new().is_in_memory("no keychain to connect to");
    });
}

#[test]
fn a_service_without_a_keyring_leaves_the_secrets_in_memory() {
    inside("absent::a_service_without_a_keyring_leaves_the_secrets_in_memory", LOCKED, || {
        Opened::new().is_in_memory("no default keyring");
    });
}

#[test]
fn a_service_that_goes_away_is_an_error_and_no_absence() {
    let test = "absent::a_service_that_goes_away_is_an_error_and_no_absence";
    inside_with_rules(test, "", UNLOCKED, || {
        wait_for_service();
        let opened = Opened::new();
        opened.write(&entry(), &token()).unwrap();
        assert!(Command::new("kill").arg(service_process()).status().unwrap().success());
        assert!(matches!(opened.read(&entry()), Err(VaultError::Unavailable { .. })));
        assert!(matches!(opened.write(&entry(), &token()), Err(VaultError::Unavailable { .. })));
        assert!(matches!(opened.delete(&entry()), Err(VaultError::Unavailable { .. })));
        assert_eq!(opened.vault.status(), VaultStatus::Keychain);

        assert!(Command::new("sh").args(["-c", UNLOCKED]).status().unwrap().success());
        wait_for_service();
        opened.keeps(&entry(), &token());
    });
}

#[test]
fn a_keyring_that_was_deleted_holds_nothing_and_takes_nothing() {
    inside("absent::a_keyring_that_was_deleted_holds_nothing_and_takes_nothing", UNLOCKED, || {
        let opened = Opened::new();
        opened.write(&entry(), &token()).unwrap();
        Program::new().delete_keyring();
        assert_eq!(opened.read(&entry()).unwrap(), None);
        opened.delete(&entry()).unwrap();
        let error = opened.write(&neighbour(), &token()).unwrap_err();
        assert!(matches!(error, VaultError::Unavailable { .. }), "{error:?}");
    });
}
