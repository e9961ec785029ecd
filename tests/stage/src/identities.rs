use gatepass_journeys::{Desk, Outcome, label, role};

/// Changing how identities sign in, as a person does.
pub trait Identities {
    /// Fills in fields of the identity whose sheet is open, and saves them.
    fn edit_identity(&self, fields: &[(&str, &str)]) -> impl Future<Output = Outcome>;
    /// Chooses what becomes of the pool's session when the app closes, for the identity whose sheet is open.
    fn when_the_app_closes(&self, choice: &str) -> impl Future<Output = Outcome>;
}

impl Identities for Desk {
    async fn edit_identity(&self, fields: &[(&str, &str)]) -> Outcome {
        let sheet = role("dialog", "Session of ");
        self.click(&role("button", "Edit").within(sheet.clone())).await?;
        for (field, value) in fields {
            self.fill(&label(*field).within(sheet.clone()), value).await?;
        }
        let save = role("button", "Save").within(sheet);
        self.click(&save).await?;
        self.see_gone(&save).await
    }

    async fn when_the_app_closes(&self, choice: &str) -> Outcome {
        let sheet = role("dialog", "Session of ");
        self.click(&role("button", "Edit").within(sheet.clone())).await?;
        self.click(&role("radio", choice).within(sheet.clone())).await?;
        let save = role("button", "Save").within(sheet);
        self.click(&save).await?;
        self.see_gone(&save).await
    }
}
