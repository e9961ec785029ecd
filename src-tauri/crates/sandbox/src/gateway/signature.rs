//! What the gateway says where it expects a request signed with AWS credentials: at an IAM method, and at a route that
//! does not exist.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use http::{HeaderMap, header::AUTHORIZATION};
use sha2::{Digest as _, Sha256};

use super::reply::Refusal;

/// Tells what is wrong with the `Authorization` header, which no request to the sandbox can have right.
pub fn check(headers: &HeaderMap) -> Refusal {
    let Some(header) = headers.get(AUTHORIZATION).map(|header| String::from_utf8_lossy(header.as_bytes())) else {
        return Refusal::MissingAuthenticationToken;
    };
    let parameters = header.split_once(' ').map_or("", |(_, parameters)| parameters);
    let pairs: Vec<&str> = parameters.split(',').map(str::trim).filter(|pair| !pair.is_empty()).collect();
    if let Some(pair) = pairs.iter().find(|pair| !pair.contains('=')) {
        return Refusal::IncompleteSignature(format!(
            "Invalid key=value pair (missing equal-sign) in Authorization header (hashed with SHA-256 and encoded \
             with Base64): '{}'.",
            hashed(pair)
        ));
    }
    let has = |name: &str| pairs.iter().any(|pair| pair.split_once('=').is_some_and(|(key, _)| key == name));
    let missing: Vec<String> = ["Credential", "Signature", "SignedHeaders"]
        .iter()
        .filter(|name| !has(name))
        .map(|name| format!("Authorization header requires '{name}' parameter. "))
        .collect();
    if missing.is_empty() {
        return Refusal::UnrecognizedClient;
    }
    let dated = headers.contains_key("x-amz-date") || headers.contains_key("date");
    let date = if dated {
        ""
    } else {
        "Authorization header requires existence of either a 'X-Amz-Date' or a 'Date' header. "
    };
    // Guess: the end of the text.
    Refusal::IncompleteSignature(format!(
        "{}{date}(Hashed with SHA-256 and encoded with Base64) Authorization={}",
        missing.concat(),
        hashed(&header)
    ))
}

fn hashed(text: &str) -> String {
    STANDARD.encode(Sha256::digest(text.as_bytes()))
}
