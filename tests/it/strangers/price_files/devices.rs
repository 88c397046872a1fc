//! What is no file: devices, folders, pipes that never end.

use std::io::Write;
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
        ] {
            symlink(kind, &path).unwrap();
            assert_refused(&mut bounded(&folder, &["validate-data", name]), &[name, expected]);
            std::fs::remove_file(&path).unwrap();
        }
    }
}

/// `zcat prices.csv.gz | …` is a way to give prices, so a pipe is read; but not for ever.
#[test]
fn a_pipe_without_an_end_is_read_within_the_budget() {
    let folder = folder();
    let path = folder.path().join("endless.csv");
    make_pipe(&path);
    let writer = std::thread::spawn(move || {
        let mut pipe = std::fs::OpenOptions::new().write(true).open(path).unwrap();
        // Below some rows, so that the header is found.
        let rows =
            (0..40).map(|hour| format!("{},1,2,1,2,1\n", 1_700_000_000_000 + hour * 3_600_000_i64));
        let rows: Vec<String> = rows.collect();
        pipe.write_all(rows.concat().as_bytes()).unwrap();
        let blank = vec![b'\n'; 1 << 20];
        while pipe.write_all(&blank).is_ok() {}
    });
    let refused = &["endless.csv", "price files of 4194304 bytes", "access.file_bytes_max"];
    assert_refused(&mut bounded(&folder, &["validate-data", "endless.csv"]), refused);
    writer.join().unwrap();
}
