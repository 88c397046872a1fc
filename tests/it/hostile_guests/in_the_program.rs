//! The same guests in the real program: it tells what happened and ends by itself.

use std::time::Duration;

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

use super::stage::{FAULT_ROW, VICTIM};
use crate::program::{ct_host, folder, program};
use ct_tests::bars::{HOUR_MS, random_walk};
use ct_tests::hostile::{self, Access};

/// Bars of a run, more than are needed for the guest to misbehave.
const ROWS: usize = 1_000;

/// 2024-01-01.
const START_MS: i64 = 1_704_067_200_000;

/// The program is given up after this long: a run of these takes a second or two, on a busy machine some more.
const PATIENCE: Duration = Duration::from_mins(1);

/// What ends a guest in `advance`, and the kind of fault that the result tells.
const IN_ADVANCE: &[(&str, &str)] = &[
    ("loop-in-advance", "out_of_time"),
    ("panic-in-advance", "trapped"),
    ("out-of-bounds-in-advance", "trapped"),
    ("recursion-in-advance", "stack_overflow"),
    ("big-frames-in-advance", "trapped"),
    ("memory-bomb-in-advance", "out_of_memory"),
    ("giant-allocation-in-advance", "out_of_memory"),
    ("consume-nothing", "bad_output"),
    ("consume-too-much", "bad_output"),
    ("target-nan", "bad_output"),
    ("row-giant", "bad_output"),
    ("giant-tag", "bad_output"),
];

/// What makes the program refuse the plugin, and what it says.
const REFUSED: &[(&str, &str)] = &[
    ("loop-in-describe", "a call took longer than 250 ms"),
    ("loop-in-configure", "a call took longer than 250 ms"),
    ("memory-bomb-in-describe", "bytes of memory"),
    ("recursion-in-configure", "bytes of stack"),
    ("refuse-with-escapes", "all is well"),
    ("warm-up-forever", "a warm-up of"),
    ("name-giant", "describes itself wrongly"),
    ("name-with-escapes", "describes itself wrongly"),
];

/// A random walk of hours.
fn csv() -> String {
    let bars = random_walk(1, ROWS, HOUR_MS);
    let row = |row: usize| {
        let time = bars.times()[row] + START_MS;
        let [open, high, low, close, volume] =
            [bars.open(), bars.high(), bars.low(), bars.close(), bars.volume()]
                .map(|column| column[row]);
        format!("{time},{open},{high},{low},{close},{volume}\n")
    };
    let rows: String = (0..ROWS).map(row).collect();
    format!("timestamp,open,high,low,close,volume\n{rows}")
}

/// A backtest with the guest that does `misbehaviour`, on the instrument on which it does.
fn backtest(folder: &TempDir, misbehaviour: &str, access: Access) -> Command {
    let (plugin, prices) = (folder.path().join("hostile.wasm"), folder.path().join("prices.csv"));
    std::fs::write(&plugin, hostile::component(misbehaviour, access)).unwrap();
    std::fs::write(&prices, csv()).unwrap();
    let mut command = ct_host(folder);
    command.arg("backtest").arg("--data").arg(prices).args(["--symbol", VICTIM]);
    command.args(["--quiet", "--json", "--set", "plugins.call_seconds_max=0.25"]);
    command.args(["--param", &format!("row={FAULT_ROW}"), "--plugin"]).arg(plugin);
    command.timeout(PATIENCE);
    command
}

#[test]
fn a_guest_that_fails_ends_with_its_row_and_the_run_goes_on() {
    let folder = folder();
    for access in [Access::Signals, Access::Account] {
        for (misbehaviour, kind) in IN_ADVANCE {
            let ended = backtest(&folder, misbehaviour, access).assert().code(1);
            let result: Value = serde_json::from_slice(&ended.get_output().stdout).unwrap();
            let fault = &result["faults"][0];
            let found = (fault["kind"].as_str(), fault["row"].as_u64());
            assert_eq!(found, (Some(*kind), Some(FAULT_ROW as u64)), "{misbehaviour}: {fault}");
            assert_eq!(result["data"]["rows"], ROWS, "{misbehaviour}");
        }
    }
}

#[test]
fn a_guest_that_cannot_be_used_is_refused_with_the_reason() {
    let folder = folder();
    for (misbehaviour, reason) in REFUSED {
        let ended = backtest(&folder, misbehaviour, Access::Signals).assert().failure();
        let told = String::from_utf8(ended.get_output().stderr.clone()).unwrap();
        assert!(told.contains(reason), "{misbehaviour}: {told}");
        assert!(ended.get_output().status.code().is_some(), "{misbehaviour} ended the program");
        let is_plain = |letter: char| letter == '\n' || !letter.is_control();
        assert!(told.chars().all(is_plain) && !told.contains("panicked"), "{misbehaviour}: {told}");
    }
}

#[test]
fn a_run_that_takes_too_much_is_broken_off() {
    let folder = folder();
    for (setting, found) in [
        ("plugins.run_seconds_max=0.000001", "the run took longer than 0.000001 s"),
        ("plugins.run_windows_max=3", "the run took more than 3 windows"),
    ] {
        let mut command = backtest(&folder, "", Access::Account);
        let ended = command.args(["--set", setting]).assert().code(1);
        let told = String::from_utf8(ended.get_output().stderr.clone()).unwrap();
        let (name, _) = setting.split_once('=').unwrap();
        assert!(told.contains(found) && told.contains(name), "{setting}: {told}");
    }
}

#[test]
fn all_instances_together_hold_no_more_memory_than_they_may() {
    let folder = folder();
    let mut command = backtest(&folder, "memory-bomb-in-advance", Access::Signals);
    let ended = command.args(["--set", "plugins.memory_bytes_max=8000000"]).assert().code(1);
    let result: Value = serde_json::from_slice(&ended.get_output().stdout).unwrap();
    let fault = &result["faults"][0];
    assert_eq!(fault["kind"], "out_of_memory");
    let detail = fault["detail"].as_str().unwrap();
    assert!(detail.contains("more than the 8000000 of plugins.memory_bytes_max"), "{detail}");
}

#[cfg(target_os = "linux")]
#[test]
fn ctrl_c_ends_a_run_whose_plugin_loops() {
    let folder = folder();
    // Writes the files; the command itself cannot be left running.
    drop(backtest(&folder, "loop-in-advance", Access::Signals));
    let row = format!("row={FAULT_ROW}");
    let mut child = std::process::Command::new(program())
        .current_dir(folder.path())
        .env("CT_HOST_CACHE_DIR", folder.path().join("cache"))
        .env("CT_HOST_CONFIG_DIR", folder.path().join("config"))
        .args(["backtest", "--quiet", "--plugin", "hostile.wasm", "--data", "prices.csv"])
        .args(["--symbol", VICTIM, "--param", &row, "--set", "plugins.call_seconds_max=4"])
        .stderr(std::process::Stdio::null())
        .stdout(std::process::Stdio::null())
        .spawn()
        .unwrap();
    // Once it has used a second of processor time it is in the loop.
    wait("the loop", || (processor_ticks(child.id()) > 100).then_some(()));
    let told = std::process::Command::new("kill").args(["-INT", &child.id().to_string()]).status();
    assert!(told.unwrap().success());
    let ended = wait("the end after Ctrl-C", || child.try_wait().unwrap());
    assert_eq!(ended.code(), Some(130));
}

/// What `found` gives as soon as it gives something.
fn wait<T>(what: &str, mut found: impl FnMut() -> Option<T>) -> T {
    const POLLS_MAX: usize = 2_000;
    for _ in 0..POLLS_MAX {
        if let Some(found) = found() {
            return found;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    panic!("{what} never came");
}

/// Processor time that a process has used in its own code, in hundredths of a second.
#[cfg(target_os = "linux")]
fn processor_ticks(process: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/stat")).unwrap();
    // The name in brackets may have spaces; user time is the 12th field behind it.
    let (_, fields) = status.rsplit_once(')').unwrap();
    fields.split_whitespace().nth(11).unwrap().parse().unwrap()
}
