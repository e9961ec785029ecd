//! Every row of the gateway's replies.

use std::time::Duration;

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use gatepass_sandbox::seed;
use rstest::rstest;
use sha2::{Digest as _, Sha256};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::{
    browser::{World, segment},
    gateway::call::{is_numbered, refuses},
};

const UNAUTHORIZED: &str = r#"{"message":"Unauthorized"}"#;
const FORBIDDEN: &str = r#"{"message":"Forbidden"}"#;
const TOKEN: &str = "dev-auth-token";

fn tampered(token: &str, header: &str) -> String {
    let (_, rest) = token.split_once('.').unwrap();
    format!("{}.{rest}", URL_SAFE_NO_PAD.encode(header))
}

fn with_other_claims(token: &str) -> String {
    let mut parts: Vec<String> = token.split('.').map(str::to_owned).collect();
    parts[1] = URL_SAFE_NO_PAD.encode(segment(token, 1).replace("\"ada\"", "\"eve\""));
    parts.join(".")
}

#[tokio::test]
async fn a_good_token_and_a_good_key_reach_the_petstore() {
    let world = World::new().await;
    let token = world.tokens_of(seed::ADA, &[]).await.id;

    for header in [token.clone(), format!("Bearer {token}")] {
        let answer = world.fetch("/dev/pets", &[(TOKEN, &header), ("x-api-key", seed::KEY)]).await;

        assert_eq!((answer.status, answer.header("x-amzn-errortype")), (200, ""));
        is_numbered(&answer);
    }
}

#[tokio::test]
async fn no_token_or_an_empty_one_is_unauthorized() {
    let world = World::new().await;

    for headers in [&[][..], &[(TOKEN, "")], &[("authorization", "eyJ.eyJ.sig")]] {
        refuses(&world.fetch("/dev/token/pets", headers).await, 401, "UnauthorizedException", UNAUTHORIZED);
    }
}

#[tokio::test]
async fn a_token_that_is_malformed_or_forged_is_unauthorized() {
    let world = World::new().await;
    let token = world.tokens_of(seed::ADA, &[]).await.id;
    let (body, signature) = token.rsplit_once('.').unwrap();
    let kid = jsonwebtoken::decode_header(&token).unwrap().kid.unwrap();

    for forged in [
        "rubbish".to_owned(),
        body.to_owned(),
        format!("{body}."),
        format!("{body}.{}", &signature[..signature.len() - 8]),
        format!("{token}.more"),
        format!("\"{token}\""),
        format!("{} {}", &token[..20], &token[20..]),
        format!("id_token={token}"),
        format!("Bearer Bearer {token}"),
        format!("Bearer  {token}"),
        with_other_claims(&token),
        tampered(&token, &format!(r#"{{"kid":"{kid}","alg":"none"}}"#)),
        tampered(&token, &format!(r#"{{"kid":"{kid}","alg":"HS256"}}"#)),
        tampered(&token, r#"{"kid":"unknown","alg":"RS256"}"#),
        tampered(&token, r#"{"alg":"RS256"}"#),
    ] {
        let answer = world.fetch("/dev/token/pets", &[(TOKEN, &forged)]).await;

        refuses(&answer, 401, "UnauthorizedException", UNAUTHORIZED);
    }
}

#[tokio::test]
async fn a_token_of_another_pool_is_unauthorized_even_with_the_same_keys() {
    let (world, other) = (World::new().await, World::new().await);
    let token = other.tokens_of(seed::ADA, &[]).await.id;

    let answer = world.fetch("/dev/token/pets", &[(TOKEN, &token)]).await;

    refuses(&answer, 401, "UnauthorizedException", UNAUTHORIZED);
}

#[rstest]
#[case::id_token_at_a_plain_method("/dev/token/pets", false, "openid", 200)]
#[case::access_token_at_a_plain_method("/dev/token/pets", true, "openid", 401)]
#[case::access_token_at_a_scoped_method("/dev/scoped/pets", true, "openid petstore/read", 200)]
#[case::access_token_without_the_scope("/dev/scoped/pets", true, "openid email", 401)]
#[case::id_token_at_a_scoped_method("/dev/scoped/pets", false, "openid petstore/read", 401)]
#[case::id_token_of_the_client_that_is_let_in("/dev/one-client/pets", false, "openid", 200)]
#[case::access_token_where_the_audience_counts("/dev/one-client/pets", true, "openid", 401)]
#[tokio::test]
async fn the_kind_of_the_token_and_its_scope_must_fit_the_method(
    #[case] path: &str,
    #[case] access: bool,
    #[case] scope: &str,
    #[case] status: u16,
) {
    let world = World::new().await;
    let tokens = world.tokens_of(seed::ADA, &[("scope", scope)]).await;

    let token = if access { tokens.access } else { tokens.id };
    let answer = world.fetch(path, &[(TOKEN, &token)]).await;

    assert_eq!(answer.status, status);
    if status == 401 {
        refuses(&answer, 401, "UnauthorizedException", UNAUTHORIZED);
    }
}

#[tokio::test]
async fn an_audience_that_misses_the_validation_expression_is_unauthorized() {
    let world = World::new().await;
    let changes = [("client_id", seed::CODE_CLIENT), ("response_type", "code"), ("scope", "openid")];
    let code = world.browser.sign_in(seed::ADA, &changes).await.location_parameter("code").unwrap();
    let fields = [
        ("grant_type", "authorization_code"),
        ("client_id", seed::CODE_CLIENT),
        ("code", &code),
        ("redirect_uri", seed::CALLBACKS[0]),
    ];
    let tokens = world.browser.post("/oauth2/token", &fields).await.json();
    let headers = [(TOKEN, tokens["id_token"].as_str().unwrap())];

    assert_eq!(world.fetch("/dev/token/pets", &headers).await.status, 200);
    refuses(&world.fetch("/dev/one-client/pets", &headers).await, 401, "UnauthorizedException", UNAUTHORIZED);
}

#[tokio::test]
async fn an_expired_token_is_told_so_also_where_the_cache_knows_it() {
    let world = World::with(|options| options.id_token = Duration::from_mins(1)).await;
    let token = world.tokens_of(seed::ADA, &[]).await.id;
    let before = world.fetch("/dev/token/pets", &[(TOKEN, &token)]).await;

    world.later(60);
    let after = world.fetch("/dev/token/pets", &[(TOKEN, &token)]).await;

    assert_eq!(before.status, 200);
    refuses(&after, 401, "UnauthorizedException", r#"{"message":"The incoming token has expired"}"#);
}

#[tokio::test]
async fn the_token_source_can_be_another_header() {
    let world = World::with(|options| options.token_source = "Authorization".to_owned()).await;
    let token = world.tokens_of(seed::ADA, &[]).await.id;

    assert_eq!(world.fetch("/dev/token/pets", &[("authorization", &token)]).await.status, 200);
    assert_eq!(world.fetch("/dev/token/pets", &[(TOKEN, &token)]).await.status, 401);
}

#[rstest]
#[case::missing("/dev/key/pets", None)]
#[case::unknown("/dev/key/pets", Some("SandboxKeyThatNobodyMade00000000000009"))]
#[case::disabled("/dev/key/pets", Some(seed::DISABLED_KEY))]
#[case::without_a_plan("/dev/key/pets", Some(seed::PLANLESS_KEY))]
#[case::of_another_stages_plan("/dev/key/pets", Some(seed::KEY_OF_OTHER_STAGE))]
#[case::of_this_plan_at_another_stage("/test/key/pets", Some(seed::KEY))]
#[tokio::test]
async fn a_key_that_is_not_good_here_is_forbidden(#[case] path: &str, #[case] key: Option<&str>) {
    let world = World::new().await;
    let headers: Vec<(&str, &str)> = key.map(|key| ("x-api-key", key)).into_iter().collect();

    refuses(&world.fetch(path, &headers).await, 403, "ForbiddenException", FORBIDDEN);
}

#[rstest]
#[case("/dev/key/pets", seed::KEY)]
#[case("/test/key/pets", seed::KEY_OF_OTHER_STAGE)]
#[tokio::test]
async fn a_key_in_the_stages_plan_is_good(#[case] path: &str, #[case] key: &str) {
    let world = World::new().await;

    assert_eq!(world.fetch(path, &[("X-API-Key", key)]).await.status, 200);
}

#[rstest]
#[case("GET", "/dev/nowhere")]
#[case("PATCH", "/dev/pets")]
#[case("GET", "/dev/pets/1/toys")]
#[case("GET", "/dev/iam/pets")]
#[tokio::test]
async fn an_unknown_route_or_an_iam_method_misses_the_authentication_token(#[case] verb: &str, #[case] path: &str) {
    let world = World::new().await;

    let answer = world.call(verb, path, &[(TOKEN, "ignored"), ("x-api-key", seed::KEY)], "").await;

    let body = r#"{"message":"Missing Authentication Token"}"#;
    refuses(&answer, 403, "MissingAuthenticationTokenException", body);
}

#[rstest]
#[case("/dev/nowhere")]
#[case("/dev/iam/pets")]
#[tokio::test]
async fn a_token_where_a_signature_is_expected_is_an_incomplete_signature(#[case] path: &str) {
    let world = World::new().await;
    let hash = |text: &str| STANDARD.encode(Sha256::digest(text));

    let bearer = world.fetch(path, &[("authorization", "Bearer a.b.c")]).await;
    let bare = world.fetch(path, &[("authorization", "a.b.c")]).await;

    let missing_equal_sign = format!(
        r#"{{"message":"Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded with Base64): '{}'."}}"#,
        hash("a.b.c")
    );
    refuses(&bearer, 403, "IncompleteSignatureException", &missing_equal_sign);
    let start = r#"{"message":"Authorization header requires 'Credential' parameter. Authorization header requires 'Signature' parameter. "#;
    assert!(bare.body.starts_with(start), "{}", bare.body);
    assert!(!bare.body.contains("a.b.c") && bare.body.contains(&hash("a.b.c")));
    refuses(&bare, 403, "IncompleteSignatureException", &bare.body);
}

#[tokio::test]
async fn a_signature_by_nobodys_credentials_is_not_taken() {
    let world = World::new().await;
    let header = "AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/execute-api/aws4_request, \
                  SignedHeaders=host;x-amz-date, Signature=00";

    let answer = world.fetch("/dev/iam/pets", &[("authorization", header), ("x-amz-date", "20260101T000000Z")]).await;

    assert_eq!((answer.status, answer.header("x-amzn-errortype")), (403, "UnrecognizedClientException"));
}

#[rstest]
#[case::another_stage("/prod/pets", &[])]
#[case::no_stage("/", &[])]
#[case::a_script_in_the_query("/dev/public/pets?type=%3CScript%3E", &[])]
#[case::a_scanner("/dev/public/pets", &[("user-agent", "sqlmap/1.8")])]
#[tokio::test]
async fn a_wrong_stage_and_the_firewall_are_forbidden(#[case] path: &str, #[case] headers: &[(&str, &str)]) {
    let world = World::new().await;

    refuses(&world.fetch(path, headers).await, 403, "ForbiddenException", FORBIDDEN);
}

#[tokio::test]
async fn a_resource_policy_denies_with_a_capital_message() {
    let world = World::new().await;

    let body = r#"{"Message":"User: anonymous is not authorized to perform: execute-api:Invoke on resource: arn:aws:execute-api:us-east-1:********9012:sandbox0ap/dev/GET/policy-denied/pets"}"#;
    refuses(&world.fetch("/dev/policy-denied/pets", &[]).await, 403, "AccessDeniedException", body);
}

#[rstest]
#[case(
    "/dev/lambda/deny",
    403,
    "AccessDeniedException",
    r#"{"Message":"User is not authorized to access this resource"}"#
)]
#[case("/dev/lambda/broken", 500, "AuthorizerConfigurationException", r#"{"message":null}"#)]
#[tokio::test]
async fn a_lambda_authorizer_denies_or_breaks(
    #[case] path: &str,
    #[case] status: u16,
    #[case] error_type: &str,
    #[case] body: &str,
) {
    let world = World::new().await;

    refuses(&world.fetch(path, &[("authorization", "any")]).await, status, error_type, body);
}

#[tokio::test]
async fn a_lambda_authorizer_lets_in_whoever_brings_a_token() {
    let world = World::new().await;

    assert_eq!(world.fetch("/dev/lambda/allow", &[("authorization", "any")]).await.status, 200);
    refuses(&world.fetch("/dev/lambda/allow", &[]).await, 401, "UnauthorizedException", UNAUTHORIZED);
}

#[tokio::test]
async fn a_used_up_quota_is_a_429_without_a_time_to_retry() {
    let world = World::new().await;
    let headers = [("x-api-key", seed::SMALL_QUOTA_KEY)];
    for _ in 0..seed::SMALL_QUOTA {
        assert_eq!(world.fetch("/dev/key/pets", &headers).await.status, 200);
    }

    let answer = world.fetch("/dev/key/pets", &headers).await;
    world.later(24 * 3_600);
    let next_day = world.fetch("/dev/key/pets", &headers).await;

    refuses(&answer, 429, "LimitExceededException", r#"{"message":"Limit Exceeded"}"#);
    assert_eq!((answer.header("retry-after"), next_day.status), ("", 200));
}

#[tokio::test]
async fn a_second_call_within_a_second_is_throttled() {
    let world = World::new().await;
    let headers = [("x-api-key", seed::SLOW_KEY)];

    let first = world.fetch("/dev/key/pets", &headers).await;
    let second = world.fetch("/dev/key/pets", &headers).await;
    world.later(1);
    let third = world.fetch("/dev/key/pets", &headers).await;

    refuses(&second, 429, "TooManyRequestsException", r#"{"message":"Too Many Requests"}"#);
    assert_eq!([first.status, third.status], [200, 200]);
}

#[rstest]
#[case("/dev/validated", "[a, b]")]
#[case("/dev/validated?b=1", "[a]")]
#[tokio::test]
async fn missing_parameters_are_named_by_the_validator(#[case] path: &str, #[case] names: &str) {
    let world = World::new().await;

    let body = format!(r#"{{"message":"Missing required request parameters: {names}"}}"#);
    refuses(&world.fetch(path, &[]).await, 400, "BadRequestException", &body);
    assert_eq!(world.fetch("/dev/validated?a=1&b=", &[]).await.status, 200);
}

#[rstest]
#[case("not JSON", 400)]
#[case(r#"{"type":"dog"}"#, 400)]
#[case(r#"{"type":"dog","price":"dear"}"#, 400)]
#[case(r#"{"type":"dog","price":1}"#, 200)]
#[tokio::test]
async fn a_body_is_held_against_its_model(#[case] body: &'static str, #[case] status: u16) {
    let world = World::new().await;

    let answer = world.call("POST", "/dev/validated", &[("content-type", "application/json")], body).await;

    assert_eq!(answer.status, status);
    if status == 400 {
        refuses(&answer, 400, "BadRequestException", r#"{"message":"Invalid request body"}"#);
    }
}

#[tokio::test]
async fn a_media_type_without_a_mapping_is_unsupported() {
    let world = World::new().await;
    let post = async |kind| world.call("POST", "/dev/json-only", &[("content-type", kind)], "{}").await;

    let xml = post("application/xml").await;

    refuses(&xml, 415, "BadRequestException", r#"{"message":"Unsupported Media Type"}"#);
    assert_eq!(post("application/json; charset=utf-8").await.status, 200);
}

#[tokio::test]
async fn a_body_over_ten_megabytes_is_too_long() {
    const LIMIT: usize = 10 * 1_024 * 1_024;
    let world = World::new().await;

    let at_limit = world.call_with("POST", "/dev/upload", &[], vec![b'a'; LIMIT]).await;
    let over = world.call_with("POST", "/dev/upload", &[], vec![b'a'; LIMIT + 1]).await;

    assert_eq!((at_limit.status, at_limit.json()["bytes"].as_u64()), (200, Some(LIMIT as u64)));
    refuses(&over, 413, "RequestTooLargeException", r#"{"message":"Request Too Long"}"#);
}

#[tokio::test]
async fn an_integration_that_never_answers_times_out() {
    let world = World::with(|options| options.integration_timeout = Duration::from_millis(20)).await;

    let answer = world.fetch("/dev/integration/slow", &[]).await;

    let body = r#"{"message": "Endpoint request timed out"}"#;
    refuses(&answer, 504, "InternalServerErrorException", body);
}

#[rstest]
#[case("/dev/integration/unreachable", 500)]
#[case("/dev/integration/malformed", 502)]
#[tokio::test]
async fn a_broken_integration_is_an_internal_server_error(#[case] path: &str, #[case] status: u16) {
    let world = World::new().await;

    let body = r#"{"message": "Internal server error"}"#;
    refuses(&world.fetch(path, &[]).await, status, "InternalServerErrorException", body);
}

#[tokio::test]
async fn a_public_method_needs_nothing() {
    let world = World::new().await;

    assert_eq!(world.fetch("/dev/public/pets", &[]).await.status, 200);
}

#[tokio::test]
async fn header_names_have_the_recorded_case_on_the_wire() {
    let world = World::new().await;
    let address = world.sandbox.gateway_origin().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();

    stream.write_all(b"GET /dev/token/pets HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n").await.unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await.unwrap();

    assert!(reply.starts_with("HTTP/1.1 401 Unauthorized\r\n"), "{reply}");
    for name in ["x-amzn-RequestId: ", "x-amzn-ErrorType: UnauthorizedException\r\n", "x-amz-apigw-id: "] {
        assert!(reply.contains(&format!("\r\n{name}")), "{name} in {reply}");
    }
}
