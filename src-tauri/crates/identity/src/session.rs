//! What a sign-in leaves: verified tokens, and what they say about the user.

mod came;
mod checks;
mod kept;
mod part;

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use gatepass_vault::{EntryName, Secret, Vault, VaultError};
use serde::Serialize;
use specta::Type;
use thiserror::Error;

use crate::claims::{ClaimView, rows};
use crate::{TokenRefusal, TokenUse, UserPool};
pub(crate) use came::Came;
pub use checks::CheckView;
use checks::checks;
pub(crate) use part::Part;

/// A user who is signed in at a user pool, or a machine that has its token.
#[derive(Clone)]
pub struct Session {
    pool: UserPool,
    /// A machine has none.
    id: Option<Part>,
    access: Part,
    refresh: Option<Secret>,
    came: Came,
}

/// A session as it is shown: claims and verdicts, never a token.
#[derive(Debug, Clone, PartialEq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct SessionView {
    /// The user name in the pool.
    pub username: String,
    /// The e-mail address, where the token has it.
    pub email: Option<String>,
    /// The groups of the user in the pool.
    pub groups: Vec<String>,
    /// The user's id, which never changes.
    pub subject: String,
    /// The issuer that the tokens are pinned to.
    pub issuer: String,
    /// The id of the pool.
    pub pool_id: String,
    /// The id of the app client.
    pub client_id: String,
    /// The scopes of the access token.
    pub scopes: Vec<String>,
    /// When the user signed in, in Unix seconds.
    pub signed_in: Option<f64>,
    /// When the tokens were issued, in Unix seconds.
    pub issued: Option<f64>,
    /// When the ID token ends, in Unix seconds.
    pub id_token_expires: Option<f64>,
    /// When the access token ends, in Unix seconds.
    pub access_token_expires: f64,
    /// The claims of the ID token, in its own order.
    pub id_token_claims: Vec<ClaimView>,
    /// The claims of the access token, in its own order; empty for one that is not for a client to read.
    pub access_token_claims: Vec<ClaimView>,
    /// Whether a refresh token is there to renew with.
    pub refreshable: bool,
    /// The checks that both tokens passed before they were kept.
    pub checks: Vec<CheckView>,
}

/// Why a kept session could not be taken up again.
#[derive(Debug, Error)]
pub enum LoadError {
    /// The vault did not give it out.
    #[error("the kept sign-in could not be read")]
    Vault(#[from] VaultError),
    /// What was kept is no pair of tokens.
    #[error("the kept sign-in is damaged; sign in again")]
    Damaged,
    /// What was kept is a machine's where the pool now signs users in, or the reverse.
    #[error("the kept sign-in was made by another grant; sign in again")]
    OtherGrant,
    /// What was kept is not from this pool and client.
    #[error("the kept sign-in does not belong to this user pool; sign in again")]
    Foreign(#[source] TokenRefusal),
}

impl Session {
    /// Puts together what [`crate::verify`] has let through.
    pub(crate) fn new(pool: UserPool, id: Option<Part>, access: Part, refresh: Option<Secret>, came: Came) -> Self {
        Self { pool, id, access, refresh, came }
    }

    /// The pool, pinned to its issuer: to be kept in place of the one that the attempt was started with.
    pub fn pool(&self) -> &UserPool {
        &self.pool
    }

    /// The same session by the pool's facts as they are now; a pool whose tokens are others needs another session.
    #[must_use]
    pub fn on(mut self, pool: UserPool) -> Self {
        self.pool = pool;
        self
    }

    /// One of the tokens; a machine has no ID token.
    pub fn token(&self, token: TokenUse) -> Option<&Secret> {
        self.part(token).map(|part| &part.secret)
    }

    /// The end of a token's life, by its own `exp`.
    pub fn expires(&self, token: TokenUse) -> Option<SystemTime> {
        self.part(token).map(|part| UNIX_EPOCH + Duration::from_secs(u64::try_from(part.expires).unwrap_or(0)))
    }

    /// How long a token lives, by its own `iat` and `exp`; `None` where it does not say.
    pub fn lifetime(&self, token: TokenUse) -> Option<Duration> {
        let part = self.part(token)?;
        let issued = part.token.as_ref()?.moment("iat").ok().flatten()?;
        Some(Duration::from_secs(u64::try_from(part.expires - issued).unwrap_or(0)))
    }

    /// Tells whether there is a refresh token to renew with.
    pub fn can_refresh(&self) -> bool {
        self.refresh.is_some()
    }

    pub(crate) fn id(&self) -> Option<&Part> {
        self.id.as_ref()
    }

    pub(crate) fn refresh_token(&self) -> Option<&Secret> {
        self.refresh.as_ref()
    }

    /// The user's id, which never changes; a machine's is its client's.
    pub fn subject(&self) -> &str {
        self.claim("sub").unwrap_or(self.pool.client_id())
    }

    /// The user name in the pool.
    pub fn username(&self) -> &str {
        let names = ["cognito:username", "preferred_username"];
        let named = names.iter().find_map(|name| self.id.as_ref().and_then(|id| id.text(name)));
        named.or_else(|| self.access.text("username")).unwrap_or_else(|| self.subject())
    }

    /// What the user is best known by: the user name, or the e-mail address of one whose user name is only a number, as
    /// Cognito gives it to those who sign in by e-mail or by way of another provider.
    pub fn name(&self) -> &str {
        let is_from_elsewhere = self.id.as_ref().is_some_and(|id| id.has("identities"));
        let is_a_number = self.username() == self.subject() || is_from_elsewhere;
        self.email().filter(|_| is_a_number).unwrap_or_else(|| self.username())
    }

    /// The e-mail address, where the ID token has it.
    pub fn email(&self) -> Option<&str> {
        self.id.as_ref().and_then(|id| id.text("email"))
    }

    /// Shows the session without its tokens.
    pub fn view(&self) -> SessionView {
        let words = |text: Option<&str>| text.unwrap_or_default().split_whitespace().map(str::to_owned).collect();
        let main = self.id.as_ref().unwrap_or(&self.access);
        let groups = main.token.as_ref().and_then(|token| token.texts("cognito:groups").ok()).unwrap_or_default();
        let claims = |part: &Part| part.token.as_ref().map(|token| rows(&token.claims)).unwrap_or_default();
        SessionView {
            username: self.username().to_owned(),
            email: self.email().map(str::to_owned),
            groups: groups.into_iter().map(str::to_owned).collect(),
            subject: self.subject().to_owned(),
            issuer: self.pool.issuer().map(ToString::to_string).unwrap_or_default(),
            pool_id: self.pool.pool_id().unwrap_or_default().to_owned(),
            client_id: self.pool.client_id().to_owned(),
            scopes: words(self.access.text("scope")),
            signed_in: main.moment("auth_time"),
            issued: main.moment("iat"),
            id_token_expires: self.id.as_ref().and_then(|id| id.moment("exp")),
            #[expect(clippy::cast_precision_loss, reason = "seconds up to the year 9999")]
            access_token_expires: self.access.expires as f64,
            id_token_claims: self.id.as_ref().map(claims).unwrap_or_default(),
            access_token_claims: claims(&self.access),
            refreshable: self.can_refresh(),
            checks: checks(self),
        }
    }

    /// Writes all tokens into the vault, as one entry: there is never one of an old set beside one of a new.
    ///
    /// # Errors
    /// Fails where the vault does.
    pub async fn save(&self, vault: &Vault, identity: &str) -> Result<(), VaultError> {
        vault.write(&entry(identity), &kept::written(self)).await
    }

    /// Reads what [`Session::save`] has written; `None` where there is nothing.
    ///
    /// The tokens were verified before they were written. They are taken apart anew and held against the pool, but
    /// no key is fetched, and one that has expired is loaded all the same, to be shown and renewed.
    ///
    /// # Errors
    /// Fails where the vault does, and where what lies there is damaged or from elsewhere.
    pub async fn load(vault: &Vault, identity: &str, pool: &UserPool) -> Result<Option<Self>, LoadError> {
        let Some(text) = vault.read(&entry(identity)).await? else { return Ok(None) };
        kept::read(&text, pool).map(Some)
    }

    /// Removes a session from the vault; that there was none is no error.
    ///
    /// # Errors
    /// Fails where the vault does.
    pub async fn delete(vault: &Vault, identity: &str) -> Result<(), VaultError> {
        vault.delete(&entry(identity)).await
    }

    fn part(&self, token: TokenUse) -> Option<&Part> {
        match token {
            TokenUse::Id => self.id.as_ref(),
            TokenUse::Access => Some(&self.access),
        }
    }

    fn claim(&self, name: &'static str) -> Option<&str> {
        self.id.as_ref().and_then(|id| id.text(name)).or_else(|| self.access.text(name))
    }
}

impl std::fmt::Debug for Session {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.debug_struct("Session").field("pool", &self.pool).finish_non_exhaustive()
    }
}

fn entry(identity: &str) -> EntryName {
    EntryName::new(format!("identity/{identity}/tokens"))
}
