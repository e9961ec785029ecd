//! From Ctrl+Enter with an expired token to the request's arrival with a new one, in the real window: over the pool's
//! session, and by a refresh token. The reference is the same send with a token that is still good, in turns.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::mpsc::Receiver;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use gatepass_journeys::{Desk, Display, Options, css};
use gatepass_sandbox::seed;
use gatepass_stage::{self as stage, Pools, Requests, SignIn, Stage};
use url::Url;

use crate::error::BenchError;
use crate::gate::Gate;
use crate::origin::{self, Arrival};
use crate::page;
use crate::table::{goal, median, ninth_decile};

const ROUNDS: usize = 20;
/// Rounds that may be taken again, because the app renewed ahead of the send or a good token did not last.
const SPARE: usize = 20;
/// How long a token lives: one send with a good token must fit in, and its end is waited for in each round.
const LIFE: Duration = Duration::from_secs(4);
const HEADER: &str = "dev-auth-token";
const USER: &str = "ada";

/// How a token is renewed without anybody's help.
#[derive(Debug, Clone, Copy)]
struct Way {
    name: &'static str,
    words: &'static str,
    client: &'static str,
    response_type: &'static str,
    grant: fn() -> stage::Way<'static>,
    /// Milliseconds.
    goal: f64,
}

const BY_SESSION: Way = Way {
    name: "session",
    words: "over the pool's session, in a hidden window",
    client: seed::PUBLIC_CLIENT,
    response_type: "token",
    grant: stage::Way::implicit,
    goal: 400.0,
};

const BY_REFRESH_TOKEN: Way = Way {
    name: "refresh-token",
    words: "by refresh token",
    client: seed::CODE_CLIENT,
    response_type: "code",
    grant: stage::Way::code,
    goal: 50.0,
};

/// Milliseconds from the key press, for each round.
#[derive(Debug, Default)]
struct Times {
    /// To the request with a good token.
    good: Vec<f64>,
    /// To the question at the pool.
    asked: Vec<f64>,
    /// To the request with a new token.
    renewed: Vec<f64>,
}

/// Renews in both ways and prints the medians.
pub async fn measure(app: &Path) -> Result<(), BenchError> {
    println!(
        "Ctrl+Enter to the request at the API, {ROUNDS} sends with a good and {ROUNDS} with an expired token in turns"
    );
    for way in [BY_SESSION, BY_REFRESH_TOKEN] {
        let stage = Stage::with(gatepass_sandbox::Options {
            id_token: LIFE,
            access_token: LIFE,
            ..gatepass_sandbox::Options::default()
        });
        let stage = stage.await.map_err(BenchError::Sandbox)?;
        let mut scene = Scene::open(app, &stage, way).await?;
        let times = scene.rounds().await?;
        scene.desk.close().await?;
        stage.close().await;
        print(way, &times);
    }
    Ok(())
}

fn print(way: Way, Times { good, asked, renewed }: &Times) {
    let (middle, reference) = (median(renewed), median(good));
    println!("\nRenewed {}", way.words);
    println!("{:<26} {:>13} {:>13} {:>13}", "", "good token", "pool asked", "renewed");
    let line = |what: &str, of: fn(&[f64]) -> f64| {
        println!("{what:<26} {:>10.1} ms {:>10.1} ms {:>10.1} ms", of(good), of(asked), of(renewed));
    };
    line("median", median);
    line("nine of ten below", ninth_decile);
    let (more, ratio) = (middle - reference, middle / reference);
    println!("{:<26} {more:>10.1} ms more, {ratio:.1} times as long   {}", "renewed", goal(middle, way.goal));
}

/// A user who is signed in, with a request that takes the token along.
struct Scene {
    desk: Desk,
    display: Display,
    gate: Gate,
    arrived: Receiver<Arrival>,
    last: Option<String>,
}

/// A send as the API saw it.
struct Sent {
    down: f64,
    took: f64,
    token: Option<String>,
}

impl Scene {
    async fn open(app: &Path, stage: &Stage, way: Way) -> Result<Self, BenchError> {
        let own = |source| BenchError::Own { what: "a loopback server", source };
        let pool = &stage.description().pool.domain;
        let pool = pool.trim_start_matches("http://").parse::<SocketAddr>();
        let pool = pool.map_err(|error| BenchError::Request(error.to_string()))?;
        let gate = Gate::before(pool).map_err(own)?;
        let (api, arrived) = origin::serve_noting(HEADER).map_err(own)?;
        let options = Options::new(format!("bench-renewal-{}", way.name)).app(app).with_separate_jars();
        let desk = Desk::open(options).await?;
        desk.connect_by(&login_page(&gate, way)?, (way.grant)()).await?;
        desk.sign_in_by_keys(stage, USER, "Sign in · 127.0.0.1").await?;
        desk.see(&css(format!("header button[aria-label^='Identity {USER}']"))).await?;
        desk.new_request(&format!("http://{api}/pets")).await?;
        desk.send_token_in(HEADER).await?;
        let display = Display::open()?;
        display.watch()?;
        page::listen(&desk).await?;
        Ok(Self { desk, display, gate, arrived, last: None })
    }

    async fn rounds(&mut self) -> Result<Times, BenchError> {
        let mut times = Times::default();
        // The first round connects and compiles; it is not counted.
        while self.round(&mut Times::default()).await?.is_none() {}
        for _ in 0..ROUNDS + SPARE {
            self.round(&mut times).await?;
            if times.renewed.len() == ROUNDS {
                return Ok(times);
            }
        }
        Err(BenchError::Round(format!("only {} of {ROUNDS} rounds were as they should be", times.renewed.len())))
    }

    /// Sends once with an expired token and once with a good one; `None` where the round is to be taken again.
    async fn round(&mut self, times: &mut Times) -> Result<Option<()>, BenchError> {
        self.desk.see(&css(format!("header button[aria-label^='Identity {USER}'][aria-label$=expired]"))).await?;
        self.gate.take();
        let renewed = self.send().await?;
        let asked: Vec<f64> = self.gate.take().into_iter().map(|at| milliseconds(at) - renewed.down).collect();
        let good = self.send().await?;
        self.desk.see_no_window(&self.display)?;
        // While it is used, the app renews every now and then by itself.
        if asked.iter().any(|took| *took < 0.0) || good.token != renewed.token || !self.gate.take().is_empty() {
            self.last = good.token;
            return Ok(None);
        }
        let [asked] = asked[..] else {
            return Err(BenchError::Round(format!("the pool was asked {} times for one send", asked.len())));
        };
        if renewed.token.is_none() || renewed.token == self.last {
            return Err(BenchError::Round("the request came without a new token".to_owned()));
        }
        self.last = renewed.token;
        times.good.push(good.took);
        times.asked.push(asked);
        times.renewed.push(renewed.took);
        Ok(Some(()))
    }

    async fn send(&self) -> Result<Sent, BenchError> {
        let down = page::send(&self.desk).await?.down;
        let mut arrived = self.arrived.try_iter();
        match (arrived.next(), arrived.next()) {
            (Some(Arrival { at, token }), None) => Ok(Sent { down, took: milliseconds(at) - down, token }),
            (None, _) => Err(BenchError::Round("an answer is shown, but no request came".to_owned())),
            (Some(_), Some(_)) => Err(BenchError::Round("one send came twice".to_owned())),
        }
    }
}

fn login_page(gate: &Gate, way: Way) -> Result<String, BenchError> {
    let parameters = [
        ("client_id", way.client),
        ("response_type", way.response_type),
        ("scope", "openid email profile"),
        ("redirect_uri", seed::CALLBACKS[0]),
    ];
    let address = Url::parse_with_params(&format!("{}/login", gate.origin()), parameters);
    address.map(String::from).map_err(|error| BenchError::Request(error.to_string()))
}

/// Milliseconds since 1970 UTC, as the window counts them too.
fn milliseconds(at: SystemTime) -> f64 {
    at.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs_f64() * 1_000.0
}
