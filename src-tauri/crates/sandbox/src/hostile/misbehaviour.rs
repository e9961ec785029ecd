//! The ways in which a server misbehaves.

use std::{future, io, time::Duration};

use tokio::{
    io::{AsyncWriteExt as _, BufStream},
    net::TcpStream,
    time,
};

const CHUNK: usize = 64 * 1_024;
/// What a body that never ends, or ends too early, begins with: it could be tokens, keys or a discovery document.
const BEGINNING: &str = "{\"access_token\":\"aaaaaaaa";
const PAGE: &str =
    "<!DOCTYPE html><html><head><title>Welcome</title></head><body>Sign in to this network</body></html>";
const OTHER_SHAPE: &str = "{\"message\":\"all is well\",\"items\":[]}";
const OTHER_TYPES: &str = "{\"access_token\":7,\"id_token\":{},\"refresh_token\":[],\"expires_in\":\"soon\",\
                           \"token_type\":null,\"keys\":\"none\",\"issuer\":[],\"token_endpoint\":1,\"jwks_uri\":false,\
                           \"sub\":3}";
const NO_HTTP: [u8; 16] =
    [0x16, 0x03, 0x01, 0x00, 0xff, 0x00, 0x0a, 0x0d, 0x80, 0xc3, 0x28, 0x7f, 0xfe, 0x00, 0x0a, 0x0a];
const NO_TEXT: [u8; 8] = [0xff, 0xfe, 0x00, 0x80, 0xc3, 0x28, 0xf0, 0x9f];

/// Names a way in which a server misbehaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misbehaviour {
    /// Reads the request and never answers.
    Hangs,
    /// Sends the head and the beginning of a body, then nothing more.
    HangsInBody,
    /// Closes the connection before it reads.
    ClosesAtOnce,
    /// Sends 307 to another path of its own, and back from there.
    RedirectsInCircles,
    /// Sends 200 with a page, as the portal of a hotel does.
    Html,
    /// Sends a chunked body of JSON that never ends.
    Gigabytes,
    /// Closes the connection before the announced end of a body of JSON.
    HalfBody,
    /// Sends a whole body whose JSON breaks off.
    HalfJson,
    /// Sends JSON in which nothing is that was asked for.
    WrongShape,
    /// Sends JSON whose members have the right names and the wrong types.
    WrongTypes,
    /// Sends bytes that are no HTTP.
    GarbageBytes,
    /// Sends bytes that are no text as a body of JSON.
    GarbageBody,
    /// Sends the head, then the body at one byte a second.
    SlowDrip,
}

impl Misbehaviour {
    /// Answers a request for a path.
    pub(super) async fn answer(self, stream: &mut TcpStream, path: &str) -> io::Result<()> {
        match self {
            Self::Hangs => future::pending().await,
            Self::HangsInBody => {
                send(stream, "application/json", 1_000, BEGINNING.as_bytes()).await?;
                future::pending().await
            }
            Self::ClosesAtOnce => Ok(()),
            Self::RedirectsInCircles => {
                let other = if path == "/there" { "/back" } else { "/there" };
                let head = format!("HTTP/1.1 307 Temporary Redirect\r\nlocation: {other}\r\ncontent-length: 0\r\n");
                stream.write_all(format!("{head}connection: close\r\n\r\n").as_bytes()).await
            }
            Self::Html => send_whole(stream, "text/html;charset=UTF-8", PAGE.as_bytes()).await,
            Self::Gigabytes => send_for_ever(stream).await,
            Self::HalfBody => send(stream, "application/json", 1_000, BEGINNING.as_bytes()).await,
            Self::HalfJson => send_whole(stream, "application/json", BEGINNING.as_bytes()).await,
            Self::WrongShape => send_whole(stream, "application/json", OTHER_SHAPE.as_bytes()).await,
            Self::WrongTypes => send_whole(stream, "application/json", OTHER_TYPES.as_bytes()).await,
            Self::GarbageBytes => stream.write_all(&NO_HTTP).await,
            Self::GarbageBody => send_whole(stream, "application/json", &NO_TEXT).await,
            Self::SlowDrip => drip(stream).await,
        }
    }
}

async fn send_whole(stream: &mut TcpStream, kind: &str, body: &[u8]) -> io::Result<()> {
    send(stream, kind, body.len(), body).await
}

/// Sends a head that announces a length, and a body that may not have it.
async fn send(stream: &mut TcpStream, kind: &str, length: usize, body: &[u8]) -> io::Result<()> {
    let head =
        format!("HTTP/1.1 200 OK\r\ncontent-type: {kind}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n");
    let mut stream = BufStream::new(stream);
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body).await?;
    stream.flush().await
}

async fn send_for_ever(stream: &mut TcpStream) -> io::Result<()> {
    let head = "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n";
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(format!("{:x}\r\n{BEGINNING}\r\n", BEGINNING.len()).as_bytes()).await?;
    let chunk = format!("{CHUNK:x}\r\n{}\r\n", "a".repeat(CHUNK));
    loop {
        stream.write_all(chunk.as_bytes()).await?;
    }
}

async fn drip(stream: &mut TcpStream) -> io::Result<()> {
    send(stream, "application/json", OTHER_SHAPE.len(), &[]).await?;
    let mut each_second = time::interval(Duration::from_secs(1));
    for byte in OTHER_SHAPE.as_bytes() {
        each_second.tick().await;
        stream.write_all(&[*byte]).await?;
    }
    Ok(())
}
