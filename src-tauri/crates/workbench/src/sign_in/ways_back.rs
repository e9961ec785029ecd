//! The ports at which browsers come back, each shared by all attempts that have its callback: their states tell them
//! apart.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use gatepass_identity::{AnswerMark, Callback, Door, LoopbackError, LoopbackReceiver, Received};
use thiserror::Error;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// How long a browser may take to come back from a sign-out and be told so.
const LATE: Duration = Duration::from_mins(1);

/// The ports that are open.
#[derive(Clone, Default)]
pub(crate) struct WaysBack(Arc<tokio::sync::Mutex<Ports>>);

#[derive(Default)]
struct Ports {
    open: HashMap<u16, OpenPort>,
    /// Those at which a browser may still come back from a sign-out; a sign-in takes them over.
    farewells: HashMap<u16, JoinHandle<()>>,
}

/// Why a browser could not come back.
#[derive(Debug, Error)]
pub(crate) enum WayBackError {
    #[error(transparent)]
    Loopback(#[from] LoopbackError),
    #[error(
        "another sign-in waits at port {port} for {callback}; finish or cancel it, or register a callback with another \
         port"
    )]
    Shared { port: u16, callback: String },
}

struct OpenPort {
    callback: String,
    door: Door,
    waiting: Waiting,
    users: usize,
    serving: JoinHandle<()>,
}

/// Who waits at a port, by their labels.
#[derive(Clone, Default)]
struct Waiting(Arc<Mutex<HashMap<String, Waiter>>>);

/// One who waits, and for which answer.
struct Waiter {
    mark: AnswerMark,
    sender: UnboundedSender<Received>,
}

/// An attempt's way back; the port is closed with the last one.
pub(crate) struct WayBack {
    ways: WaysBack,
    port: u16,
    label: String,
    waiting: Waiting,
    pub door: Door,
    answers: UnboundedReceiver<Received>,
}

impl WaysBack {
    /// Opens the way back of an attempt, whose port another attempt may have opened already.
    pub async fn open(&self, callback: &Callback, label: &str, mark: AnswerMark) -> Result<WayBack, WayBackError> {
        let number = number_of(callback);
        let mut ports = self.0.lock().await;
        ports.end_farewell(number).await;
        let port = match ports.open.entry(number) {
            Entry::Occupied(port) if port.get().callback != callback.as_str() => {
                return Err(WayBackError::Shared { port: number, callback: port.get().callback.clone() });
            }
            Entry::Occupied(port) => port.into_mut(),
            Entry::Vacant(place) => place.insert(OpenPort::at(callback).await?),
        };
        port.users += 1;
        let (sender, answers) = unbounded_channel();
        port.waiting.all().insert(label.to_owned(), Waiter { mark, sender });
        Ok(WayBack {
            ways: self.clone(),
            port: number,
            label: label.to_owned(),
            waiting: port.waiting.clone(),
            door: port.door.clone(),
            answers,
        })
    }

    /// Tells a browser that comes back from a sign-out that it is done, for a while and unless a sign-in waits at the same
    /// port; what it gives tells when the browser has come.
    pub async fn expect_farewell(
        &self,
        callback: &Callback,
        done: impl FnOnce() + Send + 'static,
    ) -> Result<Option<oneshot::Receiver<()>>, LoopbackError> {
        let number = number_of(callback);
        let mut ports = self.0.lock().await;
        ports.end_farewell(number).await;
        if ports.open.contains_key(&number) {
            return Ok(None);
        }
        let mut receiver = LoopbackReceiver::bind_for_sign_out(callback).await?;
        let (came, coming) = oneshot::channel();
        let farewell = tokio::spawn(async move {
            if let Ok(Received { reply, .. }) = timeout(LATE, receiver.next()).await {
                reply.signed_out();
                done();
            }
            // Nobody may be waiting any more.
            let _heard = came.send(());
        });
        ports.farewells.insert(number, farewell);
        Ok(Some(coming))
    }

    async fn leave(&self, number: u16) {
        let mut ports = self.0.lock().await;
        let Some(port) = ports.open.get_mut(&number) else { return };
        port.users -= 1;
        if port.users == 0
            && let Some(port) = ports.open.remove(&number)
        {
            port.serving.abort();
            // Until it has ended the port is taken, and nobody is let in here.
            let _ended = port.serving.await;
        }
    }
}

/// One without a port is told when it is listened at.
fn number_of(callback: &Callback) -> u16 {
    callback.port().unwrap_or_default()
}

impl Ports {
    async fn end_farewell(&mut self, number: u16) {
        if let Some(farewell) = self.farewells.remove(&number) {
            farewell.abort();
            let _ended = farewell.await;
        }
    }
}

impl OpenPort {
    async fn at(callback: &Callback) -> Result<Self, LoopbackError> {
        let mut receiver = LoopbackReceiver::bind(callback).await?;
        let (door, waiting) = (receiver.door(), Waiting::default());
        let expected = waiting.clone();
        let serving = tokio::spawn(async move {
            loop {
                expected.hand_on(receiver.next().await);
            }
        });
        Ok(Self { callback: callback.as_str().to_owned(), door, waiting, users: 0, serving })
    }
}

impl Waiting {
    fn all(&self) -> MutexGuard<'_, HashMap<String, Waiter>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Gives an answer to the attempt that it is marked for; any other is ignored.
    fn hand_on(&self, received: Received) {
        let waiting = self.all();
        let Some(waiter) = waiting.values().find(|waiter| waiter.mark.is_on(&received.url)) else {
            received.reply.ignored();
            return;
        };
        // An attempt that has just ended leaves its reply, and the browser says so.
        let _taken = waiter.sender.send(received);
    }
}

impl WayBack {
    /// Waits for the attempt's own answer.
    pub async fn answer(&mut self) -> Received {
        match self.answers.recv().await {
            Some(received) => received,
            None => std::future::pending().await,
        }
    }
}

impl Drop for WayBack {
    fn drop(&mut self) {
        self.waiting.all().remove(&self.label);
        let (ways, port) = (self.ways.clone(), self.port);
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { ways.leave(port).await });
        }
    }
}
