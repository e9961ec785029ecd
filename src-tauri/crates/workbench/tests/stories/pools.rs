use gatepass_sandbox::seed;
use gatepass_workbench::failure::Code;
use gatepass_workbench::views::{Change, Grant, PoolDraft, PoolView, SignInState};

use crate::world::World;

async fn shown(world: &World) -> PoolView {
    world.bench.start().await.unwrap().pools.remove(0)
}

#[tokio::test]
async fn the_issuer_is_learned_from_the_first_token_shown_and_pinned() {
    let mut world = World::new().await;
    let pool = world.pool().await;
    assert_eq!((pool.issuer.as_deref(), pool.learned), (None, false));
    world.signed_in(&pool, seed::ADA).await;
    let learned = shown(&world).await;
    assert!(learned.learned && learned.issuer.as_deref().is_some_and(|issuer| issuer.ends_with(seed::POOL_ID)));
    assert_eq!(learned.facts.pool_id, seed::POOL_ID);
    assert_eq!(world.told(|change| *change == Change::Pool { pool: Box::new(learned.clone()) }), 1);
    world.restart().await;
    assert_eq!(shown(&world).await, learned);
}

#[tokio::test]
async fn an_edited_pool_forgets_the_issuer_and_the_tokens_of_the_former_one() {
    let mut world = World::new().await;
    let pool = world.pool().await;
    let ada = world.signed_in(&pool, seed::ADA).await;
    let other = PoolDraft { client_id: seed::CODE_CLIENT.to_owned(), ..world.draft() };
    let edited = world.bench.update_pool(pool.id, other).await.unwrap();
    assert_eq!((edited.issuer, edited.learned), (None, false));
    assert_eq!(world.state(&ada).await, SignInState::SignedOut);
    world.restart().await;
    assert_eq!(world.state(&ada).await, SignInState::SignedOut);
    assert!(!world.keychain.content().keys().any(|name| name.contains(&ada)));
}

#[tokio::test]
async fn other_scopes_and_another_name_keep_the_issuer_and_the_tokens() {
    let world = World::new().await;
    let pool = world.pool().await;
    let ada = world.signed_in(&pool, seed::ADA).await;
    let draft = PoolDraft { name: "Shop in test".to_owned(), scopes: vec!["openid".to_owned()], ..world.draft() };
    let edited = world.bench.update_pool(pool.id, draft).await.unwrap();
    assert!(edited.learned && edited.issuer.is_some() && edited.facts.name == "Shop in test");
    assert_eq!(world.session(&ada).await.username, "ada");
}

#[tokio::test]
async fn a_pool_in_another_region_is_another_pool() {
    let mut world = World::new().await;
    let pool = world.pool().await;
    let ada = world.signed_in(&pool, seed::ADA).await;
    let elsewhere = PoolDraft { region: "eu-west-1".to_owned(), ..world.draft() };
    let edited = world.bench.update_pool(pool.id, elsewhere).await.unwrap();
    assert_eq!((edited.facts.region.as_str(), edited.facts.pool_id.as_str()), ("eu-west-1", ""));
    assert_eq!((edited.issuer, edited.learned), (None, false));
    world.restart().await;
    assert_eq!(world.state(&ada).await, SignInState::SignedOut);
}

#[tokio::test]
async fn a_pool_cannot_be_edited_away_under_a_locked_keychain() {
    let world = World::new().await;
    let pool = world.pool().await;
    world.signed_in(&pool, seed::ADA).await;
    world.keychain.lock(true);
    let other = PoolDraft { client_id: seed::CODE_CLIENT.to_owned(), ..world.draft() };
    assert_eq!(world.bench.update_pool(pool.id, other).await.unwrap_err().code, Code::KeychainLocked);
    assert_eq!(shown(&world).await.facts.client_id, seed::PUBLIC_CLIENT);
}

#[tokio::test]
async fn the_same_domain_and_client_stand_there_once() {
    let world = World::new().await;
    let first = world.pool().await;
    let draft = PoolDraft { name: "Again".to_owned(), ..world.draft() };
    let second = world.bench.add_pool(draft).await.unwrap();
    assert_eq!((first.id, second.facts.name.as_str()), (second.id, "Again"));
    assert_eq!(world.bench.start().await.unwrap().pools.len(), 1);
}

#[tokio::test]
async fn a_pasted_address_fills_the_pool_in_and_says_what_it_lacks() {
    let world = World::new().await;
    let address = format!(
        "https://shop.auth.eu-west-1.amazoncognito.com/login?response_type=code&client_id={}&redirect_uri=https://example.com/&scope=email",
        seed::PUBLIC_CLIENT
    );
    let draft = world.bench.read_hosted_ui_address(address).await.unwrap();
    assert_eq!((draft.client_id.as_str(), draft.region.as_str()), (seed::PUBLIC_CLIENT, "eu-west-1"));
    assert_eq!((draft.grant, draft.remarks.len()), (Grant::Code, 1));
    let failure = world.bench.read_hosted_ui_address("what is this".to_owned()).await.unwrap_err();
    assert_eq!(failure.code, Code::AddressInvalid);
    let failure = world.bench.add_pool(PoolDraft { domain: "a b".to_owned(), ..world.draft() }).await.unwrap_err();
    assert_eq!(failure.code, Code::PoolInvalid);
}
