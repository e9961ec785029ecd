//! What a sign-in leaves: two verified tokens, and what they say about the user.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use gatepass_vault::{EntryName, Secret, Vault, VaultError};
use serde::Serialize;
use specta::Type;
use thiserror::Error;

use crate::claims::{ClaimView, rows};
use crate::token::Token;
use crate::verify::{access_token_hash, audience, issuer_of, token_use};
use crate::{TokenRefusal, TokenUse, UserPool};

/// A user who is signed in at a user pool.
#[derive(Clone)]
pub struct Session {
    pool: UserPool,
    id: Part,
    access: Part,
}

#[derive(Clone)]
struct Part {
    secret: Secret,
    token: Token,
    expires: i64,
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
    pub id_token_expires: f64,
    /// When the access token ends, in Unix seconds.
    pub access_token_expires: f64,
    /// The claims of the ID token, in its own order.
    pub id_token_claims: Vec<ClaimView>,
    /// The claims of the access token, in its own order.
    pub access_token_claims: Vec<ClaimView>,
    /// The checks that both tokens passed before they were kept.
    pub checks: Vec<CheckView>,
}

/// A check that the tokens of a session passed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct CheckView {
    /// What was checked.
    pub name: String,
    /// What was found.
    pub detail: String,
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
    /// What was kept is not from this pool and client.
    #[error("the kept sign-in does not belong to this user pool; sign in again")]
    Foreign(#[source] TokenRefusal),
}

impl Session {
    /// Puts together what [`crate::verify`] has let through.
    pub(crate) fn new(pool: UserPool, id_token: Secret, access_token: Secret) -> Result<Self, TokenRefusal> {
        Ok(Self { pool, id: Part::new(TokenUse::Id, id_token)?, access: Part::new(TokenUse::Access, access_token)? })
    }

    /// The pool, pinned to its issuer: to be kept in place of the one that the attempt was started with.
    pub fn pool(&self) -> &UserPool {
        &self.pool
    }

    /// One of the tokens.
    pub fn token(&self, token: TokenUse) -> &Secret {
        &self.part(token).secret
    }

    /// The end of a token's life, by its own `exp`.
    pub fn expires(&self, token: TokenUse) -> SystemTime {
        UNIX_EPOCH + Duration::from_secs(u64::try_from(self.part(token).expires).unwrap_or(0))
    }

    /// Tells whether a token's life is over.
    pub fn is_expired(&self, token: TokenUse, now: SystemTime) -> bool {
        now >= self.expires(token)
    }

    /// The user's id, which never changes.
    pub fn subject(&self) -> &str {
        self.id.text("sub").unwrap_or_default()
    }

    /// The user name in the pool.
    pub fn username(&self) -> &str {
        self.id.text("cognito:username").or_else(|| self.access.text("username")).unwrap_or_else(|| self.subject())
    }

    /// The e-mail address, where the ID token has it.
    pub fn email(&self) -> Option<&str> {
        self.id.text("email")
    }

    /// Shows the session without its tokens.
    pub fn view(&self) -> SessionView {
        let words = |text: Option<&str>| text.unwrap_or_default().split_whitespace().map(str::to_owned).collect();
        let groups = self.id.token.texts("cognito:groups").unwrap_or_default();
        SessionView {
            username: self.username().to_owned(),
            email: self.email().map(str::to_owned),
            groups: groups.into_iter().map(str::to_owned).collect(),
            subject: self.subject().to_owned(),
            issuer: self.id.text("iss").unwrap_or_default().to_owned(),
            pool_id: self.pool.pool_id().unwrap_or_default().to_owned(),
            client_id: self.pool.client_id().to_owned(),
            scopes: words(self.access.text("scope")),
            signed_in: self.id.moment("auth_time"),
            issued: self.id.moment("iat"),
            id_token_expires: self.id.moment("exp").unwrap_or_default(),
            access_token_expires: self.access.moment("exp").unwrap_or_default(),
            id_token_claims: rows(&self.id.token.claims),
            access_token_claims: rows(&self.access.token.claims),
            checks: self.checks(),
        }
    }

    /// Writes both tokens into the vault, as one entry: there is never one of an old pair beside one of a new.
    ///
    /// # Errors
    /// Fails where the vault does.
    pub async fn save(&self, vault: &Vault, identity: &str) -> Result<(), VaultError> {
        let pair = Secret::new(format!("{} {}", self.id.secret.expose(), self.access.secret.expose()));
        vault.write(&entry(identity), &pair).await
    }

    /// Reads what [`Session::save`] has written; `None` where there is nothing.
    ///
    /// The tokens were verified before they were written. They are taken apart anew and held against the pool, but
    /// no key is fetched, and one that has expired is loaded all the same, to be shown and renewed.
    ///
    /// # Errors
    /// Fails where the vault does, and where what lies there is damaged or from elsewhere.
    pub async fn load(vault: &Vault, identity: &str, pool: &UserPool) -> Result<Option<Self>, LoadError> {
        let Some(pair) = vault.read(&entry(identity)).await? else { return Ok(None) };
        let (id, access) = pair.expose().split_once(' ').ok_or(LoadError::Damaged)?;
        let mut session =
            Self::new(pool.clone(), Secret::new(id), Secret::new(access)).map_err(|_| LoadError::Damaged)?;
        let issuer = issuer_of(TokenUse::Id, &session.id.token, pool, None).map_err(LoadError::Foreign)?;
        for (expected, part) in [(TokenUse::Id, &session.id), (TokenUse::Access, &session.access)] {
            issuer_of(expected, &part.token, pool, Some(&issuer)).map_err(LoadError::Foreign)?;
            token_use(expected, &part.token).map_err(LoadError::Foreign)?;
            audience(expected, &part.token, pool).map_err(LoadError::Foreign)?;
        }
        access_token_hash(&session.id.token, &session.access.secret).map_err(|_| LoadError::Damaged)?;
        session.pool = session.pool.pinned_to(issuer);
        Ok(Some(session))
    }

    /// Removes a session from the vault; that there was none is no error.
    ///
    /// # Errors
    /// Fails where the vault does.
    pub async fn delete(vault: &Vault, identity: &str) -> Result<(), VaultError> {
        vault.delete(&entry(identity)).await
    }

    fn part(&self, token: TokenUse) -> &Part {
        match token {
            TokenUse::Id => &self.id,
            TokenUse::Access => &self.access,
        }
    }

    fn checks(&self) -> Vec<CheckView> {
        let header = |part: &Part, name| part.token.header_text(name).ok().flatten().unwrap_or_default().to_owned();
        let keys = format!("ID token {}, access token {}", header(&self.id, "kid"), header(&self.access, "kid"));
        let lives = format!("{} and {} minutes, one minute of leeway", self.id.minutes(), self.access.minutes());
        [
            ("State", "the one that was sent".to_owned()),
            ("Form", "three parts, JSON, every claim of the right type".to_owned()),
            ("Algorithm", format!("{} for both", header(&self.id, "alg"))),
            ("Key", keys),
            ("Signature", "both by the user pool's own keys".to_owned()),
            ("Expiry", lives),
            ("Issuer", self.id.text("iss").unwrap_or_default().to_owned()),
            ("Token use", "id and access".to_owned()),
            ("Audience", self.pool.client_id().to_owned()),
            ("Nonce", "the one that was sent".to_owned()),
            ("Access token hash", "the ID token is for this access token".to_owned()),
        ]
        .into_iter()
        .map(|(name, detail)| CheckView { name: name.to_owned(), detail })
        .collect()
    }
}

impl Part {
    fn new(expected: TokenUse, secret: Secret) -> Result<Self, TokenRefusal> {
        let form = |source| TokenRefusal::Form { token: expected, source };
        let token = Token::read(&secret).map_err(form)?;
        let expires = token.moment("exp").map_err(form)?.ok_or(TokenRefusal::NoExpiry { token: expected })?;
        Ok(Self { secret, token, expires })
    }

    fn text(&self, name: &'static str) -> Option<&str> {
        self.token.text(name).ok().flatten()
    }

    fn moment(&self, name: &str) -> Option<f64> {
        self.token.claims.get(name).and_then(serde_json::Value::as_f64)
    }

    fn minutes(&self) -> i64 {
        let issued = self.token.moment("iat").ok().flatten().unwrap_or(self.expires);
        (self.expires - issued) / 60
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
