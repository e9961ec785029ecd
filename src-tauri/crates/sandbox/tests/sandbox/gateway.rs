//! The gateway.

mod call;
mod check_order;
mod definition;
mod http_api;
mod petstore;
mod replies;
mod tools;
