//! The Rust toolchain that compiles plugins, which may be another than the one that compiles the host.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::{env, fs};

use anyhow::{Context, Result};

use crate::{layout, process};

/// The one target of all guests: it has no system interface that would have to be stubbed.
pub(crate) const TARGET: &str = "wasm32-unknown-unknown";

const DISTRIBUTION_RUSTC: &str = "/usr/bin/rustc";
const DISTRIBUTION_CARGO: &str = "/usr/bin/cargo";
const DISTRIBUTION_LINKER: &str = "/usr/bin/wasm-ld";

/// What cargo and rustup set for the programs they start, and what would send the distribution's
/// cargo to the wrong compiler, flags or libraries.
const INHERITED: [&str; 9] = [
    "CARGO",
    "CARGO_BUILD_TARGET",
    "CARGO_BUILD_RUSTFLAGS",
    "LD_LIBRARY_PATH",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTC_WRAPPER",
    "RUSTDOC",
    "RUSTFLAGS",
    "RUSTUP_TOOLCHAIN",
];

/// A toolchain that was found on this machine.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct GuestToolchain {
    kind: Kind,
    /// Version line, such as `rustc 1.95.0 (59807616e 2026-04-14)`.
    rustc: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The active toolchain has the target.
    Active,
    /// The distribution's packages: a compiler, a linker, and the sources that `std` is built from.
    Distribution,
}

impl GuestToolchain {
    /// The toolchain that is ready to use; `None` when something has to be installed.
    pub(crate) fn find() -> Option<Self> {
        Self::active().or_else(Self::distribution)
    }

    fn active() -> Option<Self> {
        let rustc = || {
            let mut command = Command::new("rustc");
            command.current_dir(layout::root());
            command
        };
        let libraries =
            process::probe(rustc().args(["--print", "target-libdir", "--target", TARGET]))?;
        // Rustup leaves the directory behind when it removes a target, so the library itself is looked for.
        let has_std = fs::read_dir(libraries.trim())
            .ok()?
            .flatten()
            .any(|entry| entry.file_name().to_string_lossy().starts_with("libstd-"));
        let version = has_std.then(|| process::probe(rustc().arg("--version")))??;
        Some(Self { kind: Kind::Active, rustc: version.trim().to_owned() })
    }

    fn distribution() -> Option<Self> {
        let version = process::probe(Command::new(DISTRIBUTION_RUSTC).arg("--version"))?;
        let complete = release_of(&version)?
            >= release_of(concat!("rustc ", env!("CARGO_PKG_RUST_VERSION")))?
            && [DISTRIBUTION_CARGO, DISTRIBUTION_LINKER]
                .iter()
                .all(|file| Path::new(file).exists())
            && distribution_sources().join("library/std/Cargo.toml").exists();
        complete.then(|| Self { kind: Kind::Distribution, rustc: version.trim().to_owned() })
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
        let mut command = match self.kind {
            Kind::Active => Command::new("cargo"),
            Kind::Distribution => distribution_cargo(),
        };
        command
            .arg("build")
            .args(["--target", TARGET])
            .env("CARGO_ENCODED_RUSTFLAGS", rustflags()?)
            .current_dir(layout::root());
        if self.kind == Kind::Distribution {
            // Without the default features of `std`: its backtraces need a system.
            command.args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features="]);
        }
        Ok(command)
    }
}

fn distribution_cargo() -> Command {
    let mut command = Command::new(DISTRIBUTION_CARGO);
    for name in INHERITED {
        command.env_remove(name);
    }
    command
        .env("RUSTC", DISTRIBUTION_RUSTC)
        // Building `std` is an unstable option of cargo, which a release accepts only with this.
        .env("RUSTC_BOOTSTRAP", "1")
        .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", DISTRIBUTION_LINKER);
    command
}

fn distribution_sources() -> PathBuf {
    PathBuf::from("/usr/lib/rustlib/src/rust")
}

/// Flags that keep this machine's directories out of the panic messages of a component.
fn rustflags() -> Result<String> {
    let cargo_home = cargo_home().context("cannot find cargo's home directory: set CARGO_HOME")?;
    let prefixes = [
        (cargo_home.join("registry/src"), "registry"),
        (distribution_sources(), "/rustc"),
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

/// Major and minor number of a version line such as `rustc 1.95.0 (59807616e 2026-04-14)`.
fn release_of(version_line: &str) -> Option<(u32, u32)> {
    let mut numbers = version_line.strip_prefix("rustc ")?.split(['.', '-', ' ']);
    Some((numbers.next()?.parse().ok()?, numbers.next()?.trim().parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_are_read_from_version_lines() {
        for (line, release) in [
            ("rustc 1.95.0 (59807616e 2026-04-14)\n", Some((1, 95))),
            ("rustc 1.96.0 (ac68faa20 2026-05-25) (built from a source tarball)", Some((1, 96))),
            ("rustc 1.97.0-nightly (0123456789 2026-06-01)", Some((1, 97))),
            ("rustc 1.95", Some((1, 95))),
            ("cargo 1.95.0", None),
            ("rustc one", None),
        ] {
            assert_eq!(release_of(line), release, "{line}");
        }
    }

    #[test]
    fn an_older_compiler_of_the_distribution_is_told_apart() {
        // Debian 12's default `rustc` package.
        assert!(release_of("rustc 1.63.0") < release_of("rustc 1.95.0"));
        assert!(release_of("rustc 2.0.0") > release_of("rustc 1.95.0"));
    }
}
