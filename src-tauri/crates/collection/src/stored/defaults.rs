//! What `folder.yml` and `opencollection.yml` hand down, and what the latter holds of Gatepass's own.

use super::auth::{self, Level};
use super::parts::{self, Layout, block, list, text};
use super::{PoolFacts, ShapeError, Surroundings};
use crate::model::{ApiKeyAuth, Auth, Defaults};
use crate::yaml::node::Node;
use crate::yaml::value::Value;

/// Defaults with where their file has what.
#[derive(Debug, Clone)]
pub struct StoredDefaults {
    pub name: String,
    pub defaults: Defaults,
    level: Level,
    layout: Layout,
}

impl StoredDefaults {
    /// What a folder without a file of its own hands down.
    pub fn absent(name: &str) -> Self {
        Self { name: name.to_owned(), defaults: Defaults::default(), level: Level::Folder, layout: Layout::default() }
    }

    /// Writes a label and defaults as this file would have them.
    pub fn write(&self, name: &str, defaults: &Defaults, facts: Option<&PoolFacts>, around: &Surroundings) -> Value {
        let key = match (&defaults.auth.api_key, self.level) {
            (ApiKeyAuth::None, Level::Collection) => &ApiKeyAuth::Inherit,
            (key, _) => key,
        };
        let kind = (self.level == Level::Folder).then(|| Value::text("folder"));
        Value::mapping([
            ("info", Some(Value::mapping([("name", Some(Value::text(name))), ("type", kind)]))),
            (
                "request",
                Some(Value::mapping([
                    ("headers", parts::headers_value(&defaults.headers, key, &self.layout)),
                    ("auth", auth::write(&defaults.auth.token, self.level, facts)),
                    (
                        "settings",
                        Some(Value::mapping([(
                            "http",
                            Some(parts::settings_value(&defaults.settings, key, &self.layout, around)),
                        )])),
                    ),
                ])),
            ),
            ("docs", Value::some_text(&defaults.docs)),
        ])
    }
}

/// Reads a `folder.yml` or `opencollection.yml`; `stem` is its label where it has none.
pub fn read(root: &Node, stem: &str, level: Level, around: &Surroundings) -> Result<StoredDefaults, ShapeError> {
    block(Some(root), "this file")?;
    let info = block(root.get("info"), "info")?;
    let request = block(root.get("request"), "request")?;
    let settings = block(request.and_then(|request| request.at(&["settings", "http"])), "settings.http")?;
    let (headers, key, layout) = parts::headers(request.and_then(|request| request.get("headers")), settings, around)?;
    let api_key = match key {
        ApiKeyAuth::Inherit if level == Level::Collection => ApiKeyAuth::None,
        key => key,
    };
    let name = text(info.and_then(|info| info.get("name")), "the name")?;
    let defaults = Defaults {
        headers,
        auth: Auth { token: auth::read(request.and_then(|request| request.get("auth")), level)?, api_key },
        settings: parts::settings(settings),
        docs: text(root.get("docs"), "docs")?,
    };
    Ok(StoredDefaults { name: if name.is_empty() { stem.to_owned() } else { name }, defaults, level, layout })
}

/// What Gatepass keeps in `extensions.gatepass`, the only place that the format has for it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Extension {
    /// The name of the collection's secrets in the keychain.
    pub id: String,
    /// The secret variables that hold whatever the environment.
    pub secrets: Vec<String>,
}

/// Reads `extensions.gatepass`.
pub fn extension(root: &Node) -> Result<Extension, ShapeError> {
    let node = block(root.at(&["extensions", "gatepass"]), "extensions.gatepass")?;
    let get = |key: &str| node.and_then(|node| node.get(key));
    Ok(Extension {
        id: text(get("id"), "the id")?,
        secrets: list(get("secrets"), "secrets", |node| text(Some(node), "a name"))?,
    })
}

/// Writes `extensions.gatepass`.
pub fn extension_value(extension: &Extension) -> Value {
    Value::mapping([(
        "extensions",
        Some(Value::mapping([(
            "gatepass",
            Some(Value::mapping([
                ("id", Value::some_text(&extension.id)),
                ("secrets", Value::some_items(extension.secrets.iter().map(Value::text).collect())),
            ])),
        )])),
    )])
}

/// Writes a new collection's `opencollection.yml`.
pub fn new_collection(name: &str, id: &str) -> Value {
    let extension = extension_value(&Extension { id: id.to_owned(), secrets: Vec::new() });
    Value::mapping([
        ("opencollection", Some(Value::text("1.0.0"))),
        ("info", Some(Value::mapping([("name", Some(Value::text(name)))]))),
        ("extensions", extension.get("extensions").cloned()),
    ])
}
