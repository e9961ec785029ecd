//! Pools behind a private authority, whose certificate the user names.

use std::path::PathBuf;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use gatepass_identity::{
    Attempt, DiscoveryError, Endpoints, HttpError, LEEWAY, Network, Outcome, PoolFacts, Provider, SignInOptions,
    UserPool, discover, examine,
};
use gatepass_vault::Secret;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rstest::rstest;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use serde_json::json;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_rustls::TlsAcceptor;

use crate::pool::hostile::json as answer;
use crate::pool::{CLIENT, TestPool, jwk, now};

struct Authority {
    pem: String,
    issuer: Issuer<'static, KeyPair>,
}

fn authority() -> Authority {
    let key = KeyPair::generate().unwrap();
    let mut parameters = CertificateParams::new(Vec::new()).unwrap();
    parameters.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let certificate = STANDARD.encode(parameters.self_signed(&key).unwrap().der());
    let pem = format!("-----BEGIN CERTIFICATE-----\n{certificate}\n-----END CERTIFICATE-----\n");
    Authority { pem, issuer: Issuer::new(parameters, key) }
}

fn certificate(authority: &Authority) -> (CertificateDer<'static>, PrivateKeyDer<'static>) {
    let key = KeyPair::generate().unwrap();
    let parameters = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let certificate = parameters.signed_by(&key, &authority.issuer).unwrap().der().clone();
    (certificate, PrivateKeyDer::try_from(key.serialize_der()).unwrap())
}

/// A provider that answers every question with its configuration and its keys, behind a certificate of the authority.
async fn provider(authority: &Authority) -> String {
    let (certificate, key) = certificate(authority);
    let crypto = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(crypto).with_safe_default_protocol_versions().unwrap();
    let config = config.with_no_client_auth().with_single_cert(vec![certificate], key).unwrap();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let issuer = format!("https://{}", listener.local_addr().unwrap());
    let document = json!({"issuer": issuer, "id_token_signing_alg_values_supported": ["RS256"], "keys": [jwk(0)]});
    let document = document.to_string();
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            tokio::spawn(serve(acceptor.clone(), stream, answer(&document)));
        }
    });
    issuer
}

/// Ends with the connection, which a client that does not trust the certificate closes first.
async fn serve(acceptor: TlsAcceptor, stream: TcpStream, answer: Vec<u8>) -> std::io::Result<()> {
    let mut stream = acceptor.accept(stream).await?;
    let mut question = Vec::new();
    while !question.ends_with(b"\r\n\r\n") {
        stream.read_buf(&mut question).await?;
    }
    stream.write_all(&answer).await?;
    stream.shutdown().await
}

struct CertificateFile(tempfile::TempDir);

impl CertificateFile {
    fn of(authority: &Authority) -> Self {
        let file = Self(tempfile::tempdir().unwrap());
        file.replace(authority);
        file
    }

    fn replace(&self, authority: &Authority) {
        std::fs::write(self.path(), &authority.pem).unwrap();
    }

    fn path(&self) -> PathBuf {
        self.0.path().join("authority.pem")
    }
}

fn is_untrusted(error: &DiscoveryError) -> bool {
    matches!(error, DiscoveryError::Http(HttpError::Tls { host, .. }) if host == "127.0.0.1")
}

#[tokio::test]
async fn a_private_authority_is_trusted_only_where_its_file_is_named() {
    let (own, other) = (authority(), authority());
    let issuer = provider(&own).await;
    let (file, other_file) = (CertificateFile::of(&own), CertificateFile::of(&other));
    let network = Network::new();

    let error = discover(&issuer, None, &network, now()).await.unwrap_err();
    assert!(is_untrusted(&error), "{error:?}");
    let error = discover(&issuer, Some(&other_file.path()), &network, now()).await.unwrap_err();
    assert!(is_untrusted(&error), "{error:?}");
    assert_eq!(discover(&issuer, Some(&file.path()), &network, now()).await.unwrap().issuer, issuer);

    let error = discover(&issuer, None, &network, now()).await.unwrap_err();
    assert!(is_untrusted(&error), "{error:?}");
}

#[tokio::test]
async fn keys_that_were_fetched_by_trust_in_a_private_authority_are_not_another_pool_s() {
    let own = authority();
    let issuer = provider(&own).await;
    let file = CertificateFile::of(&own);
    let pool = |certificate: Option<PathBuf>| {
        let endpoints = Endpoints {
            authorization: Some(format!("{issuer}/authorize")),
            jwks: Some(format!("{issuer}/keys")),
            ..Endpoints::default()
        };
        UserPool::new(&PoolFacts {
            domain: issuer.clone(),
            client_id: CLIENT.into(),
            issuer: Some(issuer.clone()),
            callback: "https://example.com/".into(),
            provider: Provider::OpenId,
            endpoints,
            certificate: certificate.map(|path| path.to_string_lossy().into_owned()),
            ..PoolFacts::default()
        })
        .unwrap()
    };
    let (trusting, other) = (pool(Some(file.path())), pool(None));
    let attempt = Attempt::start(&trusting, &SignInOptions::default(), now()).unwrap();
    let token = Secret::new(TestPool::start().await.tokens(&attempt, now()).finish().0);
    let network = Network::new();
    for (pool, expected) in [(&trusting, Outcome::Passed), (&other, Outcome::Failed), (&trusting, Outcome::Passed)] {
        let examination = examine(&token, Some(pool), &network, now(), LEEWAY).await.unwrap();
        let key = examination.checks.iter().find(|check| check.name == "Key").unwrap();
        assert_eq!(key.outcome, expected, "{key:?}");
    }
}

#[tokio::test]
async fn a_certificate_file_that_was_replaced_is_read_anew() {
    let (own, other) = (authority(), authority());
    let issuer = provider(&own).await;
    let file = CertificateFile::of(&other);
    let network = Network::new();
    let error = discover(&issuer, Some(&file.path()), &network, now()).await.unwrap_err();
    assert!(is_untrusted(&error), "{error:?}");
    file.replace(&own);
    assert_eq!(discover(&issuer, Some(&file.path()), &network, now()).await.unwrap().issuer, issuer);
}

#[rstest]
#[case::no_pem("[package]", false)]
#[case::empty("", false)]
#[case::a_key("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", false)]
#[case::no_base64("-----BEGIN CERTIFICATE-----\n%%%%\n-----END CERTIFICATE-----\n", false)]
#[case::no_certificate_in_it("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", false)]
#[case::one_of_two("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", true)]
#[tokio::test]
async fn a_certificate_file_that_is_none_is_told_before_anything_is_asked(
    #[case] text: &str,
    #[case] after_a_true_one: bool,
) {
    let own = authority();
    let file = CertificateFile::of(&own);
    let kept = if after_a_true_one { own.pem } else { String::new() };
    std::fs::write(file.path(), format!("{kept}{text}")).unwrap();
    let error = discover("https://login.example.com", Some(&file.path()), &Network::new(), now()).await.unwrap_err();
    let DiscoveryError::Http(HttpError::NoCertificate { path }) = &error else { panic!("{error:?}") };
    assert_eq!(*path, file.path());
}

#[tokio::test]
async fn a_certificate_file_that_is_missing_is_told() {
    let missing = CertificateFile::of(&authority()).path();
    let error = discover("https://login.example.com", Some(&missing), &Network::new(), now()).await.unwrap_err();
    assert!(matches!(error, DiscoveryError::Http(HttpError::CertificateFile { .. })), "{error:?}");
}
