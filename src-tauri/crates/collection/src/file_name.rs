//! Labels as names of files that every desktop system takes.

/// The longest name, in bytes, that leaves room for an extension and a number within the usual limit of 255.
const LENGTH_LIMIT: usize = 200;

/// Makes a label a file's name without its extension; `Untitled` where nothing of it is left.
pub fn from_label(label: &str) -> String {
    let replaced: String = label
        .chars()
        .map(|symbol| if symbol.is_control() || "<>:\"/\\|?*".contains(symbol) { '-' } else { symbol })
        .collect();
    let mut end = replaced.len().min(LENGTH_LIMIT);
    while !replaced.is_char_boundary(end) {
        end -= 1;
    }
    let name = replaced[..end].trim_start_matches([' ', '-', '.']).trim_end_matches(['.', ' ']).trim();
    match name {
        "" => "Untitled".to_owned(),
        name if is_device(name) => format!("{name}-"),
        name => name.to_owned(),
    }
}

/// Makes a name unique among others without regard to case, by a number behind it.
pub fn unique(stem: &str, extension: &str, is_taken: impl Fn(&str) -> bool) -> String {
    let mut name = format!("{stem}{extension}");
    let mut number = 2u32;
    while is_taken(&name.to_lowercase()) {
        name = format!("{stem} {number}{extension}");
        number += 1;
    }
    name
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name).trim_end().to_ascii_uppercase();
    let numbered = stem.strip_prefix("COM").or_else(|| stem.strip_prefix("LPT"));
    matches!(stem.as_str(), "CON" | "PRN" | "AUX" | "NUL")
        || numbered.is_some_and(|number| number.len() == 1 && number.bytes().all(|digit| digit.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("List pets", "List pets")]
    #[case("GET /pets?limit=1", "GET -pets-limit=1")]
    #[case(" - draft. ", "draft")]
    #[case("...", "Untitled")]
    #[case("", "Untitled")]
    #[case("nul", "nul-")]
    #[case("com1.x", "com1.x-")]
    #[case("company", "company")]
    #[case("a\nb\u{7}c", "a-b-c")]
    #[case("../../etc", "etc")]
    #[case("Größe 日本", "Größe 日本")]
    fn labels_become_names_that_every_system_takes(#[case] label: &str, #[case] name: &str) {
        assert_eq!(from_label(label), name);
    }

    #[test]
    fn long_labels_are_cut_between_characters() {
        let name = from_label(&"ü".repeat(300));
        assert!(name.len() <= LENGTH_LIMIT && name.chars().all(|symbol| symbol == 'ü'));
    }

    #[test]
    fn names_are_unique_without_regard_to_case() {
        let taken = ["list.yml", "list 2.yml"];
        assert_eq!(unique("List", ".yml", |name| taken.contains(&name)), "List 3.yml");
    }
}
