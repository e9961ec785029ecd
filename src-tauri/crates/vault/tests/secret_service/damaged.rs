//! Entries that somebody else changed, removed or doubled.

use gatepass_vault::{Secret, VaultError, VaultStatus};

use crate::opened::{Opened, entry, large, neighbour, token};
use crate::program::Program;
use crate::session::{UNLOCKED, inside};

const OWN: &[(&str, &str)] = &[("application", "another program")];

fn part(generation: char, index: usize) -> String {
    format!("{}#{generation}.{index}", entry())
}

/// Reads the damage, finds the neighbour well, and mends it by a write and by a delete.
fn is_damaged(opened: &Opened, expected: &str) {
    match opened.read(&entry()) {
        Err(VaultError::Unreadable { what, .. }) => assert_eq!(what, expected),
        other => panic!("{other:?}"),
    }
    opened.keeps(&neighbour(), &token());
    assert_eq!(opened.vault.status(), VaultStatus::Keychain);
}

#[test]
fn damage_stops_nobody_else_and_is_mended_by_the_next_write() {
    inside("damaged::damage_stops_nobody_else_and_is_mended_by_the_next_write", UNLOCKED, || {
        let program = Program::new();
        let opened = Opened::new();
        opened.write(&neighbour(), &token()).unwrap();

        let name = entry().to_string();
        let damages: [(&str, &dyn Fn()); 6] = [
            ("it is not text", &|| program.put(&name, &[], b"\xff\xfe")),
            ("it is not text", &|| program.put(&part('a', 2), &[], b"\xff\xfe")),
            ("it was not written by Gatepass", &|| program.put(&name, &[], b"hunter2")),
            ("its parts do not belong together", &|| program.put(&part('a', 1), &[], b"cut")),
            ("a part is missing", &|| program.remove(&part('a', 0), &[])),
            ("a part is missing", &|| program.remove(&part('a', 3), &[])),
        ];
        for (expected, damage) in damages {
            opened.write(&entry(), &large()).unwrap();
            damage();
            is_damaged(&opened, expected);
            opened.write(&entry(), &token()).unwrap();
            opened.keeps(&entry(), &token());

            opened.write(&entry(), &large()).unwrap();
            damage();
            opened.delete(&entry()).unwrap();
            assert_eq!(opened.read(&entry()).unwrap(), None);
            opened.keeps(&neighbour(), &token());
        }
        opened.delete(&neighbour()).unwrap();
        assert_eq!(program.count(), 0);
    });
}

#[test]
fn an_entry_that_is_removed_behind_our_back_is_absent_and_can_be_written_again() {
    inside("damaged::an_entry_that_is_removed_behind_our_back_is_absent_and_can_be_written_again", UNLOCKED, || {
        let program = Program::new();
        let opened = Opened::new();
        opened.write(&neighbour(), &token()).unwrap();
        opened.write(&entry(), &large()).unwrap();
        program.remove(entry().as_str(), &[]);
        assert_eq!(opened.read(&entry()).unwrap(), None);
        opened.keeps(&neighbour(), &token());
        opened.write(&entry(), &token()).unwrap();
        opened.keeps(&entry(), &token());
        assert_eq!(program.count(), 2);
    });
}

#[test]
fn an_entry_that_another_program_has_also_is_neither_read_nor_changed_until_that_one_is_removed() {
    let test = "damaged::an_entry_that_another_program_has_also_is_neither_read_nor_changed_until_that_one_is_removed";
    inside(test, UNLOCKED, || {
        let program = Program::new();
        let opened = Opened::new();
        opened.write(&neighbour(), &token()).unwrap();
        opened.write(&entry(), &Secret::new("mine")).unwrap();
        program.put(entry().as_str(), OWN, b"theirs");

        assert!(matches!(opened.read(&entry()), Err(VaultError::Ambiguous { .. })));
        assert!(matches!(opened.write(&entry(), &token()), Err(VaultError::Ambiguous { .. })));
        assert!(matches!(opened.delete(&entry()), Err(VaultError::Ambiguous { .. })));
        let mut values = program.values(entry().as_str());
        values.sort();
        assert_eq!(values, [b"=mine".to_vec(), b"theirs".to_vec()]);
        opened.keeps(&neighbour(), &token());

        program.remove(entry().as_str(), OWN);
        opened.keeps(&entry(), &Secret::new("mine"));
    });
}
