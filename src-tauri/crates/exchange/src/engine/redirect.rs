//! Following a redirect by hand (RFC 9110 §15.4, Fetch Standard §4.4): what changes, and what stays home.

use http::{HeaderValue, Method, StatusCode};
use url::Url;

use crate::content::Content;
use crate::mask::Mask;
use crate::prepared::PreparedHeader;

/// What goes out next.
pub(super) struct Outgoing {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: Vec<PreparedHeader>,
    pub(super) content: Content,
    /// The names of the fields that were left behind; once left, a field never comes back.
    pub(super) withheld: Vec<String>,
}

/// What to do with an answer.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Step {
    /// It is the answer.
    Stop,
    /// It is the answer, because going on would take a secret in the body to another origin.
    StopForBody,
    /// The request has changed and goes out again.
    Follow,
}

/// Reads a redirect and changes the request by it.
pub(super) fn step(
    outgoing: &mut Outgoing,
    status: StatusCode,
    location: Option<&HeaderValue>,
    mask: &Mask,
) -> Result<Step, &'static str> {
    let is_redirect = matches!(status.as_u16(), 301 | 302 | 303 | 307 | 308);
    let Some(location) = location.filter(|_| is_redirect) else { return Ok(Step::Stop) };
    let target = target(&outgoing.url, location)?;
    let elsewhere = target.origin() != outgoing.url.origin();

    let becomes_get = match status.as_u16() {
        301 | 302 => outgoing.method == Method::POST,
        303 => outgoing.method != Method::GET && outgoing.method != Method::HEAD,
        _ => false,
    };
    if elsewhere && !becomes_get && outgoing.content.holds(mask) {
        return Ok(Step::StopForBody);
    }
    if becomes_get {
        outgoing.method = Method::GET;
        outgoing.content = Content::Empty;
        outgoing.headers.retain(|header| !header.name().starts_with("content-"));
    }
    if elsewhere {
        let (kept, left): (Vec<_>, Vec<_>) =
            outgoing.headers.drain(..).partition(|header| !header.stays_home(mask) && header.name() != "host");
        outgoing.headers = kept;
        for header in left.iter().filter(|header| header.name() != "host") {
            if !outgoing.withheld.iter().any(|name| name == header.name()) {
                outgoing.withheld.push(header.name().to_owned());
            }
        }
    }
    outgoing.url = target;
    Ok(Step::Follow)
}

fn target(from: &Url, location: &HeaderValue) -> Result<Url, &'static str> {
    let text = std::str::from_utf8(location.as_bytes()).map_err(|_| "its bytes are not UTF-8")?;
    let mut target = from.join(text).map_err(|_| "it is no URL")?;
    if !matches!(target.scheme(), "http" | "https") {
        return Err("it is neither http nor https");
    }
    // User and password in a location are the server's words, not the user's: they are not sent.
    let _ = target.set_username("");
    let _ = target.set_password(None);
    target.set_fragment(None);
    Ok(target)
}

#[cfg(test)]
mod tests {
    use gatepass_vault::Secret;
    use rstest::rstest;

    use super::*;
    use crate::exchange::HeaderOrigin;

    const TOKEN: &str = "eyJ0b2tlbg.eyJ9.c2ln";

    fn outgoing(method: &str) -> (Outgoing, Mask) {
        let secret = Secret::new(TOKEN);
        let typed = |name, value| PreparedHeader::new(name, value, HeaderOrigin::Typed).unwrap();
        let headers = vec![
            typed("x-plain", "1"),
            typed("host", "virtual.test"),
            typed("authorization", "Digest x"),
            typed("cookie", "a=b"),
            typed("proxy-authorization", "x"),
            typed("x-copy", &format!("v={TOKEN}")),
            typed("content-language", "de"),
            PreparedHeader::credential("dev-auth-token", "", &secret, HeaderOrigin::Token).unwrap(),
            PreparedHeader::new("x-key", "shown-elsewhere", HeaderOrigin::ApiKey).unwrap(),
            typed("x-api-key", "typed"),
            typed("x-typed-token", "Bearer eyJhIjoxfQ.eyJiIjoyfQ.c2ln"),
        ];
        let mask = Mask::new([&secret]);
        let url = "https://api.test/dev/pets".parse().unwrap();
        (
            Outgoing {
                method: method.parse().unwrap(),
                url,
                headers,
                content: Content::text("", "hi"),
                withheld: Vec::new(),
            },
            mask,
        )
    }

    fn follow(outgoing: &mut Outgoing, status: u16, location: &str, mask: &Mask) -> Result<Step, &'static str> {
        let location = HeaderValue::from_str(location).unwrap();
        step(outgoing, StatusCode::from_u16(status).unwrap(), Some(&location), mask)
    }

    fn names(outgoing: &Outgoing) -> Vec<&str> {
        outgoing.headers.iter().map(PreparedHeader::name).collect()
    }

    #[rstest]
    fn another_origin_gets_no_credential_whatever_the_status(
        #[values(301, 302, 303, 307, 308)] status: u16,
        #[values(
            "https://other.test/",
            "http://api.test/dev/pets",
            "https://api.test:8443/",
            "//evil.test/x",
            "https://api.test.evil.test/",
            "https://api.test@evil.test/"
        )]
        location: &str,
    ) {
        let (mut request, mask) = outgoing("GET");
        assert_eq!(follow(&mut request, status, location, &mask), Ok(Step::Follow));
        assert_eq!(names(&request), ["x-plain", "content-language"]);
        let withheld = [
            "authorization",
            "cookie",
            "proxy-authorization",
            "x-copy",
            "dev-auth-token",
            "x-key",
            "x-api-key",
            "x-typed-token",
        ];
        assert_eq!(request.withheld, withheld);
        assert!(request.url.username().is_empty());

        // Coming back does not bring them back.
        assert_eq!(follow(&mut request, 302, "https://api.test/dev/pets", &mask), Ok(Step::Follow));
        assert_eq!(names(&request), ["x-plain", "content-language"]);
        assert_eq!(request.withheld, withheld);
    }

    #[rstest]
    fn the_same_origin_keeps_everything(
        #[values(301, 302, 303, 307, 308)] status: u16,
        #[values("/other", "https://API.test:443/other", "../other", "?page=2", "")] location: &str,
    ) {
        let (mut request, mask) = outgoing("GET");
        assert_eq!(follow(&mut request, status, location, &mask), Ok(Step::Follow));
        assert_eq!(request.headers.len(), 11);
        assert!(request.withheld.is_empty());
    }

    #[rstest]
    #[case(301, "POST", "GET")]
    #[case(302, "POST", "GET")]
    #[case(303, "POST", "GET")]
    #[case(307, "POST", "POST")]
    #[case(308, "POST", "POST")]
    #[case(301, "PUT", "PUT")]
    #[case(302, "DELETE", "DELETE")]
    #[case(303, "PUT", "GET")]
    #[case(303, "HEAD", "HEAD")]
    #[case(303, "GET", "GET")]
    fn the_method_changes_as_the_standard_says(#[case] status: u16, #[case] method: &str, #[case] next: &str) {
        let (mut request, mask) = outgoing(method);
        follow(&mut request, status, "/next", &mask).unwrap();
        assert_eq!(request.method.as_str(), next);
        let changed = method != next;
        assert_eq!(matches!(request.content, Content::Empty), changed);
        assert_eq!(names(&request).contains(&"content-language"), !changed);
    }

    #[rstest]
    #[case(307, "https://other.test/", Step::StopForBody)]
    #[case(308, "http://api.test/", Step::StopForBody)]
    #[case(307, "/same", Step::Follow)]
    #[case(303, "https://other.test/", Step::Follow)]
    fn a_secret_in_the_body_does_not_leave_home(#[case] status: u16, #[case] location: &str, #[case] expected: Step) {
        let (mut request, mask) = outgoing("POST");
        request.content = Content::text("application/json", format!("{{\"token\":\"{TOKEN}\"}}"));
        assert_eq!(follow(&mut request, status, location, &mask), Ok(expected));
    }

    #[rstest]
    #[case("myapp://callback", "it is neither http nor https")]
    #[case("http://[::1", "it is no URL")]
    #[case("https://", "it is no URL")]
    fn a_place_that_cannot_be_followed_is_told(#[case] location: &str, #[case] reason: &str) {
        let (mut request, mask) = outgoing("GET");
        assert_eq!(follow(&mut request, 302, location, &mask), Err(reason));
    }

    #[rstest]
    fn other_answers_are_answers(#[values(200, 201, 300, 304, 305, 401)] status: u16) {
        let (mut request, mask) = outgoing("GET");
        assert_eq!(follow(&mut request, status, "https://other.test/", &mask), Ok(Step::Stop));
        assert_eq!(step(&mut request, StatusCode::FOUND, None, &mask), Ok(Step::Stop));
    }
}
