//! Where things are in the repository.

use std::path::{Path, PathBuf};

/// Directories, under `plugins/`, of the plugins that ship inside the binary.
pub(crate) const BUILT_IN_PLUGINS: [&str; 3] =
    ["sma-crossover", "rsi-mean-reversion", "bollinger-breakout"];

/// The root of the checkout that this program was compiled in.
pub(crate) fn root() -> &'static Path {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package)
}

/// Crate directory of a built-in plugin.
pub(crate) fn built_in_plugin(directory: &str) -> PathBuf {
    root().join("plugins").join(directory)
}

/// The committed components of the built-in plugins, and their lock.
pub(crate) fn prebuilt() -> PathBuf {
    root().join("plugins/prebuilt")
}

/// Crates that are compiled to plugins for the tests only: one directory each.
pub(crate) fn test_guests() -> PathBuf {
    root().join("tests/guests")
}

/// Cargo's target directory of all guests; apart from the workspace's own, so that the two never wait for each other.
pub(crate) fn guest_target() -> PathBuf {
    root().join("target/guests")
}

/// Components built on this machine, where the tests look for them.
pub(crate) fn components() -> PathBuf {
    guest_target().join("components")
}

/// Inputs that the fuzzer begins with: one directory for each target.
pub(crate) fn fuzz_seeds() -> PathBuf {
    root().join("tests/fuzz/seeds")
}

/// Words that the fuzzer puts into inputs.
pub(crate) fn fuzz_words() -> PathBuf {
    root().join("tests/fuzz/words.dict")
}

/// What the fuzzer has found on this machine.
pub(crate) fn fuzzing() -> PathBuf {
    root().join("target/fuzz")
}

/// Cargo configuration with the profile of all guests.
pub(crate) fn guest_profile() -> PathBuf {
    root().join("xtask/guest.toml")
}
