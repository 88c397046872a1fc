//! Files of real exchanges, where they are at hand beside the workspace.

use std::fs;
use std::path::{Path, PathBuf};

use super::*;
use crate::FileBudget;
use crate::files::ReadOptions;
use crate::validate::interval_of_rows;

/// The path of `name` in the folder of real data, if it is there.
fn real_file(name: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/ohlcv").join(name);
    path.exists().then_some(path)
}

/// pandas 3.1.1: `read_csv(float_precision="round_trip")`, sort by time; sums with Python's `math.fsum`.
const PANDAS: &str = "\
file                                    rows       first_ms        last_ms               close              volume
binance_BTCUSDT_1h_2017-2024.csv.gz    58419  1502942400000  1713708000000        1315109259.2    175788428.869482
bitfinex_BTCUSD_1m_2019.csv.gz        512727  1546300800000  1577836740000  3807450003.2010217  3948049.2326436834
cdd_BTCUSD_1h_2018-2022_desc.csv.gz    33259  1526364000000  1646092800000        669193855.76  53626151286.940956
binance_PEPEUSDT_1h_2021-2023.csv.gz    5740  1683309600000  1703970000000          0.00684574  7237619676237874.0
kraken_XBTUSDT_1m_2025-11.csv            721  1762777020000  1762820220000          76258353.7        137.57368379";

#[test]
fn real_files_agree_with_pandas() {
    for line in PANDAS.lines().skip(1) {
        let cells: Vec<&str> = line.split_whitespace().collect();
        let name = cells[0];
        let Some(path) = real_file(name) else { continue };
        let columns =
            read_rows(&path, &ReadOptions::default(), &FileBudget::default(), &mut |_| {})
                .unwrap()
                .columns;
        let (first, last) =
            (columns.time.iter().min().unwrap(), columns.time.iter().max().unwrap());
        let found = [columns.time.len().to_string(), first.to_string(), last.to_string()];
        assert_eq!(found, cells[1..4], "{name}");
        for (column, expected) in [(&columns.close, cells[4]), (&columns.volume, cells[5])] {
            let (sum, expected): (f64, f64) = (column.iter().sum(), expected.parse().unwrap());
            assert!((sum / expected - 1.0).abs() < 1e-11, "{name}: {sum} {expected}");
        }
    }
}

#[test]
fn every_real_file_shows_the_interval_of_its_name() {
    let Some(folder) = real_file("") else { return };
    let files = [folder.clone(), folder.join("binance_ETHBTC_multitf_2020")].map(|folder| {
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect::<Vec<_>>()
    });
    let mut bars = 0;
    for path in
        files.concat().iter().filter(|path| path.is_file() && !path.ends_with("MANIFEST.md"))
    {
        let name = path.file_name().unwrap().to_str().unwrap();
        let columns = read_rows(path, &ReadOptions::default(), &FileBudget::default(), &mut |_| {})
            .unwrap()
            .columns;
        bars += columns.time.len();
        let shown = interval_of_rows(&columns);
        if name == "1mo.csv" {
            assert!(shown.is_err());
            continue;
        }
        let stem = name.split('.').next().unwrap();
        let expected = stem.split('_').nth(2).unwrap_or(stem);
        assert_eq!(shown.unwrap().to_string(), expected, "{name}");
    }
    assert!(bars > 1_000_000, "{bars} bars");
}
