//! Tokens that end: renewed before a send, for all who wait at once, and once after a 401 that says so.

use std::collections::BTreeSet;
use std::time::Duration;

use axum::Router;
use axum::http::StatusCode;
use gatepass_sandbox::{Clock, seed};
use gatepass_workbench::Patience;
use gatepass_workbench::failure::Code;
use gatepass_workbench::views::{Change, Grant, Renewal, RequestContext, SendEnd, SignInEnd, SignInState};
use rstest::rstest;

use crate::desktop::Person;
use crate::expiry::{ALMOST_OVER, Api, Setting, as_of, guarded, pool, put_right, renewals, world};
use crate::world::{World, plain, status};

#[rstest]
#[case::by_refresh_token(Grant::Code, 1)]
#[case::by_the_session(Grant::Implicit, 2)]
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_hundred_requests_at_the_moment_of_expiry_share_one_renewal(#[case] grant: Grant, #[case] windows: usize) {
    let setting = Setting::with(grant).await;
    let sends: Vec<_> = (0..200).map(|send| setting.send(send)).collect();
    for send in sends {
        let SendEnd::Answered { answer } = send.await.unwrap().unwrap() else { panic!("an answer was expected") };
        assert_eq!(status(&answer), 200);
    }
    let seen = setting.api.seen();
    assert_eq!(seen.len(), 200);
    let new = setting.world.id_token(&setting.ada).await;
    assert_eq!(seen.into_iter().collect::<BTreeSet<_>>(), BTreeSet::from([new.clone()]));
    assert_ne!(new, setting.old);
    let happened = setting.world.desktop.so_far();
    assert_eq!((renewals(&happened), happened.opened.len(), happened.shown.len()), (1, windows, 0));
}

#[tokio::test]
async fn a_renewal_that_the_user_asks_for_joins_the_one_that_is_under_way() {
    let setting = Setting::with(Grant::Code).await;
    let send = setting.send(1);
    setting.world.desktop.until(|happened| renewals(happened) == 1).await;
    assert_eq!(setting.world.bench.renew(setting.ada.clone()).await.unwrap(), SignInEnd::SignedIn);
    assert!(matches!(send.await.unwrap().unwrap(), SendEnd::Answered { .. }));
    assert_eq!(renewals(&setting.world.desktop.so_far()), 1);
}

#[tokio::test]
async fn a_pool_that_is_silent_is_not_taken_for_one_whose_session_is_over() {
    let clock = Clock::system();
    clock.shift(-3_580_000);
    let mut world = World::with(|options| options.clock = clock).await;
    let api = Api::default();
    let url = api.start().await;
    let ada = world.signed_in(&pool(&world, Grant::Implicit).await, seed::ADA).await;
    let old = world.id_token(&ada).await;
    // Started again, the app does not know yet how late the pool has it: the token has some seconds left.
    world.restart_with(Patience { hidden_window: Duration::ZERO, ..Patience::default() }).await;
    let answer = world.send(Some(&ada), guarded(&url)).await;
    assert_eq!((status(&answer), answer.renewal), (200, None));
    assert_eq!(api.seen(), [old]);
    assert_eq!(world.told(|change| matches!(change, Change::SendWaits { sign_in: false, .. })), 1);
    assert!(matches!(world.state(&ada).await, SignInState::SignedIn { over: false, .. }));
}

#[tokio::test]
async fn a_token_that_is_about_to_end_goes_out_unasked_though_the_session_is_over() {
    let (world, clock) = world().await;
    let api = Api::default();
    let url = api.start().await;
    let ada = world.signed_in(&pool(&world, Grant::Implicit).await, seed::ADA).await;
    let old = world.id_token(&ada).await;
    put_right(&world, &clock, ALMOST_OVER.saturating_sub(Duration::from_secs(20))).await;
    world.desktop.forget_cookies(&world.jar(&ada));
    for _ in 0..2 {
        assert_eq!(status(&world.send(Some(&ada), guarded(&url)).await), 200);
        assert!(matches!(world.state(&ada).await, SignInState::SignedIn { over: true, .. }));
    }
    assert_eq!(api.seen(), [old.clone(), old]);
    assert_eq!(world.told(|change| matches!(change, Change::SendWaits { sign_in: true, .. })), 0);
}

#[rstest]
#[case::by_refresh_token(Grant::Code)]
#[case::by_the_session(Grant::Implicit)]
#[tokio::test]
async fn a_pool_that_is_gone_is_not_taken_for_the_api(#[case] grant: Grant) {
    let mut setting = Setting::with(grant).await;
    setting.world.pool_goes().await;
    let failure = setting.send(1).await.unwrap().unwrap_err();
    assert_eq!(failure.code, Code::Unreachable);
    assert!(failure.message.starts_with("Not sent: the token of ada could not be renewed."), "{failure:?}");
    assert!(setting.api.seen().is_empty());
}

#[tokio::test]
async fn a_token_that_is_good_goes_out_without_a_renewal_and_the_answer_says_what_was_renewed() {
    let Setting { world, api, url, ada, .. } = Setting::with(Grant::Implicit).await;
    let first = world.send(Some(&ada), guarded(&url)).await;
    assert_eq!(first.renewal, Some(Renewal::BeforeSend));
    let second = world.send(Some(&ada), guarded(&url)).await;
    assert_eq!(second.renewal, None);
    assert_eq!(api.seen()[0], api.seen()[1]);
}

#[tokio::test]
async fn a_401_that_says_expired_is_answered_by_one_renewal_and_never_by_a_second() {
    let world = World::new().await;
    let api = Api::default();
    let url = api.start().await;
    let ada = world.signed_in(&pool(&world, Grant::Implicit).await, seed::ADA).await;
    let old = world.id_token(&ada).await;
    api.expired.lock().unwrap().insert(old.clone());
    let answer = world.send(Some(&ada), guarded(&url)).await;
    assert_eq!((status(&answer), answer.renewal), (200, Some(Renewal::AfterRefusal)));
    assert_eq!(api.seen(), [old, world.id_token(&ada).await]);

    // An API that calls every token expired gets one renewal each time the user sends, and no more.
    let stubborn = Router::new().fallback(async || {
        let body = r#"{"message":"The incoming token has expired"}"#;
        (StatusCode::UNAUTHORIZED, [("x-amzn-errortype", "UnauthorizedException")], body)
    });
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, stubborn).await });
    let windows = world.desktop.so_far().opened.len();
    let answer = world.send(Some(&ada), guarded(&url)).await;
    assert_eq!((status(&answer), answer.renewal), (401, Some(Renewal::AfterRefusal)));
    assert_eq!(world.desktop.so_far().opened.len(), windows + 1);
}

#[tokio::test]
async fn an_answer_that_came_is_kept_where_the_token_could_not_be_renewed() {
    let mut world = World::new().await;
    let api = Api::default();
    let url = api.start().await;
    let ada = world.signed_in(&pool(&world, Grant::Code).await, seed::ADA).await;
    let old = world.id_token(&ada).await;
    api.expired.lock().unwrap().insert(old);
    world.pool_goes().await;
    let answer = world.send(Some(&ada), guarded(&url)).await;
    assert_eq!((status(&answer), answer.renewal), (401, None));
    assert_eq!(answer.not_renewed.unwrap().code, Code::Unreachable);
    assert!(answer.verdict.is_some());
}

#[tokio::test]
async fn a_refused_request_is_not_repeated_as_somebody_who_signed_in_meanwhile() {
    let world = World::new().await;
    let api = Api::slow();
    let url = api.start().await;
    let ada = world.signed_in(&pool(&world, Grant::Implicit).await, seed::ADA).await;
    let old = world.id_token(&ada).await;
    api.expired.lock().unwrap().insert(old.clone());
    let (bench, context, request) = (world.bench.clone(), as_of(&ada), guarded(&url));
    let send = tokio::spawn(async move { bench.send(1, context, request).await });
    api.arrived.notified().await;
    world.desktop.forget_cookies(&world.jar(&ada));
    world.seat(&ada, Person::knows(seed::GRACE));
    assert_eq!(world.bench.sign_in(ada.clone()).await.unwrap(), SignInEnd::SignedIn);
    api.go_on.notify_one();
    let SendEnd::Answered { answer } = send.await.unwrap().unwrap() else { panic!("an answer was expected") };
    assert_eq!((status(&answer), answer.not_renewed.unwrap().code), (401, Code::SessionOver));
    assert_eq!(api.seen(), [old]);
}

#[tokio::test]
async fn one_send_goes_out_as_another_user_and_the_chosen_one_stays() {
    let world = World::new().await;
    let api = Api::default();
    let url = api.start().await;
    let pool = pool(&world, Grant::Implicit).await;
    let ada = world.signed_in(&pool, seed::ADA).await;
    let grace = world.signed_in(&pool, seed::GRACE).await;
    let context = RequestContext { send_as: Some(grace.clone()), ..as_of(&ada) };
    assert_eq!(world.send_in(context, guarded(&url)).await.sent_as, Some(grace.clone()));
    assert_eq!(world.send(Some(&ada), guarded(&url)).await.sent_as, Some(ada.clone()));
    assert_eq!(world.send(Some(&ada), plain(url)).await.sent_as, None);
    assert_eq!(api.seen(), [world.id_token(&grace).await, world.id_token(&ada).await, String::new()]);
}

#[tokio::test]
async fn while_the_app_is_used_a_token_is_renewed_before_it_ends() {
    let clock = Clock::system();
    clock.shift(-57 * 60_000);
    let theirs = clock.clone();
    let world = World::with(|options| (options.clock, options.session) = (theirs, Duration::from_hours(24))).await;
    let ada = world.signed_in(&pool(&world, Grant::Code).await, seed::ADA).await;
    let old = world.id_token(&ada).await;
    put_right(&world, &clock, Duration::from_mins(57)).await;
    let keeper = tokio::spawn(world.bench.clone().keep_fresh());
    world.bench.look_at_tokens();
    let renewed = |change: &Change| matches!(change, Change::Identity { identity } if matches!(&identity.state, SignInState::SignedIn { session, renewing: false, .. } if session.id_token.as_ref().is_some_and(|token| token.expires_at > now() + 3_000.0)));
    world.desktop.until(|happened| happened.changes.iter().any(renewed)).await;
    assert_ne!(world.id_token(&ada).await, old);
    assert_eq!(world.desktop.so_far().opened.len(), 1);
    keeper.abort();
}

#[tokio::test]
async fn a_pool_whose_tokens_are_over_when_they_come_is_not_asked_again_and_again() {
    let world = World::with(|options| options.id_token = Duration::ZERO).await;
    let ada = world.signed_in(&pool(&world, Grant::Code).await, seed::ADA).await;
    let old = world.id_token(&ada).await;
    let keeper = tokio::spawn(world.bench.clone().keep_fresh());
    world.bench.look_at_tokens();
    world.desktop.until(|happened| renewals(happened) == 1).await;
    assert_ne!(world.until_idle(&ada).await, old);
    // Each use of the app wakes the keeper; it has had every chance once a request has come and gone.
    for _ in 0..3 {
        world.bench.look_at_tokens();
        world.send(None, plain(world.open_route("/echo"))).await;
    }
    assert_eq!(renewals(&world.desktop.so_far()), 1);
    keeper.abort();
}

fn now() -> f64 {
    std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap().as_secs_f64()
}
