//! Texts of strangers on a terminal and on a page: what would steer, turn or hide is shown, and markup is text.

use std::fs;

use serde_json::{Value, json};
use tempfile::TempDir;

use super::{assert_plain, prices, report, result, said, write};
use crate::program::{ct_host, folder};

/// Clears the screen, turns the line around, hides, and begins a line of its own; and is markup.
const HOSTILE: &str = "\u{1b}[2J\u{9b}31m\u{202e}x\u{200b}\r\nerror: y|`z` <script>alert(1)</script> [a](javascript:b)";

/// How the beginning is shown.
const SHOWN: &str = r"\u{1b}[2J\u{9b}31m\u{202e}x\u{200b}\r\nerror: y";

/// Every text of a result that a report shows.
fn poisoned(result: &mut Value) {
    let text = json!(HOSTILE);
    for key in ["name", "version", "hash"] {
        result["plugin"][key] = text.clone();
    }
    result["engine"]["name"] = text.clone();
    result["run_id"] = text.clone();
    result["data"]["hash"] = text.clone();
    result["data"]["symbols"] = json!([HOSTILE, format!("A/{HOSTILE}")]);
    result["parameters"] = json!({HOSTILE: HOSTILE});
    result["configuration"]["costs"]["fees"]["preset"] = text.clone();
    result["configuration"]["risk"]["groups"] =
        json!({HOSTILE: {"symbols": [HOSTILE], "exposure_max": 0.5}});
    result["trades"][0]["symbol"] = text.clone();
    result["daily_equity"][0]["date"] = text.clone();
    result["diagnostics"][0]["log"] = json!([{"level": "error", "text": HOSTILE}]);
    result["faults"] = json!([{"time": "2022-01-01", "row": 1, "symbols": [HOSTILE],
        "kind": "trapped", "detail": HOSTILE}]);
    result["open_positions"] = json!([{"symbol": HOSTILE, "quantity": 1.0, "average_price": 1.0,
        "mark": 1.0, "unrealised_pnl": 0.0}]);
    result["ambiguous"] = json!([{"time": "2022-01-01", "symbol": HOSTILE}]);
    result["ambiguous_bars"] = json!(1);
}

#[test]
fn texts_of_a_result_steer_no_terminal_and_mark_up_no_page() {
    let folder = folder();
    let honest = result(&folder);
    write(&folder, &honest, poisoned);
    let text = report(&folder, "stranger.json", "text");
    said(&text, "text");
    let text = String::from_utf8(text.stdout).unwrap();
    assert_plain(&text, "text");
    assert!(text.lines().next().unwrap().starts_with(SHOWN), "{text}");
    assert!(!text.lines().any(|line| line.trim_start().starts_with("error:")), "{text}");
    let page = String::from_utf8(report(&folder, "stranger.json", "markdown").stdout).unwrap();
    assert_plain(&page, "markdown");
    for markup in ["<script", "[a](", "`z`"] {
        let is_escaped = |(place, _): (usize, &str)| page[..place].ends_with('\\');
        // In the block of the equity curve nothing is markup.
        let curve = page.find("```").unwrap()..page.rfind("```").unwrap();
        let mut found = page.match_indices(markup).filter(|(place, _)| !curve.contains(place));
        assert!(found.all(is_escaped), "{markup} in {page}");
    }
    // What was run, and what it returned.
    let cells = page.lines().filter(|line| line.starts_with("| Strategy | "));
    assert_eq!(cells.count(), 2);
    // What other programs read is as it was.
    let exact = report(&folder, "stranger.json", "json").stdout;
    assert_eq!(exact, fs::read(folder.path().join("stranger.json")).unwrap());
}

/// What `arguments` say, on both streams.
fn told(folder: &TempDir, arguments: &[&str]) -> String {
    let output = ct_host(folder).args(arguments).output().unwrap();
    let bytes = [output.stdout, output.stderr].concat();
    String::from_utf8(bytes).unwrap()
}

/// A name of a file that hides what it is.
const NAME: &str = "a\u{1b}[2J\u{202e}vsc\u{200b}\nb.csv";

/// How it is shown.
const NAME_SHOWN: &str = r"a\u{1b}[2J\u{202e}vsc\u{200b}";

#[test]
fn names_of_files_and_words_of_the_command_line_are_shown() {
    let folder = folder();
    let flat = prices(std::iter::repeat_n(1.0, 200));
    fs::write(folder.path().join(NAME), flat).unwrap();
    fs::write(folder.path().join("\u{202e}.yaml"), "account: { cash: 5 }\n").unwrap();
    let cases: &[&[&str]] = &[
        &["report", NAME],
        &["inspect", NAME],
        &["validate-data", NAME],
        &["backtest", "--data", NAME],
        &[
            "backtest",
            "--data",
            NAME,
            "--symbol",
            "A\u{202e}B",
            "--set",
            "monitoring.log_level=debug",
        ],
        &["config", "show", "--changed", "--config", "\u{202e}.yaml"],
        &["config", "check", "--config", "\u{202e}.yaml"],
        &["config", "show", "--changed", "--set", "strategy.parameters.fast=\u{202e}\u{9b}1"],
        &[NAME],
        &["report", NAME, NAME],
        &["backtest", "--cash", NAME],
        &["backtest", "--from", NAME],
        &["fees", NAME],
        &["new", NAME],
        &["data", "import", NAME, "--exchange", "\u{202e}"],
        &["data", "list"],
        &["data", "show"],
    ];
    for arguments in cases {
        let told = told(&folder, arguments);
        assert!(!told.is_empty() && !told.contains("panicked"), "{arguments:?}: {told}");
        assert_plain(&told, &format!("{arguments:?}"));
        let quotes = arguments.contains(&NAME);
        assert!(!quotes || told.contains(NAME_SHOWN), "{arguments:?}: {told}");
    }
}
