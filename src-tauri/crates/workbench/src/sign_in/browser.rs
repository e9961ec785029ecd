//! An attempt in the system's browser, which comes back to a port of this machine (RFC 8252 §7.3).

use std::future::pending;
use std::pin::pin;
use std::sync::Arc;
use std::time::SystemTime;

use gatepass_identity::{Received, UserPool, preflight};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::spawn_blocking;
use tokio::time::{sleep_until, timeout};
use url::Url;

use super::failures::{no_browser, no_login_page, no_way_back, refused, timed_out};
use super::{AttemptEnd, Running, heard};
use crate::Workbench;
use crate::failure::Failure;
use crate::sign_in::hosted_ui::WindowEvent;

impl Workbench {
    pub(super) async fn run_in_browser(
        &self,
        running: &Running<'_>,
        url: Url,
        mut inbox: UnboundedReceiver<WindowEvent>,
    ) -> Result<AttemptEnd, Failure> {
        let callback = running.pool.callback().ok_or_else(|| no_way_back(None))?;
        let way_back = self.ways_back.open(callback, running.label, running.mark.clone()).await;
        let mut way_back = way_back.map_err(|error| no_way_back(Some(&error)))?;
        tokio::select! {
            biased;
            _given_up = inbox.recv() => return Ok(AttemptEnd::Cancelled),
            outcome = preflight(running.pool, running.options, &self.network, SystemTime::now()) => {
                outcome.map_err(no_login_page)?;
            }
        }
        let entrance = way_back.door.entrance(url).map_err(|error| no_way_back(Some(&error)))?;
        let mut failing = pin!(self.open_browser(entrance));
        loop {
            let Received { url, reply } = tokio::select! {
                biased;
                event = heard(&mut inbox) => match event {
                    WindowEvent::Closed => return Ok(AttemptEnd::Cancelled),
                    _ => continue,
                },
                received = way_back.answer() => received,
                failure = &mut failing => return Err(failure),
                () = sleep_until(running.deadline) => return Err(timed_out()),
            };
            self.came_back(running.label, &url);
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

    /// Ends the pool's session where it lives: in the browser, which is sent to the pool and comes back, soon or later.
    pub(crate) async fn end_session_in_browser(&self, pool: &UserPool, url: Url) -> Result<(), Failure> {
        let callback = pool.callback().ok_or_else(|| no_way_back(None))?;
        let shell = Arc::clone(&self.shell);
        let back = self.ways_back.expect_farewell(callback, move || shell.come_to_front()).await;
        let back = back.map_err(|error| no_way_back(Some(&error)))?;
        let came = async {
            match back {
                Some(back) => drop(back.await),
                None => pending().await,
            }
        };
        tokio::select! {
            _in_time = timeout(self.patience.farewell, came) => Ok(()),
            failure = self.open_browser(url) => Err(failure),
        }
    }

    /// Opens an address in the browser, and ends only where that fails.
    async fn open_browser(&self, url: Url) -> Failure {
        let shell = Arc::clone(&self.shell);
        match spawn_blocking(move || shell.open_browser(&url)).await {
            Ok(Err(words)) => no_browser(&words),
            _ => pending().await,
        }
    }
}
