//! Stores that are full, cut what they are given, or forget it.

use super::*;

const OLD: &str = "the old value, in some parts";
const NEW: &str = "the new value, in a few more parts than the old";

#[test]
fn a_full_store_keeps_the_old_value_whole_and_the_next_write_sweeps() {
    let store = Store::new(8);
    write_text(&store, OLD).unwrap();
    let used = 4 * 8 + 70;
    for room in used..used + 2 * NEW.len() + 70 {
        store.has_room_for(Some(room));
        let outcome = write_text(&store, NEW);
        store.has_room_for(None);
        let value = kept(&store).unwrap();
        if outcome.is_ok() {
            assert_eq!(value, NEW);
        } else {
            assert!(matches!(outcome, Err(VaultError::Unavailable { .. })), "{outcome:?}");
            assert_eq!(value, OLD, "with room for {room} characters");
        }
        write_text(&store, OLD).unwrap();
        assert_eq!(store.names().len(), 5, "with room for {room} characters something was left over");
    }
}

#[test]
fn a_full_store_can_be_emptied_and_still_takes_what_is_smaller() {
    let store = Store::new(8);
    write_text(&store, OLD).unwrap();
    store.has_room_for(Some(0));
    let error = write_text(&store, NEW).unwrap_err();
    assert!(matches!(error, VaultError::Unavailable { .. }), "{error:?}");
    store.has_room_for(Some(40));
    write_text(&store, "short").unwrap();
    assert_eq!(kept(&store).as_deref(), Some("short"));
    store.has_room_for(Some(0));
    delete(&store, &entry()).unwrap();
    assert_eq!(store.names(), Vec::<String>::new());
}

#[rstest]
#[case::whole("new")]
#[case::in_parts(NEW)]
fn a_store_that_keeps_nothing_is_told_of(#[case] value: &str) {
    let store = Store::new(8);
    store.forgets();
    let error = write_text(&store, value).unwrap_err();
    assert!(matches!(error, VaultError::NotKept { .. }), "{error:?}");
    assert_eq!(kept(&store), None);
}

#[rstest]
#[case::whole_after_whole("old", "longer")]
#[case::parts_after_whole("old", NEW)]
#[case::whole_after_parts(OLD, "longer")]
#[case::parts_after_parts(OLD, NEW)]
fn a_store_that_stops_keeping_leaves_the_old_value(#[case] old: &str, #[case] new: &str) {
    let store = Store::new(8);
    write_text(&store, old).unwrap();
    store.forgets();
    let error = write_text(&store, new).unwrap_err();
    assert!(matches!(error, VaultError::NotKept { .. }), "{error:?}");
    assert_eq!(kept(&store).as_deref(), Some(old));
}

#[rstest]
#[case::first(None, 4)]
#[case::after_a_value_that_was_kept(Some("old"), 4)]
#[case::a_head_that_is_cut(Some("old"), 40)]
fn what_a_store_has_cut_is_never_read_as_a_value(#[case] old: Option<&str>, #[case] longest: usize) {
    let store = Store::new(if longest == 4 { 1_280 } else { 8 });
    if let Some(old) = old {
        write_text(&store, old).unwrap();
    }
    store.cuts_at(longest);
    let error = write_text(&store, NEW).unwrap_err();
    assert!(matches!(error, VaultError::NotKept { .. }), "{error:?}");
    assert_eq!(kept(&store).as_deref(), old);
}

#[rstest]
#[case::whole("new")]
#[case::in_parts(NEW)]
fn a_store_that_gives_back_something_else_is_told_of(#[case] value: &str) {
    let store = Store::new(8);
    store.forgets();
    store.echoes();
    let error = write_text(&store, value).unwrap_err();
    assert!(matches!(error, VaultError::NotKept { .. }), "{error:?}");
}
