//! What identity providers say to an app's window.

use base64::Engine;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig};
use url::Url;

/// Google's word for a sign-in inside an app's window (its OAuth 2.0 policies, "embedded webviews").
const REFUSED: &[u8] = b"disallowed_useragent";

const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &base64::alphabet::URL_SAFE,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Tells whether a page is a provider's refusal to sign anybody in inside an app's window.
///
/// The word stands in the address, or in Google's `authError`, a message in base64.
pub(super) fn refuses_embedded_views(page: &Url) -> bool {
    page.query_pairs().any(|(name, value)| match &*name {
        "authError" => LENIENT.decode(&*value).is_ok_and(|said| says_it(&said)),
        "error" | "error_subtype" => says_it(value.as_bytes()),
        _ => false,
    })
}

fn says_it(said: &[u8]) -> bool {
    said.windows(REFUSED.len()).any(|word| word == REFUSED)
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    const BLOB: &str = "ChRkaXNhbGxvd2VkX3VzZXJhZ2VudBIKcmVhZCBtb3Jl";

    #[rstest]
    #[case::google(&format!("https://accounts.google.com/signin/oauth/error/v2?authError={BLOB}&client_id=1"), true)]
    #[case::padded(
        "https://accounts.google.com/signin/oauth/error?authError=ChRkaXNhbGxvd2VkX3VzZXJhZ2VudA%3D%3D",
        true
    )]
    #[case::in_plain_words("https://idp.example.com/error?error=disallowed_useragent", true)]
    #[case::another_error("https://accounts.google.com/signin/oauth/error?authError=ChBpbnZhbGlkX3JlcXVlc3Q", false)]
    #[case::no_base64("https://accounts.google.com/signin/oauth/error?authError=%25%25", false)]
    #[case::in_the_state("https://idp.example.com/login?state=disallowed_useragent", false)]
    fn a_refusal_of_the_window_is_told_from_other_pages(#[case] page: &str, #[case] expected: bool) {
        assert_eq!(refuses_embedded_views(&Url::parse(page).unwrap()), expected);
    }
}
