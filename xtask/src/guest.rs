//! Guest crates: the built-in plugins and the plugins of the tests.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::toolchain::GuestToolchain;
use crate::{component, layout, process};

/// A crate that compiles to one component.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Guest {
    directory: PathBuf,
}

/// A component that was built on this machine.
#[derive(Debug)]
pub(crate) struct Component {
    /// Crate name with underscores, such as `sma_crossover`.
    pub(crate) name: String,
    pub(crate) bytes: Vec<u8>,
}

impl Guest {
    /// The plugins that ship inside the binary.
    pub(crate) fn built_in() -> Vec<Self> {
        layout::BUILT_IN_PLUGINS
            .iter()
            .map(|name| Self { directory: layout::built_in_plugin(name) })
            .collect()
    }

    /// Every crate under `tests/guests`, in the order of names.
    ///
    /// # Errors
    ///
    /// The directory cannot be listed.
    pub(crate) fn of_tests() -> Result<Vec<Self>> {
        let parent = layout::test_guests();
        if !parent.exists() {
            return Ok(Vec::new());
        }
        let mut directories: Vec<PathBuf> = fs::read_dir(&parent)
            .and_then(|entries| entries.map(|entry| entry.map(|entry| entry.path())).collect())
            .with_context(|| format!("cannot list {}", parent.display()))?;
        directories.retain(|directory| directory.join("Cargo.toml").exists());
        directories.sort();
        Ok(directories.into_iter().map(|directory| Self { directory }).collect())
    }

    /// Compiles the crate and makes a component of it. Cargo skips what did not change.
    ///
    /// # Errors
    ///
    /// The crate does not compile, is not a plugin, or its module does not fit its interface.
    pub(crate) fn build(&self, toolchain: &GuestToolchain) -> Result<Component> {
        let manifest = self.directory.join("Cargo.toml");
        let mut command = toolchain.cargo_build()?;
        command
            .arg("--config")
            .arg(layout::guest_profile())
            .args(["--profile", "guest", "--message-format=json-render-diagnostics"])
            .arg("--manifest-path")
            .arg(&manifest)
            .arg("--target-dir")
            .arg(layout::guest_target());
        let messages = process::output(&mut command)?;
        let Some((name, file)) = module_of(&messages, &manifest) else {
            bail!(
                "{} gives no WebAssembly module: add `crate-type = [\"cdylib\"]` under `[lib]`",
                manifest.display()
            );
        };
        let module = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        let bytes = component::from_module(&module)
            .with_context(|| format!("cannot make a component of {}", file.display()))?;
        Ok(Component { name, bytes })
    }
}

/// The part of cargo's artifact message that is read here.
#[derive(Debug, Deserialize)]
struct Artifact {
    manifest_path: PathBuf,
    target: Target,
    filenames: Vec<PathBuf>,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
}

/// Name and file of the module that cargo made of the crate with this manifest.
fn module_of(messages: &str, manifest: &Path) -> Option<(String, PathBuf)> {
    messages
        .lines()
        // Messages of other kinds lack these fields and are skipped.
        .filter_map(|line| serde_json::from_str::<Artifact>(line).ok())
        .filter(|artifact| artifact.manifest_path == manifest)
        .find_map(|artifact| {
            let is_module = |file: &PathBuf| file.extension().is_some_and(|end| end == "wasm");
            let file = artifact.filenames.into_iter().find(is_module)?;
            Some((artifact.target.name.replace('-', "_"), file))
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What cargo 1.95 wrote for a plugin, shortened to two of its lines.
    const MESSAGES: &str = r#"{"reason":"compiler-artifact","manifest_path":"/r/sdk/Cargo.toml","target":{"kind":["lib"],"name":"ct_sdk"},"filenames":["/t/libct_sdk.rlib"],"fresh":true}
{"reason":"compiler-artifact","manifest_path":"/r/plugins/sma-crossover/Cargo.toml","target":{"kind":["cdylib","lib"],"name":"sma_crossover"},"filenames":["/t/sma_crossover.wasm","/t/libsma_crossover.rlib"],"fresh":false}
{"reason":"build-finished","success":true}
"#;

    #[test]
    fn the_module_of_the_crate_is_found_among_the_messages() {
        let found = module_of(MESSAGES, Path::new("/r/plugins/sma-crossover/Cargo.toml"));
        assert_eq!(
            found,
            Some(("sma_crossover".to_owned(), PathBuf::from("/t/sma_crossover.wasm")))
        );
    }

    #[test]
    fn a_crate_without_a_module_has_none() {
        assert_eq!(module_of(MESSAGES, Path::new("/r/sdk/Cargo.toml")), None);
        assert_eq!(module_of("", Path::new("/r/sdk/Cargo.toml")), None);
    }
}
