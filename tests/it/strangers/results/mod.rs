//! Results of strangers: files that claim to be what a run of this program wrote.

mod claims;
mod forged;
mod plots;
mod shown_texts;
mod sizes;
mod spreadsheets;

use std::fs;
use std::path::Path;
use std::process::Output;
use std::time::Duration;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

use crate::program::{ct_host, program};

/// The program is given up after this long: what it does here takes seconds, on a busy machine some more.
const PATIENCE: Duration = Duration::from_mins(2);

/// Address space of the program, in KiB: a tenth of what a bomb would take.
const MEMORY_KIB: u64 = 4 << 20;

/// What a stranger makes of a result.
type Change = fn(&mut Value);

/// A price file with an hour for each close.
fn prices(closes: impl Iterator<Item = f64>) -> String {
    const START_MS: i64 = 1_704_067_200_000;
    let row = |(time, close): (i64, f64)| format!("{time},{close},{close},{close},{close},1000\n");
    let times = (START_MS..).step_by(3_600_000);
    let rows: String = times.zip(closes).map(row).collect();
    format!("timestamp,open,high,low,close,volume\n{rows}")
}

/// An honest result on the sample market.
fn result(folder: &TempDir) -> Value {
    ct_host(folder).args(["backtest", "--out", "run", "--quiet"]).assert().success();
    serde_json::from_slice(&fs::read(folder.path().join("run/result.json")).unwrap()).unwrap()
}

/// The file `stranger.json` with what `change` makes of `result`.
fn write(folder: &TempDir, result: &Value, change: impl FnOnce(&mut Value)) {
    let mut result = result.clone();
    change(&mut result);
    fs::write(folder.path().join("stranger.json"), result.to_string()).unwrap();
}

/// `ct-host report` on `file` within its memory.
fn report(folder: &TempDir, file: &str, form: &str) -> Output {
    let limited = format!("ulimit -v {MEMORY_KIB}; exec \"$0\" \"$@\"");
    let mut command = Command::new("sh");
    command.arg("-c").arg(limited).arg(program()).args(["report", file, "--format", form]);
    command.current_dir(folder).timeout(PATIENCE).output().unwrap()
}

/// What it said on standard error, which is no panic, no signal and nothing that steers a terminal.
fn said(output: &Output, what: &str) -> String {
    let said = String::from_utf8(output.stderr.clone()).unwrap();
    assert!(matches!(output.status.code(), Some(0 | 2)), "{what}: {:?}: {said}", output.status);
    assert!(!said.contains("panicked"), "{what}: {said}");
    assert_plain(&said, what);
    said
}

/// That `text` has lines, and no other character that steers a terminal, turns the line around or hides.
fn assert_plain(text: &str, what: &str) {
    let is_hostile = |character: char| {
        character != '\n'
            && (character.is_control()
                || "\u{ad}\u{61c}\u{200b}\u{200e}\u{200f}\u{2028}\u{202a}\u{202e}\u{2066}\u{2069}\u{feff}"
                    .contains(character))
    };
    assert!(!text.contains(is_hostile), "{what}: {}", text.escape_debug());
}

fn exists(folder: &TempDir, name: &str) -> bool {
    Path::exists(&folder.path().join(name))
}
