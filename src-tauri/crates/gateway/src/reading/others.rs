use super::Found;
use super::evidence::{bad, good, neutral};
use crate::facts::Facts;
use crate::verdict::{Evidence, Fix, Gate};

pub(super) fn no_route(facts: &Facts<'_>, http_api: bool) -> Found {
    let text = if http_api { "" } else { " Its text about a missing token means that; it is not about your token." };
    let found = Found::new(
        Gate::Route,
        "There is no such path or method",
        format!("The gateway knows no {} at this path in this stage.{text}", method(facts)),
    )
    .evidence(address(facts))
    .fix([Fix::EditUrl])
    .other("The path is there, but the stage was not deployed since: deploy it.");
    if http_api {
        found.other("What stands behind the gateway gave this answer itself.")
    } else {
        found.other("The method uses IAM, which signs requests with AWS credentials.")
    }
}

pub(super) fn signature(facts: &Facts<'_>) -> Found {
    Found::new(
        Gate::Route,
        "There is no such path or method",
        format!(
            "The gateway knows no {} at this path with your kind of sign-in, and then takes `Authorization` for an AWS signature. This is not about your token.",
            method(facts)
        ),
    )
    .evidence(address(facts))
    .evidence([neutral("Authorization", "is no AWS signature")])
    .fix([Fix::EditUrl])
    .other("The method uses IAM, which signs requests with AWS credentials.")
    .other("The stage was not deployed since the method was made: deploy it.")
}

pub(super) fn missing_parameters(names: &[String]) -> Found {
    let list = names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
    Found::new(
        Gate::Validator,
        "The request lacks parameters",
        format!("The gateway's validator asks for {list}, in the query, the path or a header."),
    )
    .evidence([bad("Missing", list)])
    .fix([Fix::EditUrl])
}

pub(super) fn invalid_body() -> Found {
    Found::new(
        Gate::Validator,
        "The body is not what the method asks for",
        "The gateway's validator compares it with a model, by its `content-type`, and does not say what differs.",
    )
    .evidence([bad("Body", "does not match the method's model")])
    .other("The `content-type` is not the one that the model is for.")
}

pub(super) fn media_type(facts: &Facts<'_>) -> Found {
    let sent = facts.last().and_then(|hop| {
        hop.sent_headers
            .iter()
            .find(|field| field.name.eq_ignore_ascii_case("content-type"))
            .map(|field| field.value.as_str())
    });
    let found = match sent {
        Some(sent) => bad("Media type", format!("`{sent}`")),
        None => bad("Media type", "no `content-type` was sent"),
    };
    Found::new(
        Gate::Validator,
        "The method does not take this media type",
        "It has no mapping for the `content-type` of this request: choose another, most often `application/json`.",
    )
    .evidence([found])
}

pub(super) fn too_large(facts: &Facts<'_>) -> Found {
    let size = facts.last().and_then(|hop| hop.sent_body.bytes);
    Found::new(
        Gate::Validator,
        "The body is too large",
        "A gateway takes 10 MB at the most. Larger files go to a store such as S3, at a signed URL.",
    )
    .evidence(size.map(|bytes| bad("Body", format!("{:.1} MB", bytes / 1_000_000.0))))
}

pub(super) fn timed_out(facts: &Facts<'_>) -> Found {
    Found::new(
        Gate::Integration,
        "What stands behind the gateway took too long",
        "The gateway waits 29 s by default. Your token and key were taken; its owner must make it faster.",
    )
    .evidence([neutral("Time", format!("{:.1} s in all", facts.exchange.total_ms / 1000.0))])
    .evidence(taken(facts))
    .fix([Fix::SendAgain])
}

pub(super) fn behind_broken(facts: &Facts<'_>) -> Found {
    Found::new(
        Gate::Integration,
        "What stands behind the gateway is broken",
        "It could not be called, or gave an answer that the gateway cannot use. Your token and key were taken: tell its owner.",
    )
    .evidence(taken(facts))
    .fix([Fix::SendAgain])
}

fn taken(facts: &Facts<'_>) -> Option<Evidence> {
    facts.arrived_token().map(|token| good("Token", format!("taken from `{}`", token.header)))
}

fn method<'a>(facts: &Facts<'a>) -> &'a str {
    facts.last().map(|hop| hop.method.as_str()).unwrap_or_default()
}

fn address(facts: &Facts<'_>) -> Option<Evidence> {
    let url = facts.last()?.url.split(['?', '#']).next()?;
    let path = url.split_once("://").and_then(|(_, rest)| rest.find('/').map(|at| &rest[at..])).unwrap_or("/");
    Some(bad("URL", format!("`{} {path}`", method(facts))))
}
