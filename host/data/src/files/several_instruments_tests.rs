//! Files with rows of several instruments, in every format that can name them.

use std::fs::{self, File};
use std::path::Path;
use std::sync::Arc;

use arrow_array::types::Int32Type;
use arrow_array::{ArrayRef, DictionaryArray, Float64Array, Int64Array, RecordBatch, StringArray};
use arrow_ipc::writer::FileWriter;
use parquet::arrow::ArrowWriter;

use super::{PriceFile, ReadOptions, Remark, read_file_with};
use crate::FileBudget;

const HOUR: i64 = 3_600_000;
const START: i64 = 1_704_067_200_000;

/// Four hours of BTC and three of ETH, one after the other as a query gives them.
const ROWS: [(&str, i64, f64); 7] = [
    ("BTCUSDT", 0, 100.0),
    ("ETHUSDT", 0, 10.0),
    ("BTCUSDT", 1, 101.0),
    ("ETHUSDT", 1, 11.0),
    ("BTCUSDT", 2, 102.0),
    ("BTCUSDT", 3, 103.0),
    ("ETHUSDT", 3, 13.0),
];

fn batch(symbols: ArrayRef) -> RecordBatch {
    let time = Int64Array::from_iter_values(ROWS.map(|(_, hour, _)| START + hour * HOUR));
    let price = Arc::new(Float64Array::from_iter_values(ROWS.map(|(.., price)| price))) as ArrayRef;
    let columns = ["open", "high", "low", "close", "volume"].map(|name| (name, price.clone()));
    let first = [("timestamp", Arc::new(time) as ArrayRef), ("Symbol", symbols)];
    RecordBatch::try_from_iter(first.into_iter().chain(columns)).unwrap()
}

/// The rows as text, with the symbol under `name`.
fn csv(name: &str) -> String {
    let rows = ROWS.map(|(symbol, hour, price)| {
        format!("{},{symbol},{price},{price},{price},{price},{price}\n", START + hour * HOUR)
    });
    format!("timestamp,{name},open,high,low,close,volume\n{}", rows.concat())
}

/// Writes the rows into every kind of file that can name instruments.
fn write(folder: &Path) -> Vec<&'static str> {
    fs::write(folder.join("a.csv"), csv("Symbol")).unwrap();
    let rows: String = csv("Symbol").lines().skip(1).map(|line| line.to_owned() + "\n").collect();
    let reordered = rows.lines().map(|line| {
        let mut cells: Vec<&str> = line.split(',').collect();
        let symbol = cells.remove(1);
        format!("{},{symbol}\n", cells.join(","))
    });
    fs::write(folder.join("no_header.csv"), reordered.collect::<String>()).unwrap();
    let plain = batch(Arc::new(StringArray::from_iter_values(ROWS.map(|(symbol, ..)| symbol))));
    let packed: DictionaryArray<Int32Type> =
        ROWS.iter().map(|(symbol, ..)| Some(*symbol)).collect();
    let packed = batch(Arc::new(packed));
    for (name, batch) in [("plain.arrow", &plain), ("packed.arrow", &packed)] {
        let file = File::create(folder.join(name)).unwrap();
        let mut writer = FileWriter::try_new(file, &batch.schema()).unwrap();
        writer.write(batch).unwrap();
        writer.finish().unwrap();
    }
    for (name, batch) in [("plain.parquet", &plain), ("packed.parquet", &packed)] {
        let file = File::create(folder.join(name)).unwrap();
        let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
        writer.write(batch).unwrap();
        writer.close().unwrap();
    }
    vec!["a.csv", "no_header.csv", "plain.arrow", "packed.arrow", "plain.parquet", "packed.parquet"]
}

fn read(path: &Path, options: &ReadOptions) -> Result<PriceFile, String> {
    let read = read_file_with(path, options, &FileBudget::default(), &mut |_| {});
    read.map_err(|error| error.to_string())
}

fn taking(instrument: &str) -> ReadOptions {
    ReadOptions { instrument: Some(instrument.to_owned()), ..ReadOptions::default() }
}

#[test]
fn rows_of_several_instruments_are_never_put_together() {
    let folder = tempfile::tempdir().unwrap();
    for name in write(folder.path()) {
        let path = folder.path().join(name);
        let error = read(&path, &ReadOptions::default()).unwrap_err();
        assert!(error.contains("'BTCUSDT' (4 rows), 'ETHUSDT' (3 rows)"), "{name}: {error}");
        let file = read(&path, &taking("ETH/USDT")).unwrap();
        assert_eq!(file.columns.close, [10.0, 11.0, 13.0], "{name}");
        assert_eq!(file.columns.time, [0, 1, 3].map(|hour| START + hour * HOUR), "{name}");
        assert_eq!(file.label.symbol.as_deref(), Some("ETHUSDT"), "{name}");
        if name == "a.csv" {
            let lines = file.lines.unwrap();
            assert_eq!([0, 1, 2].map(|row| lines.line(row)), [3, 5, 8]);
        }
    }
}

#[test]
fn whatever_the_column_is_called_it_is_looked_at() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    for name in
        ["ticker", "Pair", "PRODUCT_ID", "instId", "instrument", "Coin", "<TICKER>", "exchange"]
    {
        fs::write(&path, csv(name)).unwrap();
        let error = read(&path, &ReadOptions::default()).unwrap_err();
        assert!(error.contains(&format!("2 instruments in the column '{name}'")), "{error}");
    }
    // A column of prices is no column of names, whatever it is called.
    fs::write(&path, csv("market").replace("BTCUSDT", "1.5").replace("ETHUSDT", "2.5")).unwrap();
    assert_eq!(read(&path, &ReadOptions::default()).unwrap().columns.time.len(), 7);
}

#[test]
fn a_constant_column_is_compared_with_the_symbol_that_was_asked_for() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    fs::write(&path, csv("symbol").replace("ETHUSDT", "BTCUSDT")).unwrap();
    for (symbol, expected) in [("BTC/USDT", 0), ("ETH/USDT", 1)] {
        let options = ReadOptions { symbol: Some(symbol.to_owned()), ..ReadOptions::default() };
        let file = read(&path, &options).unwrap();
        assert_eq!((file.columns.time.len(), file.remarks.len()), (7, expected), "{symbol}");
        let other = |remark: &Remark| matches!(remark, Remark::OtherInstrument { .. });
        assert!(file.remarks.iter().all(other));
    }
}
