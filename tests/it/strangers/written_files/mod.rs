//! Files that the program writes where others can prepare the ground.
#![cfg(unix)]

mod existing_files;
mod links;
mod streams;
mod temporaries;

use std::fmt::Write;
use std::fs;
use std::path::Path;

use assert_cmd::Command;
use tempfile::TempDir;

use crate::program::ct_host;

/// Sound hourly bars.
fn prices() -> String {
    let mut text = "timestamp,open,high,low,close,volume\n".to_owned();
    for hour in 0..48_i64 {
        let (time, price) = (1_704_067_200_000 + hour * 3_600_000, 100 + hour);
        writeln!(text, "{time},{price},{price}.5,{price},{price}.25,3").unwrap();
    }
    text
}

/// A command line that writes a file: `FILE` stands for its path.
struct Case {
    line: &'static [&'static str],
    /// The end of the file's name.
    ending: &'static str,
    /// The exit code when the file is written.
    code: i32,
}

/// Every command and flag that names a file to write. The folder is a [`ground`].
const CASES: [Case; 4] = [
    Case { line: &["backtest", "--data", "a.csv", "--json", "FILE"], ending: ".json", code: 0 },
    Case { line: &["config", "init", "FILE"], ending: ".yaml", code: 0 },
    Case { line: &["data", "export", "FILE", "--symbol", "A/USD"], ending: ".csv", code: 0 },
    Case { line: &["validate-data", "a.csv", "--repair-to", "FILE"], ending: ".csv", code: 0 },
];

impl Case {
    /// The command that writes `path`.
    fn command(&self, ground: &TempDir, path: &str) -> Command {
        let mut command = ct_host(ground);
        command.args(self.line.iter().map(|part| if *part == "FILE" { path } else { part }));
        command
    }
}

/// A folder with the price file `a.csv`, whose bars are kept as `A/USD`.
fn ground() -> TempDir {
    let folder = crate::program::folder();
    fs::write(folder.path().join("a.csv"), prices()).unwrap();
    import(&folder).assert().success();
    folder
}

fn import(folder: &TempDir) -> Command {
    let mut command = ct_host(folder);
    command.args(["data", "import", "a.csv", "--exchange", "mine", "--symbol", "A/USD"]);
    command
}

/// The names in `folder` that are temporary, its folders included.
fn temporaries(folder: &Path) -> Vec<String> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(temporaries(&path));
        } else if path.extension().is_some_and(|ending| ending == "tmp") {
            found.push(path.display().to_string());
        }
    }
    found
}

/// Standard error of a command that is refused as wrong usage, before it has done anything.
fn refusal(command: &mut Command) -> String {
    let assert = command.assert().code(2).stdout("");
    let told = String::from_utf8(assert.get_output().stderr.clone()).unwrap();
    assert_eq!(told.lines().count(), 1, "{told}");
    told
}
