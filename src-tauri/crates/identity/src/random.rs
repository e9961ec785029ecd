use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

/// Makes a text of 256 random bits that stands in an address as it is.
pub(crate) fn random() -> Result<String, getrandom::Error> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes)?;
    Ok(URL_SAFE_NO_PAD.encode(bytes))
}
