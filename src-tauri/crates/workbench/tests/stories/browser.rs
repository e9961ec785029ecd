//! The web view of a sign-in window: it follows redirects, keeps cookies in its jar, and posts forms.

use std::collections::BTreeMap;
use std::sync::LazyLock;

use url::{Url, form_urlencoded};

pub type Jar = BTreeMap<String, String>;

/// How a window of WebKitGTK names itself.
pub const WEB_VIEW: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/605.1.15";
/// How the system's browser does.
pub const CHROMIUM: &str =
    "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";

/// What a window loads next.
pub struct Load {
    pub url: Url,
    pub form: Option<String>,
    /// The origin of the page whose script sends it.
    pub origin: Option<String>,
}

impl Load {
    pub fn page(url: Url) -> Self {
        Self { url, form: None, origin: None }
    }
}

/// What came.
pub enum Loaded {
    Redirect(Url),
    Page(Page),
}

/// A page that is shown.
pub struct Page {
    url: Url,
    html: String,
}

/// Loads, with the jar's cookies; nothing where the host does not answer.
pub async fn load(load: &Load, jar: &mut Jar, user_agent: &str) -> Option<Loaded> {
    let cookies: Vec<String> = jar.iter().map(|(name, value)| format!("{name}={value}")).collect();
    let request = match &load.form {
        None => client().get(load.url.clone()),
        Some(form) => {
            let typed = client().post(load.url.clone()).header("content-type", "application/x-www-form-urlencoded");
            typed.body(form.clone())
        }
    };
    let request = match &load.origin {
        Some(origin) => request.header("origin", origin),
        None => request,
    };
    let response = request.header("user-agent", user_agent).header("cookie", cookies.join("; ")).send().await.ok()?;
    for cookie in response.headers().get_all("set-cookie") {
        let cookie = cookie.to_str().unwrap();
        let (name, value) = cookie.split(';').next().unwrap().split_once('=').unwrap();
        if cookie.contains("Max-Age=0") {
            jar.remove(name);
        } else {
            jar.insert(name.to_owned(), value.to_owned());
        }
    }
    match response.headers().get("location") {
        Some(target) => Some(Loaded::Redirect(load.url.join(target.to_str().unwrap()).unwrap())),
        None => Some(Loaded::Page(Page { url: load.url.clone(), html: response.text().await.unwrap() })),
    }
}

impl Page {
    pub fn has_form(&self, name: &str) -> bool {
        self.html.contains(&format!("<form name=\"{name}\""))
    }

    /// Fills the page's form in and posts it, its hidden fields with it.
    pub fn post(&self, typed: &[(&str, &str)]) -> Load {
        let action = self.between("action=\"", "\"").replace("&amp;", "&");
        let mut fields = form_urlencoded::Serializer::new(String::new());
        for hidden in ["_csrf", "cognitoAsfData", "session"] {
            let marker = format!("type=\"hidden\" name=\"{hidden}\" value=\"");
            if self.html.contains(&marker) {
                fields.append_pair(hidden, self.between(&marker, "\""));
            }
        }
        fields.extend_pairs(typed);
        Load { url: self.url.join(&action).unwrap(), form: Some(fields.finish()), origin: None }
    }

    /// What the page shows or says, as it came.
    pub fn text(&self) -> &str {
        &self.html
    }

    /// What the script of the callback's page posts: the fragment that only the browser has.
    pub fn script_post(&self) -> Option<Load> {
        let fragment = self.url.fragment().filter(|_| self.html.contains("data-outcome=\"waiting\""))?.to_owned();
        let mut url = self.url.clone();
        url.set_fragment(None);
        let origin = Some(url.origin().ascii_serialization());
        Some(Load { url, form: Some(fragment), origin })
    }

    fn between(&self, start: &str, end: &str) -> &str {
        let from = self.html.find(start).expect("the page has what is looked for") + start.len();
        self.html[from..].split(end).next().unwrap()
    }
}

/// It keeps no connection, since each would belong to the runtime of its test.
fn client() -> &'static reqwest::Client {
    static CLIENT: LazyLock<reqwest::Client> = LazyLock::new(|| {
        let builder = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
        builder.no_proxy().pool_max_idle_per_host(0).build().unwrap()
    });
    &CLIENT
}
