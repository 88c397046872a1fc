//! What is there stays, unless `--force` says otherwise, and that is said before the work.

use std::fs;
use std::io::Write;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::process::{Command, Stdio};

use super::*;
use crate::program::{folder, program};

/// What the file of a result's folder are called.
const RESULT: [&str; 9] = [
    "result.json",
    "report.txt",
    "report.md",
    "fills.csv",
    "trades.csv",
    "equity.csv",
    "daily_equity.csv",
    "plots.csv",
    "log.csv",
];

#[test]
fn a_file_is_written_over_with_force_alone() {
    let ground = ground();
    for case in CASES {
        let name = format!("mine{}", case.ending);
        let file = ground.path().join(&name);
        fs::write(&file, "mine").unwrap();
        let told = refusal(&mut case.command(&ground, &name));
        assert!(told.contains(&name) && told.contains("--force"), "{:?}: {told}", case.line);
        assert_eq!(fs::read_to_string(&file).unwrap(), "mine", "{:?}", case.line);
        case.command(&ground, &name).arg("--force").assert().code(case.code);
        assert!(fs::read_to_string(&file).unwrap().len() > 100, "{:?}", case.line);
        fs::remove_file(file).unwrap();
        case.command(&ground, &name).assert().code(case.code);
        fs::remove_file(ground.path().join(name)).unwrap();
    }
    assert!(temporaries(ground.path()).is_empty());
}

#[test]
fn a_link_counts_as_a_file_and_what_it_leads_to_is_never_touched() {
    let ground = ground();
    let others = folder();
    let (victim, nothing) = (others.path().join("victim"), others.path().join("nothing"));
    fs::write(&victim, "theirs").unwrap();
    for case in CASES {
        let name = format!("link{}", case.ending);
        let link = ground.path().join(&name);
        for target in [&victim, &nothing] {
            symlink(target, &link).unwrap();
            let told = refusal(&mut case.command(&ground, &name));
            assert!(told.contains(&name) && told.contains("--force"), "{:?}: {told}", case.line);
            // With it the link itself is replaced.
            case.command(&ground, &name).arg("--force").assert().code(case.code);
            assert!(fs::symlink_metadata(&link).unwrap().is_file(), "{:?}", case.line);
            fs::remove_file(&link).unwrap();
        }
    }
    assert_eq!(fs::read_to_string(&victim).unwrap(), "theirs");
    assert!(!nothing.exists());
}

#[test]
fn nothing_is_read_or_built_before_the_refusal() {
    let folder = folder();
    for name in ["mine", "mine.csv", "Cargo.toml"] {
        fs::write(folder.path().join(name), "mine").unwrap();
    }
    for line in [
        &["backtest", "--data", "none.csv", "--json", "mine"][..],
        &["validate-data", "none.csv", "--repair-to", "mine.csv"],
        &["data", "export", "mine.csv", "--symbol", "NONE"],
        // The crate is none, which cargo would tell.
        &["build", "--out", "mine"],
    ] {
        let told = refusal(ct_host(&folder).args(line));
        assert!(told.contains("mine") && told.contains("--force"), "{line:?}: {told}");
    }
    assert_eq!(fs::read_to_string(folder.path().join("mine")).unwrap(), "mine");
}

#[test]
fn no_file_in_the_folder_of_a_result_is_written_over() {
    let ground = ground();
    let run = |more: &[&str]| {
        let mut command = ct_host(&ground);
        command.args(["backtest", "--data", "a.csv", "--quiet", "--out", "run"]).args(more);
        command
    };
    fs::create_dir(ground.path().join("run")).unwrap();
    for name in RESULT {
        let file = ground.path().join("run").join(name);
        fs::write(&file, "mine").unwrap();
        let told = refusal(&mut run(&[]));
        assert!(told.contains("run") && told.contains("--force"), "{name}: {told}");
        assert_eq!(fs::read_to_string(&file).unwrap(), "mine");
        assert_eq!(fs::read_dir(ground.path().join("run")).unwrap().count(), 1, "{name}");
        fs::remove_file(&file).unwrap();
        // Both ask for one file.
        let told = refusal(&mut run(&["--json", &format!("./run/{name}")]));
        assert!(told.contains("--json") && told.contains("--out"), "{name}: {told}");
    }
    run(&["--json", "run/another.json"]).assert().success();
    assert_eq!(fs::read_dir(ground.path().join("run")).unwrap().count(), RESULT.len() + 1);
}

#[test]
fn folders_are_no_files() {
    let ground = ground();
    for case in CASES {
        let name = format!("folder{}", case.ending);
        fs::create_dir(ground.path().join(&name)).unwrap();
        let told = refusal(case.command(&ground, &name).arg("--force"));
        assert!(told.contains(&name) && told.contains("is a folder"), "{:?}: {told}", case.line);
        fs::remove_dir(ground.path().join(&name)).unwrap();
    }
}

/// The price file is a pipe. That it can be opened shows that the run has looked at where its result goes.
#[test]
fn a_file_that_appears_during_the_run_stays_and_the_result_is_not_lost() {
    let folder = folder();
    let (pipe, file) = (folder.path().join("a.csv"), folder.path().join("result.json"));
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let mut command = Command::new(program());
    command.current_dir(&folder).env("CT_HOST_CACHE_DIR", folder.path().join("cache"));
    command.args(["backtest", "--quiet", "--data", "a.csv", "--json", "result.json"]);
    let run = command.stderr(Stdio::piped()).spawn().unwrap();
    let mut input = fs::OpenOptions::new().write(true).open(&pipe).unwrap();
    fs::write(&file, "theirs").unwrap();
    input.write_all(prices().as_bytes()).unwrap();
    drop(input);
    let output = run.wait_with_output().unwrap();
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{told}");
    assert_eq!(fs::read_to_string(&file).unwrap(), "theirs");
    let kept = temporaries(folder.path());
    assert!(kept.len() == 1 && told.contains("result.json was made"), "{kept:?}: {told}");
    let name = kept[0].rsplit('/').next().unwrap();
    assert!(told.contains(name), "{name}: {told}");
    let result: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(&kept[0]).unwrap()).unwrap();
    assert_eq!(result["data"]["rows"], 48);
}

#[test]
fn files_have_the_rights_that_the_umask_leaves() {
    let folder = folder();
    for (mask, rights) in [("022", 0o644), ("077", 0o600)] {
        let script =
            format!("umask {mask}; exec \"$0\" backtest --quiet --json {mask}.json --out {mask}");
        let mut shell = Command::new("sh");
        shell.args(["-c", &script]).arg(program()).current_dir(&folder);
        shell.env("CT_HOST_CACHE_DIR", folder.path().join("cache"));
        assert!(shell.status().unwrap().success());
        for file in [format!("{mask}.json"), format!("{mask}/result.json")] {
            let found = fs::metadata(folder.path().join(&file)).unwrap();
            assert_eq!(found.permissions().mode() & 0o777, rights, "{file}");
        }
    }
}
