//! Plugin files: the prebuilt ones, those built from source, and the misbehaving guests.

use std::path::PathBuf;

/// The component `name` (such as `sma_crossover`) that `cargo xtask plugins` has built from source.
///
/// # Panics
/// When it has not been built.
pub fn from_source(name: &str) -> Vec<u8> {
    let path = target_folder().join("guests/components").join(format!("{name}.wasm"));
    match std::fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) => unreachable!("{}: {error}: run `cargo xtask plugins` first", path.display()),
    }
}

/// The workspace's target folder: two above the running test's executable.
fn target_folder() -> PathBuf {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..");
    root.join("target")
}
