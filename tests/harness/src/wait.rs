//! Waiting: for a condition, with a limit, and with a picture when it did not come true.

use fantoccini::elements::Element;

use crate::desk::Desk;
use crate::error::DeskError;
use crate::target::Target;

impl Desk {
    /// Waits until `look` finds something; WebDriver's refusals while a page changes count as "not yet".
    pub async fn until<T>(
        &self,
        what: &str,
        look: impl AsyncFnMut() -> Result<Option<T>, DeskError>,
    ) -> Result<T, DeskError> {
        self.patience().until(what, look).await
    }

    /// Waits until a target is visible, and gives its element.
    pub async fn find(&self, target: &Target) -> Result<Element, DeskError> {
        self.page()?.find(target).await
    }

    /// Gives the elements that a target means at this moment.
    pub async fn all(&self, target: &Target) -> Result<Vec<Element>, DeskError> {
        self.page()?.all(target).await
    }

    /// Waits until a target is visible.
    pub async fn see(&self, target: &Target) -> Result<(), DeskError> {
        self.page()?.see(target).await
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
        self.page()?.text_with(target, part).await
    }

    /// Gives the text that a target shows.
    pub async fn text(&self, target: &Target) -> Result<String, DeskError> {
        let page = self.page()?;
        let element = page.find(target).await?;
        page.text_of(&element).await
    }

    /// Gives the value of a field.
    pub async fn value(&self, target: &Target) -> Result<String, DeskError> {
        self.page()?.value(target).await
    }
}
