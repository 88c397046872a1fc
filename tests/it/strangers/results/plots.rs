//! What plugins draw: a result keeps so much of it, whatever they do and however many there are.

use std::fs;

use serde_json::Value;

use super::{PATIENCE, prices};
use crate::program::{ct_host, folder};
use ct_tests::hostile::{self, Access};

/// More instruments than have room for all that each may draw.
const INSTRUMENTS: usize = 21;

#[test]
fn instances_together_draw_no_more_than_a_result_keeps() {
    let folder = folder();
    fs::write(
        folder.path().join("flood.wasm"),
        hostile::component("plot-flood-everywhere", Access::Signals),
    )
    .unwrap();
    let names: Vec<String> = (0..INSTRUMENTS).map(|place| format!("S{place}.csv")).collect();
    for name in &names {
        let flat = prices(std::iter::repeat_n(1.0, 300));
        fs::write(folder.path().join(name), flat).unwrap();
    }
    let mut run = ct_host(&folder);
    run.args(["backtest", "--plugin", "flood.wasm", "--out", "run", "--quiet", "--data"]);
    run.args(&names).args(["--param", "row=100", "--set", "plugins.call_seconds_max=60"]);
    run.timeout(PATIENCE * 3).assert().success();
    let read = |name: &str| fs::read(folder.path().join("run").join(name)).unwrap();
    let result: Value = serde_json::from_slice(&read("result.json")).unwrap();
    let said = result["diagnostics"].as_array().unwrap();
    assert_eq!(said.len(), INSTRUMENTS);
    let plots = said.iter().flat_map(|said| said["plots"].as_array().unwrap());
    let points: usize = plots.map(|plot| plot["points"].as_array().unwrap().len()).sum();
    let dropped = said.iter().map(|said| said["plot_points_dropped"].as_u64().unwrap());
    assert!(points <= 2_000_000, "{points} points");
    assert!(dropped.sum::<u64>() > 0);
    let report = String::from_utf8(read("report.txt")).unwrap();
    let report = report.split_whitespace().collect::<Vec<&str>>().join(" ");
    let told = "A result keeps 100,000 of each instance and 2,000,000 in all.";
    assert!(report.contains("Plot points that were not kept: ") && report.contains(told));
}
