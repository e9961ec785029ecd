//! A user pool on this machine: its keys behind a real server, and tokens as Cognito makes them.

use std::sync::{Arc, LazyLock, Mutex};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_SHA256};
use aws_lc_rs::{digest, hmac};
use axum::Router;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::IntoResponse;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use gatepass_identity::{Attempt, CallbackTokens, Granted, Navigation, PoolFacts, UserPool};
use serde_json::{Value, json};
use tokio::task::JoinHandle;
use url::Url;

pub const CLIENT: &str = "1example23456789abcdefghij";
pub const POOL_ID: &str = "us-east-1_TestPool1";
pub const SUBJECT: &str = "a1b2c3d4-0000-4000-8000-00000000ada0";

/// Two keys of the pool and one of nobody's.
static KEYS: LazyLock<Vec<KeyPair>> =
    LazyLock::new(|| (0..3).map(|_| KeyPair::generate(KeySize::Rsa2048).unwrap()).collect());

/// The moment at which the tests take place.
pub fn now() -> SystemTime {
    UNIX_EPOCH + Duration::from_secs(1_900_000_000)
}

pub fn unix(time: SystemTime) -> i64 {
    i64::try_from(time.duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

/// A key id as Cognito writes them: 44 characters of base64.
pub fn kid(key: usize) -> String {
    STANDARD.encode(digest::digest(&digest::SHA256, &[u8::try_from(key).unwrap()]))
}

pub fn modulus(key: usize) -> String {
    let public = KEYS[key].public_key();
    URL_SAFE_NO_PAD.encode(public.modulus().big_endian_without_leading_zero())
}

pub fn jwk(key: usize) -> Value {
    json!({"alg": "RS256", "e": "AQAB", "kid": kid(key), "kty": "RSA", "n": modulus(key), "use": "sig"})
}

/// What the issuer answers when it is asked for its keys.
#[derive(Clone)]
pub struct Reply {
    pub status: u16,
    pub content_type: &'static str,
    pub body: String,
    pub location: Option<String>,
    pub date: SystemTime,
}

impl Reply {
    pub fn keys(keys: &[Value]) -> Self {
        Self {
            status: 200,
            content_type: "application/json",
            body: json!({ "keys": keys }).to_string(),
            location: None,
            date: now(),
        }
    }
}

/// A running pool; it is gone when it is dropped.
pub struct TestPool {
    pub domain: String,
    pub reply: Arc<Mutex<Reply>>,
    asked: Arc<Mutex<Vec<String>>>,
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
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (answer, log) = (reply.clone(), asked.clone());
        let router = Router::new().fallback(move |uri: axum::http::Uri| {
            log.lock().unwrap().push(uri.path().to_owned());
            let reply = answer.lock().unwrap().clone();
            async move { respond(reply) }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let domain = format!("http://{}", listener.local_addr().unwrap());
        let server = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self { domain, reply, asked, server }
    }

    pub fn issuer(&self) -> String {
        format!("{}/{POOL_ID}", self.domain)
    }

    pub fn answers(&self, reply: Reply) {
        *self.reply.lock().unwrap() = reply;
    }

    /// How often the keys were fetched.
    pub fn fetches(&self) -> usize {
        self.asked.lock().unwrap().iter().filter(|path| path.ends_with("/.well-known/jwks.json")).count()
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

/// A pair of tokens before it is signed.
pub struct Minting {
    pub id: Draft,
    pub access: Draft,
    /// Whether `at_hash` is made to fit the access token.
    pub tied: bool,
    /// What is done to the finished texts, of the ID token and the access token.
    pub after: fn(&mut String, &mut String),
}

pub struct Draft {
    pub header: Value,
    pub claims: Value,
    pub seal: Seal,
}

pub enum Seal {
    Key(usize),
    /// No signature at all.
    Open,
    /// An HMAC whose secret is the public key.
    PublicKeyAsSecret(usize),
}

impl Draft {
    fn finish(&self) -> String {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string().replace('/', "\\/"));
        let message = format!("{}.{}", part(&self.header), part(&self.claims));
        let signature = match self.seal {
            Seal::Key(key) => {
                let mut signature = vec![0; KEYS[key].public_modulus_len()];
                KEYS[key].sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), message.as_bytes(), &mut signature).unwrap();
                signature
            }
            Seal::Open => Vec::new(),
            Seal::PublicKeyAsSecret(key) => {
                let secret = hmac::Key::new(hmac::HMAC_SHA256, KEYS[key].public_key().as_ref());
                hmac::sign(&secret, message.as_bytes()).as_ref().to_vec()
            }
        };
        format!("{message}.{}", URL_SAFE_NO_PAD.encode(signature))
    }
}

impl Minting {
    /// Signs both tokens: the ID token and the access token.
    pub fn finish(mut self) -> (String, String) {
        let mut access = self.access.finish();
        if self.tied && self.id.claims.is_object() {
            let digest = digest::digest(&digest::SHA256, access.as_bytes());
            self.id.claims["at_hash"] = json!(URL_SAFE_NO_PAD.encode(&digest.as_ref()[..16]));
        }
        let mut id = self.id.finish();
        (self.after)(&mut id, &mut access);
        (id, access)
    }
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
