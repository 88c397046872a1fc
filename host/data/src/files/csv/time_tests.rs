//! The ways in which exporters write times, as whole files.

use std::fs;
use std::path::Path;

use crate::FileBudget;
use crate::files::{PriceFile, ReadOptions, read_file_with};

const START: i64 = 1_704_164_400_000;
const HOUR: i64 = 3_600_000;

fn read(text: &str, options: &ReadOptions) -> Result<PriceFile, String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.csv");
    fs::write(&path, text).unwrap();
    let read = read_file_with(&path, options, &FileBudget::default(), &mut |_| {});
    read.map_err(|error| error.to_string())
}

fn told(file: &PriceFile) -> String {
    file.remarks.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

fn local(zone: &str) -> ReadOptions {
    ReadOptions { time_zone: Some(zone.parse().unwrap()), ..ReadOptions::default() }
}

#[test]
fn exports_of_the_usual_programs_are_read() {
    for (name, text) in [
        (
            "MetaTrader 5",
            "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<TICKVOL>\t<VOL>\t<SPREAD>\n2024.01.02\t03:00:00\t1\t3\t0.5\t2\t9\t7\t0\n2024.01.02\t04:00:00\t1\t3\t0.5\t2\t9\t7\t0\n",
        ),
        ("MetaTrader 4", "2024.01.02,03:00,1,3,0.5,2,7\n2024.01.02,04:00,1,3,0.5,2,7\n"),
        (
            "Dukascopy",
            "Gmt time,Open,High,Low,Close,Volume\n02.01.2024 03:00:00.000,1,3,0.5,2,7\n02.01.2024 04:00:00.000,1,3,0.5,2,7\n",
        ),
        (
            "Dukascopy, local",
            "Local time,Open,High,Low,Close,Volume\n02.01.2024 04:00:00.000 GMT+0100,1,3,0.5,2,7\n02.01.2024 05:00:00.000 GMT+0100,1,3,0.5,2,7\n",
        ),
        (
            "CryptoDataDownload",
            "https://www.CryptoDataDownload.com\nunix,date,symbol,open,high,low,close,Volume BTC,Volume USD\n1704164400,2024-01-02 03:00:00,BTC/USD,1,3,0.5,2,7,14\n1704168000,2024-01-02 04:00:00,BTC/USD,1,3,0.5,2,7,14\n",
        ),
        (
            "CryptoDataDownload of old",
            "Date,Symbol,Open,High,Low,Close,Volume BTC,Volume USD\n2024-01-02 03-AM,BTCUSD,1,3,0.5,2,7,14\n2024-01-02 04-AM,BTCUSD,1,3,0.5,2,7,14\n",
        ),
        (
            "a spreadsheet, with the month first",
            "Date,Open,High,Low,Close,Volume\n1/2/2024 3:00,1,3,0.5,2,7\n1/2/2024 4:00 AM,1,3,0.5,2,7\n1/13/2024 4:00,1,3,0.5,2,7\n",
        ),
        (
            "a spreadsheet, with the day first",
            "Date;Open;High;Low;Close;Volume\n02/01/2024 03:00;1;3;0.5;2;7\n02/01/2024 04:00;1;3;0.5;2;7\n13/01/2024 04:00;1;3;0.5;2;7\n",
        ),
        (
            "date and time apart",
            "Date,Time,Open,High,Low,Close,Volume\n2024-01-02,03:00:00,1,3,0.5,2,7\n2024-01-02,04:00:00,1,3,0.5,2,7\n",
        ),
        (
            "pandas",
            ",open,high,low,close,volume\n2024-01-02 03:00:00+00:00,1,3,0.5,2,7\n2024-01-02 04:00:00+00:00,1,3,0.5,2,7\n",
        ),
        (
            "yfinance",
            "Price,Close,High,Low,Open,Volume\nTicker,BTC-USD,BTC-USD,BTC-USD,BTC-USD,BTC-USD\nDatetime,,,,,\n2024-01-02 03:00:00+00:00,2,3,0.5,1,7\n2024-01-02 04:00:00+00:00,2,3,0.5,1,7\n",
        ),
        (
            "Bitfinex",
            "MTS,OPEN,CLOSE,HIGH,LOW,VOLUME\n1704164400000,1,2,3,0.5,7\n1704168000000,1,2,3,0.5,7\n",
        ),
    ] {
        let file =
            read(text, &ReadOptions::default()).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(file.columns.time[..2], [START, START + HOUR], "{name}");
        let columns = &file.columns;
        let row =
            [columns.open[0], columns.high[0], columns.low[0], columns.close[0], columns.volume[0]];
        assert_eq!(
            row.map(f64::to_bits),
            [1.0_f64, 3.0, 0.5, 2.0, 7.0].map(f64::to_bits),
            "{name}"
        );
    }
}

#[test]
fn day_and_month_are_told_apart_by_a_row_or_by_the_user() {
    let text = |rows: &str| format!("Date,Open,High,Low,Close,Volume\n{rows}");
    let both = text("1/2/2024,1,3,0.5,2,7\n2/2/2024,1,3,0.5,2,7\n");
    let error = read(&both, &ReadOptions::default()).unwrap_err();
    assert!(
        error.contains("a.csv:2: the time '1/2/2024' may have the day first or the month"),
        "{error}"
    );
    let pattern = "%d/%m/%Y".parse().unwrap();
    let options = ReadOptions { time_format: Some(pattern), ..ReadOptions::default() };
    let file = read(&both, &options).unwrap();
    assert_eq!(file.columns.time[1] - file.columns.time[0], 24 * HOUR);
    let told_apart =
        read(&text("1/2/2024,1,3,0.5,2,7\n\n13/2/2024,1,3,0.5,2,7\n"), &ReadOptions::default());
    assert!(
        told(&told_apart.unwrap())
            .contains("read as day, month, year, as '13/2/2024' in line 4 tells")
    );
    let contradicted = text("13/2/2024,1,3,0.5,2,7\n2/14/2024,1,3,0.5,2,7\n");
    let error = read(&contradicted, &ReadOptions::default()).unwrap_err();
    assert!(error.contains("a.csv:3: column timestamp (cell 1): found '2/14/2024', expected a date of day, month, year"), "{error}");
    let error = read(&text("45292.125,1,3,0.5,2,7\n"), &ReadOptions::default()).unwrap_err();
    assert!(error.contains("the number of a spreadsheet for 2024-01-01 03:00"), "{error}");
}

#[test]
fn local_times_follow_the_clock_of_their_place() {
    let text = |times: &[&str]| {
        let rows = times.join(",1,3,0.5,2,7\n");
        format!("time,open,high,low,close,volume\n{rows},1,3,0.5,2,7\n")
    };
    let file =
        read(&text(&["2024-01-02 00:00", "2024-07-02 00:00"]), &local("America/New_York")).unwrap();
    assert_eq!(file.columns.time, [1_704_171_600_000, 1_719_892_800_000]);
    assert!(told(&file).contains("local times of America/New_York, whose clocks change 1 times"));
    for (time, reason) in [
        ("2024-11-03 01:30", "is there twice, since the clocks go back"),
        ("2024-03-10 02:30", "does not exist, since the clocks go forward"),
    ] {
        let error =
            read(&text(&["2024-01-02 00:00", time]), &local("America/New_York")).unwrap_err();
        assert!(
            error.contains(&format!("a.csv:3: column timestamp (cell 1): found '{time}'")),
            "{error}"
        );
        assert!(error.contains(reason), "{error}");
    }
    for instant in ["1704171600000", "2024-01-02T00:00:00Z", "02.01.2024 00:00 GMT+0100"] {
        let error = read(&text(&[instant]), &local("Europe/Berlin")).unwrap_err();
        assert!(error.contains("the times are no local ones"), "{error}");
    }
    let unknown = text(&["02.01.2024 00:00"]).replace("time,", "Local time,");
    assert!(
        read(&unknown, &ReadOptions::default()).unwrap_err().contains("nothing says of which zone")
    );
    assert_eq!(read(&unknown, &local("Europe/Berlin")).unwrap().columns.time, [1_704_150_000_000]);
}

#[test]
fn columns_of_several_instruments_are_no_series_either() {
    let text = "Price,Close,Close,High,High,Low,Low,Open,Open,Volume,Volume\nTicker,A-USD,B-USD,A-USD,B-USD,A-USD,B-USD,A-USD,B-USD,A-USD,B-USD\nDate,,,,,,,,,,\n2024-01-02,2,20,3,30,1,10,2,20,5,50\n";
    let error = read(text, &ReadOptions::default()).unwrap_err();
    assert!(
        error.contains(
            "2 instruments in the column 'Ticker': 'A-USD' (5 columns), 'B-USD' (5 columns)"
        ),
        "{error}"
    );
    let options = ReadOptions { instrument: Some("B/USD".to_owned()), ..ReadOptions::default() };
    let file = read(text, &options).unwrap();
    assert_eq!((file.columns.close, file.label.symbol.as_deref()), (vec![20.0], Some("B-USD")));
    let options = ReadOptions { instrument: Some("C/USD".to_owned()), ..ReadOptions::default() };
    assert!(read(text, &options).unwrap_err().contains("no 'C/USD' in the column 'Ticker'"));
}

#[test]
fn files_that_others_exported_are_read() {
    for (name, rows, first) in [
        ("r04_mt5.csv", 300, 1_704_067_200_000),
        ("r09_yfinance_multi.csv", 200, 1_685_577_600_000),
    ] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/cases").join(name);
        if path.exists() {
            let file =
                read_file_with(&path, &ReadOptions::default(), &FileBudget::default(), &mut |_| {});
            let columns = file.unwrap().columns;
            assert_eq!((columns.time.len(), columns.time[0]), (rows, first), "{name}");
        }
    }
}
