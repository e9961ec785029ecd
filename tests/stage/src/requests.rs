use gatepass_journeys::{Desk, DeskError, Outcome, css, label, role, test_id, text};

/// Building a request, as a person does.
pub trait Requests {
    /// Opens a tab with a new request and types its URL.
    fn new_request(&self, url: &str) -> impl Future<Output = Outcome>;
    /// Shows a section of the request: Params, Headers, Auth, Body.
    fn section(&self, name: &str) -> impl Future<Output = Outcome>;
    /// Sends and waits for an answer with this status.
    fn send_for(&self, status: &str) -> impl Future<Output = Outcome>;
    /// Sets the token part of this request: the token of the chosen identity in this header.
    fn send_token_in(&self, header: &str) -> impl Future<Output = Outcome>;
    /// Sets the API key part of this request and keeps the key.
    fn send_api_key(&self, key: &str) -> impl Future<Output = Outcome>;
    /// Gives the answer's content as it stands on the screen.
    fn shown_body(&self) -> impl Future<Output = Result<String, DeskError>>;
}

impl Requests for Desk {
    async fn new_request(&self, url: &str) -> Outcome {
        self.press("Gatepass", "ctrl+n").await?;
        self.fill(&label("URL"), url).await
    }

    async fn section(&self, name: &str) -> Outcome {
        self.click(&role("tab", name).within(role("tablist", "Parts of the request"))).await
    }

    async fn send_for(&self, status: &str) -> Outcome {
        self.click(&role("button", "Send")).await?;
        let answered = css("section[aria-label=Response][aria-busy=false]");
        self.text_with(&css("[role=status]").within(answered), status).await.map(drop)
    }

    async fn send_token_in(&self, header: &str) -> Outcome {
        self.section("Auth").await?;
        self.click(&role("button", "Override the token here")).await?;
        self.fill(&label("Token header"), header).await
    }

    async fn send_api_key(&self, key: &str) -> Outcome {
        self.section("Auth").await?;
        self.click(&role("button", "Override the API key here")).await?;
        self.type_into(&label("API key"), key).await?;
        self.click(&role("button", "keep in the keychain")).await?;
        self.see(&text("in the keychain")).await
    }

    async fn shown_body(&self) -> Result<String, DeskError> {
        self.text(&test_id("response-body")).await
    }
}
