//! The REST API's methods: the PetStore, and one method for every other way in which a gateway answers.

use super::{integration::Integration, lambda_authorizer::Function};
use crate::seed;

/// A method of the API, with the checks that stand before its integration.
#[derive(Debug)]
pub struct Method {
    pub verb: &'static str,
    pub path: &'static str,
    pub summary: &'static str,
    pub access: Access,
    pub api_key: bool,
    pub policy_denies: bool,
    /// Query parameters that the validator requires.
    pub required: &'static [&'static str],
    /// Whether the validator holds the body against the model of a pet.
    pub pet_model: bool,
    /// The only media type that a mapping takes, where others are refused.
    pub media_type: Option<&'static str>,
    pub integration: Integration,
}

/// Tells who may call a method.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Everybody.
    Open,
    /// Who has a token of the pool: the ID token, or with scopes the access token with one of them.
    Cognito {
        /// The client to which the authorizer's validation expression limits the audience.
        client: Option<&'static str>,
        scopes: &'static [&'static str],
    },
    /// Who signs with AWS credentials.
    Iam,
    /// Whom a function lets in.
    Lambda(Function),
}

const POOL_USER: Access = Access::Cognito { client: None, scopes: &[] };

impl Method {
    const fn new(verb: &'static str, path: &'static str, summary: &'static str, integration: Integration) -> Self {
        Self {
            verb,
            path,
            summary,
            access: Access::Open,
            api_key: false,
            policy_denies: false,
            required: &[],
            pet_model: false,
            media_type: None,
            integration,
        }
    }

    const fn behind(self, access: Access) -> Self {
        Self { access, ..self }
    }

    const fn with_key(self) -> Self {
        Self { api_key: true, ..self }
    }

    /// Writes verb and path as a resource name ends.
    pub fn name(&self) -> String {
        format!("{}{}", self.verb, self.path)
    }

    /// Lists the names between braces in the path.
    pub fn path_parameters(&self) -> impl Iterator<Item = &'static str> {
        self.path.split('/').filter_map(|segment| segment.strip_prefix('{')?.strip_suffix('}'))
    }
}

/// All methods.
pub static METHODS: [Method; 24] = [
    Method::new("GET", "/", "The PetStore's welcome page", Integration::Welcome),
    Method::new("GET", "/pets", "List pets", Integration::ListPets).behind(POOL_USER).with_key(),
    Method::new("POST", "/pets", "Create a pet", Integration::CreatePet).behind(POOL_USER).with_key(),
    Method::new("OPTIONS", "/pets", "CORS for the list", Integration::Cors("POST,GET,OPTIONS")),
    Method::new("GET", "/pets/{petId}", "Get a pet", Integration::GetPet).behind(POOL_USER).with_key(),
    Method::new("OPTIONS", "/pets/{petId}", "CORS for a pet", Integration::Cors("GET,OPTIONS")),
    Method::new("GET", "/public/pets", "List pets, for everybody", Integration::ListPets),
    Method::new("GET", "/token/pets", "List pets, with a token and no key", Integration::ListPets).behind(POOL_USER),
    Method::new("GET", "/key/pets", "List pets, with a key and no token", Integration::ListPets).with_key(),
    Method::new("GET", "/scoped/pets", "List pets, with an access token that may read", Integration::ListPets)
        .behind(Access::Cognito { client: None, scopes: &[seed::READ_SCOPE] }),
    Method::new("GET", "/one-client/pets", "List pets, with a token of one client", Integration::ListPets)
        .behind(Access::Cognito { client: Some(seed::PUBLIC_CLIENT), scopes: &[] }),
    Method::new("GET", "/iam/pets", "List pets, signed", Integration::ListPets).behind(Access::Iam),
    Method {
        policy_denies: true,
        ..Method::new(
            "GET",
            "/policy-denied/pets",
            "List pets, which the resource policy denies",
            Integration::ListPets,
        )
    },
    Method::new("GET", "/lambda/allow", "A function lets everybody in", Integration::ListPets)
        .behind(Access::Lambda(Function::Allows)),
    Method::new("GET", "/lambda/deny", "A function lets nobody in", Integration::ListPets)
        .behind(Access::Lambda(Function::Denies)),
    Method::new("GET", "/lambda/broken", "A function fails", Integration::ListPets)
        .behind(Access::Lambda(Function::Fails)),
    Method {
        required: &["a", "b"],
        ..Method::new("GET", "/validated", "A validator requires the parameters a and b", Integration::Received)
    },
    Method {
        pet_model: true,
        ..Method::new("POST", "/validated", "A validator requires a pet", Integration::Received)
    },
    Method {
        media_type: Some("application/json"),
        ..Method::new("POST", "/json-only", "No mapping takes another media type than JSON", Integration::Received)
    },
    Method::new("POST", "/upload", "Takes any body up to the gateway's limit", Integration::Received),
    Method::new("PUT", "/upload", "Takes any body up to the gateway's limit", Integration::Received),
    Method::new("GET", "/integration/slow", "The integration never answers", Integration::NeverAnswers),
    Method::new("GET", "/integration/unreachable", "The integration cannot be called", Integration::CannotBeCalled),
    Method::new("GET", "/integration/malformed", "The integration's answer cannot be used", Integration::Malformed),
];

/// Finds the method of a verb and a path, and the values between braces.
pub fn find<'a>(verb: &str, path: &'a str) -> Option<(&'static Method, Vec<&'a str>)> {
    METHODS
        .iter()
        .filter(|method| method.verb == verb)
        .find_map(|method| matched(method.path, path).map(|parameters| (method, parameters)))
}

fn matched<'a>(template: &str, path: &'a str) -> Option<Vec<&'a str>> {
    if template.split('/').count() != path.split('/').count() {
        return None;
    }
    let mut parameters = Vec::new();
    for (expected, found) in template.split('/').zip(path.split('/')) {
        if expected.starts_with('{') && !found.is_empty() {
            parameters.push(found);
        } else if expected != found {
            return None;
        }
    }
    Some(parameters)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("GET", "/", Some(("/", vec![])))]
    #[case("GET", "/pets/7", Some(("/pets/{petId}", vec!["7"])))]
    #[case("GET", "/public/pets", Some(("/public/pets", vec![])))]
    #[case("PATCH", "/pets", None)]
    #[case("GET", "/pets/7/toys", None)]
    #[case("GET", "/pets//", None)]
    fn a_route_is_found_by_verb_and_path(
        #[case] verb: &str,
        #[case] path: &str,
        #[case] expected: Option<(&str, Vec<&str>)>,
    ) {
        let found = find(verb, path).map(|(method, parameters)| (method.path, parameters));

        assert_eq!(found, expected);
    }
}
