//! Files of real exchanges, where they are at hand beside the workspace.

use std::fs;
use std::path::{Path, PathBuf};

use crate::FileBudget;
use crate::csv::{RawFile, read_rows};
use crate::files::ReadOptions;
use crate::validate::FindingKind::{self, *};
use crate::validate::scale::Returns;
use crate::validate::{
    ComparisonSettings, Finding, RepairSettings, Report, RowNumber, Rows, Severity, Source,
    Subject, ValidationSettings, compare, interval_of_rows, repair, validate,
};
use ct_core::market::Bars;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/ohlcv")
}

/// The rows of `name`, if the file is there.
fn real_rows(name: &str) -> Option<RawFile> {
    let path = folder().join(name);
    path.exists().then(|| {
        read_rows(&path, &ReadOptions::default(), &FileBudget::default(), &mut |_| {}).unwrap()
    })
}

fn subject(file: &RawFile) -> Subject<'_> {
    let interval = interval_of_rows(&file.columns).unwrap();
    Subject {
        quote_volume: file.quote_volume.as_deref(),
        lines: Some(&file.lines),
        ..Subject::new(interval, &file.columns)
    }
}

fn report(file: &RawFile) -> Report {
    validate(&subject(file), &ValidationSettings::default())
}

fn of_kind(report: &Report, kind: FindingKind) -> Vec<&Finding> {
    report.findings.iter().filter(|finding| finding.kind == kind).collect()
}

/// What pandas finds in a file.
struct Reference {
    name: &'static str,
    /// Duplicates, conflicts, holes, and bars missing in them.
    rows: [u64; 4],
    /// Deviation of the log returns.
    deviation: f64,
    /// Spikes, bad ticks, volume outliers.
    outliers: [u64; 3],
    /// Stale runs and their bars, runs without volume and their bars.
    runs: [u64; 4],
}

/// The lines of [`REFERENCES`] below its head.
fn references() -> impl Iterator<Item = Reference> {
    REFERENCES.lines().skip(1).map(|line| {
        let cells: Vec<&str> = line.split_whitespace().collect();
        let count = |cell: usize| cells[cell].parse::<u64>().unwrap();
        Reference {
            name: cells[0],
            rows: [1, 2, 3, 4].map(count),
            deviation: cells[5].parse().unwrap(),
            outliers: [6, 7, 8].map(count),
            runs: [9, 10, 11, 12].map(count),
        }
    })
}

/// pandas 3.1.1, numpy 2.4.6. Rows sorted by time, one of each time. r = `log(close / close.shift())` where the times are one
/// interval apart; deviation = 1.4826 median(|r - median(r)|) over r != 0. Around a bar: the larger of that and 1.4826
/// median(|r|) over r != 0 of the 24 returns before and the 24 after (without its own and the next), at least 8. Bad tick:
/// |r| and the next |r| >= 0.01, of opposite sign, at least half reverted, the smaller >= 12 deviations, or >= 5 with a volume
/// <= 3 times the larger median of the 24 volumes > 0 before and after (of up to 240 bars); or a high (low) as far from those
/// of both neighbours and the own open and close. Spike: otherwise |r - median| >= 0.01 and >= 15 deviations. Volume outlier:
/// > 20 times the median of all, >= 30 times those medians, log ratio >= 6 (log of the quartiles' ratio) / 1.349. Runs: 12 bars.
const REFERENCES: &str = "\
file                                      twice  conflicts  holes  missing               deviation  spikes  ticks  volumes  stale  bars  idle  bars
binance_BTCUSDT_1h_2017-2024.csv.gz           0          0     28      128    0.004038968401003996       7     13        0      0     0     0     0
binance_ETHUSDT_1h_2021-2023.csv.gz           0          0      5       12    0.004609567704571989       0      1        0      0     0     0     0
binance_LTCUSDT_1h_2021-2023.csv.gz           0          0      5       12    0.006078179003937746       2      2        1      0     0     0     0
binance_LUNAUSDT_1h_2021-2023.csv.gz          0          0      6      449      0.0084658497027956       7      2        0      0     0     0     0
binance_FTTUSDT_1h_2021-2023.csv.gz           0          0      5     7478   0.0073163969247507545       0      6        0      0     0     0     0
binance_USTUSDT_1h_2021-2023.csv.gz           0          0      0        0  0.00029595902645270433       1      4        0      0     0     0     0
binance_NBTUSDT_1h_2021-2023.csv.gz           0          0      0        0     0.01397808990764589       0     23        0     17   268     6    90
binance_PEPEUSDT_1h_2021-2023.csv.gz          0          0      0        0      0.0201259787384121       0      0        0      0     0     0     0
binance_SHIBUSDT_1h_2021-2023.csv.gz          0          0      3        7    0.007387250016408848       4      0        0      0     0     0     0
binance_BTCUSDT_15m_2024-2025.csv.gz          0          0      0        0   0.0017702312768342172       1      0        0      0     0     0     0
binance_ETHUSDT_15m_2024-2025.csv.gz          0          0      0        0    0.002447737547933978       3      1        0      0     0     0     0
bitfinex_BTCUSD_1h_2013-10.csv                0          0      7        9    0.005841782254227221       0      2        0      0     0     0     0
bitstamp_BTCUSD_1d_2019page.csv               0          1      0        0    0.029260287292372414       0      0        0      0     0     0     0
cdd_BTCUSD_1h_2018-2022_desc.csv.gz           0          0      0        0    0.004163647743293294       6     10        0      0     0     0     0
coinbase_BTCUSD_1h_2017-2019_desc.csv.gz      0          0      0        0    0.004392805570674059       6      4        0      0     0     1    15
kraken_XBTUSDT_1m_2025-11.csv                 0          0      0        0   0.0004898090955528506       0      0        0      0     0     0     0
bitfinex_BTCUSD_1m_2019.csv.gz                0          0   9955    12873  0.00035495120756785434      55     11        2      2    25     0     0";

#[test]
fn pandas_finds_the_same() {
    for Reference { name, rows, outliers, runs, .. } in references() {
        let Some(file) = real_rows(name) else { continue };
        let report = report(&file);
        let count = |kind| report.count(kind);
        let holes = [Gap, LongHole, TickerReuse].map(|kind| count(kind).findings).iter().sum();
        let duplicates = [Duplicate, ConflictingDuplicate].map(|kind| count(kind).findings);
        assert_eq!([duplicates[0], duplicates[1], holes, report.missing_bars()], rows, "{name}");
        let found = [Spike, BadTick, VolumeOutlier].map(|kind| count(kind).findings);
        assert_eq!(found, outliers, "{name}");
        let (stale, idle) = (count(StaleRun), count(ZeroVolumeRun));
        assert_eq!([stale.findings, stale.rows, idle.findings, idle.rows], runs, "{name}");
    }
}

#[test]
fn the_usual_size_of_returns_is_that_of_pandas() {
    for Reference { name, deviation, .. } in references() {
        let Some(mut file) = real_rows(name) else { continue };
        let interval = interval_of_rows(&file.columns).unwrap();
        // Errors that no repair puts right do not matter here.
        file.columns = repair(file.columns, interval, &RepairSettings::default()).unwrap().rows;
        let scale = Returns::new(Rows::from(&file.columns), interval).scale().unwrap();
        // All returns up to 65 536, a sample of more.
        let tolerance = if file.columns.time.len() <= 1 << 16 { 1e-12 } else { 0.01 };
        let error = (scale.deviation / deviation - 1.0).abs();
        // The version of the bar that conflicts may be the other one.
        let tolerance = if name.starts_with("bitstamp") { 0.01 } else { tolerance };
        assert!(error <= tolerance, "{name}: {} {deviation}", scale.deviation);
    }
}

#[test]
fn the_known_defects_are_named() {
    if let Some(file) = real_rows("binance_LUNAUSDT_1h_2021-2023.csv.gz") {
        let report = report(&file);
        let [reuse] = of_kind(&report, TickerReuse)[..] else { panic!("{:?}", report.counts) };
        assert_eq!((reuse.row, reuse.rows), (RowNumber::Line(9_667), 437));
        assert_eq!(reuse.time.unwrap().to_string(), "2022-05-13T01:00:00Z");
        assert_eq!(report.findings_of(Severity::Error), 1);
        assert!(
            reuse.found.contains("the price goes on at 1 after 0.00005, 20000 times"),
            "{reuse}"
        );
    }
    if let Some(file) = real_rows("binance_FTTUSDT_1h_2021-2023.csv.gz") {
        let report = report(&file);
        let [hole] = of_kind(&report, LongHole)[..] else { panic!("{:?}", report.counts) };
        assert_eq!((hole.rows, hole.severity), (7_467, Severity::Warning));
        assert_eq!(report.worst, Some(Severity::Warning));
    }
    if let Some(file) = real_rows("bitstamp_BTCUSD_1d_2019page.csv") {
        let report = report(&file);
        let [conflict] = &report.findings[..] else { panic!("{:?}", report.counts) };
        assert_eq!((conflict.kind, conflict.row), (ConflictingDuplicate, RowNumber::Line(645)));
        assert_eq!(conflict.time.unwrap().as_ms(), 1_546_992_000_000);
        assert!(conflict.found.contains("close") && conflict.found.contains("volume"));
    }
    if let Some(file) = real_rows("bitfinex_BTCUSD_1h_2013-10.csv") {
        let report = report(&file);
        let ticks = of_kind(&report, BadTick);
        let times: Vec<_> = ticks.iter().map(|tick| tick.time.unwrap().to_string()).collect();
        assert_eq!(times, ["2013-10-02T15:00:00Z", "2013-10-05T03:00:00Z"]);
        assert_eq!(report.worst, Some(Severity::Warning));
    }
}

#[test]
fn both_descending_files_are_told_apart() {
    if let Some(file) = real_rows("cdd_BTCUSD_1h_2018-2022_desc.csv.gz") {
        let report = report(&file);
        assert_eq!(report.count(Descending).findings, 1);
        assert_eq!(report.count(OutOfOrder).findings, 0);
        // One stretch of 1000 rows in between has the right volumes, and four rows after it have none.
        let swapped = report.count(SwappedVolume);
        assert_eq!((swapped.findings, swapped.rows), (2, 20_143));
        let rows: Vec<_> = of_kind(&report, SwappedVolume)
            .iter()
            .map(|finding| (finding.time.unwrap().to_string(), finding.rows))
            .collect();
        let starts = [("2019-04-13T17:00:00Z", 13_140), ("2018-05-15T06:00:00Z", 7_003)];
        assert_eq!(rows, starts.map(|(time, rows)| (time.to_owned(), rows)));
    }
    if let Some(file) = real_rows("coinbase_BTCUSD_1h_2017-2019_desc.csv.gz") {
        let report = report(&file);
        assert_eq!(report.count(Descending).findings, 1);
        assert_eq!(report.count(OutOfOrder).rows, 5);
        let lines = of_kind(&report, OutOfOrder).iter().map(|finding| finding.row).min();
        assert_eq!(lines, Some(RowNumber::Line(16_900)));
        let [copied] = of_kind(&report, CopiedRows)[..] else { panic!("{:?}", report.counts) };
        assert_eq!(copied.rows, 5);
        assert_eq!(copied.time.unwrap().to_string(), "2017-11-12T04:00:00Z");
        assert!(copied.found.contains("2017-11-11T23:00:00Z"), "five hours earlier: {copied}");
    }
}

#[test]
fn a_second_source_shows_the_unfinished_last_bar() {
    let files = ["binance_BTCUSDT_1h_2021-2023.csv.gz", "binance_BTCUSDT_1h_2017-2024.csv.gz"];
    let [Some(left), Some(right)] = files.map(real_rows) else { return };
    let compared =
        compare(&subject(&left), &subject(&right), &ComparisonSettings::default()).unwrap();
    assert_eq!((compared.common, compared.equal), (23_988, 23_987));
    assert_eq!(compared.unfinished, Some(Source::Left));
    let [finding] = &compared.findings[..] else { panic!("{:?}", compared.findings) };
    assert_eq!((finding.kind, finding.row), (UnfinishedLastBar, RowNumber::Line(23_989)));
    assert_eq!(finding.time.unwrap().to_string(), "2023-12-30T19:00:00Z");
    assert_eq!((compared.left.only_here, compared.right.only_here), (0, 0));
}

#[test]
fn no_good_file_has_errors_and_every_file_can_be_repaired() {
    if !folder().exists() {
        return;
    }
    let with_errors = ["LUNAUSDT", "bitstamp_", "cdd_", "coinbase_"];
    let files = ["", "binance_ETHBTC_multitf_2020"].map(|inner| {
        fs::read_dir(folder().join(inner)).unwrap().map(|entry| entry.unwrap().path())
    });
    let mut rows = 0;
    for path in files.into_iter().flatten() {
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() || !name.contains(".csv") || name == "1mo.csv" {
            continue;
        }
        let file =
            read_rows(&path, &ReadOptions::default(), &FileBudget::default(), &mut |_| {}).unwrap();
        let report = report(&file);
        let is_bad = with_errors.iter().any(|part| name.contains(part));
        assert_eq!(report.worst == Some(Severity::Error), is_bad, "{name}: {:?}", report.counts);
        // Few warnings but for gaps: NBT hardly trades, and 2019 has half a million minutes.
        let is_loud = name.contains("NBT") || name.contains("1m_2019");
        let warnings = report.findings_of(Severity::Warning) - report.count(Gap).findings;
        assert!(warnings <= if is_loud { 80 } else { 20 }, "{name}: {:?}", report.counts);
        rows += report.rows;
        let interval = report.interval;
        let repaired = repair(file.columns, interval, &RepairSettings::default()).unwrap();
        Bars::new(interval, repaired.rows).unwrap();
    }
    assert!(rows > 1_000_000);
}
