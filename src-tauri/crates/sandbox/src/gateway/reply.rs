//! The gateway's replies: every row of what it refuses with, and the headers that each reply carries.

use axum::{body::Body, response::Response};
use http::{HeaderName, HeaderValue, StatusCode, header::CONTENT_TYPE};
use serde_json::json;

use crate::{random, seed};

/// Tells why the gateway answers instead of the integration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The authorizer does not take the token.
    Unauthorized,
    /// The token has expired.
    Expired,
    /// A wrong stage, the firewall, or an API key that is not good here.
    Forbidden,
    /// No such route, or a method with IAM, and no `Authorization` header.
    MissingAuthenticationToken,
    /// The same, with an `Authorization` header that is no signature.
    IncompleteSignature(String),
    /// The same, with a signature by credentials that nobody has.
    UnrecognizedClient,
    /// The resource policy denies the call.
    PolicyDenied { stage: String, method: String },
    /// The Lambda authorizer denies the call.
    LambdaDenied,
    /// The Lambda authorizer failed.
    AuthorizerConfiguration,
    /// The key's quota is used up.
    LimitExceeded,
    /// The key's rate is exceeded.
    TooManyRequests,
    /// Parameters that the validator requires are missing.
    MissingParameters(Vec<&'static str>),
    /// The body is not what the validator requires.
    InvalidBody,
    /// No mapping takes the body's media type.
    UnsupportedMediaType,
    /// The body is over 10 MB.
    TooLarge,
    /// The integration took too long.
    IntegrationTimeout,
    /// The integration's answer could not be used.
    BadGateway,
    /// The integration could not be called.
    IntegrationFailure,
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Self::Unauthorized | Self::Expired => StatusCode::UNAUTHORIZED,
            Self::Forbidden
            | Self::MissingAuthenticationToken
            | Self::IncompleteSignature(_)
            | Self::UnrecognizedClient
            | Self::PolicyDenied { .. }
            | Self::LambdaDenied => StatusCode::FORBIDDEN,
            Self::AuthorizerConfiguration | Self::IntegrationFailure => StatusCode::INTERNAL_SERVER_ERROR,
            Self::LimitExceeded | Self::TooManyRequests => StatusCode::TOO_MANY_REQUESTS,
            Self::MissingParameters(_) | Self::InvalidBody => StatusCode::BAD_REQUEST,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::IntegrationTimeout => StatusCode::GATEWAY_TIMEOUT,
            Self::BadGateway => StatusCode::BAD_GATEWAY,
        }
    }

    fn error_type(&self) -> &'static str {
        match self {
            Self::Unauthorized | Self::Expired => "UnauthorizedException",
            Self::Forbidden => "ForbiddenException",
            Self::MissingAuthenticationToken => "MissingAuthenticationTokenException",
            Self::IncompleteSignature(_) => "IncompleteSignatureException",
            Self::UnrecognizedClient => "UnrecognizedClientException",
            Self::PolicyDenied { .. } | Self::LambdaDenied => "AccessDeniedException",
            Self::AuthorizerConfiguration => "AuthorizerConfigurationException",
            Self::LimitExceeded => "LimitExceededException",
            Self::TooManyRequests => "TooManyRequestsException",
            Self::MissingParameters(_) | Self::InvalidBody | Self::UnsupportedMediaType => "BadRequestException",
            Self::TooLarge => "RequestTooLargeException",
            Self::IntegrationTimeout | Self::BadGateway | Self::IntegrationFailure => "InternalServerErrorException",
        }
    }

    fn body(&self) -> String {
        let message = |text: &str| json!({ "message": text }).to_string();
        match self {
            Self::Unauthorized => message("Unauthorized"),
            Self::Expired => message("The incoming token has expired"),
            Self::Forbidden => message("Forbidden"),
            Self::MissingAuthenticationToken => message("Missing Authentication Token"),
            Self::IncompleteSignature(text) => message(text),
            // Guess: the sandbox has no credentials, and this is what unknown ones are told.
            Self::UnrecognizedClient => message("The security token included in the request is invalid."),
            Self::PolicyDenied { stage, method } => {
                let account = &seed::ACCOUNT[8..];
                let resource =
                    format!("arn:aws:execute-api:{}:********{account}:{}/{stage}/{method}", seed::REGION, seed::API_ID);
                json!({ "Message": format!(
                    "User: anonymous is not authorized to perform: execute-api:Invoke on resource: {resource}"
                ) })
                .to_string()
            }
            Self::LambdaDenied => json!({ "Message": "User is not authorized to access this resource" }).to_string(),
            Self::AuthorizerConfiguration => json!({ "message": null }).to_string(),
            Self::LimitExceeded => message("Limit Exceeded"),
            Self::TooManyRequests => message("Too Many Requests"),
            Self::MissingParameters(names) => {
                message(&format!("Missing required request parameters: [{}]", names.join(", ")))
            }
            Self::InvalidBody => message("Invalid request body"),
            Self::UnsupportedMediaType => message("Unsupported Media Type"),
            Self::TooLarge => message("Request Too Long"),
            // The real gateway writes these two with a blank.
            Self::IntegrationTimeout => r#"{"message": "Endpoint request timed out"}"#.to_owned(),
            Self::BadGateway | Self::IntegrationFailure => r#"{"message": "Internal server error"}"#.to_owned(),
        }
    }
}

impl From<Refusal> for Response {
    fn from(refusal: Refusal) -> Self {
        let mut response = json_text(refusal.status(), refusal.body());
        let error_type = HeaderValue::from_static(refusal.error_type());
        response.headers_mut().insert(HeaderName::from_static("x-amzn-errortype"), error_type);
        response
    }
}

/// Answers with text that is JSON.
pub fn json_text(status: StatusCode, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// Numbers a reply of the REST API.
pub fn numbered(mut response: Response) -> Response {
    let ids = [("x-amzn-requestid", random::uuid()), ("x-amz-apigw-id", random::gateway_id())];
    for (name, id) in ids {
        if let Ok(id) = HeaderValue::try_from(id) {
            response.headers_mut().insert(HeaderName::from_static(name), id);
        }
    }
    response
}
