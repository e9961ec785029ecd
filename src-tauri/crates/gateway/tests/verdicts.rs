//! One row for each answer that an API gateway can give, and what is made of it.
#![expect(clippy::unwrap_used, reason = "a test ends where its ground is missing")]

use gatepass_collection::model::TokenKind;
use gatepass_exchange::exchange::{
    BodyKind, BodySummary, Exchange, HeaderField, HeaderOrigin, Hop, SentBody, SentHeader, Timings,
};
use gatepass_gateway::verdict::{Fix, Gate, Outcome, Refusal, Sign, Verdict};
use gatepass_gateway::{ApiKeyFacts, Damage, Expected, Facts, TokenFacts, clock_skew_seconds, read};
use rstest::rstest;

fn exchange(status: u16, headers: &[(&str, &str)]) -> Exchange {
    let field = |(name, value): &(&str, &str)| HeaderField { name: (*name).to_owned(), value: (*value).to_owned() };
    let hop = Hop {
        method: "GET".to_owned(),
        url: "https://abc123.execute-api.eu-west-1.amazonaws.com/dev/pets".to_owned(),
        sent_headers: Vec::new(),
        sent_body: SentBody { bytes: None, preview: None },
        withheld: Vec::new(),
        status,
        reason: String::new(),
        http_version: "HTTP/2".to_owned(),
        headers: headers.iter().map(field).collect(),
        remote: None,
        tls: None,
        timings: Timings::default(),
    };
    let body = BodySummary {
        kind: BodyKind::Json,
        media_type: "application/json".to_owned(),
        bytes: 26.0,
        wire_bytes: None,
        content_encoding: None,
        raw_lines: 1,
        pretty_lines: Some(3),
    };
    Exchange { hops: vec![hop], total_ms: 38.0, body, sent_at_ms: 1_700_000_000_000.0 }
}

/// An answer of a REST API.
fn rest(status: u16, error_type: &str) -> Exchange {
    let mut headers =
        vec![("x-amzn-requestid", "c6af9ac6-7b61-11e6-9a41-93e8deadbeef"), ("x-amz-apigw-id", "AbCdEfGhIjKlMnO=")];
    if !error_type.is_empty() {
        headers.push(("x-amzn-errortype", error_type));
    }
    exchange(status, &headers)
}

fn message(text: &str) -> String {
    format!(r#"{{"message":"{text}"}}"#)
}

fn id_token() -> TokenFacts {
    TokenFacts {
        header: "dev-auth-token".to_owned(),
        prefix: String::new(),
        kind: Some(TokenKind::Id),
        expired: false,
        seconds_left: 54 * 60,
        issuer_matches_pool: Some(true),
        updated_issuer: false,
        identity: Some("ada".to_owned()),
        damage: None,
    }
}

fn key() -> ApiKeyFacts {
    ApiKeyFacts { header: "x-api-key".to_owned() }
}

fn defined() -> Expected {
    Expected {
        token_source: Some("dev-auth-token".to_owned()),
        api_key_header: Some("x-api-key".to_owned()),
        needs_key: Some(true),
    }
}

fn facts<'a>(exchange: &'a Exchange, body: &'a str) -> Facts<'a> {
    Facts { exchange, body, token: None, signed_in: None, api_key: None, expected: None, clock_skew_seconds: None }
}

fn refusal(facts: &Facts<'_>) -> Refusal {
    read(facts).unwrap().refusal.unwrap()
}

fn refused_at(verdict: &Verdict) -> Option<Gate> {
    verdict.track.iter().find(|check| check.outcome == Outcome::Refused).map(|check| check.gate)
}

#[rstest]
#[case::unauthorized(
    401,
    "UnauthorizedException",
    "Unauthorized",
    Gate::Authorizer,
    "The gateway did not take a good token"
)]
#[case::expired(
    401,
    "UnauthorizedException",
    "The incoming token has expired",
    Gate::Authorizer,
    "Your token has expired"
)]
#[case::expired_class(
    403,
    "ExpiredTokenException",
    "The incoming token has expired",
    Gate::Authorizer,
    "Your token has expired"
)]
#[case::forbidden(403, "ForbiddenException", "Forbidden", Gate::ApiKey, "The gateway does not take this API key")]
#[case::route(
    403,
    "MissingAuthenticationTokenException",
    "Missing Authentication Token",
    Gate::Route,
    "There is no such path or method"
)]
#[case::signature(
    403,
    "IncompleteSignatureException",
    "Authorization header requires 'Credential' parameter.",
    Gate::Route,
    "There is no such path or method"
)]
#[case::lambda(
    403,
    "AccessDeniedException",
    "User is not authorized to access this resource",
    Gate::Authorizer,
    "The authorizer knows you and says no"
)]
#[case::policy(
    403,
    "AccessDeniedException",
    "User: anonymous is not authorized to perform: execute-api:Invoke on resource: x",
    Gate::Authorizer,
    "A policy does not let this request in"
)]
#[case::quota(429, "LimitExceededException", "Limit Exceeded", Gate::UsagePlan, "The quota of this API key is used up")]
#[case::rate(429, "TooManyRequestsException", "Too Many Requests", Gate::UsagePlan, "Too many requests at once")]
#[case::parameters(
    400,
    "BadRequestException",
    "Missing required request parameters: [a, b]",
    Gate::Validator,
    "The request lacks parameters"
)]
#[case::body(
    400,
    "BadRequestException",
    "Invalid request body",
    Gate::Validator,
    "The body is not what the method asks for"
)]
#[case::media_type(
    415,
    "BadRequestException",
    "Unsupported Media Type",
    Gate::Validator,
    "The method does not take this media type"
)]
#[case::too_large(413, "RequestTooLargeException", "Request Too Long", Gate::Validator, "The body is too large")]
#[case::slow(
    504,
    "InternalServerErrorException",
    "Endpoint request timed out",
    Gate::Integration,
    "What stands behind the gateway took too long"
)]
#[case::broken(
    500,
    "InternalServerErrorException",
    "Internal server error",
    Gate::Integration,
    "What stands behind the gateway is broken"
)]
#[case::bad_gateway(
    502,
    "InternalServerErrorException",
    "Internal server error",
    Gate::Integration,
    "What stands behind the gateway is broken"
)]
fn each_reply_of_a_rest_api_is_read(
    #[case] status: u16,
    #[case] error_type: &str,
    #[case] text: &str,
    #[case] gate: Gate,
    #[case] title: &str,
) {
    let (exchange, body, token, key, expected) =
        (rest(status, error_type), message(text), id_token(), key(), defined());
    let facts =
        Facts { token: Some(&token), api_key: Some(&key), expected: Some(&expected), ..facts(&exchange, &body) };
    let verdict = read(&facts).unwrap();
    assert_eq!(refused_at(&verdict), Some(gate));
    let refusal = verdict.refusal.unwrap();
    assert_eq!(refusal.title, title);
    assert!(!refusal.customised);

    let refused = verdict.track.iter().position(|check| check.outcome == Outcome::Refused).unwrap();
    assert!(verdict.track[..refused].iter().all(|check| check.outcome == Outcome::Passed));
    assert!(verdict.track[refused + 1..].iter().all(|check| check.outcome == Outcome::NotReached));
    assert_eq!(verdict.track.last().unwrap().gate, Gate::Integration);
}

#[test]
fn a_broken_lambda_authorizer_is_told_by_its_null_message() {
    let exchange = rest(500, "AuthorizerConfigurationException");
    let refusal = refusal(&facts(&exchange, r#"{"message":null}"#));
    assert_eq!(refusal.title, "The authorizer itself is broken");
    assert!(!refusal.customised);
}

#[test]
fn a_token_in_another_header_than_the_token_source_was_never_seen() {
    let (exchange, body, expected) = (rest(401, "UnauthorizedException"), message("Unauthorized"), defined());
    let token = TokenFacts { header: "Authorization".to_owned(), ..id_token() };
    let key = key();
    let facts =
        Facts { token: Some(&token), api_key: Some(&key), expected: Some(&expected), ..facts(&exchange, &body) };
    let refusal = refusal(&facts);
    assert_eq!(refusal.title, "The gateway never saw your token");
    assert_eq!(
        refusal.explanation,
        "Its authorizer reads the header `dev-auth-token`. This request carried the token in `Authorization`."
    );
    let evidence: Vec<_> =
        refusal.evidence.iter().map(|line| (line.sign, format!("{}: {}", line.subject, line.found))).collect();
    assert_eq!(
        evidence,
        [
            (Sign::Good, "Token is good: ID token of ada, right pool and client, 54 min left".to_owned()),
            (Sign::Bad, "Header: the imported definition names `dev-auth-token` as token source".to_owned()),
            (Sign::Neutral, "API key was not looked at: the authorizer comes first".to_owned()),
        ]
    );
    assert_eq!(refusal.fixes, [Fix::SendTokenIn { header: "dev-auth-token".to_owned() }]);
    assert_eq!(refusal.other_causes.len(), 2);
}

#[rstest]
#[case::access(TokenFacts { kind: Some(TokenKind::Access), ..id_token() }, "The gateway wants the ID token", Fix::SendOtherToken { token: TokenKind::Id })]
#[case::id(id_token(), "The gateway did not take a good token", Fix::SendOtherToken { token: TokenKind::Access })]
#[case::other_pool(TokenFacts { issuer_matches_pool: Some(false), ..id_token() }, "The token is from another user pool", Fix::SignInAgain)]
#[case::updated_issuer(TokenFacts { updated_issuer: true, ..id_token() }, "The pool's issuer is of a form the authorizer does not take", Fix::SignInAgain)]
#[case::expired(TokenFacts { expired: true, seconds_left: -90, ..id_token() }, "Your token has expired", Fix::SignInAgain)]
#[case::parts(TokenFacts { damage: Some(Damage::Parts { found: 2 }), ..id_token() }, "The token is damaged", Fix::AttachToken)]
#[case::blank(TokenFacts { damage: Some(Damage::Blank), ..id_token() }, "The token is damaged", Fix::AttachToken)]
#[case::quotes(TokenFacts { damage: Some(Damage::Quotes), ..id_token() }, "The token is damaged", Fix::AttachToken)]
#[case::leftover(TokenFacts { damage: Some(Damage::Leftover), ..id_token() }, "The token is damaged", Fix::AttachToken)]
#[case::twice(TokenFacts { damage: Some(Damage::PrefixTwice), ..id_token() }, "The token is damaged", Fix::AttachToken)]
#[case::prefix(TokenFacts { prefix: "Token".to_owned(), ..id_token() }, "The authorizer stumbled over the prefix", Fix::DropPrefix)]
fn unauthorized_is_explained_by_what_was_sent(#[case] token: TokenFacts, #[case] title: &str, #[case] fix: Fix) {
    let (exchange, body) = (rest(401, "UnauthorizedException"), message("Unauthorized"));
    let refusal = refusal(&Facts { token: Some(&token), signed_in: Some("ada"), ..facts(&exchange, &body) });
    assert_eq!(refusal.title, title);
    assert_eq!(refusal.fixes.first(), Some(&fix));
}

#[rstest]
#[case::signed_in(Some("ada"), Fix::AttachToken)]
#[case::signed_out(None, Fix::SignInAgain)]
fn without_a_token_the_fix_is_to_send_one(#[case] signed_in: Option<&str>, #[case] fix: Fix) {
    let (exchange, body) = (rest(401, "UnauthorizedException"), message("Unauthorized"));
    let refusal = refusal(&Facts { signed_in, ..facts(&exchange, &body) });
    assert_eq!(refusal.title, "The gateway never saw a token");
    assert_eq!(refusal.fixes.first(), Some(&fix));
}

#[test]
fn a_token_in_the_query_is_pointed_out() {
    let (mut exchange, body) = (rest(401, "UnauthorizedException"), message("Unauthorized"));
    exchange.hops[0].url.push_str("?id_token=masked");
    let refusal = refusal(&facts(&exchange, &body));
    assert!(refusal.explanation.contains("`id_token` in the URL"), "{}", refusal.explanation);
}

#[test]
fn a_token_that_stayed_home_at_a_redirect_is_the_reason() {
    let (mut exchange, body) = (rest(401, "UnauthorizedException"), message("Unauthorized"));
    exchange.hops[0].withheld.push("dev-auth-token".to_owned());
    let (token, expected) = (id_token(), defined());
    let facts = Facts { token: Some(&token), expected: Some(&expected), ..facts(&exchange, &body) };
    assert_eq!(refusal(&facts).title, "The token stayed home at a redirect");
}

#[rstest]
#[case::arrived(&[], true)]
#[case::stayed_home(&["dev-auth-token"], false)]
fn a_fresh_token_is_asked_for_only_where_the_old_one_arrived(#[case] withheld: &[&str], #[case] expected: bool) {
    let (mut exchange, body) = (rest(401, "UnauthorizedException"), message("The incoming token has expired"));
    exchange.hops[0].withheld.extend(withheld.iter().map(|header| (*header).to_owned()));
    let token = id_token();
    let refusal = refusal(&Facts { token: Some(&token), ..facts(&exchange, &body) });
    assert_eq!(refusal.title, "Your token has expired");
    assert_eq!(refusal.token_expired, expected);
}

#[test]
fn a_clock_that_is_behind_explains_an_expired_token_that_looks_good() {
    let (exchange, body) = (rest(401, "UnauthorizedException"), message("The incoming token has expired"));
    let token = id_token();
    let refusal = refusal(&Facts { token: Some(&token), clock_skew_seconds: Some(-7200), ..facts(&exchange, &body) });
    let clock = refusal.evidence.iter().find(|line| line.subject == "Clock").unwrap();
    assert_eq!(clock.sign, Sign::Bad);
    assert_eq!(clock.found, "This computer's clock is 2 h behind the server's");
    assert!(refusal.explanation.contains("54 min left"));
}

#[rstest]
#[case::none(None, None, Gate::ApiKey, "The gateway wants an API key", Fix::AddApiKey)]
#[case::other_header(Some("api-key"), Some(true), Gate::ApiKey, "The gateway never saw your API key", Fix::AddApiKey)]
#[case::refused(Some("X-API-Key"), Some(true), Gate::ApiKey, "The gateway does not take this API key", Fix::AddApiKey)]
#[case::not_needed(Some("x-api-key"), Some(false), Gate::Route, "The gateway did not let the request in", Fix::EditUrl)]
fn forbidden_is_explained_by_the_key(
    #[case] header: Option<&str>,
    #[case] needs_key: Option<bool>,
    #[case] gate: Gate,
    #[case] title: &str,
    #[case] fix: Fix,
) {
    let (exchange, body) = (rest(403, "ForbiddenException"), message("Forbidden"));
    let key = header.map(|header| ApiKeyFacts { header: header.to_owned() });
    let expected = Expected { needs_key, ..defined() };
    let facts = Facts { api_key: key.as_ref(), expected: Some(&expected), ..facts(&exchange, &body) };
    let verdict = read(&facts).unwrap();
    assert_eq!(refused_at(&verdict), Some(gate));
    assert_eq!(refusal(&facts).title, title);
    assert_eq!(refusal(&facts).fixes.first(), Some(&fix));
}

#[test]
fn a_url_without_a_stage_is_the_reason_for_forbidden() {
    let (mut exchange, body) = (rest(403, "ForbiddenException"), message("Forbidden"));
    exchange.hops[0].url = "https://abc123.execute-api.eu-west-1.amazonaws.com/".to_owned();
    let facts = facts(&exchange, &body);
    assert_eq!(refusal(&facts).title, "The URL has no stage");
    assert_eq!(refused_at(&read(&facts).unwrap()), Some(Gate::Route));
}

#[rstest]
#[case::bare("Bearer", "The gateway did not take a good token")]
#[case::audience("the token does not have a valid audience", "The token is for another client")]
#[case::expired("the token has expired", "Your token has expired")]
#[case::issuer("invalid issuer", "The token is from another user pool")]
#[case::segments("token contains an invalid number of segments", "The gateway found no whole token")]
#[case::other("signing method none is invalid", "The authorizer did not take the token")]
fn an_http_api_says_why(#[case] description: &str, #[case] title: &str) {
    let challenge = match description {
        "Bearer" => description.to_owned(),
        _ => format!(r#"Bearer scope="" error="invalid_token" error_description="{description}""#),
    };
    let exchange = exchange(401, &[("apigw-requestid", "AbCd="), ("www-authenticate", &challenge)]);
    let (body, token) = (message("Unauthorized"), id_token());
    let verdict = read(&Facts { token: Some(&token), ..facts(&exchange, &body) }).unwrap();
    let gates: Vec<_> = verdict.track.iter().map(|check| check.gate).collect();
    assert_eq!(gates, [Gate::Route, Gate::Authorizer, Gate::Integration], "it has no keys and plans");
    assert_eq!(verdict.refusal.unwrap().title, title);
}

#[rstest]
#[case(404, "Not Found", "", Gate::Route)]
#[case(403, "Forbidden", r#"Bearer scope="pets/read" error="insufficient_scope""#, Gate::Authorizer)]
#[case(500, "Internal Server Error", "", Gate::Integration)]
#[case(503, "Service Unavailable", "", Gate::Integration)]
fn other_replies_of_an_http_api_are_read(
    #[case] status: u16,
    #[case] text: &str,
    #[case] challenge: &str,
    #[case] gate: Gate,
) {
    let exchange = exchange(status, &[("apigw-requestid", "AbCd="), ("www-authenticate", challenge)]);
    assert_eq!(refused_at(&read(&facts(&exchange, &message(text))).unwrap()), Some(gate));
}

#[rstest]
#[case::other_status(418, "UnauthorizedException", "Unauthorized", "The gateway never saw a token")]
#[case::other_text(401, "UnauthorizedException", "Sign in first", "The gateway never saw a token")]
#[case::no_type(401, "", "Unauthorized", "The gateway never saw a token")]
#[case::other_key_text(403, "ForbiddenException", "Who are you?", "The gateway wants an API key")]
fn a_reply_that_the_owner_changed_is_read_by_its_type_and_marked(
    #[case] status: u16,
    #[case] error_type: &str,
    #[case] text: &str,
    #[case] title: &str,
) {
    let exchange = rest(status, error_type);
    let refusal = refusal(&facts(&exchange, &message(text)));
    assert_eq!(refusal.title, title);
    assert!(refusal.customised);
}

#[test]
fn a_refusal_by_what_stands_behind_is_not_the_gateways() {
    let exchange = rest(401, "");
    let verdict = read(&facts(&exchange, r#"{"error":"no session"}"#)).unwrap();
    assert_eq!(verdict.refusal, None);
    assert!(verdict.track.iter().all(|check| check.outcome == Outcome::Passed));
    assert!(verdict.remarks[0].contains("behind the gateway"));
}

#[test]
fn an_answer_without_a_token_means_a_public_endpoint() {
    let (exchange, token) = (rest(200, ""), id_token());
    let without = read(&facts(&exchange, "[]")).unwrap();
    assert!(without.remarks[0].contains("public"));
    let with = read(&Facts { token: Some(&token), ..facts(&exchange, "[]") }).unwrap();
    assert_eq!(with.remarks, Vec::<String>::new());
    assert!(with.track.iter().all(|check| check.outcome == Outcome::Passed));
}

#[test]
fn a_graphql_answer_of_200_that_refuses_is_a_refusal() {
    let exchange = exchange(200, &[("x-amzn-requestid", "c6af9ac6")]);
    let verdict = read(&facts(&exchange, r#"{"data":null,"errors":[{"errorType":"Unauthorized"}]}"#)).unwrap();
    assert_eq!(refused_at(&verdict), Some(Gate::Authorizer));
}

#[test]
fn an_answer_of_another_server_is_not_read() {
    let exchange = exchange(401, &[("server", "nginx")]);
    assert_eq!(read(&facts(&exchange, &message("Unauthorized"))), None);
}

#[test]
fn the_media_type_and_the_parameters_are_named() {
    let mut exchange = rest(415, "BadRequestException");
    exchange.hops[0].sent_headers.push(SentHeader {
        name: "content-type".to_owned(),
        value: "text/csv".to_owned(),
        secret: false,
        origin: HeaderOrigin::Body,
    });
    assert_eq!(refusal(&facts(&exchange, &message("Unsupported Media Type"))).evidence[0].found, "`text/csv`");
    let exchange = rest(400, "BadRequestException");
    let found = refusal(&facts(&exchange, &message("Missing required request parameters: [a, b]")));
    assert!(found.explanation.contains("`a`, `b`"));
}

#[rstest]
#[case::in_step("Tue, 14 Nov 2023 22:13:20 GMT", Some(0))]
#[case::behind("Tue, 14 Nov 2023 22:23:20 GMT", Some(-599))]
#[case::ahead("Tue, 14 Nov 2023 22:03:20 GMT", Some(599))]
#[case::nonsense("yesterday", None)]
fn the_clock_is_compared_with_the_servers(#[case] date: &str, #[case] expected: Option<i32>) {
    assert_eq!(clock_skew_seconds(&exchange(200, &[("date", date)])), expected);
}
