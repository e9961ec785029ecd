//! The way in, which leads on to the login page once.

use rstest::rstest;
use url::Url;

use super::{Bound, body, status};

fn entrance(bound: &Bound, target: &Url) -> Url {
    bound.receiver.door().entrance(target.clone()).unwrap()
}

fn login_page() -> Url {
    Url::parse("https://login.example.com/oauth2/authorize?state=secret").unwrap()
}

fn is_used_up(answer: &str) -> bool {
    status(answer) == "410"
        && body(answer).contains("<h1>This link has been used</h1>")
        && body(answer).contains("Go back to Gatepass and start the sign-in again")
}

#[tokio::test]
async fn the_way_in_leads_on_once_and_says_nothing_of_where_to() {
    let bound = Bound::start().await;
    let target = login_page();
    let entrance = entrance(&bound, &target);
    assert!(entrance.as_str().starts_with(&format!("http://localhost:{}/begin/", bound.port)));
    assert!(!entrance.as_str().contains("secret"));

    let browser = bound.browser();
    assert!(is_used_up(&browser.send(&browser.get("/begin/guessed")).await));
    let first = browser.send(&browser.get(entrance.path())).await;
    assert_eq!(status(&first), "303");
    for header in
        [format!("location: {target}"), "cache-control: no-store".into(), "referrer-policy: no-referrer".into()]
    {
        assert!(first.contains(&header), "{first}");
    }
    let second = browser.send(&browser.get(entrance.path())).await;
    assert!(is_used_up(&second), "{second}");
    assert!(!second.contains("secret") && !second.contains("location:"), "{second}");
    assert!(second.contains("cache-control: no-store"), "{second}");
}

#[rstest]
#[case::frame("GET", "Sec-Fetch-Dest: iframe\r\n")]
#[case::image("GET", "Sec-Fetch-Dest: image\r\n")]
#[case::post("POST", "Content-Length: 0\r\n")]
#[case::head("HEAD", "")]
#[tokio::test]
async fn what_is_no_navigation_neither_uses_the_way_in_up_nor_is_shown_a_page(
    #[case] method: &str,
    #[case] headers: &str,
) {
    let bound = Bound::start().await;
    let entrance = entrance(&bound, &login_page());
    let browser = bound.browser();
    let request = |path: &str| format!("{method} {path} HTTP/1.1\r\nHost: {}\r\n{headers}\r\n", browser.host);
    for path in ["/begin/guessed", entrance.path()] {
        assert_eq!(status(&browser.send(&request(path)).await), "404", "{path}");
    }
    assert_eq!(status(&browser.send(&browser.get(entrance.path())).await), "303");
}

#[tokio::test]
async fn a_callback_in_the_place_of_the_ways_in_is_still_the_callback() {
    let mut bound = Bound::at("localhost", "/begin/callback").await;
    let request = bound.browser().get("/begin/callback?code=abc");
    let (url, page) = bound.judged(request, super::url_of).await;
    assert_eq!(url, format!("{}?code=abc", bound.callback));
    assert_eq!(status(&page), "200");
}
