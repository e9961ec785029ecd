//! Telling a view inside an application from a browser, by what the request says of itself.

use http::{HeaderMap, header::USER_AGENT};

/// What a browser with a name has in its user agent; WebKit's own views have none of them.
const BROWSERS: [&str; 5] = ["Chrome/", "Chromium/", "CriOS/", "Firefox/", "Edg/"];

/// Tells whether a request comes from an embedded view: of WebKit (WebKitGTK, `WKWebView`), or of Android, which marks
/// its views with `wv` and names the application in `X-Requested-With`.
///
/// Guess: Safari is taken for a view, since WebKitGTK calls itself so.
pub fn is_web_view(headers: &HeaderMap) -> bool {
    let user_agent = headers.get(USER_AGENT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let unnamed_webkit =
        user_agent.contains("AppleWebKit/") && !BROWSERS.iter().any(|browser| user_agent.contains(browser));
    unnamed_webkit || user_agent.contains("; wv)") || headers.contains_key("x-requested-with")
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use rstest::rstest;

    use super::*;

    const WEBKIT_GTK: &str =
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.0 Safari/605.1.15";
    const WK_WEB_VIEW: &str =
        "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)";
    const ANDROID_VIEW: &str = "Mozilla/5.0 (Linux; Android 14; Pixel 8; wv) AppleWebKit/537.36 (KHTML, like Gecko) \
                                Version/4.0 Chrome/126.0.0.0 Mobile Safari/537.36";
    const CHROMIUM: &str =
        "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36";
    const EDGE: &str = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) \
                        Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0";
    const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:127.0) Gecko/20100101 Firefox/127.0";

    #[rstest]
    #[case(WEBKIT_GTK, true)]
    #[case(WK_WEB_VIEW, true)]
    #[case(ANDROID_VIEW, true)]
    #[case(CHROMIUM, false)]
    #[case(EDGE, false)]
    #[case(FIREFOX, false)]
    #[case("curl/8.5.0", false)]
    fn a_view_is_told_from_a_browser_by_its_user_agent(#[case] user_agent: &'static str, #[case] view: bool) {
        let headers = HeaderMap::from_iter([(USER_AGENT, HeaderValue::from_static(user_agent))]);

        assert_eq!(is_web_view(&headers), view);
    }

    #[rstest]
    #[case(&[], false)]
    #[case(&[("x-requested-with", "org.example.app")], true)]
    fn a_request_without_a_user_agent_is_told_by_the_application_that_it_names(
        #[case] fields: &[(&'static str, &'static str)],
        #[case] view: bool,
    ) {
        let headers = fields.iter().map(|(name, value)| (name.parse().unwrap(), HeaderValue::from_static(value)));

        assert_eq!(is_web_view(&headers.collect()), view);
    }
}
