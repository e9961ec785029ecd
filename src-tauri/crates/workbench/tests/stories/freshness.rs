//! Tokens that end: renewed before a send, for all who wait at once, and once after a 401 that says so.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use gatepass_sandbox::{Clock, seed};
use gatepass_workbench::failure::{Code, Failure};
use gatepass_workbench::model::{ApiKeyAuth, Auth, Request};
use gatepass_workbench::views::{
    Change, Grant, IdentityEdit, PoolDraft, PoolView, Renewal, RequestContext, SendEnd, SignInEnd, SignInState,
};
use rstest::rstest;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::desktop::{Happened, Person};
use crate::world::{World, plain, status, token};

/// What is left of a token's hour, in the pool's own view, when its user has just signed in.
const ALMOST_OVER: Duration = Duration::from_secs(3_599);

/// An API that notes the tokens it is sent, and calls the ones that it was told of expired.
#[derive(Clone, Default)]
struct Api {
    seen: Arc<Mutex<Vec<String>>>,
    expired: Arc<Mutex<BTreeSet<String>>>,
    /// Whether it answers only when it is told to.
    slow: bool,
    arrived: Arc<Notify>,
    go_on: Arc<Notify>,
}

impl Api {
    async fn start(&self) -> String {
        let api = self.clone();
        let router = Router::new().fallback(async move |headers: HeaderMap| {
            let token = headers.get("dev-auth-token").map(|value| value.to_str().unwrap().to_owned());
            let token = token.unwrap_or_default();
            api.seen.lock().unwrap().push(token.clone());
            if api.slow {
                api.arrived.notify_one();
                api.go_on.notified().await;
            }
            if api.expired.lock().unwrap().contains(&token) {
                let body = r#"{"message":"The incoming token has expired"}"#;
                return (StatusCode::UNAUTHORIZED, [("x-amzn-errortype", "UnauthorizedException")], body);
            }
            (StatusCode::OK, [("x-amzn-requestid", "1")], "taken")
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let origin = format!("http://{}/", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        origin
    }

    fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

/// A world whose pool's clock is behind, so that its tokens are as good as over, until the clock is put right.
async fn world() -> (World, Clock) {
    let clock = Clock::system();
    clock.shift(-i64::try_from(ALMOST_OVER.as_millis()).unwrap());
    let theirs = clock.clone();
    let day = Duration::from_hours(24);
    let world = World::with(|options| (options.clock, options.session) = (theirs, day)).await;
    (world, clock)
}

/// Puts the pool's clock right, and lets the app learn of it as it learns of any: from the pool's next answer.
async fn put_right(world: &World, clock: &Clock, by: Duration) {
    clock.advance(by);
    world.bench.offered_grants(world.draft()).await.unwrap();
}

async fn pool(world: &World, grant: Grant) -> PoolView {
    world.bench.add_pool(PoolDraft { grant, ..world.draft() }).await.unwrap()
}

fn guarded(url: &str) -> Request {
    Request { auth: Auth { token: token(), api_key: ApiKeyAuth::None }, ..plain(url.to_owned()) }
}

fn as_of(identity: &str) -> RequestContext {
    RequestContext { identity: Some(identity.to_owned()), ..RequestContext::default() }
}

/// Ada, signed in with a token that has ended since, and an API that she calls.
struct Setting {
    world: World,
    api: Api,
    url: String,
    ada: String,
    old: String,
}

impl Setting {
    async fn with(grant: Grant) -> Self {
        let (world, clock) = world().await;
        let api = Api::default();
        let url = api.start().await;
        let ada = world.signed_in(&pool(&world, grant).await, seed::ADA).await;
        let old = world.id_token(&ada).await;
        put_right(&world, &clock, ALMOST_OVER).await;
        Self { world, api, url, ada, old }
    }

    /// The same, with the session over too, so that only Ada herself can go on.
    async fn without_a_session() -> Self {
        let setting = Self::with(Grant::Implicit).await;
        setting.world.desktop.forget_cookies(&setting.world.jar(&setting.ada));
        setting
    }

    fn send(&self, send: u32) -> JoinHandle<Result<SendEnd, Failure>> {
        let (bench, context, request) = (self.world.bench.clone(), as_of(&self.ada), guarded(&self.url));
        tokio::spawn(async move { bench.send(send, context, request).await })
    }

    /// Waits until each of these sends has asked for a sign-in.
    async fn asked(&self, sends: &[u32]) {
        let asks = |wanted: u32| move |change: &Change| matches!(change, Change::SendWaits { sign_in: true, send, .. } if *send == wanted);
        let all = |happened: &Happened| sends.iter().all(|send| happened.changes.iter().any(asks(*send)));
        self.world.desktop.until(all).await;
    }
}

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
    assert_eq!((happened.opened.len(), happened.shown.len()), (windows, 0));
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
async fn when_the_session_is_over_the_user_is_asked_once_and_what_waited_goes_on() {
    let setting = Setting::without_a_session().await;
    let sends: Vec<_> = (1..=3).map(|send| setting.send(send)).collect();
    setting.asked(&[1, 2, 3]).await;
    let Setting { world, api, ada, .. } = &setting;
    assert!(matches!(world.state(ada).await, SignInState::SignedIn { over: true, .. }));
    assert!(world.desktop.so_far().shown.is_empty(), "nobody is shown a window that they did not ask for");
    assert!(api.seen().is_empty());

    assert_eq!(world.bench.renew(ada.clone()).await.unwrap(), SignInEnd::SignedIn);
    for send in sends {
        assert!(matches!(send.await.unwrap().unwrap(), SendEnd::Answered { .. }));
    }
    let new = world.id_token(ada).await;
    assert_eq!(api.seen(), [new.clone(), new.clone(), new]);
    assert!(matches!(world.state(ada).await, SignInState::SignedIn { over: false, .. }));
}

#[tokio::test]
async fn who_does_not_sign_in_has_sent_nothing_and_a_cancelled_send_waits_for_nobody() {
    let setting = Setting::without_a_session().await;
    let (given_up, refused) = (setting.send(1), setting.send(2));
    setting.asked(&[1, 2]).await;
    let Setting { world, api, ada, .. } = setting;
    world.bench.cancel_send(1).await.unwrap();
    assert_eq!(given_up.await.unwrap().unwrap(), SendEnd::Cancelled);

    world.seat(&ada, Person::Closes);
    assert_eq!(world.bench.renew(ada).await.unwrap(), SignInEnd::Cancelled);
    assert_eq!(refused.await.unwrap().unwrap_err().code, Code::SessionOver);
    assert!(api.seen().is_empty());
}

#[tokio::test]
async fn what_waits_is_not_given_up_where_a_provider_refuses_the_window() {
    let setting = Setting::without_a_session().await;
    let send = setting.send(1);
    setting.asked(&[1]).await;
    let Setting { world, ada, .. } = &setting;
    world.goes_to_provider(ada).await;
    assert_eq!(world.bench.renew(ada.clone()).await.unwrap_err().code, Code::ProviderRefusesWindow);

    world.bench.update_identity(ada.clone(), IdentityEdit::default()).await.unwrap();
    assert_eq!(world.bench.renew(ada.clone()).await.unwrap(), SignInEnd::SignedIn);
    assert!(matches!(send.await.unwrap().unwrap(), SendEnd::Answered { .. }));
}

#[tokio::test]
async fn a_send_does_not_close_the_window_in_which_its_user_is_signing_in() {
    let setting = Setting::without_a_session().await;
    setting.world.seat(&setting.ada, Person::Waits);
    let (bench, who) = (setting.world.bench.clone(), setting.ada.clone());
    let renewal = tokio::spawn(async move { bench.renew(who).await });
    setting.world.desktop.until(|happened| happened.shown.len() == 1).await;
    let send = setting.send(1);
    setting.asked(&[1]).await;
    let windows = |happened: &Happened| (happened.opened.len(), happened.closed.len());
    assert_eq!(windows(&setting.world.desktop.so_far()), (2, 1), "the first sign-in's, and the one that is open");

    setting.world.bench.cancel_sign_in(setting.ada.clone()).await.unwrap();
    assert_eq!(renewal.await.unwrap().unwrap(), SignInEnd::Cancelled);
    assert_eq!(send.await.unwrap().unwrap_err().code, Code::SessionOver);
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
    let api = Api { slow: true, ..Api::default() };
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

#[rstest]
#[case::signed_out(false)]
#[case::removed(true)]
#[tokio::test]
async fn what_waited_for_somebody_who_is_gone_ends(#[case] removed: bool) {
    let setting = Setting::without_a_session().await;
    let send = setting.send(1);
    setting.asked(&[1]).await;
    let Setting { world, api, ada, .. } = setting;
    if removed {
        world.bench.remove_identity(ada).await.unwrap();
    } else {
        world.bench.sign_out(ada).await.unwrap();
    }
    assert_eq!(send.await.unwrap().unwrap_err().code, Code::SessionOver);
    assert!(api.seen().is_empty());
}

#[tokio::test]
async fn another_user_who_signs_in_at_the_renewal_sends_nothing() {
    let setting = Setting::without_a_session().await;
    let send = setting.send(1);
    setting.asked(&[1]).await;
    setting.world.seat(&setting.ada, Person::knows(seed::GRACE));
    let refusal = setting.world.bench.renew(setting.ada).await.unwrap_err();
    assert_eq!(refusal.code, Code::TokenRefused);
    assert_eq!(send.await.unwrap().unwrap_err().code, Code::SessionOver);
    assert!(setting.api.seen().is_empty());
}

#[tokio::test]
async fn what_waited_for_one_user_does_not_go_out_as_another_who_signs_in_meanwhile() {
    let setting = Setting::without_a_session().await;
    let send = setting.send(1);
    setting.asked(&[1]).await;
    setting.world.seat(&setting.ada, Person::knows(seed::GRACE));
    assert_eq!(setting.world.bench.sign_in(setting.ada.clone()).await.unwrap(), SignInEnd::SignedIn);
    assert_eq!(setting.world.session(&setting.ada).await.username, "grace");
    let failure = send.await.unwrap().unwrap_err();
    assert_eq!(
        (failure.code, failure.message),
        (Code::SessionOver, "Not sent: the session of ada is over.".to_owned())
    );
    assert_eq!(setting.world.view(&setting.ada).await.name, "grace");
    assert!(setting.api.seen().is_empty());
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
    let renewals = |happened: &Happened| {
        let renews = |change: &&Change| matches!(change, Change::Identity { identity } if matches!(identity.state, SignInState::SignedIn { renewing: true, .. }));
        happened.changes.iter().filter(renews).count()
    };
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
