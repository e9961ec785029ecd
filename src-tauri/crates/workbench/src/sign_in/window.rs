//! An attempt in a window of Gatepass's own.

use std::pin::pin;
use std::time::SystemTime;

use gatepass_identity::{PreflightError, RefusalCode, preflight};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{Instant, sleep_until};
use url::Url;

use super::failures::{no_login_page, provider_refuses, refused, silent, timed_out, unopened};
use super::{AttemptEnd, Running, Showing, heard};
use crate::Workbench;
use crate::failure::Failure;
use crate::sign_in::hosted_ui::WindowEvent;

impl Workbench {
    pub(super) async fn run_in_window(
        &self,
        running: &Running<'_>,
        url: Url,
        mut inbox: UnboundedReceiver<WindowEvent>,
        showing: Showing,
    ) -> Result<AttemptEnd, Failure> {
        let mut visible = showing == Showing::AtOnce;
        let window = self.hosted_ui_window(running.identity, running.label.to_owned(), url, visible)?;
        let mut tried = pin!(preflight(running.pool, running.options, &self.network, SystemTime::now()));
        let mut trying = true;
        if visible {
            tokio::select! {
                biased;
                _given_up = inbox.recv() => return Ok(AttemptEnd::Cancelled),
                outcome = &mut tried => judge(outcome)?,
            }
            trying = false;
        }
        self.shell.open(window).map_err(|words| unopened(&words))?;
        let patience = Instant::now() + self.patience.hidden_window;
        loop {
            let event = tokio::select! {
                biased;
                event = heard(&mut inbox) => event,
                outcome = &mut tried, if trying => {
                    judge(outcome)?;
                    trying = false;
                    continue;
                }
                // A pool that has not answered yet asks nobody for anything.
                () = sleep_until(patience), if trying && showing == Showing::Never => return Err(silent(running.pool)),
                () = sleep_until(patience), if !visible => WindowEvent::Asks,
                () = sleep_until(running.deadline) => return Err(timed_out()),
            };
            match event {
                WindowEvent::Asks if visible => {}
                WindowEvent::Asks | WindowEvent::ProviderRefuses { .. } if showing == Showing::Never => {
                    return Ok(AttemptEnd::Asks);
                }
                WindowEvent::Asks => {
                    visible = true;
                    self.shell.show(running.label);
                }
                WindowEvent::Callback(granted) => {
                    self.shell.close(running.label);
                    return self.take(running, granted).await;
                }
                WindowEvent::ProviderRefuses { host } => return Err(provider_refuses(&host, running.pool)),
                WindowEvent::Refused(refusal)
                    if showing == Showing::Never && refusal.code == RefusalCode::LoginRequired =>
                {
                    return Ok(AttemptEnd::Asks);
                }
                WindowEvent::Refused(refusal) => return Err(refused(refusal)),
                WindowEvent::Closed | WindowEvent::SignedOut => return Ok(AttemptEnd::Cancelled),
            }
        }
    }
}

/// A firewall that refuses a program may let a web view pass; if it does not, its page says so.
fn judge(outcome: Result<(), PreflightError>) -> Result<(), Failure> {
    match outcome {
        Err(PreflightError::NoLoginPage { status: 403 | 429, .. }) => Ok(()),
        outcome => outcome.map_err(no_login_page),
    }
}
