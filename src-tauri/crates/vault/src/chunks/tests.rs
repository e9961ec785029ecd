use std::collections::BTreeMap;
use std::sync::Mutex;

use proptest::prelude::*;
use rstest::rstest;

use super::*;

/// A store with entries of eight characters, that can end the process's luck at any write.
struct Small {
    values: Mutex<BTreeMap<String, String>>,
    writes_left: Mutex<Option<usize>>,
    limit: usize,
}

impl Small {
    fn new(limit: usize) -> Self {
        Self { values: Mutex::default(), writes_left: Mutex::new(None), limit }
    }

    fn dies_after(&self, writes: usize) {
        *self.writes_left.lock().unwrap() = Some(writes);
    }

    fn lives_again(&self) {
        *self.writes_left.lock().unwrap() = None;
    }

    fn spend(&self) -> Result<(), Refusal> {
        match self.writes_left.lock().unwrap().as_mut() {
            Some(0) => Err(Refusal::Failed("killed".into())),
            Some(left) => {
                *left -= 1;
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn names(&self) -> Vec<String> {
        self.values.lock().unwrap().keys().cloned().collect()
    }
}

impl Backend for Small {
    fn get(&self, name: &str) -> Result<Option<Secret>, Refusal> {
        Ok(self.values.lock().unwrap().get(name).map(Secret::new))
    }

    fn set(&self, name: &str, value: &str) -> Result<(), Refusal> {
        self.spend()?;
        let head = value.starts_with('#');
        assert!(head || value.encode_utf16().count() <= self.limit, "a value over the limit reached the store");
        self.values.lock().unwrap().insert(name.to_owned(), value.to_owned());
        Ok(())
    }

    fn remove(&self, name: &str) -> Result<(), Refusal> {
        self.spend()?;
        self.values.lock().unwrap().remove(name);
        Ok(())
    }

    fn limit(&self) -> usize {
        self.limit
    }
}

fn entry() -> EntryName {
    EntryName::new("identity/1/id-token")
}

fn kept(store: &Small) -> Option<String> {
    read(store, &entry()).unwrap().map(|secret| secret.expose().to_owned())
}

#[rstest]
#[case::empty("")]
#[case::one_entry("1234567")]
#[case::just_over("12345678")]
#[case::many_parts("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl")]
#[case::wide_characters("🗝🗝🗝🗝🗝🗝🗝🗝🗝")]
#[case::looks_like_a_head("#a:2:ff")]
fn a_value_comes_back_as_it_was_written(#[case] value: &str) {
    let store = Small::new(8);
    write(&store, &entry(), &Secret::new(value)).unwrap();
    assert_eq!(kept(&store).as_deref(), Some(value));
}

#[test]
fn an_absent_entry_is_none_and_no_error() {
    assert_eq!(kept(&Small::new(8)), None);
}

#[test]
fn a_shorter_value_leaves_no_part_of_the_longer_one() {
    let store = Small::new(8);
    write(&store, &entry(), &Secret::new("a long value of many parts")).unwrap();
    write(&store, &entry(), &Secret::new("short")).unwrap();
    assert_eq!(store.names(), [entry().as_str()]);
}

#[test]
fn a_deleted_entry_leaves_nothing() {
    let store = Small::new(8);
    write(&store, &entry(), &Secret::new("a long value of many parts")).unwrap();
    delete(&store, &entry()).unwrap();
    assert_eq!(store.names(), Vec::<String>::new());
}

#[rstest]
#[case::line_feed("two\nlines")]
#[case::carriage_return("two\rlines")]
fn a_line_break_is_refused_before_anything_is_written(#[case] value: &str) {
    let store = Small::new(8);
    let error = write(&store, &entry(), &Secret::new(value)).unwrap_err();
    assert!(matches!(error, VaultError::LineBreak { .. }), "{error:?}");
    assert!(store.names().is_empty());
}

#[test]
fn a_value_beyond_all_measure_is_refused() {
    let error = write(&Small::new(8), &entry(), &Secret::new("x".repeat(LARGEST + 1))).unwrap_err();
    assert!(matches!(error, VaultError::TooLarge { found, limit, .. } if found == LARGEST + 1 && limit == LARGEST));
}

#[test]
fn a_missing_or_foreign_part_is_damage_and_not_absence() {
    let store = Small::new(8);
    write(&store, &entry(), &Secret::new("a long value of many parts")).unwrap();
    let part = part_name(&entry(), 'a', 1);
    let whole = store.values.lock().unwrap().remove(&part).unwrap();
    assert!(matches!(read(&store, &entry()), Err(VaultError::Unreadable { what: "a part is missing", .. })));
    store.values.lock().unwrap().insert(part, whole.to_uppercase());
    assert!(matches!(read(&store, &entry()), Err(VaultError::Unreadable { .. })));
}

#[test]
fn an_entry_of_another_program_is_damage_and_can_be_replaced() {
    let store = Small::new(8);
    store.values.lock().unwrap().insert(entry().as_str().to_owned(), "hunter2".to_owned());
    assert!(matches!(read(&store, &entry()), Err(VaultError::Unreadable { .. })));
    write(&store, &entry(), &Secret::new("mine")).unwrap();
    assert_eq!(kept(&store).as_deref(), Some("mine"));
}

#[test]
fn a_process_killed_at_any_write_leaves_the_old_value_or_the_new_one() {
    let (old, new) = ("the old value, in some parts", "the new value, in a few more parts than the old");
    for writes in 0..40 {
        let store = Small::new(8);
        write(&store, &entry(), &Secret::new(old)).unwrap();
        store.dies_after(writes);
        let outcome = write(&store, &entry(), &Secret::new(new));
        store.lives_again();

        let value = kept(&store).unwrap();
        assert!(value == old || value == new, "after {writes} writes the value was {value:?}");
        assert!(outcome.is_err() || value == new);

        write(&store, &entry(), &Secret::new("short")).unwrap();
        assert_eq!(store.names(), [entry().as_str()], "after {writes} writes something was left over");
    }
}

#[test]
fn a_delete_killed_at_any_write_is_completed_by_the_next() {
    for writes in 0..8 {
        let store = Small::new(8);
        write(&store, &entry(), &Secret::new("a long value of many parts")).unwrap();
        store.dies_after(writes);
        let _ = delete(&store, &entry());
        store.lives_again();
        delete(&store, &entry()).unwrap();
        assert!(store.names().is_empty(), "after {writes} writes something was left over");
    }
}

proptest! {
    #[test]
    fn any_two_values_in_a_row_are_kept_with_any_limit(first in "[^\n\r]{0,60}", second in "[^\n\r]{0,60}", limit in 2_usize..40) {
        let store = Small::new(limit);
        write(&store, &entry(), &Secret::new(first)).unwrap();
        write(&store, &entry(), &Secret::new(second.as_str())).unwrap();
        prop_assert_eq!(kept(&store), Some(second));
    }

    #[test]
    fn whatever_lies_in_the_entry_never_panics(text in any::<String>()) {
        let store = Small::new(8);
        store.values.lock().unwrap().insert(entry().as_str().to_owned(), text);
        let _ = read(&store, &entry());
        delete(&store, &entry()).unwrap();
    }
}
