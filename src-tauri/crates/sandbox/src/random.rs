//! Unpredictable values in the shapes that the real services use.

use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use uuid::Uuid;

/// Makes a version 4 UUID as text.
pub fn uuid() -> String {
    Uuid::new_v4().to_string()
}

/// Makes `length` random bytes as unpadded base64url.
pub fn base64url(length: usize) -> String {
    URL_SAFE_NO_PAD.encode(bytes(length))
}

/// Makes a key id: 44 characters of standard base64.
pub fn key_id() -> String {
    STANDARD.encode(bytes(32))
}

/// Makes a gateway's request id: 15 characters and `=`.
pub fn gateway_id() -> String {
    let mut id = STANDARD.encode(bytes(12)).replace(['+', '/'], "A");
    id.truncate(15);
    id.push('=');
    id
}

/// Makes a confirmation code of six digits.
pub fn six_digits() -> String {
    let number = bytes(4).iter().fold(0_u32, |sum, byte| (sum << 8) | u32::from(*byte));
    format!("{:06}", number % 1_000_000)
}

// UUIDs draw on the system's random source without an error for the callers to carry; bytes 6 and 8, which hold the
// version and the variant, are left out.
fn bytes(length: usize) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(length + 14);
    while bytes.len() < length {
        let uuid = Uuid::new_v4().into_bytes();
        bytes.extend(uuid.into_iter().enumerate().filter(|(at, _)| *at != 6 && *at != 8).map(|(_, byte)| byte));
    }
    bytes.truncate(length);
    bytes
}
