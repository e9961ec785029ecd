//! Requests that no browser sends: none may stop the receiver, and none may bring an answer to another place.

use std::time::Duration;

use proptest::prelude::*;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::{Bound, status, url_of};

/// `HOST` in the head stands for the true one.
#[derive(Debug)]
struct Request {
    head: String,
    body: Vec<u8>,
    fits: bool,
}

fn any_request() -> impl Strategy<Value = Request> {
    let method = prop::sample::select(vec!["GET", "POST", "HEAD", "get", "CONNECT", ""]);
    let path = prop_oneof![
        3 => Just("/callback".to_owned()),
        1 => "[/a-z%.;@]{0,12}",
        1 => any::<String>(),
    ];
    let query = prop::sample::select(vec!["", "?", "?code=abc", "?error=x&state=y", "?%ff&code", "#code=abc"]);
    let host = prop::sample::select(vec!["HOST", "HOST", "localhost", "evil.test", "HOST.evil.test", ""]);
    let headers = prop::collection::vec(
        prop_oneof![
            Just("Origin: http://HOST\r\n".to_owned()),
            Just("Content-Length: 3\r\n".to_owned()),
            Just("Transfer-Encoding: chunked\r\n".to_owned()),
            Just("Sec-Fetch-Site: same-origin\r\n".to_owned()),
            Just("Expect: 100-continue\r\n".to_owned()),
            any::<String>(),
        ],
        0..4,
    );
    let made = (method, path, query, host, headers, any::<[u8; 3]>()).prop_map(
        |(method, path, query, host, headers, body)| {
            let head = format!("{method} {path}{query} HTTP/1.1\r\nHost: {host}\r\n{}\r\n", headers.concat());
            Request { head, body: body.to_vec(), fits: path == "/callback" && host == "HOST" }
        },
    );
    let raw = prop::collection::vec(any::<u8>(), 0..300);
    prop_oneof![3 => made, 1 => raw.prop_map(|body| Request { head: String::new(), body, fits: false })]
}

/// Sends bytes and the end of the connection, and tells what was handed on until the browser had all of its answer.
async fn handed_on(bound: &mut Bound, bytes: &[u8]) -> Option<String> {
    let address = bound.browser().address;
    let exchange = async {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let _ = stream.write_all(bytes).await;
        let _ = stream.shutdown().await;
        let _ = stream.read_to_end(&mut Vec::new()).await;
    };
    tokio::select! {
        received = bound.receiver.next() => Some(url_of(received)),
        () = exchange => tokio::time::timeout(Duration::ZERO, bound.receiver.next()).await.ok().map(url_of),
    }
}

proptest! {
    #[test]
    fn no_bytes_stop_the_receiver_or_bring_an_answer_to_another_place(request in any_request()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut bound = Bound::start().await;
            let host = bound.browser().host;
            let bytes = [request.head.replace("HOST", &host).as_bytes(), &request.body].concat();
            if let Some(url) = handed_on(&mut bound, &bytes).await {
                prop_assert!(request.fits, "{url}");
                prop_assert!(bound.callback.matches(&url.parse().unwrap()), "{url}");
            }
            let request = bound.browser().get("/callback?code=true");
            let (url, page) = bound.judged(request, url_of).await;
            prop_assert!(url.ends_with("?code=true"), "{url}");
            prop_assert_eq!(status(&page), "200");
            Ok(())
        })?;
    }
}
