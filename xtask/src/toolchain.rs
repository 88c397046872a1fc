//! The toolchain that compiles plugins, with the flags that make the same component of them on every machine.

use std::env;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result};
use ct_toolchain::{DISTRIBUTION_SOURCES, Toolchain};

use crate::layout;

/// A toolchain that was found on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GuestToolchain {
    toolchain: Toolchain,
    /// Version line, such as `rustc 1.95.0 (59807616e 2026-04-14)`.
    rustc: String,
}

impl GuestToolchain {
    /// The toolchain that is ready to use; `None` when something has to be installed.
    pub(crate) fn find() -> Option<Self> {
        let toolchain = Toolchain::find(layout::root()).ok()?;
        Some(Self { toolchain, rustc: toolchain.rustc_version(layout::root())? })
    }

    /// Version line of the compiler.
    pub(crate) fn rustc(&self) -> &str {
        &self.rustc
    }

    /// `cargo build` for the guests' target, without package and profile.
    ///
    /// # Errors
    ///
    /// Cargo's home directory is unknown.
    pub(crate) fn cargo_build(&self) -> Result<Command> {
        let mut command = self.toolchain.cargo_build();
        command.env("CARGO_ENCODED_RUSTFLAGS", rustflags()?).current_dir(layout::root());
        Ok(command)
    }
}

/// Flags that keep this machine's directories out of the panic messages of a component.
fn rustflags() -> Result<String> {
    let cargo_home = cargo_home().context("cannot find cargo's home directory: set CARGO_HOME")?;
    let prefixes = [
        (cargo_home.join("registry/src"), "registry"),
        (PathBuf::from(DISTRIBUTION_SOURCES), "/rustc"),
        (layout::root().to_path_buf(), "ct-host"),
    ];
    let flags = prefixes.map(|(from, to)| format!("--remap-path-prefix={}={to}", from.display()));
    // Cargo's own separator: a directory may have a space in its name.
    Ok(flags.join("\x1f"))
}

#[expect(clippy::disallowed_methods, reason = "cargo names its home only in the environment")]
fn cargo_home() -> Option<PathBuf> {
    let default = || env::home_dir().map(|home| home.join(".cargo"));
    env::var_os("CARGO_HOME").map(PathBuf::from).or_else(default)
}
