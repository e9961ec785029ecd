use std::process::Command;
use std::time::{Duration, Instant};

use gatepass_journeys::{Desk, DeskError, Display, DisplayWindow, Outcome, css, label, role, test_id};
use url::Url;

use crate::{Pools, Stage, Way, pools};

/// What the title of every sign-in window begins with.
const TITLE: &str = "Sign in · ";

/// The colour of the hosted UI's button and of the frame round what has the focus.
const ACTION: &str = "#2B5FAB";

/// Pixels that a button has at least, and the frame round a field.
const BUTTON: u32 = 5_000;
const FOCUS: u32 = 500;

/// How long a key may take to show: one that came before the page was there is pressed again.
const ANSWER: Duration = Duration::from_secs(3);

/// Signing in, as a person does.
pub trait SignIn {
    /// Connects a pool by the implicit grant where none is known yet, and goes on to the hosted UI.
    fn connect(&self, login_page: &str) -> impl Future<Output = Outcome>;
    /// Connects a pool by the implicit grant by way of the list of identities, and goes on to the hosted UI.
    fn connect_another(&self, login_page: &str) -> impl Future<Output = Outcome>;
    /// Adds an identity with a name to the only pool, and goes on to the hosted UI.
    fn add_identity(&self, name: &str) -> impl Future<Output = Outcome>;
    /// Types into the hosted UI's form in the sign-in window and sends it off.
    fn type_credentials(&self, username: &str, password: &str) -> impl Future<Output = Outcome>;
    /// Signs a seeded user in at the open sign-in window, and comes back to the main window.
    fn sign_in_as(&self, stage: &Stage, username: &str) -> impl Future<Output = Outcome>;
    /// Signs a seeded user in with real keys, in the sign-in window with this title.
    fn sign_in_by_keys(&self, stage: &Stage, username: &str, title: &str) -> impl Future<Output = Outcome>;
    /// Gives a new password in the sign-in window and sends it off.
    fn change_password(&self, password: &str) -> impl Future<Output = Outcome>;
    /// Closes the sign-in window by its cross, and comes back to the main window.
    fn close_sign_in(&self) -> impl Future<Output = Outcome>;
    /// Waits until the title bar shows who is signed in.
    fn see_signed_in(&self, username: &str) -> impl Future<Output = Outcome>;
    /// Waits until the title bar offers to sign in, and fails where an error is shown.
    fn see_signed_out(&self) -> impl Future<Output = Outcome>;
    /// Waits for a refusal in the sheet of the identity, and gives all words of the sheet.
    fn see_refused(&self, words: &str) -> impl Future<Output = Result<String, DeskError>>;
    /// Opens the sheet of the identity in the title bar.
    fn open_identity(&self, name: &str) -> impl Future<Output = Outcome>;
    /// Closes the sheet that is open.
    fn close_sheet(&self) -> impl Future<Output = Outcome>;
    /// Gives the ID token's payload as the open sheet of an identity shows it.
    fn id_token_payload(&self) -> impl Future<Output = Result<String, DeskError>>;
    /// Reveals both tokens in the open sheet of an identity, and gives them with their names.
    fn reveal_tokens(&self) -> impl Future<Output = Result<[(&'static str, String); 2], DeskError>>;
    /// Lists the sign-in windows that a person sees.
    fn sign_in_windows(&self) -> Result<Vec<DisplayWindow>, DeskError>;
}

impl SignIn for Desk {
    async fn connect(&self, login_page: &str) -> Outcome {
        self.connect_by(login_page, Way::implicit()).await
    }

    async fn connect_another(&self, login_page: &str) -> Outcome {
        let (connect, add) = (pools::sheet(), role("dialog", "Add an identity"));
        self.click(&role("button", "Add an identity")).await?;
        // Where a pool is known already, the sheet is for another user of it first.
        self.until("the sheet for a user pool", async || {
            if self.sees(&connect).await? {
                return Ok(Some(()));
            }
            if self.sees(&add).await? {
                self.click(&role("button", "Connect another pool…").within(add.clone())).await?;
            }
            Ok(None)
        })
        .await?;
        self.fill(&label("Address of the hosted UI").within(connect.clone()), login_page).await?;
        // The address is read while it is typed, so the last reading is the one that counts.
        let address = Url::parse(login_page).map_err(|error| DeskError::Unexpected(error.to_string()))?;
        for (field, parameter) in [("Client id", "client_id"), ("Callback URL", "redirect_uri"), ("Scopes", "scope")] {
            let expected = address.query_pairs().find(|(name, _)| name == parameter).map(|(_, value)| value);
            let expected = expected.unwrap_or_default();
            let target = label(field).within(connect.clone());
            self.until(&format!("\"{expected}\" in the field {field}"), async || {
                Ok((self.sees(&target).await? && self.value(&target).await? == expected).then_some(()))
            })
            .await?;
        }
        self.choose_grant(&connect, "Implicit").await?;
        pools::submit(self, &connect).await
    }

    async fn add_identity(&self, name: &str) -> Outcome {
        let dialog = role("dialog", "Add an identity");
        self.click(&role("button", "Add an identity")).await?;
        self.fill(&label("Name").within(dialog.clone()), name).await?;
        self.click(&role("button", "Sign in").within(dialog.clone())).await?;
        self.see_gone(&dialog).await
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

    async fn sign_in_by_keys(&self, stage: &Stage, username: &str, title: &str) -> Outcome {
        let display = Display::open()?;
        // A window that has not been painted yet shows what lies below it, so the form is known by its button.
        let form = format!("the form in the window \"{title}\"");
        let before = self
            .until(&form, async || {
                let there = self.display_windows(&display)?.iter().any(|window| window.title.contains(title));
                let marked = if there { marked(self, title)? } else { 0 };
                Ok((marked > BUTTON).then_some(marked))
            })
            .await?;
        let mut pressed: Option<Instant> = None;
        self.until("the field for the user name to have the focus", async || {
            if marked(self, title)? > before + FOCUS {
                return Ok(Some(()));
            }
            if pressed.is_none_or(|at| at.elapsed() > ANSWER) {
                self.press(title, "Tab").await?;
                pressed = Some(Instant::now());
            }
            Ok(None)
        })
        .await?;
        self.type_keys(title, username).await?;
        self.press(title, "Tab").await?;
        self.type_keys(title, &stage.user(username).password).await?;
        self.press(title, "Return").await?;
        self.until(&format!("the window \"{title}\" to close"), async || {
            Ok((!self.display_windows(&display)?.iter().any(|window| window.title.contains(title))).then_some(()))
        })
        .await
    }

    async fn change_password(&self, password: &str) -> Outcome {
        self.sign_in_window().await?;
        self.fill(&css("input[name=new_password]"), password).await?;
        self.fill(&css("input[name=confirm_password]"), password).await?;
        self.click(&css("[name=reset_my_password]")).await
    }

    async fn close_sign_in(&self) -> Outcome {
        let window = self
            .until("a sign-in window on the display", async || Ok(self.sign_in_windows()?.into_iter().next()))
            .await?;
        Display::open()?.ask_to_close(window.id)?;
        self.until("the sign-in window to close", async || Ok(self.sign_in_windows()?.is_empty().then_some(())))
            .await?;
        self.main_window().await.map(drop)
    }

    async fn see_signed_in(&self, username: &str) -> Outcome {
        self.see(&role("button", format!("Identity {username}, "))).await?;
        self.see(&css("header button[aria-label^=Identity][aria-label$=left]")).await
    }

    async fn see_signed_out(&self) -> Outcome {
        self.see(&role("button", "Sign in").within(css("header.title-bar"))).await?;
        let errors = self.all(&role("alert", "")).await?;
        if errors.is_empty() { Ok(()) } else { Err(DeskError::Unexpected("an error is shown".to_owned())) }
    }

    async fn see_refused(&self, words: &str) -> Result<String, DeskError> {
        let sheet = role("dialog", "Session of ");
        self.text_with(&role("alert", "").within(sheet.clone()), words).await?;
        self.text(&sheet).await
    }

    async fn open_identity(&self, name: &str) -> Outcome {
        self.click(&role("button", format!("Identity {name}, "))).await?;
        self.see(&role("dialog", name)).await
    }

    async fn close_sheet(&self) -> Outcome {
        self.press("Gatepass", "Escape").await?;
        self.see_gone(&role("dialog", "")).await
    }

    async fn id_token_payload(&self) -> Result<String, DeskError> {
        self.click(&role("tab", "Raw")).await?;
        self.text_with(&css("[role=tabpanel] pre").nth(1), "}").await
    }

    async fn reveal_tokens(&self) -> Result<[(&'static str, String); 2], DeskError> {
        let tokens = [reveal(self, "ID token").await?, reveal(self, "Access token").await?];
        if tokens[0].1 == tokens[1].1 {
            return Err(DeskError::Unexpected("both tokens are the same".to_owned()));
        }
        Ok(tokens)
    }

    fn sign_in_windows(&self) -> Result<Vec<DisplayWindow>, DeskError> {
        let mut windows = self.display_windows(&Display::open()?)?;
        windows.retain(|window| window.title.starts_with(TITLE));
        Ok(windows)
    }
}

async fn reveal(desk: &Desk, name: &'static str) -> Result<(&'static str, String), DeskError> {
    desk.click(&role("tab", name)).await?;
    desk.click(&role("tab", "Raw")).await?;
    desk.click(&role("button", "Reveal the token")).await?;
    let token = desk.text_with(&test_id("revealed-token"), "eyJ").await?;
    desk.click(&role("button", "Hide the token")).await?;
    Ok((name, token.trim().to_owned()))
}

/// Counts the pixels of a window that have the colour of the hosted UI's button and of what marks the focus.
fn marked(desk: &Desk, title: &str) -> Result<u32, DeskError> {
    let picture = desk.window_picture(title, "waiting for a form")?;
    let output = Command::new("convert").arg(&picture).args(["-format", "%c", "histogram:info:-"]).output();
    let output = output.map_err(|source| DeskError::Program { program: "convert (ImageMagick)".into(), source })?;
    let said = String::from_utf8_lossy(&output.stdout);
    let counts = said.lines().filter(|line| line.contains(ACTION)).filter_map(|line| line.split(':').next());
    Ok(counts.filter_map(|count| count.trim().parse::<u32>().ok()).sum())
}
