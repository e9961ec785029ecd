use std::io;
use std::net::{Ipv4Addr, TcpListener};

use gatepass_journeys::{Desk, Outcome, Target, css, label, role};

/// How a pool is connected: by which grant, and where its users sign in.
#[derive(Debug, Clone, Copy)]
pub struct Way<'a> {
    grant: &'static str,
    place: Option<&'static str>,
    secret: Option<&'a str>,
}

impl<'a> Way<'a> {
    /// The authorization code grant, in a window.
    pub fn code() -> Self {
        Self { grant: "Authorization code", place: Some("In a window"), secret: None }
    }

    /// The implicit grant, in a window.
    pub fn implicit() -> Self {
        Self { grant: "Implicit", ..Self::code() }
    }

    /// The client credentials grant: nobody signs in.
    pub fn machine(secret: &'a str) -> Self {
        Self { grant: "Client credentials", place: None, secret: Some(secret) }
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
}

/// Connecting pools in every way, as a person does.
pub trait Pools {
    /// Pastes an address where no pool is known yet, and gives the sheet with what was read from it.
    fn read_address(&self, address: &str) -> impl Future<Output = Result<Target, gatepass_journeys::DeskError>>;
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
    async fn read_address(&self, address: &str) -> Result<Target, gatepass_journeys::DeskError> {
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
        if let Some(secret) = way.secret {
            let field = label("Client secret").within(sheet.clone());
            // Where a secret is needed it stands among the facts, else under those that few pools need.
            if !self.sees(&field).await? {
                self.click(&css("summary").within(sheet.clone())).await?;
            }
            self.fill(&field, secret).await?;
        }
        self.click(&css("button[type=submit]").within(sheet.clone())).await?;
        self.see_gone(&sheet).await
    }

    async fn choose_grant(&self, sheet: &Target, grant: &str) -> Outcome {
        self.click(&role("radio", grant).within(role("radiogroup", "Grant").within(sheet.clone()))).await
    }
}

/// Gives a callback at a port of this machine that is free at this moment.
pub fn way_back() -> io::Result<String> {
    let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
    Ok(format!("http://localhost:{port}/callback"))
}
