use gatepass_journeys::{Desk, Outcome, css, label, role, test_id};

/// Saving and arranging, as a person does.
pub trait Collections {
    /// Saves the request that was never saved under a name, into a new collection.
    fn save_into_new_collection(&self, name: &str, collection: &str) -> impl Future<Output = Outcome>;
    /// Saves the request that was never saved under a name, into the collection that the dialog proposes.
    fn save_as(&self, name: &str) -> impl Future<Output = Outcome>;
    /// Saves a request over its file and waits until it is there.
    fn save(&self) -> impl Future<Output = Outcome>;
    /// Makes a collection in the app's own place.
    fn new_collection(&self, name: &str) -> impl Future<Output = Outcome>;
    /// Makes a folder in a collection or folder.
    fn new_folder(&self, name: &str, parent: &str) -> impl Future<Output = Outcome>;
    /// Makes a request in a collection or folder; its tab is shown then.
    fn new_request_in(&self, name: &str, parent: &str) -> impl Future<Output = Outcome>;
    /// Runs a command of the menu of a row of the tree.
    fn row_menu(&self, row: &str, command: &str) -> impl Future<Output = Outcome>;
    /// Closes an open dialog with Escape, and waits until it is gone.
    fn close_dialog(&self, name: &str) -> impl Future<Output = Outcome>;
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

    async fn save_as(&self, name: &str) -> Outcome {
        self.press("Gatepass", "ctrl+s").await?;
        let dialog = role("dialog", "Save the request");
        self.fill(&label("Name").within(dialog.clone()), name).await?;
        self.click(&role("button", "Save").within(dialog.clone())).await?;
        self.see_gone(&dialog).await?;
        self.see(&role("treeitem", name)).await
    }

    async fn save(&self) -> Outcome {
        self.press("Gatepass", "ctrl+s").await?;
        self.see_gone(&css("[role=tab][aria-selected=true][aria-label$=', unsaved']")).await?;
        self.text_with(&test_id("saved-state"), "/ saved").await.map(drop)
    }

    async fn new_collection(&self, name: &str) -> Outcome {
        self.click(&role("button", "New request, folder or collection")).await?;
        self.click(&role("menuitem", "New collection")).await?;
        let dialog = role("dialog", "New collection");
        self.fill(&label("Name").within(dialog.clone()), name).await?;
        self.click(&role("button", "Create").within(dialog.clone())).await?;
        self.see_gone(&dialog).await?;
        self.see(&role("treeitem", name)).await
    }

    async fn new_folder(&self, name: &str, parent: &str) -> Outcome {
        self.row_menu(parent, "New folder").await?;
        self.fill(&label("Name of the new folder"), name).await?;
        self.press("Gatepass", "Return").await?;
        self.see_gone(&label("Name of the new folder")).await?;
        self.see(&role("treeitem", name)).await
    }

    async fn new_request_in(&self, name: &str, parent: &str) -> Outcome {
        self.row_menu(parent, "New request").await?;
        self.fill(&label("Name of the new request"), name).await?;
        self.press("Gatepass", "Return").await?;
        self.see_gone(&label("Name of the new request")).await?;
        self.text_with(&css("[role=tab][aria-selected=true]").within(role("tablist", "Open requests")), name)
            .await
            .map(drop)
    }

    async fn row_menu(&self, row: &str, command: &str) -> Outcome {
        self.right_click(&role("treeitem", row)).await?;
        self.click(&role("menuitem", command)).await
    }

    async fn close_dialog(&self, name: &str) -> Outcome {
        let dialog = role("dialog", name);
        self.see(&dialog).await?;
        self.press("Gatepass", "Escape").await?;
        self.see_gone(&dialog).await
    }
}
