//! A keyring that waits for its password: asked, refused, asked again.

use gatepass_vault::{EntryName, Secret, VaultStatus};

use crate::opened::{Opened, entry, large, neighbour, token};
use crate::program::Program;
use crate::prompter::{Answer, Prompter};
use crate::session::{LOCKED, UNLOCKED, home, in_session, inside, part};

fn write_and_start_locked(test: &str, body: impl FnOnce()) {
    match part().as_deref() {
        None => {
            let home = home();
            in_session(home.path(), test, "write", UNLOCKED);
            in_session(home.path(), test, "locked", LOCKED);
        }
        Some("write") => Opened::new().write(&entry(), &token()).unwrap(),
        Some(_) => body(),
    }
}

fn everything_is_locked(opened: &Opened) {
    assert!(opened.read(&entry()).unwrap_err().is_locked());
    assert!(opened.write(&entry(), &Secret::new("other")).unwrap_err().is_locked());
    assert!(opened.delete(&entry()).unwrap_err().is_locked());
    assert_eq!(opened.vault.status(), VaultStatus::Locked);
}

#[test]
fn a_locked_keychain_without_a_display_is_locked_until_it_is_unlocked() {
    write_and_start_locked("locked::a_locked_keychain_without_a_display_is_locked_until_it_is_unlocked", || {
        let opened = Opened::new();
        assert_eq!(opened.vault.status(), VaultStatus::Locked);
        everything_is_locked(&opened);
        Program::new().unlock();
        opened.keeps(&entry(), &token());
        assert_eq!(opened.vault.status(), VaultStatus::Keychain);
    });
}

#[test]
fn a_password_at_the_first_prompt_opens_the_keychain() {
    write_and_start_locked("locked::a_password_at_the_first_prompt_opens_the_keychain", || {
        let prompter = Prompter::new(&[Answer::Password("pw")]);
        let opened = Opened::new();
        opened.wait_for(&VaultStatus::Keychain);
        opened.keeps(&entry(), &token());
        assert!(prompter.has_answered());
    });
}

#[test]
fn a_prompt_that_is_dismissed_changes_nothing_and_each_call_asks_again() {
    write_and_start_locked("locked::a_prompt_that_is_dismissed_changes_nothing_and_each_call_asks_again", || {
        let wrong = Answer::Password("not it");
        let dismissed = Answer::Dismissed;
        let prompter =
            Prompter::new(&[dismissed, dismissed, dismissed, wrong, dismissed, wrong, Answer::Password("pw")]);
        let opened = Opened::new();
        assert_eq!(opened.vault.status(), VaultStatus::Locked);
        everything_is_locked(&opened);
        assert!(!prompter.has_answered());
        opened.keeps(&entry(), &token());
        assert!(prompter.has_answered());
        assert_eq!(opened.vault.status(), VaultStatus::Keychain);
    });
}

#[test]
fn a_keychain_that_is_locked_while_in_use_hides_nothing_and_loses_nothing() {
    inside("locked::a_keychain_that_is_locked_while_in_use_hides_nothing_and_loses_nothing", UNLOCKED, || {
        let program = Program::new();
        let opened = Opened::new();
        opened.write(&entry(), &large()).unwrap();
        for _ in 0..2 {
            program.lock();
            everything_is_locked(&opened);
            program.unlock();
            opened.keeps(&entry(), &large());
            assert_eq!(opened.vault.status(), VaultStatus::Keychain);
        }
    });
}

/// Some services find nothing at all while they are locked.
#[test]
fn what_is_not_found_in_a_locked_keychain_is_locked_and_not_absent() {
    inside("locked::what_is_not_found_in_a_locked_keychain_is_locked_and_not_absent", UNLOCKED, || {
        let program = Program::new();
        let opened = Opened::new();
        opened.write(&entry(), &token()).unwrap();
        program.lock();
        assert!(opened.read(&EntryName::new("identity/3/tokens")).unwrap_err().is_locked());
        assert_eq!(opened.vault.status(), VaultStatus::Locked);

        let prompter = Prompter::new(&[Answer::Password("pw")]);
        assert_eq!(opened.read(&neighbour()).unwrap(), None);
        assert!(prompter.has_answered());
        opened.keeps(&entry(), &token());
    });
}
