//! Files, variables and flags that say far more than they weigh, or more than anybody reads.

use std::fs::File;

use super::stage::{called, in_bounds, refusal, write};
use crate::program::folder;

/// Largest file that is read at all, in bytes.
const MEGABYTE: usize = 1 << 20;

/// `part` of each number below `count`, one after the other.
fn parts(count: usize, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect::<Vec<_>>().concat()
}

fn list(count: usize) -> String {
    parts(count, |place| format!("A{place},"))
}

/// Files with what is told of each.
fn bombs() -> Vec<(&'static str, String, &'static str)> {
    let long = "x".repeat(100_000);
    let ten = |place: usize| {
        format!("b{}: &b{} [{}]\n", place + 1, place + 1, format!("*b{place},").repeat(10))
    };
    vec![
        ("laughs", format!("b0: &b0 [x]\n{}", parts(9, ten)), "at most 100000 keys and values"),
        (
            "long scalars",
            format!("a: &a {long}\nb: [{}]\n", "*a,".repeat(250_000)),
            "bytes of keys and values",
        ),
        (
            "long tags",
            format!("%TAG !t! {long}\n---\n[{}]", "!t!a b,".repeat(90_000)),
            "bytes of keys and values",
        ),
        (
            "many values",
            format!("data: {{ symbols: [{}] }}", "A,".repeat(500_000)),
            "at most 100000 keys and values",
        ),
        (
            "many symbols",
            format!("data: {{ symbols: [{}] }}", list(99_000)),
            "at most 1024 instruments, found 99000",
        ),
        (
            "many keys",
            parts(90_000, |place| format!("k{place}: 1\n")),
            "at most 100000 keys and values",
        ),
        (
            "unknown keys",
            parts(49_000, |place| format!("k{place}: 1\n")),
            "and 48900 more, which are not told",
        ),
        (
            "unknown long keys",
            parts(4_000, |place| format!("{}{place}: 1\n", "k".repeat(200))),
            "and 3900 more",
        ),
        (
            "unknown symbols",
            format!(
                "data: {{ symbols: [{}] }}\nrisk: {{ groups: {{ a: {{ exposure_max: 1, symbols: [{}] }} }} }}",
                list(1_000),
                list(98_000).replace('A', "B")
            ),
            "and 97900 more",
        ),
        (
            "twice",
            format!("account:\n{}", "  cash: 1\n".repeat(10_000)),
            "here and below 9900 more mistakes",
        ),
        (
            "parameters",
            format!(
                "strategy: {{ parameters: {{ {} }} }}",
                parts(45_000, |place| format!("p{place}: 1,"))
            ),
            "at most 64",
        ),
        (
            "exchanges",
            format!("access: {{ fallback: [{}] }}", list(99_000)),
            "at most 100 exchanges, found 99000",
        ),
        (
            "tiers",
            format!("costs: {{ fees: {{ tiers: [{}] }} }}", "{volume_min: 1},".repeat(33_000)),
            "and 65900 more",
        ),
        ("brackets", "[".repeat(MEGABYTE), "at most 64 deep"),
        ("braces", "{a: ".repeat(MEGABYTE / 4), "at most 64 deep"),
        ("dashes", "- ".repeat(MEGABYTE / 2), "at most 64 deep"),
        ("stairs", parts(1_400, |depth| format!("{}a:\n", " ".repeat(depth))), "at most 64 deep"),
        (
            "long text",
            format!("account: {{ cash: {} }}", "x".repeat(MEGABYTE - 100)),
            "found the text 'xxx",
        ),
        (
            "long number",
            format!("account: {{ cash: {} }}", "9".repeat(MEGABYTE - 100)),
            "expected a finite number",
        ),
        ("huge number", "account: { cash: 1e999999 }".to_owned(), "expected a finite number"),
        (
            "long key",
            format!("? {}\n: 1", "x".repeat(MEGABYTE - 100)),
            "a key of at most 256 bytes, found 1048476",
        ),
        ("long file", "#".repeat(MEGABYTE + 1), "at most 1048576 bytes, found 1048577"),
    ]
}

#[test]
fn no_file_takes_much_time_or_memory_or_tells_more_than_can_be_read() {
    for (name, text, expected) in bombs() {
        let folder = folder();
        write(&folder, "bomb.yaml", &text);
        write(&folder, "ct-host.yaml", &text);
        for arguments in [&["config", "check", "--config", "bomb.yaml"][..], &["backtest"]] {
            let told = refusal(&mut in_bounds(&folder, arguments));
            assert!(told.contains(expected), "{name}: {told}");
            assert!(told.lines().count() <= 102, "{name}");
        }
    }
}

#[test]
fn the_users_own_file_has_the_same_bounds() {
    for (name, text, expected) in bombs().into_iter().step_by(5) {
        let folder = folder();
        write(&folder, "own/config.yaml", &text);
        let told = refusal(&mut in_bounds(&folder, &["data", "list"]));
        assert!(told.contains(expected), "{name}: {told}");
    }
}

#[test]
fn paths_have_a_depth() {
    let folder = folder();
    let expected = "expected a path of at most 64 keys, found 10000";
    let deep = format!("{}=1", vec!["a"; 10_000].join("."));
    for command in [&["backtest"][..], &["config", "check"]] {
        let with_flag = [command, &["--set", &deep]].concat();
        let told = refusal(&mut in_bounds(&folder, &with_flag));
        assert!(told.contains(expected) && told.len() < 1_000, "{told}");
        let mut with_variable = in_bounds(&folder, command);
        with_variable.env(format!("CT_HOST__{}", vec!["A"; 10_000].join("__")), "1");
        let told = refusal(&mut with_variable);
        assert!(told.contains(expected) && told.len() < 1_000, "{told}");
    }
    let value = format!("strategy.parameters={}", "[".repeat(10_000));
    let told = refusal(&mut in_bounds(&folder, &["backtest", "--set", &value]));
    assert!(told.contains("at most 64 deep"), "{told}");
    let mut with_variable = in_bounds(&folder, &["backtest"]);
    with_variable.env("CT_HOST__STRATEGY__PARAMETERS", "{a: ".repeat(10_000));
    let told = refusal(&mut with_variable);
    assert!(
        told.contains("CT_HOST__STRATEGY__PARAMETERS: expected values at most 64 deep"),
        "{told}"
    );
}

#[test]
fn many_variables_and_flags_are_refused_or_read_at_once() {
    let folder = folder();
    let mut many = in_bounds(&folder, &["config", "check"]);
    for place in 0..5_000 {
        many.env(format!("CT_HOST__STRATEGY__PARAMETERS__P{place}"), "1");
    }
    let told = refusal(&mut many);
    assert!(told.contains("at most 1000 variables CT_HOST__..., found 5000"), "{told}");
    let sets: Vec<String> = (0..5_000).map(|place| format!("--set=k{place}=1")).collect();
    let sets: Vec<&str> = sets.iter().map(String::as_str).collect();
    let told = refusal(&mut in_bounds(&folder, &[&["backtest"], sets.as_slice()].concat()));
    assert!(told.contains("and 4900 more"), "{told}");
    let parameters: Vec<String> = (0..5_000).map(|place| format!("--param=k{place}=1")).collect();
    let parameters: Vec<&str> = parameters.iter().map(String::as_str).collect();
    let told = refusal(&mut called(&folder, &[&["backtest"], parameters.as_slice()].concat()));
    assert!(told.contains("one of 5000 parameters: expected at most 64"), "{told}");
    let name = "x".repeat(100_000);
    for arguments in [
        &["new", &name][..],
        &["fees", &name],
        &["strategies", &name],
        &["backtest", "--strategy", &name],
        &["backtest", "--param", &format!("{name}=1")],
        &["backtest", "--fee-bps", &name],
        &["backtest", &name],
        &[&name],
    ] {
        let told = refusal(&mut called(&folder, arguments));
        assert!(told.len() < 6_000, "{told}");
    }
}

#[cfg(unix)]
#[test]
fn what_has_no_end_is_no_configuration() {
    let folder = folder();
    let told = refusal(&mut in_bounds(&folder, &["backtest", "--config", "/dev/zero"]));
    assert!(told.contains("at most 1048576 bytes, found more"), "{told}");
    File::create(folder.path().join("huge.yaml")).unwrap().set_len(3 << 30).unwrap();
    let told = refusal(&mut in_bounds(&folder, &["backtest", "--config", "huge.yaml"]));
    assert!(told.contains("at most 1048576 bytes, found 3221225472"), "{told}");
    let fifo = folder.path().join("fifo");
    assert!(std::process::Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    let told = refusal(&mut in_bounds(&folder, &["backtest", "--config", "fifo"]));
    assert!(told.contains("gave no whole text within 10 s"), "{told}");
    // A pipe that someone writes to is as good as a file.
    let mut piped = called(&folder, &["config", "check", "--config", "/dev/stdin"]);
    piped.write_stdin("account: { cash: 5 }\n").assert().success();
}
