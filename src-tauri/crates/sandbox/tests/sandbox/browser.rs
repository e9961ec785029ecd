//! A sandbox, and a browser that keeps cookies and follows no redirect.

use std::{
    collections::BTreeMap,
    sync::{LazyLock, Mutex},
    time::Duration,
};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use gatepass_sandbox::{Clock, Options, Sandbox, seed};
use http::{HeaderMap, Method, header};
use serde_json::{Map, Value};
use tokio::sync::OnceCell;
use url::{Url, form_urlencoded};

/// Making keys takes long in a debug build, so all tests share a pair.
static KEYS: OnceCell<String> = OnceCell::const_new();

/// The time at which every test's clock stands, somewhere in a UTC day.
pub const START: Duration = Duration::from_secs(1_790_000_000);

pub struct World {
    pub sandbox: Sandbox,
    pub clock: Clock,
    pub browser: Browser,
}

impl World {
    pub async fn new() -> Self {
        Self::with(|_| ()).await
    }

    pub async fn with(change: impl FnOnce(&mut Options)) -> Self {
        let keys = KEYS
            .get_or_init(|| async {
                let first = Sandbox::start(Options::default()).await.unwrap();
                first.saved_keys().to_owned()
            })
            .await;
        let clock = Clock::standing_at(START);
        let mut options = Options { keys: Some(keys.clone()), clock: clock.clone(), ..Options::default() };
        change(&mut options);
        let sandbox = Sandbox::start(options).await.unwrap();
        let browser = Browser::new(&sandbox.description().pool.domain);
        Self { sandbox, clock, browser }
    }

    /// Signs a user in with the implicit grant at the public client, in a browser of its own.
    pub async fn tokens_of(&self, user: (&str, &str), changes: &[(&str, &str)]) -> Tokens {
        let browser = Browser::new(&self.sandbox.description().pool.domain);
        Tokens::from_fragment(&browser.sign_in(user, changes).await.location())
    }

    pub fn later(&self, seconds: u64) {
        self.clock.advance(Duration::from_secs(seconds));
    }
}

pub struct Browser {
    domain: String,
    cookies: Mutex<BTreeMap<String, String>>,
}

impl Browser {
    pub fn new(domain: &str) -> Self {
        Self { domain: domain.to_owned(), cookies: Mutex::default() }
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, &[], None).await
    }

    pub async fn post(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(Method::POST, path, &[], Some(&encoded(fields))).await
    }

    /// Sends to a path of the login domain, or to a whole address.
    pub async fn send(&self, method: Method, path: &str, headers: &[(&str, &str)], form: Option<&str>) -> Answer {
        let cookies: Vec<String> =
            self.cookies.lock().unwrap().iter().map(|(name, value)| format!("{name}={value}")).collect();
        let address = if path.starts_with('/') { format!("{}{path}", self.domain) } else { path.to_owned() };
        let mut request = client().request(method, address);
        if !cookies.is_empty() {
            request = request.header(header::COOKIE, cookies.join("; "));
        }
        if let Some(form) = form {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded").body(form.to_owned());
        }
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = Answer::read(request.send().await.unwrap()).await;
        for cookie in answer.cookies() {
            let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.lock().unwrap().insert(name.to_owned(), value.to_owned());
        }
        answer
    }

    /// Opens the login page and posts its form.
    pub async fn sign_in(&self, (username, password): (&str, &str), changes: &[(&str, &str)]) -> Answer {
        let query = authorize_query(changes);
        let csrf = self.get(&format!("/login?{query}")).await.hidden("_csrf");
        let fields = [("_csrf", csrf.as_str()), ("username", username), ("password", password)];
        self.post(&format!("/login?{query}"), &fields).await
    }

    pub fn cookie(&self, name: &str) -> Option<String> {
        self.cookies.lock().unwrap().get(name).cloned()
    }
}

pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: String,
}

impl Answer {
    pub async fn read(response: reqwest::Response) -> Self {
        Self {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.text().await.unwrap(),
        }
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn location(&self) -> String {
        self.header("location").to_owned()
    }

    /// Reads a parameter from the location's query.
    pub fn location_parameter(&self, name: &str) -> Option<String> {
        let location = self.location();
        let query = location.split_once('?')?.1.split('#').next()?;
        form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
    }

    pub fn cookies(&self) -> Vec<String> {
        self.headers.get_all(header::SET_COOKIE).iter().map(|cookie| cookie.to_str().unwrap().to_owned()).collect()
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }

    /// Reads a hidden field of the page's form.
    pub fn hidden(&self, name: &str) -> String {
        let marker = format!("type=\"hidden\" name=\"{name}\" value=\"");
        let start = self.body.find(&marker).expect("the page has the hidden field") + marker.len();
        self.body[start..].split('"').next().unwrap().to_owned()
    }

    /// Reads the code that the page shows in place of a mail.
    pub fn sent_code(&self) -> String {
        let marker = "id=\"sentCode\">";
        let start = self.body.find(marker).expect("the page shows a code") + marker.len();
        self.body[start..].split('<').next().unwrap().to_owned()
    }
}

#[derive(Debug)]
pub struct Tokens {
    pub id: String,
    pub access: String,
}

impl Tokens {
    pub fn from_fragment(location: &str) -> Self {
        let url = Url::parse(location).unwrap();
        let fragment: BTreeMap<_, _> =
            form_urlencoded::parse(url.fragment().unwrap_or_default().as_bytes()).into_owned().collect();
        let token = |name: &str| fragment.get(name).cloned().unwrap_or_default();
        Self { id: token("id_token"), access: token("access_token") }
    }
}

/// Lends the one client, which keeps no connection, since each belongs to the runtime of its test.
pub fn client() -> &'static reqwest::Client {
    static CLIENT: LazyLock<reqwest::Client> = LazyLock::new(|| {
        let redirect = reqwest::redirect::Policy::none();
        reqwest::Client::builder().redirect(redirect).no_proxy().pool_max_idle_per_host(0).build().unwrap()
    });
    &CLIENT
}

pub fn encoded(fields: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish()
}

/// Writes the query of a good authorize request with changes; an empty value takes a parameter away.
pub fn authorize_query(changes: &[(&str, &str)]) -> String {
    let mut parameters = vec![
        ("response_type", "token"),
        ("client_id", seed::PUBLIC_CLIENT),
        ("redirect_uri", seed::CALLBACKS[0]),
        ("scope", "openid email profile phone petstore/read"),
        ("state", "the state"),
    ];
    for (name, value) in changes {
        parameters.retain(|(key, _)| key != name);
        parameters.push((name, value));
    }
    parameters.retain(|(_, value)| !value.is_empty());
    encoded(&parameters)
}

pub fn segment(token: &str, at: usize) -> String {
    let part = token.split('.').nth(at).unwrap();
    String::from_utf8(URL_SAFE_NO_PAD.decode(part).unwrap()).unwrap()
}

pub fn claims(token: &str) -> Map<String, Value> {
    serde_json::from_str(&segment(token, 1)).unwrap()
}

pub fn claim_names(token: &str) -> Vec<String> {
    claims(token).keys().cloned().collect()
}
