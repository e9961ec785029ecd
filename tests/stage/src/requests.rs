use gatepass_journeys::{Desk, DeskError, Outcome, Target, css, label, role, test_id};

use crate::Echo;

/// Building a request, as a person does.
pub trait Requests {
    /// Opens a tab with a new request and types its URL.
    fn new_request(&self, url: &str) -> impl Future<Output = Outcome>;
    /// Chooses or types the method.
    fn method(&self, method: &str) -> impl Future<Output = Outcome>;
    /// Shows a section of the request: Params, Headers, Auth, Body.
    fn section(&self, name: &str) -> impl Future<Output = Outcome>;
    /// Adds a header field.
    fn add_header(&self, name: &str, value: &str) -> impl Future<Output = Outcome>;
    /// Chooses a kind of body: None, JSON, Text, XML, Form, Multipart, File.
    fn choose_body(&self, kind: &str) -> impl Future<Output = Outcome>;
    /// Pastes a text over the body that stands in the editor.
    fn paste_body(&self, body: &str) -> impl Future<Output = Outcome>;
    /// Sends and waits for an answer with this status.
    fn send_for(&self, status: &str) -> impl Future<Output = Outcome>;
    /// Sends and waits for the failure with this title; gives all that its card says.
    fn send_in_vain(&self, title: &str) -> impl Future<Output = Result<String, DeskError>>;
    /// Sets the token part of this request: the token of the chosen identity in this header.
    fn send_token_in(&self, header: &str) -> impl Future<Output = Outcome>;
    /// Sets the API key part of this request and keeps the key.
    fn send_api_key(&self, key: &str) -> impl Future<Output = Outcome>;
    /// Types an API key into the field of a part of the window, and waits until the keychain has it.
    fn keep_api_key(&self, part: &Target, key: &str) -> impl Future<Output = Outcome>;
    /// Gives the answer's content as it stands on the screen.
    fn shown_body(&self) -> impl Future<Output = Result<String, DeskError>>;
    /// Reads the answer of the sandbox's `/echo`: what really arrived there.
    fn echo(&self) -> impl Future<Output = Result<Echo, DeskError>>;
    /// Gives what the response shows as sent, all hops.
    fn shown_as_sent(&self) -> impl Future<Output = Result<String, DeskError>>;
    /// Waits until the line under the URL holds a text.
    fn see_going_out(&self, part: &str) -> impl Future<Output = Outcome>;
}

/// Means the words that tell an answer, once it is there.
pub fn answered() -> Target {
    css("[role=status]").within(css("section[aria-label=Response][aria-busy=false]"))
}

/// Means a tab of the response: Body, Headers, Sent, Timing.
pub fn response_tab(name: &str) -> Target {
    role("tab", name).within(role("tablist", "Parts of the response"))
}

impl Requests for Desk {
    async fn new_request(&self, url: &str) -> Outcome {
        self.press("Gatepass", "ctrl+n").await?;
        self.text_with(&css("[role=tab][aria-selected=true]").within(role("tablist", "Open requests")), "New request")
            .await?;
        self.fill(&label("URL"), url).await
    }

    async fn method(&self, method: &str) -> Outcome {
        self.fill(&label("Method"), method).await
    }

    async fn section(&self, name: &str) -> Outcome {
        self.click(&role("tab", name).within(role("tablist", "Parts of the request"))).await
    }

    async fn add_header(&self, name: &str, value: &str) -> Outcome {
        self.section("Headers").await?;
        let rows = self.all(&css("table[aria-label=Headers] tbody tr")).await?.len();
        self.fill(&label("New header name"), name).await?;
        self.fill(&label(format!("Header {rows} value")), value).await
    }

    async fn choose_body(&self, kind: &str) -> Outcome {
        self.section("Body").await?;
        self.click(&role("radio", kind).within(role("radiogroup", "Body"))).await
    }

    async fn paste_body(&self, body: &str) -> Outcome {
        self.paste_over("Gatepass", &css(".cm-content"), body).await
    }

    async fn send_for(&self, status: &str) -> Outcome {
        self.click(&role("button", "Send")).await?;
        self.text_with(&answered(), status).await.map(drop)
    }

    async fn send_in_vain(&self, title: &str) -> Result<String, DeskError> {
        self.click(&role("button", "Send")).await?;
        let card = css(format!("section[aria-label=\"{title}\"]"));
        self.text(&card.within(css("section[aria-label=Response][aria-busy=false]"))).await
    }

    async fn send_token_in(&self, header: &str) -> Outcome {
        self.section("Auth").await?;
        self.click(&role("button", "the token here")).await?;
        self.fill(&label("Token header"), header).await
    }

    async fn send_api_key(&self, key: &str) -> Outcome {
        self.section("Auth").await?;
        self.click(&role("button", "the API key here")).await?;
        self.keep_api_key(&role("region", "API key"), key).await
    }

    async fn keep_api_key(&self, part: &Target, key: &str) -> Outcome {
        self.type_into(&label("API key").within(part.clone()), key).await?;
        let keep = role("button", "keep in the keychain").within(part.clone());
        let kept = role("button", "Reveal the API key").within(part.clone());
        self.until("the key to be kept", async || {
            if self.sees(&kept).await? {
                return Ok(Some(()));
            }
            // The field keeps the key also when it loses the keyboard.
            if self.sees(&keep).await? {
                self.try_click(&keep).await?;
            }
            Ok(None)
        })
        .await
    }

    async fn shown_body(&self) -> Result<String, DeskError> {
        self.text(&test_id("response-body")).await
    }

    async fn echo(&self) -> Result<Echo, DeskError> {
        self.click(&response_tab("Body")).await?;
        self.click(&role("button", "Raw")).await?;
        // Raw, the echo is one line.
        let whole = "the echo in one line";
        self.until(whole, async || Ok(Echo::read(&self.shown_body().await?))).await
    }

    async fn shown_as_sent(&self) -> Result<String, DeskError> {
        self.click(&response_tab("Sent")).await?;
        self.text(&role("list", "Requests as sent")).await
    }

    async fn see_going_out(&self, part: &str) -> Outcome {
        self.text_with(&role("group", "Goes out with"), part).await.map(drop)
    }
}
