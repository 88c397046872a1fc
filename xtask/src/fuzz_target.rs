//! A coverage-guided target of `tests/fuzz`: built, run and judged.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, bail, ensure};

use crate::{console, layout, process};

/// How much is tried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effort {
    /// As many inputs as so many seconds allow.
    Seconds(u64),
    /// So many inputs.
    Runs(u64),
}

/// Memory of the fuzzer in MB: what the program may take for any small input, and the fuzzer's own.
const MEMORY_MB_MAX: u32 = 2_048;

/// Time for one input in seconds. Most take less than a millisecond; the machine may be busy.
const SECONDS_MAX: u32 = 20;

/// Largest input in bytes, some times the largest seed.
const INPUT_BYTES_MAX: u32 = 32 << 10;

/// Lines of the fuzzer that are shown when an input did harm.
const SHOWN_LINES: usize = 60;

/// A kind of input.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    name: String,
}

/// Builds the fuzzer, with the crates of others as they are in the program, and gives its file.
///
/// # Errors
///
/// It does not build.
pub(crate) fn build() -> Result<PathBuf> {
    let mut command = process::cargo(&["build", "--release"]);
    // Named together with the command, so that the features of the crates of others are the same, and they are not built anew.
    command.args(["--package", "ct-host-cli", "--package", "ct-fuzz", "--bin", "ct-fuzz"]);
    command.args(["--features", "ct-fuzz/libfuzzer"]);
    command.env("RUSTC_WORKSPACE_WRAPPER", layout::root().join("tests/fuzz/coverage-rustc"));
    process::built(command)
}

impl Target {
    /// The targets called `names`, or all of them when there are none.
    ///
    /// # Errors
    ///
    /// One of them is not there.
    pub(crate) fn named(names: &[String]) -> Result<Vec<Self>> {
        let seeds = layout::fuzz_seeds();
        let located = || format!("cannot read {}", seeds.display());
        let mut known = Vec::new();
        for entry in fs::read_dir(&seeds).with_context(located)? {
            known.push(entry?.file_name().to_string_lossy().into_owned());
        }
        known.sort();
        for name in names {
            ensure!(known.contains(name), "no target '{name}': there are {}", known.join(", "));
        }
        let wanted = if names.is_empty() { known } else { names.to_vec() };
        Ok(wanted.into_iter().map(|name| Self { name }).collect())
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Lets `fuzzer` try inputs, and tells in a line how many they were and how far they came. What it finds on the way stays
    /// for the next time.
    ///
    /// # Errors
    ///
    /// An input did harm; the error names its file.
    pub(crate) fn run(&self, fuzzer: &Path, effort: Effort) -> Result<String> {
        let found = layout::fuzzing().join(&self.name);
        let corpus = found.join("corpus");
        fs::create_dir_all(&corpus).with_context(|| format!("cannot make {}", corpus.display()))?;
        let mut command = Command::new(fuzzer);
        command.arg(format!("--target={}", self.name));
        command.arg(match effort {
            Effort::Seconds(seconds) => format!("-max_total_time={seconds}"),
            Effort::Runs(runs) => format!("-runs={runs}"),
        });
        command.arg(format!("-rss_limit_mb={MEMORY_MB_MAX}"));
        command.arg(format!("-timeout={SECONDS_MAX}"));
        command.arg(format!("-max_len={INPUT_BYTES_MAX}"));
        command.arg(format!("-artifact_prefix={}/", found.display()));
        command.args(["-print_final_stats=1", "-use_value_profile=1"]);
        command.arg(format!("-dict={}", layout::fuzz_words().display()));
        command.arg(&corpus).arg(layout::fuzz_seeds().join(&self.name));
        let output = command.stdin(Stdio::null()).output();
        let output = output.with_context(|| format!("cannot start {}", fuzzer.display()))?;
        let told = String::from_utf8_lossy(&output.stderr);
        if output.status.success() {
            return Ok(self.line(&told));
        }
        let lines: Vec<&str> = told.lines().collect();
        for line in lines.iter().skip(lines.len().saturating_sub(SHOWN_LINES)) {
            console::say(line);
        }
        match told.lines().find_map(|line| line.split_once("Test unit written to ")) {
            Some((_, file)) => bail!("{}: {file} did harm", self.name),
            None => bail!("{}: the fuzzer ended with {}", self.name, output.status),
        }
    }

    /// What `told`, the fuzzer's report, comes to.
    fn line(&self, told: &str) -> String {
        let number = |line: &str, name: &str| -> Option<u64> {
            line.split_once(name)?.1.split_whitespace().next()?.parse().ok()
        };
        let last = |name: &str| told.lines().filter_map(|line| number(line, name)).next_back();
        let seconds =
            told.lines().find_map(|line| line.split_once(" in ")?.1.strip_suffix(" second(s)"));
        format!(
            "{}: {} cases, {} places and {} ways covered, {} s, at most {} MB",
            self.name,
            last("stat::number_of_executed_units:").unwrap_or_default(),
            last(" cov: ").unwrap_or_default(),
            last(" ft: ").unwrap_or_default(),
            seconds.unwrap_or("?"),
            last("stat::peak_rss_mb:").unwrap_or_default(),
        )
    }
}
