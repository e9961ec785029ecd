use gatepass_sandbox::seed;
use gatepass_workbench::failure::Code;
use gatepass_workbench::views::{IdentityEdit, KeychainView, RequestContext, SignInState};

use crate::world::{World, guarded, status};

#[tokio::test]
async fn without_a_keychain_a_sign_in_lasts_for_the_session() {
    let mut world = World::new().await;
    let before = world.keychain.content();
    world.keychain.take_away(true);
    world.restart().await;
    let keychain = world.bench.start().await.unwrap().keychain;
    assert!(matches!(keychain, KeychainView::SessionOnly { .. }), "{keychain:?}");
    let ada = world.signed_in(&world.pool().await, seed::ADA).await;
    world.store_key().await;
    assert!(!world.session(&ada).await.kept);
    assert_eq!(status(&world.send(Some(&ada), guarded(world.api("/pets"))).await), 200);

    world.keychain.take_away(false);
    world.restart().await;
    assert_eq!(world.state(&ada).await, SignInState::SignedOut);
    assert_eq!(world.keychain.content(), before);
}

#[tokio::test]
async fn a_day_without_the_keychain_does_not_sign_anybody_out() {
    let mut world = World::new().await;
    let ada = world.signed_in(&world.pool().await, seed::ADA).await;
    world.keychain.take_away(true);
    world.restart().await;
    assert_eq!(world.state(&ada).await, SignInState::SignedOut);
    world
        .bench
        .update_identity(ada.clone(), IdentityEdit { name: "Ada".to_owned(), ..IdentityEdit::default() })
        .await
        .unwrap();
    world.keychain.take_away(false);
    world.restart().await;
    assert_eq!(world.session(&ada).await.username, "ada");
}

#[tokio::test]
async fn a_locked_keychain_is_told_overwritten_by_nobody_and_read_once_it_opens() {
    let mut world = World::new().await;
    let ada = world.signed_in(&world.pool().await, seed::ADA).await;
    let before = world.keychain.content();
    world.keychain.lock(true);
    world.restart().await;
    assert_eq!(world.bench.start().await.unwrap().keychain, KeychainView::Locked);
    assert_eq!(world.state(&ada).await, SignInState::Locked);
    let context = RequestContext { identity: Some(ada.clone()), ..RequestContext::default() };
    let failure = world.bench.send(1, context, guarded(world.api("/pets"))).await.unwrap_err();
    assert_eq!(failure.code, Code::KeychainLocked);
    assert_eq!(world.bench.unlock_keychain().await.unwrap_err().code, Code::KeychainLocked);
    assert_eq!(world.keychain.content(), before);

    world.keychain.lock(false);
    let startup = world.bench.unlock_keychain().await.unwrap();
    assert_eq!(startup.keychain, KeychainView::Unlocked);
    assert_eq!(world.session(&ada).await.username, "ada");
}

#[tokio::test]
async fn who_signed_in_under_a_locked_keychain_is_kept_once_it_opens() {
    let mut world = World::new().await;
    let pool = world.pool().await;
    world.keychain.lock(true);
    let ada = world.signed_in(&pool, seed::ADA).await;
    assert!(!world.session(&ada).await.kept);
    world.keychain.lock(false);
    world.bench.unlock_keychain().await.unwrap();
    assert!(world.session(&ada).await.kept);
    world.restart().await;
    assert_eq!(world.session(&ada).await.username, "ada");
}

#[tokio::test]
async fn an_unlock_is_told_to_the_window() {
    let mut world = World::new().await;
    world.keychain.lock(true);
    world.restart().await;
    world.keychain.lock(false);
    world.bench.unlock_keychain().await.unwrap();
    let unlocked =
        |change: &_| matches!(change, gatepass_workbench::views::Change::Keychain { keychain: KeychainView::Unlocked });
    world.desktop.until(|happened| happened.changes.iter().any(unlocked)).await;
}
