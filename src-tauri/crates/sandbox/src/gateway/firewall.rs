//! Two rules of a web application firewall: a script in the query, and a scanner's name in `User-Agent`.

use http::header::USER_AGENT;

use super::{reply::Refusal, request::Incoming};

/// Refuses what a rule matches.
pub fn check(request: &Incoming) -> Result<(), Refusal> {
    let script = request.query.iter().any(|(_, value)| value.to_ascii_lowercase().contains("<script"));
    let agent = request.headers.get(USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let scanner = agent.to_ascii_lowercase().contains("sqlmap");
    if script || scanner { Err(Refusal::Forbidden) } else { Ok(()) }
}
