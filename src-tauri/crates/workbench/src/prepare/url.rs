//! The URL of a request: variables, path parameters, a scheme where none was typed. Nothing is encoded twice.

use gatepass_collection::model::{ParameterPlace, Request};
use url::Url;

use super::Resolver;
use crate::failure::{Code, Failure};

/// Resolves a request's URL.
pub(super) fn resolve(request: &Request, resolver: &mut Resolver<'_>) -> Result<Url, Failure> {
    let typed = request.url.trim();
    if typed.is_empty() {
        return Err(invalid("The request has no URL.", "Type one, for example https://api.example.com/pets."));
    }
    let (path, rest) = typed.split_at(typed.find(['?', '#']).unwrap_or(typed.len()));
    let path = with_parameters(path, request, resolver)?;
    let rendered = resolver.text(&path, "the URL")?;
    let rest = resolver.text(rest, "the URL")?;
    let shown = format!("{}{}", rendered.masked(), rest.masked());
    parse(&format!("{}{}", rendered.expose(), rest.expose()), &shown)
}

/// Puts the path parameters in place of their `:name` segments, percent-encoded.
fn with_parameters(path: &str, request: &Request, resolver: &mut Resolver<'_>) -> Result<String, Failure> {
    let mut whole = String::with_capacity(path.len());
    for (index, segment) in path.split('/').enumerate() {
        if index > 0 {
            whole.push('/');
        }
        let parameter = segment.strip_prefix(':').and_then(|name| {
            let path_parameters = request.params.iter().filter(|parameter| parameter.place == ParameterPlace::Path);
            path_parameters.into_iter().find(|parameter| parameter.name == name && !parameter.disabled)
        });
        match parameter {
            None => whole.push_str(segment),
            Some(parameter) if parameter.value.is_empty() => {
                return Err(invalid(
                    &format!("The path parameter :{} has no value.", parameter.name),
                    "Give it one under Params.",
                ));
            }
            Some(parameter) => {
                let place = format!("the path parameter :{}", parameter.name);
                let value = resolver.text(&parameter.value, &place)?.expose();
                whole.push_str(&encoded(&value));
            }
        }
    }
    Ok(whole)
}

/// Encodes a value so that it stays one segment (RFC 3986 §3.3); braces too, so that it is not resolved again.
fn encoded(value: &str) -> String {
    use std::fmt::Write;
    let mut text = String::with_capacity(value.len());
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~!$&'()*+,;=:@".contains(&byte) {
            text.push(char::from(byte));
        } else {
            // Writing into a String cannot fail.
            let _written = write!(text, "%{byte:02X}");
        }
    }
    text
}

fn parse(text: &str, shown: &str) -> Result<Url, Failure> {
    let whole = if has_scheme(text) { text.to_owned() } else { format!("{}://{text}", usual_scheme(text)) };
    let url = Url::parse(&whole).map_err(|error| {
        invalid(&format!("{shown} is not a URL: {error}."), "Write it like https://api.example.com/pets?type=dog.")
    })?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(invalid(
            &format!("{shown} begins with {}:, which Gatepass does not send.", url.scheme()),
            "Use http:// or https://.",
        ));
    }
    Ok(url)
}

fn has_scheme(text: &str) -> bool {
    text.split_once("://").is_some_and(|(scheme, _)| {
        !scheme.is_empty() && scheme.chars().all(|sign| sign.is_ascii_alphanumeric() || "+-.".contains(sign))
    })
}

/// Without a scheme this machine is meant by http and all others by https.
fn usual_scheme(text: &str) -> &'static str {
    let host = text.split(['/', '?', '#']).next().unwrap_or_default();
    let host = host
        .rsplit_once(':')
        .filter(|(_, port)| port.chars().all(|sign| sign.is_ascii_digit()))
        .map_or(host, |(host, _)| host);
    if matches!(host, "localhost" | "127.0.0.1" | "[::1]") { "http" } else { "https" }
}

fn invalid(message: &str, hint: &str) -> Failure {
    Failure::new(Code::UrlInvalid, message, hint)
}

#[cfg(test)]
mod tests {
    use gatepass_collection::model::Parameter;
    use gatepass_collection::variables::Scope;
    use gatepass_vault::Secret;

    use super::*;

    fn request(url: &str, path: &[(&str, &str)]) -> Request {
        let parameter = |&(name, value): &(&str, &str)| Parameter {
            place: ParameterPlace::Path,
            name: name.to_owned(),
            value: value.to_owned(),
            disabled: false,
            description: String::new(),
        };
        Request { url: url.to_owned(), params: path.iter().map(parameter).collect(), ..Request::default() }
    }

    fn resolved(url: &str, path: &[(&str, &str)]) -> Result<String, Failure> {
        let mut scope = Scope::new();
        scope.set("base", "https://api.example.com/dev");
        scope.set_secret("key", Some(Secret::new("k3y")));
        let mut resolver = Resolver { scope: &scope, secrets: Vec::new() };
        resolve(&request(url, path), &mut resolver).map(String::from)
    }

    #[test]
    fn what_was_typed_is_not_encoded_twice() {
        assert_eq!(
            resolved("{{base}}/a%20b?q=%7B1%7D&r=a+b", &[]).unwrap(),
            "https://api.example.com/dev/a%20b?q=%7B1%7D&r=a+b"
        );
    }

    #[test]
    fn a_path_parameter_stays_one_segment_and_is_not_resolved_again() {
        let url = resolved("{{base}}/pets/:id/toys", &[("id", "a/b {{base}}")]).unwrap();
        assert_eq!(url, "https://api.example.com/dev/pets/a%2Fb%20https:%2F%2Fapi.example.com%2Fdev/toys");
        let url = resolved("https://x.test/:id", &[("id", "%7B{x")]).unwrap();
        assert_eq!(url, "https://x.test/%257B%7Bx");
    }

    #[test]
    fn a_missing_scheme_is_https_and_http_on_this_machine() {
        assert_eq!(resolved("api.example.com/pets", &[]).unwrap(), "https://api.example.com/pets");
        assert_eq!(
            resolved("localhost:3000/pets?next=http://x", &[]).unwrap(),
            "http://localhost:3000/pets?next=http://x"
        );
    }

    #[test]
    fn errors_name_the_place_and_show_no_secret() {
        let failure = resolved("{{nothing}}/pets", &[]).unwrap_err();
        assert_eq!(failure.code, Code::VariableMissing);
        assert!(failure.message.contains("In the URL") && failure.message.contains("nothing"), "{failure:?}");
        let failure = resolved("ftp://{{key}}/", &[]).unwrap_err();
        assert_eq!(failure.code, Code::UrlInvalid);
        assert!(!format!("{failure:?}").contains("k3y"));
        assert_eq!(resolved("  ", &[]).unwrap_err().code, Code::UrlInvalid);
        assert_eq!(resolved("https://", &[]).unwrap_err().code, Code::UrlInvalid);
        assert_eq!(resolved("https://x.test/:id", &[("id", "")]).unwrap_err().code, Code::UrlInvalid);
    }
}
