//! What a request comes to with all that its folders and its collection hand down.

use serde::{Deserialize, Serialize};
use specta::Type;

use crate::model::{ApiKeyAuth, Auth, Collection, Defaults, Field, Item, ItemPath, Request, Settings, TokenAuth};

/// The time limit where nobody sets one, in milliseconds.
const TIMEOUT: u32 = 30_000;

/// How many redirects are followed where nobody says.
const MAX_REDIRECTS: u32 = 10;

/// A request's headers, credentials and settings, each with the item that it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Effective {
    /// The header fields that are switched on, the collection's first, the request's last.
    pub headers: Vec<EffectiveHeader>,
    /// The token; never `Inherit`.
    pub token: TokenAuth,
    /// The item that the token part comes from; the empty path where nobody says anything.
    pub token_origin: ItemPath,
    /// The API key; never `Inherit`.
    pub api_key: ApiKeyAuth,
    /// The item that the API key part comes from; the empty path where nobody says anything.
    pub api_key_origin: ItemPath,
    /// How it is sent.
    pub settings: EffectiveSettings,
}

/// A header field and the item that it comes from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EffectiveHeader {
    /// The field.
    pub field: Field,
    /// The item; the empty path is the collection.
    pub origin: ItemPath,
}

/// How a request is sent; the origins are absent where the value is the default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct EffectiveSettings {
    /// Time limit for the whole exchange in milliseconds; 0 is none.
    pub timeout: u32,
    /// The item that the time limit comes from.
    pub timeout_origin: Option<ItemPath>,
    /// Whether redirects are followed.
    pub follow_redirects: bool,
    /// The item that says so.
    pub follow_redirects_origin: Option<ItemPath>,
    /// How many at the most.
    pub max_redirects: u32,
    /// The item that the number comes from.
    pub max_redirects_origin: Option<ItemPath>,
}

/// Finds what a request at a path comes to. It need not be saved: a draft has the path that it would get.
///
/// Token and API key are inherited apart from each other. A header field hides those of the same name from further up;
/// one that is switched off hides nothing.
pub fn effective(collection: &Collection, path: &str, request: &Request) -> Effective {
    let mut chain: Vec<(&str, &Defaults)> = vec![("", &collection.defaults)];
    chain.extend(folders_above(&collection.items, path));
    let own = Defaults {
        headers: request.headers.clone(),
        auth: request.auth.clone(),
        settings: request.settings.clone(),
        docs: String::new(),
    };
    chain.push((path, &own));
    let (token, token_origin) = nearest(&chain, |auth| match &auth.token {
        TokenAuth::Inherit => None,
        token => Some(token.clone()),
    });
    let (api_key, api_key_origin) = nearest(&chain, |auth| match &auth.api_key {
        ApiKeyAuth::Inherit => None,
        key => Some(key.clone()),
    });
    Effective {
        headers: headers(&chain),
        token: token.unwrap_or(TokenAuth::None),
        token_origin,
        api_key: api_key.unwrap_or(ApiKeyAuth::None),
        api_key_origin,
        settings: settings(&chain),
    }
}

fn folders_above<'a>(items: &'a [Item], path: &str) -> Vec<(&'a str, &'a Defaults)> {
    let mut chain = Vec::new();
    let mut level = items;
    loop {
        let next = level.iter().find_map(|item| match item {
            Item::Folder { path: folder, defaults, items, .. }
                if path.strip_prefix(folder.as_str()).is_some_and(|rest| rest.starts_with('/')) =>
            {
                Some((folder, defaults, items))
            }
            _ => None,
        });
        let Some((folder, defaults, items)) = next else { return chain };
        chain.push((folder.as_str(), &**defaults));
        level = items;
    }
}

fn nearest<T>(chain: &[(&str, &Defaults)], part: impl Fn(&Auth) -> Option<T>) -> (Option<T>, ItemPath) {
    let found = chain.iter().rev().find_map(|(path, defaults)| Some((part(&defaults.auth)?, *path)));
    match found {
        Some((part, path)) => (Some(part), path.to_owned()),
        None => (None, String::new()),
    }
}

fn headers(chain: &[(&str, &Defaults)]) -> Vec<EffectiveHeader> {
    let mut headers = Vec::new();
    for (level, (origin, defaults)) in chain.iter().enumerate() {
        let is_on = |field: &&Field| !field.disabled && !field.name.trim().is_empty();
        for field in defaults.headers.iter().filter(is_on) {
            let mut below = chain[level + 1..].iter().flat_map(|(_, defaults)| &defaults.headers).filter(is_on);
            if !below.any(|other| other.name.trim().eq_ignore_ascii_case(field.name.trim())) {
                headers.push(EffectiveHeader { field: field.clone(), origin: (*origin).to_owned() });
            }
        }
    }
    headers
}

fn settings(chain: &[(&str, &Defaults)]) -> EffectiveSettings {
    fn find<T>(chain: &[(&str, &Defaults)], part: impl Fn(&Settings) -> Option<T>) -> Option<(T, ItemPath)> {
        chain.iter().rev().find_map(|(path, defaults)| Some((part(&defaults.settings)?, (*path).to_owned())))
    }
    let timeout = find(chain, |settings| settings.timeout);
    let follow = find(chain, |settings| settings.follow_redirects);
    let limit = find(chain, |settings| settings.max_redirects);
    EffectiveSettings {
        timeout: timeout.as_ref().map_or(TIMEOUT, |(timeout, _)| *timeout),
        timeout_origin: timeout.map(|(_, origin)| origin),
        follow_redirects: follow.as_ref().is_none_or(|(follow, _)| *follow),
        follow_redirects_origin: follow.map(|(_, origin)| origin),
        max_redirects: limit.as_ref().map_or(MAX_REDIRECTS, |(limit, _)| *limit),
        max_redirects_origin: limit.map(|(_, origin)| origin),
    }
}

#[cfg(test)]
mod tests;
