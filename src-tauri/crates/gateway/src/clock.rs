use std::time::{Duration, UNIX_EPOCH};

use gatepass_exchange::exchange::Exchange;

/// Tells how far this computer's clock is ahead of the server's, in seconds, by the last answer's `Date` (RFC 9110
/// §6.6.1); the time that the exchange took is allowed for.
pub fn clock_skew_seconds(exchange: &Exchange) -> Option<i32> {
    let headers = &exchange.hops.last()?.headers;
    let date = headers.iter().find(|field| field.name.eq_ignore_ascii_case("date"))?;
    let server = httpdate::parse_http_date(&date.value).ok()?;
    let millisecond = |milliseconds: f64| Duration::try_from_secs_f64(milliseconds / 1000.0).ok();
    let began = UNIX_EPOCH + millisecond(exchange.sent_at_ms)?;
    let ended = began + millisecond(exchange.total_ms)?;
    // `Date` has whole seconds, so the server's instant lies in the second that begins with it.
    let ahead = began.duration_since(server + Duration::from_secs(1)).ok();
    let behind = server.duration_since(ended).ok();
    let seconds = |duration: Duration| i32::try_from(duration.as_secs()).unwrap_or(i32::MAX);
    Some(ahead.map(seconds).or(behind.map(|behind| -seconds(behind))).unwrap_or(0))
}
