//! A keyring that is locked, or a service that is started anew, while a value of many parts is being written.

use std::process::Command;

use gatepass_vault::{Secret, VaultError, VaultStatus};

use crate::opened::{Opened, entry, large, neighbour, token};
use crate::program::Program;
use crate::session::{UNLOCKED, inside};

const PARTS: usize = 4;

/// Writes over a value of many parts, interrupts that when the first new part is there, and tells how it ended.
fn interrupted_write(opened: &Opened, new: &Secret, interrupt: impl FnOnce(&Program)) -> Result<(), VaultError> {
    let program = Program::new();
    opened.write(&neighbour(), &token()).unwrap();
    opened.write(&entry(), &large()).unwrap();
    let before = program.count();
    assert_eq!(before, 2 + PARTS);

    let (vault, new) = (opened.vault.clone(), new.clone());
    let writing = opened.runtime.spawn(async move { vault.write(&entry(), &new).await });
    while program.count() == before && !writing.is_finished() {}
    interrupt(&program);
    opened.runtime.block_on(writing).unwrap()
}

/// The value is the old one or the new one, and the next write leaves no part of either.
fn is_whole(opened: &Opened, new: &Secret) {
    let value = opened.read(&entry()).unwrap().unwrap();
    assert!(value == large() || value == *new, "{} bytes were read", value.expose().len());
    opened.keeps(&neighbour(), &token());
    opened.write(&entry(), &token()).unwrap();
    assert_eq!(Program::new().count(), 2);
    assert_eq!(opened.vault.status(), VaultStatus::Keychain);
}

fn new() -> Secret {
    Secret::new("ü".repeat(100_000))
}

#[test]
fn a_lock_in_the_middle_of_a_write_leaves_the_old_value_or_the_new_one() {
    inside("interrupted::a_lock_in_the_middle_of_a_write_leaves_the_old_value_or_the_new_one", UNLOCKED, || {
        let opened = Opened::new();
        let outcome = interrupted_write(&opened, &new(), Program::lock);
        if let Err(error) = outcome {
            assert!(error.is_locked(), "{error:?}");
        }
        Program::new().unlock();
        is_whole(&opened, &new());
    });
}

#[test]
fn a_service_that_is_started_anew_in_the_middle_of_a_write_leaves_the_old_value_or_the_new_one() {
    let test =
        "interrupted::a_service_that_is_started_anew_in_the_middle_of_a_write_leaves_the_old_value_or_the_new_one";
    inside(test, UNLOCKED, || {
        let opened = Opened::new();
        let outcome = interrupted_write(&opened, &new(), |_| {
            let anew = UNLOCKED.replace("--unlock", "--replace --unlock");
            assert!(Command::new("sh").args(["-c", &anew]).status().unwrap().success());
        });
        // While the service is away, the bus starts one that has no password.
        if let Err(error) = outcome {
            assert!(matches!(error, VaultError::Unavailable { .. } | VaultError::Locked { .. }), "{error:?}");
        }
        is_whole(&opened, &new());
    });
}
