//! Servers on loopback that answer with any bytes and keep what they were sent.
#![allow(dead_code, reason = "each test file uses a part of it")]
#![expect(clippy::unwrap_used, reason = "a test ends where its ground is missing")]

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use gatepass_exchange::exchange::HeaderOrigin;
use gatepass_exchange::{Content, Engine, EngineOptions, Finished, Form, Prepared, PreparedHeader, SendError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;

/// A request as it stood on the wire.
#[derive(Clone, Debug)]
pub struct Received {
    pub head: String,
    pub body: Vec<u8>,
}

impl Received {
    pub fn target(&self) -> &str {
        self.head.split(' ').nth(1).unwrap()
    }

    pub fn method(&self) -> &str {
        self.head.split(' ').next().unwrap()
    }

    pub fn header(&self, name: &str) -> Option<&str> {
        self.head
            .lines()
            .skip(1)
            .filter_map(|line| line.split_once(": "))
            .find(|(other, _)| *other == name)
            .map(|(_, value)| value)
    }
}

/// A server that closes when it is dropped.
pub struct Server {
    pub address: SocketAddr,
    received: Arc<Mutex<Vec<Received>>>,
    connections: Arc<Mutex<u32>>,
    task: tokio::task::JoinHandle<()>,
}

impl Server {
    /// Answers every request by what the function makes of it; a connection is kept unless the answer says `close`.
    pub async fn start(answer: impl Fn(&Received) -> Vec<u8> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let received = Arc::new(Mutex::new(Vec::new()));
        let connections = Arc::new(Mutex::new(0));
        let (kept, counted, answer) = (Arc::clone(&received), Arc::clone(&connections), Arc::new(answer));
        let task = tokio::spawn(async move {
            while let Ok((mut stream, _)) = listener.accept().await {
                *counted.lock().unwrap() += 1;
                let (kept, answer) = (Arc::clone(&kept), Arc::clone(&answer));
                tokio::spawn(async move {
                    while let Some(request) = read_request(&mut stream).await {
                        let bytes = answer(&request);
                        kept.lock().unwrap().push(request);
                        let closes = bytes.windows(5).take(600).any(|window| window == b"close");
                        if stream.write_all(&bytes).await.is_err() || closes {
                            let _ = stream.shutdown().await;
                            return;
                        }
                    }
                });
            }
        });
        Self { address, received, connections, task }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    pub fn received(&self) -> Vec<Received> {
        self.received.lock().unwrap().clone()
    }

    pub fn connections(&self) -> u32 {
        *self.connections.lock().unwrap()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Reads one request with its content; nothing at the end of the connection.
pub async fn read_request(stream: &mut TcpStream) -> Option<Received> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        if stream.read_buf(&mut bytes).await.ok()? == 0 {
            return None;
        }
    };
    let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
    let mut request = Received { head, body: bytes[end + 4..].to_vec() };
    let length: usize = request.header("content-length").map_or(0, |length| length.parse().unwrap());
    while request.body.len() < length {
        if stream.read_buf(&mut request.body).await.ok()? == 0 {
            return Some(request);
        }
    }
    Some(request)
}

pub fn answer(status: &str, headers: &[&str], body: &[u8]) -> Vec<u8> {
    let mut bytes = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n", body.len());
    for header in headers {
        bytes.push_str(header);
        bytes.push_str("\r\n");
    }
    bytes.push_str("\r\n");
    [bytes.as_bytes(), body].concat()
}

/// An engine whose cache goes with it.
pub struct Rig {
    pub engine: Engine,
    pub folder: tempfile::TempDir,
}

pub fn rig() -> Rig {
    rig_with(EngineOptions::default())
}

pub fn rig_with(options: EngineOptions) -> Rig {
    let folder = tempfile::tempdir().unwrap();
    let engine = Engine::with_options(folder.path(), EngineOptions { system_proxy: false, ..options }).unwrap();
    Rig { engine, folder }
}

impl Rig {
    pub async fn send(&self, request: Prepared) -> Result<Finished, SendError> {
        self.engine.send(request, CancellationToken::new()).await
    }

    pub async fn get(&self, url: &str) -> Result<Finished, SendError> {
        self.send(request("GET", url)).await
    }
}

pub fn request(method: &str, url: &str) -> Prepared {
    Prepared::new(method, url.parse().unwrap()).unwrap()
}

pub fn with_content(method: &str, url: &str, content: Content) -> Prepared {
    Prepared { content, ..request(method, url) }
}

pub fn typed(name: &str, value: &str) -> PreparedHeader {
    PreparedHeader::new(name, value, HeaderOrigin::Typed).unwrap()
}

pub fn text(finished: &Finished, form: Form) -> String {
    String::from_utf8(finished.body.lines(form, 0, u32::MAX, usize::MAX).unwrap()).unwrap()
}
