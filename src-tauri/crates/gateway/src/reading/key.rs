use url::Url;

use super::Found;
use super::evidence::{self, bad, good, neutral};
use crate::facts::Facts;
use crate::verdict::{Evidence, Fix, Gate};

/// Reads `{"message":"Forbidden"}`, which a key and a wrong address have in common.
pub(super) fn forbidden(facts: &Facts<'_>) -> Found {
    if facts.url().is_some_and(|url| lacks_stage(&url)) {
        return Found::new(
            Gate::Route,
            "The URL has no stage",
            "An API gateway's own address needs the stage as the first part of the path, for example `/dev`.",
        )
        .evidence([bad("URL", "its path is empty")])
        .fix([Fix::EditUrl]);
    }
    if facts.needs_key() == Some(false) {
        return wrong_way(facts);
    }
    let wanted = facts.key_header().unwrap_or("x-api-key");
    match facts.api_key {
        None => Found::new(
            Gate::ApiKey,
            "The gateway wants an API key",
            format!("It reads the header `{wanted}`. This request carried no key."),
        )
        .evidence(token_passed(facts))
        .evidence([bad("API key", "none was sent")])
        .fix([Fix::AddApiKey])
        .other("The stage or the base path in the URL is wrong: check the invoke URL.")
        .other("A firewall refused the request, or the API is private: ask its owner."),
        Some(key) if facts.withheld(&key.header) => Found::new(
            Gate::ApiKey,
            "The API key stayed home at a redirect",
            "The first host redirected to another origin, and credentials do not follow there. Where you trust it, send to it directly.",
        )
        .evidence([bad("Header", format!("`{}` was left out after the redirect", key.header))])
        .fix([Fix::EditUrl]),
        Some(key) if !key.header.eq_ignore_ascii_case(wanted) => Found::new(
            Gate::ApiKey,
            "The gateway never saw your API key",
            format!("It reads the header `{wanted}`. This request carried the key in `{}`.", key.header),
        )
        .evidence(token_passed(facts))
        .evidence([bad("Header", format!("`{}` is not `{wanted}`", key.header))])
        .fix([Fix::AddApiKey])
        .other("The key comes from the authorizer at this API: ask its owner."),
        Some(key) => Found::new(
            Gate::ApiKey,
            "The gateway does not take this API key",
            format!("The key in `{}` is unknown, switched off, or in no usage plan of this stage.", key.header),
        )
        .evidence(token_passed(facts))
        .evidence([bad("API key", "sent, and refused")])
        .fix([Fix::AddApiKey, Fix::SendAgain, Fix::EditUrl])
        .other("The key is new: it takes some minutes until every part of the gateway knows it.")
        .other("The stage or the base path in the URL is wrong: check the invoke URL.")
        .other("A firewall refused the request, or the API is private: ask its owner."),
    }
}

pub(super) fn quota() -> Found {
    Found::new(
        Gate::UsagePlan,
        "The quota of this API key is used up",
        "The usage plan allows so many requests a day, week or month. The gateway does not say when the next begins: wait, or ask its owner.",
    )
    .evidence([good("API key", "known, and in a usage plan")])
}

pub(super) fn throttled() -> Found {
    Found::new(
        Gate::UsagePlan,
        "Too many requests at once",
        "The rate of the stage, the method or the usage plan is exceeded. Slow down, and send again.",
    )
    .fix([Fix::SendAgain])
}

fn wrong_way(facts: &Facts<'_>) -> Found {
    Found::new(
        Gate::Route,
        "The gateway did not let the request in",
        "This method asks for no API key, so the address is the likeliest cause: a wrong stage or base path.",
    )
    .evidence([good("API key", "the imported definition asks for none")])
    .evidence(facts.url().map(|url| neutral("URL", format!("`{}`", url.path()))))
    .fix([Fix::EditUrl])
    .other("A firewall refused the request, or the API is private: ask its owner.")
}

fn token_passed(facts: &Facts<'_>) -> Option<Evidence> {
    let token = facts.arrived_token()?;
    let looked = evidence::token(token);
    Some(good("Token", format!("{}; the authorizer comes before the key", looked.found)))
}

/// Tells whether the URL goes to the gateway's own host without a path.
fn lacks_stage(url: &Url) -> bool {
    url.host_str().is_some_and(|host| host.contains(".execute-api.")) && url.path().trim_matches('/').is_empty()
}
