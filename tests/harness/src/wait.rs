//! Waiting: for a condition, with a limit, and with a picture when it did not come true.

use std::time::{Duration, Instant};

use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use serde_json::{Value, json};

use crate::desk::Desk;
use crate::error::DeskError;
use crate::target::{LOCATE, Target};

const LOOK_AGAIN: Duration = Duration::from_millis(40);
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

impl Desk {
    /// Waits until `look` finds something; WebDriver's refusals while a page changes count as "not yet".
    pub async fn until<T>(
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
            if started.elapsed() > self.patience() {
                return Err(DeskError::Awaited {
                    what: what.to_owned(),
                    within: self.patience(),
                    last,
                    picture: self.display_picture("awaited in vain").ok(),
                });
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
    }

    /// Waits until a target is visible, and gives its element.
    pub async fn find(&self, target: &Target) -> Result<Element, DeskError> {
        let what = target.to_string();
        self.until(&what, async || Ok(self.all(target).await?.into_iter().nth(target.index()))).await
    }

    /// Gives the elements that a target means at this moment.
    pub async fn all(&self, target: &Target) -> Result<Vec<Element>, DeskError> {
        let found = self.evaluate(LOCATE, vec![target.to_json()]).await?;
        let ids = found.as_array().into_iter().flatten().filter_map(|item| item.get(ELEMENT)?.as_str());
        let client = self.client()?;
        Ok(ids.map(|id| Element::from_element_id(client.clone(), id.to_owned().into())).collect())
    }

    /// Waits until a target is visible.
    pub async fn see(&self, target: &Target) -> Result<(), DeskError> {
        self.find(target).await.map(drop)
    }

    /// Waits until the page shows a text.
    pub async fn see_text(&self, shown: &str) -> Result<(), DeskError> {
        self.see(&crate::target::text(shown)).await
    }

    /// Waits until a target is no longer visible.
    pub async fn see_gone(&self, target: &Target) -> Result<(), DeskError> {
        let what = format!("{target} to go");
        self.until(&what, async || Ok(self.all(target).await?.is_empty().then_some(()))).await
    }

    /// Tells whether a target is visible at this moment.
    pub async fn sees(&self, target: &Target) -> Result<bool, DeskError> {
        Ok(!self.all(target).await?.is_empty())
    }

    /// Waits until a target's text holds a part, and gives the whole text.
    pub async fn text_with(&self, target: &Target, part: &str) -> Result<String, DeskError> {
        let what = format!("\"{part}\" in {target}");
        self.until(&what, async || {
            let shown = match self.all(target).await?.into_iter().nth(target.index()) {
                Some(element) => self.text_of(&element).await?,
                None => return Ok(None),
            };
            Ok(shown.contains(part).then_some(shown))
        })
        .await
    }

    /// Gives the text that a target shows.
    pub async fn text(&self, target: &Target) -> Result<String, DeskError> {
        let element = self.find(target).await?;
        self.text_of(&element).await
    }

    /// Gives the value of a field.
    pub async fn value(&self, target: &Target) -> Result<String, DeskError> {
        let element = self.find(target).await?;
        let script = "return arguments[0].value ?? arguments[0].innerText ?? '';";
        let value = self.evaluate(script, vec![reference(&element)]).await?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }

    async fn text_of(&self, element: &Element) -> Result<String, DeskError> {
        let value = self.evaluate("return arguments[0].innerText ?? '';", vec![reference(element)]).await?;
        Ok(value.as_str().unwrap_or_default().to_owned())
    }
}

/// Makes an element an argument of a script.
pub(crate) fn reference(element: &Element) -> Value {
    json!({ ELEMENT: element.element_id().as_ref() })
}
