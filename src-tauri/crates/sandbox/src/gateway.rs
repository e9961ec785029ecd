//! The API gateway: a REST API with its stages, an HTTP API, and a few plain routes that show what a client sent.
//!
//! A request to the REST API passes the checks in the real order, and the first that refuses it answers: firewall,
//! stage, route, authorizer, resource policy, API key, usage plan, validator, integration.

mod authorizer;
mod definition;
mod firewall;
mod http_api;
mod integration;
mod lambda_authorizer;
mod petstore;
mod reply;
mod request;
mod route;
mod signature;
mod tools;
mod usage_plan;
mod validator;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Request, State},
    response::Response,
    routing,
};
use tokio::sync::watch;

pub use self::http_api::BASE_PATH as HTTP_API_PATH;
use self::{
    authorizer::{CognitoAuthorizer, Decision},
    reply::Refusal,
    request::Incoming,
    route::{Access, Method},
    usage_plan::UsagePlans,
};
use crate::{ApiKeyDescription, GatewayDescription, Options, seed, shared::Shared, token::Verifier};

/// All that the gateway's checks share.
pub struct Gateway {
    origin: String,
    authorizer: CognitoAuthorizer,
    plans: Shared<UsagePlans>,
    options: Options,
    closing: watch::Receiver<bool>,
}

impl Gateway {
    /// Makes the gateway at an origin without a slash at its end; what it waits for ends when `closing` becomes true.
    pub fn new(origin: String, verifier: Verifier, options: Options, closing: watch::Receiver<bool>) -> Self {
        Self {
            origin,
            authorizer: CognitoAuthorizer::new(verifier, options.token_source.clone(), options.authorizer_cache),
            plans: Shared::new(UsagePlans::seeded()),
            options,
            closing,
        }
    }

    /// Describes the gateway.
    pub fn description(&self) -> GatewayDescription {
        let api_keys = usage_plan::KEYS
            .iter()
            .map(|key| ApiKeyDescription { value: key.value.to_owned(), enabled: key.enabled })
            .collect();
        GatewayDescription {
            invoke_url: format!("{}/{}", self.origin, seed::STAGE),
            token_source: self.options.token_source.clone(),
            api_keys,
            definition_url: format!("{}{}", self.origin, definition::PATH),
        }
    }

    async fn answer(&self, request: &Incoming) -> Result<Response, Refusal> {
        firewall::check(request)?;
        let (stage, path) = request.stage_and_path().ok_or(Refusal::Forbidden)?;
        let (method, parameters) =
            route::find(&request.verb, path).ok_or_else(|| signature::check(&request.headers))?;
        self.authorize(method, request)?;
        if method.policy_denies {
            return Err(Refusal::PolicyDenied { stage: stage.to_owned(), method: method.name() });
        }
        if method.api_key {
            self.plans.lock().admit(request.api_key(), stage, self.options.clock.now())?;
        }
        validator::check(method, request)?;
        self.integrate(method, &parameters, stage, request).await
    }

    fn authorize(&self, method: &Method, request: &Incoming) -> Result<(), Refusal> {
        match method.access {
            Access::Open => Ok(()),
            Access::Iam => Err(signature::check(&request.headers)),
            Access::Lambda(function) => lambda_authorizer::check(function, &request.headers),
            Access::Cognito { client, scopes } => {
                let now = self.options.clock.now();
                match self.authorizer.decide(&request.headers, client, scopes, now) {
                    Decision::Allowed => Ok(()),
                    Decision::Expired => Err(Refusal::Expired),
                    Decision::Unauthorized => Err(Refusal::Unauthorized),
                }
            }
        }
    }
}

/// Routes the gateway: the plain routes first, everything else as the REST API.
pub fn router(gateway: Arc<Gateway>) -> Router {
    Router::new()
        .route(definition::PATH, routing::get(definition::get))
        .route("/echo", routing::any(tools::echo))
        .route("/echo/{*rest}", routing::any(tools::echo))
        .route("/redirect", routing::any(tools::redirect))
        .route("/bytes/{count}", routing::get(tools::bytes))
        .route("/slow", routing::any(tools::slow))
        .route(HTTP_API_PATH, routing::any(http_api::answer))
        .route(&format!("{HTTP_API_PATH}/{{*rest}}"), routing::any(http_api::answer))
        .fallback(rest_api)
        .with_state(gateway)
}

async fn rest_api(State(gateway): State<Arc<Gateway>>, request: Request) -> Response {
    let response = match Incoming::read(request).await {
        Ok(request) => gateway.answer(&request).await.unwrap_or_else(Response::from),
        Err(refusal) => refusal.into(),
    };
    reply::numbered(response)
}
