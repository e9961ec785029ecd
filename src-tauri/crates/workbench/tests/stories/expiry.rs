//! Tokens that end while their user works, and an API that takes note.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use gatepass_sandbox::{Clock, seed};
use gatepass_workbench::failure::Failure;
use gatepass_workbench::model::{ApiKeyAuth, Auth, Request};
use gatepass_workbench::views::{Change, Grant, PoolDraft, PoolView, RequestContext, SendEnd, SignInState};
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::desktop::Happened;
use crate::world::{World, plain, token};

/// What is left of a token's hour, in the pool's own view, when its user has just signed in.
pub const ALMOST_OVER: Duration = Duration::from_secs(3_599);

/// An API that notes the tokens it is sent, and calls the ones that it was told of expired.
#[derive(Clone, Default)]
pub struct Api {
    seen: Arc<Mutex<Vec<String>>>,
    pub expired: Arc<Mutex<BTreeSet<String>>>,
    /// Whether it answers only when it is told to.
    slow: bool,
    pub arrived: Arc<Notify>,
    pub go_on: Arc<Notify>,
}

impl Api {
    /// One that answers only when it is told to.
    pub fn slow() -> Self {
        Self { slow: true, ..Self::default() }
    }

    pub async fn start(&self) -> String {
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

    pub fn seen(&self) -> Vec<String> {
        self.seen.lock().unwrap().clone()
    }
}

/// A world whose pool's clock is behind, so that its tokens are as good as over, until the clock is put right.
pub async fn world() -> (World, Clock) {
    let clock = Clock::system();
    clock.shift(-i64::try_from(ALMOST_OVER.as_millis()).unwrap());
    let theirs = clock.clone();
    let day = Duration::from_hours(24);
    let world = World::with(|options| (options.clock, options.session) = (theirs, day)).await;
    (world, clock)
}

/// Puts the pool's clock right, and lets the app learn of it as it learns of any: from the pool's next answer.
pub async fn put_right(world: &World, clock: &Clock, by: Duration) {
    clock.advance(by);
    world.bench.offered_grants(world.draft()).await.unwrap();
}

pub async fn pool(world: &World, grant: Grant) -> PoolView {
    world.bench.add_pool(PoolDraft { grant, ..world.draft() }).await.unwrap()
}

pub fn guarded(url: &str) -> Request {
    Request { auth: Auth { token: token(), api_key: ApiKeyAuth::None }, ..plain(url.to_owned()) }
}

pub fn as_of(identity: &str) -> RequestContext {
    RequestContext { identity: Some(identity.to_owned()), ..RequestContext::default() }
}

/// What is left of it and a second more.
const LITTLE: Duration = Duration::from_secs(2);

/// Ada, signed in with a token that has ended since, and an API that she calls.
pub struct Setting {
    pub world: World,
    pub api: Api,
    pub url: String,
    pub ada: String,
    pub old: String,
}

impl Setting {
    pub async fn with(grant: Grant) -> Self {
        let (world, clock) = world().await;
        let api = Api::default();
        let url = api.start().await;
        let ada = world.signed_in(&pool(&world, grant).await, seed::ADA).await;
        let old = world.id_token(&ada).await;
        put_right(&world, &clock, ALMOST_OVER + LITTLE).await;
        Self { world, api, url, ada, old }
    }

    /// The same, with the session over too, so that only Ada herself can go on.
    pub async fn without_a_session() -> Self {
        let setting = Self::with(Grant::Implicit).await;
        setting.world.desktop.forget_cookies(&setting.world.jar(&setting.ada));
        setting
    }

    /// The same, with a send that waits for her.
    pub async fn with_a_send_that_waits() -> (Self, JoinHandle<Result<SendEnd, Failure>>) {
        let setting = Self::without_a_session().await;
        let send = setting.send(1);
        setting.asked(&[1]).await;
        (setting, send)
    }

    pub fn send(&self, send: u32) -> JoinHandle<Result<SendEnd, Failure>> {
        let (bench, context, request) = (self.world.bench.clone(), as_of(&self.ada), guarded(&self.url));
        tokio::spawn(async move { bench.send(send, context, request).await })
    }

    /// Waits until each of these sends has asked for a sign-in.
    pub async fn asked(&self, sends: &[u32]) {
        let asks = |wanted: u32| move |change: &Change| matches!(change, Change::SendWaits { sign_in: true, send, .. } if *send == wanted);
        let all = |happened: &Happened| sends.iter().all(|send| happened.changes.iter().any(asks(*send)));
        self.world.desktop.until(all).await;
    }
}

/// How often a renewal or another sign-in was begun for somebody who was signed in.
pub fn renewals(happened: &Happened) -> usize {
    let renews = |change: &&Change| matches!(change, Change::Identity { identity } if matches!(identity.state, SignInState::SignedIn { renewing: true, .. }));
    happened.changes.iter().filter(renews).count()
}
