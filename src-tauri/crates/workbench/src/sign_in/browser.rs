//! An attempt in the system's browser, which comes back to a port of this machine (RFC 8252 §7.3).

use std::time::SystemTime;

use gatepass_identity::{LoopbackReceiver, Received, UserPool, preflight};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::time::{sleep_until, timeout};
use url::Url;

use super::failures::{no_browser, no_login_page, no_way_back, refused, timed_out};
use super::{AttemptEnd, Running, heard};
use crate::Workbench;
use crate::failure::Failure;
use crate::hosted_ui::WindowEvent;

impl Workbench {
    pub(super) async fn run_in_browser(
        &self,
        running: &Running<'_>,
        url: Url,
        mut inbox: UnboundedReceiver<WindowEvent>,
    ) -> Result<AttemptEnd, Failure> {
        let callback = running.pool.callback().ok_or_else(|| no_way_back(None))?;
        let mut receiver = LoopbackReceiver::bind(callback).await.map_err(|error| no_way_back(Some(&error)))?;
        tokio::select! {
            biased;
            _given_up = inbox.recv() => return Ok(AttemptEnd::Cancelled),
            outcome = preflight(running.pool, running.options, &self.network, SystemTime::now()) => {
                outcome.map_err(no_login_page)?;
            }
        }
        let entrance = receiver.entrance(url).map_err(|error| no_way_back(Some(&error)))?;
        self.shell.open_browser(&entrance).map_err(|words| no_browser(&words))?;
        loop {
            let Received { url, reply } = tokio::select! {
                biased;
                event = heard(&mut inbox) => match event {
                    WindowEvent::Closed => return Ok(AttemptEnd::Cancelled),
                    _ => continue,
                },
                received = receiver.next() => received,
                () = sleep_until(running.deadline) => return Err(timed_out()),
            };
            self.navigated(running.label, &url);
            let end = match inbox.try_recv() {
                Ok(WindowEvent::Callback(granted)) => self.take(running, granted).await,
                Ok(WindowEvent::Refused(refusal)) => Err(refused(refusal)),
                Ok(WindowEvent::Closed) => Ok(AttemptEnd::Cancelled),
                Ok(_) | Err(_) => {
                    reply.ignored();
                    continue;
                }
            };
            match &end {
                Ok(AttemptEnd::SignedIn) => reply.signed_in(&self.identity_name(running.identity).unwrap_or_default()),
                Ok(_) => reply.ignored(),
                Err(failure) => reply.failed(&failure.message, &failure.hint),
            }
            self.shell.come_to_front();
            return end;
        }
    }

    /// Ends the pool's session where it lives: in the browser, which is sent to the pool and comes back.
    pub(crate) async fn end_session_in_browser(&self, pool: &UserPool, url: Url) -> Result<(), Failure> {
        let callback = pool.callback().ok_or_else(|| no_way_back(None))?;
        let mut receiver =
            LoopbackReceiver::bind_for_sign_out(callback).await.map_err(|error| no_way_back(Some(&error)))?;
        self.shell.open_browser(&url).map_err(|words| no_browser(&words))?;
        if let Ok(Received { reply, .. }) = timeout(self.patience.farewell, receiver.next()).await {
            reply.signed_out();
        } else {
            tracing::warn!("the user pool did not come back after the sign-out");
        }
        Ok(())
    }
}
