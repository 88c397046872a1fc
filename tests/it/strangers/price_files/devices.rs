//! What is no file: devices, pipes, folders.

use std::os::unix::fs::symlink;

use super::{assert_refused, bounded, make_pipe};
use crate::program::folder;

#[test]
fn only_regular_files_are_read() {
    let folder = folder();
    for name in ["a.csv", "a.csv.gz", "a.csv.zst", "A_B-1h.json", "a.parquet", "a.feather"] {
        let path = folder.path().join(name);
        for (kind, expected) in [
            ("/dev/zero", "it is a device, expected a regular file"),
            ("/dev/urandom", "it is a device, expected a regular file"),
            ("/dev", "is a directory"),
            ("pipe", "it is a pipe, expected a regular file"),
        ] {
            match kind {
                "pipe" => make_pipe(&path),
                other => symlink(other, &path).unwrap(),
            }
            assert_refused(&mut bounded(&folder, &["validate-data", name]), &[name, expected]);
            std::fs::remove_file(&path).unwrap();
        }
    }
}
