//! Counts, lengths and kinds of files that no result has: shown as they are or refused with the number, and never a panic, a
//! wait without end, or more memory than a result takes.

use std::fs::{self, File};
use std::process::Command;

use serde_json::{Value, json};

use super::{Change, exists, report, result, said, write};
use crate::program::folder;

/// The largest count.
const MOST: u64 = u64::MAX;

/// What a stranger may write into a result, and that it is shown.
const SHOWN: &[(&str, Change)] = &[
    ("counts of refusals", |result| {
        let counted = |rule: &str| json!({"rule": rule, "verdict": "refused", "count": MOST});
        result["refusal_counts"] = json!([counted("cash"), counted("lot")]);
    }),
    ("counts of lines and points", |result| {
        let said = json!({"log": [{"level": "info", "text": "x"}], "log_lines_dropped": MOST,
            "plots": [], "plot_points_dropped": MOST});
        result["diagnostics"] = json!([said, said, said]);
    }),
    ("rows and decisions", |result| {
        result["data"]["rows"] = json!(10_u64.pow(18));
        result["data"]["warm_up_rows"] = json!(MOST);
        for key in ["decisions", "refusals_dropped", "ambiguous_bars"] {
            result[key] = json!(MOST);
        }
        result["volume_use"]["fills_above_tenth"] = json!(MOST);
    }),
    ("times of trades", |result| {
        let mut trade = result["trades"][0].clone();
        trade["entry_time"] = json!("1970-01-01");
        trade["exit_time"] = json!("9999-12-30");
        trade["bars_held"] = json!(MOST);
        result["trades"] = json!(vec![trade; 40_000]);
    }),
    ("times out of order", |result| {
        for trade in result["trades"].as_array_mut().unwrap() {
            let entry = trade["entry_time"].take();
            trade["entry_time"] = trade["exit_time"].take();
            trade["exit_time"] = entry;
        }
        result["fills"].as_array_mut().unwrap().reverse();
        result["data"]["from"] = json!("9999-01-01");
        result["data"]["to"] = json!("1970-01-01");
    }),
    ("numbers at the ends", |result| {
        result["metrics"]["sharpe"] = json!(f64::MAX);
        result["metrics"]["cagr"] = json!(f64::MIN);
        result["daily_equity"][1]["equity"] = json!(f64::MAX);
        result["daily_equity"][2]["equity"] = json!(f64::MIN);
        result["daily_equity"][3]["equity"] = json!(5e-324);
        let depth = json!({"depth": -1e300, "peak_time": i64::MIN, "trough_time": i64::MAX,
            "recovery_time": null, "duration_ms": i64::MIN});
        result["metrics"]["drawdowns"] = json!([depth]);
    }),
    ("an equity without days", |result| result["daily_equity"] = json!([])),
    ("an equity with too many days", |result| {
        result["daily_equity"] = json!(vec![json!({"date": "```", "equity": -1.0}); 100_000]);
    }),
    ("many breakers", |result| {
        let tripped = |place: u32| {
            json!({"time": "2022-01-01", "rule": "drawdown", "kind": "tripped", "action": "halt",
                "symbol": null, "value": 0.1, "limit": f64::from(place), "equity": 1.0})
        };
        result["breakers"] = (0..40_000).map(tripped).collect();
    }),
    ("one decision told and filled many times", |result| {
        let explained = json!({"decision": 1, "time": "2022-01-01", "symbol": "x", "target": 1.0,
            "equity": 1e300, "held": 1e17, "basis": null, "approved": null});
        let mut fill = result["fills"][0].clone();
        fill["decision"] = json!(1);
        result["explained"] = json!(vec![explained; 10_000]);
        result["fills"] = json!(vec![fill; 10_000]);
    }),
    ("many symbols", |result| {
        result["data"]["symbols"] = json!(vec!["a/b"; 100_000]);
        for (place, trade) in result["trades"].as_array_mut().unwrap().iter_mut().enumerate() {
            trade["symbol"] = json!(place.to_string());
        }
    }),
];

#[test]
fn numbers_of_strangers_are_shown_and_never_a_panic() {
    let folder = folder();
    let honest = result(&folder);
    for (what, change) in SHOWN {
        write(&folder, &honest, change);
        for form in ["text", "markdown"] {
            let output = report(&folder, "stranger.json", form);
            said(&output, what);
            assert_eq!(output.status.code(), Some(0), "{what}");
            assert!(!output.stdout.is_empty(), "{what}");
        }
    }
}

/// What is refused, and the words of the refusal.
const REFUSED: &[(&str, Change)] = &[
    ("integer `-1`, expected u64", |result| result["data"]["rows"] = json!(-1)),
    ("unknown variant `steal`", |result| result["fills"][0]["side"] = json!("steal")),
    ("invalid type: null, expected f64", |result| result["final_equity"] = Value::Null),
    ("expected a finite number within ±1e17", |result| result["final_equity"] = json!(1e300)),
    ("is no time", |result| result["fills"][0]["time"] = json!("yesterday")),
    ("70000 bytes in one text, a result of this host has 65536 at most", |result| {
        result["plugin"]["name"] = json!("x".repeat(70_000));
    }),
    ("keys and values in 'request', a result of this host has 1000000 at most", |result| {
        result["request"] = json!(vec![0; 1_000_001]);
    }),
    ("keys and values in 'parameters', a result of this host has 1000000 at most", |result| {
        let parameters = (0..500_001).map(|place| (place.to_string(), json!(0)));
        result["parameters"] = Value::Object(parameters.collect());
    }),
];

#[test]
fn what_no_result_has_is_refused_with_its_number() {
    let folder = folder();
    let honest = result(&folder);
    for (expected, change) in REFUSED {
        write(&folder, &honest, change);
        let output = report(&folder, "stranger.json", "text");
        let said = said(&output, expected);
        assert!(output.status.code() == Some(2) && said.contains(expected), "{expected}: {said}");
        assert!(said.starts_with("error: stranger.json: this is no saved result"), "{said}");
    }
    let (open, close) = ("[".repeat(100_000), "]".repeat(100_000));
    let deep = format!("{{\"schema_version\": 2, \"request\": {open}{close}}}");
    fs::write(folder.path().join("stranger.json"), deep).unwrap();
    assert!(said(&report(&folder, "stranger.json", "text"), "depth").contains("recursion limit"));
}

#[test]
fn a_file_larger_than_any_result_is_refused_unread() {
    let folder = folder();
    let file = File::create(folder.path().join("stranger.json")).unwrap();
    file.set_len(1 << 40).unwrap();
    let output = report(&folder, "stranger.json", "text");
    let said = said(&output, "a sparse file");
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("1099511627776 bytes or more, a result of this host has 1073741824"));
}

#[test]
fn what_is_no_file_is_refused() {
    let folder = folder();
    let fifo = folder.path().join("inner/result.json");
    fs::create_dir_all(folder.path().join("inner")).unwrap();
    fs::create_dir_all(folder.path().join("outer/result.json")).unwrap();
    assert!(Command::new("mkfifo").arg(&fifo).status().unwrap().success());
    assert!(exists(&folder, "inner/result.json"));
    for (file, kind) in [
        ("/dev/zero", "it is a device and no file"),
        ("inner", "it is a pipe and no file"),
        ("inner/result.json", "it is a pipe and no file"),
        ("outer", "it is a folder and no file"),
    ] {
        let output = report(&folder, file, "text");
        let said = said(&output, file);
        assert!(output.status.code() == Some(2) && said.contains(kind), "{file}: {said}");
    }
}
