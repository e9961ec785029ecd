//! Paths of items: they come from the window, so none of them may lead out of the collection.

use camino::{Utf8Component, Utf8Path, Utf8PathBuf};

/// How the names of YAML files end.
const EXTENSIONS: [&str; 2] = [".yml", ".yaml"];

/// Why a path is not taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PathError {
    /// The path is absolute, climbs, is hidden, or holds what no item's path holds.
    #[error("\"{path}\" is no path of an item in this collection; choose an item of the tree")]
    NotAnItem {
        /// The path as given.
        path: String,
    },
    /// A symbolic link on the way leads out of the collection.
    #[error("\"{path}\" leads out of the collection through a symbolic link; replace the link by the file itself")]
    LeadsOut {
        /// The path as given.
        path: String,
    },
}

/// Checks an item's path and gives the path in the file system. The empty path is the collection itself.
pub fn resolve(root: &Utf8Path, item: &str) -> Result<Utf8PathBuf, PathError> {
    let not_an_item = || PathError::NotAnItem { path: item.to_owned() };
    if item.contains(['\\', ':']) && cfg!(windows) || item.contains('\0') || item.starts_with('/') {
        return Err(not_an_item());
    }
    let mut absolute = root.to_owned();
    if item.is_empty() {
        return Ok(absolute);
    }
    for part in item.split('/') {
        let is_plain =
            matches!(Utf8Path::new(part).components().next(), Some(Utf8Component::Normal(only)) if only == part);
        if !is_plain || part.starts_with('.') || part.chars().any(char::is_control) {
            return Err(not_an_item());
        }
        absolute.push(part);
        if absolute.is_symlink() {
            let target = absolute.canonicalize_utf8();
            if !target.is_ok_and(|target| target.starts_with(root)) {
                return Err(PathError::LeadsOut { path: item.to_owned() });
            }
        }
    }
    Ok(absolute)
}

/// The path of something in a folder.
pub fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() { name.to_owned() } else { format!("{folder}/{name}") }
}

/// The folder that an item lies in.
pub fn parent(item: &str) -> &str {
    item.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// The last part of a path.
pub fn name(item: &str) -> &str {
    item.rsplit_once('/').map_or(item, |(_, name)| name)
}

/// The last part of a path without its extension.
pub fn stem(item: &str) -> &str {
    let name = name(item);
    EXTENSIONS.iter().find_map(|extension| name.strip_suffix(extension)).unwrap_or(name)
}

/// Tells whether a file's name is one that the format reads.
pub fn is_yaml(name: &str) -> bool {
    EXTENSIONS.iter().any(|extension| name.ends_with(extension))
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case("../secret.yml")]
    #[case("a/../../secret.yml")]
    #[case("/etc/passwd")]
    #[case("a//b.yml")]
    #[case("./a.yml")]
    #[case(".git/config")]
    #[case("a/.hidden.yml")]
    #[case("a/")]
    #[case("a\0.yml")]
    #[case("a\n.yml")]
    fn hostile_paths_are_refused(#[case] path: &str) {
        let refused = resolve(Utf8Path::new("/collection"), path);
        assert_eq!(refused, Err(PathError::NotAnItem { path: path.to_owned() }));
    }

    #[rstest]
    #[case("", "/collection")]
    #[case("List pets.yml", "/collection/List pets.yml")]
    #[case("orders/Ünïcode.yml", "/collection/orders/Ünïcode.yml")]
    fn item_paths_are_taken(#[case] path: &str, #[case] absolute: &str) {
        assert_eq!(resolve(Utf8Path::new("/collection"), path), Ok(Utf8PathBuf::from(absolute)));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_out_of_the_collection_is_refused_and_one_inside_is_taken() {
        let root = tempfile::tempdir().unwrap();
        let outside = tempfile::tempdir().unwrap();
        let root = Utf8PathBuf::from_path_buf(root.path().canonicalize().unwrap()).unwrap();
        std::fs::create_dir(root.join("inside")).unwrap();
        std::os::unix::fs::symlink(outside.path(), root.join("out")).unwrap();
        std::os::unix::fs::symlink(root.join("inside"), root.join("in")).unwrap();
        assert_eq!(resolve(&root, "out/a.yml"), Err(PathError::LeadsOut { path: "out/a.yml".to_owned() }));
        assert_eq!(resolve(&root, "in/a.yml"), Ok(root.join("in/a.yml")));
    }
}
