//! A server on loopback that answers every request with the same 1 KB of JSON, on kept connections.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::SystemTime;

use crate::gate::field;

/// The length of the answer's body in bytes.
pub const BODY_BYTES: usize = 1024;

/// A request that came.
#[derive(Debug)]
pub struct Arrival {
    /// When its last header field was there.
    pub at: SystemTime,
    /// What stood in the header field that is looked for.
    pub token: Option<String>,
}

/// Starts the server; it lives as long as this process.
pub fn serve() -> io::Result<SocketAddr> {
    start(|_| {})
}

/// Starts the server, and tells when each request came and what its header field `name` held.
pub fn serve_noting(name: &'static str) -> io::Result<(SocketAddr, Receiver<Arrival>)> {
    let (arrivals, arrived): (Sender<Arrival>, _) = channel();
    let address = start(move |head| {
        let token = field(head, name).map(str::to_owned);
        // Whoever no longer listens has measured enough.
        let _heard = arrivals.send(Arrival { at: SystemTime::now(), token });
    })?;
    Ok((address, arrived))
}

fn start(note: impl Fn(&str) + Clone + Send + 'static) -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            let note = note.clone();
            thread::spawn(move || answer(connection, &note));
        }
    });
    Ok(address)
}

fn answer(connection: TcpStream, note: &impl Fn(&str)) -> io::Result<()> {
    connection.set_nodelay(true)?;
    let mut reader = BufReader::new(connection.try_clone()?);
    let mut connection = connection;
    let body = body();
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    let answer = [head.as_bytes(), body.as_bytes()].concat();
    let mut request = String::new();
    // The requests of the measurement have no body, so an empty line ends each.
    while reader.read_line(&mut request)? > 0 {
        if request.ends_with("\r\n\r\n") {
            note(&request);
            connection.write_all(&answer)?;
            request.clear();
        }
    }
    Ok(())
}

fn body() -> String {
    let frame = r#"{"pets":[{"id":1,"type":"dog","price":249.99}],"note":""}"#;
    let note = "a kilobyte ".repeat(BODY_BYTES);
    frame.replace("\"\"", &format!("\"{}\"", &note[..BODY_BYTES - frame.len()]))
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn the_body_is_a_kilobyte() {
        assert_eq!(body().len(), BODY_BYTES);
    }

    #[test]
    fn each_request_is_answered_and_told_with_its_token() -> io::Result<()> {
        let (address, arrived) = serve_noting("dev-auth-token")?;
        let mut connection = TcpStream::connect(address)?;
        for fields in ["Dev-Auth-Token: first\r\n", "host: api\r\n"] {
            connection.write_all(format!("GET / HTTP/1.1\r\n{fields}\r\n").as_bytes())?;
            let mut start = [0; 15];
            connection.read_exact(&mut start)?;
            assert_eq!(&start, b"HTTP/1.1 200 OK");
            let mut reader = BufReader::new(&connection);
            let mut line = String::new();
            while !line.ends_with("\r\n\r\n") {
                reader.read_line(&mut line)?;
            }
            reader.read_exact(&mut [0; BODY_BYTES])?;
        }
        let tokens: Vec<_> = arrived.try_iter().map(|arrival| arrival.token).collect();
        assert_eq!(tokens, [Some("first".to_owned()), None]);
        Ok(())
    }
}
