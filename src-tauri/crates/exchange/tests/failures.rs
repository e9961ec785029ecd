//! Requests that get no answer: each says what happened, and cancelling works at every moment.
#![expect(clippy::unwrap_used, reason = "a test ends where its ground is missing")]

mod common;

use std::time::Duration;

use common::{Server, read_request, request, rig};
use gatepass_exchange::{Finished, Phase, SendError};
use rstest::rstest;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio_util::sync::CancellationToken;

fn unheard(result: Result<Finished, SendError>) -> SendError {
    let error = result.unwrap_err();
    let mut told = format!("{error} {error:?}");
    let mut cause = std::error::Error::source(&error);
    while let Some(inner) = cause {
        told.push_str(&inner.to_string());
        cause = inner.source();
    }
    assert!(!told.contains("private") && !told.contains("hunter22"), "{told}");
    error
}

#[tokio::test]
async fn a_port_where_nobody_listens_refuses() {
    let address = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let error = unheard(rig().get(&format!("http://u:hunter22@{address}/?q=private")).await);
    assert!(matches!(&error, SendError::Refused { address: told, .. } if *told == address.to_string()), "{error:?}");
}

#[tokio::test]
async fn a_host_that_does_not_exist_is_not_found() {
    // A label of more than 63 characters cannot be asked for, so no name server is.
    let host = format!("{}.test", "a".repeat(64));
    let error = unheard(rig().get(&format!("http://{host}/?q=private")).await);
    assert!(matches!(&error, SendError::HostNotFound { host: told, .. } if *told == host), "{error:?}");
}

#[rstest]
#[case::not_http(b"SSH-2.0-OpenSSH_9.6\r\nclose\r\n".to_vec(), "not HTTP")]
#[case::two_lengths(b"HTTP/1.1 200 OK\r\ncontent-length: 1\r\ncontent-length: 2\r\nx: close\r\n\r\n".to_vec(), "not HTTP")]
#[case::nothing(b"close".to_vec(), "not HTTP")]
#[case::endless_head([b"HTTP/1.1 200 OK\r\n".to_vec(), b"x-more: and more\r\n".repeat(200_000)].concat(), "not HTTP")]
#[tokio::test]
async fn what_is_not_http_is_told(#[case] bytes: Vec<u8>, #[case] words: &str) {
    let server = Server::start(move |_| bytes.clone()).await;
    let error = unheard(rig().get(&server.url("/?q=private")).await);
    assert!(matches!(&error, SendError::Protocol { .. }), "{error:?}");
    assert!(error.to_string().contains(words));
}

/// Accepts one connection, reads its request, and leaves the rest to the test.
async fn silent() -> (String, oneshot::Receiver<TcpStream>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/?q=private", listener.local_addr().unwrap());
    let (accepted, stream) = oneshot::channel();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        if read_request(&mut stream).await.is_some() {
            let _ = accepted.send(stream);
        }
    });
    (url, stream)
}

#[tokio::test]
async fn a_connection_that_closes_without_a_word_is_no_answer() {
    let (url, stream) = silent().await;
    let closing = tokio::spawn(async move { drop(stream.await) });
    let error = unheard(rig().get(&url).await);
    closing.await.unwrap();
    assert!(matches!(&error, SendError::NoAnswer { .. }), "{error:?}");
}

#[tokio::test]
async fn cancelled_before_it_begins_nothing_is_sent() {
    let server = Server::start(|_| common::answer("200 OK", &[], b"")).await;
    let cancel = CancellationToken::new();
    cancel.cancel();
    let error = unheard(rig().engine.send(request("GET", &server.url("/")), cancel).await);
    assert!(matches!(error, SendError::Cancelled));
    assert_eq!(server.connections(), 0);
}

#[rstest]
#[case::while_waiting(b"")]
#[case::within_the_head(b"HTTP/1.1 200 OK\r\nx-a")]
#[case::within_the_body(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nbegun")]
#[tokio::test]
async fn cancelled_at_any_later_moment_the_connection_closes(#[case] begun: &'static [u8]) {
    let (url, stream) = silent().await;
    let (rig, cancel) = (rig(), CancellationToken::new());
    let cancelling = cancel.clone();
    let server = tokio::spawn(async move {
        let mut stream = stream.await.unwrap();
        stream.write_all(begun).await.unwrap();
        cancelling.cancel();
        // The end of the stream, or its reset, is what the test waits for.
        stream.read(&mut [0; 8]).await.unwrap_or(0)
    });
    let error = unheard(rig.engine.send(request("GET", &url), cancel).await);
    assert!(matches!(error, SendError::Cancelled));
    assert_eq!(server.await.unwrap(), 0);
    assert_eq!(std::fs::read_dir(rig.folder.path()).unwrap().count(), 0);
}

#[rstest]
#[case::for_the_head(b"", Phase::Waiting)]
#[case::for_the_body(b"HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nbegun", Phase::Downloading)]
#[tokio::test]
async fn when_the_time_is_up_it_says_what_it_waited_for(#[case] begun: &'static [u8], #[case] expected: Phase) {
    let (url, stream) = silent().await;
    let holding = tokio::spawn(async move {
        let mut stream = stream.await.unwrap();
        stream.write_all(begun).await.unwrap();
        stream.read(&mut [0; 8]).await.unwrap_or(0)
    });
    let mut request = request("GET", &url);
    request.timeout = Some(Duration::from_millis(1500));
    let error = unheard(rig().send(request).await);
    assert!(matches!(&error, SendError::Timeout { phase, .. } if *phase == expected), "{error:?}");
    assert!(error.to_string().contains("1.5 s"), "{error}");
    assert_eq!(holding.await.unwrap(), 0);
}

#[tokio::test]
async fn a_server_that_never_speaks_tls_is_told_as_such() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let mut request = request("GET", &format!("https://{}/?q=private", listener.local_addr().unwrap()));
    request.timeout = Some(Duration::from_millis(1500));
    let error = unheard(rig().send(request).await);
    assert!(matches!(&error, SendError::Timeout { phase: Phase::Tls, .. }), "{error:?}");
}
