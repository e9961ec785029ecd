//! The PetStore, which stores nothing.

use serde::Deserialize;
use serde_json::{json, value::RawValue};

const PRICES: [&str; 3] = ["249.99", "124.99", "0.99"];
const LATER_PRICES: [&str; 3] = ["999.99", "249.99", "49.97"];
const TYPES: [&str; 3] = ["dog", "cat", "fish"];
const KNOWN_TYPES: [&str; 5] = ["dog", "cat", "fish", "bird", "gecko"];

/// Writes the welcome page.
pub fn welcome(stage: &str) -> String {
    format!(
        "<html><head><title>PetStore</title></head><body><h1>Welcome to your Pet Store API</h1>\
         <p>This page is a mock integration of <code>GET /</code>. The pets are at \
         <a href=\"/{stage}/pets/\">/pets</a> and <a href=\"/{stage}/pets/1\">/pets/{{petId}}</a>.</p></body></html>"
    )
}

/// Lists the three pets of a page, all of one type where it is asked for.
pub fn list(kind: Option<&str>, page: Option<&str>) -> String {
    let page = page.and_then(|page| page.parse::<u32>().ok()).unwrap_or(1).max(1);
    // Guess: the pets of pages after the second.
    let prices = if page == 1 { PRICES } else { LATER_PRICES };
    let pets: Vec<String> = (1_u64..)
        .zip(TYPES.iter().zip(prices))
        .map(|(at, (own, price))| pet(u64::from(page - 1) * 3 + at, kind.unwrap_or(own), price))
        .collect();
    format!("[{}]", pets.join(","))
}

/// Shows a pet; a number that is none has the PetStore's own error, which is no HTTP error.
pub fn get(id: &str) -> String {
    match id.parse::<u64>() {
        // Guess: the pets after the third.
        Ok(id @ 1..) => {
            let at = usize::try_from((id - 1) % 3).unwrap_or_default();
            pet(id, TYPES[at], PRICES[at])
        }
        _ => errors(&[("GetPetRequest.petId", "The value is out of range.")]),
    }
}

/// Takes a pet, and stores nothing.
pub fn create(body: &[u8]) -> String {
    #[derive(Deserialize)]
    struct NewPet<'a> {
        #[serde(rename = "type")]
        kind: Option<String>,
        /// As it was written, so that no digit is lost.
        #[serde(borrow)]
        price: Option<&'a RawValue>,
    }
    let pet: NewPet<'_> = serde_json::from_slice(body).unwrap_or(NewPet { kind: None, price: None });
    match (pet.kind, pet.price) {
        (Some(kind), Some(price)) if KNOWN_TYPES.contains(&kind.as_str()) => {
            format!(r#"{{"pet":{{"type":"{kind}","price":{price}}},"message":"success"}}"#)
        }
        // Guess: the key and the words.
        (Some(_), Some(_)) => errors(&[("Pet2.type", "The value is out of range.")]),
        (kind, price) => {
            let missing = [("Pet2.type", kind.is_none()), ("Pet2.price", price.is_none())];
            let missing: Vec<(&str, &str)> = missing
                .into_iter()
                .filter(|(_, is_missing)| *is_missing)
                .map(|(key, _)| (key, "Missing required field"))
                .collect();
            errors(&missing)
        }
    }
}

fn pet(id: u64, kind: &str, price: &str) -> String {
    // The type comes from the query, so it is quoted as JSON.
    format!(r#"{{"id":{id},"type":{},"price":{price}}}"#, json!(kind))
}

fn errors(errors: &[(&str, &str)]) -> String {
    let errors: Vec<_> = errors.iter().map(|(key, message)| json!({ "key": key, "message": message })).collect();
    json!({ "errors": errors }).to_string()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::Value;

    use super::*;

    proptest! {
        #[test]
        fn whatever_is_asked_for_the_answer_is_json(
            body in any::<Vec<u8>>(),
            pet in r#"\{"type":"(dog|gecko|x)","price":(1e9|-0\.10|null|"a"|\[1\])\}"#,
            kind in any::<Option<String>>(),
            page in any::<Option<String>>(),
            number in any::<u32>().prop_map(|page| page.to_string()),
        ) {
            let answers = [
                create(&body),
                create(pet.as_bytes()),
                list(kind.as_deref(), page.as_deref()),
                list(kind.as_deref(), Some(&number)),
                get(&number),
            ];
            for answer in answers {
                prop_assert!(serde_json::from_str::<Value>(&answer).is_ok(), "{}", answer);
            }
        }
    }
}
