//! A user's computer: the app's folders, a keychain, a desktop, and a user pool with a gateway to call.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use gatepass_sandbox::{Options, PoolDescription, Sandbox, seed};
use gatepass_vault::{EntryName, Secret, Vault};
use gatepass_workbench::model::{ApiKeyAuth, Auth, Request, TokenAuth, TokenKind};
use gatepass_workbench::views::{
    Answer, Change, IdentityEdit, IdentityView, PoolDraft, PoolView, RequestContext, SendEnd, SessionView, SignInEnd,
    SignInOptions, SignInState,
};
use gatepass_workbench::{Patience, Places, Workbench};
use tokio::sync::OnceCell;

use crate::desktop::{Desktop, Handle, Person};
use crate::keychain::Keychain;

/// Making keys takes long in a debug build, so all tests share a pair.
static KEYS: OnceCell<String> = OnceCell::const_new();

pub struct World {
    pub folder: tempfile::TempDir,
    pub keychain: Arc<Keychain>,
    pub desktop: Arc<Desktop>,
    pub bench: Arc<Workbench>,
    sandbox: Option<Sandbox>,
}

impl World {
    pub async fn new() -> Self {
        Self::with(|_| ()).await
    }

    /// A world whose user pool is set up in another way.
    pub async fn with(change: impl FnOnce(&mut Options)) -> Self {
        let keys = saved_keys().await;
        let mut options = Options { keys: Some(keys.clone()), ..Options::default() };
        change(&mut options);
        let sandbox = Sandbox::start(options).await.unwrap();
        let (folder, keychain) = (tempfile::tempdir().unwrap(), Arc::new(Keychain::default()));
        let vault = Vault::open_on(keychain.clone(), Duration::from_mins(1)).await;
        vault.write(&EntryName::new("sandbox/keys"), &Secret::new(keys)).await.unwrap();
        let desktop = Arc::new(Desktop::default());
        let bench = open(folder.path(), &keychain, &desktop, Patience::default()).await;
        Self { folder, keychain, desktop, bench, sandbox: Some(sandbox) }
    }

    /// Closes the app, with the sandbox in it.
    pub async fn close(&mut self) {
        let empty = self.folder.path().join("elsewhere");
        self.bench = open(&empty, &Arc::default(), &self.desktop, Patience::default()).await;
    }

    /// Closes the app and opens it again; the desktop with its jars, the files and the keychain stay.
    pub async fn restart(&mut self) {
        self.restart_with(Patience::default()).await;
    }

    pub async fn restart_with(&mut self, patience: Patience) {
        self.bench = open(self.folder.path(), &self.keychain, &self.desktop, patience).await;
    }

    fn sandbox(&self) -> &Sandbox {
        self.sandbox.as_ref().expect("the user pool is there")
    }

    /// The user pool and the gateway do not answer any more.
    pub async fn pool_goes(&mut self) {
        self.sandbox.take().expect("the user pool is there").stop().await;
    }

    /// Sets the user pool up by domain, client and callback alone, as a user does.
    pub async fn pool(&self) -> PoolView {
        self.bench.add_pool(self.draft()).await.unwrap()
    }

    /// What the user pool says of itself.
    pub fn sandbox_pool(&self) -> PoolDescription {
        self.sandbox().description().pool.clone()
    }

    pub fn draft(&self) -> PoolDraft {
        PoolDraft {
            name: "Shop".to_owned(),
            domain: self.sandbox().description().pool.domain.clone(),
            client_id: seed::PUBLIC_CLIENT.to_owned(),
            callback: seed::CALLBACKS[0].to_owned(),
            scopes: vec!["openid".to_owned(), "email".to_owned()],
            ..PoolDraft::default()
        }
    }

    /// Adds an identity, with a person in front of its windows.
    pub async fn identity(&self, pool: &PoolView, person: Person) -> String {
        let identity = self.bench.add_identity(pool.id.clone(), String::new()).await.unwrap().id;
        self.seat(&identity, person);
        identity
    }

    pub fn seat(&self, identity: &str, person: Person) {
        self.desktop.seat(self.jar(identity), person);
    }

    pub fn jar(&self, identity: &str) -> PathBuf {
        self.folder.path().join("data/jars").join(identity)
    }

    /// Adds an identity and signs it in.
    pub async fn signed_in(&self, pool: &PoolView, user: (&'static str, &'static str)) -> String {
        let identity = self.identity(pool, Person::knows(user)).await;
        assert_eq!(self.bench.sign_in(identity.clone()).await.unwrap(), SignInEnd::SignedIn);
        identity
    }

    /// Where an identity stands, as the window was told last or would be told now.
    pub async fn state(&self, identity: &str) -> SignInState {
        self.view(identity).await.state
    }

    pub async fn view(&self, identity: &str) -> IdentityView {
        let startup = self.bench.start().await.unwrap();
        startup.identities.into_iter().find(|view| view.id == identity).expect("the identity is there")
    }

    pub async fn session(&self, identity: &str) -> SessionView {
        match self.state(identity).await {
            SignInState::SignedIn { session, .. } => *session,
            other => panic!("signed in was expected, not {other:?}"),
        }
    }

    pub async fn id_token(&self, identity: &str) -> String {
        self.bench.reveal_token(identity.to_owned(), TokenKind::Id).await.unwrap()
    }

    /// Lets an identity sign in at the provider behind the pool.
    pub async fn goes_to_provider(&self, identity: &str) {
        let options = SignInOptions { identity_provider: Some(seed::PROVIDER.to_owned()), ..SignInOptions::default() };
        let edit = IdentityEdit { options, ..IdentityEdit::default() };
        self.bench.update_identity(identity.to_owned(), edit).await.unwrap();
    }

    /// The refresh token of an identity, as it lies in the keychain.
    pub fn refresh_token(&self, identity: &str) -> String {
        let content = self.keychain.content();
        let entry = content.iter().find(|(name, _)| name.contains(identity) && name.ends_with("/tokens"));
        let words = entry.expect("the tokens are kept").1.split(' ');
        let token = words.into_iter().find_map(|word| word.strip_prefix("refresh="));
        token.expect("a refresh token is there").to_owned()
    }

    /// Whether the pool gives tokens for a refresh token.
    pub async fn pool_takes(&self, refresh_token: &str) -> bool {
        self.ask_pool("oauth2/token", &[("grant_type", "refresh_token"), ("refresh_token", refresh_token)]).await
    }

    /// Ends what an identity's refresh token stands for, from elsewhere.
    pub async fn revoke_refresh_token(&self, identity: &str) {
        assert!(self.ask_pool("oauth2/revoke", &[("token", &self.refresh_token(identity))]).await);
    }

    async fn ask_pool(&self, path: &str, fields: &[(&str, &str)]) -> bool {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.append_pair("client_id", seed::PUBLIC_CLIENT).extend_pairs(fields);
        let url = format!("{}/{path}", self.sandbox().description().pool.domain);
        let request = reqwest::Client::builder().no_proxy().build().unwrap().post(url).body(form.finish());
        let answer = request.header("content-type", "application/x-www-form-urlencoded").send().await.unwrap();
        answer.status().is_success()
    }

    /// Waits until no sign-in or renewal of an identity is under way, and gives its ID token.
    pub async fn until_idle(&self, identity: &str) -> String {
        loop {
            if matches!(self.state(identity).await, SignInState::SignedIn { renewing: false, .. }) {
                return self.id_token(identity).await;
            }
            tokio::task::yield_now().await;
        }
    }

    /// The gateway's URL for a path of the PetStore.
    pub fn api(&self, path: &str) -> String {
        format!("{}{path}", self.sandbox().description().gateway.invoke_url)
    }

    /// The URL of a route without any check.
    pub fn open_route(&self, path: &str) -> String {
        format!("{}{path}", self.sandbox().gateway_origin())
    }

    /// Sends a request that belongs to no collection, with the identity of the title bar.
    pub async fn send(&self, identity: Option<&str>, request: Request) -> Answer {
        let context = RequestContext { identity: identity.map(str::to_owned), ..RequestContext::default() };
        self.send_in(context, request).await
    }

    pub async fn send_in(&self, context: RequestContext, request: Request) -> Answer {
        match self.bench.send(1, context, request).await.unwrap() {
            SendEnd::Answered { answer } => *answer,
            SendEnd::Cancelled => panic!("the send was cancelled"),
        }
    }

    /// Stores the gateway's key for requests that were never saved.
    pub async fn store_key(&self) {
        let set = self.bench.set_secret(String::new(), None, "apiKey".to_owned(), seed::KEY.to_owned());
        set.await.unwrap();
    }

    /// The files below the app's folders in which any of the texts stands.
    pub fn files_with(&self, texts: &[&str]) -> Vec<PathBuf> {
        let mut found = Vec::new();
        visit(self.folder.path(), &mut |path, bytes| {
            let holds = |text: &&str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
            if texts.iter().any(holds) {
                found.push(path.to_owned());
            }
        });
        found
    }

    /// How often the window was told of a change of this kind.
    pub fn told(&self, is: impl Fn(&Change) -> bool) -> usize {
        self.desktop.so_far().changes.iter().filter(|change| is(change)).count()
    }
}

/// A request with the token of the identity chosen in the title bar and the key.
pub fn guarded(url: String) -> Request {
    Request { method: "GET".to_owned(), url, auth: Auth { token: token(), api_key: key() }, ..Request::default() }
}

pub fn plain(url: String) -> Request {
    let auth = Auth { token: TokenAuth::None, api_key: ApiKeyAuth::None };
    Request { method: "GET".to_owned(), url, auth, ..Request::default() }
}

pub fn token() -> TokenAuth {
    TokenAuth::Send { identity: None, token: TokenKind::Id, header: "dev-auth-token".to_owned(), prefix: String::new() }
}

pub fn key() -> ApiKeyAuth {
    ApiKeyAuth::Send { header: "x-api-key".to_owned(), variable: "apiKey".to_owned() }
}

pub fn status(answer: &Answer) -> u16 {
    answer.exchange.hops.last().unwrap().status
}

pub async fn saved_keys() -> String {
    let made = KEYS.get_or_init(|| async {
        let first = Sandbox::start(Options::default()).await.unwrap();
        first.saved_keys().to_owned()
    });
    made.await.clone()
}

async fn open(folder: &Path, keychain: &Arc<Keychain>, desktop: &Arc<Desktop>, patience: Patience) -> Arc<Workbench> {
    let places = Places { data: folder.join("data"), cache: folder.join("cache"), documents: folder.join("documents") };
    let vault = Vault::open_on(keychain.clone(), Duration::from_mins(1)).await;
    let bench = Arc::new(Workbench::open_with(places, Arc::new(Handle(desktop.clone())), vault, patience).unwrap());
    desktop.report_to(&bench);
    // The app's own start: what comes later than the first paint is waited for.
    bench.start().await.unwrap();
    bench.open_sessions().await;
    bench
}

fn visit(folder: &Path, see: &mut impl FnMut(&Path, &[u8])) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            visit(&path, see);
        } else if let Ok(bytes) = fs::read(&path) {
            see(&path, &bytes);
        }
    }
}
