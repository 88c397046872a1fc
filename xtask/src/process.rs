//! Child processes: run, capture, probe.

use std::path::PathBuf;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};

use crate::{console, layout};

/// Variables that cargo sets for `xtask` and that build scripts look at: passed on, they would have the scripts of `ring` run
/// again, and with them everything that speaks to exchanges be compiled again, whenever `cargo` and `cargo xtask` take turns.
const OF_XTASK: [&str; 9] = [
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_LINKS",
    "CARGO_MANIFEST_PATH",
    "CARGO_PKG_NAME",
    "CARGO_PKG_VERSION_MAJOR",
    "CARGO_PKG_VERSION_MINOR",
    "CARGO_PKG_VERSION_PATCH",
    "CARGO_PKG_VERSION_PRE",
    "OUT_DIR",
];

/// The `cargo` on the path, in the root of the repository.
pub(crate) fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.args(arguments).current_dir(layout::root());
    for name in OF_XTASK {
        command.env_remove(name);
    }
    command
}

/// Runs a command on this terminal, after naming it.
///
/// # Errors
///
/// The program cannot be started, or it fails.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let line = line_of(command);
    console::say(&line);
    let status = command.status().with_context(|| format!("cannot start `{line}`"))?;
    ensure!(status.success(), "`{line}` failed: {status}");
    Ok(())
}

/// Runs a command and gives its standard output; its errors go to this terminal.
///
/// # Errors
///
/// The program cannot be started, fails, or writes something other than UTF-8.
pub(crate) fn output(command: &mut Command) -> Result<String> {
    let line = line_of(command);
    let output = command
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("cannot start `{line}`"))?;
    ensure!(output.status.success(), "`{line}` failed: {}", output.status);
    String::from_utf8(output.stdout)
        .with_context(|| format!("`{line}` wrote text that is not UTF-8"))
}

/// Runs a command of cargo that builds one executable, and gives its file.
///
/// # Errors
///
/// It does not build.
pub(crate) fn built(mut cargo: Command) -> Result<PathBuf> {
    let messages = output(cargo.args(["--message-format", "json-render-diagnostics"]))?;
    let executable = |message: &str| -> Option<PathBuf> {
        let message: serde_json::Value = serde_json::from_str(message).ok()?;
        Some(PathBuf::from(message.get("executable")?.as_str()?))
    };
    let built = messages.lines().filter_map(executable).next_back();
    built.with_context(|| format!("`{}` names no executable", line_of(&cargo)))
}

/// Standard output of a program that may be missing or may fail; `None` then.
pub(crate) fn probe(command: &mut Command) -> Option<String> {
    let output = command.output().ok().filter(|output| output.status.success())?;
    String::from_utf8(output.stdout).ok()
}

fn line_of(command: &Command) -> String {
    let words = std::iter::once(command.get_program()).chain(command.get_args());
    words.map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
}
