//! The default password policy: eight characters or more, with an upper and a lower case letter, a digit and a symbol.

use thiserror::Error;

const SYMBOLS: &str = "^$*.[]{}()?\"!@#%&/\\,><':;|_~`=+-";

/// Tells which rule a password breaks, in the words of the service.
#[derive(Clone, Copy, Debug, Error, PartialEq, Eq)]
pub enum PolicyBreak {
    #[error("Password not long enough")]
    Length,
    #[error("Password must have uppercase characters")]
    Uppercase,
    #[error("Password must have lowercase characters")]
    Lowercase,
    #[error("Password must have numeric characters")]
    Digit,
    #[error("Password must have symbol characters")]
    Symbol,
}

/// Checks a password.
pub fn check(password: &str) -> Result<(), PolicyBreak> {
    let has = |rule: fn(char) -> bool| password.chars().any(rule);
    let inner_space = password.trim() == password && password.contains(' ');
    if password.chars().count() < 8 {
        Err(PolicyBreak::Length)
    } else if !has(|letter| letter.is_ascii_uppercase()) {
        Err(PolicyBreak::Uppercase)
    } else if !has(|letter| letter.is_ascii_lowercase()) {
        Err(PolicyBreak::Lowercase)
    } else if !has(|letter| letter.is_ascii_digit()) {
        Err(PolicyBreak::Digit)
    } else if !has(|letter| SYMBOLS.contains(letter)) && !inner_space {
        Err(PolicyBreak::Symbol)
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("Aa1!aaa", Err(PolicyBreak::Length))]
    #[case("aa1!aaaa", Err(PolicyBreak::Uppercase))]
    #[case("AA1!AAAA", Err(PolicyBreak::Lowercase))]
    #[case("Aaa!aaaa", Err(PolicyBreak::Digit))]
    #[case("Aa1aaaaa", Err(PolicyBreak::Symbol))]
    #[case("Aa1!aaaa", Ok(()))]
    #[case("Aa1 aaaa", Ok(()))]
    fn a_password_is_refused_with_the_rule_that_it_breaks(
        #[case] password: &str,
        #[case] verdict: Result<(), PolicyBreak>,
    ) {
        assert_eq!(check(password), verdict);
    }

    #[test]
    fn the_seeded_passwords_keep_the_policy() {
        for (_, password) in [crate::seed::ADA, crate::seed::GRACE, crate::seed::NEWCOMER] {
            assert_eq!(check(password), Ok(()), "{password}");
        }
    }
}
