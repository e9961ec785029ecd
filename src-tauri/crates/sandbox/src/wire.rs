//! Connections that keep what the HTTP library hides: the request head as received, and the case of reply headers.

use std::{
    io,
    net::SocketAddr,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
};

use axum::{
    extract::connect_info::Connected,
    serve::{IncomingStream, Listener},
};
use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    net::{TcpListener, TcpStream},
};

use crate::shared::Shared;

const HEAD_LIMIT: usize = 64 * 1_024;

/// The reply headers whose case the real services keep over HTTP/1.1.
const CASED: [&str; 3] = ["x-amzn-RequestId", "x-amzn-ErrorType", "x-amz-apigw-id"];

/// Accepts connections on loopback.
pub struct Loopback(pub TcpListener);

impl Listener for Loopback {
    type Io = Connection;
    type Addr = SocketAddr;

    async fn accept(&mut self) -> (Connection, SocketAddr) {
        let (stream, address) = Listener::accept(&mut self.0).await;
        // A small reply must not wait for the acknowledgement of the one before.
        let _ = stream.set_nodelay(true);
        (Connection { stream, head: ReceivedHead::default() }, address)
    }

    fn local_addr(&self) -> io::Result<SocketAddr> {
        self.0.local_addr()
    }
}

/// The head of the request that a connection is at, as it came.
#[derive(Clone, Debug, Default)]
pub struct ReceivedHead(Arc<Shared<Head>>);

#[derive(Debug, Default)]
struct Head {
    bytes: Vec<u8>,
    complete: bool,
    answered: bool,
}

impl ReceivedHead {
    /// Lists the header fields in their order, with their names as they were sent.
    pub fn fields(&self) -> Vec<(String, String)> {
        let head = self.0.lock();
        String::from_utf8_lossy(&head.bytes)
            .split("\r\n")
            .skip(1)
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
            .collect()
    }

    fn received(&self, bytes: &[u8]) {
        let mut head = self.0.lock();
        if head.answered {
            *head = Head::default();
        }
        if head.complete || head.bytes.len() > HEAD_LIMIT {
            return;
        }
        head.bytes.extend_from_slice(bytes);
        if let Some(end) = head.bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            head.bytes.truncate(end);
            head.complete = true;
        }
    }

    fn answered(&self) {
        self.0.lock().answered = true;
    }
}

impl Connected<IncomingStream<'_, Loopback>> for ReceivedHead {
    fn connect_info(stream: IncomingStream<'_, Loopback>) -> Self {
        stream.io().head.clone()
    }
}

/// A TCP stream that is read and written through the two habits above.
pub struct Connection {
    stream: TcpStream,
    head: ReceivedHead,
}

impl AsyncRead for Connection {
    fn poll_read(mut self: Pin<&mut Self>, context: &mut Context<'_>, into: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = into.filled().len();
        ready!(Pin::new(&mut self.stream).poll_read(context, into))?;
        let received = &into.filled()[before..];
        if !received.is_empty() {
            self.head.received(received);
        }
        Poll::Ready(Ok(()))
    }
}

impl AsyncWrite for Connection {
    fn poll_write(mut self: Pin<&mut Self>, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        if !bytes.starts_with(b"HTTP/1.1 ") || bytes.starts_with(b"HTTP/1.1 1") {
            return Pin::new(&mut self.stream).poll_write(context, bytes);
        }
        self.head.answered();
        let cased = with_cased_names(bytes);
        Pin::new(&mut self.stream).poll_write(context, &cased)
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

/// Rewrites header names in a reply's head; the length stays, so that a partial write is still counted right.
fn with_cased_names(bytes: &[u8]) -> Vec<u8> {
    let mut reply = bytes.to_vec();
    let end = reply.windows(4).position(|window| window == b"\r\n\r\n").unwrap_or(reply.len());
    for name in CASED {
        let lower = format!("\r\n{}:", name.to_ascii_lowercase());
        if let Some(at) = reply[..end].windows(lower.len()).position(|window| window == lower.as_bytes()) {
            reply[at + 2..at + 2 + name.len()].copy_from_slice(name.as_bytes());
        }
    }
    reply
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn reply_names_get_their_case_and_the_body_is_left_alone() {
        let reply =
            b"HTTP/1.1 401 Unauthorized\r\nx-amzn-requestid: 1\r\nx-amz-apigw-id: 2\r\n\r\n\r\nx-amzn-requestid: 3";

        assert_eq!(
            with_cased_names(reply),
            b"HTTP/1.1 401 Unauthorized\r\nx-amzn-RequestId: 1\r\nx-amz-apigw-id: 2\r\n\r\n\r\nx-amzn-requestid: 3"
        );
    }

    #[test]
    fn a_head_that_comes_in_pieces_is_kept_once_and_forgotten_after_its_answer() {
        let head = ReceivedHead::default();

        head.received(b"GET / HTTP/1.1\r\nHOST: a\r\nX-");
        head.received(b"One: 1\r\n\r\nbody: 2\r\n");
        let first = head.fields();
        head.answered();
        head.received(b"GET / HTTP/1.1\r\nhost: b\r\n\r\n");

        assert_eq!(first, [("HOST".to_owned(), "a".to_owned()), ("X-One".to_owned(), "1".to_owned())]);
        assert_eq!(head.fields(), [("host".to_owned(), "b".to_owned())]);
    }

    proptest! {
        #[test]
        fn only_the_case_of_a_reply_changes(
            names in prop::collection::vec("(x-amzn-requestid|x-amz-apigw-id|x-other)", 0..5),
            body in any::<Vec<u8>>(),
        ) {
            let head = names.iter().fold(String::new(), |head, name| head + "\r\n" + name + ": a");
            let reply = [format!("HTTP/1.1 200 OK{head}\r\n\r\n").as_bytes(), &body].concat();

            let cased = with_cased_names(&reply);

            prop_assert!(cased.eq_ignore_ascii_case(&reply));
            prop_assert_eq!(&cased[cased.len() - body.len()..], &body[..]);
        }
    }
}
