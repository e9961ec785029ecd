//! The user pool.

mod accounts;
mod authorize;
mod discovery;
mod federation;
mod login;
mod logout;
mod new_password;
mod refresh_tokens;
mod revocation;
mod session;
mod token_endpoint;
mod tokens;
mod user_info;
