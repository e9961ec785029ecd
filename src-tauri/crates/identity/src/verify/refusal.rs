use std::fmt;

use thiserror::Error;

use crate::{FormError, IssuerError, KeyError, TokenUse};

/// How this computer's clock differs from the user pool's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ClockOff {
    /// How far it is behind, in seconds; negative where it is ahead.
    pub behind_seconds: i64,
}

impl fmt::Display for ClockOff {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let side = if self.behind_seconds > 0 { "behind" } else { "ahead of" };
        write!(
            formatter,
            "this computer's clock is {} {side} the user pool's; set the clock",
            Span(self.behind_seconds)
        )
    }
}

/// Why a token was not kept. Nothing of the token itself is in it but the claims that are named.
#[derive(Debug, Clone, Error)]
pub enum TokenRefusal {
    /// Only an access token came, since `openid` was not asked for.
    #[error(
        "no ID token came, for the scopes asked for are {scopes:?} without openid; add openid to the scopes and sign in again"
    )]
    NoOpenId {
        /// The scopes that were asked for.
        scopes: String,
    },
    /// A token did not come.
    #[error("no {token} came; check that the scope openid is asked for, and enabled for the app client")]
    Missing {
        /// Which token.
        token: TokenUse,
    },
    /// It is not in the form of a token, or a claim has the wrong type.
    #[error("the {token} is not in order; sign in again")]
    Form {
        /// Which token.
        token: TokenUse,
        /// What is wrong with it.
        #[source]
        source: FormError,
    },
    /// It is signed in a way that is not verified here.
    #[error("the {token} has the algorithm {found}; expected RS256, the only one that is verified here")]
    Algorithm {
        /// Which token.
        token: TokenUse,
        /// The algorithm that was found.
        found: String,
    },
    /// It does not say which key signed it.
    #[error("the {token} names no key; expected a kid in its header")]
    NoKeyId {
        /// Which token.
        token: TokenUse,
    },
    /// Its key could not be had.
    #[error("the key of the {token} could not be had, so it could not be verified")]
    Key {
        /// Which token.
        token: TokenUse,
        /// Why not.
        #[source]
        source: KeyError,
    },
    /// Its signature is not by the key that it names.
    #[error("the signature of the {token} is wrong: it was forged or changed on its way; sign in again")]
    Signature {
        /// Which token.
        token: TokenUse,
    },
    /// It does not say when it ends.
    #[error("the {token} has no expiry; expected an exp, as every token of a provider has")]
    NoExpiry {
        /// Which token.
        token: TokenUse,
    },
    /// Its life is over.
    #[error("the {token} expired {} ago; {}", Span(*seconds_ago), advice(*clock, "sign in again, and check this computer's clock if it stays"))]
    Expired {
        /// Which token.
        token: TokenUse,
        /// For how long it has been over, in seconds.
        seconds_ago: i64,
        /// The difference of the clocks, where the issuer's is known.
        clock: Option<ClockOff>,
    },
    /// Its life has not begun.
    #[error("the {token} is valid only in {} by its {claim}; {}", Span(*in_seconds), advice(*clock, "check this computer's clock and sign in again"))]
    NotYetValid {
        /// Which token.
        token: TokenUse,
        /// The claim that says so: `nbf` or `iat`.
        claim: &'static str,
        /// How long it is to its beginning, in seconds.
        in_seconds: i64,
        /// The difference of the clocks, where it is known.
        clock: Option<ClockOff>,
    },
    /// It is from another user pool.
    #[error("the {token} is from {found}; expected {expected}, so check the login domain and the user pool id")]
    Issuer {
        /// Which token.
        token: TokenUse,
        /// The issuer that was found.
        found: String,
        /// What is known of the pool: its issuer, or its region and id.
        expected: String,
    },
    /// It is the first one, and its issuer is none to be trusted.
    #[error("the {token} names an issuer that cannot be trusted")]
    ForeignIssuer {
        /// Which token.
        token: TokenUse,
        /// Why not.
        #[source]
        source: IssuerError,
    },
    /// It is a token of the other kind.
    #[error("in place of the {token} there is one with the token_use {found}; expected \"{}\"", token.claim())]
    TokenUse {
        /// Which token.
        token: TokenUse,
        /// What it says it is.
        found: String,
    },
    /// It is for another app client.
    #[error("the {token} is for the client {found}; expected {expected}, so check the client id")]
    Audience {
        /// Which token.
        token: TokenUse,
        /// The clients that it is for.
        found: String,
        /// The client that was asked for.
        expected: String,
    },
    /// It was not made for this sign-in.
    #[error(
        "the nonce of the ID token is {}; expected the one of this sign-in, so the token may be replayed: sign in again",
        if *present { "another one" } else { "absent" }
    )]
    Nonce {
        /// Whether there was one at all.
        present: bool,
    },
    /// The two tokens do not belong together.
    #[error(
        "the at_hash of the ID token is {}; expected the hash of the access token that came with it: sign in again",
        if *present { "of another access token" } else { "absent" }
    )]
    AccessTokenHash {
        /// Whether there was one at all.
        present: bool,
    },
    /// The ID token does not say whose it is (OpenID Connect Core §2).
    #[error("the ID token names no user; expected a sub, as every ID token of a provider has")]
    NoSubject,
    /// The two tokens are not of one user.
    #[error(
        "the access token is not of the user of the ID token that came with it; expected the same sub in both: sign in \
         again"
    )]
    OtherSubject,
    /// A renewal brought the tokens of another user.
    #[error(
        "what the renewal brought belongs to another user, so it was not taken over; sign out and in again, or sign in as \
         that user under an identity of its own"
    )]
    OtherUser,
}

fn advice(clock: Option<ClockOff>, otherwise: &str) -> String {
    clock.map_or_else(|| otherwise.to_owned(), |clock| clock.to_string())
}

/// A length of time as a person says it.
pub(crate) struct Span(pub(crate) i64);

impl fmt::Display for Span {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let seconds = self.0.unsigned_abs();
        let (count, unit) = match seconds {
            0..120 => (seconds, "second"),
            120..7_200 => ((seconds + 30) / 60, "minute"),
            7_200..172_800 => ((seconds + 1_800) / 3_600, "hour"),
            _ => ((seconds + 43_200) / 86_400, "day"),
        };
        write!(formatter, "{count} {unit}{}", if count == 1 { "" } else { "s" })
    }
}
