//! Setting up user pools.

mod draft;

use gatepass_identity::{Grant, read_hosted_ui_address};
use gatepass_vault::{EntryName, Secret};
use uuid::Uuid;

use crate::Workbench;
use crate::failure::{Code, Failure};
use crate::people::roster::StoredPool;
use crate::tokens::sessions::keychain_failed;
use crate::views::{Change, PoolDraft, PoolView, SignInPlace};
pub(crate) use draft::{checked, pool_view};
use draft::{edited, is_same_client, is_twin, named};

impl Workbench {
    /// Reads a pasted hosted UI address or domain.
    ///
    /// # Errors
    /// Says what the text is instead.
    #[expect(clippy::unused_async, reason = "every command of the bridge is awaited")]
    pub async fn read_hosted_ui_address(&self, text: String) -> Result<PoolDraft, Failure> {
        let read =
            read_hosted_ui_address(&text).map_err(|error| Failure::from_error(Code::AddressInvalid, &error, ""))?;
        let mut remarks = Vec::new();
        if !read.scopes.is_empty() && !read.scopes.iter().any(|scope| scope == "openid") {
            remarks.push("openid is not among the scopes: without it no ID token comes.".to_owned());
        }
        Ok(PoolDraft {
            name: String::new(),
            domain: read.domain,
            client_id: read.client_id.unwrap_or_default(),
            callback: read.callback.unwrap_or_default(),
            scopes: if read.scopes.is_empty() { vec!["openid".to_owned()] } else { read.scopes },
            region: read.region.unwrap_or_default(),
            grant: match read.response_type.as_deref() {
                Some("token") => Grant::Implicit,
                _ => Grant::Code,
            },
            remarks,
            ..PoolDraft::default()
        })
    }

    /// Adds a user pool; one with the same domain and client is updated instead of standing there twice.
    ///
    /// # Errors
    /// Names the fact that cannot be right, and fails as [`Workbench::update_pool`] does.
    pub async fn add_pool(&self, draft: PoolDraft) -> Result<PoolView, Failure> {
        let pool = checked(&draft)?;
        let facts = pool.facts();
        let twin = self.roster().pools.iter().find(|known| is_twin(&known.facts, &facts)).map(|known| known.id.clone());
        if let Some(twin) = twin {
            return self.update_pool(twin, draft).await;
        }
        let known = StoredPool {
            id: Uuid::new_v4().to_string(),
            name: named(&draft, &pool),
            facts,
            learned: false,
            sandbox: false,
            place: draft.place,
            client_secret: false,
        };
        let view = pool_view(&known);
        let mut roster = self.roster();
        roster.pools.push(known);
        roster.write()?;
        drop(roster);
        self.shell.changed(Change::Pool { pool: Box::new(view.clone()) });
        Ok(view)
    }

    /// Changes a user pool's facts; a changed domain, client, endpoint, grant, issuer or pool id forgets a learned issuer,
    /// and signs the pool's identities out, whose tokens are of another pool then. Another client or server has another
    /// secret: the old one is forgotten.
    ///
    /// # Errors
    /// Names the fact that cannot be right, and fails where the keychain is locked: then the facts are as they were.
    pub async fn update_pool(&self, pool: String, draft: PoolDraft) -> Result<PoolView, Failure> {
        let checked = checked(&draft)?;
        let known = self.roster().pool(&pool)?.clone();
        let (edited, same) = edited(&known, &draft, &checked);
        let now = edited.user_pool()?;
        if !same {
            self.forget_tokens_of(&pool).await?;
        }
        if known.client_secret && !is_same_client(&known.facts, &edited.facts) {
            self.set_client_secret(pool.clone(), String::new()).await?;
        }
        let mut roster = self.roster();
        let known = roster.pool_mut(&pool)?;
        *known = StoredPool { client_secret: known.client_secret, ..edited };
        let view = pool_view(known);
        for member in roster.members.iter_mut().filter(|member| member.stored.pool == pool) {
            // A session that came in between is of the former pool.
            member.session = member.session.take().filter(|_| same).map(|session| session.on(now.clone()));
        }
        roster.write()?;
        drop(roster);
        self.shell.changed(Change::Pool { pool: Box::new(view.clone()) });
        Ok(view)
    }

    /// Remembers where a pool's users sign in.
    pub(crate) fn set_place(&self, pool: &str, place: SignInPlace) -> Result<(), Failure> {
        let mut roster = self.roster();
        let known = roster.pool_mut(pool)?;
        if known.place == place {
            return Ok(());
        }
        known.place = place;
        let view = pool_view(known);
        roster.write()?;
        drop(roster);
        self.shell.changed(Change::Pool { pool: Box::new(view) });
        Ok(())
    }

    /// Removes the tokens of everybody in a pool.
    pub(crate) async fn forget_tokens_of(&self, pool: &str) -> Result<(), Failure> {
        for member in self.members_of(pool) {
            self.forget_tokens(&member).await?;
            self.tell_identity(&member);
        }
        Ok(())
    }

    fn members_of(&self, pool: &str) -> Vec<String> {
        let roster = self.roster();
        let own = roster.members.iter().filter(|member| member.stored.pool == pool);
        own.map(|member| member.stored.id.clone()).collect()
    }

    /// Removes a user pool with its identities and their tokens.
    ///
    /// # Errors
    /// Fails where the keychain is locked: then nothing is removed.
    pub async fn remove_pool(&self, pool: String) -> Result<(), Failure> {
        self.roster().pool(&pool)?;
        for member in self.members_of(&pool) {
            self.remove_identity(member).await?;
        }
        self.vault().await.delete(&secret_entry(&pool)).await.map_err(|error| keychain_failed(&error))?;
        let mut roster = self.roster();
        roster.pools.retain(|known| known.id != pool);
        roster.write()
    }

    /// Keeps the app client's secret in the keychain; an empty one removes it.
    ///
    /// # Errors
    /// Fails where there is no such pool, and where the keychain does.
    pub async fn set_client_secret(&self, pool: String, value: String) -> Result<PoolView, Failure> {
        self.roster().pool(&pool)?;
        let (vault, entry, value) = (self.vault().await, secret_entry(&pool), Secret::new(value.trim()));
        let is_given = !value.expose().is_empty();
        let kept = if is_given { vault.write(&entry, &value).await } else { vault.delete(&entry).await };
        kept.map_err(|error| keychain_failed(&error))?;
        let mut roster = self.roster();
        let known = roster.pool_mut(&pool)?;
        known.client_secret = is_given;
        let view = pool_view(known);
        roster.write()?;
        drop(roster);
        self.shell.changed(Change::Pool { pool: Box::new(view.clone()) });
        Ok(view)
    }

    /// The app client's secret, where it has one.
    pub(crate) async fn client_secret(&self, pool: &str) -> Result<Option<Secret>, Failure> {
        if !self.roster().pool(pool)?.client_secret {
            return Ok(None);
        }
        self.vault().await.read(&secret_entry(pool)).await.map_err(|error| keychain_failed(&error))
    }
}

fn secret_entry(pool: &str) -> EntryName {
    EntryName::new(format!("pool/{pool}/client-secret"))
}
