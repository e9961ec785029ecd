//! What is shown as sent is what stood on the wire.
#![expect(clippy::unwrap_used, clippy::format_push_string, reason = "a test ends where its ground is missing")]

mod common;

use common::{Received, Server, answer, request, rig, typed, with_content};
use gatepass_exchange::exchange::{Exchange, HeaderOrigin};
use gatepass_exchange::{Content, ContentError, Form, MASK, Part, PartValue, PreparedHeader, SendError};
use gatepass_vault::Secret;
use rstest::rstest;

/// Writes the head that an exchange shows, as HTTP/1.1 has it.
fn shown_head(exchange: &Exchange) -> String {
    let hop = &exchange.hops[0];
    let url: url::Url = hop.url.parse().unwrap();
    let target = url.query().map_or_else(|| url.path().to_owned(), |query| format!("{}?{query}", url.path()));
    let mut head = format!("{} {target} {}", hop.method, hop.http_version);
    for header in &hop.sent_headers {
        head.push_str(&format!("\r\n{}: {}", header.name, header.value));
    }
    head
}

async fn echo() -> Server {
    Server::start(|_| answer("200 OK", &[], b"hi")).await
}

#[rstest]
#[case::plain("GET", vec![], Content::Empty)]
#[case::post_without_content("POST", vec![], Content::Empty)]
#[case::delete("DELETE", vec![], Content::Empty)]
#[case::odd_method("PURGE", vec![], Content::Empty)]
#[case::json("POST", vec![], Content::text("application/json", r#"{"n":1.0}"#))]
#[case::empty_text("PUT", vec![], Content::text("text/plain", ""))]
#[case::content_with_get("GET", vec![], Content::text("text/plain", "odd, but lawful"))]
#[case::own_type("POST", vec![("Content-Type", "application/vnd.x+json; v=2")], Content::text("application/json", "{}"))]
#[case::own_everything(
    "POST",
    vec![("User-Agent", "mine"), ("Accept", "text/plain"), ("Accept-Encoding", "identity"), ("Host", "virtual.test")],
    Content::text("", "x"),
)]
#[case::repeated("GET", vec![("x-b", "1"), ("x-a", "2"), ("X-B", "3"), ("x-c", "ü\t~")], Content::Empty)]
#[tokio::test]
async fn the_head_on_the_wire_is_the_head_that_is_shown(
    #[case] method: &str,
    #[case] headers: Vec<(&str, &str)>,
    #[case] content: Content,
) {
    let (server, rig) = (echo().await, rig());
    let mut sent = with_content(method, &server.url("/a/b?x=1&y"), content);
    sent.headers = headers.iter().map(|(name, value)| typed(name, value)).collect();
    let finished = rig.send(sent).await.unwrap();
    assert_eq!(server.received()[0].head, shown_head(&finished.exchange));
}

#[rstest]
#[case("/a%20b?q=%7B%7D&r=a+b", "/a%20b?q=%7B%7D&r=a+b")]
#[case("/%2F%2e/x", "/%2F%2e/x")]
#[case("/a b?q=c d", "/a%20b?q=c%20d")]
#[case("/schön?q=ü", "/sch%C3%B6n?q=%C3%BC")]
#[case("/a|b^c`?q=\"[{x}]\"|", "/a|b^c%60?q=%22[{x}]%22|")]
#[case("/100%?p=50%", "/100%?p=50%")]
#[case("/x?a=%E4#part", "/x?a=%E4")]
#[tokio::test]
async fn a_url_is_encoded_once_and_only_where_it_must_be(#[case] typed: &str, #[case] wire: &str) {
    let (server, rig) = (echo().await, rig());
    rig.get(&server.url(typed)).await.unwrap();
    assert_eq!(server.received()[0].target(), wire);
}

#[tokio::test]
async fn secrets_are_on_the_wire_and_masked_in_what_is_shown() {
    let token = "eyJraWQiOiJh.eyJzdWIiOiJi.c2lnbmF0dXJl";
    let echo = |request: &Received| {
        let echoed = format!("x-echo: {}", request.header("dev-auth-token").unwrap_or("-"));
        answer("200 OK", &[&echoed], b"{}")
    };
    let (server, rig) = (Server::start(echo).await, rig());
    let secret = Secret::new(token);
    let url = server.url(&format!("/?k={token}")).replace("http://", "http://ada:hunter%2022@");
    let mut sent = with_content("POST", &url, Content::text("application/json", format!("{{\"t\":\"{token}\"}}")));
    sent.headers = vec![
        PreparedHeader::credential("Dev-Auth-Token", "Bearer", &secret, HeaderOrigin::Token).unwrap(),
        PreparedHeader::credential("x-api-key", "", &Secret::new("k3y-k3y-k3y"), HeaderOrigin::ApiKey).unwrap(),
        typed("x-copy", &format!("<{token}>")),
    ];
    sent.secrets = vec![secret];
    let finished = rig.send(sent).await.unwrap();

    let received = &server.received()[0];
    assert_eq!(received.header("dev-auth-token"), Some(format!("Bearer {token}").as_str()));
    assert_eq!(received.header("x-api-key"), Some("k3y-k3y-k3y"));
    assert_eq!(received.header("authorization"), Some("Basic YWRhOmh1bnRlciAyMg=="));
    let hop = &finished.exchange.hops[0];
    assert_eq!(hop.sent_headers[1].value, format!("Bearer {MASK}"));
    assert!(hop.sent_headers[1].secret);
    assert_eq!(hop.sent_body.preview.as_deref(), Some(format!("{{\"t\":\"{MASK}\"}}").as_str()));
    let told = format!("{finished:?} {}", serde_json::to_string(&finished.exchange).unwrap());
    for secret in [token, "k3y-k3y-k3y", "hunter", "YWRhOmh1bnRlciAyMg"] {
        assert!(!told.contains(secret), "{secret} is in {told}");
    }
}

#[tokio::test]
async fn a_form_and_parts_with_a_file_arrive_as_they_are_meant() {
    let (server, rig) = (echo().await, rig());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cat \"Mia\".png");
    let picture: Vec<u8> = (0..300_000u32).map(|number| u8::try_from(number % 256).unwrap()).collect();
    std::fs::write(&path, &picture).unwrap();

    rig.send(with_content("POST", &server.url("/"), Content::form([("a b", "ü&="), ("a b", "")]))).await.unwrap();
    let text =
        |name: &str, value: &str| Part { name: name.into(), value: PartValue::Text(value.into()), media_type: None };
    let file = Part { name: "photo".into(), value: PartValue::File(path), media_type: None };
    let content = Content::multipart(vec![text("note\r\n", "grün"), file, text("last", "")]).unwrap();
    let finished = rig.send(with_content("POST", &server.url("/"), content)).await.unwrap();

    let received = server.received();
    assert_eq!(received[0].header("content-type"), Some("application/x-www-form-urlencoded"));
    assert_eq!(received[0].body, b"a+b=%C3%BC%26%3D&a+b=");
    let boundary = received[1].header("content-type").unwrap().strip_prefix("multipart/form-data; boundary=").unwrap();
    let mut expected = format!(
        "--{boundary}\r\ncontent-disposition: form-data; name=\"note%0D%0A\"\r\n\r\ngrün\r\n\
         --{boundary}\r\ncontent-disposition: form-data; name=\"photo\"; filename=\"cat %22Mia%22.png\"\r\ncontent-type: image/png\r\n\r\n"
    )
    .into_bytes();
    expected.extend_from_slice(&picture);
    let rest =
        format!("\r\n--{boundary}\r\ncontent-disposition: form-data; name=\"last\"\r\n\r\n\r\n--{boundary}--\r\n");
    expected.extend_from_slice(rest.as_bytes());
    assert!(received[1].body == expected, "the parts differ");
    let shown = &finished.exchange.hops[0].sent_body;
    assert_eq!(shown.bytes, Some(f64::from(u32::try_from(expected.len()).unwrap())));
    assert!(shown.preview.as_ref().unwrap().contains("‹the file "));
}

#[rstest]
#[case::without_boundary("multipart/mixed", "multipart/mixed; boundary=gatepass-")]
#[case::with_boundary("multipart/form-data; boundary=mine", "multipart/form-data; boundary=mine")]
#[case::another_type("text/plain", "text/plain")]
#[tokio::test]
async fn a_typed_media_type_of_parts_gets_the_boundary_it_lacks(#[case] typed_type: &str, #[case] wire: &str) {
    let (server, rig) = (echo().await, rig());
    let mut sent = with_content("POST", &server.url("/"), Content::multipart(Vec::new()).unwrap());
    sent.headers = vec![typed("content-type", typed_type)];
    let finished = rig.send(sent).await.unwrap();
    let received = &server.received()[0];
    assert!(received.header("content-type").unwrap().starts_with(wire), "{}", received.head);
    assert_eq!(received.head, shown_head(&finished.exchange));
}

#[tokio::test]
async fn a_file_is_streamed_with_its_length_and_guessed_type() {
    let (server, rig) = (echo().await, rig());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("data.json");
    std::fs::write(&path, "[1,2]".repeat(200_000)).unwrap();
    rig.send(with_content("PUT", &server.url("/"), Content::file(&path, None))).await.unwrap();
    let received = &server.received()[0];
    assert_eq!(received.header("content-length"), Some("1000000"));
    assert_eq!(received.header("content-type"), Some("application/json"));
    assert_eq!(received.body.len(), 1_000_000);
}

#[rstest]
#[case::absent("absent.bin")]
#[case::folder(".")]
#[tokio::test]
async fn a_file_that_is_gone_is_named_before_anything_is_sent(#[case] name: &str) {
    let (server, rig) = (echo().await, rig());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    let part = Part { name: "f".into(), value: PartValue::File(path.clone()), media_type: None };
    for content in [Content::file(&path, None), Content::multipart(vec![part]).unwrap()] {
        let error = rig.send(with_content("POST", &server.url("/"), content)).await.unwrap_err();
        assert!(
            matches!(&error, SendError::Content(ContentError::File { path: named, .. }) if *named == path),
            "{error:?}"
        );
    }
    assert_eq!(server.received().len(), 0);
}

#[tokio::test]
async fn connections_are_reused_and_only_the_first_tells_how_it_was_made() {
    let (server, rig) = (echo().await, rig());
    let url = server.url("/").replace("127.0.0.1", "localhost");
    let first = rig.get(&url).await.unwrap().exchange;
    let second = rig.get(&url).await.unwrap().exchange;
    assert_eq!(server.connections(), 1);
    let (new, reused) = (&first.hops[0].timings, &second.hops[0].timings);
    assert!(new.dns.is_some() && new.connect.is_some() && new.tls.is_none(), "{new:?}");
    assert_eq!((reused.dns, reused.connect, reused.tls), (None, None, None));
    assert!(reused.wait > 0.0);
    assert_eq!(second.hops[0].remote.as_deref(), Some(server.address.to_string().as_str()));
    let phases = new.dns.unwrap() + new.connect.unwrap() + new.wait + new.download;
    assert!(phases <= first.total_ms + 0.1, "{phases} > {}", first.total_ms);
}

#[tokio::test]
async fn no_cookie_is_kept_and_no_referer_sent() {
    let server = Server::start(|_| answer("200 OK", &["set-cookie: a=b"], b"")).await;
    let rig = rig();
    rig.get(&server.url("/")).await.unwrap();
    rig.get(&server.url("/")).await.unwrap();
    assert!(
        server
            .received()
            .iter()
            .all(|request| request.header("cookie").is_none() && request.header("referer").is_none())
    );
}

#[tokio::test]
async fn the_answer_is_shown_as_it_came() {
    let server = Server::start(|_| {
        answer(
            "299 Very Fine",
            &["content-type: application/json", "x-two: 1", "x-odd: caf\u{e9}", "X-Two: 2"],
            br#"{"b":1.50,"a":1}"#,
        )
    })
    .await;
    let finished = rig().get(&server.url("/")).await.unwrap();
    let hop = &finished.exchange.hops[0];
    assert_eq!((hop.status, hop.reason.as_str(), hop.http_version.as_str()), (299, "Very Fine", "HTTP/1.1"));
    assert_eq!(hop.headers.iter().filter(|field| field.name == "x-two").count(), 2);
    assert_eq!(hop.headers.iter().find(|field| field.name == "x-odd").unwrap().value, "café");
    assert_eq!(common::text(&finished, Form::Pretty), "{\n  \"b\": 1.50,\n  \"a\": 1\n}");
    assert_eq!(request("GET", "http://a.test/").preview(), Vec::new());
}
