//! The user pools and the identities, as they are kept between sessions: public facts, no token.

use gatepass_identity::{PoolFacts, Session, SignInOptions, UserPool};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::failure::{Code, Failure};
use crate::store::JsonFile;
use crate::views::{ClaimChange, SignInPlace};

/// How many colours identities are told apart by.
pub const COLOURS: u32 = 6;

/// A user pool and client, as kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredPool {
    pub id: String,
    pub name: String,
    pub facts: PoolFacts,
    /// The issuer was read from the first token and is pinned.
    #[serde(default)]
    pub learned: bool,
    /// It is the sandbox's.
    #[serde(default)]
    pub sandbox: bool,
    #[serde(default)]
    pub place: SignInPlace,
    /// A client secret lies in the keychain.
    #[serde(default)]
    pub client_secret: bool,
}

impl StoredPool {
    /// The facts, checked.
    pub fn user_pool(&self) -> Result<UserPool, Failure> {
        UserPool::new(&self.facts)
            .map_err(|error| Failure::from_error(Code::PoolInvalid, &error, "Open the pool's settings and correct it."))
    }
}

/// An identity, as kept.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct StoredIdentity {
    pub id: String,
    /// The name that was given to it; empty where it is called by its user's.
    pub name: String,
    /// Who signed in last; empty until somebody has.
    #[serde(default)]
    pub user: String,
    pub colour: u32,
    pub pool: String,
    /// Somebody is signed in: tokens should lie in the vault.
    #[serde(default)]
    pub signed_in: bool,
    #[serde(default)]
    pub options: SignInOptions,
    /// The pool's session cookie stays when the app is closed.
    #[serde(default = "kept")]
    pub keep_session: bool,
}

impl StoredIdentity {
    /// The name that was given to it, or else its user's.
    pub fn known_as(&self) -> Option<&str> {
        [&self.name, &self.user].into_iter().map(String::as_str).find(|name| !name.is_empty())
    }
}

fn kept() -> bool {
    true
}

/// An identity with what is known of it now.
#[derive(Debug)]
pub struct Member {
    pub stored: StoredIdentity,
    pub session: Option<Session>,
    /// What is different from the last tokens.
    pub changes: Changes,
    /// The tokens are in a keychain that has not been unlocked.
    pub locked: bool,
    /// The tokens are in the keychain, and not in memory alone.
    pub kept: bool,
    /// Names the sign-in or renewal that is under way.
    pub attempt: Option<String>,
    /// The session is over: only the user can renew.
    pub over: bool,
}

/// What is different from an identity's last tokens.
#[derive(Debug, Clone, Default)]
pub struct Changes {
    pub id: Vec<ClaimChange>,
    pub access: Vec<ClaimChange>,
}

impl Member {
    fn new(stored: StoredIdentity) -> Self {
        let locked = stored.signed_in;
        Self { stored, session: None, changes: Changes::default(), locked, kept: false, attempt: None, over: false }
    }
}

/// What is kept of pools and identities.
#[derive(Debug)]
pub struct Roster {
    pools_file: JsonFile,
    identities_file: JsonFile,
    pub pools: Vec<StoredPool>,
    pub members: Vec<Member>,
}

impl Roster {
    /// Reads both files.
    pub fn read(pools_file: JsonFile, identities_file: JsonFile) -> Self {
        let pools: Vec<StoredPool> = pools_file.read();
        let identities: Vec<StoredIdentity> = identities_file.read();
        let members = identities
            .into_iter()
            .filter(|identity| pools.iter().any(|pool| pool.id == identity.pool))
            .map(Member::new)
            .collect();
        Self { pools_file, identities_file, pools, members }
    }

    /// Writes both files.
    pub fn write(&self) -> Result<(), Failure> {
        self.pools_file.write(&self.pools)?;
        let identities: Vec<&StoredIdentity> = self.members.iter().map(|member| &member.stored).collect();
        self.identities_file.write(&identities)
    }

    pub fn pool(&self, id: &str) -> Result<&StoredPool, Failure> {
        self.pools.iter().find(|pool| pool.id == id).ok_or_else(|| unknown("user pool"))
    }

    pub fn pool_mut(&mut self, id: &str) -> Result<&mut StoredPool, Failure> {
        self.pools.iter_mut().find(|pool| pool.id == id).ok_or_else(|| unknown("user pool"))
    }

    pub fn member(&self, id: &str) -> Result<&Member, Failure> {
        self.members.iter().find(|member| member.stored.id == id).ok_or_else(|| unknown("identity"))
    }

    pub fn member_mut(&mut self, id: &str) -> Result<&mut Member, Failure> {
        self.members.iter_mut().find(|member| member.stored.id == id).ok_or_else(|| unknown("identity"))
    }

    /// What an identity is called: its pool's user, until the first sign-in tells who it is.
    pub fn name_of(&self, member: &Member) -> String {
        if let Some(known) = member.stored.known_as() {
            return known.to_owned();
        }
        self.pool(&member.stored.pool).map_or_else(|_| "somebody".to_owned(), |pool| format!("{} user", pool.name))
    }

    /// Adds an identity of a pool and gives its id.
    pub fn add_member(&mut self, pool: String, name: String) -> String {
        let stored = StoredIdentity {
            id: Uuid::new_v4().to_string(),
            name,
            user: String::new(),
            colour: self.next_colour(),
            pool,
            signed_in: false,
            options: SignInOptions::default(),
            keep_session: true,
        };
        let id = stored.id.clone();
        self.members.push(Member::new(stored));
        id
    }

    /// The colour that the fewest identities have.
    fn next_colour(&self) -> u32 {
        let used = |colour: &u32| self.members.iter().filter(|member| member.stored.colour == *colour).count();
        (0..COLOURS).min_by_key(used).unwrap_or_default()
    }
}

fn unknown(what: &str) -> Failure {
    Failure::new(Code::Unknown, format!("This {what} is not there any more."), "Choose another one.")
}
