//! POST /oauth2/token: `authorization_code` with PKCE, `refresh_token`, `client_credentials` (RFC 6749 §4.1.3, §6, §4.4).

use std::sync::Arc;

use axum::{extract::State, response::Response};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use bytes::Bytes;
use http::{
    HeaderMap, StatusCode,
    header::{AUTHORIZATION, CONTENT_TYPE},
};
use serde_json::{Map, Value, json};
use sha2::{Digest as _, Sha256};

use super::{
    KeyError, Pool,
    clients::{Client, GrantType, OPENID_SCOPES},
    reply::{json, oauth_error},
    tokens::{Grant, Issued},
};
use crate::parameters::Parameters;

/// What a code stands for until it is used.
#[derive(Debug)]
pub struct CodeGrant {
    pub client_id: &'static str,
    pub redirect_uri: String,
    pub challenge: Option<String>,
    pub grant: Grant,
}

/// Tells why no token is given.
enum TokenError {
    /// An error of RFC 6749 §5.2.
    Code(&'static str),
    /// The `redirect_uri` is not the one of the authorize request.
    InvalidRedirect,
    /// No token could be signed.
    Failed,
}

/// Gives tokens for a grant.
pub async fn post(State(pool): State<Arc<Pool>>, headers: HeaderMap, body: Bytes) -> Response {
    let fields = Parameters::read_body(&body);
    answer(&pool, &headers, &fields).unwrap_or_else(Response::from)
}

fn answer(pool: &Pool, headers: &HeaderMap, fields: &Parameters) -> Result<Response, TokenError> {
    let is_form = headers
        .get(CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded"));
    let grant_type = fields.get("grant_type").filter(|_| is_form).ok_or(TokenError::Code("invalid_request"))?;
    if !matches!(grant_type, "authorization_code" | "refresh_token" | "client_credentials") {
        return Err(TokenError::Code("unsupported_grant_type"));
    }
    // Guess: 400, where 401 is possible too.
    let client = pool.authenticated_client(headers, fields).ok_or(TokenError::Code("invalid_client"))?;
    match grant_type {
        "authorization_code" => for_code(pool, client, fields),
        "refresh_token" => for_refresh_token(pool, client, fields),
        _ => for_client(pool, client, fields),
    }
}

impl Pool {
    /// Finds the client that a request names and proves to be, by Basic or in the form (RFC 6749 §2.3.1).
    pub fn authenticated_client(&self, headers: &HeaderMap, fields: &Parameters) -> Option<&Client> {
        let (id, secret) = match headers.get(AUTHORIZATION) {
            Some(header) => basic(header.to_str().ok()?)?,
            None => (fields.text("client_id").to_owned(), fields.get("client_secret").map(ToOwned::to_owned)),
        };
        self.client(&id).filter(|client| client.accepts_secret(secret.as_deref()))
    }
}

impl From<KeyError> for TokenError {
    fn from(_: KeyError) -> Self {
        Self::Failed
    }
}

impl From<TokenError> for Response {
    fn from(error: TokenError) -> Self {
        match error {
            TokenError::Code(error) => oauth_error(StatusCode::BAD_REQUEST, error),
            TokenError::InvalidRedirect => {
                let body = json!({ "error": "unauthorized_client", "error_description": "invalid_redirect" });
                json(StatusCode::BAD_REQUEST, &body)
            }
            TokenError::Failed => oauth_error(StatusCode::INTERNAL_SERVER_ERROR, "server_error"),
        }
    }
}

fn for_code(pool: &Pool, client: &Client, fields: &Parameters) -> Result<Response, TokenError> {
    let (Some(code), Some(redirect_uri)) = (fields.get("code"), fields.get("redirect_uri")) else {
        return Err(TokenError::Code("invalid_request"));
    };
    if !client.allows(GrantType::Code) {
        return Err(TokenError::Code("unauthorized_client"));
    }
    let kept = pool.codes.lock().take(code, pool.now());
    let kept = kept.filter(|kept| kept.client_id == client.id).ok_or(TokenError::Code("invalid_grant"))?;
    if kept.redirect_uri != redirect_uri {
        return Err(TokenError::InvalidRedirect);
    }
    let challenged = fields.get("code_verifier").map(|verifier| URL_SAFE_NO_PAD.encode(Sha256::digest(verifier)));
    if kept.challenge.is_some() && kept.challenge != challenged {
        return Err(TokenError::Code("invalid_grant"));
    }
    let issued = pool.issue(client, &kept.grant)?;
    let refresh_token = pool.issue_refresh_token(client, kept.grant);
    Ok(granted(&issued, Some(refresh_token)))
}

fn for_refresh_token(pool: &Pool, client: &Client, fields: &Parameters) -> Result<Response, TokenError> {
    let refresh_token = fields.get("refresh_token").ok_or(TokenError::Code("invalid_request"))?;
    let used = pool.use_refresh_token(client, refresh_token).ok_or(TokenError::Code("invalid_grant"))?;
    // A nonce belongs to the sign-in alone (OIDC Core §12.2).
    let grant = Grant { nonce: None, ..used.grant.clone() };
    let issued = pool.issue(client, &grant)?;
    Ok(granted(&issued, pool.rotate(used)))
}

fn for_client(pool: &Pool, client: &Client, fields: &Parameters) -> Result<Response, TokenError> {
    if !client.allows(GrantType::ClientCredentials) {
        return Err(TokenError::Code("unauthorized_client"));
    }
    let of_resource_servers = |scope: &String| !OPENID_SCOPES.contains(&scope.as_str());
    let asked = client.grant_scopes(fields.get("scope")).ok_or(TokenError::Code("invalid_scope"))?;
    let scopes: Vec<String> = asked.iter().filter(|scope| of_resource_servers(scope)).cloned().collect();
    if fields.get("scope").is_some() && scopes.len() != asked.len() {
        return Err(TokenError::Code("invalid_scope"));
    }
    let issued = pool.issue_to_client(client, &scopes)?;
    Ok(granted(&issued, None))
}

fn granted(issued: &Issued, refresh_token: Option<String>) -> Response {
    let tokens = [
        ("id_token", issued.id_token.clone()),
        ("access_token", Some(issued.access_token.clone())),
        ("refresh_token", refresh_token),
    ];
    let mut body: Map<String, Value> =
        tokens.into_iter().filter_map(|(name, token)| Some((name.to_owned(), token?.into()))).collect();
    body.insert("expires_in".to_owned(), issued.expires_in.into());
    body.insert("token_type".to_owned(), "Bearer".into());
    json(StatusCode::OK, &Value::Object(body))
}

fn basic(header: &str) -> Option<(String, Option<String>)> {
    let decoded = STANDARD.decode(header.strip_prefix("Basic ")?).ok()?;
    let text = String::from_utf8(decoded).ok()?;
    let (id, secret) = text.split_once(':')?;
    let decode = |part: &str| Parameters::read(&format!("part={part}")).text("part").to_owned();
    Some((decode(id), Some(decode(secret))))
}
