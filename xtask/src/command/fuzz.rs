//! `cargo xtask fuzz`: inputs that nobody thought of.

use std::process::Command;

use anyhow::{Result, ensure};

use crate::fuzz_target::{self, Effort, Target};
use crate::{console, layout, process};

/// What a check may take of each target, in seconds.
const CHECK_SECONDS: u64 = 5;

/// Lets the fuzzer try the targets called `names`, or all of them when none is named, and tells of each what it took.
///
/// # Errors
///
/// There is no such target, the fuzzer does not build, or an input did harm; its file is told.
pub(crate) fn targets(names: &[String], effort: Effort) -> Result<()> {
    let targets = Target::named(names)?;
    let fuzzer = fuzz_target::build()?;
    let mut failed = Vec::new();
    for target in &targets {
        match target.run(&fuzzer, effort) {
            Ok(line) => console::say(&line),
            Err(error) => {
                console::say(&format!("{error:#}"));
                failed.push(target.name());
            }
        }
    }
    ensure!(failed.is_empty(), "an input did harm: {}", failed.join(", "));
    Ok(())
}

/// Every target for a moment, which finds what is on the surface.
///
/// # Errors
///
/// As [`targets`].
pub(crate) fn check() -> Result<()> {
    targets(&[], Effort::Seconds(CHECK_SECONDS))
}

/// Gives `cases` mutated inputs to the program that ships, as its users would. They are the same for the same `seed`.
///
/// # Errors
///
/// The program does not build, or an input did harm; its file is told.
pub(crate) fn program(cases: u64, seed: u64) -> Result<()> {
    // Both packages for each, so that the features of the crates of others are the same, and they are not built anew.
    let built = |binary: &str| {
        let packages = ["--package", "ct-host-cli", "--package", "ct-fuzz"];
        let mut command = process::cargo(&["build", "--release", "--bin", binary]);
        command.args(packages);
        process::built(command)
    };
    let program = built("ct-host")?;
    let mut command = Command::new(built("ct-fuzz-program")?);
    command.arg(program).args([cases.to_string(), seed.to_string()]);
    process::run(command.arg(layout::fuzzing().join("program")))
}
