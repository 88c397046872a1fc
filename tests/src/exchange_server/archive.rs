//! Binance's archive of bulk files: `/data/spot/monthly/klines/BTCUSDT/1h/BTCUSDT-1h-2024-01.zip`, the same for days, and a
//! `.CHECKSUM` beside each.

use std::fmt::Write as _;
use std::io::{Cursor, Write as _};

use ct_host::units::Interval;
use jiff::ToSpan;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use sha2::{Digest, Sha256};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::Candle;
use super::book::{Book, Keep, Window};
use super::exchanges::Binance;
use super::reply::Reply;

/// From here on the files of spot markets have microseconds: the start of 2025.
const MICROSECONDS_FROM_MS: i64 = 1_735_689_600_000;
/// Digits of every number in a file.
const DIGITS: u8 = 8;

/// A file that a path names.
struct Name<'a> {
    symbol: &'a str,
    interval: &'a str,
    stem: &'a str,
    first: Date,
    after: Date,
    published: Date,
    checksum: bool,
}

/// The times that the file of `path` is about.
pub(super) fn window(path: &str) -> Option<Window> {
    parse(path).map(|name| (midnight_ms(name.first), midnight_ms(name.after) - 1))
}

/// The file of `path` and its count of bars.
///
/// A day is there from the next day on, a month from the first Monday after it; one without bars never.
pub(super) fn file(path: &str, book: &Book) -> (Reply, usize) {
    let missing = || {
        let text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>NoSuchKey</Code>\
                    <Message>The specified key does not exist.</Message></Error>";
        (Reply::new(404, "application/xml", text.as_bytes().to_vec()), 0)
    };
    let Some(name) = parse(path).filter(|name| midnight_ms(name.published) <= book.now_ms) else {
        return missing();
    };
    let Some(candles) = bars(&name, book).filter(|candles| !candles.is_empty()) else {
        return missing();
    };
    let rows = candles.len();
    let Ok(bytes) = zipped(&name, &text(&name, &candles)) else {
        unreachable!("a zip file in memory");
    };
    if name.checksum {
        let hash = Sha256::digest(&bytes).iter().fold(String::new(), |mut hash, byte| {
            let _ = write!(hash, "{byte:02x}");
            hash
        });
        let line = format!("{hash}  {}.zip\n", name.stem);
        (Reply::new(200, "binary/octet-stream", line.into_bytes()), 0)
    } else {
        (Reply::new(200, "application/zip", bytes), rows)
    }
}

fn parse(path: &str) -> Option<Name<'_>> {
    let rest = path.strip_prefix("/data/spot/")?;
    let (period, rest) = rest.split_once("/klines/")?;
    let mut parts = rest.split('/');
    let (symbol, interval, file) = (parts.next()?, parts.next()?, parts.next()?);
    let (zip, checksum) = match file.strip_suffix(".CHECKSUM") {
        Some(zip) => (zip, true),
        None => (file, false),
    };
    let stem = zip.strip_suffix(".zip")?;
    let date = stem.strip_prefix(symbol)?.strip_prefix('-')?;
    let date = date.strip_prefix(interval)?.strip_prefix('-')?;
    let (first, after) = match period {
        "monthly" => {
            let first: Date = format!("{date}-01").parse().ok()?;
            (first, first.checked_add(1.month()).ok()?)
        }
        "daily" => {
            let first: Date = date.parse().ok()?;
            (first, first.tomorrow().ok()?)
        }
        _ => return None,
    };
    let published = match period {
        "monthly" => after.yesterday().ok()?.nth_weekday(1, Weekday::Monday).ok()?,
        _ => after,
    };
    Some(Name { symbol, interval, stem, first, after, published, checksum })
}

fn midnight_ms(date: Date) -> i64 {
    let midnight = date.to_zoned(TimeZone::UTC).map(|zoned| zoned.timestamp().as_millisecond());
    midnight.unwrap_or_default()
}

fn bars(name: &Name<'_>, book: &Book) -> Option<Vec<Candle>> {
    let listing = book.listed(&Binance, name.symbol)?;
    let interval: Interval = name.interval.parse().ok()?;
    let window = (midnight_ms(name.first), midnight_ms(name.after) - 1);
    Some(book.view(&listing.symbol(), interval).closed().select(window, Keep::Oldest(usize::MAX)))
}

/// Twelve columns without names.
fn text(name: &Name<'_>, candles: &[Candle]) -> String {
    let length_ms = name.interval.parse().map_or(0, Interval::as_ms);
    let mut text = String::new();
    for candle in candles {
        let scale = if candle.time_ms < MICROSECONDS_FROM_MS { 1 } else { 1_000 };
        let (opens, closes) = (candle.time_ms * scale, (candle.time_ms + length_ms) * scale - 1);
        let prices = [candle.open, candle.high, candle.low, candle.close, candle.volume];
        let [open, high, low, close, volume] = prices.map(|number| number.padded(DIGITS));
        let parts = [candle.turnover, candle.bought_volume, candle.bought_turnover];
        let [turnover, bought, bought_turnover] = parts.map(|number| number.padded(DIGITS));
        let _ = writeln!(
            text,
            "{opens},{open},{high},{low},{close},{volume},{closes},{turnover},{},{bought},{bought_turnover},0",
            candle.trades
        );
    }
    text
}

fn zipped(name: &Name<'_>, text: &str) -> Result<Vec<u8>, zip::result::ZipError> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file(format!("{}.csv", name.stem), SimpleFileOptions::default())?;
    archive.write_all(text.as_bytes())?;
    Ok(archive.finish()?.into_inner())
}
