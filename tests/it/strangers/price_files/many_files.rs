//! Files that are small one by one.

use std::io::Write;

use super::{assert_refused, bounded};
use crate::program::folder;

#[test]
fn all_files_of_a_run_share_one_budget() {
    let folder = folder();
    let block = b"1700000000000,1,1,1,1,1\n".repeat(1_000);
    let mut packed = zstd::Encoder::new(Vec::new(), 1).unwrap();
    for _ in 0..3_000 {
        packed.write_all(&block).unwrap();
    }
    let packed = packed.finish().unwrap();
    for name in ["a.csv.zst", "b.csv.zst"] {
        std::fs::write(folder.path().join(name), &packed).unwrap();
    }
    let expected = ["rows or more: expected 5000000 at most", "access.file_rows_max allows more"];
    // A file that is named many times weighs once.
    let many = ["a.csv.zst"; 500];
    for files in [&["a.csv.zst", "b.csv.zst"][..], &many] {
        let arguments = [&["validate-data"], files].concat();
        assert_refused(&mut bounded(&folder, &arguments), &expected);
    }
    std::fs::write(folder.path().join("list.yaml"), format!("data: {{ files: {many:?} }}"))
        .unwrap();
    let mut command = crate::program::ct_host(&folder);
    command.args(["backtest", "--config", "list.yaml"]).timeout(super::PATIENCE);
    assert_refused(&mut command, &expected);
}
