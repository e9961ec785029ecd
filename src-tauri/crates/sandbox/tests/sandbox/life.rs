//! Starting, stopping, and what a sandbox tells of itself.

use std::time::Duration;

use gatepass_sandbox::{Options, Sandbox, StartError, seed};
use rstest::rstest;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

use crate::browser::{START, World};

fn address(origin: &str) -> &str {
    origin.strip_prefix("http://").unwrap()
}

#[tokio::test]
async fn a_stopped_sandbox_listens_no_more_and_lets_go_what_waits() {
    let world = World::new().await;
    let description = world.sandbox.description().clone();
    let origin = world.sandbox.gateway_origin().to_owned();
    let mut waiting = TcpStream::connect(address(&origin)).await.unwrap();
    waiting.write_all(b"GET /slow?ms=0 HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();
    assert!(waiting.read(&mut [0; 1_024]).await.unwrap() > 0);
    waiting.write_all(b"GET /slow?ms=600000 HTTP/1.1\r\nHost: a\r\n\r\n").await.unwrap();

    world.sandbox.stop().await;

    for origin in [&description.pool.domain, &origin] {
        assert!(TcpStream::connect(address(origin)).await.is_err(), "{origin}");
    }
    let ended = tokio::time::timeout(Duration::from_secs(10), waiting.read_to_end(&mut Vec::new())).await;
    assert!(ended.is_ok(), "the connection is let go");
}

#[tokio::test]
async fn a_dropped_sandbox_frees_its_ports() {
    let world = World::new().await;
    let origin = world.sandbox.gateway_origin().to_owned();

    drop(world.sandbox);

    let closed = async { while TcpStream::connect(address(&origin)).await.is_ok() {} };
    assert!(tokio::time::timeout(Duration::from_secs(10), closed).await.is_ok());
}

#[tokio::test]
async fn a_port_that_is_taken_is_named() {
    let world = World::new().await;
    let port = address(&world.sandbox.description().pool.domain).split(':').nth(1).unwrap().parse().unwrap();

    let result = Sandbox::start(Options { port, ..Options::default() }).await;

    let error = result.err().unwrap();
    assert!(matches!(error, StartError::Listen { port: named, .. } if named == port));
    assert!(error.to_string().contains(&port.to_string()));
}

#[rstest]
#[case("http://example.com/callback")]
#[case("https://example.com/#fragment")]
#[case("not an address")]
#[tokio::test]
async fn a_callback_that_cannot_be_registered_is_named(#[case] callback: &str) {
    let options = Options { extra_callbacks: vec![callback.to_owned()], ..Options::default() };

    let error = Sandbox::start(options).await.err().unwrap();

    assert!(matches!(&error, StartError::Callback { callback: named } if named == callback));
}

#[tokio::test]
async fn a_token_source_that_is_no_header_name_is_named() {
    let options = Options { token_source: "dev auth token".to_owned(), ..Options::default() };

    let error = Sandbox::start(options).await.err().unwrap();

    assert!(matches!(&error, StartError::TokenSource { name } if name == "dev auth token"));
}

#[tokio::test]
async fn damaged_keys_are_no_start() {
    let options = Options { keys: Some("damaged".to_owned()), ..Options::default() };

    assert!(matches!(Sandbox::start(options).await.err().unwrap(), StartError::Keys(_)));
}

#[tokio::test]
async fn the_same_keys_and_users_come_back() {
    let (first, second) = (World::new().await, World::new().await);
    let path = format!("/{}/.well-known/jwks.json", seed::POOL_ID);

    let keys = (first.browser.get(&path).await.body, second.browser.get(&path).await.body);
    let subs = [
        crate::browser::claims(&first.tokens_of(seed::ADA, &[]).await.id)["sub"].clone(),
        crate::browser::claims(&second.tokens_of(seed::ADA, &[]).await.id)["sub"].clone(),
    ];

    assert_eq!(keys.0, keys.1);
    assert_eq!(subs[0], subs[1]);
}

#[tokio::test]
async fn replies_are_dated_by_the_sandboxs_clock() {
    let world = World::new().await;
    world.clock.shift(-3_600_000);

    let expected = httpdate::fmt_http_date(std::time::UNIX_EPOCH + START - Duration::from_hours(1));
    assert_eq!(world.fetch("/dev/pets", &[]).await.header("date"), expected);
    assert_eq!(world.browser.get("/error").await.header("date"), expected);
}
