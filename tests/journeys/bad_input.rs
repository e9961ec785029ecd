//! What cannot be sent, or is not answered: each says what, where and what to do, and nothing typed is lost.

use std::net::TcpListener;
use std::time::Duration;

use gatepass_journeys::{Desk, Options, css, label, role, text};
use gatepass_sandbox::Options as SandboxOptions;
use gatepass_stage::{Requests, SignIn, Stage, answered};

use crate::Journey;

/// A request as typed, the failure's title, and words of its message.
const TYPED: &[(&str, &str, &[&str])] = &[
    ("http://", "The URL cannot be used", &["http://"]),
    ("http://[::1", "The URL cannot be used", &["[::1"]),
    ("http://127.0.0.1:99999/pets", "The URL cannot be used", &["port"]),
    ("ftp://127.0.0.1/pets", "The URL cannot be used", &["ftp", "http"]),
    ("http://127.0.0.1/{{nobody}}/pets", "A variable has no value", &["In the URL", "nobody"]),
    ("http://no-such-host.invalid/", "The host could not be reached", &["no-such-host.invalid"]),
];

#[tokio::test]
async fn a_url_that_cannot_be_used_says_what_and_where() -> Journey {
    let desk = Desk::open(Options::new("bad-urls")).await?;
    desk.new_request("http://127.0.0.1/").await?;
    for (url, title, words) in TYPED {
        desk.fill(&label("URL"), url).await?;
        let card = desk.send_in_vain(title).await?;
        assert!(words.iter().all(|word| card.contains(word)), "{url}: {card}");
        assert_eq!(desk.value(&label("URL")).await?, *url);
    }
    Ok(())
}

#[tokio::test]
async fn a_header_with_a_line_break_is_never_sent() -> Journey {
    let stage = Stage::open().await?;
    let desk = Desk::open(Options::new("bad-header")).await?;
    desk.new_request(&stage.tool("/echo")).await?;
    desk.add_header("x-note", "old").await?;
    desk.paste_over("Gatepass", &label("Header 1 value"), "one\nx-injected: yes").await?;
    // A list that is pasted becomes rows; a break never gets into a value.
    desk.send_for("200").await?;
    let echo = desk.echo().await?;
    assert!(!echo.header("x-note").unwrap_or_default().contains('\n'));

    desk.add_header("x bad", "value").await?;
    let card = desk.send_in_vain("A header cannot be sent").await?;
    assert!(card.contains("\"x\" is followed by ' '"), "{card}");
    Ok(())
}

#[tokio::test]
async fn a_file_that_is_gone_is_named() -> Journey {
    let stage = Stage::open().await?;
    let desk = Desk::open(Options::new("bad-file")).await?;
    let file = desk.home().documents().join("there and gone.bin");
    std::fs::write(&file, b"there")?;
    desk.new_request(&stage.tool("/echo")).await?;
    desk.method("POST").await?;
    desk.choose_body("File").await?;
    desk.fill(&role("combobox", "File"), &file.to_string_lossy()).await?;
    desk.send_for("200").await?;
    std::fs::remove_file(&file)?;
    desk.click(&role("button", "Send")).await?;
    let card = desk.text(&css("section[aria-label='The body cannot be sent']")).await?;
    desk.click(&text("Why").within(css("section[aria-label='The body cannot be sent']"))).await?;
    desk.see(&text("there and gone.bin").within(css("section[aria-label='The body cannot be sent']"))).await?;
    assert_eq!(desk.value(&role("combobox", "File")).await?, file.to_string_lossy(), "{card}");
    Ok(())
}

#[tokio::test]
async fn a_server_that_is_not_there_or_too_slow_is_told_and_cancelled() -> Journey {
    let stage = Stage::with(SandboxOptions::default()).await?;
    let desk = Desk::open(Options::new("bad-server")).await?;
    // Taken and let go: nobody listens there now.
    let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
    desk.new_request(&format!("http://127.0.0.1:{port}/pets")).await?;
    let card = desk.send_in_vain("The host could not be reached").await?;
    assert!(card.contains(&format!("127.0.0.1:{port}")), "{card}");

    desk.fill(&label("URL"), &stage.tool("/echo").replace("http://", "https://")).await?;
    let card = desk.send_in_vain("No secure connection").await?;
    assert!(card.contains("whether the server speaks TLS"), "{card}");

    desk.fill(&label("URL"), &stage.tool("/slow?ms=600000")).await?;
    desk.section("Settings").await?;
    desk.fill(&label("Time limit"), "300").await?;
    let card = desk.send_in_vain("The time limit passed").await?;
    assert!(card.contains("0.3 s") && card.contains("Settings"), "{card}");

    desk.fill(&label("Time limit"), "0").await?;
    desk.click(&role("button", "Send")).await?;
    desk.see(&text("Waiting for the answer")).await?;
    desk.click(&role("button", "Cancel")).await?;
    desk.see(&text("Cancelled before an answer came.")).await?;
    desk.fill(&label("URL"), &stage.tool("/slow?ms=0")).await?;
    desk.send_for("200").await?;
    Ok(())
}

#[tokio::test]
async fn a_redirect_to_another_origin_keeps_the_credentials_home() -> Journey {
    let stage = Stage::open().await?;
    let other = Stage::open().await?;
    let desk = Desk::open(Options::new("bad-redirect").patience(Duration::from_secs(20))).await?;
    desk.connect(&stage.login_page()).await?;
    desk.sign_in_as(&stage, "ada").await?;
    desk.new_request(&stage.tool(&format!("/redirect?to={}", other.tool("/echo")))).await?;
    desk.send_token_in("dev-auth-token").await?;
    desk.send_api_key(stage.api_key()).await?;
    desk.send_for("200").await?;
    let echo = desk.echo().await?;
    assert!(echo.header("dev-auth-token").is_none() && echo.header("x-api-key").is_none(), "{echo}");
    let shown = desk.shown_as_sent().await?;
    assert!(shown.contains("Withheld") && shown.contains("dev-auth-token") && shown.contains("x-api-key"), "{shown}");
    assert!(!shown.contains("eyJ") && !shown.contains(stage.api_key()), "a secret is shown as sent");

    desk.fill(&label("URL"), &stage.tool(&format!("/redirect?to={}", stage.tool("/echo")))).await?;
    desk.send_for("200").await?;
    let echo = desk.echo().await?;
    assert!(echo.header("dev-auth-token").is_some() && echo.header("x-api-key").is_some(), "{echo}");
    desk.see(&answered()).await?;
    Ok(())
}
