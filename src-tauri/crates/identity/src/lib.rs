//! User pools, sign-in attempts, token verification, sessions.
