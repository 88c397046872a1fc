//! A data folder, a user, and what they fetch.

use std::sync::{Arc, Mutex};

use crate::SeriesKey;
use crate::fetch::fake::{Fake, HOUR, bar, hours};
use crate::fetch::sheet::Row;
use crate::fetch::{
    FetchEnd, FetchEvent, FetchJob, FetchReport, FetchSettings, Refresh, SeriesReport, Sources,
    Stop, SymbolSource, fetch,
};
use crate::store::{Series, SeriesEditor, Store};
use ct_core::units::Timestamp;

/// A data folder and a user.
pub(super) struct Desk {
    pub(super) folder: tempfile::TempDir,
    /// The hour that this computer's clock shows.
    pub(super) hour: i64,
    pub(super) refresh: Refresh,
    pub(super) stop: Stop,
    /// What the user was told.
    pub(super) told: Mutex<Vec<String>>,
    /// Someone else who writes to the series, and ends when someone waits.
    pub(super) other_process: Mutex<Option<SeriesEditor>>,
}

pub(super) fn key(symbol: &str) -> SeriesKey {
    SeriesKey {
        exchange: "fake".to_owned(),
        symbol: symbol.to_owned(),
        interval: "1h".parse().unwrap(),
    }
}

pub(super) fn source(fake: &Arc<Fake>) -> SymbolSource {
    SymbolSource { source: Arc::clone(fake) as _, symbol: "BTC/USDT".to_owned() }
}

pub(super) fn job(fake: &Arc<Fake>, from: i64, to: FetchEnd) -> FetchJob {
    FetchJob {
        key: key("BTC/USDT"),
        from: hours(from, from).from,
        to,
        sources: Sources { exchange: source(fake), archive: None, fallbacks: Vec::new() },
    }
}

pub(super) fn at(hour: i64) -> FetchEnd {
    FetchEnd::At(hours(hour, hour).from)
}

pub(super) fn fake_of(bars: impl IntoIterator<Item = i64>) -> Fake {
    Fake { bars: bars.into_iter().collect(), ..Fake::default() }
}

impl Desk {
    pub(super) fn new(hour: i64) -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            hour,
            refresh: Refresh::Missing,
            stop: Stop::new(),
            told: Mutex::default(),
            other_process: Mutex::default(),
        }
    }

    pub(super) fn store(&self) -> Store {
        Store::new(self.folder.path())
    }

    pub(super) fn fetch_all(&self, jobs: Vec<FetchJob>) -> FetchReport {
        let now = Timestamp::clamped(self.hour * HOUR + HOUR / 2);
        let settings = FetchSettings { now, refresh: self.refresh };
        let observe = |event: FetchEvent<'_>| match event {
            FetchEvent::Note { notice, .. } => self.told.lock().unwrap().push(notice.to_string()),
            FetchEvent::Waiting { .. } => drop(self.other_process.lock().unwrap().take()),
            _ => {}
        };
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(fetch(&self.store(), jobs, settings, &self.stop, &observe))
    }

    pub(super) fn fetch(&self, job: FetchJob) -> SeriesReport {
        self.fetch_all(vec![job]).series.pop().unwrap()
    }

    /// Everything that `fake` has from `from` to now.
    pub(super) fn fetch_now(&self, fake: &Arc<Fake>, from: i64) -> SeriesReport {
        self.fetch(job(fake, from, FetchEnd::Now))
    }

    pub(super) fn series(&self) -> Series {
        self.store().series(&key("BTC/USDT")).unwrap().unwrap()
    }

    /// Asserts that the bars of `hours` are stored, value for value, and no others.
    pub(super) fn assert_stored(&self, hours: impl IntoIterator<Item = i64>) {
        let bars = self.series().bars();
        let expected: Vec<Row> = hours.into_iter().map(bar).collect();
        let times: Vec<i64> = expected.iter().map(|row| row.time).collect();
        assert_eq!(bars.times(), times);
        for (place, row) in expected.iter().enumerate() {
            let columns = [bars.open(), bars.high(), bars.low(), bars.close(), bars.volume()];
            assert_eq!(
                columns.map(|column| column[place].to_bits()),
                row.values().map(f64::to_bits),
                "hour {}",
                row.time / HOUR
            );
        }
    }

    pub(super) fn was_told(&self, text: &str) -> usize {
        self.told.lock().unwrap().iter().filter(|told| told.contains(text)).count()
    }
}

/// `fake` at a later hour of its clock, with nothing asked yet.
pub(super) fn later(fake: &Fake, hour: i64) -> Arc<Fake> {
    let (_, tells) = fake.clock;
    Arc::new(Fake { bars: fake.bars.clone(), clock: (hour, tells), ..Fake::default() })
}
