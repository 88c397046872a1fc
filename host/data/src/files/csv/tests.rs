//! Whole files: every form that is read and every defect that is refused.

use std::fs;
use std::io::Write as _;
use std::path::Path;

use proptest::prelude::*;

use super::block::parts;
use super::chunk::read_chunk;
use super::start::Start;
use super::*;
use crate::FileBudget;
use crate::files::{FileError, FileProblem, Progress, ReadOptions};
use ct_core::market::RawColumns;

const TABLE: &str = "\
timestamp,open,high,low,close,volume
1704067200000,42283.58,42488.09,42261.02,42488.0,431.71082
1704070800000,42488.0,42554.57,42412.02,42419.73,0
";

/// What every form of [`TABLE`] says.
fn table() -> RawColumns {
    RawColumns {
        time: vec![1_704_067_200_000, 1_704_070_800_000],
        open: vec![42_283.58, 42_488.0],
        high: vec![42_488.09, 42_554.57],
        low: vec![42_261.02, 42_412.02],
        close: vec![42_488.0, 42_419.73],
        volume: vec![431.710_82, 0.0],
    }
}

/// Reads `content` from a file called `name`.
fn read_bytes(name: &str, content: &[u8]) -> Result<RawFile, FileError> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    read_rows(&path, &ReadOptions::default(), &FileBudget::default(), &mut |_| {})
}

fn read(content: &str) -> Result<RawFile, FileError> {
    read_bytes("prices.csv", content.as_bytes())
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(content).unwrap();
    encoder.finish().unwrap()
}

fn zstandard(content: &[u8]) -> Vec<u8> {
    zstd::encode_all(content, 1).unwrap()
}

fn utf_16(text: &str) -> Vec<u8> {
    let units = std::iter::once(0xfeff).chain(text.encode_utf16());
    units.flat_map(u16::to_le_bytes).collect()
}

/// The table with `from` replaced by `to`.
fn with(from: &str, to: &str) -> String {
    assert!(TABLE.contains(from), "{from}");
    TABLE.replace(from, to)
}

/// The table with each line changed.
fn each_line(change: impl Fn(&str) -> String) -> String {
    TABLE.lines().map(|line| change(line) + "\n").collect()
}

#[test]
fn one_table_is_read_from_every_form() {
    for text in [
        TABLE.to_owned(),
        with("\n", "\r\n"),
        TABLE.trim_end().to_owned(),
        with("\n", "\n\n \n"),
        format!("{TABLE}\n,,,,,\n"),
        format!("\u{feff}{TABLE}"),
        format!("sep=,\n{TABLE}"),
        format!("\u{feff}\"SEP=;\"\r\n{}", with(",", ";")),
        format!("https://www.CryptoDataDownload.com\n{TABLE}"),
        format!("# BTC/USDT, 1h\n\n{TABLE}"),
        with(",", ";"),
        with(",", "\t"),
        with(",", " , "),
        each_line(|line| format!("\"{}\"", line.replace(',', "\",\""))),
        with("00000,", "00,"),
        with("00000,", "00000000,"),
        with("00000,", "00000000000,"),
        with("00000,", "00.0,"),
        with("1704067200000", "2024-01-01").replace("1704070800000", "2024-01-01T01:00:00"),
        with("1704067200000", "2024-01-01 00:00:00Z")
            .replace("1704070800000", "2024-01-01 02:00+01:00"),
        with("42488.0,", "+4.2488e4,"),
        with("42488.0,", "42488.00000000000000000000,"),
        TABLE.lines().skip(1).collect::<Vec<_>>().join("\n"),
        each_line(|line| format!("{line},\"a, b\",7")),
        each_line(|line| format!("x,{line}")),
        with("82\n", "82,\n").replace(",0\n", ",0,\n"),
        with("timestamp,open,high,low,close,volume", "DATE;Low;x;Open;High;Close;Volume_(BTC)")
            .replace(
                "1704067200000,42283.58,42488.09,42261.02",
                "2024-01-01;42261.02;;42283.58;42488.09",
            )
            .replace(
                "1704070800000,42488.0,42554.57,42412.02",
                "2024-01-01 01:00;42412.02;;42488;42554.57",
            )
            .replace(',', ";"),
    ] {
        let file = read(&text).unwrap_or_else(|error| panic!("{error}\n{text}"));
        assert_eq!(file.columns, table(), "{text}");
    }
}

#[test]
fn compressed_files_are_read_in_all_their_parts() {
    let (start, end) = TABLE.as_bytes().split_at(80);
    for (name, content) in [
        ("prices.csv.gz", gzip(TABLE.as_bytes())),
        ("prices.csv.gz", [gzip(start), gzip(end)].concat()),
        ("PRICES.GZ", gzip(TABLE.as_bytes())),
        ("prices.csv.zst", zstandard(TABLE.as_bytes())),
        ("prices.tsv.zst", [zstandard(start), zstandard(end)].concat()),
        ("prices.txt", TABLE.into()),
        ("utf_16.csv", utf_16(TABLE)),
        ("utf_16.csv.gz", gzip(&utf_16(TABLE))),
    ] {
        assert_eq!(read_bytes(name, &content).unwrap().columns, table(), "{name}");
    }
}

#[test]
fn every_defect_of_a_row_is_named_with_its_line() {
    for (text, expected) in [
        (
            with("42412.02", "abc"),
            ":3: column low (cell 4): found 'abc', expected a number such as 1234.5",
        ),
        (with("42283.58", "42,283.58"), ":2: 7 cells, but the header has 6"),
        (with("42412.02", "42,412.02"), ":3: 7 cells, but the first row has 6"),
        (with(",0\n", "\n"), ":3: 5 cells, but the first row has 6"),
        (with("42412.02", "\"42412.02"), ":3: a quoted cell is not closed"),
        (
            with("1704070800000", "1704070800"),
            ":3: column timestamp (cell 1): found '1704070800', expected Unix time in milliseconds",
        ),
        (with("1704070800000", "timestamp"), ":3: column timestamp (cell 1): found 'timestamp'"),
        (with("1704067200000", "1.70E+12"), ":2: column timestamp (cell 1): found '1.70E+12'"),
        (with("1704067200000", "01/01/2024"), ":2: the time '01/01/2024' may have the day first"),
        (format!("{TABLE}{}", "x".repeat(70_000)), ":4: the line is longer than 65536 bytes"),
    ] {
        let error = read(&text).unwrap_err().to_string();
        assert!(error.contains(&format!("prices.csv{expected}")), "{error}");
    }
}

#[test]
fn every_defect_of_a_file_is_named() {
    let garbage: Vec<u8> = (0..=255).collect();
    let gz = gzip(TABLE.as_bytes());
    let zst = zstandard(TABLE.as_bytes());
    let mut damaged = gz.clone();
    damaged[20] ^= 0xff;
    let long_line = [b"a,".repeat(50_000), b"\n".to_vec()].concat();
    for (name, content, expected) in [
        ("a.csv", &b""[..], "the file is empty"),
        ("a.csv", b"\n\n", "the file is empty"),
        ("a.csv", b"timestamp,open,high,low,close,volume\n", ":1: no rows follow"),
        ("a.csv", b"hello", ":1: no separator in 'hello'"),
        ("a.csv", b"1704067200,1,2,3,4", ":1: 5 cells and no header"),
        (
            "a.csv",
            b"time,open\n1704067200,1",
            ":1: no column for high, low, close, volume among 'time', 'open'",
        ),
        (
            "a.csv",
            b"20240101,1,2,3,4,5",
            ":1: column timestamp (cell 1): found '20240101', expected Unix time",
        ),
        ("a.csv", &b"#\n".repeat(100), "no row within the first 32 lines"),
        ("a.csv", &long_line, ":1: the line is longer"),
        ("a.csv", &b"1,".repeat(5_000_000), ":1: the line is longer"),
        ("a.csv", &garbage, "found the byte 0x00"),
        ("a.csv", b"\xff\xfet\0i\0m\0e\0", ":1: no separator in 'time'"),
        ("a.csv", &gz, "the name says uncompressed, but the content is gzip"),
        ("a.csv.zst", &gz, "the name says zstd, but the content is gzip"),
        ("a.csv.gz", TABLE.as_bytes(), "the name says gzip, but the content is uncompressed"),
        ("a.csv.gz", &gz[..gz.len() - 9], "the gzip data ends too early"),
        ("a.csv.gz", &damaged, "the gzip data is damaged"),
        ("a.csv.zst", &zst[..zst.len() - 5], "the zstd data ends too early"),
    ] {
        let error = read_bytes(name, content).unwrap_err().to_string();
        assert!(
            error.contains(&format!("{name}{expected}"))
                || error.contains(&format!("{name}: {expected}")),
            "{error}"
        );
    }
    let missing = read_rows(
        Path::new("no/such/prices.csv"),
        &ReadOptions::default(),
        &FileBudget::default(),
        &mut |_| {},
    )
    .unwrap_err();
    assert!(matches!(missing.problem, FileProblem::Io(_)), "{missing}");
}

/// About 10 MB, which is several blocks, with a blank line before every thousandth row.
fn long_file(rows: i64) -> String {
    let row = |row: i64| {
        let blank = if row % 1_000 == 999 { "\n" } else { "" };
        let time = 1_577_836_800_000_i64 + row * 60_000;
        format!(
            "{blank}{time},{row}.25,{row}.50000000,{row}.12500000,{row}.37500000,{row}.00001000\n"
        )
    };
    "timestamp,open,high,low,close,volume\n".to_owned() + &(0..rows).map(row).collect::<String>()
}

#[test]
fn nothing_is_lost_between_blocks() {
    let rows = 140_000;
    let text = long_file(rows);
    for (name, content) in
        [("a.csv", text.clone().into_bytes()), ("a.csv.zst", zstandard(text.as_bytes()))]
    {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(name);
        fs::write(&path, &content).unwrap();
        let mut seen = Vec::new();
        let columns =
            read_rows(&path, &ReadOptions::default(), &FileBudget::default(), &mut |progress| {
                seen.push(progress);
            })
            .unwrap()
            .columns;
        assert!(seen.len() > 2, "{} blocks", seen.len());
        assert!(seen.is_sorted_by_key(|progress| progress.bytes_done));
        let total = content.len() as u64;
        assert_eq!(seen.last(), Some(&Progress { bytes_done: total, bytes_total: total }));
        assert!(
            columns.time.iter().copied().eq((0..rows).map(|row| 1_577_836_800_000 + row * 60_000))
        );
        for (column, decimals) in [
            (&columns.open, 0.25),
            (&columns.high, 0.5),
            (&columns.low, 0.125),
            (&columns.close, 0.375),
        ] {
            assert!(column.iter().copied().eq((0..rows).map(|row| row as f64 + decimals)));
        }
    }
}

#[test]
fn lines_are_counted_through_blocks_and_blank_lines() {
    let text = long_file(140_000);
    let (row, line) = (130_500, 2 + 130_500 + 130);
    let broken = text.replace(&format!(",{row}.25,"), ",x,");
    let error = read(&broken).unwrap_err();
    assert_eq!(error.line, Some(line), "{error}");
    // The same row, asked for when all rows are read.
    assert_eq!(read(&text).unwrap().lines.line(row), line);
}

#[test]
fn rows_are_taken_as_they_stand() {
    let text = "\
unix,open,high,low,close,Volume BTC,Volume USD

1704074400000,3,4,2,3,-5,15
1704070800000,,nan,-1,0,inf,NULL

1704070800000,3,4,2,3,5,15
";
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("prices.csv");
    fs::write(&path, text).unwrap();
    let file =
        read_rows(&path, &ReadOptions::default(), &FileBudget::default(), &mut |_| {}).unwrap();
    let columns = &file.columns;
    assert_eq!(columns.time, [1_704_074_400_000, 1_704_070_800_000, 1_704_070_800_000]);
    assert!(columns.open[1].is_nan() && columns.high[1].is_nan());
    assert_eq!((columns.low[1], columns.close[1]), (-1.0, 0.0));
    assert_eq!(columns.volume, [-5.0, f64::INFINITY, 5.0]);
    let quote = file.quote_volume.unwrap();
    assert!(quote[0].to_bits() == 15_f64.to_bits() && quote[1].is_nan());
    assert_eq!([0, 1, 2].map(|row| file.lines.line(row)), [3, 4, 6]);
    for (from, to, line, expected) in [
        ("3,4,2,3,-5,15", "3,4,2,3,-5", 3, "6 cells"),
        ("3,4,2,3,-5,15", "3,4,2,x,-5,15", 3, "column close (cell 5): found 'x'"),
        ("inf,NULL", "inf,much", 4, "cell 7"),
        ("1704070800000,,", ",,", 4, "column timestamp (cell 1): found an empty cell"),
    ] {
        fs::write(&path, text.replacen(from, to, 1)).unwrap();
        let error = read_rows(&path, &ReadOptions::default(), &FileBudget::default(), &mut |_| {})
            .unwrap_err();
        assert!(error.to_string().contains(expected), "{error}");
        // The first row sets the number of cells.
        assert_eq!(error.line, Some(line), "{error}");
    }
}

/// The rows of `text` read in parts of `bytes`; None after any problem.
fn rows_in_parts(text: &[u8], bytes: usize) -> Option<Vec<RawColumns>> {
    let start = Start::of(text, &ReadOptions::default()).ok()?;
    let parts = parts(text.get(start.bytes..)?, bytes);
    parts.into_iter().map(|part| Some(read_chunk(part, &start.layout).ok()?.rows.columns)).collect()
}

proptest! {
    #[test]
    fn whatever_the_bytes_reading_gives_whole_columns_or_an_error(
        changes in prop::collection::vec((0..TABLE.len(), prop_oneof![Just(b','), Just(b'"'), Just(b'\n'), any::<u8>()]), 0..6),
        bytes in 1_usize..200,
    ) {
        let mut text = TABLE.as_bytes().to_vec();
        for (position, byte) in changes {
            text[position] = byte;
        }
        for columns in rows_in_parts(&text, bytes).into_iter().flatten() {
            let columns = [&columns.open, &columns.high, &columns.low, &columns.close, &columns.volume]
                .map(|column| column.len() == columns.time.len());
            prop_assert_eq!(columns, [true; 5]);
        }
    }

    #[test]
    fn bytes_that_are_no_table_never_panic(text in prop::collection::vec(any::<u8>(), 0..300)) {
        let _ = rows_in_parts(&text, 50);
    }
}
