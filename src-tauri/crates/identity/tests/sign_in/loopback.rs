//! The receiver of answers from the system's browser: what is handed on, what is refused, and what the browser shows.

mod any_bytes;
mod entrance;
mod refused;

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Duration;

use gatepass_identity::{
    Attempt, Callback, LoopbackError, LoopbackReceiver, Navigation, PoolFacts, Received, Reply, SignInOptions, UserPool,
};
use rstest::rstest;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::pool::{now, state};

const V4: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
const V6: IpAddr = IpAddr::V6(Ipv6Addr::LOCALHOST);

/// The addresses that `localhost` has on the computer that runs the tests.
fn localhost() -> Vec<IpAddr> {
    [V4, V6].into_iter().filter(|address| std::net::TcpListener::bind((*address, 0)).is_ok()).collect()
}

fn free_port() -> u16 {
    std::net::TcpListener::bind((V4, 0)).unwrap().local_addr().unwrap().port()
}

/// A receiver at a port that was free, and what a browser needs to reach it.
struct Bound {
    receiver: LoopbackReceiver,
    callback: Callback,
    port: u16,
}

impl Bound {
    async fn at(host: &str, path: &str) -> Self {
        loop {
            let port = free_port();
            let callback = Callback::new(&format!("http://{host}:{port}{path}")).unwrap();
            match LoopbackReceiver::bind(&callback).await {
                Ok(receiver) => return Self { receiver, callback, port },
                // Another test took the port in between.
                Err(LoopbackError::Taken { .. }) => {}
                Err(error) => panic!("{error}"),
            }
        }
    }

    async fn start() -> Self {
        Self::at("localhost", "/callback").await
    }

    fn browser(&self) -> Browser {
        Browser { address: SocketAddr::from((V4, self.port)), host: format!("localhost:{}", self.port) }
    }

    /// Sends a request that must be handed on, and replies to it.
    async fn judged(&mut self, request: String, judge: impl FnOnce(Received) -> String) -> (String, String) {
        let browser = self.browser();
        let page = tokio::spawn(async move { browser.send(&request).await });
        let judged = judge(self.receiver.next().await);
        (judged, page.await.unwrap())
    }

    /// Sends a request that must not be handed on, and shows that nothing was lost by it.
    async fn refused(&mut self, request: &[u8]) -> String {
        let browser = self.browser();
        let answer = tokio::select! {
            answer = browser.send_bytes(request) => answer,
            received = self.receiver.next() => panic!("{} was handed on", received.url),
        };
        let true_one = self.browser().get("/callback?code=true");
        let (url, _) = self.judged(true_one, url_of).await;
        assert!(url.ends_with("?code=true"), "{url} was handed on");
        answer
    }
}

fn url_of(received: Received) -> String {
    received.url.into()
}

#[derive(Clone)]
struct Browser {
    address: SocketAddr,
    host: String,
}

impl Browser {
    fn get(&self, target: &str) -> String {
        format!("GET {target} HTTP/1.1\r\nHost: {}\r\n\r\n", self.host)
    }

    fn post(&self, target: &str, headers: &str, body: &str) -> String {
        format!(
            "POST {target} HTTP/1.1\r\nHost: {}\r\n{headers}Content-Type: text/plain;charset=UTF-8\r\n\
             Content-Length: {}\r\n\r\n{body}",
            self.host,
            body.len()
        )
    }

    fn posted_by_the_page(&self, target: &str, body: &str) -> String {
        self.post(target, &format!("Origin: http://{}\r\nSec-Fetch-Site: same-origin\r\n", self.host), body)
    }

    async fn send(&self, request: &str) -> String {
        self.send_bytes(request.as_bytes()).await
    }

    async fn send_bytes(&self, request: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        let mut answer = Vec::new();
        // Whoever is refused may find the connection closed before all is said.
        let _ = stream.write_all(request).await;
        let _ = stream.read_to_end(&mut answer).await;
        String::from_utf8(answer).unwrap()
    }
}

fn status(answer: &str) -> &str {
    answer.split(' ').nth(1).unwrap_or("none")
}

fn body(answer: &str) -> &str {
    answer.split_once("\r\n\r\n").unwrap().1
}

#[rstest]
#[case::code("?code=abc&state=xyz")]
#[case::error("?error=access_denied&error_description=No%20way&state=xyz")]
#[case::error_without_state("?error=invalid_scope")]
#[case::escapes_untouched("?code=a%2Bb%3D&state=%C3%A9")]
#[case::extra_parameters("?lang=en&code=abc")]
#[tokio::test]
async fn an_answer_in_the_query_is_handed_on_as_the_navigation_that_it_was(#[case] query: &str) {
    let mut bound = Bound::start().await;
    let request = bound.browser().get(&format!("/callback{query}"));
    let (url, page) = bound.judged(request, url_of).await;
    assert_eq!(url, format!("{}{query}", bound.callback));
    assert_eq!(status(&page), "200");
    assert!(page.contains("content-type: text/html; charset=utf-8"), "{page}");
}

#[tokio::test]
async fn tokens_in_the_fragment_are_posted_by_the_page_and_taken_by_the_attempt() {
    let mut bound = Bound::start().await;
    let facts = PoolFacts {
        domain: "https://shop.auth.eu-west-1.amazoncognito.com".into(),
        client_id: "1example23456789abcdefghij".into(),
        callback: bound.callback.to_string(),
        scopes: vec!["openid".into()],
        ..PoolFacts::default()
    };
    let mut attempt = Attempt::start(&UserPool::new(&facts).unwrap(), &SignInOptions::default(), now()).unwrap();

    let waiting = bound.browser().send(&bound.browser().get("/callback?lang=en")).await;
    assert_eq!(status(&waiting), "200");
    assert!(body(&waiting).contains(r#"data-outcome="waiting""#), "{waiting}");

    let long = "x".repeat(8_000);
    let fragment = format!("id_token=a.{long}.c&access_token=d.{long}.f&token_type=Bearer&state={}", state(&attempt));
    let request = bound.browser().posted_by_the_page("/callback?lang=en", &fragment);
    let (url, answer) = bound
        .judged(request, |received| {
            let navigation = attempt.navigation(&received.url, now());
            assert!(matches!(navigation, Navigation::Callback(Ok(_))), "{navigation:?}");
            received.reply.signed_in("ada");
            received.url.to_string()
        })
        .await;
    assert_eq!(url, format!("{}?lang=en#{fragment}", bound.callback));
    let told: serde_json::Value = serde_json::from_str(body(&answer)).unwrap();
    assert_eq!(told["outcome"], "signed-in");
    assert_eq!(told["title"], "You are signed in as ada");
}

#[rstest]
#[case::nothing("/callback")]
#[case::only_a_state("/callback?state=xyz")]
#[case::tokens_in_the_query("/callback?access_token=a&id_token=b&state=xyz")]
#[tokio::test]
async fn a_navigation_without_an_answer_brings_the_page_that_looks_into_the_fragment(#[case] target: &str) {
    let mut bound = Bound::start().await;
    let request = bound.browser().get(target);
    let page = bound.refused(request.as_bytes()).await;
    assert_eq!(status(&page), "200");
    assert!(body(&page).contains(r#"data-outcome="waiting""#), "{page}");
}

fn signed_in(reply: Reply) {
    reply.signed_in("ada");
}

fn failed(reply: Reply) {
    reply.failed("A scope is not enabled for this client", "Remove shop/write & try again.");
}

#[rstest]
#[case::signed_in(signed_in, "signed-in", "You are signed in as ada", "this page can be closed")]
#[case::nameless(|reply: Reply| reply.signed_in(" "), "signed-in", "You are signed in", "Go back to Gatepass")]
#[case::failed(failed, "failed", "A scope is not enabled for this client", "Remove shop/write &#38; try again.")]
#[case::ignored(Reply::ignored, "ignored", "This answer was ignored", "no sign-in that is under way")]
#[case::dropped(drop, "ignored", "The user pool has answered", "tells how the sign-in ended")]
#[tokio::test]
async fn the_last_page_says_what_the_caller_decided(
    #[case] decide: fn(Reply),
    #[case] outcome: &str,
    #[case] title: &str,
    #[case] text: &str,
) {
    let mut bound = Bound::start().await;
    let request = bound.browser().get("/callback?code=abc");
    let (_, page) = bound
        .judged(request, |received| {
            decide(received.reply);
            String::new()
        })
        .await;
    assert!(page.contains(&format!(r#"data-outcome="{outcome}""#)), "{page}");
    assert!(page.contains(&format!("<h1>{title}</h1>")), "{page}");
    assert!(page.contains(text), "{page}");
    assert!(!page.contains("abc"), "{page}");
}

#[tokio::test]
async fn a_hostile_name_stays_text_and_does_not_turn_the_sentence() {
    let mut bound = Bound::start().await;
    let name = "</h1><script>alert('1')</script>\u{202e}\u{2066}\r\n\"&";
    let reply = |received: Received| {
        received.reply.signed_in(name);
        String::new()
    };

    let request = bound.browser().get("/callback?code=abc");
    let (_, page) = bound.judged(request, reply).await;
    let expected =
        "You are signed in as &#60;/h1&#62;&#60;script&#62;alert(&#39;1&#39;)&#60;/script&#62;&#34;&#38;</h1>";
    assert!(page.contains(expected), "{page}");
    assert_eq!(page.matches("<script>").count(), 1);

    let request = bound.browser().posted_by_the_page("/callback", "access_token=a");
    let (_, answer) = bound.judged(request, reply).await;
    assert!(answer.contains("content-type: application/json"), "{answer}");
    let told: serde_json::Value = serde_json::from_str(body(&answer)).unwrap();
    assert_eq!(told["title"], "You are signed in as </h1><script>alert('1')</script>\"&");
}

#[rstest]
#[case::page("/callback")]
#[case::elsewhere("/")]
#[tokio::test]
async fn every_answer_is_closed_to_other_pages_and_kept_by_nobody(#[case] target: &str) {
    let bound = Bound::start().await;
    let answer = bound.browser().send(&bound.browser().get(target)).await;
    for header in [
        "cache-control: no-store",
        "referrer-policy: no-referrer",
        "x-content-type-options: nosniff",
        "x-frame-options: DENY",
        "content-security-policy: default-src 'none'; style-src 'sha256-",
        "frame-ancestors 'none'",
    ] {
        assert!(answer.contains(header), "{header} is missing: {answer}");
    }
    assert!(!answer.contains("unsafe-inline"), "{answer}");
}

#[tokio::test]
async fn cookies_of_everything_on_localhost_do_no_harm() {
    let mut bound = Bound::start().await;
    let host = bound.browser().host;
    let cookies = "c=x; ".repeat(6_000);
    let request = format!("GET /callback?code=abc HTTP/1.1\r\nHost: {host}\r\nCookie: {cookies}\r\n\r\n");
    let (url, _) = bound.judged(request, url_of).await;
    assert!(url.ends_with("?code=abc"), "{url}");
}

#[tokio::test]
async fn connections_that_a_browser_opens_in_advance_hold_nobody_up() {
    let mut bound = Bound::start().await;
    let browser = bound.browser();
    let mut idle = Vec::new();
    for _ in 0..8 {
        idle.push(TcpStream::connect(browser.address).await.unwrap());
    }
    idle[0].write_all(b"GET /callback?co").await.unwrap();

    let (url, page) = bound.judged(browser.get("/callback?code=abc"), url_of).await;
    assert!(url.ends_with("?code=abc"), "{url}");
    assert_eq!(status(&page), "200");

    let mut used = idle.pop().unwrap();
    used.write_all(browser.get("/callback?code=later").as_bytes()).await.unwrap();
    assert!(bound.receiver.next().await.url.as_str().ends_with("?code=later"));
}

#[tokio::test]
async fn answers_are_handed_on_one_after_the_other_while_earlier_ones_wait_for_a_verdict() {
    let mut bound = Bound::start().await;
    let browser = bound.browser();
    let mut pages = Vec::new();
    let mut replies = Vec::new();
    for code in ["forged", "true", "again"] {
        let (browser, request) = (browser.clone(), browser.get(&format!("/callback?code={code}")));
        pages.push(tokio::spawn(async move { browser.send(&request).await }));
        let received = bound.receiver.next().await;
        assert!(received.url.as_str().ends_with(code), "{code}");
        replies.push(received.reply);
    }
    let [forged, true_one, again] = <[Reply; 3]>::try_from(replies).unwrap();
    true_one.signed_in("ada");
    again.ignored();
    forged.ignored();
    let expected = ["This answer was ignored", "You are signed in as ada", "This answer was ignored"];
    for (page, expected) in pages.into_iter().zip(expected) {
        assert!(page.await.unwrap().contains(expected), "{expected}");
    }
}

#[tokio::test]
async fn a_dropped_receiver_frees_its_port_at_once_and_closes_what_is_open() {
    let bound = Bound::start().await;
    let address = bound.browser().address;
    let mut idle = TcpStream::connect(address).await.unwrap();
    let mut begun = TcpStream::connect(address).await.unwrap();
    begun.write_all(b"GET /callback?code=abc HTTP/1.1\r\n").await.unwrap();

    let Bound { receiver, callback, .. } = bound;
    drop(receiver);
    let _again = LoopbackReceiver::bind(&callback).await.unwrap();
    for stream in [&mut idle, &mut begun] {
        let mut rest = Vec::new();
        let closed = tokio::time::timeout(Duration::from_secs(5), stream.read_to_end(&mut rest)).await;
        assert!(closed.is_ok() && rest.is_empty());
    }
}

#[tokio::test]
async fn the_last_page_arrives_though_the_receiver_is_dropped_with_the_verdict() {
    for _ in 0..20 {
        let mut bound = Bound::start().await;
        let browser = bound.browser();
        let page = tokio::spawn(async move { browser.send(&browser.get("/callback?code=abc")).await });
        let received = bound.receiver.next().await;
        received.reply.signed_in("ada");
        drop(bound);
        assert!(page.await.unwrap().contains("You are signed in as ada"));
    }
}

#[tokio::test]
async fn an_answer_whose_judge_went_away_still_sends_the_user_back() {
    let mut bound = Bound::start().await;
    let browser = bound.browser();
    let page = tokio::spawn(async move { browser.send(&browser.get("/callback?code=abc")).await });
    let received = bound.receiver.next().await;
    drop(bound);
    drop(received);
    assert!(page.await.unwrap().contains("Go back to Gatepass, which tells how the sign-in ended"));
}

#[rstest]
#[case::v4("127.0.0.1", vec![V4])]
#[case::v6("[::1]", localhost().into_iter().filter(IpAddr::is_ipv6).collect())]
#[case::localhost("localhost", localhost())]
#[tokio::test]
async fn each_address_of_the_callback_is_listened_at(#[case] host: &str, #[case] addresses: Vec<IpAddr>) {
    for address in addresses {
        let mut bound = Bound::at(host, "").await;
        let browser =
            Browser { address: SocketAddr::from((address, bound.port)), host: format!("{host}:{}", bound.port) };
        let page = tokio::spawn(async move { browser.send(&browser.get("/?code=abc")).await });
        let received = bound.receiver.next().await;
        assert_eq!(received.url.as_str(), format!("http://{host}:{}/?code=abc", bound.port));
        received.reply.signed_in("ada");
        assert!(page.await.unwrap().contains("You are signed in as ada"), "{address}");
    }
}

#[tokio::test]
async fn a_port_that_another_program_has_at_either_address_is_told() {
    for address in localhost() {
        let other = std::net::TcpListener::bind((address, 0)).unwrap();
        let port = other.local_addr().unwrap().port();
        let callback = Callback::new(&format!("http://localhost:{port}/")).unwrap();
        let error = LoopbackReceiver::bind(&callback).await.unwrap_err();
        assert!(matches!(error, LoopbackError::Taken { port: found, .. } if found == port), "{error}");
        let expected =
            format!("port {port} is in use; close the program that uses it, or register a callback with another port");
        assert_eq!(error.to_string(), expected);
    }
}

#[rstest]
#[case::elsewhere(
    "https://example.com/callback",
    "bring an answer to \"https://example.com/callback\" back to this app"
)]
#[case::https("https://localhost:3000/callback", "register http://localhost:<port>/callback")]
#[case::own_scheme("gatepass://callback", "register http://localhost:<port>/callback")]
#[case::no_port("http://localhost/callback", "\"http://localhost/callback\" names no port")]
#[case::default_port("http://127.0.0.1:80/", "with a port above 1023")]
#[case::any_port("http://[::1]:0/", "register http://localhost:<port>/callback")]
#[tokio::test]
async fn a_callback_that_no_browser_can_bring_here_says_what_to_register(#[case] callback: &str, #[case] words: &str) {
    let error = LoopbackReceiver::bind(&Callback::new(callback).unwrap()).await.unwrap_err();
    assert!(error.to_string().contains(words), "{error}");
}

#[tokio::test]
async fn what_was_received_is_not_printed() {
    let mut bound = Bound::start().await;
    let request = bound.browser().get("/callback?code=a-secret&state=another");
    let (printed, _) = bound.judged(request, |received| format!("{received:?} {:?}", received.reply)).await;
    assert_eq!(printed, "Received { .. } Reply");
    assert!(!format!("{:?}", bound.receiver).contains("secret"));
}
