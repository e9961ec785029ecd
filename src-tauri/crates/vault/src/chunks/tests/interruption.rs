//! What an entry holds after a write or a delete that was interrupted at any call.

use std::collections::BTreeSet;

use proptest::prelude::*;

use super::*;

const OLD: &str = "the old value, in some parts";
const NEW: &str = "the new value, in a few more parts than the old";

const MOODS: [Mood; 4] = [Mood::Locked, Mood::Killed, Mood::Fails, Mood::FailsAfterwards];

/// Runs `work` again and again, with the mood turning at its first call, its second, and so on until all go through.
fn at_every_call(mood: Mood, prepare: impl Fn() -> Store, work: impl Fn(&Store, usize) -> bool) {
    for calls in 0.. {
        let store = prepare();
        store.turns(calls, mood);
        if !work(&store, calls) {
            assert!(calls > 2, "only {calls} calls were interrupted");
            break;
        }
    }
}

#[rstest]
fn an_interrupted_write_leaves_the_old_value_or_the_new_one(
    #[values(Mood::Locked, Mood::Killed, Mood::Fails, Mood::FailsAfterwards)] mood: Mood,
    #[values(None, Some("old"), Some(OLD))] old: Option<&str>,
    #[values("new", NEW)] new: &str,
) {
    let prepare = || {
        let store = Store::new(8);
        if let Some(old) = old {
            write_text(&store, old).unwrap();
        }
        store
    };
    at_every_call(mood, prepare, |store, calls| {
        let outcome = write_text(store, new);
        let interrupted = store.recovers();
        let value = kept(store);
        assert!(value.as_deref() == old || value.as_deref() == Some(new), "after {calls} calls: {value:?}");
        assert_eq!(outcome.is_err(), interrupted, "after {calls} calls");
        if let Err(error) = outcome {
            assert_eq!(error.is_locked(), mood == Mood::Locked, "{error:?}");
        }

        write_text(store, "short").unwrap();
        assert_eq!(store.names(), [entry().as_str()], "after {calls} calls something was left over");
        interrupted
    });
}

#[rstest]
fn an_interrupted_delete_leaves_the_value_or_none_and_is_completed_by_the_next(
    #[values(Mood::Locked, Mood::Killed, Mood::Fails, Mood::FailsAfterwards)] mood: Mood,
) {
    let prepare = || {
        let store = Store::new(8);
        write_text(&store, OLD).unwrap();
        store
    };
    at_every_call(mood, prepare, |store, calls| {
        let outcome = delete(store, &entry());
        let interrupted = store.recovers();
        assert_eq!(outcome.is_err(), interrupted, "after {calls} calls");
        assert!(kept(store).is_none_or(|value| value == OLD), "after {calls} calls");
        delete(store, &entry()).unwrap();
        assert_eq!(store.names(), Vec::<String>::new(), "after {calls} calls something was left over");
        interrupted
    });
}

#[rstest]
fn nothing_that_was_there_is_changed_before_the_new_value_is_whole(
    #[values(1_280, 2_560, 10_000)] limit: usize,
    #[values(5_000, 25_000)] length: usize,
) {
    let (old, new) = ("o".repeat(length), "n".repeat(length + 1));
    let prepare = || {
        let store = Store::new(limit);
        write_text(&store, &old).unwrap();
        store
    };
    let before = prepare().content();
    at_every_call(Mood::Locked, prepare, |store, calls| {
        let outcome = write_text(store, &new);
        let locked = store.recovers();
        if kept(store).as_deref() == Some(&old) {
            let after = store.content();
            assert!(before.iter().all(|(name, value)| after.get(name) == Some(value)), "after {calls} calls");
            assert!(outcome.unwrap_err().is_locked());
        } else {
            assert!(kept(store).as_deref() == Some(&new), "after {calls} calls");
        }
        locked
    });
}

#[derive(Debug, Clone)]
enum Step {
    Write(String),
    Delete,
    Read,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => "[a-z🗝]{0,60}".prop_map(Step::Write),
        1 => Just(Step::Delete),
        1 => Just(Step::Read),
    ]
}

fn interruption() -> impl Strategy<Value = Option<(usize, Mood)>> {
    prop::option::of((0_usize..40, prop::sample::select(MOODS.as_slice())))
}

proptest! {
    #[test]
    fn any_steps_on_any_limit_with_any_interruptions_read_the_whole_old_value_or_the_whole_new_one(
        steps in prop::collection::vec((step(), interruption()), 1..12),
        limit in 2_usize..40,
    ) {
        let store = Store::new(limit);
        write(&store, &neighbour(), &Secret::new("the value of somebody else")).unwrap();
        let mut value: Option<String> = None;
        for (step, interruption) in steps {
            if let Some((calls, mood)) = interruption {
                store.turns(calls, mood);
            }
            let (outcome, new) = match step {
                Step::Write(new) => (write_text(&store, &new), Some(new)),
                Step::Delete => (delete(&store, &entry()), None),
                Step::Read => (read(&store, &entry()).map(drop), value.clone()),
            };
            store.recovers();
            let found = kept(&store);
            if outcome.is_ok() {
                prop_assert_eq!(&found, &new);
            } else {
                prop_assert!([&value, &new].contains(&&found), "{:?} is neither {:?} nor {:?}", found, value, new);
            }
            value = found;
            prop_assert_eq!(kept_at(&store, &neighbour()), Some("the value of somebody else".to_owned()));
        }
        delete(&store, &entry()).unwrap();
        delete(&store, &neighbour()).unwrap();
        prop_assert_eq!(store.names(), Vec::<String>::new());
    }

    #[test]
    fn whatever_lies_in_the_entry_never_panics_and_can_be_replaced(text in prop_oneof![any::<String>(), "[=#][abc]?:?[0-9]{0,6}:?[0-9a-f]{0,4}"]) {
        let store = Store::new(8);
        store.put(entry().as_str(), Some(&text));
        let _ = read(&store, &entry());
        write_text(&store, "a value of some parts").unwrap();
        prop_assert_eq!(kept(&store), Some("a value of some parts".to_owned()));
        delete(&store, &entry()).unwrap();
        prop_assert_eq!(store.names(), Vec::<String>::new());
    }
}

#[test]
fn every_entry_is_asked_for_under_a_name_of_its_own() {
    let store = Store::new(8);
    for name in ["identity/1", "identity/1/tokens", "identity/1/token", "identity/1/tokens#a.0"] {
        write(&store, &EntryName::new(name), &Secret::new(format!("the long value of {name}"))).unwrap();
    }
    let names: BTreeSet<_> = store.names().into_iter().map(|name| name.split('#').next().unwrap().to_owned()).collect();
    assert_eq!(names.len(), 4);
    delete(&store, &EntryName::new("identity/1/tokens")).unwrap();
    assert_eq!(
        kept_at(&store, &EntryName::new("identity/1/tokens#a.0")).as_deref(),
        Some("the long value of identity/1/tokens#a.0")
    );
}
