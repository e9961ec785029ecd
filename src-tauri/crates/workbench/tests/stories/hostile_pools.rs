//! Token endpoints that lie: nothing of what they say is kept, and what was there before stays.

use std::convert::Infallible;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, LOCATION};
use axum::http::{HeaderMap, StatusCode};
use axum::response::IntoResponse;
use futures_util::stream;
use gatepass_sandbox::seed;
use gatepass_workbench::failure::Code;
use gatepass_workbench::views::{Endpoints, Grant, PoolDraft, PoolView, SignInState};
use rstest::rstest;
use tokio::net::TcpListener;

use crate::desktop::Person;
use crate::world::World;

/// How a token endpoint lies.
#[derive(Debug, Clone, Copy)]
enum Lie {
    Html,
    HalfAJson,
    Endless,
    InCircles,
    ForgedTokens,
}

/// A token endpoint that hands every question on to the pool's own, until it lies.
#[derive(Clone, Default)]
struct TokenEndpoint {
    lie: Arc<Mutex<Option<Lie>>>,
}

impl TokenEndpoint {
    async fn before(&self, world: &World) -> String {
        let (true_one, lie) = (format!("{}/oauth2/token", world.sandbox_pool().domain), self.lie.clone());
        let router = Router::new().fallback(async move |headers: HeaderMap, body: String| {
            let lie = *lie.lock().unwrap();
            if let Some(lie) = lie {
                return lie.answer().into_response();
            }
            let form = headers[CONTENT_TYPE].clone();
            let asked = reqwest::Client::new().post(&true_one).header(CONTENT_TYPE, form).body(body);
            let answer = asked.send().await.unwrap();
            let (status, content_type) = (answer.status(), answer.headers()[CONTENT_TYPE].clone());
            (status, [(CONTENT_TYPE, content_type)], answer.text().await.unwrap()).into_response()
        });
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/token", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    }

    fn lies(&self, lie: Lie) {
        *self.lie.lock().unwrap() = Some(lie);
    }
}

impl Lie {
    fn answer(self) -> impl IntoResponse {
        let blanks = || Body::from_stream(stream::repeat_with(|| Ok::<_, Infallible>(vec![b' '; 64 * 1024])));
        let json = "application/json";
        match self {
            Self::Html => (StatusCode::OK, [(CONTENT_TYPE, "text/html")], "<h1>Welcome to our network</h1>".into()),
            Self::HalfAJson => (StatusCode::OK, [(CONTENT_TYPE, json)], r#"{"access_token":"eyJhbGci"#.into()),
            Self::Endless => (StatusCode::OK, [(CONTENT_TYPE, json)], blanks()),
            Self::InCircles => (StatusCode::TEMPORARY_REDIRECT, [(LOCATION, "/token")], Body::empty()),
            Self::ForgedTokens => {
                let forged = r#"{"access_token":"eyJhbGciOiJub25lIn0.e30.","id_token":"eyJhbGciOiJub25lIn0.e30.",
                    "refresh_token":"made-up","token_type":"Bearer","expires_in":3600}"#;
                (StatusCode::OK, [(CONTENT_TYPE, json)], forged.into())
            }
        }
    }
}

async fn pool_with(world: &World, endpoint: &TokenEndpoint) -> PoolView {
    let endpoints = Endpoints { token: Some(endpoint.before(world).await), ..Endpoints::default() };
    let draft = PoolDraft { grant: Grant::Code, endpoints, ..world.draft() };
    world.bench.add_pool(draft).await.unwrap()
}

#[rstest]
#[tokio::test]
async fn what_a_token_endpoint_makes_up_is_kept_nowhere(
    #[values(Lie::Html, Lie::HalfAJson, Lie::Endless, Lie::InCircles, Lie::ForgedTokens)] lie: Lie,
) {
    let (world, endpoint) = (World::new().await, TokenEndpoint::default());
    let ada = world.identity(&pool_with(&world, &endpoint).await, Person::knows(seed::ADA)).await;
    endpoint.lies(lie);
    let failure = world.bench.sign_in(ada.clone()).await.unwrap_err();
    assert!(matches!(failure.code, Code::Unreachable | Code::TokenRefused), "{failure:?}");
    assert_eq!(world.state(&ada).await, SignInState::SignedOut);
    assert!(!world.keychain.content().keys().any(|name| name.contains(&ada)));
    assert!(world.files_with(&["made-up", "eyJhbGci"]).is_empty());
    assert_eq!(world.bench.start().await.unwrap().pools[0].issuer, None);
}

#[rstest]
#[tokio::test]
async fn a_token_endpoint_that_begins_to_lie_takes_nothing_away(
    #[values(Lie::Html, Lie::HalfAJson, Lie::Endless, Lie::InCircles, Lie::ForgedTokens)] lie: Lie,
) {
    let (world, endpoint) = (World::new().await, TokenEndpoint::default());
    let ada = world.signed_in(&pool_with(&world, &endpoint).await, seed::ADA).await;
    let (old, refresh) = (world.id_token(&ada).await, world.refresh_token(&ada));
    endpoint.lies(lie);
    let failure = world.bench.renew(ada.clone()).await.unwrap_err();
    assert!(matches!(failure.code, Code::Unreachable | Code::TokenRefused), "{failure:?}");
    assert_eq!((world.id_token(&ada).await, world.refresh_token(&ada)), (old, refresh));
}
