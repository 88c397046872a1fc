//! The rows of one of Binance's kline files.

use std::io::{BufRead, BufReader, Read};

use super::archive_file::ArchiveFile;
use crate::TimeRange;
use crate::files::{UnixUnit, parse, shown, take_integer};
use crate::raw_columns::{picked, push, values};
use ct_core::market::RawColumns;

/// Bytes of a row, at most: twelve cells of up to twenty characters.
pub(super) const ROW_BYTES_MAX: u64 = 256;

/// A file may hold its rows twice, as long as that is all.
const REPETITIONS_MAX: u64 = 2;

/// Open time, open, high, low, close, volume, close time, quote volume, trades, taker's base and quote volume, unused.
const CELLS: usize = 12;

/// Reads all rows; each must open in the range of `file`, its month or day. They are given by time.
///
/// # Errors
/// What is wrong and in which line, as the rest of a sentence about the file.
pub(super) fn read_klines(text: &mut dyn Read, file: &ArchiveFile) -> Result<RawColumns, String> {
    let rows_max = file.rows_max.saturating_mul(REPETITIONS_MAX);
    let mut text = BufReader::new(text);
    let mut columns = RawColumns::default();
    let mut line = Vec::new();
    for number in 1_u64.. {
        line.clear();
        let read = text.by_ref().take(ROW_BYTES_MAX + 1).read_until(b'\n', &mut line);
        let bytes = read.map_err(|error| format!("it cannot be unpacked ({error})"))?;
        if bytes == 0 {
            break;
        }
        if bytes as u64 > ROW_BYTES_MAX {
            return Err(format!("its line {number} has more than {ROW_BYTES_MAX} bytes"));
        }
        let row = line.trim_ascii_end();
        let is_header = number == 1 && row.first().is_some_and(u8::is_ascii_alphabetic);
        if columns.time.len() as u64 >= rows_max {
            return Err(format!("it has more than {rows_max} rows, for {} bars", file.rows_max));
        }
        if !is_header {
            add_row(row, file.range, &mut columns)
                .map_err(|fault| format!("its line {number} {fault}"))?;
        }
    }
    Ok(by_time(columns))
}

fn add_row(row: &[u8], range: TimeRange, columns: &mut RawColumns) -> Result<(), String> {
    let cells: Vec<&[u8]> = row.split(|byte| *byte == b',').collect();
    let [time, open, high, low, close, volume, ..] = cells.as_slice() else {
        return Err(cell_count(cells.len()));
    };
    if cells.len() != CELLS {
        return Err(cell_count(cells.len()));
    }
    let time = open_time(time)?;
    if !range.contains(time) {
        return Err(format!("opens at {time} ms: expected a time from {range}"));
    }
    let mut values = [0.0; 5];
    for (value, cell) in values.iter_mut().zip([open, high, low, close, volume]) {
        *value = parse(cell).ok_or_else(|| found(cell, "a finite decimal number"))?;
    }
    push(columns, time, values);
    Ok(())
}

/// UTC milliseconds. Times are in milliseconds up to 2024 and in microseconds from 2025-01-01 on.
fn open_time(cell: &[u8]) -> Result<i64, String> {
    let number = take_integer(cell).filter(|(_, rest)| rest.is_empty());
    let time = number.and_then(|(number, _)| UnixUnit::of_number(number)?.to_ms(number).ok());
    time.ok_or_else(|| found(cell, "a time in whole milliseconds"))
}

fn cell_count(found: usize) -> String {
    format!("has {found} cells: expected {CELLS}")
}

fn found(cell: &[u8], expected: &str) -> String {
    format!("has {}: expected {expected}", shown(&String::from_utf8_lossy(cell)))
}

/// The rows by time; those of the same time as they stand in the file.
fn by_time(columns: RawColumns) -> RawColumns {
    if columns.time.is_sorted() {
        return columns;
    }
    let mut rows: Vec<usize> = (0..columns.time.len()).collect();
    rows.sort_by_key(|row| columns.time.get(*row));
    picked(&columns.time, values(&columns).map(Vec::as_slice), &rows)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The example in the archive's own description, and the same minute in microseconds.
    const ROW: &str = "1601510340000,4.15070000,4.15870000,4.15060000,4.15540000,539.23000000,1601510399999,\
                       2240.39860900,13,401.82000000,1669.98121300,0\n";

    fn read(text: &str) -> Result<RawColumns, String> {
        let month = TimeRange::new("2020-09-01".parse().unwrap(), "2020-10-01".parse().unwrap());
        read_klines(&mut text.as_bytes(), &file(month, 30))
    }

    fn file(range: TimeRange, rows_max: u64) -> ArchiveFile {
        ArchiveFile { path: String::new(), stem: String::new(), range, rows_max }
    }

    #[test]
    fn rows_beyond_those_that_the_time_has_are_refused() {
        assert_eq!(read(&ROW.repeat(60)).map(|columns| columns.time.len()), Ok(60));
        let error = read(&ROW.repeat(61)).unwrap_err();
        assert_eq!(error, "it has more than 60 rows, for 30 bars");
    }

    #[test]
    fn rows_are_read_with_and_without_header_in_both_units() {
        let expected = RawColumns {
            time: vec![1_601_510_340_000],
            open: vec![4.1507],
            high: vec![4.1587],
            low: vec![4.1506],
            close: vec![4.1554],
            volume: vec![539.23],
        };
        for text in [
            ROW.to_owned(),
            ROW.trim_end().to_owned(),
            ROW.replace('\n', "\r\n"),
            ROW.replace("340000,", "340000000,").replace("399999,", "399999999,"),
            format!("open_time,open,high,low,close,volume,close_time,quote_volume\n{ROW}"),
        ] {
            assert_eq!(read(&text), Ok(expected.clone()), "{text}");
        }
        assert_eq!(read(""), Ok(RawColumns::default()));
    }

    #[test]
    fn rows_are_given_by_time() {
        let earlier = ROW.replace("1601510340000", "1601510280000").replace("4.1507", "4.0");
        let columns = read(&[ROW, ROW, &earlier].concat()).unwrap();
        assert_eq!(columns.time, [1_601_510_280_000, 1_601_510_340_000, 1_601_510_340_000]);
        assert_eq!(columns.open, [4.0, 4.1507, 4.1507]);
    }

    #[test]
    fn anything_else_is_named_with_its_line() {
        for (from, to, expected) in [
            ("539.23000000", "", "line 2 has '': expected a finite decimal number"),
            ("4.1587", "NaN4", "line 2 has 'NaN40000'"),
            ("4.15870000", "inf", "line 2 has 'inf'"),
            (",0\n", "\n", "line 2 has 11 cells: expected 12"),
            ("\n", ",0\n", "line 2 has 13 cells"),
            ("1601510340000", "1601510340000001", "whole milliseconds"),
            ("1601510340000", "-5", "whole milliseconds"),
            ("1601510340000", "1601510400000", "opens at 1601510400000 ms"),
            ("2240.39860900", &"9".repeat(300), "more than 256 bytes"),
            (ROW, "\n", "line 2 has 1 cells"),
            (ROW, "open_time,open\n", "line 2 has 2 cells"),
        ] {
            let error = read(&format!("{ROW}{}", ROW.replacen(from, to, 1))).unwrap_err();
            assert!(error.contains(expected), "{error}");
        }
    }

    proptest! {
        #[test]
        fn no_text_panics(text in proptest::collection::vec(any::<u8>(), 0..600)) {
            let always = TimeRange::from_ms(0, i64::MAX);
            let _either = read_klines(&mut text.as_slice(), &file(always, 9));
        }
    }
}
