//! Bodies as servers send them, honest and not.

mod common;

use async_compression::tokio::write::{BrotliEncoder, DeflateEncoder, GzipEncoder, ZlibEncoder, ZstdEncoder};
use common::{Server, answer, request, rig, rig_with, text};
use gatepass_exchange::exchange::BodyKind;
use gatepass_exchange::{EngineOptions, Form, SendError};
use rstest::rstest;
use tokio::io::AsyncWriteExt;

const PETS: &str = r#"[{"id":1,"type":"dog","price":249.99},{"id":2,"type":"cat","price":124.99}]"#;

async fn packed(encoding: &str, bytes: &[u8]) -> Vec<u8> {
    macro_rules! pack {
        ($encoder:ident) => {{
            let mut encoder = $encoder::new(Vec::new());
            encoder.write_all(bytes).await.unwrap();
            encoder.shutdown().await.unwrap();
            encoder.into_inner()
        }};
    }
    match encoding {
        "gzip" => pack!(GzipEncoder),
        "br" => pack!(BrotliEncoder),
        "zstd" => pack!(ZstdEncoder),
        "deflate" => pack!(ZlibEncoder),
        "bare deflate" => pack!(DeflateEncoder),
        _ => bytes.to_vec(),
    }
}

async fn serving(headers: &'static [&'static str], body: Vec<u8>) -> Server {
    Server::start(move |_| answer("200 OK", headers, &body)).await
}

#[rstest]
#[case("gzip", &["content-encoding: gzip", "content-type: application/json"])]
#[case("gzip", &["content-encoding: X-GZIP", "content-type: application/json"])]
#[case("br", &["content-encoding: br", "content-type: application/json"])]
#[case("zstd", &["content-encoding: zstd", "content-type: application/json"])]
#[case("deflate", &["content-encoding: deflate", "content-type: application/json"])]
#[case("bare deflate", &["content-encoding: deflate", "content-type: application/json"])]
#[tokio::test]
async fn a_compressed_body_is_read_and_its_size_on_the_wire_told(
    #[case] encoding: &str,
    #[case] headers: &'static [&'static str],
) {
    let body = packed(encoding, PETS.as_bytes()).await;
    let wire = f64::from(u32::try_from(body.len()).unwrap());
    let server = serving(headers, body).await;
    let finished = rig().get(&server.url("/")).await.unwrap();
    let summary = &finished.exchange.body;
    assert_eq!(text(&finished, Form::Raw), PETS);
    assert_eq!((summary.wire_bytes, summary.bytes), (Some(wire), 75.0));
    assert_eq!((summary.kind, summary.raw_lines, summary.pretty_lines), (BodyKind::Json, 1, Some(12)));
    assert!(summary.content_encoding.is_some());
}

#[tokio::test]
async fn two_encodings_over_one_another_are_both_undone() {
    let body = packed("br", &packed("gzip", PETS.as_bytes()).await).await;
    let server = serving(&["content-encoding: gzip, br"], body).await;
    let finished = rig().get(&server.url("/")).await.unwrap();
    assert_eq!(text(&finished, Form::Raw), PETS);
    assert_eq!(finished.exchange.body.content_encoding.as_deref(), Some("gzip, br"));
}

#[rstest]
#[case::unknown(&["content-encoding: x-secret"])]
#[case::none(&["content-encoding: identity"])]
#[tokio::test]
async fn an_encoding_that_is_not_known_leaves_the_bytes_as_they_are(#[case] headers: &'static [&'static str]) {
    let server = serving(headers, PETS.into()).await;
    let finished = rig().get(&server.url("/")).await.unwrap();
    assert_eq!((text(&finished, Form::Raw).as_str(), finished.exchange.body.wire_bytes), (PETS, None));
}

#[rstest]
#[tokio::test]
async fn an_answer_to_head_has_no_body_whatever_it_says(
    #[values("content-encoding: gzip", "content-type: application/json")] header: &'static str,
) {
    let server =
        Server::start(move |_| format!("HTTP/1.1 200 OK\r\ncontent-length: 500\r\n{header}\r\n\r\n").into_bytes())
            .await;
    let finished = rig().send(request("HEAD", &server.url("/"))).await.unwrap();
    assert_eq!((finished.exchange.body.kind, finished.exchange.body.bytes), (BodyKind::Empty, 0.0));
}

#[tokio::test]
async fn a_large_body_goes_to_a_file_and_its_lines_are_read_from_there() {
    let lines: String = (0..100_000).fold(String::new(), |lines, number| lines + &format!("line number {number}\n"));
    let expected = lines.clone();
    let (server, rig) =
        (Server::start(move |_| answer("200 OK", &["content-type: text/plain"], lines.as_bytes())).await, rig());
    let finished = rig.get(&server.url("/")).await.unwrap();
    let path = finished.body.path().unwrap();
    assert_eq!(std::fs::read_to_string(&path).unwrap(), expected);
    assert_eq!(finished.exchange.body.raw_lines, 100_000);
    assert_eq!(finished.body.lines(Form::Raw, 99_998, 5, 999).unwrap(), b"line number 99998\nline number 99999");
    assert_eq!(finished.body.find(Form::Raw, "NUMBER 777\n", 9).unwrap().lines, [777]);
    drop(finished);
    assert_eq!(std::fs::read_dir(rig.folder.path()).unwrap().count(), 0);
}

#[rstest]
#[case::length_too_large("HTTP/1.1 200 OK\r\ncontent-length: 100\r\nx-end: close\r\n\r\n[1,2]")]
#[case::chunk_cut("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nx-end: close\r\n\r\n5\r\n[1,2]\r\n")]
#[case::chunk_invalid("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\nx-end: close\r\n\r\n5\r\n[1,2]\r\nzz\r\n")]
#[tokio::test]
async fn a_body_that_breaks_off_is_told_and_what_came_is_kept(#[case] bytes: &'static str) {
    let server = Server::start(move |_| bytes.into()).await;
    let error = rig().get(&server.url("/?q=private")).await.unwrap_err();
    assert!(matches!(&error, SendError::BrokenOff { received: 5, .. }), "{error:?}");
    assert!(!error.to_string().contains("private"));
    let partial = error.partial().unwrap();
    assert_eq!(partial.body.bytes(99).unwrap(), b"[1,2]");
    assert_eq!(partial.exchange.body.kind, BodyKind::Text, "it is not proved to be JSON");
}

#[rstest]
#[case::damaged(b"\x1f\x8b\x08\0\0\0\0\0\0\x03\xff\xff\xff\xffgarbage".to_vec())]
#[case::not_gzip(b"plain after all".to_vec())]
#[case::cut(vec![0x1f, 0x8b, 8, 0, 0, 0])]
#[tokio::test]
async fn a_body_that_cannot_be_decompressed_is_told(#[case] body: Vec<u8>) {
    let server = serving(&["content-encoding: gzip"], body).await;
    let error = rig().get(&server.url("/")).await.unwrap_err();
    assert!(matches!(&error, SendError::Undecodable { encoding, .. } if encoding == "gzip"), "{error:?}");
}

#[tokio::test]
async fn a_bomb_ends_at_the_limit_and_leaves_nothing_behind() {
    let bomb = packed("gzip", &vec![b'['; 30_000_000]).await;
    assert!(bomb.len() < 100_000);
    let server = serving(&["content-encoding: gzip", "content-type: application/json"], bomb).await;
    let rig = rig_with(EngineOptions { max_cache_bytes: 5_000_000, ..EngineOptions::default() });
    let error = rig.get(&server.url("/")).await.unwrap_err();
    assert!(matches!(error, SendError::TooLarge { limit: 5_000_000, .. }), "{error:?}");
    assert_eq!(std::fs::read_dir(rig.folder.path()).unwrap().count(), 0);
}
