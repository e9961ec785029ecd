//! A server on loopback that answers every request with the same 1 KB of JSON, on kept connections.

use std::io::{self, BufRead, BufReader, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::thread;

/// The length of the answer's body in bytes.
pub const BODY_BYTES: usize = 1024;

/// Starts the server; it lives as long as this process.
pub fn serve() -> io::Result<SocketAddr> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    let address = listener.local_addr()?;
    thread::spawn(move || {
        for connection in listener.incoming().flatten() {
            thread::spawn(move || answer(connection));
        }
    });
    Ok(address)
}

fn answer(connection: TcpStream) -> io::Result<()> {
    connection.set_nodelay(true)?;
    let mut reader = BufReader::new(connection.try_clone()?);
    let mut connection = connection;
    let body = body();
    let head = format!("HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\n\r\n", body.len());
    let answer = [head.as_bytes(), body.as_bytes()].concat();
    let mut line = String::new();
    // The requests of the measurement have no body, so an empty line ends each.
    while reader.read_line(&mut line)? > 0 {
        if line == "\r\n" {
            connection.write_all(&answer)?;
        }
        line.clear();
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
    use super::*;

    #[test]
    fn the_body_is_a_kilobyte() {
        assert_eq!(body().len(), BODY_BYTES);
    }
}
