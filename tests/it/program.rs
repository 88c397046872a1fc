//! The command `ct-host`, run as its users run it.

use std::path::{Path, PathBuf};

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

/// The program that was built beside this test.
///
/// # Panics
/// When it was not.
pub(crate) fn program() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    // The test is in target/release/deps, the program in target/release.
    let folder = test.parent().and_then(Path::parent).unwrap();
    let program = folder.join(format!("ct-host{}", std::env::consts::EXE_SUFFIX));
    assert!(
        program.exists(),
        "{} is not there: run `cargo build --release -p ct-host-cli` first, for the same profile as this test",
        program.display()
    );
    program
}

/// `ct-host` in `folder`, with a cache and a user's configuration of its own.
pub(crate) fn ct_host(folder: &TempDir) -> Command {
    let mut command = Command::new(program());
    command.current_dir(folder).env("CT_HOST_CACHE_DIR", folder.path().join("cache"));
    command.env("CT_HOST_DATA_DIR", folder.path().join("data"));
    command.env("CT_HOST_CONFIG_DIR", folder.path().join("own"));
    command.env_remove("NO_COLOR");
    command
}

pub(crate) fn folder() -> TempDir {
    tempfile::tempdir().unwrap()
}

/// Standard output of a run that succeeds.
pub(crate) fn output(command: &mut Command) -> String {
    let output = command.assert().success().get_output().stdout.clone();
    String::from_utf8(output).unwrap()
}

pub(crate) fn json(command: &mut Command) -> Value {
    serde_json::from_str(&output(command)).unwrap()
}
