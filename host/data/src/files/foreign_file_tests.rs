//! Files that other programs made: pandas 3.1.1, polars 2.1.0, `DuckDB` 2.0.0 and pyarrow 26.0.1 with this script.
//!
//! ```python
//! import pandas as pd, polars as pl, duckdb, pyarrow as pa, pyarrow.parquet as pq
//! ms = [1704067200000, 1704070800000, 1704074400000]
//! bars = dict(open=[42283.58, 42488.0, 42419.73], high=[42488.09, 42554.57, 42775.0],
//!             low=[42261.02, 42412.02, 42419.73], close=[42488.0, 42419.73, 42771.1],
//!             volume=[431.71082, 0.0, 18251592538769.0])
//! frame = pd.DataFrame(bars, index=pd.to_datetime(ms, unit="ms", utc=True))
//! frame.to_parquet("pandas_index.parquet", write_statistics=False, use_dictionary=False)
//! dated = frame.reset_index(names="date")
//! dated.to_feather("BTC_USDT-1h.feather", compression="lz4", compression_level=9)
//! dated["date"] = dated["date"].astype("datetime64[ms, UTC]").astype("int64")
//! dated.to_json("BTC_USDT_USDT-1h-futures.json", orient="values")
//! dated.to_json("ETH_USDT-15m.json.gz", orient="values")
//! bars_table = pl.DataFrame(dict(symbol=["BTC"] * 3, time=ms) | bars)
//! bars_table.with_columns(pl.from_epoch("time", time_unit="ms")).write_parquet("polars.parquet")
//! micros = bars_table.with_columns((pl.col("time") * 1000).cast(pl.Datetime("us")))
//! micros.write_ipc("polars.arrow", compression="zstd")
//! duckdb.sql("""copy (select make_timestamp(time * 1000) as open_time, open, high, low, close,
//!               volume::decimal(30, 8) as volume, symbol from bars_table) to 'duckdb.parquet' (compression gzip)""")
//! times = pa.array([second // 1000 for second in ms], pa.int32())
//! arrow = pa.table(dict(ts=times) | bars)
//! pq.write_table(arrow, "pyarrow_groups.parquet", row_group_size=2, compression="snappy", write_statistics=False)
//! label = dict(symbol="BTC/USDT", exchange="binance", interval="1h")
//! with pa.ipc.new_file("pyarrow_batches.ipc", arrow.schema.with_metadata(label)) as file:
//!     for batch in arrow.to_batches(max_chunksize=2):
//!         file.write_batch(batch)
//! holes = dict(bars, timestamp=ms, low=[42261.02, None, 42419.73])
//! pq.write_table(pa.table(holes), "pyarrow_null.parquet")
//! ```

use std::path::PathBuf;

use super::{FileFormat, Label, read_file};
use crate::FileBudget;
use ct_core::market::RawColumns;

fn path(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("src/files/test_data").join(name)
}

/// What every file holds.
fn rows() -> RawColumns {
    RawColumns {
        time: vec![1_704_067_200_000, 1_704_070_800_000, 1_704_074_400_000],
        open: vec![42_283.58, 42_488.0, 42_419.73],
        high: vec![42_488.09, 42_554.57, 42_775.0],
        low: vec![42_261.02, 42_412.02, 42_419.73],
        close: vec![42_488.0, 42_419.73, 42_771.1],
        volume: vec![431.710_82, 0.0, 18_251_592_538_769.0],
    }
}

fn label(symbol: &str, interval: &str) -> Label {
    Label { symbol: Some(symbol.to_owned()), interval: interval.parse().ok(), ..Label::default() }
}

#[test]
fn the_same_bars_are_read_from_the_files_of_every_program() {
    let binance = Label { exchange: Some("binance".to_owned()), ..label("BTC/USDT", "1h") };
    for (name, format, expected) in [
        ("pandas_index.parquet", FileFormat::Parquet, Label::default()),
        ("polars.parquet", FileFormat::Parquet, Label::default()),
        ("polars.arrow", FileFormat::Arrow, Label::default()),
        ("duckdb.parquet", FileFormat::Parquet, Label::default()),
        ("pyarrow_groups.parquet", FileFormat::Parquet, Label::default()),
        ("pyarrow_batches.ipc", FileFormat::Arrow, binance),
        ("BTC_USDT-1h.feather", FileFormat::FreqtradeFeather, label("BTC/USDT", "1h")),
        ("BTC_USDT_USDT-1h-futures.json", FileFormat::FreqtradeJson, label("BTC/USDT:USDT", "1h")),
        ("ETH_USDT-15m.json.gz", FileFormat::FreqtradeJson, label("ETH/USDT", "15m")),
    ] {
        let mut told = None;
        let file =
            read_file(&path(name), &FileBudget::default(), &mut |progress| told = Some(progress))
                .unwrap();
        assert_eq!(file.columns, rows(), "{name}");
        assert_eq!((file.format, file.label), (format, expected), "{name}");
        let told = told.unwrap();
        assert_eq!(told.bytes_done, told.bytes_total, "{name}");
    }
}

#[test]
fn a_missing_value_is_no_number() {
    let file = read_file(&path("pyarrow_null.parquet"), &FileBudget::default(), &mut |_| {});
    let RawColumns { time, low, close, .. } = file.unwrap().columns;
    assert!(low[1].is_nan() && low[0].is_finite() && low[2].is_finite(), "{low:?}");
    assert_eq!((time, close), (rows().time, rows().close));
}
