//! Files of real exchanges, where they are at hand beside the workspace.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::FileBudget;
use crate::files::{Field, FileProblem};
use crate::infer_interval;
use ct_core::market::Bars;

/// The path of `name` in the folder of real data, if it is there.
fn real_file(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/ohlcv").join(name);
    path.exists().then_some(path)
}

#[test]
fn real_files_agree_with_pandas() {
    // pandas 3.1.1: read_csv(float_precision="round_trip"), sort by time; sums with Python's math.fsum.
    for (name, rows, time_first, time_last, close_sum, volume_sum) in [
        (
            "binance_BTCUSDT_1h_2017-2024.csv.gz",
            58_419,
            1_502_942_400_000,
            1_713_708_000_000,
            1_315_109_259.2,
            175_788_428.869_482,
        ),
        (
            "bitfinex_BTCUSD_1m_2019.csv.gz",
            512_727,
            1_546_300_800_000,
            1_577_836_740_000,
            3_807_450_003.201_021_7,
            3_948_049.232_643_683_4,
        ),
        (
            "cdd_BTCUSD_1h_2018-2022_desc.csv.gz",
            33_259,
            1_526_364_000_000,
            1_646_092_800_000,
            669_193_855.76,
            53_626_151_286.940_956,
        ),
        (
            "binance_PEPEUSDT_1h_2021-2023.csv.gz",
            5_740,
            1_683_309_600_000,
            1_703_970_000_000,
            0.006_845_74,
            7_237_619_676_237_874.0,
        ),
        (
            "kraken_XBTUSDT_1m_2025-11.csv",
            721,
            1_762_777_020_000,
            1_762_820_220_000,
            76_258_353.7,
            137.573_683_79,
        ),
    ] {
        let Some(path) = real_file(name) else { continue };
        let columns = read_csv(&path, &FileBudget::default(), &mut |_| {}).unwrap().columns;
        assert_eq!(columns.time.len(), rows, "{name}");
        assert_eq!((columns.time[0], columns.time[rows - 1]), (time_first, time_last), "{name}");
        for (column, expected) in [(&columns.close, close_sum), (&columns.volume, volume_sum)] {
            let sum: f64 = column.iter().sum();
            assert!((sum / expected - 1.0).abs() < 1e-11, "{name}: {sum} {expected}");
        }
    }
}

#[test]
fn every_real_file_is_read_or_refused_for_its_defect() {
    let Some(folder) = real_file("") else { return };
    let files = [folder.clone(), folder.join("binance_ETHBTC_multitf_2020")].map(|folder| {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>()
    });
    let mut bars = 0;
    for path in
        files.concat().iter().filter(|path| path.is_file() && !path.ends_with("MANIFEST.md"))
    {
        let name = path.file_name().unwrap().to_str().unwrap();
        match (name, read_csv(path, &FileBudget::default(), &mut |_| {})) {
            ("bitstamp_BTCUSD_1d_2019page.csv", Err(error)) => {
                assert!(matches!(
                    error.problem,
                    FileProblem::Conflict { field: Field::Close, line_before: 644, .. }
                ));
                assert_eq!(error.line, Some(645));
            }
            ("coinbase_BTCUSD_1h_2017-2019_desc.csv.gz", Err(error)) => {
                assert!(
                    matches!(error.problem, FileProblem::Order { line_before: 16_899, .. }),
                    "{error}"
                );
                assert_eq!(error.line, Some(16_900));
            }
            ("1mo.csv", Ok(file)) => assert!(infer_interval(&file.columns.time).is_err()),
            (_, Ok(file)) => {
                let interval = infer_interval(&file.columns.time).unwrap();
                let stem = name.split('.').next().unwrap();
                let expected = stem.split('_').nth(2).unwrap_or(stem);
                assert_eq!(interval.to_string(), expected, "{name}");
                bars += Bars::new(interval, file.columns).unwrap().len();
            }
            (_, Err(error)) => panic!("{error}"),
        }
    }
    assert!(bars > 1_000_000, "{bars} bars");
}
