//! What a saved request, folder and environment are, apart from the file they lie in.
//!
//! The same types cross the bridge to the window: they hold no secret, only the names under which secrets lie in the
//! keychain.

use serde::{Deserialize, Serialize};
use specta::Type;

/// A request as the user edits it and as it is saved.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Request {
    /// The label, `info.name`.
    pub name: String,
    /// An HTTP method (RFC 9110 §9), upper case as typed.
    pub method: String,
    /// The URL as typed, with `{{variables}}`, with its query.
    pub url: String,
    /// Query and path parameters. The query part mirrors the query of `url`.
    pub params: Vec<Parameter>,
    /// Header fields in the order in which they are sent.
    pub headers: Vec<Field>,
    /// Which credentials go with it.
    pub auth: Auth,
    /// What is sent as content.
    pub body: Body,
    /// How it is sent.
    pub settings: Settings,
    /// Notes in Markdown.
    pub docs: String,
}

/// A named value that can be switched off.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Field {
    /// The name, as typed.
    pub name: String,
    /// The value, as typed, with `{{variables}}`.
    pub value: String,
    /// Switched off, but kept.
    pub disabled: bool,
    /// A note.
    pub description: String,
}

/// A parameter of the URL.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Parameter {
    /// Where it stands.
    pub place: ParameterPlace,
    /// The name, as typed.
    pub name: String,
    /// The value, as typed, with `{{variables}}`.
    pub value: String,
    /// Switched off, but kept.
    pub disabled: bool,
    /// A note.
    pub description: String,
}

/// Where a parameter stands in the URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum ParameterPlace {
    /// Behind the `?`.
    Query,
    /// A `:name` segment of the path.
    Path,
}

/// The credentials of a request, folder or collection: a token and an API key, each chosen by itself.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Auth {
    /// The token part.
    pub token: TokenAuth,
    /// The API key part.
    pub api_key: ApiKeyAuth,
}

/// Whether and how a token of a sign-in is sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "mode")]
pub enum TokenAuth {
    /// As the folder or collection above says; nothing where none says anything.
    #[default]
    Inherit,
    /// No token.
    None,
    /// This token in this header.
    Send {
        /// The identity's id; the one chosen in the title bar where it is absent.
        identity: Option<String>,
        /// Which of its tokens.
        token: TokenKind,
        /// The header's name: the authorizer's token source.
        header: String,
        /// What stands in front of the token with a blank between, for example `Bearer`; may be empty.
        prefix: String,
    },
    /// An auth block of a kind that Gatepass keeps word for word but does not send.
    Foreign {
        /// The block's own type, for example `digest`.
        auth_type: String,
    },
}

/// Which of the two JWTs of a sign-in.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum TokenKind {
    /// The ID token (OIDC Core §2): what a Cognito authorizer without scopes takes.
    #[default]
    Id,
    /// The access token (RFC 6749 §1.4): what an authorizer with scopes takes.
    Access,
}

/// Whether and how an API key is sent.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "mode")]
pub enum ApiKeyAuth {
    /// As the folder or collection above says.
    #[default]
    Inherit,
    /// No key.
    None,
    /// The key in this header.
    Send {
        /// The header's name, `x-api-key` at API Gateway.
        header: String,
        /// The secret variable whose value, in the keychain, is the key.
        variable: String,
    },
}

/// What a request carries as content.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum Body {
    /// Nothing.
    #[default]
    None,
    /// Text that is JSON (RFC 8259), sent as typed.
    Json {
        /// The text with `{{variables}}`.
        text: String,
    },
    /// Any text.
    Text {
        /// The text with `{{variables}}`.
        text: String,
    },
    /// XML.
    Xml {
        /// The text with `{{variables}}`.
        text: String,
    },
    /// `application/x-www-form-urlencoded`.
    Form {
        /// The fields in order.
        fields: Vec<Field>,
    },
    /// `multipart/form-data` (RFC 7578).
    Multipart {
        /// The parts in order.
        parts: Vec<Part>,
    },
    /// A file, byte for byte.
    File {
        /// Its path: absolute, or relative to the collection.
        path: String,
        /// Its media type; guessed from the name where it is empty.
        content_type: String,
    },
    /// A body of a kind that Gatepass keeps word for word but does not send.
    Foreign {
        /// The body's own type, for example `sparql`.
        body_type: String,
    },
}

/// A part of a multipart body.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Part {
    /// The field's name.
    pub name: String,
    /// Text, or the path of a file.
    pub value: String,
    /// Whether `value` is a path.
    pub file: bool,
    /// Its media type; guessed where it is empty.
    pub content_type: String,
    /// Switched off, but kept.
    pub disabled: bool,
}

/// How a request is sent. An absent value is inherited, and at the top has the default named here.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Settings {
    /// Time limit for the whole exchange in milliseconds; 0 is none. Default 30,000.
    pub timeout: Option<u32>,
    /// Whether redirects are followed. Default true.
    pub follow_redirects: Option<bool>,
    /// How many at the most. Default 10.
    pub max_redirects: Option<u32>,
}

/// What a folder or the collection hands down to the requests in it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Defaults {
    /// Header fields that every request gets, unless it has one of the same name itself.
    pub headers: Vec<Field>,
    /// The credentials.
    pub auth: Auth,
    /// How the requests are sent.
    pub settings: Settings,
    /// Notes in Markdown.
    pub docs: String,
}

/// A set of variables.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Environment {
    /// Its name, also its file's.
    pub name: String,
    /// The variables in order.
    pub variables: Vec<Variable>,
}

/// A variable of an environment.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Variable {
    /// The name between the braces.
    pub name: String,
    /// The value; always empty for a secret, whose value lies in the keychain.
    pub value: String,
    /// Whether the value is a secret.
    pub secret: bool,
    /// Switched off, but kept.
    pub disabled: bool,
}

/// Where an item lies: its path relative to the collection's root, with `/`, for example `orders/List open.yml`; the
/// collection itself is the empty path.
pub type ItemPath = String;

/// A collection as it was read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Collection {
    /// The uuid in `extensions.gatepass.id`: the name of its secrets in the keychain; empty until the first is stored.
    pub id: String,
    /// The label, `info.name`.
    pub name: String,
    /// The absolute path of its folder.
    pub root: String,
    /// What it hands down.
    pub defaults: Defaults,
    /// Its top level, in order.
    pub items: Vec<Item>,
    /// Its environments by name.
    pub environments: Vec<Environment>,
    /// The secret variables that hold whatever the environment, `extensions.gatepass.secrets`.
    pub secrets: Vec<String>,
    /// Files that could not be read; the rest of the collection is there all the same.
    pub problems: Vec<FileProblem>,
}

/// Something in a collection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum Item {
    /// A folder.
    Folder {
        /// Its folder's path.
        path: ItemPath,
        /// Its label.
        name: String,
        /// What it hands down.
        defaults: Box<Defaults>,
        /// What is in it, in order.
        items: Vec<Item>,
    },
    /// An HTTP request; read whole with `CollectionFolder::request`.
    Request {
        /// Its file's path.
        path: ItemPath,
        /// Its label.
        name: String,
        /// Its method.
        method: String,
        /// Its URL, as typed.
        url: String,
    },
    /// A file of a kind that Gatepass shows and keeps but does not edit.
    Foreign {
        /// Its file's path.
        path: ItemPath,
        /// Its label.
        name: String,
        /// Its `info.type`, for example `graphql`.
        item_type: String,
    },
    /// A file that could not be read; `problems` says why.
    Broken {
        /// Its file's path.
        path: ItemPath,
        /// Its file's name.
        name: String,
    },
}

/// Why a file could not be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct FileProblem {
    /// The file.
    pub path: ItemPath,
    /// The line, counted from 1, where it is known.
    pub line: Option<u32>,
    /// The column, counted from 1, where it is known.
    pub column: Option<u32>,
    /// What is wrong.
    pub message: String,
}

impl Item {
    /// Gives the item's path.
    pub fn path(&self) -> &str {
        match self {
            Self::Folder { path, .. }
            | Self::Request { path, .. }
            | Self::Foreign { path, .. }
            | Self::Broken { path, .. } => path,
        }
    }

    /// Gives the item's label.
    pub fn name(&self) -> &str {
        match self {
            Self::Folder { name, .. }
            | Self::Request { name, .. }
            | Self::Foreign { name, .. }
            | Self::Broken { name, .. } => name,
        }
    }
}
