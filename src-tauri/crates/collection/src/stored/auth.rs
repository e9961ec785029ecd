//! The `auth` block: the token of a sign-in as `oauth2`, everything else kept word for word.

use super::{Flow, PoolFacts, ShapeError};
use crate::model::{TokenAuth, TokenKind};
use crate::yaml::node::{Kind, Node};
use crate::yaml::value::Value;

/// The header of OAuth's bearer tokens (RFC 6750 §2.1).
const AUTHORIZATION: &str = "Authorization";

/// What stands in front of a token by custom. Bruno takes the whole placement for such a prefix.
const PREFIXES: [&str; 2] = ["Bearer", "JWT"];

/// In what an `auth` block stands: what its absence means differs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// The collection, which inherits from nothing.
    Collection,
    /// A folder: an absent block is transparent.
    Folder,
    /// A request: an absent block is no token.
    Request,
}

/// Reads an `auth` block.
pub fn read(node: Option<&Node>, level: Level) -> Result<TokenAuth, ShapeError> {
    let Some(node) = node.filter(|node| !node.is_null()) else {
        return Ok(if level == Level::Folder { TokenAuth::Inherit } else { TokenAuth::None });
    };
    if let Some(word) = node.text() {
        return match word {
            "inherit" if level == Level::Collection => Ok(TokenAuth::None),
            "inherit" => Ok(TokenAuth::Inherit),
            "none" => Ok(TokenAuth::None),
            _ => Err(ShapeError::at(node, "auth must be a block of keys or the word inherit")),
        };
    }
    if !matches!(node.target().kind, Kind::Mapping { .. }) {
        return Err(ShapeError::at(node, "auth must be a block of keys or the word inherit"));
    }
    let kind = node.get("type").and_then(Node::text).unwrap_or_default();
    match kind {
        "oauth2" => Ok(token(node).unwrap_or_else(|| foreign(kind))),
        "apikey" if level != Level::Request && is_empty(node, "key") => Ok(TokenAuth::None),
        kind => Ok(foreign(kind)),
    }
}

/// Writes an `auth` block.
pub fn write(token: &TokenAuth, level: Level, facts: Option<&PoolFacts>) -> Option<Value> {
    match (token, level) {
        (TokenAuth::Inherit, Level::Request) => Some(Value::text("inherit")),
        (TokenAuth::Inherit, _) | (TokenAuth::None, Level::Request | Level::Collection) => None,
        // The format has no word for "from here on none"; an API key without a name adds nothing and ends the search.
        (TokenAuth::None, Level::Folder) => Some(Value::mapping([
            ("type", Some(Value::text("apikey"))),
            ("key", Some(Value::text(""))),
            ("value", Some(Value::text(""))),
            ("placement", Some(Value::text("header"))),
        ])),
        (TokenAuth::Foreign { .. }, _) => Some(Value::Kept),
        (TokenAuth::Send { identity, token, header, prefix }, _) => {
            let fact =
                |fact: fn(&PoolFacts) -> &Option<String>| facts.and_then(|facts| fact(facts).as_ref()).map(Value::text);
            let source = match token {
                TokenKind::Id => "id_token",
                TokenKind::Access => "access_token",
            };
            Some(Value::mapping([
                ("type", Some(Value::text("oauth2"))),
                ("flow", Some(Value::text(facts.map(|facts| facts.flow).unwrap_or_default().word()))),
                ("authorizationUrl", fact(|facts| &facts.authorization_url)),
                ("accessTokenUrl", fact(|facts| &facts.token_url)),
                ("callbackUrl", fact(|facts| &facts.callback_url)),
                ("credentials", Some(Value::mapping([("clientId", fact(|facts| &facts.client_id))]))),
                ("scope", fact(|facts| &facts.scope)),
                (
                    "tokenConfig",
                    Some(Value::mapping([
                        ("id", identity.as_ref().map(Value::text)),
                        ("placement", Some(Value::mapping([("header", Some(Value::Text(placement(header, prefix))))]))),
                        ("source", Some(Value::text(source))),
                    ])),
                ),
            ]))
        }
    }
}

fn token(node: &Node) -> Option<TokenAuth> {
    let _known = node.get("flow").and_then(Node::text).and_then(Flow::of)?;
    let config = node.get("tokenConfig");
    let placement = config.and_then(|config| config.get("placement"));
    let header = match placement {
        Some(placement) => placement.get("header")?.text().unwrap_or_default(),
        None => "Bearer",
    };
    let (header, prefix) = placed(header);
    let source = config.and_then(|config| config.get("source")).and_then(Node::text);
    let identity = config.and_then(|config| config.get("id")).and_then(Node::text);
    Some(TokenAuth::Send {
        identity: identity.filter(|id| !id.is_empty()).map(ToOwned::to_owned),
        token: if source == Some("id_token") { TokenKind::Id } else { TokenKind::Access },
        header: header.to_owned(),
        prefix: prefix.to_owned(),
    })
}

/// Writes header and prefix as one placement: a known prefix alone stands for `Authorization`, a name alone is a
/// header, and a name with a blank behind it has its prefix there. Header names hold no blank (RFC 9110 §5.1).
fn placement(header: &str, prefix: &str) -> String {
    if header == AUTHORIZATION && (prefix.is_empty() || PREFIXES.contains(&prefix)) {
        return prefix.to_owned();
    }
    if prefix.is_empty() && !header.is_empty() && !PREFIXES.contains(&header) {
        return header.to_owned();
    }
    format!("{header} {prefix}")
}

fn placed(placement: &str) -> (&str, &str) {
    if placement.is_empty() || PREFIXES.contains(&placement) {
        return (AUTHORIZATION, placement);
    }
    placement.split_once(' ').unwrap_or((placement, ""))
}

fn foreign(kind: &str) -> TokenAuth {
    TokenAuth::Foreign { auth_type: kind.to_owned() }
}

fn is_empty(node: &Node, key: &str) -> bool {
    node.get(key).and_then(Node::text).unwrap_or_default().is_empty()
}
