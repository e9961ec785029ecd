//! What becomes of tokens once they are verified: kept, read again after a restart, shown, cleared.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gatepass_collection::model::TokenKind;
use gatepass_identity::{LoadError, Session, TokenUse, inspect};
use gatepass_vault::{Secret, VaultError, VaultStatus};

use crate::Workbench;
use crate::failure::{Code, Failure};
use crate::pools::{identity_view, pool_view};
use crate::roster::{Member, StoredPool};
use crate::views::{Change, CheckView, ClaimView, IdentityView, SessionView, TokenView};

impl Workbench {
    /// Reads the sessions of all who were signed in when the app was closed; done once, and again after an unlock.
    pub(crate) async fn read_sessions(&self) {
        let vault = self.vault().await;
        let waiting: Vec<_> = {
            let roster = self.roster();
            let waiting = roster.members.iter().filter(|member| member.locked);
            let pool = |member: &Member| roster.pool(&member.stored.pool).and_then(StoredPool::user_pool);
            let with_pool = waiting.map(|member| (member.stored.id.clone(), pool(member)));
            with_pool.collect()
        };
        for (identity, pool) in waiting {
            let Ok(pool) = pool else { continue };
            let read = Session::load(vault, &identity, &pool).await;
            let mut roster = self.roster();
            let Ok(member) = roster.member_mut(&identity) else { continue };
            match read {
                Ok(session) => {
                    member.stored.signed_in = session.is_some();
                    member.session = session;
                    member.kept = true;
                    member.locked = false;
                }
                Err(LoadError::Vault(error)) if error.is_locked() => {}
                Err(error) => {
                    tracing::warn!(%error, "the tokens of an identity could not be read: it is signed out");
                    member.locked = false;
                }
            }
        }
    }

    /// Pins the pool to the issuer of its first token.
    pub(crate) fn pin(&self, identity: &str, session: &Session) -> Result<(), Failure> {
        let mut roster = self.roster();
        let pool = roster.member(identity)?.stored.pool.clone();
        let pool = roster.pool_mut(&pool)?;
        if pool.facts.issuer.is_some() {
            return Ok(());
        }
        pool.learned = pool.facts.pool_id.is_none();
        pool.facts = session.pool().facts();
        let view = pool_view(pool);
        roster.write()?;
        drop(roster);
        self.shell.changed(Change::Pool { pool: view });
        Ok(())
    }

    /// Keeps a verified session in the vault; where the vault is locked, in memory until the app closes.
    pub(crate) async fn keep(&self, identity: &str, session: Session) -> Result<(), Failure> {
        let vault = self.vault().await;
        let saved = match session.save(vault, identity).await {
            Err(error) if !error.is_locked() => Err(keychain_failed(&error)),
            saved => Ok(saved.is_ok()),
        };
        let mut roster = self.roster();
        let member = roster.member_mut(identity)?;
        if member.stored.name.is_empty() {
            session.username().clone_into(&mut member.stored.name);
        }
        member.session = Some(session);
        member.locked = false;
        member.kept = matches!(saved, Ok(true)) && vault.status() == VaultStatus::Keychain;
        member.stored.signed_in = true;
        roster.write()?;
        saved.map(drop)
    }

    /// Clears the identity's tokens, its cookies and the pool's session.
    ///
    /// # Errors
    /// Fails where the keychain is locked: then nothing is cleared.
    pub async fn sign_out(&self, identity: String) -> Result<IdentityView, Failure> {
        self.cancel_sign_in(identity.clone()).await?;
        Session::delete(self.vault().await, &identity).await.map_err(|error| keychain_failed(&error))?;
        let was_signed_in = {
            let mut roster = self.roster();
            let member = roster.member_mut(&identity)?;
            let was = member.session.take().is_some() || member.locked;
            member.locked = false;
            member.stored.signed_in = false;
            roster.write()?;
            was
        };
        if was_signed_in || self.jar(&identity).exists() {
            self.end_session(&identity).await?;
        }
        self.tell_identity(&identity);
        let roster = self.roster();
        roster.member(&identity).map(|member| identity_view(&roster, member))
    }

    /// Shows a token to the user who asked for it.
    ///
    /// # Errors
    /// Fails where the identity is signed out.
    #[expect(clippy::unused_async, reason = "every command of the bridge is awaited")]
    pub async fn reveal_token(&self, identity: String, kind: TokenKind) -> Result<String, Failure> {
        self.token(&identity, kind).map(|token| token.expose().to_owned())
    }

    /// Puts a token on the clipboard; it is cleared from there after a minute.
    ///
    /// # Errors
    /// Fails where the identity is signed out or there is no clipboard.
    #[expect(clippy::unused_async, reason = "every command of the bridge is awaited")]
    pub async fn copy_token(&self, identity: String, kind: TokenKind) -> Result<(), Failure> {
        let token = self.token(&identity, kind)?;
        self.shell
            .copy(token)
            .map_err(|words| Failure::new(Code::Internal, format!("The clipboard could not be written: {words}"), ""))
    }

    /// The token of an identity that is signed in.
    pub(crate) fn token(&self, identity: &str, kind: TokenKind) -> Result<Secret, Failure> {
        let roster = self.roster();
        let member = roster.member(identity)?;
        match &member.session {
            Some(session) => Ok(session.token(used(kind)).clone()),
            None if member.locked => Err(Failure::new(
                Code::KeychainLocked,
                "The token is in the keychain, which is locked.",
                "Unlock the keychain and try again.",
            )),
            None => Err(Failure::new(
                Code::NotSignedIn,
                format!("{} is signed out.", roster.name_of(member)),
                "Sign in, or choose another identity under Auth.",
            )),
        }
    }
}

pub(crate) fn used(kind: TokenKind) -> TokenUse {
    match kind {
        TokenKind::Id => TokenUse::Id,
        TokenKind::Access => TokenUse::Access,
    }
}

pub(crate) fn keychain_failed(error: &VaultError) -> Failure {
    let code = if error.is_locked() { Code::KeychainLocked } else { Code::KeychainFailed };
    Failure::from_error(code, error, "")
}

/// Shows a session: claims and verdicts, never a token.
pub(crate) fn session_view(session: &Session, kept: bool) -> SessionView {
    let view = session.view();
    SessionView {
        username: view.username,
        email: view.email,
        groups: view.groups,
        id_token: token_view(session.token(TokenUse::Id)),
        access_token: token_view(session.token(TokenUse::Access)),
        checks: view.checks.into_iter().map(|check| CheckView { name: check.name, detail: check.detail }).collect(),
        kept,
    }
}

/// Claims that were held against something before the token was kept.
const CHECKED: [&str; 7] = ["iss", "aud", "client_id", "token_use", "exp", "nonce", "at_hash"];

fn token_view(token: &Secret) -> Option<TokenView> {
    let inspection = inspect(token).ok()?;
    let moment = |name: &str| {
        let claim = inspection.claims.iter().find(|claim| claim.name == name);
        claim.and_then(|claim| claim.moment).unwrap_or_default()
    };
    let (issued_at, expires_at) = (moment("iat"), moment("exp"));
    let claims = inspection.claims.into_iter().map(|claim| ClaimView {
        checked: CHECKED.contains(&claim.name.as_str()),
        time: claim.moment.is_some(),
        name: claim.name,
        value: claim.value,
        note: claim.note,
    });
    let (header, payload) = (indented(token, 0)?, indented(token, 1)?);
    Some(TokenView { claims: claims.collect(), issued_at, expires_at, header, payload })
}

/// The header (0) or the payload (1) of a token as indented JSON.
fn indented(token: &Secret, part: usize) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(token.expose().split('.').nth(part)?).ok()?;
    let value: serde_json::Value = serde_json::from_slice(&bytes).ok()?;
    serde_json::to_string_pretty(&value).ok()
}
