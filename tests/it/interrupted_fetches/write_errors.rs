//! Disks that are full, and folders that cannot be written to.
#![cfg(unix)]

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Output};

use ct_tests::exchange_server::Exchange;
use tempfile::TempDir;

use super::market::{Market, succeed};
use crate::program::{folder, program};

/// Runs `command` where no file can have more than `kibibytes`: to a program that is what a full disk is, a write that
/// fails halfway.
fn on_a_small_disk(command: &Command, kibibytes: usize) -> Output {
    // In blocks of 512 bytes. Without the trap the system would end the process instead of refusing the write.
    let script = format!("trap '' XFSZ; ulimit -f {}; exec \"$@\"", kibibytes * 2);
    let mut shell = Command::new("sh");
    shell.args(["-c", &script, "sh"]).arg(command.get_program()).args(command.get_args());
    shell.current_dir(command.get_current_dir().unwrap());
    for (name, value) in command.get_envs() {
        shell.env(name, value.unwrap());
    }
    shell.output().unwrap()
}

/// The run failed with a message about a file of the data folder.
fn assert_cannot_write(output: &Output, reason: &str) {
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert!(told.contains("cannot ") && told.contains("data/"), "{told}");
    assert!(told.contains(reason), "{told}");
    assert!(!told.contains("panicked"), "{told}");
}

#[test]
fn a_full_disk_loses_nothing_that_was_kept() {
    let rows = 0..6_000;
    let market = Market::open(Exchange::Okx, rows.end, Vec::new());
    let version = market.undisturbed_version(&rows);
    let folder = folder();
    let mut held = 0;
    // Too little for a page; enough for pages, but not for what they are merged into.
    for kibibytes in [4, 12, 40, 150] {
        let output = on_a_small_disk(&market.fetch(&folder, &rows), kibibytes);
        assert_cannot_write(&output, "too large");
        let now_held = market.assert_true(&folder);
        assert!(now_held >= held, "{held} bars were held, now {now_held}");
        held = now_held;
    }
    assert!(0 < held && held < rows.len(), "{held}");
    succeed(&mut market.fetch(&folder, &rows));
    assert_eq!(market.assert_complete(&folder, &rows), version);
}

#[test]
fn a_file_where_the_folder_should_be_is_named() {
    let market = Market::open(Exchange::Okx, 500, Vec::new());
    let folder = folder();
    fs::write(folder.path().join("data"), "text").unwrap();
    let output = market.fetch(&folder, &(0..500)).output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(!output.status.success() && told.contains("/data"), "{told}");
    assert_eq!(fs::read_to_string(folder.path().join("data")).unwrap(), "text");
}

/// Sets the rights of `path` and of all below.
fn set_rights(path: &Path, folders: u32, files: u32) {
    let mode = if path.is_dir() { folders } else { files };
    if path.is_dir() {
        for entry in fs::read_dir(path).unwrap() {
            set_rights(&entry.unwrap().path(), folders, files);
        }
    }
    fs::set_permissions(path, Permissions::from_mode(mode)).unwrap();
}

/// The same command as somebody who may not do everything; the superuser hands the program over to nobody.
fn unprivileged(command: &mut Command, folder: &TempDir) -> Command {
    let copy = folder.path().join("ct-host");
    if !copy.exists() {
        fs::copy(program(), &copy).unwrap();
    }
    let mut unprivileged = Command::new(copy);
    unprivileged.args(command.get_args()).current_dir(folder);
    for (name, value) in command.get_envs() {
        unprivileged.env(name, value.unwrap());
    }
    if fs::metadata(folder).unwrap().uid() == 0 {
        const NOBODY: u32 = 65_534;
        unprivileged.uid(NOBODY).gid(NOBODY);
    }
    unprivileged
}

#[test]
fn a_folder_that_is_only_readable_can_be_read_and_is_not_changed() {
    let market = Market::open(Exchange::Okx, 2_000, Vec::new());
    let folder = folder();
    succeed(&mut market.fetch(&folder, &(0..1_000)));
    let version = market.assert_complete(&folder, &(0..1_000));
    set_rights(folder.path(), 0o755, 0o755);
    set_rights(&folder.path().join("data"), 0o555, 0o444);

    let mut read = market.backtest(&folder, &(0..1_000));
    succeed(&mut unprivileged(read.arg("--offline"), &folder));
    let update = unprivileged(&mut market.fetch(&folder, &(0..2_000)), &folder).output().unwrap();
    assert_cannot_write(&update, "denied");
    assert_eq!(market.assert_complete(&folder, &(0..1_000)), version);

    set_rights(&folder.path().join("data"), 0o755, 0o644);
    succeed(&mut market.fetch(&folder, &(0..2_000)));
    assert_eq!(
        market.assert_complete(&folder, &(0..2_000)),
        market.undisturbed_version(&(0..2_000))
    );
}
