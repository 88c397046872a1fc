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

/// A hundred hours of two series, row by row, and the column `name` with what `of` says of the hour and the series.
fn interleaved(name: &str, of: impl Fn(i64, bool) -> String) -> String {
    let rows =
        (0..100_i64).flat_map(|hour| [(hour, false), (hour, true)]).map(|(hour, is_other)| {
            let price = if is_other { 10 + hour % 7 } else { 100 + hour % 7 };
            format!(
                "{},{},{price},{price},{price},{price},1\n",
                START + hour * HOUR,
                of(hour, is_other)
            )
        });
    format!("timestamp,{name},open,high,low,close,volume\n{}", rows.collect::<String>())
}

fn read_text(text: &str, options: &ReadOptions) -> Result<PriceFile, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    fs::write(&path, text).unwrap();
    let file = read_file_with(&path, options, &FileBudget::default(), &mut |_| {});
    file.map_err(|error| error.to_string())
}

#[test]
fn a_column_of_any_name_that_tells_conflicting_rows_apart_is_named() {
    let series = |_: i64, is_other: bool| if is_other { "ETH" } else { "BTC" }.to_owned();
    for name in ["what it is", "Kennung", "id", "remarks"] {
        let text = interleaved(name, series);
        let error = read_text(&text, &ReadOptions::default()).unwrap_err();
        assert!(
            error.contains(&format!(
                "rows of the same time differ in the column '{name}': 'BTC' (100 rows), 'ETH' (100 rows)"
            )),
            "{error}"
        );
        let options = ReadOptions { instrument: Some("ETH".to_owned()), ..ReadOptions::default() };
        assert_eq!(read_text(&text, &options).unwrap().columns.open[..2], [10.0, 11.0]);
    }
    // Numbers are only looked at under names that may mean a key or a time of day.
    let number = |_: i64, is_other: bool| if is_other { "2" } else { "1" }.to_owned();
    assert!(read_text(&interleaved("id", number), &ReadOptions::default()).is_err());
    assert!(read_text(&interleaved("hour", number), &ReadOptions::default()).is_err());
    assert!(read_text(&interleaved("trades", number), &ReadOptions::default()).is_ok());
}

#[test]
fn a_column_of_remarks_is_nobodys_name() {
    // It differs between the hours, but not between the rows of one hour: what conflicts is of no two series that it tells.
    let remark = |hour: i64, _: bool| format!("remark {}", hour % 3);
    assert_eq!(
        read_text(&interleaved("remark", remark), &ReadOptions::default())
            .unwrap()
            .columns
            .time
            .len(),
        200
    );
    // Without conflicts it may say what it likes, in more words than instruments have.
    let rows = (0..12_000).map(|hour| format!("{},remark {hour},1,1,1,1,1\n", START + hour * HOUR));
    let text = format!("timestamp,remark,open,high,low,close,volume\n{}", rows.collect::<String>());
    assert_eq!(read_text(&text, &ReadOptions::default()).unwrap().columns.time.len(), 12_000);
}

#[test]
fn the_unnamed_level_of_an_index_of_pandas_tells_instruments_apart() {
    let hours = (0..50_i64).flat_map(|hour| [hour, hour]);
    let time = Int64Array::from_iter_values(hours.map(|hour| START + hour * HOUR));
    let names = StringArray::from_iter_values((0..100).map(|row| ["BTC", "ETH"][row % 2]));
    let price = Float64Array::from_iter_values((0..100).map(|row| [100.0, 10.0][row % 2]));
    let price = Arc::new(price) as ArrayRef;
    let index = [
        ("__index_level_0__", Arc::new(time) as ArrayRef),
        ("__index_level_1__", Arc::new(names) as ArrayRef),
    ];
    let columns = ["open", "high", "low", "close", "volume"].map(|name| (name, price.clone()));
    let batch = RecordBatch::try_from_iter(columns.into_iter().chain(index)).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.parquet");
    let mut writer =
        ArrowWriter::try_new(File::create(&path).unwrap(), batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let read = read_file_with(&path, &ReadOptions::default(), &FileBudget::default(), &mut |_| {});
    let error = read.unwrap_err().to_string();
    assert!(error.contains("differ in the column '__index_level_1__': 'BTC' (50 rows)"), "{error}");
}
