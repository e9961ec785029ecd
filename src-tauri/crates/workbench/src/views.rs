//! What the window is shown. No view holds a secret.

use gatepass_collection::model::{ApiKeyAuth, Auth, Collection, ItemPath, Request, TokenAuth};
use gatepass_exchange::exchange::{Exchange, HeaderOrigin};
use gatepass_gateway::verdict::Verdict;
use serde::{Deserialize, Serialize};
use specta::Type;

use crate::failure::Failure;

mod inspection;
mod people;

pub use gatepass_identity::{Endpoints, Grant, Provider, SignInOptions};
pub use inspection::{CheckOutcome, ClaimChange, ExaminedCheck, InspectedToken};
pub use people::{
    CheckView, ClaimView, GrantOffer, GrantOffers, IdentityEdit, IdentityView, KeychainView, PoolDraft, PoolView,
    SandboxUser, SandboxView, SessionView, SignInEnd, SignInPlace, SignInState, TokenView,
};

/// Everything that the window needs to paint itself once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Startup {
    /// The app's version.
    pub version: String,
    /// `mac`, `windows` or `linux`: which keys and words are shown.
    pub platform: String,
    /// The open collections.
    pub collections: Vec<Collection>,
    /// Folders that were open and cannot be opened now, each with the reason.
    pub lost_collections: Vec<LostCollection>,
    /// The user pools.
    pub pools: Vec<PoolView>,
    /// The identities.
    pub identities: Vec<IdentityView>,
    /// The keychain's state.
    pub keychain: KeychainView,
    /// The sandbox, where it runs.
    pub sandbox: Option<SandboxView>,
    /// The window as it was left.
    pub desk: Desk,
}

/// A collection that was open and cannot be opened now.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct LostCollection {
    /// Its folder.
    pub root: String,
    /// Why.
    pub failure: Failure,
}

/// The window as it was left: restored after a restart or a crash.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct Desk {
    /// The tabs from left to right.
    pub tabs: Vec<TabState>,
    /// The id of the tab that is shown.
    pub active_tab: Option<String>,
    /// The identity chosen in the title bar.
    pub identity: Option<String>,
    /// The environment chosen for each collection.
    pub environments: Vec<ChosenEnvironment>,
    /// The identity that goes with an environment, where the user has said so.
    pub identities: Vec<EnvironmentIdentity>,
    /// The folders that are unfolded in the tree.
    pub unfolded: Vec<FolderRef>,
    /// Panes and theme.
    pub layout: Layout,
}

/// A folder of a collection; the collection itself where the path is empty.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FolderRef {
    /// The collection's root.
    pub collection: String,
    /// The folder.
    pub path: ItemPath,
}

/// A tab.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct TabState {
    /// The tab's own id.
    pub id: String,
    /// The root of the collection that its request belongs to, or goes to when saved.
    pub collection: Option<String>,
    /// The file; absent for a request that was never saved.
    pub path: Option<ItemPath>,
    /// The request as edited; absent where it equals the file.
    pub draft: Option<Request>,
    /// The version of the file on which the draft is based.
    pub version: Option<String>,
}

/// Which environment is chosen for a collection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct ChosenEnvironment {
    /// The collection's root.
    pub collection: String,
    /// The environment's name.
    pub environment: String,
}

/// Which identity goes with an environment.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EnvironmentIdentity {
    /// The collection's root.
    pub collection: String,
    /// The environment's name.
    pub environment: String,
    /// The identity's id.
    pub identity: String,
}

/// Panes and theme.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", default)]
pub struct Layout {
    /// Width of the sidebar in CSS pixels.
    pub sidebar_width: f64,
    /// Whether the sidebar is shown.
    pub sidebar_open: bool,
    /// Share of the request pane, 0 to 1.
    pub split: f64,
    /// Whether the response stands below the request.
    pub stacked: bool,
    /// Light, dark, or as the system.
    pub theme: Theme,
    /// Zoom factor, 0.5 to 2.
    pub zoom: f64,
}

impl Default for Layout {
    fn default() -> Self {
        Self { sidebar_width: 264.0, sidebar_open: true, split: 0.45, stacked: false, theme: Theme::System, zoom: 1.0 }
    }
}

/// The window's colours.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Theme {
    /// As the system has it.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// A request of a collection, opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct OpenedRequest {
    /// Its file.
    pub path: ItemPath,
    /// The request.
    pub request: Request,
    /// The file's version: given back when saving, so that a change by others is noticed.
    pub version: String,
}

/// Which request is meant, and in which surroundings.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct RequestContext {
    /// The collection's root, where it belongs to one.
    pub collection: Option<String>,
    /// Its file, or for a request that was never saved the folder that it would go to.
    pub path: Option<ItemPath>,
    /// The environment.
    pub environment: Option<String>,
    /// The identity chosen in the title bar.
    pub identity: Option<String>,
    /// The identity that this one send goes out as, whatever is chosen.
    pub send_as: Option<String>,
}

/// What would go out if the request were sent now, secrets masked: the pass line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Preview {
    /// The URL with variables resolved, secrets masked.
    pub url: String,
    /// Credentials and inherited headers, in order.
    pub passes: Vec<Pass>,
    /// The credentials that hold, after inheritance.
    pub auth: Auth,
    /// Where the token part comes from: the folder's path, or empty for the collection; absent if its own.
    pub token_from: Option<Inherited>,
    /// The same for the key.
    pub api_key_from: Option<Inherited>,
    /// What this request would inherit if it said nothing itself: for the words at *override* and *inherit*.
    pub inherited_token: TokenAuth,
    /// The same for the key.
    pub inherited_api_key: ApiKeyAuth,
    /// Whether a value for the key is stored for the chosen environment.
    pub api_key_stored: bool,
    /// What would stop it from being sent.
    pub problems: Vec<Failure>,
}

/// Where something is inherited from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Inherited {
    /// The folder; empty for the collection itself.
    pub path: ItemPath,
    /// Its label.
    pub name: String,
}

/// A header that will be added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Pass {
    /// The header's name.
    pub header: String,
    /// What it carries, for example "ID token of ada"; never the value of a secret.
    pub carries: String,
    /// Who adds it.
    pub origin: HeaderOrigin,
    /// Why it cannot be added, or will not do, for example "expired 3 min ago".
    pub warning: Option<String>,
}

/// An answer, with its reading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// Names the answer when its lines are asked for.
    pub id: u32,
    /// What was sent and what came.
    pub exchange: Exchange,
    /// The reading, where the answer comes from an API gateway.
    pub verdict: Option<Verdict>,
    /// The first lines of the content, pretty where there is a pretty form, so that a small answer needs no second call.
    pub first_lines: String,
    /// Whether the token was renewed for it.
    pub renewal: Option<Renewal>,
    /// Why the token was not renewed although the API called it expired.
    pub not_renewed: Option<Failure>,
    /// The identity whose token went out; nobody where none did.
    pub sent_as: Option<String>,
}

/// When the token of a request was renewed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Renewal {
    /// It had expired, and the request waited.
    BeforeSend,
    /// The API said that it had expired, and the request was sent again.
    AfterRefusal,
}

/// How a send ended, when nothing failed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum SendEnd {
    /// An answer came, whatever its status.
    Answered {
        /// The answer.
        answer: Box<Answer>,
    },
    /// The user cancelled.
    Cancelled,
}

/// Something changed that the window shows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum Change {
    /// An identity.
    Identity {
        /// As it is now.
        identity: Box<IdentityView>,
    },
    /// A user pool, for example because its issuer was learned.
    Pool {
        /// As it is now.
        pool: Box<PoolView>,
    },
    /// A collection's files, by another program or by Gatepass.
    Collection {
        /// As it is now.
        collection: Box<Collection>,
        /// Files whose content another program changed.
        changed: Vec<ItemPath>,
    },
    /// A send waits for its identity's token.
    SendWaits {
        /// The send.
        send: u32,
        /// The identity.
        identity: String,
        /// Whether the user has to sign in; else the renewal goes on by itself.
        sign_in: bool,
    },
    /// The keychain.
    Keychain {
        /// As it is now.
        keychain: KeychainView,
    },
    /// The sandbox was started.
    Sandbox {
        /// As it is now.
        sandbox: SandboxView,
    },
}
