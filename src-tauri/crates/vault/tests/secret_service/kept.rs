//! What is written to a keyring is there later on.

use std::process::Command;

use gatepass_vault::{Secret, VaultError, VaultStatus};

use crate::opened::{Opened, entry, large, neighbour, token};
use crate::program::Program;
use crate::session::{UNLOCKED, home, in_session, inside, part};

#[test]
fn a_token_survives_a_restart_in_the_real_keychain() {
    let test = "kept::a_token_survives_a_restart_in_the_real_keychain";
    match part().as_deref() {
        None => {
            let home = home();
            in_session(home.path(), test, "write", UNLOCKED);
            in_session(home.path(), test, "read", UNLOCKED);
        }
        Some("write") => {
            let opened = Opened::new();
            assert_eq!(opened.vault.status(), VaultStatus::Keychain);
            assert_eq!(opened.read(&entry()).unwrap(), None);
            opened.write(&entry(), &token()).unwrap();
        }
        Some(_) => {
            let opened = Opened::new();
            opened.keeps(&entry(), &token());
            opened.delete(&entry()).unwrap();
            assert_eq!(opened.read(&entry()).unwrap(), None);
            assert_eq!(Program::new().count(), 0);
        }
    }
}

#[test]
fn a_value_of_many_parts_is_kept_by_the_real_keychain() {
    inside("kept::a_value_of_many_parts_is_kept_by_the_real_keychain", UNLOCKED, || {
        let opened = Opened::new();
        opened.write(&entry(), &large()).unwrap();
        opened.keeps(&entry(), &large());
        opened.write(&entry(), &token()).unwrap();
        opened.keeps(&entry(), &token());
        assert_eq!(Program::new().count(), 1);
    });
}

#[test]
fn the_largest_value_is_kept_and_a_larger_one_is_refused_by_the_real_keychain() {
    inside("kept::the_largest_value_is_kept_and_a_larger_one_is_refused_by_the_real_keychain", UNLOCKED, || {
        let opened = Opened::new();
        let largest = Secret::new("x".repeat(262_144));
        opened.write(&entry(), &largest).unwrap();
        let error = opened.write(&entry(), &Secret::new("x".repeat(262_145))).unwrap_err();
        assert!(matches!(error, VaultError::TooLarge { found: 262_145, limit: 262_144, .. }), "{error:?}");
        opened.keeps(&entry(), &largest);
        opened.delete(&entry()).unwrap();
        assert_eq!(Program::new().count(), 0);
    });
}

#[test]
fn a_keychain_service_that_was_started_anew_is_found_again_by_every_call() {
    inside("kept::a_keychain_service_that_was_started_anew_is_found_again_by_every_call", UNLOCKED, || {
        let opened = Opened::new();
        let start_anew = || {
            let anew = UNLOCKED.replace("--unlock", "--replace --unlock");
            assert!(Command::new("sh").args(["-c", &anew]).status().unwrap().success());
        };
        opened.write(&entry(), &large()).unwrap();
        start_anew();
        opened.keeps(&entry(), &large());
        start_anew();
        opened.write(&neighbour(), &token()).unwrap();
        start_anew();
        opened.delete(&entry()).unwrap();
        assert_eq!(opened.read(&entry()).unwrap(), None);
        opened.keeps(&neighbour(), &token());
        assert_eq!(opened.vault.status(), VaultStatus::Keychain);
    });
}
