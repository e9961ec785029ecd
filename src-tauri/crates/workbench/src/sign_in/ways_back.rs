//! The ports at which browsers come back, each shared by all attempts that have its callback: their states tell them
//! apart.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use gatepass_identity::{AnswerMark, Callback, Door, LoopbackError, LoopbackReceiver, Received};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;
use tokio::time::timeout;

/// How long a browser may take to come back from a sign-out and be told so.
const LATE: Duration = Duration::from_mins(1);

/// The ports that are open.
#[derive(Clone, Default)]
pub(crate) struct WaysBack(Arc<tokio::sync::Mutex<Ports>>);

/// By their callbacks.
#[derive(Default)]
struct Ports {
    open: HashMap<String, OpenPort>,
    /// Those at which a browser may still come back from a sign-out; a sign-in takes them over.
    farewells: HashMap<String, JoinHandle<()>>,
}

struct OpenPort {
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
    callback: String,
    label: String,
    waiting: Waiting,
    pub door: Door,
    answers: UnboundedReceiver<Received>,
}

impl WaysBack {
    /// Opens the way back of an attempt, whose port another attempt may have opened already.
    pub async fn open(&self, callback: &Callback, label: &str, mark: AnswerMark) -> Result<WayBack, LoopbackError> {
        let mut ports = self.0.lock().await;
        ports.end_farewell(callback).await;
        let port = match ports.open.entry(callback.as_str().to_owned()) {
            Entry::Occupied(port) => port.into_mut(),
            Entry::Vacant(place) => place.insert(OpenPort::new(LoopbackReceiver::bind(callback).await?)),
        };
        port.users += 1;
        let (sender, answers) = unbounded_channel();
        port.waiting.all().insert(label.to_owned(), Waiter { mark, sender });
        Ok(WayBack {
            ways: self.clone(),
            callback: callback.as_str().to_owned(),
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
        let mut ports = self.0.lock().await;
        ports.end_farewell(callback).await;
        if ports.open.contains_key(callback.as_str()) {
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
        ports.farewells.insert(callback.as_str().to_owned(), farewell);
        Ok(Some(coming))
    }

    async fn leave(&self, callback: &str) {
        let mut ports = self.0.lock().await;
        let Some(port) = ports.open.get_mut(callback) else { return };
        port.users -= 1;
        if port.users == 0
            && let Some(port) = ports.open.remove(callback)
        {
            port.serving.abort();
            // Until it has ended the port is taken, and nobody is let in here.
            let _ended = port.serving.await;
        }
    }
}

impl Ports {
    async fn end_farewell(&mut self, callback: &Callback) {
        if let Some(farewell) = self.farewells.remove(callback.as_str()) {
            farewell.abort();
            let _ended = farewell.await;
        }
    }
}

impl OpenPort {
    fn new(mut receiver: LoopbackReceiver) -> Self {
        let (door, waiting) = (receiver.door(), Waiting::default());
        let expected = waiting.clone();
        let serving = tokio::spawn(async move {
            loop {
                expected.hand_on(receiver.next().await);
            }
        });
        Self { door, waiting, users: 0, serving }
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
        let (ways, callback) = (self.ways.clone(), std::mem::take(&mut self.callback));
        if let Ok(runtime) = tokio::runtime::Handle::try_current() {
            runtime.spawn(async move { ways.leave(&callback).await });
        }
    }
}
