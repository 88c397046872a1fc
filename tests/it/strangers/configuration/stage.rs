//! The program with a configuration of a stranger.

use std::fs;
use std::time::Duration;

use assert_cmd::Command;
use tempfile::TempDir;

use crate::program::ct_host;

/// The program is given up after this long: it needs a second, and ten where it waits for a pipe.
const PATIENCE: Duration = Duration::from_mins(1);

/// Most of what is told of a mistake, or of a hundred and the count of the rest, in bytes.
const TOLD_BYTES_MAX: usize = 100_000;

/// Address space of a program that only reads its configuration, in kB: several times what it uses.
#[cfg(unix)]
const MEMORY_KB: usize = 1_000_000;

pub(super) fn write(folder: &TempDir, name: &str, text: &str) {
    let path = folder.path().join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// `ct-host` in `folder` with `arguments`.
pub(super) fn called(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut command = ct_host(folder);
    command.args(arguments).timeout(PATIENCE);
    command
}

/// The same with little memory where the system can limit it: enough for the configuration, too little for a plugin.
pub(super) fn in_bounds(folder: &TempDir, arguments: &[&str]) -> Command {
    let plain = called(folder, arguments);
    #[cfg(unix)]
    let command = {
        let mut shell = Command::new("sh");
        let line = format!("ulimit -v {MEMORY_KB} 2>/dev/null; exec \"$0\" \"$@\"");
        shell.arg("-c").arg(line).arg(plain.get_program()).current_dir(folder);
        for (name, value) in plain.get_envs() {
            match value {
                Some(value) => shell.env(name, value),
                None => shell.env_remove(name),
            };
        }
        shell.args(arguments).timeout(PATIENCE);
        shell
    };
    #[cfg(not(unix))]
    let command = plain;
    command
}

/// What `command` tells, which is refused as wrong input: little, and nothing that steers a terminal.
pub(super) fn refusal(command: &mut Command) -> String {
    let ended = command.assert().code(2);
    let told = String::from_utf8(ended.get_output().stderr.clone()).unwrap();
    assert!(told.len() < TOLD_BYTES_MAX, "{} bytes: {}", told.len(), &told[..1_000]);
    assert!(!told.contains("panicked") && !told.contains("overflow"), "{told}");
    told
}
