use rstest::rstest;

use super::*;

fn neighbour() -> EntryName {
    EntryName::new("identity/2/tokens")
}

fn token(letter: &str) -> Secret {
    Secret::new(letter.repeat(500))
}

#[rstest]
#[case::absent(Mood::Absent, "the keychain failed: no such service")]
#[case::denied(Mood::Denied, "the keychain denied access: the user said no")]
#[case::full(Mood::Full, "the keychain failed: no space left")]
#[case::forgetful(Mood::Forgetful, "the keychain does not keep what is written to it")]
#[tokio::test]
async fn a_keychain_that_cannot_be_used_is_left_alone_for_the_session_and_the_reason_is_told(
    #[case] mood: Mood,
    #[case] reason: &str,
) {
    let keychain = Arc::new(Moody::default());
    keychain.set(entry().as_str(), "=kept").unwrap();
    keychain.is(mood);
    let vault = open(&keychain).await;
    assert_eq!(vault.status(), VaultStatus::SessionOnly { reason: reason.to_owned() });
    vault.write(&entry(), &token("n")).await.unwrap();
    assert_eq!(vault.read(&entry()).await.unwrap(), Some(token("n")));

    keychain.is(Mood::Open);
    assert_eq!(keychain.get(entry().as_str()).unwrap(), Some(Secret::new("=kept")));
}

#[rstest]
#[case::absent(Mood::Absent, "the system keychain failed at \"identity/1/tokens\"")]
#[case::denied(Mood::Denied, "the system keychain refused access to \"identity/1/tokens\"")]
#[case::full(Mood::Full, "the system keychain failed at \"identity/1/tokens\"")]
#[case::forgetful(Mood::Forgetful, "the keychain did not keep the value of \"identity/1/tokens\"")]
#[tokio::test]
async fn a_mood_that_comes_later_is_an_error_of_the_call_and_the_old_values_are_there_when_it_has_gone(
    #[case] mood: Mood,
    #[case] words: &str,
) {
    let keychain = Arc::new(Moody::default());
    let vault = open(&keychain).await;
    vault.write(&entry(), &token("o")).await.unwrap();
    vault.write(&neighbour(), &token("o")).await.unwrap();

    keychain.is(mood);
    let error = vault.write(&entry(), &token("n")).await.unwrap_err();
    assert!(error.to_string().starts_with(words), "{error}");
    assert_eq!(vault.status(), VaultStatus::Keychain);

    keychain.is(Mood::Open);
    assert_eq!(vault.read(&entry()).await.unwrap(), Some(token("o")));
    assert_eq!(vault.read(&neighbour()).await.unwrap(), Some(token("o")));
}

#[tokio::test]
async fn a_keychain_that_is_locked_in_the_middle_of_a_write_has_the_old_value_or_the_new_one() {
    for calls in 0.. {
        let keychain = Arc::new(Moody::default());
        let vault = open(&keychain).await;
        vault.write(&entry(), &token("o")).await.unwrap();
        keychain.is_after(calls, Mood::Locked);
        let outcome = vault.write(&entry(), &token("n")).await;
        if outcome.is_ok() {
            assert!(calls > 10, "only {calls} calls were locked");
            break;
        }
        assert!(outcome.unwrap_err().is_locked());
        assert_eq!(vault.status(), VaultStatus::Locked);
        assert!(vault.write(&entry(), &token("x")).await.unwrap_err().is_locked());

        keychain.is(Mood::Open);
        let value = vault.read(&entry()).await.unwrap();
        assert!([Some(token("o")), Some(token("n"))].contains(&value), "after {calls} calls");
        assert_eq!(vault.status(), VaultStatus::Keychain);
    }
}

#[tokio::test]
async fn a_prompt_that_is_refused_is_asked_again_at_the_next_call() {
    let keychain = Arc::new(Moody::default());
    keychain.set(entry().as_str(), "=token").unwrap();
    keychain.is(Mood::Locked);
    let vault = open(&keychain).await;
    for _ in 0..3 {
        let answer = keychain.asks();
        let refused = tokio::spawn({
            let vault = vault.clone();
            async move { vault.read(&entry()).await }
        });
        answer.send(()).unwrap();
        assert!(refused.await.unwrap().unwrap_err().is_locked());
        assert_eq!(vault.status(), VaultStatus::Locked);
    }
    let answer = keychain.asks();
    keychain.is(Mood::Open);
    answer.send(()).unwrap();
    assert_eq!(vault.read(&entry()).await.unwrap(), Some(Secret::new("token")));
}

#[tokio::test]
async fn an_unlocked_keychain_that_takes_nothing_more_can_still_be_read() {
    let keychain = Arc::new(Moody::default());
    keychain.set(entry().as_str(), "=token").unwrap();
    keychain.is(Mood::Locked);
    let vault = open(&keychain).await;
    keychain.is(Mood::Full);
    assert_eq!(vault.read(&entry()).await.unwrap(), Some(Secret::new("token")));
    assert_eq!(vault.status(), VaultStatus::Keychain);
    let error = vault.write(&entry(), &token("n")).await.unwrap_err();
    assert!(matches!(error, VaultError::Unavailable { .. }), "{error:?}");
    assert_eq!(vault.read(&entry()).await.unwrap(), Some(Secret::new("token")));
}

#[tokio::test]
async fn a_bad_entry_is_told_as_such_once_its_keychain_is_unlocked() {
    let keychain = Arc::new(Moody::default());
    keychain.set(entry().as_str(), "hunter2").unwrap();
    keychain.is(Mood::Locked);
    let vault = open(&keychain).await;
    keychain.is(Mood::Twice);
    assert!(matches!(vault.read(&entry()).await, Err(VaultError::Ambiguous { .. })));
    assert_eq!(vault.status(), VaultStatus::Keychain);
    keychain.is(Mood::Open);
    assert!(matches!(vault.read(&entry()).await, Err(VaultError::Unreadable { .. })));
}

#[tokio::test]
async fn one_bad_entry_stops_nobody_elses() {
    let keychain = Arc::new(Moody::default());
    let vault = open(&keychain).await;
    vault.write(&neighbour(), &token("o")).await.unwrap();
    keychain.set(entry().as_str(), "hunter2").unwrap();
    let error = vault.read(&entry()).await.unwrap_err();
    assert!(matches!(error, VaultError::Unreadable { .. }), "{error:?}");
    assert!(!format!("{error}{error:?}").contains("hunter2"));
    assert_eq!(vault.read(&neighbour()).await.unwrap(), Some(token("o")));
    vault.write(&neighbour(), &token("n")).await.unwrap();
    assert_eq!(vault.status(), VaultStatus::Keychain);
}

#[tokio::test]
async fn a_slow_keychain_holds_up_neither_the_status_nor_what_is_in_memory_nor_those_who_come_later() {
    let keychain = Arc::new(Moody::default());
    let vault = open(&keychain).await;
    vault.write(&entry(), &token("o")).await.unwrap();
    let in_memory = Vault::in_memory("a test");

    let answer = keychain.asks();
    let slow = tokio::spawn({
        let vault = vault.clone();
        async move { vault.write(&entry(), &token("n")).await }
    });
    in_memory.write(&entry(), &token("m")).await.unwrap();
    assert_eq!(in_memory.read(&entry()).await.unwrap(), Some(token("m")));
    assert_eq!(vault.status(), VaultStatus::Keychain);
    let given_up = tokio::time::timeout(Duration::from_millis(1), vault.read(&neighbour())).await;
    assert!(given_up.is_err() && !slow.is_finished(), "nobody waited");

    answer.send(()).unwrap();
    slow.await.unwrap().unwrap();
    assert_eq!(vault.read(&entry()).await.unwrap(), Some(token("n")));
}

#[tokio::test]
async fn a_write_whose_caller_has_gone_is_finished_before_the_next_call() {
    let keychain = Arc::new(Moody::default());
    let vault = open(&keychain).await;
    let answer = keychain.asks();
    let given_up = tokio::time::timeout(Duration::from_millis(1), vault.write(&entry(), &token("n"))).await;
    assert!(given_up.is_err(), "the keychain did not ask");
    answer.send(()).unwrap();
    assert_eq!(vault.read(&entry()).await.unwrap(), Some(token("n")));
}
