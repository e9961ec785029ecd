use gatepass_journeys::{Desk, DeskError, Outcome, Target, label, role};

/// Changing how identities sign in, as a person does.
pub trait Identities {
    /// Fills in fields of the identity whose sheet is open, and saves them.
    fn edit_identity(&self, fields: &[(&str, &str)]) -> impl Future<Output = Outcome>;
    /// Chooses what becomes of the pool's session when the app closes, for the identity whose sheet is open.
    fn when_the_app_closes(&self, choice: &str) -> impl Future<Output = Outcome>;
}

impl Identities for Desk {
    async fn edit_identity(&self, fields: &[(&str, &str)]) -> Outcome {
        let sheet = edit(self).await?;
        for (field, value) in fields {
            self.fill(&label(*field).within(sheet.clone()), value).await?;
        }
        save(self, sheet).await
    }

    async fn when_the_app_closes(&self, choice: &str) -> Outcome {
        let sheet = edit(self).await?;
        self.click(&role("radio", choice).within(sheet.clone())).await?;
        save(self, sheet).await
    }
}

/// Begins to edit the identity whose sheet is open, and gives the sheet.
async fn edit(desk: &Desk) -> Result<Target, DeskError> {
    let sheet = role("dialog", "Session of ");
    desk.click(&role("button", "Edit").within(sheet.clone())).await?;
    Ok(sheet)
}

async fn save(desk: &Desk, sheet: Target) -> Outcome {
    let save = role("button", "Save").within(sheet);
    desk.click(&save).await?;
    desk.see_gone(&save).await
}
