//! The commands that look after prices: `data`, `validate-data`.

mod files;
mod forms;
mod instruments;
mod periods;
mod real_files;
mod series;
mod several_files;
mod validation;

use std::fs;
use std::path::Path;

use serde_json::Value;
use tempfile::TempDir;

use crate::program::{ct_host, json};

/// Ten hours from 2024-01-01, with a hole of two hours.
fn write_hours(path: &Path) {
    let rows = (0..10).filter(|hour| !(5..7).contains(hour)).map(|hour| {
        let time = 1_704_067_200_000_i64 + hour * 3_600_000;
        let open = 100 + hour;
        format!("{time},{open},{}.5,{}.5,{},{}.25\n", open + 1, open - 1, open + 1, hour + 1)
    });
    let header = "timestamp,open,high,low,close,volume\n".to_owned();
    fs::write(path, std::iter::once(header).chain(rows).collect::<String>()).unwrap();
}

/// Takes `file` in as `mine A/USD`.
fn import(folder: &TempDir, file: &str, more: &[&str]) -> Value {
    import_as(folder, ["mine", "A/USD"], file, more)
}

fn import_as(folder: &TempDir, [exchange, symbol]: [&str; 2], file: &str, more: &[&str]) -> Value {
    let mut command = ct_host(folder);
    command.args(["data", "import", file, "--exchange", exchange, "--symbol", symbol, "--json"]);
    json(command.args(more))
}
