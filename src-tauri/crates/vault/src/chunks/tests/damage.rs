//! What somebody else did to the entries.

use super::*;

const OLD: &str = "the old value, in some parts";

fn damaged(store: &Store, expected: &str) {
    match read(store, &entry()) {
        Err(VaultError::Unreadable { what, .. }) => assert_eq!(what, expected),
        other => panic!("{other:?}"),
    }
}

/// A store with a value of four parts in generation `a`, and a neighbour that must not suffer.
fn store() -> Store {
    let store = Store::new(8);
    write(&store, &neighbour(), &Secret::new("the value of somebody else")).unwrap();
    write_text(&store, OLD).unwrap();
    store
}

fn part(index: usize) -> String {
    part_name(&entry(), 'a', index)
}

fn neighbour_is_well(store: &Store) {
    assert_eq!(kept_at(store, &neighbour()).as_deref(), Some("the value of somebody else"));
}

type Damage = fn(&Store);

#[rstest]
#[case::first_part_removed(|store: &Store| drop(store.take(&part(0))), "a part is missing")]
#[case::middle_part_removed(|store: &Store| drop(store.take(&part(1))), "a part is missing")]
#[case::last_part_removed(|store: &Store| drop(store.take(&part(3))), "a part is missing")]
#[case::part_changed(|store: &Store| store.put(&part(1), Some("VALUE, i")), "its parts do not belong together")]
#[case::part_cut(|store: &Store| store.put(&part(1), Some("value")), "its parts do not belong together")]
#[case::part_lengthened(|store: &Store| store.put(&part(3), Some("rts!")), "its parts do not belong together")]
#[case::part_of_bytes(|store: &Store| store.put(&part(1), None), "it is not text")]
#[case::bytes(|store: &Store| store.put(entry().as_str(), None), "it is not text")]
#[case::nothing(|store: &Store| store.put(entry().as_str(), Some("")), "it was not written by Gatepass")]
#[case::foreign(|store: &Store| store.put(entry().as_str(), Some("hunter2")), "it was not written by Gatepass")]
#[case::generation(|store: &Store| store.put(entry().as_str(), Some("#c:1:ff")), "it was not written by Gatepass")]
#[case::no_parts(|store: &Store| store.put(entry().as_str(), Some("#a:0:ff")), "it was not written by Gatepass")]
#[case::cut_head(|store: &Store| store.put(entry().as_str(), Some("#a:4:ff")), "its parts do not belong together")]
#[case::no_digest(|store: &Store| store.put(entry().as_str(), Some("#a:4")), "it was not written by Gatepass")]
#[case::vast(|store: &Store| store.put(entry().as_str(), Some("#a:262144:ff")), "a part is missing")]
fn damage_is_no_absence_and_can_be_written_over_or_deleted(#[case] damage: Damage, #[case] what: &str) {
    for mend in [true, false] {
        let store = store();
        damage(&store);
        damaged(&store, what);
        neighbour_is_well(&store);

        if mend {
            write_text(&store, "the new value, of five parts also").unwrap();
            assert_eq!(kept(&store).as_deref(), Some("the new value, of five parts also"));
        }
        delete(&store, &entry()).unwrap();
        assert_eq!(kept(&store), None);
        neighbour_is_well(&store);
        delete(&store, &neighbour()).unwrap();
        assert_eq!(store.names(), Vec::<String>::new(), "something was left over");
    }
}

#[test]
fn parts_of_an_older_value_are_not_taken_for_the_newer_ones() {
    let store = store();
    let old = store.take(&part(2));
    write_text(&store, "the new value, of five parts also").unwrap();
    write_text(&store, "the newest value, of five parts!!").unwrap();
    store.put(&part(2), Some(&old));
    damaged(&store, "its parts do not belong together");
}

#[test]
fn an_entry_that_was_removed_behind_our_back_is_absent_and_its_parts_are_swept() {
    let store = store();
    store.take(entry().as_str());
    assert_eq!(kept(&store), None);
    write_text(&store, "short").unwrap();
    assert_eq!(kept(&store).as_deref(), Some("short"));
    delete(&store, &neighbour()).unwrap();
    assert_eq!(store.names(), [entry().as_str()]);
}
