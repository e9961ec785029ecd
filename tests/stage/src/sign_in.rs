use gatepass_journeys::{Desk, Outcome, css, label, role};

use crate::Stage;

/// Signing in, as a person does.
pub trait SignIn {
    /// Pastes the login page's address where no pool is known yet, and goes on to the hosted UI.
    fn connect(&self, login_page: &str) -> impl Future<Output = Outcome>;
    /// Types into the hosted UI's form in the sign-in window and sends it off.
    fn type_credentials(&self, username: &str, password: &str) -> impl Future<Output = Outcome>;
    /// Signs a seeded user in at the open sign-in window, and comes back to the main window.
    fn sign_in_as(&self, stage: &Stage, username: &str) -> impl Future<Output = Outcome>;
    /// Gives a new password in the sign-in window and sends it off.
    fn change_password(&self, password: &str) -> impl Future<Output = Outcome>;
    /// Waits until the title bar shows who is signed in.
    fn see_signed_in(&self, username: &str) -> impl Future<Output = Outcome>;
    /// Opens the sheet of the identity in the title bar.
    fn open_identity(&self, name: &str) -> impl Future<Output = Outcome>;
}

impl SignIn for Desk {
    async fn connect(&self, login_page: &str) -> Outcome {
        self.fill(&label("Address of the hosted UI, or the domain"), login_page).await?;
        self.click(&role("button", "Connect")).await?;
        let dialog = role("dialog", "Connect your user pool");
        self.see(&label("Scopes").within(dialog.clone())).await?;
        self.click(&role("button", "Sign in").within(dialog)).await
    }

    async fn type_credentials(&self, username: &str, password: &str) -> Outcome {
        self.sign_in_window().await?;
        self.fill(&css("input[name=username]"), username).await?;
        self.fill(&css("input[name=password]"), password).await?;
        self.click(&css("input[name=signInSubmitButton], button[name=signInSubmitButton]")).await
    }

    async fn sign_in_as(&self, stage: &Stage, username: &str) -> Outcome {
        self.type_credentials(username, &stage.user(username).password).await?;
        self.sign_in_closed().await?;
        self.see_signed_in(username).await
    }

    async fn change_password(&self, password: &str) -> Outcome {
        self.sign_in_window().await?;
        self.fill(&css("input[name=new_password]"), password).await?;
        self.fill(&css("input[name=confirm_password]"), password).await?;
        self.click(&css("[name=reset_my_password]")).await
    }

    async fn see_signed_in(&self, username: &str) -> Outcome {
        self.see(&role("button", format!("Identity {username}, "))).await?;
        self.see(&css("header button[aria-label^=Identity][aria-label$=left]")).await
    }

    async fn open_identity(&self, name: &str) -> Outcome {
        self.click(&role("button", format!("Identity {name}, "))).await?;
        self.see(&role("dialog", name)).await
    }
}
