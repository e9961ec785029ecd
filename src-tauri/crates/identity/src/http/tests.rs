use std::io::Write;
use std::net::TcpListener;
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use rstest::rstest;

use super::*;

struct NoNames;

impl Resolve for NoNames {
    fn resolve(&self, _: Name) -> Resolving {
        Box::pin(async { Err::<Addrs, _>("failed to look up the name".into()) })
    }
}

#[tokio::test]
async fn a_host_without_an_address_is_told_by_its_name() {
    let client = Client::builder().no_proxy().dns_resolver(Arc::new(NoNames)).build().unwrap();
    let url = "https://nowhere.auth.eu-west-1.amazoncognito.com/?secret";
    let error = in_words(client.get(url).send().await.unwrap_err(), &host_of(&Url::parse(url).unwrap()), PATIENCE);
    let HttpError::HostUnknown { host } = &error else { panic!("{error:?}") };
    assert_eq!(host, "nowhere.auth.eu-west-1.amazoncognito.com");
    assert!(!format!("{error:?} {error}").contains("secret"));
}

#[tokio::test]
async fn a_host_that_speaks_no_tls_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("https://{}/?secret", listener.local_addr().unwrap());
    let server = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
    });
    let client = Client::builder().no_proxy().build().unwrap();
    let error = in_words(client.get(&url).send().await.unwrap_err(), "127.0.0.1", PATIENCE);
    server.join().unwrap();
    assert!(matches!(error, HttpError::Tls { .. }), "{error:?}");
    assert!(!format!("{error:?}").contains("secret"));
}

#[tokio::test]
async fn a_host_that_does_not_answer_is_told() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let client = Client::builder().no_proxy().timeout(Duration::from_millis(20)).build().unwrap();
    let error = in_words(client.get(&url).send().await.unwrap_err(), "127.0.0.1", PATIENCE);
    assert!(matches!(error, HttpError::Timeout { .. }), "{error:?}");
    assert!(error.to_string().contains("did not answer within 10 seconds"), "{error}");
}

#[rstest]
#[case::no_date(None, None, None)]
#[case::no_time(Some("today"), Some("60"), None)]
#[case::fresh(Some("Thu, 01 Jan 1970 00:10:00 GMT"), None, Some(420))]
#[case::from_a_cache(Some("Thu, 01 Jan 1970 00:00:10 GMT"), Some("170"), Some(0))]
#[case::an_age_that_is_no_number(Some("Thu, 01 Jan 1970 00:10:00 GMT"), Some("old"), Some(420))]
#[case::an_age_below_nothing(Some("Thu, 01 Jan 1970 00:10:00 GMT"), Some("-1"), Some(420))]
#[case::a_year_off(Some("Fri, 01 Jan 1971 00:03:00 GMT"), None, Some(31_536_000))]
fn a_server_s_clock_is_read_from_its_date_and_the_age_of_the_answer(
    #[case] date: Option<&str>,
    #[case] age: Option<&str>,
    #[case] expected: Option<i64>,
) {
    let mut headers = HeaderMap::new();
    for (name, value) in [(DATE, date), (AGE, age)] {
        headers.extend(value.map(|value| (name, value.parse().unwrap())));
    }
    assert_eq!(ahead(&headers, UNIX_EPOCH + Duration::from_mins(3)), expected);
}
