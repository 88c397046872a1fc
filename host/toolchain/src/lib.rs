//! The Rust toolchain that compiles strategies, which may be another than the one that compiled the host.

use std::fs;
use std::path::Path;
use std::process::Command;

/// The one target of all strategies: it has no system interface that would have to be taken away again.
pub const TARGET: &str = "wasm32-unknown-unknown";

const DISTRIBUTION_RUSTC: &str = "/usr/bin/rustc";
const DISTRIBUTION_CARGO: &str = "/usr/bin/cargo";
const DISTRIBUTION_LINKER: &str = "/usr/bin/wasm-ld";

/// Where the distribution keeps the sources that `std` is built from.
pub const DISTRIBUTION_SOURCES: &str = "/usr/lib/rustlib/src/rust";

/// A compiler that is new enough, and what `std` is built with, on Debian and its kin.
pub const DISTRIBUTION_PACKAGES: [&str; 4] = ["rustc-web", "cargo-web", "rust-web-src", "lld"];

/// What cargo and rustup set for the programs they start, and flags meant for this machine: all of it would
/// send the build to a wrong compiler, target or processor.
const INHERITED: [&str; 12] = [
    "CARGO",
    "CARGO_BUILD_RUSTFLAGS",
    "CARGO_BUILD_TARGET",
    "CARGO_ENCODED_RUSTFLAGS",
    "LD_LIBRARY_PATH",
    "RUSTC",
    "RUSTC_WORKSPACE_WRAPPER",
    "RUSTC_WRAPPER",
    "RUSTDOC",
    "RUSTDOCFLAGS",
    "RUSTFLAGS",
    "RUSTUP_TOOLCHAIN",
];

/// A toolchain that was found on this machine.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Toolchain {
    /// The active toolchain of the crate's folder has the target.
    Active,
    /// The distribution's packages: a compiler, a linker, and the sources that `std` is built from.
    Distribution,
}

/// Nothing on this machine compiles strategies.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error(
    "no Rust toolchain here compiles for {TARGET}. With rustup: `rustup target add {TARGET}`. On Debian or Ubuntu without rustup: \
     `apt-get install --no-install-recommends {}` (rustc 1.95 or newer). Then build again", DISTRIBUTION_PACKAGES.join(" ")
)]
pub struct NoToolchain;

impl Toolchain {
    /// The toolchain that compiles the crate in `folder`.
    ///
    /// # Errors
    /// [`NoToolchain`] when something has to be installed.
    pub fn find(folder: &Path) -> Result<Self, NoToolchain> {
        if active_has_target(folder) {
            return Ok(Self::Active);
        }
        if distribution_is_complete() { Ok(Self::Distribution) } else { Err(NoToolchain) }
    }

    /// Version line of the compiler for the crate in `folder`, such as `rustc 1.95.0 (59807616e 2026-04-14)`; `None` if it
    /// does not tell.
    pub fn rustc_version(self, folder: &Path) -> Option<String> {
        let rustc = match self {
            Self::Active => "rustc",
            Self::Distribution => DISTRIBUTION_RUSTC,
        };
        let line = output_of(clean(rustc).current_dir(folder).arg("--version"))?;
        Some(line.trim().to_owned())
    }

    /// `cargo build` for the target, without profile and crate.
    pub fn cargo_build(self) -> Command {
        match self {
            Self::Active => {
                let mut command = clean("cargo");
                command.args(["build", "--target", TARGET]);
                command
            }
            Self::Distribution => {
                let mut command = clean(DISTRIBUTION_CARGO);
                command
                    .args(["build", "--target", TARGET])
                    // Without the default features of `std`: its backtraces need a system.
                    .args(["-Zbuild-std=std,panic_abort", "-Zbuild-std-features="])
                    .env("RUSTC", DISTRIBUTION_RUSTC)
                    // Building `std` is an unstable option of cargo, which a release accepts only with this.
                    .env("RUSTC_BOOTSTRAP", "1")
                    .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", DISTRIBUTION_LINKER);
                command
            }
        }
    }
}

fn active_has_target(folder: &Path) -> bool {
    let mut rustc = clean("rustc");
    rustc.current_dir(folder).args(["--print", "target-libdir", "--target", TARGET]);
    let Some(libraries) = output_of(&mut rustc) else { return false };
    // Rustup leaves the folder behind when it removes a target, so the library itself is looked for.
    let is_std = |entry: fs::DirEntry| entry.file_name().to_string_lossy().starts_with("libstd-");
    fs::read_dir(libraries.trim()).is_ok_and(|entries| entries.flatten().any(is_std))
}

fn distribution_is_complete() -> bool {
    let programs = [DISTRIBUTION_CARGO, DISTRIBUTION_LINKER].map(Path::new);
    let sources = Path::new(DISTRIBUTION_SOURCES).join("library/std/Cargo.toml");
    let oldest = release_of(concat!("rustc ", env!("CARGO_PKG_RUST_VERSION")));
    let found = output_of(clean(DISTRIBUTION_RUSTC).arg("--version"));
    let found = found.and_then(|line| release_of(&line));
    let is_new_enough = found.is_some() && found >= oldest;
    is_new_enough && programs.iter().all(|program| program.exists()) && sources.exists()
}

/// The program without what it would inherit from cargo and rustup by mistake.
pub fn clean(program: &str) -> Command {
    let mut command = Command::new(program);
    for name in INHERITED {
        command.env_remove(name);
    }
    command
}

/// Standard output of a program that may be missing or may fail; `None` then.
fn output_of(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()
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
        // Debian 12's default package is too old.
        assert!(release_of("rustc 1.63.0") < release_of("rustc 1.95.0"));
        assert!(release_of("rustc 2.0.0") > release_of("rustc 1.95.0"));
    }

    #[test]
    fn what_is_missing_comes_with_both_remedies() {
        let message = NoToolchain.to_string();
        assert!(message.contains("rustup target add wasm32-unknown-unknown"));
        assert!(message.contains("rustc-web cargo-web rust-web-src lld"));
    }
}
