//! Bars that are written and read again.

use std::fs;
use std::path::Path;

use proptest::prelude::*;

use super::*;
use crate::FileBudget;
use ct_core::market::{Bars, RawColumns};

const NAMES: [&str; 11] = [
    "a.csv",
    "a.csv.gz",
    "a.csv.zst",
    "a.parquet",
    "a.arrow",
    "a.feather",
    "a.ipc",
    "BTC_USDT-1h.json",
    "BTC_USDT-1h.json.gz",
    "BTC_USDT-1h.feather",
    "BTC_USDT-1h.parquet",
];

fn bars(columns: RawColumns) -> Bars {
    Bars::new("1s".parse().unwrap(), columns).unwrap()
}

/// Bars of one price each, a second apart.
fn bars_at(prices: &[(f64, f64)]) -> Bars {
    let column = || prices.iter().map(|(price, _)| *price).collect::<Vec<f64>>();
    bars(RawColumns {
        time: (0..).map(|second| 1_704_067_200_000 + second * 1_000).take(prices.len()).collect(),
        open: column(),
        high: column(),
        low: column(),
        close: column(),
        volume: prices.iter().map(|(_, volume)| *volume).collect(),
    })
}

fn written(folder: &Path, name: &str, bars: &Bars, options: &WriteOptions) -> PriceFile {
    let path = folder.join(name);
    let format = FileFormat::of_name(&path).unwrap();
    let bytes = write_file(&path, format, bars, options).unwrap();
    assert_eq!(fs::metadata(&path).unwrap().len(), bytes);
    read_file(&path, &FileBudget::default(), &mut |_| {}).unwrap()
}

/// The columns as bits, which tell -0 from 0.
fn bits(columns: &RawColumns) -> Vec<Vec<u64>> {
    let RawColumns { time: _, open, high, low, close, volume } = columns;
    let bits = |column: &Vec<f64>| column.iter().map(|value| value.to_bits()).collect();
    [open, high, low, close, volume].map(bits).to_vec()
}

#[test]
fn every_format_gives_back_what_it_was_given() {
    let folder = tempfile::tempdir().unwrap();
    let bars = bars_at(&[
        (5e-324, f64::MAX),
        (0.1 + 0.2, -0.0),
        (f64::MAX, 5e-324),
        (1.0 / 3.0, 18_251_592_538_769.12),
        (1e23, 9_007_199_254_740_993.0),
    ]);
    for name in NAMES {
        let file = written(folder.path(), name, &bars, &WriteOptions::default());
        assert_eq!(file.columns.time, bars.times(), "{name}");
        let columns = RawColumns {
            time: Vec::new(),
            open: bars.open().to_vec(),
            high: bars.high().to_vec(),
            low: bars.low().to_vec(),
            close: bars.close().to_vec(),
            volume: bars.volume().to_vec(),
        };
        assert_eq!(bits(&file.columns), bits(&columns), "{name}");
    }
}

#[test]
fn many_batches_and_no_rows_are_written_too() {
    let folder = tempfile::tempdir().unwrap();
    let many: Vec<(f64, f64)> = (1..=150_000).map(|row| (f64::from(row), 1.0)).collect();
    let many = bars_at(&many);
    let none = bars(RawColumns::default());
    for name in NAMES {
        let file = written(folder.path(), name, &many, &WriteOptions::default());
        assert_eq!(
            (file.columns.close, file.columns.time.as_slice()),
            (many.close().to_vec(), many.times()),
            "{name}"
        );
        if !name.contains("csv") {
            let file = written(folder.path(), name, &none, &WriteOptions::default());
            assert_eq!(file.columns, RawColumns::default(), "{name}");
        }
    }
}

#[test]
fn labels_are_kept_and_names_fill_their_gaps() {
    let folder = tempfile::tempdir().unwrap();
    let label = Label {
        exchange: Some("kraken".to_owned()),
        interval: "1s".parse().ok(),
        data_version: Some("c0ffee".to_owned()),
        ..Label::default()
    };
    let options = WriteOptions { label: label.clone(), ..WriteOptions::default() };
    let one = bars_at(&[(1.0, 1.0)]);
    for name in ["a.parquet", "a.arrow"] {
        assert_eq!(written(folder.path(), name, &one, &options).label, label, "{name}");
    }
    let expected = Label { symbol: Some("BTC/USDT".to_owned()), ..label };
    for name in ["BTC_USDT-1h.parquet", "BTC_USDT-1h.feather"] {
        assert_eq!(written(folder.path(), name, &one, &options).label, expected, "{name}");
    }
}

#[test]
fn text_looks_as_it_should() {
    let folder = tempfile::tempdir().unwrap();
    let two = bars_at(&[(42_283.58, 0.0), (0.000_001, 2.5)]);
    let text = |name: &str, csv_times| {
        written(folder.path(), name, &two, &WriteOptions { csv_times, ..WriteOptions::default() });
        fs::read_to_string(folder.path().join(name)).unwrap()
    };
    assert_eq!(
        text("a.csv", CsvTimes::Milliseconds),
        "timestamp_ms,open,high,low,close,volume\n\
         1704067200000,42283.58,42283.58,42283.58,42283.58,0\n\
         1704067201000,0.000001,0.000001,0.000001,0.000001,2.5\n"
    );
    assert!(
        text("a.csv", CsvTimes::Iso)
            .starts_with("timestamp,open,high,low,close,volume\n2024-01-01T00:00:00Z,42283.58")
    );
    assert_eq!(
        text("BTC_USDT-1h.json", CsvTimes::Iso),
        "[[1704067200000,42283.58,42283.58,42283.58,42283.58,0.0],\
          [1704067201000,1e-6,1e-6,1e-6,1e-6,2.5]]"
    );
}

#[test]
fn a_file_is_replaced_whole_or_not_at_all() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    fs::write(&path, "before").unwrap();
    written(folder.path(), "a.csv", &bars_at(&[(1.0, 1.0)]), &WriteOptions::default());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
    let nowhere = folder.path().join("missing").join("a.csv");
    let error = write_file(&nowhere, FileFormat::Csv, &bars_at(&[]), &WriteOptions::default());
    let error = error.unwrap_err().to_string();
    assert!(error.contains("missing") && error.contains("cannot be written"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn every_number_is_read_again_bit_for_bit(
        prices in proptest::collection::vec((f64::MIN_POSITIVE..1e12, 0.0..1e15), 1..20),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let bars = bars_at(&prices);
        for name in ["a.csv", "a.parquet", "a.arrow", "a.json"] {
            let columns = written(folder.path(), name, &bars, &WriteOptions::default()).columns;
            prop_assert_eq!(Bars::new(bars.interval(), columns).unwrap(), bars.clone());
        }
    }
}
