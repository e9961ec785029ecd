//! A way to the pool of a sandbox that notes when the pool is asked for new tokens: by a window that brings the pool's
//! session cookie, or by a refresh token.

use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::SystemTime;

/// The way; it lives as long as this process.
#[derive(Debug)]
pub struct Gate {
    address: SocketAddr,
    asked: Asked,
}

type Asked = Arc<Mutex<Vec<SystemTime>>>;

impl Gate {
    /// Opens it before a pool.
    pub fn before(pool: SocketAddr) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let (address, asked) = (listener.local_addr()?, Asked::default());
        let noted = Arc::clone(&asked);
        thread::spawn(move || {
            for connection in listener.incoming().flatten() {
                let noted = Arc::clone(&noted);
                thread::spawn(move || relay(connection, pool, &noted));
            }
        });
        Ok(Self { address, asked })
    }

    /// The login domain, as the app sees it.
    pub fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Takes the instants at which the pool was asked since the last call.
    pub fn take(&self) -> Vec<SystemTime> {
        std::mem::take(&mut *self.asked.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn relay(app: TcpStream, pool: SocketAddr, asked: &Asked) -> io::Result<()> {
    let pool = TcpStream::connect(pool)?;
    app.set_nodelay(true)?;
    pool.set_nodelay(true)?;
    let (mut answers, mut back) = (pool.try_clone()?, app.try_clone()?);
    thread::spawn(move || {
        // Either side may go first, and then there is nothing left to carry.
        let _carried = io::copy(&mut answers, &mut back);
        let _closed = back.shutdown(Shutdown::Both);
    });
    let outcome = carry(BufReader::new(app), &pool, asked);
    pool.shutdown(Shutdown::Write)?;
    outcome
}

fn carry(mut app: BufReader<TcpStream>, mut pool: &TcpStream, asked: &Asked) -> io::Result<()> {
    let mut head = String::new();
    while app.read_line(&mut head)? > 0 {
        if !head.ends_with("\r\n\r\n") {
            continue;
        }
        if asks_for_tokens(&head) {
            asked.lock().unwrap_or_else(PoisonError::into_inner).push(SystemTime::now());
        }
        pool.write_all(head.as_bytes())?;
        let length = field(&head, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
        io::copy(&mut app.by_ref().take(length), &mut pool)?;
        head.clear();
    }
    Ok(())
}

/// The attempt that only tries whether the pool would let a sign-in begin brings no cookie.
fn asks_for_tokens(head: &str) -> bool {
    let rides_on_the_session = || field(head, "cookie").is_some_and(|cookies| cookies.contains("cognito="));
    head.starts_with("POST /oauth2/token") || (head.starts_with("GET /oauth2/authorize") && rides_on_the_session())
}

/// Reads a field of a request's head, whatever the case of its name (RFC 9110 §5.1).
pub fn field<'a>(head: &'a str, name: &str) -> Option<&'a str> {
    let fields = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    fields.filter(|(found, _)| found.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim()).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_window_with_the_session_and_a_refresh_token_ask_for_tokens() {
        let authorize = "GET /oauth2/authorize?client_id=1 HTTP/1.1\r\nHost: pool\r\n";
        assert!(asks_for_tokens(&format!("{authorize}Cookie: XSRF-TOKEN=1; cognito=2\r\n\r\n")));
        assert!(!asks_for_tokens(&format!("{authorize}Cookie: XSRF-TOKEN=1\r\n\r\n")));
        assert!(!asks_for_tokens(&format!("{authorize}\r\n")));
        assert!(asks_for_tokens("POST /oauth2/token HTTP/1.1\r\nHost: pool\r\n\r\n"));
        assert!(!asks_for_tokens("GET /login HTTP/1.1\r\nCookie: cognito=2\r\n\r\n"));
    }

    #[test]
    fn requests_and_answers_pass_unchanged_and_each_question_is_noted_once() -> io::Result<()> {
        let pool = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let gate = Gate::before(pool.local_addr()?)?;
        let question = "POST /oauth2/token HTTP/1.1\r\nContent-Length: 6\r\n\r\na=b&c=";
        let other = "GET /error HTTP/1.1\r\n\r\n";
        let mut app = TcpStream::connect(gate.address)?;
        app.write_all(format!("{question}{other}").as_bytes())?;
        app.shutdown(Shutdown::Write)?;
        let (mut arrived, mut answered) = (String::new(), String::new());
        let mut connection = pool.accept()?.0;
        connection.read_to_string(&mut arrived)?;
        connection.write_all(b"answer")?;
        drop(connection);
        app.read_to_string(&mut answered)?;
        assert_eq!((arrived, answered), (format!("{question}{other}"), "answer".to_owned()));
        assert_eq!((gate.take().len(), gate.take().len()), (1, 0));
        Ok(())
    }
}
