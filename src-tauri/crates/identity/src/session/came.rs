/// How the tokens of a session came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Came {
    /// All by a sign-in, or by a client's own credentials.
    BySignIn,
    /// All by a refresh.
    ByRefresh,
    /// The access token by a refresh that brought no ID token: that one is still the former one, made for another access
    /// token (OpenID Connect Core §12.2).
    AccessByRefresh,
}

impl Came {
    const ALL: [Self; 3] = [Self::BySignIn, Self::ByRefresh, Self::AccessByRefresh];

    /// The word that is kept for it.
    pub(super) fn word(self) -> &'static str {
        match self {
            Self::BySignIn => "sign-in",
            Self::ByRefresh => "refresh",
            Self::AccessByRefresh => "access-by-refresh",
        }
    }

    pub(super) fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|came| came.word() == word)
    }
}
