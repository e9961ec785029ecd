use std::time::SystemTime;

use gatepass_vault::Secret;
use reqwest::header::{AUTHORIZATION, CONTENT_TYPE, HeaderValue};
use reqwest::{Method, Request};
use url::form_urlencoded;

use super::GrantError;
use super::answer::basic;
use super::asked::refused;
use crate::pool::Endpoint;
use crate::{Network, Session};

/// Gives up a session's refresh token, and with it what was made of it (RFC 7009 §2.1); without one there is nothing to
/// do.
///
/// # Errors
/// Tells what the pool refused, or why it could not be asked.
pub async fn revoke(
    session: &Session,
    client_secret: Option<&Secret>,
    network: &Network,
    now: SystemTime,
) -> Result<(), GrantError> {
    let pool = session.pool();
    let (Some(token), Some(url)) = (session.refresh_token(), pool.endpoint(Endpoint::Revocation)) else {
        return Ok(());
    };
    let mut request = Request::new(Method::POST, url);
    request.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/x-www-form-urlencoded"));
    if let Some(secret) = client_secret {
        request.headers_mut().insert(AUTHORIZATION, basic(pool.client_id(), secret)?);
    }
    // A client that proves itself names itself in its proof.
    *request.body_mut() = Some(form(token, client_secret.is_none().then(|| pool.client_id())).into());
    let answer = network.http().execute(request, pool.certificate(), now).await?.not_redirected()?;
    if answer.status().is_success() {
        return Ok(());
    }
    let secrets: Vec<&Secret> = [Some(token), client_secret].into_iter().flatten().collect();
    Err(refused(answer, pool, &pool.scopes().join(" "), &secrets).await?)
}

fn form(token: &Secret, client_id: Option<&str>) -> String {
    let mut form = form_urlencoded::Serializer::new(String::new());
    form.append_pair("token", token.expose());
    if let Some(client_id) = client_id {
        form.append_pair("client_id", client_id);
    }
    form.finish()
}
