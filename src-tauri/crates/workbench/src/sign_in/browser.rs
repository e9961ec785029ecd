//! An attempt in the system's browser, which comes back to a port of this machine (RFC 8252 §7.3).

use std::future::pending;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime};

use gatepass_identity::{LoopbackError, LoopbackReceiver, Received, UserPool, preflight};
use tokio::sync::mpsc::UnboundedReceiver;
use tokio::task::spawn_blocking;
use tokio::time::{sleep, sleep_until};
use url::Url;

use super::failures::{no_browser, no_login_page, no_way_back, refused, timed_out};
use super::{AttemptEnd, Running, heard};
use crate::Workbench;
use crate::failure::Failure;
use crate::hosted_ui::WindowEvent;

/// How long a port may stay taken by what is about to let go of it, and how often it is tried.
const FREE_WITHIN: Duration = Duration::from_millis(500);
const TRY_AGAIN: Duration = Duration::from_millis(10);

/// How long a browser may take to say that it does not open.
const OPENS_WITHIN: Duration = Duration::from_secs(20);

impl Workbench {
    pub(super) async fn run_in_browser(
        &self,
        running: &Running<'_>,
        url: Url,
        mut inbox: UnboundedReceiver<WindowEvent>,
    ) -> Result<AttemptEnd, Failure> {
        let mut receiver = self.way_back(running.pool).await?;
        tokio::select! {
            biased;
            _given_up = inbox.recv() => return Ok(AttemptEnd::Cancelled),
            outcome = preflight(running.pool, running.options, &self.network, SystemTime::now()) => {
                outcome.map_err(no_login_page)?;
            }
        }
        let entrance = receiver.entrance(url).map_err(|error| no_way_back(Some(&error)))?;
        let mut failing = pin!(self.open_browser(entrance));
        loop {
            let Received { url, reply } = tokio::select! {
                biased;
                event = heard(&mut inbox) => match event {
                    WindowEvent::Closed => return Ok(AttemptEnd::Cancelled),
                    _ => continue,
                },
                received = receiver.next() => received,
                failure = &mut failing => return Err(failure),
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

    /// Listens where the browser comes back to.
    pub(super) async fn way_back(&self, pool: &UserPool) -> Result<LoopbackReceiver, Failure> {
        let callback = pool.callback().ok_or_else(|| no_way_back(None))?;
        listen(|| LoopbackReceiver::bind(callback)).await
    }

    /// Ends the pool's session where it lives: in the browser, which is sent to the pool and comes back.
    pub(crate) async fn end_session_in_browser(&self, pool: &UserPool, url: Url) -> Result<(), Failure> {
        let callback = pool.callback().ok_or_else(|| no_way_back(None))?;
        let mut receiver = listen(|| LoopbackReceiver::bind_for_sign_out(callback)).await?;
        tokio::select! {
            Received { reply, .. } = receiver.next() => {
                reply.signed_out();
                self.shell.come_to_front();
            }
            failure = self.open_browser(url) => return Err(failure),
            () = sleep(self.patience.farewell) => {
                tracing::warn!("the user pool did not come back after the sign-out");
            }
        }
        Ok(())
    }

    /// Opens an address in the browser, and ends only where that fails.
    async fn open_browser(&self, url: Url) -> Failure {
        let (shell, began) = (Arc::clone(&self.shell), Instant::now());
        match spawn_blocking(move || shell.open_browser(&url)).await {
            Ok(Err(words)) if began.elapsed() < OPENS_WITHIN => no_browser(&words),
            // It is open; how it ends when it is closed much later says nothing.
            _ => pending().await,
        }
    }
}

/// Listens at a callback. What was given up for this, such as the attempt of a first click, lets go of the port a moment
/// later.
async fn listen<F>(bind: impl Fn() -> F) -> Result<LoopbackReceiver, Failure>
where
    F: Future<Output = Result<LoopbackReceiver, LoopbackError>>,
{
    let began = Instant::now();
    loop {
        match bind().await {
            Err(LoopbackError::Taken { .. }) if began.elapsed() < FREE_WITHIN => sleep(TRY_AGAIN).await,
            bound => return bound.map_err(|error| no_way_back(Some(&error))),
        }
    }
}
