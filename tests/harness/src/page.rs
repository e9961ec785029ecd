//! A page under WebDriver, looked at and worked with as a person does: in a window of the app or of a browser.

use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use fantoccini::Client;
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::key::Key;
use fantoccini::wd::WindowHandle;
use serde_json::{Value, json};

use crate::error::DeskError;
use crate::picture;
use crate::target::{LOCATE, Target};
use crate::windows::WindowView;

const LOOK_AGAIN: Duration = Duration::from_millis(40);
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// How long is waited, and where the display's picture goes when it was in vain.
#[derive(Debug, Clone)]
pub(crate) struct Patience {
    pub(crate) limit: Duration,
    pub(crate) pictures: PathBuf,
}

impl Patience {
    pub(crate) fn new(limit: Duration, pictures: &Path) -> Self {
        Self { limit, pictures: pictures.to_path_buf() }
    }

    /// Waits until `look` finds something; WebDriver's refusals while a page changes count as "not yet".
    pub(crate) async fn until<T>(
        &self,
        what: &str,
        mut look: impl AsyncFnMut() -> Result<Option<T>, DeskError>,
    ) -> Result<T, DeskError> {
        let started = Instant::now();
        let mut last = None;
        loop {
            match look().await {
                Ok(Some(found)) => return Ok(found),
                Ok(None) => {}
                Err(DeskError::Command { source, .. }) if matches!(*source, CmdError::Standard(_)) => {
                    last = Some(source.to_string());
                }
                Err(other) => return Err(other),
            }
            if started.elapsed() > self.limit {
                return Err(DeskError::Awaited {
                    what: what.to_owned(),
                    within: self.limit,
                    last,
                    picture: picture::of_the_display(&self.pictures, "awaited in vain").ok(),
                });
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }
}

/// The page that a journey looks at.
#[derive(Debug, Clone)]
pub struct Page {
    pub(crate) client: Client,
    pub(crate) patience: Patience,
}

impl Page {
    /// Runs a script in the page.
    pub async fn evaluate(&self, script: &str, arguments: Vec<Value>) -> Result<Value, DeskError> {
        self.client.execute(script, arguments).await.map_err(|source| command("run a script", source))
    }

    /// Gives the elements that a target means at this moment.
    pub async fn all(&self, target: &Target) -> Result<Vec<Element>, DeskError> {
        let found = self.evaluate(LOCATE, vec![target.to_json()]).await?;
        let ids = found.as_array().into_iter().flatten().filter_map(|item| item.get(ELEMENT)?.as_str());
        Ok(ids.map(|id| Element::from_element_id(self.client.clone(), id.to_owned().into())).collect())
    }

    /// Waits until a target is visible, and gives its element.
    pub async fn find(&self, target: &Target) -> Result<Element, DeskError> {
        let what = target.to_string();
        self.patience.until(&what, async || Ok(self.all(target).await?.into_iter().nth(target.index()))).await
    }

    /// Waits until a target is visible.
    pub async fn see(&self, target: &Target) -> Result<(), DeskError> {
        self.find(target).await.map(drop)
    }

    /// Waits until a target's text holds a part, and gives the whole text.
    pub async fn text_with(&self, target: &Target, part: &str) -> Result<String, DeskError> {
        let what = format!("\"{part}\" in {target}");
        self.patience
            .until(&what, async || {
                let shown = match self.all(target).await?.into_iter().nth(target.index()) {
                    Some(element) => self.text_of(&element).await?,
                    None => return Ok(None),
                };
                Ok(shown.contains(part).then_some(shown))
            })
            .await
    }

    /// Gives the value of a field.
    pub async fn value(&self, target: &Target) -> Result<String, DeskError> {
        let element = self.find(target).await?;
        let script = "return arguments[0].value ?? arguments[0].innerText ?? '';";
        let value = self.evaluate(script, vec![reference(&element)]).await?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }

    pub(crate) async fn text_of(&self, element: &Element) -> Result<String, DeskError> {
        let value = self.evaluate("return arguments[0].innerText ?? '';", vec![reference(element)]).await?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }

    /// Clicks a target.
    pub async fn click(&self, target: &Target) -> Result<(), DeskError> {
        let what = format!("{target} to take a click");
        self.patience.until(&what, async || self.try_click(target).await).await
    }

    /// Clicks a target if it is there at this moment.
    pub async fn try_click(&self, target: &Target) -> Result<Option<()>, DeskError> {
        let Some(element) = self.all(target).await?.into_iter().nth(target.index()) else {
            return Ok(None);
        };
        element.click().await.map_err(|source| command(&format!("click {target}"), source))?;
        Ok(Some(()))
    }

    /// Replaces what stands in a field.
    pub async fn fill(&self, target: &Target, value: &str) -> Result<(), DeskError> {
        // Selecting and typing over is what a person does, and the field sees every key.
        let select = "const field = arguments[0]; field.focus(); \
                      if (typeof field.select === 'function') field.select(); \
                      else getSelection().selectAllChildren(field);";
        let keys = if value.is_empty() { String::from(char::from(Key::Delete)) } else { value.to_owned() };
        self.patience
            .until(&format!("{target} to take a text"), async || {
                let Some(element) = self.all(target).await?.into_iter().nth(target.index()) else {
                    return Ok(None);
                };
                self.evaluate(select, vec![reference(&element)]).await?;
                self.send_keys(target, &element, &keys).await
            })
            .await
    }

    /// Types into a field after what stands there; `\u{e007}` is Enter (WebDriver §17.4.2).
    pub async fn type_into(&self, target: &Target, keys: &str) -> Result<(), DeskError> {
        self.patience
            .until(&format!("{target} to take keys"), async || {
                match self.all(target).await?.into_iter().nth(target.index()) {
                    Some(element) => self.send_keys(target, &element, keys).await,
                    None => Ok(None),
                }
            })
            .await
    }

    /// Sends keys, or tells that the element takes none yet: it is disabled, or was just put anew.
    async fn send_keys(&self, target: &Target, element: &Element, keys: &str) -> Result<Option<()>, DeskError> {
        match element.send_keys(keys).await {
            Ok(()) => Ok(Some(())),
            Err(error) if error.is_element_not_interactable() || error.is_stale_element_reference() => {
                Err(command(&format!("type into {target}"), error))
            }
            // Some of the keys may have gone in, so trying again would type them twice.
            Err(error) => Err(DeskError::Unexpected(format!("typing into {target} broke off: {error}"))),
        }
    }

    /// Lists the windows or tabs; afterwards the journey looks at the last one.
    pub(crate) async fn windows(&self) -> Result<Vec<WindowView>, DeskError> {
        let handles = self.client.windows().await.map_err(|source| command("list the windows", source))?;
        let mut windows = Vec::new();
        for handle in handles {
            // A window may close in between; it is then no window any more.
            if let Ok(view) = self.look_at(handle).await {
                windows.push(view);
            }
        }
        Ok(windows)
    }

    /// Waits for a window or tab that fits, and looks at it from then on.
    pub(crate) async fn window(&self, what: &str, fits: impl Fn(&WindowView) -> bool) -> Result<WindowView, DeskError> {
        let found =
            self.patience.until(what, async || Ok(self.windows().await?.into_iter().find(|view| fits(view)))).await?;
        let handle = WindowHandle::try_from(found.handle.clone())
            .map_err(|error| DeskError::Unexpected(format!("a window's handle is not usable: {error}")))?;
        self.client.switch_to_window(handle).await.map_err(|source| command("switch to a window", source))?;
        Ok(found)
    }

    async fn look_at(&self, handle: WindowHandle) -> Result<WindowView, DeskError> {
        let name = String::from(handle.clone());
        self.client.switch_to_window(handle).await.map_err(|source| command("switch to a window", source))?;
        let url = self.evaluate("return location.href;", Vec::new()).await?;
        let title = self.client.title().await.map_err(|source| command("read a title", source))?;
        Ok(WindowView { handle: name, url: url.as_str().unwrap_or_default().to_owned(), title })
    }
}

/// Makes an element an argument of a script.
pub(crate) fn reference(element: &Element) -> Value {
    json!({ ELEMENT: element.element_id().as_ref() })
}

pub(crate) fn command(doing: &str, source: CmdError) -> DeskError {
    DeskError::Command { doing: doing.to_owned(), source: Box::new(source) }
}
