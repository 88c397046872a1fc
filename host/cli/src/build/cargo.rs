//! Runs cargo and finds the module it made.

use std::io;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};

use ct_toolchain::Toolchain;
use serde::Deserialize;

/// A core module that cargo made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Module {
    /// The crate's name, with hyphens as in its manifest.
    pub(super) name: String,
    /// The file.
    pub(super) path: PathBuf,
}

/// Why there is no module.
#[derive(Debug, thiserror::Error)]
pub(super) enum CargoError {
    #[error("cargo cannot be started: {0}; install Rust from https://rustup.rs")]
    Start(io::Error),
    #[error("cargo failed ({0}): its messages are above")]
    Failed(ExitStatus),
    #[error(
        "the crate gives no WebAssembly module: expected `crate-type = [\"cdylib\", \"lib\"]` under `[lib]` in its Cargo.toml"
    )]
    NoModule,
    #[error("the folder has several strategy crates ({0}): name the folder of one of them")]
    SeveralModules(String),
}

/// Compiles the crate in `folder` for release. Cargo's own progress and messages go to standard error.
///
/// # Errors
/// [`CargoError`].
pub(super) fn build(folder: &Path, toolchain: Toolchain) -> Result<Module, CargoError> {
    let output = toolchain
        .cargo_build()
        .args(["--release", "--lib", "--message-format=json-render-diagnostics"])
        .current_dir(folder)
        .stderr(Stdio::inherit())
        .output()
        .map_err(CargoError::Start)?;
    if !output.status.success() {
        return Err(CargoError::Failed(output.status));
    }
    module_in(&String::from_utf8_lossy(&output.stdout))
}

/// The part of cargo's messages about what it made that is read here.
#[derive(Debug, Deserialize)]
struct Made {
    target: Target,
    filenames: Vec<PathBuf>,
}

#[derive(Debug, Deserialize)]
struct Target {
    name: String,
    crate_types: Vec<String>,
}

/// The one module among cargo's messages.
fn module_in(messages: &str) -> Result<Module, CargoError> {
    let mut modules: Vec<Module> = messages
        .lines()
        // Messages of other kinds lack these fields and are skipped.
        .filter_map(|line| serde_json::from_str::<Made>(line).ok())
        .filter(|made| made.target.crate_types.iter().any(|kind| kind == "cdylib"))
        .filter_map(|made| {
            let is_module = |file: &PathBuf| file.extension().is_some_and(|end| end == "wasm");
            let path = made.filenames.into_iter().find(is_module)?;
            Some(Module { name: made.target.name.replace('_', "-"), path })
        })
        .collect();
    match (modules.pop(), modules.as_slice()) {
        (None, _) => Err(CargoError::NoModule),
        (Some(module), []) => Ok(module),
        (Some(last), others) => {
            let names = others.iter().map(|module| module.name.as_str());
            let names: Vec<&str> = names.chain([last.name.as_str()]).collect();
            Err(CargoError::SeveralModules(names.join(", ")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What cargo 1.95 wrote for a plugin, shortened.
    const SDK: &str = r#"{"reason":"compiler-artifact","target":{"kind":["lib"],"crate_types":["lib"],"name":"ct_sdk"},"filenames":["/t/libct_sdk.rlib"]}"#;
    const PLUGIN: &str = r#"{"reason":"compiler-artifact","target":{"kind":["cdylib","lib"],"crate_types":["cdylib","lib"],"name":"my_strategy"},"filenames":["/t/my_strategy.wasm","/t/libmy_strategy.rlib"]}"#;
    const END: &str = r#"{"reason":"build-finished","success":true}"#;

    #[test]
    fn the_module_is_found_among_the_messages() {
        let module = module_in(&[SDK, PLUGIN, END].join("\n")).unwrap();
        let expected =
            Module { name: "my-strategy".to_owned(), path: PathBuf::from("/t/my_strategy.wasm") };
        assert_eq!(module, expected);
    }

    #[test]
    fn none_and_several_are_told_apart() {
        assert!(matches!(module_in(&[SDK, END].join("\n")), Err(CargoError::NoModule)));
        let error = module_in(&[PLUGIN, PLUGIN].join("\n")).unwrap_err();
        assert!(error.to_string().contains("my-strategy, my-strategy"), "{error}");
    }
}
