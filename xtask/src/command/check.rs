//! `cargo xtask check`: what continuous integration runs beside the tests.

use std::process::Command;

use anyhow::{Result, ensure};

use crate::command::{fuzz, plugins};
use crate::process::cargo;
use crate::{console, process};

type Check = fn() -> Result<()>;

/// Runs every check, also after one that failed, and names those that failed.
///
/// # Errors
///
/// A check failed.
pub(crate) fn run() -> Result<()> {
    let checks: [(&str, Check); 7] = [
        ("format", format),
        ("lints", lints),
        ("lints of what embedders build", embedders),
        ("documentation", documentation),
        ("dependencies", dependencies),
        ("prebuilt plugins", plugins::check),
        ("inputs of strangers", fuzz::check),
    ];
    let mut failed = Vec::new();
    for (name, check) in checks {
        if let Err(error) = check() {
            console::say(&format!("{error:#}"));
            failed.push(name);
        }
    }
    ensure!(failed.is_empty(), "failed: {}", failed.join(", "));
    console::say("all checks passed");
    Ok(())
}

fn format() -> Result<()> {
    process::run(&mut cargo(&["fmt", "--all", "--check"]))
}

fn lints() -> Result<()> {
    process::run(&mut cargo(&[
        "clippy",
        "--release",
        "--workspace",
        "--all-targets",
        "--features",
        "ct-fuzz/libfuzzer",
        "--",
        "-D",
        "warnings",
    ]))
}

/// The examples by themselves, so that the layers are built with the features that embedders give them.
fn embedders() -> Result<()> {
    let mut command = cargo(&["clippy", "--release", "--all-targets"]);
    for example in ["example-native-strategy", "example-own-bars", "example-from-yaml"] {
        command.args(["--package", example]);
    }
    process::run(command.args(["--", "-D", "warnings"]))
}

fn documentation() -> Result<()> {
    let mut command: Command = cargo(&["doc", "--release", "--workspace", "--no-deps"]);
    process::run(command.env("RUSTDOCFLAGS", "-D warnings"))
}

/// Licences, banned crates and sources by `deny.toml`.
///
/// Advisories are left to continuous integration: they need the network, and change while the code does not.
fn dependencies() -> Result<()> {
    if process::probe(&mut cargo(&["deny", "--version"])).is_none() {
        console::say(
            "skipped `cargo deny check`: install it with `cargo install --locked cargo-deny`",
        );
        return Ok(());
    }
    process::run(&mut cargo(&["deny", "check", "bans", "licenses", "sources"]))
}
