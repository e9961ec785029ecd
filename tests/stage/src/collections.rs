use gatepass_journeys::{Desk, Outcome, label, role};

/// Saving, as a person does.
pub trait Collections {
    /// Saves the request that was never saved under a name, into a new collection.
    fn save_into_new_collection(&self, name: &str, collection: &str) -> impl Future<Output = Outcome>;
}

impl Collections for Desk {
    async fn save_into_new_collection(&self, name: &str, collection: &str) -> Outcome {
        self.press("Gatepass", "ctrl+s").await?;
        let dialog = role("dialog", "Save the request");
        self.fill(&label("Name").within(dialog.clone()), name).await?;
        self.fill(&label("Name of the new collection").within(dialog.clone()), collection).await?;
        self.click(&role("button", "Save").within(dialog.clone())).await?;
        self.see_gone(&dialog).await?;
        self.see(&role("treeitem", name)).await
    }
}
