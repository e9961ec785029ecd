use std::time::Duration;

use gatepass_sandbox::seed;
use gatepass_workbench::Patience;
use gatepass_workbench::failure::Code;
use gatepass_workbench::views::SignInEnd;

use crate::desktop::Person;
use crate::world::World;

#[tokio::test]
async fn while_the_session_lives_nobody_sees_a_window() {
    let world = World::new().await;
    let ada = world.signed_in(&world.pool().await, seed::ADA).await;
    let old = world.id_token(&ada).await;
    assert_eq!(world.bench.renew(ada.clone()).await.unwrap(), SignInEnd::SignedIn);
    assert_ne!(world.id_token(&ada).await, old);
    let happened = world.desktop.so_far();
    assert!(!happened.opened.last().unwrap().visible && happened.shown.is_empty());
    assert_eq!(happened.asked.len(), 1);
}

#[tokio::test]
async fn when_the_session_is_over_the_form_is_shown() {
    let world = World::new().await;
    let ada = world.signed_in(&world.pool().await, seed::ADA).await;
    world.desktop.forget_cookies(&world.jar(&ada));
    let old = world.id_token(&ada).await;
    assert_eq!(world.bench.renew(ada.clone()).await.unwrap(), SignInEnd::SignedIn);
    assert_ne!(world.id_token(&ada).await, old);
    let happened = world.desktop.so_far();
    assert_eq!(happened.shown, [happened.opened.last().unwrap().label.clone()]);
}

#[tokio::test]
async fn another_user_is_refused_and_the_old_tokens_stay() {
    let mut world = World::new().await;
    let ada = world.signed_in(&world.pool().await, seed::ADA).await;
    world.desktop.forget_cookies(&world.jar(&ada));
    world.seat(&ada, Person::knows(seed::GRACE));
    let old = world.id_token(&ada).await;
    let failure = world.bench.renew(ada.clone()).await.unwrap_err();
    assert_eq!(failure.code, Code::TokenRefused);
    assert_eq!(world.id_token(&ada).await, old);
    world.restart().await;
    assert_eq!(world.session(&ada).await.username, "ada");
}

#[tokio::test]
async fn the_user_closes_the_form_and_the_old_tokens_stay() {
    let world = World::new().await;
    let ada = world.signed_in(&world.pool().await, seed::ADA).await;
    world.desktop.forget_cookies(&world.jar(&ada));
    world.seat(&ada, Person::Closes);
    assert_eq!(world.bench.renew(ada.clone()).await.unwrap(), SignInEnd::Cancelled);
    assert_eq!(world.session(&ada).await.username, "ada");
}

#[tokio::test]
async fn a_pool_that_is_gone_is_told_and_no_empty_window_is_shown() {
    let mut world = World::new().await;
    let ada = world.signed_in(&world.pool().await, seed::ADA).await;
    world.pool_goes().await;
    let failure = world.bench.renew(ada.clone()).await.unwrap_err();
    assert_eq!(failure.code, Code::Unreachable);
    assert!(world.desktop.so_far().shown.is_empty());
    assert_eq!(world.session(&ada).await.username, "ada");
}

#[tokio::test]
async fn a_page_that_never_comes_is_shown_as_it_is() {
    let mut world = World::new().await;
    let ada = world.signed_in(&world.pool().await, seed::ADA).await;
    world.restart_with(Patience { hidden_window: Duration::ZERO, ..Patience::default() }).await;
    world.desktop.forget_cookies(&world.jar(&ada));
    assert_eq!(world.bench.renew(ada).await.unwrap(), SignInEnd::SignedIn);
    assert_eq!(world.desktop.so_far().shown.len(), 1);
}

#[tokio::test]
async fn who_is_signed_out_gets_the_form() {
    let world = World::new().await;
    let ada = world.identity(&world.pool().await, Person::knows(seed::ADA)).await;
    assert_eq!(world.bench.renew(ada).await.unwrap(), SignInEnd::SignedIn);
    assert!(world.desktop.so_far().opened[0].visible);
}
