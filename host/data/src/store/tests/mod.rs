//! Properties of the whole store.

mod crashes;
mod damage;
mod memory;
mod pages;
mod processes;
mod versions;

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};

use super::test_bars::{HOUR, bars, bars_at};
use super::{Added, Addition, HistoryRecord, Series, Store};
use crate::{SeriesKey, TimeRange};
use ct_core::market::{Bars, RawColumns};

fn key() -> SeriesKey {
    SeriesKey {
        exchange: "binance".to_owned(),
        symbol: "BTC/USDT".to_owned(),
        interval: "1h".parse().unwrap(),
    }
}

fn hours(range: Range<i64>) -> TimeRange {
    TimeRange::from_ms(range.start * HOUR, range.end * HOUR)
}

/// All bars of some hours, as a source gives them.
fn page(range: Range<i64>) -> Addition {
    page_of(range.clone(), bars(range))
}

fn page_of(range: Range<i64>, rows: RawColumns) -> Addition {
    Addition { range: hours(range), rows, source: "binance".to_owned(), notes: Vec::new() }
}

/// Adds `pages` in a session of their own.
fn add(store: &Store, pages: impl IntoIterator<Item = Addition>) -> Series {
    let mut editor = store.edit(&key(), &mut || ()).unwrap();
    for page in pages {
        editor.add(page).unwrap();
    }
    editor.finish().unwrap()
}

fn read(store: &Store) -> Series {
    store.series(&key()).unwrap().unwrap()
}

fn expected_bars(range: Range<i64>) -> Bars {
    Bars::new(key().interval, bars(range)).unwrap()
}

fn copied(bars: &Bars) -> RawColumns {
    RawColumns {
        time: bars.times().to_vec(),
        open: bars.open().to_vec(),
        high: bars.high().to_vec(),
        low: bars.low().to_vec(),
        close: bars.close().to_vec(),
        volume: bars.volume().to_vec(),
    }
}

/// The folder of the series.
fn folder_of(store: &Store) -> PathBuf {
    super::layout::series_folder(store.folder(), &key()).unwrap()
}

/// Names and bytes of the files in `folder`, without the lock.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files: Vec<(PathBuf, Vec<u8>)> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.is_file() && !path.ends_with("lock"))
        .map(|path| (path.clone(), fs::read(path).unwrap()))
        .collect();
    files.sort();
    files
}

/// Makes `files` the only ones in `folder`, each a new file as another process would see it.
fn restore(folder: &Path, restored: &[(PathBuf, Vec<u8>)]) {
    for (path, _) in files(folder) {
        fs::remove_file(path).unwrap();
    }
    for (path, bytes) in restored {
        fs::write(path, bytes).unwrap();
    }
}
