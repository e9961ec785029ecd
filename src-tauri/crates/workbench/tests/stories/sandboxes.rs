use std::net::TcpListener;

use gatepass_sandbox::seed;
use gatepass_workbench::failure::Code;
use gatepass_workbench::views::{Change, RequestContext, SandboxView, SignInEnd, SignInState};

use crate::desktop::Person;
use crate::world::{World, status};

/// Signs ada in at the sandbox that the app has started.
async fn ada_in(world: &World, sandbox: &SandboxView) -> String {
    let startup = world.bench.start().await.unwrap();
    let identity = startup.identities.into_iter().find(|identity| identity.pool == sandbox.pool).unwrap().id;
    world.seat(&identity, Person::knows(seed::ADA));
    assert_eq!(world.bench.sign_in(identity.clone()).await.unwrap(), SignInEnd::SignedIn);
    identity
}

async fn list_pets(world: &World, sandbox: &SandboxView, identity: &str) -> u16 {
    let collection = world.bench.open_collection(sandbox.collection.clone()).await.unwrap();
    let item = collection.items.iter().find(|item| item.name() == "List pets").unwrap();
    let opened = world.bench.open_request(collection.root.clone(), item.path().to_owned()).await.unwrap();
    let context = RequestContext {
        collection: Some(collection.root),
        path: Some(opened.path),
        identity: Some(identity.to_owned()),
        ..RequestContext::default()
    };
    status(&world.send_in(context, opened.request).await)
}

#[tokio::test]
async fn from_a_click_to_an_authorised_answer() {
    let world = World::new().await;
    let sandbox = world.bench.start_sandbox().await.unwrap();
    assert_eq!(world.bench.start_sandbox().await.unwrap(), sandbox);
    let ada = ada_in(&world, &sandbox).await;
    assert_eq!(list_pets(&world, &sandbox, &ada).await, 200);
    assert_eq!(world.told(|change| matches!(change, Change::Sandbox { .. })), 1);
    assert!(world.files_with(&[seed::KEY]).is_empty());
}

#[tokio::test]
async fn stopped_and_started_again_it_has_its_ports_and_its_users_are_still_signed_in() {
    let world = World::new().await;
    let sandbox = world.bench.start_sandbox().await.unwrap();
    let ada = ada_in(&world, &sandbox).await;
    world.bench.stop_sandbox().await.unwrap();
    assert_eq!(world.bench.start().await.unwrap().sandbox, None);
    assert_eq!(world.bench.start_sandbox().await.unwrap(), sandbox);
    assert_eq!(world.session(&ada).await.username, "ada");
    assert_eq!(list_pets(&world, &sandbox, &ada).await, 200);
}

#[tokio::test]
async fn at_other_ports_it_is_another_pool_and_everybody_is_signed_out() {
    let world = World::new().await;
    let sandbox = world.bench.start_sandbox().await.unwrap();
    let ada = ada_in(&world, &sandbox).await;
    world.bench.stop_sandbox().await.unwrap();
    let _squatter = TcpListener::bind(&sandbox.address).unwrap();
    let moved = world.bench.start_sandbox().await.unwrap();
    assert_ne!(moved.address, sandbox.address);
    assert_eq!((&moved.pool, &moved.collection), (&sandbox.pool, &sandbox.collection));
    assert_eq!(world.state(&ada).await, SignInState::SignedOut);
    let again = ada_in(&world, &moved).await;
    assert_eq!(again, ada);
    assert_eq!(list_pets(&world, &moved, &ada).await, 200);
}

#[tokio::test]
async fn one_that_ran_when_the_app_was_closed_runs_again() {
    let mut world = World::new().await;
    let sandbox = world.bench.start_sandbox().await.unwrap();
    let ada = ada_in(&world, &sandbox).await;
    world.close().await;
    while TcpListener::bind(&sandbox.address).is_err() {
        tokio::task::yield_now().await;
    }
    world.restart().await;
    world
        .desktop
        .until(|happened| {
            happened.changes.iter().filter(|change| matches!(change, Change::Sandbox { .. })).count() == 2
        })
        .await;
    assert_eq!(world.bench.start().await.unwrap().sandbox, Some(sandbox.clone()));
    assert_eq!(list_pets(&world, &sandbox, &ada).await, 200);
}

#[tokio::test]
async fn under_a_locked_keychain_it_is_not_started_with_keys_that_nobody_can_keep() {
    let world = World::new().await;
    let before = world.keychain.content();
    world.keychain.lock(true);
    assert_eq!(world.bench.start_sandbox().await.unwrap_err().code, Code::KeychainLocked);
    assert_eq!(world.keychain.content(), before);
}
