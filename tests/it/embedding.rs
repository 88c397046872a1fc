//! What an embedder builds: each example brings no more than its layer needs, and runs.

use std::collections::BTreeSet;
use std::path::Path;
use std::process::Command;

/// The crates that `package` is built from on Linux, itself included.
fn crates_of(package: &str) -> BTreeSet<String> {
    let mut command = Command::new(env!("CARGO"));
    command.args(["tree", "--locked", "--offline", "--edges", "normal", "--prefix", "none"]);
    command.args(["--format", "{p}", "--target", "x86_64-unknown-linux-gnu", "--package", package]);
    let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let text = String::from_utf8(output.stdout).unwrap();
    let names = text.lines().filter_map(|line| line.split_whitespace().next());
    names.map(str::to_owned).collect()
}

fn check(package: &str, crates_max: usize, absent: &[&str]) {
    let crates = crates_of(package);
    assert!(crates.len() <= crates_max, "{package} has {}: {crates:?}", crates.len());
    assert!(crates.len() * 10 > crates_max * 8, "{package} has only {}", crates.len());
    for name in absent {
        let found: Vec<&String> = crates.iter().filter(|found| found.starts_with(name)).collect();
        assert!(found.is_empty(), "{package} brings {found:?}");
    }
}

/// What talks to exchanges, what reads columnar files, and what only the command needs.
const OUTER: [&str; 10] = [
    "ccxt",
    "reqwest",
    "hyper",
    "rustls",
    "arrow",
    "parquet",
    "clap",
    "indicatif",
    "ctrlc",
    "mimalloc",
];

#[test]
fn the_core_is_small_and_knows_no_sandbox() {
    let absent = [&OUTER[..], &["wasm", "cranelift", "tokio", "rayon", "memmap2", "tempfile"]];
    check("example-native-strategy", 30, &absent.concat());
}

#[test]
fn own_bars_need_no_exchange_no_arrow_and_no_command_line() {
    check("example-own-bars", 150, &OUTER);
}

#[test]
fn a_configuration_file_needs_no_more() {
    check("example-from-yaml", 150, &OUTER);
}

/// What is published stands alone: no file of a crate lies outside of its folder, but for the contract and the plugins
/// that are linked into it and packed with it.
#[test]
fn every_published_crate_can_be_packed() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    for (package, packed) in [
        ("ct-core", "src/lib.rs"),
        ("ct-dialects", "src/lib.rs"),
        ("ct-data", "src/lib.rs"),
        ("ct-plugin", "wit/strategy.wit"),
        ("ct-plugin", "prebuilt/sma_crossover.wasm"),
        ("ct-host", "src/lib.rs"),
        ("ct-toolchain", "src/lib.rs"),
        ("ct-host-cli", "src/new/template/signals.rs"),
        ("ct-sdk", "wit/strategy.wit"),
        ("ct-sdk-derive", "src/lib.rs"),
    ] {
        let mut command = Command::new(env!("CARGO"));
        command.args(["package", "--list", "--allow-dirty", "--offline", "--package", package]);
        let output = command.current_dir(&root).output().unwrap();
        let files = String::from_utf8(output.stdout).unwrap();
        assert!(files.lines().any(|file| file == packed), "{package}: {packed} is not in\n{files}");
    }
}
