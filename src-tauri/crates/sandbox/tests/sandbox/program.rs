//! The program: one line of JSON, and up until it is ended.

use std::{
    io::{BufRead as _, BufReader},
    process::{Child, Command, Output, Stdio},
};

use gatepass_sandbox::seed::{CLIENT_SECRET, CODE_CLIENT, FAILING_CLIENT, PROVIDER, PUBLIC_CLIENT, SECRET_CLIENT};
use http::Method;
use serde_json::{Value, json};

use crate::{
    browser::{Browser, authorize_query, client},
    code_grant::{refresh, refused, tokens},
};

/// Ends the program with the test, also where the test fails.
struct Running(Child);

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn program(arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gatepass-sandbox"));
    command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn start(arguments: &[&str]) -> (Running, Value) {
    let mut running = Running(program(arguments).spawn().unwrap());
    let mut line = String::new();
    BufReader::new(running.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    (running, serde_json::from_str(&line).unwrap())
}

fn text(output: &Output) -> (String, String) {
    (String::from_utf8_lossy(&output.stdout).into_owned(), String::from_utf8_lossy(&output.stderr).into_owned())
}

fn names(value: &Value) -> Vec<&String> {
    value.as_object().unwrap().keys().collect()
}

#[tokio::test]
async fn it_prints_one_line_that_describes_it_and_answers() {
    let (_running, line) = start(&["--port", "0"]);

    assert_eq!(names(&line), ["pool", "gateway"]);
    assert_eq!(names(&line["pool"]), ["domain", "issuer", "pool_id", "clients", "users"]);
    assert_eq!(names(&line["pool"]["clients"][0]), ["id", "secret", "grants", "callbacks", "scopes"]);
    assert_eq!(names(&line["pool"]["users"][0]), ["username", "password", "temporary", "groups"]);
    assert_eq!(names(&line["gateway"]), ["invoke_url", "token_source", "api_keys", "definition_url"]);
    assert_eq!(names(&line["gateway"]["api_keys"][0]), ["value", "enabled"]);
    for url in [&line["pool"]["domain"], &line["gateway"]["invoke_url"]] {
        assert!(url.as_str().unwrap().starts_with("http://127.0.0.1:"), "{url}");
    }
    let answer = client().get(line["gateway"]["invoke_url"].as_str().unwrap()).send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

#[tokio::test]
async fn its_options_reach_the_sandbox() {
    let (_running, line) = start(&["--token-source=x-token", "--callback", "https://own.example/cb"]);

    assert_eq!(line["gateway"]["token_source"], "x-token");
    assert_eq!(line["pool"]["clients"][0]["callbacks"][3], "https://own.example/cb");
}

#[tokio::test]
async fn its_refresh_tokens_rotate_when_asked() {
    let (_running, line) = start(&["--rotation-grace-seconds", "0"]);
    let browser = Browser::new(line["pool"]["domain"].as_str().unwrap());

    let first = tokens(&browser).await["refresh_token"].as_str().unwrap().to_owned();
    let next = refresh(&browser, &first, PUBLIC_CLIENT).await.json();

    assert!(next["refresh_token"].is_string());
    refused(&refresh(&browser, &first, PUBLIC_CLIENT).await, "invalid_grant");
}

#[tokio::test]
async fn its_provider_is_offered_and_shown_in_a_web_view_when_asked() {
    let (_running, line) = start(&["--show-providers", "--provider-takes-web-views"]);
    let browser = Browser::new(line["pool"]["domain"].as_str().unwrap());

    let login = browser.get(&format!("/login?{}", authorize_query(&[]))).await;
    let away = browser.get(&format!("/oauth2/authorize?{}", authorize_query(&[("identity_provider", PROVIDER)]))).await;
    let page = browser.send(Method::GET, &away.location(), &[("x-requested-with", "app")], None).await;

    assert!(login.body.contains("Continue with Google"));
    assert_eq!(page.status, 200);
}

#[tokio::test]
async fn it_lists_every_client_and_user() {
    let (_running, line) = start(&[]);

    let clients: Vec<Value> = line["pool"]["clients"]
        .as_array()
        .unwrap()
        .iter()
        .map(|client| json!([client["id"], client["secret"], client["grants"]]))
        .collect();
    let users: Vec<&Value> = line["pool"]["users"].as_array().unwrap().iter().map(|user| &user["username"]).collect();
    assert_eq!(
        clients,
        [
            json!([PUBLIC_CLIENT, null, ["implicit", "code"]]),
            json!([SECRET_CLIENT, CLIENT_SECRET, ["code", "client_credentials"]]),
            json!([CODE_CLIENT, null, ["code"]]),
            json!([FAILING_CLIENT, null, ["implicit", "code"]]),
        ]
    );
    assert_eq!(users, ["ada", "grace", "newcomer"]);
}

#[test]
fn help_tells_every_option() {
    let output = program(&["--help"]).output().unwrap();

    let (out, _) = text(&output);
    assert!(output.status.success());
    for option in [
        "--port",
        "--gateway-port",
        "--id-token-seconds",
        "--access-token-seconds",
        "--rotation-grace-seconds",
        "--session-seconds",
        "--token-source",
        "--show-providers",
        "--provider-takes-web-views",
        "--callback",
        "--clock-offset",
        "--help",
    ] {
        assert!(out.contains(option), "{option}");
    }
}

#[test]
fn what_it_cannot_use_is_named_on_standard_error() {
    for (arguments, named) in [
        (&["--port", "many"][..], "many"),
        (&["--unknown"], "--unknown"),
        (&["--token-source", "no header"], "no header"),
        (&["--callback", "http://example.com/"], "http://example.com/"),
    ] {
        let output = program(arguments).output().unwrap();

        let (out, error) = text(&output);
        assert_eq!((output.status.code(), out.as_str()), (Some(1), ""), "{arguments:?}");
        assert!(error.contains(named), "{error}");
    }
}
