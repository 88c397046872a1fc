//! One hash over the sources that a component is made of.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

/// What every plugin is compiled with, beside its own crate. Directories are taken whole.
const SHARED_SOURCES: [&str; 6] = [
    "sdk/Cargo.toml",
    "sdk/src",
    "sdk/derive/Cargo.toml",
    "sdk/derive/src",
    "wit",
    "xtask/guest.toml",
];

/// BLAKE3, in hexadecimal, over the sorted relative paths and the contents of a plugin's crate, the SDK,
/// the WIT and the build profile.
///
/// Hidden files are left out. Lengths are hashed too, so that no two sets of files give the same bytes.
/// Dependencies are not part of it: a new version of one is a reason to refresh the prebuilt plugins by hand.
///
/// # Errors
///
/// A source is missing or cannot be read.
pub(crate) fn of_plugin(root: &Path, crate_directory: &str) -> Result<String> {
    let own = ["Cargo.toml", "src"].map(|name| format!("{crate_directory}/{name}"));
    let mut files = Vec::new();
    for source in own.iter().map(String::as_str).chain(SHARED_SOURCES) {
        collect(&root.join(source), &mut files)?;
    }
    let mut named = files
        .into_iter()
        .map(|file| (portable_name(root, &file), file))
        .collect::<Vec<(String, PathBuf)>>();
    named.sort();

    let mut hasher = blake3::Hasher::new();
    for (name, file) in named {
        let content = read(&file)?;
        for part in [name.as_bytes(), &content] {
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
        }
    }
    Ok(hasher.finalize().to_hex().to_string())
}

fn collect(path: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    if !path.is_dir() {
        files.push(path.to_path_buf());
        return Ok(());
    }
    for entry in fs::read_dir(path).with_context(|| format!("cannot list {}", path.display()))? {
        let entry = entry.with_context(|| format!("cannot list {}", path.display()))?;
        if !entry.file_name().to_string_lossy().starts_with('.') {
            collect(&entry.path(), files)?;
        }
    }
    Ok(())
}

/// The path below the root with `/` between its parts, the same on every system.
fn portable_name(root: &Path, file: &Path) -> String {
    let relative = file.strip_prefix(root).unwrap_or(file);
    relative.iter().map(|part| part.to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn read(file: &Path) -> Result<Vec<u8>> {
    fs::read(file).with_context(|| format!("cannot read the source {}", file.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn repository() -> tempfile::TempDir {
        let root = tempfile::tempdir().unwrap();
        for (name, content) in [
            ("plugins/p/Cargo.toml", "[package]"),
            ("plugins/p/src/lib.rs", "fn f() {}"),
            ("sdk/Cargo.toml", "[package]"),
            ("sdk/src/lib.rs", ""),
            ("sdk/derive/Cargo.toml", "[package]"),
            ("sdk/derive/src/lib.rs", ""),
            ("wit/strategy.wit", "package a:b;"),
            ("xtask/guest.toml", "[profile.guest]"),
        ] {
            write(root.path(), name, content);
        }
        root
    }

    fn write(root: &Path, name: &str, content: &str) {
        let file = root.join(name);
        fs::create_dir_all(file.parent().unwrap()).unwrap();
        fs::write(file, content).unwrap();
    }

    fn hash(root: &tempfile::TempDir) -> String {
        of_plugin(root.path(), "plugins/p").unwrap()
    }

    #[test]
    fn equal_sources_in_another_place_have_the_same_hash() {
        assert_eq!(hash(&repository()), hash(&repository()));
    }

    #[test]
    fn every_source_counts() {
        let before = hash(&repository());
        for name in [
            "plugins/p/Cargo.toml",
            "plugins/p/src/lib.rs",
            "plugins/p/src/signal.rs",
            "sdk/Cargo.toml",
            "sdk/src/indicator/sma.rs",
            "sdk/derive/src/lib.rs",
            "wit/strategy.wit",
            "xtask/guest.toml",
        ] {
            let root = repository();
            write(root.path(), name, "changed");
            assert_ne!(hash(&root), before, "{name}");
        }
    }

    #[test]
    fn text_moved_from_one_file_to_the_next_changes_the_hash() {
        let (one, other) = (repository(), repository());
        write(one.path(), "sdk/src/a.rs", "xy");
        write(one.path(), "sdk/src/b.rs", "");
        write(other.path(), "sdk/src/a.rs", "x");
        write(other.path(), "sdk/src/b.rs", "y");
        assert_ne!(hash(&one), hash(&other));
    }

    #[test]
    fn what_is_not_a_source_does_not_count() {
        let root = repository();
        let before = hash(&root);
        write(root.path(), "plugins/p/README.md", "text");
        write(root.path(), "plugins/p/src/.lib.rs.swp", "text");
        write(root.path(), "plugins/other/src/lib.rs", "text");
        assert_eq!(hash(&root), before);
    }

    #[test]
    fn a_missing_source_is_named() {
        let root = repository();
        fs::remove_file(root.path().join("sdk/Cargo.toml")).unwrap();
        let error = of_plugin(root.path(), "plugins/p").unwrap_err();
        assert!(format!("{error:#}").contains("Cargo.toml"), "{error:#}");
    }
}
