//! The plain routes for a client's own tests.

use rstest::rstest;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::browser::World;

#[tokio::test]
async fn echo_tells_what_was_sent_to_the_letter() {
    let world = World::new().await;
    let address = world.sandbox.gateway_origin().strip_prefix("http://").unwrap();
    let mut stream = TcpStream::connect(address).await.unwrap();

    let request =
        b"PURGE /echo/a%2Fb?x=%20&x=+ HTTP/1.1\r\nhOST: one\r\nX-Second: 2\r\nx-first: 1\r\nX-Second: again\r\n\
                    Connection: close\r\nContent-Length: 3\r\n\r\n\xff\x00a";
    stream.write_all(request).await.unwrap();
    let mut reply = String::new();
    stream.read_to_string(&mut reply).await.unwrap();

    let body: serde_json::Value = serde_json::from_str(reply.split_once("\r\n\r\n").unwrap().1).unwrap();
    assert_eq!((&body["method"], &body["target"]), (&json!("PURGE"), &json!("/echo/a%2Fb?x=%20&x=+")));
    assert_eq!((&body["body"], &body["body_base64"]), (&json!(null), &json!("/wBh")));
    assert_eq!(
        body["headers"],
        json!([
            { "name": "hOST", "value": "one" },
            { "name": "X-Second", "value": "2" },
            { "name": "x-first", "value": "1" },
            { "name": "X-Second", "value": "again" },
            { "name": "Connection", "value": "close" },
            { "name": "Content-Length", "value": "3" },
        ])
    );
}

#[tokio::test]
async fn echo_tells_each_request_of_a_connection_its_own_fields() {
    let world = World::new().await;
    // This client keeps its connection.
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let url = format!("{}/echo", world.sandbox.gateway_origin());

    for number in ["1", "2", "3"] {
        let body = vec![b'a'; 300_000];
        let reply = client.post(&url).header("x-number", number).body(body).send().await.unwrap();
        let echo: serde_json::Value = serde_json::from_str(&reply.text().await.unwrap()).unwrap();
        let numbers: Vec<_> =
            echo["headers"].as_array().unwrap().iter().filter(|field| field["name"] == "x-number").collect();
        assert_eq!(numbers, [&json!({ "name": "x-number", "value": number })]);
    }
}

#[rstest]
#[case("/redirect?to=https://elsewhere.example/%3Fa%3D1", 302, "https://elsewhere.example/?a=1")]
#[case("/redirect?to=/echo&status=301", 301, "/echo")]
#[case("/redirect?to=/echo&status=303", 303, "/echo")]
#[case("/redirect?to=/echo&status=307", 307, "/echo")]
#[case("/redirect?to=/echo&status=308", 308, "/echo")]
#[case("/redirect?to=/echo&status=200", 400, "")]
#[case("/redirect", 400, "")]
#[tokio::test]
async fn redirect_leads_where_it_is_told(#[case] path: &str, #[case] status: u16, #[case] location: &str) {
    let world = World::new().await;

    let answer = world.call("POST", path, &[], "body").await;

    assert_eq!((answer.status, answer.location()), (status, location.to_owned()));
}

#[rstest]
#[case(0)]
#[case(1)]
#[case(65_536)]
#[case(1_000_003)]
#[tokio::test]
async fn bytes_are_as_many_as_asked_for_and_announced(#[case] count: usize) {
    let world = World::new().await;

    let answer = world.fetch(&format!("/bytes/{count}?type=text/plain"), &[]).await;

    assert_eq!((answer.body.len(), answer.header("content-type")), (count, "text/plain"));
    assert_eq!(answer.header("content-length"), count.to_string());
    assert!(answer.body.bytes().eq(b"0123456789abcdef".iter().copied().cycle().take(count)));
}

#[tokio::test]
async fn slow_answers_after_its_time() {
    let world = World::new().await;
    let started = std::time::Instant::now();

    let answer = world.fetch("/slow?ms=30", &[]).await;

    assert_eq!((answer.status, answer.json()), (200, json!({ "milliseconds": 30 })));
    assert!(started.elapsed().as_millis() >= 30);
}
