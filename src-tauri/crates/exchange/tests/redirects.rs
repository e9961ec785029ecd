//! Redirects between real servers: what follows, what stays home, and where it ends.
#![expect(clippy::unwrap_used, reason = "a test ends where its ground is missing")]

mod common;

use std::sync::Arc;

use common::{Received, Rig, Server, answer, request, rig, typed, with_content};
use gatepass_exchange::exchange::HeaderOrigin;
use gatepass_exchange::{Content, Prepared, PreparedHeader, SendError};
use gatepass_vault::Secret;
use rstest::rstest;

const TOKEN: &str = "eyJraWQiOiJh.eyJzdWIiOiJi.c2lnbmF0dXJl";
const KEY: &str = "k3yk3yk3yk3yk3yk3yk3";

/// A server that redirects `/go/<status>/<url>` and answers everything else.
async fn redirecting() -> Server {
    Server::start(|request: &Received| {
        match request.target().strip_prefix("/go/").and_then(|rest| rest.split_once('/')) {
            Some((status, location)) => {
                answer(&format!("{status} Moved"), &[&format!("location: {location}")], b"moved")
            }
            None => answer("200 OK", &[], b"there"),
        }
    })
    .await
}

fn credentialed(method: &str, url: &str) -> Prepared {
    let (token, key) = (Secret::new(TOKEN), Secret::new(KEY));
    let mut request = request(method, url);
    request.headers = vec![
        PreparedHeader::credential("dev-auth-token", "", &token, HeaderOrigin::Token).unwrap(),
        PreparedHeader::credential("x-api-key", "", &key, HeaderOrigin::ApiKey).unwrap(),
        typed("cookie", "session=1"),
        typed("authorization", "Digest abc"),
        typed("x-variable", &format!("part-{KEY}-part")),
        typed("x-plain", "follows"),
    ];
    request.secrets = vec![token, key];
    request
}

const CREDENTIALS: [&str; 5] = ["dev-auth-token", "x-api-key", "cookie", "authorization", "x-variable"];

fn carried(request: &Received) -> usize {
    CREDENTIALS.iter().filter(|name| request.header(name).is_some()).count()
}

#[rstest]
#[tokio::test]
async fn credentials_stay_home_on_every_status(#[values(301, 302, 303, 307, 308)] status: u16) {
    let (home, away, rig) = (redirecting().await, redirecting().await, rig());
    let back = away.url(&format!("/go/{status}/{}", home.url("/end")));
    let finished = rig.send(credentialed("GET", &home.url(&format!("/go/{status}/{back}")))).await.unwrap();

    let (home, away) = (home.received(), away.received());
    assert_eq!((carried(&home[0]), carried(&away[0]), carried(&home[1])), (5, 0, 0), "and they do not come back");
    assert!(away[0].header("x-plain").is_some() && home[1].header("x-plain").is_some());
    let hops = &finished.exchange.hops;
    assert_eq!(hops.iter().map(|hop| hop.status).collect::<Vec<_>>(), [status, status, 200]);
    assert_eq!(hops[0].withheld, Vec::<String>::new());
    assert_eq!(hops[1].withheld, CREDENTIALS);
    assert_eq!(hops[2].withheld, CREDENTIALS);
    assert!(hops[1].sent_headers.iter().all(|header| !CREDENTIALS.contains(&header.name.as_str())));
}

#[rstest]
#[tokio::test]
async fn credentials_follow_within_their_origin(
    #[values(301, 302, 303, 307, 308)] status: u16,
    #[values("GET", "POST")] method: &str,
) {
    let (home, rig) = (redirecting().await, rig());
    let mut request = credentialed(method, &home.url(&format!("/go/{status}//end?page=2")));
    if method == "POST" {
        request.content = Content::text("application/json", "{}");
    }
    let finished = rig.send(request).await.unwrap();
    let received = home.received();
    assert_eq!((carried(&received[0]), carried(&received[1])), (5, 5));
    let keeps = method == "GET" || status >= 307;
    assert_eq!(received[1].method(), if keeps { method } else { "GET" });
    assert_eq!(received[1].body.len(), if keeps && method == "POST" { 2 } else { 0 });
    assert_eq!(received[1].header("content-type").is_some(), keeps && method == "POST");
    assert_eq!(finished.exchange.hops[1].withheld, Vec::<String>::new());
}

#[rstest]
#[tokio::test]
async fn a_body_with_a_secret_stays_home_and_the_redirect_is_the_answer(#[values(307, 308)] status: u16) {
    let (home, away, rig) = (redirecting().await, redirecting().await, rig());
    let mut request = credentialed("POST", &home.url(&format!("/go/{status}/{}", away.url("/"))));
    request.content = Content::form([("key", KEY)]);
    let finished = rig.send(request).await.unwrap();
    let hop = finished.exchange.hops.last().unwrap();
    assert_eq!(hop.status, status);
    assert_eq!(hop.withheld, ["body"]);
    assert_eq!(away.received().len(), 0);
    assert_eq!(finished.body.bytes(99).unwrap(), b"moved");
}

#[tokio::test]
async fn a_file_is_sent_again_from_its_beginning() {
    let (home, away, rig) = (redirecting().await, redirecting().await, rig());
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("large.bin");
    std::fs::write(&path, vec![7; 200_000]).unwrap();
    let url = home.url(&format!("/go/307/{}", away.url("/")));
    rig.send(with_content("PUT", &url, Content::file(&path, None))).await.unwrap();
    assert_eq!(home.received()[0].body, away.received()[0].body);
    assert_eq!(away.received()[0].body.len(), 200_000);
}

#[tokio::test]
async fn a_secret_that_a_server_puts_into_a_location_is_masked() {
    let (home, rig) = (redirecting().await, rig());
    let finished = rig.send(credentialed("GET", &home.url(&format!("/go/302//end?token={TOKEN}")))).await.unwrap();
    assert!(!serde_json::to_string(&finished.exchange).unwrap().contains(TOKEN));
}

#[tokio::test]
async fn a_circle_ends_at_the_limit_and_shows_every_hop() {
    let server = Server::start(|_| answer("302 Found", &["location: /again"], b"")).await;
    let mut request = request("GET", &server.url("/again"));
    request.max_redirects = 3;
    let error = rig().send(request).await.unwrap_err();
    assert!(matches!(&error, SendError::TooManyRedirects { limit: 3, .. }), "{error:?}");
    assert_eq!((error.hops().len(), server.received().len()), (4, 4));
}

#[rstest]
#[case("myapp://callback?code=1")]
#[case("http://[::1")]
#[tokio::test]
async fn a_redirect_to_nowhere_is_told_with_the_hops(#[case] location: &'static str) {
    let server = Server::start(move |_| answer("302 Found", &[&format!("location: {location}")], b"")).await;
    let error = rig().get(&server.url("/?q=private")).await.unwrap_err();
    assert!(matches!(&error, SendError::BadRedirect { .. }), "{error:?}");
    assert_eq!(error.hops().len(), 1);
    assert!(!error.to_string().contains("private"));
}

#[tokio::test]
async fn redirects_are_not_followed_where_they_are_switched_off() {
    let (home, rig) = (redirecting().await, rig());
    let mut request = request("GET", &home.url("/go/302//end"));
    request.follow_redirects = false;
    let finished = rig.send(request).await.unwrap();
    assert_eq!(finished.exchange.hops.len(), 1);
    assert_eq!(finished.body.bytes(9).unwrap(), b"moved");
}

#[tokio::test]
async fn requests_at_the_same_time_keep_their_own_hops() {
    let (home, rig) = (redirecting().await, Arc::new(rig()));
    let send = |number: u32| {
        let (rig, url): (Arc<Rig>, _) = (Arc::clone(&rig), home.url(&format!("/go/302//end/{number}")));
        tokio::spawn(async move { rig.get(&url).await.unwrap().exchange })
    };
    let sent: Vec<_> = (0..40).map(send).collect();
    for (number, task) in sent.into_iter().enumerate() {
        let exchange = task.await.unwrap();
        assert!(exchange.hops[1].url.ends_with(&format!("/end/{number}")));
    }
}
