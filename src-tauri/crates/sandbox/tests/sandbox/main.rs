//! The sandbox as a client meets it: over the wire, on a port of its own in every test.
#![expect(clippy::unwrap_used, clippy::expect_used, reason = "a test may panic")]

mod accounts;
mod authorize;
mod browser;
mod call;
mod check_order;
mod definition;
mod discovery;
mod gateway_replies;
mod http_api;
mod life;
mod login;
mod logout;
mod new_password;
mod petstore;
mod program;
mod session;
mod token_endpoint;
mod tokens;
mod tools;
mod user_info;
