//! Ctrl-C ends a run whatever it waits for; a run whose plugin loops is in `hostile_guests::in_the_program`.
#![cfg(unix)]

use std::fs;
use std::process::Child;

use crate::program::{folder, program};

/// The price file is a pipe that never gives a byte, so that the run waits for it.
#[test]
fn ctrl_c_ends_the_run_with_exit_code_130() {
    let folder = folder();
    let pipe = folder.path().join("never.csv");
    let made = std::process::Command::new("mkfifo").arg(&pipe).status().unwrap();
    assert!(made.success());
    let child = std::process::Command::new(program())
        .args(["backtest", "--data"])
        .arg(&pipe)
        .env("CT_HOST_CACHE_DIR", folder.path())
        .spawn()
        .unwrap();
    // Opening waits until the run opens its end, and by then it listens to Ctrl-C.
    let opened = std::thread::spawn(move || fs::OpenOptions::new().write(true).open(pipe).unwrap());
    let mut child = wait_for(child, || opened.is_finished());
    let _open = opened.join().unwrap();
    // The first Ctrl-C is a request; as the run never comes to the end of its file, the next one ends it.
    let process = child.id().to_string();
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        std::process::Command::new("kill").args(["-INT", &process]).output().unwrap();
    };
    assert_eq!(status.code(), Some(130));
}

/// Waits until `ready`, and fails when the process ends before.
fn wait_for(mut child: Child, ready: impl Fn() -> bool) -> Child {
    while !ready() {
        let status = child.try_wait().unwrap();
        assert!(status.is_none(), "the process ended early: {status:?}");
        std::thread::yield_now();
    }
    child
}
