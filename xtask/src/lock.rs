//! `plugins/prebuilt/lock.json`: which sources the committed components came from.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context, Result};
use serde::{Deserialize, Serialize};

const FILE_NAME: &str = "lock.json";

/// Where one committed component came from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Entry {
    /// Hash of the sources, see [`crate::source_hash`].
    pub(crate) source: String,
    /// BLAKE3 of the component file, in hexadecimal.
    pub(crate) component: String,
    /// Version line of the compiler that made the component.
    pub(crate) rustc: String,
}

/// All entries by component name, such as `sma_crossover`.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct Lock {
    entries: BTreeMap<String, Entry>,
}

impl Lock {
    /// Reads the lock of a directory; a directory without a lock has an empty one.
    ///
    /// # Errors
    ///
    /// The file cannot be read or is not a lock.
    pub(crate) fn read(directory: &Path) -> Result<Self> {
        let file = directory.join(FILE_NAME);
        if !file.exists() {
            return Ok(Self::default());
        }
        let text =
            fs::read(&file).with_context(|| format!("cannot read the lock {}", file.display()))?;
        serde_json::from_slice(&text).with_context(|| {
            format!("{} is not a lock: delete it, then run `cargo xtask plugins`", file.display())
        })
    }

    /// Writes the lock into a directory.
    ///
    /// # Errors
    ///
    /// The file cannot be written.
    pub(crate) fn write(&self, directory: &Path) -> Result<()> {
        let file = directory.join(FILE_NAME);
        let text = serde_json::to_string_pretty(self).context("cannot encode the lock")?;
        fs::write(&file, text + "\n")
            .with_context(|| format!("cannot write the lock {}", file.display()))
    }

    /// Adds or replaces the entry of a component.
    pub(crate) fn insert(&mut self, name: &str, entry: Entry) {
        self.entries.insert(name.to_owned(), entry);
    }

    /// Drops the entries of components that are no longer built in.
    pub(crate) fn retain(&mut self, names: &BTreeSet<String>) {
        self.entries.retain(|name, _| names.contains(name));
    }

    /// Names of entries that belong to no built-in plugin.
    pub(crate) fn strangers(&self, names: &BTreeSet<String>) -> Vec<&str> {
        self.entries.keys().filter(|name| !names.contains(*name)).map(String::as_str).collect()
    }

    /// Why the committed component is not the one that `source` gives; `None` when it is.
    pub(crate) fn fault(&self, directory: &Path, name: &str, source: &str) -> Option<String> {
        let file = directory.join(format!("{name}.wasm"));
        let Some(entry) = self.entries.get(name) else {
            return Some(format!("{name}: no entry in the lock"));
        };
        if entry.source != source {
            return Some(format!(
                "{name}: the sources changed since the component was built (lock {}, now {source})",
                entry.source
            ));
        }
        let Ok(component) = fs::read(&file) else {
            return Some(format!("{name}: {} is missing", file.display()));
        };
        let found = component_hash(&component);
        (entry.component != found).then(|| {
            format!(
                "{name}: {} is not what the lock names (lock {}, found {found})",
                file.display(),
                entry.component
            )
        })
    }
}

/// BLAKE3 of a component, in hexadecimal.
pub(crate) fn component_hash(component: &[u8]) -> String {
    blake3::hash(component).to_hex().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const COMPONENT: &[u8] = b"a component";

    fn directory_with_lock() -> (tempfile::TempDir, Lock) {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join("sma.wasm"), COMPONENT).unwrap();
        let mut lock = Lock::default();
        lock.insert(
            "sma",
            Entry {
                source: "source".to_owned(),
                component: component_hash(COMPONENT),
                rustc: "rustc 1.95.0".to_owned(),
            },
        );
        (directory, lock)
    }

    #[test]
    fn the_component_hash_is_blake3() {
        // Python package blake3 1.0.11: `blake3.blake3(b"abc").hexdigest()`.
        assert_eq!(
            component_hash(b"abc"),
            "6437b3ac38465133ffb63b75273a8db548c558465d79db03fd359c6cd5bd9d85"
        );
    }

    #[test]
    fn a_lock_reads_back_as_written() {
        let (directory, lock) = directory_with_lock();
        lock.write(directory.path()).unwrap();
        assert_eq!(Lock::read(directory.path()).unwrap(), lock);
    }

    #[test]
    fn a_directory_without_a_lock_has_an_empty_one() {
        let directory = tempfile::tempdir().unwrap();
        assert_eq!(Lock::read(directory.path()).unwrap(), Lock::default());
    }

    #[test]
    fn a_file_that_is_no_lock_is_refused_with_the_remedy() {
        let directory = tempfile::tempdir().unwrap();
        fs::write(directory.path().join(FILE_NAME), r#"{"sma": {"source": 1}}"#).unwrap();
        let error = format!("{:#}", Lock::read(directory.path()).unwrap_err());
        assert!(error.contains("cargo xtask plugins"), "{error}");
    }

    #[test]
    fn a_component_that_matches_has_no_fault() {
        let (directory, lock) = directory_with_lock();
        assert_eq!(lock.fault(directory.path(), "sma", "source"), None);
    }

    #[test]
    fn each_fault_is_told_apart() {
        let (directory, lock) = directory_with_lock();
        let fault = |name, source| lock.fault(directory.path(), name, source).unwrap();
        assert!(fault("rsi", "source").contains("no entry"));
        assert!(fault("sma", "newer").contains("sources changed"));

        fs::write(directory.path().join("sma.wasm"), b"another component").unwrap();
        assert!(fault("sma", "source").contains("not what the lock names"));

        fs::remove_file(directory.path().join("sma.wasm")).unwrap();
        assert!(fault("sma", "source").contains("missing"));
    }

    #[test]
    fn entries_without_a_plugin_are_found_and_dropped() {
        let (_directory, mut lock) = directory_with_lock();
        let names = BTreeSet::from(["rsi".to_owned()]);
        assert_eq!(lock.strangers(&names), ["sma"]);
        lock.retain(&names);
        assert!(lock.strangers(&names).is_empty());
    }
}
