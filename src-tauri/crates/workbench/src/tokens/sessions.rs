//! What becomes of tokens once they are verified: kept, read again after a restart, shown, cleared.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use gatepass_collection::model::TokenKind;
use gatepass_identity::{LoadError, Session, TokenUse, inspect};
use gatepass_vault::{Secret, VaultError, VaultStatus};

use crate::Workbench;
use crate::failure::{Code, Failure};
use crate::people::pools::pool_view;
use crate::people::roster::{Changes, Member, StoredPool};
use crate::sign_in::AttemptEnd;
use crate::views::{Change, CheckView, ClaimChange, ClaimView, PoolView, SessionView, SignInEnd, TokenView};

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
            let in_keychain = vault.status() == VaultStatus::Keychain;
            let mut roster = self.roster();
            // Somebody may have signed in or out while the keychain was asked.
            let Ok(member) = roster.member_mut(&identity) else { continue };
            if !member.locked {
                continue;
            }
            match read {
                Ok(session) => {
                    // Memory knows nothing of what a keychain holds that is out of reach today.
                    member.stored.signed_in = session.is_some() || !in_keychain;
                    member.kept = session.is_some() && in_keychain;
                    member.session = session;
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

    /// Writes into the keychain what could not be kept while it was locked.
    pub(crate) async fn keep_what_waited(&self) {
        let waiting: Vec<String> = {
            let roster = self.roster();
            let unkept = roster.members.iter().filter(|member| !member.kept && member.session.is_some());
            unkept.map(|member| member.stored.id.clone()).collect()
        };
        for identity in waiting {
            // What goes wrong is in the log, and the identity says that it is not kept.
            let _kept = self.keep(&identity).await;
        }
    }

    /// Takes a verified session over, if its attempt still counts. It can be used at once; [`Workbench::keep`] writes it down.
    pub(crate) fn take_over(&self, identity: &str, label: &str, session: Session) -> Result<AttemptEnd, Failure> {
        let mut roster = self.roster();
        let member = roster.member(identity)?;
        if member.attempt.as_deref() != Some(label) {
            return Ok(AttemptEnd::Cancelled);
        }
        let pool = member.stored.pool.clone();
        let pinned = pin(roster.pool_mut(&pool)?, &session)?;
        // What was never kept is taken for kept until the keychain says otherwise.
        let in_keychain = self.vault.get().is_none_or(|vault| vault.status() == VaultStatus::Keychain);
        let member = roster.member_mut(identity)?;
        let is_news = !member.stored.signed_in || member.stored.user != session.name();
        if let Some(former) = &member.session {
            member.changes = differences(former, &session);
        }
        session.name().clone_into(&mut member.stored.user);
        member.stored.signed_in = true;
        member.session = Some(session);
        member.locked = false;
        member.over = false;
        member.kept = in_keychain;
        let written = if is_news || pinned.is_some() { roster.write() } else { Ok(()) };
        drop(roster);
        if let Some(pool) = pinned {
            self.shell.changed(Change::Pool { pool: Box::new(pool) });
        }
        // What waits for the token does not wait for the keychain.
        self.tell_end(identity, &Ok(SignInEnd::SignedIn));
        written.map(|()| AttemptEnd::SignedIn)
    }

    /// Keeps an identity's session in the vault; where the vault is locked, it stays in memory until the app closes.
    pub(crate) async fn keep(&self, identity: &str) -> Result<(), Failure> {
        let _turn = self.tokens_turn.lock().await;
        // Whoever signed out while others had their turn has nothing to keep.
        let Some(session) = self.session_of(identity)? else { return Ok(()) };
        let vault = self.vault().await;
        let saved = session.save(vault, identity).await;
        let kept = saved.is_ok() && vault.status() == VaultStatus::Keychain;
        let was_kept = std::mem::replace(&mut self.roster().member_mut(identity)?.kept, kept);
        if was_kept != kept {
            self.tell_identity(identity);
        }
        let Err(error) = saved else { return Ok(()) };
        tracing::warn!(%error, "a sign-in lasts until the app is closed");
        if error.is_locked() {
            return Ok(());
        }
        let hint = "The sign-in holds until Gatepass is closed.";
        Err(Failure { hint: hint.to_owned(), ..keychain_failed(&error) })
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
            Some(session) => session.token(used(kind)).cloned().ok_or_else(|| {
                Failure::new(
                    Code::NotSignedIn,
                    format!("{} is a machine, which has no ID token.", roster.name_of(member)),
                    "Choose its access token under Auth.",
                )
            }),
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

/// Pins the pool to the issuer of its first token; gives the pool where that is news.
fn pin(pool: &mut StoredPool, session: &Session) -> Result<Option<PoolView>, Failure> {
    let learned = session.pool().facts();
    if pool.facts.issuer.is_some() {
        // A second user's first sign-in may have begun before the pool was pinned by another one's.
        return if pool.facts.issuer == learned.issuer { Ok(None) } else { Err(other_issuer(&pool.name)) };
    }
    pool.learned = pool.facts.pool_id.is_none();
    pool.facts.issuer = learned.issuer;
    pool.facts.region = learned.region;
    pool.facts.pool_id = learned.pool_id;
    Ok(Some(pool_view(pool)))
}

fn other_issuer(pool: &str) -> Failure {
    Failure::new(
        Code::TokenRefused,
        format!("The token is from another issuer than the one that {pool} is pinned to."),
        "Nothing was kept. Check the pool's domain and client id.",
    )
}

pub(crate) fn keychain_failed(error: &VaultError) -> Failure {
    let code = if error.is_locked() { Code::KeychainLocked } else { Code::KeychainFailed };
    Failure::from_error(code, error, "")
}

/// Shows a session: claims and verdicts, never a token.
pub(crate) fn session_view(session: &Session, member: &Member) -> SessionView {
    let view = session.view();
    SessionView {
        username: view.username,
        email: view.email,
        groups: view.groups,
        id_token: session
            .token(TokenUse::Id)
            .and_then(token_view)
            .map(|shown| TokenView { changes: member.changes.id.clone(), ..shown }),
        access_token: session.token(TokenUse::Access).map(|token| match token_view(token) {
            Some(shown) if view.access_token_claims.is_empty() => unchecked(shown),
            Some(shown) => TokenView { changes: member.changes.access.clone(), ..shown },
            None => opaque_view(view.access_token_expires),
        }),
        checks: view.checks.into_iter().map(|check| CheckView { name: check.name, detail: check.detail }).collect(),
        kept: member.kept,
        refreshable: view.refreshable,
    }
}

/// A token that was not looked into before it was kept: it may say anything.
fn unchecked(mut token: TokenView) -> TokenView {
    for claim in &mut token.claims {
        claim.checked = false;
    }
    token
}

/// A token that is no JWT: only its end is known.
fn opaque_view(expires_at: f64) -> TokenView {
    let (header, payload) = (String::new(), String::new());
    TokenView { claims: Vec::new(), issued_at: 0.0, expires_at, header, payload, changes: Vec::new() }
}

fn differences(former: &Session, session: &Session) -> Changes {
    let (before, after) = (former.view(), session.view());
    let shown = |change: gatepass_identity::ClaimChange| ClaimChange {
        name: change.name,
        before: change.before,
        after: change.after,
    };
    let between = |before, after| gatepass_identity::differences(before, after).into_iter().map(shown).collect();
    Changes {
        id: between(&before.id_token_claims, &after.id_token_claims),
        access: between(&before.access_token_claims, &after.access_token_claims),
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
    let claims = inspection.claims.into_iter().map(|claim| {
        let checked = CHECKED.contains(&claim.name.as_str());
        ClaimView { checked, ..claim_view(claim) }
    });
    let (header, payload) = (indented(token, 0)?, indented(token, 1)?);
    Some(TokenView { claims: claims.collect(), issued_at, expires_at, header, payload, changes: Vec::new() })
}

/// Shows a claim of which nothing is known but what it says.
pub(crate) fn claim_view(claim: gatepass_identity::ClaimView) -> ClaimView {
    ClaimView { checked: false, time: claim.moment.is_some(), name: claim.name, value: claim.value, note: claim.note }
}

/// The header (0) or the payload (1) of a token as indented JSON.
fn indented(token: &Secret, part: usize) -> Option<String> {
    let bytes = URL_SAFE_NO_PAD.decode(token.expose().split('.').nth(part)?).ok()?;
    let value: serde_json::Value = serde_json::from_slice(&bytes).ok()?;
    serde_json::to_string_pretty(&value).ok()
}
