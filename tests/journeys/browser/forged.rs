//! Answers at the callback that are no answers of the pool: any program on this machine can send them.

use std::error::Error;

use gatepass_journeys::{Browser, Desk, Options, text};
use gatepass_sandbox::seed::PUBLIC_CLIENT;
use gatepass_stage::{Pools, SignIn, Way};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use url::Url;

use super::{SCOPES, address_of, fill_in, last_page, login_page, port_of, stage};
use crate::{Journey, kept};

#[tokio::test]
async fn forged_answers_at_the_callback_change_nothing_and_the_true_one_is_taken() -> Journey {
    let (stage, callback) = stage().await?;
    let desk = Desk::open(Options::new("browser-forged")).await?;
    let browser = Browser::open(&desk).await?;
    desk.connect_by(&stage.login_page_of(PUBLIC_CLIENT, &callback, SCOPES), Way::implicit().in_browser()).await?;
    let page = login_page(&browser, &stage).await?;
    let state = Url::parse(&address_of(&page).await?)?;
    let state = state.query_pairs().find(|(name, _)| name == "state").ok_or("nothing was asked with a state")?.1;

    let (host, path) = (format!("localhost:{}", port_of(&callback)?), "/callback");
    let own = format!("http://{host}");
    let tokens = format!("id_token=eyJhbGciOiJub25lIn0.e30.&access_token=eyJ.e30.x&token_type=Bearer&state={state}");
    for (what, request, status) in [
        ("an error with another state", get(&host, &format!("{path}?error=access_denied&state=another")), "200"),
        ("a code without a state", get(&host, &format!("{path}?code=forged")), "200"),
        (
            "a code from a page of another name",
            get("evil.example", &format!("{path}?code=forged&state={state}")),
            "403",
        ),
        ("tokens posted by another origin", post(&host, path, "http://evil.example", &tokens), "403"),
        ("tokens with another state", post(&host, path, &own, &tokens.replace(&*state, "another")), "200"),
        ("another path", get(&host, "/elsewhere?code=forged"), "404"),
    ] {
        let answer = told(&callback, &request).await?;
        assert!(answer.starts_with(&format!("HTTP/1.1 {status}")), "{what}: {answer}");
        assert!(!answer.contains("You are signed in"), "{what}: {answer}");
    }
    desk.open_identity("127.0.0.1 user").await?;
    desk.see(&text("is open in your browser")).await?;
    kept::nothing(&desk)?;
    desk.close_sheet().await?;

    fill_in(&page, &stage, "ada").await?;
    last_page(&browser, &callback, "You are signed in as ada").await?;
    desk.see_signed_in("ada").await?;
    Ok(())
}

fn get(host: &str, target: &str) -> String {
    format!("GET {target} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n")
}

fn post(host: &str, target: &str, origin: &str, body: &str) -> String {
    let length = body.len();
    format!(
        "POST {target} HTTP/1.1\r\nHost: {host}\r\nOrigin: {origin}\r\nConnection: close\r\n\
         Content-Length: {length}\r\n\r\n{body}"
    )
}

/// Sends bytes to the callback's port, as any program on this machine can, and gives the answer.
async fn told(callback: &str, request: &str) -> Result<String, Box<dyn Error>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port_of(callback)?)).await?;
    stream.write_all(request.as_bytes()).await?;
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await?;
    Ok(String::from_utf8_lossy(&answer).into_owned())
}
