//! What an answer is: the gateway's own refusal, and which, or the answer of what stands behind it.

use serde_json::Value;

use crate::facts::Facts;

/// An answer of an API gateway.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Reply {
    /// All checks were passed.
    Answered,
    /// An error status that what stands behind the gateway gave.
    BehindRefused,
    /// The authorizer took no token.
    Unauthorized,
    /// The token has expired.
    Expired,
    /// An HTTP API's authorizer, in its own words.
    Jwt { description: String },
    /// An HTTP API's authorizer misses a scope.
    Scope,
    /// A key, or the way to the stage.
    Forbidden,
    /// No such path or method.
    NoRoute,
    /// `Authorization` is not an AWS signature.
    Signature,
    /// A Lambda authorizer said no.
    LambdaDenied,
    /// A policy said no.
    PolicyDenied,
    /// The authorizer itself failed.
    AuthorizerBroken,
    /// The quota is used up.
    Quota,
    /// Too many requests at once.
    Throttled,
    /// The validator misses parameters.
    MissingParameters { names: Vec<String> },
    /// The validator does not take the body.
    InvalidBody,
    /// The validator, in other words.
    BadRequest,
    /// The media type is not mapped.
    MediaType,
    /// The body is too large.
    TooLarge,
    /// What stands behind took too long.
    TimedOut,
    /// What stands behind could not be called, or gave nonsense.
    BehindBroken,
}

/// The reply and how far it can be trusted.
pub(crate) struct Read {
    pub(crate) reply: Reply,
    /// Whether it has another status or text than the gateway has by itself.
    pub(crate) customised: bool,
    /// Whether an HTTP API answered, which has no keys and plans.
    pub(crate) http_api: bool,
}

/// Reads an answer; nothing where no API gateway gave it.
pub(crate) fn read(facts: &Facts<'_>) -> Option<Read> {
    let status = facts.last()?.status;
    let http_api = facts.header("apigw-requestid").is_some();
    let rest = ["x-amz-apigw-id", "x-amzn-requestid", "x-amzn-errortype"];
    if !http_api && !rest.iter().any(|name| facts.header(name).is_some()) {
        return None;
    }
    let message = message(facts.body);
    if http_api {
        let reply = http_api_reply(facts, status, &message);
        return Some(Read { reply, customised: false, http_api });
    }
    let (reply, customised) = if let Some(error_type) = facts.header("x-amzn-errortype") {
        let reply = by_error_type(error_type, status, &message);
        let customised = !is_default(&reply, status, &message);
        (reply, customised)
    } else {
        let reply = by_text(status, &message, facts.body);
        let customised = !matches!(reply, Reply::Answered | Reply::BehindRefused);
        (reply, customised)
    };
    Some(Read { reply, customised, http_api })
}

/// Gives `message` or `Message` of a JSON body; empty where there is none.
fn message(body: &str) -> String {
    let parsed: Option<Value> = serde_json::from_str(body).ok();
    let found = parsed.as_ref().and_then(|value| value.get("message").or_else(|| value.get("Message")));
    found.and_then(Value::as_str).unwrap_or_default().to_owned()
}

fn by_error_type(error_type: &str, status: u16, message: &str) -> Reply {
    let name = error_type.split([':', '#']).next().unwrap_or_default().trim();
    match name {
        "UnauthorizedException" if is_expired(message) => Reply::Expired,
        "UnauthorizedException" => Reply::Unauthorized,
        "ExpiredTokenException" => Reply::Expired,
        "ForbiddenException" => Reply::Forbidden,
        "MissingAuthenticationTokenException" | "NotFoundException" => Reply::NoRoute,
        "IncompleteSignatureException"
        | "InvalidSignatureException"
        | "UnrecognizedClientException"
        | "SignatureDoesNotMatchException" => Reply::Signature,
        "AccessDeniedException" if message.contains("perform: execute-api") => Reply::PolicyDenied,
        "AccessDeniedException" => Reply::LambdaDenied,
        "AuthorizerConfigurationException" | "AuthorizerFailureException" => Reply::AuthorizerBroken,
        "LimitExceededException" => Reply::Quota,
        "TooManyRequestsException" | "ThrottlingException" => Reply::Throttled,
        "BadRequestException" if status == 415 || message.contains("Media Type") => Reply::MediaType,
        "BadRequestException" | "ValidationException" => bad_request(message),
        "UnsupportedMediaTypeException" => Reply::MediaType,
        "RequestTooLargeException" => Reply::TooLarge,
        "InternalServerErrorException" if status == 504 || message.contains("timed out") => Reply::TimedOut,
        _ if status >= 500 => Reply::BehindBroken,
        _ => Reply::BehindRefused,
    }
}

/// Reads a REST API's answer that has no error type: the owner took it off, or it comes from behind.
fn by_text(status: u16, message: &str, body: &str) -> Reply {
    match (status, message) {
        (200, _) if is_graphql_refusal(body) => Reply::Unauthorized,
        (200..=399, _) => Reply::Answered,
        (401, "Unauthorized") => Reply::Unauthorized,
        (401, text) if is_expired(text) => Reply::Expired,
        (403, "Forbidden") => Reply::Forbidden,
        (403, "Missing Authentication Token") => Reply::NoRoute,
        (403, "User is not authorized to access this resource") => Reply::LambdaDenied,
        (429, "Limit Exceeded") => Reply::Quota,
        (429, "Too Many Requests") => Reply::Throttled,
        (415, "Unsupported Media Type") => Reply::MediaType,
        (413, "Request Too Long") => Reply::TooLarge,
        (504, "Endpoint request timed out") => Reply::TimedOut,
        (500 | 502, "Internal server error") => Reply::BehindBroken,
        (400, "Invalid request body") => Reply::InvalidBody,
        (400, text) if text.starts_with("Missing required request parameters") => bad_request(text),
        _ => Reply::BehindRefused,
    }
}

fn http_api_reply(facts: &Facts<'_>, status: u16, message: &str) -> Reply {
    let challenge = facts.header("www-authenticate").unwrap_or_default();
    match (status, message) {
        (200..=399, _) => Reply::Answered,
        (401, "Unauthorized") if challenge.is_empty() => Reply::Unauthorized,
        (401, _) if challenge.trim_start().starts_with("Bearer") => {
            Reply::Jwt { description: parameter(challenge, "error_description") }
        }
        (403, "Forbidden") if challenge.contains("insufficient_scope") => Reply::Scope,
        (403, "Forbidden") => Reply::LambdaDenied,
        (404, "Not Found") => Reply::NoRoute,
        (429, "Too Many Requests") => Reply::Throttled,
        (413, _) if message.starts_with("Request") => Reply::TooLarge,
        (503 | 504, "Service Unavailable" | "Endpoint request timed out" | "Gateway Timeout") => Reply::TimedOut,
        (500 | 502, text) if text.eq_ignore_ascii_case("internal server error") => Reply::BehindBroken,
        _ => Reply::BehindRefused,
    }
}

/// Tells whether the text is the one that the gateway has by itself for this reply.
fn is_default(reply: &Reply, status: u16, message: &str) -> bool {
    match reply {
        Reply::Unauthorized => status == 401 && message == "Unauthorized",
        Reply::Expired => matches!(status, 401 | 403) && message == "The incoming token has expired",
        Reply::Forbidden => status == 403 && message == "Forbidden",
        Reply::NoRoute => matches!((status, message), (403, "Missing Authentication Token") | (404, "Not Found")),
        Reply::Quota => status == 429 && message == "Limit Exceeded",
        Reply::Throttled => status == 429 && message == "Too Many Requests",
        Reply::LambdaDenied => status == 403 && message.starts_with("User is not authorized to access this resource"),
        Reply::Signature | Reply::PolicyDenied => status == 403,
        Reply::AuthorizerBroken => status == 500,
        Reply::MediaType => status == 415,
        Reply::MissingParameters { .. } | Reply::InvalidBody => status == 400,
        Reply::BadRequest => false,
        Reply::TimedOut => status == 504,
        _ => true,
    }
}

fn bad_request(message: &str) -> Reply {
    if let Some((_, list)) = message.split_once("Missing required request parameters: [") {
        let names = list.trim_end_matches(']').split(',').map(|name| name.trim().to_owned());
        return Reply::MissingParameters { names: names.filter(|name| !name.is_empty()).collect() };
    }
    if message.starts_with("Invalid request body") { Reply::InvalidBody } else { Reply::BadRequest }
}

fn is_expired(message: &str) -> bool {
    message.to_ascii_lowercase().contains("expired")
}

/// Tells whether an `AppSync` answer refused every field: it does so with 200.
fn is_graphql_refusal(body: &str) -> bool {
    let parsed: Option<Value> = serde_json::from_str(body).ok();
    let errors = parsed.as_ref().and_then(|value| value.get("errors")?.as_array());
    errors.is_some_and(|errors| {
        errors.iter().any(|error| {
            let kind = error.get("errorType").and_then(Value::as_str).unwrap_or_default();
            kind == "Unauthorized" || kind == "UnauthorizedException"
        })
    })
}

/// Gives a quoted parameter of a challenge (RFC 6750 §3).
fn parameter(challenge: &str, name: &str) -> String {
    let value = challenge.split_once(&format!("{name}=\"")).map(|(_, rest)| rest);
    value.and_then(|rest| rest.split_once('"')).map(|(value, _)| value.to_owned()).unwrap_or_default()
}
