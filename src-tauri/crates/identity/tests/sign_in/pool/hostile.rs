//! A server that misbehaves, one connection after another.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What is done to one connection.
#[derive(Debug, Clone)]
pub enum Misdeed {
    /// Closes it before anything is said.
    CloseAtOnce,
    /// Reads the question and closes.
    CloseWithoutAnswer,
    /// Reads the question and says nothing.
    Hang,
    /// Says this, and nothing more while the connection is open.
    HangAfter(Vec<u8>),
    /// Says this, then one blank after another, with a pause between.
    Drip(Vec<u8>),
    /// Says this, then blanks as fast as they are taken.
    Flood(Vec<u8>),
    /// Says this and closes.
    Say(Vec<u8>),
}

/// An answer with a content of the stated length.
pub fn stating(length: usize, content_type: &str, body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nContent-Type: {content_type}\r\nContent-Length: {length}\r\n\r\n{body}").into_bytes()
}

pub fn json(body: &str) -> Vec<u8> {
    stating(body.len(), "application/json", body)
}

/// A running server; it is gone when it is dropped. The last misdeed is done again and again.
pub struct HostileServer {
    pub domain: String,
    questions: Arc<Mutex<usize>>,
    server: JoinHandle<()>,
}

impl Drop for HostileServer {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl HostileServer {
    pub async fn start(misdeeds: impl IntoIterator<Item = Misdeed>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let domain = format!("http://{}", listener.local_addr().unwrap());
        let questions = Arc::new(Mutex::new(0));
        let (count, mut misdeeds) = (questions.clone(), misdeeds.into_iter().collect::<VecDeque<_>>());
        let server = tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let misdeed = if misdeeds.len() > 1 { misdeeds.pop_front() } else { misdeeds.front().cloned() };
                *count.lock().unwrap() += 1;
                tokio::spawn(serve(stream, misdeed.unwrap()));
            }
        });
        Self { domain, questions, server }
    }

    /// How often it was asked.
    pub fn questions(&self) -> usize {
        *self.questions.lock().unwrap()
    }
}

/// Ends with the connection; that the other side has gone is what the tests want.
async fn serve(mut stream: TcpStream, misdeed: Misdeed) -> std::io::Result<()> {
    if matches!(misdeed, Misdeed::CloseAtOnce) {
        return Ok(());
    }
    read_question(&mut stream).await?;
    match misdeed {
        Misdeed::CloseAtOnce | Misdeed::CloseWithoutAnswer => {}
        Misdeed::Hang => wait_for_the_end(&mut stream).await?,
        Misdeed::HangAfter(text) => {
            stream.write_all(&text).await?;
            wait_for_the_end(&mut stream).await?;
        }
        Misdeed::Drip(text) => {
            stream.write_all(&text).await?;
            let mut pause = tokio::time::interval(Duration::from_millis(2));
            loop {
                pause.tick().await;
                stream.write_all(b" ").await?;
            }
        }
        Misdeed::Flood(text) => {
            stream.write_all(&text).await?;
            loop {
                stream.write_all(&[b' '; 4_096]).await?;
            }
        }
        Misdeed::Say(text) => {
            stream.write_all(&text).await?;
            stream.shutdown().await?;
            wait_for_the_end(&mut stream).await?;
        }
    }
    Ok(())
}

async fn read_question(stream: &mut TcpStream) -> std::io::Result<()> {
    let mut question = Vec::new();
    loop {
        if stream.read_buf(&mut question).await? == 0 {
            return Ok(());
        }
        let text = String::from_utf8_lossy(&question).to_ascii_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok());
        if body.len() >= length.unwrap_or(0) {
            return Ok(());
        }
    }
}

async fn wait_for_the_end(stream: &mut TcpStream) -> std::io::Result<()> {
    let mut rest = [0; 64];
    while stream.read(&mut rest).await? > 0 {}
    Ok(())
}
