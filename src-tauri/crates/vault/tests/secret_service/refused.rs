//! Keyrings that let nobody in, have no room, or do not answer.

use std::process::Command;
use std::time::Duration;

use gatepass_vault::{EntryName, Secret, VaultError, VaultStatus};

use crate::opened::{Opened, entry, large, neighbour, token};
use crate::program::{Program, service_process, wait_for_service};
use crate::session::{UNLOCKED, inside, inside_with_rules};

#[test]
fn a_bus_that_keeps_the_app_from_the_service_leaves_the_secrets_in_memory_and_says_so() {
    let test = "refused::a_bus_that_keeps_the_app_from_the_service_leaves_the_secrets_in_memory_and_says_so";
    let rule = r#"<deny send_destination="org.freedesktop.secrets"/>"#;
    inside_with_rules(test, rule, UNLOCKED, || {
        wait_for_service();
        Opened::new().is_in_memory("the keychain denied access");
    });
}

#[test]
fn a_bus_that_keeps_the_app_from_searching_leaves_the_secrets_in_memory_and_says_so() {
    let test = "refused::a_bus_that_keeps_the_app_from_searching_leaves_the_secrets_in_memory_and_says_so";
    let rule = r#"<deny send_interface="org.freedesktop.Secret.Service" send_member="SearchItems"/>"#;
    inside_with_rules(test, rule, UNLOCKED, || {
        wait_for_service();
        Opened::new().is_in_memory("the keychain denied access");
    });
}

/// A limit on the size of the keyring's file stands for a disk without room: the write fails as it would there.
#[test]
fn a_full_keyring_keeps_the_old_values_and_takes_new_ones_when_there_is_room() {
    let full = format!("(trap '' XFSZ; ulimit -f 64; {UNLOCKED}) || exit 92");
    let test = "refused::a_full_keyring_keeps_the_old_values_and_takes_new_ones_when_there_is_room";
    inside(test, &full, || {
        let opened = Opened::new();
        opened.write(&entry(), &token()).unwrap();
        let name = |index: usize| EntryName::new(format!("identity/{index}/key"));
        let refusal = (0..10).find_map(|index| Some((index, opened.write(&name(index), &token()).err()?)));
        let (index, error) = refusal.unwrap();
        assert!(matches!(error, VaultError::Unavailable { .. }), "{error:?}");
        assert!(index > 0, "nothing was kept before the keyring was full");

        assert!(matches!(opened.write(&entry(), &large()), Err(VaultError::Unavailable { .. })));
        let longer = Secret::new("eyK".repeat(4_000));
        assert!(matches!(opened.write(&entry(), &longer), Err(VaultError::Unavailable { .. })));
        opened.keeps(&entry(), &token());
        assert_eq!(opened.read(&name(index)).unwrap(), None);
        assert_eq!(opened.vault.status(), VaultStatus::Keychain);

        opened.delete(&name(0)).unwrap();
        opened.write(&name(index), &token()).unwrap();
        opened.keeps(&name(index), &token());
        opened.keeps(&entry(), &token());
    });
}

#[test]
fn a_keyring_that_does_not_answer_holds_up_only_those_who_ask_it() {
    inside("refused::a_keyring_that_does_not_answer_holds_up_only_those_who_ask_it", UNLOCKED, || {
        let opened = Opened::new();
        let keyring = service_process();
        let signal = |name: &str| assert!(Command::new("kill").args([name, &keyring]).status().unwrap().success());
        opened.write(&entry(), &token()).unwrap();
        let in_memory = gatepass_vault::Vault::in_memory("a test");

        signal("-STOP");
        opened.runtime.block_on(async {
            let (vault, entry) = (opened.vault.clone(), entry());
            let reading = tokio::spawn(async move { vault.read(&entry).await });
            in_memory.write(&neighbour(), &token()).await.unwrap();
            assert_eq!(in_memory.read(&neighbour()).await.unwrap(), Some(token()));
            assert_eq!(opened.vault.status(), VaultStatus::Keychain);
            let given_up = tokio::time::timeout(Duration::from_millis(50), opened.vault.read(&neighbour())).await;
            assert!(given_up.is_err(), "the stopped keyring has answered");
            assert!(!reading.is_finished());
            signal("-CONT");
            assert_eq!(reading.await.unwrap().unwrap(), Some(token()));
        });
        opened.write(&neighbour(), &token()).unwrap();
        opened.keeps(&neighbour(), &token());
        assert_eq!(Program::new().count(), 2);
    });
}
