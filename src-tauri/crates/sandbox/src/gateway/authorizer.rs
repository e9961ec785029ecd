//! The Cognito authorizer: one header, the pool's tokens, and a cache.

use std::time::Duration;

use http::HeaderMap;

use crate::{
    expiring::Expiring,
    shared::Shared,
    token::{Claims, Fault, Verifier},
};

/// Takes a token from one header and checks it, or remembers that it did.
pub struct CognitoAuthorizer {
    verifier: Verifier,
    token_source: String,
    keeps_results: Duration,
    results: Shared<Expiring<Result<Claims, Fault>>>,
}

/// Tells what becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    Allowed,
    Expired,
    Unauthorized,
}

impl CognitoAuthorizer {
    pub fn new(verifier: Verifier, token_source: String, keeps_results: Duration) -> Self {
        Self { verifier, token_source, keeps_results, results: Shared::default() }
    }

    /// Decides by the ID token, or by the access token where the method has scopes. A validation expression holds
    /// `aud` against a client, which an access token never passes, since it has none.
    pub fn decide(&self, headers: &HeaderMap, client: Option<&str>, scopes: &[&str], now: Duration) -> Decision {
        let header = headers.get(&self.token_source).and_then(|header| header.to_str().ok()).unwrap_or_default();
        let token = header.strip_prefix("Bearer ").unwrap_or(header);
        let read = self.read(token, now);
        // Guess: a result that is kept does not outlive its token.
        let claims = match read.and_then(|claims| claims.current(now).map(|()| claims)) {
            Ok(claims) => claims,
            Err(Fault::Expired) => return Decision::Expired,
            Err(_) => return Decision::Unauthorized,
        };
        let right_kind = match (claims.text("token_use"), scopes) {
            (Some("id"), []) => true,
            (Some("access"), [_, ..]) => claims.has_any_scope(scopes),
            _ => false,
        };
        let right_client = client.is_none_or(|client| claims.text("aud") == Some(client));
        if right_kind && right_client { Decision::Allowed } else { Decision::Unauthorized }
    }

    /// Names the issuer whose tokens are taken.
    pub fn issuer(&self) -> &str {
        self.verifier.issuer()
    }

    /// Checks a token afresh, for an API with an authorizer of another type.
    pub fn verify(&self, token: &str, now: Duration) -> Result<Claims, Fault> {
        self.verifier.read(token, now)
    }

    fn read(&self, token: &str, now: Duration) -> Result<Claims, Fault> {
        if let Some(result) = self.results.lock().get(token, now) {
            return result.clone();
        }
        let result = self.verifier.read(token, now);
        if !self.keeps_results.is_zero() {
            self.results.lock().insert(token.to_owned(), result.clone(), now + self.keeps_results, now);
        }
        result
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use jsonwebtoken::DecodingKey;
    use serde_json::json;

    use super::*;
    use crate::pool::Keys;

    const NOW: Duration = Duration::from_secs(1_000_000);
    const FIVE_MINUTES: Duration = Duration::from_mins(5);

    async fn signed() -> (String, Vec<(String, DecodingKey)>) {
        let keys = Keys::generate().await.unwrap();
        let claims = json!({ "iss": "issuer", "token_use": "id", "aud": "client", "exp": 1_000_500 });
        (keys.id.sign(claims.as_object().unwrap()).unwrap(), keys.public())
    }

    fn headers(token: &str) -> HeaderMap {
        HeaderMap::from_iter([(http::HeaderName::from_static("token"), HeaderValue::try_from(token).unwrap())])
    }

    fn authorizer(keys: Vec<(String, DecodingKey)>, keeps_results: Duration) -> CognitoAuthorizer {
        CognitoAuthorizer::new(Verifier::new("issuer".to_owned(), keys), "token".to_owned(), keeps_results)
    }

    #[tokio::test]
    async fn a_result_is_kept_until_the_caches_time_is_over() {
        let (token, keys) = signed().await;
        let mut authorizer = authorizer(keys.clone(), FIVE_MINUTES);
        // A pool that is gone: without the cache no token is good.
        let before = authorizer.decide(&headers(&token), None, &[], NOW);
        authorizer.verifier = Verifier::new("issuer".to_owned(), Vec::new());

        let kept = authorizer.decide(
            &headers(&token),
            None,
            &[],
            (NOW + FIVE_MINUTES).checked_sub(Duration::from_secs(1)).unwrap(),
        );
        let afterwards = authorizer.decide(&headers(&token), None, &[], NOW + FIVE_MINUTES);
        authorizer.verifier = Verifier::new("issuer".to_owned(), keys);
        let kept_denial = authorizer.decide(&headers(&token), None, &[], NOW + FIVE_MINUTES);

        assert_eq!(
            [before, kept, afterwards, kept_denial],
            [Decision::Allowed, Decision::Allowed, Decision::Unauthorized, Decision::Unauthorized]
        );
    }

    #[tokio::test]
    async fn a_kept_result_does_not_outlive_its_token() {
        let (token, keys) = signed().await;
        let authorizer = authorizer(keys, Duration::from_hours(1));

        let before = authorizer.decide(&headers(&token), None, &[], NOW);
        let afterwards = authorizer.decide(&headers(&token), None, &[], NOW + Duration::from_secs(500));

        assert_eq!([before, afterwards], [Decision::Allowed, Decision::Expired]);
    }
}
