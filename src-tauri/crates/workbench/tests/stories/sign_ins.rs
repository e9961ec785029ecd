use std::time::Duration;

use gatepass_sandbox::seed;
use gatepass_workbench::Patience;
use gatepass_workbench::failure::Code;
use gatepass_workbench::views::{Change, PoolDraft, SignInEnd, SignInState};
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use url::Url;

use crate::desktop::Person;
use crate::world::{World, guarded, plain, status};

#[tokio::test]
async fn the_whole_job_including_a_restart() {
    let mut world = World::new().await;
    let pool = world.pool().await;
    let refused = world.send(None, plain(world.api("/pets"))).await;
    assert_eq!(status(&refused), 401);
    assert!(refused.verdict.is_some());

    let newcomer = world.identity(&pool, Person::knows(seed::NEWCOMER)).await;
    assert_eq!(world.bench.sign_in(newcomer.clone()).await.unwrap(), SignInEnd::SignedIn);
    let session = world.session(&newcomer).await;
    assert_eq!(session.username, "newcomer");
    assert!(session.kept && session.id_token.is_some() && session.access_token.is_some());
    assert_eq!(world.view(&newcomer).await.name, "newcomer");

    world.store_key().await;
    let answer = world.send(Some(&newcomer), guarded(world.api("/pets"))).await;
    assert_eq!(status(&answer), 200);
    assert!(answer.first_lines.contains("dog"), "{}", answer.first_lines);

    let token = world.id_token(&newcomer).await;
    world.restart().await;
    assert_eq!(world.session(&newcomer).await.username, "newcomer");
    assert_eq!(world.id_token(&newcomer).await, token);
    let answer = world.send(Some(&newcomer), guarded(world.api("/pets"))).await;
    assert_eq!(status(&answer), 200);
}

#[tokio::test]
async fn no_window_can_be_opened() {
    let world = World::new().await;
    let identity = world.identity(&world.pool().await, Person::knows(seed::ADA)).await;
    *world.desktop.has_no_screen.lock().unwrap() = true;
    let failure = world.bench.sign_in(identity.clone()).await.unwrap_err();
    assert!(!failure.hint.is_empty() && failure.causes == ["there is no display"], "{failure:?}");
    assert_eq!(world.state(&identity).await, SignInState::SignedOut);

    *world.desktop.has_no_screen.lock().unwrap() = false;
    assert_eq!(world.bench.sign_in(identity).await.unwrap(), SignInEnd::SignedIn);
}

#[tokio::test]
async fn states_do_not_match() {
    let world = World::new().await;
    let identity = world.identity(&world.pool().await, Person::knows(seed::ADA)).await;
    *world.desktop.meddler.lock().unwrap() = Some(|url: &mut Url| {
        let fragment = url.fragment().filter(|fragment| fragment.contains("id_token=")).map(str::to_owned);
        if let Some(fragment) = fragment {
            let parts = fragment.split('&').map(|part| if part.starts_with("state=") { "state=forged" } else { part });
            url.set_fragment(Some(&parts.collect::<Vec<_>>().join("&")));
        }
    });
    let (bench, who) = (world.bench.clone(), identity.clone());
    let sign_in = tokio::spawn(async move { bench.sign_in(who).await });
    world.desktop.until(|happened| happened.stopped.iter().any(|url| url.as_str().contains("state=forged"))).await;
    assert_eq!(world.state(&identity).await, SignInState::SigningIn);
    world.bench.cancel_sign_in(identity.clone()).await.unwrap();
    assert_eq!(sign_in.await.unwrap().unwrap(), SignInEnd::Cancelled);
    assert_eq!(world.state(&identity).await, SignInState::SignedOut);
    assert!(!world.keychain.content().keys().any(|name| name.contains(&identity)));
}

#[tokio::test]
async fn the_user_closes_the_window() {
    let world = World::new().await;
    let identity = world.identity(&world.pool().await, Person::Closes).await;
    assert_eq!(world.bench.sign_in(identity.clone()).await.unwrap(), SignInEnd::Cancelled);
    assert_eq!(world.state(&identity).await, SignInState::SignedOut);
}

#[tokio::test]
async fn a_sign_in_can_be_cancelled_before_the_pool_has_answered() {
    let world = World::new().await;
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let domain = format!("http://{}", silent.local_addr().unwrap());
    let pool = world.bench.add_pool(PoolDraft { domain, ..world.draft() }).await.unwrap();
    let identity = world.identity(&pool, Person::Waits).await;
    let (bench, who) = (world.bench.clone(), identity.clone());
    let sign_in = tokio::spawn(async move { bench.sign_in(who).await });
    let (mut connection, _) = silent.accept().await.unwrap();
    assert!(connection.read_u8().await.is_ok());
    assert_eq!(world.state(&identity).await, SignInState::SigningIn);
    world.bench.cancel_sign_in(identity.clone()).await.unwrap();
    assert_eq!(sign_in.await.unwrap().unwrap(), SignInEnd::Cancelled);
    assert!(world.desktop.so_far().opened.is_empty());
    assert_eq!(world.state(&identity).await, SignInState::SignedOut);
}

#[tokio::test]
async fn a_newer_sign_in_takes_the_place_of_an_older_one() {
    let world = World::new().await;
    let identity = world.identity(&world.pool().await, Person::Waits).await;
    let (bench, who) = (world.bench.clone(), identity.clone());
    let first = tokio::spawn(async move { bench.sign_in(who).await });
    world.desktop.until(|happened| happened.asked.len() == 1).await;
    world.seat(&identity, Person::knows(seed::ADA));
    assert_eq!(world.bench.sign_in(identity.clone()).await.unwrap(), SignInEnd::SignedIn);
    assert_eq!(first.await.unwrap().unwrap(), SignInEnd::Cancelled);
    let SignInState::SignedIn { renewing, .. } = world.state(&identity).await else { panic!("signed in") };
    assert!(!renewing);
}

#[tokio::test]
async fn two_identities_at_once() {
    let world = World::new().await;
    let pool = world.pool().await;
    let ada = world.identity(&pool, Person::knows(seed::ADA)).await;
    let grace = world.identity(&pool, Person::knows(seed::GRACE)).await;
    let (one, other) = tokio::join!(world.bench.sign_in(ada.clone()), world.bench.sign_in(grace.clone()));
    assert_eq!((one.unwrap(), other.unwrap()), (SignInEnd::SignedIn, SignInEnd::SignedIn));
    assert_eq!(world.session(&ada).await.username, "ada");
    assert_eq!(world.session(&grace).await.groups, ["admins"]);
    assert_ne!(world.id_token(&ada).await, world.id_token(&grace).await);
    let (one, other) = (world.desktop.jar(&world.jar(&ada)), world.desktop.jar(&world.jar(&grace)));
    assert!(one.contains_key("cognito") && one["cognito"] != other["cognito"]);
}

#[tokio::test]
async fn a_pool_that_does_not_answer_is_told_before_a_window_opens() {
    let mut world = World::new().await;
    let identity = world.identity(&world.pool().await, Person::knows(seed::ADA)).await;
    world.pool_goes().await;
    let failure = world.bench.sign_in(identity).await.unwrap_err();
    assert_eq!(failure.code, Code::Unreachable);
    assert!(world.desktop.so_far().opened.is_empty());
}

#[tokio::test]
async fn a_callback_that_is_not_registered_is_told_with_the_address_to_register() {
    let world = World::new().await;
    let draft = PoolDraft { callback: "https://example.com/elsewhere".to_owned(), ..world.draft() };
    let pool = world.bench.add_pool(draft).await.unwrap();
    let identity = world.identity(&pool, Person::knows(seed::ADA)).await;
    let failure = world.bench.sign_in(identity).await.unwrap_err();
    assert_eq!(failure.code, Code::SignInRefused);
    assert!(failure.hint.contains("https://example.com/elsewhere"), "{failure:?}");
    assert!(world.desktop.so_far().opened.is_empty());
}

#[tokio::test]
async fn an_attempt_dies_when_nobody_signs_in() {
    let mut world = World::new().await;
    world.restart_with(Patience { sign_in: Duration::ZERO, ..Patience::default() }).await;
    let identity = world.identity(&world.pool().await, Person::Waits).await;
    assert_eq!(world.bench.sign_in(identity.clone()).await.unwrap_err().code, Code::SignInTimedOut);
    let happened = world.desktop.so_far();
    assert_eq!((happened.opened.len(), happened.closed.len()), (1, 1));
    assert!(!world.bench.navigated(&happened.closed[0], &"https://example.com/#id_token=late".parse().unwrap()));
    drop(happened);
    assert_eq!(world.state(&identity).await, SignInState::SignedOut);
}

#[tokio::test]
async fn a_sign_out_while_the_tokens_are_verified_is_the_last_word() {
    let world = World::new().await;
    let identity = world.identity(&world.pool().await, Person::knows(seed::ADA)).await;
    let (bench, who) = (world.bench.clone(), identity.clone());
    let sign_in = tokio::spawn(async move { bench.sign_in(who).await });
    // The window is closed as soon as the tokens are there, before their keys are fetched.
    world.desktop.until(|happened| happened.closed.len() == 1).await;
    world.bench.sign_out(identity.clone()).await.unwrap();
    assert_eq!(sign_in.await.unwrap().unwrap(), SignInEnd::Cancelled);
    assert_eq!(world.state(&identity).await, SignInState::SignedOut);
    assert!(!world.keychain.content().keys().any(|name| name.contains(&identity)));
}

#[tokio::test]
async fn the_window_is_told_of_every_step() {
    let world = World::new().await;
    let identity = world.signed_in(&world.pool().await, seed::ADA).await;
    let told = world.desktop.so_far();
    let steps = told.changes.iter().filter_map(|change| match change {
        Change::Identity { identity: view } if view.id == identity => Some(match view.state {
            SignInState::SigningIn => "signing in",
            SignInState::SignedIn { .. } => "signed in",
            _ => "other",
        }),
        _ => None,
    });
    assert_eq!(steps.collect::<Vec<_>>(), ["signing in", "signed in"]);
}
