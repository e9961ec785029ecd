mod damage;
mod interruption;
mod room;
mod store;

use rstest::rstest;

use super::*;
use store::{Mood, Store};

fn entry() -> EntryName {
    EntryName::new("identity/1/tokens")
}

fn neighbour() -> EntryName {
    EntryName::new("identity/2/tokens")
}

fn kept(store: &Store) -> Option<String> {
    kept_at(store, &entry())
}

fn kept_at(store: &Store, entry: &EntryName) -> Option<String> {
    read(store, entry).unwrap().map(|secret| secret.expose().to_owned())
}

fn write_text(store: &Store, value: &str) -> Result<(), VaultError> {
    write(store, &entry(), &Secret::new(value))
}

#[rstest]
#[case::empty("")]
#[case::one_entry("1234567")]
#[case::just_over("12345678")]
#[case::many_parts("eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl")]
#[case::wide_characters("🗝🗝🗝🗝🗝🗝🗝🗝🗝")]
#[case::a_wide_character_over_the_edge("1234567🗝123456🗝🗝")]
#[case::looks_like_a_head("#a:2:ff")]
fn a_value_comes_back_as_it_was_written(#[case] value: &str) {
    let store = Store::new(8);
    write_text(&store, value).unwrap();
    assert_eq!(kept(&store).as_deref(), Some(value));
}

#[test]
fn an_absent_entry_is_none_and_no_error() {
    assert_eq!(kept(&Store::new(8)), None);
}

#[test]
fn a_shorter_value_leaves_no_part_of_the_longer_one() {
    let store = Store::new(8);
    write_text(&store, "a long value of many parts").unwrap();
    write_text(&store, "short").unwrap();
    assert_eq!(store.names(), [entry().as_str()]);
}

#[test]
fn a_deleted_entry_leaves_nothing() {
    let store = Store::new(8);
    write_text(&store, "a long value of many parts").unwrap();
    delete(&store, &entry()).unwrap();
    assert_eq!(store.names(), Vec::<String>::new());
}

#[rstest]
#[case::line_feed("two\nlines")]
#[case::carriage_return("two\rlines")]
fn a_line_break_is_refused_before_anything_is_written(#[case] value: &str) {
    let store = Store::new(8);
    let error = write_text(&store, value).unwrap_err();
    assert!(matches!(error, VaultError::LineBreak { .. }), "{error:?}");
    assert!(store.names().is_empty());
}

#[rstest]
#[case::as_large_as_may_be("x", LARGEST, None)]
#[case::one_too_many("x", LARGEST + 1, Some(LARGEST + 1))]
#[case::wide_characters_count_twice("🗝", LARGEST / 2 + 1, Some(LARGEST + 2))]
fn a_value_beyond_all_measure_is_refused_before_anything_is_written(
    #[case] character: &str,
    #[case] count: usize,
    #[case] refused: Option<usize>,
) {
    let store = Store::new(1_280);
    write_text(&store, "old").unwrap();
    let outcome = write_text(&store, &character.repeat(count));
    if let Some(length) = refused {
        let error = outcome.unwrap_err();
        assert!(matches!(error, VaultError::TooLarge { found, limit: LARGEST, .. } if found == length), "{error:?}");
        assert_eq!(kept(&store).as_deref(), Some("old"));
    } else {
        outcome.unwrap();
        assert_eq!(kept(&store).map(|value| value.len()), Some(LARGEST));
    }
}

/// The lengths at and around what Windows takes in an entry, in two, and what many groups make of a token.
#[rstest]
fn every_length_about_the_limits_of_windows_is_kept(
    #[values(1_280, 2_560, 10_000)] limit: usize,
    #[values(1_280, 2_560, 10_000, 30_000)] length: usize,
    #[values("x", "é", "🗝")] character: &str,
) {
    let store = Store::new(limit);
    for length in [length - 1, length, length + 1] {
        // An odd number of wide characters puts the edge of a part through the middle of one.
        let wide = character.encode_utf16().count();
        let value = "-".repeat(length % wide) + &character.repeat(length / wide);
        assert_eq!(value.encode_utf16().count(), length);
        write_text(&store, &value).unwrap();
        assert!(kept(&store).as_deref() == Some(&value), "{length} characters at {limit} an entry");
        let odd = format!("-{value}");
        write_text(&store, &odd).unwrap();
        assert!(kept(&store).as_deref() == Some(&odd), "{length} and one characters at {limit} an entry");
    }
    delete(&store, &entry()).unwrap();
    assert_eq!(store.names(), Vec::<String>::new());
}

/// An ID token of 1.1 kB, an access token of 0.9 kB and a refresh token of 1.8 kB lie in one entry; with many groups
/// the first two have 10 kB each.
#[rstest]
#[case::a_users_tokens(1_100, 900, 3)]
#[case::a_user_of_many_groups(10_000, 10_000, 18)]
fn the_tokens_of_a_user_lie_in_the_entries_that_windows_has_room_for(
    #[case] id: usize,
    #[case] access: usize,
    #[case] entries: usize,
) {
    let store = Store::new(1_280);
    let token = |length: usize| "eyJ0".chars().cycle().take(length).collect::<String>();
    let tokens = format!(r#"{{"id":"{}","access":"{}","refresh":"{}"}}"#, token(id), token(access), token(1_800));
    write_text(&store, &tokens).unwrap();
    write_text(&store, &tokens.to_uppercase()).unwrap();
    assert_eq!(kept(&store), Some(tokens.to_uppercase()));
    assert_eq!(store.names().len(), 1 + entries);
}
