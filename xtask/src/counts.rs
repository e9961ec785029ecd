//! Counts the tests in the output of cargo and vitest.

use std::ops::AddAssign;

/// How many tests passed and failed.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub struct Counts {
    /// Tests that passed.
    pub passed: u32,
    /// Tests that failed.
    pub failed: u32,
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

/// Reads one line without colours.
///
/// Cargo closes each binary with `test result: ok. 5 passed; 0 failed; …`; vitest closes with
/// `Tests  1 failed | 9 passed (10)`.
pub fn of_line(line: &str) -> Counts {
    let line = line.trim();
    let summary = line.strip_prefix("test result: ").or_else(|| {
        let rest = line.strip_prefix("Tests ")?;
        rest.starts_with(' ').then_some(rest)
    });
    let Some(summary) = summary else {
        return Counts::default();
    };
    Counts { passed: before(summary, "passed"), failed: before(summary, "failed") }
}

fn before(text: &str, word: &str) -> u32 {
    let words: Vec<&str> = text.split([' ', ';', '|', '.', ',']).filter(|part| !part.is_empty()).collect();
    words.windows(2).find(|pair| pair[1] == word).and_then(|pair| pair[0].parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_runners_are_read_and_other_lines_count_nothing() {
        let cargo = "test result: FAILED. 12 passed; 2 failed; 0 ignored; 0 measured; finished in 0.1s";
        assert_eq!(of_line(cargo), Counts { passed: 12, failed: 2 });
        let vitest = "      Tests  1 failed | 9 passed (10)";
        assert_eq!(of_line(vitest), Counts { passed: 9, failed: 1 });
        assert_eq!(of_line(" Test Files  3 passed (3)"), Counts::default());
        assert_eq!(of_line("test a::b ... ok"), Counts::default());
    }
}
