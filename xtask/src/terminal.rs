//! What the terminal can do, and times in words.

use std::env;
use std::io::{self, IsTerminal};
use std::time::Duration;

/// Tells whether a person watches the output.
pub fn is_watched() -> bool {
    io::stdout().is_terminal()
}

/// Tells whether a person can answer a question.
pub fn can_answer() -> bool {
    io::stdin().is_terminal() && io::stdout().is_terminal()
}

/// Tells whether colours are wanted.
pub fn has_colour() -> bool {
    is_watched() && env::var_os("NO_COLOR").is_none_or(|set| set.is_empty())
}

/// Paints a text with an SGR code where colours are wanted.
pub fn paint(code: &str, text: &str) -> String {
    if has_colour() { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
}

/// Writes a duration as a person says it.
pub fn spoken(took: Duration) -> String {
    let seconds = took.as_secs();
    if seconds >= 60 {
        format!("{} min {:02} s", seconds / 60, seconds % 60)
    } else {
        format!("{:.1} s", took.as_secs_f64())
    }
}

/// Removes the colours and cursor movements of a text.
pub fn plain(text: &str) -> String {
    let mut kept = String::with_capacity(text.len());
    let mut characters = text.chars();
    while let Some(character) = characters.next() {
        if character != '\x1b' {
            kept.push(character);
            continue;
        }
        match characters.next() {
            Some('[') => {
                for code in characters.by_ref() {
                    if ('@'..='~').contains(&code) {
                        break;
                    }
                }
            }
            // A character set, by one more character (ECMA-35 §14.3).
            Some('(' | ')') => drop(characters.next()),
            _ => {}
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_removed_and_the_words_stay() {
        assert_eq!(plain("\x1b(B\x1b[mDiff"), "Diff");
        assert_eq!(plain("\x1b[1m\x1b[32m  Tests\x1b[39m 3 passed"), "  Tests 3 passed");
    }

    #[test]
    fn durations_read_as_spoken() {
        assert_eq!(spoken(Duration::from_millis(1240)), "1.2 s");
        assert_eq!(spoken(Duration::from_secs(125)), "2 min 05 s");
    }
}
