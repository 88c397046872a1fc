//! Price files that unpack or parse into far more than they weigh.
#![cfg(unix)]

mod columnar;
mod devices;
mod kept_folders;
mod many_files;
mod parquet;
mod text;

use std::path::Path;
use std::time::Duration;

use assert_cmd::Command;
use tempfile::TempDir;

use crate::program::program;

/// Memory that the program may ask for, kilobytes. It needs some hundred thousand for any small file; each of these would
/// take all there is.
const MEMORY_KB: u32 = 1_500_000;

/// The program is given up after this long: each of these is refused within a second or two, on a busy machine some more.
const PATIENCE: Duration = Duration::from_mins(1);

/// Lines that are told of any number of mistakes: a hundred, and how many more there are.
const LINES_MAX: usize = 101;

/// `ct-host` in `folder` with `arguments`, which cannot take more than [`MEMORY_KB`].
fn bounded(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::new("sh");
    command.arg("-c").arg(format!("ulimit -v {MEMORY_KB}; exec \"$0\" \"$@\"")).arg(program());
    command.args(arguments).current_dir(folder).timeout(PATIENCE);
    command.env("CT_HOST_CACHE_DIR", folder.path().join("cache"));
    command.env("CT_HOST_DATA_DIR", folder.path().join("data"));
    command
}

/// Asserts that `command` ends as wrong input does, and tells why.
fn assert_refused(command: &mut Command, expected: &[&str]) {
    let ended = command.assert().code(2);
    let told = String::from_utf8(ended.get_output().stderr.clone()).unwrap();
    for text in expected {
        assert!(told.contains(text), "expected '{text}' in: {told}");
    }
    assert!(told.lines().count() <= LINES_MAX && !told.contains("panicked"), "{told}");
    assert!(told.lines().all(|line| line.len() < 2_000), "{told}");
}

/// Writes the file `name` and asserts that it is refused.
fn assert_file_refused(folder: &TempDir, name: &str, content: &[u8], expected: &[&str]) {
    std::fs::write(folder.path().join(name), content).unwrap();
    assert_refused(&mut bounded(folder, &["validate-data", name]), expected);
}

/// A pipe that nobody writes to.
fn make_pipe(path: &Path) {
    Command::new("mkfifo").arg(path).assert().success();
}
