//! GET /oauth2/userInfo (OIDC Core §5.3).

use std::sync::Arc;

use axum::{body::Body, extract::State, response::Response};
use http::{
    HeaderMap, HeaderValue, StatusCode,
    header::{AUTHORIZATION, WWW_AUTHENTICATE},
};
use serde_json::{Map, Value};

use super::{Pool, reply::json, users::User};

/// Shows the attributes of the user whose access token is sent.
pub async fn get(State(pool): State<Arc<Pool>>, headers: HeaderMap) -> Response {
    let header = headers.get(AUTHORIZATION).and_then(|header| header.to_str().ok());
    let Some(token) = header.and_then(|header| header.strip_prefix("Bearer ")) else {
        return refused(
            StatusCode::BAD_REQUEST,
            "error=\"invalid_request\", error_description=\"Bad OAuth2 request at UserInfo Endpoint\"",
        );
    };
    match pool.user_of(token) {
        Some((user, scopes)) => json(StatusCode::OK, &attributes(&user, &scopes)),
        None => refused(
            StatusCode::UNAUTHORIZED,
            "error=\"invalid_token\", error_description=\"Access token is expired, disabled, or deleted, or the user \
             has globally signed out.\"",
        ),
    }
}

impl Pool {
    fn user_of(&self, token: &str) -> Option<(User, String)> {
        let claims = self.verifier().read(token, self.now()).ok()?;
        let revoked = claims.text("origin_jti").is_some_and(|sign_in| self.revoked.lock().contains(sign_in));
        // Guess: a token without `openid` is answered as one that is not good.
        if revoked || claims.text("token_use") != Some("access") || !claims.has_any_scope(&["openid"]) {
            return None;
        }
        let user = self.users.lock().find(claims.text("username")?).cloned()?;
        Some((user, claims.text("scope").unwrap_or_default().to_owned()))
    }
}

fn attributes(user: &User, scopes: &str) -> Value {
    let has = |scope: &str| scopes.split(' ').any(|granted| granted == scope);
    let all = !["email", "phone", "profile"].into_iter().any(has);
    let mut body = Map::new();
    body.insert("sub".to_owned(), user.sub.as_str().into());
    if let Some(identity) = &user.identity {
        // Guess: that the list is written as text, and its place.
        body.insert("identities".to_owned(), identity.claim().to_string().into());
    }
    if all || has("email") {
        // The real endpoint writes this flag as text.
        body.insert("email_verified".to_owned(), user.email_verified.to_string().into());
        body.insert("email".to_owned(), user.email.as_str().into());
    }
    if let Some(phone_number) = user.phone_number.as_deref().filter(|_| all || has("phone")) {
        body.insert("phone_number_verified".to_owned(), "false".into());
        body.insert("phone_number".to_owned(), phone_number.into());
    }
    body.insert("username".to_owned(), user.username.as_str().into());
    Value::Object(body)
}

fn refused(status: StatusCode, challenge: &'static str) -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = status;
    response.headers_mut().insert(WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
    response
}
