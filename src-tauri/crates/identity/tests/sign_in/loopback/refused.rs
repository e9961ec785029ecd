//! Requests that are no answer.

use rstest::rstest;

use super::{Bound, status, url_of};

/// `HOST` and `ORIGIN` stand for the true ones.
#[rstest]
#[case::wrong_host("GET /callback?code=x HTTP/1.1\r\nHost: evil.test\r\n\r\n", "403")]
#[case::wrong_port_in_the_host("GET /callback?code=x HTTP/1.1\r\nHost: localhost:1\r\n\r\n", "403")]
#[case::number_for_the_name("GET /callback?code=x HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n", "403")]
#[case::no_host("GET /callback?code=x HTTP/1.0\r\n\r\n", "403")]
#[case::two_hosts("GET /callback?code=x HTTP/1.1\r\nHost: HOST\r\nHost: evil.test\r\n\r\n", "403")]
#[case::absolute_target("GET http://evil.test/callback?code=x HTTP/1.1\r\nHost: HOST\r\n\r\n", "403")]
#[case::frame("GET /callback?code=x HTTP/1.1\r\nHost: HOST\r\nSec-Fetch-Dest: iframe\r\n\r\n", "403")]
#[case::image("GET /callback?code=x HTTP/1.1\r\nHost: HOST\r\nSec-Fetch-Dest: image\r\n\r\n", "403")]
#[case::root("GET /?code=x HTTP/1.1\r\nHost: HOST\r\n\r\n", "404")]
#[case::icon("GET /favicon.ico HTTP/1.1\r\nHost: HOST\r\n\r\n", "404")]
#[case::final_slash("GET /callback/?code=x HTTP/1.1\r\nHost: HOST\r\n\r\n", "404")]
#[case::upper_case("GET /Callback?code=x HTTP/1.1\r\nHost: HOST\r\n\r\n", "404")]
#[case::encoded_letter("GET /%63allback?code=x HTTP/1.1\r\nHost: HOST\r\n\r\n", "404")]
#[case::climbing("GET /a/../callback?code=x HTTP/1.1\r\nHost: HOST\r\n\r\n", "404")]
#[case::doubled_slash("GET //callback?code=x HTTP/1.1\r\nHost: HOST\r\n\r\n", "404")]
#[case::head("HEAD /callback?code=x HTTP/1.1\r\nHost: HOST\r\n\r\n", "405")]
#[case::put("PUT /callback?code=x HTTP/1.1\r\nHost: HOST\r\nContent-Length: 0\r\n\r\n", "405")]
#[case::preflight("OPTIONS /callback HTTP/1.1\r\nHost: HOST\r\nOrigin: http://evil.test\r\n\r\n", "405")]
#[case::no_origin("POST /callback HTTP/1.1\r\nHost: HOST\r\nContent-Length: 3\r\n\r\na=b", "403")]
#[case::other_origin(
    "POST /callback HTTP/1.1\r\nHost: HOST\r\nOrigin: http://evil.test\r\nContent-Length: 3\r\n\r\na=b",
    "403"
)]
#[case::opaque_origin("POST /callback HTTP/1.1\r\nHost: HOST\r\nOrigin: null\r\nContent-Length: 3\r\n\r\na=b", "403")]
#[case::other_port_of_origin(
    "POST /callback HTTP/1.1\r\nHost: HOST\r\nOrigin: http://localhost:1\r\nContent-Length: 3\r\n\r\na=b",
    "403"
)]
#[case::https_origin(
    "POST /callback HTTP/1.1\r\nHost: HOST\r\nOrigin: https://HOST\r\nContent-Length: 3\r\n\r\na=b",
    "403"
)]
#[case::two_origins(
    "POST /callback HTTP/1.1\r\nHost: HOST\r\nOrigin: ORIGIN\r\nOrigin: ORIGIN\r\nContent-Length: 3\r\n\r\na=b",
    "403"
)]
#[case::from_another_site(
    "POST /callback HTTP/1.1\r\nHost: HOST\r\nOrigin: ORIGIN\r\nSec-Fetch-Site: same-site\r\nContent-Length: 3\r\n\r\na=b",
    "403"
)]
#[case::post_to_a_foreign_host(
    "POST /callback HTTP/1.1\r\nHost: evil.test\r\nOrigin: http://evil.test\r\nContent-Length: 3\r\n\r\na=b",
    "403"
)]
#[case::post_elsewhere("POST /other HTTP/1.1\r\nHost: HOST\r\nOrigin: ORIGIN\r\nContent-Length: 3\r\n\r\na=b", "404")]
#[case::empty_body("POST /callback HTTP/1.1\r\nHost: HOST\r\nOrigin: ORIGIN\r\nContent-Length: 0\r\n\r\n", "400")]
#[case::body_that_says_it_is_large(
    "POST /callback HTTP/1.1\r\nHost: HOST\r\nOrigin: ORIGIN\r\nContent-Length: 65537\r\n\r\n",
    "413"
)]
#[case::no_http("\u{16}\u{3}\u{1} hello\r\n\r\n", "400")]
#[tokio::test]
async fn what_is_no_answer_is_refused_and_the_true_one_still_taken(#[case] request: &str, #[case] expected: &str) {
    let mut bound = Bound::start().await;
    let host = bound.browser().host;
    let request = request.replace("HOST", &host).replace("ORIGIN", &format!("http://{host}"));
    let answer = bound.refused(request.as_bytes()).await;
    assert_eq!(status(&answer), expected, "{answer}");
    assert_eq!(answer.contains("allow: GET, POST"), expected == "405", "{answer}");
    assert!(!answer.to_lowercase().contains("access-control"), "{answer}");
}

#[tokio::test]
async fn a_body_is_bounded_even_if_it_does_not_say_its_length() {
    let mut bound = Bound::start().await;
    let host = bound.browser().host;
    let head = format!(
        "POST /callback HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nTransfer-Encoding: chunked\r\n\r\n"
    );
    // No more than what the limit needs, so that the connection is not reset with bytes unread.
    let request = format!("{head}{:x}\r\n{}", 65_537, "x".repeat(65_537));
    assert_eq!(status(&bound.refused(request.as_bytes()).await), "413");

    let largest = "x".repeat(65_536);
    let request = format!("{head}{:x}\r\n{largest}\r\n0\r\n\r\n", largest.len());
    let (url, answer) = bound.judged(request, url_of).await;
    assert_eq!(url, format!("{}#{largest}", bound.callback));
    assert_eq!(status(&answer), "200");
}

#[tokio::test]
async fn bytes_that_are_no_text_are_no_fragment() {
    let mut bound = Bound::start().await;
    let mut request = bound.browser().posted_by_the_page("/callback", "a=??").into_bytes();
    let end = request.len() - 2;
    request[end..].copy_from_slice(&[0xff, 0xfe]);
    assert_eq!(status(&bound.refused(&request).await), "400");
}

#[rstest]
#[case::one_large(format!("X-Large: {}\r\n", "x".repeat(200_000)))]
#[case::many("X: x\r\n".repeat(200))]
#[tokio::test]
async fn a_head_that_is_too_large_is_refused(#[case] headers: String) {
    let mut bound = Bound::start().await;
    let host = bound.browser().host;
    let request = format!("GET /callback?code=x HTTP/1.1\r\nHost: {host}\r\n{headers}\r\n");
    let answer = bound.refused(request.as_bytes()).await;
    // A system may drop the answer with the bytes that nobody read.
    assert!(matches!(status(&answer), "431" | "none"), "{answer}");
}
