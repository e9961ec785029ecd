//! The server that misbehaves, as clients with and without HTTP meet it.

use std::time::{Duration, Instant};

use gatepass_sandbox::{HostileServer, Misbehaviour};
use rstest::rstest;
use serde_json::Value;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    time::timeout,
};

use crate::browser::client;

const POST: &[u8] =
    b"POST /oauth2/token HTTP/1.1\r\nHost: a\r\nContent-Length: 29\r\n\r\ngrant_type=authorization_code";
/// Long against a reply over loopback.
const A_WHILE: Duration = Duration::from_millis(300);

async fn connected(server: &HostileServer) -> TcpStream {
    TcpStream::connect(server.origin().strip_prefix("http://").unwrap()).await.unwrap()
}

/// Posts, and reads up to a number of bytes or the end, whichever comes first, for at most a while.
async fn post(misbehaviour: Misbehaviour, limit: usize) -> (String, Ended) {
    let server = HostileServer::start(misbehaviour).await.unwrap();
    let mut stream = connected(&server).await;
    // A connection that is closed already may take no request.
    let _ = stream.write_all(POST).await;
    let mut answer = Vec::new();
    let ended = loop {
        match timeout(A_WHILE, stream.read_buf(&mut answer)).await {
            Err(_) => break Ended::Never,
            Ok(Ok(0) | Err(_)) => break Ended::Closed,
            Ok(Ok(_)) if answer.len() >= limit => break Ended::GoesOn,
            Ok(Ok(_)) => {}
        }
    };
    (String::from_utf8_lossy(&answer).into_owned(), ended)
}

#[derive(Debug, PartialEq, Eq)]
enum Ended {
    Closed,
    GoesOn,
    Never,
}

#[rstest]
#[case(Misbehaviour::Hangs, "", Ended::Never)]
#[case(Misbehaviour::ClosesAtOnce, "", Ended::Closed)]
#[case(Misbehaviour::GarbageBytes, "\u{16}\u{3}\u{1}", Ended::Closed)]
#[case(Misbehaviour::HangsInBody, "HTTP/1.1 200 OK\r\n", Ended::Never)]
#[case(Misbehaviour::HalfBody, "HTTP/1.1 200 OK\r\n", Ended::Closed)]
#[case(Misbehaviour::Gigabytes, "HTTP/1.1 200 OK\r\n", Ended::GoesOn)]
#[tokio::test]
async fn an_answer_that_is_none_begins_and_ends_as_it_is_told(
    #[case] misbehaviour: Misbehaviour,
    #[case] beginning: &str,
    #[case] ended: Ended,
) {
    let (answer, how) = post(misbehaviour, 16 * 1_024 * 1_024).await;

    assert_eq!((&answer[..beginning.len()], how), (beginning, ended));
    assert_eq!(answer.is_empty(), beginning.is_empty());
}

#[rstest]
#[case(Misbehaviour::HangsInBody)]
#[case(Misbehaviour::HalfBody)]
#[tokio::test]
async fn a_body_stops_before_its_announced_length(#[case] misbehaviour: Misbehaviour) {
    let (answer, _) = post(misbehaviour, usize::MAX).await;

    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert!(head.contains("content-type: application/json\r\ncontent-length: 1000\r\n"), "{head}");
    assert!(!body.is_empty() && body.len() < 1_000, "{body}");
}

#[rstest]
#[case(Misbehaviour::Html, "text/html;charset=UTF-8")]
#[case(Misbehaviour::HalfJson, "application/json")]
#[case(Misbehaviour::GarbageBody, "application/json")]
#[tokio::test]
async fn a_whole_body_is_no_json(#[case] misbehaviour: Misbehaviour, #[case] kind: &str) {
    let server = HostileServer::start(misbehaviour).await.unwrap();

    let answer = client().post(format!("{}/oauth2/token", server.origin())).body("a=b").send().await.unwrap();

    assert_eq!((answer.status().as_u16(), answer.headers()["content-type"].to_str().unwrap()), (200, kind));
    let body = answer.bytes().await.unwrap();
    assert!(!body.is_empty());
    assert!(serde_json::from_slice::<Value>(&body).is_err());
}

#[tokio::test]
async fn the_wrong_shape_has_nothing_that_was_asked_for_and_the_wrong_types_have_all_of_it() {
    let names = ["access_token", "id_token", "keys", "issuer", "jwks_uri", "sub"];
    let read = async |misbehaviour| {
        let server = HostileServer::start(misbehaviour).await.unwrap();
        let body = client().get(server.origin()).send().await.unwrap().bytes().await.unwrap();
        serde_json::from_slice::<Value>(&body).unwrap()
    };

    let (shape, types) = (read(Misbehaviour::WrongShape).await, read(Misbehaviour::WrongTypes).await);

    for name in names {
        assert!(shape.get(name).is_none(), "{name}");
        assert!(types.get(name).is_some(), "{name}");
    }
    assert!(!types["access_token"].is_string() && !types["keys"].is_array() && !types["issuer"].is_string());
}

#[tokio::test]
async fn redirects_lead_round_and_keep_the_method() {
    let server = HostileServer::start(Misbehaviour::RedirectsInCircles).await.unwrap();
    let mut path = "/oauth2/token".to_owned();
    let mut seen = Vec::new();

    for _ in 0..4 {
        let answer = client().post(format!("{}{path}", server.origin())).send().await.unwrap();
        assert_eq!(answer.status(), 307);
        answer.headers()["location"].to_str().unwrap().clone_into(&mut path);
        seen.push(path.clone());
    }

    assert_eq!(seen, ["/there", "/back", "/there", "/back"]);
    assert_eq!(server.connections(), 4);
}

#[tokio::test]
async fn a_slow_body_comes_at_a_byte_a_second() {
    let server = HostileServer::start(Misbehaviour::SlowDrip).await.unwrap();
    let mut answer = client().get(server.origin()).send().await.unwrap();
    let mut chunk = async || answer.chunk().await.unwrap().unwrap();

    let first = chunk().await;
    let start = Instant::now();
    let second = chunk().await;

    assert_eq!((first.as_ref(), second.as_ref()), (&b"{"[..], &b"\""[..]));
    assert!((800..5_000).contains(&start.elapsed().as_millis()), "{:?}", start.elapsed());
}

#[rstest]
#[case(Misbehaviour::Hangs)]
#[case(Misbehaviour::HangsInBody)]
#[case(Misbehaviour::Gigabytes)]
#[case(Misbehaviour::SlowDrip)]
#[tokio::test]
async fn a_dropped_server_lets_go_of_its_connections_and_its_port(#[case] misbehaviour: Misbehaviour) {
    let server = HostileServer::start(misbehaviour).await.unwrap();
    let origin = server.origin().to_owned();
    let mut stream = connected(&server).await;
    stream.write_all(POST).await.unwrap();

    drop(server);

    let ended = timeout(Duration::from_secs(10), tokio::io::copy(&mut stream, &mut tokio::io::sink())).await;
    assert!(ended.is_ok(), "the connection is let go");
    let closed = async { while TcpStream::connect(origin.strip_prefix("http://").unwrap()).await.is_ok() {} };
    assert!(timeout(Duration::from_secs(10), closed).await.is_ok());
}
