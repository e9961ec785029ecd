//! A desktop without a screen: its windows load the hosted UI over HTTP, and a person sits in front of them.

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, Weak};

use gatepass_workbench::shell::{HostedUiWindow, Shell};
use gatepass_workbench::views::Change;
use gatepass_workbench::{Secret, Workbench};
use tokio::sync::watch;
use url::Url;

use crate::browser::{CHROMIUM, Jar, Load, Loaded, Page, WEB_VIEW, load};

/// What the person does when a page asks for something.
#[derive(Clone, Copy)]
pub enum Person {
    /// Signs in, and chooses the new password where one is asked for.
    SignsIn { username: &'static str, password: &'static str, new_password: &'static str },
    /// Has an account at the identity provider.
    HasAnAccount,
    /// Closes the window.
    Closes,
    /// Looks at it.
    Waits,
}

impl Person {
    pub const fn knows((username, password): (&'static str, &'static str)) -> Self {
        Self::SignsIn { username, password, new_password: "Changed-Password-1" }
    }
}

/// The jar of the system's browser.
pub const BROWSER: &str = "browser";

#[derive(Default)]
pub struct Desktop {
    bench: Mutex<Weak<Workbench>>,
    people: Mutex<HashMap<PathBuf, Person>>,
    jars: Mutex<HashMap<PathBuf, Jar>>,
    windows: Mutex<HashMap<String, OpenWindow>>,
    happened: watch::Sender<Happened>,
    pub meddler: Mutex<Option<fn(&mut Url)>>,
    pub has_no_screen: Mutex<bool>,
}

struct OpenWindow {
    jar: PathBuf,
    visible: watch::Sender<bool>,
}

/// What the desktop was told to do, in order.
#[derive(Default)]
pub struct Happened {
    pub opened: Vec<HostedUiWindow>,
    pub shown: Vec<String>,
    pub closed: Vec<String>,
    pub cleared: Vec<PathBuf>,
    pub asked: Vec<String>,
    pub stopped: Vec<Url>,
    pub changes: Vec<Change>,
    pub copied: Vec<Secret>,
    pub surfed: Vec<Url>,
    pub fronted: usize,
    /// The last page of each round through the browser.
    pub read: Vec<String>,
}

impl Desktop {
    /// Names the workbench that is told of navigations.
    pub fn report_to(&self, bench: &Arc<Workbench>) {
        *self.bench.lock().unwrap() = Arc::downgrade(bench);
    }

    /// Puts a person in front of the windows with this jar.
    pub fn seat(&self, jar: PathBuf, person: Person) {
        self.people.lock().unwrap().insert(jar, person);
    }

    /// What has happened up to now.
    pub fn so_far(&self) -> watch::Ref<'_, Happened> {
        self.happened.borrow()
    }

    /// Waits until it has happened.
    pub async fn until(&self, what: impl FnMut(&Happened) -> bool) {
        self.happened.subscribe().wait_for(what).await.unwrap();
    }

    pub fn jar(&self, jar: &Path) -> Jar {
        self.jars().get(jar).cloned().unwrap_or_default()
    }

    /// Lets the cookies of a jar run out.
    pub fn forget_cookies(&self, jar: &Path) {
        self.jars().remove(jar);
    }

    pub fn put_cookies(&self, jar: &Path, cookies: Jar) {
        self.jars().insert(jar.to_owned(), cookies);
    }

    pub fn bench(&self) -> Arc<Workbench> {
        self.bench.lock().unwrap().upgrade().expect("the app runs")
    }

    fn jars(&self) -> MutexGuard<'_, HashMap<PathBuf, Jar>> {
        self.jars.lock().unwrap()
    }

    fn note(&self, note: impl FnOnce(&mut Happened)) {
        self.happened.send_modify(note);
    }

    fn is_open(&self, label: &str) -> bool {
        self.windows.lock().unwrap().contains_key(label)
    }
}

/// The desktop as the workbench has it.
pub struct Handle(pub Arc<Desktop>);

impl Shell for Handle {
    fn open(&self, window: HostedUiWindow) -> Result<(), String> {
        if *self.0.has_no_screen.lock().unwrap() {
            return Err("there is no display".to_owned());
        }
        let visible = watch::Sender::new(window.visible);
        let opened = OpenWindow { jar: window.jar.clone(), visible };
        self.0.windows.lock().unwrap().insert(window.label.clone(), opened);
        self.0.note(|happened| happened.opened.push(window.clone()));
        tokio::spawn(browse(self.0.clone(), window));
        Ok(())
    }

    fn show(&self, label: &str) {
        if let Some(window) = self.0.windows.lock().unwrap().get(label) {
            window.visible.send_replace(true);
        }
        self.0.note(|happened| happened.shown.push(label.to_owned()));
    }

    fn close(&self, label: &str) {
        if self.0.windows.lock().unwrap().remove(label).is_none() {
            return;
        }
        self.0.note(|happened| happened.closed.push(label.to_owned()));
        let (bench, label) = (self.0.bench.lock().unwrap().clone(), label.to_owned());
        // The toolkit reports it in its own time.
        tokio::spawn(async move { bench.upgrade().map(|bench| bench.closed(&label)) });
    }

    fn clear_jar(&self, label: &str) {
        let jar = self.0.windows.lock().unwrap().get(label).map(|window| window.jar.clone());
        if let Some(jar) = jar {
            self.0.jars().remove(&jar);
            self.0.note(|happened| happened.cleared.push(jar));
        }
    }

    fn open_browser(&self, url: &Url) -> Result<(), String> {
        if *self.0.has_no_screen.lock().unwrap() {
            return Err("there is no browser".to_owned());
        }
        self.0.note(|happened| happened.surfed.push(url.clone()));
        tokio::runtime::Handle::current().spawn(surf(self.0.clone(), url.clone()));
        Ok(())
    }

    fn come_to_front(&self) {
        self.0.note(|happened| happened.fronted += 1);
    }

    fn changed(&self, change: Change) {
        self.0.note(|happened| happened.changes.push(change));
    }

    fn copy(&self, secret: Secret) -> Result<(), String> {
        self.0.note(|happened| happened.copied.push(secret));
        Ok(())
    }
}

/// Loads one thing after the other until the workbench stops it or the person does nothing more.
async fn browse(desktop: Arc<Desktop>, window: HostedUiWindow) {
    let (label, path) = (window.label, window.jar);
    let mut next = Load::page(window.url);
    loop {
        if !desktop.is_open(&label) {
            return;
        }
        if !desktop.bench().navigated(&label, &next.url) {
            desktop.note(|happened| happened.stopped.push(next.url));
            return;
        }
        let mut jar = desktop.jar(&path);
        let loaded = load(&next, &mut jar, WEB_VIEW).await;
        if !desktop.is_open(&label) {
            return;
        }
        desktop.jars().insert(path.clone(), jar);
        next = match loaded {
            None => return,
            Some(Loaded::Redirect(mut url)) => {
                if let Some(meddle) = *desktop.meddler.lock().unwrap() {
                    meddle(&mut url);
                }
                Load::page(url)
            }
            Some(Loaded::Page(page)) => match answer(&desktop, &label, &path, &page).await {
                Some(next) => next,
                None => return,
            },
        };
    }
}

/// The system's browser: one jar for all, nobody judges where it goes, and scripts run.
async fn surf(desktop: Arc<Desktop>, url: Url) {
    let path = PathBuf::from(BROWSER);
    let mut next = Load::page(url);
    loop {
        let mut jar = desktop.jar(&path);
        let loaded = load(&next, &mut jar, CHROMIUM).await;
        desktop.jars().insert(path.clone(), jar);
        next = match loaded {
            None => return,
            Some(Loaded::Redirect(url)) => Load::page(url),
            Some(Loaded::Page(page)) => match fill_in(&desktop, &path, &page) {
                Some(next) => next,
                None => return desktop.note(|happened| happened.read.push(page.text().to_owned())),
            },
        };
    }
}

/// What the person in front of a jar's pages types into one.
fn fill_in(desktop: &Desktop, jar: &Path, page: &Page) -> Option<Load> {
    let person = desktop.people.lock().unwrap().get(jar).copied().unwrap_or(Person::Waits);
    if let Some(post) = page.script_post() {
        return Some(post);
    }
    match person {
        Person::SignsIn { new_password, .. } if page.has_form("cognitoNewPasswordForm") => {
            Some(page.post(&[("new_password", new_password), ("confirm_password", new_password)]))
        }
        Person::SignsIn { username, password, .. } if page.has_form("cognitoSignInForm") => {
            Some(page.post(&[("username", username), ("password", password)]))
        }
        Person::HasAnAccount if page.has_form("accountChooser") => {
            Some(page.post(&[("account", gatepass_sandbox::seed::PROVIDER_ACCOUNT)]))
        }
        Person::Closes | Person::Waits | Person::HasAnAccount | Person::SignsIn { .. } => None,
    }
}

/// What the person does with a page, once it is to be seen.
async fn answer(desktop: &Arc<Desktop>, label: &str, jar: &Path, page: &Page) -> Option<Load> {
    let mut visible = desktop.windows.lock().unwrap().get(label)?.visible.subscribe();
    visible.wait_for(|visible| *visible).await.ok()?;
    desktop.note(|happened| happened.asked.push(label.to_owned()));
    let person = desktop.people.lock().unwrap().get(jar).copied();
    if matches!(person, Some(Person::Closes)) {
        Handle(desktop.clone()).close(label);
        return None;
    }
    fill_in(desktop, jar, page)
}
