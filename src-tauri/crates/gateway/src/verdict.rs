//! The reading of an answer, as the window shows it.

use serde::{Deserialize, Serialize};
use specta::Type;

/// Which of the gateway's checks a request passed, and why it was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Verdict {
    /// The gate track, in the gateway's order.
    pub track: Vec<Check>,
    /// Why it was refused; absent where nothing refused it.
    pub refusal: Option<Refusal>,
    /// Remarks where nothing was refused, for example that the endpoint is public.
    pub remarks: Vec<String>,
}

/// One of the gateway's checks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Check {
    /// Which.
    pub gate: Gate,
    /// How it went.
    pub outcome: Outcome,
}

/// The checks of an API gateway that the track shows, in order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Gate {
    /// Firewall, stage, path and method.
    Route,
    /// The authorizer or IAM.
    Authorizer,
    /// The API key.
    ApiKey,
    /// Quota and rate.
    UsagePlan,
    /// The request validator and media type.
    Validator,
    /// What stands behind the gateway.
    Integration,
}

/// How a check went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Outcome {
    /// Passed.
    Passed,
    /// Refused the request.
    Refused,
    /// Never came to it.
    NotReached,
    /// The answer does not tell.
    Unknown,
}

/// Why a request was refused.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Refusal {
    /// The verdict in a sentence, for example "The gateway never saw your token".
    pub title: String,
    /// What happened, in a sentence or two; header names and values stand between backquotes.
    pub explanation: String,
    /// What the client could check itself.
    pub evidence: Vec<Evidence>,
    /// What mends it, the likeliest first; the first is offered as the main button.
    pub fixes: Vec<Fix>,
    /// Other causes that cannot be told apart from here, with what to do.
    pub other_causes: Vec<String>,
    /// Whether the owner seems to have changed the gateway's own reply, so that the reading is less certain.
    pub customised: bool,
    /// Whether it is the token's age alone: the same request with a fresh one may pass.
    pub token_expired: bool,
}

/// A line of evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub struct Evidence {
    /// For, against, or not looked at.
    pub sign: Sign,
    /// What was looked at, for example "Token is good".
    pub subject: String,
    /// What was found.
    pub found: String,
}

/// What a line of evidence says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase")]
pub enum Sign {
    /// In order.
    Good,
    /// Not in order: the likely cause.
    Bad,
    /// Not looked at, or not known.
    Neutral,
}

/// Something that the user can do about it at a click.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase", tag = "kind")]
pub enum Fix {
    /// Send the token in this header.
    SendTokenIn {
        /// The header's name.
        header: String,
    },
    /// Attach the token: the request has none.
    AttachToken,
    /// Send the other of the two tokens.
    SendOtherToken {
        /// `id` or `access`.
        token: gatepass_collection::model::TokenKind,
    },
    /// Send the token without its prefix.
    DropPrefix,
    /// Sign in again.
    SignInAgain,
    /// Add the API key.
    AddApiKey,
    /// Try once more: a cached denial or a rate.
    SendAgain,
    /// Look at the URL: stage, path and method.
    EditUrl,
}
