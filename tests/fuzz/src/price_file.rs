//! Price files: what `validate-data` and `data import` do with them.

use std::path::Path;

use ct_host::config::BadData;
use ct_host::data::FileBudget;
use ct_host::data::files::{PriceFile, ReadOptions};
use ct_host::data::validate::{Clipping, Subject, ValidationSettings, validate};
use ct_host::market::Bars;
use ct_host::run::{DefectPolicy, RunError, Silent, Unchecked, interval_of_file, read_price_file};

use crate::{Answer, input_folder, told};

/// Longest gap that a repair fills, in bars.
const FILLED_BARS_MAX: usize = 100;

/// First bytes of a gzip member, and the name that such a file needs.
const GZIP: (&[u8], &str) = (&[0x1f, 0x8b], "prices.csv.gz");
/// First bytes of a Zstandard frame, and the name that such a file needs.
const ZSTD: (&[u8], &str) = (&[0x28, 0xb5, 0x2f, 0xfd], "prices.csv.zst");

/// CSV, compressed or not.
pub(crate) fn csv(bytes: &[u8]) -> Answer {
    let compressed = [GZIP, ZSTD].into_iter().find(|(magic, _)| bytes.starts_with(magic));
    check(compressed.map_or("prices.csv", |(_, name)| name), bytes)
}

/// Parquet.
pub(crate) fn parquet(bytes: &[u8]) -> Answer {
    check("prices.parquet", bytes)
}

/// Arrow's file format, or its stream format; freqtrade's Feather files are the former.
pub(crate) fn arrow(bytes: &[u8]) -> Answer {
    check("prices.arrow", bytes)
}

/// The candles of freqtrade.
pub(crate) fn freqtrade_json(bytes: &[u8]) -> Answer {
    check("BTC_USDT-1h.json", bytes)
}

fn check(name: &str, bytes: &[u8]) -> Answer {
    let path = input_folder::file(name, bytes);
    let read = read_price_file(&path, &ReadOptions::default(), &FileBudget::default(), &Silent);
    let answer = Answer::of(&read);
    if let Ok(file) = read {
        let used = used(&file, &path);
        Answer::of(&used);
    }
    answer
}

/// Looks for defects and repairs them.
fn used(file: &PriceFile, path: &Path) -> Result<(), RunError> {
    let interval = interval_of_file(file, None, path, &Silent)?;
    let quote_volume = file.quote_volume.as_deref();
    let lines = file.lines.as_ref();
    let subject = Subject { quote_volume, lines, ..Subject::new(interval, &file.columns) };
    let report = validate(&subject, &ValidationSettings::default());
    for finding in &report.findings {
        told::check_reason(&finding.to_string());
    }
    let policy = DefectPolicy::new(BadData::Repair, FILLED_BARS_MAX, Clipping::Neighbours)?;
    let rows = file.columns.clone();
    let unchecked = Unchecked { name: "prices", interval, rows, quote_volume, lines, now: None };
    let repaired = policy.admit(unchecked, &Silent)?;
    let bars = Bars::new(interval, repaired.rows);
    assert_eq!(bars.err().map(|error| error.to_string()), None, "repaired rows are no bars");
    Ok(())
}
