//! A server that misbehaves: what a token endpoint, a key set, a discovery document or a userinfo endpoint must not do,
//! for the tests of whoever asks one.

mod misbehaviour;

use std::{
    io,
    net::{Ipv4Addr, SocketAddr},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, BufReader},
    net::{TcpListener, TcpStream},
    task::{JoinHandle, JoinSet},
};

pub use self::misbehaviour::Misbehaviour;

const REQUEST_LIMIT: u64 = 1_024 * 1_024;

/// Answers every request on a port of 127.0.0.1 with one misbehaviour, until it is dropped.
pub struct HostileServer {
    origin: String,
    connections: Arc<AtomicUsize>,
    accepting: JoinHandle<()>,
}

impl HostileServer {
    /// Starts a server on any free port.
    ///
    /// # Errors
    /// No port on 127.0.0.1 can be listened on.
    pub async fn start(misbehaviour: Misbehaviour) -> io::Result<Self> {
        let listener = TcpListener::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))).await?;
        let origin = format!("http://{}", listener.local_addr()?);
        let connections = Arc::new(AtomicUsize::new(0));
        let accepting = tokio::spawn(accept(listener, misbehaviour, Arc::clone(&connections)));
        Ok(Self { origin, connections, accepting })
    }

    /// Tells where the server is, without a slash at the end; every path below it misbehaves.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Counts the connections that were accepted so far.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }
}

impl Drop for HostileServer {
    fn drop(&mut self) {
        // The task owns the listener and all connections.
        self.accepting.abort();
    }
}

async fn accept(listener: TcpListener, misbehaviour: Misbehaviour, accepted: Arc<AtomicUsize>) {
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        accepted.fetch_add(1, Ordering::SeqCst);
        connections.spawn(serve(stream, misbehaviour));
        while connections.try_join_next().is_some() {}
    }
}

/// Misbehaves once. That a client gives up is what it should do, and no error here.
async fn serve(mut stream: TcpStream, misbehaviour: Misbehaviour) -> io::Result<()> {
    if misbehaviour == Misbehaviour::ClosesAtOnce {
        return Ok(());
    }
    let path = read_request(&mut stream).await?;
    misbehaviour.answer(&mut stream, &path).await
}

/// Reads a request to its end, since closing a connection on unread bytes resets it, and tells the path.
async fn read_request(stream: &mut TcpStream) -> io::Result<String> {
    let mut reader = BufReader::new(stream.take(REQUEST_LIMIT));
    let mut request_line = String::new();
    reader.read_line(&mut request_line).await?;
    let mut body_length = 0;
    loop {
        let mut field = String::new();
        if reader.read_line(&mut field).await? == 0 || field == "\r\n" {
            break;
        }
        if let Some((name, value)) = field.split_once(':')
            && name.eq_ignore_ascii_case("content-length")
        {
            body_length = value.trim().parse().unwrap_or(0);
        }
    }
    tokio::io::copy(&mut reader.take(body_length), &mut tokio::io::sink()).await?;
    Ok(request_line.split(' ').nth(1).unwrap_or("/").to_owned())
}
