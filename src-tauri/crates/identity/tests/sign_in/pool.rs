//! A user pool on this machine: its keys and its token endpoint behind a real server, and tokens as Cognito makes them.

pub mod hostile;
mod minting;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use axum::Router;
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::response::IntoResponse;
use gatepass_identity::{Attempt, AuthorizationCode, CallbackTokens, Grant, Granted, Navigation, PoolFacts, UserPool};
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use url::Url;

pub use minting::{Draft, Minting, Seal, jwk, kid, modulus};

pub const CLIENT: &str = "1example23456789abcdefghij";
pub const POOL_ID: &str = "us-east-1_TestPool1";
pub const SUBJECT: &str = "a1b2c3d4-0000-4000-8000-00000000ada0";
/// Where the token endpoint is.
pub const TOKEN: &str = "/oauth2/token";

/// The moment at which the tests take place.
pub fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_900_000_000)
}

pub fn unix(time: SystemTime) -> i64 {
    i64::try_from(time.duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

/// What the pool answers.
#[derive(Clone)]
pub struct Reply {
    pub status: u16,
    pub content_type: &'static str,
    pub body: Vec<u8>,
    pub location: Option<String>,
    pub date: SystemTime,
}

impl Reply {
    pub fn keys(keys: &[Value]) -> Self {
        Self {
            status: 200,
            content_type: "application/json",
            body: json!({ "keys": keys }).to_string().into_bytes(),
            location: None,
            date: now(),
        }
    }

    pub fn json(status: u16, body: &Value) -> Self {
        Self { status, body: body.to_string().into_bytes(), ..Self::keys(&[]) }
    }
}

/// What the pool was asked.
#[derive(Clone)]
pub struct Asked {
    pub path: String,
    pub authorization: Option<String>,
    pub agent: Option<String>,
    pub form: HashMap<String, String>,
}

/// A running pool; it is gone when it is dropped.
pub struct TestPool {
    pub domain: String,
    reply: Arc<Mutex<Reply>>,
    replies: Arc<Mutex<HashMap<String, Reply>>>,
    asked: Arc<Mutex<Vec<Asked>>>,
    server: JoinHandle<()>,
}

impl Drop for TestPool {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl TestPool {
    pub async fn start() -> Self {
        let reply = Arc::new(Mutex::new(Reply::keys(&[jwk(0), jwk(1)])));
        let (replies, asked) = (Arc::new(Mutex::new(HashMap::new())), Arc::new(Mutex::new(Vec::new())));
        let (usual, special, log) = (reply.clone(), replies.clone(), asked.clone());
        let router = Router::new().fallback(move |uri: Uri, headers: HeaderMap, body: String| {
            let header = |name| headers.get(name).map(|value| value.to_str().unwrap().to_owned());
            let (authorization, agent) = (header(header::AUTHORIZATION), header(header::USER_AGENT));
            let form = url::form_urlencoded::parse(body.as_bytes()).into_owned().collect();
            log.lock().unwrap().push(Asked { path: uri.path().to_owned(), authorization, agent, form });
            let special: Option<Reply> = special.lock().unwrap().get(uri.path()).cloned();
            let reply = special.unwrap_or_else(|| usual.lock().unwrap().clone());
            async move { respond(reply) }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let domain = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { domain, reply, replies, asked, server }
    }

    pub fn issuer(&self) -> String {
        format!("{}/{POOL_ID}", self.domain)
    }

    pub fn answers(&self, reply: Reply) {
        *self.reply.lock().unwrap() = reply;
    }

    /// Answers at one path in another way than elsewhere.
    pub fn answers_at(&self, path: &str, reply: Reply) {
        self.replies.lock().unwrap().insert(path.to_owned(), reply);
    }

    /// Answers at the token endpoint with this pair of tokens, and what else is in the answer.
    pub fn gives(&self, tokens: (String, String), rest: &Value) {
        self.gives_at(now(), tokens, rest);
    }

    /// The same, by a clock of its own.
    pub fn gives_at(&self, date: SystemTime, (id, access): (String, String), rest: &Value) {
        let mut answer = json!({"access_token": access, "expires_in": 3600, "token_type": "Bearer"});
        if !id.is_empty() {
            answer["id_token"] = json!(id);
        }
        answer.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        self.answers_at(TOKEN, Reply { date, ..Reply::json(200, &answer) });
    }

    /// How often the keys were fetched.
    pub fn fetches(&self) -> usize {
        self.asked.lock().unwrap().iter().filter(|asked| asked.path.ends_with("/.well-known/jwks.json")).count()
    }

    /// What was asked at one path, in the order in which it came.
    pub fn asked_at(&self, path: &str) -> Vec<Asked> {
        self.asked.lock().unwrap().iter().filter(|asked| asked.path == path).cloned().collect()
    }

    pub fn facts(&self) -> PoolFacts {
        PoolFacts {
            domain: self.domain.clone(),
            client_id: CLIENT.into(),
            region: Some("us-east-1".into()),
            pool_id: Some(POOL_ID.into()),
            issuer: Some(self.issuer()),
            callback: "https://example.com/".into(),
            scopes: vec!["openid".into(), "email".into()],
            ..PoolFacts::default()
        }
    }

    pub fn pool(&self) -> UserPool {
        UserPool::new(&self.facts()).unwrap()
    }

    /// The pool, asked by another grant; a machine asks for a scope of its own.
    pub fn pool_by(&self, grant: Grant) -> UserPool {
        let scopes = if grant == Grant::ClientCredentials { "shop/read" } else { "openid email" };
        UserPool::new(&PoolFacts { grant, scopes: vec![scopes.into()], ..self.facts() }).unwrap()
    }

    /// The tokens of a true sign-in, to be spoilt.
    pub fn tokens(&self, attempt: &Attempt, now: SystemTime) -> Minting {
        let (issuer, now) = (self.issuer(), unix(now));
        let access = json!({
            "sub": SUBJECT, "token_use": "access", "scope": "openid email", "auth_time": now, "iss": issuer,
            "exp": now + 3600, "iat": now, "version": 2, "jti": "5c1b", "client_id": CLIENT, "username": "ada"
        });
        let id = json!({
            "at_hash": "", "sub": SUBJECT, "email_verified": true, "iss": issuer, "cognito:username": "ada",
            "nonce": nonce(attempt), "cognito:groups": ["buyers", "beta"], "aud": CLIENT, "token_use": "id",
            "auth_time": now, "exp": now + 3600, "iat": now, "jti": "77e0", "email": "ada@example.com"
        });
        Minting {
            id: Draft { header: json!({"kid": kid(0), "alg": "RS256"}), claims: id, seal: Seal::Key(0) },
            access: Draft { header: json!({"kid": kid(1), "alg": "RS256"}), claims: access, seal: Seal::Key(1) },
            tied: true,
            after: |_, _| {},
        }
    }
}

fn respond(reply: Reply) -> impl IntoResponse {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(reply.content_type));
    headers.insert(header::DATE, httpdate::fmt_http_date(reply.date).parse().unwrap());
    if let Some(location) = reply.location {
        headers.insert(header::LOCATION, location.parse().unwrap());
    }
    (StatusCode::from_u16(reply.status).unwrap(), headers, reply.body)
}

/// A parameter of the attempt's authorize address.
pub fn sent(attempt: &Attempt, name: &str) -> String {
    attempt.authorize_url().query_pairs().find(|(key, _)| key == name).unwrap().1.into_owned()
}

pub fn nonce(attempt: &Attempt) -> String {
    sent(attempt, "nonce")
}

pub fn state(attempt: &Attempt) -> String {
    sent(attempt, "state")
}

/// Tells whether an attempt still waits for its answer: only then may its window open other pages.
pub fn is_pending(attempt: &mut Attempt, now: SystemTime) -> bool {
    let page = Url::parse("https://idp.example.org/login").unwrap();
    matches!(attempt.navigation(&page, now), Navigation::Allow)
}

/// Sends the pair through the redirect, as the user pool does.
pub fn redirected(attempt: &mut Attempt, (id, access): (String, String)) -> CallbackTokens {
    let mut url = Url::parse("https://example.com/").unwrap();
    let state = state(attempt);
    let mut fragment = url::form_urlencoded::Serializer::new(String::new());
    for (name, value) in [("id_token", &id), ("access_token", &access), ("state", &state)] {
        if !value.is_empty() {
            fragment.append_pair(name, value);
        }
    }
    url.set_fragment(Some(&fragment.finish()));
    match attempt.navigation(&url, now()) {
        Navigation::Callback(Ok(Granted::Tokens(tokens))) => tokens,
        other => panic!("{other:?}"),
    }
}

/// Sends a code through the redirect, as the user pool does.
pub fn redirected_with_code(attempt: &mut Attempt, code: &str) -> AuthorizationCode {
    let mut url = Url::parse("https://example.com/").unwrap();
    url.query_pairs_mut().append_pair("code", code).append_pair("state", &state(attempt));
    match attempt.navigation(&url, now()) {
        Navigation::Callback(Ok(Granted::Code(code))) => code,
        other => panic!("{other:?}"),
    }
}

/// Everything that an error shows or could show, to search it for secrets.
pub fn words_of(error: &dyn std::error::Error) -> String {
    let mut words = format!("{error:?} {error}");
    let mut cause = error.source();
    while let Some(error) = cause {
        words = format!("{words} {error:?} {error}");
        cause = error.source();
    }
    words
}
