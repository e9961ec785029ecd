//! HTTPS: certificates in words, HTTP/2 by ALPN, and the version that was agreed.
#![expect(clippy::unwrap_used, clippy::format_push_string, reason = "a test ends where its ground is missing")]

mod common;

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;

use common::{Rig, rig, rig_with, typed, with_content};
use gatepass_exchange::{Content, EngineOptions, SendError, TlsFault};
use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::{Request, Response};
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair, date_time_ymd};
use rstest::rstest;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

struct Authority {
    root: Vec<u8>,
    issuer: Issuer<'static, KeyPair>,
}

fn authority() -> Authority {
    let key = KeyPair::generate().unwrap();
    let mut parameters = CertificateParams::new(Vec::new()).unwrap();
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root = parameters.self_signed(&key).unwrap().der().to_vec();
    Authority { root, issuer: Issuer::new(parameters, key) }
}

fn certificate(
    name: &str,
    years: (i32, i32),
    authority: &Authority,
) -> (CertificateDer<'static>, PrivateKeyDer<'static>) {
    let key = KeyPair::generate().unwrap();
    let mut parameters = CertificateParams::new(vec![name.to_owned()]).unwrap();
    parameters.not_before = date_time_ymd(years.0, 1, 1);
    parameters.not_after = date_time_ymd(years.1, 1, 1);
    let certificate = parameters.signed_by(&key, &authority.issuer).unwrap().der().clone();
    (certificate, PrivateKeyDer::try_from(key.serialize_der()).unwrap())
}

/// Echoes the fields that came, one a line.
async fn echo(request: Request<Incoming>) -> Result<Response<Full<Bytes>>, Infallible> {
    let version = format!("{:?}", request.version());
    let mut fields = String::new();
    for (name, value) in request.headers() {
        fields.push_str(&format!("{name}: {}\n", value.to_str().unwrap()));
    }
    fields.push_str(&format!("authority {:?}\n", request.uri().authority().map(ToString::to_string)));
    let body = request.into_body().collect().await.unwrap().to_bytes();
    Ok(Response::builder()
        .header("x-version", version)
        .header("x-length", body.len())
        .body(Full::from(fields))
        .unwrap())
}

async fn serve(
    (certificate, key): (CertificateDer<'static>, PrivateKeyDer<'static>),
    protocols: &[&str],
    version: &'static rustls::SupportedProtocolVersion,
) -> SocketAddr {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_protocol_versions(&[version])
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    config.alpn_protocols = protocols.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let acceptor = acceptor.clone();
            tokio::spawn(async move {
                if let Ok(stream) = acceptor.accept(stream).await {
                    let service = hyper::service::service_fn(echo);
                    let _ =
                        auto::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(stream), service).await;
                }
            });
        }
    });
    address
}

fn trusting(authority: &Authority) -> Rig {
    rig_with(EngineOptions { extra_roots: vec![authority.root.clone()], ..EngineOptions::default() })
}

#[rstest]
#[case::two_and_thirteen(&["h2", "http/1.1"], &rustls::version::TLS13, "HTTP/2", "TLS 1.3")]
#[case::one_and_thirteen(&["http/1.1"], &rustls::version::TLS13, "HTTP/1.1", "TLS 1.3")]
#[case::no_alpn_and_twelve(&[], &rustls::version::TLS12, "HTTP/1.1", "TLS 1.2")]
#[tokio::test]
async fn version_and_protocol_are_told_for_new_and_reused_connections(
    #[case] protocols: &[&str],
    #[case] version: &'static rustls::SupportedProtocolVersion,
    #[case] http: &str,
    #[case] tls: &str,
) {
    let authority = authority();
    let address = serve(certificate("localhost", (2020, 2090), &authority), protocols, version).await;
    let (rig, url) = (trusting(&authority), format!("https://localhost:{}/pets", address.port()));
    let first = rig.get(&url).await.unwrap().exchange;
    let second = rig.get(&url).await.unwrap().exchange;
    for exchange in [&first, &second] {
        let hop = &exchange.hops[0];
        assert_eq!((hop.http_version.as_str(), hop.tls.as_deref()), (http, Some(tls)));
        assert_eq!((hop.status, hop.reason.as_str()), (200, "OK"));
    }
    let (new, reused) = (first.hops[0].timings, second.hops[0].timings);
    assert!(new.dns.is_some() && new.connect.is_some() && new.tls.is_some_and(|tls| tls > 0.0), "{new:?}");
    assert_eq!((reused.dns, reused.connect, reused.tls), (None, None, None));
}

#[rstest]
#[tokio::test]
async fn the_fields_that_are_shown_are_those_that_came(#[values(&["h2"], &["http/1.1"])] protocols: &[&str]) {
    let authority = authority();
    let address = serve(certificate("127.0.0.1", (2020, 2090), &authority), protocols, &rustls::version::TLS13).await;
    let mut request = with_content("POST", &format!("https://{address}/"), Content::text("text/plain", "body"));
    request.headers = vec![
        typed("x-one", "1"),
        typed("connection", "keep-alive, x-hop"),
        typed("x-hop", "h"),
        typed("te", "gzip"),
        typed("x-two", "2"),
    ];
    let finished = trusting(&authority).send(request).await.unwrap();
    let hop = &finished.exchange.hops[0];
    let mut shown = String::new();
    for header in hop.sent_headers.iter().filter(|header| header.name != ":authority") {
        shown.push_str(&format!("{}: {}\n", header.name, header.value));
    }
    let is_h2 = protocols == ["h2"];
    let authority = is_h2.then(|| address.to_string());
    shown.push_str(&format!("authority {authority:?}\n"));
    assert_eq!(String::from_utf8(finished.body.bytes(9999).unwrap()).unwrap(), shown);
    assert_eq!(hop.sent_headers.iter().any(|header| header.name == ":authority"), is_h2);
    assert_eq!(hop.headers.iter().find(|field| field.name == "x-length").unwrap().value, "4");
}

#[rstest]
#[case::expired("localhost", (2020, 2021), true, TlsFault::Expired, "has expired")]
#[case::not_yet_valid("localhost", (2080, 2090), true, TlsFault::NotYetValid, "not valid yet")]
#[case::wrong_host("other.test", (2020, 2090), true, TlsFault::WrongHost, "for other hosts")]
#[case::unknown_issuer("localhost", (2020, 2090), false, TlsFault::UnknownIssuer, "nobody this computer trusts")]
#[tokio::test]
async fn what_is_wrong_with_a_certificate_is_said(
    #[case] name: &str,
    #[case] years: (i32, i32),
    #[case] trusted: bool,
    #[case] expected: TlsFault,
    #[case] words: &str,
) {
    let authority = authority();
    let address = serve(certificate(name, years, &authority), &["h2"], &rustls::version::TLS13).await;
    let rig = if trusted { trusting(&authority) } else { rig() };
    let error = rig.get(&format!("https://localhost:{}/?q=private", address.port())).await.unwrap_err();
    assert!(matches!(&error, SendError::Tls { fault, .. } if *fault == expected), "{error:?}");
    assert!(error.to_string().contains(words), "{error}");
    assert!(!format!("{error} {error:?}").contains("private"));
}

#[tokio::test]
async fn https_to_a_server_that_speaks_plain_http_is_a_failed_handshake() {
    let server = common::Server::start(|_| common::answer("200 OK", &[], b"")).await;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let _ = tokio::io::AsyncWriteExt::write_all(&mut stream, b"HTTP/1.1 400 Bad Request\r\n\r\n").await;
        let _ = tokio::io::AsyncReadExt::read(&mut stream, &mut [0; 4096]).await;
    });
    let error = rig().get(&format!("https://{address}/")).await.unwrap_err();
    assert!(matches!(&error, SendError::Tls { fault: TlsFault::Handshake, .. }), "{error:?}");
    assert_eq!(server.connections(), 0);
}
