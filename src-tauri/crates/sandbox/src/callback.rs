//! Callbacks at ports of this machine, for clients that sign in by a browser.

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::process;
use std::sync::atomic::{AtomicU16, Ordering};

/// How many ports are tried, from the first one on.
const PORTS: u16 = 12_000;
/// From 32768 on the system gives ports away by itself: one that is free now may be somebody's a moment later.
const FIRST: u16 = 20_000;

/// Gives a callback at a port of this machine that is free, and another one at each call.
///
/// # Errors
/// Fails where every port is in use.
pub fn loopback_callback() -> io::Result<String> {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    // Programs that run at once begin at different ports.
    let own = u16::try_from(process::id() % u32::from(PORTS)).unwrap_or_default();
    for _ in 0..PORTS {
        let port = FIRST + (own + NEXT.fetch_add(1, Ordering::Relaxed) % PORTS) % PORTS;
        if TcpListener::bind((Ipv4Addr::LOCALHOST, port)).is_ok() {
            return Ok(format!("http://localhost:{port}/callback"));
        }
    }
    Err(io::ErrorKind::AddrInUse.into())
}
