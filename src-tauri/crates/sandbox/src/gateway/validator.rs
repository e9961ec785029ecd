//! What is checked of parameters and body before the integration is called.

use http::header::CONTENT_TYPE;
use serde_json::Value;

use super::{reply::Refusal, request::Incoming, route::Method};

/// Checks the size, the media type, the required parameters and the body's model.
pub fn check(method: &Method, request: &Incoming) -> Result<(), Refusal> {
    let body = request.body()?;
    if let Some(expected) = method.media_type {
        let header = request.headers.get(CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or(expected);
        let essence = header.split(';').next().unwrap_or_default().trim();
        if !essence.eq_ignore_ascii_case(expected) {
            return Err(Refusal::UnsupportedMediaType);
        }
    }
    let missing: Vec<&str> = method.required.iter().copied().filter(|name| request.parameter(name).is_none()).collect();
    if !missing.is_empty() {
        return Err(Refusal::MissingParameters(missing));
    }
    if method.pet_model && !is_pet(body) {
        return Err(Refusal::InvalidBody);
    }
    Ok(())
}

fn is_pet(body: &[u8]) -> bool {
    serde_json::from_slice::<Value>(body).is_ok_and(|pet| pet["type"].is_string() && pet["price"].is_number())
}
