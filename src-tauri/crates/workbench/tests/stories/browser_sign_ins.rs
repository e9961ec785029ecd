use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::time::Duration;

use gatepass_sandbox::{loopback_callback, seed};
use gatepass_workbench::failure::{Code, Failure};
use gatepass_workbench::views::{Grant, PoolDraft, PoolView, SignInEnd, SignInPlace, SignInState};
use rstest::rstest;
use tokio::net::TcpListener;
use tokio::task::{JoinHandle, yield_now};
use tokio::time::timeout;
use url::Url;

use crate::desktop::{BROWSER, Person};
use crate::world::World;

async fn world(grant: Grant) -> (World, PoolView) {
    let callback = loopback_callback().unwrap();
    let world = World::with(|options| options.extra_callbacks.push(callback.clone())).await;
    let draft = PoolDraft { grant, callback, place: SignInPlace::Browser, ..world.draft() };
    let pool = world.bench.add_pool(draft).await.unwrap();
    world.desktop.seat(PathBuf::from(BROWSER), Person::knows(seed::ADA));
    (world, pool)
}

/// Somebody with the pool's page open in the browser, and their sign-in.
async fn waiting(world: &World, pool: &PoolView) -> (String, JoinHandle<Result<SignInEnd, Failure>>) {
    world.desktop.seat(PathBuf::from(BROWSER), Person::Waits);
    let ada = world.identity(pool, Person::Waits).await;
    let (bench, who) = (world.bench.clone(), ada.clone());
    let sign_in = tokio::spawn(async move { bench.sign_in(who).await });
    world.desktop.until(|happened| happened.read.len() == 1).await;
    (ada, sign_in)
}

/// Where the browser comes back to.
fn address_of(pool: &PoolView) -> (Ipv4Addr, u16) {
    let callback = Url::parse(&pool.facts.callback).unwrap();
    (Ipv4Addr::LOCALHOST, callback.port().unwrap())
}

#[rstest]
#[case::code(Grant::Code)]
#[case::implicit(Grant::Implicit)]
#[tokio::test]
async fn the_browser_signs_in_and_says_so_and_the_app_comes_to_the_front(#[case] grant: Grant) {
    let (world, pool) = world(grant).await;
    let ada = world.identity(&pool, Person::Waits).await;
    assert_eq!(world.bench.sign_in(ada.clone()).await.unwrap(), SignInEnd::SignedIn);
    assert_eq!(world.session(&ada).await.username, "ada");
    world.desktop.until(|happened| !happened.read.is_empty()).await;
    let happened = world.desktop.so_far();
    assert!(happened.read[0].contains("You are signed in as ada"), "{}", happened.read[0]);
    assert_eq!((happened.surfed.len(), happened.fronted, happened.opened.len()), (1, 1, 0));
}

#[tokio::test]
async fn a_sign_in_that_the_user_gives_up_frees_the_port_for_the_next() {
    let (world, pool) = world(Grant::Code).await;
    let (ada, sign_in) = waiting(&world, &pool).await;
    world.bench.cancel_sign_in(ada.clone()).await.unwrap();
    assert_eq!(sign_in.await.unwrap().unwrap(), SignInEnd::Cancelled);
    let is_free = async {
        while TcpListener::bind(address_of(&pool)).await.is_err() {
            yield_now().await;
        }
    };
    timeout(Duration::from_secs(10), is_free).await.unwrap();
    world.desktop.seat(PathBuf::from(BROWSER), Person::knows(seed::ADA));
    assert_eq!(world.bench.sign_in(ada).await.unwrap(), SignInEnd::SignedIn);
}

#[tokio::test]
async fn a_port_at_which_another_pool_s_sign_in_waits_is_told_with_that() {
    let (world, pool) = world(Grant::Code).await;
    let (ada, sign_in) = waiting(&world, &pool).await;
    let elsewhere = pool.facts.callback.replace("/callback", "/elsewhere");
    let draft = PoolDraft { client_id: seed::CODE_CLIENT.to_owned(), callback: elsewhere, ..pool.facts.clone() };
    let other = world.identity(&world.bench.add_pool(draft).await.unwrap(), Person::Waits).await;
    let failure = world.bench.sign_in(other).await.unwrap_err();
    assert_eq!(failure.code, Code::PoolInvalid);
    assert!(failure.message.contains(&format!("for {}", pool.facts.callback)), "{failure:?}");
    world.bench.cancel_sign_in(ada).await.unwrap();
    assert_eq!(sign_in.await.unwrap().unwrap(), SignInEnd::Cancelled);
}

#[tokio::test]
async fn a_page_that_sends_the_browser_to_the_callback_with_an_error_ends_no_sign_in() {
    let (world, pool) = world(Grant::Code).await;
    let (ada, sign_in) = waiting(&world, &pool).await;
    let forged = format!("{}?error=x&error_description=Call+0800", pool.facts.callback);
    let page = reqwest::get(forged).await.unwrap().text().await.unwrap();
    assert!(page.contains("This answer was ignored") && !page.contains("0800"), "{page}");
    assert_eq!(world.state(&ada).await, SignInState::SigningIn);
    world.bench.cancel_sign_in(ada).await.unwrap();
    assert_eq!(sign_in.await.unwrap().unwrap(), SignInEnd::Cancelled);
}

#[tokio::test]
async fn a_port_that_is_taken_and_a_callback_that_no_browser_reaches_are_told_before_the_browser_opens() {
    let (world, pool) = world(Grant::Code).await;
    let ada = world.identity(&pool, Person::Waits).await;
    let taken = TcpListener::bind(address_of(&pool)).await.unwrap();
    let failure = world.bench.sign_in(ada.clone()).await.unwrap_err();
    assert!(failure.message.contains("is in use"), "{failure:?}");
    drop(taken);

    let draft = PoolDraft { callback: seed::CALLBACKS[0].to_owned(), ..pool.facts };
    world.bench.update_pool(pool.id, draft).await.unwrap();
    let failure = world.bench.sign_in(ada).await.unwrap_err();
    assert_eq!(failure.code, Code::PoolInvalid);
    assert!(failure.message.contains("http://localhost:<port>/callback"), "{failure:?}");
    assert!(world.desktop.so_far().surfed.is_empty());
}

#[tokio::test]
async fn the_browser_s_session_is_ended_where_it_lives() {
    let (world, pool) = world(Grant::Code).await;
    let ada = world.identity(&pool, Person::Waits).await;
    assert_eq!(world.bench.sign_in(ada.clone()).await.unwrap(), SignInEnd::SignedIn);
    assert!(world.desktop.jar(&PathBuf::from(BROWSER)).contains_key("cognito"));
    world.bench.sign_out(ada.clone()).await.unwrap();
    assert_eq!(world.state(&ada).await, SignInState::SignedOut);
    assert!(!world.desktop.jar(&PathBuf::from(BROWSER)).contains_key("cognito"));
    world.desktop.until(|happened| happened.read.iter().any(|page| page.contains("You are signed out"))).await;
}

#[tokio::test]
async fn a_provider_that_refuses_the_window_leads_to_the_browser_which_is_remembered() {
    let (world, pool) = world(Grant::Code).await;
    let draft = PoolDraft { place: SignInPlace::Window, ..pool.facts };
    let pool = world.bench.update_pool(pool.id, draft).await.unwrap();
    let ada = world.identity(&pool, Person::Waits).await;
    world.goes_to_provider(&ada).await;
    let failure = world.bench.sign_in(ada.clone()).await.unwrap_err();
    assert_eq!(failure.code, Code::ProviderRefusesWindow);

    world.desktop.seat(PathBuf::from(BROWSER), Person::HasAnAccount);
    assert_eq!(world.bench.sign_in_by_browser(ada.clone()).await.unwrap(), SignInEnd::SignedIn);
    assert_eq!(world.session(&ada).await.username, seed::FEDERATED_USERNAME);
    assert_eq!(world.view(&ada).await.name, seed::PROVIDER_ACCOUNT);
    let pools = world.bench.start().await.unwrap().pools;
    assert_eq!(pools[0].facts.place, SignInPlace::Browser);
}

#[tokio::test]
async fn the_browser_is_not_remembered_for_a_pool_that_it_cannot_come_back_from() {
    let world = World::new().await;
    let ada = world.identity(&world.pool().await, Person::knows(seed::ADA)).await;
    let failure = world.bench.sign_in_by_browser(ada.clone()).await.unwrap_err();
    assert_eq!(failure.code, Code::PoolInvalid);
    assert_eq!(world.bench.start().await.unwrap().pools[0].facts.place, SignInPlace::Window);
    assert_eq!(world.bench.sign_in(ada).await.unwrap(), SignInEnd::SignedIn);
}

#[tokio::test]
async fn a_browser_that_does_not_open_is_told() {
    let (world, pool) = world(Grant::Code).await;
    let ada = world.identity(&pool, Person::Waits).await;
    *world.desktop.has_no_screen.lock().unwrap() = true;
    let failure = world.bench.sign_in(ada.clone()).await.unwrap_err();
    assert!(failure.message.contains("browser could not be opened"), "{failure:?}");
    assert_eq!(failure.causes, ["there is no browser"]);
    assert_eq!(world.state(&ada).await, SignInState::SignedOut);
}

#[tokio::test]
async fn two_sign_ins_come_back_to_one_callback_at_once() {
    let (world, pool) = world(Grant::Code).await;
    let (one, other) = (world.identity(&pool, Person::Waits).await, world.identity(&pool, Person::Waits).await);
    let (first, second) = tokio::join!(world.bench.sign_in(one.clone()), world.bench.sign_in(other.clone()));
    assert_eq!((first.unwrap(), second.unwrap()), (SignInEnd::SignedIn, SignInEnd::SignedIn));
    assert_ne!(world.id_token(&one).await, world.id_token(&other).await);
}

#[tokio::test]
async fn signing_out_clears_the_cookies_of_an_earlier_window_too() {
    let (world, pool) = world(Grant::Code).await;
    let in_window = PoolDraft { place: SignInPlace::Window, ..pool.facts.clone() };
    let pool = world.bench.update_pool(pool.id, in_window).await.unwrap();
    let ada = world.signed_in(&pool, seed::ADA).await;
    let in_browser = PoolDraft { place: SignInPlace::Browser, ..pool.facts };
    world.bench.update_pool(pool.id, in_browser).await.unwrap();
    assert!(world.desktop.jar(&world.jar(&ada)).contains_key("cognito"));
    world.bench.sign_out(ada.clone()).await.unwrap();
    assert!(!world.desktop.jar(&world.jar(&ada)).contains_key("cognito"));
}
