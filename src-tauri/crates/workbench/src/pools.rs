//! Setting up user pools and identities.

use gatepass_identity::{PoolFacts, UserPool, read_hosted_ui_address};
use uuid::Uuid;

use crate::Workbench;
use crate::failure::{Code, Failure};
use crate::roster::{COLOURS, Member, Roster, StoredPool};
use crate::views::{Change, IdentityView, PoolDraft, PoolView, SignInState};

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
        if read.response_type.as_deref() == Some("code") {
            remarks.push(
                "The address asks for a code. Gatepass signs in by the implicit grant: tick Implicit grant under the app \
                 client's Login pages."
                    .to_owned(),
            );
        }
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
            pool_id: String::new(),
            remarks,
        })
    }

    /// Adds a user pool; one with the same domain and client is updated instead of standing there twice.
    ///
    /// # Errors
    /// Names the fact that cannot be right.
    #[expect(clippy::unused_async, reason = "every command of the bridge is awaited")]
    pub async fn add_pool(&self, draft: PoolDraft) -> Result<PoolView, Failure> {
        let pool = checked(&draft)?;
        let mut roster = self.roster();
        let facts = pool.facts();
        let twin = roster
            .pools
            .iter()
            .position(|known| known.facts.domain == facts.domain && known.facts.client_id == facts.client_id);
        let index = twin.unwrap_or_else(|| {
            roster.pools.push(StoredPool {
                id: Uuid::new_v4().to_string(),
                name: String::new(),
                facts: facts.clone(),
                learned: false,
                sandbox: false,
            });
            roster.pools.len() - 1
        });
        let known = &mut roster.pools[index];
        known.name = named(&draft, &pool);
        known.facts = with_pin(facts, known);
        let view = pool_view(known);
        roster.write()?;
        drop(roster);
        self.shell.changed(Change::Pool { pool: view.clone() });
        Ok(view)
    }

    /// Changes a user pool's facts; a changed domain, client or pool id forgets a learned issuer, and signs the pool's
    /// identities out, whose tokens are of another pool then.
    ///
    /// # Errors
    /// Names the fact that cannot be right, and fails where the keychain is locked: then nothing is changed.
    pub async fn update_pool(&self, pool: String, draft: PoolDraft) -> Result<PoolView, Failure> {
        let checked = checked(&draft)?;
        let facts = checked.facts();
        let same = {
            let roster = self.roster();
            let known = &roster.pool(&pool)?.facts;
            known.domain == facts.domain
                && known.client_id == facts.client_id
                && (facts.pool_id.is_none() || known.pool_id == facts.pool_id)
        };
        if !same {
            self.forget_tokens_of(&pool).await?;
        }
        let mut roster = self.roster();
        let known = roster.pool_mut(&pool)?;
        known.name = named(&draft, &checked);
        if same {
            known.facts = with_pin(facts, known);
        } else {
            known.facts = facts;
            known.learned = false;
        }
        let view = pool_view(known);
        roster.write()?;
        drop(roster);
        self.shell.changed(Change::Pool { pool: view.clone() });
        Ok(view)
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
        let mut roster = self.roster();
        roster.pools.retain(|known| known.id != pool);
        roster.write()
    }

    /// Adds an identity of a pool; its name is the user's own once it is known where it is empty.
    ///
    /// # Errors
    /// Fails where there is no such pool.
    #[expect(clippy::unused_async, reason = "every command of the bridge is awaited")]
    pub async fn add_identity(&self, pool: String, name: String) -> Result<IdentityView, Failure> {
        let mut roster = self.roster();
        roster.pool(&pool)?;
        let identity = roster.add_member(pool, name.trim().to_owned());
        let view = identity_view(&roster, roster.member(&identity)?);
        roster.write()?;
        Ok(view)
    }

    /// Gives an identity another name and colour.
    ///
    /// # Errors
    /// Fails where there is no such identity.
    #[expect(clippy::unused_async, reason = "every command of the bridge is awaited")]
    pub async fn update_identity(&self, identity: String, name: String, colour: u32) -> Result<IdentityView, Failure> {
        let mut roster = self.roster();
        let member = roster.member_mut(&identity)?;
        name.trim().clone_into(&mut member.stored.name);
        member.stored.colour = colour % COLOURS;
        let view = identity_view(&roster, roster.member(&identity)?);
        roster.write()?;
        drop(roster);
        self.shell.changed(Change::Identity { identity: Box::new(view.clone()) });
        Ok(view)
    }

    /// Signs an identity out and removes it.
    ///
    /// # Errors
    /// Fails where the keychain is locked: then nothing is removed.
    pub async fn remove_identity(&self, identity: String) -> Result<(), Failure> {
        self.sign_out(identity.clone()).await?;
        let jar = self.jar(&identity);
        let mut roster = self.roster();
        roster.members.retain(|member| member.stored.id != identity);
        roster.write()?;
        drop(roster);
        // Its web process may still hold files in it; what is left there is empty of cookies.
        let _removed = std::fs::remove_dir_all(jar);
        Ok(())
    }

    /// Tells the window of an identity as it is now.
    pub(crate) fn tell_identity(&self, identity: &str) {
        let roster = self.roster();
        let view = roster.member(identity).map(|member| identity_view(&roster, member));
        drop(roster);
        if let Ok(view) = view {
            self.shell.changed(Change::Identity { identity: Box::new(view) });
        }
    }
}

fn checked(draft: &PoolDraft) -> Result<UserPool, Failure> {
    let given = |text: &String| Some(text.trim().to_owned()).filter(|text| !text.is_empty());
    let facts = PoolFacts {
        domain: draft.domain.clone(),
        client_id: draft.client_id.clone(),
        region: given(&draft.region),
        pool_id: given(&draft.pool_id),
        issuer: None,
        callback: draft.callback.clone(),
        scopes: draft.scopes.clone(),
    };
    UserPool::new(&facts).map_err(|error| Failure::from_error(Code::PoolInvalid, &error, ""))
}

fn named(draft: &PoolDraft, pool: &UserPool) -> String {
    let name = draft.name.trim();
    if name.is_empty() { host(pool) } else { name.to_owned() }
}

/// A prefix domain is known by its prefix, another one by its host.
fn host(pool: &UserPool) -> String {
    let host = pool.domain().host_str().unwrap_or_default();
    host.split_once(".auth").map_or(host, |(prefix, _)| prefix).to_owned()
}

/// New facts keep what was learned and pinned, unless they say something themselves.
fn with_pin(facts: PoolFacts, known: &StoredPool) -> PoolFacts {
    if facts.pool_id.is_some() && facts.pool_id != known.facts.pool_id {
        return facts;
    }
    PoolFacts {
        region: facts.region.or_else(|| known.facts.region.clone()),
        pool_id: facts.pool_id.or_else(|| known.facts.pool_id.clone()),
        issuer: facts.issuer.or_else(|| known.facts.issuer.clone()),
        ..facts
    }
}

pub(crate) fn pool_view(pool: &StoredPool) -> PoolView {
    PoolView {
        id: pool.id.clone(),
        facts: PoolDraft {
            name: pool.name.clone(),
            domain: pool.facts.domain.clone(),
            client_id: pool.facts.client_id.clone(),
            callback: pool.facts.callback.clone(),
            scopes: pool.facts.scopes.clone(),
            region: pool.facts.region.clone().unwrap_or_default(),
            pool_id: pool.facts.pool_id.clone().unwrap_or_default(),
            remarks: Vec::new(),
        },
        issuer: pool.facts.issuer.clone(),
        learned: pool.learned,
        sandbox: pool.sandbox,
    }
}

pub(crate) fn identity_view(roster: &Roster, member: &Member) -> IdentityView {
    let busy = member.window.is_some();
    let state = match &member.session {
        Some(session) => SignInState::SignedIn {
            session: Box::new(crate::sessions::session_view(session, member.kept)),
            renewing: busy,
        },
        None if busy => SignInState::SigningIn,
        None if member.locked => SignInState::Locked,
        None => SignInState::SignedOut,
    };
    IdentityView {
        id: member.stored.id.clone(),
        name: roster.name_of(member),
        colour: member.stored.colour,
        pool: member.stored.pool.clone(),
        state,
    }
}
