//! Reading a pool's facts from an address that was copied out of the browser or the AWS console.

use serde::Serialize;
use specta::Type;
use thiserror::Error;
use url::Url;

use crate::pool::pattern::{Bounded, is_domain_prefix, is_loopback, is_region};

/// What an address of the hosted UI says about its user pool.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct PoolDraft {
    /// The login domain, with its scheme and without a path.
    pub domain: String,
    /// The id of the app client, where the address has it.
    pub client_id: Option<String>,
    /// The grant that the address asks for: `token` or `code`.
    pub response_type: Option<String>,
    /// The scopes that the address asks for.
    pub scopes: Vec<String>,
    /// The callback URL, where the address has it.
    pub callback: Option<String>,
    /// The region, which the name of a prefix domain has in it.
    pub region: Option<String>,
    /// The domain is one of the FIPS endpoints.
    pub fips: bool,
}

/// Why an address tells nothing of a user pool.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum AddressError {
    /// There is nothing.
    #[error("there is no address; paste the one behind \"View login page\" in the app client's Login pages tab")]
    Empty,
    /// It cannot be read as an address.
    #[error("{found} is not an address; paste the whole address of the login page, beginning with https://")]
    NotAnAddress {
        /// What was found.
        found: String,
    },
    /// Its scheme is not https.
    #[error("the address begins with {found}; a login page begins with https://")]
    Scheme {
        /// The scheme that was found.
        found: String,
    },
    /// It is an address of AWS, but not of a login page.
    #[error(
        "{host} is not a login domain but {what}; the domain stands in the console under Branding, Domain, and the \
         login page under the app client's Login pages"
    )]
    OtherAws {
        /// The host that was found.
        host: String,
        /// What that host is.
        what: &'static str,
    },
    /// It is in the form of a prefix domain, with a part that none has.
    #[error("{host} is no possible prefix domain; expected <prefix>.auth.<region>.amazoncognito.com")]
    PrefixDomain {
        /// The host that was found.
        host: String,
    },
}

/// Reads the address of a hosted UI page, or only its domain, with or without a scheme.
///
/// # Errors
/// Says what the text is instead, and where the right one is to be found.
pub fn read_hosted_ui_address(text: &str) -> Result<PoolDraft, AddressError> {
    let text = text.trim().trim_matches(['"', '\'', '<', '>']).trim();
    if text.is_empty() {
        return Err(AddressError::Empty);
    }
    let not_an_address = || AddressError::NotAnAddress { found: Bounded(before_query(text)).to_string() };
    if text.contains(char::is_whitespace) {
        return Err(not_an_address());
    }
    let full = if text.contains("://") { text.to_owned() } else { format!("https://{text}") };
    let url = Url::parse(&full).map_err(|_| not_an_address())?;
    let host = url.host_str().ok_or_else(not_an_address)?.to_owned();
    if !(url.scheme() == "https" || (url.scheme() == "http" && is_loopback(&url))) {
        return Err(AddressError::Scheme { found: url.scheme().to_owned() });
    }
    if !url.username().is_empty() || url.password().is_some() || !(host.contains(['.', ':']) || is_loopback(&url)) {
        return Err(not_an_address());
    }
    let (region, fips) = read_host(&host)?;

    let mut draft = PoolDraft {
        domain: url.origin().ascii_serialization(),
        client_id: None,
        response_type: None,
        scopes: Vec::new(),
        callback: None,
        region,
        fips,
    };
    for (name, value) in url.query_pairs() {
        let value = value.trim().to_owned();
        match &*name {
            _ if value.is_empty() => {}
            "client_id" => draft.client_id = Some(value),
            "response_type" => draft.response_type = Some(value),
            "redirect_uri" => draft.callback = Some(value),
            "scope" => draft.scopes = value.split_whitespace().map(str::to_owned).collect(),
            _ => {}
        }
    }
    Ok(draft)
}

/// Reads the region out of a prefix domain, and sees through AWS's other hosts; a custom domain tells nothing.
fn read_host(host: &str) -> Result<(Option<String>, bool), AddressError> {
    let other = |what| Err(AddressError::OtherAws { host: host.to_owned(), what });
    if let Some(names) = host.strip_suffix(".amazoncognito.com") {
        let parts: Vec<&str> = names.split('.').collect();
        return match parts.as_slice() {
            [prefix, kind @ ("auth" | "auth-fips"), region] if is_domain_prefix(prefix) && is_region(region) => {
                Ok((Some((*region).to_owned()), *kind == "auth-fips"))
            }
            _ => Err(AddressError::PrefixDomain { host: host.to_owned() }),
        };
    }
    if host.ends_with(".console.aws.amazon.com") || host == "console.aws.amazon.com" {
        return other("a page of the AWS console");
    }
    if host.ends_with(".amazonaws.com") {
        return match host.split('.').nth(1) {
            Some("execute-api") => other("an API of API Gateway"),
            _ if host.starts_with("cognito-idp.") || host.starts_with("issuer-cognito-idp.") => {
                other("the pool's issuer")
            }
            _ => other("another service of AWS"),
        };
    }
    Ok((None, false))
}

fn before_query(text: &str) -> &str {
    text.split(['?', '#']).next().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use rstest::rstest;

    use super::*;

    const DOMAIN: &str = "https://shop.auth.eu-west-1.amazoncognito.com";
    const QUERY: &str = "client_id=1example23456789&response_type=token&scope=email+openid+phone&redirect_uri=https%3A%2F%2Fexample.com%2F";

    #[rstest]
    #[case::login("/login?")]
    #[case::authorize("/oauth2/authorize?")]
    #[case::sign_up("/signup?")]
    #[case::forgotten_password("/forgotPassword?")]
    fn a_whole_address_fills_in_everything(#[case] path: &str) {
        let draft = read_hosted_ui_address(&format!("  {DOMAIN}{path}{QUERY}\n")).unwrap();
        assert_eq!(
            draft,
            PoolDraft {
                domain: DOMAIN.into(),
                client_id: Some("1example23456789".into()),
                response_type: Some("token".into()),
                scopes: vec!["email".into(), "openid".into(), "phone".into()],
                callback: Some("https://example.com/".into()),
                region: Some("eu-west-1".into()),
                fips: false,
            }
        );
    }

    #[rstest]
    #[case::scopes_by_percent("scope=email%20openid")]
    #[case::scopes_by_plus("scope=email+openid")]
    fn scopes_are_read_in_both_encodings(#[case] query: &str) {
        assert_eq!(read_hosted_ui_address(&format!("{DOMAIN}/login?{query}")).unwrap().scopes, ["email", "openid"]);
    }

    #[rstest]
    #[case("shop.auth.eu-west-1.amazoncognito.com", DOMAIN, Some("eu-west-1"), false)]
    #[case("https://shop.auth.eu-west-1.amazoncognito.com/", DOMAIN, Some("eu-west-1"), false)]
    #[case("\"HTTPS://Shop.Auth.eu-west-1.amazoncognito.com\"", DOMAIN, Some("eu-west-1"), false)]
    #[case(
        "gov.auth-fips.us-gov-west-1.amazoncognito.com",
        "https://gov.auth-fips.us-gov-west-1.amazoncognito.com",
        Some("us-gov-west-1"),
        true
    )]
    #[case("login.example.com", "https://login.example.com", None, false)]
    #[case("http://127.0.0.1:4180", "http://127.0.0.1:4180", None, false)]
    #[case("http://localhost:4180/login", "http://localhost:4180", None, false)]
    fn a_domain_alone_is_enough(
        #[case] text: &str,
        #[case] domain: &str,
        #[case] region: Option<&str>,
        #[case] fips: bool,
    ) {
        let draft = read_hosted_ui_address(text).unwrap();
        assert_eq!((draft.domain.as_str(), draft.region.as_deref(), draft.fips), (domain, region, fips));
        assert_eq!(draft.client_id, None);
    }

    #[rstest]
    #[case::nothing("   ", "there is no address")]
    #[case::words("my login page", "is not an address")]
    #[case::one_word("shop", "is not an address")]
    #[case::plain_http("http://login.example.com", "begins with http")]
    #[case::other_scheme("ftp://login.example.com", "begins with ftp")]
    #[case::issuer("https://cognito-idp.eu-west-1.amazonaws.com/eu-west-1_abc", "the pool's issuer")]
    #[case::api("https://abc.execute-api.eu-west-1.amazonaws.com/dev", "an API of API Gateway")]
    #[case::console("https://eu-west-1.console.aws.amazon.com/cognito/v2", "a page of the AWS console")]
    #[case::bad_prefix("https://Shop_1.auth.eu-west-1.amazoncognito.com", "no possible prefix domain")]
    #[case::no_region("https://shop.auth.amazoncognito.com", "no possible prefix domain")]
    #[case::user("https://me@login.example.com", "is not an address")]
    fn another_text_is_told_apart(#[case] text: &str, #[case] expected: &str) {
        let error = read_hosted_ui_address(text).unwrap_err().to_string();
        assert!(error.contains(expected), "{error}");
    }

    #[test]
    fn a_query_with_a_token_in_it_is_not_repeated_by_the_error() {
        let error = read_hosted_ui_address("not an address#id_token=eyJ").unwrap_err().to_string();
        assert!(!error.contains("eyJ"), "{error}");
    }

    proptest! {
        #[test]
        fn any_text_is_read_or_refused_and_what_is_read_is_secure(text in any::<String>(), host in "[a-z0-9.:-]{0,20}") {
            for text in [text.clone(), format!("https://{host}/{text}"), format!("{host}?{text}")] {
                if let Ok(draft) = read_hosted_ui_address(&text) {
                    let url = Url::parse(&draft.domain).unwrap();
                    prop_assert!(url.scheme() == "https" || is_loopback(&url), "{text:?}");
                }
            }
        }
    }
}
