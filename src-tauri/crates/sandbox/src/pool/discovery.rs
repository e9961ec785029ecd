//! The issuer's discovery document (OIDC Discovery §4) and key set (RFC 7517).

use std::sync::Arc;

use axum::{
    extract::State,
    response::{IntoResponse as _, Response},
};
use http::header::{CACHE_CONTROL, CONTENT_TYPE};
use serde_json::{Value, json};

use super::Pool;

/// Tells where the endpoints are, keys sorted.
pub async fn configuration(State(pool): State<Arc<Pool>>) -> Response {
    let (domain, issuer) = (&pool.domain, &pool.issuer);
    json_document(&json!({
        "authorization_endpoint": format!("{domain}/oauth2/authorize"),
        "end_session_endpoint": format!("{domain}/logout"),
        "id_token_signing_alg_values_supported": ["RS256"],
        "issuer": issuer,
        "jwks_uri": format!("{issuer}/.well-known/jwks.json"),
        "response_types_supported": ["code", "token"],
        "revocation_endpoint": format!("{domain}/oauth2/revoke"),
        "scopes_supported": ["openid", "email", "phone", "profile"],
        "subject_types_supported": ["public"],
        "token_endpoint": format!("{domain}/oauth2/token"),
        "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
        "userinfo_endpoint": format!("{domain}/oauth2/userInfo"),
    }))
}

/// Shows both public keys.
pub async fn keys(State(pool): State<Arc<Pool>>) -> Response {
    json_document(&pool.keys.set())
}

fn json_document(body: &Value) -> Response {
    let headers = [(CONTENT_TYPE, "application/json"), (CACHE_CONTROL, "public, max-age=86400")];
    (headers, body.to_string()).into_response()
}
