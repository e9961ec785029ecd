use std::io::ErrorKind;
use std::net::TcpListener;
use std::time::Duration;

use gatepass_sandbox::seed;
use gatepass_workbench::Patience;
use gatepass_workbench::failure::Code;
use gatepass_workbench::model::TokenKind;
use gatepass_workbench::views::{IdentityEdit, RequestContext, SignInEnd, SignInState};

use crate::world::{World, guarded};

#[tokio::test]
async fn a_sign_out_clears_tokens_and_cookies_and_ends_the_pools_session() {
    let world = World::new().await;
    let ada = world.signed_in(&world.pool().await, seed::ADA).await;
    let cookies = world.desktop.jar(&world.jar(&ada));
    let view = world.bench.sign_out(ada.clone()).await.unwrap();
    assert_eq!(view.state, SignInState::SignedOut);
    assert_eq!(world.desktop.so_far().cleared, [world.jar(&ada)]);
    assert!(!world.keychain.content().keys().any(|name| name.contains(&ada)));
    assert_eq!(world.bench.reveal_token(ada.clone(), TokenKind::Id).await.unwrap_err().code, Code::NotSignedIn);

    // Even somebody who kept the cookies is asked again.
    world.desktop.put_cookies(&world.jar(&ada), cookies);
    assert_eq!(world.bench.sign_in(ada).await.unwrap(), SignInEnd::SignedIn);
    assert_eq!(world.desktop.so_far().asked.len(), 2);
}

#[tokio::test]
async fn the_cookies_are_cleared_when_the_pool_is_gone() {
    let mut world = World::new().await;
    world.restart_with(Patience { farewell: Duration::ZERO, ..Patience::default() }).await;
    let ada = world.signed_in(&world.pool().await, seed::ADA).await;
    world.pool_goes().await;
    assert_eq!(world.bench.sign_out(ada.clone()).await.unwrap().state, SignInState::SignedOut);
    assert_eq!(world.desktop.so_far().cleared, [world.jar(&ada)]);
}

#[tokio::test]
async fn the_cookies_are_cleared_when_no_window_can_be_opened() {
    let world = World::new().await;
    let ada = world.signed_in(&world.pool().await, seed::ADA).await;
    *world.desktop.has_no_screen.lock().unwrap() = true;
    assert_eq!(world.bench.sign_out(ada.clone()).await.unwrap().state, SignInState::SignedOut);
    assert!(!world.jar(&ada).exists());
}

#[tokio::test]
async fn a_locked_keychain_keeps_the_user_signed_in() {
    let world = World::new().await;
    let ada = world.signed_in(&world.pool().await, seed::ADA).await;
    world.keychain.lock(true);
    assert_eq!(world.bench.sign_out(ada.clone()).await.unwrap_err().code, Code::KeychainLocked);
    assert!(world.desktop.so_far().cleared.is_empty());
    assert_eq!(world.session(&ada).await.username, "ada");
}

#[tokio::test]
async fn a_token_of_somebody_who_is_signed_out_stops_the_request_before_it_leaves() {
    let world = World::new().await;
    let ada = world.signed_in(&world.pool().await, seed::ADA).await;
    world.store_key().await;
    world.bench.sign_out(ada.clone()).await.unwrap();
    let server = TcpListener::bind("127.0.0.1:0").unwrap();
    server.set_nonblocking(true).unwrap();
    let request = guarded(format!("http://{}/pets", server.local_addr().unwrap()));
    for (identity, words) in [(Some(ada), "ada is signed out"), (None, "no identity is chosen")] {
        let context = RequestContext { identity, ..RequestContext::default() };
        let failure = world.bench.send(1, context, request.clone()).await.unwrap_err();
        assert_eq!(failure.code, Code::NotSignedIn);
        assert!(failure.message.contains(words), "{failure:?}");
    }
    assert_eq!(server.accept().unwrap_err().kind(), ErrorKind::WouldBlock);
}

#[tokio::test]
async fn a_removed_pool_takes_its_identities_and_their_tokens_along() {
    let mut world = World::new().await;
    let pool = world.pool().await;
    let ada = world.signed_in(&pool, seed::ADA).await;
    world.bench.remove_pool(pool.id).await.unwrap();
    assert!(!world.keychain.content().keys().any(|name| name.contains(&ada)));
    assert!(!world.jar(&ada).exists());
    world.restart().await;
    let startup = world.bench.start().await.unwrap();
    assert!(startup.pools.is_empty() && startup.identities.is_empty());
}

#[tokio::test]
async fn a_token_goes_to_the_clipboard_only_when_asked_for() {
    let world = World::new().await;
    let ada = world.signed_in(&world.pool().await, seed::ADA).await;
    assert!(world.desktop.so_far().copied.is_empty());
    world.bench.copy_token(ada.clone(), TokenKind::Access).await.unwrap();
    let access = world.bench.reveal_token(ada, TokenKind::Access).await.unwrap();
    assert_eq!(world.desktop.so_far().copied[0].expose(), access);
}

#[tokio::test]
async fn the_session_of_who_wants_it_so_is_forgotten_when_the_app_is_closed_and_the_tokens_stay() {
    let mut world = World::new().await;
    let pool = world.pool().await;
    let (ada, grace) = (world.signed_in(&pool, seed::ADA).await, world.signed_in(&pool, seed::GRACE).await);
    let edit = IdentityEdit { name: "Ada".to_owned(), keep_session: false, ..IdentityEdit::default() };
    world.bench.update_identity(ada.clone(), edit).await.unwrap();
    world.bench.forget_sessions();
    assert!(!world.jar(&ada).exists() && world.jar(&grace).exists());

    // A crash closes nothing: the next start does.
    std::fs::create_dir_all(world.jar(&ada)).unwrap();
    world.restart().await;
    assert!(!world.jar(&ada).exists() && world.jar(&grace).exists());
    assert_eq!(world.session(&ada).await.username, "ada");
}
