use gatepass_journeys::{Desk, DeskError, Outcome, Target, css, label, role};

/// How a pool is connected: by which grant, and where its users sign in.
#[derive(Debug, Clone, Copy)]
pub struct Way<'a> {
    grant: &'static str,
    place: Option<&'static str>,
    secret: Option<&'a str>,
    token_endpoint: Option<&'a str>,
}

impl<'a> Way<'a> {
    /// The authorization code grant, in a window.
    pub fn code() -> Self {
        Self { grant: "Authorization code", place: Some("In a window"), secret: None, token_endpoint: None }
    }

    /// The implicit grant, in a window.
    pub fn implicit() -> Self {
        Self { grant: "Implicit", ..Self::code() }
    }

    /// The client credentials grant: nobody signs in.
    pub fn machine(secret: &'a str) -> Self {
        Self { grant: "Client credentials", place: None, secret: Some(secret), token_endpoint: None }
    }

    /// Signs in in the system's browser.
    #[must_use]
    pub fn in_browser(self) -> Self {
        Self { place: Some("In the browser"), ..self }
    }

    /// Gives the client's secret.
    #[must_use]
    pub fn with_secret(self, secret: &'a str) -> Self {
        Self { secret: Some(secret), ..self }
    }

    /// Asks for tokens at another place than Cognito's usual one.
    #[must_use]
    pub fn with_token_endpoint(self, url: &'a str) -> Self {
        Self { token_endpoint: Some(url), ..self }
    }
}

/// Connecting pools in every way, as a person does.
pub trait Pools {
    /// Pastes an address where no pool is known yet, and gives the sheet with what was read from it.
    fn read_address(&self, address: &str) -> impl Future<Output = Result<Target, DeskError>>;
    /// Connects a pool where none is known yet, and goes on to the sign-in.
    fn connect_by(&self, address: &str, way: Way<'_>) -> impl Future<Output = Outcome>;
    /// Chooses a grant in the sheet of a pool.
    fn choose_grant(&self, sheet: &Target, grant: &str) -> impl Future<Output = Outcome>;
}

/// The sheet of a pool that is being connected.
pub(crate) fn sheet() -> Target {
    role("dialog", "Connect your user pool")
}

impl Pools for Desk {
    async fn read_address(&self, address: &str) -> Result<Target, DeskError> {
        self.fill(&label("Address of the hosted UI, or the domain"), address).await?;
        self.click(&role("button", "Connect")).await?;
        self.see(&label("Scopes").within(sheet())).await?;
        Ok(sheet())
    }

    async fn connect_by(&self, address: &str, way: Way<'_>) -> Outcome {
        let sheet = self.read_address(address).await?;
        self.choose_grant(&sheet, way.grant).await?;
        if let Some(place) = way.place {
            self.click(&role("radio", place).within(sheet.clone())).await?;
        }
        if way.secret.is_some() || way.token_endpoint.is_some() {
            self.click(&css("summary").within(sheet.clone())).await?;
        }
        if let Some(secret) = way.secret {
            self.fill(&label("Client secret").within(sheet.clone()), secret).await?;
        }
        if let Some(url) = way.token_endpoint {
            self.fill(&label("Token").within(role("group", "Endpoints").within(sheet.clone())), url).await?;
        }
        submit(self, &sheet).await
    }

    async fn choose_grant(&self, sheet: &Target, grant: &str) -> Outcome {
        self.click(&role("radio", grant).within(role("radiogroup", "Grant").within(sheet.clone()))).await
    }
}

/// Presses the button of a pool's sheet until the sheet goes: what the pool tells meanwhile moves it away.
pub(crate) async fn submit(desk: &Desk, sheet: &Target) -> Outcome {
    let button = css("button[type=submit]").within(sheet.clone());
    desk.until(&format!("{sheet} to go"), async || {
        desk.try_click(&button).await?;
        Ok((!desk.sees(sheet).await?).then_some(()))
    })
    .await
}
