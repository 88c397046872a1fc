//! CSV and JSON: packed blank lines, separators, rows.

use std::io::Write;

use flate2::write::GzEncoder;

use super::{assert_file_refused, assert_refused, bounded};
use crate::program::folder;

const HEADER: &[u8] = b"timestamp,open,high,low,close,volume\n";

const ROW: &[u8] = b"1700000000000,1,1,1,1,1\n";

/// `start`, then `part` again and again up to about so many `bytes`.
fn zstd(start: &[u8], part: &[u8], bytes: usize) -> Vec<u8> {
    let block = part.repeat((1 << 20) / part.len());
    let mut packed = zstd::Encoder::new(Vec::new(), 1).unwrap();
    packed.write_all(start).unwrap();
    for _ in 0..bytes.div_ceil(block.len()) {
        packed.write_all(&block).unwrap();
    }
    packed.finish().unwrap()
}

fn gzip(start: &[u8], part: &[u8], bytes: usize) -> Vec<u8> {
    let block = part.repeat((1 << 20) / part.len());
    let mut packed = GzEncoder::new(Vec::new(), flate2::Compression::best());
    packed.write_all(start).unwrap();
    for _ in 0..bytes.div_ceil(block.len()) {
        packed.write_all(&block).unwrap();
    }
    packed.finish().unwrap()
}

#[test]
fn what_unpacks_to_gigabytes_of_nothing_is_refused_with_the_number() {
    let folder = folder();
    let start = [HEADER, ROW].concat();
    for part in [&b"\n"[..], b",,,,,\n", b" \n"] {
        let packed = zstd(&start, part, 1 << 30);
        assert!(packed.len() < 1 << 19, "{} bytes", packed.len());
        let expected = [
            " bytes unpack to ",
            "expected 134217728 at most",
            "access.file_bytes_max allows more",
        ];
        assert_file_refused(&folder, "a.csv.zst", &packed, &expected);
    }
}

#[test]
fn more_rows_than_a_small_file_can_have_are_refused_with_the_number() {
    let folder = folder();
    let expected = [" rows or more: expected 5000000 at most", "access.file_rows_max allows more"];
    let many = 5_100_000 * ROW.len();
    assert_file_refused(&folder, "a.csv.zst", &zstd(HEADER, ROW, many), &expected);
    let apart = [ROW, b"\n"].concat();
    assert_file_refused(&folder, "a.csv.zst", &zstd(HEADER, &apart, 2 * many), &expected);
    let candles = gzip(b"[[1,1,1,1,1,1]", b",[1,1,1,1,1,1]", 5_100_000 * 14);
    assert_file_refused(&folder, "A_B-1h.json.gz", &candles, &expected);
}

#[test]
fn spaces_between_candles_count() {
    let folder = folder();
    let part = [b",[1,1,1,1,1,1]".as_slice(), &b" ".repeat(60_000)].concat();
    let candles = gzip(b"[[1,1,1,1,1,1]", &part, 200 << 20);
    let expected = ["expected 134217728 at most", "access.file_bytes_max allows more"];
    assert_file_refused(&folder, "A_B-1h.json.gz", &candles, &expected);
}

#[test]
fn lines_columns_and_nested_lists_without_end_are_refused() {
    let folder = folder();
    let start = [HEADER, ROW].concat();
    let columns = [b"timestamp".as_slice(), &b",c".repeat(1_000_000)].concat();
    let quoted = [b"[[1,1,1,1,1,\"".as_slice(), &b"x".repeat(900_000), b"\"]]"].concat();
    for (name, content, expected) in [
        ("a.csv.zst", zstd(&start, b"1", 1 << 30), "longer than 65536 bytes"),
        ("a.csv.gz", gzip(HEADER, b"#\n", 1 << 20), "no row within the first 32 lines"),
        ("a.csv", columns, "longer than 65536 bytes"),
        ("A_B-1h.json", b"[".repeat(1 << 20), "row 0, the first being 0"),
        ("A_B-1h.json", quoted, "row 0, the first being 0"),
        ("A_B-1h.json.gz", gzip(b"[[", b"1", 1 << 30), "a million bytes without a comma"),
    ] {
        assert_file_refused(&folder, name, &content, &[expected]);
    }
}

#[test]
fn whoever_trusts_a_file_may_allow_more_or_less() {
    let folder = folder();
    let row = |row: i64| format!("{},1,1,1,1,1\n", 1_700_000_000_000 + row * 60_000);
    let rows: String = (0..200).map(row).collect();
    std::fs::write(folder.path().join("a.csv"), [HEADER, rows.as_bytes()].concat()).unwrap();
    for (key, found, least) in [
        ("ROWS", "hold 200 rows or more: expected 199 at most", 200),
        ("BYTES", "unpack to 4837 bytes or more: expected 199 at most", 4_837),
    ] {
        let limited = |limit: u64| {
            let mut command = bounded(&folder, &["validate-data", "a.csv", "--quiet"]);
            command.env(format!("CT_HOST__ACCESS__FILE_{key}_MAX"), limit.to_string());
            command
        };
        assert_refused(&mut limited(199), &["a.csv: price files of 4837 bytes ", found]);
        // Every price is the same, which is worth a warning.
        limited(least).assert().code(3);
    }
}

#[test]
fn names_of_columns_are_not_repeated_at_length() {
    let folder = folder();
    let long = "X".repeat(30_000);
    for (names, expected) in [
        (format!("timestamp,open,high,low,close,{long}"), "no column for volume"),
        (format!("timestamp,open,high,low,close,VolumeX{long},VolumeY{long}"), "could both be"),
    ] {
        let names = names.get(..65_000).unwrap_or(&names).trim_end_matches(',');
        let content = format!("{names}\n1700000000000,1,1,1,1,1\n");
        assert_file_refused(&folder, "a.csv", content.as_bytes(), &[expected]);
    }
}

#[test]
fn a_gap_of_decades_is_not_filled_second_by_second() {
    let folder = folder();
    let rows =
        "1000000000,1,1,1,1,1\n1000000001,1,1,1,1,1\n1700000000,1,1,1,1,1\n1700000001,1,1,1,1,1\n";
    std::fs::write(folder.path().join("a.csv"), rows).unwrap();
    let arguments = ["data", "import", "a.csv", "--exchange", "own", "--symbol", "A/B"];
    let mut command = bounded(&folder, &arguments);
    command.args(["--bad-data", "repair", "--fill-gaps", "4000000000"]);
    let expected = ["filling the gaps makes up 699999998 bars: expected 5000000 at most"];
    assert_refused(&mut command, &expected);
}
