//! Starts a sandbox, prints one line of JSON that describes it, and stays up until it is interrupted.

use std::{
    error::Error,
    io::{self, Write as _},
    process::ExitCode,
    time::Duration,
};

use gatepass_sandbox::{Clock, Options, Sandbox};
use lexopt::{
    Arg::{Long, Short},
    Parser, ValueExt as _,
};

const HELP: &str = "\
A user pool with its hosted UI and an API gateway with the PetStore, on 127.0.0.1 and in memory only.
Prints one line of JSON that tells addresses, clients, users and keys, and stays up until it is interrupted.

Usage: gatepass-sandbox [OPTIONS]

  --port PORT                   the user pool's port; 0 takes any free one (default 0)
  --gateway-port PORT           the gateway's port; 0 takes any free one (default 0)
  --id-token-seconds SECONDS    how long an ID token lives (default 3600)
  --access-token-seconds SECONDS
                                how long an access token lives (default 3600)
  --rotation-grace-seconds SECONDS
                                rotate refresh tokens: each use gives a new one, and the one that was used stays
                                good for so long (default: no rotation)
  --session-seconds SECONDS     how long the session cookie lives (default 3600)
  --token-source HEADER         the header from which the authorizer takes the token (default dev-auth-token)
  --show-providers              offer the identity provider on the login page
  --provider-takes-web-views    let the identity provider be shown in a web view, which it refuses otherwise
  --callback URL                a callback to register at every client; can be given more than once
  --clock-offset SECONDS        how far the sandbox's clock is ahead, behind where negative (default 0)
  --help                        this text
";

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let mut text = error.to_string();
            let mut source = error.source();
            while let Some(cause) = source {
                text = format!("{text}: {cause}");
                source = cause.source();
            }
            let _ = writeln!(io::stderr(), "gatepass-sandbox: {text}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let Some(options) = options(Parser::from_env())? else {
        io::stdout().write_all(HELP.as_bytes())?;
        return Ok(());
    };
    let sandbox = Sandbox::start(options).await?;
    let mut output = io::stdout();
    writeln!(output, "{}", serde_json::to_string(sandbox.description())?)?;
    output.flush()?;
    tokio::signal::ctrl_c().await?;
    sandbox.stop().await;
    Ok(())
}

fn options(mut parser: Parser) -> Result<Option<Options>, lexopt::Error> {
    let mut options = Options::default();
    while let Some(argument) = parser.next()? {
        match argument {
            Long("port") => options.port = parser.value()?.parse()?,
            Long("gateway-port") => options.gateway_port = parser.value()?.parse()?,
            Long("id-token-seconds") => options.id_token = Duration::from_secs(parser.value()?.parse()?),
            Long("access-token-seconds") => options.access_token = Duration::from_secs(parser.value()?.parse()?),
            Long("rotation-grace-seconds") => {
                options.rotation = Some(Duration::from_secs(parser.value()?.parse()?));
            }
            Long("session-seconds") => options.session = Duration::from_secs(parser.value()?.parse()?),
            Long("token-source") => options.token_source = parser.value()?.string()?,
            Long("show-providers") => options.show_providers = true,
            Long("provider-takes-web-views") => options.provider_refuses_web_views = false,
            Long("callback") => options.extra_callbacks.push(parser.value()?.string()?),
            Long("clock-offset") => {
                let seconds: i64 = parser.value()?.parse()?;
                let clock = Clock::system();
                clock.shift(seconds.saturating_mul(1_000));
                options.clock = clock;
            }
            Long("help") | Short('h') => return Ok(None),
            other => return Err(other.unexpected()),
        }
    }
    Ok(Some(options))
}
