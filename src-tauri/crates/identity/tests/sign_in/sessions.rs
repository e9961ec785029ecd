//! What is kept of a sign-in, and what is shown of it.

use std::time::Duration;

use gatepass_identity::{
    Attempt, LEEWAY, LoadError, Network, PoolFacts, Session, SignInOptions, TokenRefusal, TokenUse, UserPool, inspect,
    verify,
};
use gatepass_vault::{EntryName, Secret, Vault};
use rstest::rstest;
use serde_json::{Value, json};

use crate::pool::{CLIENT, Minting, POOL_ID, SUBJECT, TestPool, now, redirected, unix};

async fn signed_in(server: &TestPool) -> Session {
    let mut attempt = Attempt::start(&server.pool(), &SignInOptions::default(), now()).unwrap();
    let mut tokens = server.tokens(&attempt, now());
    tokens.access.claims["exp"] = json!(unix(now()) + 300);
    let tokens = redirected(&mut attempt, tokens.finish());
    verify(tokens, &Network::new(), now(), LEEWAY).await.unwrap()
}

#[tokio::test]
async fn a_session_shows_who_is_signed_in_and_until_when() {
    let server = TestPool::start().await;
    let session = signed_in(&server).await;
    let view = session.view();
    assert_eq!((view.username.as_str(), view.email.as_deref()), ("ada", Some("ada@example.com")));
    assert_eq!(view.groups, ["buyers", "beta"]);
    assert_eq!((view.subject.as_str(), view.client_id.as_str(), view.pool_id.as_str()), (SUBJECT, CLIENT, POOL_ID));
    assert_eq!(view.scopes, ["openid", "email"]);
    assert_eq!(view.issuer, server.issuer());
    let begin = 1_900_000_000.0;
    assert_eq!((view.signed_in, view.issued), (Some(begin), Some(begin)));
    assert_eq!((view.id_token_expires, view.access_token_expires), (Some(begin + 3_600.0), begin + 300.0));
    assert_eq!(session.expires(TokenUse::Access), Some(now() + Duration::from_mins(5)));
    assert_eq!(session.expires(TokenUse::Id), Some(now() + Duration::from_hours(1)));

    let names: Vec<&str> = view.id_token_claims.iter().map(|claim| claim.name.as_str()).collect();
    assert_eq!(&names[..4], ["at_hash", "sub", "email_verified", "iss"]);
    assert!(view.access_token_claims.iter().any(|claim| claim.name == "scope" && claim.note == "what it allows"));
    let checks: Vec<&str> = view.checks.iter().map(|check| check.name.as_str()).collect();
    assert_eq!(checks.len(), 12);
    assert!(checks.contains(&"Signature") && checks.contains(&"Nonce") && checks.contains(&"Access token hash"));
}

#[rstest]
#[case::by_user_name(json!({}), "ada")]
#[case::by_email(json!({"cognito:username": SUBJECT}), "ada@example.com")]
#[case::by_another_provider(json!({"cognito:username": "Google_109", "identities": [{"providerName": "Google"}]}), "ada@example.com")]
#[case::without_an_address(json!({"cognito:username": SUBJECT, "email": null}), SUBJECT)]
#[tokio::test]
async fn a_user_goes_by_the_name_that_a_person_would_know(#[case] claims: Value, #[case] expected: &str) {
    let server = TestPool::start().await;
    let mut attempt = Attempt::start(&server.pool(), &SignInOptions::default(), now()).unwrap();
    let mut tokens = server.tokens(&attempt, now());
    for (name, value) in claims.as_object().unwrap() {
        tokens.id.claims[name] = value.clone();
        if value.is_null() {
            tokens.id.claims.as_object_mut().unwrap().remove(name);
        }
    }
    let tokens = redirected(&mut attempt, tokens.finish());
    assert_eq!(verify(tokens, &Network::new(), now(), LEEWAY).await.unwrap().name(), expected);
}

#[tokio::test]
async fn what_is_shown_holds_no_token() {
    let session = signed_in(&TestPool::start().await).await;
    let shown = format!("{session:?} {}", serde_json::to_string(&session.view()).unwrap());
    for token in [TokenUse::Id, TokenUse::Access] {
        for part in session.token(token).unwrap().expose().split('.') {
            assert!(!shown.contains(part), "a part of the {token} is shown");
        }
    }
}

#[tokio::test]
async fn a_session_is_taken_up_again_after_a_restart_without_asking_the_pool() {
    let server = TestPool::start().await;
    let vault = Vault::in_memory("a test");
    let session = signed_in(&server).await;
    session.save(&vault, "ada").await.unwrap();
    let fetches = server.fetches();

    let loaded = Session::load(&vault, "ada", session.pool()).await.unwrap().unwrap();
    assert_eq!(loaded.view(), session.view());
    assert_eq!(loaded.token(TokenUse::Id), session.token(TokenUse::Id));
    assert_eq!(server.fetches(), fetches);

    Session::delete(&vault, "ada").await.unwrap();
    assert!(Session::load(&vault, "ada", session.pool()).await.unwrap().is_none());
}

#[tokio::test]
async fn sessions_of_two_users_lie_side_by_side() {
    let server = TestPool::start().await;
    let vault = Vault::in_memory("a test");
    let (one, other) = (signed_in(&server).await, signed_in(&server).await);
    one.save(&vault, "one").await.unwrap();
    other.save(&vault, "other").await.unwrap();
    Session::delete(&vault, "one").await.unwrap();
    let kept = Session::load(&vault, "other", other.pool()).await.unwrap().unwrap();
    assert_eq!(kept.token(TokenUse::Access), other.token(TokenUse::Access));
}

#[tokio::test]
async fn a_session_is_not_given_to_another_pool_or_client() {
    let server = TestPool::start().await;
    let vault = Vault::in_memory("a test");
    let session = signed_in(&server).await;
    session.save(&vault, "ada").await.unwrap();
    let other_client = PoolFacts { client_id: "another".into(), ..session.pool().facts() };
    let other_pool = TestPool::start().await.facts();
    for facts in [other_client, other_pool] {
        let outcome = Session::load(&vault, "ada", &UserPool::new(&facts).unwrap()).await;
        assert!(matches!(outcome, Err(LoadError::Foreign(_))), "{outcome:?}");
    }
}

#[tokio::test]
async fn a_session_that_was_kept_before_there_were_names_is_taken_up() {
    let server = TestPool::start().await;
    let vault = Vault::in_memory("a test");
    let session = signed_in(&server).await;
    let [id, access] = [TokenUse::Id, TokenUse::Access].map(|token| session.token(token).unwrap().expose());
    vault.write(&EntryName::new("identity/ada/tokens"), &Secret::new(format!("{id} {access}"))).await.unwrap();
    let loaded = Session::load(&vault, "ada", session.pool()).await.unwrap().unwrap();
    assert_eq!(loaded.view(), session.view());
}

#[rstest]
#[case::empty("")]
#[case::no_tokens("hello")]
#[case::two_words("hello world")]
#[case::empty_words("id= access=")]
#[case::id_only("id=ID")]
#[case::cut_off("id=ID access=ACCESS.x")]
#[case::no_number("id=ID access=ACCESS until=soon")]
#[case::a_life_that_the_token_says_itself("id=ID access=ACCESS until=2000000000")]
#[case::from_nowhere("id=ID access=ACCESS came=by-itself")]
#[case::swapped_and_cut("id=ACCESS.x access=ID")]
#[tokio::test]
async fn a_damaged_entry_is_told_and_no_session(#[case] text: &str) {
    let server = TestPool::start().await;
    let vault = Vault::in_memory("a test");
    let session = signed_in(&server).await;
    let [id, access] = [TokenUse::Id, TokenUse::Access].map(|token| session.token(token).unwrap().expose());
    let text = text.replace("ID", id).replace("ACCESS", access);
    vault.write(&EntryName::new("identity/ada/tokens"), &Secret::new(text)).await.unwrap();
    let outcome = Session::load(&vault, "ada", &server.pool()).await;
    assert!(matches!(outcome, Err(LoadError::Damaged)), "{outcome:?}");
}

#[tokio::test]
async fn tokens_in_each_other_s_place_are_no_session() {
    let server = TestPool::start().await;
    let vault = Vault::in_memory("a test");
    let session = signed_in(&server).await;
    let [id, access] = [TokenUse::Id, TokenUse::Access].map(|token| session.token(token).unwrap().expose());
    let swapped = Secret::new(format!("id={access} access={id}"));
    vault.write(&EntryName::new("identity/ada/tokens"), &swapped).await.unwrap();
    let outcome = Session::load(&vault, "ada", session.pool()).await;
    assert!(matches!(outcome, Err(LoadError::Foreign(TokenRefusal::TokenUse { .. }))), "{outcome:?}");
}

#[tokio::test]
async fn tokens_of_two_sign_ins_are_no_session() {
    let server = TestPool::start().await;
    let vault = Vault::in_memory("a test");
    let (one, other) = (signed_in(&server).await, {
        let mut attempt = Attempt::start(&server.pool(), &SignInOptions::default(), now()).unwrap();
        let mut tokens = server.tokens(&attempt, now());
        tokens.access.claims["jti"] = json!("another");
        let tokens = redirected(&mut attempt, tokens.finish());
        verify(tokens, &Network::new(), now(), LEEWAY).await.unwrap()
    });
    let mixed =
        format!("{} {}", one.token(TokenUse::Id).unwrap().expose(), other.token(TokenUse::Access).unwrap().expose());
    vault.write(&EntryName::new("identity/ada/tokens"), &Secret::new(mixed)).await.unwrap();
    let outcome = Session::load(&vault, "ada", one.pool()).await;
    assert!(matches!(outcome, Err(LoadError::Damaged)), "{outcome:?}");
}

#[rstest]
#[case::of_two_users(|t: &mut Minting| t.access.claims["sub"] = json!("another-user"))]
#[case::of_nobody(|t: &mut Minting| { t.id.claims.as_object_mut().unwrap().remove("sub"); })]
#[tokio::test]
async fn kept_tokens_are_of_one_user(#[case] spoil: fn(&mut Minting)) {
    let server = TestPool::start().await;
    let vault = Vault::in_memory("a test");
    let attempt = Attempt::start(&server.pool(), &SignInOptions::default(), now()).unwrap();
    let mut tokens = server.tokens(&attempt, now());
    tokens.untie();
    spoil(&mut tokens);
    let (id, access) = tokens.finish();
    vault
        .write(&EntryName::new("identity/ada/tokens"), &Secret::new(format!("id={id} access={access}")))
        .await
        .unwrap();
    let outcome = Session::load(&vault, "ada", &server.pool()).await;
    assert!(matches!(outcome, Err(LoadError::Damaged)), "{outcome:?}");
}

#[tokio::test]
async fn any_token_can_be_taken_apart() {
    let session = signed_in(&TestPool::start().await).await;
    let inspection = inspect(session.token(TokenUse::Access).unwrap()).unwrap();
    assert_eq!(inspection.token_use, Some(TokenUse::Access));
    assert_eq!(inspection.expires, Some(1_900_000_300.0));
    assert_eq!(inspection.header.iter().map(|row| row.name.as_str()).collect::<Vec<_>>(), ["kid", "alg"]);
    assert!(inspect(&Secret::new("not a token")).is_err());
}
